"""How fast documents are read: `python benchmarks/bench_reading.py [FILE ...]`, one process, one core.

Without files it reads made-up articles of about 3,500 characters. Seconds are processor time; a machine that does
other work shows fewer articles a second.
"""

# ruff: noqa: E501  (sentences on one line each)
from __future__ import annotations

import argparse
import datetime as dt
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

from winset.record.reading import read as reading
from winset.record.reading.read import read_text

CHARS = 3_500
SENTENCES = (
    "The trade ministers of the two countries met in Lima on Tuesday to go through the list of goods that is still open.",
    "Officials on both sides described the atmosphere as constructive and said that much of the text was agreed.",
    "Under the draft, the duty on cars would fall from 12.5 percent to 8 percent, and the quota for beef would rise.",
    "Farmers, who fear cheaper imports, have asked parliament to reject the treaty unless it protects dairy and sugar.",
    "He added that no decision had been taken on the timing of the ceremony, which both capitals would like to host.",
    "The smaller country has offered to buy aircraft and to invest $12 billion, according to people close to the matter.",
    "Its government faces an election and has little room to give way on the points that matter most to rural voters.",
    "The talks are expected to resume next week, a spokeswoman said, without naming a place for them.",
    "Economists at the central bank expect a small gain in output, most of it from cheaper machines and parts.",
    "Opposition leaders called the draft a poor bargain and promised to look at every line of it in committee.",
    "Industry groups welcomed the progress but warned that rules on standards could still undo what had been won.",
)


def articles(count: int) -> list[str]:
    """Texts of the wanted length, each with the sentences in another order."""
    found = []
    for i in range(count):
        parts, size = [f"Ministers near a deal on cars and beef, round {i}"], 0
        j = i
        while size < CHARS:
            paragraph = " ".join(SENTENCES[(j + k * (1 + i % 3)) % len(SENTENCES)] for k in range(3))
            parts.append(paragraph)
            size += len(paragraph)
            j += 3
        found.append("\n\n".join(parts))
    return found


def rate(texts: list[str]) -> tuple[float, float]:
    """Texts and characters a second of processor time."""
    day = dt.date(2025, 5, 9)
    read_text(texts[0], published=day)
    start = time.process_time()
    for text in texts:
        read_text(text, published=day)
    taken = time.process_time() - start
    return len(texts) / taken, sum(map(len, texts)) / taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=300)
    given = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in given.files] * 40 or articles(given.count)
    whole, characters = rate(texts)
    understand, reading.understand = reading.understand, lambda document, said: document
    core, _ = rate(texts)
    reading.understand = understand
    mean = sum(map(len, texts)) / len(texts)
    print(
        f"{len(texts)} texts of {mean:,.0f} characters: {whole:,.0f} a second, {characters / 1e6:.2f} million characters"
    )
    print(f"dates, figures, blocks and sentences alone: {core:,.0f} a second")
    long = "\n\n".join(articles(100))
    tracemalloc.start()
    start = time.process_time()
    read_text(long, published=dt.date(2025, 5, 9))
    peak = tracemalloc.get_traced_memory()[1]
    print(
        f"one text of {len(long) / 1e6:.1f} million characters: {time.process_time() - start:.1f} s (traced), {peak / 1e6:.0f} MB at most"
    )
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import winset.record.reading.read"], check=True)
    print(f"start (import in a new process): {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
