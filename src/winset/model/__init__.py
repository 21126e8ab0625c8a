"""Numbers in, numbers out: a baseline world and a shock give an equilibrium. Knows nothing of talks."""
