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
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import chain, pairwise

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
    phrases: dict[tuple[str, str], tuple[tuple[tuple[str, ...], str], ...]]
    """First two stems of a phrase -> the stems after them and its class."""
    topics: frozenset[str]
    moves: frozenset[str]


@cache
def _words() -> _Words:
    source = resources.files(__package__).joinpath("roles_words.toml").read_text(encoding="utf-8")
    data = tomllib.loads(source)
    single: dict[str, list[str]] = {}
    phrases: dict[tuple[str, str], set[tuple[tuple[str, ...], str]]] = {}
    for name, listing in data["classes"].items():
        for word in listing.split():
            if "_" in word:
                first, second, *rest = map(stem, word.split("_"))
                phrases.setdefault((first, second), set()).add((tuple(rest), name))
                continue
            for key in {word, stem(word)}:
                names = single.setdefault(key, [])
                if name not in names:
                    names.append(name)
    return _Words(
        single={word: tuple(names) for word, names in single.items()},
        phrases={pair: tuple(sorted(rows)) for pair, rows in phrases.items()},
        topics=frozenset(data["topics"].split()),
        moves=frozenset(data["moves"].split()),
    )


_KEPT = 20_000
"""Words remembered; a hostile text has no end of them."""


def _number(word: str) -> str:
    """The stem of a number: years are told apart, since "in 2024" is not "by 2030" is not "12"."""
    return "#y" if len(word) == 4 and word.startswith(("19", "20")) and word.isdigit() else "#"


class _Told(dict[str, tuple[str, tuple[str, ...]]]):
    """Stem and classes of a token, made when first asked for; every number is one token."""

    def __missing__(self, word: str) -> tuple[str, tuple[str, ...]]:
        if len(self) >= _KEPT:
            self.clear()
        short, table = _number(word) if word[0].isdigit() else stem(word), _words().single
        classes = () if short[0] == "#" else table.get(word) or table.get(short)
        if classes is None and len(short) > 3 and short[-1] == short[-2]:
            classes = table.get(short[:-1])  # "capping", "slipped"
        told = self[word] = (short, classes or ())
        return told


_told = _Told().__getitem__


