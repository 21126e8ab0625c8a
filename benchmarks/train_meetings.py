"""Learn which sentences tell of a meeting: `python benchmarks/train_meetings.py TEXTS.yaml ... [--write]`.

Texts as in `tests/record/reading_texts.yaml`, or sentences as in `reading_told.yaml`. An annotated meeting has
no place in its text, so it is sought: of the sentences that could tell of one, that which shares most of its
people, day, place and sides. Without `--write`, texts are held out in turn and scored as
`tests/reading_texts.py` does, the rules with and without what is learnt. Without files, all of
`tests/record/reading_texts*.yaml` serve, and beside them the single sentences of `reading_told.yaml`,
`understand_cases.yaml` and `reading_blind.yaml`. The weights that come with the package were made by

    python benchmarks/train_meetings.py --write
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parent))

from train_roles import fit

from reading_texts import score_texts
from winset.core.casefile import load_yaml
from winset.record.reading import events, events_told
from winset.record.reading.names import letters
from winset.record.reading.read import read_text
from winset.record.reading.roles_learned import read_weights

WEIGHTS = Path(events_told.__file__).with_name("meetings_weights.json")
RECORD = Path(__file__).parents[1] / "tests" / "record"
SENTENCES = ("reading_told.yaml", "understand_cases.yaml", "reading_blind.yaml")
STATES = list(events_told.STATES)
ENOUGH, SOME = 3.0, 2.0
"""Points from which a sentence is the one that tells of a meeting, and from which it may be."""
GROUPS = ("texts", "meetings", "cases", "later", "last", "fourth")
"""Under which of these keys a file keeps its texts."""


def texts_of(path: Path) -> list[dict[str, Any]]:
    """The texts of a file; a file of `lines` holds one sentence a line, after its state."""
    data = load_yaml(path).data
    found = [case for key in GROUPS for case in data.get(key) or () if "text" in case and "published" in case]
    for n, line in enumerate(data.get("lines", "").strip().splitlines()):
        states, text = line.split(": ", 1)
        found.append({"id": str(n), "published": data["published"], "text": text, "states": states.split("|")})
    for case in found:
        case["published"] = dt.date.fromisoformat(str(case["published"]))
        case["id"] = f"{path.stem}-{case['id']}"
    return found


def marked_sentences(case: dict[str, Any]) -> list[tuple[str, list[str], list[int]]]:
    """The sentences of a text that may tell of a meeting, with the states that are right."""
    caught: list[tuple[Any, list[str]]] = []
    find = events.find

    def catch(line: Any, context: Any) -> Any:
        if events_told.may_tell(line):
            names, at = events_told.clues(line, context)
            if at is not None:
                caught.append((line, names))
        return find(line, context)

    events.find = catch
    try:
        read_text(case["text"], published=case["published"])
    finally:
        events.find = find
    if "states" in case:
        wanted = [STATES.index(state) for state in case["states"]]
        return [(case["id"], names, wanted) for _, names in caught[:1]]
    right: list[set[int]] = [set() for _ in caught]
    unsure = [False] * len(caught)
    for gold in case.get("meetings") or ():
        scores = [_shared(line, gold) for line, _ in caught]
        best = max(scores, default=0.0)
        states = {_state(one) for one in str(gold.get("status") or "|".join(STATES[1:])).split("|")}
        for i, score in enumerate(scores):
            if score >= ENOUGH and score == best and not gold.get("optional"):
                right[i] |= states
            elif score >= SOME:
                unsure[i] = True
    return [
        (case["id"], names, sorted(states) if states else [] if unsure[i] else [0])
        for i, ((_, names), states) in enumerate(zip(caught, right, strict=True))
    ]


def _state(status: str) -> int:
    return STATES.index({"expected": "planned", "ongoing": "occurred"}.get(status, status))


def _shared(line: Any, gold: dict[str, Any]) -> float:
    text = letters(line.text[line.start : line.end])
    points = sum(2.0 for name in gold.get("who", ()) if letters(name.split()[-1]) in text)
    first, last = (gold["on"], gold["on"]) if "on" in gold else (gold.get("from"), gold.get("to"))
    if first or last:
        bounds = (str(first) if first else None, str(last) if last else None)
        ours = [(d.earliest and d.earliest[:10], d.latest and d.latest[:10]) for d in line.dates]
        points += 2.5 if bounds in ours else 0.0
    if gold.get("place") and letters(gold["place"]) in text:
        points += 1.5
    codes = {h.entry.code for h in line.hits} | {n.person.party for n in line.people}
    return points + 0.5 * len(codes & set(gold.get("parties", ())))


SMALL = 6
"""Weights below, in hundredths, are left out."""


def train(marked: list[tuple[str, list[str], list[int]]], penalty: float, least: int) -> dict[str, Any]:
    return {"kinds": {"meeting": fit(marked, STATES, penalty, least, small=SMALL)}}


def shown(title: str, scores: Any) -> None:
    print(
        f"{title}: meetings {scores.meetings}, status {scores.status.f1:.3f}, who {scores.participants}, "
        f"sides {scores.parties}, days {scores.days.f1:.3f}, places {scores.places.f1:.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--also", nargs="*", type=Path)
    parser.add_argument("--penalty", type=float, default=2.0)
    parser.add_argument("--least", type=int, default=2)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--sure", type=float, nargs="*", default=[events_told._SURE])
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    files = given.files or sorted(RECORD.glob("reading_texts*.yaml"))
    also = [RECORD / name for name in SENTENCES] if given.also is None else given.also
    cases = [case for path in files for case in texts_of(path)]
    more = [case for path in also for case in texts_of(path)]
    marked = {case["id"]: marked_sentences(case) for case in (*cases, *more)}
    every = [one for some in marked.values() for one in some]
    print(
        len(every), "sentences,", sum(1 for _, _, right in every if right and 0 not in right), "tell of a meeting"
    )
    if given.write:
        made = {"note": f"made by benchmarks/train_meetings.py from {len(marked)} annotated texts"}
        made |= train(every, given.penalty, given.least)
        WEIGHTS.write_text(json.dumps(made, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")
        print(WEIGHTS.stat().st_size, "bytes")
        return
    order = np.random.default_rng(7).permutation(len(cases))
    fold = {cases[i]["id"]: k % given.folds for k, i in enumerate(order)}
    tables = []
    for f in range(given.folds):
        learn = [one for name, some in marked.items() if fold.get(name) != f for one in some]
        tables.append(read_weights(train(learn, given.penalty, given.least))["meeting"])
    told, events.told = events.told, lambda line, context: None
    shown("rules", score_texts(cases))
    events.told = told
    for sure in given.sure:
        events_told._SURE = sure
        whole = None
        for f in range(given.folds):
            events_told.weights = lambda f=f: tables[f]
            part = score_texts([case for case in cases if fold[case["id"]] == f])
            whole = part if whole is None else _sum(whole, part)
        shown(f"with weights, from {sure}", whole)
    if given.misses:
        for tally in (whole.meetings, whole.status):
            print(*tally.misses, sep="\n")


def _sum(a: Any, b: Any) -> Any:
    for name in ("meetings", "status", "participants", "parties", "days", "places"):
        one, two = getattr(a, name), getattr(b, name)
        one.right, one.found, one.wanted = one.right + two.right, one.found + two.found, one.wanted + two.wanted
        one.misses += two.misses
    return a


if __name__ == "__main__":
    main()
