"""Organic phase: liquids, and what is dissolved in acetonitrile. 253..353 K.

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
        T: temperature [K]; float, array or expression. The heat capacity is constant.
    """
    h, cp = _value(name, "enthalpy"), _value(name, "heat_capacity")
    return h + cp * (T - T_REFERENCE)


def heat_capacity(name: str) -> float:
    """Molar heat capacity in the organic phase in J/mol/K, constant."""
    return _value(name, "heat_capacity")


def molar_volume(name: str, T: Any) -> Any:
    """Molar volume in the organic phase in m3/mol, additive, linear in T.

    Solvents within 0.3 % from 283 to 333 K; solutes estimated.
    """
    return _value(name, "volume") * (1 + _value(name, "expansion") * (T - T_REFERENCE))


def ln_vapour_pressure(name: str, T: Any) -> Any:
    """Natural logarithm of the vapour pressure [Pa] of pure acetonitrile, methanol or water.

    Args:
        name: "acetonitrile", "methanol" or "H2O".
        T: temperature [K], 253..355.

    Source: Landolt-Boernstein, Antoine (acetonitrile 1 %, methanol 0.5 %), Wagner-Pruss (water).
    """
    if name == "H2O":
        return water.ln_saturation_pressure(T)
    table = read("organic")["vapour_pressure"]
    if name not in table:
        raise SpeciesError(
            f"No vapour pressure of pure {name!r} here.{nearest(name, table)} "
            f"Known: H2O, {', '.join(table)}."
        )
    span = used.stated(table[name]["antoine"].get("note", ""))
    if span is not None:
        used.note(f"vapour pressures of {name}", T, span)
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
        T: temperature [K], 253..353.

    For acetonitrile (mole fraction near 1) the vapour pressure; for methanol and water times a
    constant activity coefficient at infinite dilution; NH3 and formaldehyde are estimates.
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
    used.note(f"volatilities of {name} from solvent", T, used.ORGANIC)
    slope = number(f"{path}.slope")
    return maths.log(number(f"{path}.pressure")) - slope * (1 / T - 1 / T_REFERENCE)
