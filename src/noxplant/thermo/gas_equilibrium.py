"""Chemical equilibrium of a gas mixture: a numeric solver and the same equations as algebra.

Both use element potentials written on basis species: each species is formed from the basis (N2, O2,
...) and ln x_i = sum_j nu_ij ln x_j - dG_i/(R T) + (sum_j nu_ij - 1) ln(p/p0), p0 = 101325 Pa.
The numeric solver is that of Gordon and McBride, NASA RP-1311 (1994); it knows ions and electrons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np

from noxplant import maths
from noxplant.constants import ATMOSPHERE
from noxplant.constants import GAS_CONSTANT as R
from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.species.formulas import charge, elements
from noxplant.thermo import gas, ranges

AIR_5: Final = ("N2", "O2", "NO", "N", "O")
"""Species of dry air without argon at 1500..6000 K."""
AIR_8: Final = (*AIR_5, "NO2", "N2O", "Ar")
"""With the higher oxides and argon."""
AIR_11: Final = (*AIR_5, "N2+", "O2+", "NO+", "N+", "O+", "e-")
"""With ions and electrons; needs the data "nasa9"."""
BASIS: Final = ("N2", "O2", "H2O", "CO2", "Ar", "H2", "CO", "e-")
"""Species of which the others are formed, in order of preference."""
ITERATIONS: Final = 200


def gibbs_rt(name: str, T: Any, data: str = "nasa7") -> Any:
    """Gibbs energy at 101325 Pa over R T of a gas species.

    Args:
        name: species.
        T: temperature [K], 200..6000 ("nasa7") or 200..20000 ("nasa9", ions from 298.15); with
            "nasa9" a float (it chooses the piece), with "nasa7" above 1000 K when it is an
            expression.
        data: "nasa7" (nasa_gas, to 6000 K) or "nasa9" (air with ions, to 20000 K).
    """
    return _of(gas.gibbs, gas.gibbs9, name, T, data) / (R * T)


def enthalpy(name: str, T: Any, data: str = "nasa7") -> Any:
    """Molar enthalpy in J/mol from the elements at 298.15 K; arguments as `gibbs_rt`."""
    return _of(gas.enthalpy, gas.enthalpy9, name, T, data)


def _of(seven: Callable[..., Any], nine: Callable[..., Any], name: str, T: Any, data: str) -> Any:
    plain = isinstance(T, (int, float))
    if data == "nasa9":
        return nine(name, T, 0 if T < 1000.0 else 1 if T < 6000.0 else 2)
    if data != "nasa7":
        raise SpeciesError(f"There are no gas data {data!r}. Data: nasa7, nasa9.")
    return seven(name, T, "cold" if plain and T < 1000.0 else "hot")


@cache
def composition(names: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Atoms of each element in each species; the charge counts as an element called "charge"."""
    out = {}
    for name in names:
        out[name] = elements(name)
        if charge(name):
            out[name] = {**out[name], "charge": float(charge(name))}
    return out


@cache
def basis(names: tuple[str, ...]) -> tuple[str, ...]:
    """Independent species from which all others can be formed.

    Raises:
        SpeciesError: the species hold an element of which none of `BASIS` is among them.
    """
    table = composition(names)
    rows = tuple(dict.fromkeys(e for atoms in table.values() for e in atoms))
    chosen: list[str] = []
    for name in (*(b for b in BASIS if b in table), *names):
        trial = [*chosen, name]
        matrix = [[table[s].get(e, 0.0) for s in trial] for e in rows]
        if name not in chosen and np.linalg.matrix_rank(np.array(matrix)) == len(trial):
            chosen.append(name)
    return tuple(chosen)


