"""What a quantity is - a rate, a pledge, a share, a cap - from the words around it.

The nearest cue decides. Distance is counted in words; a cue on the far side of a comma, a conjunction or a clause
counts as further away, and one that stands right before or after the quantity as nearest.
"""

from __future__ import annotations

import re

from winset.record.reading.cues import Cues, rx
from winset.record.reading.figures_find import Quantity
from winset.record.reading.figures_units import currencies
from winset.record.reading.wordlists import words

__all__ = ["role_and_object"]

_BOUNDARY = re.compile(
    r"[,;:()—–]|\s--\s|\b(?:and|but|while|which|whereas|although|though|that|who|when|as|after|before)\b"
)

_MONEY = (
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
    ("trade_balance", r"deficits?|surplus(?:es)?|imbalances?|trade gaps?|shortfall"),
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
        r"|revenues? from (?:the )?(?:tariffs?|duties)|collected|(?:brought|brings?|bringing|raked|rakes?"
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
        r"|commerce)|trade (?:volume|between|in|relationship|turnover)|trade"
    )),
    ("subsidy", r"subsid(?:y|ies|ise[sd]?|ize[sd]?)|tax (?:credits?|breaks?)|grants?|incentives?"),
    ("aid", r"aid|assistance|relief|support(?: package| fund)?|bailout|stimulus|emergency|help"),
    ("budget", r"budgets?|spending|spend|expenditures?"),
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
_PERCENT = (
    ("tariff_rate", (
        r"tax(?:es)? on (?:imports|imported|foreign|goods|cars|steel|aluminium|wine)|tariffs?|dut(?:y|ies)"
        r"|lev(?:y|ies|ied)|import tax(?:es)?|surcharges?|surtax(?:es)?|rates?"
        r"|impos(?:e|es|ed|ing)|charg(?:e|es|ed|ing)|slap(?:s|ped)?|fac(?:e|es|ed|ing)|pay(?:s"
        r"|ing)?|paid|countermeasures?|(?:most[- ]favou?red[- ]nation|MFN|base(?:line)?|reciprocal"
        r"|tariff|duty) rates?|border tax(?:es)?|tariff-rate|customs"
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
        r"interest(?: rates?)?|(?:base|policy|benchmark|repo|lending|key|mortgage|coupon) rates?"
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


_MONEY_CUE, _PERCENT_CUE = Cues(_MONEY), Cues(_PERCENT)
_CHANGED = re.compile(
    r"\b(?:cut|cuts|cutting|lower(?:s|ed|ing)?|reduc(?:e|es|ed|ing|tion)|rais(?:e|es|ed|ing)|hik(?:e|es|ed|ing)"
    r"|increas(?:e|es|ed|ing)|bring(?:s|ing)?|brought|slash(?:es|ed|ing)?|drop(?:s|ped|ping)?|"
    r"doubl(?:e|es|ed|ing)|tripl(?:e|ed|ing)|rose|rise|rises|fall|falls|fell|trim(?:s|med)?|halv(?:e|es|ed|ing)"
    r"|set(?:s|ting)?|adjust(?:s|ed|ing)?|chang(?:e|es|ed|ing)|down|up|go(?:es)?|went|jump(?:s|ed)?|climb(?:s"
    r"|ed)?)\b"
)
_TO_BEFORE = re.compile(
    r"\b(?:to|at just)\s(?:an?\s|the\s)?(?:(?:about|around|just|only|a flat|at least|as (?:much|low|high) as"
    r"|baseline|uniform)\s)*$",
    re.I,
)
_FROM_BEFORE = re.compile(
    r"\b(?:from|instead of|rather than|replac(?:e|es|ed|ing)|in place of|down from"
    r"|up from)\s(?:an?\s|the\s|its\s|their\s)?(?:(?:current|previous|initial|existing|original|earlier"
    r"|threatened|proposed|planned|initially|previously)\s){0,2}$",
    re.I,
)
_CUTS_BEFORE = re.compile(
    r"\b(?:cut|cutting|lower(?:ing)?|reduc(?:e|ing)|eliminat(?:e|ing)|scrap(?:ping)?|remov(?:e|ing)|replac(?:e"
    r"|es|ed|ing)|halv(?:e|ing)|lift(?:ing)?|slash(?:ing)?|avert(?:ing)?|avoid(?:ing)?|ease|easing)\s(?:the\s"
    r"|its\s|their\s|an?\s|existing\s|current\s|present\s|threatened\s)+$",
    re.I,
)
_CHANGED_AFTER = re.compile(
    r"\s(?:[a-z-]+\s){0,2}?(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|rates?)\s(?:(?:on|for)\s[^,.;]{1,40}?\s)?"
    r"(?:(?:was|were|(?:has|have|had|will|would|could|to) be(?:en)?|is|are)\s(?:being\s|then\s|later\s)?"
    r"|(?=\w+ (?:to|by)\s))"
    r"(?:cut|trimmed|lowered|reduced|slashed|halved|scrapped|replaced|removed|eliminated|raised|increased"
    r"|doubled|lifted)\b"
)
_NOW_BEFORE = re.compile(
    r"\b(?:current(?:ly)?|existing|previous(?:ly)?|initial(?:ly)?|original(?:ly)?|former(?:ly)?|earlier"
    r"|prior)\s(?:[a-z]+\s)?$",
    re.I,
)
_BY_BEFORE = re.compile(
    r"\bby\s(?:an?\s|the\s)?(?:(?:about|around|up to|as much as|at least|another|an additional|more than"
    r"|nearly)\s)*$",
    re.I,
)
_EXISTING = re.compile(
    r"\b(?:already|existing|currently|has invested|have invested|had invested|invested (?:in|since|over|between"
    r"|a total)|so far|to date|cumulative|are contributing|is contributing|stock of)\b",
    re.I,
)
_COMPANY = re.compile(
    r"\b(?:compan(?:y|ies)|firms?|conglomerates?|corporations?|automakers?|carmakers?|chipmakers?"
    r"|manufacturers?|makers?|producers?|enterprises?|business(?:es)?|group|motors?|electronics|inc|corp|ltd"
    r"|steelmakers?|suppliers?|shipbuilders?|drugmakers?)\b",
    re.I,
)
_ANNUAL = re.compile(
    r"\b(?:annual(?:ly)?|a year|per year|each year|yearly|every year|per annum|in any (?:one |single "
    r"|given )?year|in a (?:single|given) year)\b",
    re.I,
)
_CAPPED_BEFORE = re.compile(
    r"\b(?:caps?|capped|ceiling|upper limit|annual limit|limited|maximum|(?:no|not) more than|not exceed"
    r"(?:ing)?|not to exceed)\s(?:(?:of|at|to|for|about|around|the|an?|annual|payments|outlays)\s){0,4}$",
    re.I,
)
_QUOTA = re.compile(
    r"\b(?:tariff-rate |tariff )?quotas?\b|\bTRQs?\b|\bduty-free (?:access|allowance|entry)\b"
    r"|\bat zero duty\b|\bfree of duty\b"
    r"|\bimport allowances?\b",
    re.I,
)
_TARIFF = re.compile(r"\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies))\b", re.I)
_SUBJECT = re.compile(
    r"\b(?:(?P<tariff>tariffs?|dut(?:y|ies)|lev(?:y|ies)|(?<!growth )(?<!interest )(?<!exchange )"
    r"(?<!inflation )(?<!unemployment )(?<!jobless )(?<!policy )(?<!key )rates?)|(?:exports?|imports?"
    r"|shipments?|shares?|stocks?|"
    r"econom(?:y|ies)|GDP|output|sales|prices?|production|index|currency|profits?|revenues?|growth|inflation"
    r"|investments?|spending|deficits?|surplus|employment|wages|demand|forecasts?|orders?|trade|consumption"
    r"|earnings|unemployment|yields?|turnover|deliveries|volumes?))\b",
    re.I,
)
_COVERED = re.compile(
    r"\b(?:cover(?:s|ed|ing)?|target(?:s|ed|ing)?|appl(?:y|ies|ied) to|affect(?:s|ed|ing)?|hit(?:s|ting)?|"
    r"(?:goods|imports|products|exports|items) (?:worth|valued at|totalling|totaling))\s(?:(?:about|around"
    r"|up to|roughly|some|nearly|goods|imports|products|worth|another|an additional|as much as|more than"
    r"|over)\s)*$",
    re.I,
)
_GOODS = re.compile(r"\s(?:worth\s)?of\s(?:[\w.-]+\s){0,3}?(?:goods|imports|exports|products)\b")
"""After an amount that is "hit" or "targeted"."""
_WARES = re.compile(
    r"\s(?:worth\s)?(?:of|in|on)\s(?:[\w.-]+\s){0,2}?(?:frigates|destroyers|submarines|fighters|missiles"
    r"|vessels|ships|trains|machinery|gas|LNG|oil|crude|coal|energy|aircraft|jets|planes"
    r"|soybeans|corn|wheat"
    r"|beef|rice|cotton|weapons|chips|semiconductors)\b"
)
"""After an amount, what is bought for it."""
_KNOCKED = re.compile(
    r"\b(?:knock|shav|slic|wip|tak|cost)(?:e|es|s|ed|ing)?\s(?:about\s|around\s|some\s|up to\s)?$"
)
_FIRM = re.compile(
    r"\sfor\s(?:[\w-]+\s){0,3}?[\w-]*(?:maker|company|firm|group|rival|producer|business|mill|miner|bank)\b"
)
_MEASURE = re.compile(r"\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|retaliat\w+|(?:counter)?measures?)\b", re.I)
_WINDOW = 130
"""Characters on either side in which a cue is looked for."""
_LEVEL = re.compile(
    r"\b(?:(?P<approval_rating>approval|support|ratings?|popularity)|(?P<inflation_rate>inflation)|"
    r"(?P<unemployment_rate>unemployment|jobless(?:ness| rate))|"
    r"(?P<interest_rate>interest rates?|(?:base|policy|key|benchmark) rate|yields?)|(?P<share>share))\b",
    re.I,
)
"""What is said to rise or fall "to" a level, which then is a level and no growth."""
_FURTHEST = 15.0
"""A cue that costs more than this says nothing about the quantity."""
_PAUSE = re.compile(
    r"\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies))\b[^.;]{0,40}?\b(?:pauses?|grace|suspen(?:sion|ded)|reprieve"
    r"|moratorium|truce|paused|delay(?:ed)?)\b|\b(?:pause[ds]?|suspen(?:sion|ded?)|delay(?:ed)?|postpone(?:d"
    r"|ment)?|reprieve|moratorium)\b[^.;]{0,40}?\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies))\b",
    re.I,
)
_RETALIATION = re.compile(
    r"\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|countermeasures?|retaliat\w+)\s(?:[a-z]+\s){0,3}?(?:on|against|to"
    r"|targeting|covering|hitting)\s(?:(?:about|around|up to|roughly|some|nearly|an additional|as much as"
    r"|more than|over)\s)*$",
    re.I,
)
_BUILT = re.compile(
    r"\b(?:plants?|mills?|factor(?:y|ies)|facilit(?:y|ies)|smelters?|refiner(?:y|ies)|shipyards?|fabs?|campus"
    r"|terminals?)\b"
)
_PRICED_PER = words("barrel ton tonne unit vehicle head bushel kilogram")
_EXCHANGE = re.compile(
    r"\s(?:to|per|against|for)\s(?:(?:the|a|one|each)\s)?(?:US\s|U\.S\.\s)?(?:dollar|euro|greenback|yen|pound)\b",
    re.I,
)
_OF = re.compile(r",?\s(?:of|share of|in)\s(?=\S)")
_GDP = re.compile(
    r"\s(?:of|in)\s(?:(?:its|their|the|annual|national|our|[A-Z][a-z]+['’]s?)\s)*(?:GDP|gross domestic product"
    r"|economic output|national income)\b"
)
_DEFENCE = re.compile(r"\b(?:defen[cs]e|military|NATO)\b", re.I)
_PART_BEFORE = re.compile(
    r"(?:\b(?:of which|including|comprising|with|consisting of|made up of|split into|divided into|namely|the "
    r"(?:remaining|other|rest))|--|—)\s(?:(?:about|around|some|a|an|the|up to|roughly|remaining|other"
    r"|another)\s)*$",
    re.I,
)


_BRACKETED = re.compile(r"\([^()]*\)|^[^()]*\)")
"""What stands in brackets beside a quantity, or closes the brackets that it stands in, is no distance."""


def _nearest(cues: Cues, text: str, q: Quantity, start: int, end: int) -> str | None:
    """The name of the nearest cue; None where the sentence has none."""
    best: tuple[float, str] | None = None
    # Further away a cue would cost too much in any case.
    for cue in cues.finditer(text, max(start, q.start - _WINDOW), min(end, q.end + _WINDOW)):
        if cue.start() < q.end and q.start < cue.end():
            continue
        after = cue.start() >= q.end
        between = text[q.end : cue.start()] if after else text[cue.end() : q.start]
        if "(" in between:
            between = _BRACKETED.sub("", between)
        words = between.count(" ")
        cost = words + 6.0 * len(_BOUNDARY.findall(between)) + (1.5 if after and words > 2 else 0.0)
        if after and words <= 1:
            cost -= 1.0
        assert cue.lastgroup is not None  # noqa: S101  (every alternative is named)
        if best is None or cost < best[0]:
            best = (cost, cue.lastgroup)
    return best[1] if best and best[0] <= _FURTHEST else None


_PHRASE_END = re.compile(
    r"[,;:.()\"“”—–]|\s(?:from|to|by|with|at|in|for|on|under|until|since|through|that|which|who|as|if|when"
    r"|while|after|before|and|or|is|are|was|were|has|have|had|will|would|could|north|south|abroad|overseas"
    r"|last|this|"
    r"may|[a-z]+ed (?=the\b|to\b|that\b|a\b|any\b|more\b)|come[s]?|came|go(?:es)?|went|rose|fell|took|take[s]?"
    r"|imposed|set|starting|effective|worth)\b"
)
_LEADING = re.compile(
    r"(?:(?:the|a|an|its|their|his|her|our|all|total|overall|country['’]s|nation['’]s|some|[A-Z][\w.-]*"
    r"(?:\s[A-Z][\w.-]*)*['’]s?)\s)*"
)
_HEAD_STOP = frozenset(["with"])


def _phrase(text: str, pos: int, end: int, limit: int = 80) -> str:
    """The noun phrase that begins at `pos`."""
    stop = _PHRASE_END.search(text, pos, min(end, pos + limit))
    found = text[pos : stop.start() if stop else min(end, pos + limit)]
    return found.strip().rstrip(".")


def _share(text: str, q: Quantity, end: int) -> tuple[str, str] | None:
    """Role and object of "67% of the country's trade surplus with ..."."""
    of = _OF.match(text, q.end, end)
    if of is None or " in" in of[0]:
        return None
    phrase = _phrase(text, of.end(), end)
    kept = _LEADING.match(phrase)
    head = phrase[kept.end() :] if kept else phrase
    words = [w for w in rx(r"[A-Za-z][\w’'-]*").findall(head) if w.casefold() not in _HEAD_STOP][:4]
    if not words:
        return None
    if words[0].casefold() in ("that", "it", "this", "them", "which", "what"):
        return "share", phrase
    return "share_of_" + "_".join(word.casefold().replace("-", "_") for word in words), phrase


_ON = re.compile(
    r"\s(?:(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|rates?|tax(?:es)?|surcharge)\s)(?:(?:imposed|levied|placed"
    r"|slapped|applied|now)\s)?(?:on|for|against)\s(?:all\s|most\s)?"
)
_ON_BEFORE = re.compile(
    r"\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|rates?|tax(?:es)?)\s(?:(?:imposed|levied|placed)\s)?(?:on|for"
    r"|against)\s(?:all\s|most\s)?",
    re.I,
)


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """The last match of `pattern` in `text[start:end]`."""
    return max(pattern.finditer(text, start, end), key=re.Match.start, default=None)


def _object(text: str, q: Quantity, start: int, end: int) -> str:
    """What a rate is levied on, as the text says it."""
    after = _ON.match(text, q.end, end) or rx(r"\son\s(?:all\s|most\s)?").match(text[q.end : q.end + 12])
    if after:
        pos = after.end() if after.re is _ON else q.end + after.end()
        return _phrase(text, pos, end)
    before = _last(_ON_BEFORE, text, start, q.start)
    return _phrase(text, before.end(), q.start) if before else ""


def _changed(before: str) -> bool:
    """Whether a verb of change governs the "to" at the end of `before`."""
    clause = rx(r"[;:]|,\s|\b(?:but|while|whereas|subject to)\b").split(before)[-1]
    return bool(_CHANGED.search(clause))


def _percent(text: str, q: Quantity, start: int, end: int) -> tuple[str, str]:
    left = text[max(start, q.start - 80) : q.start]
    if _GDP.match(text, q.end, end):
        if _DEFENCE.search(text, start, end):
            return "defence_spending", "GDP"
        return "share_of_gdp", "GDP"
    # "15 percent of ..." is a share, unless the words before it are of a rate ("a tariff of 15 percent of value").
    share = _share(text, q, end) if q.unit == "percent" else None
    if share and not rx(r"(?:tariff|duty|levy|rate)s?\s(?:of|at)\s$", re.I).search(left):
        return share
    cue = _nearest(_PERCENT_CUE, text, q, start, end)
    if cue == "growth_rate" and _TO_BEFORE.search(left) and (level := _LEVEL.search(text, start, q.start)):
        cue = level.lastgroup
    if cue == "trade_balance" and _BY_BEFORE.search(left):
        cue = "growth_rate"
    if cue in ("growth_rate", None):
        # A verb of change says nothing of what changed: the last thing named before it does.
        subject = _last(_SUBJECT, text, start, q.start)
        after = rx(r"\s(?:[a-z-]+\s){0,2}?(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|rates?)\b|\son\s").match(
            text[q.end : q.end + 40]
        )
        if (after and (cue is None or "on" not in after[0].split())) or (
            subject is not None and subject["tariff"] and cue
        ):
            cue = "tariff_rate"
    if cue == "quota_share" and rx(r"\bat (?:an? )?(?:in-quota |reduced |rate |of )*$").search(left):
        cue = "tariff_rate"
    if cue == "growth_rate" and rx(r"\b(?:consumer prices|CPI|cost of living)\b", re.I).search(
        text, start, q.start
    ):
        cue = "inflation_rate"
    if rx(r"\s(?:more|fewer|less)\s").match(text, q.end, end) and cue != "tariff_rate":
        cue = "growth_rate"
    if cue is None and _TARIFF.search(text, max(0, start - 400), end):
        cue = "tariff_rate"
    if cue != "tariff_rate":
        return cue or "percentage", ""
    on = _object(text, q, start, end)
    if q.unit != "percent" or _BY_BEFORE.search(left):
        return "tariff_rate_change", on
    if q.relation in ("before", "after"):
        return f"tariff_rate_{q.relation}", on
    if _FROM_BEFORE.search(left) and not rx(r"rang\w+ from\s$").search(left):
        return "tariff_rate_before", on
    if _TO_BEFORE.search(left) and _changed(text[max(start, q.start - 120) : q.start]):
        return "tariff_rate_after", on
    if _CUTS_BEFORE.search(left) or _NOW_BEFORE.search(left) or _CHANGED_AFTER.match(text, q.end, end):
        return "tariff_rate_before", on
    return "tariff_rate", on


def _money(text: str, q: Quantity, start: int, end: int) -> tuple[str, str]:
    if _EXCHANGE.match(text, q.end, end) and abs(q.value) < 1e6 and q.unit != "USD":
        return "exchange_rate", ""
    left = text[max(start, q.start - 80) : q.start]
    if _RETALIATION.search(left) or (
        _COVERED.search(left) and (_MEASURE.search(text, start, end) or _GOODS.match(text, q.end, end))
    ):
        return "trade_covered_by_tariffs", _phrase(text, q.end, end)
    near = text[max(start, q.start - 70) : min(end, q.end + 40)]
    cue = _nearest(_MONEY_CUE, text, q, start, end) or ("price" if q.per in _PRICED_PER else "amount")
    if cue == "cap" or (cue in ("investment_commitment", "purchase_commitment") and _CAPPED_BEFORE.search(left)):
        return ("annual_cap" if q.per == "year" or _ANNUAL.search(near) else "cap"), ""
    if cue == "trade_volume" and rx(r"\b(?:deficit|surplus)\b", re.I).search(near):
        cue = "trade_balance"
    if cue in ("exports", "imports", "contract", "gdp", "trade_volume", "budget", "aid") and rx(
        r"\b(?:buy|bought|purchase|procure|order)\w*\b[^,;]{0,60}$"
    ).search(left):
        cue = "purchase_commitment"
    if _KNOCKED.search(left) and rx(r"\s(?:off|from|out of)\b").match(text, q.end, end):
        return "loss", ""
    if (
        cue == "amount"
        and rx(r"\b(?:pay|pays|paid|paying)\s(?:about\s|some\s)?$").search(left)
        and _FIRM.match(text, q.end, end)
    ):
        return "contract", ""
    if cue in ("amount", "contract", "budget") and _WARES.match(text, q.end, end):
        cue = "purchase_commitment"
    if cue == "tariff_revenue" and not _TARIFF.search(text, start, end) and "ustoms" not in text[start:end]:
        cue = "revenue"
    if cue == "budget" and _BUILT.search(text, q.end, min(end, q.end + 70)):
        cue = "investment_commitment"
    if q.per == "year" and cue in ("amount", "investment_commitment") and rx(r"\bup to (?:about )?$").search(left):
        return "annual_cap", ""
    if cue == "investment_commitment" and _EXISTING.search(text, start, end):
        wide = text[start:end]
        cue = "corporate_investment_existing" if _COMPANY.search(wide) else "investment_existing"
    return cue, _phrase(text, q.end + 4, end) if text.startswith(" in ", q.end) else ""


def _count(text: str, q: Quantity, start: int, end: int) -> tuple[str, str]:
    left = text[max(start, q.start - 80) : q.start]
    if q.noun == "duration":
        return "duration", ""
    phrase = q.noun + (text[q.end : q.end] or "")
    if _QUOTA.search(text, max(start, q.start - 60), min(end, q.end + 40)):
        return "quota", phrase
    if rx(
        r"\b(?:buy|bought|purchase|order|procure|acquire)(?:s|d|ed|ing)?\s(?:(?!\b(?:from|because|while"
        r"|but|which|will"
        r"|would|after|by|at)\b)[^.;:]){0,70}$",
        re.I,
    ).search(left):
        return "purchase_commitment", phrase
    if _CAPPED_BEFORE.search(left):
        return ("annual_cap" if q.per == "year" else "cap"), phrase
    role = f"count_of_{q.unit.replace('-', '_')}"
    around = text[start:end]
    if q.unit in ("economies", "countries", "nations", "partners") and _TARIFF.search(around):
        role += (
            "_under_tariff_pause"
            if _PAUSE.search(around)
            else "_under_tariffs"
            if rx(r"\b(?:on|for|against|to)\s(?:\w+\s){0,2}$").search(left)
            else ""
        )
    return role, phrase


def role_and_object(text: str, q: Quantity, start: int, end: int) -> tuple[str, str]:
    """What `q` is and what it is a rate on, share of or count of; `text[start:end]` is its sentence."""
    if q.unit in ("percent", "percentage-points", "basis-points"):
        return _percent(text, q, start, end)
    if q.unit in currencies().per_dollar:
        return _money(text, q, start, end)
    return _count(text, q, start, end)
