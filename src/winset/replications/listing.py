"""A replication as text: ours beside the print, cell by cell, and what the verdict is."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from winset.core.names import known

__all__ = ["PAPERS", "replicate", "replication_text"]

PAPERS = {
    "caliendo-parro-2015": "winset.replications.caliendo_parro_2015",
    "ossa-2014": "winset.replications.ossa_2014",
    "liberation-day-2025": "winset.replications.liberation_day_2025",
}
"""Papers by name, and the module that recomputes each."""
WIDTH = 80


def replicate(paper: str, data: Path) -> dict[str, Any]:
    """Recompute a paper from the data in a folder: `{tables, verdict, notes}`. Unknown names give the nearest."""
    module = import_module(PAPERS[known(paper, PAPERS, "paper")])
    recompute: Callable[[Path], dict[str, Any]] = module.replicate
    return recompute(data)


def _cells(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    if isinstance(node, Mapping) and "ours" in node:
        yield path, node
    elif isinstance(node, Mapping):
        for name, child in node.items():
            yield from _cells(child, (*path, str(name)))


def replication_text(document: Mapping[str, Any]) -> str:
    """Cells that the paper prints, with the difference; then a count of those that it does not print here."""
    out: list[str] = []
    for table, node in document["tables"].items():
        cells = list(_cells(node))
        shown = [(path, cell) for path, cell in cells if cell.get("printed") is not None]
        silent = len(cells) - len(shown)
        extra = f"; {silent} more without a print at hand (see --json)" if silent else ""
        out += ["", f"{table}: {len(shown)} printed{extra}"]
        if shown:
            out.append(f"{'':44}{'ours':>11}{'printed':>11}{'gap':>11}")
        for path, cell in shown:
            ours, printed = float(cell["ours"]), float(cell["printed"])
            label = " / ".join(path)[:43]
            out.append(f"{label:<44}{ours:>11.4f}{printed:>11g}{ours - printed:>+11.4f}")
        note = document.get("notes", {}).get(table)
        for text in [note] if isinstance(note, str) else list(note or []):
            out += textwrap.wrap(str(text), WIDTH)
    out += ["", "Verdict", *_verdict(document["verdict"])]
    return "\n".join(out).lstrip("\n")


def _verdict(verdict: Any, indent: str = "  ") -> list[str]:
    if not isinstance(verdict, Mapping):
        return textwrap.wrap(str(verdict), WIDTH)
    lines = []
    for name, value in verdict.items():
        if isinstance(value, list):
            lines.append(f"{indent}{name}: {len(value)}")
            for item in value:
                text = ", ".join(f"{k} {v}" for k, v in item.items()) if isinstance(item, Mapping) else str(item)
                lines += textwrap.wrap(text, WIDTH, initial_indent=indent * 2, subsequent_indent=indent * 3)
        elif not isinstance(value, Mapping):
            lines += textwrap.wrap(f"{name}: {value}", WIDTH, initial_indent=indent, subsequent_indent=indent * 2)
    return lines
