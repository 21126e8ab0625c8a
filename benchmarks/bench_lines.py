"""How fast tariff lines are read and aggregated: `python benchmarks/bench_lines.py [--lines N]`.

Made-up schedules of equal size: importers x partners x codes of 8 digits. Seconds are of the processor (all
threads) and of the wall; the peak is that of the process.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from winset.data.folder import read_sheet
from winset.data.lines.aggregate import aggregate_lines
from winset.data.lines.load import load_lines

CODES = 5000


def schedule(path: Path, lines: int) -> int:
    """Write a schedule of about this many lines; how many it has."""
    pairs = max(lines // CODES, 1)
    duckdb.execute(
        f"""COPY (SELECT 'M' || (p % 25) AS importer, 'X' || (p // 25) AS exporter,
        lpad((10100 + (c * 179) % 960000)::VARCHAR, 6, '0') || lpad((c % 97)::VARCHAR, 2, '0') AS hs,
        round((hash(p * 7919 + c) % 3000) / 100.0, 2) AS rate,
        round(exp((hash(c * 31 + p) % 1000) / 100.0), 3) AS imports
        FROM range({pairs}) a(p), range({CODES}) b(c)) TO '{path}' (HEADER)"""  # noqa: S608
    )
    return pairs * CODES


def measured(label: str, work: Callable[[], object]) -> None:
    """Print processor and wall seconds of some work, and the peak of memory so far."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{label:28} {time.perf_counter() - wall:7.1f} s  processor {time.process_time() - processor:7.1f} s  "
        f"peak {peak:,.0f} MiB"
    )


def main() -> None:
    """Load, then aggregate by each method."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=5_000_000)
    wanted = parser.parse_args().lines
    sectors = [sector.code for sector in read_sheet("icio-2022")[0].sectors]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = schedule(folder / "lines.csv", wanted)
        print(f"{made:,} lines, {(folder / 'lines.csv').stat().st_size / 1e6:,.0f} MB of CSV")
        target = folder / "lines.duckdb"
        measured("load", lambda: load_lines(folder / "lines.csv", target, edition="HS2022"))
        for method in ("weighted", "ces-welfare"):
            measured(
                f"aggregate, {method}",
                lambda method=method: aggregate_lines(
                    target, on=dt.date(2025, 1, 1), method=method, sectors=sectors
                ),
            )


if __name__ == "__main__":
    main()
