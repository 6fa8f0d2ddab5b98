"""Many scenarios of one model: vector Newton, continuation, IPOPT with bounds, or a reason."""

from __future__ import annotations

import hashlib
import os
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from numbers import Integral
from pathlib import Path
from typing import Any

import casadi as ca
import numpy as np
import numpy.typing as npt
from pyomo.core.base.block import BlockData as Block
from pyomo.core.base.var import VarData

from noxsolve import lanes
from noxsolve import rescue as rescuing
from noxsolve.compiled import CompiledModel
from noxsolve.dataset import Dataset, Row, StudyFile
from noxsolve.errors import ModelError
from noxsolve.lanes import Executor, Wide
from noxsolve.limits import Limits
from noxsolve.prepared import VERY_MANY, Answers, Prepared, choose
from noxsolve.scenarios import Scenarios, compiled
from noxsolve.square import SquareSolver
from noxsolve.status import Status

Vector = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]

_KNOWN: weakref.WeakKeyDictionary[SquareSolver, dict[Any, Prepared]] = weakref.WeakKeyDictionary()
KEPT = 4
"""Preparations that are kept for a solver."""


def solve_many(
    model: SquareSolver | CompiledModel | Block,
    inputs: Any,
    *,
    outputs: Sequence[str | VarData] | None = None,
    executor: str = "auto",
    threads: int | None = None,
    rescue: str = "full",
    progress: Progress | None = None,
    file: str | Path | None = None,
    limits: Mapping[str, Any] | None = None,
) -> Dataset:
    """Solve a square model for many values of its inputs, each warm from the solved base case.

    Residuals and bounds of every scenario are checked, inequalities too. One whose Newton steps fail is
    continued from the base case in stages; one that fails then, or lies outside its bounds, is continued
    adaptively and then given to IPOPT with bounds, as `rescue` allows; what is left gets a reason.
    The answers do not depend on the number of threads or on the order of the scenarios. Ctrl-C ends it:
    scenarios that are done keep their answers, the others have the status INTERRUPTED (where the solver
    is to raise interrupts, KeyboardInterrupt goes on).

    Args:
        model: a SquareSolver at its base case (it is solved if it is not), or a model for one.
            The point is the same afterwards. Sizes that follow from start values follow from the
            base case from then on.
        inputs: values by name (or variable), a pandas table, or an array of shape (scenarios,
            all inputs of the model); a single number holds for all scenarios. Own units. Inputs are
            fixed variables, and mutable parameters where a model is given.
        outputs: names (or variables) of unknowns or inputs; all unknowns if none are given.
        executor: "casadi" for few scenarios, "numpy", "llvm" (extra `fast`), or "auto".
        threads: threads that share the work; all CPUs of the process unless said otherwise.
        rescue: "full", "continuation" (no IPOPT) or "none" for what vector Newton leaves.
        progress: called with the number of scenarios done and their total.
        file: CSV file that grows as scenarios are done; a study that was killed goes on from it.
            Of another model, or with other values of what does not vary, it is refused.
        limits: Pyomo expressions by name that must not be negative, besides the inequalities.

    Raises ModelError for unknown names, shapes that do not fit, a base case that cannot be solved, and a
    file of another study; MissingPackage for "llvm" without llvmlite.
    """
    if not isinstance(limits or {}, Mapping):
        raise ModelError(f"limits are expressions by name, not {limits!r}")
    solver = model if isinstance(model, SquareSolver) else SquareSolver(compiled(model, inputs))
    if rescue not in rescuing.RESCUES:
        raise ModelError(
            f"there is no rescue {rescue!r}; choose one of {', '.join(rescuing.RESCUES)}"
        )
    whole = isinstance(threads, Integral) and not isinstance(threads, bool)
    if threads is not None and not (whole and threads >= 1):
        raise ModelError(f"threads = {threads!r}: give a whole number of at least 1")
    _require_base(solver)
    outputs = [outputs] if isinstance(outputs, str) else outputs
    scenarios = Scenarios(solver.compiled, inputs, outputs)
    name = choose(executor, len(scenarios))
    study = None
    if file is not None:
        mark = fingerprint(solver, scenarios.varied, rescue, limits or {})
        study = StudyFile(file, scenarios.inputs, scenarios.output_names, mark)
    held = None
    if limits or solver.compiled.inequalities:
        held = Limits(solver.compiled, scenarios.varied, limits or {}, solver.nominal)
    run = _Run(solver, scenarios, held, rescue, progress, study)
    effort = int(len(scenarios) >= VERY_MANY)
    ready = prepared(solver, scenarios.varied, name, effort=effort)
    return run.run(ready, threads or _cpus())