@cache
def formation(names: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Moles of each basis species that form one mole of each species; {"NO": {"N2": .5, ...}}."""
    table, base = composition(names), basis(names)
    rows = tuple(dict.fromkeys(e for atoms in table.values() for e in atoms))
    matrix = np.array([[table[b].get(e, 0.0) for b in base] for e in rows])
    out = {}
    for name in names:
        target = np.array([table[name].get(e, 0.0) for e in rows])
        nu = np.linalg.lstsq(matrix, target, rcond=None)[0]
        out[name] = {b: round(float(k), 9) for b, k in zip(base, nu, strict=True) if abs(k) > 1e-9}
    return out


def ln_fraction(
    name: str, names: tuple[str, ...], ln_x: Mapping[str, Any], T: Any, pressure: Any
) -> Any:
    """Natural logarithm of a species' equilibrium mole fraction, from those of the basis.

    Args:
        name: species.
        names: all species of the mixture.
        ln_x: ln of the mole fraction of each of `basis(names)`; floats or Pyomo variables.
        T: temperature [K], above 1000 K when it is an expression.
        pressure: Pa.
    """
    parts = formation(names)[name]
    if parts == {name: 1.0}:
        return ln_x[name]
    change = gibbs_rt(name, T) - sum(k * gibbs_rt(b, T) for b, k in parts.items())
    order = sum(parts.values()) - 1.0
    out = sum(k * ln_x[b] for b, k in parts.items()) - change
    return out + order * maths.log(pressure / ATMOSPHERE) if order else out


def equilibrium(
    feed: Mapping[str, float],
    T: float,
    pressure: float,
    names: Sequence[str] = AIR_5,
    data: str = "nasa7",
) -> dict[str, float]:
    """Equilibrium amounts of a gas at given temperature and pressure.

    Args:
        feed: mol (or mol/s) of any gas species; gives the amounts of the elements.
        T: temperature [K], in the range of the data, see `gibbs_rt`.
        pressure: Pa.
        names: species that the mixture may hold.
        data: "nasa7" or "nasa9", see `gibbs_rt`.

    Returns:
        Amounts of `names` in the unit of the feed.

    Raises:
        ModelError: the feed holds an element that no species of the mixture holds, or an amount that
            is negative or no number; an array, or a Pyomo expression.
        SpeciesError: a species twice among `names`.
        Refusal: a pressure that is not positive, or no convergence (not seen at 300..20000 K).
    """
    names = tuple(names)
    ranges.one("gas_equilibrium.equilibrium", "`ln_fraction` with the balances", T, pressure, feed)
    ranges.sound("pressure of a gas at equilibrium", pressure, "Pa", above=True)
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise SpeciesError(f"A gas has each species once; repeated: {', '.join(twice)}.")
    size = sum(feed.values())
    if not 0 < size < float("inf") or not min(feed.values()) >= 0:
        raise ModelError("Give a feed with positive amounts to bring to equilibrium.")
    held, a, b = _balances(feed, names, size)
    g = np.array([gibbs_rt(n, T, data) for n in held]) + float(np.log(pressure / ATMOSPHERE))
    amounts = _newton(a, b, g, T)
    return {n: 0.0 for n in names} | dict(zip(held, (amounts * size).tolist(), strict=True))


def _balances(
    feed: Mapping[str, float], names: tuple[str, ...], size: float
) -> tuple[list[str], Any, Any]:
    """Species that can be present, their atoms (rows: elements), atoms per mole of feed."""
    atoms = composition((*names, *(k for k in feed if k not in names)))
    total: dict[str, float] = {}
    for name, n in feed.items():
        for e, k in atoms[name].items():
            total[e] = total.get(e, 0.0) + k * n / size
    held = [n for n in names if all(e == "charge" or total.get(e, 0.0) > 0 for e in atoms[n])]
    rows = list(dict.fromkeys(e for n in held for e in atoms[n]))
    lost = [e for e, b in total.items() if abs(b) > 0 and e not in rows]
    if lost:
        raise ModelError(
            f"The feed holds {', '.join(lost)}, but none of the species"
            f" {', '.join(names)} does.\n  Add a species with it."
        )
    a = np.array([[atoms[n].get(e, 0.0) for n in held] for e in rows])
    return held, a, np.array([total.get(e, 0.0) for e in rows])


def _newton(a: Any, b: Any, g: Any, T: float) -> Any:
    """Moles that minimise the Gibbs energy at fixed elements, for one mole of feed (RP-1311)."""
    m, n = a.shape
    ln_n, ln_total, quiet = np.full(n, np.log(1.0 / n)), 0.0, 0
    for _ in range(ITERATIONS):
        x = np.exp(ln_n)
        mu = g + ln_n - ln_total
        matrix = np.zeros((m + 1, m + 1))
        matrix[:m, :m] = (a * x) @ a.T
        matrix[:m, m] = matrix[m, :m] = a @ x
        matrix[m, m] = x.sum() - np.exp(ln_total)
        right = np.append(b - a @ x + a @ (x * mu), np.exp(ln_total) - x.sum() + x @ mu)
        weight = 1.0 / np.sqrt(np.append(np.maximum((a * a) @ x, 1e-200), 1.0))  # traces of charge
        scaled = matrix * weight * weight[:, None]
        answer = weight * np.linalg.lstsq(scaled, weight * right, rcond=1e-30)[0]
        step, step_total = a.T @ answer[:m] + answer[m] - mu, float(answer[m])
        largest = max(5.0 * abs(step_total), float(np.abs(step[ln_n > ln_total - 18.4]).max()))
        cut = min(1.0, 2.0 / max(largest, 1e-300))
        for gain, room in zip(step, ln_total - 9.2 - ln_n, strict=True):
            if gain > 0 and room > 0 and gain - step_total > room:
                cut = min(cut, abs(room / (gain - step_total)))
        ln_n, ln_total = ln_n + cut * step, ln_total + cut * step_total
        ln_n = np.maximum(ln_n, -400.0)
        main = ln_n > -80.0
        left = float(np.abs(step[main]).max())
        quiet = quiet + 1 if cut == 1.0 and left < 1e-6 else 0
        if quiet and (left < 1e-13 * (1 + np.abs(mu[main]).max()) or quiet > 6):
            return np.exp(ln_n)
    raise Refusal(f"The gas equilibrium at {T:g} K did not converge in {ITERATIONS} iterations.")
