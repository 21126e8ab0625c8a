"""Options of `winset value`: draws, seed, struck authorities; what the text and the JSON then say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import winset
from case_copies import HEAD, copied
from winset.cli import cli, main

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: object) -> str:
    done = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_text_says_draws_drivers_break_evens_and_baselines() -> None:
    text = run("value", "korea-us-2025", "november-2025-terms", "--draws", "50", "--seed", "3")
    flat = re.sub(r"\s+", " ", text)
    for words in (
        "Draws: 50, seed 3",
        "Korea gains in",
        "moved most by",
        "break-even: share of the pledges that must have been planned anyway",
        "net by what it is held against",
        "paid-2025-04",
        "no value is claimed for it",
    ):
        assert words in flat, words
    assert max(len(line) for line in text.splitlines()) <= 80
    without = run("value", "korea-us-2025", "november-2025-terms", "--draws", "0")
    assert "Draws:" not in without
    assert "gains in" not in without


def test_the_json_has_its_blocks() -> None:
    document = json.loads(run("value", "korea-us-2025", "november-2025-terms", "--draws", "20", "--json", "-"))
    assert document["draws"]["count"] == 20
    assert {row["against"] for row in document["against_table"]} == {
        p.stem for p in (Path(winset.__file__).parent / "cases/korea-us-2025/packages").glob("*.yaml")
    } - {"november-2025-terms"}
    party = document["packages"][0]["parties"]["KOR"]
    assert set(party["draws"]["quantiles"]) == {"5", "25", "50", "75", "95"}
    assert 0 <= party["draws"]["gains"] <= 1
    assert {row["id"] for row in party["break_evens"]} == {
        "grant-share", "planned-anyway", "project-yield", "security-service",
    }  # fmt: skip
    assert [row["year"] for row in party["years"]] == list(range(1, 11))
    assert all({"output_percent", "exports_percent", "value_added"} <= set(row) for row in party["sectors"])
    assert party["drivers"][0]["id"]
    assert party["political"] is None


def test_struck_authorities_are_named_in_text_and_manifest() -> None:
    document = json.loads(
        run("value", "korea-us-2025", "section-122", "--draws", "0", "--without", "S122, S301", "--json", "-")
    )
    assert document["without"] == ["S122", "S301"]
    assert document["manifest"]["settings"]["without"] == ["S122", "S301"]
    assert "Without duties under S122" in run(
        "value", "korea-us-2025", "section-122", "--draws", "0", "--without", "S122"
    ).replace("\n", " ")


def test_wrong_options_are_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for option, bad, says in (("--without", "S123", "S122"), ("--draws", "-1", "-1"), ("--seed", "x", "x")):
        monkeypatch.setattr("sys.argv", ["winset", "value", "korea-us-2025", "threat-25", option, bad])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert stopped.value.code == 2
        assert says in capsys.readouterr().err


def test_the_guide_to_terms_shows_a_package_that_can_be_valued(tmp_path: Path) -> None:
    page = (ROOT / "docs/how-to/terms.md").read_text(encoding="utf-8")
    body = page.split("```yaml\n")[1].split("```")[0]
    head = HEAD.format(day="2025-11-14").split("tariffs:")[0]
    folder = copied(tmp_path)
    (folder / "packages" / "test.yaml").write_text(head + body, encoding="utf-8")
    account = winset.open_case(folder).value("test", against="korus-2024")
    assert len(account.branches) == 4
    for party in account.parties.values():
        assert sum(line.band.value for line in party.lines) == pytest.approx(party.net.value, abs=1e-9)
        for line in party.lines:
            assert line.band.low <= line.band.value <= line.band.high


def test_retaliation_moves_both_sides_and_is_told(tmp_path: Path) -> None:
    target = copied(tmp_path)
    plain = json.loads(run("value", target, "threat-25", "--against", "korus-2024", "--draws", 0, "--json", "-"))
    answered = json.loads(
        run("value", target, "threat-25", "--against", "korus-2024", "--draws", 0,
            "--retaliation", "KOR=reciprocal", "--json", "-")
    )  # fmt: skip

    def net(document: dict[str, Any], party: str) -> float:
        return float(document["packages"][0]["parties"][party]["net"]["value"])

    # Who is answered loses; the file says so, and so does the manifest.
    assert net(answered, "USA") < net(plain, "USA")
    assert answered["retaliation"] == {"KOR": "reciprocal"}
    assert plain["retaliation"] == {}
    assert answered["manifest"]["id"] != plain["manifest"]["id"]
    # No duty rose between the parties in the world before the dispute, so there is nothing to answer there.
    none = json.loads(
        run("value", target, "threat-25", "--against", "korus-2024", "--draws", 0, "--retaliation", "KOR=none",
            "--json", "-")
    )  # fmt: skip
    assert net(none, "USA") == pytest.approx(net(plain, "USA"), abs=1e-6)
    text = " ".join(run("value", target, "threat-25", "--draws", 0, "--retaliation", "KOR=proportional").split())
    assert "KOR proportional" in text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("KOR", "REGION=RULE"),
        ("KOR=eye-for-eye", "reciprocal"),
        ("KRO=none", "KOR"),
        ("KOR=none,KOR=optimal", "twice"),
    ],
)
def test_retaliation_that_cannot_be_read(
    given: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["winset", "value", "korea-us-2025", "threat-25", "--retaliation", given])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert says in capsys.readouterr().err
