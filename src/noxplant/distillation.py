"""Boiling stages of solvent: acetonitrile, methanol, water, ammonia and formaldehyde, with salts and oils.

Solvents have NRTL activity coefficients in their own mixture, ammonia and formaldehyde constants of
Henry; what does not boil counts in the mole fractions and no further. The vapour is ideal. Nothing
here is a unit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np

from noxplant import balances, maths
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.thermo import aqueous, organic, used
from noxplant.thermo.nrtl import Nrtl
from noxplant.unit import Equations

SOLVENTS: Final = ("acetonitrile", "methanol", "H2O")
VOLATILE: Final = (*SOLVENTS, "NH3", "formaldehyde")
SPAN: Final = (303.15, 373.15)
"""K; range of the NRTL parameters that these three solvents have together."""
LATENT: Final = 33.0e3
"""J/mol, of acetonitrile; for start temperatures only."""


@cache
def _model(names: tuple[str, ...]) -> Nrtl:
    return Nrtl(names)


def ln_volatilities(amounts: Mapping[str, Any], T: Any) -> dict[str, Any]:
    """Natural logarithm of the partial pressure [Pa] per mole fraction of all that boils.

    Args:
        amounts: mol/s of each species of `VOLATILE` in the liquid, at least one of `SOLVENTS`; only
            ratios count.
        T: temperature, K.

    The logarithm of ammonia's constant of Henry is taken linear in the mole fraction of water, from
    that in acetonitrile to that in water.
    """
    held = tuple(k for k in SOLVENTS if k in amounts)
    gamma = _model(held).raw({k: amounts[k] for k in held}, T)
    out = {k: gamma[k] + organic.ln_vapour_pressure(k, T) for k in held}
    if "NH3" in amounts:
        lean = organic.ln_henry("NH3", T)
        if "H2O" in held:
            wet = aqueous.ln_henry("NH3", T) - math.log(WATER_MOLAR_MASS)
            share = amounts["H2O"] / sum(amounts[k] for k in held)
            lean = lean + share * (wet - lean)
        out["NH3"] = lean
    if "formaldehyde" in amounts:
        out["formaldehyde"] = organic.ln_henry("formaldehyde", T)
    return out


def pressures(liquid: Mapping[str, Any], boils: Sequence[str], T: Any) -> dict[str, Any]:
    """Partial pressures [Pa] over a liquid of given flows.

    Args:
        liquid: mol/s of all that the liquid holds.
        boils: those of them that boil.
        T: temperature, K.
    """
    total = sum(liquid[k] for k in liquid)
    ln_k = ln_volatilities({k: liquid[k] for k in boils}, T)
    return {k: maths.exp(ln_k[k]) * liquid[k] / total for k in boils}


def boiling(liquid: Any, gas: Any, pressure: Any, tag: str) -> Equations:
    """A liquid boils under its own vapour, which is in equilibrium with it.

    Args:
        liquid: organic stream.
        gas: its vapour.
        pressure: Pa.
        tag: put before the name of each equation.
    """
    boils = tuple(k for k in VOLATILE if k in gas.flow)
    p = pressures(liquid.flow, boils, liquid.temperature)
    yield f"{tag}boiling temperature", maths.log(sum(p.values()) / pressure) == 0
    for key in boils:
        if key != "acetonitrile":  # follows from the sum
            yield f"{tag}equilibrium of {key}", gas.flow[key] * pressure == p[key] * gas.total_flow
    yield from balances.same_state(liquid, gas, tag)
    yield f"{tag}pressure", liquid.pressure == pressure


def stage(inlets: Sequence[Any], liquid: Any, gas: Any, pressure: Any, tag: str) -> Equations:
    """One adiabatic equilibrium stage; arguments as `boiling`, with what enters."""
    outlets = [liquid, gas]
    yield from balances.moles(inlets, outlets, tag=tag)
    out, into = (sum(p.enthalpy_flow for p in ports) for ports in (outlets, inlets))
    yield f"{tag}first law", out == into
    yield from boiling(liquid, gas, pressure, tag)


def boiling_acetonitrile(pressure: float) -> float:
    """Boiling temperature of acetonitrile, K; for start values."""
    return 1 / (1 / 354.75 - 8.314 / LATENT * math.log(pressure / 101325.0))


@cache
@used.extrapolating()
def azeotrope(other: str, pressure: float) -> tuple[float, float] | None:
    """Azeotrope of acetonitrile with a second solvent at a pressure.

    Args:
        other: "H2O" or "methanol".
        pressure: Pa.

    Returns:
        Mole fraction of acetonitrile and boiling temperature [K]; none where it lies outside `SPAN`.

    Error: 0.5 K and 0.6 wt% with water, 0.2 K and 4 wt% with methanol (`noxplant.thermo.nrtl`).
    """
    names = ("acetonitrile", other)
    model = _model(names)

    def gap(T: float) -> tuple[float, float]:
        """Mole fraction of equal volatilities at T, and pressure there."""
        own = {k: organic.ln_vapour_pressure(k, T) for k in names}
        low, high = 1e-9, 1 - 1e-9
        for _ in range(60):
            x = (low + high) / 2
            g = model.raw({names[0]: x, other: 1 - x}, T)
            more = g[names[0]] + own[names[0]] > g[other] + own[other]
            low, high = (x, high) if more else (low, x)
        return x, math.exp(g[other] + own[other])

    low, high = SPAN
    if not gap(low)[1] < pressure < gap(high)[1]:
        return None
    for _ in range(50):
        T = (low + high) / 2
        low, high = (T, high) if gap(T)[1] < pressure else (low, T)
    x = gap(T)[0]
    return (x, T) if 1e-6 < x < 1 - 1e-6 else None


@used.extrapolating()
def start_profile(
    fed: Mapping[str, float],
    boils: Sequence[str],
    shape: tuple[int, int],
    reflux: float,
    kept: float,
    pressure: float,
) -> list[dict[str, Any]]:
    """Start values of a column: constant molal overflow, bubble points, mole fractions by sweeps.

    Args:
        fed: mol/s of all that is fed.
        boils: what boils of it.
        shape: stages without reboiler, and feed stage from the top, 1 on.
        reflux: reflux per distillate.
        kept: acetonitrile fed that stays in the bottoms.
        pressure: Pa.

    Returns:
        For each stage and the reboiler, from the top: temperature "T", "vapour" and "liquid" flows.
    """
    stages, place = shape
    z = np.array([max(fed[k], 1e-12 * sum(fed.values())) for k in boils])
    whole, over = float(z.sum()), (1 - kept) * float(z[boils.index("acetonitrile")])
    fed_to = np.arange(stages + 1) >= place - 1
    heavy = np.where(fed_to, sum(fed.values()) - whole, 0.0)
    top = over + 0.5 * (whole - over / (1 - kept))
    T = np.full(stages + 1, boiling_acetonitrile(pressure))
    x = np.tile(z / whole, (stages + 1, 1))
    K = np.tile(1.0 + 0.2 * np.arange(len(boils))[::-1], (stages + 1, 1))
    for sweep in range(25):
        up = np.full(stages + 1, (1 + reflux) * top)
        down = reflux * top + np.where(fed_to, whole, 0.0)
        down[-1] = max(whole - top, 1e-3 * whole)
        new = _fractions(K, up, down, z, place, reflux * top)
        x = new if sweep < 3 else 0.5 * (x + new)
        T, K = _bubble(x, T, boils, down / (down + heavy), pressure)
        first = K[0] * x[0] / (K[0] * x[0]).sum()
        top *= float(np.clip(over / (top * first[boils.index("acetonitrile")]), 0.8, 1.25))
        top = min(top, whole * (1 - 1e-3))
    y = K * x / (K * x).sum(axis=1, keepdims=True)
    flows = zip(T, up[:, None] * y, down[:, None] * x, strict=True)
    return [
        {"T": float(t), "vapour": _named(boils, v), "liquid": _named(boils, n)} for t, v, n in flows
    ]


def _named(names: Sequence[str], values: Any) -> dict[str, float]:
    return {k: float(v) for k, v in zip(names, values, strict=True)}


def _fractions(K: Any, up: Any, down: Any, z: Any, place: int, back: float) -> Any:
    """Mole fractions of the liquids at given ratios of equilibrium and flows: balances by species."""
    stages, out = len(up), np.empty_like(K)
    for j, fed in enumerate(z):
        rows = (
            np.diag(down + up * K[:, j]) - np.diag(down[:-1], -1) - np.diag((up * K[:, j])[1:], 1)
        )
        rows[0, 0] -= back * K[0, j]
        out[:, j] = np.linalg.solve(rows, fed * (np.arange(stages) == place - 1))
    out = np.maximum(out, 1e-12)
    return out / out.sum(axis=1, keepdims=True)


def _bubble(x: Any, T: Any, boils: Sequence[str], share: Any, pressure: float) -> tuple[Any, Any]:
    """Temperatures and ratios of equilibrium of liquids; `share` of their moles boils."""
    for _ in range(4):
        ln_k = ln_volatilities({k: x[:, j] for j, k in enumerate(boils)}, T)
        K = np.stack([np.exp(ln_k[k]) for k in boils], axis=1) * share[:, None] / pressure
        T = np.clip(T - np.log((x * K).sum(axis=1)) * 8.314 * T * T / LATENT, 260.0, 420.0)
    return T, K
