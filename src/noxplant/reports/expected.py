"""What a solved route is held to: `expected.toml`.

    [sourced."name"]   value, unit, tolerance, source: the check fails when it is missed
    [recorded."name"]  value, unit: own figure, 4 digits; a difference is shown, nothing more

A variant has the same two tables under `[variant.NAME]`. A name is a headline figure, a quantity
(``E-101.voltage``) or a property of a stream (``liquor.temperature``, ``liquor.flow[K+]``). A
tolerance is a number in the unit of the value, or a text such as "1 %" of the value.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noxplant import measures
from noxplant.errors import SpecError, UsageError, nearest

if TYPE_CHECKING:
    from noxplant.flowsheet.solution import Solution

RECORDED_DIGITS = 4
"""Digits of a recorded figure."""
_STATES = {
    "temperature": "K",
    "pressure": "Pa",
    "mass_flow": "kg/s",
    "ph": "1",
    "enthalpy_flow": "W",
}


@dataclass(frozen=True)
class Finding:
    """One expectation against the solution.

    Attributes:
        value: found, in `unit`.
        expected: wanted, in `unit`.
        tolerance: largest allowed difference, in `unit`; None for a recorded figure.
        holds: whether it is met; a recorded figure holds when its 4 digits are the same.
    """

    name: str
    value: float
    expected: float
    unit: str
    tolerance: float | None
    source: str
    holds: bool

    @property
    def fails(self) -> bool:
        """Whether the route's check fails by it."""
        return self.tolerance is not None and not self.holds


def figure(solution: Solution, name: str) -> tuple[float, str]:
    """Value and unit of a headline figure, a quantity or a property of a stream."""
    if name in solution.headline:
        return solution.headline[name]
    if name in solution.quantities:
        return solution.quantities[name].value, solution.quantities[name].unit
    stream, _, key = name.rpartition(".")
    if "[" in name:
        head, _, rest = name.partition("[")
        stream, _, key = head.rpartition(".")
        key = f"{key}[{rest}"
    if stream in solution.stream_results:
        found = solution.stream(stream)
        if key in _STATES and getattr(found, key) is not None:
            return float(getattr(found, key)), _STATES[key]
        if key.startswith("flow[") and key[5:-1] in found.flows:
            return found.flows[key[5:-1]], "mol/s"
        if key.startswith("mass_fraction[") and key[14:-1] in found.flows:
            return found.mass_fraction(key[14:-1]), "1"
    known = [*solution.headline, *solution.quantities, *solution.stream_results]
    raise SpecError(f"{solution.name} has no figure {name!r}.{nearest(name, known)}")


def compare(solution: Solution, path: Path, variant: str | None = None) -> list[Finding]:
    """Hold a solution to an `expected.toml`; an absent file or variant expects nothing.

    Raises:
        SpecError: an expectation lacks a field, or names what the plant does not have.
    """
    if not path.is_file():
        return []
    tables: Mapping[str, Any] = tomllib.loads(path.read_text("utf-8"))
    if variant is not None:
        tables = tables.get("variant", {}).get(variant, {})
    found = [_finding(solution, path, n, e, True) for n, e in tables.get("sourced", {}).items()]
    return found + [
        _finding(solution, path, n, e, False) for n, e in tables.get("recorded", {}).items()
    ]


def _finding(
    solution: Solution, path: Path, name: str, entry: Mapping[str, Any], sourced: bool
) -> Finding:
    needs = ("value", "unit", "tolerance", "source") if sourced else ("value", "unit")
    missing = [k for k in needs if k not in entry]
    if missing:
        raise SpecError(f"{path}: {name} has no {', no '.join(missing)}.")
    value, unit = figure(solution, name)
    expected, wanted = float(entry["value"]), str(entry["unit"])
    try:
        value = measures.convert(value, unit, wanted)
    except UsageError as error:
        raise SpecError(f"{path}: {name}: {error}") from None
    if not sourced:
        same = f"{value:.{RECORDED_DIGITS}g}" == f"{expected:.{RECORDED_DIGITS}g}"
        return Finding(name, value, expected, wanted, None, "", same)
    tolerance = _tolerance(path, name, entry["tolerance"], expected)
    close = abs(value - expected) <= tolerance
    return Finding(name, value, expected, wanted, tolerance, str(entry["source"]), close)


def _tolerance(path: Path, name: str, given: Any, expected: float) -> float:
    if isinstance(given, str) and given.strip().endswith("%"):
        return abs(expected) * float(given.strip().removesuffix("%")) / 100
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        return float(given)
    raise SpecError(
        f"{path}: {name}: tolerance {given!r} is neither a number nor a text like '1 %'."
    )


def record(solution: Solution, names: Iterable[str] | None = None) -> str:
    """Headline figures (or those named) as a `[recorded]` table to paste into `expected.toml`."""
    lines = []
    for name in solution.headline if names is None else names:
        value, unit = figure(solution, name)
        lines.append(f'[recorded."{name}"]\nvalue = {value:.{RECORDED_DIGITS}g}\nunit = "{unit}"\n')
    return "\n".join(lines)
