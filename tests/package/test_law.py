"""The shipped law against the table it was made from, and against a slow reading of the stacking note."""

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

import winset
from winset.core.errors import RequestError, UnknownNameError
from winset.package.law import Law, load_law
from winset.package.terms import TariffTerm

DAY = dt.timedelta(days=1)
LAW_FILE = Path(next(iter(winset.__path__))) / "cases" / "korea-us-2025" / "law.yaml"


def shared(name: str) -> Path:
    for folder in Path(__file__).resolve().parents:
        if (folder / "shared" / name).exists():
            return folder / "shared" / name
    pytest.skip(f"the folder shared/ with {name} is not beside this checkout")


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law(LAW_FILE)


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    with shared("facts/us-tariffs-by-partner.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_every_row_of_the_table_is_in_the_law_on_its_days(law: Law, table: list[dict[str, str]]) -> None:
    assert len(table) == 498
    for row in table:
        since = day(row["since"])
        until = day(row["until"]) if row["until"] else None
        last = until or dt.date(2026, 7, 25)
        for on in (since, since + (max(last, since) - since) / 2, until or since + 900 * DAY):
            found = [
                entry
                for entry in law.entries["USA", row["region"]]
                if (
                    entry.good,
                    entry.authority,
                    entry.rate,
                    entry.kind,
                    entry.status,
                    entry.since,
                    entry.until,
                )
                == (
                    row["good"],
                    row["authority"],
                    float(row["rate_percent"]),
                    row["kind"],
                    row["status"],
                    since,
                    until,
                )
                and entry.covers(on)
            ]
            assert len(found) == 1, (row, on)
            assert found[0].confidence == row["confidence"]
            assert found[0].citation.split()[0] == row["source"].split()[0]


def test_the_law_holds_no_row_of_the_table_twice_or_beyond_it(law: Law, table: list[dict[str, str]]) -> None:
    # Rows of the law that are not in the table are for other goods, other importers, or exempt lists.
    goods = {row["good"] for row in table}
    ours = Counter(
        (exporter, e.good, e.authority, e.rate, e.since)
        for (importer, exporter), rows in law.entries.items()
        for e in rows
        if importer == "USA" and e.good in goods and e.status in ("in_force", "unconfirmed") and e.rate != 0
    )
    theirs = Counter(
        (r["region"], r["good"], r["authority"], float(r["rate_percent"]), day(r["since"]))
        for r in table
        if float(r["rate_percent"]) != 0
    )
    assert ours == theirs


# --- A slow reading of the note beside the table, sharing no code with the law ---------------------------

PARENTS = {
    "electric-cars": ["cars"],
    "cars-usmca-compliant": ["cars", "usmca-compliant"],
    "car-parts-usmca-compliant": ["car-parts", "usmca-compliant"],
}
NEIGHBOURS = ("CAN", "MEX")


def freed(region: str, good: str, authority: str, on: dt.date) -> bool:
    """The exempt goods of the note: by list, whatever the partner."""
    if authority == "IEEPA-reciprocal":
        listed = ["semiconductors", "energy", "copper"]
        if on >= dt.date(2025, 11, 13):
            listed.append("listed-farm-goods")
        return good in listed
    if authority == "S122":
        return good in ("semiconductors", "energy", "listed-farm-goods")
    if authority == "IEEPA-other" and region == "BRA":
        return good == "energy"
    return authority == "IEEPA-other" and region == "IND" and good in ("semiconductors", "energy")


def slow_rate(
    table: list[dict[str, str]], region: str, good: str, on: dt.date
) -> tuple[float | None, str | None, dict[str, float]]:
    rows = [
        row
        for row in table
        if row["region"] == region and row["since"] <= on.isoformat() <= (row["until"] or "9999-12-31")
    ]
    names = [good, *PARENTS.get(good, [])]
    wider = [] if good == "all-goods" else ["everything-else", "all-goods"]
    picked: dict[str, tuple[dict[str, str], str]] = {}
    for row in rows:
        label = row["authority"]
        if row["status"] == "unconfirmed":
            label += " Brazil" if "Brazil" in row["source"] else " new"
        if row["good"] not in names + wider:
            continue
        best = picked.get(label)
        order = (names + wider).index
        if best is None or order(row["good"]) < order(best[1]):
            picked[label] = (row, row["good"])
    for label, (row, place) in picked.items():
        if place != good and freed(region, good, row["authority"], on):
            picked[label] = ({**row, "rate_percent": "0", "kind": "additional"}, place)
    rates = {label: float(row["rate_percent"]) for label, (row, _) in picked.items()}

    def drop(*labels: str) -> None:
        for label in labels:
            picked.pop(label, None)
            rates.pop(label, None)

    metal = bool({"steel", "aluminium", "metal-derivatives"} & set(names))
    if region in NEIGHBOURS and metal and on <= dt.date(2025, 6, 3) and rates.get("IEEPA-fentanyl"):
        drop("S232")
    if rates.get("S232"):
        if region in NEIGHBOURS and (
            {"cars", "car-parts"} & set(names) or ((metal or "copper" in names) and on >= dt.date(2025, 6, 4))
        ):
            drop("IEEPA-fentanyl")
        drop("IEEPA-reciprocal", "IEEPA-other", "S122", "S301 new", "S301 Brazil")
    if any(row["status"] == "unconfirmed" for row, _ in picked.values()):
        return None, None, {}
    totals = [rates[label] for label, (row, _) in picked.items() if row["kind"] == "total"]
    added = sum(rates[label] for label, (row, _) in picked.items() if row["kind"] == "additional")
    kind = "total" if totals else "additional"
    return max(totals, default=0.0) + added, kind, {label: r for label, r in rates.items() if r}


# fmt: off
DATES = [
    "2025-01-01", "2025-02-04", "2025-03-04", "2025-03-07", "2025-03-12", "2025-04-03", "2025-04-05",
    "2025-04-09", "2025-04-10", "2025-05-03", "2025-05-14", "2025-06-04", "2025-06-30", "2025-08-01",
    "2025-08-07", "2025-08-27", "2025-09-16", "2025-10-31", "2025-11-01", "2025-11-14", "2026-02-23",
    "2026-02-24", "2026-04-06", "2026-07-23", "2026-07-24", "2026-08-15",
]
# fmt: on


def test_rates_agree_with_a_slow_reading_of_the_stacking_note(law: Law, table: list[dict[str, str]]) -> None:
    regions = sorted({row["region"] for row in table})
    goods = sorted({row["good"] for row in table})
    assert len(regions) == 23
    unknown = 0
    for region in regions:
        mine = [row for row in table if row["region"] == region]
        for good in goods:
            for on in map(day, DATES):
                rate, kind, parts = slow_rate(mine, region, good, on)
                answer = law.rate("USA", region, good, on)
                assert (answer.rate, answer.kind) == (rate, kind), (region, good, on, answer)
                found = {part.authority: part.rate for part in answer.parts if part.rate}
                assert found == parts, (region, good, on)
                unknown += rate is None
    assert unknown > 300  # the days after 24 Jul 2026 for goods outside Section 232


# --- The answers that were asked for ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("good", "on", "rate", "kind"),
    [
        ("cars", "2025-10-31", 25, "additional"),
        ("cars", "2025-11-01", 15, "total"),
        ("everything-else", "2025-08-06", 10, "additional"),
        ("everything-else", "2025-08-07", 15, "additional"),
        ("everything-else", "2025-11-14", 15, "total"),
        ("everything-else", "2026-02-24", 10, "additional"),
        ("steel", "2025-06-03", 25, "additional"),
        ("steel", "2025-06-04", 50, "additional"),
        ("cars", "2026-08-15", 15, "total"),
        ("cars", "2025-02-01", 0, "additional"),
        ("chips", "2025-12-01", 0, "additional"),
        ("aircraft-parts", "2025-11-13", 15, "additional"),
        ("aircraft-parts", "2025-11-14", 0, "additional"),
        ("furniture", "2025-11-14", 15, "total"),
        # KORUS keeps 25 on light trucks: 25 + 25 of Section 232, then the higher of 25 and 15.
        ("light-trucks", "2025-10-31", 50, "total"),
        ("light-trucks", "2025-11-01", 25, "total"),
    ],
)
def test_rates_on_korea(law: Law, good: str, on: str, rate: float, kind: str) -> None:
    answer = law.rate("USA", "KOR", good, day(on))
    assert (answer.rate, answer.kind) == (rate, kind)
    assert answer.parts
    assert all(part.citation for part in answer.parts)


