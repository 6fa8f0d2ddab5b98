"""Units of the laboratory, in which batches are read: h, mmol, mL, mA/cm2."""

from __future__ import annotations

from typing import Final

SHOWN: Final[dict[str, tuple[str, float]]] = {
    "s": ("h", 1 / 3600),
    "mol": ("mmol", 1e3),
    "m3": ("mL", 1e6),
    "kg": ("g", 1e3),
    "A": ("mA", 1e3),
    "A/m2": ("mA/cm2", 0.1),
    "mol/m3": ("mol/L", 1e-3),
    "J": ("kJ", 1e-3),
    "J/kg": ("kWh/kg", 1 / 3.6e6),
}
"""Name and factor from SI."""


def shown(value: float, unit: str) -> tuple[float, str]:
    """A value in its laboratory unit.

    >>> shown(36000.0, "s")
    (10.0, 'h')
    """
    name, factor = SHOWN.get(unit, (unit, 1.0))
    return value * factor, "" if name == "1" else name


def words(value: float, unit: str) -> str:
    """A value in words, four digits.

    >>> words(1.5e-3, "mol")
    '1.5 mmol'
    """
    number, name = shown(value, unit)
    return f"{number:.4g} {name}".rstrip()
