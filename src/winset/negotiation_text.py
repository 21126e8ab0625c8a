"""A negotiation told: JSON, and text for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from winset.core.provenance import version
from winset.negotiation import Negotiation, Point

__all__ = ["bargain_document", "bargain_text"]

WIDTH = 80
NAMES = {
    "nash": "Nash", "kalai_smorodinsky": "Kalai-Smorodinsky", "egalitarian": "Equal gains",
    "utilitarian": "Largest sum",
}  # fmt: skip
SHORT = {"nash": "Nash", "kalai_smorodinsky": "Kalai-Sm.", "egalitarian": "equal", "utilitarian": "sum"}


def bargain_document(found: Negotiation, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The whole result of `winset bargain` as plain data (schema winset/bargain/1)."""
    points = {point.id: point for point in found.points}
    inside = found.solutions
    empty = bool(inside.reason) if inside is not None else found.listed.solved.pareto.size == 0
    listed = found.listed
    document: dict[str, Any] = {
        "schema": "winset/bargain/1",
        "winset": version(),
        "manifest": dict(manifest),
        "unit": found.unit,
        "baseline": found.baseline,
        "elasticities": found.elasticities,
        "closure": found.closure,
        "parties": list(found.parties),
        "disagreement": {"package": found.disagreement, "payoffs": dict(points["disagreement"].payoffs)},
        "points": [_point(point) for point in found.points],
        "packages": {
            "names": list(listed.names),
            "payoffs": listed.payoffs.tolist(),
            **{
                key: [listed.names[k] for k in getattr(listed.solved, key)]
                for key in ("pareto", "nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
            },
        },
        "levers": [
            {"id": one.id, "label": one.label, "unit": one.unit, "low": one.low, "high": one.high}
            for one in found.levers
        ],
        "frontier": _frontier(found),
        "solutions": _solutions(found, points),
        "winsets": {
            party: {"size": one.size, "error": one.error, "binding": [_obstacle(found, b) for b in one.binding]}
            for party, one in found.winsets.items()
        },
        "agreement_set": {"empty": empty, **_agreement(found)},
        "counter_offers": [
            {
                "to": offer,
                "by": one.mover,
                "terms": dict(zip((lever.id for lever in found.levers), one.x.tolist(), strict=False)),
                "payoffs": dict(zip(found.parties, one.payoffs.tolist(), strict=False)),
                "cost": _number(one.cost),
                "changes": one.moved.instruments if one.moved else {},
                "offer_refused_by": list(one.refused_by),
                "prices": one.prices,
                "residual": _number(one.residual),
                "reason": one.reason,
            }
            for offer, one in found.counters
        ],
        "asks": {party: one.as_plain() for party, one in found.asks.items()},
        "relaxation": found.relaxation.as_plain() if found.relaxation else None,
        "side_payment": found.payment.as_plain() if found.payment else None,
        "exchange_rates": found.rates.as_plain() if found.rates else None,
        "linkage": found.linkage.as_plain() if found.linkage else None,
        "limits_in_words": list(found.in_words),
        "evaluations": found.evaluations,
    }
    extras = found.extras
    document["deadline"] = None
    if extras.settlement is not None:
        document["deadline"] = {
            "packages": list(extras.settlement_names),
            "ruling": extras.ruling,
            **extras.settlement.as_plain(),
            "standing_offers": {
                name: {party: one.as_plain() for party, one in by.items()} for name, by in extras.standing.items()
            },
        }
    document["staged"] = {**extras.staged.as_plain(), "note": extras.staged_note} if extras.staged else None
    document["three_parties"] = None
    if extras.three is not None:
        three = extras.three
        document["three_parties"] = {
            "nash_in_nash": three.pairs.as_plain(),
            "coalitions": three.coalitions.as_plain()["values"],
            "core": three.core.as_plain(),
            "shapley": dict(three.shapley),
        }
    document["draws"] = (
        {"packages": list(extras.drawn), **extras.draws.as_plain()} if extras.draws is not None else None
    )
    return document


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _point(point: Point) -> dict[str, Any]:
    return {
        "id": point.id,
        "label": point.label,
        "kind": point.kind,
        "by": point.by,
        "terms": dict(point.levers),
        "payoffs": dict(point.payoffs),
        "accepted_by": list(point.accepted_by),
        "third_parties": dict(point.third_parties),
    }


def _frontier(found: Negotiation) -> list[dict[str, Any]]:
    """The curve where levers are open; otherwise the packages that none dominates."""
    if found.frontier is None:
        listed = found.listed
        return [
            {
                "package": listed.names[k],
                "terms": {"package": listed.names[k]},
                "payoffs": dict(zip(found.parties, listed.payoffs[k].tolist(), strict=True)),
            }
            for k in listed.solved.pareto
        ]
    return [
        {
            "terms": dict(zip((lever.id for lever in found.levers), one.x.tolist(), strict=True)),
            "payoffs": dict(zip(found.parties, one.payoffs.tolist(), strict=True)),
            "weights": dict(zip(found.parties, one.weights.tolist(), strict=True)),
            "prices": one.prices,
            "on_bounds": one.on_bounds,
            "residual": one.residual,
        }
        for one in found.frontier.points
    ]


def _solutions(found: Negotiation, points: Mapping[str, Point]) -> dict[str, Any]:
    """Each solution within all win-sets; with no levers, the package of the list."""
    told: dict[str, Any] = {}
    for key in NAMES:
        if found.solutions is None:
            chosen = getattr(found.listed.solved, key)
            told[key] = None
            if chosen.size:
                k = int(chosen[0])
                name = found.listed.names[k]
                payoffs = dict(zip(found.parties, found.listed.payoffs[k].tolist(), strict=True))
                told[key] = {
                    "terms": {"package": name},
                    "payoffs": payoffs,
                    "ties": [found.listed.names[i] for i in chosen],
                }
            continue
        one = found.solutions.solutions.get(key)
        if one is None:
            told[key] = None
            continue
        plain = one.as_plain()
        told[key] = {
            "terms": dict(points[key].levers),
            "payoffs": dict(points[key].payoffs),
            "third_parties": dict(points[key].third_parties),
            **{
                name: plain[name]
                for name in ("convention", "residual", "converged", "prices", "on_bounds", "distances")
            },
            "without_ratifiers": _free(found, key),
        }
    return told


def _free(found: Negotiation, key: str) -> dict[str, Any] | None:
    one = found.free.solutions.get(key) if found.free else None
    if one is None:
        return None
    return {
        "terms": dict(zip((lever.id for lever in found.levers), one.x.tolist(), strict=True)),
        "payoffs": dict(zip(found.parties, one.payoffs.tolist(), strict=True)),
        "residual": one.residual,
    }


def _obstacle(found: Negotiation, one: Any) -> dict[str, Any]:
    return {
        "id": one.name,
        "label": found.labels.get(one.name, one.name),
        "refused": one.refused,
        "alone": one.alone,
        "why": found.why.get(one.name, ""),
    }


def _agreement(found: Negotiation) -> dict[str, Any]:
    if found.agreement is None:
        count = found.listed.solved.pareto.size
        return {"size": count / max(len(found.listed.names), 1), "error": None, "reason": ""}
    one = found.agreement
    reason = found.solutions.reason if found.solutions is not None else one.reason
    return {
        "size": one.size,
        "error": _number(one.error),
        "upper": _number(one.upper),
        "pivotal": one.pivotal,
        "reason": reason,
        "obstacles": [_obstacle(found, b) for b in one.obstacles],
    }


# ---------------------------------------------------------------------- text


def bargain_text(found: Negotiation) -> str:
    """Everything a reader needs, in 80 columns."""
    out = [f"Bargain of {' and '.join(found.parties)}: {found.case}", ""]
    out += [*_table(found), ""]
    if found.solutions is not None:
        for part in (_win_sets, _solved, _offers, _worth, _deadline, _stages, _three, _chances):
            lines = part(found)
            out += [*lines, ""] if lines else []
    else:
        out += [
            *_wrap("This case opens no levers (it has no bargain.yaml): its packages bargain as they stand."),
            "",
        ]
        out += [*_listed(found), ""]
    notes = [
        f"Unit: {found.unit}, over no deal ({found.disagreement}). Baseline {found.baseline}; elasticities "
        f"{found.elasticities}; closure {found.closure}. Assumptions at their central values but in draws.",
        "A solution is what a stated rule gives, not what a government will do, and not what is fair. No value is "
        "put on security.",
        *found.in_words,
    ]
    for note in notes:
        out += _wrap(note)
    return "\n".join(out)


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent or "  ")


