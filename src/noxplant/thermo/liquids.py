"""Pure organic liquids and hydrazine: constants, vapour pressure, density, heat capacity.

Acetonitrile, methanol, benzophenone (the ketone of the azine route), its imine and azine,
cyclohexanone, cyclopentanone, acetone, butanone, two oximes, hydrazine. Data, sources and classes:
`species/data/liquids.toml` and `vle.toml`. What only a group contribution gives has class
"estimate", or is refused by name. The plants' organic streams use `noxplant.thermo.organic`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from noxplant import maths
from noxplant.constants import GAS_CONSTANT
from noxplant.errors import SpeciesError, nearest
from noxplant.species import molar_mass
from noxplant.species.numbers import Datum, datum, number, read
from noxplant.thermo import hydrazine, ranges, used, water

CONSTANTS: Final = (
    "melting_temperature",
    "boiling_temperature",
    "critical_temperature",
    "critical_pressure",
    "fusion_enthalpy",
    "vaporisation_enthalpy",
    "solid_enthalpy",
    "liquid_enthalpy",
    "gas_enthalpy",
)

JOBACK: Final = "the packages only know Joback's group contributions"
WHY: Final = {
    "benzophenone azine": f"{JOBACK} (boiling point 1054 K, where it has long decomposed)",
    "benzophenone imine": JOBACK,
    "cyclopentanone oxime": JOBACK,
}
"""Why something is missing, for the message."""


def names() -> tuple[str, ...]:
    """Names of the liquids."""
    return tuple(read("liquids")["constant"])


def _missing(name: str, what: str) -> SpeciesError:
    if name not in names() and name != "H2O":
        return SpeciesError(f"There are no data of a liquid {name!r}.{nearest(name, names())}")
    why = f": {WHY[name]}" if name in WHY else ""
    return SpeciesError(f"There is no {what} of {name} here{why}.")


def constant(name: str, quantity: str) -> Datum:
    """A constant with unit, source and class.

    Args:
        name: one of `names()`.
        quantity: one of `CONSTANTS`; temperatures in K, pressure in Pa, heats in J/mol (enthalpies
            of solid, liquid and gas from the elements at 298.15 K).

    Raises:
        SpeciesError: no such liquid, or no such datum, with the reason where one is known.

    >>> constant("benzophenone", "melting_temperature").value
    321.15
    >>> constant("benzophenone azine", "gas_enthalpy").kind
    'estimate'
    """
    if quantity not in CONSTANTS:
        raise SpeciesError(
            f"There is no constant {quantity!r} of liquids.{nearest(quantity, CONSTANTS)} "
            f"Constants: {', '.join(CONSTANTS)}."
        )
    if quantity not in read("liquids")["constant"].get(name, {}):
        raise _missing(name, quantity.replace("_", " "))
    return datum(f"liquids.constant.{name}.{quantity}")


@cache
def _curve(name: str, quantity: str) -> tuple[str, tuple[float, ...], tuple[float, float]]:
    """Form, coefficients and range of temperature of a curve."""
    file = "vle" if name in read("vle").get(quantity, {}) else "liquids"
    table = read(file).get(quantity, {})
    if name not in table:
        raise _missing(name, quantity.replace("_", " "))
    low, high = number(f"{file}.{quantity}.{name}.range")
    form = next(k for k in (*table[name], "") if k != "range")
    return form, number(f"{file}.{quantity}.{name}.{form}") if form else (), (low, high)


def span(name: str, quantity: str) -> tuple[float, float]:
    """Range of temperature [K] of "vapour_pressure", "density" or "heat_capacity".

    >>> span("cyclohexanone", "vapour_pressure")
    (298.0, 458.0)
    """
    return _curve(name, quantity)[2]


def ln_vapour_pressure(name: str, T: Any) -> Any:
    """Natural logarithm of the vapour pressure [Pa] of a pure liquid.

    Args:
        name: one of `names()`, or "H2O"; not azine nor cyclopentanone oxime.
        T: temperature [K] within `span(name, "vapour_pressure")`; float, array or expression.

    Error: water 7.2e-5, methanol 0.2 %, hydrazine 1 %, ketones 1 %, benzophenone 3 %, imine and oxime 10 %
    (two-constant fits). Below 300 K butanone is 1 to 6 % lower than three other sets (at 265 K 3.5, 5.7, 6.5 %).
    Acetonitrile 0.5 % (Landolt-Boernstein), 1.7 % (WebBook), 2.9 % (DIPPR, at 280 K). Sources: `species/data/liquids.toml`, `vle.toml`.
    """
    form, c, (low, high) = _curve(name, "vapour_pressure")
    ranges.within(f"vapour pressure of {name}", T, low, high)
    if name == "H2O":
        return water.ln_saturation_pressure(T)
    if name == "N2H4":
        return hydrazine.ln_vapour_pressure(T)
    if form == "wagner":
        u = 1 - T / c[0]
        root = maths.sqrt(u)
        poly = u * (c[2] + root * c[3] + u * root * (c[4] + c[5] * u * u * root))
        return poly * c[0] / T + maths.log(c[1])
    if form == "antoine":
        return c[0] - c[1] / (T + c[2])
    return c[0] + c[1] / T + c[2] * maths.log(T) + c[3] * T ** c[4]


def vapour_pressure(name: str, T: Any) -> Any:
    """Vapour pressure of a pure liquid in Pa; range and error as `ln_vapour_pressure`."""
    return maths.exp(ln_vapour_pressure(name, T))


def density(name: str, T: Any) -> Any:
    """Density of a pure liquid at saturation in kg/m3.

    Args:
        name: one of `names()`; not azine nor oximes.
        T: temperature [K] within `span(name, "density")`; float, array or expression.

    Error against CoolProp: methanol 0.6 % from 200 to 480 K, 1.2 % below, 2 % to 495 K, 4.5 % to
    512 K and 17 % in its last half kelvin; acetone 0.35 % to 506 K, 15 % and more in its last 2 K, which
    end at the critical point. Acetonitrile, benzophenone and butanone are within 0.25 % of VDI to 0.98 of the critical
    temperature, 8 % at the end. Others (DIPPR): no second source was looked at. Imine and cyclopentanone 1 % near 293 K, recalled,
    and 2 % elsewhere.
    """
    form, c, (low, high) = _curve(name, "density")
    ranges.within(f"density of {name}", T, low, high)
    if form == "linear":
        return c[0] + c[1] * (T - 293.15)
    exponent = 1 + (1 - T / c[2]) ** c[3]  # a power: the range ends at the critical point
    return 1e3 * molar_mass(name) * c[0] * maths.exp(-exponent * maths.log(c[1]))


def heat_capacity(name: str, T: Any) -> Any:
    """Molar heat capacity of a pure liquid in J/mol/K, a straight line in T.

    Args:
        name: one of `names()`; not imine, azine nor cyclopentanone oxime.
        T: temperature [K] within `span(name, "heat_capacity")`; float, array or expression.

    Error: 2 % (Zabransky, JANAF; cyclohexanone 3 %, where two sources differ).
    """
    _, (a, b), (low, high) = _curve(name, "heat_capacity")
    ranges.within(f"heat capacity of liquid {name}", T, low, high)
    return a + b * T


def vaporisation_enthalpy(name: str, T: Any) -> Any:
    """Heat of vaporisation in J/mol by Clausius and Clapeyron, the vapour taken as ideal.

    Arguments as `ln_vapour_pressure`. The ideal vapour makes it too large: by 2 % plus 5 % per bar at
    most (methanol, acetone and water against CoolProp).
    """
    return GAS_CONSTANT * T * T * _slope(name, T)


def _slope(name: str, T: Any) -> Any:
    """Slope d ln p/dT in 1/K: exact where the form allows it, else a central difference of 1 mK."""
    form, c, (low, high) = _curve(name, "vapour_pressure")
    ranges.within(f"heat of vaporisation of {name}", T, low, high)
    if form == "antoine":
        return c[1] / (T + c[2]) ** 2
    if form == "dippr101":
        return -c[1] / T**2 + c[2] / T + c[3] * c[4] * T ** (c[4] - 1)
    if form == "wagner":
        u = 1 - T / c[0]
        root = maths.sqrt(u)
        poly = u * (c[2] + root * c[3] + u * root * (c[4] + c[5] * u * u * root))
        rise = c[2] + root * (1.5 * c[3] + u * (2.5 * c[4] + 5 * c[5] * u * u * root))
        return -poly * c[0] / T**2 - rise / T
    if name == "N2H4":
        _, b, d, e, f = number("aqueous.henry.N2H4.vapour_pressure")
        return -b / T**2 + d / T + e * f * T ** (f - 1)
    h = 1e-3
    with used.extrapolating():  # the step may leave the range by its own length
        up, down = (water.ln_saturation_pressure(T + s * h) for s in (1, -1))
    return (up - down) / (2 * h)
