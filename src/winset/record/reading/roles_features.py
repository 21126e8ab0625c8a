"""What stands around a figure, as names of features: words, their classes, other figures, what the rules say.

A feature is a short string. Words are reduced to stems and to classes of like meaning (`roles_words.toml`), so
that what is learnt of one verb holds for its fellows. Everything is taken from the sentence of the figure and
the sentences beside it; nothing depends on the order in which documents are read.
"""

from __future__ import annotations

import math
import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import chain
from operator import attrgetter

from winset.record.reading.figures_units import currencies
from winset.record.reading.schema import Figure
from winset.record.reading.wordlists import words

__all__ = ["Around", "features", "general", "kind_of", "stem"]

_TOKEN = re.compile(r"[a-z](?:[a-z’'&.-]*[a-z])?|\d[\d.,]*|[,;:()|—–%$€£¥₩]")
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "ers", "ed", "es", "s", "e", "y")
_BOUND = frozenset(
    [",", ";", ":", "(", ")", "|", "—", "–", "and", "but", "while", "which", "whereas", "that", "who"]
)
_NEAR, _FAR = 4, 10
"""Words that count as near, and as within reach."""
_BACK, _AHEAD = 22, 16
"""Words of the sentence before and after a figure that are looked at."""


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word of small letters without its ending: crude, and the same every time."""
    word = word.removesuffix("’s").removesuffix("'s").strip(".'’")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True, kw_only=True)
class _Words:
    """The classes of words, as `roles_words.toml` has them."""

    single: dict[str, tuple[str, ...]]
    """Word or stem -> classes."""
    phrases: dict[str, dict[str, tuple[tuple[list[str], str], ...]]]
    """First stem of a phrase -> second stem -> the stems after them and its class."""
    topics: frozenset[str]
    moves: frozenset[str]


@cache
def _words() -> _Words:
    source = resources.files(__package__).joinpath("roles_words.toml").read_text(encoding="utf-8")
    data = tomllib.loads(source)
    single: dict[str, list[str]] = {}
    phrases: dict[str, dict[str, set[tuple[tuple[str, ...], str]]]] = {}
    for name, listing in data["classes"].items():
        for word in listing.split():
            if "_" in word:
                first, second, *rest = map(stem, word.split("_"))
                phrases.setdefault(first, {}).setdefault(second, set()).add((tuple(rest), name))
                continue
            for key in {word, stem(word)}:
                names = single.setdefault(key, [])
                if name not in names:
                    names.append(name)
    return _Words(
        single={word: tuple(names) for word, names in single.items()},
        phrases={
            first: {
                second: tuple((list(rest), name) for rest, name in sorted(rows))
                for second, rows in seconds.items()
            }
            for first, seconds in phrases.items()
        },
        topics=frozenset(data["topics"].split()),
        moves=frozenset(data["moves"].split()),
    )


_TIMES = frozenset(["CURRENT", "FORMER", "FUTURE", "COMPARE", "CUT", "HIKE"])
_DOWN, _UP = frozenset(["CUT", "FALL"]), frozenset(["HIKE", "RISE"])
"""Classes of what was and what will be, which a figure tells of its neighbour."""
_STRONG = frozenset([";", ":", "(", ")", "|", "—", "–", "but", "while", "which", "whereas", "that", "who"])


class _Word:
    """A stem with its classes, and what features are made of them: made once for all places where it stands."""

    __slots__ = (
        "bound", "classes", "left", "marked", "moves", "number", "phrases", "plain", "right", "stem", "strong",
        "times", "topics",
    )  # fmt: skip

    def __init__(self, short: str, classes: tuple[str, ...]) -> None:
        known = _words()
        self.stem, self.classes = short, classes
        self.topics = tuple(c for c in classes if c in known.topics)
        self.moves = tuple(c for c in classes if c in known.moves)
        self.times = tuple(c for c in classes if c in _TIMES)
        self.number, self.bound, self.strong = short == "#", short in _BOUND, short in _STRONG
        self.marked = bool(self.topics or self.moves or self.number or self.strong)
        self.phrases = known.phrases.get(short)
        self.plain = not (classes or self.marked or self.phrases)
        """Nothing but itself, as most words are."""
        self.left, self.right = self._names("L"), self._names("R")

    def _names(self, side: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Features where it stands near a figure, within reach, and beyond; of what is beyond only the classes."""
        near, reach, beyond = (tuple(f"{side}{far}.{name}" for name in self.classes) for far in "abc")
        return (f"{side}a:{self.stem}", *near), (f"{side}b:{self.stem}", *reach), beyond


