"""Pyomo model to CasADi expressions: through an NL file, or by walking the expressions."""

import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import casadi as ca
import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.core.base.block import BlockData as Block
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.objective import ObjectiveData
from pyomo.core.base.var import VarData
from pyomo.repn.plugins.nl_writer import NLWriter

from noxsolve.errors import ModelError
from noxsolve.status import Status
from noxsolve.walker import Walker

Vector = npt.NDArray[np.float64]


@dataclass
class Translated:
    """A model as CasADi SX: all variables are symbols, also those that are fixed.

    `objective` is in the sense of minimisation; `lower <= body <= upper` row by row.
    """

    variables: list[VarData]
    symbols: ca.SX
    constraints: list[ConstraintData]
    body: ca.SX
    lower: Vector
    upper: Vector
    objective: ca.SX
    route: str


@contextmanager
def released(model: Block) -> Iterator[list[VarData]]:
    """Unfix every fixed variable of the model for a while; the fixed state always returns."""
    root = model.model()
    fixed = [v for v in root.component_data_objects(pyo.Var) if v.fixed]
    try:
        for v in fixed:
            v.fixed = False
        yield fixed
    finally:
        for v in fixed:
            v.fixed = True


def through_file(model: Block) -> Translated:
    """Translate with Pyomo's NL writer and CasADi's NL reader (fast, a few operators lack).

    Raises whatever writer or reader raise on an operator that they lack (RuntimeError and kin).
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.nl"
        with released(model), path.open("w", encoding="utf-8") as file:
            info = NLWriter().write(
                model, file, io.StringIO(), io.StringIO(), linear_presolve=False, scale_model=False
            )
        if not info.variables:
            return by_walking(model)
        builder = ca.NlpBuilder()
        builder.import_nl(str(path), {})
    x = ca.vertcat(*builder.x)
    function = ca.Function("model", [x], [builder.f, ca.vertcat(*builder.g)]).expand()
    symbols = ca.SX.sym("x", x.numel())
    objective, body = function(symbols)
    return Translated(
        variables=list(info.variables),
        symbols=symbols,
        constraints=list(info.constraints),
        body=body,
        lower=np.array(builder.g_lb, dtype=float),
        upper=np.array(builder.g_ub, dtype=float),
        objective=objective,
        route="nl",
    )


def by_walking(model: Block, parameters: bool = False) -> Translated:
    """Translate expression by expression (slower, all operators of Pyomo).

    With `parameters`, mutable parameters become symbols among the variables, as fixed ones.
    Raises ModelError that names the constraint for what has no algebra (external functions).
    """
    walker = Walker(parameters)
    constraints, body, lower, upper = [], [], [], []
    for c in model.component_data_objects(pyo.Constraint, active=True, descend_into=True):
        low, expression, high = _open_parts(c) if parameters else _parts(c)
        body.append(walker.translate(expression, c.name))
        lower.append(low)
        upper.append(high)
        constraints.append(c)
    objective = ca.SX(0)
    for o in active_objectives(model):
        sign = 1 if o.sense == pyo.minimize else -1
        objective = sign * ca.SX(walker.translate(o.expr, o.name))
    return Translated(
        variables=walker.variables,
        symbols=ca.vertcat(*walker.symbols) if walker.symbols else ca.SX(0, 1),
        constraints=constraints,
        body=ca.vertcat(*body) if body else ca.SX(0, 1),
        lower=np.array(lower, dtype=float),
        upper=np.array(upper, dtype=float),
        objective=objective,
        route="walker",
    )


def _parts(c: ConstraintData) -> tuple[float, Any, float]:
    """Lower bound, body and upper bound, as Pyomo splits them: the signs of duals rest on it."""
    low, high = (None if b is None else pyo.value(b) for b in (c.lower, c.upper))
    return (-np.inf if low is None else low), c.body, (np.inf if high is None else high)


def _open_parts(c: ConstraintData) -> tuple[float, Any, float]:
    """As `_parts`, but limits that hold parameters join the body of the row."""
    low, body, high = c.to_bounded_expression()
    if all(k is None or not hasattr(k, "is_expression_type") for k in (low, high)):
        return _parts(c)
    if c.equality:
        return 0.0, body - low, 0.0
    if low is None or high is None:
        return (-np.inf, body - high, 0.0) if low is None else (0.0, body - low, np.inf)
    raise ModelError(
        f"range {c.name!r} has a mutable parameter as a limit; write it as two inequalities",
        Status.UNSUPPORTED,
    )


def translate(model: Block, route: str = "auto", parameters: bool = False) -> Translated:
    """Translate by the fast route where it can, else by the walker.

    `route` is "auto", "nl" or "walker"; `parameters` makes mutable parameters inputs (by the
    walker). Raises ModelError, naming the component.
    """
    refuse_unsupported(model)
    if route not in ("auto", "nl", "walker"):
        raise ValueError(f"route {route!r} is not one of auto, nl, walker")
    if parameters and route == "nl":
        raise ValueError("mutable parameters become inputs by the walker only, not by route 'nl'")
    if route == "walker" or parameters:
        return by_walking(model, parameters)
    try:
        return through_file(model)
    except InfeasibleConstraintException as error:
        text = f"an equation without variables is false: {error}"
        raise ModelError(text, Status.INFEASIBLE) from error
    except Exception:
        if route == "nl":
            raise
        return by_walking(model)


def active_objectives(model: Block) -> list[ObjectiveData]:
    """Active objectives; raises ModelError, with their names, when there are two or more."""
    found = list(model.component_data_objects(pyo.Objective, active=True))
    if len(found) > 1:
        names = ", ".join(o.name for o in found)
        text = f"{len(found)} objectives are active ({names}); deactivate all but one"
        raise ModelError(text, Status.UNSUPPORTED)
    return found


def refuse_unsupported(model: Block) -> None:
    """Raise ModelError for components that are no algebra, by name."""
    active_objectives(model)
    for component in model.component_objects(active=True, descend_into=True):
        kind = component.ctype.__name__
        if kind in _REFUSED and len(component) > 0:
            message = f"{kind} {component.name!r} is not supported: {_REFUSED[kind]}"
            raise ModelError(message, Status.UNSUPPORTED)


_REFUSED = {
    "Disjunct": "transform disjunctions to constraints first (gdp.bigm, gdp.hull)",
    "Disjunction": "transform disjunctions to constraints first (gdp.bigm, gdp.hull)",
    "LogicalConstraint": "transform logic to constraints first (core.logical_to_linear)",
    "Complementarity": "write complementarity as a smooth equation, or transform (mpec.simple_nonlinear)",
    "ExternalGreyBoxBlock": "a black box has no algebra; write its equations",
    "DerivativeVar": "discretise first (dae.collocation, dae.finite_difference)",
    "Integral": "discretise first (dae.collocation, dae.finite_difference)",
    "Arc": "an arc holds no equations yet; expand first (network.expand_arcs)",
    "SOSConstraint": "special ordered sets are not equations",
}


def show(names: Sequence[str], most: int = 8) -> str:
    """Join names for a message, shortened after `most` of them."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
