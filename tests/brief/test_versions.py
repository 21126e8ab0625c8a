"""The findings file: what it holds, what it is held against, and that the same inputs say the same."""

from __future__ import annotations

import dataclasses
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brief.sample import sample
from winset.brief.content import BriefContent
from winset.brief.findings import findings
from winset.brief.formats import finding_text, value_text
from winset.brief.versions import SCHEMA, compared, earlier_of, findings_document, parse_findings, since
from winset.core.errors import UnreadableFileError

SETTINGS = {"bargain": True, "points": 12}


def _file(content: BriefContent, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """A version as it is written over another, through JSON and back."""
    made = findings_document(content, SETTINGS, None)
    made["earlier"] = earlier_of(made, before)
    return parse_findings(json.dumps(made, allow_nan=False), "x.findings.json")


def _moved(content: BriefContent, factor: float) -> BriefContent:
    first = content.key_numbers[0]
    other = dataclasses.replace(first, value=first.value * factor)

    def swap(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(swap(one) for one in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            if value == first:
                return other
            return dataclasses.replace(
                value, **{f.name: swap(getattr(value, f.name)) for f in dataclasses.fields(value)}
            )  # type: ignore[type-var]
        return value

    manifest = {**content.manifest, "id": "run-later", "inputs": {"case.yaml": "ef" * 32, "new.yaml": "00"}}
    return dataclasses.replace(swap(content), manifest=manifest)  # type: ignore[no-any-return]


def test_every_finding_is_in_the_file_with_all_that_belongs_to_it() -> None:
    content = sample()
    made = _file(content)
    assert made["schema"] == SCHEMA
    assert made["manifest"]["id"] == content.manifest["id"]
    rows = {row["id"]: row for row in made["findings"]}
    assert set(rows) == {one.id for one in findings(content)}
    for one in findings(content):
        row = rows[one.id]
        assert (row["value"], row["low"], row["high"]) == (one.value, one.low, one.high)
        assert row["rests_on"] == list(one.rests_on)
        for name in ("unit", "horizon", "against", "baseline", "closure", "basis", "label"):
            assert row[name] == getattr(one, name)


def test_the_first_version_is_held_against_nothing() -> None:
    made = _file(sample())
    assert made["earlier"] is None
    assert since(sample(), made["earlier"], SETTINGS).version == ""


def test_the_same_inputs_again_give_the_same_file_and_are_held_against_the_version_before() -> None:
    first = _file(sample())
    assert _file(sample(), first) == first
    later = _moved(sample(), 2.0)
    second = _file(later, first)
    assert second["earlier"]["manifest"] == first["manifest"]
    third = _file(later, second)
    assert third == second
    assert _file(sample(), third)["earlier"]["manifest"]["id"] == "run-later"


def test_what_moved_is_told_with_its_old_value_and_the_inputs_that_differ() -> None:
    content = sample()
    later = _moved(content, 2.0)
    found = since(later, _file(later, _file(content))["earlier"], SETTINGS)
    old, new = content.key_numbers[0], later.key_numbers[0]
    assert found.version == content.manifest["id"]
    assert [(one.id, was) for one, was in found.moved] == [(new.id, finding_text(dataclasses.replace(old)))]
    assert set(found.inputs) == {"case.yaml", "new.yaml (new)", "law.yaml (gone)"}
    assert found.added == ()
    assert found.gone == ()


def test_a_move_below_what_is_printed_is_none() -> None:
    content = sample()
    nearly = _moved(content, 1 + 1e-9)
    assert value_text(nearly.key_numbers[0]) == value_text(content.key_numbers[0])
    assert since(nearly, _file(nearly, _file(content))["earlier"], SETTINGS).moved == ()


def test_numbers_that_come_and_go_are_told() -> None:
    content = sample()
    fewer = dataclasses.replace(content, key_numbers=content.key_numbers[:2], manifest={"id": "run-x"})
    gone = content.key_numbers[2]
    assert gone.label in since(fewer, _file(fewer, _file(content))["earlier"], SETTINGS).gone
    assert gone in since(content, _file(content, _file(fewer))["earlier"], SETTINGS).added


def test_a_number_that_was_not_computed_survives_the_file() -> None:
    content = sample()
    none = dataclasses.replace(content.key_numbers[2], value=float("nan"))
    lost = dataclasses.replace(content, key_numbers=(*content.key_numbers[:2], none), manifest={"id": "run-y"})
    made = _file(lost, _file(content))
    assert next(row for row in made["findings"] if row["id"] == none.id)["value"] is None
    assert [one.id for one, _ in since(lost, made["earlier"], SETTINGS).moved] == [none.id]


def test_nets_and_the_numbers_of_the_first_pages_are_compared() -> None:
    content = sample()
    ids = [one.id for one in compared(content)]
    assert len(ids) == len(set(ids))
    assert {f.id for f in content.key_numbers} | {f.id for a in content.accounts for f in a.net} <= set(ids)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "null", '{"schema": "winset/value/1"}', '{"schema": "winset/findings/1"}', "[" * 100_000],
)
def test_what_is_not_a_findings_file_is_refused_by_name(text: str) -> None:
    with pytest.raises(UnreadableFileError, match=r"old\.json"):
        parse_findings(text, "old.json")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), junk=st.sampled_from([None, [], {}, "x", 3, True, [{}], {"id": 1}]))
def test_a_damaged_findings_file_is_read_or_refused_and_never_breaks(seed: int, junk: object) -> None:
    rng = random.Random(seed)
    made: Any = json.loads(json.dumps(findings_document(sample(2, 2), SETTINGS, None)))
    made["earlier"] = {"manifest": {}, "settings": {}, "findings": made["findings"][:3]}
    holder = rng.choice([made, made["earlier"], made["findings"][0], made["earlier"]["findings"][0]])
    holder[rng.choice(sorted(holder))] = junk
    try:
        found = parse_findings(json.dumps(made), "x")
    except UnreadableFileError:
        return
    document = findings_document(sample(2, 2), SETTINGS, None)
    since(sample(2, 2), earlier_of(document, found), SETTINGS)
