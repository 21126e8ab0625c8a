"""What a reader of an HTML page sees, with the place of every character in the file.

The markup is cut by one pass that never goes back, so that broken or hostile pages cost no more than their length.
Which blocks are the story is asked of trafilatura, whose answer is aligned with the blocks found here; where it
has none, links, page furniture and short blocks are told by their markup alone.
"""

from __future__ import annotations

import html as entities
import json
import re
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Page", "render"]

_DEEPEST = 400
"""Open elements; deeper ones are read as if they stood at this depth."""
_EXTRACT_CHARS = 3_000_000
"""Largest page that is given to the extractor (characters)."""
_ENOUGH = 200
"""Characters of main text below which the extractor's answer is not used."""


def _words(listing: str) -> frozenset[str]:
    return frozenset(listing.split())


_VOID = _words("area base br col embed hr img input link meta param source track wbr")
_RAW = _words("script style noscript template svg math iframe object canvas select textarea audio video")
"""Elements whose content no reader of the page sees as text of it."""
_BLOCK = _words(
    "address article aside blockquote body br button caption dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html li main nav ol p pre section summary "
    "table tbody td tfoot th thead time title tr ul"
)
_FURNITURE = {
    "nav": "link-list",
    "footer": "disclaimer",
    "aside": "link-list",
    "figcaption": "caption",
    "button": "advertisement",
    "form": "advertisement",
    "title": "page-header",
}
_NAMED = (
    (
        "advertisement",
        re.compile(
            (
                r"\b(?:ad|ads|advert\w*|sponsor\w*|promo\w*|newsletter\w*|subscri\w*|cookie\w*"
                r"|paywall|banner)\b"
            ),
            re.I,
        ),
    ),
    (
        "link-list",
        re.compile(
            (
                r"\b(?:nav|menu|breadcrumbs?|related\w*|recommend\w*|most-?(?:read|popular|viewed)"
                r"|trending|share|social\w*|tags?|sidebar|links?)\b"
            ),
            re.I,
        ),
    ),
    ("comments", re.compile(r"\b(?:comments?|disqus)\b", re.I)),
    ("ticker", re.compile(r"\b(?:ticker|quotes?-strip|market-strip)\b", re.I)),
    ("disclaimer", re.compile(r"\b(?:footer|copyright|disclaimer|legal)\b", re.I)),
    ("byline", re.compile(r"\b(?:byline|author\w*)\b", re.I)),
    (
        "dateline",
        re.compile(r"\b(?:dateline|pub-?date|published|timestamp|date-?line|post-date|entry-date)\b", re.I),
    ),
    ("caption", re.compile(r"\b(?:caption|credit)\b", re.I)),
)
_ATTRIBUTE = re.compile(r"""([\w:-]{1,40})(?:\s*=\s*(?:"([^"]{0,4000})"|'([^']{0,4000})'|([^\s"'>]{1,4000})))?""")
_UNSEEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]))", re.I)
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_STOP = re.compile("[\"'>]")
_PIECE = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?|[ \t\r\n\f]+|[^&\t\r\n\f ]+"
    r"(?: [^&\t\r\n\f ]+)*|&"
)
_FOLD = re.compile(r"\W+")


@dataclass(frozen=True, kw_only=True)
class Page:
    """A rendering with its addresses; see `winset.documents.load.LoadedText`."""

    rendering: str
    places: tuple[tuple[int, int, int], ...]
    paragraphs: tuple[tuple[int, int, str], ...]
    hidden: tuple[tuple[int, int], ...]
    metadata: tuple[tuple[str, str], ...]
    flags: tuple[tuple[str, str], ...]


@dataclass
class _Open:
    name: str
    hint: str
    unseen_from: int | None