def test_an_answer_in_json(law: Law) -> None:
    body = law.rate("USA", "KOR", "cars", day("2025-11-01")).as_json()
    assert {"rate", "unit", "kind", "parts"} <= set(body)
    assert body["unit"] == "percent"
    assert {"authority": "S232", "rate": 15.0, "since": "2025-11-01", "until": None}.items() <= body["parts"][
        0
    ].items()
    assert "90 FR 55964" in body["parts"][0]["citation"]
    assert "last_seen" not in body
    assert law.rate("USA", "KOR", "cars", day("2026-08-15")).as_json()["last_seen"] == "2026-07-25"


@pytest.mark.parametrize("on", ["2026-07-24", "2026-08-15", "2027-01-01"])
def test_law_that_was_only_proposed_is_unknown_and_named(law: Law, on: str) -> None:
    body = law.rate("USA", "KOR", "everything-else", day(on)).as_json()
    assert body["rate"] is None
    assert "12.5 percent" in body["why"]
    assert "never seen called in force" in body["why"]


def test_unknown_before_the_record_and_outside_it(law: Law) -> None:
    before = law.rate("USA", "KOR", "cars", day("2024-12-31"))
    assert before.rate is None
    assert "2025-01-01" in before.why
    silent = law.rate("JPN", "KOR", "cars", day("2025-06-01"))
    assert silent.rate is None
    assert "says nothing" in silent.why
    medicine = law.rate("USA", "KOR", "patented-medicines", day("2026-05-01"))
    assert medicine.rate is None
    assert "announced" in medicine.why


