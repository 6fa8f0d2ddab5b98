"""Pure fluids along their saturation curve: water, ammonia, and any fluid of CoolProp.

Chebyshev forms of CoolProp's Helmholtz equations of state. Water and ammonia are shipped
(`species/data/coolprop.toml`, written by `python -m noxplant.thermo.adapters.coolprop`), so that no
plant loads CoolProp; `generated` makes others and keeps them in a cache (`pure_cache`).

| fluid | range | error: pressure, densities | error: enthalpies at saturation |
|---|---|---|---|
| H2O | 273.16 .. 473.15 K | 1e-7 relative | 1e-7 x 43.99 kJ/mol |
| NH3 | 200 .. 380 K | 1e-6 relative | 1e-6 x 19.85 kJ/mol |

at or below, against CoolProp; compressed liquids: `PureFluid.liquid_enthalpy`. CoolProp's own equations: Wagner and Pruss 2002 (IAPWS-95), good to
0.025 % in vapour pressure; Gao et al. (2023), good to 0.1 % (both recalled, not looked up).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from noxplant.errors import Refusal, SpeciesError, nearest
from noxplant.species.numbers import datum, number, read
from noxplant.thermo.chebyshev import Form
from noxplant.thermo.ranges import is_pyomo, sound

COMPRESSED: Final = 2e6
"""Highest pressure above that of the vapour [Pa] for the enthalpy of a compressed liquid."""
LOGARITHMIC = ("saturation_pressure", "liquid_density", "vapour_density")
UNITS = {
    "saturation_pressure": "Pa",
    "liquid_enthalpy": "J/mol",
    "vapour_enthalpy": "J/mol",
    "liquid_density": "kg/m3",
    "vapour_density": "kg/m3",
}


@dataclass(frozen=True)
class PureFluid:
    """A pure fluid along its saturation curve.

    Attributes:
        name: as asked for.
        molar_mass: kg/mol.
        forms: form of each property of `UNITS`, with its range, error and source.

    Each method takes T [K] as float, array or Pyomo variable within the range: numbers outside
    are refused, a variable is bounded.
    """

    name: str
    molar_mass: float
    forms: Mapping[str, Form]

    def saturation_pressure(self, T: Any) -> Any:
        """Vapour pressure in Pa at T [K]."""
        return self.forms["saturation_pressure"](T)

    def ln_saturation_pressure(self, T: Any) -> Any:
        """Natural logarithm of the vapour pressure in Pa at T [K]."""
        return self.forms["saturation_pressure"].series(T)

    def vapour_enthalpy(self, T: Any) -> Any:
        """Enthalpy of the saturated vapour in J/mol at T [K]; zero as `liquid_enthalpy`."""
        return self.forms["vapour_enthalpy"](T)

    def heat_of_vaporisation(self, T: Any) -> Any:
        """Vapour less liquid enthalpy in J/mol at T [K]."""
        return self.vapour_enthalpy(T) - self.forms["liquid_enthalpy"](T)

    def liquid_enthalpy(self, T: Any, pressure: Any = None) -> Any:
        """Enthalpy of the liquid in J/mol at T [K].

        Args:
            T: temperature [K].
            pressure: Pa; None for the saturated liquid. Numbers below the vapour pressure, or more
                than `COMPRESSED` (20 bar) above it, are refused. For Pyomo the term
                (v - T dv/dT)(p - p_s) is written, and p_s(T) <= p <= p_s(T) + 2e6 is the caller's
                to state.

        Water and ammonia count from the elements at 298.15 K, generated fluids as told. Above
        saturation the volume is taken as that of the saturated liquid, against CoolProp within

        | up to 20 bar above saturation | to 300 K | 350 K | 365 K | 380 K | 450 K | 473 K |
        |---|---|---|---|---|---|---|
        | H2O, J/mol | 0.1 | 0.1 | 0.1 | 0.1 | 0.25 | 0.6 |
        | NH3, J/mol | 0.5 | 6 | 14 | 35 | | |

        Ammonia is out of its target of 0.2 J/mol there from 285 K on, the more the nearer to its
        critical point (405 K); a generated fluid behaves likewise at the same reduced temperature.
        """
        saturated = self.forms["liquid_enthalpy"](T)
        if pressure is None:
            return saturated
        self.require_liquid(T, pressure)
        volume = self.molar_mass / self.liquid_density(T)
        share = 1.0 + T * self._shrinking.series(T)
        return saturated + volume * share * (pressure - self.saturation_pressure(T))

    def liquid_density(self, T: Any) -> Any:
        """Density of the saturated liquid in kg/m3 at T [K]."""
        return self.forms["liquid_density"](T)

    def vapour_density(self, T: Any) -> Any:
        """Density of the saturated vapour in kg/m3 at T [K]."""
        return self.forms["vapour_density"](T)

    def require_liquid(self, T: Any, pressure: Any) -> None:
        """Refuse numbers at which the fluid is no liquid, or one compressed too far, pressure in Pa.

        Raises:
            Refusal: not a number, below the vapour pressure, or more than `COMPRESSED` above it.
        """
        sound(f"pressure on liquid {self.name}", pressure, "Pa", above=True)
        if is_pyomo(T) or is_pyomo(pressure):
            return
        import numpy as np

        vapour, given, at = np.broadcast_arrays(self.saturation_pressure(T), pressure, T)
        low, high = given < vapour * (1 - 1e-6), given > vapour + COMPRESSED * (1 + 1e-9)
        if not (low.any() or high.any()):
            return
        k = int(np.argmax(low | high))
        t, p, least = (float(v.flat[k]) for v in (at, given, vapour))
        if low.flat[k]:
            raise Refusal(
                f"{self.name} is no liquid at {t:.6g} K and {p:.6g} Pa: its vapour pressure is"
                f" {least:.6g} Pa.\n  Raise the pressure, cool it, or ask for the vapour."
            )
        raise Refusal(
            f"The pressure on liquid {self.name} must be at most {least + COMPRESSED:.6g} Pa at"
            f" {t:.6g} K, {COMPRESSED:g} Pa above its vapour pressure; it is {p:.6g} Pa.\n"
            "  Its volume is taken as that at saturation. For more take CoolProp itself."
        )

    @property
    def _shrinking(self) -> Form:
        """Slope d ln(density)/dT of the saturated liquid, 1/K."""
        return _slope(self.forms["liquid_density"])


@cache
def _slope(form: Form) -> Form:
    return form.derivative()


def names() -> tuple[str, ...]:
    """Fluids that are shipped."""
    return tuple(n for n, table in read("coolprop").items() if "molar_mass" in table)


@cache
def fluid(name: str) -> PureFluid:
    """A shipped fluid, "H2O" or "NH3"; ranges and errors at the top of this module.

    Raises:
        Refusal: ammonia-water, with the reason.
        SpeciesError: another fluid; says how to generate it.
    """
    from noxplant.thermo.adapters import coolprop

    if "&" in name or "+" in name or coolprop.is_ammonia_water(name):
        coolprop.pure(name)
    if name not in names():
        raise SpeciesError(
            f"There are no forms of {name!r}.{nearest(name, names())} Shipped: {', '.join(names())}."
            "\n  Fluids of CoolProp can be made: noxplant.thermo.pure.generated(name, low, high)."
        )
    low, high = number(f"coolprop.{name}.range")
    forms = {}
    for what, unit in UNITS.items():
        d = datum(f"coolprop.{name}.{what}")
        error = number(f"coolprop.{name}.{what}_error")
        forms[what] = _form(name, what, unit, low, high, d.value, error, d.source)
    return PureFluid(name, number(f"coolprop.{name}.molar_mass"), forms)


def _form(
    name: str, what: str, unit: str, low: float, high: float, c: Any, error: float, source: str
) -> Form:
    words = f"{what.replace('_', ' ')} of {name}"
    return Form(words, unit, low, high, tuple(c), error, what in LOGARITHMIC, source)


def generated(
    name: str, low: float, high: float, bound: float = 1e-6, enthalpy_shift: float = 0.0
) -> PureFluid:
    """A fluid of CoolProp, fitted now or taken from the cache.

    Args:
        name: CoolProp's name of a pure fluid, "Nitrogen"; or "H2O", "NH3" for another range.
        low: K, at or above the triple point.
        high: K, below the critical point.
        bound: error allowed: relative, for enthalpies over the heat of vaporisation.
        enthalpy_shift: J/mol, finite, added to CoolProp's enthalpies, which have a zero of their own.

    Raises:
        Refusal: a mixture (ammonia-water with the reason), an unknown fluid, a range beyond
            liquid and vapour.
        ModelError: the bound cannot be met, close to the critical point.
    """
    from noxplant.thermo import pure_cache

    sound("shift of the enthalpies", enthalpy_shift, "J/mol", least=-math.inf)
    found = pure_cache.saturation(name, float(low), float(high), float(bound))
    forms = {}
    for what, unit in UNITS.items():
        series, error = found[what]["coefficients"], found[what]["error"]
        source = f"CoolProp {found['version']}, Helmholtz equation of state of {name}"
        form = _form(name, what, unit, low, high, series, error, source)
        if what.endswith("enthalpy"):
            first, *rest = form.coefficients
            form = replace(form, coefficients=(first + enthalpy_shift, *rest))
        forms[what] = form
    return PureFluid(name, found["molar_mass"], forms)