@lru_cache(maxsize=20_000)
def _topics_moves(classes: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The classes among `classes` that are topics, and those that are moves."""
    known = _words()
    return tuple(c for c in classes if c in known.topics), tuple(c for c in classes if c in known.moves)


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
    """A sentence with figures, cut into stems and classes once."""

    __slots__ = ("all", "classes", "ends", "starts", "stems")

    def __init__(self, low: str, start: int, end: int) -> None:
        tokens = list(_TOKEN.finditer(low, start, end))
        told = [_told(token[0]) for token in tokens]
        self.starts: list[int] = [token.start() for token in tokens]
        self.ends: list[int] = [token.end() for token in tokens]
        self.stems: list[str] = [short for short, _ in told]
        self.classes: list[tuple[str, ...]] = [classes for _, classes in told]
        phrases, stems = _words().phrases, self.stems
        for i, pair in enumerate(pairwise(stems)):
            for rest, name in phrases.get(pair, ()):
                if name not in self.classes[i] and stems[i + 2 : i + 2 + len(rest)] == list(rest):
                    self.classes[i] = (*self.classes[i], name)
        self.all: frozenset[str] = frozenset(chain.from_iterable(self.classes))


_TIMES = frozenset(["CURRENT", "FORMER", "FUTURE", "COMPARE", "CUT", "HIKE"])
_DOWN, _UP = frozenset(["CUT", "FALL"]), frozenset(["HIKE", "RISE"])
"""Classes of what was and what will be, which a figure tells of its neighbour."""
_BESIDE = 5


def _times(seen: Around, figure: Figure) -> set[str]:
    """Classes of time and change within a few words of a figure."""
    first = bisect_left(seen.ends, figure.start + 1)
    last = bisect_left(seen.starts, figure.end)
    found: set[str] = set()
    for group in seen.classes[max(first - _BESIDE, 0) : first]:
        found.update(group)
    for group in seen.classes[last : last + _BESIDE]:
        found.update(group)
    return found & _TIMES


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
    stems, classes = seen.stems, seen.classes
    found = {"bias", f"u={stem(figure.unit.lower())}", f"b={block}"}
    add = found.add
    said = general(role)
    l1 = stems[first - 1] if first else "^"
    l2 = stems[first - 2] if first > 1 else "^"
    r1 = stems[last] if last < len(stems) else "$"
    r2 = stems[last + 1] if last + 1 < len(stems) else "$"
    found.update((f"l1={l1}", f"l2={l2}", f"l21={l2}_{l1}", f"r1={r1}", f"r2={r2}", f"r12={r1}_{r2}"))
    met = _side(found, "L", stems, classes, range(first - 1, max(first - 1 - _BACK, -1), -1))
    ahead = _side(found, "R", stems, classes, range(last, min(last + _AHEAD, len(stems))))
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
    kind = kind_of(figure)
    _frame(found, seen, first, last, kind)
    if kind != "percent":
        _acts(found, seen, first, last)
    add(f"order={'m' if left and right else 'l' if left else 'f' if right else 'o'}")
    return list(found)


def _side(
    found: set[str], side: str, stems: Sequence[str], classes: Sequence[tuple[str, ...]], places: range
) -> str:
    """Words and classes on one side of a figure, from the nearest on; the nearest class of all, or ""."""
    crossed, met, near = 0, "", 0
    for i in places:
        word = stems[i]
        if word in _BOUND:
            crossed += 1
        if word == "#":
            continue
        near += 1
        bucket = "a" if near <= _NEAR and not crossed else "b" if near <= _FAR and crossed < 2 else "c"
        if bucket != "c":
            found.add(f"{side}{bucket}:{word}")
        for name in classes[i]:
            found.add(f"{side}{bucket}.{name}")
            if not met:
                met = name
                found.add(f"{side}n={name}")
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
_STRONG = frozenset([";", ":", "(", ")", "|", "—", "–", "but", "while", "which", "whereas", "that", "who"])
_CLAUSE = 26


def _frame(found: set[str], seen: Around, first: int, last: int, kind: str) -> None:
    """What governs the figure, what its clause is about, and what stands right after it."""
    stems, classes = seen.stems, seen.classes
    i = first - 1
    while i >= 0 and first - i < 7 and stems[i] in _FILL and not (stems[i] == "at" and stems[i - 1] not in _FILL):
        i -= 1
    g = stems[i] if i >= 0 else "^"
    found.add(f"g={g}")
    gov = g
    if g in _GOVERN or g in _STRONG or g == ",":
        gov = g
    else:
        names = classes[i] if i >= 0 else ()
        found.update([f"g.{name}" for name in names])
        gov = names[0] if names else "w"
    # Leftwards: nearest topic and move within the clause, and beyond it.
    topics: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    crossed = False
    for j in range(first - 1, max(first - 1 - _CLAUSE, -1), -1):
        if stems[j] in _STRONG:
            crossed = True
            continue
        t, m = _topics_moves(classes[j])
        if t:
            if not crossed:
                if not topics:
                    topics = t
                head = t
            elif not far:
                far = t
        if m and not crossed and not moves:
            moves = m
    ahead: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    for j in range(last, min(last + 12, len(stems))):
        if stems[j] in _STRONG or (stems[j] == "#" and ahead):
            break
        t, m = _topics_moves(classes[j])
        if t and not ahead:
            ahead = t
        if m and not moved:
            moved = m
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
        found.update([f"A.{name}" for name in classes[last]])
        if follow in ("of", "in", "on", "for", "to", "from", "as", "at", "by", "with"):
            for j in range(last + 1, min(last + 6, len(stems))):
                t, _ = _topics_moves(classes[j])
                if t:
                    found.update([f"H{follow}.{x}" for x in t])
                    break
    # A label before a colon, the first topic of the sentence.
    for j in range(min(len(stems), 9)):
        if stems[j] == ":" and j < first:
            for k in range(j):
                found.update([f"LB.{t}" for t in _topics_moves(classes[k])[0]])
            break
    for j in range(len(stems)):
        t, _ = _topics_moves(classes[j])
        if t:
            found.update([f"TF.{x}" for x in t])
            break


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
    stems, classes = seen.stems, seen.classes
    aux, actor, lead = "-", "-", "-"
    near: list[str] = []
    for j in range(first - 1, max(first - 1 - _CLAUSE, -1), -1):
        if stems[j] in _STRONG:
            break
        if aux == "-" and stems[j] in _AUX:
            aux = stems[j]
        for name in classes[j]:
            if name in _ACTORS:
                lead = name
                if actor == "-":
                    actor = name
        if len(near) < 3:
            tells = [name for name in classes[j] if name not in _SMALL and name not in _ACTORS]
            if tells:
                near.append(tells[0])
                found.update([f"K{len(near)}.{name}" for name in tells])
    after = "-"
    for j in range(last, min(last + 8, len(stems))):
        if stems[j] in _STRONG:
            break
        tells = [name for name in classes[j] if name not in _SMALL]
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
