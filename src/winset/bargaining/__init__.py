"""Payoffs in, agreements out. Knows no economics."""
