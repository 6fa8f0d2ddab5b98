"""Units of measure at the edge: text with a unit to SI and back. Inside, every number is SI.

Used by the command line and for `basis.toml` alone; pint is loaded at the first conversion.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

from noxplant.constants import ZERO_CELSIUS
from noxplant.errors import Refusal, SpecError, UsageError
from noxplant.quantities import UNITS

Bounds = tuple[float | None, float | None]

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*", re.DOTALL)
_UNIT = re.compile(r"[A-Za-z%°µμ(]|1\s*/")
_SCALED = re.compile(
    r"V\s+(?:vs\.?|against)\s+([^\s(]+(?:\s*\([^)]*\))?)(?:\s+at\s+pH\s+(-?[\d.]+))?",
    re.IGNORECASE,
)
_FRACTIONS = {"wt%": "kg/kg", "mass%": "kg/kg", "mol%": "mol/mol", "vol%": "m3/m3"}
_NEEDS_UNIT = {"K": (200.0, "degC"), "Pa": (1000.0, "bar"), "A/m2": (math.inf, "mA/cm2")}
_SPELT = {"AgAg+": "Ag/Ag+", "AgAgCl": "Ag/AgCl", "HgHgO": "Hg/HgO"}
"""Reference electrodes as they are usually written."""
_DIFFERENCE = re.compile(r"\b(difference|approach|subcooling|superheat|rise|lift)\b")

_SHOWN: dict[str, tuple[str, float]] = {
    "Pa": ("bar", 1e-5),
    "kg/s": ("kg/h", 3600.0),
    "m3/s": ("m3/h", 3600.0),
    "W": ("kW", 1e-3),
    "A": ("kA", 1e-3),
    "A/m2": ("mA/cm2", 0.1),
    "mol/m3": ("mol/L", 1e-3),
    "J/mol": ("kJ/mol", 1e-3),
    "J/kg": ("kWh/kg", 1 / 3.6e6),
    "kg/mol": ("g/mol", 1e3),
    "mol/s/m2": ("mmol/h/cm2", 360.0),
}
"""Units for reading: name and factor from SI."""


class Measured(float):
    """A number in SI that knows the unit it was written in; arithmetic makes a plain float of it.

    Attributes:
        unit: unit as written, such as "degC".
        given: value and unit as written, such as "25 degC".
    """

    unit: str
    given: str

    def __new__(cls, value: float, unit: str, given: str = "") -> Measured:
        """Take a value in SI and the unit it was written in."""
        new = super().__new__(cls, value)
        new.unit, new.given = unit, given or f"{value:g} {unit}"
        return new

    def __getnewargs__(self) -> tuple[float, str, str]:  # type: ignore[override]
        """What a copy is made with."""
        return float(self), self.unit, self.given

    def fits(self, unit: str) -> bool:
        """Whether the number may stand where one in `unit` is wanted."""
        return same_kind(self.unit, unit)


@cache
def same_kind(unit: str, target: str) -> bool:
    """Whether two units measure the same.

    >>> same_kind("degC", "K"), same_kind("kg", "K"), same_kind("wt%", "mol/mol")
    (True, False, False)
    """
    if unit == target:
        return True
    try:
        _same_kind(unit, target, "")
    except UsageError:
        return False
    return True


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=True)


def _pint_text(unit: str) -> str:
    """A unit as pint spells it: "mA/cm2" is mA/cm**2, "wt%" a percentage."""
    text = unit.replace("°C", "degC")
    for name in _FRACTIONS:
        text = text.replace(name, "percent")
    text = re.sub(r"(?<=[A-Za-z])(-?\d)\b", r"**\1", text)
    return re.sub(r"(?<=[A-Za-z0-9])\s+(?=[A-Za-z])", "*", text)


def _quantity(value: float, unit: str, label: str) -> Any:
    if unit.strip() in ("", "1"):
        return _registry().Quantity(value, "")
    try:
        return _registry().Quantity(value, _pint_text(unit))
    except Exception as error:  # pint raises several kinds for text that it cannot read
        raise UsageError(
            f"{label}{unit!r} is no unit of measure that I know.\n"
            "  Write units such as degC, K, bar, Pa, mA/cm2, A/m2, mol/L, wt%, t/d, kg/h, kW, V, 1/s."
        ) from error


def _clean(x: float) -> float:
    """Take the last bits of a conversion off: 0.5 mol/L is 500 mol/m3, not 499.99999999999994."""
    return float(f"{x:.15g}")


def to_si(value: float, unit: str, label: str = "") -> float:
    """A value with a unit as a number in SI base units.

    >>> to_si(240.0, "mA/cm2"), to_si(25.0, "degC"), to_si(10.0, "wt%")
    (2400.0, 298.15, 0.1)
    """
    if unit in UNITS:
        return float(value)
    return _clean(float(_quantity(value, unit, label).to_base_units().magnitude))


def convert(value: float, unit: str, target: str, label: str = "") -> float:
    """A value in another unit of the same kind.

    Raises:
        UsageError: the two units measure different things.

    >>> convert(3.6, "t/h", "kg/s")
    1.0
    """
    if unit == target:
        return float(value)
    _same_kind(unit, target, label)
    amount = _quantity(value, unit, label)
    if target in UNITS:
        return _clean(float(amount.to_base_units().magnitude))
    return _clean(float(amount.to(_quantity(1.0, target, label).units).magnitude))


def _same_kind(unit: str, target: str, label: str) -> None:
    a, b = _quantity(1.0, unit, label), _quantity(1.0, target, label)
    bases = {_FRACTIONS.get(u, u) for u in (unit, target)} & {"kg/kg", "mol/mol", "m3/m3"}
    if a.dimensionality != b.dimensionality or len(bases) > 1:
        raise UsageError(f"{label}{unit or '1'} does not measure the same as {target or '1'}.")


@cache
def si_unit(unit: str) -> str:
    """Name of the SI unit of the same kind, as `noxplant.quantities.UNITS` spells it.

    >>> si_unit("mA/cm2"), si_unit("degC"), si_unit("t/d"), si_unit("wt%")
    ('A/m2', 'K', 'kg/s', '1')
    """
    if unit in UNITS:
        return unit
    kind = _quantity(1.0, unit, "").dimensionality
    found = [u for u in sorted(UNITS) if _quantity(1.0, u, "").dimensionality == kind]
    return found[0] if found else f"{_quantity(1.0, unit, '').to_base_units().units:~P}"


def parse(
    text: str,
    unit: str,
    label: str = "",
    *,
    bounds: Bounds = (None, None),
    molar_mass: float | None = None,
    scale: str = "SHE",
) -> float:
    """Read "240 mA/cm2" as a number in an SI unit.

    Args:
        text: number and unit; a bare number counts as SI unless that would be surprising.
        unit: SI unit that is wanted.
        label: what is given, for messages ("E-101.voltage").
        bounds: allowed range; a range below 200 K marks a temperature difference.
        molar_mass: kg/mol of the substance, so that a flow in mol/s may be typed in kg/h.
        scale: reference scale that a potential is wanted on.

    Raises:
        UsageError: no number, unknown unit, wrong kind of unit, a surprising bare number, or a
            potential without (or a voltage with) a reference scale.
    """
    where = f"{label}: " if label else ""
    match = _NUMBER.fullmatch(text)
    if not match:
        raise UsageError(f"{where}{text!r} is no number. Write a number and a unit, as '1 {unit}'.")
    value, given = float(match.group(1)), match.group(2)
    if given and not _UNIT.match(given):
        raise UsageError(f"{where}{text!r} is no number with a unit. Write it as '1 {unit}'.")
    if not math.isfinite(value):
        raise UsageError(f"{where}{text!r} is not finite.")
    if unit == "V" and (not given or "potential" in label or _SCALED.fullmatch(given)):
        return _volts(value, given, label, where, scale)
    if not given:
        _refuse_surprise(value, unit, where, bounds)
        return value
    if given == "C" and unit == "K":
        given = "degC"
    if molar_mass is not None and si_unit(given) == "kg/s" and unit == "mol/s":
        return _clean(convert(value, given, "kg/s", where) / molar_mass)
    try:
        return convert(value, given, unit, where)
    except UsageError as error:
        if "does not measure" not in str(error):
            raise
        raise UsageError(
            f"{where}{text.strip()!r} is given in {given}, but {unit} (or a unit of the same kind)"
            " is wanted."
        ) from None


def _refuse_surprise(value: float, unit: str, where: str, bounds: Bounds) -> None:
    """A bare temperature under 200, pressure under 1000 or current density could mean two things."""
    if unit not in _NEEDS_UNIT:
        return
    least, other = _NEEDS_UNIT[unit]
    difference = unit == "K" and bounds[1] is not None and bounds[1] < least
    if abs(value) < least and value != 0 and not difference:
        raise UsageError(
            f"{where}a bare {value:g} could mean {value:g} {unit} or {value:g} {other}.\n"
            f"  Write '{value:g} {unit}' or '{value:g} {other}'."
        )


def _volts(value: float, given: str, label: str, where: str, wanted: str) -> float:
    """A cell voltage has no reference scale; a potential must name one."""
    name = label.rpartition(".")[2]
    scaled = _SCALED.fullmatch(given)
    if "potential" not in name:
        if scaled:
            raise UsageError(
                f"{where}a cell voltage has no reference; {value:g} {given} is the potential of one"
                f" electrode.\n  Write '{value:g} V' for the voltage between anode and cathode."
            )
        return convert(value, given, "V", where) if given else value
    if not scaled:
        raise UsageError(
            f"{where}a potential needs its reference scale; {value:g} {given or 'V'} names none.\n"
            f"  Write '{value:g} V vs {_SPELT.get(wanted, wanted)}' or '{value:g} V vs RHE at pH"
            " 14'."
        )
    try:
        return _rescaled(value, scaled.group(1), scaled.group(2), wanted, where)
    except (SpecError, Refusal) as error:
        raise UsageError(
            f"{where}{value:g} {given}: {error}\n  It is wanted vs {_SPELT.get(wanted, wanted)};"
            " what is typed against one of these references is converted."
        ) from error


def _rescaled(value: float, scale: str, ph: str | None, wanted: str, where: str) -> float:
    """A potential on the wanted scale, V; Ag/AgCl, Hg/HgO and Ag/Ag+ also without the stroke."""
    from noxplant.thermo.electro import convert as rescale

    plain = {k.upper(): k for k in ("SHE", "RHE", "SCE", *_SPELT)}
    plain["AGAG+(0.01MOL/L)"] = "AgAg+"  # in acetonitrile, as declarations write it
    stripped = re.sub(r"\s", "", scale).upper()
    if re.match(r"(AG|HG)/", stripped):
        stripped = stripped.replace("/", "", 1)
    scale = plain.get(stripped, scale)
    if scale == "RHE" and ph is None and wanted != "RHE":
        raise UsageError(f"{where}a potential vs RHE needs the pH: '{value:g} V vs RHE at pH 14'.")
    if scale == wanted:
        return value
    if "(" in scale:  # an electrode with its filling
        from noxplant.thermo.reference import convert as refill

        return float(rescale(refill(value, scale, "SHE"), "SHE", wanted))
    return float(rescale(value, scale, wanted, ph=None if ph is None else float(ph)))


def shown(value: float, unit: str, *, si: bool = False, doc: str = "") -> tuple[float, str]:
    """A value in a unit for reading (C, bar, kg/h, kW), or as it is with `si`.

    Args:
        value: number in `unit`.
        unit: SI unit; others are left alone.
        si: leave SI.
        doc: what it is; a temperature difference stays in K.

    >>> shown(298.15, "K"), shown(0.5, "kg/s"), shown(10.0, "K", doc="approach")
    ((25.0, 'C'), (1800.0, 'kg/h'), (10.0, 'K'))
    >>> shown(0.25, "A"), shown(2500.0, "A")
    ((250.0, 'mA'), (2.5, 'kA'))
    """
    if si:
        return value, unit
    if unit == "K":
        if _DIFFERENCE.search(doc):
            return value, "K"
        return _clean(value - ZERO_CELSIUS), "C"
    if unit == "A" and 0 < abs(value) < 1:  # of a laboratory
        return value * 1e3, "mA"
    if unit in _SHOWN:
        name, factor = _SHOWN[unit]
        return value * factor, name
    return value, unit


def words(value: float, unit: str, *, si: bool = False, doc: str = "") -> str:
    """A value in words, four digits.

    >>> words(101325.0, "Pa")
    '1.013 bar'
    """
    number, name = shown(value, unit, si=si, doc=doc)
    return f"{number:.4g}" + ("" if name in ("1", "") else f" {name}")
