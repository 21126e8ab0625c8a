"""SQL over a sweep: answers, and no way out of its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sweep.sweep_cases import hashes
from winset.core.errors import RequestError, UnreadableFileError
from winset.sweep.parquet import Names, encoded
from winset.sweep.plan import Axis, Plan
from winset.sweep.query import answer_csv, answer_document, answer_text, query
from winset.sweep.store import GRID, open_store
from winset.sweep.work import Made

PLAN = Plan(
    packages=("a", "b/c d"), against="z", draws=4, seed=1, mode="sets", spread=0.0, base="a", block=2,
    axes=(Axis(lever="rate", low=1.0, high=2.0, count=2),),
)  # fmt: skip


def columns(first: int, last: int, **more: Any) -> dict[str, Any]:
    draw = np.arange(first, last, dtype=np.int32)
    net = np.where(draw == 3, np.nan, 1.5 * draw)
    return {"draw": draw, "party": Names(["KOR", "it's"], draw % 2), "net": net, **more}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "it's a sweep"
    store = open_store(root, {"id": "run-1", "inputs": {}, "settings": {"sweep": PLAN.to_dict()}})
    for chunk in PLAN.chunks():
        if chunk.points is not None:
            extra = {"point": np.full(chunk.last - chunk.first, chunk.points[0], dtype=np.int32)}
        else:
            extra = {"line_only_b": np.ones(chunk.last - chunk.first)} if chunk.package == "b/c d" else {}
        content = encoded(columns(chunk.first, chunk.last, **extra), {"units": {"net": "euros"}})
        store.keep(
            Made(id=chunk.id, content=content, rows=2, unconverged=0, worst_residual=0.0, solves=0, seconds=0.0)
        )
    (root / GRID).write_bytes(encoded({"point": np.arange(2), "lever_rate": np.array([1.0, 2.0])}, {}))
    store.finish()
    return root


def test_three_views(folder: Path) -> None:
    answer = query(
        folder, "select package, count(*) n, sum(net) net from rows where point is null group by all order by 1"
    )
    assert answer.columns == ("package", "n", "net")
    assert answer.rows == (("a", 4, 4.5), ("b/c d", 4, 4.5))
    joined = query(folder, "select lever_rate, avg(net) m from rows join grid using (point) group by 1 order by 1")
    assert joined.rows == ((1.0, 1.5), (2.0, 1.5))
    assert query(folder, "select count(*) from draws").rows == ((4,),)
    assert query(folder, "select net from rows where draw = 3 and point is null limit 1").rows == ((None,),)
    assert query(folder, "select distinct party from rows order by 1").rows == (("KOR",), ("it's",))
    both = query(folder, "select package, line_only_b from rows where draw = 0 and point is null order by 1")
    assert both.rows == (("a", None), ("b/c d", 1.0))
    assert {row[0] for row in query(folder, "describe rows").rows} >= {"package", "point", "net"}
    assert query(folder, "with x as (from draws) select max(draw) from x").rows == ((3,),)


def test_text_csv_and_json(folder: Path) -> None:
    answer = query(folder, "select package, net * 1000 as net from draws, (select 'x,y' package) order by draw")
    text = answer_text(answer).splitlines()
    assert text[0].split() == ["package", "net"]
    assert len({len(line) for line in text[:4]}) == 1
    assert text[3].endswith("1,500.0")
    assert answer_csv(answer).splitlines() == [
        "package,net",
        '"x,y",0.0',
        '"x,y",1500.0',
        '"x,y",3000.0',
        '"x,y",',
    ]
    document = answer_document(answer, folder)
    assert json.loads(json.dumps(document, allow_nan=False))["rows"][1] == ["x,y", 1500.0]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('{outside}')",
        "select * from read_csv('{outside}')",
        "select * from glob('/*')",
        "from '{outside}'",
        "copy rows to '{target}'",
        "copy (select 1) to '{inside}'",
        "export database '{target}'",
        "attach '{target}' as x",
        "create table x as select 1",
        "drop view rows",
        "insert into rows select 1",
        "update rows set net = 0",
        "delete from rows",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "reset enable_external_access",
        "pragma enable_object_cache",
        "call pragma_version()",
        "select 1; select 2",
        "",
        "   ",
        "not sql",
        "select * from nowhere",
        "select nothing from rows",
        "select * from 'https://example.org/x.parquet'",
        "\x00",
    ],
)
def test_nothing_but_one_select_over_the_sweep(folder: Path, sql: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n", encoding="utf-8")
    before = hashes(tmp_path)
    places = {"outside": secret, "target": tmp_path / "out.parquet", "inside": folder / "out.parquet"}
    with pytest.raises(RequestError):
        query(folder, sql.format(**places))
    assert hashes(tmp_path) == before


def test_an_unfinished_sweep_says_so_and_a_stray_file_is_not_read(folder: Path) -> None:
    path = folder / "chunks.jsonl"
    kept = [line for line in path.read_bytes().splitlines(keepends=True) if b"package=a/000000002" not in line]
    path.write_bytes(b"".join(kept))
    answer = query(folder, "select count(*) from rows where package = 'a' and point is null")
    assert answer.rows == ((2,),)
    assert answer.chunks == (9, 10)
    assert "unfinished: 9 of 10 chunks" in answer_text(answer)


def test_a_truncated_chunk_is_not_read_as_whole(folder: Path) -> None:
    path = next(folder.glob("rows/*/000000002.parquet"))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadableFileError, match="bytes where") as caught:
        query(folder, "select count(*) from rows")
    assert str(path.name) in str(caught.value)


def test_units_stand_in_the_files(folder: Path) -> None:
    import duckdb

    path = next(folder.glob("rows/*/000000002.parquet"))
    with duckdb.connect() as connection:
        (found,) = connection.execute("select value from parquet_kv_metadata(?)", [str(path)]).fetchall()
    assert json.loads(found[0])["units"] == {"net": "euros"}