def _row(label: str, cells: Sequence[str], width: int = 12) -> str:
    space = WIDTH - width * len(cells)
    name = label if len(label) <= space - 1 else label[: space - 2] + "…"
    return name.ljust(space) + "".join(cell.rjust(width) for cell in cells)


def _table(found: Negotiation) -> list[str]:
    kinds = {"disagreement": "Without a deal", "package": "Packages as they stand", "offer": "Offers",
             "solution": "Solutions within all win-sets"}  # fmt: skip
    lines = [_row("", [*found.parties, "ratified"]), "-" * WIDTH]
    last = ""
    for point in found.points:
        if point.kind != last and point.kind != "disagreement":
            lines.append(kinds[point.kind])
        last = point.kind
        label = NAMES.get(point.id, point.label)
        everyone = set(point.accepted_by) == set(found.parties)
        mark = (
            ""
            if not point.levers
            else "yes"
            if everyone
            else "by " + ",".join(point.accepted_by)
            if point.accepted_by
            else "no"
        )
        cells = [f"{point.payoffs[name]:+.1f}" for name in found.parties]
        lines.append(_row(("" if point.kind == "disagreement" else "  ") + label, [*cells, mark]))
    return lines


def _listed(found: Negotiation) -> list[str]:
    solved = found.listed.solved
    if solved.pareto.size == 0:
        return ["No package leaves everybody at or above disagreement."]
    lines = ["Pareto-efficient packages: " + ", ".join(found.listed.names[k] for k in solved.pareto)]
    for key, label in NAMES.items():
        lines.append(f"{label}: " + ", ".join(found.listed.names[k] for k in getattr(solved, key)))
    return [line for text in lines for line in _wrap(text)]


