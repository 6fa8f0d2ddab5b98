"""Speciation of many aqueous states at once, as NumPy arrays, with activity coefficients.

The same equations as a stream's (`noxplant.streams.speciation`): fractions of totals as functions
of y = ln m(H+), the proton balance kept on its root by a bracketed Newton iteration over all lanes,
and around it a substitution of the conditional constants, one per weak form:

    lnb_i = ln beta_i(T) + ln g_basis + q_i ln g_H + w_i ln a_w - ln g_i

No lane waits for another: a lane that has converged is taken out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from noxplant.constants import WATER_MOLAR_MASS
from noxplant.errors import Refusal, SolveError
from noxplant.species import Component, component, true_species
from noxplant.thermo import activity, aqueous, ranges
from noxplant.thermo.aqueous import LN10

Array = npt.NDArray[np.float64]
BLOCK: Final = 4096  # lanes worked on together: their arrays stay in the cache
LOW, HIGH = -18.0 * LN10, 3.0 * LN10  # bracket of ln m(H+)
CLOSED: Final = 1e-8
"""Residual that the proton balance of a state may leave, as part of its charge."""


@dataclass(frozen=True)
class Speciation:
    """Aqueous states; every array has the length of the input.

    Attributes:
        p_h: -log10 of the molality of H+.
        kilograms: free water, in the unit of the totals times kg/mol.
        molality: of every true solute, mol/kg.
        activity: activity coefficients, of water, osmotic coefficient.
        warnings: what was extrapolated, if the model allows it.
        sweeps: substitutions that the slowest lane took.
    """

    p_h: Array
    kilograms: Array
    molality: dict[str, Array]
    activity: activity.Activity
    warnings: tuple[str, ...]
    sweeps: int

    @property
    def ph(self) -> Array:
        """-log10 of the activity of H+ (single-ion convention of the model)."""
        out: Array = self.p_h - np.asarray(self.activity.ln_gamma["H+"]) / LN10
        return out


def speciate(
    totals: Mapping[str, Any],
    T: Any,
    model: activity.Model | None = None,
    tolerance: float = 1e-10,
) -> Speciation:
    """True species of aqueous states from their totals.

    Args:
        totals: mol (or mol/s) of each component, e.g. "H2O", "K+", "N(-3)"; floats or arrays of
            one length, finite, at least zero, water positive.
        T: temperature [K], float or array, 273.15..373.15.
        model: from `activity.model`, made for these species. None is what the plants' streams do:
            coefficients one, and no activity of water in the constants.
        tolerance: largest change of a conditional constant (as logarithm) in the last sweep.

    Raises:
        Refusal: a negative or infinite total, no water or none left free, no charge balance
            between p_H -3 and 18 (the state and its residual), or a state outside the range of
            the model.
        SolveError: no convergence in 300 sweeps; the message counts the lanes.
        ModelError: a Pyomo expression; the message says what to write.
    """
    instead = "the constants aqueous.ln_beta(form, T) with the balances of totals and charge"
    ranges.numbers("speciate.speciate", instead, totals, T)
    names = list(totals)
    arrays = np.broadcast_arrays(*(np.asarray(totals[n], dtype=float) for n in names), T)
    shape = arrays[0].shape
    flat = [np.ravel(a).astype(float) for a in arrays]
    _refuse(names, flat[:-1])
    ranges.within("aqueous speciation", flat[-1], 273.15, 373.15)
    chemistry = _Chemistry(names)
    chosen = model or activity.model("ideal", chemistry.solutes)
    size = flat[0].size
    out = _Result(chemistry, size)
    sweeps = 0
    for start in range(0, size, BLOCK):
        lanes = slice(start, min(start + BLOCK, size))
        used = _block(chemistry, [f[lanes] for f in flat], model, tolerance, out, start)
        sweeps = max(sweeps, used)
    _closed(chemistry, out)
    molality = {n: m.reshape(shape) for n, m in zip(chemistry.solutes, out.molality, strict=True)}
    temperature = flat[-1].reshape(shape)
    warnings = chosen.check(molality, temperature)
    final = chosen.raw(molality, temperature)
    kilograms, p_h = out.kilograms.reshape(shape), -out.y.reshape(shape) / LN10
    return Speciation(p_h, kilograms, molality, final, warnings, sweeps)


def _refuse(names: list[str], values: list[Array]) -> None:
    for name, v in zip(names, values, strict=True):
        component(name)
        bad = ~((v >= 0.0) & (v < np.inf)) if name != "H2O" else ~((v > 0.0) & (v < np.inf))
        if bad.any():
            lane, least = int(np.flatnonzero(bad)[0]), float(v[bad][0])
            floor = "finite and " + ("positive" if name == "H2O" else "at least 0")
            raise Refusal(
                f"The total of {name} is {least:.6g} (state {lane}); it must be {floor}.\n"
                "  A total counts all forms of a component: check what the state was made from."
            )
    if "H2O" not in names:
        raise Refusal("An aqueous state needs a total of H2O.")


def _closed(chem: _Chemistry, out: _Result) -> None:
    """Refuse states that do not exist: without free water, or that stay charged."""
    dry = ~(out.kilograms > 0.0)
    if dry.any():
        lane = int(np.flatnonzero(dry)[0])
        raise Refusal(
            f"State {lane} has no free water: {float(out.kilograms[lane]):.6g} kg is left beside its"
            " ions, in the unit of the totals times kg/mol.\n  Give more H2O."
        )
    z = np.array([float(q) for q in activity.charges(chem.solutes).values()])
    residual = z @ out.molality
    gross = np.abs(z) @ out.molality
    bad = ~(np.abs(residual) <= CLOSED * gross)
    if bad.any():
        lane = int(np.flatnonzero(bad)[0])
        p_h = -float(out.y[lane]) / LN10
        raise Refusal(
            f"State {lane} does not exist as an aqueous solution: at p_H {p_h:.4g}, within -3 .. 18,"
            f" its charges sum to {float(residual[lane]):+.6g} mol/kg"
            f" ({100 * abs(float(residual[lane] / gross[lane])):.3g} % of the ionic charge).\n"
            "  It has more strong ions than its water can balance: give more H2O, or the counter-ion."
        )


class _Chemistry:
    """What is fixed by the list of components."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.components: list[Component] = [component(n) for n in names]
        self.solutes = [s for s in true_species(names) if s != "H2O"]
        self.forms = [(c, f) for c in self.components for f in c.forms]
        self.row = {f.name: k for k, (_, f) in enumerate(self.forms)}

    def ln_beta(self, T: Array) -> Array:
        """Constants at infinite dilution, one row per weak form."""
        return np.array([aqueous.ln_beta(f.name, T) for _, f in self.forms])

    def conditional(self, ln_beta: Array, state: activity.Activity) -> Array:
        """Constants on molalities."""
        out = ln_beta.copy()
        g = state.ln_gamma
        for k, (c, f) in enumerate(self.forms):
            out[k] += f.protons * g["H+"] - g[f.name]
            if f.water:
                out[k] += f.water * state.ln_water
            if c.name != "H2O":
                out[k] += g[c.basis]
        return out

    def strong(self, totals: list[Array]) -> Array:
        """Charge of the basis species, mol."""
        terms = [c.charge * n for c, n in zip(self.components, totals, strict=True) if c.charge]
        return np.asarray(sum(terms), dtype=float) + np.zeros_like(totals[0])


