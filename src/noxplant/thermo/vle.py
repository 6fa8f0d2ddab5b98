"""Vapour-liquid equilibrium of organic liquids, water and hydrazine: NRTL liquid, ideal vapour.

Bubble and dew points and flashes of floats and arrays; partial pressures, bubble pressure and the
equations of a flash also as Pyomo expressions. A phase that vanishes does so without a kink: the
liquid (or the vapour) keeps an incipient composition, and a saturation b tells how far it is from
appearing: y_i P = b gamma_i x_i p_i, b = 1 with both phases, > 1 subcooled, < 1 superheated.

Vapour: ideal; a partial pressure is off by about 3 % per bar, ratios of them by less. Refused above
5 bar. One liquid: a flash whose liquid would part in two is refused (`Mixture.parts`); bubble and
dew points of such a liquid are those of one that does not part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from noxplant import maths
from noxplant.errors import Refusal, SolveError, SpeciesError
from noxplant.thermo import liquids, ranges, stability
from noxplant.thermo.nrtl import Nrtl, part

Array = npt.NDArray[np.float64]
WIDTH: Final = 1e-6
"""Rounding of the corners where a phase appears, in fractions of the feed."""
HIGHEST: Final = 5e5
"""Highest pressure [Pa] for the ideal vapour."""
SWEEPS: Final = 2000
TRIALS: Final = 400
"""Substitutions of a trial liquid for a dew point."""
INSTEAD: Final = "Mixture.flash_equations (an incipient phase has saturation 1), or bubble_pressure"
"""What to write in a model instead of functions that iterate."""


@dataclass(frozen=True)
class Flash:
    """Phases at temperature and pressure.

    Attributes:
        vapour_fraction: vapour per feed, moles, 0..1.
        saturation: b, pressure over the bubble pressure of the liquid; one with both phases.
        liquid: mole fractions of the liquid; incipient where there is none.
        vapour: mole fractions of the vapour; incipient where there is none.
    """

    vapour_fraction: Any
    saturation: Any
    liquid: dict[str, Any]
    vapour: dict[str, Any]


class Mixture:
    """Liquid and vapour of given components.

    Attributes:
        names: components.
        model: NRTL model of the liquid.
    """

    def __init__(self, names: Sequence[str], *, missing: str = "refuse") -> None:
        """Arguments as `noxplant.thermo.nrtl.Nrtl`."""
        if not names:
            raise SpeciesError("A mixture has at least one component.")
        self.model = Nrtl(names, missing=missing)
        self.names = self.model.names

    def _fractions(self, x: Mapping[str, Any]) -> dict[str, Any]:
        """Check mole fractions: known names, not negative, sum one (floats and arrays)."""
        self.model.check(x, sum(self.model.span) / 2)
        if ranges.is_pyomo(x) or any(ranges.is_pyomo(v) for v in x.values()):
            return {i: part(x, i) for i in self.names}
        rows = [np.asarray(v, dtype=float) for v in x.values()]
        total = np.asarray(sum(rows, np.zeros(())))
        if total.size:
            least = float(np.min([v.min() for v in rows], initial=np.inf))
            ranges.fractions(least, float(total.min()), float(total.max()))
        return {i: np.asarray(x.get(i, 0.0), dtype=float) / total for i in self.names}

    def volatilities(self, x: Mapping[str, Any], T: Any) -> dict[str, Any]:
        """Partial pressure per mole fraction, gamma_i p_i, in Pa.

        Args:
            x: mole fractions of the liquid, together one; float, array or expression.
            T: temperature [K] within `model.span`.

        Raises:
            Refusal: fractions that are negative, not a number, or do not add up to one.
        """
        self._fractions(x)
        gamma = self.model.ln_gamma(x, T)
        return {i: maths.exp(gamma[i] + liquids.ln_vapour_pressure(i, T)) for i in self.names}

    def _raw(self, x: Mapping[str, Any], T: Any) -> dict[str, Any]:
        gamma = self.model.raw(x, T)
        return {i: np.exp(gamma[i] + liquids.ln_vapour_pressure(i, T)) for i in self.names}

    def partial_pressures(self, x: Mapping[str, Any], T: Any) -> dict[str, Any]:
        """Partial pressures over a liquid in Pa; arguments as `volatilities`."""
        k = self.volatilities(x, T)
        return {i: part(x, i) * k[i] for i in self.names}

    def bubble_pressure(self, x: Mapping[str, Any], T: Any) -> Any:
        """Pressure at which a liquid begins to boil in Pa; arguments as `volatilities`.

        Error 2 % (NRTL fits); ideal vapour.
        """
        clean = self._fractions(x)
        out = sum(self.partial_pressures(clean, T).values())
        return _plain(out, *x.values(), T)

    def dew_pressure(self, y: Mapping[str, Any], T: Any) -> Any:
        """Pressure at which a vapour begins to condense in Pa; floats or arrays, no Pyomo."""
        ranges.numbers("Mixture.dew_pressure", INSTEAD, y, T)
        clean = self._fractions(y)
        self.model.check(y, T)
        _, p = self._incipient(clean, np.asarray(T, dtype=float))
        return _plain(p, *y.values(), T)

    def bubble_temperature(self, x: Mapping[str, Any], pressure: Any) -> Any:
        """Temperature at which a liquid begins to boil in K; floats or arrays, no Pyomo.

        Args:
            x: mole fractions of the liquid.
            pressure: Pa, at most 5e5.

        Raises:
            Refusal: it does not boil within the range of the model.
            ModelError: a Pyomo expression; write bubble_pressure(x, T) == pressure instead.
        """
        instead = "Mixture.bubble_pressure(x, T) == pressure with a variable T"
        ranges.numbers("Mixture.bubble_temperature", instead, x, pressure)
        clean = self._fractions(x)

        def ln_p(T: Array) -> Array:
            k = self._raw(clean, T)
            return np.log(sum(clean[i] * k[i] for i in self.names))

        return _plain(self._solve(ln_p, clean, pressure, "boil"), *x.values(), pressure)

    def dew_temperature(self, y: Mapping[str, Any], pressure: Any) -> Any:
        """Temperature at which a vapour begins to condense in K; arguments as `bubble_temperature`."""
        ranges.numbers("Mixture.dew_temperature", INSTEAD, y, pressure)
        clean = self._fractions(y)
        found = self._solve(
            lambda T: np.log(self._incipient(clean, T)[1]), clean, pressure, "condense"
        )
        return _plain(found, *y.values(), pressure)

    def _solve(
        self, ln_p: Callable[[Array], Array], x: dict[str, Any], pressure: Any, verb: str
    ) -> Array:
        """Temperature at which ln p is that of the pressure, by bisection."""
        ranges.within("vapour-liquid equilibrium (ideal vapour)", pressure, 1.0, HIGHEST, "Pa")
        goal = np.log(np.asarray(pressure, dtype=float))
        shape = np.broadcast_shapes(goal.shape, *(np.shape(v) for v in x.values()))
        low, high = (np.full(shape, t) for t in self.model.span)
        bad = ~((ln_p(low) <= goal) & (goal <= ln_p(high)))
        if bad.any():
            p = np.exp(np.broadcast_to(goal, shape)[bad].flat[0])
            raise Refusal(
                f"A mixture of {', '.join(self.names)} does not {verb} between "
                f"{self.model.span[0]:g} and {self.model.span[1]:g} K at {float(p):g} Pa; the model"
                " holds in that range only.\n  Choose another pressure."
            )
        while float(np.max(high - low, initial=0.0)) > 1e-10:
            middle = (low + high) / 2
            if np.all((middle == low) | (middle == high)):
                break
            below = ln_p(middle) < goal
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return (low + high) / 2

    def _incipient(self, y: dict[str, Any], T: Array) -> tuple[dict[str, Any], Array]:
        """Liquid in equilibrium with a vapour, and the dew pressure [Pa].

        Where liquids may part, several fit a vapour: that of the lowest pressure appears first.
        """
        k = {i: np.exp(liquids.ln_vapour_pressure(i, T)) for i in self.names}
        x, p = self._substitute(y, T, k)
        for near in self.names if self._may_part else ():
            trial = stability.near(self.model, near, x)
            other, q = self._substitute(y, T, self._raw(trial, T), TRIALS)
            x = {i: np.where(q < p, other[i], x[i]) for i in self.names}
            p = np.minimum(p, q)
        return x, p

    @cached_property
    def _may_part(self) -> bool:
        """Whether some pair of the components has two liquids at some temperature."""
        x, T = np.meshgrid(np.linspace(0.01, 0.99, 50), np.linspace(*self.model.span, 5))
        whole = dict.fromkeys(self.names, np.zeros(T.shape))
        return any(
            stability.second_liquid(self.model, {**whole, a: x, b: 1.0 - x}, T, 0.0 * T)[0].any()
            for k, a in enumerate(self.names)
            for b in self.names[k + 1 :]
        )

    def _substitute(
        self, z: dict[str, Any], T: Array, k: dict[str, Any], sweeps: int = 0
    ) -> tuple[dict[str, Any], Array]:
        """Successive substitution of x_i = y_i p/k_i(x), p = 1/sum(y_i/k_i).

        With a number of sweeps states that need more have an infinite pressure, else they are refused.
        """
        for _ in range(sweeps or SWEEPS):
            p = 1.0 / sum(z[i] / k[i] for i in self.names)
            x = {i: z[i] * p / k[i] for i in self.names}
            new = self._raw(x, T)
            step = self._step(new, k)
            k = {i: np.sqrt(new[i] * k[i]) for i in self.names}
            if step < 1e-12:
                return x, p
        if sweeps:
            change = sum(np.abs(np.log(new[i] / k[i])) for i in self.names)
            return x, np.where(change < 1e-9, p, np.inf)
        raise SolveError(
            f"The dew point of {', '.join(self.names)} was not found in {SWEEPS} sweeps."
        )

    def flash(self, z: Mapping[str, Any], T: Any, pressure: Any) -> Flash:
        """Phases of a feed at temperature and pressure; floats or arrays, no Pyomo.

        Args:
            z: mole fractions of the feed.
            T: temperature [K] within `model.span`.
            pressure: Pa, at most 5e5.

        Raises:
            Refusal: the liquid parts in two, which these phases do not hold.
            ModelError: a Pyomo expression; write `flash_equations` instead.
        """
        ranges.numbers("Mixture.flash", INSTEAD, z, T, pressure)
        clean = self._fractions(z)
        self.model.check(z, T)
        ranges.within("vapour-liquid equilibrium (ideal vapour)", pressure, 1.0, HIGHEST, "Pa")
        t, p = np.asarray(T, dtype=float), np.asarray(pressure, dtype=float)
        shape = np.broadcast_shapes(t.shape, p.shape, *(v.shape for v in clean.values()))
        clean = {i: np.broadcast_to(v, shape) for i, v in clean.items()}
        psi, b, x, k = self._phases(clean, t, p, self._raw(clean, t))
        found, other = stability.second_liquid(self.model, x, t, np.minimum(np.log(b), 0.0))
        if found.any():  # the other one may be the liquid that is there, alone
            there = {i: np.where(found, other[i], x[i]) for i in self.names}
            psi, b, x, k = self._phases(clean, t, p, self._raw(there, t))
            stability.require_one_liquid(self.model, x, t, np.minimum(np.log(b), 0.0))
        dry = psi >= 1.0
        if dry.any() and self._may_part:  # of several incipient liquids that which appears first
            first, dew = self._incipient(clean, t)
            x = {i: np.where(dry, first[i], x[i]) for i in self.names}
            b = np.where(dry, p / dew, b)
            k = {i: v / p for i, v in self._raw(x, t).items()}
        given = (*z.values(), T, pressure)
        y = {i: _plain(b * k[i] * x[i], *given) for i in self.names}
        liquid = {i: _plain(v, *given) for i, v in x.items()}
        return Flash(_plain(psi, *given), _plain(b, *given), liquid, y)

    def _phases(
        self, z: dict[str, Any], T: Array, p: Array, volatility: dict[str, Any]
    ) -> tuple[Array, Array, dict[str, Any], dict[str, Any]]:
        """Vapour fraction, saturation, liquid and ratios y/x by successive substitution."""
        k = {i: v / p for i, v in volatility.items()}
        for _ in range(SWEEPS):
            psi = _rachford_rice(z, k)
            x = {i: z[i] / (1.0 + psi * (k[i] - 1.0)) for i in self.names}
            total = sum(x.values())
            x = {i: v / total for i, v in x.items()}
            new = {i: v / p for i, v in self._raw(x, T).items()}
            step = self._step(new, k)
            k = {i: np.sqrt(new[i] * k[i]) for i in self.names}
            if step < 1e-12:
                return psi, np.asarray(1.0 / sum(k[i] * x[i] for i in self.names)), x, k
        raise SolveError(
            f"The flash of {', '.join(self.names)} did not converge in {SWEEPS} sweeps."
        )

    def _step(self, new: dict[str, Any], k: dict[str, Any]) -> float:
        """Largest change of the logarithms of the ratios; zero for no states at all."""
        return max(float(np.max(np.abs(np.log(new[i] / k[i])), initial=0.0)) for i in self.names)

    def parts(self, x: Mapping[str, Any], T: Any) -> Any:
        """Whether a liquid parts in two; floats or arrays, a bool or an array of them.

        Args:
            x: mole fractions of the liquid as a whole.
            T: temperature [K] within `model.span`.

        By the distance of Michelsen's tangent plane from trial liquids, started near each pure
        component: inside the gap of a pair the answer is yes, also where one liquid is metastable.
        """
        ranges.numbers("Mixture.parts", INSTEAD, x, T)
        clean = self._fractions(x)
        self.model.check(x, T)
        t = np.asarray(T, dtype=float)
        shape = np.broadcast_shapes(t.shape, *(v.shape for v in clean.values()))
        whole = {i: np.broadcast_to(v, shape) for i, v in clean.items()}
        found, _ = stability.second_liquid(self.model, whole, t, np.zeros(shape))
        return found if shape else bool(found)

    def flash_equations(
        self,
        z: Mapping[str, Any],
        T: Any,
        pressure: Any,
        vapour_fraction: Any,
        saturation: Any,
        x: Mapping[str, Any],
    ) -> Iterator[tuple[str, Any]]:
        """Equations of a flash as (name, residual), for a solver; residuals are mole fractions.

        As many as unknowns (vapour fraction, saturation b, liquid mole fractions x). They stay
        regular when either phase vanishes; the vapour is y_i = b K_i x_i.

        Args:
            z: mole fractions of the feed, summing to one.
            T: temperature [K].
            pressure: Pa.
            vapour_fraction: unknown, vapour per feed.
            saturation: unknown b, positive.
            x: unknowns, mole fractions of the liquid.
        """
        k = self.volatilities(x, T)
        excess: Any = 0.0
        for i in self.names:
            surplus = saturation * k[i] / pressure - 1.0
            yield f"balance of {i}", x[i] * (1.0 + vapour_fraction * surplus) - z[i]
            excess = excess + x[i] * surplus
        yield "both compositions sum to the same", excess
        inner = maths.smooth_max(vapour_fraction - 1.0, saturation - 1.0, WIDTH)
        yield "phases", maths.smooth_min(vapour_fraction, inner, WIDTH)


def _rachford_rice(z: dict[str, Array], k: dict[str, Array]) -> Array:
    """Vapour fraction, 0 for a subcooled and 1 for a superheated feed; bisection, it is monotone."""
    shape = np.shape(next(iter(z.values())))
    low, high = np.zeros(shape), np.ones(shape)

    def rest(psi: Array) -> Array:
        return np.asarray(sum(z[i] * (k[i] - 1.0) / (1.0 + psi * (k[i] - 1.0)) for i in z))

    subcooled, superheated = rest(low) <= 0.0, rest(high) >= 0.0
    for _ in range(54):
        middle = (low + high) / 2
        up = rest(middle) > 0.0
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    return np.where(subcooled, 0.0, np.where(superheated, 1.0, (low + high) / 2))


def _plain(value: Any, *given: Any) -> Any:
    """A float where only floats were given."""
    if ranges.is_pyomo(value) or any(isinstance(g, np.ndarray) or np.ndim(g) for g in given):
        return value
    return float(value)
