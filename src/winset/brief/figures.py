"""The pictures of a brief, drawn from its content alone. Each comes with its words and its data."""

from __future__ import annotations

from winset.brief.canvas import Picture
from winset.brief.content import BriefContent
from winset.brief.figures_bargain import bargain_pictures
from winset.brief.figures_drivers import tornado, tornados
from winset.brief.figures_effects import third_parties, third_party_pictures
from winset.brief.figures_money import gains, gains_pictures, memo_pictures
from winset.brief.figures_published import published_estimates, published_pictures
from winset.brief.figures_rates import tariff_path
from winset.brief.figures_sectors import heat_maps
from winset.brief.figures_timeline import duty_timelines
from winset.brief.figures_waterfall import waterfall, waterfalls
from winset.brief.figures_world import world_maps
from winset.brief.words import Words

__all__ = [
    "Picture",
    "bargain_pictures",
    "duty_timelines",
    "gains",
    "heat_maps",
    "memo_pictures",
    "pictures",
    "published_estimates",
    "tariff_path",
    "third_parties",
    "tornado",
    "waterfall",
    "world_maps",
]


def pictures(content: BriefContent, words: Words | None = None) -> tuple[Picture, ...]:
    """Every picture for which there is something to draw, in the order of the brief.

    words: the language of fixed texts; None for that of the content. What does not fit on a page goes on in a
    picture whose id ends in -2, -3 and so on.
    """
    say = words or Words(content.language)
    rates = duty_timelines(content, words=say) or (tariff_path(content, words=say),)
    several = (
        *gains_pictures(content, words=say),
        *rates,
        *waterfalls(content, words=say),
        *bargain_pictures(content, words=say),
        *heat_maps(content, words=say),
        *third_party_pictures(content, words=say),
        *world_maps(content, words=say),
        *memo_pictures(content, words=say),
        *tornados(content, words=say),
        *published_pictures(content, words=say),
    )
    return tuple(one for one in several if one is not None)