_LEFT, _RIGHT = attrgetter("left"), attrgetter("right")
_KEPT = 10_000
"""Words remembered; a hostile text has no end of them."""
_word = lru_cache(maxsize=_KEPT)(_Word)


def _number(word: str) -> str:
    """The stem of a number: years are told apart, since "in 2024" is not "by 2030" is not "12"."""
    return "#y" if len(word) == 4 and word.startswith(("19", "20")) and word.isdigit() else "#"


class _Told(dict[str, _Word]):
    """The word of a token, made when first asked for; every number is one token."""

    def __missing__(self, token: str) -> _Word:
        if len(self) >= _KEPT:
            self.clear()
        short, table = _number(token) if token[0].isdigit() else stem(token), _words().single
        classes = () if short[0] == "#" else table.get(token) or table.get(short)
        if classes is None and len(short) > 3 and short[-1] == short[-2]:
            classes = table.get(short[:-1])  # "capping", "slipped"
        told = self[token] = _word(short, classes or ())
        return told


_told = _Told().__getitem__


def kind_of(figure: Figure) -> str:
    """percent, money or count: each is told apart by words of its own."""
    if figure.unit in ("percent", "percentage-points", "basis-points"):
        return "percent"
    return "money" if figure.unit in currencies().per_dollar else "count"


def general(role: str) -> str:
    """A role without what it is a share or a count of."""
    if role.startswith("share_of_") or role == "share":
        return "share_of"
    return "count_of" if role.startswith("count_of_") else role


class Around:
    """A sentence with figures, cut into words once."""

    __slots__ = ("all", "ends", "marks", "starts", "stems", "topics", "words")

    def __init__(self, low: str, start: int, end: int) -> None:
        tokens = list(_TOKEN.finditer(low, start, end))
        self.starts: list[int] = [token.start() for token in tokens]
        self.ends: list[int] = [token.end() for token in tokens]
        self.words: list[_Word] = [_told(token[0]) for token in tokens]
        self.stems: list[str] = [word.stem for word in self.words]
        self.marks: list[int] = []
        """Places of numbers, of what parts clauses, and of words that are topics or moves."""
        self.topics: tuple[str, ...] = ()
        """Those of the first word that has any."""
        names: set[str] = set()
        for i, word in enumerate(self.words):
            if word.plain:
                continue
            if word.phrases is not None:
                word = self._joined(i, word.phrases)
            if word.marked:
                self.marks.append(i)
                self.topics = self.topics or word.topics
            names.update(word.classes)
        self.all: frozenset[str] = frozenset(names)

    def _joined(self, i: int, phrases: Mapping[str, tuple[tuple[list[str], str], ...]]) -> _Word:
        """The word at `i`, of which these are the phrases, with the classes of those that stand here."""
        stems = self.stems
        for rest, name in phrases.get(stems[i + 1], ()) if i + 1 < len(stems) else ():
            classes = self.words[i].classes
            if name not in classes and stems[i + 2 : i + 2 + len(rest)] == rest:
                self.words[i] = _word(stems[i], (*classes, name))
        return self.words[i]


_BESIDE = 5


def _times(seen: Around, figure: Figure) -> set[str]:
    """Classes of time and change within a few words of a figure."""
    first = bisect_left(seen.ends, figure.start + 1)
    last = bisect_left(seen.starts, figure.end)
    near = chain(seen.words[max(first - _BESIDE, 0) : first], seen.words[last : last + _BESIDE])
    return {name for word in near for name in word.times}


