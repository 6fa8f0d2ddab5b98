"""A Pyomo model as compiled CasADi functions of its unknowns and inputs."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import casadi as ca
import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo
import scipy.sparse as sp
from pyomo.core.base.block import BlockData as Block
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData
from pyomo.core.expr.relational_expr import RangedExpression
from pyomo.core.expr.visitor import identify_mutable_parameters, identify_variables

from noxsolve.errors import ModelError
from noxsolve.status import Status
from noxsolve.translate import show, translate

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@contextmanager
def without_gc() -> Iterator[None]:
    """Pause the garbage collector: building large expressions is several times faster."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class CompiledModel:
    """Pyomo model as CasADi functions: equations(x, p) = 0.

    Unknowns x are the unfixed variables that occur in an active constraint or in the objective,
    inputs p the fixed variables that occur there, with `parameters` the mutable parameters too
    (`input_index` takes the parameter itself). Values of inputs may change without a new
    compilation (`refresh_inputs`); which variables are fixed may not.

    Attributes, with n unknowns, q inputs, m equations (all in the model's own units):
        unknowns, inputs: Pyomo variables, in the order of `x` and `p`.
        equations, inequalities: Pyomo constraints, in the order of `residual`, `slack_body`.
        lower, upper, start: bounds and Pyomo values of the unknowns at compilation, shape (n,).
        x, p: present point (n,) and inputs (q,); write into them, never rebind them.
        residual: left minus right side of the equations after `evaluate()`, shape (m,).
        jacobian: values of its nonzeros after `evaluate()`; `row`, `column` say where.
        route: "nl" or "walker", how the model was translated.

    Raises ModelError that names the component: no value, not continuous, two objectives,
    unsupported components, external functions.
    """

    def __init__(self, model: Block, *, route: str = "auto", parameters: bool = False) -> None:
        if not isinstance(model, Block):
            raise ModelError(f"{model!r} is no Pyomo model or block")
        if not model.is_constructed():
            raise ModelError(f"{model.name!r} is abstract; call its create_instance() first")
        self.model = model
        with without_gc():
            t = translate(model, route, parameters)
            self.route = t.route
            _refuse_moving_ranges(t.constraints)
            self._frozen = {} if parameters else dict(mutable_parameters(model))
            fixed = np.array([v.fixed for v in t.variables], dtype=bool)
            self.unknowns = [v for v in t.variables if not v.fixed]
            self.inputs = [v for v in t.variables if v.fixed]
            self._refuse_values()
            self.sx_x = ca.SX.sym("x", len(self.unknowns))
            self.sx_p = ca.SX.sym("p", len(self.inputs))
            z = ca.SX(len(t.variables), 1)
            z[np.flatnonzero(~fixed).tolist()] = self.sx_x
            z[np.flatnonzero(fixed).tolist()] = self.sx_p
            body, self.sx_objective = _substitute(t.symbols, z, [t.body, t.objective])
            self._split(t.constraints, body, t.lower, t.upper)
            self._compile()
        self._index = {id(v): k for k, v in enumerate(self.unknowns)}
        self._input_index = {id(getattr(v, "parameter", v)): k for k, v in enumerate(self.inputs)}
        self._inequality_function: ca.Function | None = None
        self._input_pattern: sp.csr_matrix | None = None

    def _refuse_values(self) -> None:
        for v in [*self.unknowns, *self.inputs]:
            if v.value is None or not np.isfinite(v.value):
                message = f"variable {v.name!r} has the value {v.value}; give it a number"
                raise ModelError(message, Status.NO_START)
        for v in self.unknowns:
            try:
                low, high = v.lb, v.ub
            except ValueError as error:  # Pyomo's word for bounds that are no numbers
                message = f"{error} Give a number, or None for no bound."
                raise ModelError(message, Status.NOT_A_NUMBER) from error
            if low is not None and high is not None and low > high:
                message = f"variable {v.name!r}: its lower bound {low:g} is above {high:g}"
                raise ModelError(f"{message}; give bounds that leave room", Status.CROSSED_BOUNDS)
            if not v.is_continuous():
                raise ModelError(f"variable {v.name!r} takes whole numbers only; fix it")

    def _split(
        self, constraints: list[ConstraintData], body: ca.SX, low: Vector, high: Vector
    ) -> None:
        """Sort rows into equations (equal bounds, moved into the body) and inequalities."""
        for k in np.flatnonzero(np.isnan(low) | np.isnan(high)):
            message = f"constraint {constraints[k].name!r}: its right side is no number"
            raise ModelError(f"{message}; give it a number", Status.NOT_A_NUMBER)
        equal = low == high
        e, i = np.flatnonzero(equal), np.flatnonzero(~equal)
        self.equations = [constraints[k] for k in e]
        self.inequalities = [constraints[k] for k in i]
        self.sx_equations = _rows(body, e) - ca.DM(low[e])
        self.sx_inequalities = _rows(body, i)
        self.inequality_lower, self.inequality_upper = low[i], high[i]
        for k in i[low[i] > high[i]]:
            message = f"constraint {constraints[k].name!r}: {low[k]:g} <= ... <= {high[k]:g}"
            raise ModelError(f"{message} leaves no room", Status.CROSSED_BOUNDS)

    def _compile(self) -> None:
        n, m = len(self.unknowns), len(self.equations)
        self.lower = np.array([_number(v.lb, -np.inf) for v in self.unknowns])
        self.upper = np.array([_number(v.ub, np.inf) for v in self.unknowns])
        self.start = np.array([float(v.value) for v in self.unknowns])
        self._x, self._p = self.start.copy(), np.array([float(v.value) for v in self.inputs])
        self.sx_jacobian = ca.jacobian(self.sx_equations, self.sx_x)
        sparsity = self.sx_jacobian.sparsity()
        self.row: Indices = np.array(sparsity.row(), dtype=np.int64)
        self.column_start: Indices = np.array(sparsity.colind(), dtype=np.int64)
        self.column: Indices = np.repeat(np.arange(n), np.diff(self.column_start))
        self.shape = (m, n)
        self.residual, self.jacobian = np.zeros(m), np.zeros(sparsity.nnz())
        self.function = ca.Function(
            "equations", [self.sx_x, self.sx_p], [self.sx_equations, self.sx_jacobian]
        )
        self._call = bind(self.function, [self._x, self._p], [self.residual, self.jacobian])
        self.evaluations = 0

    @property
    def x(self) -> Vector:
        """Present point, shape (n,): a buffer of the compiled functions, written in place."""
        return self._x

    @property
    def p(self) -> Vector:
        """Present values of the inputs, shape (q,): a buffer, written in place."""
        return self._p

    def index(self, var: VarData) -> int | None:
        """Position of a variable among the unknowns; None when it is not one."""
        return self._index.get(id(var))

    def input_index(self, var: VarData) -> int | None:
        """Position of a variable among the inputs; None when it is not one."""
        return self._input_index.get(id(getattr(var, "parameter", var)))

    def evaluate(self) -> None:
        """Fill `residual` and `jacobian` at the present `x` and `p`."""
        self._call()
        self.evaluations += 1

    def pattern(self) -> sp.csr_matrix:
        """Incidence of equations (rows) and unknowns (columns), ones, shape (m, n)."""
        entries = (np.ones(len(self.row)), self.row, self.column_start)
        return sp.csc_matrix(entries, shape=self.shape).tocsr()

    def input_pattern(self) -> sp.csr_matrix:
        """Incidence of equations (rows) and inputs (columns), ones, shape (m, q); kept."""
        if self._input_pattern is None:
            found = self.input_sparsity()
            row, start = np.array(found.row(), dtype=np.int64), np.array(found.colind())
            shape = self.shape[0], len(self.inputs)
            self._input_pattern = sp.csc_matrix((np.ones(len(row)), row, start), shape).tocsr()
        return self._input_pattern

    def input_sparsity(self) -> ca.Sparsity:
        """Incidence of equations (rows) and inputs (columns) as a CasADi pattern, shape (m, q)."""
        return ca.jacobian_sparsity(self.sx_equations, self.sx_p)

    def inequality_values(self) -> Vector:
        """Bodies of the inequalities at the present point."""
        if not self.inequalities:
            return np.zeros(0)
        if self._inequality_function is None:
            self._inequality_function = ca.Function(
                "inequalities", [self.sx_x, self.sx_p], [self.sx_inequalities]
            )
        return np.array(self._inequality_function(self._x, self._p), dtype=float).ravel()

    def load(self) -> None:
        """Write `x` and `p` into the Pyomo variables (bounds and domains are not checked)."""
        for variables, values in ((self.unknowns, self._x), (self.inputs, self._p)):
            for v, value in zip(variables, values.tolist(), strict=True):
                v.set_value(value, skip_validation=True)

    def refresh_inputs(self) -> None:
        """Read the values of the fixed variables again; raises ModelError, naming the variable.

        A variable that was fixed or freed since compilation is refused, and so is another value of a
        mutable parameter that is a number here: compile anew.
        """
        self.require_same_fixed()
        self._require_same_numbers()
        for k, v in enumerate(self.inputs):
            if v.value is None or not np.isfinite(v.value):
                message = f"variable {v.name!r} has the value {v.value}; give it a number"
                raise ModelError(message, Status.NO_START)
            self._p[k] = v.value

    def require_same_fixed(self) -> None:
        """Raise ModelError when a variable was fixed or freed since compilation."""
        changed = [v.name for v in self.inputs if not v.fixed]
        changed += [v.name for v in self.unknowns if v.fixed]
        if changed:
            raise ModelError(f"fixed or freed since compilation: {show(changed)}; compile anew")

    def _require_same_numbers(self) -> None:
        """Raise ModelError when a mutable parameter that the equations hold as a number changed."""
        now = dict(mutable_parameters(self.model)) if self._frozen else {}
        other = {name for name, value in self._frozen.items() if now.get(name, value) != value}
        if not other:
            return
        rows = self.model.component_data_objects((pyo.Constraint, pyo.Objective), active=True)
        for row in rows:
            for p in identify_mutable_parameters(row.expr):
                if p.name in other:
                    raise ModelError(
                        f"mutable parameter {p.name!r} of {row.name!r} was {self._frozen[p.name]} at"
                        f" compilation and is {p.value} now: compile anew, or once with"
                        " CompiledModel(model, parameters=True)"
                    )

    def set_point(self, values: Mapping[VarData, float]) -> None:
        """Set unknowns by variable; other variables in the map are ignored."""
        for v, value in values.items():
            k = self.index(v)
            if k is not None:
                self._x[k] = value


