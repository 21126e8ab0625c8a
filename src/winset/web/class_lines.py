"""Payoffs of a package with free numbers, line by line and without slopes: what a slider needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from winset.package.packages import Package
from winset.valuation.commitments import commitment_value
from winset.valuation.levers import LeverPayoffs, with_levers

__all__ = ["LeverLines"]

Floats = NDArray[np.float64]


class LeverLines(LeverPayoffs):
    """`LeverPayoffs`, one solve a package."""

    def lines(self, x: Floats) -> tuple[Floats, list[tuple[str, str, Floats]]]:
        """(rows,) payoffs as `LeverPayoffs` gives them, and id, label and worth (parties,) of each commitment.

        Millions over disagreement, industries in percent. A commitment of the disagreement package counts against
        the one with the same id; what no commitment explains is the tariffs'.
        """
        package = with_levers(self.base, self.levers, x)
        values = self._value_of(package) - self._base_values
        worth, labels = self._by_commitment(package)
        without, known = self._by_commitment(self.against)
        nothing = np.zeros(len(self.parties))
        found = [
            (id, labels.get(id) or known[id], worth.get(id, nothing) - without.get(id, nothing))
            for id in dict.fromkeys([*worth, *without])
        ]
        return values, found

    def _by_commitment(self, package: Package) -> tuple[dict[str, Floats], dict[str, str]]:
        """(parties,) present value of each commitment, and what it is called."""
        worth: dict[str, Floats] = {}
        labels: dict[str, str] = {}
        for branch in self._branches(package):
            chance = self._chance(branch)
            for term, stop in branch.commitments:
                labels.setdefault(term.id, term.label)
                paid = worth.setdefault(term.id, np.zeros(len(self.parties)))
                for party, value in commitment_value(term, self.prices, self._get, until=stop).items():
                    if party in self.parties:
                        paid[self.parties.index(party)] += chance * float(value)
        return worth, labels