def test_names_are_checked_with_the_nearest_one(law: Law) -> None:
    on = day("2025-06-01")
    with pytest.raises(UnknownNameError, match=r"'carz'.*'cars'"):
        law.rate("USA", "KOR", "carz", on)
    with pytest.raises(UnknownNameError, match=r"exporter 'KOREA'.*'KOR'"):
        law.rate("USA", "KOREA", "cars", on)
    with pytest.raises(UnknownNameError, match="importer"):
        law.rate("US", "KOR", "cars", on)
    with pytest.raises(RequestError, match="own goods"):
        law.rate("KOR", "KOR", "cars", on)


@pytest.mark.parametrize(
    ("importer", "good", "on", "rate"),
    [
        ("CHN", "cars", "2025-04-11", 84),
        ("CHN", "cars", "2025-04-12", 125),
        ("CHN", "farm-list-15", "2025-06-01", 10 + 15),
        ("CHN", "coal-and-lng", "2025-02-10", 15),
        ("CAN", "steel", "2025-03-13", 25),
        ("CAN", "canada-list", "2025-09-01", 0),
        ("KOR", "rice", "2025-07-15", 513),
        ("KOR", "rice-in-quota", "2025-07-15", 5),
        ("KOR", "cars", "2025-07-15", 0),
        ("EU27", "cars", "2025-07-15", 0),
    ],
)
def test_rates_on_american_goods(law: Law, importer: str, good: str, on: str, rate: float) -> None:
    assert law.rate(importer, "USA", good, day(on)).rate == rate


def test_nothing_stands_without_a_citation_and_shares_lie_in_their_range(law: Law) -> None:
    book = law.book
    for section in (
        "normal_duty",
        "stacking",
        "compliance",
        "sector_shares",
        "exemptions",
        "sector_rates",
        "entries",
    ):
        for row in getattr(book, section):
            assert row.citation.strip(), row
    for row in (*book.sector_shares, *book.exemptions):
        judged = "assumption" in row.citation.lower()
        for sector, estimate in row.shares.items():
            assert estimate.low <= estimate.share <= estimate.high
            # A judgement has a range; only a matter of definition may be a point.
            assert not judged or estimate.low < estimate.high or estimate.share == 1, (row.citation, sector)


def test_no_sentence_of_the_table_is_copied(law: Law, table: list[dict[str, str]]) -> None:
    theirs = {row["note"] for row in table if row["note"]}
    assert not theirs & {entry.note for entry in law.book.entries}


