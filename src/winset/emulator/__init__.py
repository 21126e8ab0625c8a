"""A fitted surrogate of a payoff function over a box, and how far it is off. Knows no economics."""
