"""Solubility products of salts, calibrated to their solubility, and heats of crystallisation.

A product is the one with which the salt dissolves in pure water exactly as its curve in
`species/data/solid.toml` says, with the activity model that is asked for: not one from Gibbs
energies of formation (for (NH4)2SO4 they give twice as much; `noxplant species --consistency`).
The same model must then be used on both sides, product and solution; the class does that.

A saturated solution is often stronger than anything that the model was fitted to. Such a state is
refused by name (a Pyomo temperature is bounded to what is left), or, with `beyond="hold"`, takes the
coefficients at the limit of the model, which the statement says. Heats are never taken from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any, Final

from noxplant import maths
from noxplant.constants import GAS_CONSTANT, T_REFERENCE
from noxplant.errors import ModelError, Refusal, SpeciesError, nearest
from noxplant.species.numbers import number, read
from noxplant.thermo import aqueous, ranges, solid, used
from noxplant.thermo.activity import Davies, Ideal, Model, ionic_strength, model, require_neutral
from noxplant.thermo.pairs import entry_of, pair
from noxplant.thermo.pitzer import Pitzer

BISULFATES: Final = ("N2H6SO4(s)",)
"""Salts whose sulfate is mostly HSO4- in their own saturated solution."""

GRID: Final = 64
"""Steps per solubility in the search of `Product.dissolves`."""

STEPS: Final = 100
"""Temperatures of a span that are tried in the search for where a model holds."""
ROUND: Final = 1e-6
"""Width of the corners where coefficients are held, K and part of an ionic strength."""
BEYOND: Final = ("refuse", "hold")

WITHOUT: Final = {
    "KOH(s)": "its saturated solution is in equilibrium with hydrates",
    "benzophenone(s)": "it is no salt",
    "benzophenone azine(s)": "it is no salt",
}
"""Solids with a solubility but no product, and why."""


def names() -> tuple[str, ...]:
    """Salts with a solubility product."""
    return tuple(name for name in read("solid")["solubility"] if name not in WITHOUT)


def span(name: str) -> tuple[float, float]:
    """Range of temperature [K] of a salt's solubility.

    >>> span("KNO3(s)")
    (273.15, 373.15)
    """
    _known(name)
    return solid.span(name)


def _known(name: str) -> None:
    if name in WITHOUT:
        raise SpeciesError(f"There is no solubility product of {name!r}: {WITHOUT[name]}.")
    if name not in names():
        raise SpeciesError(
            f"There is no solubility product of {name!r}.{nearest(name, names())} "
            f"Known: {', '.join(names())}."
        )


class Product:
    """Solubility product of a salt with an activity model.

    Attributes:
        name: the solid, e.g. "(NH4)2SO4(s)".
        ions: mol of each true species per mole of salt.
        activity: the model, whose range holds for every state.
        statement: what it is calibrated to, for the report.
    """

    def __init__(
        self,
        name: str,
        activity: Model | None = None,
        alternative: bool = False,
        beyond: str = "refuse",
    ) -> None:
        """Take a salt and the model of the solution.

        Args:
            name: one of `names()`.
            activity: model for at least the ions of the salt; None is the explicit choice of
                coefficients of one (a product of molalities).
            alternative: the second of two contradicting solubilities (N2H5Cl).
            beyond: what to do where the solution is outside the range of the model: "refuse", or
                "hold" the activity coefficients at the limit, the molalities scaled down to the
                ionic strength of the salt's set (Davies: 0.5 mol/kg) and the temperature drawn into that of the model.

        Raises:
            SpeciesError: no such salt.
            ModelError: another `beyond`.
        """
        _known(name)
        if beyond not in BEYOND:
            raise ModelError(f"beyond must be 'refuse' or 'hold', not {beyond!r}.")
        self.name, self.alternative, self.beyond = name, alternative, beyond
        self.ions = solid.ions_of(name)
        self.span = span(name)
        self.activity = activity if activity is not None else model("ideal", self._solutes())
        self.statement = (
            f"The solubility product of {name} is calibrated to its solubility in water with the"
            f" activity model {self.activity.name!r}; it does not follow from Gibbs energies."
        )
        if beyond == "hold" and isinstance(self.activity, (Pitzer, Davies)):
            self.statement += (
                " Where a solution is outside the range of the model, its activity coefficients"
                f" are held at the limit ({self._strongest():.4g} mol/kg of ionic strength)."
            )

    def _solutes(self) -> list[str]:
        extra = ["HSO4-"] if self.name in BISULFATES else []
        return [*self.ions, *(i for i in extra if i not in self.ions)]

    def solubility(self, T: Any) -> Any:
        """Solubility in pure water in mol/kg; T in `span`, source and error as `solid.solubility`."""
        ranges.within(f"solubility of {self.name}", T, *self.span)
        return solid.solubility(self.name, T, alternative=self.alternative)

    def saturated(self, T: Any) -> dict[str, Any]:
        """Molalities [mol/kg] of the true species in water saturated with the salt.

        Fully dissociated; hydrazinium sulfate(2+) with its equilibrium of HSO4- (ideal).
        """
        return self._solution(self.solubility(T), T)

    def _solution(self, m: Any, T: Any) -> dict[str, Any]:
        out = {i: n * m for i, n in self.ions.items()}
        if self.name in BISULFATES:
            k = maths.exp(aqueous.ln_beta("HSO4-", T))
            free = (maths.sqrt(1 + 4 * k * m) - 1) / (2 * k)
            out |= {"H+": free, "SO4--": free, "HSO4-": m - free}
        return out

    def _strongest(self) -> float:
        """Ionic strength [mol/kg] to which the set of the salt, or Davies' equation, holds."""
        if isinstance(self.activity, Davies):
            return float(number("pitzer.debye.davies_limit"))
        held = [p for p in getattr(self.activity, "pairs", []) if not p.free]
        own = [p.strength() for p in held if p.cation in self.ions and p.anion in self.ions]
        return max(own) if own else float("inf")

    def outside(self, T: float) -> str:
        """Why the solution saturated at T [K] is outside the range of the model; empty: it is not."""
        return self._outside(self.saturated(T), T)

    def _outside(self, molality: Mapping[str, Any], T: Any) -> str:
        try:
            found = self.activity.check(molality, T)
        except Refusal as error:
            return str(error).splitlines()[0]
        return found[0] if found else ""

    @cached_property
    def held(self) -> tuple[float, float] | None:
        """Temperatures [K] between which the saturated solution is inside the range of the model.

        The piece with 298.15 K if that is inside, else the longest one; None: it never is.
        """
        low, high = self.span
        grid = [low + (high - low) * k / STEPS for k in range(STEPS + 1)]
        inside = [not self.outside(T) for T in grid]
        pieces: list[list[int]] = []
        for k in (k for k in range(STEPS + 1) if inside[k]):
            if pieces and pieces[-1][-1] == k - 1:
                pieces[-1].append(k)
            else:
                pieces.append([k])
        if not pieces:
            return None
        best = max(pieces, key=lambda p: (grid[p[0]] <= T_REFERENCE <= grid[p[-1]], len(p)))
        first, last = best[0], best[-1]
        ends = grid[first], grid[last]
        return (
            self._edge(ends[0], grid[first - 1]) if first else ends[0],
            self._edge(ends[1], grid[last + 1]) if last < STEPS else ends[1],
        )

    def _edge(self, good: float, bad: float) -> float:
        """Last temperature inside, between one inside and one outside."""
        while abs(good - bad) > 1e-6:
            middle = (good + bad) / 2
            good, bad = (good, middle) if self.outside(middle) else (middle, bad)
        return good

    def _require(self, molality: Mapping[str, Any], T: Any, what: str) -> None:
        """Refuse numbers outside the range of the model; bound a Pyomo temperature."""
        advice = "pass beyond='hold', which holds the coefficients at the limit"
        if what == "heat":
            advice = "take solid.heat_of_solution, the heat at infinite dilution"
        if ranges.is_pyomo(T) or any(ranges.is_pyomo(m) for m in molality.values()):
            if self.held is None:
                reason = self.outside(min(max(T_REFERENCE, self.span[0]), self.span[1]))
                raise Refusal(self._words(what, reason, advice))
            words = f"{what} of {self.name} with the activity model {self.activity.name!r}"
            ranges.within(words, T, *self.held)
            self.activity.check(molality, T)
            return
        reason = self._outside(molality, T)
        if reason:
            raise Refusal(self._words(what, reason, advice))

    def _words(self, what: str, reason: str, advice: str) -> str:
        return (
            f"The {what} of {self.name} at saturation is outside the range of the activity model"
            f" {self.activity.name!r}: {reason}\n  Stay within the range, or {advice}."
        )

    def _ln_gamma(self, molality: Mapping[str, Any], T: Any) -> Mapping[str, Any]:
        """Coefficients of the model, held at its limit if that was asked for."""
        if self.beyond == "hold" and isinstance(self.activity, (Pitzer, Davies)):
            low, high = number("pitzer.debye.range")
            if isinstance(self.activity, Pitzer):
                low, high = self.activity.temperatures()
            most = self._strongest()
            strength = maths.smooth_max(ionic_strength(molality), most, ROUND * most)
            molality = {i: m * (most / strength) for i, m in molality.items()}
            T = maths.smooth_min(maths.smooth_max(T, low, ROUND), high, ROUND)
        return self.activity.raw(molality, T).ln_gamma

    def _ln_ions(self, molality: Mapping[str, Any], T: Any) -> Any:
        gamma = self._ln_gamma(molality, T)
        return sum(n * (maths.log(molality[i]) + gamma[i]) for i, n in self.ions.items())

    def ln_product(self, T: Any) -> Any:
        """Natural logarithm of the product of the ions' activities at saturation, molal scale.

        Args:
            T: temperature [K] within `span`; float, array or expression.

        Error of the solubility that it gives in pure water: that of the curve, none added. In
        mixtures that of the activity model, about 10 % at 5 mol/kg; more where it is held.

        Raises:
            Refusal: the saturated solution is outside the range of the model, unless held.
        """
        there = self.saturated(T)
        if self.beyond == "refuse" and not self._stretched:
            self._require(there, T, "solubility product")
        return self._ln_ions(there, T)

    @property
    def _stretched(self) -> bool:
        """Whether the model itself was asked to extrapolate; it says so in its assumptions."""
        return bool(getattr(self.activity, "extrapolate", False))

    def ln_saturation_ratio(self, molality: Mapping[str, Any], T: Any) -> Any:
        """Logarithm of the product of the ions' activities over that at saturation.

        Args:
            molality: mol/kg of the true species of a solution, with all ions of the salt.
            T: temperature [K] within `span`.

        Positive: supersaturated. Smooth; the rate of a crystalliser may use it.

        Raises:
            SpeciesError: an ion of the salt is lacking, or the model does not know a solute.
            Refusal: charges that do not balance (residual and ion to adjust), no amount, or a
                solution outside the range of the model, unless held.
        """
        lacking = [i for i in self.ions if i not in molality]
        if lacking:
            raise SpeciesError(f"The saturation of {self.name} needs the molality of {lacking[0]}.")
        self._all_known(molality)
        require_neutral(molality)
        for i in self.ions:  # the logarithm of nothing; without an ion nothing crystallises
            ranges.sound(f"molality of {i} of {self.name}", molality[i], "mol/kg", above=True)
        if self.beyond == "refuse":
            self.activity.check(molality, T)
        return self._ln_ions(molality, T) - self.ln_product(T)

    def _all_known(self, molality: Mapping[str, Any]) -> None:
        """Refuse solutes that the activity model would silently leave out."""
        held = getattr(self.activity, "charges", {})
        strange = [i for i in molality if i not in held and i != "H2O"]
        if strange and not isinstance(self.activity, Ideal):
            raise SpeciesError(
                f"The activity model {self.activity.name!r} of {self.name} was not made for"
                f" {strange[0]}: pass a model of all solutes to Product."
            )

    def dissolves(self, background: Mapping[str, float], T: float) -> float:
        """Solubility on top of other ions in mol/kg: common-ion effect and salting in or out.

        Args:
            background: mol/kg of true species already there, electrically neutral.
            T: temperature [K] within `span`; a float.

        Full dissociation (salts of HSO4- not: refused).

        Raises:
            ModelError: a Pyomo expression; write ln_saturation_ratio(molality, T) == 0 instead.
        """
        instead = "Product.ln_saturation_ratio(molality, T) == 0"
        ranges.one("Product.dissolves", instead, background, T)
        if self.name in BISULFATES:
            raise Refusal(f"Solve the speciation with {self.name}: its sulfate binds the acid.")
        self._all_known(background)
        require_neutral(background)
        goal = self.ln_product(T)

        def short(m: float) -> bool:
            there = {i: background.get(i, 0.0) for i in (*background, *self.ions)}
            for i, n in self.ions.items():
                there[i] += n * m
            return bool(self._ln_ions(there, T) < goal)

        # A Pitzer model far beyond its range may turn round: take the first crossing from below.
        top = self.solubility(T)
        step = next((k for k in range(1, 4 * GRID) if not short(top * k / GRID)), None)
        if step is None:
            raise Refusal(
                f"{self.name} dissolves to more than four times its solubility in water on top of"
                f" {dict(background)}, beyond what the model {self.activity.name!r} can say."
            )
        low, high = top * (step - 1) / GRID, top * step / GRID
        while high - low > 1e-13 * top:
            middle = (low + high) / 2
            low, high = (middle, high) if short(middle) else (low, middle)
        found = float((low + high) / 2)
        if self.beyond == "refuse":
            there = {i: background.get(i, 0.0) for i in (*background, *self.ions)}
            self.activity.check({i: there[i] + found * self.ions.get(i, 0.0) for i in there}, T)
        return found

    def heat_of_solution(self, T: Any) -> Any:
        """Heat taken up by one mole dissolving into its saturated solution, J/mol.

        R T^2 times the slope of ln(product of activities) along the solubility curve at constant
        temperature of the activities: exact thermodynamics with the model's concentration
        dependence. Its error is that of the slope of the curve and of the model's own slope with
        molality: see `docs/explanation/what-the-numbers-rest-on.md`. With coefficients of one it
        is worth a factor of two.

        Raises:
            Refusal: the saturated solution is outside the range of the model, also when the
                product is held there: held coefficients have no slope, and an extrapolated slope
                is wrong by up to a hundred times.
        """
        if not isinstance(self.activity, Ideal):
            self._require(self.saturated(T), T, "heat")
        h = 0.01
        up, down = (self._ln_slope(self._moved(T, s * h), T) for s in (1, -1))
        return GAS_CONSTANT * T * T * (up - down) / (2 * h)

    def _ln_slope(self, molality: Mapping[str, Any], T: Any) -> Any:
        """As `_ln_ions`, a step off the curve, never held."""
        gamma = self.activity.raw(molality, T).ln_gamma
        return sum(n * (maths.log(molality[i]) + gamma[i]) for i, n in self.ions.items())

    def _moved(self, T: Any, step: float) -> dict[str, Any]:
        """Composition saturated at T + step, speciated at T; inside the span of the curve."""
        ranges.within(f"solubility of {self.name}", T, *self.span)
        with used.extrapolating():  # the step may leave the span by its own length
            m = solid.solubility(self.name, T + step, alternative=self.alternative)
        return self._solution(m, T)

    def heat_of_crystallisation(self, T: Any) -> Any:
        """Heat of one mole crystallising from its saturated solution, J/mol; negative is given off.

        Arguments and error as `heat_of_solution`. The plants' streams take the heat at infinite
        dilution (`solid.heat_of_solution`) instead; `noxplant species --consistency` compares.
        """
        return -self.heat_of_solution(T)


@cache
def best(name: str, beyond: str = "refuse") -> Product:
    """Product with Pitzer's model where the pair of the salt has parameters, else of molalities.

    Args:
        name: one of `names()`.
        beyond: as `Product`; the set of NH4NO3 ends below its solubility at every temperature.

    >>> best("NH4Cl(s)").activity.name, best("N2H5Cl(s)").activity.name
    ('pitzer', 'ideal')
    """
    _known(name)
    ions = list(solid.ions_of(name))
    plain = Product(name, beyond=beyond)
    if len(ions) != 2 or name in BISULFATES:
        return plain
    cation, anion = ions
    if not entry_of(f"{cation} {anion}") or pair(cation, anion).free:
        return plain
    return Product(name, model("pitzer", ions), beyond=beyond)
