"""Widths of columns on paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brief.trees import table, text
from winset.brief.columns import ems, layout, numeric
from winset.brief.document import Run, Table

WIDTH = 493.2


def of(rows: list[list[str]]) -> Table:
    """A table of words; the first row is its head."""
    cells = [tuple(text(one) for one in row) for row in rows]
    return Table(id="t", name="t", caption=(Run(text="t"),), head=cells[0], rows=tuple(cells[1:]))


@given(
    st.integers(1, 14).flatmap(
        lambda n: st.lists(st.lists(st.text(max_size=60), min_size=n, max_size=n), min_size=1, max_size=5)
    ),
    st.floats(60.0, 800.0),
)
def test_the_columns_fill_the_width_and_none_vanishes(rows: list[list[str]], width: float) -> None:
    made = layout(of(rows), width)
    assert len(made.shares) == len(rows[0])
    assert sum(made.shares) == pytest.approx(1.0)
    assert min(made.shares) > 0.0
    assert made.tallest <= made.lines


def test_no_word_is_wider_than_its_column_where_the_type_can_be_made_small_enough() -> None:
    rows = [["Line", "Republic of Korea", "Notwithstanding", "x"], ["a b", "c", "d e f", "y"]]
    for width in (493.2, 330.0):
        made = layout(of(rows), width)
        assert not made.tight
        for position, share in enumerate(made.shares):
            longest = max((word for row in rows for word in row[position].split()), key=ems)
            assert ems(longest) * made.size < share * width


def test_a_wide_table_is_set_smaller_and_a_narrow_one_is_not() -> None:
    sizes = [layout(table(3, numbers), WIDTH).size for numbers in (1, 4, 8, 12)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1]
    assert layout(table(3, 12), WIDTH, (9.0, 5.0)).size == 5.0


def test_long_words_do_not_starve_the_other_columns() -> None:
    made = layout(of([["a" * 4000, "short words here"], ["b" * 4000, "more of them"]]), WIDTH)
    assert made.shares[1] > 0.1
    assert made.tallest > 20


def test_a_table_without_cells_is_no_mistake() -> None:
    made = layout(Table(id="t", name="t", caption=(), head=(), rows=()), WIDTH)
    assert made.shares == ()


def test_heads_stand_over_numbers() -> None:
    assert numeric(table(2, 2)) == (False, True, True, False)
    assert numeric(table(0, 2)) == (False, False, False, False)
