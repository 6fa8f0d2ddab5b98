"""Ammonium bicarbonate, its gases and carbamate: heats, Gibbs energies, decomposition pressure.

Formation data of `electro.toml`, `aqueous.toml`, `solid.toml` and `products.toml`; heats of reaction
are taken as constant.
"""

from __future__ import annotations

from typing import Any, Final

from noxplant import maths
from noxplant.constants import GAS_CONSTANT, P_REFERENCE, T_REFERENCE
from noxplant.species.numbers import number
from noxplant.thermo import electro, used

SALT: Final = "NH4HCO3(s)"
SPAN: Final = (273.15, 333.15)
"""Range in which the heat of decomposition counts as constant, K."""


def _solid(quantity: str) -> float:
    table = "products.gibbs" if quantity == "gibbs" else "solid.species"
    return float(number(f"{table}.{SALT}.{quantity}"))


def formation_from_gases(quantity: str) -> float:
    """Change of "enthalpy" or "gibbs" of NH3(g) + CO2(g) + H2O(l) = NH4HCO3(s) in J/mol, 298.15 K.

    >>> round(formation_from_gases("enthalpy") / 1e3)
    -124
    """
    gases = sum(electro.formation(j, quantity, "g") for j in ("NH3", "CO2"))
    return _solid(quantity) - gases - electro.formation("H2O", quantity)


def decomposition_pressure(T: Any) -> Any:
    """Pressure in Pa of the three gases over dry NH4HCO3 that decomposes to them alone.

    Args:
        T: temperature [K], 273.15..333.15; float, array or expression.

    8.5 kPa at 25 C; the ammonia note recalls 7.9 kPa from the literature. Equal partial pressures, so
    3 K^(1/3); a change of the Gibbs energy by 0.5 kJ/mol changes it by 7 %.
    """
    used.at("decomposition pressure of NH4HCO3", T, SPAN, "decomposition pressures of NH4HCO3")
    parts = {q: sum(electro.formation(j, q, "g") for j in ("NH3", "CO2", "H2O")) - _solid(q)
             for q in ("gibbs", "enthalpy")}  # fmt: skip
    ln_k = -parts["gibbs"] / (GAS_CONSTANT * T_REFERENCE)
    ln_k = ln_k - parts["enthalpy"] / GAS_CONSTANT * (1 / T - 1 / T_REFERENCE)
    return 3 * P_REFERENCE * maths.exp(ln_k / 3)


def carbamate_constant(T: Any) -> Any:
    """Equilibrium constant of NH3 + HCO3- = NH2COO- + H2O in kg/mol, ideal molalities.

    Args:
        T: temperature [K], 273.15..333.15; float, array or expression.

    Recalled, +-20 %; at 60 C it has the maximum of the carbamate and the excess of the bicarbonate
    where measured spectra have them.

    >>> round(carbamate_constant(298.15), 3)
    3.4
    """
    used.at("constant of carbamate", T, SPAN, "constants of carbamate")
    constant, heat = number("products.carbamate.equilibrium")
    return constant * maths.exp(-heat / GAS_CONSTANT * (1 / T - 1 / T_REFERENCE))
