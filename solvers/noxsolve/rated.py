"""A block with its design specifications left out at first, and met last.

A design specification fixes a computed quantity and frees an input for it. With the input back at a
given value, the equations of the block fall apart into smaller ones that sweeps can start; the
residuals of what was left out are then taken to zero bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pyomo.core.base.var import VarData
from scipy.sparse.csgraph import maximum_bipartite_matching

from noxsolve.homotopy import relax
from noxsolve.matching import parts_without
from noxsolve.newton import Part

if TYPE_CHECKING:
    from noxsolve.square import SquareSolver


class Freed(NamedTuple):
    """One design specification.

    Attributes:
        fixed: quantity that is given, an input of the model.
        freed: unknown that follows from it.
        value: value of `freed` while the specification is left out, in its own unit.
    """

    fixed: VarData
    freed: VarData
    value: float


class Rated:
    """Solves blocks first without some design specifications.

    Args:
        solver: the solver of the model.
        design: specifications that may be left out.
    """

    def __init__(self, solver: SquareSolver, design: Sequence[Freed]) -> None:
        self.solver = solver
        c = solver.compiled
        pattern = c.input_sparsity()
        starts, at = pattern.colind(), pattern.row()
        self.given: dict[int, float] = {}
        self._rows: dict[int, set[int]] = {}
        for d in design:
            k, p = c.index(d.freed), c.input_index(d.fixed)
            if k is not None and p is not None:
                self.given[k] = d.value
                self._rows[k] = set(at[starts[p] : starts[p + 1]])
        self._known: dict[int, list[list[Part]]] = {}

    def run(
        self, part: Part, solve: Callable[[Part], bool], either: Callable[[Part], bool]
    ) -> bool:
        """Solve a block; False when that fails, or when it has nothing to leave out.

        Args:
            part: the block.
            solve: solves a smaller one from the present point.
            either: Newton on a block from the present point.
        """
        solver, c = self.solver, self.solver.compiled
        inside = [k for k in part.columns.tolist() if k in self.given]
        groups = self._without(part) if inside else []
        c.x[inside] = [self.given[k] for k in inside]
        for at, group in enumerate(groups):
            if len(group) == 1 and group[0].diagonal and group[0].size > 1:
                if solver._joined(group[0]):
                    continue
                group = groups[at] = solver._singles(group[0])
            if not all(solve(p) for p in group):
                return False
        if not groups:
            return False
        before = c.x[part.columns].copy()
        if either(part):
            return True
        c.x[part.columns] = before
        return relax(solver.newton, part)

    def _without(self, part: Part) -> list[list[Part]]:
        """Parts of a block without its design specifications and what they free; often none."""
        key = int(part.rows[0])
        if key not in self._known:
            self._known[key] = self._reduced(part)
        return self._known[key]

    def _reduced(self, part: Part) -> list[list[Part]]:
        solver = self.solver
        columns = np.array([k for k in part.columns if k not in self.given], dtype=np.int64)
        pattern = solver.compiled.pattern()[part.rows][:, columns]
        matched = maximum_bipartite_matching(pattern.tocsr(), perm_type="row")
        if not len(columns) or (np.asarray(matched) < 0).any():
            return []
        # What is freed elsewhere stays asked for here.
        asked = set().union(*(self._rows[k] for k in part.columns.tolist() if k in self._rows))
        return parts_without(solver, part, columns, asked)
