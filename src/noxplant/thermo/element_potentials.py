"""Gas equilibrium by element potentials, for any set of species and elements.

For each species g_i/(R T) + ln(p/p0) + ln n_i - ln N = sum_e a_ei lambda_e; for each element
sum_i a_ei n_i = b_e; N = sum_i n_i. Unknowns ln n_i, ln N and the potentials lambda_e (over R T).

`equilibrate` solves them for numbers, from nothing: Newton steps of Gordon and McBride (NASA
RP-1311, 1994) on balances that are rewritten, at each step, on the most abundant independent
species, so that a surplus of 1e-40 of an element is as well seen as the feed itself; where they
fail, a nested convex search that cannot. `equations` writes the same system for Pyomo.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from noxplant import maths
from noxplant.errors import ModelError, Refusal, nearest
from noxplant.thermo.element_search import Problem, solve
from noxplant.thermo.ideal_gas import IdealGas
from noxplant.thermo.ranges import one, within


@dataclass(frozen=True)
class Equilibrium:
    """A gas at equilibrium.

    Attributes:
        temperature: K.
        pressure: Pa.
        amounts: mol (or mol/s, as the feed) of each species.
        logarithms: ln of the amounts, finite also below 1e-308; minus infinity for a species that
            the amounts of the elements forbid.
        potentials: potentials over R T, dimensionless, of the elements of `independent`.
        iterations: Newton steps taken.
    """

    temperature: float
    pressure: float
    amounts: dict[str, float]
    logarithms: dict[str, float]
    potentials: dict[str, float]
    iterations: int

    @property
    def total(self) -> float:
        """Amount of the mixture, in the unit of the feed."""
        return sum(self.amounts.values())

    @property
    def fractions(self) -> dict[str, float]:
        """Mole fractions."""
        total = self.total
        return {name: n / total for name, n in self.amounts.items()}


def totals(gas: IdealGas, feed: Mapping[str, float]) -> dict[str, float]:
    """Amounts of the elements ("E": electrons) in a feed of the gas's species.

    Raises:
        ModelError: an unknown species or a negative amount.
    """
    for name, n in feed.items():
        if not (n >= 0 and np.isfinite(n)):
            raise ModelError(f"The feed holds {n:g} mol of {name}; amounts are not negative.")
        _ = gas[name]
    amounts = np.array([float(feed.get(n, 0.0)) for n in gas.names])
    if not amounts.sum() > 0:
        raise ModelError("The feed is empty. Give an amount to bring to equilibrium.")
    return dict(zip(gas.elements, (gas.atoms @ amounts).tolist(), strict=True))


def equilibrate(
    gas: IdealGas,
    T: float,
    pressure: float,
    feed: Mapping[str, float] | None = None,
    *,
    elements: Mapping[str, float] | None = None,
) -> Equilibrium:
    """Equilibrium of an ideal gas at a temperature and a pressure, without a start value.

    Args:
        gas: the species that may be there.
        T: temperature [K], within `gas.limits`.
        pressure: Pa.
        feed: mol (or mol/s) of species of the gas; or
        elements: mol of atoms of each element, {"N": 1.58, "O": 0.42}; "E" is the electron.

    Error: 1e-9 relative for every fraction above 1e-10 against the plasma note (80 states) and
    in the condition of equilibrium; an element's surplus below 1e-15 of the feed counts as zero.
    Source: the species' data.

    Raises:
        Refusal: temperature out of range, a pressure that is not positive, or element amounts
            that no mixture of the species has.
        ModelError: unknown species, an element without species, negative amounts, an array, or a
            Pyomo expression (write `equations`).
        SolveError: no convergence.
    """
    instead = "the equations of element_potentials.equations, started by `start`"
    one("element_potentials.equilibrate", instead, T, pressure, feed or {}, elements or {})
    within(f"equilibrium of {', '.join(gas.names)}", float(T), *gas.limits)
    if not (pressure > 0 and np.isfinite(pressure)):
        raise Refusal(f"The equilibrium needs a positive pressure, not {pressure:g} Pa.")
    if (feed is None) == (elements is None):
        raise ModelError("Give either a feed of species or amounts of elements.")
    b = _checked(gas, elements) if elements is not None else totals(gas, feed or {})
    size = sum(abs(v) for v in b.values())
    ln_p = float(np.log(pressure / gas.pressure))
    g = np.array([gas[n].gibbs_rt(float(T)) for n in gas.names]) + ln_p
    vector = np.array([b[e] for e in gas.elements])
    found = solve(Problem(gas.names, gas.elements, gas.atoms, vector / size, g))
    ln_n = found.ln_n + np.log(size)
    logarithms = dict(zip(gas.names, ln_n.tolist(), strict=True))
    amounts = dict(zip(gas.names, np.exp(ln_n).tolist(), strict=True))
    chosen = independent(gas)
    rows = gas.atoms[[gas.elements.index(e) for e in chosen]]
    values = np.linalg.lstsq(rows.T, gas.atoms.T @ found.potentials, rcond=None)[0]
    potentials = dict(zip(chosen, values.tolist(), strict=True))
    return Equilibrium(float(T), float(pressure), amounts, logarithms, potentials, found.iterations)


def independent(gas: IdealGas) -> tuple[str, ...]:
    """Elements whose balances say all: NO2 and N2O4 alone need one of N and O."""
    chosen: list[int] = []
    for k in range(len(gas.elements)):
        if np.linalg.matrix_rank(gas.atoms[[*chosen, k]]) == len(chosen) + 1:
            chosen.append(k)
    return tuple(gas.elements[k] for k in chosen)


def _checked(gas: IdealGas, elements: Mapping[str, float]) -> dict[str, float]:
    for e, b in elements.items():
        if e not in gas.elements:
            if b:
                raise ModelError(
                    f"The feed holds {e}, but none of the species {', '.join(gas.names)} does."
                    f"{nearest(e, gas.elements)}\n  Add a species with it."
                )
            continue
        if not np.isfinite(b) or (b < 0 and e != "E"):
            raise ModelError(f"The feed holds {b:g} mol of {e}; amounts are not negative.")
    found = {e: float(elements.get(e, 0.0)) for e in gas.elements}
    if not any(b > 0 for e, b in found.items() if e != "E"):
        raise ModelError("The feed is empty. Give an amount to bring to equilibrium.")
    return found


def equations(
    gas: IdealGas,
    T: Any,
    pressure: Any,
    ln_n: Mapping[str, Any],
    ln_total: Any,
    potentials: Mapping[str, Any],
    b: Mapping[str, Any],
) -> Iterator[tuple[str, Any]]:
    """The equations of the equilibrium for Pyomo: (name, lhs == rhs), smooth and sparse.

    Args:
        gas: the species; each can be present (no element with an amount of zero).
        T: temperature [K], a variable (it is bounded to the polynomials' piece) or a float.
        pressure: Pa.
        ln_n: logarithm of each species' amount.
        ln_total: logarithm of the total amount.
        potentials: potentials over R T of the elements of `independent`.
        b: amount of each element.

    `start` gives values for all unknowns. Range, error and source as `equilibrate`.
    """
    ln_p = maths.log(pressure / gas.pressure)
    for k, name in enumerate(gas.names):
        s = gas[name]
        here = sum(
            a * potentials[e]
            for e, a in zip(gas.elements, gas.atoms[:, k].tolist(), strict=True)
            if a and e in potentials
        )
        yield f"potential[{name}]", s.gibbs_rt(T) + ln_p + ln_n[name] - ln_total == here
    amount = {name: maths.exp(ln_n[name]) for name in gas.names}
    for e in gas.elements:
        if e in potentials:
            row = gas.atoms[gas.elements.index(e)].tolist()
            held = sum(a * amount[n] for n, a in zip(gas.names, row, strict=True) if a)
            yield f"element[{e}]", held == b[e]
    yield "total", maths.exp(ln_total) == sum(amount.values())


def start(found: Equilibrium) -> tuple[dict[str, float], float, dict[str, float]]:
    """Logarithms of n of each species and of N, potentials of an equilibrium, to start `equations` from."""
    return dict(found.logarithms), float(np.log(found.total)), dict(found.potentials)
