"""Parts of the made-up brief: names, a maker of findings, and the tables of the annex."""

from __future__ import annotations

import random
from itertools import count

from winset.brief.content import (
    Assumed,
    ComparisonRow,
    Finding,
    RateRow,
    RateTable,
    SectorRow,
    Source,
)

HOSTILE = '<script>alert(1)</script> & "quoted" <b>'
RUN = "run-0f1e2d3c4b5a"
MONEY = "million US dollars of 2022, present value"

PACKAGES = (
    ("korus", "Korea-US free trade agreement as it stood before March 2025"),
    ("april-2025", "Liberation Day: 25% on everything"),
    ("threat-25", "Letter of 7 July: 25% from 1 August"),
    ("july-2025-framework", "Framework of 30 July 2025: 15%, $350bn invested, $100bn of energy"),
    ("october-2025-deal", "Joint fact sheet of 29 October 2025: $200bn at $20bn a year, $150bn in ships"),
    ("court-2026", "After the ruling: Section 122 at 10% and Section 232 kept"),
    ("counter", "Counter-offer 한국 제안"),
)
PARTIES = ("Korea", "United States", "Japan", "대한민국과 유럽연합 (European Union 27)")
# fmt: off
SECTORS = (
    "Crops and animals", "Forestry", "Fishing and aquaculture", "Coal", "Crude oil and natural gas",
    "Metal ores", "Other mining and quarrying", "Mining support services", "Food, beverages and tobacco",
    "Textiles, clothing and leather", "Wood products", "Paper and printing", "Coke and refined petroleum",
    "Chemicals", "Pharmaceuticals", "Rubber and plastics",
    "Other non-metallic minerals (cement, glass, ceramics)", "Iron and steel",
    "Non-ferrous metals (aluminium, copper)", "Fabricated metal products",
    "Computers, electronics and optical (incl. semiconductors)", "Electrical equipment (incl. batteries)",
    "Machinery", "Motor vehicles and parts", "Ships and boats",
    "Aircraft, rail and other transport equipment", "Furniture, other manufacturing, repair",
    "Services, utilities and construction (aggregate)",
)
# fmt: on
LINES = (
    ("Tariffs: real income, revenue included", "model", (RUN, "discount-rate")),
    (
        "Investment pledge: $200bn in cash, projects shared half and half until repaid",
        "arithmetic",
        ("invest-200", "discount-rate", "project-yield", "deemed-rate"),
    ),
    ("Ships: $150bn of investment, guarantees and loans", "arithmetic", ("ships-150", "discount-rate")),
    (
        "Purchases: LNG and other energy, $100bn over four years (price premium only)",
        "arithmetic",
        ("energy-100", "premium"),
    ),
    ("Share of the cost of troops (in threat-25, not in the framework)", "assumption", ("troops",)),
)
THIRD = ("Japan", "China", "European Union 27", "Viet Nam", "Mexico", "Canada", "Taiwan", "Rest of the world")


class Maker:
    def __init__(self) -> None:
        self.ids = (f"f-{n}" for n in count(1))
        self.random = random.Random(20251029)

    def finding(self, label: str, value: float, spread: float, **changes: object) -> Finding:
        fields: dict[str, object] = {
            "id": next(self.ids),
            "label": label,
            "value": value,
            "low": value - spread,
            "high": value + spread * 1.3,
            "unit": MONEY,
            "horizon": "10 years, trade fully adjusted",
            "against": "threat-25",
            "baseline": "icio-2022",
            "closure": "world-share",
            "elasticities": "BSY",
            "basis": "model",
            "rests_on": (RUN,),
        }
        return Finding(**(fields | changes))  # type: ignore[arg-type]


def rates(importer: str, exporter: str, titles: list[str]) -> RateTable:
    columns = ("Now", *titles)
    goods = (
        "Cars",
        "Car parts",
        "Light trucks",
        "Steel",
        "Aluminium",
        "Semiconductors",
        "Medicines",
        "Lumber",
        "Ships",
        "Everything else",
    )
    cells = ("15 in all", "25 added", "unknown", "0", "50 added", "15 in all", "10 added", "25 in all")
    rows = tuple(
        RateRow(
            good=good.lower(),
            label=good,
            cells=tuple(cells[(n * 3 + c * (1 if c else 0)) % len(cells)] for c in range(len(columns))),
            details=tuple(
                "Not settled: no notice was found"
                if cells[(n * 3 + c) % len(cells)] == "unknown"
                else f"Section 232, Proclamation 10908; 90 FR {14700 + n}"
                for c in range(len(columns))
            ),
        )
        for n, good in enumerate(goods)
    )
    return RateTable(importer=importer, exporter=exporter, columns=columns, rows=rows)


