"""What each line of a document is: title, body, or one of the things that stand around a story on a page.

Nothing is deleted: every line with words is in a block, and only titles, subtitles and body text may carry claims.
The rules look at form (length, stops, place in the file) and at phrases that pages use everywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["CLAIMS", "Paragraph", "label"]

CLAIMS = frozenset({"title", "subtitle", "body"})
"""Kinds of block that may carry claims."""

_TITLE_CHARS = 220
"""A longer first line is text, not a title."""
_HEAD_LINES = 12
"""Lines from the top within which a title and what surrounds it are looked for."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, with their kind; `end` is exclusive and white space is left out."""

    start: int
    end: int
    kind: str


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s*)?(?:\d{{1,2}}(?:st|nd|rd"
    rf"|th)?[\s./-]+{_MONTH}[\s.,/-]+\d{{2,4}}"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}"
    rf"|\d{{1,2}}[-./]\d{{1,2}}[-./]\d{{4}})"
)
_TIME = (
    r"(?:[\s,|t@–-]*(?:at\s+)?\d{1,2}[:.]\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?"
    r"\s*(?:\(?(?:z|[a-z]{3,4}|[+-]\d\d:?\d\d|gmt[+-]\d{1,2}|local time)\)?)?)?"
)
_BARE_DATE = re.compile(rf"\s*{_DATE}{_TIME}[\s.|]*$", re.I)
_LABELLED_DATE = re.compile(
    r"\s*(?:first |date |last )?(?:published|posted|updated|modified|issued|released|release date"
    r"|publication date|date)"
    rf"(?: on| at| date| time)?\s*[:\-–]?\s*(?:{_DATE}|today|\d+ (?:minutes?|hours?) ago|\d{{1,2}}[:.]\d\d)",
    re.I,
)
META_PREFIX = re.compile(
    r"\s*(?:date\s*[:=]?\s*\d{4}-\d\d-\d\d(?:t[\d:.]+z?)?|(?:url|source|author)\s*[:=]\s*\S+)(?=\s)", re.I
)
"""Keys that a crawler put before the title, on its line."""

