"""Winset: what each package in a trade negotiation is worth to each side.

The public names are loaded when first used, so that `import winset` costs nothing and JAX is imported only
where a model runs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from winset.bargaining.finite import Bargain, bargain
    from winset.core.errors import WinsetError
    from winset.data.folder import load_baseline
    from winset.model.baseline import Baseline
    from winset.model.equilibrium import Equilibrium
    from winset.model.gradients import welfare_gradient
    from winset.model.shocks import Shock
    from winset.model.solve import solve, solve_many
    from winset.workflow import OpenCase, open_case

__all__ = [
    "Bargain",
    "Baseline",
    "Equilibrium",
    "OpenCase",
    "Shock",
    "WinsetError",
    "bargain",
    "load_baseline",
    "open_case",
    "solve",
    "solve_many",
    "welfare_gradient",
]

_HOME = {
    "Bargain": "winset.bargaining.finite",
    "Baseline": "winset.model.baseline",
    "Equilibrium": "winset.model.equilibrium",
    "OpenCase": "winset.workflow",
    "Shock": "winset.model.shocks",
    "WinsetError": "winset.core.errors",
    "bargain": "winset.bargaining.finite",
    "load_baseline": "winset.data.folder",
    "open_case": "winset.workflow",
    "solve": "winset.model.solve",
    "solve_many": "winset.model.solve",
    "welfare_gradient": "winset.model.gradients",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'winset' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
