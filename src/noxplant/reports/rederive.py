"""Redo the balances of a plant from its JSON alone, as anyone could without noxplant.

Only the JSON enters (design, section 7): formulas and charges of species, flows and enthalpies of
the streams that cross the plant boundary, and the quantities of kind heat and work. Nothing of
noxplant's species or thermodynamics is imported here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TOLERANCE = 1e-8
"""Largest relative imbalance of an element, of charge or of energy (design, section 6)."""

_TOKEN = re.compile(r"([A-Z][a-z]?)(\d*)|(\()|(\))(\d*)")


@dataclass(frozen=True)
class Rederived:
    """Imbalances found from the JSON.

    Attributes:
        elements: relative imbalance of each element.
        charge: largest net charge of a boundary stream over its ions.
        energy: imbalance over all heat, work and enthalpy differences.
        net_energy: imbalance, W.
    """

    elements: Mapping[str, float]
    charge: float
    energy: float
    net_energy: float

    @property
    def holds(self) -> bool:
        """Whether everything closes."""
        worst = max([self.charge, *self.elements.values()], default=0.0)
        return max(worst, self.energy) <= TOLERANCE


def atoms(formula: str) -> dict[str, float]:
    """Atoms of a formula, without its charge; an electron has none.

    >>> atoms("(NH4)2SO4")
    {'N': 2.0, 'H': 8.0, 'S': 1.0, 'O': 4.0}
    >>> atoms("SO4(2-)") == atoms("SO4-2") == atoms("SO4--") == {'S': 1.0, 'O': 4.0}
    True
    """
    if formula == "e-":
        return {}
    bare = re.sub(r"\((?:s|l|g|aq)\)$", "", formula)
    bare = re.sub(r"\(\d*[+-]+\)$|[+-]+\d*$", "", bare)
    stack: list[dict[str, float]] = [{}]
    place = 0
    while place < len(bare):
        match = _TOKEN.match(bare, place)
        if match is None:
            raise ValueError(f"{formula!r} is no formula that I can read.")
        element, count, opening, closing, times = match.groups()
        if element:
            stack[-1][element] = stack[-1].get(element, 0.0) + float(count or 1)
        elif opening:
            stack.append({})
        elif closing:
            group = stack.pop()
            for e, k in group.items():
                stack[-1][e] = stack[-1].get(e, 0.0) + k * float(times or 1)
        place = match.end()
    return stack[0]


def _boundary(record: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for stream in record["streams"].values():
        if stream["from"] is None:
            yield 1, stream
        if stream["to"] is None:
            yield -1, stream


def rederive(record: Mapping[str, Any]) -> Rederived:
    """Balances of elements, charge and energy over the plant boundary.

    Args:
        record: the JSON of ``noxplant run ROUTE --json FILE``, read.
    """
    made = {name: atoms(s["formula"]) for name, s in record["species"].items()}
    charges = {name: float(s["charge"]) for name, s in record["species"].items()}
    sides: dict[int, dict[str, float]] = {1: {}, -1: {}}
    net = throughput = 0.0
    charge = 0.0
    for sign, stream in _boundary(record):
        ions = 0.0
        loose = 0.0
        for name, n in stream["flows"].items():
            for e, k in made[name].items():
                sides[sign][e] = sides[sign].get(e, 0.0) + k * n
            loose += charges[name] * n
            ions += abs(charges[name]) * n
        charge = max(charge, abs(loose) / ions if ions > 0 else 0.0)
        net += sign * stream["enthalpy_flow"]
        throughput += abs(stream["enthalpy_flow"])
    elements = {}
    for e in dict.fromkeys((*sides[1], *sides[-1])):
        a, b = sides[1].get(e, 0.0), sides[-1].get(e, 0.0)
        elements[e] = abs(a - b) / max(a, b) if max(a, b) > 0 else 0.0
    flows = [q["value"] for q in record["quantities"].values() if q["kind"] in ("heat", "work")]
    net += sum(flows)
    size = max(sum(abs(q) for q in flows), 1e-2 * throughput)
    return Rederived(elements, charge, abs(net) / size if size > 0 else 0.0, net)