def path() -> tuple[tuple[str, tuple[tuple[str, float | None], ...]], ...]:
    return (
        ("Cars", (("2025-01-01", 0.0), ("2025-04-03", 25.0), ("2025-11-01", 15.0))),
        ("Car parts", (("2025-01-01", 0.0), ("2025-05-03", 25.0), ("2025-11-01", 15.0))),
        ("Steel and articles of steel", (("2025-01-01", 0.0), ("2025-03-12", 25.0), ("2025-06-04", 50.0))),
        (
            "Everything else",
            (
                ("2025-01-01", 0.0),
                ("2025-04-05", 10.0),
                ("2025-04-09", 25.0),
                ("2025-04-10", 10.0),
                ("2025-08-07", 15.0),
                ("2026-02-20", 0.0),
                ("2026-02-24", 10.0),
                ("2026-07-24", None),
            ),
        ),
        ("반도체 (semiconductors)", (("2025-01-01", 0.0), ("2026-01-15", None))),
        (
            "Light trucks",
            (("2025-01-01", 25.0), ("2025-04-03", 50.0), ("2025-11-01", 15.0), ("2026-09-01", 12.5)),
        ),
    )


def sectors(make: Maker, who: tuple[str, ...], packages: int) -> list[SectorRow]:
    rows = []
    for party in who:
        for n, name in enumerate(SECTORS):
            size = 9.0 if "Motor" in name else 0.00004 if name == "Coal" else 1.1
            findings = tuple(
                None
                if n == 3 and p == 0
                else make.finding(
                    f"Output of {name}",
                    make.random.gauss(0, size),
                    size / 5,
                    unit="percent",
                    horizon="a year, trade fully adjusted",
                )
                for p in range(packages)
            )
            rows.append(SectorRow(region=party, sector=f"S{n}", name=name, findings=findings))
    return rows


def comparisons(make: Maker) -> tuple[ComparisonRow, ...]:
    def row(institution: str, low: float, high: float, ours: Finding, inside: bool, url: str) -> ComparisonRow:
        return ComparisonRow(
            institution=institution,
            date="2025-06-30",
            scenario="25% on everything kept, steel and aluminium at 50",
            outcome="Korea, real GDP",
            published=f"{low:.2f} to {high:.2f}" if low != high else f"{low:.2f}",
            published_low=low,
            published_high=high,
            ours=ours,
            inside=inside,
            why="The published figure is one year out and keeps the exchange rate fixed; ours is long run.",
            claim="kiep-estimate",
            url=url,
        )

    percent = {"unit": "percent", "against": "korus", "horizon": "a year, trade fully adjusted"}
    return (
        row(
            "KIEP (public hearing)",
            -0.40,
            -0.30,
            make.finding("Korea, real income", -0.37, 0.08, **percent),
            True,
            "https://example.org/kiep?a=1&b=2",
        ),
        row(
            "KIET",
            -0.34,
            -0.34,
            make.finding("Korea, real income", -0.21, 0.08, **percent),
            False,
            "javascript:alert(1)",
        ),
        row(
            "국회예산정책처 (National Assembly Budget Office)",
            -0.71,
            -0.2,
            make.finding("Korea, real income", -0.37, 0.08, **percent),
            True,
            "",
        ),
        row(
            "KIEP, welfare",
            9664.0,
            17021.0,
            make.finding(
                "Korea, real income",
                8123456.0,
                2_000_000.0,
                horizon="a year, trade fully adjusted",
                unit="million US dollars of 2022 a year",
            ),
            False,
            "https://example.org/welfare",
        ),
    )


def assumptions() -> tuple[Assumed, ...]:
    def one(id: str, label: str, value: float, low: float, high: float, unit: str, *source: str) -> Assumed:
        return Assumed(
            id=id,
            label=label,
            value=value,
            low=low,
            high=high,
            unit=unit,
            why="A round number between the two published ones.",
            source=source,
        )

    return (
        one(
            "discount-rate",
            "Real discount rate of Korea",
            0.045,
            0.03,
            0.06,
            "fraction a year",
            "kiep-estimate",
        ),
        one("project-yield", "Yield of the projects", 0.06, 0.03, 0.09, "fraction a year"),
        one("deemed-rate", "Interest deemed earned before shares change", 0.05, 0.05, 0.05, "fraction a year"),
        one(
            "premium",
            "Price paid above the market for energy",
            0.02,
            0.0,
            0.05,
            "share of the price",
            "nowhere",
        ),
        one("troops", "Extra share of the cost of troops", 1250.0, 0.0, 5000.0, "million US dollars a year"),
    )


def sources() -> tuple[Source, ...]:
    def one(claim: str, text: str, url: str) -> Source:
        return Source(
            claim=claim, text=text, publisher="Yonhap 연합뉴스", date="2025-10-29", url=url, confidence="high"
        )

    return (
        one("invest-200", "Korea invests $200bn in cash, at most $20bn a year.", "https://example.org/a"),
        one("ships-150", "Korea puts $150bn into American shipbuilding.", "javascript:alert(document.cookie)"),
        one(
            "energy-100",
            f"Korea buys $100bn of energy. {HOSTILE}",
            'https://example.org/"><script>alert(1)</script>',
        ),
        one("ruling", "The Supreme Court held the IEEPA tariffs void.", ""),
        one("s122-lapse", "Section 122 tariffs lapsed after 150 days.", "http://example.org/c"),
        one("kiep-estimate", "KIEP told a public hearing what a deal would be worth.", "https://example.org/d"),
    )
