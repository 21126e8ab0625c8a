"""Cutting a paragraph into sentences by rules of punctuation and abbreviation.

A stop ends a sentence when white space and a plausible beginning follow, unless the word before it is an
abbreviation. Some abbreviations never end one (a title before a name), some do not before a digit (a month),
and some only before a word that opens sentences and little else ("in the U.S. The ministers ...").
"""

from __future__ import annotations

import re

from winset.record.reading.wordlists import words

__all__ = ["split"]

_STOP = re.compile(
    r"""(?P<stop>[.!?…](?<![.!?…]{2})[.!?…]*+)(?P<close>["'”’»)\]]*+)(?P<gap>\s++)(?=["'“‘«(\[–—-]*\s?[^\W_])""",
)

_NEVER = words(
    "mr mrs ms dr prof gov sen rep reps sens gen col maj capt lt sgt cmdr adm brig rev hon st mt ft pres "
    "messrs vs viz cf approx ca dept govt amb insp supt vol fig figs art arts sec para paras ex fr sr. e.g "
    "i.e al"
)
"""Abbreviations that a name, a number or an explanation follows."""

_NOT_BEFORE_DIGIT = words("jan feb mar apr jun jul aug sep sept oct nov dec no nos p pp ch s ss § est tel")
"""Abbreviations that a number completes; before anything else they end a sentence like any word."""

_SOMETIMES = words(
    "u.s u.k u.n e.u u.a.e d.c u.s.a p.r.c r.o.k d.p.r.k a.m p.m inc ltd co corp bros llc plc jr sr etc ph.d "
    "b.a m.a jan feb mar apr jun jul aug sep sept oct nov dec est mon tue tues wed thu thur thurs fri sat sun"
)
"""Abbreviations that also stand at the end of sentences."""

_OPENERS = words(
    "The A An This That These Those There It Its He She They We I You His Her Their Our In On At As But And "
    "Or So However Meanwhile While When If For From With By After Before Since Until Under Despite Although "
    "Though Because Both Some Many Most All Any Each Such Other Another What Why How Who Where Which To Not "
    "No Yet Still Also Then Now Here Earlier Later Last Next Separately Moreover Furthermore Beyond Regarding "
    "Asked Speaking Under According"
)
"""Words that open sentences and seldom continue a name."""

_WORD = re.compile(r"(?:.*[\s\"“”‘’()\[\]])?+([^\s\"“”‘’()\[\]]+)$", re.S)
"""The last word before a stop."""
_NEXT = re.compile(r"[\"'“‘«(\[–—-]*\s?([^\W_][\w’'-]*)")


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the stop at `stop`, in the sentence that began at `start`, ends it."""
    mark, close = stop.group("stop", "close")
    following = _NEXT.match(text, stop.end())
    word = following[1] if following else ""
    if word and word[0].islower():
        # "Do you agree?" he asked; e.g. an ellipsis inside a sentence; iPhone-like names are worth the loss.
        return False
    if mark != ".":
        return True
    at = stop.start()
    before = _WORD.match(text, max(start, at - 24), at)
    if before is None:
        return True
    begin, token = before.start(1), before[1].lstrip("-–—").casefold()
    token = token.rsplit("-", 1)[-1]
    if close and not close.startswith(("'", "’")):
        # A closing quotation mark or bracket after the stop: the abbreviation is complete inside it.
        return token not in _SOMETIMES or word in _OPENERS
    if token in _NEVER:
        return False
    if token in _NOT_BEFORE_DIGIT and word[:1].isdigit():
        return False
    if token in _SOMETIMES:
        return word in _OPENERS
    if len(token) == 1 and token.isalpha() and before[1][-1].isupper():
        # An initial: "John F. Kelly"; "Plan B. The ..." is the rarer reading.
        return word in _OPENERS and begin > start
    # A numbered item: "1. Tariffs".
    return not (token.isdigit() and begin == start and len(token) <= 2)


def split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences of `text[start:end]`, without the white space around them."""
    found: list[tuple[int, int]] = []
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if _ends(text, begin, stop):
            found.append((begin, stop.end("close")))
            begin = stop.end()
    while end > begin and text[end - 1].isspace():
        end -= 1
    while begin < end and text[begin].isspace():
        begin += 1
    if begin < end:
        found.append((begin, end))
    return found