def _win_sets(found: Negotiation) -> list[str]:
    lines = ["Win-sets, share of packages within the levers' bounds that all ratifiers accept"]
    for party, one in found.winsets.items():
        lines.append(_row(f"  {party}", [f"{100 * one.size:.1f}%", f"+/- {100 * one.error:.1f}"]))
        for b in one.binding[:4]:
            lines += _wrap(f"{found.labels.get(b.name, b.name)}: refuses {100 * b.refused:.0f}%, alone "
                           f"{100 * b.alone:.0f}%", "    ")  # fmt: skip
    agreement, solutions = found.agreement, found.solutions
    if agreement is None or solutions is None:
        return []
    if solutions.reason:
        lines += _wrap(f"No agreement: {solutions.reason}; {agreement.reason}.")
    elif agreement.empty:
        lines += _wrap(
            f"Packages that all accept and that leave nobody worse off exist, but are fewer than about "
            f"{100 * agreement.upper:.1f} percent of the space: none was among the sample."
        )
    else:
        lines += _wrap(f"Accepted by all, nobody worse off: {100 * agreement.size:.1f} percent of packages.")
    if found.relaxation is not None and found.relaxation.loosened:
        gives = "; ".join(
            f"{_plainly(found, name)} by {value:.3g}" for name, value in found.relaxation.loosened.items()
        )
        lines += _wrap(f"Smallest relaxation that opens a deal (weights as stated in JSON): {gives}.")
    if found.payment is not None and not found.payment.reason and found.payment.paid > 0:
        paid = ", ".join(f"{n} {v:+.1f}" for n, v in zip(found.parties, found.payment.received, strict=True))
        lines += _wrap(f"Cheapest side-payment that opens a deal: {paid}.")
    for party, ask in found.asks.items():
        if ask.reason:
            continue
        priced = sorted(ask.prices.items(), key=lambda item: -abs(item[1]))[:4]
        said = "; ".join(f"{_plainly(found, name)}, worth {price:.2f} a unit" for name, price in priced)
        index = found.parties.index(party)
        lines += _wrap(f"Best ask of {party}: {ask.payoffs[index]:+.1f}; binding: {said or 'nothing'}.")
    return lines


