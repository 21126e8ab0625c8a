"""The brief as one HTML file that needs nothing else: no address is loaded, no script is run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from winset.brief.content import AccountTable, BriefContent, Finding, RateTable
from winset.brief.figures import (
    Picture,
    gains,
    heat_maps,
    published_estimates,
    tariff_path,
    third_parties,
    tornado,
    waterfall,
)
from winset.brief.findings import (
    Reference,
    References,
    anchor,
    findings,
    headline_title,
    package_title,
)
from winset.brief.formats import (
    band_text,
    capital,
    day,
    hover,
    like,
    plain,
    short_unit,
    stated,
    typographic,
    unit_text,
    value_text,
)

__all__ = ["findings", "render_html"]


def render_html(content: BriefContent) -> str:
    """The whole brief as one self-contained HTML page. The same content gives the same bytes."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("winset.brief"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    findings(content)  # two numbers under one id must not reach a page
    page = _Page(content)
    environment.globals.update(
        {name: getattr(page, name) for name in dir(page) if not name.startswith("_")}
        | {
            "band_text": band_text,
            "capital": capital,
            "day": day,
            "hover": hover,
            "plain": plain,
            "short_unit": short_unit,
            "stated": stated,
            "typographic": typographic,
            "unit_text": unit_text,
            "value_text": value_text,
        }
    )
    css = environment.get_template("brief.css").render()
    return environment.get_template("brief.html.j2").render(content=content, css=css)


class _Page:
    """What the templates may ask. Each id is given out once, to the place that comes first."""

    def __init__(self, content: BriefContent) -> None:
        self._content = content
        self._given: set[str] = set()
        self._in_the_open = {f.id for f in self._open()}
        self.references = References(content)
        self.gains_picture: Picture | None = gains(content)
        self.path_picture: Picture | None = tariff_path(content)
        self.waterfall_picture: Picture | None = waterfall(content)
        self.sector_pictures: tuple[Picture, ...] = heat_maps(content)
        self.third_picture: Picture | None = third_parties(content)
        self.tornado_picture: Picture | None = tornado(content)
        self.published_picture: Picture | None = published_estimates(content)
        self.headline_title: str = headline_title(content)

    def _open(self) -> Iterable[Finding]:
        """Findings printed outside the folded data of the pictures."""
        for account in self._content.accounts:
            yield from account.net
            for _, cells in (*account.rows, *account.memos):
                yield from (cell for cell in cells if cell)
        yield from self._content.key_numbers
        yield from (row.ours for row in self._content.comparisons)
        for _, several in self._content.chances:
            yield from several
        for even in self._content.break_evens:
            yield from (f for f in (even.value, even.assumed) if f)

    def first(self, name: str) -> bool:
        """Whether this id has not been given yet; it is now."""
        new = name not in self._given
        self._given.add(name)
        return new

    def first_finding(self, finding: Finding, folded: bool) -> bool:
        """Whether this place carries the id of the finding: the first, and an open one if there is any."""
        if folded and finding.id in self._in_the_open:
            return False
        return self.first(anchor("", finding.id).removeprefix("-"))

    def finding_id(self, finding: Finding) -> str:
        """Id of a finding in the page."""
        return anchor("", finding.id).removeprefix("-")

    def is_finding(self, cell: object) -> bool:
        """Whether a cell is a number that carries its sources."""
        return isinstance(cell, Finding)

    def marks(self, *several: Finding | None) -> list[Reference]:
        """What some findings rest on."""
        return self.references.of(*several)

    def target(self, finding: Finding) -> str:
        """Where the number itself leads: the run, else the first thing that it rests on that is listed."""
        return next((ref.anchor for ref in self.references.of(finding) if ref.anchor), "")

    def bases(self, *several: Finding | None) -> str:
        """Kinds of basis of some findings."""
        return ", ".join(dict.fromkeys(f.basis for f in several if f))

    def row_units(self, caption: Sequence[Finding], cells: Sequence[Finding | None]) -> str:
        """Unit and horizon of a row where they are not those of the caption."""
        units = {f.unit for f in caption}
        horizons = {f.horizon for f in caption}
        said = [unit_text(f.unit) for f in cells if f and f.unit not in units]
        said += [f.horizon for f in cells if f and f.horizon not in horizons]
        return "; ".join(dict.fromkeys(said))

    def title_of(self, package: str) -> str:
        """Title of a package."""
        return package_title(self._content, package)

    def account_id(self, account: AccountTable) -> str:
        """Anchor of an account."""
        return anchor("account", f"{account.package}-against-{account.against}")

    def against_table(self) -> list[AccountTable]:
        """The accounts of the headline package, one for each thing that it is held against."""
        chosen = [a for a in self._content.accounts if a.title == self.headline_title]
        return chosen if len(chosen) > 1 else []

    def kinds(self, table: RateTable) -> list[tuple[str, list[tuple[str, str]]]]:
        """(good, ((columns, authority and citation), ...)): columns with the same authority stand together.

        The largest group comes last and is called "all columns" or "otherwise", so that no list of every
        package is repeated for every good.
        """
        kept = []
        for row in table.rows:
            together: dict[str, list[str]] = {}
            for column, detail in zip(table.columns, row.details, strict=False):
                together.setdefault(detail, []).append(self.title_of(column))
            groups = sorted(((c, d) for d, c in together.items() if d), key=lambda group: -len(group[0]))
            lines = [("; ".join(columns), detail) for columns, detail in groups]
            if groups and len(groups[0][0]) > 1:
                lines[0] = ("all columns" if len(together) == 1 else "otherwise", lines[0][1])
                lines = lines[1:] + lines[:1]
            kept.append((row.label, lines))
        return kept

    def spread(self) -> tuple[tuple[str, ...], list[tuple[str, Finding | None, list[str]]]]:
        """(elasticity sets, ((party, its net, net under each set), ...))."""
        several = self._content.elasticity_spread
        sets = tuple(dict.fromkeys(name for _, values in several for name, _ in values))
        nets = {party: lines[-1] for party, lines in self._content.waterfall if lines}
        rows = []
        for party, values in several:
            net, by_set = nets.get(party), dict(values)
            cells = [like(by_set[s], net) if s in by_set and net else "–" for s in sets]
            rows.append((party, net, cells))
        return sets, rows

    def chance_titles(self) -> tuple[str, ...]:
        """Packages of the table of draws."""
        content = self._content
        named = zip(content.packages, content.package_titles, strict=True)
        return tuple(title for name, title in named if name != content.main_against)

    def safe_url(self, url: str) -> bool:
        """Whether an address may be a link: the web, never a script."""
        return url.startswith(("https://", "http://"))

    def value_range(self, low: float, high: float) -> str:
        """Range of an assumption."""
        return "–" if low == high else f"{plain(low)} to {plain(high)}"

    def settings(self, manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The manifest as (name, value), nested names joined by points."""
        return list(_flat(manifest, ""))


def _flat(value: Any, name: str) -> Iterable[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key in value:
            yield from _flat(value[key], f"{name}.{key}" if name else str(key))
    elif isinstance(value, (list, tuple)):
        yield name, ", ".join(str(one) for one in value)
    else:
        yield name, "none" if value is None else str(value)
