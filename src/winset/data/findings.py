"""What a check of source data found: refused unless the user accepts it by its code, or told as a warning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from winset.core.errors import BaselineError
from winset.core.names import known

__all__ = ["CODES", "Finding", "settle"]

CODES = {
    "accounts": "rows and columns of a table do not add up to its totals",
    "balancing": "more had to be moved to balance the accounts than a sound table needs",
    "blank-pairs": "large regions that trade with everyone but, both ways, not with each other",
    "domestic-missing": "a region sells abroad and nothing at home",
    "gdp-missing": "regions with trade but no gross domestic product",
    "placeholders": "one value repeated where figures should differ",
    "swapped": "a tariff table whose importer and exporter columns look exchanged",
    "tariffs-missing": "trade flows for which the tariff table has no rate",
    "totals": "totals that cannot be: a world too large or too small, or trade out of line with output",
    "truncated": "a file whose last line has no end",
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a check found."""

    code: str
    """A key of `CODES`."""
    what: str
    """What was found, with the evidence in numbers."""
    remedy: str
    stops: bool = False
    """Whether the build is refused until the user accepts the finding."""
    file: Path | None = None

    @property
    def text(self) -> str:
        """One line."""
        return f"{self.code}: {self.what.rstrip('.')}. {self.remedy.rstrip('.')}."


def settle(findings: Iterable[Finding], accepted: Sequence[str] = ()) -> tuple[str, ...]:
    """The findings as warnings; raises BaselineError for the first that stops and was not accepted."""
    for code in accepted:
        known(code, CODES, "check")
    found = list(findings)
    open_ = [one for one in found if one.stops and one.code not in accepted]
    if open_:
        first, rest = open_[0], sorted({one.code for one in open_[1:]} - {open_[0].code})
        more = f"; also found: {', '.join(rest)}" if rest else ""
        raise BaselineError(
            f"{first.what.rstrip('.')} (check {first.code!r}{more})",
            file=first.file,
            remedy=f"{first.remedy.rstrip('.')}. If the data are right as they stand, add --accept {first.code}",
        )
    return tuple(one.text for one in found)