# --- Laws made from laws ---------------------------------------------------------------------------------


def term(good: str, authority: str, rate: float, **more: object) -> TariffTerm:
    return TariffTerm.model_validate(
        {
            "importer": "USA",
            "exporter": "KOR",
            "good": good,
            "authority": authority,
            "rate": rate,
            "kind": "total",
            "status": "proposed",
            "citation": ["c1"],
            **more,
        }
    )


def test_a_term_replaces_its_rows_and_no_others(law: Law) -> None:
    on = day("2025-10-01")
    changed = law.with_terms([term("cars", "S232", 10)])
    assert (changed.rate("USA", "KOR", "cars", on).rate, changed.rate("USA", "KOR", "cars", on).kind) == (
        10,
        "total",
    )
    assert "c1" in changed.rate("USA", "KOR", "cars", on).parts[0].citation
    for good in ("car-parts", "steel", "everything-else"):
        assert changed.rate("USA", "KOR", good, on) == law.rate("USA", "KOR", good, on)
    assert changed.rate("USA", "JPN", "cars", on) == law.rate("USA", "JPN", "cars", on)
    assert law.rate("USA", "KOR", "cars", on).rate == 25


def test_a_term_for_everything_else_leaves_named_goods_alone(law: Law) -> None:
    on = day("2025-10-01")
    changed = law.with_terms([term("everything-else", "IEEPA-reciprocal", 20, kind="additional")])
    assert changed.rate("USA", "KOR", "everything-else", on).rate == 20
    assert changed.rate("USA", "KOR", "chips", on).rate == 0
    assert changed.rate("USA", "KOR", "cars", on).rate == 25


def test_a_term_takes_the_action_of_the_row_it_replaces(law: Law) -> None:
    on = day("2026-08-15")
    changed = law.with_terms([term("everything-else", "S301", 12.5)])
    assert (changed.rate("USA", "KOR", "everything-else", on).rate) == 12.5
    # The proposal spares Section 232 goods, so the term that stands in its place does too.
    assert changed.rate("USA", "KOR", "cars", on).rate == 15
    two = term("everything-else", "S301", 5, exporter="BRA")
    with pytest.raises(RequestError, match="brazil, forced-labour"):
        law.with_terms([two])
    one = law.with_terms([two.model_copy(update={"action": "brazil"})])
    assert "forced-labour" in one.rate("USA", "BRA", "everything-else", on).why
    with pytest.raises(UnknownNameError, match="authority 'S233'"):
        law.with_terms([term("cars", "S233", 1)])


def test_frozen_pairs_keep_the_law_of_a_day(law: Law) -> None:
    held, later = day("2025-11-14"), day("2026-08-15")
    frozen = law.frozen([("USA", "KOR")], held)
    for good in ("everything-else", "cars", "steel", "chips"):
        before, after = law.rate("USA", "KOR", good, held), frozen.rate("USA", "KOR", good, later)
        assert (after.rate, after.kind, after.parts) == (before.rate, before.kind, before.parts)
    assert frozen.rate("USA", "JPN", "cars", later) == law.rate("USA", "JPN", "cars", later)
    assert frozen.with_terms([term("cars", "S232", 7)]).rate("USA", "KOR", "cars", later).rate == 7


def test_an_authority_can_be_struck_down(law: Law) -> None:
    on = day("2025-12-01")
    struck = law.without(["IEEPA-reciprocal", "IEEPA-fentanyl", "IEEPA-other"])
    assert struck.rate("USA", "KOR", "everything-else", on).rate == 0
    assert struck.rate("USA", "KOR", "cars", on).rate == 15
    # Section 301 alone is left on Chinese goods of the lists.
    assert struck.rate("USA", "CHN", "s301-lists-1-2-3", on).rate == 25
    later = day("2026-08-15")
    assert law.without(["S301/forced-labour"]).rate("USA", "CHN", "electric-cars", later).rate == 100 + 25
    assert law.without(["S301"]).rate("USA", "CHN", "electric-cars", later).rate == 25
    with pytest.raises(UnknownNameError, match="IEEPA"):
        law.without(["IEEPA"])
