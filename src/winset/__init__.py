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
    from winset.strategy.optimal import OptimalTariffs, optimal_tariffs
    from winset.strategy.retaliation import Retaliation, retaliate
    from winset.strategy.talks import TariffTalks, talks
    from winset.strategy.war import TradeWar, nash_tariffs
    from winset.workflow import OpenCase, open_case

__all__ = [
    "Bargain",
    "Baseline",
    "Equilibrium",
    "OpenCase",
    "OptimalTariffs",
    "Retaliation",
    "Shock",
    "TariffTalks",
    "TradeWar",
    "WinsetError",
    "bargain",
    "load_baseline",
    "nash_tariffs",
    "open_case",
    "optimal_tariffs",
    "retaliate",
    "solve",
    "solve_many",
    "talks",
    "welfare_gradient",
]

_HOME = {
    "Bargain": "winset.bargaining.finite",
    "Baseline": "winset.model.baseline",
    "Equilibrium": "winset.model.equilibrium",
    "OpenCase": "winset.workflow",
    "OptimalTariffs": "winset.strategy.optimal",
    "Retaliation": "winset.strategy.retaliation",
    "Shock": "winset.model.shocks",
    "TariffTalks": "winset.strategy.talks",
    "TradeWar": "winset.strategy.war",
    "WinsetError": "winset.core.errors",
    "bargain": "winset.bargaining.finite",
    "load_baseline": "winset.data.folder",
    "nash_tariffs": "winset.strategy.war",
    "open_case": "winset.workflow",
    "optimal_tariffs": "winset.strategy.optimal",
    "retaliate": "winset.strategy.retaliation",
    "solve": "winset.model.solve",
    "solve_many": "winset.model.solve",
    "talks": "winset.strategy.talks",
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
