"""Equilibrium of NO and NO2 over nitric acid, and the absorption column as bookkeeping.

3 NO2 + H2O = 2 HNO3 + NO stops where p_NO = K p_NO2^3, with K(T, strength) of the acid. NO2 is in
equilibrium with N2O4. Concentrations of the gas as mole fractions of NO and of NO2 as monomer
(NO2 + 2 N2O4), total moles constant.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from noxplant import maths
from noxplant.constants import ATMOSPHERE, T_REFERENCE
from noxplant.errors import Refusal
from noxplant.species import molar_mass
from noxplant.species.numbers import number
from noxplant.thermo import excess, ranges, used
from noxplant.thermo.aqueous import LN10
from noxplant.thermo.equilibrium import nox_ln_k
from noxplant.thermo.oxidation import nitric_oxide_left

SPAN: Final = (283.15, 333.15)
"""Range of temperature of the acid equilibrium, K (towers; the note compares 25 and 40 C)."""
STRONGEST: Final = 0.68
"""Highest strength of the correlations, kg/kg."""
WIDTH: Final = 0.25
"""Width of the step from the weak to the strong correlation at 5 wt%, wt%."""


def ln_k(T: Any, strength: Any) -> Any:
    """Natural logarithm of p_NO/p_NO2^3 [1/atm2] over nitric acid at equilibrium.

    Args:
        T: temperature [K], 283.15..333.15; float or expression.
        strength: kg HNO3 per kg acid, 0..0.68; float or expression.

    Error: a factor of 2 to 4 between 50 and 60 wt%, where three published forms differ that much
    (`ln_k_joshi`, `ln_k_suchak`). Source: `species/data/absorption.toml`.
    """
    used.at("equilibrium of NO2 over nitric acid", T, SPAN, "equilibria over nitric acid")
    used.at("equilibrium of NO2 over nitric acid", strength, (0.0, STRONGEST), "", "kg/kg")
    w = 100 * strength
    joint = number("absorption.acid.joint")
    share = 1 / (1 + maths.exp((joint - w) / WIDTH))
    a, b, c, d, e = number("absorption.acid.strong")
    safe = maths.smooth_max(w, joint / 2, 1e-3)
    strong = a + b * T + (c + d * T) * w + e * maths.log10((100 - w) / safe**2)
    a, b, c, d = number("absorption.acid.weak")
    return LN10 * (share * strong + (1 - share) * (a + b * T + (c + d * T) * w))


def strength_of(molality: float) -> float:
    """Strength [kg/kg] of an acid with `molality` mol HNO3 per kg water.

    >>> round(strength_of(20.0), 3)
    0.558
    """
    held = molality * molar_mass("HNO3")
    return held / (1.0 + held)


def vapour_pressure(T: float, molality: float) -> float:
    """Partial pressure of HNO3 over nitric acid, Pa.

    Args:
        T: temperature [K], 283.15..333.15.
        molality: mol HNO3 per kg water, 0..20.

    Raises:
        Refusal: a number outside its range.

    p = (m gamma)^2/K(T), gamma by Kusik and Meissner at 25 C: within 25 % of the Pitzer set of the
    streams from 3 to 11 mol/kg, above taken as good to a factor of 2. Source: `absorption.toml`.
    """
    used.at("vapour pressure of HNO3", T, SPAN, "")
    used.at("vapour pressure of HNO3", molality, (0.0, excess.limit("HNO3")), "", "mol/kg")
    if molality <= 0:
        return 0.0
    q, b, c, d, e, slope, f = number("absorption.vapour.activity")
    root, width = math.sqrt(molality), 1 + d * q * math.exp(-e * molality**3)
    high = 1 + (b - c * q) * ((1 + f * molality) ** q - 1)
    gamma = high * 10 ** (-slope * root / (1 + width * root))
    k, h, cp = number("absorption.vapour.constant")
    ratio = T_REFERENCE / T
    k *= math.exp(h * (ratio - 1) + cp * (1 + math.log(ratio) - ratio))
    return float((molality * gamma) ** 2 / k * ATMOSPHERE)


def ln_k_joshi(T: float, strength: float) -> float:
    """The same by Joshi's polynomial over p_NO/p_N2O4^1.5; 0.20..0.68 kg/kg."""
    a, b, c, d = number("absorption.acid.joshi")
    W = strength
    return float(LN10 * (a + W * (b + W * (c + W * d))) + 1.5 * nox_ln_k("2 NO2 = N2O4", T))


