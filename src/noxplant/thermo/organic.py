"""Organic phase: liquids, and what is dissolved in acetonitrile. 253.15..353.15 K.

Enthalpies of imine and azine follow from the reaction heats of the hydrazine note (see the sources
R3_CLOSURE and R5_CLOSURE in `species/data/organic.toml`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from noxplant import maths
from noxplant.constants import T_REFERENCE
from noxplant.errors import SpeciesError, nearest
from noxplant.species.numbers import number, read
from noxplant.thermo import used, water


def names() -> tuple[str, ...]:
    """Names of the species with data in the organic phase."""
    return tuple(read("organic")["species"])


@cache
def _value(name: str, quantity: str) -> float:
    table = read("organic")["species"]
    if name not in table:
        raise SpeciesError(f"There are no organic-phase data for {name!r}.{nearest(name, table)}")
    return float(number(f"organic.species.{name}.{quantity}"))


def enthalpy(name: str, T: Any) -> Any:
    """Molar enthalpy in J/mol, liquid or dissolved in acetonitrile, from the elements at 298.15 K.

    Args:
        name: species of the organic phase.
        T: temperature [K], 253.15..353.15; float, array or expression.

    The heat capacity is constant (methanol: -8 % at 253 K, 17 % at 353 K; solutes estimated).
    Sources and classes: `species/data/organic.toml`.
    """
    _held("enthalpy", name, T, "heat capacities of the organic phase")
    h, cp = _value(name, "enthalpy"), _value(name, "heat_capacity")
    return h + cp * (T - T_REFERENCE)


def _held(what: str, name: str, T: Any, noted: str) -> None:
    _value(name, "enthalpy")  # an unknown species is told first
    used.at(f"{what} of {name} in the organic phase", T, used.ORGANIC, noted)


def heat_capacity(name: str) -> float:
    """Molar heat capacity in the organic phase in J/mol/K, constant; 253.15..353.15 K."""
    return _value(name, "heat_capacity")


def molar_volume(name: str, T: Any) -> Any:
    """Molar volume in the organic phase in m3/mol, additive, linear in T.

    Args:
        name: species of the organic phase.
        T: temperature [K], 253.15..353.15; float, array or expression.

    Solvents within 0.3 % from 283 to 333 K (methanol 0.6 % at 353 K); solutes estimated.
    """
    _held("molar volume", name, T, "molar volumes of the organic phase")
    return _value(name, "volume") * (1 + _value(name, "expansion") * (T - T_REFERENCE))


def ln_vapour_pressure(name: str, T: Any) -> Any:
    """Natural logarithm of the vapour pressure [Pa] of pure acetonitrile, methanol or water.

    Args:
        name: "acetonitrile", "methanol" or "H2O".
        T: temperature [K]: acetonitrile 280..355, methanol 263..356, water as
            `water.ln_saturation_pressure`; float, array or expression.

    Source: Landolt-Boernstein, Antoine (acetonitrile 1 %, methanol 0.5 % from 280 K, 1.1 % at 263 K), Wagner-Pruss (water).
    """
    if name == "H2O":
        return water.ln_saturation_pressure(T)
    table = read("organic")["vapour_pressure"]
    if name not in table:
        raise SpeciesError(
            f"No vapour pressure of pure {name!r} here.{nearest(name, table)} "
            f"Known: H2O, {', '.join(table)}."
        )
    span = used.stated(table[name]["antoine"].get("note", "")) or used.ORGANIC
    used.at(f"vapour pressure of {name}", T, span, f"vapour pressures of {name}")
    a, b, c = number(f"organic.vapour_pressure.{name}.antoine")
    return a - b / (T + c)


def vapour_pressure(name: str, T: Any) -> Any:
    """Vapour pressure of a pure liquid in Pa; range and source as `ln_vapour_pressure`."""
    return maths.exp(ln_vapour_pressure(name, T))


def volatiles() -> tuple[str, ...]:
    """Species of the organic phase that also leave as gas."""
    return tuple(read("organic")["volatility"])


def ln_henry(name: str, T: Any) -> Any:
    """Natural logarithm of the partial pressure [Pa] per mole fraction in the organic phase.

    Args:
        name: one of `volatiles()`.
        T: temperature [K]: NH3 and formaldehyde 253.15..353.15, the others as
            `ln_vapour_pressure`; float, array or expression.

    For acetonitrile (mole fraction near 1) the vapour pressure; for methanol and water times a
    constant activity coefficient at infinite dilution; NH3 and formaldehyde are estimates. Error 1 %
    for acetonitrile. Against the NRTL of `noxplant.thermo.nrtl`, 303 to 353 K, methanol is 3 to 15 % too
    volatile at infinite dilution and 20 to 28 % at 0.1 mol/mol, water 13 to 27 % and 45 to 51 % of its
    value here. Source: `species/data/organic.toml`.
    """
    table = read("organic")["volatility"]
    if name not in table:
        raise SpeciesError(
            f"{name!r} does not leave the organic phase as gas.{nearest(name, table)} "
            f"Volatile: {', '.join(table)}."
        )
    path = f"organic.volatility.{name}"
    if "activity_coefficient" in table[name]:
        return ln_vapour_pressure(name, T) + maths.log(number(f"{path}.activity_coefficient"))
    words = f"volatility of {name} from solvent"
    used.at(words, T, used.ORGANIC, f"volatilities of {name} from solvent")
    slope = number(f"{path}.slope")
    return maths.log(number(f"{path}.pressure")) - slope * (1 / T - 1 / T_REFERENCE)
