"""A made-up brief for pictures, of any size. No number in it means anything."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence

from brief.sample import sample
from brief.sample_parts import HOSTILE, Maker
from winset.brief.content import BriefContent, DriverRow, Finding, SectorRow
from winset.brief.figure_data import (
    BargainPoint,
    BargainView,
    DutyPart,
    DutyPath,
    DutyStep,
    DutyTimeline,
    MemoSeries,
    PolicyDate,
    RegionEffect,
    WorldEffects,
)

__all__ = ["bargain_view", "rich", "timeline"]

LONG = "Framework of the last days of summer with an annex on semiconductor-equipment and shipbuilding"
NAMES = ("Korea", "United States", "대한민국과 유럽연합 (European Union 27)", "A$1$B{x}", "Japan", LONG)
ZONES = ("KOR", "USA", "JPN", "CHN", "EU27", "SGP", "BRA", "CAN", "ROW")


class Numbers:
    """Findings without end."""

    def __init__(self) -> None:
        self.make = Maker()
        self.random = random.Random(7)

    def __call__(self, size: float = 20000.0, **changes: object) -> Finding:
        return self.make.finding("a number", self.random.gauss(0, size), size / 3, **changes)

    def percent(self, size: float = 0.3) -> Finding:
        return self(size, unit="percent", horizon="a year")


def rich(packages: int = 7, parties: int = 2, *, sectors: int = 12, language: str = "en") -> BriefContent:
    """Something for every picture to draw."""
    number = Numbers()
    titles = tuple(f"{n}: {LONG if n % 3 == 0 else 'Terms of ' + str(2000 + n)}" for n in range(packages))
    names = tuple(f"package-{n}" for n in range(packages))
    who = [NAMES[n] for n in range(parties)]
    lines = [("Tariffs: real income, revenue included", 9000.0), (LONG + HOSTILE, 30000.0), ("Purchases", 500.0)]
    return dataclasses.replace(
        sample(2, 2),
        language=language,
        packages=names,
        package_titles=titles,
        headline_package=names[0],
        main_against="threat-25",
        bars=tuple((party, tuple(number() for _ in names)) for party in who),
        waterfall=tuple((party, tuple(number(size) for _, size in [*lines, ("Net", 1.0)])) for party in who),
        sectors=tuple(
            SectorRow(
                region=party, sector=f"S{n}", name=LONG if n == 1 else f"Sector {n} & Söhne",
                findings=tuple(None if n == 2 else number.percent(4.0) for _ in names),
            )
            for party in who for n in range(sectors)
        ),
        third_parties=tuple(
            (zone, tuple(number.percent(0.05) for _ in names)) for zone in ("Japan", LONG, "중국", "ROW")
        ),
        drivers=tuple(
            (
                party,
                tuple(
                    DriverRow(label=label, span=number(), low_end="low end", share=number.percent(20.0))
                    for label in ("Yield", LONG, "Which set of elasticities")
                ),
            )
            for party in who
        ),
        timeline=timeline(),
        world=WorldEffects(
            packages=titles,
            regions=tuple(
                RegionEffect(
                    code=code, name=f"{code} {HOSTILE}" if code == "BRA" else code, party=code in ("KOR", "USA"),
                    residual=code == "ROW",
                    findings=tuple(None if code == "CAN" else number.percent() for _ in names),
                )
                for code in ZONES
            ),
        ),
        bargain_view=bargain_view(number, who, packages),
        memos=tuple(
            MemoSeries(
                id=id, label=label, packages=titles,
                rows=tuple((party, tuple(None if n == 1 else number() for n in range(packages))) for party in who),
            )
            for id, label in (("revenue", "Tariff revenue"), ("prices", "Consumer prices"), ("other", "Other"))
        ),
    )  # fmt: skip


def timeline() -> DutyTimeline:
    """Steps with a total duty over a lower one, a gap, a projection, and days close together."""

    def step(since: str, rate: float | None, *parts: DutyPart) -> DutyStep:
        return DutyStep(since=since, rate=rate, parts=parts, why="" if rate is not None else "no notice was found")

    def part(authority: str, rate: float, kind: str = "additional") -> DutyPart:
        return DutyPart(authority=authority, rate=rate, kind=kind, citation=f"Notice on {authority}")  # type: ignore[arg-type]

    return DutyTimeline(
        importer="United States",
        exporter="Korea",
        authorities=(("S232", "Section 232"), ("S122", "Section 122"), ("never", "Unused")),
        paths=(
            DutyPath(good="cars", label="Cars", steps=(
                step("2025-01-01", 2.5, part("normal", 2.5)),
                step("2025-04-03", 27.5, part("normal", 2.5), part("S232", 25)),
                step("2025-11-01", 15.0, part("S232", 15, "total"), part("trade-agreement", 2.5, "total")),
            )),
            DutyPath(good="steel", label=LONG, steps=(
                step("2025-01-01", 0.0),
                step("2025-03-12", 25.0, part("S232", 25)),
                step("2025-03-13", 35.0, part("S232", 25), part("S122", 10)),
                step("2026-07-24", None),
            )),
            DutyPath(good="x", label="Unnamed <duty>", steps=(step("2025-06-01", 12.5),)),
        ),
        dates=(
            PolicyDate(day="2025-04-02", label="An announcement"),
            PolicyDate(day="2025-04-03", label=f"A day later {HOSTILE}"),
            PolicyDate(day="2031-01-01", label="Too late to be drawn"),
        ),
    )  # fmt: skip


def bargain_view(number: Numbers, who: Sequence[str], points: int) -> BargainView:
    """Points in a crowd at the origin and some far from it, a frontier near the origin, a sample."""
    kinds = ("disagreement", "package", "offer", "solution", "counter-offer", "status-quo")
    frontier = [(30000 - 3000.0 * k, 30000 - 0.03 * (30000 - 3000.0 * k - 100) ** 1.05) for k in range(10)]
    frontier = [(x, 30000 - 30000 * (x / 30000) ** 2) for x, _ in frontier]
    return BargainView(
        parties=tuple(who),
        points=tuple(
            BargainPoint(
                id=f"point-{n}", label=LONG if n % 4 == 1 else f"Point {n}", kind=kinds[n % len(kinds)],  # type: ignore[arg-type]
                payoffs=tuple(number(0.0 if n == 0 else 3000.0 if n % 2 else 90000.0) for _ in who),
                accepted_by=tuple(who) if n % 3 == 0 else tuple(who[:1]),
            )
            for n in range(max(points, 2))
        ),
        frontier=tuple((number.make.finding("x", x, 0.0), number.make.finding("y", y, 0.0)) for x, y in frontier)
        if len(who) == 2 else (),
        sample=tuple(tuple(number.random.gauss(0, 50000) for _ in who) for _ in range(60)),
        sample_accepted=tuple(tuple(number.random.random() < 0.3 for _ in who) for _ in range(60)),
        shares=tuple(number.percent(30.0) for _ in who),
    )  # fmt: skip
