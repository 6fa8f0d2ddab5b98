"""Kinetics fitted to a user's polarisation and faradaic efficiencies, with intervals.

The electrode is that of `noxplant.electrolysis.kinetics` at constant bulk concentrations. Unknown
are the current at the reference potential (its logarithm) and the slope of each branch, and, when
asked, the mass-transfer coefficient (its logarithm). The reference potential is put in the middle
of the data, where current and slope are least correlated.

Where the temperatures of the data differ by more than `SPREAD`, each branch gets an activation energy
at the reference potential; else it is left out, and the specifications of a cell need one from
elsewhere when it runs at another temperature.

Residuals: ln(j model / j measured) / s_j and (FE model - FE measured) / s_FE. With both errors
given they are taken as known and the reduced chi-square judges the model; without them the error of
the currents and that of the efficiencies, of each product where they differ, are estimated from the
scatter and told (`noxplant.electrolysis.variances`). Intervals are those of the linearised model
(covariance (J^T J)^-1, widened for weights that are estimated; Student's t), of the logarithm where
that was fitted, so they are not symmetric.

Source: least squares as in Bard, Nonlinear Parameter Estimation; `scipy.optimize.least_squares`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from noxplant.constants import T_REFERENCE
from noxplant.electrolysis import kinetics
from noxplant.electrolysis.fit_given import check_given, check_used, column
from noxplant.electrolysis.polarisation import Polarisation
from noxplant.errors import Refusal, SpecError, nearest
from noxplant.species import Reaction

TRANSFER: Final = "mass_transfer"
BOUNDS: Final = {
    "current": (1e-12, 1e7),
    "slope": (0.02, 0.6),
    "activation": (-1e5, 3e5),
    TRANSFER: (1e-8, 1e-2),
}
"""Range that a fit searches: A/m2, V, J/mol, m/s."""
SPREAD: Final = 2.0
"""Difference of temperature in the data from which on activation energies are fitted, K."""
SINGULAR: Final = 1e-5
"""Ratio of singular values below which the data do not determine a parameter."""
STARTS: Final = 8
CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Parameter:
    """One fitted number.

    Attributes:
        name: as "current[NO3- -> NH3]", "slope[...]", "activation[...]" or "mass_transfer".
        value: SI (A/m2 and V per decade at 298.15 K, J/mol, m/s); a current at the temperature of the
            data where no activation energy is fitted.
        low, high: ends of the interval of `Fit.confidence`; nan when the data leave no freedom.
        unit: SI unit.
        logarithm: whether the fitted number is its natural logarithm.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    logarithm: bool


