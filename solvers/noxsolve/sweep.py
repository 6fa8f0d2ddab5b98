"""Sweeps through groups of equations, each solved for its own unknowns with all others held.

A group is a unit of a flowsheet: with its inlets held it determines its outlets. A few sweeps in
the direction of flow leave little of start values that are wrong by orders of magnitude.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from noxsolve.matching import KEPT
from noxsolve.newton import Part

if TYPE_CHECKING:
    from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Inner = Callable[[Part], list[list[Part]]]
Values = Callable[[], Iterable[tuple[VarData, float]]]

LEFT = 0.01
"""What is left, as a fraction, of an amount that would have to be negative."""
STEPS = 30
"""Newton steps on a part of a group."""
LATE = 1e4
"""Cost of an equation or unknown that is left out of a group first."""


@dataclass(frozen=True)
class Group:
    """Unknowns that some equations determine when all other unknowns are held.

    Args:
        unknowns: what the group determines; variables that are no unknowns are ignored.
        equations: its equations.
        guess: start values (variable, value) from the present values of the model, if any.
        start: the same, taken in the first sweep and where the group fails later.
    """

    unknowns: Sequence[VarData]
    equations: Sequence[ConstraintData]
    guess: Values | None = None
    start: Values | None = None


@dataclass
class Prepared:
    """A group within one block: its parts in solving order, its guess and its start."""

    parts: list[list[Part]]
    columns: frozenset[int]
    guess: Values | None
    start: Values | None


class Sweep:
    """Sweeps over the groups of a model.

    Args:
        solver: the solver of the model.
        groups: groups in the order in which they are solved.
        late: unknowns that are held, and inputs whose equations are left out, where a group has
            more unknowns than equations or the other way round (design specifications).
    """

    def __init__(
        self, solver: SquareSolver, groups: Sequence[Group], late: Iterable[VarData]
    ) -> None:
        self.solver, self.groups = solver, groups
        c = solver.compiled
        self._rows = {id(r): k for k, r in enumerate(c.equations)}
        late = list(late)
        self._late = [k for v in late if (k := c.index(v)) is not None]
        pattern = c.input_sparsity()
        starts, at = pattern.colind(), pattern.row()
        inputs = [k for v in late if (k := c.input_index(v)) is not None]
        self._soft = sorted({r for k in inputs for r in at[starts[k] : starts[k + 1]]})
        self._pairs = {p for p in solver._pairs if p is not None}
        self._prepared: dict[tuple[int, int], list[Prepared]] = {}

    def run(self, part: Part, passes: int, inner: Inner) -> int:
        """Sweep over the groups of a block; returns how many failed in the last pass.

        `inner` gives the parts of a block that are solved first when it fails.
        """
        key = int(part.rows[0]), part.size
        if key not in self._prepared:
            self._prepared[key] = self._prepare(part)
        failed = 0
        for sweep in range(passes):
            failed = 0
            for group in self._prepared[key]:
                if sweep == 0:
                    self._take(group, group.start)
                self._take(group, group.guess)
                again = sweep > 0 and group.start is not None
                left = self._solve(group, inner, last=not again)
                if left and again:
                    self._take(group, group.start)
                    self._take(group, group.guess)
                    left = self._solve(group, inner, last=True)
                failed += left
        return failed

    def _take(self, group: Prepared, values: Values | None) -> None:
        """Put start values of a group into the model."""
        if values is None:
            return
        c = self.solver.compiled
        c.load()
        for variable, value in values():
            k = c.index(variable)
            if k in group.columns:
                c.x[k] = min(max(value, c.lower[k]), c.upper[k])

    def _solve(self, group: Prepared, inner: Inner, *, last: bool) -> int:
        solver, failed = self.solver, 0
        for at, parts in enumerate(group.parts):
            if len(parts) == 1 and parts[0].diagonal and parts[0].size > 1:
                if solver._joined(parts[0]):
                    continue
                parts = group.parts[at] = solver._singles(parts[0])
            failed += sum(not self._part(p, inner, last=last) for p in parts)
        return failed

    def _part(self, part: Part, inner: Inner, *, last: bool) -> bool:
        """Newton; Newton judged by its next step; both again after the held unknowns' pass.

        What fails is as before, in the last attempt as `_beyond` leaves it.
        """
        c, newton = self.solver.compiled, self.solver.newton
        before = c.x[part.columns].copy()
        for held in (False, True) if part.size > 2 else (False,):
            for natural in (False, True):
                c.x[part.columns] = before
                if held:
                    for group in inner(part):
                        for p in group:
                            newton.run(p, STEPS)
                if newton.run(part, STEPS, natural=natural).solved:
                    return True
        c.x[part.columns] = before
        if last and not self._beyond(part):
            c.x[part.columns] = before
        return False

    def _beyond(self, part: Part) -> bool:
        """Solve a part without its bounds at zero; what is negative then becomes small.

        Such a part asks for more than it is given. The point is not a solution, but nearer to one
        than the start: what is short is used up, all else is what it should be.
        """
        c, newton = self.solver.compiled, self.solver.newton
        k = part.columns[c.lower[part.columns] == 0.0]
        low = newton.low[k].copy()
        newton.low[k] = -np.inf
        try:
            solved = newton.run(part, STEPS).solved
        finally:
            newton.low[k] = low
        c.x[k] = np.minimum(np.maximum(c.x[k], -LEFT * c.x[k]), c.upper[k])
        return solved

    def _prepare(self, part: Part) -> list[Prepared]:
        inside, rows = set(part.columns.tolist()), set(part.rows.tolist())
        out = []
        for group in self.groups:
            at = map(self.solver.compiled.index, group.unknowns)
            k = [j for j in at if j is not None and j in inside]
            r = [j for e in group.equations if (j := self._rows.get(id(e), -1)) in rows]
            parts = self._parts(np.array(r, dtype=np.int64), np.array(k, dtype=np.int64))
            if parts:
                out.append(Prepared(parts, frozenset(k), group.guess, group.start))
        return out

    def _parts(self, rows: Indices, columns: Indices) -> list[list[Part]]:
        """Square parts of a group; what is late is left out first."""
        if not len(rows) or not len(columns):
            return []
        entries = self.solver.compiled.pattern()[rows][:, columns].tocoo()
        r, k = rows[entries.row], columns[entries.col]
        cost = np.ones(len(r)) + LATE * np.isin(r, self._soft) + LATE * np.isin(k, self._late)
        pairs = zip(k.tolist(), r.tolist(), strict=True)
        cost[[pair in self._pairs for pair in pairs]] = KEPT
        weights = sp.csr_matrix((cost, (entries.row, entries.col)), shape=(len(rows), len(columns)))
        try:
            r, k = min_weight_full_bipartite_matching(weights)
        except ValueError:  # no complete matching: the group is not one by itself
            return []
        return self.solver._parts(rows[r], columns[k])
