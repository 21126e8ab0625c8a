"""Copies of the shipped case with a package of the test's own, solved under few elasticity sets to be quick."""

from __future__ import annotations

import shutil
from pathlib import Path

import winset
import winset.package.folder
from winset.workflow import OpenCase

SHIPPED = winset.package.folder.SHIPPED / "korea-us-2025"
HEAD = """
name: test
title: A package of a test
date: {day}
status: proposed
summary: Made up.
citation: [k15-framework]
background: {{on: {day}}}
tariffs:
  from_law: {day}
"""
CARS = (
    "importer: USA, exporter: KOR, good: cars, authority: S232, kind: total, status: agreed, "
    "citation: [k35-notice]"
)


def copied(
    folder: Path, body: str = "", *, day: str = "2025-08-07", extra: str = "", sets: str = "BSY, CP"
) -> Path:
    """A case folder with `packages/test.yaml`: what follows `tariffs.from_law`. extra: assumptions to add."""
    target = folder / "case"
    shutil.copytree(SHIPPED, target)
    case = target / "case.yaml"
    text = case.read_text(encoding="utf-8")
    text = text.replace("elasticity_sets: [IS, CP, FGO, LL, BSY, GYY, Shap, U4]", f"elasticity_sets: [{sets}]")
    text = text.replace("assumptions:\n", f"assumptions:\n{extra}", 1)
    case.write_text(text, encoding="utf-8")
    if body:
        (target / "packages" / "test.yaml").write_text(HEAD.format(day=day) + body, encoding="utf-8")
    return target


def assumption(id: str, value: float, low: float, high: float) -> str:
    """A line of `assumptions`."""
    return f"  - {{id: {id}, label: {id}, value: {value}, low: {low}, high: {high}, unit: fraction, why: test}}\n"


def opened(folder: Path, body: str = "", **settings: str) -> OpenCase:
    """The copy, opened."""
    return winset.open_case(copied(folder, body, **settings))