@dataclass
class _Builder:
    """The state of the pass over the page."""

    text: str
    parts: list[str] = field(default_factory=list)
    size: int = 0
    places: list[tuple[int, int, int]] = field(default_factory=list)
    paragraphs: list[tuple[int, int, str, int]] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    unseen: int = 0
    links: int = 0
    linked: int = 0
    begun: int = 0
    space: bool = True
    too_deep: bool = False
    concealed: int = 0

    def put(self, words: str, place: int, length: int) -> None:
        self.parts.append(words)
        self.places.append((self.size, place, length))
        self.size += len(words)

    def close_paragraph(self, place: int) -> None:
        """End the block that is being built, if it holds anything."""
        if self.size > self.begun:
            hint = next((o.hint for o in reversed(self.stack) if o.hint), "")
            self.paragraphs.append((self.begun, self.size, hint, self.linked))
            self.put("\n", place, 0)
        self.begun, self.linked, self.space = self.size, 0, True

    def words(self, start: int, end: int) -> None:
        """Characters between two tags."""
        if self.unseen or start >= end:
            return
        before = self.size
        for piece in _PIECE.finditer(self.text, start, end):
            found = piece[0]
            if found[0] in " \t\r\n\f":
                if not self.space:
                    self.put(" ", piece.start(), len(found))
                    self.space = True
                continue
            shown = entities.unescape(found) if found[0] == "&" and len(found) > 1 else found
            # An entity that renders as white space at the head of a block is kept: it is what the file says.
            self.put(shown, piece.start(), len(found))
            self.space = False
        if self.links:
            self.linked += self.size - before

    def open(self, name: str, attributes: str, start: int, end: int) -> None:
        if name in _BLOCK:
            self.close_paragraph(start)
        if name in _VOID:
            return
        if len(self.stack) >= _DEEPEST:
            self.too_deep = True
            return
        hint, unseen = _FURNITURE.get(name, ""), False
        if attributes.strip():
            values = _attributes(attributes)
            unseen = (
                "hidden" in values
                or values.get("aria-hidden") == "true"
                or bool(_UNSEEN.search(values.get("style", "")))
            )
            named = f"{values.get('class', '')} {values.get('id', '')} {values.get('role', '')}".replace("_", "-")
            if not hint and named.strip():
                hint = next((kind for kind, pattern in _NAMED if pattern.search(named)), "")
                if name in ("html", "body", "main", "article"):
                    hint = ""
        if name == "h1" and not any(o.hint for o in self.stack):
            hint = "title"
        self.stack.append(_Open(name, hint, end if unseen else None))
        self.counts[name] = self.counts.get(name, 0) + 1
        self.unseen += unseen
        self.links += name == "a"

    def close(self, name: str, start: int) -> None:
        if name in _BLOCK:
            self.close_paragraph(start)
        if not self.counts.get(name):
            return
        while self.stack:
            gone = self.stack.pop()
            self.counts[gone.name] -= 1
            self.links -= gone.name == "a"
            if gone.unseen_from is not None:
                self.unseen -= 1
                self.hidden.append((gone.unseen_from, start))
                self.concealed += start > gone.unseen_from
            if gone.name == name:
                return


def _attributes(words: str) -> dict[str, str]:
    return {
        name.lower(): entities.unescape(a or b or c).strip()
        for name, a, b, c in _ATTRIBUTE.findall(words[:20_000])
    }


def _tag_end(text: str, start: int, closed: dict[str, bool]) -> int:
    """Place after the tag that begins at `start`; -1 where it never ends. `closed`: marks that occur no more."""
    pos = start + 1
    while True:
        stop = _STOP.search(text, pos)
        if stop is None:
            return -1
        mark = stop[0]
        if mark == ">":
            return stop.end()
        # A quotation mark opens a value only after "="; elsewhere it is a slip of the pen.
        if text[max(start, stop.start() - 3) : stop.start()].rstrip().endswith("=") and not closed.get(mark):
            other = text.find(mark, stop.end())
            if other < 0:
                closed[mark] = True
            else:
                pos = other + 1
                continue
        pos = stop.end()


def render(text: str) -> Page:
    """The page as its reader sees it; `text` is the file as decoded."""
    b = _Builder(text)
    metadata: list[tuple[int, str, str]] = []
    closed: dict[str, bool] = {}
    absent: set[str] = set()
    pos, size = 0, len(text)
    while pos < size:
        start = text.find("<", pos)
        if start < 0:
            b.words(pos, size)
            break
        b.words(pos, start)
        if text.startswith("<!--", start):
            end = text.find("-->", start + 4) if "-->" not in absent else -1
            if end < 0:
                absent.add("-->")
                end = text.find(">", start) + 1 or size
            else:
                end += 3
            b.hidden.append((start, end))
            pos = end
            continue
        name_match = _NAME.match(text, start + 1)
        if name_match is None:
            if text[start + 1 : start + 2] in ("!", "?", "/"):
                end = text.find(">", start)
                pos = size if end < 0 else end + 1
            else:
                b.words(start, start + 1)
                pos = start + 1
            continue
        end = _tag_end(text, start, closed)
        if end < 0:
            b.words(start, size)
            break
        name = name_match[1].lower()
        attributes = text[name_match.end() : end - 1]
        if text[start + 1] == "/":
            b.close(name, start)
        elif name in _RAW:
            close = -1 if name in absent else _closing(text, name, end)
            if close < 0:
                # Never closed: a script swallows the rest of the page, other elements are passed over.
                absent.add(name)
                close = size if name in ("script", "style") else end
            elif name == "script" and "ld+json" in attributes:
                metadata += _linked_data(text[end:close])
            b.hidden.append((end, close))
            pos = close
            continue
        else:
            if name in ("meta", "time"):
                metadata += _stated(name, _attributes(attributes))
            b.open(name, attributes, start, end)
            if attributes.endswith("/") and name not in _VOID and name in ("div", "span", "a", "p"):
                b.close(name, end)
        pos = end
    b.close_paragraph(size)
    rendering = "".join(b.parts)
    paragraphs = _kinds(text, rendering, b.paragraphs)
    flags = (
        [("html_depth", f"The page nests more than {_DEEPEST} elements; deeper ones were read flat")]
        if b.too_deep
        else []
    )
    if b.concealed:
        words = f"The page holds text that its reader does not see ({b.concealed} places); it was not read"
        flags.append(("hidden_text", words))
    metadata.sort(key=lambda item: item[0])
    hidden = sorted(set(b.hidden))
    return Page(
        rendering=rendering,
        places=tuple(b.places),
        paragraphs=tuple(paragraphs),
        hidden=tuple(hidden),
        metadata=tuple((name, value) for _, name, value in metadata[:20]),
        flags=tuple(flags),
    )


