"""Kinetics of hot air: extended Zel'dovich mechanism with dissociation, as algebra.

Ten reversible reactions of N2, O2, NO, NO2, N2O, N and O, third bodies included; reverse rates by the
NASA polynomials (hot band). Data: `species/data/zeldovich.toml`, the mechanism of the quench tables of
the plasma note; reaction by reaction equal to Cantera on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from noxplant import maths
from noxplant.constants import ATMOSPHERE
from noxplant.constants import GAS_CONSTANT as R
from noxplant.species.numbers import number, read
from noxplant.thermo import gas, used

SPECIES: Final = ("N2", "O2", "NO", "NO2", "N2O", "N", "O")
"""Species that react."""
SLOW: Final = ("NO", "NO2", "N2O", "N", "O")
"""Those whose amounts are integrated; N2 and O2 follow from the elements."""
ATOMS: Final = {
    "N2": (2, 0),
    "O2": (0, 2),
    "NO": (1, 1),
    "NO2": (1, 2),
    "N2O": (2, 1),
    "N": (1, 0),
    "O": (0, 1),
}
"""Atoms of N and O in each."""
EFFICIENCIES: Final[dict[str, dict[str, float]]] = {
    "2 O + M = O2 + M": {"Ar": 0.83},
    "NO + O + M = NO2 + M": {"Ar": 0.7},
    "N2 + M = 2 N + M": {"N": 30 / 7, "O": 30 / 7},
    "N2O + M = N2 + O + M": {"Ar": 0.625},
    "NO + M = N + O + M": {"N": 22.0, "O": 22.0, "NO": 22.0},
}
"""Third-body efficiencies, where not 1 (GRI 3.0; Park 1993 as in the plasma note)."""
RANGE: Final = (1000.0, 6000.0)
"""Range of the polynomials, K; GRI rates are measured to 3500 K and extrapolated above."""


@cache
def reactions() -> dict[str, tuple[dict[str, int], dict[str, int]]]:
    """Reactants and products by reaction, the third body left out."""
    out = {}
    for text in read("zeldovich")["rate"]:
        sides = []
        for side in text.split(" = "):
            held: dict[str, int] = {}
            for term in side.split(" + "):
                count, _, name = term.rpartition(" ")
                if name != "M":
                    held[name] = held.get(name, 0) + int(count or 1)
            sides.append(held)
        out[text] = (sides[0], sides[1])
    return out


def rate(reaction: str, x: Mapping[str, Any], T: Any, pressure: Any) -> Any:
    """Net rate of a reaction in 1/s: extents per mole of gas and second.

    Args:
        reaction: one of `reactions()`.
        x: mole fractions of all gases, each at least 0; floats or expressions.
        T: temperature [K], 1000..6000.
        pressure: Pa.
    """
    used.at("kinetics of hot air", T, RANGE, "kinetics of hot air")
    left, right = reactions()[reaction]
    order = sum(left.values())
    change = sum(right.values()) - order
    delta = sum(n * gas.gibbs(s, T, "hot") for s, n in right.items())
    delta = delta - sum(n * gas.gibbs(s, T, "hot") for s, n in left.items())
    reverse = maths.exp(delta / (R * T))
    if change:
        reverse = reverse * (pressure / ATMOSPHERE) ** change
    net = _product(x, left) - reverse * _product(x, right)
    c, k = pressure / (R * T), _arrhenius(f"{reaction}.forward", T)
    if reaction in EFFICIENCIES:
        odd = EFFICIENCIES[reaction]
        order += 1
        bodies = sum(x.values()) + sum((f - 1) * x[s] for s, f in odd.items() if s in x)
        net = net * bodies
        if "high" in read("zeldovich")["rate"][reaction]:
            net = net / (1 + k * bodies * c / _arrhenius(f"{reaction}.high", T))
    return k * c ** (order - 1) * net


def _arrhenius(path: str, T: Any) -> Any:
    A, b, e = number(f"zeldovich.rate.{path}")
    return A * maths.exp(b * maths.log(T) - e / T) if b else A * maths.exp(-e / T)


def _product(x: Mapping[str, Any], side: Mapping[str, int]) -> Any:
    out: Any = 1.0
    for s, n in side.items():
        out = out * x[s] ** n
    return out


def made(species: str) -> dict[str, int]:
    """Moles of a species made per extent of each reaction, zeros left out."""
    out = {}
    for text, (left, right) in reactions().items():
        n = right.get(species, 0) - left.get(species, 0)
        if n:
            out[text] = n
    return out
