"""Measured polarisation and faradaic efficiencies of one electrode, read from a user's CSV.

One row a steady state. Columns, in any order, each with its unit in square brackets:

    potential [V vs RHE]            or another scale, as 'V vs Hg/HgO at pH 14'
    current density [mA/cm2]        of geometric area; either sign
    FE NH3 [%]                      of a product, counted from the nitrogen fed (nitrate: 8 e-)
    NO3- [mol/L]                    bulk concentration of a reactant (optional, else for all rows)
    temperature [degC]              (optional)
    rate NH3 [mmol/h/cm2]           (optional, only compared with the current)

A cell of the table may be empty. Rows whose products add up to more than the current, or whose rate
contradicts current and efficiency, are told and kept.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from noxplant import measures
from noxplant.constants import FARADAY
from noxplant.errors import SpecError, UsageError

_COLUMN: Final = re.compile(r"\s*(.*?)\s*\[(.*?)\]\s*")
TOLERANCE: Final = 0.05
"""Relative difference of rate and current, and surplus of efficiency, above which a row is told."""


@dataclass(frozen=True)
class Polarisation:
    """Measured points of one electrode, SI.

    Attributes:
        potential: V against RHE.
        current: total current density, A/m2, positive.
        efficiency: faradaic efficiency of products, nan where not measured.
        bulk: concentration of reactants, mol/m3, by row; only those that the file gives.
        temperature: K; nan where not given.
        rate: mol/(m2 s) of products where given.
        notes: what is odd about the data, in words.
    """

    potential: Any
    current: Any
    efficiency: Mapping[str, Any]
    bulk: Mapping[str, Any] = field(default_factory=dict)
    temperature: Any = None
    rate: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.potential)


def read(path: str | Path) -> Polarisation:
    """Read a CSV with the columns above.

    Raises:
        SpecError: no rows, a column without unit or of an unknown kind, no potential or current, a
            cell that is no number, currents of both signs, an efficiency outside 0..110 %.
    """
    file = Path(path)
    with file.open(newline="", encoding="utf-8-sig") as stream:
        lines = [row for row in csv.reader(stream) if any(cell.strip() for cell in row)]
    if len(lines) < 2:
        raise SpecError(f"{file.name}: there is no row of data below the heading.")
    columns = [_heading(file.name, text) for text in lines[0]]
    values: dict[tuple[str, str], Any] = {}
    for number, (kind, name, unit) in enumerate(columns):
        if (kind, name) in values:
            raise SpecError(f"{file.name}: the column {lines[0][number]!r} is there twice.")
        values[kind, name] = _values(file.name, lines, number, kind, unit)
    return _checked(file.name, values)


def _heading(file: str, text: str) -> tuple[str, str, str]:
    """Kind, species and unit of a column."""
    match = _COLUMN.fullmatch(text)
    if not match:
        raise SpecError(
            f"{file}: the column {text!r} has no unit. Write it in square brackets, as"
            " 'current density [mA/cm2]' or 'potential [V vs RHE]'."
        )
    name, unit = match.group(1), match.group(2)
    for word, kind in (("FE ", "FE"), ("rate ", "rate")):
        if name.startswith(word):
            return kind, name.removeprefix(word).strip(), unit
    return ("", name, unit) if name in _PLAIN else ("bulk", name, unit)


_PLAIN: Final = {"potential": "V", "current density": "A/m2", "temperature": "K"}
_KINDS: Final = {"FE": "1", "rate": "mol/s/m2", "bulk": "mol/m3"}


def _values(file: str, lines: Sequence[Sequence[str]], at: int, kind: str, unit: str) -> Any:
    name = lines[0][at]
    target = _KINDS[kind] if kind else _PLAIN[name.partition("[")[0].strip()]
    out = []
    for number, row in enumerate(lines[1:], start=2):
        text = row[at].strip() if at < len(row) else ""
        if not text:
            out.append(float("nan"))
            continue
        label = f"{file}, row {number}, {name}"
        label = f"{label}.potential" if target == "V" else label
        try:
            out.append(measures.parse(f"{text} {unit}", target, label, scale="RHE"))
        except UsageError as error:
            raise SpecError(str(error)) from error
    return np.array(out)


def _checked(file: str, values: dict[tuple[str, str], Any]) -> Polarisation:
    for name in ("potential", "current density"):
        if ("", name) not in values:
            raise SpecError(
                f"{file}: there is no column {name!r}. Needed are 'potential [V vs RHE]' and"
                " 'current density [mA/cm2]', and 'FE NH3 [%]' and so on for what was measured."
            )
        if not np.all(np.isfinite(values["", name])):
            raise SpecError(f"{file}: the column {name!r} has empty cells; leave such rows out.")
    current = values["", "current density"]
    if not (np.all(current > 0) or np.all(current < 0)):
        raise SpecError(
            f"{file}: the current densities have both signs, or are zero. Give one electrode, of"
            " all reductions or all oxidations."
        )
    groups: dict[str, dict[str, Any]] = {"FE": {}, "rate": {}, "bulk": {}}
    for (kind, name), column in values.items():
        if kind:
            groups[kind][name] = column
    for product, column in groups["FE"].items():
        seen = column[np.isfinite(column)]
        if not seen.size:
            raise SpecError(f"{file}: the column of FE {product} is empty; leave it out.")
        low, high = seen.min(), seen.max()
        if low < 0 or high > 1.1:
            raise SpecError(
                f"{file}: FE {product} reaches {low if low < 0 else high:.4g}; a faradaic"
                " efficiency is 0 to 1. Is it in percent? Write 'FE NH3 [%]'."
            )
    T = values.get(("", "temperature"), np.full(len(current), np.nan))
    found = Polarisation(
        values["", "potential"], np.abs(current), groups["FE"], groups["bulk"], T, groups["rate"]
    )
    return Polarisation(
        found.potential, found.current, found.efficiency, found.bulk, T, found.rate, lint(found)
    )


ELECTRONS: Final = {"NH3": 8.0, "NO2-": 2.0, "N2": 10.0, "N2O": 8.0, "NH2OH": 6.0, "H2": 2.0}
"""Electrons per molecule from nitrate (H2: from water), for the check of rates."""


def lint(data: Polarisation, electrons: Mapping[str, float] = ELECTRONS) -> tuple[str, ...]:
    """What contradicts Faraday's law in some data, in words.

    Args:
        data: points.
        electrons: per molecule of product.
    """
    notes = []
    whole = sum(np.nan_to_num(x) for x in data.efficiency.values())
    for n in np.flatnonzero(whole > 1 + TOLERANCE):
        notes.append(
            f"row {n + 2}: the faradaic efficiencies add up to {whole[n]:.3g}; at most 1 can be"
            " right."
        )
    for name, rate in data.rate.items():
        if name not in data.efficiency or name not in electrons:
            continue
        implied = rate * electrons[name] * FARADAY / data.current
        for n in np.flatnonzero(np.isfinite(implied) & np.isfinite(data.efficiency[name])):
            given = data.efficiency[name][n]
            if abs(implied[n] - given) > TOLERANCE * max(given, implied[n]):
                notes.append(
                    f"row {n + 2}: the rate of {name} and the current give FE {implied[n]:.3g}, the"
                    f" file says {given:.3g}; they are not of one point, or not of"
                    f" {electrons[name]:g} electrons."
                )
    return tuple(notes)
