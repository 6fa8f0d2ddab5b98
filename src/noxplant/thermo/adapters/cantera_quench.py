"""The quench table of `species/data/quench.toml`, made again with Cantera.

Run `python -m noxplant.thermo.adapters.cantera_quench FILE` to write it (ten minutes). The mechanism
is that of `noxplant.thermo.zeldovich`, read from the book, so that a rate that is changed there
changes the table; the points are those of `GRIDS`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from noxplant.constants import ATMOSPHERE, T_REFERENCE
from noxplant.constants import GAS_CONSTANT as R
from noxplant.species.numbers import number, read
from noxplant.thermo.quench import FEEDS
from noxplant.thermo.thermal_limit import ideal_cost
from noxplant.thermo.zeldovich import EFFICIENCIES, SPECIES, reactions

END = 1000.0
"""Temperature at which NO counts as frozen, K."""
AXES = {"pressure": "Pa", "cooling_rate": "K/s", "arc_temperature": "K"}
_RATES = tuple(float(f"{10 ** (4 + k / 4):.6g}") for k in range(21))
GRIDS: dict[str, tuple[tuple[float, ...], ...]] = {
    ", 1 atm": ((ATMOSPHERE,), _RATES, tuple(2500.0 + 100.0 * k for k in range(26))),
    "": (
        tuple(
            ATMOSPHERE * x
            for x in (0.1, 0.15, 0.22, 0.33, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 14, 20)
        ),
        _RATES,
        (2500.0, 2670.0, 2830.0, 3000.0, 3170.0, 3330.0, 3500.0, 3670.0, 3830.0, 4000.0),
    ),
}
"""Points of the table of each feed, in the order of `AXES`: at 1 atm, and over pressure."""


@cache
def mechanism() -> Any:
    """A Cantera gas of N2, O2, NO, NO2, N2O, N, O and Ar with the reactions of the book."""
    import cantera as ct

    known = {s.name: s for s in ct.Species.list_from_file("nasa_gas.yaml")}
    species = [known[n] for n in (*SPECIES, "Ar")]
    found = [_reaction(text) for text in reactions()]
    return ct.Solution(thermo="ideal-gas", kinetics="gas", species=species, reactions=found)


def _reaction(text: str) -> Any:
    import cantera as ct

    third, order = text in EFFICIENCIES, sum(reactions()[text][0].values())
    falls_off = "high" in read("zeldovich")["rate"][text]
    body = " (+M)" if falls_off else " + M"
    sides = [side.replace(" + M", body) for side in text.split(" = ")]
    low = _arrhenius(f"{text}.forward", order + third)
    rate: Any = ct.ArrheniusRate(*low)
    if falls_off:
        high = _arrhenius(f"{text}.high", order)
        names = ("A", "b", "Ea")
        settings: Any = {
            "type": "falloff",
            "low-P-rate-constant": dict(zip(names, low, strict=True)),
            "high-P-rate-constant": dict(zip(names, high, strict=True)),
        }
        rate = ct.ReactionRate.from_dict(settings)
    extra: dict[str, Any] = {}
    if third:
        extra["third_body"] = ct.ThirdBody("M", efficiencies=EFFICIENCIES[text])
    return ct.Reaction(equation=" <=> ".join(sides), rate=rate, **extra)


def _arrhenius(path: str, order: int) -> tuple[float, float, float]:
    """Pre-exponential factor in kmol, exponent and activation energy in J/kmol."""
    A, b, e = number(f"zeldovich.rate.{path}")
    return A * 1000.0 ** (order - 1), b, e * 1000.0 * R


def survival(feed: str, pressure: float, cooling_rate: float, arc_temperature: float) -> float:
    """Fraction of NO that survives: energy cost of an ideal freeze over that of this cooling.

    Both are without losses. So defined, `noxplant.thermo.quench.energy_cost` gives the cost of the
    kinetics exactly, although it knows five species only.

    Args:
        feed: "air" or "N2:O2 = 1:1".
        pressure: Pa.
        cooling_rate: K/s.
        arc_temperature: K.
    """
    import numpy as np
    from scipy.integrate import solve_ivp

    gas = mechanism()
    gas.TPX = T_REFERENCE, pressure, FEEDS[feed]
    cold = gas.enthalpy_mass
    gas.TPX = arc_temperature, pressure, FEEDS[feed]
    gas.equilibrate("TP", rtol=1e-12)
    rise = gas.enthalpy_mass - cold

    def slope(t: float, y: Any) -> Any:
        gas.TPY = arc_temperature - cooling_rate * t, pressure, np.maximum(y, 0.0)
        return gas.net_production_rates * gas.molecular_weights / gas.density

    span = (0.0, (arc_temperature - END) / cooling_rate)
    end = solve_ivp(slope, span, gas.Y, method="BDF", rtol=1e-9, atol=1e-15).y[:, -1]
    cost = rise / _nox(gas, end) / 1000.0
    return ideal_cost(arc_temperature, pressure, FEEDS[feed]).energy / cost


def _nox(gas: Any, y: Any) -> float:
    """NO and NO2 in kmol/kg."""
    places = [gas.species_index(s) for s in ("NO", "NO2")]
    return float(sum(y[k] / gas.molecular_weights[k] for k in places))


def grid(name: str) -> list[tuple[float, float, float]]:
    """Points of a shipped table (Pa, K/s, K), the last axis fastest."""
    return _points([number(f"quench.grid.{name}.{a}") for a in AXES])


def _points(axes: Sequence[Sequence[float]]) -> list[tuple[float, float, float]]:
    return [(p, r, T) for p in axes[0] for r in axes[1] for T in axes[2]]


def table(grids: Mapping[str, Sequence[Sequence[float]]] | None = None) -> str:
    """Text of quench.toml on some grids; those of `GRIDS` when none are given."""
    source = 'source = "QUENCH_NOTE", class = "estimate"'
    lines = ["# Written by noxplant.thermo.adapters.cantera_quench; do not edit.", ""]
    for feed in FEEDS:
        for part, axes in (GRIDS if grids is None else grids).items():
            lines.append(f'[grid."{feed}{part}"]')
            for (axis, unit), values in zip(AXES.items(), axes, strict=True):
                lines.append(f'{axis} = {{ value = {list(values)}, unit = "{unit}", {source} }}')
            found = [round(survival(feed, *point), 6) for point in _points(axes)]
            lines += [f'survival = {{ value = {found}, unit = "1", {source} }}', ""]
    return "\n".join(lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(table(), "utf-8")