_EMAIL = re.compile(r"[\w.+-]@[\w-]+\.\w|\[\[?email", re.I)
_BYLINE = re.compile(
    r"\s*(?i:by|from|written by|reported by|story by|text by|words by)\s*:?\s+(?:[A-Z][\w.'’-]*,?\s+|and\s+"
    r"|&\s+|for\s+|in\s+){1,9}?[\w.'’-]+\s*(?:\||,|$)"
)
_CREDIT = re.compile(
    r"\s*\(?(?:reporting by|editing by|additional reporting|translated (?:from|by)|with (?:reporting|files"
    r"|input) (?:by|from)"
    r"|with the [A-Z][\w ]+$|this (?:article|story|report) (?:was|is|has been) |(?:photo|image|picture|graphic"
    r"|video|source)s? ?(?:by|credit|courtesy|:)"
    r"|getty images|file photo|contact the (?:writer|reporter|author)|writing by|compiled by|the writer (?:is"
    r"|can)|follow .{1,40} on (?:x|twitter|facebook))",
    re.I,
)
_DISCLAIMER = re.compile(
    r"\s*(?:©|\(c\)\s(?=(?:19|20)\d\d|[^.]{0,40}(?:19|20)\d\d\W*$)"
    r"|copyright\b(?=\W*$|\s*(?:©|\(c\)|(?:19|20)\d\d|by\b|notice)|[^.]{0,40}(?:19|20)\d\d\W*$"
    r"|.{0,80}reserved)|all rights reserved|(?:legal )?disclaimer\b|legal notice|terms of (?:use"
    r"|service)|privacy policy"
    r"|the views? expressed|views expressed|opinions expressed|this content (?:is|was)"
    r"|forward-looking statements)",
    re.I,
)
_RIGHTS = re.compile(
    r"all rights reserved|without (?:any )?warrant|no part of this|may not be (?:reproduced|republished"
    r"|published)",
    re.I,
)
_RIGHTS_WORDS = ("eserved", "warrant", "No part", "no part", "may not be")
"""One of these stands in every match of the pattern: testing for them is far cheaper."""
_ADVERT = re.compile(
    r"\s*(?:advertisements?|google ads?|sponsored(?: content| by)?|promoted(?: content| stories)?|ads? by|paid "
    r"(?:content|partner)|"
    r"story continues below|article continues|continue reading below|sign up (?:for|to)|subscribe\b|newsletter"
    r"|download (?:the|our)|"
    r"join our|get the latest|click here|listen to this article|enable javascript|log ?in|register now"
    r"|free trial|accept (?:all )?cookies|"
    r"we use cookies|this (?:site|website) uses cookies)",
    re.I,
)
_LINKS = re.compile(
    r"\s*[▶►■●•*#>-]*\s*(?:most (?:popular|read|viewed|shared|commented)|popular (?:stories|articles|now)"
    r"|related(?: (?:stories|articles|news|content|posts|topics|links|coverage))?\s*:?$"
    r"|read (?:more|also|next)|also read|see also|more (?:from|on|stories|news|in)\b"
    r"|recommended(?: (?:for you|reading|stories|articles|posts|videos|links|by\b.*))?\s*:?$|trending|top "
    r"(?:stories|news)|latest (?:news|stories|headlines)"
    r"|you (?:may|might) (?:also )?like|editors?['’]?s? picks?|don['’]t miss|what to read next"
    r"|in case you missed|share this|share on|share$|tags?\s*:|topics?\s*:|keywords?\s*:|filed under|follow us"
    r"|comments?\s*(?:\(\d+\))?\s*$|no comments?|leave a (?:comment|reply)|be the first|back to top"
    r"|next article|previous article|home\s*[>|/»]|menu$|search$|print$|email$|facebook$|twitter$|whatsapp$)",
    re.I,
)
_OPENS = re.compile(
    r"\s*[▶►■●•*#>-]*\s*(?:most (?:popular|read|viewed|shared)|popular (?:stories|articles|now)|related(?: "
    r"(?:stories|articles|news|content|posts|links|coverage))?\s*:?$"
    r"|read (?:also|next)\s*:?$|also read\s*:?$|see also\s*:?$|more (?:from|on|stories|news)\b.{0,40}$"
    r"|recommended(?: (?:for you|reading|stories|articles|posts|videos|links|by\b.*))?\s*:?$|trending"
    r"|top (?:stories|news)|latest (?:news|stories|headlines)"
    r"|you (?:may|might) (?:also )?like|editors?['’]?s? picks?|what to read next|comments?\s*(?:\(\d+\))?\s*$)",
    re.I,
)
"""Headings after which short lines are links, not text."""
_COMMENTS = re.compile(r"\s*(?:\d+\s)?comments?\s*(?:\(\d+\))?\s*:?$", re.I)
_TICKER = re.compile(r"[▲▼△▽↑↓]|(?<![\w.])[+\-−]\d+(?:\.\d+)?%?|\$[A-Z]{2,8}\b|\b[A-Z]{3}/[A-Z]{3}\b")
_TICKER_SIGN = re.compile(r"[▲▼△▽↑↓+−$/-](?<!\w-)")
"""Stands in every match of the pattern."""
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’)\]]*\s*$")
_PROSE = re.compile(r"\b(?:the|a|an|and|of|to|in|is|was|were|has|have|will|said|that|for|on)\b", re.I)
_FOLD = re.compile(r"\W+")


def _folded(line: str) -> str:
    return _FOLD.sub(" ", line.casefold()).strip()


def _repeats(line: str, title: str) -> bool:
    """Whether a line says what the title says, which is given as `_folded` leaves it."""
    low = line.casefold()
    return all(word in low for word in title.split()) and _folded(line) == title


def _lines(text: str) -> list[tuple[int, int, bool]]:
    """Lines with words: start, end without white space at either side, and whether a blank line goes before."""
    found: list[tuple[int, int, bool]] = []
    last_end = at = 0
    for raw in text.splitlines(keepends=True):
        stripped = raw.strip()
        if stripped:
            start = at + raw.index(stripped)
            gap = text[last_end:start]
            found.append((start, start + len(stripped), gap.count("\n") > 1 or "\f" in gap or not found))
            last_end = start + len(stripped)
        at += len(raw)
    return found