def features(
    seen: Around,
    figure: Figure,
    role: str,
    left: tuple[Around | None, Figure] | None,
    right: tuple[Around | None, Figure] | None,
    block: str,
) -> list[str]:
    """Names of what holds of `figure`; `role`: what the rules say.

    `left`, `right`: the figures next to it in its sentence or in the sentence beside it, which is None where the
    units differ. A name stands once.
    """
    first = bisect_left(seen.ends, figure.start + 1)
    last = bisect_left(seen.starts, figure.end)
    stems, around = seen.stems, seen.words
    found = {"bias", f"u={stem(figure.unit.lower())}", f"b={block}"}
    add = found.add
    said = general(role)
    l1 = stems[first - 1] if first else "^"
    l2 = stems[first - 2] if first > 1 else "^"
    r1 = stems[last] if last < len(stems) else "$"
    r2 = stems[last + 1] if last + 1 < len(stems) else "$"
    found.update((f"l1={l1}", f"l2={l2}", f"l21={l2}_{l1}", f"r1={r1}", f"r2={r2}", f"r12={r1}_{r2}"))
    met = _side(found, "Ln", _LEFT, around[max(first - _BACK, 0) : first][::-1])
    ahead = _side(found, "Rn", _RIGHT, around[last : last + _AHEAD])
    found.update((f"l1n={l1}_{met}", f"r1n={r1}_{ahead}", f"n={met}_{ahead}"))
    whole = seen.all
    found.update((f"rule={said}", f"rule_n={said}_{met}", f"rule_r={said}_{ahead}", f"rule_l={said}_{l1}"))
    add(f"size={math.floor(math.log10(figure.value)) if figure.value > 0 else -1}")
    if figure.per:
        add(f"per={figure.per}")
    if figure.approx:
        add("approx")
    if figure.pair:
        add("pair")
    mine = _times(seen, figure)
    down, up = not whole.isdisjoint(_DOWN), not whole.isdisjoint(_UP)
    change = "B" if down and up else "D" if down else "U" if up else "-"
    for side, near in (("p", left), ("n", right)):
        if near is None:
            add(f"{side}:none")
            continue
        there, other = near
        apart = "x" if there is not seen else ""
        their = general(other.role)
        if there is None or other.unit != figure.unit:
            found.update((f"{side}u{apart}", f"{side}r{apart}={their}"))
            continue
        order = "gt" if figure.value > other.value else "lt" if figure.value < other.value else "eq"
        found.update((f"{side}s{apart}={their}", f"{side}{order}{apart}", f"{side}{order}{apart}_{change}"))
        found.update([f"{side}t{apart}.{name}" for name in _times(there, other) - mine])
        if not apart:
            edges = (other.end, figure.start) if side == "p" else (figure.end, other.start)
            begin, stop = bisect_left(seen.starts, edges[0]), bisect_left(seen.ends, edges[1] + 1)
            if stop - begin <= 8:
                found.update([f"{side}w:{word}" for word in stems[begin:stop]])
                add(f"{side}w={'_'.join(stems[begin:stop][:3])}")
    _frame(found, seen, first, last)
    if kind_of(figure) != "percent":
        _acts(found, seen, first, last)
    add(f"order={'m' if left and right else 'l' if left else 'f' if right else 'o'}")
    return list(found)


def _side(
    found: set[str], label: str, names: Callable[[_Word], tuple[tuple[str, ...], ...]], around: Sequence[_Word]
) -> str:
    """Words and classes on one side of a figure, from the nearest on; the nearest class of all, or ""."""
    crossed, met, near = 0, "", 0
    for word in around:
        if word.bound:
            crossed += 1
        if word.number:
            continue
        near += 1
        bucket = 0 if near <= _NEAR and not crossed else 1 if near <= _FAR and crossed < 2 else 2
        found.update(names(word)[bucket])
        if word.classes and not met:
            met = word.classes[0]
            found.add(f"{label}={met}")
    return met


_FILL = frozenset(
    stem(word)
    for word in words(
        "about around some an a the just only nearly almost roughly over under up least much as than more less at "
        "another additional further estimated total combined approximately close its their his well still even "
        "record mere fully near no not most or so extra paltry modest flat initial new $ € £ ¥ ₩ us"
    )
)
"""What may stand between a word that governs a number and the number."""
_GOVERN = frozenset(
    [
        "by",
        "to",
        "from",
        "of",
        "at",
        "on",
        "in",
        "for",
        "with",
        "worth",
        "between",
        "and",
        "against",
        "into",
        "vers",
    ]
)
_CLAUSE, _AFTER = 26, 12
"""Words before and after a figure in which its topic is looked for."""


