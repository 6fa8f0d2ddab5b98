"""The numbers behind `element_potentials`: Newton on abundant species, and a convex fallback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from noxplant.errors import ModelError, Refusal, SolveError

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Indices: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
STEPS: Final = 150
"""Newton steps with the balances of traces in logarithms; then without, slow but sure, for ions."""
PLAIN: Final = 1000
"""Newton steps without logarithms before the convex search takes over."""
ZERO: Final = 1e-15
"""Surplus of an element, relative to the terms that cancel in it, that counts as none."""
ROUNDING: Final = 1e-11
"""Misfit of the amounts of elements, relative to the largest, that is taken for rounding."""
TRACE: Final = -18.4
"""Logarithm of the fraction below which a species is a trace (1e-8, as in RP-1311)."""
GONE: Final = -5000.0
"""Logarithm of the smallest amount."""


class Problem(NamedTuple):
    """Species, elements, atoms (elements x species), amounts of elements, g/RT + ln(p/p0)."""

    names: Sequence[str]
    elements: Sequence[str]
    atoms: Array
    b: Array
    g: Array


@dataclass
class Found:
    """Logarithms of the amounts per species, potentials per element, steps taken."""

    ln_n: Array
    potentials: Array
    iterations: int


class Rows(NamedTuple):
    """Balances rewritten on basis species: a[j, basis[j]] = 1; a = change @ atoms."""

    a: Array
    b: Array
    basis: Indices
    change: Array


class _Absent(Exception):
    """Species that the balances forbid, found on the way."""

    def __init__(self, species: Indices) -> None:
        super().__init__()
        self.species = species


def solve(problem: Problem) -> Found:
    """Amounts that minimise the Gibbs energy at fixed elements.

    Raises:
        ModelError: an element that no species holds.
        Refusal: element amounts that no mixture of the species has.
        SolveError: no convergence.
    """
    held = _possible(problem)
    found = None
    for _ in range(len(problem.names)):
        if not held.size:
            raise Refusal(_UNREACHABLE)
        a, g = problem.atoms[:, held], problem.g[held]
        try:
            found = _newton(a, problem.b, g)
            if found is None:
                held = _reachable(problem, held)
                found = _nested(problem.atoms[:, held], problem.b, problem.g[held])
        except _Absent as seen:
            held = np.delete(held, seen.species)
            continue
        break
    if found is None:
        raise SolveError(
            f"The equilibrium of {', '.join(problem.names)} did not converge.\n"
            "  Report it with the amounts of the elements: "
            + ", ".join(f"{e} {b:.6g}" for e, b in zip(problem.elements, problem.b, strict=True))
        )
    ln_n = np.full(len(problem.names), -np.inf)
    ln_n[held], potentials, steps = found
    return Found(ln_n, potentials, steps)


def _possible(problem: Problem) -> Indices:
    """Species whose elements are all there; elements without species are refused."""
    atoms, b = problem.atoms, problem.b
    held = np.ones(atoms.shape[1], bool)
    while True:
        before = held.sum()
        for row, amount in zip(atoms, b, strict=True):
            used = row * held
            if amount == 0.0 and ((used >= 0).all() or (used <= 0).all()):
                held &= row == 0.0
        if held.sum() == before:
            break
    for e, row, amount in zip(problem.elements, atoms, b, strict=True):
        if amount != 0.0 and not (row[held] * np.sign(amount) > 0).any():
            raise ModelError(
                f"The feed holds {e}, but no species that can be there does. Species:"
                f" {', '.join(problem.names)}.\n  Add a species with it."
            )
    return np.flatnonzero(held)


def _rows(a: Array, b: Array, order: Indices) -> Rows:
    """Gauss-Jordan elimination with the first independent species in `order` as pivots."""
    m = a.shape[0]
    work = np.hstack([a, np.eye(m)])
    n = a.shape[1]
    basis: list[int] = []
    rows: list[int] = []
    for k in order:
        left = [r for r in range(m) if r not in rows]
        if not left:
            break
        r = max(left, key=lambda i: abs(work[i, k]))
        if abs(work[r, k]) < 1e-9:
            continue
        work[r] /= work[r, k]
        for i in range(m):
            if i != r and work[i, k] != 0.0:
                work[i] -= work[i, k] * work[r]
        basis.append(int(k))
        rows.append(r)
    rest = [r for r in range(m) if r not in rows]
    change = work[:, n:]
    terms = change * b
    new_b = terms.sum(1)
    new_b[np.abs(new_b) <= ZERO * m * np.abs(terms).sum(1)] = 0.0
    rounding = ROUNDING * float(np.abs(b).max())
    if np.any(np.abs(new_b[rest]) > rounding):
        raise Refusal(_UNREACHABLE)
    left_side = work[:, :n]
    left_side[np.abs(left_side) < 1e-12] = 0.0
    _judge(left_side[rows], new_b[rows], rounding)
    return Rows(left_side[rows], new_b[rows], np.array(basis), change[rows])


def _judge(a: Array, b: Array, rounding: float) -> None:
    """Rows of one sign: with nothing to share their species are absent, with less none can be."""
    for row, amount in zip(a, b, strict=True):
        if (row >= 0.0).all() and amount <= 0.0:
            if amount < -rounding:
                raise Refusal(_UNREACHABLE)
            raise _Absent(np.flatnonzero(row))


_UNREACHABLE: Final = (
    "No mixture of these species has the given amounts of elements.\n"
    "  Add species, or give a feed that the species can hold."
)


def _newton(a: Array, b: Array, g: Array) -> tuple[Array, Array, int] | None:
    """Logarithms of n, element potentials and steps; None without convergence."""
    n = a.shape[1]
    ln_n, ln_total = np.full(n, np.log(np.abs(b).sum() / n)), float(np.log(np.abs(b).sum()))
    order = np.argsort(-ln_n, kind="stable")
    rows = _rows(a, b, order)
    for k in range(STEPS + PLAIN):
        rows = _rebase(a, b, rows, ln_n)
        trace = TRACE if k < STEPS else -np.inf
        step, step_total = _direction(rows, g, ln_n, ln_total, trace)
        if step is None:
            return None
        cut = _cut(step, step_total, ln_n, ln_total)
        ln_n = np.clip(ln_n + cut * step, GONE, 50.0)
        ln_total += cut * step_total
        if cut == 1.0 and max(np.abs(step[rows.basis]).max(), abs(step_total)) < 1e-7:
            return _finish(g, ln_n, ln_total, rows, k + 1)
    return None


def _rebase(a: Array, b: Array, rows: Rows, ln_n: Array) -> Rows:
    """Take another basis when a species outside is clearly more abundant than one it could replace."""
    floor = ln_n[rows.basis][:, None] + 0.7
    if np.any((np.abs(rows.a) > 1e-9) & (ln_n[None, :] > floor)):
        return _rows(a, b, np.argsort(-ln_n, kind="stable"))
    return rows


def _shares(rows: Rows, ln_n: Array) -> tuple[Array, Array]:
    """Atoms times amounts of each balance over the amount of its basis species; logarithm of that.

    Divided so, no balance underflows, however rare what it counts.
    """
    scale = ln_n[rows.basis]
    return rows.a * np.exp(np.minimum(ln_n - scale[:, None], 300.0)), scale


def _surplus(rows: Rows, scale: Array) -> Array:
    """Element amounts over the amount of the basis species."""
    some = rows.b != 0.0
    out = np.zeros(len(scale))
    out[some] = rows.b[some] * np.exp(np.minimum(-scale[some], 600.0))
    return out


def _direction(
    rows: Rows, g: Array, ln_n: Array, ln_total: float, trace: float = TRACE
) -> tuple[Any, float]:
    """Newton step of ln n and of ln N; balances of species below `trace` in logarithms."""
    r = len(rows.b)
    mu = g + ln_n - ln_total
    share, scale = _shares(rows, ln_n)
    part = np.exp(ln_n - ln_total)
    matrix = np.zeros((r + 1, r + 1))
    matrix[:r, :r] = share @ rows.a.T
    matrix[:r, r] = share.sum(1)
    matrix[r, :r] = rows.a @ part
    matrix[r, r] = part.sum() - 1.0
    right = np.append(_surplus(rows, scale) + share @ (mu - 1.0), 1.0 + part @ (mu - 1.0))
    for j in np.flatnonzero(scale < ln_total + trace).tolist():
        _logarithmic(matrix, right, j, rows, share[j], scale[j], mu)
    try:
        answer = np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        answer = np.linalg.lstsq(matrix, right, rcond=1e-14)[0]
    if not np.isfinite(answer).all():
        return None, 0.0
    return rows.a.T @ answer[:r] + answer[r] - mu, float(answer[r])


def _logarithmic(
    matrix: Array, right: Array, j: int, rows: Rows, share: Array, scale: float, mu: Array
) -> None:
    """Write balance j, of traces only, as ln(what is too much) = ln(what is too little).

    As a difference it moves ln n by 1 a step when one side is far larger, here at once.
    """
    more, less = np.maximum(share, 0.0), np.maximum(-share, 0.0)
    given = float(_surplus(rows, np.full(len(rows.b), scale))[j])
    over, under = more.sum() + max(-given, 0.0), less.sum() + max(given, 0.0)
    if not (over > 0.0 and under > 0.0):
        return
    slope = more / over - less / under
    r = len(rows.b)
    matrix[j, :r], matrix[j, r] = rows.a @ slope, slope.sum()
    right[j] = np.log(under / over) + slope @ mu


def _cut(step: Array, step_total: float, ln_n: Array, ln_total: float) -> float:
    """Share of a step that RP-1311 takes: e^2 for what is abundant, traces not above 1e-4."""
    main = ln_n > ln_total + TRACE
    largest = max(5.0 * abs(step_total), float(np.abs(step[main]).max(initial=0.0)))
    cut = min(1.0, 2.0 / max(largest, 1e-300))
    room = ln_total - 9.2 - ln_n
    grow = (step > 0) & ~main & (room > 0) & (step - step_total > room)
    if grow.any():
        cut = min(cut, float((room[grow] / np.abs(step[grow] - step_total)).min()))
    return cut


def _finish(
    g: Array, ln_n: Array, ln_total: float, rows: Rows, steps: int
) -> tuple[Array, Array, int] | None:
    """Three full steps more; then all species from the potentials of the basis, and the check."""
    for _ in range(3):
        step, step_total = _direction(rows, g, ln_n, ln_total)
        if step is None:
            return None
        ln_n, ln_total = np.clip(ln_n + step, GONE, 50.0), ln_total + step_total
    held = (g + ln_n - ln_total)[rows.basis]
    ln_n = np.clip(rows.a.T @ held - g + ln_total, GONE, 50.0)
    share, scale = _shares(rows, ln_n)
    off = np.abs(share.sum(1) - _surplus(rows, scale)) / np.abs(share).sum(1)
    if off.max() > 1e-9 or abs(np.exp(ln_n - ln_total).sum() - 1) > 1e-10:
        return None
    return ln_n, rows.change.T @ held, steps


def _reachable(problem: Problem, held: Indices) -> Indices:
    """Species that some mixture with these elements can hold, by linear programming."""
    from scipy.optimize import linprog

    a, b = problem.atoms[:, held], problem.b
    size = float(np.abs(b).max())
    keep = []
    for k in range(len(held)):
        cost = np.zeros(len(held))
        cost[k] = -1.0
        answer = linprog(cost, A_eq=a, b_eq=b / size, bounds=(0, None), method="highs")
        if answer.status == 2:
            raise Refusal(_UNREACHABLE)
        if answer.status == 3 or -answer.fun > 1e-12:
            keep.append(k)
    if not keep:
        raise Refusal(_UNREACHABLE)
    return held[keep]


def _nested(a: Array, b: Array, g: Array) -> tuple[Array, Array, int] | None:
    """For a given N the dual is convex, and its sum of fractions falls with N: one root in ln N.

    The element amounts b are those of one mole of atoms, so N lies between 1e-3 and 10.
    """
    rows = _rows(a, b, np.argsort(g, kind="stable"))
    potentials = g[rows.basis].copy()
    low, high, steps = np.log(1e-3), np.log(10.0), 0
    while True:
        ln_total = float(low + high) / 2
        found = _inner(rows, g, potentials, ln_total)
        if found is None:
            return None
        potentials, count = found
        steps += count
        ln_n = rows.a.T @ potentials - g + ln_total
        if high - low < 1e-9:
            return _finish(g, ln_n, ln_total, _rebase(a, b, rows, ln_n), steps)
        low, high = (ln_total, high) if np.exp(ln_n - ln_total).sum() > 1.0 else (low, ln_total)


def _inner(rows: Rows, g: Array, start: Array, ln_total: float) -> tuple[Array, int] | None:
    """Least of sum exp(a' p - g + ln N) - b' p over the potentials p, by damped Newton."""
    p = start.copy()

    def height(p: Array) -> float:
        return float(np.exp(np.minimum(rows.a.T @ p - g + ln_total, 300.0)).sum() - rows.b @ p)

    for k in range(2000):
        ln_n = np.minimum(rows.a.T @ p - g + ln_total, 300.0)
        share, scale = _shares(rows, ln_n)
        curve = share @ rows.a.T
        curve[np.diag_indices_from(curve)] += 1e-14
        slope = share.sum(1) - _surplus(rows, scale)
        try:
            step = -np.linalg.solve(curve, slope)
        except np.linalg.LinAlgError:
            return None
        largest = float(np.abs(rows.a.T @ step).max())
        if largest < 1e-9:
            return p + step, k + 1
        cut, here = min(1.0, 5.0 / largest), height(p)
        fall = float((rows.a @ np.exp(ln_n) - rows.b) @ step)
        while cut > 1e-12 and height(p + cut * step) > here + 1e-4 * cut * fall + 1e-15 * abs(here):
            cut /= 2
        p = p + cut * step
    return None
