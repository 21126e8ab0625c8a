"""Every finding of a brief, and what each rests on, as short marks that lead to the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from winset.brief.content import BriefContent, Finding
from winset.brief.words import Words

__all__ = [
    "Reference",
    "References",
    "anchor",
    "findings",
    "headline_title",
    "package_title",
    "titles_for",
]


def findings(content: BriefContent) -> list[Finding]:
    """Every finding of the brief once, in reading order.

    Two different findings under one id would make a link lie, so that is an error.
    """
    by_id: dict[str, Finding] = {}
    for one in _walk(content):
        if by_id.setdefault(one.id, one) != one:
            raise ValueError(f"two findings of the brief carry the id {one.id!r}")
    return list(by_id.values())


def _walk(content: BriefContent) -> Iterator[Finding]:
    yield from content.key_numbers
    for _, several in content.bars:
        yield from several
    for account in content.accounts:
        for _, cells in account.rows:
            yield from _present(cells)
        yield from account.net
        for _, cells in account.memos:
            yield from _present(cells)
    for _, several in content.waterfall:
        yield from several
    for row in content.sectors:
        yield from _present(row.findings)
    for _, several in content.third_parties:
        yield from several
    for _, several in content.chances:
        yield from several
    for _, rows in content.drivers:
        for driver in rows:
            yield from (driver.span, driver.share)
    for even in content.break_evens:
        yield from _present((even.value, even.assumed))
    for _, sets in content.elasticity_spread:
        yield from (one for _, one in sets)
    for series in content.memos:
        for _, cells in series.rows:
            yield from _present(cells)
    if content.world is not None:
        for region in content.world.regions:
            yield from _present(region.findings)
    yield from _bargained(content)
    for comparison in content.comparisons:
        yield comparison.ours


def _bargained(content: BriefContent) -> Iterator[Finding]:
    if content.bargain_view is not None:
        for point in content.bargain_view.points:
            yield from point.payoffs
        for place in content.bargain_view.frontier:
            yield from place
        yield from content.bargain_view.shares
    if content.bargain is None:
        return
    yield from content.bargain.win_sets
    for one in content.bargain.refusals:
        yield from (one.refused, one.alone)
    yield from _present([content.bargain.agreement])
    for _, _, cells in content.bargain.levers:
        yield from cells
    yield from (by for _, by in content.bargain.opens)
    yield from content.bargain.payment
    for counter in content.bargain.counters:
        yield from (by for _, by in counter.changes)
        yield from counter.payoffs


def _present(cells: Iterable[Finding | None]) -> Iterator[Finding]:
    return (cell for cell in cells if cell is not None)


def package_title(content: BriefContent, name: str) -> str:
    """The title of a package, or its name where it has none."""
    return dict(zip(content.packages, content.package_titles, strict=False)).get(name) or name


def headline_title(content: BriefContent) -> str:
    """Title of the package of the waterfall: as named, else the account that ends in the same net."""
    if content.headline_package:
        return package_title(content, content.headline_package)
    nets = [_same(lines[-1]) for _, lines in content.waterfall if lines]
    return next(
        (account.title for account in content.accounts if nets and [_same(f) for f in account.net] == nets),
        Words(content.language)("the headline package"),
    )


def _same(f: Finding) -> tuple[object, ...]:
    """What tells that two findings are one number, though each has an id of its own."""
    return f.value, f.low, f.high, f.unit, f.against


def titles_for(content: BriefContent, several: Sequence[Finding | None]) -> tuple[str, ...]:
    """The package title that belongs to each of some findings, one per package.

    A row may leave out the package that the others are held against, which would be zero by construction.
    """
    names = list(content.packages)
    held = next((one.against for one in several if one), "")
    if len(several) == len(names) - 1 and held in names:
        names.remove(held)
    if len(several) == len(names):
        return tuple(package_title(content, name) for name in names)
    return tuple(one.label if one else "" for one in several)


def anchor(kind: str, name: str) -> str:
    """The id in the document of a claim, an assumption or the like: no space, no quote."""
    return f"{kind}-" + re.sub(r"[^\w.-]+", "-", name)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Where the reader finds what a number rests on."""

    mark: str
    """Short and printed: R for the run, A1 for an assumption, C1 for a claim."""
    anchor: str
    """Id in the page; empty where the brief does not list it."""
    words: str
    """What stands there."""


class References:
    """Marks for everything that the numbers of a brief rest on, in the order of its lists."""

    def __init__(self, content: BriefContent) -> None:
        self._run = str(content.manifest.get("id", ""))
        self._words = Words(content.language)
        self._known: dict[str, Reference] = {}
        for one in content.assumptions:
            self._add("assumption", "A", one.id, one.label)
        for source in content.sources:
            self._add("claim", "C", source.claim, f"{source.text} ({source.publisher}, {source.date})")

    def _add(self, kind: str, letter: str, name: str, words: str) -> None:
        if name not in self._known:
            position = 1 + sum(ref.mark.startswith(letter) for ref in self._known.values())
            self._known[name] = Reference(mark=f"{letter}{position}", anchor=anchor(kind, name), words=words)

    def __call__(self, name: str) -> Reference:
        """The reference for an id; one that the brief does not list keeps its id and leads nowhere."""
        if name in self._known:
            return self._known[name]
        if name == self._run or name.startswith("run-") or name == "run":
            return Reference(mark="R", anchor="run", words=self._words("Run of the model: {name}", name=name))
        return Reference(mark=name, anchor="", words=self._words("{name}: not listed in this brief", name=name))

    def of(self, *several: Finding | None) -> list[Reference]:
        """Everything that some findings rest on, each once: the run, assumptions, claims, in list order.

        Three or more that follow each other in a list become one range, which leads to its first.
        """
        names = dict.fromkeys(name for one in several if one for name in one.rests_on)
        found = list(dict.fromkeys(self(name) for name in names))
        return _in_ranges(sorted(found, key=_order))


def _in_ranges(several: list[Reference]) -> list[Reference]:
    groups: list[list[Reference]] = []
    for ref in several:
        kind, position = _order(ref)
        if groups and kind in (1, 2) and _order(groups[-1][-1]) == (kind, position - 1):
            groups[-1].append(ref)
        else:
            groups.append([ref])
    kept: list[Reference] = []
    for group in groups:
        if len(group) < 3:
            kept += group
        else:
            first, last = group[0].mark, group[-1].mark
            words = "; ".join(f"{ref.mark} {ref.words}" for ref in group)
            kept.append(Reference(mark=f"{first}–{last}", anchor=group[0].anchor, words=words))
    return kept


def _order(ref: Reference) -> tuple[int, int]:
    kind = next((n for n, start in enumerate(("run", "assumption-", "claim-")) if ref.anchor.startswith(start)), 3)
    return kind, int(ref.mark[1:]) if kind in (1, 2) else 0
