"""Tariff lines: schedules by HS code in a DuckDB file, and what they come to by sector."""
