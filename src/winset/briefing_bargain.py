"""The part of a brief on win-sets and frontier: a negotiation's numbers as findings. Computes no economics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from winset.bargaining.counter import CounterOffer
from winset.brief.content import Bargaining, BriefContent, Counter, Finding, Refusal
from winset.brief.figure_data import BargainPoint, BargainView
from winset.briefing_tables import Writer, rests_of
from winset.negotiation import Negotiation, Point
from winset.package.bargain_sheet import BargainSheet, load_bargain
from winset.valuation.account import Band

__all__ = ["bargained"]

MILLIONS = 1e3
"""Negotiations are told in billions; findings of money are millions."""
SMALL = 1e-6
REFUSALS = 4
"""Conditions shown for each party, the one that keeps out most first."""
SOLUTIONS = {
    "nash": "Nash solution", "kalai_smorodinsky": "Kalai-Smorodinsky solution",
    "egalitarian": "Equal gains", "utilitarian": "Largest sum",
}  # fmt: skip
Basis = Literal["model", "arithmetic", "assumption", "record"]


def bargained(write: Writer, content: BriefContent, found: Negotiation) -> BriefContent:
    """The content with its bargain; every number rests on the run and on what the packages rest on."""
    teller = _Teller(write, found)
    return replace(
        content, bargain_view=teller.view(), bargain=teller.bargaining() if found.levers else teller.listed()
    )


class _Teller:
    def __init__(self, write: Writer, found: Negotiation) -> None:
        self.write, self.found, self.words = write, found, write.words
        self.sheet: BargainSheet | None = load_bargain(write.case)
        self.base = self.sheet.base if self.sheet else found.disagreement
        known = write.opened.valuer().value([(self.base, found.disagreement)] if self.sheet else [])
        rests = {found.run: None}
        for account in known.accounts:
            for code in write.case.parties:
                rests |= dict.fromkeys(rests_of(account, code))
        self.rests = tuple(rests)
        self.names = [write.name(code) for code in found.parties]

    # ------------------------------------------------------------------ findings

    def finding(
        self, id: str, label: str, value: float, unit: str, *, against: str = "", basis: Basis = "model",
        rests: Iterable[str] = (), width: float = 0.0,
    ) -> Finding:  # fmt: skip
        band = Band(value=value, low=value - width, high=value + width)
        return self.write.finding(
            f"bargain/{id}", label, band, unit=unit, horizon=self.write.horizon, against=against, basis=basis,
            rests_on=dict.fromkeys((*self.rests, *rests)),
        )  # fmt: skip

    def money(self, id: str, label: str, code: str, billions: float, rests: Iterable[str] = ()) -> Finding:
        """What a package is worth to a party over no deal."""
        return self.finding(
            f"{id}/{code}", self.words("{party}: {package}", party=self.write.name(code), package=label),
            billions * MILLIONS, self.write.valuation.unit, against=self.found.disagreement, rests=rests,
        )  # fmt: skip

    def percent(self, id: str, label: str, share: float, error: float = 0.0, rests: Iterable[str] = ()) -> Finding:
        """A share of the packages looked at; its band is two standard errors, within 0 to 100."""
        made = self.finding(id, label, 100 * share, "percent of the packages looked at", rests=rests,
                            width=200 * error)  # fmt: skip
        return replace(made, low=max(0.0, made.low), high=min(100.0, made.high))

    # ------------------------------------------------------------------ the picture

    def label(self, point: Point) -> str:
        """A point in words of the brief or of the case."""
        if point.kind == "solution":
            return self.words(SOLUTIONS[point.id])
        if point.kind == "disagreement":
            return self.words("No deal: {package}", package=self.write.title(self.found.disagreement))
        return self.words.of_case(point.label)

    def view(self) -> BargainView:
        """Points and frontier."""
        found = self.found
        citations = {one.id: one.citation for one in self.sheet.offers} if self.sheet else {}
        points = []
        for point in found.points:
            label = self.label(point)
            rests = citations.get(point.id, ())
            points.append(
                BargainPoint(
                    id=point.id,
                    label=label,
                    kind=point.kind,  # type: ignore[arg-type]
                    payoffs=tuple(
                        self.money(f"{point.kind}/{point.id}", label, code, point.payoffs[code], rests)
                        for code in found.parties
                    ),
                    by=self.party(point.by),
                    accepted_by=tuple(self.write.name(code) for code in point.accepted_by),
                )
            )
        curve = found.frontier.points if found.frontier else ()
        frontier = tuple(
            tuple(
                self.money(
                    f"frontier/{k + 1}", self.words("Frontier, point {number}", number=k + 1), code, float(v)
                )
                for code, v in zip(found.parties, one.payoffs, strict=True)
            )
            for k, one in enumerate(curve)
        )
        return BargainView(
            parties=tuple(self.names),
            points=tuple(points),
            frontier=frontier,
            sample=tuple(tuple(MILLIONS * v for v in row) for row in found.sample.tolist()),
            sample_accepted=tuple(tuple(row) for row in found.sample_accepted.tolist()),
            sampled=len(found.sample),
            shares=self.sizes(),
        )

    def party(self, by: str) -> str:
        """Name of who made an offer."""
        if by in self.found.parties:
            return self.write.name(by)
        return self.words("both") if by == "both" else by

    # ------------------------------------------------------------------ what stands in words and tables

    def sizes(self) -> tuple[Finding, ...]:
        """Size of each win-set."""
        return tuple(
            self.percent(
                f"win-set/{code}", self.words("{party}: size of the win-set", party=self.write.name(code)),
                self.found.winsets[code].size, self.found.winsets[code].error,
            )
            for code in self.found.parties if code in self.found.winsets
        )  # fmt: skip

    def listed(self) -> Bargaining:
        """A case without levers: its packages bargain as they stand."""
        return Bargaining(
            parties=tuple(self.names),
            against=self.write.title(self.found.disagreement),
            sampling=self.words(
                "This case opens no levers (it has no bargain.yaml): its packages bargain as they stand."
            ),
        )

    def bargaining(self) -> Bargaining:
        """Win-sets, solutions, what opens a deal, counter-offers."""
        found, words = self.found, self.words
        agreement = found.agreement
        share = None
        if agreement is not None:
            error = agreement.error if agreement.error == agreement.error else 0.0
            label = words("Packages that all accept and that leave nobody below no deal")
            share = self.percent("agreement", label, agreement.size, error)
            if agreement.empty:
                share = replace(share, high=min(100.0, 100 * agreement.upper))
        return Bargaining(
            parties=tuple(self.names),
            against=self.write.title(found.disagreement),
            levers=self.levers(),
            solutions=tuple(words(SOLUTIONS[name]) for name in self.solved()),
            win_sets=self.sizes(),
            refusals=tuple(self.refusals()),
            agreement=share,
            agreement_words=self.room(),
            opens=self.opens(),
            payment=self.payment(),
            counters=tuple(self.counter(offer, one) for offer, one in found.counters),
            in_words=tuple(words.of_case(one) for one in found.in_words),
            sampling=words(
                "Looked at: {sampled} packages spread evenly over the bounds of {levers} levers (scrambled "
                "Sobol), and a frontier of {points} points; assumptions at their central values. Sizes of "
                "win-sets depend on those bounds, so they are to be compared, not read alone. 'winset bargain' "
                "looks at more.",
                sampled=len(found.sample), levers=len(found.levers),
                points=len(found.frontier.points) if found.frontier else 0,
            ),
        )  # fmt: skip

    def room(self) -> str:
        """Whether there is room for a deal, in words."""
        found = self.found
        if found.solutions is None or found.agreement is None:
            return ""
        if found.solutions.reason:
            return self.words(
                "No package was found that all ratifiers accept and that leaves nobody below no deal"
            )
        if found.agreement.empty:
            return self.words(
                "There are packages that all ratifiers accept and that leave nobody below no deal, but they are "
                "few: none was among those looked at"
            )
        return self.words("There are packages that all ratifiers accept and that leave nobody below no deal")

    def solved(self) -> Sequence[str]:
        return list(self.found.solutions.solutions) if self.found.solutions else []

    def levers(self) -> tuple[tuple[str, str, tuple[Finding, ...]], ...]:
        """Where each lever stands at each solution."""
        found, rows = self.found, []
        for k, lever in enumerate(found.levers):
            label = self.words.of_case(lever.label)
            cells = tuple(
                self.finding(f"lever/{lever.id}/{name}", f"{label}: {self.words(SOLUTIONS[name])}",
                             float(found.solutions.solutions[name].x[k]), lever.unit)
                for name in self.solved() if found.solutions
            )  # fmt: skip
            rows.append((label, self.words.of_case(lever.unit), cells))
        return tuple(rows)

    def condition(self, name: str) -> str:
        """What a ratifier is called; a name of another room's making stays."""
        return self.words.of_case(self.found.labels.get(name, name))

    def refusals(self) -> Iterable[Refusal]:
        """What each party's ratifiers keep out."""
        cited = {one.id: one.citation for one in self.sheet.ratifiers} if self.sheet else {}
        for code, size in self.found.winsets.items():
            party = self.write.name(code)
            for one in size.binding[:REFUSALS]:
                label, rests = self.condition(one.name), tuple(cited.get(one.name, ()))
                yield Refusal(
                    party=party,
                    label=label,
                    refused=self.percent(f"refused/{one.name}/{code}", self.words("{label}: refuses", label=label),
                                         one.refused, rests=rests),
                    alone=self.percent(f"alone/{one.name}/{code}", self.words("{label}: alone", label=label),
                                       one.alone, rests=rests),
                    why=self.words.of_case(self.found.why.get(one.name, "")),
                    sources=rests,
                )  # fmt: skip

    def opens(self) -> tuple[tuple[str, Finding], ...]:
        """The smallest relaxation that opens a deal."""
        one = self.found.relaxation
        if one is None or one.reason:
            return ()
        units = {x.id: x for x in self.sheet.ratifiers} if self.sheet else {}
        rows = []
        for name, value in one.loosened.items():
            label = self.condition(name)
            unit = "percent" if name in units and units[name].industry else "in the unit of the condition"
            rows.append((label, self.finding(f"relaxation/{name}", label, float(value), unit)))
        return tuple(rows)

    def payment(self) -> tuple[Finding, ...]:
        """The cheapest side-payment that opens one."""
        one = self.found.payment
        if one is None or one.reason or one.paid <= SMALL:
            return ()
        label = self.words("side-payment received")
        return tuple(
            self.money("payment", label, code, float(v))
            for code, v in zip(self.found.parties, one.received, strict=True)
        )

    def counter(self, offer: str, one: CounterOffer) -> Counter:
        """An answer to an offer."""
        found, words = self.found, self.words
        label = next(words.of_case(p.label) for p in found.points if p.id == offer)
        by = self.write.name(one.mover)
        if one.reason:
            return Counter(offer=label, by=by, reason=words.of_case(one.reason))
        levers = {lever.id: lever for lever in found.levers}
        moves = sorted(one.moved.instruments.items()) if one.moved else []
        answer = words("answer of {party} to: {offer}", party=by, offer=label)
        return Counter(
            offer=label,
            by=by,
            changes=tuple(
                (
                    words.of_case(levers[name].label),
                    self.finding(
                        f"counter/{offer}/by/{one.mover}/{name}",
                        words("{lever}, {answer}", lever=words.of_case(levers[name].label), answer=answer),
                        float(value), levers[name].unit, against=self.base,
                    ),
                )
                for name, value in moves if abs(value) > SMALL
            ),
            payoffs=tuple(
                self.money(f"counter/{offer}/by/{one.mover}", answer, code, float(v))
                for code, v in zip(found.parties, one.payoffs, strict=True)
            ),
        )  # fmt: skip
