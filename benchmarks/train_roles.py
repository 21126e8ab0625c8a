"""Learn the roles of figures: `python benchmarks/train_roles.py TEXTS.yaml ... [--write]`, else cross-validate.

Texts as in `tests/record/reading_texts.yaml`, or sentences as in `reading_roles.yaml`. Each kind of figure has
a multinomial logistic regression with a penalty on squared weights; an annotation that allows several roles is
right with any of them, so what is maximised is the logarithm of the sum of their probabilities. Texts are held
out whole. The rules were written with some files in view (`--tuned`): there, what they say is hidden from the
learner, since it would seem better than it is. The weights that come with the package were made by

    python benchmarks/train_roles.py tests/record/reading_texts_[abcdefghijkl].yaml \\
        --also tests/record/reading_roles.yaml tests/record/reading_roles_d.yaml \\
        tests/record/reading_roles_m.yaml --tuned tests/record/reading_texts.yaml \\
        tests/record/reading_cases.yaml tests/record/reading_blind.yaml tests/record/reading_frames.yaml --write
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from winset.core.casefile import load_yaml
from winset.record.reading import figures as reading
from winset.record.reading import roles_learned
from winset.record.reading.read import read_text
from winset.record.reading.roles_features import general, kind_of
from winset.record.reading.roles_learned import Example, read_weights, role_named
from winset.record.reading.schema import Figure

WEIGHTS = Path(roles_learned.__file__).with_name("roles_weights.json")
UNIT = 100
"""Weights are kept as whole hundredths."""
SMALL = 7
"""Weights below are left out."""
HEAVY = 2.0
"""What a feature of what the rules say counts as, against 1 of the others."""
PENALTIES = {"percent": 0.6, "money": 0.4, "count": 0.6}
"""On squared weights; sums of money have most roles, told by the widest range of words."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A figure of an annotated text."""

    text: str
    low: str
    example: Example
    right: tuple[str, ...]
    """Patterns of the roles that are right."""
    tuned: bool
    judged: bool

    @property
    def kind(self) -> str:
        return kind_of(self.example.figure)


def rows_of(path: Path, *, tuned: bool = False, judged: bool = False) -> list[Row]:
    """The figures of a file of texts that are found with the value and unit annotated."""
    found: list[Row] = []
    caught: list[tuple[str, list[Example]]] = []

    def catch(low: str, sentences: Any, figures: Any) -> list[Figure]:
        caught.append((low, roles_learned.examples(low, sentences, figures, every=True)))
        return list(figures)

    kept, reading.learned_roles = reading.learned_roles, catch
    try:
        for case in cases_of(path):
            caught.clear()
            read_text(case["text"], published=dt.date.fromisoformat(str(case["published"])))
            low, examples = caught[0]
            left = list(examples)
            for gold in case["figures"]:
                hit = next((e for e in left if _same(e.figure, gold)), None)
                if hit is not None:
                    left.remove(hit)
                    right = tuple(str(gold["role"]).split("|"))
                    found.append(
                        Row(
                            text=f"{path.stem}-{case['id']}",
                            low=low,
                            example=hit,
                            right=right,
                            tuned=tuned,
                            judged=judged,
                        )
                    )
    finally:
        reading.learned_roles = kept
    return found


_MARKED = re.compile(r"\[(?P<role>[^\]:]+): (?P<words>[^\]]+)\]")


def cases_of(path: Path) -> list[dict[str, Any]]:
    """The texts of a file of `tests/record`: whole texts, or sentences in one of four forms."""
    data = load_yaml(path).data
    if isinstance(data, list):
        return [_quoted(n, case) for n, case in enumerate(data)]
    if "lines" in data:
        return [_marked(n, line) for n, line in enumerate(data["lines"].strip().splitlines())]
    if "frames" in data:
        frames = [_in_order(n, text, roles) for n, (text, roles) in enumerate(data["frames"])]
        return [frame for frame in frames if frame is not None]
    if "texts" not in data:
        return [_quoted(n, case) for n, case in enumerate(data["figures"])]
    return list(data["texts"])


def _marked(n: int, line: str) -> dict[str, Any]:
    """A sentence whose figures are marked in place: "[role: words]"."""
    text, golds, at = "", [], 0
    for mark in _MARKED.finditer(line):
        text += line[at : mark.start()]
        start, at = len(text), mark.end()
        text += mark["words"]
        golds.append({"role": mark["role"], "start": start, "end": len(text)})
    return {"id": str(n), "published": "2025-09-01", "text": text + line[at:], "figures": golds}


