"""Pitzer's ion interaction model: pairs with common-ion mixing, mixing terms where known.

G/(R T w) = -A_phi (4 I/b) ln(1 + b s) + sum m_c m_a (2 B + Z C) + 2 sum m_n m_i lambda
            + sum m_n^2 lambda_nn + mixing,  B = beta0 + beta1 g(2 sqrt(u)),  u = I + 1e-6,
            s = sqrt(I);  mixing: `noxplant.thermo.mixing`

Every result is a derivative of this function, so Gibbs-Duhem holds exactly. Data, ranges and
classes: `species/data/pitzer.toml`.

Error at 25 C against tables (`tests/thermo`): mean activity coefficients 3 % over the stated
molalities ((NH4)2SO4 4 %; KOH and K2SO4 3.5 % below 1 mol/kg against one of two tables, which
differ by 3 to 5 %). Mixtures with known theta and psi: see docs; without, of the order of 10 %
at ionic strength 3.
Source of the form: Pitzer 1991, Activity coefficients in electrolyte solutions, chapter 3.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from noxplant import maths
from noxplant.constants import T_REFERENCE, WATER_MOLAR_MASS
from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.species.numbers import number, read
from noxplant.thermo import ranges
from noxplant.thermo.activity import (
    TINY,
    Activity,
    Wrap,
    charges,
    ionic_strength,
    plain,
    require_neutral,
    slope_at,
)
from noxplant.thermo.mixing import DELTA, Mixing
from noxplant.thermo.pairs import Pair, entry_of, pair

B_CONSTANT: Final = 1.2  # kg0.5/mol0.5, fixed by the definition of the parameter sets
PRESENT: Final = 0.01  # mol/kg of the salt: below, a pair is not held to its range


class Pitzer:
    """Pitzer's model for a set of true species; 273..323 K at most, see `check`.

    Attributes:
        name: "pitzer".
        pairs: the ion pairs of these species.
        assumptions: sentences for the report.
    """

    name = "pitzer"

    def __init__(
        self,
        names: Iterable[str],
        *,
        missing: str = "refuse",
        extrapolate: bool = False,
        salting_out: bool = False,
        mixing: bool = True,
    ) -> None:
        """Arguments as `noxplant.thermo.activity.model`."""
        if missing not in ("refuse", "estimate"):
            raise ModelError(f"missing must be 'refuse' or 'estimate', not {missing!r}.")
        self.charges = charges(names)
        self.extrapolate = extrapolate
        cations = [i for i, q in self.charges.items() if q > 0]
        anions = [i for i, q in self.charges.items() if q < 0]
        if missing == "refuse":
            self._all_known(cations, anions)
        self.pairs = [pair(c, a, missing) for c in cations for a in anions]
        self.mixing = Mixing(self.charges if mixing else {})
        self.neutral = self._neutral("neutral")
        if salting_out:
            self.neutral.update(self._neutral("salting"))
        self.assumptions = self._sentences(salting_out)

    @staticmethod
    def _all_known(cations: list[str], anions: list[str]) -> None:
        lacking = [f"{c} with {a}" for c in cations for a in anions if not entry_of(f"{c} {a}")]
        if len(lacking) > 1:
            raise SpeciesError(
                f"The Pitzer parameters beta0, beta1, Cphi are missing for {len(lacking)} pairs: "
                f"{'; '.join(lacking)}.\n  Pass missing='estimate' for means of their charge types "
                "with a stated error, or choose the model 'davies' (to 0.5 mol/kg) or 'ideal'."
            )

    def _neutral(self, table: str) -> dict[tuple[str, str], tuple[float, float, float]]:
        out = {}
        for key in read("pitzer")[table]:
            n, i = key.split(" ")
            if n in self.charges and i in self.charges:
                out[n, i] = number(f"pitzer.{table}.{key}.lambda")
        return out

    def _sentences(self, salting_out: bool) -> tuple[str, ...]:
        out = []
        lacking = self.mixing.lacking(self.charges)
        if lacking:
            out.append(f"No Pitzer mixing parameter (taken as zero): {'; '.join(lacking)}.")
        guessed = [p.key.replace(" ", " with ") for p in self.pairs if p.estimated]
        if guessed:
            out.append(
                f"Pitzer parameters estimated from the charge type: {'; '.join(guessed)}; "
                "standard error of ln gamma about 0.2 at 1 mol/kg of the counter-ion."
            )
        if self.extrapolate:
            out.append("Pitzer sets may be used outside their ranges of temperature and molality.")
        if salting_out:
            out.append("Salting-out of NH3 by recalled constants, uncertain by a factor of two.")
        return tuple(out)

    def temperatures(self) -> tuple[float, float]:
        """Lowest and highest temperature [K] at which every pair of the model holds."""
        if self.extrapolate:
            low, high = number("pitzer.debye.range")
            return low, high
        held = [p for p in self.pairs if not p.free]
        spans = [number(f"pitzer.debye.{'wide' if p.wide_limit else 'narrow'}") for p in held]
        spans += [number(f"pitzer.neutral.{n} {n}.range")[:2] for n in self._limited()]
        spans = spans or [number("pitzer.debye.range")]
        return max(s[0] for s in spans), min(s[1] for s in spans)

    def highest(self) -> dict[str, float]:
        """Highest molality [mol/kg] of each solute that one of its sets was fitted to."""
        out: dict[str, float] = {}
        for p in (p for p in self.pairs if not p.free):
            for ion, nu in zip((p.cation, p.anion), p.nu, strict=True):
                out[ion] = max(out.get(ion, 0.0), nu * p.limit)
        for name in self._limited():
            out[name] = number(f"pitzer.neutral.{name} {name}.range")[2]
        return out

    def uncertainty(self, molality: Mapping[str, Any]) -> dict[str, Any]:
        """Standard error of ln gamma of every ion that comes from estimated pairs, -."""
        ions = [i for i, q in self.charges.items() if q]
        out: dict[str, Any] = dict.fromkeys(ions, 0.0)
        strength = ionic_strength({i: molality.get(i, 0.0) for i in ions})
        g, _ = self._functions(strength + DELTA, plain)
        for p in (p for p in self.pairs if p.estimated):
            variance = p.spread[0] ** 2 + (g * p.spread[1]) ** 2
            for ion, other in ((p.cation, p.anion), (p.anion, p.cation)):
                out[ion] = out[ion] + variance * (2.0 * molality.get(other, 0.0)) ** 2
        return {i: maths.sqrt(v) for i, v in out.items()}

    def check(self, molality: Mapping[str, Any], T: Any) -> tuple[str, ...]:
        """Hold molalities and temperature to the ranges of the pairs present.

        A pair is present above 0.01 mol/kg of its salt. Without temperature slopes it holds from
        15 to 45 C, with slopes from 0 to 50 C up to the molality they were fitted to. The ionic
        strength may not exceed the highest of the pairs present. Charges that do not balance are
        refused, with the residual and the ion to adjust. Pyomo variables are bounded.

        Returns:
            Warnings, only with `extrapolate`.
        """
        unknown = [i for i in molality if i not in self.charges and i != "H2O"]
        if unknown:
            raise SpeciesError(f"{unknown[0]} is not among the species of this Pitzer model.")
        require_neutral(molality)
        if ranges.is_pyomo(T) or any(ranges.is_pyomo(m) for m in molality.values()):
            self._bound(molality, T)
            return self._judged(self._numbers_outside(molality))
        ranges.within("Pitzer model", T, *number("pitzer.debye.range"))
        trouble = [text for p in self.pairs for text in self._outside(p, molality, T)]
        return self._judged(
            trouble + self._neutral_outside(molality, T) + self._too_strong(molality)
        )

    def _judged(self, trouble: list[str]) -> tuple[str, ...]:
        """Refuse what is outside, or return it as warnings with `extrapolate`."""
        if trouble and not self.extrapolate:
            raise Refusal(
                f"{trouble[0]}\n  Stay within the range, choose 'ideal', or pass extrapolate=True "
                "to have it recorded as an assumption."
            )
        return tuple(trouble)

    def _numbers_outside(self, molality: Mapping[str, Any]) -> list[str]:
        """Trouble of the numbers beside Pyomo variables: at 25 C, where the sets reach furthest."""
        plain = {i: m for i, m in molality.items() if not ranges.is_pyomo(m)}
        trouble = [text for p in self.pairs for text in self._outside(p, plain, T_REFERENCE)]
        trouble += self._neutral_outside(plain, T_REFERENCE)
        if len(plain) == len(molality):
            return trouble + self._too_strong(plain)
        highest = self.highest()
        for ion, m in plain.items():
            most = max((float(v) for v in _flat(m)), default=0.0)
            if most > highest.get(ion, math.inf):
                trouble.append(
                    f"The Pitzer sets of {ion} hold to {highest[ion]:g} mol/kg; it is {most:.6g} mol/kg."
                )
        return trouble

    def _bound(self, molality: Mapping[str, Any], T: Any) -> None:
        low, high = self.temperatures()
        ranges.within("Pitzer model of this stream", T, low, high)
        highest = self.highest()
        for ion, m in molality.items():
            if ion in highest and ranges.is_pyomo(m) and m.is_variable_type():
                top = math.inf if self.extrapolate else highest[ion]
                ranges.within(f"Pitzer set of {ion}", m, 0.0, top, "mol/kg")

    def _outside(self, p: Pair, molality: Mapping[str, Any], T: Any) -> list[str]:
        import numpy as np

        if p.free:
            return []
        mc, ma = (np.asarray(molality.get(i, 0.0), dtype=float) for i in (p.cation, p.anion))
        salt, t = np.broadcast_arrays(np.minimum(mc / p.nu[0], ma / p.nu[1]), np.asarray(T))
        low, high = number("pitzer.debye.narrow")
        narrow = (t >= low) & (t <= high)
        wide = np.zeros_like(narrow)
        if p.wide_limit:
            lowest, highest = number("pitzer.debye.wide")
            wide = (t >= lowest) & (t <= highest)
            low, high = lowest, highest
        words = f"The {'estimate' if p.estimated else 'set'} for {p.cation} with {p.anion} holds"
        bad = (salt > PRESENT) & ~(narrow | wide)
        if bad.any():
            at = float(t[bad].flat[0])
            return [f"{words} from {low:g} to {high:g} K; it was asked at {at:.6g} K."]
        limit = np.where(narrow, p.limit, p.wide_limit)
        bad = salt > np.maximum(limit, PRESENT)
        if bad.any():
            at, top = float(salt[bad].flat[0]), float(limit[bad].flat[0])
            return [f"{words} to {top:g} mol/kg of the salt; it was asked at {at:.6g} mol/kg."]
        return []

    def _limited(self) -> list[str]:
        """Neutral solutes whose interaction with themselves has a range."""
        table = read("pitzer")["neutral"]
        return [n for n, i in self.neutral if n == i and "range" in table[f"{n} {n}"]]

    def _neutral_outside(self, molality: Mapping[str, Any], T: Any) -> list[str]:
        import numpy as np

        for name in self._limited():
            low, high, top = number(f"pitzer.neutral.{name} {name}.range")
            m, t = np.broadcast_arrays(np.asarray(molality.get(name, 0.0), dtype=float), T)
            bad = (m > PRESENT) & ((m > top) | (t < low) | (t > high))
            if bad.any():
                return [
                    f"The set for {name} with itself holds from {low:g} to {high:g} K, to {top:g} "
                    f"mol/kg; it was asked at {float(t[bad].flat[0]):.6g} K and "
                    f"{float(m[bad].flat[0]):.6g} mol/kg."
                ]
        return []

    def _too_strong(self, molality: Mapping[str, Any]) -> list[str]:
        import numpy as np

        strength = np.asarray(ionic_strength(molality), dtype=float)
        most = np.full(strength.shape, 0.0)
        for p in (p for p in self.pairs if not p.free):
            mc, ma = (np.asarray(molality.get(i, 0.0), dtype=float) for i in (p.cation, p.anion))
            there = np.minimum(mc / p.nu[0], ma / p.nu[1]) > PRESENT
            most = np.where(there, np.maximum(most, p.strength()), most)
        bad = strength > np.maximum(most, 1.0)
        if not bad.any():
            return []
        at, top = float(strength[bad].flat[0]), float(np.maximum(most, 1.0)[bad].flat[0])
        return [
            f"The Pitzer sets of this solution hold to an ionic strength of {top:g} mol/kg; it is {at:.6g}."
        ]

    def evaluate(
        self, molality: Mapping[str, Any], T: Any, root: Any = None, wrap: Wrap = plain
    ) -> Activity:
        """As `noxplant.thermo.activity.Model.evaluate`."""
        self.check(molality, T)
        return self.raw(molality, T, root, wrap)

    def raw(
        self, molality: Mapping[str, Any], T: Any, root: Any = None, wrap: Wrap = plain
    ) -> Activity:
        """As `noxplant.thermo.activity.Model.raw`."""
        m = {i: molality.get(i, 0.0) for i in self.charges}
        strength = wrap("sum", "ionic strength", ionic_strength(m))
        s = maths.sqrt(strength + TINY) if root is None else root
        slope = wrap("slope", "A_phi", slope_at(T))
        u = wrap("function", "u", (strength if root is None else s * s) + DELTA)
        g, dg = self._functions(u, wrap)
        terms = _Terms(self, m, T, wrap)
        mixed = self.mixing.terms(m, u, slope, wrap)
        bs = 1.0 + B_CONSTANT * s
        debye = -slope * (s / bs + 2.0 / B_CONSTANT * maths.log(bs))
        square = wrap("ln_gamma", "z2", debye + terms.beta1 * dg + mixed.square)
        gamma = {
            i: wrap("ln_gamma", i, terms.ln_gamma(i, q, square, g) + mixed.own.get(i, 0.0))
            for i, q in self.charges.items()
        }
        inner = terms.beta0 + terms.beta1 * (g + strength * dg) + terms.z * terms.c
        coulomb = -2.0 * slope * strength * s / bs
        excess = wrap("sum", "excess", coulomb + 2.0 * inner + terms.neutral + mixed.excess)
        solutes = wrap("sum", "solutes", sum(m.values()))
        return Activity(gamma, -WATER_MOLAR_MASS * (solutes + excess), solutes, excess)

    @staticmethod
    def _functions(u: Any, wrap: Wrap) -> tuple[Any, Any]:
        """g(x) and dg/dI at x = 2 sqrt(u)."""
        x = wrap("function", "x", 2.0 * maths.sqrt(u))
        e = wrap("function", "exp", maths.exp(-x))
        g = wrap("function", "g", 0.5 * (1.0 - (1.0 + x) * e) / u)
        return g, wrap("function", "dg", (e - g) / u)


def _flat(x: Any) -> list[float]:
    """Numbers of a float or array."""
    import numpy as np

    found: list[float] = np.ravel(np.asarray(x, dtype=float)).tolist()
    return found


class _Terms:
    """Sums over pairs and neutral solutes at one state."""

    def __init__(self, owner: Pitzer, m: Mapping[str, Any], T: Any, wrap: Wrap) -> None:
        self.own0: dict[str, Any] = dict.fromkeys(m, 0.0)
        self.own1: dict[str, Any] = dict.fromkeys(m, 0.0)
        self.own_c: dict[str, Any] = dict.fromkeys(m, 0.0)
        dt = T - T_REFERENCE if any(any(p.slopes) for p in owner.pairs) else 0.0
        for p in owner.pairs:
            values = p.at(dt)
            for value, own in zip(values, (self.own0, self.own1, self.own_c), strict=True):
                if isinstance(value, float) and value == 0.0:
                    continue
                own[p.cation] = own[p.cation] + m[p.anion] * value
                own[p.anion] = own[p.anion] + m[p.cation] * value
        cations = [i for i, q in owner.charges.items() if q > 0]
        self.beta0 = wrap("sum", "beta0", sum(m[c] * self.own0[c] for c in cations))
        self.beta1 = wrap("sum", "beta1", sum(m[c] * self.own1[c] for c in cations))
        self.c = wrap("sum", "c", sum(m[c] * self.own_c[c] for c in cations))
        self.z = wrap("sum", "Z", sum(abs(q) * m[i] for i, q in owner.charges.items() if q))
        self._neutrals(owner, m, T)

    def _neutrals(self, owner: Pitzer, m: Mapping[str, Any], T: Any) -> None:
        self.with_neutral: dict[str, Any] = {}
        self.neutral: Any = 0.0
        for (n, i), (a, b, c) in owner.neutral.items():
            value = a + b / T + c / (T * T) if b or c else a
            self._add(n, 2.0 * value * m[i])
            if i != n:
                self._add(i, 2.0 * value * m[n])
            self.neutral = self.neutral + (1.0 if i == n else 2.0) * value * m[n] * m[i]

    def _add(self, name: str, term: Any) -> None:
        self.with_neutral[name] = self.with_neutral.get(name, 0.0) + term

    def ln_gamma(self, i: str, q: int, square: Any, g: Any) -> Any:
        other = self.with_neutral.get(i, 0.0)
        if not q:
            return other
        own = 2.0 * (self.own0[i] + g * self.own1[i]) + self.z * self.own_c[i]
        return q * q * square + own + abs(q) * self.c + other
