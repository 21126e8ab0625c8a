"""`winset baseline build`: read a source, put tariffs on it, add up, balance, check, write; all or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from winset.core.errors import RequestError, UnreadableFileError
from winset.core.names import known
from winset.data import icio2022, working_worlds
from winset.data.balancing import balanced
from winset.data.catalogue import SOURCES
from winset.data.elasticity_files import Sets, published_sets, read_elasticities
from winset.data.findings import Finding, settle
from winset.data.folder import load_baseline, write_baseline
from winset.data.gravity_worlds import read_baci
from winset.data.itpde import read_itpde
from winset.data.levels import Floats, Levels, Membership, grouped, without_empty
from winset.data.mappings import Concordance, membership, read_concordance
from winset.data.oecd_icio import read_icio
from winset.data.plain_csv import read_plain
from winset.data.source_files import SourceFile, take
from winset.data.tariff_layouts import LAYOUTS
from winset.data.tariff_tables import TariffRequest, with_tariffs
from winset.data.wiod2016 import read_wiod
from winset.model.baseline import Baseline

__all__ = ["BuildRequest", "Built", "build"]

Read = tuple[Levels, int, list[SourceFile]]
PREFERRED = ("BSY", "U4")
"""Sets that a world starts from where the user names none: the shipped baseline's, or the uniform one."""


