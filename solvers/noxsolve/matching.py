"""Square parts of a block from which some unknowns are taken out."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from noxsolve.newton import Part

if TYPE_CHECKING:
    from noxsolve.square import SquareSolver

LAST = 1e4
"""Cost of an equation that is to be dropped first."""
KEPT = 0.01
"""Cost of a watched pair of unknown and equation: it stays together."""


def parts_without(
    solver: SquareSolver, part: Part, columns: npt.NDArray[np.int64], last: Collection[int]
) -> list[list[Part]]:
    """Parts of a block for some of its unknowns, in solving order.

    Args:
        solver: the solver of the model.
        part: the block; it has at least as many equations as `columns`, each of which can be
            matched with one of them.
        columns: unknowns that stay.
        last: equations that are dropped first.
    """
    entries = solver.compiled.pattern()[part.rows][:, columns].tocoo()
    rows = part.rows[entries.row]
    cost = np.where(np.isin(rows, list(last)), LAST, 1.0)
    kept = {p for p in solver._pairs if p is not None}
    pairs = zip(columns[entries.col].tolist(), rows.tolist(), strict=True)
    cost[[pair in kept for pair in pairs]] = KEPT
    shape = (len(columns), len(part.rows))
    weights = sp.csr_matrix((cost, (entries.col, entries.row)), shape=shape)
    k, r = min_weight_full_bipartite_matching(weights)
    return solver._parts(part.rows[np.asarray(r, dtype=np.int64)], columns[k])
