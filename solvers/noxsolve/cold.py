"""Cold start block by block: in each block some unknowns are held first, then all are solved.

Solving a block with its temperatures held, before solving all of it, is what makes flowsheets with
nested recycles start from values that are wrong by orders of magnitude.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData
from scipy.sparse.csgraph import maximum_bipartite_matching

from noxsolve.budget import Budget, Spent
from noxsolve.homotopy import relax
from noxsolve.matching import parts_without
from noxsolve.newton import Part
from noxsolve.nominals import measured
from noxsolve.outcome import BlockTrace, Outcome
from noxsolve.rated import Freed, Rated
from noxsolve.sweep import Group, Sweep

if TYPE_CHECKING:
    from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]
FOLLOW = 20
"""Newton steps on an unknown that follows from an unsolved block."""
SMALL = 12
"""Blocks of fewer unknowns are solved directly first."""
LARGE = 300
"""Unknowns of a block above which IPOPT is not tried: it would take minutes."""
FIRST = 2
"""Starts that are tried without sweeps first."""
SCATTERED = 3
"""Starts and nominals that are scattered, each time otherwise, before more work is put into the others."""
SWEEPS = (3, 5)
"""Sweeps before an attempt on the whole block; those after the first only when all else failed."""


class ColdStart:
    """Solves all blocks in order from several starts, until one fails or the budget is used up.

    Attributes after `run`: `failed`, the unknowns of the block that was not solved, `stuck`, that
    block, `done`, the unknowns that were solved before it, `followed`, those that follow from its
    last point by one equation each.

    Args:
        solver: the solver whose model is to be solved.
        held: unknowns held in the first pass over a block (temperatures of a flowsheet).
        last: equations that are dropped first while those are held (energy balances).
        starts: values of all unknowns to start from, tried in turn for each block that fails.
        groups: groups of equations to sweep through where that fails (units of a flowsheet).
        late: design specifications; see `Sweep`.
        design: those of them that may be left out at first; see `Rated`.
        ipopt: whether IPOPT may try what Newton cannot solve.
        follow: only follow the way from swept start values, which stays near them.
    """

    def __init__(
        self,
        solver: SquareSolver,
        held: Iterable[VarData],
        last: Iterable[ConstraintData],
        starts: Sequence[Vector],
        groups: Sequence[Group] = (),
        late: Iterable[VarData] = (),
        design: Sequence[Freed] = (),
        *,
        ipopt: bool = True,
        follow: bool = False,
    ) -> None:
        self.solver, self.starts, self.ipopt = solver, starts, ipopt
        self.scatter = 0
        self.failed: list[VarData] = []
        self.stuck: Part | None = None
        self.done: list[VarData] = []
        self.followed: list[VarData] = []
        # The methods of a row are tried in turn from each of its starts, before the next row.
        self.methods: tuple[tuple[Sequence[Vector], tuple[Callable[[Part], bool], ...]], ...]
        self.methods = (
            (starts[:FIRST], (self._held_first,)),
            (starts, (self._swept,)),
            (starts[:1], (self._swept_longer, self._rated)),
            ([starts[0]] * SCATTERED, (self._scattered,)),
            (starts[1:], (self._swept_longer, self._rated)),
            (starts[FIRST:], (self._held_first,)),
            (starts, (self._direct,)),
        )
        if follow:
            self.methods = ((starts, (self._followed,)),)
        index = solver.compiled.index
        self.held = {k for k in map(index, held) if k is not None}
        rows = {id(c): k for k, c in enumerate(solver.compiled.equations)}
        self.last = [rows[id(c)] for c in last if id(c) in rows]
        self.inner: dict[tuple[int, int], list[list[Part]]] = {}
        self.sweep = Sweep(solver, groups, late) if groups else None
        self.rated = Rated(solver, design) if groups and design else None

    def run(self) -> Outcome:
        """Solve every block in triangular order; the outcome is checked as in `solve`."""
        solver = self.solver
        solver._begin()
        solver.compiled.x[:] = self.starts[0]
        for at, group in enumerate(solver._blocks):
            if len(group) == 1 and group[0].diagonal and group[0].size > 1:
                if self._within_budget(group[0], solver._joined):
                    self._count(group[0])
                    continue
                group = solver._blocks[at] = solver._singles(group[0])
            for part in group:
                if not self._within_budget(part, self._part):
                    self.failed = [solver.compiled.unknowns[k] for k in part.columns]
                    self.stuck = part
                    self._explicit(at + 1)
                    return solver._finish([solver._name(part)])
                self._count(part)
        return solver._finish([])

    def run_near(self) -> Outcome:
        """Solve from the first start, which is near a solution in all but the groups.

        One sweep through the groups, then Newton on all equations; where that fails, what is left
        at the seams goes to zero bit by bit.
        """
        solver = self.solver
        solver._begin()
        solver.compiled.x[:] = self.starts[0]
        solved = self._within_budget(solver.whole, self._near)
        return solver._finish([] if solved else ["all equations at once"])

    def _near(self, part: Part) -> bool:
        solver, x = self.solver, self.solver.compiled.x
        if self.sweep is not None:
            self.sweep.run(part, 1, self._inner)
        at = x[part.columns].copy()
        if solver.newton.run(part, solver.max_iterations).solved and solver._inside():
            return True
        x[part.columns] = at
        return relax(solver.newton, part) and solver._inside()

    def _count(self, part: Part) -> None:
        unknowns = self.solver.compiled.unknowns
        self.done += [unknowns[k] for k in part.columns]

    def _explicit(self, first: int) -> None:
        """Single unknowns that follow from the last point of the unsolved block: `followed`."""
        solver, pattern = self.solver, self.solver.compiled.pattern()
        unknowns = solver.compiled.unknowns
        known = {id(v) for v in (*self.done, *self.failed)}
        budget, solver.newton.budget = solver.newton.budget, Budget()
        for part in (p for group in solver._blocks[first:] for p in group if p.diagonal):
            for one in solver._singles(part):
                needs = {id(unknowns[k]) for k in pattern[one.rows[0]].indices}
                v = unknowns[one.columns[0]]
                if needs <= known | {id(v)} and solver.newton.run(one, FOLLOW).solved:
                    known.add(id(v))
                    self.followed.append(v)
        solver.newton.budget = budget

    def _within_budget(self, part: Part, solve: Callable[[Part], bool]) -> bool:
        """Solve a block; a block during which the iteration budget ends is not solved."""
        try:
            return solve(part)
        except Spent:
            return False

    def _part(self, part: Part) -> bool:
        solver, c = self.solver, self.solver.compiled
        if part.size < SMALL:
            for x0 in self.starts:
                c.x[part.columns] = x0[part.columns]
                if solver._block(part) if self.ipopt else self._either(part):
                    return True
            return False
        before = solver.newton.iterations
        for starts, row in self.methods:
            for method, x0 in ((m, x) for x in starts for m in row):
                c.x[part.columns] = x0[part.columns]
                if method(part):
                    steps = solver.newton.iterations - before
                    name = method.__name__.strip("_").replace("_", " ")
                    solver._trace.append(BlockTrace(solver._name(part), part.size, name, steps))
                    return True
        return self.ipopt and part.size <= LARGE and self._by_ipopt(part)

    def _held_first(self, part: Part) -> bool:
        """All but the held unknowns, as far as that goes; then everything."""
        self._pass(part)
        return self._either(part)

    def _swept(self, part: Part) -> bool:
        """A few sweeps; then everything: at once, after the held unknowns' pass, or bit by bit."""
        return self._sweeps(part, SWEEPS[:1])

    def _swept_longer(self, part: Part) -> bool:
        """The same after more sweeps."""
        return self._sweeps(part, SWEEPS)

    def _scattered(self, part: Part) -> bool:
        """Sweeps from a start and in nominals that are scattered over two decades, always the same.

        Newton that runs in a circle from every good start seldom does so with other damping.
        """
        solver, c, k = self.solver, self.solver.compiled, part.columns
        rng = np.random.default_rng([self.scatter, part.size])
        self.scatter += 1
        factors, places = 10.0 ** rng.uniform(-1.0, 1.0, (2, part.size)), rng.random(part.size)
        low, high = c.lower[k], c.upper[k]
        c.x[k] = np.clip(c.x[k] * factors[0], low, high)
        held = np.isin(k, list(self.held)) & np.isfinite(low) & np.isfinite(high)
        c.x[k[held]] = low[held] + places[held] * (high - low)[held]
        nominal = solver.nominal.copy()
        nominal[k] *= factors[1]
        with measured(solver, nominal):
            found = self._swept(part)
        return found and solver.newton.run(part, solver.max_iterations).solved

    def _sweeps(self, part: Part, passes: Sequence[int]) -> bool:
        if self.sweep is None:
            return False
        x = self.solver.compiled.x
        for number in passes:
            self.sweep.run(part, number, self._inner)
        at = x[part.columns].copy()
        if self._either(part):
            return True
        x[part.columns] = at
        if self._held_first(part):
            return True
        x[part.columns] = at
        return relax(self.solver.newton, part)

    def _rated(self, part: Part) -> bool:
        """Design specifications left out at first, then met bit by bit."""
        if self.sweep is None or self.rated is None:
            return False
        return self.rated.run(part, self._smaller, self._either)

    def _smaller(self, part: Part) -> bool:
        """A part of a block, from the present point."""
        if part.size < SMALL:
            return self._either(part)
        x = self.solver.compiled.x
        at = x[part.columns].copy()
        if self._held_first(part):
            return True
        x[part.columns] = at
        return self._swept(part) or self._swept_longer(part)

    def _followed(self, part: Part) -> bool:
        """Sweeps, then the residuals to zero bit by bit."""
        if self.sweep is None:
            return False
        self.sweep.run(part, sum(SWEEPS), self._inner)
        return relax(self.solver.newton, part)

    def _direct(self, part: Part) -> bool:
        """Everything from the start values as they are."""
        return self._either(part)

    def _either(self, part: Part) -> bool:
        """Newton, then Newton judged by its next step, from the same point."""
        solver, x = self.solver, self.solver.compiled.x
        at = x[part.columns].copy()
        if solver.newton.run(part, solver.max_iterations).solved:
            return True
        x[part.columns] = at
        return solver.newton.run(part, solver.max_iterations, natural=True).solved

    def _pass(self, part: Part) -> None:
        """Solve the inner parts of a block as far as Newton can."""
        solver, groups = self.solver, self._inner(part)
        for at, group in enumerate(groups):
            if len(group) == 1 and group[0].diagonal and group[0].size > 1:
                if solver._joined(group[0]):
                    continue
                group = groups[at] = solver._singles(group[0])
            for p in group:
                self._either(p)

    def _by_ipopt(self, part: Part) -> bool:
        self.solver.compiled.x[part.columns] = self.starts[0][part.columns]
        self._pass(part)
        return self.solver._block(part)

    def _inner(self, part: Part) -> list[list[Part]]:
        """The block without the held unknowns and without the equations then left over."""
        key = int(part.rows[0]), part.size
        if key not in self.inner:
            self.inner[key] = self._without_held(part)
        return self.inner[key]

    def _without_held(self, part: Part) -> list[list[Part]]:
        solver = self.solver
        columns = np.array([k for k in part.columns if k not in self.held], dtype=np.int64)
        pattern = solver.compiled.pattern()[part.rows]
        matched = maximum_bipartite_matching(pattern[:, columns].tocsr(), perm_type="row")
        columns = columns[np.asarray(matched) >= 0]
        if not len(columns):
            return []
        return parts_without(solver, part, columns, self.last)