def ln_k_suchak(T: float, strength: float) -> float:
    """The same by the form that public code ascribes to Suchak."""
    a, b, c, d = number("absorption.acid.suchak")
    return float(LN10 * (a * T**b + c * strength * T**d))


@dataclass(frozen=True)
class AcidStage:
    """Gas over nitric acid: extent of 3 NO2 -> NO and free NO2, per mole of gas."""

    extent: float
    nitrogen_dioxide: float


def equilibrium(
    T: float, pressure: float, strength: float, nitric_oxide: float, nitrogen_dioxide: float
) -> AcidStage:
    """Gas brought to equilibrium with an acid whose strength stays; a negative extent strips it.

    Args:
        T: temperature [K], 283.15..333.15.
        pressure: Pa.
        strength: kg/kg.
        nitric_oxide: mole fraction of NO.
        nitrogen_dioxide: mole fraction of NO2 as monomer.

    Raises:
        Refusal: a number outside its range.

    Bisection: with p_NO = K p_NO2^3 the sum NO + NO2/3, which the reaction leaves alone, grows with
    p_NO2.
    """
    for what, x in (("NO", nitric_oxide), ("NO2", nitrogen_dioxide)):
        ranges.sound(f"mole fraction of {what}", x, most=1.0)
    ranges.sound("pressure of NOx gas", pressure, "Pa", above=True)
    k, k2 = math.exp(ln_k(T, strength)), math.exp(nox_ln_k("2 NO2 = N2O4", T))
    P = pressure / ATMOSPHERE
    held = P * (nitric_oxide + nitrogen_dioxide / 3)
    low, high = math.log(1e-15 * P), math.log(1e3 * P)
    for _ in range(100):
        p = math.exp((low + high) / 2)
        big = k * p**3 + (p + 2 * k2 * p * p) / 3 > held
        low, high = (low, math.log(p)) if big else (math.log(p), high)
    p = math.exp((low + high) / 2)
    return AcidStage((nitrogen_dioxide - (p + 2 * k2 * p * p) / P) / 3, p / P)


def column(
    T: float,
    pressure: float,
    time: float,
    efficiency: float,
    gas: tuple[float, float, float],
    strengths: Sequence[float | None],
) -> list[tuple[float, float, float]]:
    """Stages of an absorption column from the bottom: each oxidises, then absorbs.

    Args:
        T: temperature of all stages [K], 283.15..333.15.
        pressure: Pa.
        time: residence time of the gas in one stage, s.
        efficiency: extent of absorption over that which equilibrium allows.
        gas: mole fractions of NO, of NO2 as monomer and of O2 at the bottom.
        strengths: strength [kg/kg] of the acid on each stage from the bottom; None where the acid
            sets no limit (all NO2 could react).

    Returns:
        Mole fractions (NO, NO2 as monomer, O2) above each stage.

    Raises:
        Refusal: a number outside its range.
    """
    if not 0 <= efficiency <= 1:
        raise Refusal(f"The efficiency of a stage must be in [0, 1], not {efficiency:g}.")
    no, no2, o2 = gas
    out = []
    for w in strengths:
        left = nitric_oxide_left(T, pressure, no, max(o2, 0.0), time)
        done, no = no - left, left
        no2, o2 = no2 + done, o2 - done / 2
        most = no2 / 3 if w is None else equilibrium(T, pressure, w, no, no2).extent
        no, no2 = no + efficiency * most, no2 - 3 * efficiency * most
        out.append((no, no2, o2))
    return out
