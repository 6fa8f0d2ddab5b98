"""Free-base hydrazine and water in boiling equipment: what pots and columns share.

The free base boils as a pair with an azeotrope of maximum boiling point (71 wt%, 120.5 degC at
1 atm); in acid it is hydrazinium and stays. Nothing here is a unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from noxplant import balances, maths
from noxplant.errors import ModelError
from noxplant.species import molar_mass
from noxplant.thermo import hydrazine
from noxplant.unit import Equations, Limit

HYDRAZINE = "N(-2)"
DECOMPOSITION = 393.65
"""Boiling point of the azeotrope at 1 atm, K; the note refuses hotter pots (section 3.7)."""


def gauss(number: int) -> tuple[list[float], list[float], list[list[float]]]:
    """Gauss-Legendre nodes and weights on 0..1, and weights of the integrals from 0 to each node.

    Args:
        number: of nodes; exact for polynomials of degree 2 number - 1 (number - 1 to the nodes).

    >>> nodes, weights, part = gauss(2)
    >>> [round(x, 4) for x in nodes], weights, [round(sum(p), 4) for p in part]
    ([0.2113, 0.7887], [0.5, 0.5], [0.2113, 0.7887])
    """
    x, w = np.polynomial.legendre.leggauss(number)
    nodes = (x + 1) / 2
    powers = np.vander(nodes, number, increasing=True)
    integrals = powers * nodes[:, None] / np.arange(1, number + 1)
    part = integrals @ np.linalg.inv(powers)
    return nodes.tolist(), (w / 2).tolist(), part.tolist()


def only_free_base(unit: str, feed: Any) -> None:
    """Refuse a feed that holds anything but hydrazine and water.

    Raises:
        ModelError: acid or salt (the free base would not be free), or no hydrazine.
    """
    held = tuple(feed.phase_keys("aqueous"))
    if HYDRAZINE not in held:
        raise ModelError(
            f"{unit}: its feed brings no hydrazine, N(-2).\n  Check what is connected to `feed`."
        )
    others = [k for k in held if k not in (HYDRAZINE, "H2O")]
    if others:
        raise ModelError(
            f"{unit}: its feed brings {', '.join(others)} beside hydrazine and water, but only the"
            " free base boils as the data of this pair say.\n  Set the base free and remove the"
            " salt before, or evaporate the acid liquor in an Evaporator."
        )


def fraction(stream: Any) -> Any:
    """Mole fraction of hydrazine in an aqueous stream of hydrazine and water."""
    return stream.flow[HYDRAZINE] / (stream.flow[HYDRAZINE] + stream.flow["H2O"])


def vapour(x: Any, T: Any, pressure: Any) -> tuple[Any, Any]:
    """Mole fraction of hydrazine in the vapour, and the ratio that is one at the boiling point."""
    base, water = hydrazine.partial_pressures(x, T)
    return base / (base + water), (base + water) / pressure


def stage(
    inlets: Sequence[Any], liquid: Any, gas: Any, pressure: Any, tag: str, heat: Any = 0.0
) -> Equations:
    """One boiling equilibrium stage of hydrazine and water with its first law.

    Args:
        inlets: what enters, aqueous or gas.
        liquid: what leaves, boiling.
        gas: its vapour.
        pressure: of the stage, Pa.
        tag: put before the name of each equation.
        heat: into the stage, W.
    """
    outlets = [liquid, gas]
    yield from balances.moles(inlets, outlets, tag=tag)
    out, into = (sum(p.enthalpy_flow for p in ports) for ports in (outlets, inlets))
    yield f"{tag}first law", out == into + heat
    y, ratio = vapour(fraction(liquid), liquid.temperature, pressure)
    yield f"{tag}boiling temperature", maths.log(ratio) == 0
    yield f"{tag}equilibrium", gas.flow["N2H4"] == y * gas.total_flow
    yield from balances.same_state(liquid, gas, tag)
    yield f"{tag}pressure", liquid.pressure == pressure


def mass_fraction(stream: Any) -> Any:
    """Mass fraction of hydrazine in an aqueous stream of hydrazine and water."""
    base = stream.flow[HYDRAZINE] * molar_mass("N2H4")
    return base / (base + stream.flow["H2O"] * molar_mass("H2O"))


def too_hot(temperature: Any, where: str) -> Limit:
    """Free-base hydrazine must not be boiled hotter than its azeotrope at 1 atm."""
    return Limit(
        f"temperature of the {where}",
        DECOMPOSITION - temperature,
        f"the {where} boils {{margin:.2f}} K below {DECOMPOSITION} K, above which free hydrazine is"
        " not boiled: it decomposes. Lower the pressure.",
    )