def bind(function: Any, inputs: list[Any], outputs: list[Any]) -> "Bound":
    """Tie a CasADi function to buffers; calling the result evaluates without allocation."""
    buffer, call = function.buffer()
    for k, a in enumerate(inputs):
        buffer.set_arg(k, memoryview(a))
    for k, a in enumerate(outputs):
        buffer.set_res(k, memoryview(a))
    return Bound(buffer, call, inputs, outputs)


class Bound:
    """Keeps buffers alive as long as the callable that fills them."""

    def __init__(self, buffer: Any, call: Callable[[], None], *arrays: list[Vector]) -> None:
        self._parts = buffer, arrays
        self._call = call

    def __call__(self) -> None:
        """Evaluate: outputs are filled from the present inputs."""
        self._call()


def mutable_parameters(model: Block) -> Iterator[tuple[str, Any]]:
    """Mutable parameters of a model that have a value, by name."""
    for p in model.model().component_objects(pyo.Param):
        if p.mutable:
            for d in p.values():
                value = pyo.value(d, exception=False)
                if value is not None:
                    yield d.name, value


def _refuse_moving_ranges(constraints: Iterable[ConstraintData]) -> None:
    """Refuse ranges with a fixed variable as a limit: the limit would be a number for good."""
    for c in constraints:
        if isinstance(c.expr, RangedExpression):
            low, _, high = c.expr.args
            for v in (*identify_variables(low), *identify_variables(high)):
                raise ModelError(
                    f"range {c.name!r} has the variable {v.name!r} as a limit; write it as two"
                    " inequalities",
                    Status.UNSUPPORTED,
                )


def _substitute(symbols: ca.SX, values: ca.SX, expressions: list[ca.SX]) -> list[ca.SX]:
    function = ca.Function("f", [symbols], expressions)
    result: list[ca.SX] = function.call([values])
    return result


def _rows(body: ca.SX, rows: Indices) -> ca.SX:
    """Dense column of the given rows, also when there are none."""
    return ca.densify(body[rows.tolist()]) if len(rows) else ca.SX(0, 1)


def _number(bound: float | None, default: float) -> float:
    return default if bound is None else float(bound)