def _frame(found: set[str], seen: Around, first: int, last: int) -> None:
    """What governs the figure, what its clause is about, and what stands right after it."""
    stems, around, marks = seen.stems, seen.words, seen.marks
    i = first - 1
    while i >= 0 and first - i < 7 and stems[i] in _FILL and not (stems[i] == "at" and stems[i - 1] not in _FILL):
        i -= 1
    g = stems[i] if i >= 0 else "^"
    found.add(f"g={g}")
    gov = g
    if not (g in _GOVERN or g in _STRONG or g == ","):
        names = around[i].classes if i >= 0 else ()
        found.update([f"g.{name}" for name in names])
        gov = names[0] if names else "w"
    here = bisect_left(marks, first)
    # Leftwards: nearest topic and move within the clause, and beyond it.
    topics: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    crossed = False
    for j in reversed(marks[bisect_left(marks, first - _CLAUSE) : here]):
        word = around[j]
        if word.strong:
            crossed = True
        elif not crossed:
            if word.topics:
                topics, head = topics or word.topics, word.topics
            moves = moves or word.moves
        elif word.topics:
            far = word.topics
            break
    ahead: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    for j in marks[bisect_left(marks, last, here) : bisect_left(marks, last + _AFTER, here)]:
        word = around[j]
        if word.strong or (word.number and ahead):
            break
        ahead, moved = ahead or word.topics, moved or word.moves
    r1 = stems[last] if last < len(stems) else "$"
    follow = r1 if r1 in _GOVERN or r1 in _STRONG or r1 in (",", "as", "$", "and") else "w"
    for one in topics:
        found.update((f"TL.{one}", f"TL.{one}_{gov}", f"TL.{one}_r{follow}"))
        found.update([f"TL.{one}_M.{m}" for m in moves])
        found.update([f"TL.{one}_TR.{x}" for x in ahead])
    if not topics:
        found.update((f"TL-_{gov}", "TL-"))
        found.update([f"TL-_TR.{x}" for x in ahead])
        found.update([f"TL-_M.{m}" for m in moves])
    for move in moves:
        found.update((f"ML.{move}", f"ML.{move}_{gov}", f"ML.{move}_r{follow}"))
    found.update([f"TX.{one}" for one in far])
    found.update([f"TH.{one}" for one in head])
    for one in ahead:
        found.update((f"TR.{one}", f"TR.{one}_r{follow}", f"TR.{one}_{gov}"))
    found.update([f"MR.{m}" for m in moved])
    found.add(f"gr={gov}_{follow}")
    # Right after: a noun that the figure qualifies, or the head of "of", "in", "on", "for".
    if last < len(stems):
        found.update([f"A.{name}" for name in around[last].classes])
        if follow in ("of", "in", "on", "for", "to", "from", "as", "at", "by", "with"):
            object_ = next((word.topics for word in around[last + 1 : last + 6] if word.topics), ())
            found.update([f"H{follow}.{x}" for x in object_])
    # A label before a colon, the first topic of the sentence.
    opening = stems[: min(first, 9)]
    if ":" in opening:
        for word in around[: opening.index(":")]:
            found.update([f"LB.{x}" for x in word.topics])
    found.update([f"TF.{x}" for x in seen.topics])


_ACTORS = frozenset(["FIRM", "STATE", "PLACE", "FARM"])
_AUX = frozenset(
    stem(word)
    for word in words(
        "will would shall could may might should is are was were has have had does did been be being to can must"
    )
)
_SMALL = frozenset(
    ["BY", "TO", "FROM", "OF", "AT", "ON", "IN", "FOR", "WITH", "AFTER", "SUBJECT", "YEAR", "FUTURE", "FORMER"]
)
"""Classes that say little of what a sum is."""


def _acts(found: set[str], seen: Around, first: int, last: int) -> None:
    """Who acts in the clause of a figure, in which tense, and the two words of meaning nearest to it."""
    stems, around = seen.stems, seen.words
    aux, actor, lead = "-", "-", "-"
    near: list[str] = []
    for j in range(first - 1, max(first - 1 - _CLAUSE, -1), -1):
        if stems[j] in _STRONG:
            break
        if aux == "-" and stems[j] in _AUX:
            aux = stems[j]
        for name in around[j].classes:
            if name in _ACTORS:
                lead = name
                if actor == "-":
                    actor = name
        if len(near) < 3:
            tells = [name for name in around[j].classes if name not in _SMALL and name not in _ACTORS]
            if tells:
                near.append(tells[0])
                found.update([f"K{len(near)}.{name}" for name in tells])
    after = "-"
    for j in range(last, min(last + 8, len(stems))):
        if stems[j] in _STRONG:
            break
        tells = [name for name in around[j].classes if name not in _SMALL]
        if tells:
            after = tells[0]
            found.update([f"KA.{name}" for name in tells])
            found.update([f"KA{stems[last]}.{name}" for name in tells])
            break
    k1 = near[0] if near else "-"
    k2 = near[1] if len(near) > 1 else "-"
    found.update(
        (f"aux={aux}", f"ac={actor}", f"le={lead}", f"aux={aux}_{k1}", f"ac={actor}_{k1}", f"le={lead}_{k1}")
    )
    found.update((f"K12={k1}_{k2}", f"K1A={k1}_{after}", f"le={lead}_{aux}"))