class _Result:
    def __init__(self, chemistry: _Chemistry, size: int) -> None:
        self.y = np.zeros(size)
        self.kilograms = np.zeros(size)
        self.molality = np.zeros((len(chemistry.solutes), size))


def _block(
    chem: _Chemistry,
    data: list[Array],
    model: activity.Model | None,
    tolerance: float,
    out: _Result,
    start: int,
) -> int:
    """Work on some lanes together; returns the sweeps taken."""
    totals, T = data[:-1], data[-1]
    lanes = np.arange(T.size)
    base = chem.ln_beta(T)
    lnb, y = base.copy(), np.full(T.size, -7.0 * LN10)
    last = np.full(lnb.shape, np.nan)
    for sweep in range(1, 301):
        y = _protons(chem, totals, lnb, y)
        kg, m = _amounts(chem, totals, lnb, y)
        change = np.zeros_like(lnb)
        if model is not None:
            state = model.raw(dict(zip(chem.solutes, m, strict=True)), T)
            change = chem.conditional(base, state) - lnb
        done = np.abs(change).max(axis=0) < tolerance
        where = start + lanes[done]
        out.y[where], out.kilograms[where] = y[done], kg[done]
        out.molality[:, where] = m[:, done]
        lnb = lnb + _step(change, last, sweep)
        if done.all():
            return sweep
        keep = ~done
        last, lnb, y, base = change[:, keep], lnb[:, keep], y[keep], base[:, keep]
        T, lanes = T[keep], lanes[keep]
        totals = [n[keep] for n in totals]
    raise SolveError(
        f"{lanes.size} aqueous states did not converge (first: state {start + int(lanes[0])}, "
        f"change {float(np.abs(last[:, 0]).max()):.3g}).\n  They may lie outside the range of the "
        "activity model: check molalities, or choose 'ideal'."
    )


