"""Parameters of ion pairs for Pitzer's model, with their ranges and estimates.

Data: `species/data/pitzer.toml`. A pair without parameters is named, or estimated by the mean
over the pairs of the same charges; the spread of these is its stated error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from noxplant.errors import SpeciesError
from noxplant.species.numbers import number, read
from noxplant.thermo.activity import charges

NOTHING: Final = (0.0, 0.0, 0.0)
ESTIMATE_LIMIT: Final = 1.0  # mol/kg of a salt whose parameters are estimated


@dataclass(frozen=True)
class Pair:
    """Interaction of a cation with an anion.

    Attributes:
        key: "cation anion", as in the data file.
        beta0, beta1: kg/mol at 298.15 K.
        c: C = Cphi/(2 sqrt|z z'|), kg2/mol2.
        slopes: derivatives of these three per K; zeros when not known.
        squares: coefficients of (T - 298.15 K)^2 of these three, per K2; mostly zeros.
        cubes: coefficients of (T - 298.15 K)^3, per K3.
        limit: highest molality of the salt [mol/kg] between 15 and 45 C.
        wide_limit: the same over the wide range of temperature; 0 without slopes.
        nu: ions of each kind per formula unit of the salt.
        spread: standard deviation of beta0, beta1; zeros for a fitted set.
    """

    key: str
    cation: str
    anion: str
    beta0: float
    beta1: float
    c: float
    slopes: tuple[float, float, float]
    limit: float
    wide_limit: float
    nu: tuple[int, int]
    spread: tuple[float, float]
    squares: tuple[float, float, float] = NOTHING
    cubes: tuple[float, float, float] = NOTHING

    def at(self, dt: Any) -> list[Any]:
        """beta0, beta1 and C at 298.15 K + dt; plain numbers where they do not depend on it."""
        first = (self.beta0, self.beta1, self.c)
        out: list[Any] = []
        for a, b, c, d in zip(first, self.slopes, self.squares, self.cubes, strict=True):
            curved = b + dt * (c + dt * d) if c or d else b
            out.append(a + dt * curved if b or c or d else a)
        return out

    @property
    def estimated(self) -> bool:
        """Whether the pair has no set of its own."""
        return self.spread[0] > 0

    @property
    def free(self) -> bool:
        """Whether the ions consume one another, so that the pair is not held to a range."""
        return math.isinf(self.limit)

    def strength(self) -> float:
        """Ionic strength of the salt at its limit, mol/kg."""
        a, b = self.nu
        za, zb = b, a  # per formula unit reduced, charges are in inverse ratio
        scale = math.gcd(*charges([self.cation, self.anion]).values())
        return 0.5 * self.limit * (a * (za * scale) ** 2 + b * (zb * scale) ** 2)


def pairs() -> tuple[tuple[str, str], ...]:
    """Cation and anion of every pair with fitted parameters."""
    out = [tuple(key.split(" ")) for key in read("pitzer")["pair"] if "limit" in entry_of(key)]
    return tuple((a, b) for a, b in out)


def entry_of(key: str) -> dict[str, Any]:
    """Table of a pair "cation anion" in the data file; empty if there is none."""
    found: dict[str, Any] = read("pitzer")["pair"].get(key, {})
    return found


@cache
def pair(cation: str, anion: str, missing: str = "refuse") -> Pair:
    """Parameters of an ion pair; see `Pitzer` for `missing`.

    Raises:
        SpeciesError: no parameters, and none asked to be estimated.
    """
    z = charges([cation, anion])
    zc, za = z[cation], -z[anion]
    common = math.gcd(zc, za)
    nu = (za // common, zc // common)
    key = f"{cation} {anion}"
    entry = entry_of(key)
    if not entry:
        return _estimate(key, cation, anion, zc, za, nu, missing)
    b0, b1, c = number(f"pitzer.pair.{key}.coefficients")
    half = 1.0 / (2.0 * math.sqrt(zc * za))
    slopes, squares, cubes = (
        _scaled(key, what, half) if what in entry else NOTHING
        for what in ("slopes", "squares", "cubes")
    )
    limit = number(f"pitzer.pair.{key}.limit") if "limit" in entry else math.inf
    wide = number(f"pitzer.pair.{key}.slope_limit") if "slopes" in entry else 0.0
    return Pair(
        key, cation, anion, b0, b1, c * half, slopes, limit, wide, nu, (0.0, 0.0), squares, cubes
    )


def _scaled(key: str, what: str, half: float) -> tuple[float, float, float]:
    b0, b1, c = number(f"pitzer.pair.{key}.{what}")
    return b0, b1, c * half


def _estimate(
    key: str, cation: str, anion: str, zc: int, za: int, nu: tuple[int, int], missing: str
) -> Pair:
    kind = f"{zc}:{za}"
    known = read("pitzer")["estimate"]
    if missing != "estimate" or kind not in known:
        advice = "Pass missing='estimate' for a mean of its charge type with a stated error"
        if kind not in known:
            advice = f"There is no estimate for charges {kind}"
        raise SpeciesError(
            f"The Pitzer parameters beta0, beta1, Cphi of {cation} with {anion} are missing.\n"
            f"  {advice}, or choose the model 'davies' (to 0.5 mol/kg) or 'ideal'."
        )
    b0, b1 = number(f"pitzer.estimate.{kind}.coefficients")
    spread = number(f"pitzer.estimate.{kind}.spread")
    return Pair(key, cation, anion, b0, b1, 0.0, NOTHING, ESTIMATE_LIMIT, 0.0, nu, spread)
