"""The pictures of a brief, drawn from its content alone. Each comes with its words and its data."""

from __future__ import annotations

from winset.brief.canvas import Picture
from winset.brief.content import BriefContent
from winset.brief.figures_drivers import tornado
from winset.brief.figures_effects import heat_maps, published_estimates, third_parties
from winset.brief.figures_money import gains, waterfall
from winset.brief.figures_rates import tariff_path

__all__ = [
    "Picture",
    "gains",
    "heat_maps",
    "pictures",
    "published_estimates",
    "tariff_path",
    "third_parties",
    "tornado",
    "waterfall",
]


def pictures(content: BriefContent) -> tuple[Picture, ...]:
    """Every picture for which there is something to draw, in the order of the brief."""
    several = (
        gains(content),
        tariff_path(content),
        waterfall(content),
        *heat_maps(content),
        third_parties(content),
        tornado(content),
        published_estimates(content),
    )
    return tuple(one for one in several if one is not None)