@dataclass(frozen=True, kw_only=True)
class BuildRequest:
    """What `winset baseline build` was asked."""

    source: str
    """A key of `SOURCES`."""
    path: Path
    """File or folder with the source's files."""
    folder: Path
    """Folder to write."""
    name: str | None = None
    year: int | None = None
    regions: Path | None = None
    """CSV of country, region."""
    sectors: Path | None = None
    """CSV of industry, sector."""
    products: Path | None = None
    """CSV of product, sector: for sources by product (BACI) or industry number (ITPD-E)."""
    elasticities: str | None = None
    """Name of a published set, or a CSV file."""
    gdp: Path | None = None
    output_ratio: float = 1.0
    inventories: str = "drop"
    tariffs: Path | None = None
    tariff_layout: str | None = None
    tariff_year: int | None = None
    tariff_unit: str | None = None
    tariff_products: Path | None = None
    tariff_countries: Path | None = None
    tariff_mean: str = "simple"
    duty: str = "AHS"
    accept: tuple[str, ...] = ()
    """Codes of checks whose findings are accepted."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Built:
    """A baseline that was built and written."""

    world: Baseline
    folder: Path
    notes: tuple[str, ...] = ()
    adjustments: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    files: tuple[SourceFile, ...] = field(default=())


def build(request: BuildRequest) -> Built:
    """Build a baseline folder. Nothing is written unless every step and every check succeeded.

    Raises UnknownNameError, UnreadableFileError or BaselineError with file and line, each with what to do.
    """
    source = SOURCES[known(request.source, SOURCES, "source")]
    if request.source == "icio-2022":
        given = sorted(set(_settings(request)) - {"source"})
        if given or request.name:
            raise RequestError(
                f"icio-2022 is built as it is shipped; {(given or ['name'])[0]!r} cannot be set",
                remedy="Build oecd-icio or icio-2022-81, or aggregate in Python",
            )
        return Built(world=icio2022.build(request.path, request.folder), folder=request.folder)
    _refuse_pointless(request)
    if not 0.01 <= request.output_ratio <= 100:
        raise RequestError(f"--output-ratio {request.output_ratio:g} is not between 0.01 and 100")
    with tempfile.TemporaryDirectory(prefix="winset-build-") as scratch:
        levels, year, files = _read(request, Path(scratch))
        if request.year is not None and year != request.year:  # a reader that lets this pass has a fault
            raise RequestError(f"the source is of {year}, not of {request.year}")
        tariffs = request.tariffs
        if tariffs is None and request.source == "csv" and (request.path / "tariffs.csv").is_file():
            tariffs = request.path / "tariffs.csv"
        layout = None
        if tariffs is not None:
            levels, more, layout = with_tariffs(levels, _tariff_request(request, tariffs), Path(scratch))
            files += more
        elif not levels.tariffs.any():
            levels = replace(
                levels, notes=(*levels.notes, "No tariffs given: every flow is untaxed in the base year.")
            )
        sets, more, default = _elasticities(request, levels, Path(scratch))
        files += more
        groups = membership(request.sectors, levels.sectors, "sector")
        coarse = grouped(levels, membership(request.regions, levels.regions, "region"), groups)
        sets = _merged(sets, levels, coarse, groups)
        coarse = without_empty(coarse)
        made = balanced(coarse, inventories=request.inventories)
        warnings = settle((*levels.findings, *made.findings, *_open_ends(files)), request.accept)
        for one in sets.values():
            one["values"] = {code: one["values"][code] for code in coarse.sectors}
            if "standard_errors" in one:
                kept = {code: error for code, error in one["standard_errors"].items() if code in coarse.sectors}
                one["standard_errors"] = kept or None
        Baseline.from_arrays(  # refuses what still does not add up, before anything is written
            regions=coarse.regions,
            sectors=coarse.sectors,
            elasticities=[sets[default]["values"][code] for code in coarse.sectors],
            **made.arrays,
        )
        name = request.name or f"{request.source}-{year}".replace("2014-2014", "2014").replace("81-2022", "81")
        sheet = {
            "name": name,
            "title": source.title.format(year=year),
            "year": year,
            "unit": f"million US dollars of {year} a year",
            "valuation": source.valuation,
            "regions": [{"code": r, "name": coarse.region_names.get(r, r)} for r in coarse.regions],
            "sectors": [{"code": s, "name": coarse.sector_names.get(s, s)} for s in coarse.sectors],
            "default_elasticities": default,
            "elasticity_sets": sets,
            "sources": [source.citation, *([LAYOUTS[layout].citation] if layout else [])],
            "licences": [source.licence, *([LAYOUTS[layout].licence] if layout else [])],
            "files": [{"name": f.path.name, "role": f.role, "sha256": f.sha256, "bytes": f.size} for f in files],
            "settings": _settings(request),
            "notes": list(coarse.notes),
            "adjustments": list(made.adjustments),
            "warnings": list(warnings),
        }
        text = f"# Built by `winset baseline build {request.source}`; see about.md for source and method.\n"
        text += yaml.dump(sheet, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
        about = _about(name, source.title.format(year=year), sheet)
        # Read back before it is put in its place: what cannot be loaded is not written.
        write_baseline(Path(scratch) / "made", text, made.arrays, about)
        world = load_baseline(Path(scratch) / "made")
        write_baseline(request.folder, text, made.arrays, about)
    return Built(
        world=world,
        folder=request.folder,
        notes=coarse.notes,
        adjustments=made.adjustments,
        warnings=warnings,
        files=tuple(files),
    )


def _open_ends(files: list[SourceFile]) -> list[Finding]:
    """A last line without an end that still has all its fields: nothing to refuse, something to know."""
    return [
        Finding(
            code="truncated",
            what=f"{one.path.name} does not end with a line feed",
            remedy="Compare its size with the publisher's: the last figure may be cut",
            file=one.path,
        )
        for one in files
        if not one.ends_whole and one.path.suffix.lower() not in (".xlsx", ".xlsb")
    ]


class _Dumper(yaml.SafeDumper):
    """Quotes every text that another reader of YAML could take for a number (08, 1e5, .5)."""


def _quote(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = text[:1].isalpha()
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Dumper.add_representer(str, _quote)


def _read(request: BuildRequest, scratch: Path) -> Read:
    products: Concordance | None = None if request.products is None else read_concordance(request.products)
    path, year = request.path, request.year
    readers: dict[str, Callable[[], Read]] = {
        "oecd-icio": lambda: read_icio(path, year, scratch),
        "wiod-2016": lambda: read_wiod(path, year, scratch),
        "baci": lambda: read_baci(
            path, year, scratch, gdp=request.gdp, products=products, output_ratio=request.output_ratio
        ),
        "itpd-e": lambda: read_itpde(path, year, scratch, products=products),
        "csv": lambda: read_plain(path, year, scratch),
        "wiod-2014": lambda: working_worlds.read_wiod_44(path, year, scratch),
        "icio-2022-81": lambda: working_worlds.read_icio_81(path, year, scratch),
    }
    if not path.exists():
        raise UnreadableFileError("no such file or folder", file=path, remedy="Name it with --from")
    return readers[request.source]()


def _refuse_pointless(request: BuildRequest) -> None:
    """An option that would change nothing is a mistake, not a wish."""
    said = {
        "--products": (request.products is not None, ("baci", "itpd-e")),
        "--gdp": (request.gdp is not None, ("baci",)),
        "--output-ratio": (request.output_ratio != 1.0, ("baci",)),
        "--inventories": (request.inventories != "drop", ("oecd-icio", "wiod-2016")),
    }
    for option, (given, sources) in said.items():
        if given and request.source not in sources:
            raise RequestError(
                f"{option} means nothing for {request.source}", remedy=f"It is for {', '.join(sources)}"
            )
    extra = (request.tariff_layout, request.tariff_year, request.tariff_products, request.tariff_countries)
    if request.tariffs is None and request.source != "csv" and any(one is not None for one in extra):
        raise RequestError("options for a tariff table without one", remedy="Name the table with --tariffs FILE")


def _tariff_request(request: BuildRequest, path: Path) -> TariffRequest:
    return TariffRequest(
        path=path,
        layout=request.tariff_layout,
        year=request.tariff_year,
        unit=request.tariff_unit,
        products=None if request.tariff_products is None else read_concordance(request.tariff_products),
        countries=request.tariff_countries,
        duty=request.duty,
        mean=request.tariff_mean,
    )


def _elasticities(request: BuildRequest, levels: Levels, scratch: Path) -> tuple[Sets, list[SourceFile], str]:
    """Sets on the source's sectors, and which one the world starts from."""
    own = request.path / "elasticities.csv"
    chosen = request.elasticities
    if chosen is None and request.source == "csv" and own.is_file():
        chosen = str(own)
    sets = published_sets(levels.sectors, isic=levels.isic)
    if chosen is None:
        return sets, [], next(name for name in PREFERRED if name in sets)
    if chosen in sets:
        return sets, [], chosen
    if not Path(chosen).is_file():
        known(chosen, sets, "elasticity set (nor a file)")
    given = read_elasticities(Path(chosen), levels.sectors)
    return {**given, **sets}, [take(Path(chosen), "elasticities", scratch)], next(iter(given))