def fingerprint(
    solver: SquareSolver, varied: Sequence[int], rescue: str, limits: Mapping[str, Any]
) -> str:
    """What tells a study from one of another model, or with other values of what does not vary.

    Args:
        solver: the solver of the model.
        varied: positions of the inputs that vary.
        rescue: as for `solve_many`.
        limits: as for `solve_many`.
    """
    c = solver.compiled
    more = ca.Function("limits", [c.sx_x, c.sx_p], [c.sx_inequalities])
    held = np.delete(c.p, np.asarray(varied, dtype=np.int64))
    found = hashlib.blake2b(digest_size=8)
    for text in (
        c.function.serialize(),
        more.serialize(),
        *(v.name for v in (*c.unknowns, *c.inputs, *c.inequalities)),
        *(f"{name}: {e}" for name, e in limits.items()),
        rescue,
    ):
        found.update(text.encode() + b"\0")
    for a in (held, c.lower, c.upper, c.inequality_lower, c.inequality_upper):
        found.update(a.tobytes())
    return found.hexdigest()


def prepared(
    solver: SquareSolver, varied: Sequence[int], executor: str, *, effort: int = 1
) -> Prepared:
    """Preparation for a solver at its present point and inputs; kept for the next call."""
    key = executor, effort, tuple(varied), solver.compiled.p.tobytes()
    known = _KNOWN.setdefault(solver, {})
    ready = known.get(key)
    if ready is None or not ready.belongs(solver):
        known.pop(key, None)
        while len(known) >= KEPT:
            known.pop(next(iter(known)))
        ready = known[key] = Prepared(solver, varied, executor, effort=effort)
    return ready


def _require_base(solver: SquareSolver) -> None:
    outcome = solver.check()
    if not outcome.solved:
        outcome = solver.solve()
    if not outcome.solved:
        raise ModelError(f"the base case is not solved: {outcome.message}", outcome.status)
    solver.adopt_sizes()


def _cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _stopping(executor: Executor) -> Iterator[None]:
    """Let runs of other threads end at their next step, where they take seconds."""
    if not isinstance(executor, Wide):
        yield
        return
    executor.stop = True
    try:
        yield
    finally:
        executor.stop = False