def _joined(
    text: str, lines: list[tuple[int, int, bool]], running: frozenset[str] = frozenset()
) -> list[tuple[int, int]]:
    """Paragraphs: lines that were wrapped at a column are put together again, `running` heads apart."""
    found: list[tuple[int, int]] = []
    group: list[tuple[int, int]] = []

    def close() -> None:
        lengths = [end - start for start, end in group]
        inner = sorted(lengths[:-1])
        # Wrapped text has lines of much the same length, most of them without a stop at the end.
        wrapped = (
            len(group) >= 3
            and 50 <= inner[len(inner) // 2] <= 130
            and inner[-1] <= 140
            and inner[0] >= inner[-1] * 0.7
            and sum(bool(_SENTENCE_END.search(text, start, end)) for start, end in group[:-1]) * 2 < len(group)
        )
        for start, end in group:
            if found and group[0][0] != start and (wrapped or _continues(text, found[-1], start)):
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))

    for start, end, apart in lines:
        head = bool(running) and end - start <= _HEAD_CHARS and _numberless(text[start:end]) in running
        if (apart or head) and group:
            close()
            group = []
        if head:
            found.append((start, end))
            continue
        group.append((start, end))
    if group:
        close()
    return found


def _continues(text: str, before: tuple[int, int], start: int) -> bool:
    """Whether a line goes on in the middle of the sentence that the line before it left open."""
    return text[start].islower() and text[before[1] - 1] not in ".!?:;\"”'’)]|" and before[1] - before[0] >= 30


_LINE_CHARS = 240
"""A longer line is text, unless it begins as a disclaimer does."""


def _is_disclaimer(line: str) -> bool:
    if _DISCLAIMER.match(line):
        return True
    if len(line) < 600:
        for word in _RIGHTS_WORDS:
            if word in line:
                return _RIGHTS.search(line) is not None
    return False


def _kind(line: str) -> str | None:
    """The kind of a line by its own words; None where they do not tell."""
    if len(line) > _LINE_CHARS:
        return "disclaimer" if _is_disclaimer(line) else None
    if _BARE_DATE.match(line):
        return "dateline"
    if _LABELLED_DATE.match(line):
        return "dateline"
    if _is_disclaimer(line):
        return "disclaimer"
    if (len(line) <= 120 and _ADVERT.match(line)) or line.count("|") >= 3:
        return "advertisement"
    if len(line) <= 120 and _LINKS.match(line):
        return "link-list"
    if _BYLINE.match(line) and len(line) <= 120 and not line.rstrip().endswith("."):
        return "byline"
    if _CREDIT.match(line) or (len(line) <= 120 and ("@" in line or "[" in line) and _EMAIL.search(line)):
        return "byline"
    marks = _TICKER.findall(line) if len(line) <= 160 and _TICKER_SIGN.search(line) else ()
    if marks and len(marks) * 25 >= len(line) and not _PROSE.search(line):
        return "ticker"
    return None


_HEAD_CHARS = 120
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?#(?:\s*(?:/|of)\s*#)?", re.I)


def _numberless(line: str) -> str:
    return _DIGITS.sub("#", line.casefold()).strip(" -–—|.")


def _running_heads(text: str, lines: Sequence[tuple[int, int, bool]]) -> frozenset[str]:
    """Lines that stand on several pages, and page numbers."""
    counts = Counter(_numberless(text[start:end]) for start, end, _ in lines if end - start <= _HEAD_CHARS)
    return frozenset(line for line, times in counts.items() if times >= 3 or _PAGE_NUMBER.fullmatch(line))


def _prose(line: str) -> bool:
    return bool(_SENTENCE_END.search(line, max(0, len(line) - 12))) and len(_PROSE.findall(line)) >= 3


_MEASURED = re.compile(
    r"\b(?:rates?|dut(?:y|ies)|tariffs?|lev(?:y|ies)|quotas?|exports?|imports?|deficits?|surplus|balance"
    r"|trade|shares?"
    r"|investments?|purchases?|pledges?|amounts?|values?)\b",
    re.I,
)
"""What the head of a table of terms speaks of; a menu or a board of prices has no such head."""