_CLOSING = {name: re.compile(rf"</{name}\b", re.I) for name in _RAW}


def _closing(text: str, name: str, start: int) -> int:
    found = _CLOSING[name].search(text, start)
    return found.start() if found else -1


_META = {
    "article:published_time": 1,
    "datepublished": 1,
    "parsely-pub-date": 2,
    "pubdate": 2,
    "publishdate": 2,
    "publish-date": 2,
    "publication_date": 2,
    "dc.date.issued": 2,
    "dcterms.issued": 2,
    "sailthru.date": 3,
    "dc.date": 3,
    "date": 4,
}


def _stated(name: str, values: dict[str, str]) -> list[tuple[int, str, str]]:
    if name == "time":
        if ("pubdate" in values or values.get("itemprop", "").lower() == "datepublished") and values.get(
            "datetime"
        ):
            return [(2, "time", values["datetime"])]
        return []
    key = (values.get("property") or values.get("name") or values.get("itemprop") or "").lower()
    return [(_META[key], key, values["content"])] if key in _META and values.get("content") else []


def _linked_data(words: str) -> list[tuple[int, str, str]]:
    """`datePublished` of the article that JSON-LD describes."""
    if len(words) > 1_000_000:
        return []
    try:
        found: Any = json.loads(words)
    except (ValueError, RecursionError):
        return []
    queue, seen = [found], 0
    while queue and seen < 200:
        seen += 1
        item = queue.pop(0)
        if isinstance(item, list):
            queue += item[:50]
        elif isinstance(item, dict):
            kind = str(item.get("@type", ""))
            if isinstance(item.get("datePublished"), str) and (
                "Article" in kind or "Posting" in kind or "Report" in kind
            ):
                return [(0, "datePublished", item["datePublished"])]
            queue += [item[key] for key in ("@graph", "mainEntity") if key in item]
    return []


def _fold(words: str) -> str:
    return _FOLD.sub(" ", words.casefold()).strip()


def _kinds(text: str, rendering: str, raw: list[tuple[int, int, str, int]]) -> list[tuple[int, int, str]]:
    """Each block's kind by its markup: a kind of page furniture, `title`, `body` for the story, "" undecided."""
    main = _main_text(text)
    found: list[tuple[int, int, str]] = []
    for start, end, hint, linked in raw:
        words = rendering[start:end]
        stripped = words.strip()
        if not stripped:
            continue
        start += len(words) - len(words.lstrip())
        end = start + len(stripped)
        kind = hint
        if main is not None and kind in ("", "body", "link-list", "disclaimer"):
            inside = _fold(stripped) in main
            if inside and (kind == "" or len(stripped) > 200):
                kind = "body" if len(stripped) > 80 else ""
            elif not inside and kind == "":
                kind = "other" if linked * 2 < len(stripped) else "link-list"
        elif kind == "" and linked * 10 > len(stripped) * 6 and len(stripped) < 300:
            kind = "link-list"
        found.append((start, end, kind))
    return found


def _main_text(text: str) -> str | None:
    """The story as the extractor sees it, folded; None where it finds too little to go by."""
    if len(text) > _EXTRACT_CHARS:
        return None
    try:
        from trafilatura import extract
    except ImportError:
        return None
    try:
        found = extract(text, include_comments=False, include_tables=True, favor_recall=True, deduplicate=False)
    except Exception:
        return None
    folded = _fold(found or "")
    return folded if len(folded) >= _ENOUGH else None
