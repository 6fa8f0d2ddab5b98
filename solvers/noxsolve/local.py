"""Some equations of a large model evaluated by themselves, without the rest of it.

A Newton step on a block needs the rows of that block alone. In a small model evaluating all rows
costs less than the call; in a large one it would make the cost of a solve grow with the square of
the size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import casadi as ca
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

if TYPE_CHECKING:
    from noxsolve.compiled import CompiledModel

Indices = npt.NDArray[np.int64]

LARGE = 100_000
"""Instructions of the whole model above which blocks are evaluated by themselves at once."""
SPENT = 1_000_000
"""Instructions that may be spent on a block through the whole model of a smaller one; making a
function of a block's own takes about as long."""
PART = 0.5
"""Share of the whole Jacobian above which a block is not worth a function of its own."""


def inputs_of(compiled: CompiledModel, rows: Indices) -> Indices:
    """Positions of the inputs that occur in some equations."""
    pattern = compiled.input_pattern()
    return np.unique(pattern.indices[row_entries(pattern, rows)[0]]).astype(np.int64)


def row_entries(matrix: sp.csr_matrix, rows: Indices) -> tuple[Indices, Indices]:
    """Positions of the entries of some rows, row after row, and where each row begins and ends.

    For a few rows this is many times faster than taking them out as a matrix.
    """
    first = matrix.indptr[rows].astype(np.int64)
    start = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(matrix.indptr[rows + 1] - first, out=start[1:])
    shift = np.repeat(first - start[:-1], np.diff(start))
    return np.arange(start[-1]) + shift, start


class Local:
    """Residual and Jacobian of some equations of a compiled model.

    A call fills `residual[rows]` and `jacobian[pick]` of the model at its present point.

    Args:
        compiled: the model.
        rows: equations.
        pick: positions of all entries of these rows in the values of the model's Jacobian.
    """

    def __init__(self, compiled: CompiledModel, rows: Indices, pick: Indices) -> None:
        from noxsolve.compiled import bind

        c = self.compiled = compiled
        self.rows, self.pick = rows, pick
        self.columns = np.unique(c.column[pick])
        self.inputs = inputs_of(c, rows)
        self._x, self._p = np.zeros(len(self.columns)), np.zeros(len(self.inputs))
        self._residual, self._jacobian = np.zeros(len(rows)), np.zeros(len(pick))
        function = ca.Function(
            "local",
            [c.sx_x[self.columns.tolist()], c.sx_p[self.inputs.tolist()]],
            [c.sx_equations[rows.tolist()], ca.densify(c.sx_jacobian.nz[pick.tolist()])],
        )
        outputs = [self._residual, self._jacobian]
        self._call = bind(function, [self._x, self._p], outputs)

    def __call__(self) -> None:
        """Evaluate at the present point of the model."""
        c = self.compiled
        self._x[:], self._p[:] = c.x[self.columns], c.p[self.inputs]
        self._call()
        c.residual[self.rows], c.jacobian[self.pick] = self._residual, self._jacobian
        c.evaluations += 1


class Evaluator:
    """Evaluates one block: by the whole model at first, by a function of its own once that pays.

    Args:
        compiled: the model.
        rows, pick: as for `Local`.
    """

    def __init__(self, compiled: CompiledModel, rows: Indices, pick: Indices) -> None:
        self.compiled, self.rows, self.pick = compiled, rows, pick
        self._cost = compiled.function.n_instructions()
        self._left = SPENT if self._cost < LARGE else 0
        self._local: Local | None = None
        self._wide = len(pick) > PART * len(compiled.row)

    def __call__(self) -> None:
        """Evaluate at the present point of the model."""
        if self._local is None:
            if self._wide or self._left > 0:
                self._left -= self._cost
                self.compiled.evaluate()
                return
            self._local = Local(self.compiled, self.rows, self.pick)
        self._local()
