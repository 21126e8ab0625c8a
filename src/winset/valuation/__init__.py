"""The only room that knows law and economics: a package becomes a shock, an equilibrium becomes money."""
