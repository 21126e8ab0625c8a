"""Every assumption of the shipped cases, with its range and reason, as their `case.yaml` has it."""

from __future__ import annotations

from generate.source import PACKAGE, cell, code, table
from winset.package.case import Assumption, open_case_folder


def cases() -> list[str]:
    """Names of the shipped cases."""
    return sorted(path.parent.name for path in (PACKAGE / "cases").glob("*/case.yaml"))


def assumptions(case: str) -> list[Assumption]:
    """Of one shipped case, in the order of the file."""
    return list(open_case_folder(case).sheet.assumptions)


def number(value: float) -> str:
    """With as many digits as it was written with."""
    return f"{value:,.10g}"


def text() -> str:
    """A table for each case."""
    parts = []
    for case in cases():
        rows = [
            [
                code(one.id), cell(one.label), number(one.value), f"{number(one.low)} to {number(one.high)}",
                cell(one.unit), cell(one.why), ", ".join(code(source) for source in one.source),
            ]
            for one in assumptions(case)
        ]  # fmt: skip
        parts.append(f"## {case}")
        parts.append(table(["id", "what", "value", "range", "unit", "why", "claims it leans on"], rows))
    return "\n\n".join(parts)
