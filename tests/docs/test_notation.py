"""Equations in plain characters become the mathematics that they mean."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

notation = pytest.importorskip("generate.notation", reason="needs latex2mathml, of the documentation's packages")
equations = pytest.importorskip("generate.equations")

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "explain").glob("*.md"))


@pytest.mark.parametrize(
    ("plain", "latex"),
    [
        ("x", "x"),
        ("theta", r"\theta"),
        ("X_js", "X_{js}"),
        ("P^_js", r"\hat{P}_{js}"),
        ("P_hat_js", r"\hat{P}_{js}"),
        ("t'_ijs", "t'_{ijs}"),
        ("tariff_cf_ijs", r"\mathrm{tariff}'_{ijs}"),
        ("c^_is^(-theta_s)", r"\hat{c}_{is}^{-\theta_{s}}"),
        ("sum_i x_i", r"\sum_{i} \, x_{i}"),
        ("sum_{j != i} x_j", r"\sum_{j\, \neq \, i} \, x_{j}"),
        ("t*_i", "t^{*}_{i}"),
        ("VA_i", r"\mathrm{VA}_{i}"),
        ("w^_o^beta", r"\hat{w}_{o}^{\beta}"),
        ("a  /  b", r"a\, /\, b"),
    ],
)
def test_known_translations(plain: str, latex: str) -> None:
    assert notation.latex(plain) == latex


def test_a_bracket_that_is_never_closed_is_refused() -> None:
    with pytest.raises(ValueError, match="never closed"):
        notation.latex("x^(1 + y")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_equation_of_a_page_is_mathematics(page: Path) -> None:
    made = notation.typeset(page.read_text(encoding="utf-8"))
    for source in re.findall(r"```\{math\}\n(.*?)\n```", made, re.DOTALL):
        tree = ElementTree.fromstring(notation.mathml(source, display=True))  # noqa: S314
        words = [node.text or "" for node in tree.iter() if node.tag.endswith(("}mi", "}mo", "}mn", "}mtext"))]
        # A caret, an underscore or a backslash that is still there was not understood.
        assert not re.search(r"[\^_\\]", "".join(words).replace("^", "", source.count(r"\hat"))), source
    outside = re.sub(r"```.*?```", "", made, flags=re.DOTALL)
    assert not [line for line in outside.splitlines() if re.match(r"    \S.* = ", line)]


def test_code_in_a_page_is_left_alone() -> None:
    page = "Text.\n\n```python\n    x = 1\n```\n\n    y_i = x_i\n"
    made = notation.typeset(page)
    assert "```python\n    x = 1\n```" in made
    assert "```{math}\ny_{i} = x_{i}\n```" in made


def test_the_column_of_code_stays_code() -> None:
    page = "| symbol | in the code | what |\n|---|---|---|\n| `eps` | `eps` | `x_i` and `a_long_name` |\n\n`eps`\n"
    made = notation.typeset(page)
    assert r"| $\varepsilon$ | `eps` | $x_{i}$ and `a_long_name` |" in made
    assert made.endswith("\n$\\varepsilon$\n")


def test_the_system_of_the_model_is_complete() -> None:
    numbers = {digit for number, *_ in equations.numbered() for digit in re.findall(r"\d", number)}
    assert numbers == set("123456")
