"""Square solve: damped Newton block by block in triangular order, IPOPT where that fails."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pyomo.core.base.block import BlockData as Block
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData
from scipy.sparse.csgraph import maximum_bipartite_matching

from noxsolve import homotopy, judge
from noxsolve.blockipopt import BlockIpopt
from noxsolve.compiled import CompiledModel, without_gc
from noxsolve.diagnosis import dependent, jumps, suspects
from noxsolve.errors import ModelError, StructureError
from noxsolve.guard import guarded
from noxsolve.matching import parts_without
from noxsolve.newton import Attempt, Newton, Part, Watch
from noxsolve.nominals import alternatives, automatic, borne_out, given, measured
from noxsolve.outcome import BlockTrace, Outcome
from noxsolve.status import Status
from noxsolve.structure import analyse, generations
from noxsolve.vanished import restore

__all__ = ["Outcome", "SquareSolver", "Watch"]

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

WARM = 12
"""Newton steps on all equations at once that a warm solve may take."""


class SquareSolver:
    """Solves a square Pyomo model, again and again for other values of its inputs.

    Args:
        model: Pyomo block, or a CompiledModel of it.
        nominal: size of each unknown in its own unit, > 0; 1 where absent. None: all sizes follow
            from the start values, see `nominals.automatic`.
        step_cap: largest Newton step of an unknown in its own unit; none where absent.
        watch: unknowns that are kept on a monotone equation of their own.
        tolerance: largest Newton step, in nominals, at which a block counts as solved.
        automatic (attribute): whether sizes follow from the start values.
        own (attribute): sizes of the unknowns at the start, each by itself; `first_scale` those of the
            equations.
        raise_interrupts (attribute): an interrupt ends in KeyboardInterrupt rather than in an
            outcome; set by whoever solves in a loop that an interrupt has to end.
        max_iterations: Newton steps per block. Longer runs wander, and rounding grows in them until
            the same plant in other units takes another way.

    Raises StructureError when equations and unknowns do not match, ModelError for a model that
    cannot be compiled and for numbers that make no sense; all name the component or argument.
    """

    def __init__(
        self,
        model: Block | CompiledModel,
        *,
        nominal: Mapping[VarData, float] | None = None,
        step_cap: Mapping[VarData, float] | None = None,
        watch: Sequence[Watch] = (),
        tolerance: float = 1e-11,
        max_iterations: int = 25,
    ) -> None:
        self.compiled = model if isinstance(model, CompiledModel) else CompiledModel(model)
        c = self.compiled
        _require_square(c)
        if not 0 < tolerance < 1:
            raise ModelError(f"tolerance = {tolerance}: give a number between 0 and 1")
        if not max_iterations >= 1:
            raise ModelError(f"max_iterations = {max_iterations}: give a number of at least 1")
        self.automatic = nominal is None
        self.nominal = automatic(c) if nominal is None else given(c, nominal, 1.0, "nominal")
        c.evaluate()
        self.own = np.where(c.start != 0, np.abs(c.start), self.nominal)
        self.first_scale = judge.row_scales(c, self.own)
        cap = given(c, step_cap or {}, np.inf, "step cap")
        self.newton = Newton(c, self.nominal, cap, tolerance)
        self.ipopt = BlockIpopt(self.compiled, self.nominal)
        self.max_iterations = max_iterations
        self.warm = False
        self.raise_interrupts = False
        self._stuck: Part | None = None
        self._ended = Status.NOT_CONVERGED
        self._rows = {id(c): k for k, c in enumerate(self.compiled.equations)}
        self._held: dict[tuple[frozenset[int], frozenset[int]], list[list[Part]]] = {}
        self._trace: list[BlockTrace] = []
        self._pairs = [self._watch(w) for w in watch]
        every = np.arange(len(self.compiled.unknowns))
        with without_gc():
            self._blocks = self._parts(every, every)
        self.whole = self.newton.part(every, every)

    def _watch(self, w: Watch) -> tuple[int, int] | None:
        """Register a watch; None when its unknown is fixed now."""
        column, row = self.compiled.index(w.unknown), self._rows.get(id(w.equation))
        if column is None:
            return None
        if row is None:
            raise ModelError(f"watched equation {w.equation.name!r} is not active in the model")
        if not w.low < w.high:
            raise ModelError(f"bracket of {w.unknown.name!r}: {w.low} is not below {w.high}")
        self.newton.watch(column, row, w.low, w.high)
        return column, row

    def _parts(self, rows: Indices, columns: Indices) -> list[list[Part]]:
        """Blocks in solving order; single unknowns of one generation are joined.

        Each entry is a list of parts: the joined part, or the blocks by themselves.
        """
        pattern = self.compiled.pattern()[rows][:, columns]
        result: list[list[Part]] = []
        for generation in generations(pattern):
            single = [(rows[r], columns[k]) for r, k in generation if len(r) == 1]
            if single:
                r, k = (np.concatenate(a) for a in zip(*single, strict=True))
                result.append([self.newton.part(r, k, diagonal=True)])
            result += [[self.newton.part(rows[r], columns[k])] for r, k in generation if len(r) > 1]
        return result

    @guarded
    def solve(self) -> Outcome:
        """Solve all equations from the present point and check the answer.

        After a success the next call first tries a few Newton steps on all equations at once.
        """
        self._begin()
        c = self.compiled
        start = c.x.copy()
        if self.warm and self.newton.run(self.whole, WARM).solved and self._inside():
            return self._finish([])
        c.x[:] = start
        failed = self._run(self._blocks, stop=True)
        if failed and self._otherwise(start):
            failed = []
        if failed and len(self._blocks) > 1 and self._at_once(start):
            failed = []
        return self._finish(failed)

    @guarded
    def newton_only(self) -> Outcome:
        """A few Newton steps on all equations from the present point, nothing else."""
        self._begin()
        done = self.newton.run(self.whole, WARM).solved and self._inside()
        return self._finish([] if done else ["all equations at once"])

    def _otherwise(self, start: Vector) -> bool:
        """All blocks again with steps in other nominals; when that fails the point is as before."""
        c = self.compiled
        reached, trace, stuck, ended = c.x.copy(), self._trace, self._stuck, self._ended
        for nominal in alternatives(self):
            c.x[:], self._trace = start, []
            with measured(self, nominal):
                if not self._run(self._blocks, stop=True) and self._inside():
                    return True
        c.x[:], self._trace, self._stuck, self._ended = reached, trace, stuck, ended
        c.evaluate()
        return False

    def _at_once(self, start: Vector) -> bool:
        """All equations as one block, for a block that failed because one before it has two roots.

        By Newton, then by IPOPT; when both fail the point is as before.
        """
        c = self.compiled
        reached = c.x.copy()
        c.x[:] = start
        attempt, method = self.newton.run(self.whole, self.max_iterations), "newton"
        if not (attempt.solved and self._inside()):
            c.x[:] = start
            attempt, method = self._by_ipopt(self.whole), "ipopt"
        if attempt.solved and self._inside():
            trace = BlockTrace("all equations", self.whole.size, method, attempt.iterations)
            self._trace.append(trace)
            return True
        c.x[:] = reached
        return False

    @guarded
    def solve_held(self, held: Iterable[VarData], last: Iterable[ConstraintData] = ()) -> Outcome:
        """Solve for all unknowns but those held at their present values ("flows first").

        Equations left without an unknown are dropped, those in `last` first. Unknowns that
        have no equation left are held too. All blocks are tried, also after a failure.
        `solved` says that every block that was tried is solved.
        """
        self._begin()
        columns = frozenset(k for k in map(self.compiled.index, held) if k is not None)
        rows = frozenset(k for k in (self._rows.get(id(c)) for c in last) if k is not None)
        key = (columns, rows)
        if key not in self._held:
            self._held[key] = self._prepare_held(columns, rows)
        failed = self._run(self._held[key], stop=False)
        self.warm = False
        status = Status.NOT_CONVERGED if failed else Status.SOLVED
        message = f"no solution found for {failed[0]}" if failed else status.value
        parts = [p for group in self._held[key] for p in group]
        self.compiled.evaluate()
        worst = self.worst(np.concatenate([p.rows for p in parts]) if parts else np.zeros(0, int))
        return self._outcome(not failed, status, message, worst, failed)

    def _prepare_held(self, held: frozenset[int], last: frozenset[int]) -> list[list[Part]]:
        pattern = self.compiled.pattern()
        columns = np.array(sorted(set(range(len(self.nominal))) - held), dtype=np.int64)
        matched = maximum_bipartite_matching(pattern[:, columns].tocsr(), perm_type="row")
        columns = columns[np.asarray(matched) >= 0]
        if not len(columns):
            return []
        return parts_without(self, self.whole, columns, last)

    @guarded
    def homotopy(self, targets: Mapping[VarData, float]) -> Outcome:
        """Move inputs from their present values to targets in adaptive steps.

        The present point is solved first when it does not hold. On failure point and inputs are
        left at the last solvable place, which the message names. Raises ModelError for a target
        that is no input of the model.
        """
        return homotopy.walk(self, targets)

    def check(self) -> Outcome:
        """Residuals against the scales of their equations, bounds and inequalities, as they are.

        Sizes that follow from the start values have to be borne out by the answer: see `judge`.
        """
        return judge.check(self)

    def set_point(self, values: Mapping[VarData, float]) -> None:
        """Set unknowns at the present point; variables that are no unknowns are ignored."""
        self.compiled.set_point(values)
        self.warm = False

    def adopt_sizes(self) -> None:
        """Let sizes that follow from start values follow from the present, solved point."""
        if self.automatic:
            self.nominal = self.ipopt.nominal = borne_out(self.compiled, self.own)
            self.newton.measure(self.nominal)

    def refresh_inputs(self) -> None:
        """Read the values of the fixed variables again (see CompiledModel.refresh_inputs)."""
        self.compiled.refresh_inputs()

    def load(self) -> None:
        """Write the present point and inputs into the Pyomo variables."""
        self.compiled.load()

    def _begin(self) -> None:
        self.newton.iterations, self.ipopt.calls, self._trace = 0, 0, []
        c = self.compiled
        np.clip(c.x, c.lower, c.upper, out=c.x)

    def _inside(self) -> bool:
        return judge.inside(self)

    def _run(self, groups: list[list[Part]], *, stop: bool) -> list[str]:
        """Solve groups of blocks in order; returns the names of those that failed."""
        x, failed = self.compiled.x, []
        for at, group in enumerate(groups):
            if len(group) == 1 and group[0].diagonal and group[0].size > 1:
                if self._joined(group[0]):
                    continue
                group = groups[at] = self._singles(group[0])
            for part in group:
                start = x[part.columns].copy()
                if self._block(part):
                    if stop and part.size > 1:
                        restore(self, part, start)
                else:
                    failed.append(self._name(part))
                    self._stuck = part
                    if stop:
                        return failed
        return failed

    def _joined(self, part: Part) -> bool:
        """Try single unknowns together; on failure the point is as before."""
        saved = self.compiled.x[part.columns].copy()
        if self.newton.run(part, self.max_iterations).solved:
            return True
        self.compiled.x[part.columns] = saved
        return False

    def _singles(self, part: Part) -> list[Part]:
        pairs = zip(part.rows, part.columns, strict=True)
        return [self.newton.part(np.array([r]), np.array([k])) for r, k in pairs]

    def _block(self, part: Part) -> bool:
        """One block: Newton, Newton judged by its next step, IPOPT and Newton again."""
        c, newton = self.compiled, self.newton
        saved, method = c.x[part.columns].copy(), "newton"
        attempt = newton.run(part, self.max_iterations)
        if not attempt.solved:
            c.x[part.columns], method = saved, "natural"
            attempt = newton.run(part, self.max_iterations, natural=True)
        if not attempt.solved:
            c.x[part.columns], method = saved, "ipopt"
            attempt = self._by_ipopt(part)
        if not attempt.solved:
            method, self._ended = "failed", attempt.status
        if part.size > 1 or method != "newton":
            name = self._name(part)
            self._trace.append(BlockTrace(name, part.size, method, attempt.iterations))
        return attempt.solved

    def _by_ipopt(self, part: Part) -> Attempt:
        c = self.compiled
        saved = c.x[part.columns].copy()
        for push in (1e-8, 1e-2):
            c.x[part.columns] = saved
            c.evaluate()
            self.ipopt.run(part, self.newton.row_scale(part), push)
            self.newton.budget.take(self.ipopt.iterations)
            reached = c.x[part.columns].copy()
            attempt = self.newton.run(part, self.max_iterations)
            if attempt.solved:
                return attempt
        c.x[part.columns] = reached
        c.evaluate()
        return attempt

    def _name(self, part: Part) -> str:
        names = [self.compiled.unknowns[k].name for k in part.columns[:4]]
        rest = f", ... ({part.size} unknowns)" if part.size > 4 else ""
        return ", ".join(names) + rest

    def _polish(self) -> None:
        """Two full Newton steps at most, each kept only when it does not harm."""
        judge.sharpen(self)
        for _ in range(2):
            if not self.newton.polish(self.whole):
                return

    def _finish(self, failed: list[str]) -> Outcome:
        if not failed:
            self._polish()
        outcome = self.check()
        if not failed and outcome.solved and (names := judge.undetermined(self)):
            outcome = judge.open_line(outcome, names)
        self.warm = outcome.solved
        if not failed:
            return outcome
        message = f"no solution found for {failed[0]}"
        message += "" if outcome.solved else f"; {outcome.message}"
        status = outcome.status if not outcome.solved else Status.NOT_CONVERGED
        if status is Status.NOT_CONVERGED:
            status, why = self._why(outcome.solved)
            message += why
        worst = outcome.worst_equation, outcome.worst_residual
        self.warm = False
        return self._outcome(False, status, message, worst, failed)

    def _why(self, holds: bool) -> tuple[Status, str]:
        """What can be said of a block that is not solved; `holds`: its equations hold all the same."""
        part = self.whole if self._stuck is None else self._stuck
        found = jumps(self.compiled, part.rows)
        if found:
            return Status.DISCONTINUOUS, f"; {found[0].words}"
        singular = holds or self._ended is Status.SINGULAR
        if singular and dependent(self, part.rows, part.columns):
            names = ", ".join(v.name for v in suspects(self.compiled, part.rows, part.columns))
            return Status.SINGULAR, f"; singular there in {names}" if names else ""
        return Status.NOT_CONVERGED, ""

    def worst(self, rows: Indices) -> tuple[str, float]:
        """Equation with the largest residual against its scale, at the evaluated point."""
        return judge.worst(self, rows)

    def _outcome(
        self,
        solved: bool,
        status: Status,
        message: str,
        worst: tuple[str, float],
        failed: Sequence[str] = (),
        **more: Any,
    ) -> Outcome:
        return Outcome(
            solved=solved,
            status=status,
            message=message,
            newton_iterations=self.newton.iterations,
            ipopt_calls=self.ipopt.calls,
            worst_equation=worst[0],
            worst_residual=worst[1],
            failed_blocks=tuple(failed),
            trace=tuple(self._trace),
            **more,
        )


def _require_square(compiled: CompiledModel) -> None:
    """Raise StructureError, or ModelError where there is nothing to solve."""
    found = analyse(compiled)
    if not found.sound:
        raise StructureError(found.message(), found.status)
    if not compiled.unknowns:
        raise ModelError("the model has no unknowns: no unfixed variable is in an equation")