def _step(change: Array, last: Array, sweep: int) -> Array:
    """Substitution, damped in lanes whose change turns its sign, limited to 3 in a logarithm."""
    if sweep > 2:
        dot, size = (change * last).sum(axis=0), (last * last).sum(axis=0)
        ratio = np.clip(dot / np.maximum(size, 1e-300), -4.0, 0.6)
        change = change / (1.0 - ratio) if sweep % 2 else change
    limit = np.abs(change).max(axis=0)
    return np.asarray(change * np.minimum(1.0, 3.0 / np.maximum(limit, 1e-300)))


def _amounts(chem: _Chemistry, totals: list[Array], lnb: Array, y: Array) -> tuple[Array, Array]:
    """Free water [kg] and molalities of the solutes, in their order."""
    amounts: dict[str, Array] = {}
    taken: Any = 0.0
    t = {f.name: np.exp(lnb[k] + f.protons * y) for k, (_, f) in enumerate(chem.forms)}
    water = totals[0]
    for c, n in zip(chem.components, totals, strict=True):
        if c.name == "H2O":
            water = n
            continue
        basis = n / (1.0 + sum(t[f.name] for f in c.forms)) if c.forms else n
        amounts[c.basis] = basis
        for f in c.forms:
            amounts[f.name] = basis * t[f.name]
            taken = taken + f.water * amounts[f.name]
    kg = (water - taken) / (1.0 / WATER_MOLAR_MASS + t["OH-"])
    amounts["OH-"], amounts["H+"] = kg * t["OH-"], kg * np.exp(y)
    return kg, np.array([amounts[s] for s in chem.solutes]) / kg


def _protons(chem: _Chemistry, totals: list[Array], lnb: Array, y: Array) -> Array:
    """Root of the proton balance in y, by Newton on the logarithm of a ratio, kept in a bracket."""
    strong = chem.strong(totals)
    y = y.copy()
    low, high = np.full(y.size, LOW), np.full(y.size, HIGH)
    active = np.arange(y.size)
    part = (totals, lnb, strong)
    last = np.full(y.size, HIGH - LOW)  # length of the step before the last
    before = last.copy()
    for _ in range(120):
        here = y[active]
        f, slope = _balance(chem, *part, here)
        low[active] = np.where(f < 0, here, low[active])
        high[active] = np.where(f >= 0, here, high[active])
        new = here - f / slope
        # Steps must halve at least every second time, else the flat middle of a titration sends
        # them to and fro for ever.
        slow = np.abs(new - here) > 0.5 * before[active]
        outside = ~((new > low[active]) & (new < high[active])) | slow
        new = np.where(outside, 0.5 * (low[active] + high[active]), new)
        y[active] = new
        before[active], last[active] = last[active], np.abs(new - here)
        keep = np.abs(new - here) > 1e-12
        if not keep.any():
            return y
        if not keep.all():
            active = active[keep]
            part = ([n[keep] for n in part[0]], part[1][:, keep], part[2][keep])
    return y


def _balance(
    chem: _Chemistry, totals: list[Array], lnb: Array, strong: Array, y: Array
) -> tuple[Array, Array]:
    """Logarithm of proton excess over deficit, and its slope in y; rises with y."""
    h, oh = np.exp(y), np.exp(lnb[chem.row["OH-"]] - y)
    positive, negative = np.maximum(strong, 0.0), np.maximum(-strong, 0.0)
    up, down, taken, water = 0.0 * y, 0.0 * y, 0.0 * y, totals[0]
    more = 0.0 * y  # slope of the water taken
    for c, n in zip(chem.components, totals, strict=True):
        if c.name == "H2O":
            water = n
            continue
        if not c.forms:
            continue
        t = [np.exp(lnb[chem.row[f.name]] + f.protons * y) for f in c.forms]
        share = n / (1.0 + sum(t))
        mean = sum(f.protons * x for f, x in zip(c.forms, t, strict=True)) * share
        for f, x in zip(c.forms, t, strict=True):
            amount, q = x * share, f.protons
            taken = taken + f.water * amount
            change = amount * (q - mean / np.maximum(n, 1e-300))
            more, slope = more + f.water * change, q * change
            if q > 0:
                positive, up = positive + q * amount, up + slope
            else:
                negative, down = negative - q * amount, down - slope
    # Without water left, a trial is on the alkaline side of the root, if there is one.
    room = 1.0 / WATER_MOLAR_MASS + oh
    kg = np.maximum((water - taken) / room, 1e-300)
    gain = np.where(kg > 1e-300, (kg * oh - more) / room, 0.0)
    positive, up = np.maximum(positive + kg * h, 1e-300), up + kg * h + gain * h
    negative, down = np.maximum(negative + kg * oh, 1e-300), down - kg * oh + gain * oh
    f = np.log(positive / negative)
    return f, np.maximum(up / positive - down / negative, 1e-12)
