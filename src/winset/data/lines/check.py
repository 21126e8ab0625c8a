"""What a schedule may not say: codes that lost a zero, no rate, a rate in the wrong unit, two rates at once."""

from __future__ import annotations

from winset.core.errors import BaselineError
from winset.data.lines.quotas import HOLDERS
from winset.data.long_tables import LongTable

__all__ = ["HIGHEST", "check_lines", "check_raw"]

HIGHEST = 30.0
"""A rate above 3,000 percent is a placeholder (9999.99) or a mistake of unit."""
RULES = ("", "sum", "max", "min")


def check_raw(raw: LongTable, unit: str, guessed: bool) -> list[str]:
    """Refuse what is wrong in the schedule as it was given; notes otherwise."""
    _refuse(
        raw, "NOT regexp_full_match(regexp_replace(hs, '[. ]', '', 'g'), '[0-9]{6}|[0-9]{8}|[0-9]{10}')",
        "is no HS code of 6, 8 or 10 digits", "Keep codes as text: a spreadsheet drops the zero of 010121", "hs",
    )  # fmt: skip
    if not (raw.has("exporter") or raw.has("regime")):
        notes = ["The schedule names neither partners nor regimes: its rates are taken for any partner."]
    else:
        notes = []
    if raw.has("year") and (raw.has("since") or raw.has("until")):
        raise raw.fault("the schedule has both years and dates", remedy="Keep one of them")
    if raw.has("year"):
        _refuse(raw, "year <> floor(year) OR year < 1900 OR year > 2200", "is no year", "Write 2024", "year")
    for name in ("since", "until"):
        if raw.has(name):
            _refuse(
                raw, f"trim(coalesce({name}, '')) <> '' AND try_cast(trim({name}) AS DATE) IS NULL",
                "is no day", "Write days as 2025-11-01", name,
            )  # fmt: skip
    for name in ("ad_valorem", "specific", "in_rate", "out_rate", "quota", "volume", "imports"):
        if raw.has(name):
            raw.refuse_below(name, 0.0, f"the column {name!r} is negative", "Remove the record or mend it")
            _refuse(raw, f"NOT isfinite({name})", "is not a finite number", "Mend it", name)
    if raw.has("unit_value"):
        _refuse(raw, "unit_value <= 0 OR NOT isfinite(unit_value)", "is no unit value", "Unit values are positive",
                "unit_value")  # fmt: skip
    if raw.has("rule"):
        _refuse(raw, f"lower(trim(coalesce(rule, ''))) NOT IN {RULES}", "is no rule",
                "sum (compound duty), max (the higher) or min (the lower)", "rule")  # fmt: skip
    if raw.has("rent"):
        _refuse(raw, f"lower(trim(coalesce(rent, ''))) NOT IN {('', *HOLDERS)}", "cannot have a rent",
                f"One of {', '.join(HOLDERS)}", "rent")  # fmt: skip
    _refuse_no_rate(raw)
    _check_unit(raw, unit, guessed)
    return notes


def _refuse(raw: LongTable, where: str, fault: str, remedy: str, column: str) -> None:
    found = raw.ask(f'SELECT "{column}", count(*) OVER () FROM {raw.name} WHERE {where} LIMIT 1')  # noqa: S608
    if found:
        value, count = found[0]
        more = f" ({count} such lines)" if count > 1 else ""
        raise raw.fault(
            f"{value!r} in the column {raw.found[column]!r} {fault}{more}",
            line=raw.line_of(**{column: value}),
            remedy=remedy,
        )


def _refuse_no_rate(raw: LongTable) -> None:
    """A line without a rate, a specific duty without a unit value, a quota without its rates: never zero."""

    def absent(name: str) -> str:
        return f"{name} IS NULL" if raw.has(name) else "true"

    quota = "false" if not raw.has("quota") else "quota IS NOT NULL"
    both = "false" if not raw.has("rule") else "lower(trim(coalesce(rule, ''))) IN ('max', 'min')"
    nil = "quota = 0" if raw.has("quota") else "false"
    cases = [
        (f"NOT ({quota}) AND {absent('ad_valorem')} AND {absent('specific')}", "has no rate",
         "Write 0 where the duty is nil; a missing rate is never taken for zero"),
        (f"NOT ({absent('specific')}) AND {absent('unit_value')}", "has a specific duty and no unit value",
         "Add the unit value (money per unit) that turns the duty into a rate"),
        (f"{both} AND ({absent('ad_valorem')} OR {absent('specific')})", "has a rule of two duties and one duty",
         "Give both duties, or leave the rule out"),
        (f"{quota} AND ({nil} OR {absent('in_rate')} OR {absent('volume')} OR ({absent('out_rate')} AND "
         f"{absent('ad_valorem')}))", "has a quota without its in-quota rate, out-of-quota rate or volume",
         "A quota needs a positive volume, both rates and the imported volume"),
    ]  # fmt: skip
    for where, fault, remedy in cases:
        found = raw.ask(f"SELECT importer, hs, count(*) OVER () FROM {raw.name} WHERE {where} LIMIT 1")  # noqa: S608
        if found:
            importer, code, count = found[0]
            raise raw.fault(
                f"the line {code} of {importer} {fault}" + (f" ({count} such lines)" if count > 1 else ""),
                line=raw.line_of(importer=importer, hs=code),
                remedy=remedy,
            )