def _merged(sets: Sets, levels: Levels, coarse: Levels, groups: Membership) -> Sets:
    """Elasticities of groups of sectors: means weighted by trade across the world's borders."""
    flow = np.maximum(levels.flows, 0.0)
    trade = flow.sum(axis=(0, 1)) - np.einsum("iis->s", flow)
    weight = np.where(groups.matrix @ trade > 0, trade[None], 1.0) * groups.matrix
    found: Sets = {}
    for name, one in sets.items():
        theta = np.array([one["values"][code] for code in levels.sectors])
        merged = (weight @ theta) / weight.sum(axis=1)
        note = (
            one["note"]
            if groups.matrix.shape[0] == groups.matrix.shape[1]
            else f"{one['note']} Merged by trade weights."
        )
        values = {code: round(float(value), 9) for code, value in zip(coarse.sectors, merged, strict=True)}
        found[name] = {**one, "note": note.strip(), "values": values}
        if "standard_errors" in one:
            found[name]["standard_errors"] = _merged_errors(one["standard_errors"], weight, levels, coarse)
    return found


def _merged_errors(errors: dict[str, float], weight: Floats, levels: Levels, coarse: Levels) -> dict[str, float]:
    """Standard errors of weighted means of independent estimates; none for a group with a member without one."""
    each = np.array([errors.get(code, np.nan) for code in levels.sectors])
    terms = np.where(weight > 0, (weight * each) ** 2, 0.0)
    merged = np.sqrt(terms.sum(axis=1)) / weight.sum(axis=1)
    return {code: float(e) for code, e in zip(coarse.sectors, merged, strict=True) if np.isfinite(e)}


def _settings(request: BuildRequest) -> dict[str, str]:
    """Every option that is not the default; files by name, without the path of one machine."""
    found: dict[str, str] = {}
    defaults = {one.name: one.default for one in fields(request)}
    for key, value in vars(request).items():
        if key in ("folder", "path", "name") or value == defaults[key]:
            continue
        found[key] = (
            value.name if isinstance(value, Path) else ", ".join(value) if isinstance(value, tuple) else str(value)
        )
    if request.elasticities and Path(request.elasticities).is_file():
        found["elasticities"] = Path(request.elasticities).name
    return found


def _about(name: str, title: str, sheet: dict[str, Any]) -> str:
    def lines(heading: str, texts: list[str]) -> str:
        return f"\n## {heading}\n" + "".join(f"- {text}\n" for text in texts) if texts else ""

    return (
        f"# {name}: {title}\n"
        + lines("Sources", sheet["sources"])
        + lines("Licences", sheet["licences"])
        + lines("What the reader did", sheet["notes"])
        + lines("What balancing moved", sheet["adjustments"])
        + lines("What the checks found", sheet["warnings"])
    )
