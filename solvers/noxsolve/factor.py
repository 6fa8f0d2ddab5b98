"""Factorised blocks: diagonal, dense or sparse, damped least squares where they are singular."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import scipy.sparse.linalg as sla

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Direction = Callable[[Vector], Vector | None]


def none(_: Vector) -> None:
    """No direction: the block has entries that are no numbers."""
    return None


def _finite(d: Vector) -> Vector | None:
    return d if np.isfinite(d).all() else None


def diagonal(data: Vector, size: int) -> Direction:
    """Solver of a diagonal block with the given entries."""
    if len(data) != size or (data == 0).any():
        return none
    return lambda r: _finite(r / data)


def dense(data: Vector, row: Indices, column: Indices, size: int) -> tuple[Direction, bool]:
    """Solver of a block as a full matrix, and whether it is exact."""
    matrix = np.zeros((size, size))
    matrix[row, column] = data
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return _least_squares(sp.csc_matrix(matrix)), False
    if not np.isfinite(inverse).all() or np.abs(inverse).max() > 1e14:
        return _least_squares(sp.csc_matrix(matrix)), False
    return lambda r: _finite(np.asarray(np.linalg.solve(matrix, r), dtype=np.float64)), True


def sparse(data: Vector, row: Indices, column_start: Indices, size: int) -> tuple[Direction, bool]:
    """Solver of a block as a sparse matrix (columns compressed), and whether it is exact."""
    matrix = sp.csc_matrix((data, row, column_start), shape=(size, size))
    try:
        factors = sla.splu(matrix)
    except RuntimeError:
        return _least_squares(matrix), False
    return lambda r: _finite(factors.solve(r)), True


def _least_squares(matrix: sp.csc_matrix) -> Direction:
    """Damped least squares (Levenberg) for a singular block."""
    normal = (matrix.T @ matrix + 1e-8 * sp.identity(matrix.shape[0])).tocsc()
    try:
        factors = sla.splu(normal)
    except RuntimeError:
        return none
    return lambda r: _finite(factors.solve(matrix.T @ r))
