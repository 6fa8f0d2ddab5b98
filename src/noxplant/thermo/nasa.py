"""NASA-7 and NASA-9 polynomials of one gas, as exact functions of temperature.

A property is a sum of few terms: T**k for k from -2 to 5, ln T and T ln T. Terms with a zero
coefficient are not written, so the expressions stay sparse (NASA-7 enthalpy: 11 operations).
Floats, NumPy arrays and Pyomo expressions give the same value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from noxplant import maths
from noxplant.constants import ATMOSPHERE
from noxplant.constants import GAS_CONSTANT as R
from noxplant.errors import ModelError
from noxplant.thermo.ranges import bounds_of, is_pyomo, within

Coefficients = tuple[float, ...]
TERMS: Final = 10
"""Terms of a curve: T**-2, T**-1, ln T, T ln T, then T**0 to T**5."""


def curve_cp(a: Coefficients) -> Coefficients:
    """Terms of cp/R from a1..a7, b1, b2 (NASA-7: a1 = a2 = 0)."""
    return (a[0], a[1], 0.0, 0.0, a[2], a[3], a[4], a[5], a[6], 0.0)


def curve_h(a: Coefficients) -> Coefficients:
    """Terms of h/R in K."""
    return (0.0, -a[0], a[1], 0.0, a[7], a[2], a[3] / 2, a[4] / 3, a[5] / 4, a[6] / 5)


def curve_s(a: Coefficients) -> Coefficients:
    """Terms of s/R at the standard pressure."""
    return (-a[0] / 2, -a[1], a[2], 0.0, a[8], a[3], a[4] / 2, a[5] / 3, a[6] / 4, 0.0)


def curve_g(a: Coefficients) -> Coefficients:
    """Terms of (h - T s)/R in K, at the standard pressure."""
    poly = (a[1] + a[7], a[2] - a[8], -a[3] / 2, -a[4] / 6, -a[5] / 12, -a[6] / 20)
    return (0.0, -a[0] / 2, a[1], -a[2], *poly)


CURVES: Final[dict[str, Callable[[Coefficients], Coefficients]]] = {
    "heat capacity": curve_cp,
    "enthalpy": curve_h,
    "entropy": curve_s,
    "Gibbs energy": curve_g,
}


def evaluate(c: Any, T: Any) -> Any:
    """Sum of the terms `TERMS` with coefficients c at T [K]; zero coefficients are left out."""
    poly = list(c[4:])
    while len(poly) > 1 and _nothing(poly[-1]):
        poly.pop()
    total = poly.pop()
    for k in reversed(poly):
        total = k + T * total if not _nothing(k) else T * total
    if not (_nothing(c[2]) and _nothing(c[3])):
        ln_t = maths.log(T)
        total = total if _nothing(c[2]) else total + c[2] * ln_t
        total = total if _nothing(c[3]) else total + c[3] * (T * ln_t)
    if not (_nothing(c[0]) and _nothing(c[1])):
        inner = c[1] if _nothing(c[0]) else c[1] + c[0] / T
        total = total + inner / T
    return total


def _nothing(c: Any) -> bool:
    return isinstance(c, (int, float)) and c == 0.0


@dataclass(frozen=True)
class Nasa:
    """One gas species: NASA-7 or NASA-9 polynomials over consecutive pieces of temperature.

    Attributes:
        name: name under which the user knows it.
        limits: ends of the pieces [K], ascending; one more than pieces.
        pieces: a1..a7, b1, b2 of each piece as NASA-9 has them; NASA-7 has a1 = a2 = 0.
        atoms: atoms of each element; the electron is the element "E" (NO+ holds E: -1).
        pressure: standard pressure of the entropies [Pa].
        kind: "nasa7" or "nasa9".
        source: file and library.

    Exact against Cantera (the same polynomials; 1e-12 relative in the tests).
    """

    name: str
    limits: tuple[float, ...]
    pieces: tuple[Coefficients, ...]
    atoms: Mapping[str, float]
    pressure: float = ATMOSPHERE
    kind: str = "nasa7"
    source: str = ""
    _curves: dict[str, tuple[Coefficients, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def heat_capacity(self, T: Any) -> Any:
        """Molar heat capacity at constant pressure in J/mol/K; T [K] within `limits`."""
        return self._value("heat capacity", T)

    def enthalpy(self, T: Any) -> Any:
        """Molar enthalpy in J/mol, from the elements at 298.15 K; T [K] within `limits`."""
        return self._value("enthalpy", T)

    def entropy(self, T: Any) -> Any:
        """Molar entropy at the standard pressure in J/mol/K; T [K] within `limits`."""
        return self._value("entropy", T)

    def gibbs(self, T: Any) -> Any:
        """Molar h - T s at the standard pressure in J/mol (no formation value); T [K] in `limits`."""
        return self._value("Gibbs energy", T)

    def gibbs_rt(self, T: Any) -> Any:
        """Gibbs energy over R T at the standard pressure, dimensionless; T [K] in `limits`."""
        return self._value("Gibbs energy", T) / (R * T)

    def terms(self, what: str) -> tuple[Coefficients, ...]:
        """Terms of a property over R in each piece (`TERMS`); `what` is a key of `CURVES`."""
        if what not in self._curves:
            self._curves[what] = tuple(CURVES[what](p) for p in self.pieces)
        return self._curves[what]

    def piece_of(self, T: Any) -> Any:
        """Number of the piece that holds at T [K] (float or array), as Cantera chooses it."""
        import numpy as np

        side = "left" if self.kind == "nasa7" else "right"
        found = np.searchsorted(np.array(self.limits[1:-1]), T, side)  # type: ignore[call-overload]
        return found if np.ndim(T) else int(found)

    def hold(self, T: Any, what: str = "gas polynomial") -> Any:
        """Hold T [K] to the range: refuse a number outside, bound a Pyomo variable.

        A Pyomo variable whose bounds span several pieces is bounded to the piece that holds its
        present value.

        Raises:
            Refusal: outside the range; names species, temperature and range.
            ModelError: a Pyomo variable over several pieces without a value.
        """
        within(f"{what} of {self.name}", T, self.limits[0], self.limits[-1])
        if is_pyomo(T):
            k = self.piece_in(T)
            within(f"{what} of {self.name}", T, self.limits[k], self.limits[k + 1])
        return T

    def piece_in(self, T: Any) -> int:
        """Number of the piece for a Pyomo T [K]: by its bounds, else by its present value."""
        import pyomo.environ as pyo

        low, high = bounds_of(T)
        for k, (start, end) in enumerate(pairwise(self.limits)):
            if start <= low and high <= end:
                return k
        value = pyo.value(T, exception=False)
        if value is None:
            raise ModelError(
                f"The polynomials of {self.name} change at"
                f" {', '.join(f'{x:g} K' for x in self.limits[1:-1])}, and the temperature has"
                " neither a value nor bounds that choose one.\n"
                "  Give the temperature a value, or bounds within one piece."
            )
        return int(self.piece_of(min(max(float(value), self.limits[0]), self.limits[-1])))

    def _value(self, what: str, T: Any) -> Any:
        self.hold(T, what)
        curves = self.terms(what)
        if is_pyomo(T):
            return R * evaluate(curves[self.piece_in(T)], T)
        if isinstance(T, (int, float)):
            return R * evaluate(curves[self.piece_of(T)], float(T))
        import numpy as np

        T = np.asarray(T, float)
        where = self.piece_of(T)
        out = np.empty_like(T)
        for k in np.unique(where):
            mask = where == k
            out[mask] = R * evaluate(curves[k], T[mask])
        return out