def _quoted(n: int, case: dict[str, Any]) -> dict[str, Any]:
    """A sentence beside its figures as [words, value, unit, role]."""
    golds, at = [], 0
    for words, value, unit, role in case["f"]:
        start = case["t"].find(str(words), at)
        if start >= 0:
            at = start + len(str(words))
            golds.append({"role": role, "value": value, "unit": unit, "start": start, "end": at})
    return {"id": str(n), "published": case["p"], "text": case["t"], "figures": golds}


def _in_order(n: int, text: str, roles: list[str]) -> dict[str, Any] | None:
    """A sentence beside the roles of its figures; nothing where another number of figures is found."""
    found = read_text(text, published=dt.date(2025, 9, 1)).figures
    if len(found) != len(roles):
        return None
    golds = [{"role": role, "start": f.start, "end": f.end} for f, role in zip(found, roles, strict=True)]
    return {"id": str(n), "published": "2025-09-01", "text": text, "figures": golds}


def _same(figure: Figure, gold: Any) -> bool:
    overlap = figure.start < gold["end"] and gold["start"] < figure.end
    return overlap and (
        "unit" not in gold
        or (figure.unit == gold["unit"] and abs(figure.value - gold["value"]) <= 1e-9 * abs(figure.value))
    )


def fits(role: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(role, pattern) for pattern in patterns)


def _allowed(roles: list[str], patterns: tuple[str, ...]) -> list[int]:
    return [
        i
        for i, role in enumerate(roles)
        if fits(role, patterns)
        or (role in ("share_of", "count_of") and any(p.startswith(role + "_") for p in patterns))
        or (role == "share_of" and any(fits("share", (p,)) for p in patterns))
    ]


def _names(row: Row, *, hide: bool) -> list[str]:
    return [n for n in row.example.names if not (hide and n.startswith(("rule", "pr", "nr", "ps", "ns")))]


def train(rows: list[Row], penalty: float | None, least: int) -> dict[str, Any]:
    """The weights of each kind, as they are written."""
    return {
        "kinds": {
            kind: _train([r for r in rows if r.kind == kind], penalty or PENALTIES[kind], least)
            for kind in PENALTIES
        }
    }


def _train(rows: list[Row], penalty: float, least: int) -> dict[str, Any]:
    # Roles in their order of frequency, the first named of an annotation counting.
    count = Counter(general(row.right[0]) for row in rows)
    roles = [role for role, _ in sorted(count.items(), key=lambda item: (-item[1], item[0])) if "*" not in role]
    marked = [(row.text, _names(row, hide=row.tuned), _allowed(roles, row.right)) for row in rows]
    return fit(marked, roles, penalty, least, heavy="rule=")