@dataclass(frozen=True)
class Fit:
    """Fitted kinetics.

    Attributes:
        parameters: fitted numbers with their intervals.
        covariance: of the fitted numbers (logarithms where `Parameter.logarithm`), same order.
        correlation: of the same.
        lines: Tafel line of every half-reaction.
        transfer: mass-transfer coefficient, m/s.
        reference: reference potential of all lines, V against RHE.
        spread: reduced chi-square; with errors given, far above 1 means that the model is wrong,
            without them it is about 1 by construction and says nothing.
        freedom: points less parameters.
        known: whether the errors were given.
        span: lowest and highest potential of the data, V against RHE.
        notes: what to know, in words.
        errors: standard error of ln(current) and of the efficiencies (root mean square over the
            products), given or estimated; nan where there is no freedom.
        by_product: standard error of the efficiency of each product.
        effective: least degrees of freedom of any parameter (Satterthwaite), for the bands.
    """

    parameters: tuple[Parameter, ...]
    covariance: Any
    correlation: Any
    lines: Mapping[str, kinetics.Line]
    transfer: float
    reference: float
    spread: float
    freedom: int
    known: bool
    span: tuple[float, float]
    model: Model
    notes: tuple[str, ...] = field(default=())
    confidence: float = CONFIDENCE
    errors: tuple[float, float] = (float("nan"), float("nan"))
    by_product: Mapping[str, float] = field(default_factory=dict)
    effective: float = float("nan")

    def specifications(self) -> dict[str, dict[str, float]]:
        """Specifications of a `PlugFlowCell` for these half-reactions, SI.

        Activation energies are among them only where the data had several temperatures. Else the
        currents are those at the temperature of the data: `fitted.Fitted.give` converts them.
        """
        return {
            "reference_current": {r: float(x.current) for r, x in self.lines.items()},
            "reference_potential": {r: float(x.potential) for r, x in self.lines.items()},
            "tafel_slope": {r: float(x.slope) for r, x in self.lines.items()},
        } | self._activation()

    def _activation(self) -> dict[str, dict[str, float]]:
        if not any(p.name.startswith("activation") for p in self.parameters):
            return {}
        return {"activation_energy": {r: float(x.activation) for r, x in self.lines.items()}}

    def draws(self, number: int, seed: int = 0) -> list[tuple[dict[str, dict[str, float]], float]]:
        """Specifications and mass-transfer coefficients drawn from the covariance.

        With them the uncertainty of the fit is carried into a stack: solve it once for each.

        Args:
            number: how many.
            seed: of the random numbers.

        Raises:
            Refusal: the fit leaves no freedom, so that its covariance is unknown.
        """
        if not np.all(np.isfinite(self.covariance)):
            raise Refusal(
                "This fit has as many points as parameters, so its covariance is unknown and nothing"
                " can be drawn from it.\n  Give the errors of the data, or more points."
            )
        rng = np.random.default_rng(seed)
        out = []
        for vector in rng.multivariate_normal(self.vector, self.covariance, size=number):
            lines = self.model.lines(vector)
            part = replace(self, lines=lines).specifications()
            out.append((part, self.model.numbers(vector)[TRANSFER]))
        return out

    def predict(self, potential: Any) -> dict[str, Any]:
        """Total current density [A/m2] and efficiencies at potentials, with half-widths of bands.

        Bulk concentrations and temperature are those of the first row. Beyond `span` this is
        extrapolation.

        Returns:
            "current", "current band" (relative), "FE X" and "FE X band" for each product.
        """
        E = np.asarray(potential, dtype=float)
        mean = self.model.at(self.vector, E)
        out = dict(mean)
        for name, y in mean.items():
            slope = np.empty((len(E), len(self.vector)))
            for n in range(len(self.vector)):
                moved = self.vector.copy()
                moved[n] += 1e-6
                slope[:, n] = (self.model.at(moved, E)[name] - y) / 1e-6
            scale = y if name == "current" else 1.0
            variance = np.einsum("ij,jk,ik->i", slope, self.covariance, slope)
            band = _student(self.effective, self.known, self.confidence) * np.sqrt(variance) / scale
            out[f"{name} band"] = band
        return out

    @property
    def vector(self) -> Any:
        """Fitted numbers, logarithms where `Parameter.logarithm`."""
        return np.array([np.log(p.value) if p.logarithm else p.value for p in self.parameters])


@dataclass(frozen=True)
class Model:
    """The electrode as a function of the fitted numbers.

    Attributes:
        reactions: half-reactions by name.
        names: fitted parameters.
        fixed: parameters that are given, SI.
        bulk: concentration of each reactant by row, mol/m3.
        temperature: by row, K.
        reference: V against RHE.
        electrons: per molecule of each product, counted from what is fed.
    """

    reactions: Mapping[str, Reaction]
    names: tuple[str, ...]
    fixed: Mapping[str, float]
    bulk: Mapping[str, Any]
    temperature: Any
    reference: float
    electrons: Mapping[str, float]

    def numbers(self, vector: Any) -> dict[str, float]:
        """All parameters in SI."""
        return dict(self.fixed) | {
            name: float(np.exp(x)) if _is_log(name) else float(x)
            for name, x in zip(self.names, vector, strict=True)
        }

    def lines(self, vector: Any) -> dict[str, kinetics.Line]:
        """Tafel lines at given numbers."""
        p = self.numbers(vector)
        return {
            r: kinetics.Line(
                p[f"current[{r}]"],
                self.reference,
                p[f"slope[{r}]"],
                p.get(f"activation[{r}]", 0.0),
            )
            for r in self.reactions
        }

    def of(self, vector: Any, E: Any, bulk: Mapping[str, Any], T: Any) -> dict[str, Any]:
        """Total current density and efficiencies of the products."""
        transfer = self.numbers(vector)[TRANSFER]
        part, _ = kinetics.polarise(self.reactions, self.lines(vector), bulk, transfer, E, T)
        total = sum(part.values())
        out = {"current": total}
        for product, n in self.electrons.items():
            made = 0.0
            for r, x in self.reactions.items():
                made = made + part[r] / abs(x.electrons) * x.species.get(product, 0.0)
            out[f"FE {product}"] = n * made / total
        return out

    def rows(self, vector: Any, E: Any) -> dict[str, Any]:
        """The model at the conditions of the data."""
        return self.of(vector, E, self.bulk, self.temperature)

    def at(self, vector: Any, E: Any) -> dict[str, Any]:
        """The model at the conditions of the first row and other potentials."""
        first = {c: x[0] for c, x in self.bulk.items()}
        return self.of(vector, E, first, self.temperature[0])


def _is_log(name: str) -> bool:
    return not name.startswith(("slope", "activation"))