def _table_rows(text: str, marked: Sequence[tuple[int, int, str]]) -> frozenset[int]:
    """Where the rows of tables begin: a head without digits, then rows of as many cells, two at least."""
    found: list[int] = []
    head: list[int] = []
    bars = 0
    for start, end, _ in marked:
        count = text.count("|", start, end)
        if count >= 2 and head and count == bars:
            head.append(start)
            continue
        if len(head) >= 3:
            found += head
        line = text[start:end] if count >= 2 and end - start <= _LINE_CHARS else ""
        opens = bool(line) and not any(c.isdigit() for c in line) and _MEASURED.search(line) is not None
        head, bars = ([start], count) if opens else ([], 0)
    if len(head) >= 3:
        found += head
    return frozenset(found)


def label(text: str, marked: Sequence[tuple[int, int, str]] | None = None) -> list[Paragraph]:
    """Every paragraph of a text with its kind, in order.

    `marked`: paragraphs that markup gives, with its word for their kind: `title`, `body`, a kind of page
    furniture, or "" where it does not tell.
    """
    running: frozenset[str] = frozenset()
    if marked is None:
        lines = _lines(text)
        if "\f" in text:
            running = _running_heads(text, lines)
        marked = [(start, end, "") for start, end in _joined(text, lines, running)]
    rows = _table_rows(text, marked) if "|" in text else frozenset()
    found: list[Paragraph] = []
    title: str | None = None
    body_seen = False
    inside: str | None = None  # in a list of links or a disclaimer that a heading opened
    last = 0
    for position, (start, end, hint) in enumerate(marked):
        line = text[start:end]
        if hint not in ("", "title", "body"):
            if hint == "page-header" or not _BARE_DATE.match(line):
                found.append(Paragraph(start, end, hint))
            else:
                found.append(Paragraph(start, end, "dateline"))
            continue
        if running and len(line) <= _HEAD_CHARS and _numberless(line) in running:
            found.append(Paragraph(start, end, "page-header"))
            continue
        head = not body_seen and position < _HEAD_LINES
        if head and title is None and (prefix := META_PREFIX.match(line)):
            found.append(Paragraph(start, start + prefix.end(), "page-header"))
            start += prefix.end()
            while start < end and text[start].isspace():
                start += 1
            line = text[start:end]
        blank_before = text.count("\n", last, start) > 1
        last = end
        kind = _kind(line) if hint != "title" and start not in rows else None
        if inside == "comments" or (body_seen and _COMMENTS.match(line)):
            # What readers wrote is no part of the story, however much it looks like one.
            inside = kind = "comments"
        elif kind is None and inside == "link-list" and not (len(line) >= 200 and _prose(line)):
            kind = "link-list"
        elif kind is None and inside == "disclaimer" and not blank_before:
            kind = "disclaimer"
        if kind is not None:
            if kind == "dateline" and title is None and not body_seen and _BARE_DATE.match(line):
                kind = "page-header"
            if inside == "comments":
                pass
            elif kind == "link-list" and (inside or _OPENS.match(line)):
                inside = "link-list" if body_seen else None
            elif kind == "disclaimer":
                inside = "disclaimer"
            found.append(Paragraph(start, end, kind))
            continue
        inside = None
        if start in rows:
            body_seen = True
            found.append(Paragraph(start, end, "body"))
            continue
        short = len(line) <= _TITLE_CHARS
        ended = bool(_SENTENCE_END.search(line, max(0, len(line) - 12))) and not line.rstrip().endswith((":", ";"))
        if title is not None and short and _repeats(line, title):
            kind = "repeated-title"
        elif hint == "title":
            kind, title = "title" if title is None else "subtitle", title or (_folded(line) if short else "")
        elif hint == "body" and len(line) > 80:
            kind, body_seen = "body", True
        elif head and title is None and short and not ended and len((folded := _folded(line)).split()) >= 2:
            kind, title = "title", folded
        elif head and title is not None and short and not ended:
            kind = "subtitle"
        else:
            kind, body_seen = "body", True
        found.append(Paragraph(start, end, kind))
    if title is not None and not body_seen and not any(hint for _, _, hint in marked):
        # A single short line without a stop is a text of its own, not a headline over nothing.
        only = [p for p in found if p.kind in CLAIMS]
        if len(only) == 1 and len(found) == 1:
            found = [Paragraph(only[0].start, only[0].end, "body")]
    return found
