"""Words that say what an amount or a percentage is, grouped by role; the one nearest to a figure decides."""

from __future__ import annotations

from collections.abc import Sequence

from winset.record.reading.cues import Cues

__all__ = ["MONEY", "MONEY_CUE", "PERCENT", "PERCENT_CUE"]

MONEY = (
    ("cap", (
        r"(?:annual |yearly )?(?:caps?|capped|ceiling|limits?|limited|upper limit|maximum)|(?:no"
        r"|not) more than|not (?:to )?exceed(?:ing)?"
    )),
    ("loan", (
        r"loans?|lend(?:s|ing|ers?)?|lent|credit lines?|loan guarantees?|guarantees?|financing|debt|bonds?"
        r"|borrow(?:s|ed|ing)?"
    )),
    ("purchase_commitment", (
        r"buy|buys|buying|bought|purchas(?:e|es|ed|ing)|procure(?:s|d|ment)?|orders?"
        r"|ordered|off-?take|shopping list"
    )),
    ("investment_commitment", (
        r"invest(?:s|ed|ing|ments?)?|investment (?:fund|package|pledge|plan)|fund(?!ing\b"
        r"|ed\b|s\b)|stake|capital injection|pour(?:s|ed|ing)?|plough|plow|factory"
        r"|factories|plants?|(?:build|construct)(?:s|ing)?"
    )),
    ("budget_balance", r"(?:budget|fiscal|government) (?:deficits?|surplus(?:es)?)"),
    ("trade_balance", r"deficits?|surplus(?:es)?|imbalances?|trade gaps?|gap (?:of|with)|shortfall"),
    ("defence_spending", (
        r"(?:defen[cs]e|military) (?:spending|budgets?|expenditures?|outlays?|investments?)"
        r"|arms|weapons|military (?:aid|equipment|hardware)"
    )),
    ("defence_cost_sharing", (
        r"(?:defen[cs]e )?cost[- ]sharing|(?:U\.S\.|American|foreign|allied) (?:troops|forces)|"
        r"burden[- ]sharing|upkeep of (?:[A-Z.]+ )?"
        r"(?:troops|forces)|stationing|host(?:ing)? (?:[A-Z.]+ )?(?:troops|forces)"
    )),
    ("tariff_revenue", (
        r"(?:tariffs?|customs|duty|duties) (?:revenues?|receipts|income|collections?)"
        r"|revenues? from (?:the )?(?:tariffs?|duties)|the (?:treasury|exchequer)|state coffers|collected"
        r"|(?:brought|brings?|bringing|raked|rakes?"
        r"|took|takes) in|pocketed|yielded|in (?:tariffs|duties)"
    )),
    ("fine", r"fine[sd]?|penalt(?:y|ies)|settlements?|damages"),
    ("price", (
        r"prices?|priced|sell(?:s|ing)? (?:for|at)|fees?|(?:ton|tonne|barrel|ounce|bushel|kilogram)s? "
        r"(?:of [a-z]+ )?costs?"
    )),
    ("exports", r"exports?|exported|exporting|shipments?|shipped|sold|sells?|selling"),
    ("imports", r"imports?|imported|importing"),
    ("trade_volume", (
        r"(?:two-way|bilateral|goods|total|annual|merchandise) (?:goods |merchandise )?(?:trade"
        r"|commerce)|traded|trade (?:volume|between|in|relationship|turnover)|trade"
    )),
    ("subsidy", r"subsid(?:y|ies|ise[sd]?|ize[sd]?)|tax (?:credits?|breaks?)|incentives?"),
    ("aid", (
        r"aid|grants?|compensation|rescue|(?:farm|crisis|hardship|contingency) (?:reserve|fund)|assistance|relief"
        r"|support(?: package| fund)?|bailout|stimulus|emergency|help"
    )),
    ("budget", (
        r"budgets?|spending|spend|expenditures?|earmark(?:s|ed)?|set aside|allocat(?:e|es|ed)|ring-?fenced?"
    )),
    ("revenue", r"revenues?|sales|turnover|earnings"),
    ("profit", r"profits?|net income|operating (?:profit|income)|dividends?"),
    ("loss", (
        r"loss(?:es)?|lose|lost|cost(?:s|ing)?|damage|burden|bills?|toll|shave[sd]?|wip(?:e|ed|ing) (?:out"
        r"|off)"
    )),
    ("reserves", r"(?:foreign[- ](?:exchange|currency) )?reserves"),
    ("gdp", r"GDP|gross domestic product|economy|output"),
    ("contract", r"contracts?|deals?|agreements?|accords?|pacts?|acquisitions?|acquir(?:e|es|ed|ing)|projects?"),
)  # fmt: skip
PERCENT = (
    ("tariff_rate", (
        r"tax(?:es)? on (?:imports|imported|foreign|goods|cars|steel|aluminium|wine)|tariffs?|dut(?:y|ies)"
        r"|lev(?:y|ies|ied)|import tax(?:es)?|surcharges?|surtax(?:es)?|rates?"
        r"|impos(?:e|es|ed|ing)|charg(?:e|es|ed|ing)|slap(?:s|ped)?|fac(?:e|es|ed|ing)|pay(?:s"
        r"|ing)?|paid|countermeasures?|(?:most[- ]favou?red[- ]nation|MFN|base(?:line)?|reciprocal"
        r"|tariff|duty) rates?|border tax(?:es)?|tariff-rate|customs|penalt(?:y|ies)|taxed|tax(?:es)? on [a-z]+"
        r"|attract(?:s|ed|ing)?|exempt(?:ed|ion)?|accept(?:s|ed|ing)?|safeguards?|dumping margins?"
    )),
    ("growth_rate", (
        r"dip(?:s|ped)?|edg(?:ed|es)|eased|crept|inched|tick(?:ed|s)|sank|retreat(?:ed|s)|rebound(?:ed|s)"
        r"|slow(?:ed|s)|leapt|swelled|shed|accelerat(?:ed|es)|weaken(?:ed|s)|strengthen(?:ed|s)"
        r"|depreciated|appreciated"
        r"|growth (?:rates?|forecasts?|targets?)|gr(?:ew|ow|ows|owth|owing|own)|expan(?:d|ds|ded"
        r"|sion|ding)|contract(?:ed|ion|ing)|rose|risen|ris(?:e|es|ing)|increas(?:e|es|ed|ing)|fell"
        r"|fall(?:s|en|ing)?|declin(?:e|es|ed|ing)|dropp?(?:ed|s|ing)?|jump(?:ed|s)?|surg(?:e|ed"
        r"|es)|soar(?:ed|s)?|slump(?:ed|s)?|climb(?:ed|s)?|gain(?:ed|s)?|plung(?:e|ed)|plummet"
        r"(?:ed)?|tumbl(?:e|ed)|shr(?:ank|ink|inks|unk)|advanc(?:e|ed)|slid|slip(?:ped)?"
        r"|year[- ]on[- ]year|from a year (?:earlier|ago|before)|down|up"
    )),
    ("inflation_rate", r"inflation|consumer prices?|CPI|price index"),
    ("rate", (
        r"(?:tax|exchange|birth|savings|capacity|utili[sz]ation|operating|turnout|vacancy|poverty|default"
        r"|success|participation) rates?"
    )),
    ("interest_rate", (
        r"interest(?: rates?)?|lent|lend(?:s|ing)?|loans?|borrow(?:s|ed|ing)?|(?:base|policy|benchmark|repo"
        r"|lending|key|mortgage|coupon) rates?"
        r"|yields?"
    )),
    ("unemployment_rate", r"unemployment|jobless(?:ness)?(?: rate)?"),
    ("approval_rating", (
        r"approval|poll(?:s|ed)?|respondents|voters|survey(?:ed)?|support(?:ed|ers)?|favou?r"
        r"(?:ed)?|disapprov\w+|voted"
    )),
    ("ownership_stake", r"stakes?|equity|own(?:s|ed|ership)?|shareholding|shares? in"),
    ("defence_spending", (
        r"(?:defen[cs]e|military) (?:spending|budgets?|expenditures?|outlays?)|spend\w* on "
        r"(?:defen[cs]e|the military)|NATO"
    )),
    ("profit_share", r"profits?|proceeds|returns?"),
    ("trade_balance", r"deficits?|surplus(?:es)?"),
    ("probability", r"chance|probability|likelihood|odds"),
    ("content_share", r"(?:local|regional|domestic) content|content requirements?|rules of origin"),
    ("quota_share", r"quotas?"),
    ("share", (
        r"shares?|portion|accounts? for|accounted for|accounting for|makes? up|made up|represent(?:s|ed"
        r"|ing)?|comprises?|proportion|majority"
    )),
)  # fmt: skip


def _small(groups: Sequence[tuple[str, str]]) -> Cues:
    """The groups for text in small letters."""
    return Cues([(name, source.lower()) for name, source in groups], flags=0)


MONEY_CUE, PERCENT_CUE = _small(MONEY), _small(PERCENT)