class _Run:
    """One call of `solve_many`."""

    def __init__(
        self,
        solver: SquareSolver,
        scenarios: Scenarios,
        limits: Limits | None,
        rescue: str,
        progress: Progress | None,
        study: StudyFile | None,
    ) -> None:
        self.scenarios, self.limits = scenarios, limits
        self.rescue = rescuing.Rescue(solver, scenarios, limits, rescue)
        self.progress, self.study = progress, study
        number = len(scenarios)
        self.values = np.full((number, len(scenarios.output_names)), np.nan)
        self.steps = np.zeros(number, dtype=np.int64)
        self.status: list[Status] = [Status.FAILED] * number
        self.message, self.method = [""] * number, ["none"] * number
        self.done = 0
        self.open = np.ones(number, dtype=bool)
        """Scenarios whose end is not known yet."""

    def run(self, ready: Prepared, threads: int) -> Dataset:
        """Solve all that a file does not hold yet."""
        try:
            self._all(ready, threads)
        except KeyboardInterrupt:
            if self.rescue.solver.raise_interrupts:
                raise
            status = Status.INTERRUPTED
            for row in np.flatnonzero(self.open).tolist():
                nothing = self.scenarios.nothing(row)
                self._set(row, Row(status, "none", 0, status.value, nothing))
        s = self.scenarios
        return Dataset(
            inputs=s.inputs,
            outputs={k: self.values[:, at].copy() for at, k in enumerate(s.output_names)},
            status=tuple(self.status),
            message=tuple(self.message),
            method=tuple(self.method),
            iterations=self.steps,
        )

    def _all(self, ready: Prepared, threads: int) -> None:
        left = self._left()
        self._tell(0)
        later: list[rescuing.Left] = []
        for rows, answers in self._chunks(ready, left, threads):
            later += self._store(rows, answers)
        for one in later:
            self._rescue(one)

    def _left(self) -> Codes:
        """Scenarios that are still to be solved; the others are filled in."""
        if self.study is not None:
            for row, known in self.study.done.items():
                self._set(row, known)
        bad = self.scenarios.refused()
        refused = {}
        for row, message in bad.items():
            nothing = self.scenarios.nothing(row)
            refused[row] = Row(Status.NOT_A_NUMBER, "none", 0, message, nothing)
            self._set(row, refused[row])
        known_rows = set(self.study.done) if self.study else set()
        self._keep({k: v for k, v in refused.items() if k not in known_rows})
        self.done = len(known_rows | set(bad))
        return np.array(
            [k for k in range(len(self.status)) if k not in known_rows and k not in bad],
            dtype=np.int64,
        )

    def _chunks(
        self, ready: Prepared, left: Codes, threads: int
    ) -> Iterator[tuple[Codes, Answers]]:
        size, s = ready.executor.chunk, self.scenarios
        parts = [left[a : a + size] for a in range(0, len(left), size)]
        wanted = s.unknown_outputs

        def work(rows: Codes) -> Answers:
            return ready.run(s.values[rows], wanted, self.limits)

        if threads == 1 or len(parts) < 2:
            for rows in parts:
                yield rows, work(rows)
            return
        with ThreadPoolExecutor(min(threads, len(parts))) as pool:
            try:
                yield from zip(parts, pool.map(work, parts), strict=True)
            except BaseException:
                with _stopping(ready.executor):
                    pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _store(self, rows: Codes, answers: Answers) -> list[rescuing.Left]:
        """Take over a chunk; returns the scenarios that need more."""
        s = self.scenarios
        values = s.spread(rows, answers.outputs)
        good = answers.code == lanes.SOLVED
        self.values[rows] = values
        self.steps[rows] = answers.steps
        later = []
        fine: dict[int, Row] = {}
        words = Status.SOLVED.value
        continued = answers.continued.tolist()
        for at, (row, ok) in enumerate(zip(rows.tolist(), good.tolist(), strict=True)):
            if ok:
                self.status[row], self.message[row] = Status.SOLVED, words
                self.method[row] = "continuation" if continued[at] else "newton"
                self.open[row] = False
                if self.study is not None:
                    fine[row] = self._row(row)
            else:
                why = answers.code[at], answers.worst[at], answers.value[at]
                later.append(rescuing.Left(row, int(why[0]), int(why[1]), float(why[2])))
        self._keep(fine)
        self._tell(len(rows) - len(later))
        return later

    def _rescue(self, left: rescuing.Left) -> None:
        found = self.rescue.run(left)
        steps = int(self.steps[left.row]) + found.iterations
        self._set(left.row, found._replace(iterations=steps))
        self._keep({left.row: self._row(left.row)})
        self._tell(1)

    def _set(self, row: int, known: Row) -> None:
        self.status[row], self.method[row] = known.status, known.method
        self.steps[row], self.message[row] = known.iterations, known.message
        self.values[row] = known.outputs
        self.open[row] = False

    def _row(self, row: int) -> Row:
        return Row(
            self.status[row],
            self.method[row],
            int(self.steps[row]),
            self.message[row],
            self.values[row].tolist(),
        )

    def _keep(self, rows: Mapping[int, Row]) -> None:
        if self.study is not None and rows:
            self.study.append(rows)

    def _tell(self, more: int) -> None:
        self.done += more
        if self.progress is not None:
            self.progress(self.done, len(self.status))


__all__ = ["Prepared", "fingerprint", "prepared", "solve_many"]
