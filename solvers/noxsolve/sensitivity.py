"""Derivatives of what a solved model gives with respect to its inputs, by the implicit function theorem.

With equations g(x, p) = 0 solved at x, dx/dp = -J^-1 dg/dp. One sparse factorisation of J serves every
call at that point: forward for all unknowns and few inputs, adjoint for few outputs and all inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import casadi as ca
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import scipy.sparse.linalg as sla
from pyomo.core.base.var import VarData

from noxsolve.compiled import CompiledModel, bind
from noxsolve.diagnosis import smooth, suspects
from noxsolve.errors import ModelError
from noxsolve.judge import row_scales
from noxsolve.nominals import actual
from noxsolve.square import SquareSolver
from noxsolve.status import Status
from noxsolve.walker import Walker

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

FLAT = 1e-14
"""Smallest pivot of the scaled equations, over the largest, of a point that is not singular."""
BESIDE = 1e-8
"""Distance, in nominals, of the points beside a solution at which its slopes are compared."""
JUMPS = 1e-3
"""Difference of scaled slopes there that is a jump."""

_KEPT: WeakKeyDictionary[SquareSolver, Linearisation] = WeakKeyDictionary()
_FUNCTIONS: WeakKeyDictionary[CompiledModel, _ByInputs] = WeakKeyDictionary()
_ORDERS: WeakKeyDictionary[SquareSolver, _Order] = WeakKeyDictionary()


class _Order:
    """Order of the unknowns in which the factors stay sparse; found once, it holds at every point.

    Attributes:
        columns: unknowns in that order, shape (n,).
        pick: nonzeros of the Jacobian in that order.
        row, start: their rows, and where each column begins.
    """

    def __init__(self, c: CompiledModel, columns: Indices) -> None:
        self.columns = columns
        size = np.diff(c.column_start)[columns]
        self.start = np.concatenate([[0], np.cumsum(size)])
        first = c.column_start[:-1][columns]
        self.pick = np.repeat(first - self.start[:-1], size) + np.arange(self.start[-1])
        self.row = c.row[self.pick]

    def factorise(self, data: Vector) -> Any:
        """Factors of the Jacobian with the given nonzeros, columns in this order."""
        n = len(self.columns)
        matrix = sp.csc_matrix((data[self.pick], self.row, self.start), shape=(n, n))
        return sla.splu(matrix, permc_spec="NATURAL", panel_size=1, relax=1)


def _factorised(solver: SquareSolver, data: Vector) -> tuple[Indices, Any]:
    """Order of the unknowns and factors of a Jacobian with the given nonzeros."""
    known = _ORDERS.get(solver)
    if known is None:
        c = solver.compiled
        factors = sla.splu(sp.csc_matrix((data, c.row, c.column_start), shape=c.shape))
        known = _ORDERS[solver] = _Order(c, np.argsort(factors.perm_c))
    return known.columns, known.factorise(data)


class Linearisation:
    """The equations of a solved model, factorised at its present point.

    Args:
        solver: a square solver whose present point is solved.

    Attributes:
        x, p: the point, shapes (n,) and (q,).

    Raises ModelError when the point is not solved, the equations are singular there, or a slope jumps.
    """

    def __init__(self, solver: SquareSolver) -> None:
        found = solver.check()
        if not found.solved:
            message = f"sensitivities need a solved point: {found.message}"
            raise ModelError(message, found.status)
        c = self.compiled = solver.compiled
        self.x, self.p = c.x.copy(), c.p.copy()
        self._weigh(solver)
        data = c.jacobian * self._weight[c.row] * self.nominal[c.column]
        try:
            self._order, self._factors = _factorised(solver, data)
        except RuntimeError as error:
            raise _singular(c) from error
        pivots = np.abs(self._factors.U.diagonal())
        if not pivots.min() > FLAT * pivots.max():
            raise _singular(c)
        self._inputs: sp.csc_matrix | None = None
        self._refuse_kinks()

    def _weigh(self, solver: SquareSolver) -> None:
        """Sizes of unknowns and equations: as given, or from the derivatives at this point."""
        c = self.compiled
        self.nominal, self._weight = solver.nominal, np.empty(len(c.x))
        self._weight[solver.whole.rows] = 1.0 / solver.newton.row_scale(solver.whole)
        if not solver.automatic:
            return
        size = actual(c.x, solver.own)
        scale = row_scales(c, size)
        self._weight = 1.0 / np.where(scale > 0, scale, 1.0)
        largest = np.zeros(len(c.x))
        np.maximum.at(largest, c.column, np.abs(c.jacobian) * self._weight[c.row] * size[c.column])
        self.nominal = size / np.where(largest > 0, largest, 1.0)

    def _refuse_kinks(self) -> None:
        """Raise ModelError where a slope jumps at this point, as that of abs at zero does."""
        c = self.compiled
        if smooth(c):
            return
        rng = np.random.default_rng(0)
        x = BESIDE * self.nominal * rng.choice([-1.0, 1.0], len(c.x))
        p = BESIDE * np.where(self.p == 0, 1.0, np.abs(self.p)) * rng.choice([-1.0, 1.0], len(c.p))
        width = np.where(self.p == 0, 1.0, np.abs(self.p))
        found = []
        for sign in (1.0, -1.0):
            _, by_x = c.function(self.x + sign * x, self.p + sign * p)
            by_p = _by_inputs(c).at(self.x + sign * x, self.p + sign * p, self._weight)
            rows = sp.diags(self._weight) @ by_x.sparse() @ sp.diags(self.nominal)
            found.append(sp.hstack([rows, by_p @ sp.diags(width)]).tocsr())
        apart = np.asarray(abs(found[0] - found[1]).max(axis=1).todense(), dtype=float).ravel()
        jumping = [k for k in np.flatnonzero(~(apart < JUMPS)).tolist() if not smooth(c, k)]
        if jumping:
            names = ", ".join(c.equations[k].name for k in jumping[:4])
            text = f"derivatives are one-sided at this point, where a slope jumps in {names}"
            raise ModelError(text, Status.DISCONTINUOUS)

    def at(self, c: CompiledModel) -> bool:
        """Whether the model still stands at the point of this factorisation."""
        return np.array_equal(self.x, c.x) and np.array_equal(self.p, c.p)

    @property
    def input_jacobian(self) -> sp.csc_matrix:
        """Derivatives d residual / d input, rows divided by their scales, shape (n, q)."""
        if self._inputs is None:
            self._inputs = _by_inputs(self.compiled).at(self.x, self.p, self._weight)
        return self._inputs

    def forward(self, inputs: Sequence[VarData]) -> Vector:
        """Derivatives dx/dp of all unknowns with respect to some inputs, shape (n, inputs)."""
        columns = [_input(self.compiled, v) for v in inputs]
        right = self.input_jacobian[:, columns].toarray(order="F")
        found: Vector = np.empty(right.shape)
        found[self._order] = self._factors.solve(right)
        found *= -self.nominal[:, None]
        return found

    def adjoint(self, weights: Vector) -> Vector:
        """weights.T @ dx/dp for all inputs, shape (outputs, q); `weights` has shape (n, outputs)."""
        scaled = self.nominal[:, None] * weights
        found = self._factors.solve(scaled[self._order], trans="T")
        result: Vector = -(self.input_jacobian.T @ found).T
        return result


class _ByInputs:
    """Derivatives of the equations of a model by its inputs, evaluated into one buffer."""

    def __init__(self, c: CompiledModel) -> None:
        jacobian = ca.jacobian(c.sx_equations, c.sx_p)
        self.shape = c.shape[0], len(c.p)
        self.row = np.array(jacobian.sparsity().row(), dtype=np.int64)
        self.start = np.array(jacobian.sparsity().colind(), dtype=np.int64)
        self._x, self._p = np.zeros(len(c.x)), np.zeros(len(c.p))
        self._values = np.zeros(len(self.row))
        function = ca.Function("inputs", [c.sx_x, c.sx_p], [jacobian])
        self._call = bind(function, [self._x, self._p], [self._values])

    def at(self, x: Vector, p: Vector, weight: Vector) -> sp.csc_matrix:
        """The derivatives at a point, each row times its weight."""
        self._x[:], self._p[:] = x, p
        self._call()
        data = self._values * weight[self.row]
        return sp.csc_matrix((data, self.row, self.start), shape=self.shape)


def _by_inputs(c: CompiledModel) -> _ByInputs:
    if c not in _FUNCTIONS:
        _FUNCTIONS[c] = _ByInputs(c)
    return _FUNCTIONS[c]


def linearise(solver: SquareSolver) -> Linearisation:
    """The factorised equations at the present point; kept until the point or an input moves."""
    known = _KEPT.get(solver)
    if known is None or not known.at(solver.compiled):
        known = _KEPT[solver] = Linearisation(solver)
    return known


def sensitivities(
    solver: SquareSolver,
    outputs: Sequence[Any],
    inputs: Sequence[VarData],
    *,
    scaled: bool = False,
    mode: str = "auto",
) -> Vector:
    """Derivatives d output / d input at the present solved point, shape (outputs, inputs).

    Args:
        solver: a solver at a solved point.
        outputs: unknowns, inputs, or Pyomo expressions of both.
        inputs: fixed variables of the model.
        scaled: relative derivatives d ln(output) / d ln(input), 0 where the input is 0 and NaN
            where only the output is; else in the model's own units.
        mode: "forward" (cost grows with inputs), "adjoint" (with outputs), "auto" (the cheaper).

    Raises ModelError when the point is not solved, an output is neither unknown nor input, an
    input is none of the model, or the equations are singular here.
    """
    if mode not in ("auto", "forward", "adjoint"):
        raise ModelError(f"mode {mode!r} is not one of auto, forward, adjoint")
    base, c = linearise(solver), solver.compiled
    columns = [_input(c, v) for v in inputs]
    values, by_x, by_p = _partials(c, outputs)
    result: Vector = np.asarray(by_p[:, columns].todense(), dtype=float)
    if len(outputs) and columns:
        adjoint = mode == "adjoint" or (mode == "auto" and len(outputs) < len(columns))
        if adjoint:
            result = result + base.adjoint(by_x.T.toarray())[:, columns]
        else:
            result = result + np.asarray(by_x @ base.forward(inputs))
    if not scaled:
        return result
    p = c.p[columns]
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = result * p / values[:, None]
    return np.where(result * p == 0.0, 0.0, np.where(values[:, None] == 0.0, np.nan, relative))


def _partials(
    c: CompiledModel, outputs: Sequence[Any]
) -> tuple[Vector, sp.csr_matrix, sp.csr_matrix]:
    """Values of outputs, and their partial derivatives by unknowns and by inputs."""
    values = np.zeros(len(outputs))
    entries: tuple[list[tuple[int, int, float]], list[tuple[int, int, float]]] = ([], [])
    for row, output in enumerate(outputs):
        values[row], terms = _gradient(c, output)
        for v, slope in terms:
            k, j = c.index(v), c.input_index(v)
            if k is not None:
                entries[0].append((row, k, slope))
            elif j is not None:
                entries[1].append((row, j, slope))
            elif not v.fixed or v is output:
                raise ModelError(f"{v.name!r} is neither unknown nor input of the model")
    x, p = (
        _matrix(found, (len(outputs), width))
        for found, width in zip(entries, (len(c.x), len(c.p)), strict=True)
    )
    return values, x, p


def _matrix(entries: list[tuple[int, int, float]], shape: tuple[int, int]) -> sp.csr_matrix:
    row, column, value = zip(*entries, strict=True) if entries else ((), (), ())
    return sp.csr_matrix((np.array(value, dtype=float), (row, column)), shape=shape)


def _gradient(c: CompiledModel, output: Any) -> tuple[float, list[tuple[VarData, float]]]:
    """Value of an output at the point of the model, and its partial derivatives by variable."""
    if isinstance(output, VarData) or getattr(output, "is_variable_type", lambda: False)():
        return _value(c, output), [(output, 1.0)]
    if isinstance(output, str):
        raise ModelError(f"{output!r} is a text; give the variable or an expression of variables")
    walker = Walker()
    symbol = ca.SX(walker.translate(output, "output"))
    if not walker.variables:
        return float(symbol), []
    z = ca.vertcat(*walker.symbols)
    f = ca.Function("output", [z], [symbol, ca.gradient(symbol, z)])
    value, slopes = f(np.array([_value(c, v) for v in walker.variables]))
    return float(value), list(
        zip(walker.variables, np.array(slopes, dtype=float).ravel().tolist(), strict=True)
    )


def _value(c: CompiledModel, v: VarData) -> float:
    k, j = c.index(v), c.input_index(v)
    if k is not None:
        return float(c.x[k])
    return float(c.p[j]) if j is not None else float(v.value)


def _input(c: CompiledModel, v: VarData) -> int:
    k = c.input_index(v)
    if k is None:
        name = getattr(v, "name", v)
        raise ModelError(f"{name!r} is no input of the model (not fixed, or in no equation)")
    return k


def _singular(c: CompiledModel) -> ModelError:
    names = ", ".join(v.name for v in suspects(c))
    more = f" (not determined here: {names})" if names else ""
    text = f"the equations are singular at this point: no derivatives{more}"
    return ModelError(text, Status.SINGULAR)
