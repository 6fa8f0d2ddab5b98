"""Reference scales of potentials: SHE, RHE, Ag/AgCl and others by filling, Ag/Ag+ by solvent.

A potential means nothing without its scale; `Potential` holds both and converts. Data, sources and
classes: `species/data/reference.toml` and `electro.toml`.

>>> e = Potential(-0.2, scale("RHE at pH 14"))
>>> print(e.to("SHE"))
-1.0282 V vs SHE
>>> round(e.to("AgAgCl (3 mol/L KCl)").value, 4)
-1.2382
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from noxplant import maths
from noxplant.constants import FARADAY, GAS_CONSTANT, T_REFERENCE
from noxplant.errors import Refusal, SpecError, nearest
from noxplant.species.numbers import number, read
from noxplant.thermo import ranges
from noxplant.thermo.electro import PH

ELECTRODES: Final = ("SHE", "RHE", "AgAgCl", "SCE", "HgHgO", "AgAg+")
USUAL: Final = {"AgAgCl": "saturated KCl", "SCE": "saturated KCl", "HgHgO": "1 mol/L KOH"}
"""Fillings of the scales without a name of their own (electro.toml), by electrode."""

LISTED: Final = 6
"""Values of an array that a text names."""

_PH = re.compile(r"RHE(?:,? at)? pH ?(-?\d+(?:\.\d+)?)")
_FILLED = re.compile(r"(\S+?) ?\((.+)\)")
_SILVER = re.compile(r"(\w+), ?(\d+(?:\.\d+)?(?:e-?\d+)?) mol/L")


@dataclass(frozen=True)
class Scale:
    """A reference electrode that is fully specified.

    Attributes:
        electrode: one of `ELECTRODES`.
        filling: of AgAgCl, SCE and HgHgO, e.g. "3 mol/L KCl".
        solvent: of AgAg+, "acetonitrile" or "water".
        concentration: of Ag+ in AgAg+, mol/L.
        ph: of RHE, -log10 of the activity of H+ in water, within `electro.PH` (-3 to 18).
    """

    electrode: str
    filling: str = ""
    solvent: str = ""
    concentration: float = 0.0
    ph: Any = None

    def __post_init__(self) -> None:
        """Refuse an unknown electrode, RHE without pH, and a pH that water cannot have."""
        if self.electrode not in ELECTRODES:
            raise SpecError(
                f"There is no reference electrode {self.electrode!r}."
                f"{nearest(self.electrode, ELECTRODES)} Electrodes: {', '.join(ELECTRODES)}."
            )
        if self.electrode == "RHE" and self.ph is None:
            raise SpecError("A potential against RHE needs the pH: write 'RHE at pH 14'.")
        if self.electrode == "AgAg+":
            ranges.sound("concentration of Ag+", self.concentration, "mol/L", above=True)
        if self.ph is not None:
            ranges.sound("pH", self.ph, least=PH[0], most=PH[1])

    def __str__(self) -> str:
        """Name of the scale, as `scale` reads it; every pH of an array."""
        if self.electrode == "RHE":
            return f"RHE at pH {_shown(self.ph, 'g')}"
        if self.electrode == "AgAg+":
            return f"AgAg+ ({self.solvent}, {self.concentration:g} mol/L)"
        return f"{self.electrode} ({self.filling})" if self.filling else self.electrode

    def zero(self, T: Any = T_REFERENCE) -> Any:
        """Potential of the electrode against SHE at the same temperature in V.

        Args:
            T: temperature [K]. SHE: any; RHE: 250..480 (Nernst). AgAgCl and SCE with saturated
                KCl, AgAgCl with 3.5 mol/L: 288.15..308.15. All others 298.15 only.

        Error: 3 mV (fillings; liquid junction), 1 to 2 mV more by temperature; AgAg+ in
        acetonitrile 50 mV, the junction to water.
        """
        if self.electrode == "SHE":
            ranges.sound("temperature of the electrode", T, "K", above=True)
            if ranges.is_pyomo(T) or isinstance(T, (int, float)):
                return 0.0
            import numpy as np

            return np.zeros(np.shape(T))
        if self.electrode == "RHE":
            ranges.within("reversible hydrogen electrode in water", T, 250.0, 480.0)
            return -GAS_CONSTANT * T * maths.log(10.0) / FARADAY * self.ph
        slope = self._slope()
        words = f"potential of {self} against SHE"
        if slope:
            ranges.within(words, T, *number("reference.slope.AgAg+.range"))
        else:
            ranges.within(words, T, T_REFERENCE - 0.5, T_REFERENCE + 0.5)
        return self._room() + slope * (T - T_REFERENCE)

    def _room(self) -> float:
        if self.electrode == "AgAg+":
            whole = float(number(f"reference.silver.{self.solvent}.potential"))
            nernst = GAS_CONSTANT * T_REFERENCE / FARADAY
            return whole + nernst * float(maths.log(self.concentration))
        if self.filling == USUAL[self.electrode]:
            return float(number(f"electro.scale.{self.electrode}.potential"))
        key = f"{self.electrode} {self.filling}".replace(".", ",")
        return float(number(f"reference.filling.{key}.potential"))

    def _slope(self) -> float:
        key = f"{self.electrode} {self.filling}".replace(".", ",")
        known = read("reference")["slope"]
        return float(number(f"reference.slope.{key}.slope")) if key in known else 0.0


@cache
def fillings(electrode: str) -> tuple[str, ...]:
    """Fillings of an electrode for which there is a potential; the usual one first.

    >>> fillings("AgAgCl")
    ('saturated KCl', '3.5 mol/L KCl', '3 mol/L KCl', '1 mol/L KCl', '0.1 mol/L KCl')
    """
    listed = (k.replace(",", ".").split(" ", 1) for k in read("reference")["filling"])
    return (USUAL[electrode], *(f for e, f in listed if e == electrode))


def scale(text: str | Scale, ph: Any = None) -> Scale:
    """Scale from its name: "SHE", "RHE at pH 14", "AgAgCl (3 mol/L KCl)",
    "AgAg+ (acetonitrile, 0.01 mol/L)". Ag/AgCl, Hg/HgO and Ag/Ag+ may be written with a stroke.

    Args:
        text: the name, or a scale, which is returned.
        ph: pH for "RHE", where the text has none.

    Raises:
        SpecError: an unknown electrode or filling, RHE without pH, AgAgCl, SCE, HgHgO or AgAg+
            without what it is filled with.
        Refusal: a concentration of Ag+ outside the range of its datum, or a pH outside -3 to 18.
    """
    if isinstance(text, Scale):
        return text
    plain = text.strip().replace("/", "", 1) if re.match(r"\s*(Ag|Hg)/", text) else text.strip()
    match = _PH.fullmatch(plain)
    if match or plain == "RHE":
        if match is None and ph is None:
            raise SpecError("A potential against RHE needs the pH: write 'RHE at pH 14'.")
        return Scale("RHE", ph=float(match[1]) if match else ph)
    if plain == "SHE":
        return Scale("SHE")
    filled = _FILLED.fullmatch(plain)
    electrode, inside = (filled[1], filled[2]) if filled else (plain, "")
    if electrode not in ELECTRODES:
        raise SpecError(
            f"There is no reference electrode {electrode!r}.{nearest(electrode, ELECTRODES)} "
            f"Electrodes: {', '.join(ELECTRODES)}."
        )
    return _silver(inside) if electrode == "AgAg+" else _filled(electrode, inside)


def _filled(electrode: str, inside: str) -> Scale:
    if electrode not in USUAL:
        raise SpecError(f"The potential of {electrode} has no filling; write {electrode} alone.")
    known = fillings(electrode)
    if inside in known:
        return Scale(electrode, filling=inside)
    what = f"There is no potential of {electrode} filled with {inside!r}." if inside else ""
    raise SpecError(
        f"{what or f'The potential of {electrode} depends on its filling.'}"
        f"{nearest(inside, known) if inside else ''} Write {electrode} (FILLING) with one of: "
        f"{'; '.join(known)}."
    )


def _silver(inside: str) -> Scale:
    solvents = read("reference")["silver"]
    match = _SILVER.fullmatch(inside)
    if match is None or match[1] not in solvents:
        raise SpecError(
            "The potential of AgAg+ depends on solvent and concentration of Ag+; write"
            f" 'AgAg+ (acetonitrile, 0.01 mol/L)'. Solvents: {', '.join(solvents)}."
        )
    low, high = number(f"reference.silver.{match[1]}.range")
    c = float(match[2])
    if not low <= c <= high:
        raise Refusal(
            f"The potential of AgAg+ in {match[1]} is known from {low:g} to {high:g} mol/L Ag+;"
            f" it was asked at {c:g} mol/L."
        )
    return Scale("AgAg+", solvent=match[1], concentration=c)


def _shown(x: Any, form: str) -> str:
    """A number, the numbers of an array, or the present value of an expression, in words."""
    if ranges.is_pyomo(x) or isinstance(x, (int, float)):
        return f"{maths.value(x):{form}}"
    import numpy as np

    found = np.ravel(np.asarray(x, dtype=float)).tolist()
    rest = f", ... ({len(found)} values)" if len(found) > LISTED else ""
    return ", ".join(f"{v:{form}}" for v in found[:LISTED]) + rest


@dataclass(frozen=True)
class Potential:
    """A potential with its reference scale.

    Attributes:
        value: V; float, array or expression.
        against: the scale.
    """

    value: Any
    against: Scale

    def to(self, target: str | Scale, T: Any = T_REFERENCE, ph: Any = None) -> Potential:
        """The same potential on another scale; arguments as `convert`."""
        goal = scale(target, ph)
        return Potential(convert(self.value, self.against, goal, T), goal)

    def __str__(self) -> str:
        """Value and scale, e.g. "0.197 V vs SHE"; every value of an array up to `LISTED`."""
        return f"{_shown(self.value, '.5g')} V vs {self.against}"


def convert(
    potential: Any, source: str | Scale, target: str | Scale, T: Any = T_REFERENCE, ph: Any = None
) -> Any:
    """Potential on another scale in V.

    Args:
        potential: V against `source`; float, array or expression.
        source: scale or its name.
        target: scale or its name.
        T: temperature [K] of both electrodes; ranges: `Scale.zero`.
        ph: for RHE, where its name has none.

    >>> round(convert(0.0, "AgAg+ (acetonitrile, 0.01 mol/L)", "SHE"), 3)
    0.54
    """
    ranges.sound("potential", potential, "V", least=-math.inf)
    return potential + scale(source, ph).zero(T) - scale(target, ph).zero(T)
