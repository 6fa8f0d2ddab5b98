"""Aqueous solutions: enthalpy, formation constants, volatility, volume. Molal scale, 273.15..373.15 K.

Data and their classes: `species/data/aqueous.toml`. Numbers outside the range are refused, Pyomo
variables bounded, plants warn (`noxplant.thermo.used`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from noxplant import maths
from noxplant.constants import ATMOSPHERE, T_REFERENCE, WATER_MOLAR_MASS
from noxplant.constants import GAS_CONSTANT as R
from noxplant.errors import Refusal, SpeciesError, nearest
from noxplant.species import COMPONENTS, molar_mass
from noxplant.species.numbers import number, read
from noxplant.thermo import used, water
from noxplant.thermo.excess import apparent_enthalpy as apparent_enthalpy
from noxplant.thermo.excess import sulfuric_acid_enthalpy as sulfuric_acid_enthalpy
from noxplant.thermo.ranges import is_pyomo

LN10: Final = 2.302585092994046  # mathematics


@cache
def _value(name: str, quantity: str) -> float:
    table = read("aqueous")["species"]
    if name not in table:
        raise SpeciesError(f"There are no aqueous data for {name!r}.{nearest(name, table)}")
    return float(number(f"aqueous.species.{name}.{quantity}"))


def names() -> tuple[str, ...]:
    """Names of the true aqueous species with data."""
    return tuple(read("aqueous")["species"])


def enthalpy(name: str, T: Any) -> Any:
    """Molar enthalpy of a true species at infinite dilution in J/mol, from the elements.

    Args:
        name: true species, e.g. "NH4+".
        T: temperature [K], 273.15..373.15; float, array or expression.

    The heat capacity is constant and effective for concentrated solutions (`heat_capacity`);
    beyond about 1 mol/kg of acid or alkali the heat of dilution (`apparent_enthalpy`) counts too.

    Error: of the sum over a solution 4 % of its heat above 298.15 K (`heat_capacity`); of the value there that
    of the formation data (`noxplant species --consistency`). Source: `species/data/aqueous.toml`.
    """
    h, cp = _value(name, "enthalpy"), _value(name, "heat_capacity")
    words = f"enthalpy of {name} in water"
    used.at(words, T, used.AQUEOUS, "heat capacities in water")
    return h + cp * (T - T_REFERENCE)


def heat_capacity(name: str) -> float:
    """Effective additive heat capacity of a true species in J/mol/K, H+ zero.

    Solutions of up to 30 wt% within 4 % of Laliberte from 25 to 60 C (NaOH 5.5 %); values at infinite
    dilution would be 15 % low for 5 mol/L KOH.
    """
    return _value(name, "heat_capacity")


def formation_enthalpy(name: str) -> float:
    """Enthalpy of formation of a true species at 298.15 K in J/mol."""
    return _value(name, "enthalpy")


def formation_gibbs(name: str) -> float:
    """Gibbs energy of formation of a true species at 298.15 K in J/mol, molal scale."""
    return _value(name, "gibbs")


@cache
def _owner(form: str) -> tuple[str, int, int]:
    for c in COMPONENTS.values():
        for f in c.forms:
            if f.name == form:
                return c.basis, f.protons, f.water
    forms = [f.name for c in COMPONENTS.values() for f in c.forms]
    raise SpeciesError(f"{form!r} is no form of a weak total.{nearest(form, forms)}")


@cache
def formation_heat(form: str) -> tuple[float, float]:
    """Enthalpy [J/mol] and heat capacity [J/mol/K] of basis + q H+ + w H2O = form.

    At 298.15 K and infinite dilution, where the constants belong.
    """
    basis, protons, w = _owner(form)
    out = []
    for of in (lambda s: _value(s, "enthalpy"), _infinite):
        change = of(form) - protons * of("H+") - w * of("H2O")
        out.append(change if basis == "H2O" else change - of(basis))
    return out[0], out[1]


def _infinite(name: str) -> float:
    """Heat capacity at infinite dilution, J/mol/K; the effective one where no other is known."""
    entry = read("aqueous")["species"][name]
    key = "heat_capacity_infinite"
    return _value(name, key if key in entry else "heat_capacity")


@cache
def _analytic(form: str) -> tuple[float, ...]:
    """Coefficients a..f of log10 K = a + b T + c/T + d log10 T + e/T^2 + f T^2."""
    entry = read("aqueous")["constant"][form]
    if "analytic" in entry:
        found: tuple[float, ...] = number(f"aqueous.constant.{form}.analytic")
        return found
    k0, t0 = number(f"aqueous.constant.{form}.log10_k"), T_REFERENCE
    h, cp = formation_heat(form)
    a = k0 + (h / t0 - cp * (1 + LN10 * maths.log10(t0))) / (R * LN10)
    return (a, 0.0, (cp * t0 - h) / (R * LN10), cp / R, 0.0, 0.0)


def ln_beta(form: str, T: Any) -> Any:
    """Natural logarithm of the molal constant of basis + q H+ + w H2O = form.

    Args:
        form: e.g. "NH4+" (from NH3 and H+), "OH-" (ln Kw), "HCO3-" (from CO2), "HSO4-".
        T: temperature [K], 273.15..373.15; float, array or expression.

    Sources: PHREEQC analytical expressions (NH4+, carbonate), pKw within 0.006 of IAPWS, others
    from the value at 298.15 K with the enthalpies and heat capacities of the species table.
    """
    _owner(form)
    words = f"equilibrium constant of {form} in water"
    used.at(words, T, used.AQUEOUS, "equilibrium constants in water")
    a, b, c, d, e, f = _analytic(form)
    out = a + b * T + c / T
    if d:
        out = out + d / LN10 * maths.log(T)
    if e or f:
        out = out + e / T**2 + f * T**2
    return LN10 * out


def volatiles() -> tuple[str, ...]:
    """Name the true aqueous species that also leave as gas, water first."""
    return ("H2O", *read("aqueous")["henry"])


def ln_henry(name: str, T: Any) -> Any:
    """Natural logarithm of partial pressure [Pa] per molality [mol/kg], infinite dilution in water.

    Args:
        name: one of `volatiles()`; for H2O the logarithm of its vapour pressure [Pa], to be
            multiplied by the activity of water.
        T: temperature [K], 273.15..373.15 (H2O: as `water.ln_saturation_pressure`); float, array or
            expression.

    Sources: NH3 Edwards 1978 (2 % to x = 0.3), CO2 PHREEQC, N2H4 NRTL of the hydrazine note
    (+-40 % at infinite dilution), organic solutes Sander.
    """
    if name == "H2O":
        return water.ln_saturation_pressure(T)
    table = read("aqueous")["henry"]
    if name not in table:
        raise SpeciesError(
            f"{name!r} does not leave water as gas.{nearest(name, table)} "
            f"Volatile: {', '.join(volatiles())}."
        )
    words = f"Henry constant of {name} in water"
    used.at(words, T, used.AQUEOUS, "Henry constants in water")
    return _HENRY[next(iter(table[name]))](name, T)


def _edwards(name: str, T: Any) -> Any:
    a, b, c, d = number(f"aqueous.henry.{name}.ln_atm")
    return a + b * T + c / T + d * maths.log(T) + maths.log(ATMOSPHERE)


def _phreeqc(name: str, T: Any) -> Any:
    a, b, c, d, e = number(f"aqueous.henry.{name}.log10_solubility")
    return maths.log(ATMOSPHERE) - LN10 * (a + b * T + c / T + d / T**2 + e * T**2)


def _sander(name: str, T: Any) -> Any:
    h = number(f"aqueous.henry.{name}.solubility")
    slope = number(f"aqueous.henry.{name}.slope")
    per_molality = maths.log(water.density(T_REFERENCE) / h)
    return per_molality - slope * (1 / T - 1 / T_REFERENCE)


def _nrtl(name: str, T: Any) -> Any:
    b12, b21, alpha = number(f"aqueous.henry.{name}.nrtl")
    a, b, c, d, e = number(f"aqueous.henry.{name}.vapour_pressure")
    ln_gamma = b21 / T + b12 / T * maths.exp(-alpha * b12 / T)
    ln_psat = a + b / T + c * maths.log(T) + d * T**e
    return ln_gamma + ln_psat + maths.log(WATER_MOLAR_MASS)


_HENRY = {
    "ln_atm": _edwards,
    "log10_solubility": _phreeqc,
    "solubility": _sander,
    "nrtl": _nrtl,
}


def molar_volume(name: str, T: Any) -> Any:
    """Effective additive molar volume in m3/mol of a true species (component: of its basis).

    Args:
        name: true species, or a component.
        T: temperature [K], 273.15..373.15; float, array or expression.

    Water follows its density at T; all others are constant (an array for an array). Convention: H+ is
    zero. Errors as `volume_flow`.
    """
    key = COMPONENTS[name].basis if name in COMPONENTS else name
    volume = _value(key, "volume") if key != "H2O" else None  # an unknown species is told first
    words = f"molar volume of {key} in water"
    used.at(words, T, used.AQUEOUS, "molar volumes in water")
    if volume is None:
        return WATER_MOLAR_MASS / water.density(T)
    return volume + 0.0 * T if getattr(T, "shape", ()) else volume


def volume_flow(flows: Mapping[str, Any], T: Any) -> Any:
    """Volume of an aqueous solution in m3/s (or m3), linear in the flows.

    Args:
        flows: mol/s (or mol) of true species. Component names are taken as their basis species:
            then alkali counts OH- as H2O, which is 7 % too large in 5 mol/L KOH.
        T: temperature [K], 273.15..373.15.

    Raises:
        Refusal: an amount that is negative or not a number.

    Within 1.25 % of Laliberte densities at 25 C for salts, acids and alkalis of K+ and NH4+ from 3 to
    33 wt%, (NH4)2SO4 to 43 wt% (NaOH 3.2 % to 30 wt%, 4.7 % at 33); it expands as water does.
    """
    out: Any = 0.0
    for name, n in flows.items():
        v = molar_volume(name, T)
        used.sound(f"amount of {name}", n, "mol")
        if not (isinstance(v, float) and v == 0.0):
            out = out + n * v
    return out


def density(flows: Mapping[str, Any], T: Any) -> Any:
    """Density of an aqueous solution in kg/m3; arguments and errors as `volume_flow`.

    Raises:
        Refusal: also where there is no amount of anything.
    """
    volume = volume_flow(flows, T)
    mass = sum(n * molar_mass(name) for name, n in flows.items())
    if used.judged() and not is_pyomo(volume):
        import numpy as np

        if not np.all(np.asarray(volume, dtype=float) > 0.0):
            raise Refusal(
                "There is no amount of anything in this solution, so it has no density.\n"
                "  Give a positive amount of water."
            )
    return mass / volume
