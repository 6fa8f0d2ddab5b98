"""Derivatives of solved unknowns with respect to inputs, by the implicit function theorem."""

from collections.abc import Sequence

import casadi as ca
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import scipy.sparse.linalg as sla
from pyomo.core.base.var import VarData

from noxsolve.compiled import CompiledModel
from noxsolve.errors import ModelError
from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]


def sensitivities(
    solver: SquareSolver, outputs: Sequence[VarData], inputs: Sequence[VarData]
) -> Vector:
    """Derivatives d output / d input at the present solved point, shape (outputs, inputs), own units.

    One sparse factorisation, then one solve per input or per output, whichever are fewer. An
    output may be an input itself. Raises ModelError when the point is not solved, a variable is
    neither unknown nor input, or the equations are singular here.
    """
    found = solver.check()
    if not found.solved:
        raise ModelError(f"sensitivities need a solved point: {found.message}")
    c = solver.compiled
    rows = [c.index(v) for v in outputs]
    own = [c.input_index(v) for v in outputs]
    columns = [_input(c, v) for v in inputs]
    for v, k, j in zip(outputs, rows, own, strict=True):
        if k is None and j is None:
            raise ModelError(f"{v.name!r} is neither unknown nor input of the model")
    w, r = solver.nominal, solver.newton.row_scale(solver.whole)
    scale = np.ones(len(w))
    scale[solver.whole.rows] = r
    matrix = sp.csc_matrix((c.jacobian, c.row, c.column_start), shape=c.shape)
    try:
        factors = sla.splu((sp.diags(1 / scale) @ matrix @ sp.diags(w)).tocsc())
    except RuntimeError as error:
        raise ModelError("the equations are singular at this point: no derivatives") from error
    right = sp.diags(1 / scale) @ _input_jacobian(c)[:, columns]
    picked = [k for k in rows if k is not None]
    result = np.array([[float(j == q) for q in columns] for j in own]).reshape(len(own), -1)
    inside = [at for at, k in enumerate(rows) if k is not None]
    if not picked or not columns:
        return result
    if len(picked) < len(columns):
        unit = np.zeros((len(w), len(picked)))
        unit[picked, np.arange(len(picked))] = w[picked]
        result[inside] = -(right.T @ factors.solve(unit, trans="T")).T
    else:
        result[inside] = -(factors.solve(right.toarray())[picked] * w[picked][:, None])
    return result


def _input(c: CompiledModel, v: VarData) -> int:
    k = c.input_index(v)
    if k is None:
        raise ModelError(f"{v.name!r} is no input of the model (not fixed, or in no equation)")
    return k


def _input_jacobian(c: CompiledModel) -> sp.csc_matrix:
    """Derivatives d residual / d input at the present point, shape (m, q)."""
    if c.input_function is None:
        c.input_function = ca.Function(
            "inputs", [c.sx_x, c.sx_p], [ca.jacobian(c.sx_equations, c.sx_p)]
        )
    return c.input_function(c.x, c.p).sparse()