def _plainly(found: Negotiation, name: str) -> str:
    return found.labels.get(name, name)


def _solved(found: Negotiation) -> list[str]:
    solutions, free = found.solutions, found.free
    if solutions is None or free is None:
        return []
    lines = []
    stuck = [NAMES[key] for key, one in solutions.solutions.items() if not one.converged]
    if stuck:
        lines += _wrap(f"NOT CONVERGED: {', '.join(stuck)}. The package shown is the best found, not a solution.")
    if solutions.solutions:
        names = [SHORT[key] for key in solutions.solutions]
        lines.append(_row("Levers at each solution", names, 11))
        for k, lever in enumerate(found.levers):
            cells = [_short(one.x[k]) for one in solutions.solutions.values()]
            lines.append(_row(f"  {lever.label}, {lever.unit}", cells, 11))
        lines.append(
            _row("  first-order residual", [f"{one.residual:.0e}" for one in solutions.solutions.values()], 11)
        )
    if free.solutions:
        told = "; ".join(
            f"{NAMES[key]} " + ", ".join(f"{n} {g:+.1f}" for n, g in zip(found.parties, one.gains, strict=True))
            for key, one in free.solutions.items()
        )
        lines += _wrap(f"If no ratifier had a say: {told}.")
    curve = found.frontier
    if curve is not None and curve.points:
        ends = " to ".join(
            "(" + ", ".join(f"{n} {v:+.1f}" for n, v in zip(found.parties, p.payoffs, strict=True)) + ")"
            for p in (curve.points[0], curve.points[-1])
        )
        lines += _wrap(f"Frontier without ratifiers: {len(curve.points)} points, {ends}.")
    elif curve is not None:
        lines += _wrap(f"Frontier: {curve.reason}.")
    return lines


def _short(value: float) -> str:
    if abs(value) < 1e-6:
        return "0"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def _offers(found: Negotiation) -> list[str]:
    lines = ["Counter-offers: the change that suits one side best and that all accept"] if found.counters else []
    labels = {point.id: point.label for point in found.points}
    units = {lever.id: lever.unit for lever in found.levers}
    for offer, one in found.counters:
        head = f'To "{labels[offer]}", {one.mover}'
        if one.reason:
            lines += _wrap(f"{head}: {one.reason}.", "  ")
            continue
        moves = sorted(one.moved.instruments.items() if one.moved else [], key=lambda m: m[0])
        told = ", ".join(
            f"{_plainly(found, name)} {value:+.3g} {units[name]}" for name, value in moves if abs(value) > 1e-6
        )
        gets = ", ".join(f"{n} {v:+.1f}" for n, v in zip(found.parties, one.payoffs, strict=True))
        lines += _wrap(f"{head}: {told or 'no change'}. Then {gets}.", "  ")
    return lines


def _worth(found: Negotiation) -> list[str]:
    lines = []
    if found.rates is not None:
        lines.append(_row("What one unit of each lever is worth at the base package", list(found.parties), 10))
        for k, lever in enumerate(found.levers):
            cells = [f"{found.rates.marginal[i, k]:+.2f}" for i in range(len(found.parties))]
            lines.append(_row(f"  {lever.label}, a {lever.unit.rstrip('s')}", cells, 10))
    if found.linkage is not None:
        gain = ", ".join(f"{n} {g:+.1f}" for n, g in zip(found.parties, found.linkage.gain, strict=True))
        apart = ", ".join(f"{n} {g:+.1f}" for n, g in zip(found.parties, found.linkage.apart, strict=True))
        lines += _wrap(
            f"Linkage of tariffs and money (Nash, from no deal on either): apart {apart}; together adds {gain}."
        )
    return lines


