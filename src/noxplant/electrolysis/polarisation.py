"""Measured polarisation and faradaic efficiencies of one electrode, read from a user's CSV.

One row a steady state. Columns, in any order, each with its unit in square brackets:

    potential [V vs RHE]            or another scale, as 'V vs Hg/HgO at pH 14'; also in mV
    current density [mA/cm2]        of geometric area; either sign
    FE NH3 [%]                      of a product, counted from the nitrogen fed (nitrate: 8 e-)
    NO3- [mol/L]                    bulk concentration of a reactant (optional, else for all rows)
    temperature [degC]              (optional)
    rate NH3 [mmol/h/cm2]           (optional, only compared with the current)

Potentials on another scale are converted at the temperature of their row; Hg/HgO and its like are
known at 25 C only and refused elsewhere. A cell of the table may be empty. Rows whose products add up to more than the current, or whose rate
contradicts current and efficiency (`lint`), are told with the fit and kept.
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
from noxplant.constants import FARADAY, T_REFERENCE
from noxplant.errors import ModelError, Refusal, SpecError, UsageError
from noxplant.species import species

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


def read(path: str | Path, temperature: float | None = None) -> Polarisation:
    """Read a CSV with the columns above.

    Args:
        path: of the file.
        temperature: of all rows where the file has no column of it, K; 298.15 K when neither is
            given.

    Raises:
        SpecError: no rows, a column without unit or of an unknown kind, no potential or current, a
            cell that is no number, currents of both signs, an efficiency outside 0..110 %, a
            temperature given twice or missing in a row, a scale unknown at that temperature.
    """
    file = Path(path)
    lines = _lines(file)
    if len(lines) < 2:
        raise SpecError(f"{file.name}: there is no row of data below the heading.")
    columns = [_heading(file.name, text) for text in lines[0]]
    values: dict[tuple[str, str], Any] = {}
    for number, (kind, name, unit) in enumerate(columns):
        if kind == "unused":
            continue
        if (kind, name) in values:
            raise SpecError(f"{file.name}: the column {lines[0][number]!r} is there twice.")
        if (kind, name) != ("", "potential"):
            values[kind, name] = _values(file.name, lines, number, kind, unit)
    T = _temperature(file.name, values, len(lines) - 1, temperature)
    for number, (kind, name, unit) in enumerate(columns):
        if (kind, name) == ("", "potential"):
            values[kind, name] = _potentials(file.name, lines, number, unit, T)
    unused = [repr(t) for t, (k, _, _) in zip(lines[0], columns, strict=True) if k == "unused"]
    notes = [f"{file.name}: not used: the column {', '.join(unused)}."] if unused else []
    return _checked(file.name, values, (*notes, *_twins(lines)))


def _lines(file: Path) -> list[list[str]]:
    """Rows of a file that hold something."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError(
            f"{file.name}: byte {error.start + 1} is no UTF-8. Save the file as 'CSV UTF-8', or write"
            " units without signs, as 'mA/cm2'."
        ) from error
    lines = [r for r in csv.reader(text.splitlines()) if any(cell.strip() for cell in r)]
    if lines and ";" in "".join(lines[0]):
        raise SpecError(
            f"{file.name}: the columns are separated by semicolons. Save it with commas between columns"
            " and points as decimal signs."
        )
    for number, row in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in row[len(lines[0]) :]):
            raise SpecError(
                f"{file.name}, row {number}: there are {len(row)} cells below {len(lines[0])} headings."
                " Write points as decimal signs, and a heading for every column."
            )
    return lines


def _twins(lines: Sequence[Sequence[str]]) -> list[str]:
    """Rows that are there more than once, in words: copies make intervals too narrow."""
    first: dict[tuple[str, ...], int] = {}
    notes = []
    for number, row in enumerate(lines[1:], start=2):
        key = tuple(cell.strip() for cell in row)
        if key in first:
            notes.append(
                f"row {number} is the same as row {first[key]}; if it is a copy and no second"
                " measurement, delete it: it makes the intervals too narrow."
            )
        first.setdefault(key, number)
    return notes


def _heading(file: str, text: str) -> tuple[str, str, str]:
    """Kind, species and unit of a column."""
    match = _COLUMN.fullmatch(text)
    if not match and not text.strip().startswith((*_PLAIN, "FE ", "rate ")):
        return "unused", text, ""
    if not match:
        raise SpecError(
            f"{file}: the column {text!r} has no unit. Write it in square brackets, as"
            " 'current density [mA/cm2]' or 'potential [V vs RHE]'."
        )
    name, unit = match.group(1), match.group(2)
    for word, kind in (("FE ", "FE"), ("rate ", "rate")):
        if name.startswith(word):
            return kind, name.removeprefix(word).strip(), unit
    if name in _PLAIN:
        return "", name, unit
    if name.lower() in _PLAIN or name.lower().startswith("fe "):
        raise SpecError(
            f"{file}: the column {text!r}: write small 'potential', 'current density',"
            " 'temperature', and 'FE NH3' with FE in capitals."
        )
    try:
        known = bool(species(name).content)
    except ModelError:
        known = False
    return "bulk" if known else "unused", name, unit


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


