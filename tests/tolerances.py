"""The four tolerances of the test-suite, with their reasons. Tests use these and no other."""

SOLVER = 1e-9
"""Fast solver against its slow twin: both stop near 1e-10 in their own residual, amplified a little."""

INVARIANCE = 1e-10
"""Two solves of the same economy written differently, each solved to 1e-12."""

GRADIENT = 1e-6
"""A derivative against central differences (step 1e-5 on values of order one)."""

PUBLISHED = 0.5
"""A reproduced table cell, in units of its last printed digit."""
