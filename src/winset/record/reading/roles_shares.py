"""The name of a share: "67% of the country's trade surplus" is `share_of_trade_surplus`.

A whole is named where it is one that texts on trade measure things against (`_WHOLES`); of anything else the
role is plain `share`, and the words stand beside it. Parts of profits, of a quota, of a firm or of the content
of a good have roles of their own.
"""

from __future__ import annotations

import re

from winset.record.reading.wordlists import words

__all__ = ["share_role"]

_WORD = re.compile(r"(?:[a-z]\.){2,}|[a-z][a-z’'&-]*")
_SKIPPED = words(
    "the a an its their his her our your all total overall some every each this that these those such entire "
    "whole annual yearly current global world combined domestic national foreign overseas value remaining recent "
    "new future today"
)
_FROM_SOMEWHERE = re.compile(
    r"(?:[a-z-]+(?:ese|ish|ian|ean|ican)|dutch|french|german|swiss|thai|greek|czech|iraqi|saudi|pakistani|israeli"
    r"|kuwaiti|omani|qatari|bangladeshi|us|u\.s\.|uk|u\.k\.|eu|euro)$"
)
_ENDS = re.compile(r"[,;:()|\n]|(?<!\.[a-z])\.(?=\s|$)")
_POSSESSIVE = re.compile(r".*(?:['’]s|s['’])$")
_CLOSES = words(
    "of in on at to for from with by as and or but that which who is are was were will would has have had go goes "
    "went come comes came than into over under after before when where what it they we he she tell say said sold "
    "made shipped reserved produced bought worth added paid held abroad enter entering tied owned"
)
_WHOLES = {
    **dict.fromkeys(words("exports export shipments"), "exports"),
    **dict.fromkeys(words("imports import"), "imports"),
    **dict.fromkeys(words("lines tariff-lines subheadings sub-headings headings"), "tariff_lines"),
    **{
        word: word
        for word in words(
            "gdp trade commerce market sales production output revenue revenues turnover investment investments "
            "capacity debt demand consumption workforce population people voters votes respondents residents "
            "households firms companies members surplus deficit goods products cars vehicles supply supplies "
            "harvest crop catch jobs workers employment spending budget costs cost reserves payments settlements "
            "income emissions proceeds turnout vote seats assets orders deliveries freight traffic cargo tonnage "
            "stocks ships energy oil gas electricity power steel growers farmers exporters importers businesses "
            "managers users visitors consignments tax taxes value"
        )
    },
}
_FIRMS = words(
    "company firm group bank miner maker carmaker automaker chipmaker steelmaker shipbuilder refiner airline "
    "trust fund operator subsidiary venture business mine terminal port plant developer start-up startup "
    "retailer brewer insurer utility refinery smelter arm unit"
)
_PARTS = {
    **dict.fromkeys(words("profit profits"), "profit_share"),
    **dict.fromkeys(words("quota quotas"), "quota_share"),
    **dict.fromkeys(words("content components parts inputs"), "content_share"),
    **dict.fromkeys([*words("shares stock equity"), *_FIRMS], "ownership_stake"),
}
_QUALIFIERS = words("trade export import customs market car steel farm energy oil gas lng budget auto chip")
"""Words that stay in the name before the whole: "trade surplus"."""
_CLAUSE = re.compile(r"\s*(?:what|whatever|all that|everything)\s(?P<words>(?:[a-z’'-]+\s?){2,5})")
_DONE = {
    **dict.fromkeys(
        words("sell sells sold ship ships shipped export exports exported send sends sent"), "exports"
    ),
    **dict.fromkeys(words("buy buys bought import imports imported"), "imports"),
    **dict.fromkeys(words("make makes made produce produces produced grow grows grew raise raises"), "production"),
    **dict.fromkeys(words("eat eats consume consumes use uses burn burns drink drinks"), "consumption"),
    **dict.fromkeys(words("earn earns earned"), "revenue"),
}
""" "of what we sell there", "of all that Vietnam sells abroad"."""


def share_role(phrase: str) -> str:
    """The role of a percentage "of `phrase`", the words after "of"."""
    phrase = _ENDS.split(phrase.casefold(), maxsplit=1)[0]
    clause = _CLAUSE.match(phrase)
    if clause is not None:
        done = next((_DONE[word] for word in clause["words"].split() if word in _DONE), None)
        return f"share_of_{done}" if done else "share"
    kept: list[str] = []
    for word in _WORD.findall(phrase):
        if word in _CLOSES or len(kept) > 4:
            break
        kept.append(word)
    while kept and (kept[0] in _SKIPPED or _POSSESSIVE.match(kept[0]) or _FROM_SOMEWHERE.match(kept[0])):
        kept.pop(0)
    for i, word in enumerate(kept):
        part = _PARTS.get(word)
        if part is not None and (part != "ownership_stake" or word not in _FIRMS or i == len(kept) - 1):
            return part
        whole = _WHOLES.get(word)
        if whole is not None and (i == len(kept) - 1 or kept[i + 1] not in _WHOLES):
            before = kept[i - 1] if i else ""
            return f"share_of_{before}_{whole}" if before in _QUALIFIERS else f"share_of_{whole}"
    return "share"
