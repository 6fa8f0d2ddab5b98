"""True composition of cold NOx gas: N2O3, N2O4, HNO2 and HNO3 in equilibrium with NO, NO2, water."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from noxplant.constants import ATMOSPHERE
from noxplant.errors import ModelError, Refusal, SpeciesError, nearest
from noxplant.thermo import ranges
from noxplant.thermo.equilibrium import nox_ln_k

SPECIES = ("NO", "NO2", "H2O", "N2O3", "N2O4", "HNO2", "HNO3")
FLOOR = 1e-30
ITERATIONS = 200
Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
POWERS: Array = np.array(
    [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 2, 0], [0.5, 0.5, 0.5], [-0.5, 1.5, 0.5]]
)
"""Powers of NO, NO2 and H2O in NO, NO2, H2O, N2O3, N2O4, HNO2, HNO3."""
COUNTS: Array = np.array(
    [[1, 1, 0, 2, 2, 1, 1], [1, 0, 0, 1, 0, 0.5, -0.5], [0, 0, 1, 0, 0, 0.5, 0.5]]
)
"""Each species in the totals of nitrogen, nitric oxide and water."""


@dataclass(frozen=True)
class NOxGas:
    """Amounts of a NOx gas in equilibrium, in the unit of the totals given; pressure in Pa."""

    NO: float
    NO2: float
    H2O: float
    N2O3: float
    N2O4: float
    HNO2: float
    HNO3: float
    total: float
    pressure: float

    def partial_pressure(self, name: str) -> float:
        """Partial pressure of a species, Pa.

        Raises:
            SpeciesError: none of `SPECIES`.
        """
        if name not in SPECIES:
            raise SpeciesError(
                f"There is no {name!r} among the nitrogen oxides.{nearest(name, SPECIES)} There are"
                f" {', '.join(SPECIES)}."
            )
        return float(getattr(self, name)) / self.total * self.pressure


def speciate(
    T: float,
    pressure: float,
    *,
    nitrogen: float,
    nitric_oxide: float,
    water: float,
    inert: float,
) -> NOxGas:
    """Equilibrium of r2 to r5 at given totals; the slow oxidation of NO stands still.

    Args:
        T: temperature [K], 273.15..373.15; a float, as all others.
        pressure: Pa.
        nitrogen: NO + NO2 + 2 N2O3 + 2 N2O4 + HNO2 + HNO3, mol.
        nitric_oxide: NO + N2O3 + HNO2/2 - HNO3/2, mol; at most nitrogen.
        water: H2O + HNO2/2 + HNO3/2, mol.
        inert: all else, oxygen included, mol.

    Raises:
        ModelError: a total is not positive where it must be, or more nitric oxide than nitrogen; an
            array, or a Pyomo expression.
        Refusal: no equilibrium is found, or an amount or the pressure is no finite number.

    Source: constants `noxplant.thermo.equilibrium.nox_ln_k`; Newton on logarithms.
    """
    instead = "the constants equilibrium.nox_ln_k(reaction, T) with the balances of the totals"
    ranges.one("nox.speciate", instead, T, pressure, nitrogen, nitric_oxide, water, inert)
    if not nitrogen > 0 or not inert >= 0 or water < 0:
        raise ModelError("Give nitrogen > 0, inert >= 0 and water >= 0 (mol) to speciate NOx gas.")
    if nitric_oxide < 0 or (nitric_oxide == 0 and water > 0):
        raise ModelError(
            f"nitric_oxide = {nitric_oxide:g} mol leaves no NO beside HNO3; give a positive total."
        )
    if nitric_oxide > nitrogen * (1.0 + 1e-12):
        raise ModelError(
            f"nitric_oxide is {nitric_oxide:g} mol, more than nitrogen, {nitrogen:g} mol, of which it"
            " is a part.\n  NO counts in both: raise nitrogen, or lower nitric_oxide."
        )
    ranges.sound("pressure of NOx gas", pressure, "Pa", above=True)
    given = {"nitrogen": nitrogen, "nitric_oxide": nitric_oxide, "water": water, "inert": inert}
    for name, amount in given.items():
        ranges.sound(f"{name} of NOx gas", amount, "mol")
    size = nitrogen + water + inert
    totals = [nitrogen, max(nitric_oxide, FLOOR * size), max(water, FLOOR * size)]
    ln_k = np.array([0.0, 0.0, 0.0, *_ln_constants(T)])
    x, found = _solve(np.array(totals) / size, inert / size, math.log(pressure / ATMOSPHERE), ln_k)
    if not found:
        raise Refusal(f"The NOx gas at {T:g} K and {pressure:g} Pa has no equilibrium that I find.")
    n = [float(v) * size for v in x]
    return NOxGas(n[0], n[1], n[2], n[3], n[4], n[5], n[6], sum(n) + inert, pressure)


def _ln_constants(T: float) -> list[float]:
    """Logarithms of K per mole formed of N2O3, N2O4, HNO2, HNO3; pressures in atm."""
    whole = ("NO + NO2 = N2O3", "2 NO2 = N2O4")
    halved = ("NO + NO2 + H2O = 2 HNO2", "3 NO2 + H2O = 2 HNO3 + NO")
    return [*(nox_ln_k(r, T) for r in whole), *(nox_ln_k(r, T) / 2 for r in halved)]


def _solve(b: Array, rest: float, ln_p: float, ln_k: Array) -> tuple[Array, bool]:
    """Damped Newton in ln of NO, NO2, H2O and total moles; b: totals per mole."""
    powers, counts = POWERS, COUNTS
    orders = powers.sum(axis=1) - 1.0

    def amounts(u: Array) -> Array:
        return np.exp(np.clip(ln_k + powers @ u[:3] + orders * (ln_p - u[3]), -700, 300))

    other = max(b[0] - b[1], 0.3 * b[0])
    u = np.log(np.array([max(0.5 * b[1], 1e-3 * b[0]), 0.3 * other, b[2], rest + b.sum()]))
    for _ in range(ITERATIONS):
        n = amounts(u)
        weights = np.append(np.abs(counts) @ n, n.sum() + rest)
        residual = np.append(b - counts @ n, n.sum() + rest - math.exp(u[3])) / weights
        slope = np.hstack([powers, -orders[:, None]]) * n[:, None]
        jacobian = np.vstack([-counts @ slope, slope.sum(axis=0)])
        jacobian[3, 3] -= math.exp(u[3])
        step = np.linalg.lstsq(jacobian / weights[:, None], -residual, rcond=None)[0]
        u = u + step * min(1.0, 1.5 / max(float(np.abs(step).max()), 1e-300))
        if float(np.abs(step).max()) < 1e-13:
            return amounts(u), bool(np.abs(residual).max() < 1e-9)
    return amounts(u), bool(np.abs(residual).max() < 1e-11)
