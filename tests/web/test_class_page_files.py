"""The files of the class page: all there, nothing from outside, every label in both languages."""

from __future__ import annotations

import json
import re

import pytest

from winset.web.class_routes import FILES, STATIC

SCRIPTS = [name for name in FILES if name.startswith("class") and name.endswith(".js")]
WORDS = json.loads((STATIC / "class-words.json").read_text(encoding="utf-8"))


def test_every_file_of_the_list_is_there() -> None:
    assert [name for name in FILES if not (STATIC / name).is_file()] == []


@pytest.mark.parametrize("name", ["class.html", "class.css", *SCRIPTS])
def test_nothing_comes_from_outside(name: str) -> None:
    text = (STATIC / name).read_text(encoding="utf-8")
    assert re.findall(r"(?:https?:)?//[\w-]+\.\w+", text) == []
    for unsafe in ("innerHTML", "dangerouslySetInnerHTML", "eval(", "document.write", "style="):
        assert unsafe not in text, unsafe


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_a_script_loads_is_on_the_list(name: str) -> None:
    text = (STATIC / name).read_text(encoding="utf-8")
    loaded = re.findall(r'from "/static/([^"]+)"|fetch\("/static/([^"]+)"', text)
    assert loaded
    assert {a or b for a, b in loaded} <= set(FILES)


def test_every_label_stands_in_both_languages_with_the_same_places() -> None:
    english, korean = WORDS["en"], WORDS["ko"]
    assert set(english) == set(korean)
    for key, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", korean[key])), key


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_label_that_a_script_asks_for_exists(name: str) -> None:
    asked = re.findall(r'\bsay\("(\w+)"', (STATIC / name).read_text(encoding="utf-8"))
    assert [key for key in asked if key not in WORDS["en"]] == []
