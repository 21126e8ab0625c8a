"""A small case for sweeps: the shipped one under two elasticity sets, with a package that has every difficulty."""

from __future__ import annotations

import hashlib
from pathlib import Path

from case_copies import CARS, assumption, copied
from tolerances import SOLVER
from winset.workflow import OpenCase

TWISTED = f"""  terms:
    - {{{CARS}, rate: 15, quota: {{out_of_quota_rate: 25, in_quota_share: fill}}}}
conditions:
  - id: ratified
    label: The Assembly passes the law
    by: 2026-08-07
    probability: pass
    status: proposed
    citation: [k31-mou]
    otherwise:
      tariffs: [{{{CARS}, rate: 20}}]
commitments:
  - {{kind: purchase, id: q, label: q, payer: KOR, recipient: USA, good: energy, amount: 100000,
     start: 2026, years: 4, bought_anyway: 0.5, premium: 0.1, seller_gain: 0.1, status: agreed,
     citation: [k15-energy-100]}}
"""
"""A quota whose share is not known, a condition whose probability is not known, and a commitment."""


def small_case(folder: Path, sets: str = "BSY, CP") -> Path:
    """The case, with the package `test`."""
    extra = assumption("fill", 0.6, 0.2, 0.8) + assumption("pass", 0.7, 0.5, 0.9)
    return copied(folder, TWISTED, extra=extra, sets=sets)


def rounding(case: OpenCase, code: str) -> float:
    """What SOLVER, a tolerance of real-income ratios, is in millions of dollars of a party's net."""
    return SOLVER * float(case.world.income[case.world.region(code)]) * case.case.sheet.horizon.years


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a sweep, by its path within."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