def fit(
    marked: list[tuple[str, list[str], list[int]]],
    roles: list[str],
    penalty: float,
    least: int,
    *,
    heavy: str = "-",
    small: int = SMALL,
) -> dict[str, Any]:
    """Weights, as they are written, from (text, features, places in `roles` that are right).

    Features whose names begin with `heavy` are penalised a quarter as much as the others.

    A feature is kept where `least` texts have it. What is right with every role or with none teaches nothing.
    """
    where: dict[str, set[str]] = {}
    for text, has, _ in marked:
        for name in has:
            where.setdefault(name, set()).add(text)
    names = sorted(name for name, texts in where.items() if len(texts) >= least)
    place = {name: i for i, name in enumerate(names)}
    used = [(has, right) for _, has, right in marked if 0 < len(right) < len(roles)]
    at, to = [], []
    mask = np.zeros((len(used), len(roles)))
    for i, (has, right) in enumerate(used):
        mask[i, right] = 1.0
        known = [place[name] for name in has if name in place]
        at += [i] * len(known)
        to += known
    # A feature that counts double in learning needs half the weight, so its penalty is a quarter.
    scale = np.array([HEAVY if name.startswith(heavy) else 1.0 for name in names])
    seen = csr_matrix((scale[to], (at, to)), shape=(len(used), len(names)))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(len(names), len(roles))
        scores = seen @ weights
        scores -= scores.max(axis=1, keepdims=True)
        parts = np.exp(scores)
        chances = parts / parts.sum(axis=1, keepdims=True)
        good = chances * mask
        sums = good.sum(axis=1, keepdims=True)
        slope = seen.T @ (chances - good / sums) + penalty * weights
        return float(-np.log(sums).sum() + 0.5 * penalty * (weights**2).sum()), slope.ravel()

    best = minimize(loss, np.zeros(len(names) * len(roles)), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    rounded = np.rint(best.x.reshape(len(names), len(roles)) * scale[:, None] * UNIT).astype(int)
    kept = {}
    for name, row in zip(names, rounded.tolist(), strict=True):
        flat = [v for i, w in enumerate(row) if abs(w) >= small for v in (i, w)]
        if flat:
            kept[name] = flat
    return {"roles": roles, "unit": UNIT, "weights": kept}


def predict(weights: dict[str, Any], row: Row) -> tuple[str, float]:
    """The role, in full, and its probability."""
    known = weights[row.kind]
    chances = known.probabilities(_names(row, hide=False))
    best = max(range(len(chances)), key=chances.__getitem__)
    if chances[best] < roles_learned.least_for(row.example.figure.role):
        return row.example.figure.role, chances[best]
    return role_named(row.low, row.example.figure, known.roles[best]), chances[best]


def cross(
    rows: list[Row], folds: int, penalty: float | None, least: int, part: float
) -> list[tuple[Row, str, float]]:
    """Out-of-fold: (rows judged, right by the rules, right by what was learnt), over texts not tuned on."""
    texts = sorted({r.text for r in rows if r.judged})
    order = np.random.default_rng(7).permutation(len(texts))
    fold = {texts[i]: k % folds for k, i in enumerate(order)}
    out = []
    for f in range(folds):
        learn = sorted({t for t in texts if fold[t] != f}, key=lambda t: int(order[texts.index(t)]))
        learn = set(learn[: round(part * len(learn))])
        weights = read_weights(train([r for r in rows if not r.judged or r.text in learn], penalty, least))
        for r in rows:
            if r.judged and fold[r.text] == f:
                out.append((r, *predict(weights, r)))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--also", nargs="*", type=Path, default=[])
    parser.add_argument("--tuned", nargs="*", type=Path, default=[])
    parser.add_argument("--penalty", type=float, help="for every kind alike")
    parser.add_argument("--least", type=int, default=2)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    rows = [r for p in given.files for r in rows_of(p, judged=True)]
    rows += [r for p in given.also for r in rows_of(p)]
    rows += [r for p in given.tuned for r in rows_of(p, tuned=True)]
    print(Counter(r.kind for r in rows), len({r.text for r in rows}), "texts")
    if given.write:
        made = train(rows, given.penalty, given.least)
        made = {
            "note": f"made by benchmarks/train_roles.py from {len({r.text for r in rows})} annotated texts",
            **made,
        }
        WEIGHTS.write_text(json.dumps(made, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")
        print(WEIGHTS.stat().st_size, "bytes")
        return
    for part in (0.25, 0.5, 0.75, 1.0) if given.curve else (1.0,):
        out = cross(rows, given.folds, given.penalty, given.least, part)
        n = len(out)
        rules = sum(fits(r.example.figure.role, r.right) for r, _, _ in out)
        ours = sum(fits(role, r.right) for r, role, _ in out)
        print(f"{part:.0%} of texts: {n} figures, rules {rules / n:.3f}, learnt {ours / n:.3f}")
        for kind in ("percent", "money", "count"):
            some = [(r, role) for r, role, _ in out if r.kind == kind]
            if some:
                by_rules = sum(fits(r.example.figure.role, r.right) for r, _ in some) / len(some)
                by_weights = sum(fits(role, r.right) for r, role in some) / len(some)
                print(f"  {kind} {len(some)}: rules {by_rules:.3f} learnt {by_weights:.3f}")
    if given.misses:
        for r, role, p in out:
            if not fits(role, r.right):
                f = r.example.figure
                print(
                    f"{r.text} {p:.2f} {role} (rules {f.role}) not {'|'.join(r.right)}: "
                    f"{r.low[max(0, f.start - 80) : f.start]!r} [{f.text}] {r.low[f.end : f.end + 50]!r}"
                )


if __name__ == "__main__":
    sys.exit(main())
