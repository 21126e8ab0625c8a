"""Documents to brief on one page. Read this first.

    case folder -> record, law, packages -> calibrated world -> equilibria -> accounts -> brief

`open_case` gives an `OpenCase`; its methods are the commands of `winset`. Nothing here computes: each step
is handed to the room that knows it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winset.core.errors import RequestError
from winset.core.files import inside
from winset.core.provenance import manifest
from winset.package.case import Case, check_citations, open_case_folder

if TYPE_CHECKING:
    from winset.brief.document import Document
    from winset.model.baseline import Baseline
    from winset.negotiation import Negotiation
    from winset.valuation.account import PackageAccount
    from winset.valuation.value import Valuation, Valuer

__all__ = ["OpenCase", "new_case", "open_case"]

Progress = Callable[[int, int], None]


def open_case(name: str | Path) -> OpenCase:
    """A shipped case by name ("korea-us-2025"), or a case folder; every fault names its file and line."""
    return OpenCase(open_case_folder(name))


def new_case(name: str, folder: str | Path = ".", parties: Sequence[str] = ()) -> Path:
    """Write a new case folder, made up and ready to edit, and return its path.

    parties: code of the region that sells, and of the one that levies. Raises RequestError, UnknownNameError
    or UnreadableFileError, and then leaves nothing behind.
    """
    from winset.data.folder import read_sheet
    from winset.package.scaffold import template_baseline, write_case

    sheet, _ = read_sheet(template_baseline())
    regions = {region.code: region.name for region in sheet.regions}
    sectors = [sector.code for sector in sheet.sectors]
    return write_case(name, Path(folder), regions=regions, sectors=sectors, parties=parties)


class OpenCase:
    """A case ready to be valued, and what has been computed for it so far."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._valuers: dict[tuple[object, ...], Valuer] = {}

    def __repr__(self) -> str:
        return f"OpenCase({self.case.sheet.name!r}, {len(self.case.packages)} packages)"

    @cached_property
    def world(self) -> Baseline:
        """The baseline world that the case names, before its law is calibrated in."""
        from winset.data.folder import load_baseline

        with self.case.blame("case.yaml", "model", "baseline"):
            return load_baseline(self._baseline)

    @property
    def _baseline(self) -> str | Path:
        """A shipped baseline by name, or a folder within the case: a case reads no file outside itself."""
        name = self.case.sheet.model.baseline
        folder = inside(self.case.folder, name)
        return folder if folder.is_dir() else name

    def manifest(
        self,
        *,
        elasticities: str | None = None,
        closure: str | None = None,
        draws: int | None = None,
        seed: int | None = None,
        without: Sequence[str] = (),
        retaliation: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Inputs with their hashes, settings and versions of a run with these choices."""
        from winset.data.folder import baseline_files

        model = self.case.sheet.model
        inputs = {f"case/{name}": path for name, path in self.case.files.items()}
        with self.case.blame("case.yaml", "model", "baseline"):
            inputs |= {f"baseline/{name}": path for name, path in baseline_files(self._baseline).items()}
        settings = {
            "case": self.case.sheet.name,
            "baseline": model.baseline,
            "closure": closure or model.closure,
            "elasticities": elasticities or model.elasticities,
            "elasticity_sets": list(model.elasticity_sets),
            "horizon_years": self.case.sheet.horizon.years,
            "draws": model.draws if draws is None else draws,
            "without": list(without),
            "retaliation": dict(retaliation or {}),
        }
        return manifest(inputs=inputs, settings=settings, seed=model.seed if seed is None else seed)

    def valuer(
        self,
        *,
        elasticities: str | None = None,
        closure: str | None = None,
        draws: int | None = None,
        seed: int | None = None,
        without: Sequence[str] = (),
        retaliation: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> Valuer:
        """The solver of accounts for these settings; what it has solved is kept."""
        from winset.valuation.value import Valuer

        model = self.case.sheet.model
        draws = model.draws if draws is None else draws
        seed = model.seed if seed is None else seed
        if draws < 0 or seed < 0:
            raise RequestError(
                f"{draws} draws with seed {seed}: neither may be negative", remedy="Use 0 draws for none"
            )
        answers = dict(retaliation or {})
        key = (elasticities, closure, draws, seed, tuple(without), tuple(sorted(answers.items())))
        if key not in self._valuers:
            check_citations(self.case)
            choice: dict[str, Any] = {
                "elasticities": elasticities, "closure": closure, "draws": draws, "seed": seed,
                "without": tuple(without), "retaliation": answers,
            }  # fmt: skip
            run = self.manifest(**choice)["id"]
            self._valuers[key] = Valuer(self.case, self.world, run=run, progress=progress, **choice)
        return self._valuers[key]

    def value(
        self,
        package: str,
        *,
        against: str | None = None,
        elasticities: str | None = None,
        closure: str | None = None,
        on: dt.date | None = None,
        draws: int | None = None,
        seed: int | None = None,
        without: Sequence[str] = (),
        retaliation: Mapping[str, str] | None = None,
    ) -> PackageAccount:
        """What one package is worth to each party, against another (default: the case's headline choice).

        on: value both under the background law of this day instead of the package's own. draws, seed: default
        the case's. without: legal authorities whose duties are struck, in both packages and elsewhere.
        retaliation: by region, how it answers duties raised on it above the base date's law, in every package:
        none, reciprocal, proportional or optimal (see `winset.retaliate`). Raises
        UnknownNameError for a package, elasticity set or closure; NotConvergedError where a solve fails.
        """
        against = against or self.case.sheet.headline.against
        for name in (package, against):
            self.case.package(name)
        valuer = self.valuer(
            elasticities=elasticities, closure=closure, draws=draws, seed=seed, without=without,
            retaliation=retaliation,
        )  # fmt: skip
        valuation = valuer.value([(package, against)], on=on)
        return valuation.account(package, against)

    def value_all(
        self,
        packages: Sequence[str] = (),
        *,
        against: str | None = None,
        elasticities: str | None = None,
        closure: str | None = None,
        on: dt.date | None = None,
        draws: int | None = None,
        seed: int | None = None,
        without: Sequence[str] = (),
        retaliation: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> Valuation:
        """Accounts of several packages (default: all) against one other, as `value`.

        The headline package, or the first asked for where it is not among them, is also held against every
        other package of the case.
        """
        against = against or self.case.sheet.headline.against
        self.case.package(against)
        if on is not None and not self.case.sheet.period.start <= on <= self.case.sheet.period.end:
            raise RequestError(
                f"{on} lies outside the case",
                why=f"The case runs from {self.case.sheet.period.start} to {self.case.sheet.period.end}",
            )
        chosen = [self.case.package(name).name for name in packages]
        names = chosen or [name for name in self.case.packages if name != against]
        valuer = self.valuer(
            elasticities=elasticities, closure=closure, draws=draws, seed=seed, without=without,
            retaliation=retaliation, progress=progress,
        )  # fmt: skip
        head = self.case.sheet.headline.package
        table_of = head if head in names else next(iter(names), None)
        return valuer.value([(name, against) for name in names], on=on, table_of=table_of)

    def bargain(
        self, parties: Sequence[str] | None = None, *, progress: Progress | None = None, **choice: Any
    ) -> Negotiation:
        """Win-sets, frontier, solutions, counter-offers and deadlines; see `negotiation.negotiate`."""
        from winset.negotiation import negotiate

        return negotiate(self, parties, progress=progress, **choice)

    def brief(
        self,
        folder: str | Path = "brief",
        formats: Sequence[str] = ("html",),
        languages: Sequence[str] = ("en",),
        *,
        since: str | Path | None = None,
        bargain: bool = True,
        progress: Progress | None = None,
    ) -> list[Path]:
        """Write the brief; see `briefing_files.write_brief`."""
        from winset.briefing_files import write_brief

        earlier = None if since is None else Path(since)
        return write_brief(
            self, Path(folder), formats, languages, since_file=earlier, bargain=bargain, progress=progress
        )

    def brief_document(
        self, language: str = "en", *, bargain: bool = True, progress: Progress | None = None
    ) -> Document:
        """The brief as a tree of blocks, from which every format is written."""
        from winset.brief.outline import outline
        from winset.briefing import brief_content
        from winset.briefing_files import case_words, light_bargain

        words = case_words(self, language)
        found, why = light_bargain(self) if bargain else (None, "")
        return outline(brief_content(self, words=words, bargain=found, no_bargain=why, progress=progress), words)

    def brief_html(self, language: str = "en", *, bargain: bool = True, progress: Progress | None = None) -> str:
        """The brief as one self-contained HTML page."""
        from winset.brief.render import render_html

        return render_html(self.brief_document(language, bargain=bargain, progress=progress))
