"""Elasticities estimated from made-up gravity data: recovered, covered, like slow twins, kept with a baseline."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from economies import random_world
from winset.core.errors import RequestError, WinsetError
from winset.data.estimation.estimate import estimate
from winset.data.estimation.into_baseline import with_set
from winset.data.estimation.listing import estimated_text, listed, set_csv, shown
from winset.data.estimation.panel import Panel, read_panel
from winset.data.estimation.ppml import ppml
from winset.data.estimation.tetrads import caliendo_parro
from winset.data.folder import load_baseline, shipped_baselines

THETA = 4.0


def gravity(seed: int, *, n: int = 10, years: int = 3, theta: float = THETA, noise: float = 0.25) -> Panel:
    """Flows with exporter-year, importer-year and pair effects, Poisson counts around a gamma shock."""
    rng = np.random.default_rng(seed)
    i, j, y = (axis.ravel() for axis in np.meshgrid(range(n), range(n), range(years), indexing="ij"))
    tariff = rng.uniform(0, 0.4, (n, n))[i, j] * rng.uniform(0.2, 1, (n, n, years))[i, j, y]
    tariff[i == j] = 0.0
    effects = rng.normal(0, 0.5, (n, years))[i, y] + rng.normal(0, 0.5, (n, years))[j, y]
    distance = rng.normal(0, 0.4, (n, n))
    mean = np.exp(5.5 + effects + (distance + distance.T)[i, j] - (theta + 1) * np.log1p(tariff))
    shock = rng.gamma(1 / noise, noise, len(mean)) if noise else np.ones(len(mean))
    return Panel(
        sector="C29", exporters=np.array([f"X{k:02d}" for k in i]), importers=np.array([f"X{k:02d}" for k in j]),
        years=y + 2000, values=rng.poisson(mean * shock).astype(float), tariffs=tariff,
    )  # fmt: skip


def written(folder: Path, panels: dict[str, Panel]) -> tuple[Path, Path]:
    flows, rates = ["exporter,importer,year,sector,value"], ["exporter,importer,year,sector,tariff"]
    for sector, p in panels.items():
        for row in zip(p.exporters, p.importers, p.years, p.values, p.tariffs, strict=True):
            flows.append(f"{row[0]},{row[1]},{row[2]},{sector},{float(row[3])!r}")
            rates.append(f"{row[0]},{row[1]},{row[2]},{sector},{float(row[4])!r}")
    for name, lines in (("trade.csv", flows), ("tariffs.csv", rates)):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "trade.csv", folder / "tariffs.csv"


def dummies(panel: Panel) -> np.ndarray[Any, Any]:
    columns = [np.log1p(panel.tariffs)]
    pair = np.char.add(panel.exporters, panel.importers)
    for key in (
        np.char.add(panel.exporters, panel.years.astype(str)),
        np.char.add(panel.importers, panel.years.astype(str)),
        pair,
    ):
        columns += [(key == name).astype(float) for name in np.unique(key)]
    return np.column_stack(columns)


def slow_ppml(panel: Panel) -> float:
    """Iteratively reweighted least squares with a column for every effect."""
    design, mean = dummies(panel), panel.values + 1.0
    for _ in range(60):
        eta = np.log(mean)
        root = np.sqrt(mean)
        target = eta + (panel.values - mean) / mean
        beta = np.linalg.lstsq(design * root[:, None], target * root, rcond=1e-12)[0]
        mean = np.exp(np.clip(design @ beta, -30, 30))
    return float(beta[0])


def test_ppml_is_its_slow_twin() -> None:
    pytest.importorskip("pyfixest")
    panel = gravity(5, n=6, years=3)
    assert ppml(panel, tolerance=1e-12).value == pytest.approx(slow_ppml(panel), abs=1e-8)


def test_triple_ratios_are_their_slow_twin() -> None:
    panel = gravity(6, n=6, years=2)
    keep = np.random.default_rng(1).uniform(size=len(panel.values)) > 0.1
    values = np.where(keep, panel.values, 0.0)
    panel = replace(panel, values=values)
    flow = {
        (a, b, y): v for a, b, y, v in zip(panel.exporters, panel.importers, panel.years, values, strict=True)
    }  # fmt: skip
    rate = {
        (a, b, y): t
        for a, b, y, t in zip(panel.exporters, panel.importers, panel.years, panel.tariffs, strict=True)
    }
    zs, ys = [], []
    for year in np.unique(panel.years):
        for a, b, c in combinations(np.unique(panel.exporters), 3):
            there, back = [(a, b), (b, c), (c, a)], [(b, a), (c, b), (a, c)]
            if all(flow[(*pair, year)] > 0 for pair in there + back):
                ys.append(
                    np.log(np.prod([flow[(*p, year)] for p in there]) / np.prod([flow[(*p, year)] for p in back]))
                )
                up, down = ([1 + rate[(*p, year)] for p in way] for way in (there, back))
                zs.append(np.log(np.prod(up) / np.prod(down)))
    z, y = np.array(zs), np.array(ys)
    beta = z @ y / (z @ z)
    slope, robust = caliendo_parro(panel)
    assert slope.observations == len(z)
    assert slope.value == pytest.approx(beta, rel=1e-9)
    assert robust == pytest.approx(np.sqrt(np.sum((z * (y - beta * z)) ** 2)) / (z @ z), rel=1e-9)


def test_without_noise_triple_ratios_are_exact() -> None:
    panel = gravity(7, noise=0)
    exact = replace(panel, values=np.exp(1.0 - (THETA + 1) * np.log1p(panel.tariffs)))
    slope, _ = caliendo_parro(exact)
    assert slope.value == pytest.approx(-(THETA + 1), rel=1e-9)
    assert slope.error == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("method", ["ppml", "caliendo-parro"])
def test_nineteen_of_twenty_intervals_hold_the_truth(method: str) -> None:
    """200 samples. By chance alone 181 to 197 hold it (99 of 100 times); few clusters cost some of them."""
    if method == "ppml":
        pytest.importorskip("pyfixest")
    far = []
    for seed in range(200):
        panel = gravity(1000 + seed)
        slope = ppml(panel, tolerance=1e-8) if method == "ppml" else caliendo_parro(panel)[0]
        far.append((slope.value + THETA + 1) / slope.error)
    inside = int(np.sum(np.abs(far) < 1.96))
    assert 174 <= inside <= 198, inside
    assert abs(np.mean(far)) < 4 / np.sqrt(200)


def test_independent_triples_understate_the_error() -> None:
    slope, robust = caliendo_parro(gravity(3))
    assert robust < slope.error


@pytest.mark.parametrize("method", ["ppml", "caliendo-parro"])
def test_from_files_to_a_set_by_sector(tmp_path: Path, method: str) -> None:
    if method == "ppml":
        pytest.importorskip("pyfixest")
    truth = {"C10T12": 2.5, "C29": 6.0}
    trade, tariffs = written(
        tmp_path, {code: gravity(11 + k, n=14, theta=t) for k, (code, t) in enumerate(truth.items())}
    )
    made = estimate(trade, tariffs, method=method)
    for one in made.estimates:
        assert abs(one.theta - truth[one.sector]) < 4 * one.standard_error
        assert one.standard_error < truth[one.sector]
    # The same flows with the duty in them tell theta itself.
    inclusive = {
        code: replace(p, values=p.values * (1 + p.tariffs))
        for code, p in ((code, gravity(11 + k, n=14, theta=t)) for k, (code, t) in enumerate(truth.items()))
    }
    again = estimate(*written(tmp_path, inclusive), method=method, values="inclusive")
    if method == "caliendo-parro":
        for a, b in zip(made.estimates, again.estimates, strict=True):
            assert a.theta == pytest.approx(b.theta, rel=1e-8)
    assert "sha256" in made.citation
    assert "theta" in estimated_text(made)


def test_the_wrong_sign_is_flagged(tmp_path: Path) -> None:
    made = estimate(*written(tmp_path, {"C29": gravity(2, theta=-6.0)}), method="caliendo-parro")
    assert "wrong sign" in made.estimates[0].flags


def test_few_observations_are_flagged(tmp_path: Path) -> None:
    made = estimate(*written(tmp_path, {"C29": gravity(2, n=4, years=1)}), method="caliendo-parro")
    assert {"few observations", "few clusters"} <= set(made.estimates[0].flags)


def test_separation_is_told() -> None:
    pytest.importorskip("pyfixest")
    panel = gravity(8, n=7)
    nil = (panel.exporters == "X00") & (panel.importers == "X01")
    slope = ppml(replace(panel, values=np.where(nil, 0.0, panel.values)))
    assert any("separation" in remark for remark in slope.remarks)
    assert slope.dropped >= 3
    assert np.isfinite(slope.value)


@pytest.mark.parametrize("method", ["ppml", "caliendo-parro"])
def test_tariffs_that_do_not_differ_tell_nothing(method: str, tmp_path: Path) -> None:
    if method == "ppml":
        pytest.importorskip("pyfixest")
    panel = gravity(9, n=5)
    flat = replace(panel, tariffs=np.where(panel.exporters == panel.importers, 0.0, 0.1))
    made = estimate(*written(tmp_path, {"C29": flat}), method=method)
    assert made.estimates[0].flags == ("none",)
    assert np.isnan(made.estimates[0].theta)


def test_without_the_library_ppml_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyfixest", None)
    with pytest.raises(RequestError, match=r"winset\[estimation\]"):
        ppml(gravity(1, n=4))


@pytest.mark.parametrize(
    ("trade", "tariffs", "said", "line"),
    [
        ("A,B,5\nB,A,5", "A,B,0.1", "no tariff for exporter B", 3),
        ("A,B,5\nA,B,6", "A,B,0.1", "stands 2 times", 2),
        ("A,B,-5", "A,B,0.1", "negative", 2),
        ("A,B,5", "A,B,10", "read as fractions", None),
        ("A,B,5", "A,B,0", "every tariff is zero", None),
        ("A,B,", "A,B,0.1", "empty", 2),
    ],
)
def test_what_cannot_be_right_names_its_line(
    tmp_path: Path, trade: str, tariffs: str, said: str, line: int | None
) -> None:
    (tmp_path / "x.csv").write_text(f"exporter,importer,value\n{trade}\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text(f"exporter,importer,tariff\n{tariffs}\n", encoding="utf-8")
    with pytest.raises(WinsetError, match=said) as caught:
        read_panel(tmp_path / "x.csv", tmp_path / "t.csv", unit="fraction")
    assert caught.value.line == line


def test_a_set_goes_into_a_baseline_with_its_errors(tmp_path: Path) -> None:
    made = estimate(
        *written(tmp_path, {"C29": gravity(12, n=12), "A01": gravity(2, theta=-6.0)}), method="caliendo-parro"
    )
    file = tmp_path / "set.csv"
    file.write_text(set_csv(made), encoding="utf-8")
    base = shipped_baselines()[0]
    with pytest.raises(RequestError, match="--fill"):
        with_set(file, base, name="own", fill=None, target=tmp_path / "copy")
    filled = with_set(file, base, name="own", fill="BSY", target=tmp_path / "copy")
    world = load_baseline(tmp_path / "copy", elasticities="own")
    assert "A01" in filled
    assert "C29" not in filled
    car, other = world.sector("C29"), world.sector("A01")
    theta = {one.sector: one for one in made.estimates}["C29"]
    errors = world.elasticity_sets["own"].standard_errors
    assert errors is not None
    assert world.elasticities[car] == pytest.approx(theta.theta)
    assert errors[car] == pytest.approx(theta.standard_error)
    assert np.isnan(errors[other])
    assert world.elasticities[other] == load_baseline(base, elasticities="BSY").elasticities[other]
    assert world.elasticity_sets["BSY"].standard_errors is None
    assert {row["name"]: row["standard_errors"] for row in listed(str(tmp_path / "copy"))}["own"]
    assert shown("own", str(tmp_path / "copy"))["errors"] == {"C29": pytest.approx(theta.standard_error)}


def test_merged_sectors_merge_their_errors() -> None:
    from winset.model.elasticities import ElasticitySet

    world = random_world(3)
    one = ElasticitySet(
        name="own", values=world.elasticities, citation="made up", standard_errors=np.array([0.3, 0.4])
    )
    merged = replace(world, elasticity_sets={"own": one}).aggregate(sectors={"all": list(world.sectors)})
    trade = world.flows.sum(axis=(0, 1)) - np.einsum("iis->s", world.flows)
    share = trade / trade.sum()
    found = merged.elasticity_sets["own"].standard_errors
    assert found is not None
    assert found == pytest.approx([np.hypot(share[0] * 0.3, share[1] * 0.4)])