def _check_unit(raw: LongTable, unit: str, guessed: bool) -> None:
    if not raw.has("ad_valorem"):
        return
    positive, middle, high = raw.ask(
        f"SELECT count(*), median(ad_valorem), quantile_cont(ad_valorem, 0.95) FROM {raw.name} "  # noqa: S608
        "WHERE ad_valorem > 0"
    )[0]
    if not positive:
        return
    if unit == "fraction" and middle >= 1:
        raise raw.fault(
            f"read as fractions, the median positive rate is {middle:.0%}", remedy="Give --unit percent"
        )
    if unit == "percent" and guessed and high <= 1:
        raise raw.fault(
            f"read as percent, 95 of 100 positive rates are below {high:.3g} percent",
            why="They look like fractions",
            remedy="Give --unit fraction, or --unit percent if the rates are that low",
        )


def check_lines(raw: LongTable) -> list[str]:
    """Refuse, of the lines as laid out, absurd rates, dates that overlap, headings beside their own lines."""

    def first(query: str) -> tuple[object, ...] | None:
        found = raw.ask(query)
        return found[0] if found else None

    def fault(what: str, importer: object, code: object, remedy: str) -> BaselineError:
        return raw.fault(what, line=raw.line_of(importer=importer, hs=code), remedy=remedy)

    odd = first(f"SELECT importer, hs, rate FROM made.lines WHERE rate IS NULL OR NOT rate <= {HIGHEST} LIMIT 1")  # noqa: S608
    if odd:
        raise fault(
            f"the rate of line {odd[1]} of {odd[0]} is {odd[2]} (fraction)", odd[0], odd[1],
            "Large round numbers such as 9999.99 are placeholders: find the duty, or mend unit and unit value",
        )  # fmt: skip
    wrong = first("SELECT importer, hs FROM made.lines WHERE low > high LIMIT 1")
    if wrong:
        raise fault(f"inside its quota line {wrong[1]} of {wrong[0]} pays more than beyond it", wrong[0], wrong[1],
                    "Exchange the two rates")  # fmt: skip
    back = first("SELECT importer, hs, since, until FROM made.lines WHERE until < since LIMIT 1")
    if back:
        raise fault(f"line {back[1]} of {back[0]} ends ({back[3]}) before it begins ({back[2]})", back[0], back[1],
                    "Mend the dates")  # fmt: skip
    dated = bool(first("SELECT 1 FROM made.lines WHERE since > '0001-01-01' OR until < '9999-12-31' LIMIT 1"))
    key = "importer, exporter, regime, hs"
    # One pass over groups finds plain repetition; the order of dates matters only where lines are dated.
    twice = first(
        f"SELECT {key}, min(since), count(*) FROM made.lines GROUP BY {key}{', since' if dated else ''} "  # noqa: S608
        "HAVING count(*) > 1 LIMIT 1"
    )
    if twice:
        raise fault(
            f"line {twice[3]} of {twice[0]} on goods from {twice[1]} stands {twice[5]} times", twice[0], twice[3],
            "Keep one; rates that follow one another need dates (since, until) or years",
        )  # fmt: skip
    if dated:
        over = first(
            f"SELECT importer, exporter, hs, until, later FROM (SELECT *, lead(since) OVER (PARTITION BY {key} "  # noqa: S608
            "ORDER BY since) AS later FROM made.lines) WHERE later <= until LIMIT 1"
        )
        if over:
            raise fault(
                f"line {over[2]} of {over[0]} on goods from {over[1]} has two rates from {over[4]} to {over[3]}",
                over[0], over[2], "Let one end the day before the other begins",
            )  # fmt: skip
    several = raw.ask("SELECT importer FROM made.lines GROUP BY importer HAVING count(DISTINCT length(hs)) > 1")
    if several:
        nested = first(
            "SELECT a.importer, a.hs, b.hs FROM (SELECT DISTINCT importer, hs FROM made.lines) a "
            "JOIN (SELECT DISTINCT importer, hs FROM made.lines) b ON a.importer = b.importer "
            "AND ((length(b.hs) > 6 AND a.hs = left(b.hs, 6)) OR (length(b.hs) > 8 AND a.hs = left(b.hs, 8))) "
            "LIMIT 1"
        )
        if nested:
            raise fault(
                f"{nested[0]} has both the heading {nested[1]} and its line {nested[2]}", nested[0], nested[1],
                "Both would count the same trade: keep the lines",
            )  # fmt: skip
    return []