def _deadline(found: Negotiation) -> list[str]:
    one = found.extras.settlement
    if one is None:
        return []
    lines = ["Deadlines: waiting against settling"]
    first, last = one.dates[0].isoformat(), one.dates[-1].isoformat()
    flow = ", ".join(f"{n} {v:+.1f}" for n, v in zip(found.parties, one.never[0], strict=True))
    counted = f" ({found.extras.ruling.lower()}: counted by its chance)" if found.extras.ruling else ""
    lines += _wrap(f"Never agreeing is worth, on {first}: {flow}{counted}.", "  ")
    if one.settle_on is None:
        lines += _wrap(f"No package listed is worth more than waiting to every side on any day to {last}.", "  ")
    else:
        name = found.extras.settlement_names[one.package[one.dates.index(one.settle_on)]]
        lines += _wrap(f"Settled on {one.settle_on.isoformat()}: {name}.", "  ")
    for name, by in found.extras.standing.items():
        days = ", ".join(
            f"{party} {when.settle_on.isoformat() if when.settle_on else 'never'}" for party, when in by.items()
        )
        lines += _wrap(f"{name} left on the table is first worth taking: {days}.", "  ")
    return lines


def _stages(found: Negotiation) -> list[str]:
    one = found.extras.staged
    if one is None:
        return []
    lines = ["Staged package" + (": enforces itself" if one.self_enforcing else ": does not enforce itself")]
    lines += _wrap(found.extras.staged_note, "  ") if found.extras.staged_note else []
    lines.append(_row("  step", ["mover", "going on", "stopping"], 11))
    for step in one.steps:
        cells = [step.mover, f"{step.going_on[step.mover]:+.1f}", f"{step.stopping[step.mover]:+.1f}"]
        lines.append(_row(f"  {found.extras.staged_labels.get(step.name, step.name)}", cells, 11))
    bonds = ", ".join(f"{name} {bond:.1f}" for name, bond in one.bonds.items() if bond > 0)
    lines += _wrap(
        f"If all look ahead, {one.ends_after} of {len(one.steps)} steps are taken."
        + (f" Bonds that would hold it: {bonds}." if bonds else ""), "  ",
    )  # fmt: skip
    return lines


def _three(found: Negotiation) -> list[str]:
    three = found.extras.three
    if three is None:
        return []
    state = "" if three.pairs.converged else f" (NOT CONVERGED: residual {three.pairs.residual:.1e})"
    gets = ", ".join(f"{n} {v:+.1f}" for n, v in zip(found.parties, three.pairs.payoffs, strict=True))
    lines = ["Talks of several pairs"]
    lines += _wrap(f"Each pair by the Nash product, the others given: {gets}{state}.", "  ")
    for pair, others in three.pairs.third_parties.items():
        told = ", ".join(f"{n} {v:+.2f}" for n, v in zip(found.parties, others, strict=True))
        lines += _wrap(f"What {pair} adds: {told}.", "  ")
    values = "; ".join(f"{'+'.join(sorted(c))} {v:+.1f}" for c, v in three.coalitions.values.items() if len(c) > 1)
    lines += _wrap(f"Coalitions can secure: {values}. Core: {'empty' if three.core.empty else 'not empty'}.", "  ")
    lines += _wrap("Shapley value: " + ", ".join(f"{n} {v:+.1f}" for n, v in three.shapley.items()) + ".", "  ")
    return lines


def _chances(found: Negotiation) -> list[str]:
    draws = found.extras.draws
    if draws is None:
        return []
    lines = [_row(f"Chances over {draws.draws} draws", [*(f"{n} gains" for n in found.parties), "all accept"], 12)]
    labels = {point.id: NAMES.get(point.id, point.label) for point in found.points}
    for k, name in enumerate(found.extras.drawn):
        cells = [f"{100 * draws.gains[n][k]:.0f}%" for n in found.parties]
        lines.append(_row(f"  {labels.get(name, name)}", [*cells, f"{100 * draws.agreement[k]:.0f}%"], 12))
    for regret in draws.regrets:
        name = found.extras.drawn[regret.minimax]
        lines += _wrap(f"Least largest regret for {regret.party}: {labels.get(name, name)}.", "  ")
    return lines
