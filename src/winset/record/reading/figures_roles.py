"""What a quantity is - a rate, a pledge, a share, a cap - from the words around it.

The nearest cue decides. Distance is counted in words; a cue on the far side of a comma, a conjunction or a clause
counts as further away, and one that stands right before or after the quantity as nearest.
"""

from __future__ import annotations

import re

from winset.record.reading.cues import Cues, rx
from winset.record.reading.figures_counts import CAPPED_BEFORE, count_role, tariff_in
from winset.record.reading.figures_cues import MONEY_CUE, PERCENT_CUE
from winset.record.reading.figures_quantity import Quantity
from winset.record.reading.figures_units import currencies
from winset.record.reading.roles_shares import share_role
from winset.record.reading.wordlists import words

__all__ = ["role_and_object"]

_BOUNDARY = re.compile(
    r"[,;:()—–]|\s--\s|\b(?:and|but|while|which|whereas|although|though|that|who|when|as|after|before)\b"
)

# Patterns that are not of a capital are tried on small letters: it is faster than to ignore the case.
_CHANGED = re.compile(
    r"\b(?:cut|cuts|cutting|lower(?:s|ed|ing)?|reduc(?:e|es|ed|ing|tion)|rais(?:e|es|ed|ing)|hik(?:e|es|ed|ing)"
    r"|increas(?:e|es|ed|ing)|bring(?:s|ing)?|brought|slash(?:es|ed|ing)?|drop(?:s|ped|ping)?|"
    r"doubl(?:e|es|ed|ing)|tripl(?:e|ed|ing)|rose|rise|rises|fall|falls|fell|trim(?:s|med)?|halv(?:e|es|ed|ing)"
    r"|set(?:s|ting)?|adjust(?:s|ed|ing)?|chang(?:e|es|ed|ing)|down|up|go(?:es)?|went|jump(?:s|ed)?|climb(?:s"
    r"|ed)?)\b"
)
_TO_BEFORE = re.compile(
    r"\b(?:(?<!\bup )to|(?:went|go|goes|gone|rose|risen|raised?|put|moved?|brought|taken|hiked|jumped|climbed) "
    r"up to"
    r"|at just)\s(?:an?\s|the\s)?(?:(?:about|around|just|only|a flat|at least|as (?:much|low|high) as"
    r"|baseline|uniform)\s)*$"
)
_FROM_BEFORE = re.compile(
    r"\b(?:from|instead of|rather than|replac(?:e|es|ed|ing)|in place of|down from"
    r"|up from)\s(?:an?\s|the\s|its\s|their\s)?(?:(?:current|previous|initial|existing|original|earlier"
    r"|threatened|proposed|planned|initially|previously)\s){0,2}$"
)
_CUTS_BEFORE = re.compile(
    r"\b(?:cut|cutting|lower(?:ing)?|reduc(?:e|ing)|eliminat(?:e|ing)|scrap(?:ping)?|remov(?:e|ing)|replac(?:e"
    r"|es|ed|ing)|halv(?:e|ing)|lift(?:ing)?|slash(?:ing)?|avert(?:ing)?|avoid(?:ing)?|ease|easing)\s(?:the\s"
    r"|its\s|their\s|an?\s|existing\s|current\s|present\s|threatened\s)+$"
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
    r"|prior)\s(?:[a-z]+\s)?$"
)
_BY_BEFORE = re.compile(
    r"\bby\s(?:an?\s|the\s)?(?:(?:about|around|up to|as much as|at least|another|an additional|more than"
    r"|nearly)\s)*$"
)
_EXISTING = re.compile(
    r"\b(?:already|existing|currently|has invested|have invested|had invested|invested (?:in|since|over|between"
    r"|a total)|so far|to date|cumulative|are contributing|is contributing|stock of)\b"
)
_COMPANY = re.compile(
    r"\b(?:compan(?:y|ies)|firms?|conglomerates?|corporations?|automakers?|carmakers?|chipmakers?"
    r"|manufacturers?|makers?|producers?|enterprises?|business(?:es)?|group|motors?|electronics|inc|corp|ltd"
    r"|steelmakers?|suppliers?|shipbuilders?|drugmakers?)\b"
)
_ANNUAL = re.compile(
    r"\b(?:annual(?:ly)?|a year|per year|each year|yearly|every year|per annum|in any (?:one |single "
    r"|given )?year|in a (?:single|given) year)\b"
)
_SUBJECT = re.compile(
    r"\b(?:(?P<tariff>tariffs?|dut(?:y|ies)|lev(?:y|ies)|(?<!growth )(?<!interest )(?<!exchange )"
    r"(?<!inflation )(?<!unemployment )(?<!jobless )(?<!policy )(?<!key )rates?)|(?:exports?|imports?"
    r"|shipments?|shares?|stocks?|"
    r"econom(?:y|ies)|gdp|output|sales|prices?|production|index|currency|profits?|revenues?|growth|inflation"
    r"|investments?|spending|deficits?|surplus|employment|wages|demand|forecasts?|orders?|trade|consumption"
    r"|earnings|unemployment|yields?|turnover|deliveries|volumes?))\b"
)
_COVERED = re.compile(
    r"\b(?:cover(?:s|ed|ing)?|target(?:s|ed|ing)?|appl(?:y|ies|ied) to|affect(?:s|ed|ing)?|hit(?:s|ting)?|"
    r"(?:goods|imports|products|exports|items) (?:worth|valued at|totalling|totaling))\s(?:(?:about|around"
    r"|up to|roughly|some|nearly|goods|imports|products|worth|another|an additional|as much as|more than"
    r"|over)\s)*$"
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
_MEASURE = re.compile(r"\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|retaliat\w+|(?:counter)?measures?)\b")
_WINDOW = 130
"""Characters on either side in which a cue is looked for."""
_LEVEL = re.compile(
    r"\b(?:(?P<approval_rating>approval|support|ratings?|popularity)|(?P<inflation_rate>inflation)|"
    r"(?P<unemployment_rate>unemployment|jobless(?:ness| rate))|"
    r"(?P<interest_rate>interest rates?|(?:base|policy|key|benchmark) rate|yields?)|(?P<share>share))\b"
)
"""What is said to rise or fall "to" a level, which then is a level and no growth."""
_FURTHEST = 15.0
"""A cue that costs more than this says nothing about the quantity."""
_RETALIATION = re.compile(
    r"\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|countermeasures?|retaliat\w+)\s(?:[a-z]+\s){0,3}?(?:on|against"
    r"|(?:appl\w+|extend\w*) to|targeting|covering|hitting)\s(?:(?:about|around|up to|roughly|some|nearly|an "
    r"additional|as much as"
    r"|more than|over)\s)*$"
)
_BUILT = re.compile(
    r"\b(?:plants?|mills?|factor(?:y|ies)|facilit(?:y|ies)|smelters?|refiner(?:y|ies)|shipyards?|fabs?|campus"
    r"|terminals?)\b|\b(?:moderni[sz]|upgrad|expan[ds]|electrif|refurbish)\w*"
)
_HELPED = re.compile(
    r"\b(?:for|to)\s(?:[a-z-]+\s){0,3}?(?:farmers|growers|workers|exporters|fishermen|fishers|mills|families|households"
    r"|producers|carworkers|miners|ranchers|dairies|(?:firms|industries|companies|regions|sectors) (?:hit|hurt))\b"
)
"""After an amount that is set aside, whom it is to help."""
_MADE_OF = re.compile(
    r"\s(?:in|of|worth of)\s(?:[a-z-]+\s){0,2}?(?:(?P<loan>loans?|loan guarantees|guarantees|credits?|credit "
    r"lines?|bonds)"
    r"|(?P<aid>grants?|aid|relief|compensation|support|assistance)|(?P<investment_commitment>investments?)"
    r"|(?P<purchase_commitment>purchases|orders)|(?P<exports>exports)|(?P<imports>imports)|(?P<subsidy>subsidies"
    r"|tax credits))\b"
)
_PUT = re.compile(r"\bput(?:s|ting)?\s(?:about\s|some\s|another\s|more than\s|nearly\s)?$")
_WILL_BE_CUT = re.compile(
    r"\s(?:will|would|is to|are to|has to|have to|must|should)\sbe\s(?:replaced|scrapped|cut|lowered|reduced"
    r"|eliminated|removed"
    r"|halved|dropped|abolished|phased out)\b"
)
_RATE_OF = re.compile(
    r"\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|rates?|surcharges?)\s(?:of|at)\s(?:\d+(?:\.\d+)?(?:\s?%|\spercent)?\s(?:to|and)\s)?$"
)
_HARMED = re.compile(r"\b(?:hit|blow|damage|harm|loss(?:es)?|dent)\s(?:to|of|for|in)\b[^,;.]{0,40}$")
_PROMISED = re.compile(
    r"\bpurchases?\b[^.;]{0,80}\b(?:promised|pledged|committed|undertook|undertaken|agreed)\b"
    r"|\b(?:promised|pledged|committed|undertook|undertaken|agreed)\b[^.;]{0,40}\b(?:purchases?|buy|order)\b"
)
_WARES_OF = re.compile(
    r"\s(?:worth\s)?(?:of|in)\s(?:[\w.-]+\s){0,3}?(?:goods|products|exports|crops|equipment|produce)\b"
)
_BOUGHT_TOO = re.compile(
    r"\b(?:sells?|sold|exports|exported|ships|shipped)\b(?:(?!\b(?:agree|pledg|promis|commit|vow|will|would|to "
    r"buy)\w*)[^.;])*"
    r"\b(?:buys|bought)\s(?:about\s|some\s|only\s|just\s|around\s)?$"
)
""" "sells 65 billion and buys 27": trade both ways, no promise to buy."""
_CONTENT = re.compile(
    r"\b(?:originat(?:e|es|ing)|rules? of origin|origin(?=:)|ex-works|local content|regional (?:value|content)"
    r"|value must be"
    r"|added (?:locally|in)|domestic content)\b"
)
_AROUND_QUOTA = re.compile(
    r"\s(?:within|inside|outside|in|beyond|above|over)\s(?:the\s|its\s|that\s|this\s)?(?:[\w-]+\s)?(?:quota|it|limit|ceiling)\b"
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
_DEFENCE = re.compile(r"\b(?:defen[cs]e|military|nato)\b")
_BRACKETED = re.compile(r"\([^()]*\)|^[^()]*\)")
"""What stands in brackets beside a quantity, or closes the brackets that it stands in, is no distance."""


def _nearest(cues: Cues, low: str, q: Quantity, start: int, end: int) -> str | None:
    """The name of the nearest cue; None where the sentence has none."""
    before: list[re.Match[str]] = []
    after: list[re.Match[str]] = []
    # Further away a cue would cost too much in any case.
    for cue in cues.finditer(low, max(start, q.start - _WINDOW), min(end, q.end + _WINDOW)):
        if cue.end() <= q.start:
            before.append(cue)
        elif cue.start() >= q.end:
            after.append(cue)
    best, name, place = _FURTHEST, None, end
    # From the nearest outwards, so that most are passed by for their distance alone.
    for cue in (*reversed(before), *after):
        behind = cue.start() >= q.end
        between = low[q.end : cue.start()] if behind else low[cue.end() : q.start]
        if "(" in between:
            between = _BRACKETED.sub("", between)
        words = between.count(" ")
        if words - 1.0 > best:
            continue
        cost = words + 6.0 * len(_BOUNDARY.findall(between)) + (1.5 if behind and words > 2 else 0.0)
        if behind and words <= 1:
            cost -= 1.0
        if (cost, cue.start()) < (best, place):
            best, name, place = cost, cue.lastgroup, cue.start()
    return name


_PHRASE_END = re.compile(
    r"[,;:.()\"“”—–]|\s(?:from|to|by|with|at|in|for|on|under|until|since|through|that|which|who|as|if|when"
    r"|while|after|before|and|or|is|are|was|were|has|have|had|will|would|could|north|south|abroad|overseas"
    r"|last|this|"
    r"may|must|shall|should|can|[a-z]+ed (?=the\b|to\b|that\b|a\b|any\b|more\b)|come[s]?|came|go(?:es)?|went"
    r"|rose|fell|took|take[s]?"
    r"|imposed|set|starting|effective|worth)\b"
)


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
    if not rx(r"[A-Za-z]").search(phrase) and not rx(r"(?:what|all that|everything)\b").match(text, of.end()):
        return None
    return share_role(text[of.end() : min(end, of.end() + 80)]), phrase


_ON = re.compile(
    r"\s(?:(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|rates?|tax(?:es)?|surcharge)\s)(?:(?:imposed|levied|placed"
    r"|slapped|applied|now)\s)?(?:on|for|against)\s(?:all\s|most\s)?"
)
_ON_BEFORE = re.compile(
    r"\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|rates?|tax(?:es)?)\s(?:(?:imposed|levied|placed)\s)?(?:on|for"
    r"|against)\s(?:all\s|most\s)?"
)


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """The last match of `pattern` in `text[start:end]`."""
    return max(pattern.finditer(text, start, end), key=re.Match.start, default=None)


def _object(text: str, low: str, q: Quantity, start: int, end: int) -> str:
    """What a rate is levied on, as the text says it."""
    after = _ON.match(text, q.end, end) or rx(r"\son\s(?:all\s|most\s)?").match(text[q.end : q.end + 12])
    if after:
        pos = after.end() if after.re is _ON else q.end + after.end()
        return _phrase(text, pos, end)
    before = _last(_ON_BEFORE, low, start, q.start)
    return _phrase(text, before.end(), q.start) if before else ""


def _changed(before: str) -> bool:
    """Whether a verb of change governs the "to" at the end of `before`."""
    clauses = rx(r"[;:]|,\s|\b(?:but|while|whereas|subject to)\b").split(before)
    while len(clauses) > 1 and rx(r"\s?(?:to|by|in|from|on)\b[^,]{0,24}$").match(clauses[-1]):
        # "went up in August, by 20 points, to 35.2 percent": the verb stands before what is put in.
        clauses.pop()
        if _CHANGED.search(clauses[-1]):
            return True
    return bool(_CHANGED.search(clauses[-1]))


def _percent(text: str, low: str, q: Quantity, start: int, end: int) -> tuple[str, str]:
    left = low[max(start, q.start - 80) : q.start]
    if _GDP.match(text, q.end, end):
        if _DEFENCE.search(low, start, end):
            return "defence_spending", "GDP"
        return "share_of_gdp", "GDP"
    # "15 percent of ..." is a share, unless the words before it are of a rate ("a tariff of 15 percent of value").
    share = _share(text, q, end) if q.unit == "percent" else None
    if share and not rx(r"(?:tariff|duty|levy|rate)s?\s(?:of|at)\s$").search(left):
        if _CONTENT.search(low, max(start, q.start - 60), min(end, q.end + 70)):
            return "content_share", share[1]
        return share
    cue = _nearest(PERCENT_CUE, low, q, start, end)
    if cue == "growth_rate" and _TO_BEFORE.search(left) and (level := _last(_LEVEL, low, start, q.start)):
        cue = level.lastgroup
    if cue == "trade_balance" and _BY_BEFORE.search(left):
        cue = "growth_rate"
    if cue in ("growth_rate", None):
        # A verb of change says nothing of what changed: the last thing named before it does.
        subject = _last(_SUBJECT, low, start, q.start)
        after = rx(r"\s(?:[a-z-]+\s){0,2}?(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|rates?)\b|\son\s").match(
            text[q.end : q.end + 40]
        )
        if (after and (cue is None or "on" not in after[0].split())) or (
            subject is not None and subject["tariff"] and cue
        ):
            cue = "tariff_rate"
    if cue in ("quota_share", None) and _AROUND_QUOTA.match(low, q.end, end):
        cue = "tariff_rate"
    if cue == "quota_share" and rx(r"\bat (?:an? )?(?:in-quota |reduced |rate |of )*$").search(left):
        cue = "tariff_rate"
    if cue == "growth_rate" and rx(r"\b(?:consumer prices|cpi|cost of living)\b").search(low, start, q.start):
        cue = "inflation_rate"
    if rx(r"\s(?:more|fewer|less)\s").match(text, q.end, end) and cue != "tariff_rate":
        cue = "growth_rate"
    # Here and below, what must follow right after the quantity is asked first: that costs least.
    if rx(r"\s(?:to|off|from)\s(?:[a-z’'-]+\s){0,3}?(?:output|growth|gdp|economy|prices|inflation)\b").match(
        low, q.end, end
    ) and rx(
        r"\b(?:add|adds|added|adding|shave|shaves|shaved|take|takes|knock|knocks)\s(?:about\s|some\s)?$"
    ).search(left):
        cue = "growth_rate"
    if cue is None and rx(r"\btax(?:es|ed)?\b(?! (?:rate|cut|break|credit|revenue))").search(low, start, q.start):
        cue = "tariff_rate"
    if cue is None and tariff_in(low, max(0, start - 400), end):
        cue = "tariff_rate"
    if cue != "tariff_rate":
        return cue or "percentage", ""
    on = _object(text, low, q, start, end)
    if q.unit != "percent" or ("by" in left and _BY_BEFORE.search(left)):
        return "tariff_rate_change", on
    if q.relation in ("before", "after"):
        return f"tariff_rate_{q.relation}", on
    was = _was_and_is(low, q, start, end)
    if was is not None:
        return was, on
    if _FROM_BEFORE.search(left) and not rx(r"rang\w+ from\s$").search(left):
        return "tariff_rate_before", on
    if _TO_BEFORE.search(left) and (
        rx(r"\bhalv(?:e|es|ed|ing)\b").search(left) or _changed(text[max(start, q.start - 120) : q.start])
    ):
        return "tariff_rate_after", on
    if _WILL_BE_CUT.match(low, q.end, end) and _RATE_OF.search(left):
        return "tariff_rate_before", on
    if _CHANGED_AFTER.match(text, q.end, end) or _CUTS_BEFORE.search(left) or _NOW_BEFORE.search(left):
        return "tariff_rate_before", on
    return "tariff_rate", on


def _was_and_is(low: str, q: Quantity, start: int, end: int) -> str | None:
    """ "It was 8 percent, it is now 5": both ends of a change told as what was and what is."""
    lead = low[max(start, q.start - 40) : q.start]
    if rx(
        r"\b(?:used to (?:be|pay|face|attract|stand at)|had (?:been paying|been charged|been facing|paid"
        r"|attracted|faced))"
        r"\s(?:about\s|an?\s|only\s)?$"
    ).search(lead):
        return "tariff_rate_before"
    if rx(r"\b(?:now|currently|today|at present)\s$").search(lead) and rx(
        r",?\s(?:would|will|is to|are to|is due to|should)\s(?:be\s)?(?:halve|fall|drop|rise|go|sink|cut|lower"
        r"|raise|reduc|trim"
        r"|increas|doubl|tripl|climb|com)\w*"
    ).match(low, q.end, end):
        return "tariff_rate_before"
    if rx(
        r"\b(?:was|were|used to be|used to stand at|had been|had stood at|paid|faced|bore|attracted|carried)"
        r"\s(?:once\s|only\s|about\s)?$"
    ).search(low, max(start, q.start - 30), q.start) and rx(r"\bnow\b").search(low, q.end, min(end, q.end + 60)):
        return "tariff_rate_before"
    if rx(
        r"\b(?:now|today)\s(?:(?:is|at|stands at|only|just|pays?|faces?|bears?|attracts?|carry|carries)\s)*$"
    ).search(low, max(start, q.start - 30), q.start) and rx(
        r"\b(?:was|were|used to|had been|paid|faced|bore|attracted|carried)\b[^.;]{0,40}\d"
    ).search(low, max(start, q.start - 90), q.start):
        return "tariff_rate_after"
    return None


def _money(text: str, low: str, q: Quantity, start: int, end: int) -> tuple[str, str]:
    if _EXCHANGE.match(text, q.end, end) and abs(q.value) < 1e6 and q.unit != "USD":
        return "exchange_rate", ""
    left = low[max(start, q.start - 80) : q.start]
    if _RETALIATION.search(left) or (
        _COVERED.search(left) and (_MEASURE.search(low, start, end) or _GOODS.match(text, q.end, end))
    ):
        return "trade_covered_by_tariffs", _phrase(text, q.end, end)
    near = low[max(start, q.start - 70) : min(end, q.end + 40)]
    cue = _nearest(MONEY_CUE, low, q, start, end) or ("price" if q.per in _PRICED_PER else "amount")
    if cue == "cap" or (cue in ("investment_commitment", "purchase_commitment") and CAPPED_BEFORE.search(left)):
        return ("annual_cap" if q.per == "year" or _ANNUAL.search(near) else "cap"), ""
    if cue == "trade_volume" and rx(r"\b(?:deficit|surplus|imbalance|gap|shortfall)\b").search(
        _clause(low, q, start, end)
    ):
        cue = "trade_balance"
    if cue in ("exports", "imports", "revenue", "trade_volume", "gdp", "amount") and _HARMED.search(left):
        return "loss", ""
    if cue in ("exports", "imports", "amount", "revenue") and (
        _WARES_OF.match(low, q.end, end) and _PROMISED.search(low, start, end)
    ):
        return "purchase_commitment", ""
    if (
        cue == "revenue"
        and rx(r"\bsales\b").search(near)
        and not _COMPANY.search(low, start, end)
        and rx(r"\b(?:exports?|shipments)\b").search(low, max(0, start - 300), q.start)
    ):
        cue = "exports"  # sales of a country abroad, where the lines before speak of exports
    if cue in ("exports", "imports", "contract", "gdp", "trade_volume", "budget", "aid") and rx(
        r"\b(?:buy|bought|purchase|procure|order)\w*\b[^,;]{0,60}$"
    ).search(left):
        cue = "purchase_commitment"
    if cue == "purchase_commitment" and _BOUGHT_TOO.search(low, start, q.start):
        cue = "imports"
    if cue in ("budget", "contract", "amount") and (made_of := _MADE_OF.match(low, q.end, end)):
        # "C$700 million in loan guarantees": what it consists of outweighs what is done with it.
        cue = str(made_of.lastgroup)
    if cue == "amount" and rx(r"\sinto\s").match(low, q.end, end) and _PUT.search(left):
        done = rx(r"\b(?:has|have|had)\s(?:already\s)?put\s").search(left) is not None
        company = _COMPANY.search(low, start, end) is not None
        return (
            ("corporate_investment_existing" if company else "investment_existing")
            if done
            else "investment_commitment"
        ), ""
    if rx(r"\s(?:off|from|out of)\b").match(text, q.end, end) and _KNOCKED.search(left):
        return "loss", ""
    if (
        cue == "amount"
        and _FIRM.match(text, q.end, end)
        and rx(r"\b(?:pay|pays|paid|paying)\s(?:about\s|some\s)?$").search(left)
    ):
        return "contract", ""
    if cue in ("amount", "contract", "budget") and _WARES.match(text, q.end, end):
        cue = "purchase_commitment"
    if cue == "tariff_revenue" and not tariff_in(low, start, end) and "ustoms" not in text[start:end]:
        cue = "revenue"
    if cue == "budget" and _BUILT.search(low, q.end, min(end, q.end + 70)):
        cue = "investment_commitment"
    if cue == "budget" and _HELPED.search(low, q.end, min(end, q.end + 70)):
        cue = "aid"
    if q.per == "year" and cue in ("amount", "investment_commitment") and rx(r"\bup to (?:about )?$").search(left):
        return "annual_cap", ""
    if cue == "investment_commitment" and _EXISTING.search(low, start, end):
        wide = low[start:end]
        cue = "corporate_investment_existing" if _COMPANY.search(wide) else "investment_existing"
    return cue, _phrase(text, q.end + 4, end) if text.startswith(" in ", q.end) else ""


def _clause(low: str, q: Quantity, start: int, end: int) -> str:
    """The words around an amount up to the next comma or "and" on either side."""
    left = rx(r"[,;:]|\b(?:and|but|while)\b").split(low[max(start, q.start - 70) : q.start])[-1]
    right = rx(r"[,;:]|\b(?:and|but|while)\b").split(low[q.end : min(end, q.end + 40)], maxsplit=1)[0]
    return left + right


def role_and_object(text: str, low: str, q: Quantity, start: int, end: int) -> tuple[str, str]:
    """What `q` is and what it is a rate on, share of or count of.

    `text[start:end]` is its sentence, `low` the text in small letters.
    """
    if q.unit in ("percent", "percentage-points", "basis-points"):
        return _percent(text, low, q, start, end)
    if q.unit in currencies().per_dollar:
        return _money(text, low, q, start, end)
    return count_role(text, low, q, start, end)
