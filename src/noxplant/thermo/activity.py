"""Activity coefficients of aqueous species, molal scale: ideal, Davies, or Pitzer, by name.

`model("pitzer", species)` makes a model for the species of a stream; `model.evaluate(molality, T)`
gives logarithms of activity coefficients, of the activity of water, and the osmotic coefficient,
all from one excess Gibbs energy, so they satisfy Gibbs-Duhem. Floats, arrays, Pyomo expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol

from noxplant import maths
from noxplant.constants import WATER_MOLAR_MASS, ZERO_CELSIUS
from noxplant.errors import ModelError, Refusal, SpeciesError, nearest
from noxplant.species import species
from noxplant.species.numbers import number
from noxplant.thermo import ranges

MODELS: Final = ("ideal", "davies", "pitzer")
Wrap = Callable[[str, str, Any], Any]


def plain(kind: str, name: str, expression: Any) -> Any:
    """Leave an expression as it is; the default of `wrap`."""
    return expression


@dataclass(frozen=True)
class Activity:
    """Activities of one aqueous state, or of many as arrays.

    Attributes:
        ln_gamma: natural logarithm of the molal activity coefficient of every solute, -.
        ln_water: natural logarithm of the activity of water, -.
        solutes: sum of the molalities, mol/kg.
        excess: solutes x (osmotic coefficient - 1), mol/kg.
    """

    ln_gamma: Mapping[str, Any]
    ln_water: Any
    solutes: Any
    excess: Any

    @property
    def osmotic(self) -> Any:
        """Osmotic coefficient, -; one, its limit, where there is no solute (floats and arrays)."""
        if ranges.is_pyomo(self.solutes) or ranges.is_pyomo(self.excess):
            return 1.0 + self.excess / self.solutes
        import numpy as np

        m, x = np.broadcast_arrays(*(np.asarray(v, float) for v in (self.solutes, self.excess)))
        out = 1.0 + np.divide(x, m, out=np.zeros(m.shape), where=m > 0.0)
        return out if out.ndim else float(out)

    def mean(self, parts: Mapping[str, float]) -> Any:
        """Mean activity coefficient of a salt, e.g. of {"NH4+": 2, "SO4--": 1}.

        Raises:
            SpeciesError: an ion that the solution does not hold, or no neutral salt: the coefficient
                of a charge cannot be measured.
        """
        lacking = [i for i in parts if i not in self.ln_gamma]
        if lacking:
            raise SpeciesError(f"{lacking[0]} is not in this solution: {', '.join(self.ln_gamma)}.")
        total = sum(parts.values())
        if not total > 0.0 or imbalance(parts):
            raise SpeciesError(
                f"{dict(parts)} is no neutral salt, so it has no mean activity coefficient.\n"
                "  Give the ions of one formula unit."
            )
        return maths.exp(sum(n * self.ln_gamma[i] for i, n in parts.items()) / total)


class Model(Protocol):
    """What every activity model offers.

    Attributes:
        name: "ideal", "davies" or "pitzer".
        assumptions: sentences for the report: estimates, extrapolations, neglected effects.
    """

    name: str
    assumptions: tuple[str, ...]

    def evaluate(
        self, molality: Mapping[str, Any], T: Any, root: Any = None, wrap: Wrap = plain
    ) -> Activity:
        """Activities at molalities [mol/kg] of the solutes and temperature [K].

        Args:
            molality: by true species, at least zero; a missing solute counts as zero.
            T: temperature [K].
            root: square root of the ionic strength [mol0.5/kg0.5]; an unknown of the solve with
                its own row root^2 = I, else computed (then its slope is steep at I = 0).
            wrap: gives common sub-expressions a name (kind, name, expression), for a solver.

        Raises:
            Refusal: a float or array outside the range, or charged; a Pyomo variable is bounded
                instead.
        """
        ...

    def raw(
        self, molality: Mapping[str, Any], T: Any, root: Any = None, wrap: Wrap = plain
    ) -> Activity:
        """As `evaluate`, without any check, also of charges that do not balance.

        For the inside of iterations and for derivatives by one ion (Gibbs-Duhem).
        """
        ...

    def check(self, molality: Mapping[str, Any], T: Any) -> tuple[str, ...]:
        """Refuse what is outside the range or charged; return warnings of what is extrapolated."""
        ...


def charges(names: Iterable[str]) -> dict[str, int]:
    """Charges of true species; water is left out.

    Raises:
        SpeciesError: an unknown name.
    """
    return {name: species(name).charge for name in names if name != "H2O"}


def ionic_strength(molality: Mapping[str, Any]) -> Any:
    """Ionic strength in mol/kg: half the sum of molality times charge squared."""
    z = charges(molality)
    terms = [q * q * molality[i] for i, q in z.items() if q]
    return 0.5 * sum(terms) if terms else 0.0


@cache
def _slope() -> tuple[float, ...]:
    found: tuple[float, ...] = number("pitzer.debye.slope")
    return found


def debye_slope(T: Any) -> Any:
    """Debye-Hueckel slope A_phi of the osmotic coefficient in kg0.5/mol0.5.

    Args:
        T: temperature [K], 273.15..373.15; float, array or expression.

    Source: density and dielectric constant of water (IAPWS R8-97), fit within 4e-5.

    >>> round(debye_slope(298.15), 4)
    0.3913

    Raises:
        Refusal: outside the range, e.g. in Celsius.
    """
    ranges.within("Debye-Hueckel slope of water", T, *number("pitzer.debye.range"))
    return slope_at(T)


def slope_at(T: Any) -> Any:
    """As `debye_slope`, without its check; for the inside of `Model.raw`."""
    a, b, c, d, e = _slope()
    t = T - ZERO_CELSIUS
    return a + t * (b + t * (c + t * (d + t * e)))


class Ideal:
    """All activity coefficients are one; water by Raoult on the molal scale. An explicit choice.

    Solutes that it was not made for count too.
    """

    name = "ideal"

    def __init__(self, names: Iterable[str]) -> None:
        """Take the true species of the solution."""
        self.charges = charges(names)
        self.assumptions: tuple[str, ...] = (
            "Ideal solution: activity coefficients are one (at 1 mol/kg wrong by 20 to 80 %).",
        )

    def check(self, molality: Mapping[str, Any], T: Any) -> tuple[str, ...]:
        """Only signs, the sum of charges and temperature (273.15..373.15 K) are checked."""
        require_neutral(molality)
        ranges.within("aqueous solution", T, *number("pitzer.debye.range"))
        return ()

    def evaluate(
        self, molality: Mapping[str, Any], T: Any, root: Any = None, wrap: Wrap = plain
    ) -> Activity:
        """As `Model.evaluate`."""
        self.check(molality, T)
        return self.raw(molality, T, root, wrap)

    def raw(
        self, molality: Mapping[str, Any], T: Any, root: Any = None, wrap: Wrap = plain
    ) -> Activity:
        """As `Model.raw`."""
        present = [i for i in molality if i != "H2O"]
        solutes = wrap("sum", "solutes", sum(molality[i] for i in present))
        gamma = dict.fromkeys((*self.charges, *present), 0.0)
        return Activity(gamma, -WATER_MOLAR_MASS * solutes, solutes, 0.0)


class Davies:
    """Davies' equation; to an ionic strength of 0.5 mol/kg, 273..373 K.

    ln gamma_i = -3 A_phi z_i^2 (s/(1 + s) - 0.3 I), s = sqrt(I); neutral solutes one. The
    activity of water follows from the same excess Gibbs energy.

    Error against measured mean activity coefficients at 25 C: at 0.1 mol/kg to 7 % (1:1) and 23 %
    (sulfates, I = 0.3); at 0.5 mol/kg 0 (KOH) to 39 % (KH2PO4), mostly too high.
    """

    name = "davies"

    def __init__(self, names: Iterable[str]) -> None:
        """Take the true species of the solution."""
        self.charges = charges(names)
        self.assumptions: tuple[str, ...] = (
            "Davies' equation: error of an activity coefficient to 7 % at 0.1 mol/kg (sulfates 23 %), "
            "to 39 % at 0.5 mol/kg.",
        )

    def check(self, molality: Mapping[str, Any], T: Any) -> tuple[str, ...]:
        """Refuse an ionic strength above 0.5 mol/kg, or a temperature outside 273..373 K.

        Pyomo variables are bounded: each ion to what it can have at that ionic strength.
        """
        _all_known(molality, self.charges, self.name)
        require_neutral(molality)
        ranges.within("Davies' equation", T, *number("pitzer.debye.range"))
        strength = ionic_strength(molality)
        if not ranges.is_pyomo(strength):
            limit = number("pitzer.debye.davies_limit")
            ions = ", ".join(i for i, q in charges(molality).items() if q)
            words = f"Davies' equation for {ions} (ionic strength; beyond it choose 'pitzer')"
            ranges.within(words, strength, 0.0, limit, "mol/kg")
        for name, m in molality.items():
            q = abs(self.charges.get(name, 0))
            if q and ranges.is_pyomo(m) and m.is_variable_type():
                top = 2.0 * number("pitzer.debye.davies_limit") / (q * q + q)
                ranges.within(f"Davies' equation for {name}", m, 0.0, top, "mol/kg")
        return ()

    def evaluate(
        self, molality: Mapping[str, Any], T: Any, root: Any = None, wrap: Wrap = plain
    ) -> Activity:
        """As `Model.evaluate`."""
        self.check(molality, T)
        if root is not None and ranges.is_pyomo(root) and root.is_variable_type():
            top = number("pitzer.debye.davies_limit") ** 0.5
            ranges.within("Davies' equation (root of the ionic strength)", root, 0.0, top, "-")
        return self.raw(molality, T, root, wrap)

    def raw(
        self, molality: Mapping[str, Any], T: Any, root: Any = None, wrap: Wrap = plain
    ) -> Activity:
        """As `Model.raw`."""
        strength = wrap("sum", "ionic strength", ionic_strength(molality))
        s = maths.sqrt(strength + TINY) if root is None else root
        linear = number("pitzer.debye.davies")
        slope = wrap("slope", "A_phi", slope_at(T))
        common = wrap("ln_gamma", "z2", -3.0 * slope * (s / (1.0 + s) - linear * s * s))
        solutes = wrap("sum", "solutes", sum(molality.get(i, 0.0) for i in self.charges))
        sigma = 1.0 + s - 1.0 / (1.0 + s) - 2.0 * maths.log(1.0 + s)
        excess = -6.0 * slope * (sigma - 0.5 * linear * strength * strength)
        gamma = {i: q * q * common if q else 0.0 for i, q in self.charges.items()}
        return Activity(gamma, -WATER_MOLAR_MASS * (solutes + excess), solutes, excess)


def _all_known(molality: Mapping[str, Any], known: Mapping[str, int], model: str) -> None:
    """Refuse solutes that a model was not made for: it would leave them out of the water activity.

    Raises:
        SpeciesError: names the solute.
    """
    strange = [i for i in molality if i not in known and i != "H2O"]
    if strange:
        raise SpeciesError(
            f"{strange[0]} is not among the species of this activity model ({model!r})."
            f"{nearest(strange[0], known)}\n  Make the model for all solutes of the solution."
        )


TINY: Final = 1e-12
"""Added to the ionic strength [mol/kg] under the root; shifts ln gamma by 1e-6 at most."""


def model(
    name: str,
    names: Sequence[str],
    *,
    missing: str = "refuse",
    extrapolate: bool = False,
    salting_out: bool = False,
    mixing: bool = True,
) -> Model:
    """Activity model of that name for a solution of these true species.

    Args:
        name: "ideal", "davies" or "pitzer".
        names: true species, e.g. those of `noxplant.species.true_species`; H2O may be among them.
        missing: Pitzer only: what to do about ion pairs without parameters; "refuse" names them,
            "estimate" takes the mean of its charge type, with a stated error.
        extrapolate: Pitzer only: record what is outside the range instead of refusing it.
        salting_out: Pitzer only: NH3 with ions by recalled Sechenov constants (factor two).
        mixing: Pitzer only: terms of two ions of like sign, where known.

    Raises:
        ModelError: no such model; unknown choice; an ion pair without parameters.
    """
    if name == "pitzer":
        from noxplant.thermo.pitzer import Pitzer

        return Pitzer(
            names,
            missing=missing,
            extrapolate=extrapolate,
            salting_out=salting_out,
            mixing=mixing,
        )
    if name == "davies":
        return Davies(names)
    if name == "ideal":
        return Ideal(names)
    raise ModelError(
        f"There is no activity model {name!r}.{nearest(name, MODELS)} Models: {', '.join(MODELS)}."
    )


NEUTRAL: Final = 1e-6
"""Charge that an entered analysis may leave, as part of the sum of absolute charges."""


def imbalance(molality: Mapping[str, Any]) -> Any:
    """Sum of charge times molality in mol/kg; zero for a solution that can exist."""
    z = charges(molality)
    return sum((q * molality[i] for i, q in z.items() if q), 0.0)


def require_neutral(
    molality: Mapping[str, Any], tolerance: float = NEUTRAL, unit: str = "mol/kg"
) -> None:
    """Refuse an entered analysis of ions that is not electrically neutral, or no amount.

    Args:
        molality: amounts by true species, floats or arrays. With a Pyomo expression among them
            only the signs of the numbers are checked.
        tolerance: allowed residual, as part of the sum of absolute charges.
        unit: unit of the amounts, for the message.

    Raises:
        Refusal: prints the residual and the ion to adjust, with its new value.
    """
    ranges.molalities(molality)
    if any(ranges.is_pyomo(m) for m in molality.values()):
        return
    z = {i: q for i, q in charges(molality).items() if q}
    residual: Any = imbalance(molality)
    gross: Any = sum((abs(q) * molality[i] for i, q in z.items()), 0.0)
    if isinstance(residual, (int, float)):
        if abs(residual) > tolerance * gross:
            raise Refusal(_charged({i: float(molality[i]) for i in z}, z, unit))
        return
    import numpy as np

    bad = np.abs(residual) > tolerance * gross
    if bad.any():
        lane = int(np.flatnonzero(bad)[0])
        shape = np.shape(residual)
        here = {i: float(np.broadcast_to(molality[i], shape).flat[lane]) for i in z}
        raise Refusal(_charged(here, z, unit, f" (state {lane})"))


def _charged(m: Mapping[str, float], z: Mapping[str, int], unit: str, where: str = "") -> str:
    residual = sum(q * m[i] for i, q in z.items())
    gross = sum(abs(q) * m[i] for i, q in z.items())
    sign = 1 if residual > 0 else -1
    weak = [i for i, q in z.items() if q * sign < 0 and m[i] > 0]
    words = (
        f"The solution is not electrically neutral{where}: charges sum to {residual:+.6g} {unit}"
    )
    words += f" ({100 * abs(residual) / gross:.3g} % of the ionic charge).\n  "
    if weak:
        ion = max(weak, key=lambda i: abs(z[i]) * m[i])
        new = m[ion] + abs(residual) / abs(z[ion])
        return f"{words}Raise {ion} from {m[ion]:.6g} to {new:.6g} {unit}, or enter salts."
    ion = max((i for i, q in z.items() if q * sign > 0), key=lambda i: abs(z[i]) * m[i])
    kind = "anion" if sign > 0 else "cation"
    return f"{words}It has no {kind}: add one for {ion}, or enter salts."
