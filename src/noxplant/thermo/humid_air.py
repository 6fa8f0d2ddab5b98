"""Humid air as a real gas: enthalpy, volume, saturation, with the enhancement by air's pressure.

Virial-like forms fitted to CoolProp's humid air (ASHRAE RP-1485), 273.16 to 363.15 K, 0.5 to 5 bar
(`species/data/coolprop.toml`, formulas in `adapters.coolprop_air`). Largest errors against CoolProp:
volume 1e-4 relative, enthalpy 1 J/mol (2.3e-5 of water's heat of vaporisation), water at
saturation 2e-5 relative (p_s < 0.9 p); up to 0.9 mol/mol water. CoolProp's own model
is that of ASHRAE, about 0.1 % (recalled, not looked up). Floats, arrays and Pyomo variables alike, SI.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np

from noxplant import maths
from noxplant.constants import GAS_CONSTANT as R
from noxplant.errors import Refusal
from noxplant.species.numbers import number
from noxplant.thermo import pure
from noxplant.thermo.chebyshev import horner, powers
from noxplant.thermo.ranges import is_pyomo, sound, within

TABLE: Final = "coolprop.humid air"
FULL: Final = 0.9
"""Largest mole fraction of water, and largest p_s/p of saturated air."""


@cache
def _powers(name: str) -> tuple[float, ...]:
    return powers(number(f"{TABLE}.{name}"), *number(f"{TABLE}.range"))


def _series(T: Any, *names: str) -> list[Any]:
    low, high = number(f"{TABLE}.range")
    u = T - (low + high) / 2
    return [horner(_powers(n), u) for n in names]


def _hold(what: str, T: Any, pressure: Any) -> tuple[Any, Any]:
    (low, high), (least, most) = number(f"{TABLE}.range"), number(f"{TABLE}.pressures")
    within(f"{what} of humid air", T, low, high)
    within(f"{what} of humid air", pressure, least, most, "Pa")
    return _array(T), _array(pressure)


def _array(x: Any) -> Any:
    plain = isinstance(x, (int, float)) or is_pyomo(x)
    return x if plain else np.asarray(x, float)


def _moist(what: str, T: Any, pressure: Any, x: Any) -> Any:
    """Refuse numbers below zero and above saturation (fog)."""
    within(f"{what} of humid air", x, 0.0, 1.0, "mol/mol water")
    if not any(is_pyomo(v) for v in (T, pressure, x)):
        vapour = pure.fluid("H2O").saturation_pressure(T)
        share = np.minimum(vapour / pressure, FULL)
        most = np.where(share < FULL, share * _enhancement(T, pressure, vapour), FULL)
        most, given = np.broadcast_arrays(most, x)
        fog = given > most * (1 + 1e-4)
        if fog.any():
            k = int(np.argmax(fog))
            raise Refusal(
                f"Air with {float(given.flat[k]):.6g} mol/mol water is fog or steam:"
                f" {float(most.flat[k]):.6g} is the most at this temperature and pressure.\n"
                "  Warm it, lower the pressure, or take the water off as a liquid."
            )
    return _array(x)


def saturated_fraction(T: Any, pressure: Any) -> Any:
    """Mole fraction of water in saturated air at T [K] and pressure [Pa], ranges as `enthalpy`.

    Error 2e-5 relative against CoolProp, its source (ASHRAE RP-1485).

    Raises:
        Refusal: out of range, or numbers where water's vapour pressure is above 0.9 of the
            pressure (that is steam).
    """
    T, pressure = _hold("saturation", T, pressure)
    vapour = pure.fluid("H2O").saturation_pressure(T)
    share = vapour / pressure
    if not is_pyomo(T) and not is_pyomo(pressure):
        largest = float(np.max(np.asarray(share), initial=0.0))
        if largest > FULL:
            raise Refusal(
                f"Water's vapour pressure is {largest:.3g} of the pressure; saturated air holds up to"
                f" {FULL:g}.\n  Treat it as steam (noxplant.thermo.pure), or raise the pressure."
            )
    return share * _enhancement(T, pressure, vapour)


def _enhancement(T: Any, pressure: Any, vapour: Any) -> Any:
    """Water in saturated air over p_s/p."""
    e_0, e_1 = _series(T, "enhancement_air", "enhancement_water")
    return maths.exp((pressure - vapour) * 1e-5 * (e_0 + e_1 * (vapour / pressure)))


def enthalpy(T: Any, pressure: Any, x: Any) -> Any:
    """Enthalpy of humid air in J/mol of mixture, from the elements at 298.15 K.

    Args:
        T: temperature [K], 273.16..363.15.
        pressure: Pa, 0.5e5..5e5.
        x: mole fraction of water, 0..0.9; numbers above saturation are refused.

    Error 1 J/mol against CoolProp, its source (ASHRAE RP-1485).
    """
    T, pressure = _hold("enthalpy", T, pressure)
    x = _moist("enthalpy", T, pressure, x)
    y = 1.0 - x
    names = ("air", "water", "air_air", "air_water", "water_water")
    h_a, h_w, aa, aw, ww = _series(T, *(f"enthalpy_{n}" for n in names))
    return y * h_a + x * h_w + pressure * 1e-5 * (y * (y * aa + 2.0 * x * aw) + x * x * ww)


def volume(T: Any, pressure: Any, x: Any) -> Any:
    """Molar volume of humid air in m3/mol of mixture; arguments as `enthalpy`."""
    T, pressure = _hold("volume", T, pressure)
    x = _moist("volume", T, pressure, x)
    y = 1.0 - x
    aa, aw, ww = _series(T, *(f"volume_{n}" for n in ("air_air", "air_water", "water_water")))
    return R * T / pressure + y * (y * aa + 2.0 * x * aw) + x * x * ww


def _mass_ratio() -> float:
    """Molar mass of water over that of dry air."""
    water, air = number(f"{TABLE}.molar_masses")
    return float(water / air)


def humidity_ratio(x: Any) -> Any:
    """Mass of water per mass of dry air in kg/kg at a mole fraction x of water, 0 to below 1.

    Raises:
        Refusal: a fraction outside, or not a number.
    """
    sound("mole fraction of water in air", x, "mol/mol", most=1.0)
    if not is_pyomo(x) and np.any(np.asarray(x) >= 1.0):
        raise Refusal(
            "Steam without air has no humidity ratio: the mole fraction of water in air must be below"
            " 1 mol/mol.\n  Treat it as steam (noxplant.thermo.pure)."
        )
    return x / (1.0 - x) * _mass_ratio()


def fraction_of_ratio(ratio: Any) -> Any:
    """Mole fraction of water at kg water per kg dry air; inverse of `humidity_ratio`."""
    sound("ratio of water to dry air", ratio, "kg/kg")
    moles = ratio / _mass_ratio()
    return moles / (1.0 + moles)
