"""Solutions in which something large has vanished, where another may exist in which it has not.

A flash that is written without a condition for the phase that is absent has roots in which a phase is
gone although it should be there (a liquid above its bubble point). Nothing in the equations forbids
them, so of two solutions that hold all equations and bounds the one is taken in which less has vanished.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from noxsolve.newton import Part
    from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]

LARGE = 0.1
"""Distance of a start from its lower bound, in nominals, from which on an unknown is no trace."""
GONE = 1e-6
"""Distance from its lower bound, in nominals, below which an unknown has vanished."""
INSIDE = 1e-2
"""How far inside its bounds IPOPT starts: its way keeps away from them."""


def vanished(solver: SquareSolver, part: Part, start: Vector) -> int:
    """How many unknowns of a block that started large are at their lower bounds."""
    c, k = solver.compiled, part.columns
    size = solver.nominal[k]
    large = start - c.lower[k] >= LARGE * size
    return int((large & (c.x[k] - c.lower[k] <= GONE * size)).sum())


def restore(solver: SquareSolver, part: Part, start: Vector) -> None:
    """Look for a solution of a solved block in which less has vanished; without one it stays.

    Args:
        solver: the solver; its point solves the block.
        part: the block.
        start: values of its unknowns before it was solved.
    """
    c, k = solver.compiled, part.columns
    # IPOPT is a poor tool where a pH is kept on its equation, and there nothing has two roots; nor
    # has a linear block, which takes one step.
    last = solver._trace[-1]
    if part.kept is not None or (last.method == "newton" and last.iterations <= 1):
        return
    before = vanished(solver, part, start)
    if not before:
        return
    found = c.x[k].copy()
    c.x[k] = start
    c.evaluate()
    better = False
    try:
        solver.ipopt.run(part, solver.newton.row_scale(part), INSIDE)
        solver.newton.budget.take(solver.ipopt.iterations)
        solved = solver.newton.run(part, solver.max_iterations).solved
        better = solved and vanished(solver, part, start) < before
    finally:
        if not better:
            c.x[k] = found
            c.evaluate()
