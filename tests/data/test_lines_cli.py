"""`winset lines` and `winset elasticities` as commands: what they print, write and refuse."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from data.test_estimation import gravity, written
from winset.cli import cli
from winset.core.errors import WinsetError
from winset.data.folder import load_baseline, read_sheet


def run(*arguments: object) -> Result:
    done = CliRunner().invoke(cli, [str(one) for one in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    source = tmp_path / "schedule.csv"
    rows = ["importer,exporter,hs,rate,imports", "USA,KOR,87032300,2.5,60", "USA,KOR,84213900,1,40"]
    source.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert run("lines", "load", source, "-o", tmp_path / "l.duckdb", "--edition", "HS2022").exit_code == 0
    return tmp_path / "l.duckdb"


def test_load_show_aggregate(lines: Path, tmp_path: Path) -> None:
    assert "87032300  2.5 percent" in run("lines", "show", lines, "--hs", "8703").stdout
    out = tmp_path / "tariffs.csv"
    done = run("lines", "aggregate", lines, "--on", "2025-01-02", "-o", out, "--json", "-")
    document = json.loads(done.stdout)
    assert document["schema"] == "winset/lines-aggregate/1"
    with out.open(encoding="utf-8", newline="") as stream:
        rows = {row["sector"]: float(row["tariff"]) for row in csv.DictReader(stream)}
    assert rows == pytest.approx({"C28": 0.01, "C29": 0.025})
    assert {row["sector"]: row["tariff"] for row in document["tariffs"]} == pytest.approx(rows)


def test_law_of_a_shipped_case_on_lines(lines: Path, tmp_path: Path) -> None:
    asked = ("lines", "aggregate", lines, "--on", "2025-08-15", "--law", "korea-us-2025")
    plain = run(*asked, "--report", tmp_path / "d.csv", "--json", "-")
    document = json.loads(plain.stdout)
    by_sector = {row["sector"]: row["tariff"] for row in document["tariffs"]}
    # The law means the metal in goods of whole chapters: marked partial, it is laid by shares without being told.
    again = json.loads(run(*asked, "--spread", "metal-derivatives", "--json", "-").stdout)
    assert again["tariffs"] == document["tariffs"]
    assert set(document["manifest"]["inputs"]) >= {"lines", "law/law.yaml"}
    rate = json.loads(
        run("rate", "korea-us-2025", "--importer", "USA", "--exporter", "KOR", "--good", "cars", "--on",
            "2025-08-15", "--json", "-").stdout
    )  # fmt: skip
    # One line, a car, in the sector: the duty of its good on top of the line's own rate, or in its place.
    duty = rate["rate"] / 100
    assert by_sector["C29"] == pytest.approx(max(duty, 0.025) if rate["kind"] == "total" else duty + 0.025)
    assert (tmp_path / "d.csv").read_text(encoding="utf-8").startswith("importer,exporter,sector,by_lines")


def test_report_needs_a_law(lines: Path, tmp_path: Path) -> None:
    with pytest.raises(WinsetError, match="--law"):
        run("lines", "aggregate", lines, "--on", "2025-01-02", "--report", tmp_path / "d.csv")


def test_estimate_add_and_show(tmp_path: Path) -> None:
    trade, tariffs = written(tmp_path, {"C29": gravity(12, n=12)})
    own = tmp_path / "own.csv"
    done = run("elasticities", "estimate", trade, tariffs, "--method", "caliendo-parro", "-o", own, "--json", "-")
    theta = json.loads(done.stdout)["estimates"][0]["theta"]
    made = run(
        "elasticities", "add", own, "--to", "icio-2022", "--name", "own", "--fill", "CP", "-o", tmp_path / "b"
    )
    assert "Taken from CP" in made.stdout
    assert load_baseline(tmp_path / "b", elasticities="own").elasticities.max() >= theta
    found = json.loads(run("elasticities", "list", "--baseline", tmp_path / "b", "--json", "-").stdout)["sets"]
    assert [row["name"] for row in found if row["standard_errors"]] == ["own"]
    assert "standard error" in run("elasticities", "show", own).stdout
    assert len(json.loads(run("elasticities", "list", "--json", "-").stdout)["sets"]) == len(
        read_sheet("icio-2022")[0].elasticity_sets
    )


def test_a_built_baseline_keeps_the_errors_of_merged_sectors(tmp_path: Path) -> None:
    names, rows = ("USA", "KOR"), ["exporter,importer,sector,value"]
    for k, sector in enumerate(("C28", "C29")):
        rows += [f"{a},{b},{sector},{100 + 50 * k if a == b else 10 + 20 * k}" for a in names for b in names]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "flows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "set.csv").write_text("sector,theta,standard_error\nC28,4,0.3\nC29,6,0.4\n", encoding="utf-8")
    (tmp_path / "map.csv").write_text("industry,sector\nC28,M\nC29,M\n", encoding="utf-8")
    asked = (
        "baseline",
        "build",
        "csv",
        "--from",
        tmp_path / "in",
        "--year",
        2021,
        "--elasticities",
        tmp_path / "set.csv",
    )
    run(*asked, "-o", tmp_path / "fine")
    fine = load_baseline(tmp_path / "fine")
    assert fine.elasticity_sets["theta"].standard_errors == pytest.approx([0.3, 0.4])
    run(*asked, "--sectors", tmp_path / "map.csv", "-o", tmp_path / "coarse")
    coarse = load_baseline(tmp_path / "coarse")
    assert coarse.elasticities == pytest.approx([0.25 * 4 + 0.75 * 6])
    assert coarse.elasticity_sets["theta"].standard_errors == pytest.approx(
        [((0.25 * 0.3) ** 2 + (0.75 * 0.4) ** 2) ** 0.5]
    )