def _temperature(file: str, values: dict[tuple[str, str], Any], rows: int, given: Any) -> Any:
    """Temperature by row, K; put among the values when it is given for all rows."""
    column = values.get(("", "temperature"))
    if column is None:
        T = np.full(rows, T_REFERENCE if given is None else given)
        if given is not None:
            values["", "temperature"] = T
        return T
    if given is not None:
        raise SpecError(
            f"{file}: the temperature is in the file and given besides ({given:g} K); leave"
            " --temperature out, or take the column out of the file."
        )
    for n in np.flatnonzero(~np.isfinite(column)):
        raise SpecError(
            f"{file}, row {n + 2}: the temperature is empty. Give it in every row, or take the column"
            " out and give --temperature."
        )
    for n in np.flatnonzero(column <= 0):
        raise SpecError(
            f"{file}, row {n + 2}: the temperature is {column[n]:g} K; it is above 0 K."
        )
    return column


_SCALE: Final = re.compile(r"(m?)V\s+(?:vs\.?|against)\s+(.*?)(?:\s+at\s+pH\s+(-?[\d.]+))?", re.I)


def _potentials(file: str, lines: Sequence[Sequence[str]], at: int, unit: str, T: Any) -> Any:
    """Potentials against RHE at the temperature of their row."""
    match = _SCALE.fullmatch(unit.strip())
    milli = match is not None and match.group(1) != ""
    plain = unit.strip()[1:] if milli else unit
    given = _values(file, lines, at, "", plain)
    if match is None or match.group(2).strip().upper() == "RHE":
        return given / 1e3 if milli else given
    volts = _values(file, lines, at, "", "V vs RHE") / (1e3 if milli else 1.0)
    out = []
    for n, (x, kelvin) in enumerate(zip(volts, T, strict=True)):
        try:
            out.append(_against_rhe(x, match.group(2), float(match.group(3)), kelvin))
        except (SpecError, Refusal) as error:
            raise SpecError(
                f"{file}, row {n + 2}, {lines[0][at]}: at {kelvin - 273.15:.4g} C: {error}\n  Convert"
                " the column to 'V vs RHE' yourself, with the potential of your reference at that"
                " temperature."
            ) from error
    return np.array(out)


def _against_rhe(volts: float, scale: str, ph: float, T: float) -> float:
    from noxplant.thermo import electro, reference

    key = re.sub(r"[\s/]", "", scale)
    name = {k.upper(): k for k in ("SHE", "SCE", "AgAgCl", "HgHgO", "AgAg+")}.get(key.upper())
    if name is None:  # an electrode with its filling
        volts, name = float(reference.convert(volts, scale, "SHE", T)), "SHE"
    return float(electro.convert(volts, name, "RHE", ph=ph, T=T))


def _checked(file: str, values: dict[tuple[str, str], Any], notes: tuple[str, ...]) -> Polarisation:
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
        _check_efficiency(file, product, column, seen)
    T = values.get(("", "temperature"), np.full(len(current), np.nan))
    return Polarisation(
        values["", "potential"],
        np.abs(current),
        groups["FE"],
        groups["bulk"],
        T,
        groups["rate"],
        notes,
    )


def _check_efficiency(file: str, product: str, column: Any, seen: Any) -> None:
    low, high = float(seen.min()), float(seen.max())
    if low < 0:
        raise SpecError(
            f"{file}, row {int(np.nanargmin(column)) + 2}: FE {product} is {100 * low:.4g} %; a faradaic"
            " efficiency is 0 to 100 %. Write 0 for what lies below the blank, or leave the cell empty."
        )
    if high > 1.1:
        raise SpecError(
            f"{file}, row {int(np.nanargmax(column)) + 2}: FE {product} reaches {high:.4g}; a faradaic"
            " efficiency is 0 to 1. Is it in percent? Write 'FE NH3 [%]'."
        )


ELECTRONS: Final = {"NH3": 8.0, "NO2-": 2.0, "N2": 10.0, "N2O": 8.0, "NH2OH": 6.0, "H2": 2.0}
"""Electrons per molecule from nitrate (H2: from water), for the check of rates; a fit counts them
from its own half-reactions."""


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
