"""NRTL activity coefficients of organic liquids, water and hydrazine.

tau_ij = a_ij + b_ij/T, G_ij = exp(-alpha_ij tau_ij) (Renon and Prausnitz 1968). Parameters with
sources: `species/data/vle.toml`; hydrazine-water as in `noxplant.thermo.hydrazine`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from noxplant import maths
from noxplant.constants import GAS_CONSTANT
from noxplant.errors import ModelError, Refusal, SpeciesError, nearest
from noxplant.species.numbers import number, read
from noxplant.thermo import liquids, ranges

NO_HEAT: Final = (("methanol", "H2O"), ("H2O", "acetone"), ("H2O", "butanone"))
"""Pairs whose heat of mixing has the wrong sign at some composition (modified UNIFAC; methanol-water
measured -0.8 kJ/mol at 25 C, recalled)."""


@cache
def known() -> dict[tuple[str, str], str]:
    """Pairs with parameters, as (first, second) -> key."""
    pairs = read("vle")["nrtl"]
    return {(a, b): f"{a} {b}" for key in pairs for a, b in [key.split(" ")]}


@cache
def _parameters(key: str) -> tuple[float, ...]:
    if key == "N2H4 H2O":
        b12, b21, alpha = number("aqueous.henry.N2H4.nrtl")
        return (0.0, 0.0, b12, b21, alpha)
    found: tuple[float, ...] = number(f"vle.nrtl.{key}.parameters")
    return found


def part(x: Mapping[str, Any], name: str) -> Any:
    """Entry of a mapping or indexed Pyomo variable, zero where there is none."""
    return x[name] if name in x else 0.0  # noqa: SIM401 (an indexed variable has no get)


class Nrtl:
    """NRTL model of a liquid of given components.

    Attributes:
        names: components, in order.
        assumptions: sentences for the report: pairs taken as ideal, or known to part.
        span: range of temperature [K] of all pairs together.
    """

    def __init__(self, names: Sequence[str], *, missing: str = "refuse") -> None:
        """Take components with vapour pressure.

        Args:
            names: "acetonitrile", "methanol", "H2O", "N2H4", "acetone", "butanone", ...
            missing: what to do about a pair without parameters: "refuse" names it, "ideal" takes
                tau = 0 and says so in `assumptions`.

        Raises:
            SpeciesError: an unknown component, or a pair without parameters.
        """
        if missing not in ("refuse", "ideal"):
            raise ModelError(f"missing must be 'refuse' or 'ideal', not {missing!r}.")
        self.names = tuple(names)
        twice = sorted({n for n in self.names if self.names.count(n) > 1})
        if twice:
            raise SpeciesError(f"A liquid has each component once; repeated: {', '.join(twice)}.")
        self._pairs: dict[tuple[str, str], tuple[float, float, float]] = {}
        lacking = []
        spans = [liquids.span(name, "vapour_pressure") for name in self.names]
        for k, a in enumerate(self.names):
            for b in self.names[k + 1 :]:
                key = known().get((a, b)) or known().get((b, a))
                if key is None:
                    lacking.append(f"{a} with {b}")
                    continue
                a12, a21, b12, b21, alpha = _parameters(key)
                first, second = key.split(" ")
                self._pairs[first, second] = (a12, b12, alpha)
                self._pairs[second, first] = (a21, b21, alpha)
                spans.append(number(f"vle.nrtl.{key}.range"))
        if lacking and missing == "refuse":
            there = "; ".join(" with ".join(p) for p in known())
            raise SpeciesError(
                f"The NRTL parameters tau12, tau21, alpha are missing for {'; '.join(lacking)}."
                f"\n  There are parameters for: {there}. Pass missing='ideal' to take these"
                " pairs as ideal, as an assumption."
            )
        words = f"Taken as ideal for want of NRTL parameters: {'; '.join(lacking)}."
        self.assumptions: tuple[str, ...] = ((words,) if lacking else ()) + self._notes()
        self.span = (max(s[0] for s in spans), min(s[1] for s in spans))

    def _notes(self) -> tuple[str, ...]:
        """What the data say about a pair, e.g. that it parts into two liquids."""
        table = read("vle")["nrtl"]
        out = []
        for a, b in self._pairs:
            note = table.get(f"{a} {b}", {}).get("parameters", {}).get("note")
            if note:
                out.append(f"{a} with {b}: {note}.")
        return tuple(out)

    def check(self, x: Mapping[str, Any], T: Any) -> None:
        """Refuse unknown components and temperatures outside the range; bound a Pyomo variable."""
        for name in x:
            if name not in self.names:
                raise SpeciesError(f"{name!r} is not in this liquid.{nearest(name, self.names)}")
        ranges.within(f"NRTL model of {', '.join(self.names)}", T, *self.span)

    def amounts(self, x: Mapping[str, Any]) -> None:
        """Refuse numbers that no liquid has: negative, not a number, or all zero."""
        if ranges.is_pyomo(x):
            return
        for name, n in x.items():
            ranges.sound(f"amount of {name}", n, "mol")
        if not any(ranges.is_pyomo(n) for n in x.values()):
            import numpy as np

            total = sum((np.asarray(n, dtype=float) for n in x.values()), np.zeros(()))
            if not (total > 0.0).all():
                raise Refusal(
                    f"The amounts in a liquid of {', '.join(self.names)} must not all be zero.\n"
                    "  Give a positive amount of one of them."
                )

    def _heats(self) -> None:
        """Refuse heats of pairs for which the slope of the parameters has the wrong sign."""
        wrong = [pair for pair in self._pairs if pair in NO_HEAT]
        if wrong:
            raise Refusal(
                f"There is no heat of mixing of {' with '.join(wrong[0])}: its NRTL parameters were"
                " fitted to vapour-liquid equilibria, and their slope with temperature has the wrong"
                " sign for the heat.\n  Take measured heats, or zero as an assumption."
            )

    def _whole(self, x: Mapping[str, Any]) -> None:
        """Refuse numbers that are no mole fractions: what is per mole needs their sum."""
        if ranges.is_pyomo(x) or any(ranges.is_pyomo(n) for n in x.values()):
            return
        import numpy as np

        total = np.asarray(sum((np.asarray(n, dtype=float) for n in x.values()), np.zeros(())))
        if total.size:
            ranges.fractions(0.0, float(total.min()), float(total.max()))

    def _tau(self, i: str, j: str, T: Any) -> Any:
        a, b, _ = self._pairs.get((i, j), (0.0, 0.0, 0.0))
        return a + b / T if b else a

    def _terms(self, x: Mapping[str, Any], T: Any) -> tuple[Any, Any, Any, Any]:
        """tau, G, sum_k x_k G_ki and sum_j x_j tau_ji G_ji by component i."""
        tau = {(i, j): self._tau(i, j, T) for i, j in self._pairs}
        g = {ij: maths.exp(-self._pairs[ij][2] * t) for ij, t in tau.items()}
        whole, some = {}, {}
        for i in self.names:
            s: Any = 0.0
            c: Any = 0.0
            for j in self.names:
                n = part(x, j)
                s = s + n * g.get((j, i), 1.0)
                if (j, i) in g:
                    c = c + n * tau[j, i] * g[j, i]
            whole[i], some[i] = s, c
        return tau, g, whole, some

    def ln_gamma(self, x: Mapping[str, Any], T: Any) -> dict[str, Any]:
        """Natural logarithms of the activity coefficients.

        Args:
            x: mole fractions (or amounts: only ratios count), not all zero; a missing one is zero.
            T: temperature [K] within `span`; float, array or expression.

        Error: azeotropes of hydrazine-water (fitted) 0.1 K, acetonitrile-water 0.1 to 0.5 K and 0.6 wt%,
        acetonitrile-methanol 0.2 K and 4 wt%; infinite dilution 40 % (hydrazine), 20 % (others).
        """
        self.check(x, T)
        self.amounts(x)
        return self.raw(x, T)

    def raw(self, x: Mapping[str, Any], T: Any) -> dict[str, Any]:
        """As `ln_gamma` without any check; for the inside of iterations."""
        tau, g, whole, some = self._terms(x, T)
        share = {j: part(x, j) / whole[j] for j in self.names}
        ratio = {j: some[j] / whole[j] for j in self.names}
        out = {}
        for i in self.names:
            value = ratio[i]
            for j in self.names:
                value = value + share[j] * g.get((i, j), 1.0) * (tau.get((i, j), 0.0) - ratio[j])
            out[i] = value
        return out

    def excess_enthalpy(self, x: Mapping[str, Any], T: Any) -> Any:
        """Excess enthalpy in J per mole of liquid; arguments as `ln_gamma`, but x summing to one.

        From the temperature slope of parameters fitted to vapour-liquid equilibria, which say little
        about heats. Hydrazine in much water -13.9 kJ/mol, where the formation data have -16.3;
        acetonitrile with water or methanol and methanol with acetone are 20 to 70 % below modified UNIFAC
        (Dortmund) at 303 K.

        Raises:
            Refusal: mole fractions (numbers) that do not add up to one, or a pair of `NO_HEAT`.
        """
        self._heats()
        self.check(x, T)
        self.amounts(x)
        self._whole(x)
        tau, g, whole, some = self._terms(x, T)
        total: Any = 0.0
        for i in self.names:
            slow: Any = 0.0
            rest: Any = 0.0
            for j in self.names:
                if (j, i) in g:
                    _, b, alpha = self._pairs[j, i]
                    steep = -b / T**2
                    n = part(x, j) * g[j, i] * steep
                    slow = slow - alpha * n
                    rest = rest + n * (1 - alpha * tau[j, i])
            change = (rest - some[i] / whole[i] * slow) / whole[i]
            total = total + part(x, i) * change
        return -GAS_CONSTANT * T**2 * total