def electrons(reactions: Mapping[str, Reaction]) -> dict[str, float]:
    """Electrons per molecule of every product, counted from what is fed.

    >>> from noxplant.species import Reaction
    >>> found = electrons({
    ...     "a": Reaction.parse("NO3- + H2O + 2 e- -> NO2- + 2 OH-"),
    ...     "b": Reaction.parse("NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-"),
    ... })
    >>> found
    {'NO2-': 2.0, 'NH3': 8.0}
    """
    out: dict[str, float] = {}
    order = (None, *kinetics.sequence("electrode", reactions))
    for c in order:
        for x in reactions.values():
            if kinetics.reactant(x) != c:
                continue
            brought = sum(-nu * out.get(s, 0.0) for s, nu in x.species.items() if nu < 0)
            made = {s: nu for s, nu in x.species.items() if nu > 0 and s not in _BARE}
            for s, nu in made.items():
                out.setdefault(s, (abs(x.electrons) + brought) / nu)
    return out


_BARE: Final = ("H2O", "H+", "OH-")


def fit(
    data: Polarisation,
    reactions: Mapping[str, Reaction],
    *,
    bulk: Mapping[str, float] | None = None,
    temperature: float | None = None,
    resistance: float = 0.0,
    fixed: Mapping[str, float] | None = None,
    current_error: float | None = None,
    efficiency_error: float | None = None,
) -> Fit:
    """Fit the kinetics of one electrode.

    Args:
        data: measured points.
        reactions: half-reactions by name, all reductions or all oxidations.
        bulk: concentration of reactants that the file does not give, mol/m3, by species or
            component; what only forms on the way (nitrite) counts as zero when not given.
        temperature: where the file has none, K; 298.15 K when not given. Potentials that were
            converted from another scale need it while reading: `polarisation.read`.
        resistance: uncompensated area resistance by which potentials are corrected, ohm m2.
        fixed: parameters that are given, SI, e.g. {"slope[H2O -> H2]": 0.12}.
        current_error: relative standard error of the currents; with it, `efficiency_error` too.
        efficiency_error: standard error of the efficiencies.

    Raises:
        SpecError: a concentration or an error is missing, an unknown parameter or product, an error,
            resistance, concentration or given parameter out of its range.
        Refusal: more parameters than points, a parameter that the data do not determine, no fit.
    """
    from noxplant.electrolysis.leastsquares import solve

    if (current_error is None) != (efficiency_error is None):
        raise SpecError("Give both errors, of current and of efficiency, or neither.")
    errors = {"--current-error": current_error, "--fe-error": efficiency_error}
    temperature = T_REFERENCE if temperature is None else temperature
    check_given(
        bulk=bulk or {}, temperature=temperature, resistance=resistance, fixed=fixed or {},
        errors=errors,
    )  # fmt: skip
    model = _model(data, reactions, bulk or {}, temperature, fixed or {})
    sign = 1.0 if next(iter(reactions.values())).electrons > 0 else -1.0
    E = data.potential + sign * resistance * data.current
    return solve(data, model, E, current_error, efficiency_error)


def _model(
    data: Polarisation,
    reactions: Mapping[str, Reaction],
    bulk: Mapping[str, float],
    temperature: float,
    fixed: Mapping[str, float],
) -> Model:
    T = np.where(np.isfinite(data.temperature), data.temperature, temperature)
    kinds = ("current", "slope", "activation") if np.ptp(T) > SPREAD else ("current", "slope")
    known = [f"{k}[{r}]" for r in reactions for k in kinds] + [TRANSFER]
    for name in fixed:
        if name not in known:
            raise SpecError(
                f"There is no parameter {name!r}.{nearest(name, known)} Known: {', '.join(known)}."
            )
    made = electrons(reactions)
    for product in data.efficiency:
        if product not in made:
            raise SpecError(
                f"No half-reaction makes {product!r}, whose efficiency is given."
                f"{nearest(product, made)}\n  Made are: {', '.join(made)}."
            )
    rows = len(data)
    held = {}
    order = kinetics.sequence("electrode", reactions)
    check_used(order, data, bulk, reactions)
    for c in order:
        formed = any(x.components.get(c, 0.0) > 0 for x in reactions.values())
        held[c] = column(c, data, bulk, rows, formed)
    fixed = fixed if held else {TRANSFER: 1.0, **fixed}  # no film without a dissolved reactant
    names = tuple(n for n in known if n not in fixed)
    middle = round(float(np.mean(data.potential)), 2)
    return Model(reactions, names, dict(fixed), held, T, middle, made)


def _student(freedom: float, known: bool, confidence: float) -> float:
    """Number of standard errors that an interval reaches to either side."""
    from scipy import stats

    tail = 0.5 + confidence / 2
    return float(stats.norm.ppf(tail) if known else stats.t.ppf(tail, max(freedom, 1)))
