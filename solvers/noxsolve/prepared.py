"""A model prepared for many scenarios: the Newton step, what runs it, and continuation in lanes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from noxsolve import lanes
from noxsolve.errors import MissingPackage, ModelError
from noxsolve.lanes import Bounds, Codes, Executor, Virtual, Wide, criteria
from noxsolve.limits import Limits
from noxsolve.newton import SLACK
from noxsolve.square import SquareSolver
from noxsolve.step import newton_step
from noxsolve.vectorcode import Compiled, available

Vector = npt.NDArray[np.float64]

EXECUTORS = ("auto", "casadi", "numpy", "llvm")
FEW = 16
"""Scenarios up to which CasADi's machine is the choice, which is the fastest for one at a time."""
MANY = 500
"""Scenarios from which on vector code is worth its preparation."""
VERY_MANY = 200_000
"""Scenarios from which on the compiler's better code makes up for the time that it takes."""
STAGES = (4, 16)
"""Stages of the way from the base case for lanes that fail, then for those that fail again."""
FAILED = (lanes.NOT_A_NUMBER, lanes.LIMIT)
"""Ends after which continuation in lanes is tried."""
SAME = 1e-6
"""Distance in nominals at which two solved points for the same inputs count as the same."""
NEAR = 0.9
"""Share of the way to a bound that a predicted start may take."""


class Answers(NamedTuple):
    """Scenarios of one chunk.

    Attributes:
        outputs: chosen unknowns, shape (scenarios, outputs).
        code: code of `noxsolve.lanes`.
        steps: Newton steps of all attempts.
        continued: whether continuation was needed.
        worst: position of the unknown farthest beyond a bound (of the inequality, for VIOLATED), and
            its value; -1 for none.
    """

    outputs: Vector
    code: Codes
    steps: Codes
    continued: npt.NDArray[np.bool_]
    worst: Codes
    value: Vector


class Prepared:
    """Runs scenarios of one solver around its present, solved point.

    Args:
        solver: at a solved point, the base case.
        varied: positions of the inputs that vary.
        executor: "casadi", "numpy" or "llvm".
        effort: of the compiler for "llvm": 0 is ready in a third of the time, 1 runs 1.3 to 1.9 times as fast.

    Raises ModelError for a singular base case, MissingPackage for "llvm" without llvmlite.
    """

    def __init__(
        self, solver: SquareSolver, varied: Sequence[int], executor: str, *, effort: int = 0
    ) -> None:
        c = solver.compiled
        self.step = newton_step(solver, varied)
        order = np.concatenate([self.step.core, self.step.rest])
        self.place = np.empty(len(order), dtype=np.int64)
        """Position of each unknown of the model among the answers of an executor."""
        self.place[order] = np.arange(len(order))
        slack = SLACK * solver.nominal
        largest = np.finfo(np.float64).max  # so that what is infinite is outside
        bounds = Bounds(
            np.maximum(c.lower - slack, -largest)[order],
            np.minimum(c.upper + slack, largest)[order],
        )
        by = criteria(solver.newton.tolerance)
        self.executor: Executor
        if executor == "llvm":
            self.executor = Compiled(self.step, bounds, by, effort=effort)
        else:
            self.executor = {"casadi": Virtual, "numpy": Wide}[executor](self.step, bounds, by)
        core = self.step.core
        self._low, self._high = c.lower[core], c.upper[core]
        self._base = self.step.base_x[core]
        self.lower, self.upper, self.nominal = c.lower, c.upper, solver.nominal

    def belongs(self, solver: SquareSolver) -> bool:
        """Whether the present point of the solver is this base case, but for rounding."""
        away = np.abs(solver.compiled.x - self.step.base_x) / solver.nominal
        return bool(away.max() < SAME)

    def run(self, inputs: Vector, outputs: Codes, limits: Limits | None = None) -> Answers:
        """Solve at most `executor.chunk` scenarios.

        Args:
            inputs: values of the inputs that vary, shape (scenarios, q).
            outputs: positions of the unknowns that are wanted.
            limits: inequalities that answers must keep.
        """
        columns, number = self.place[outputs], len(inputs)
        found = Answers(
            outputs=np.full((number, len(columns)), np.nan),
            code=np.full(number, lanes.LIMIT),
            steps=np.zeros(number, dtype=np.int64),
            continued=np.zeros(number, dtype=bool),
            worst=np.full(number, -1),
            value=np.full(number, np.nan),
        )
        ends = self.executor.run(inputs, self._within(self.executor.predict(inputs)))
        found.steps[:] = ends.steps
        take = _Take(self, inputs, columns, limits, found)
        take.rows(np.arange(number), ends.x, ends.code)
        for stages in STAGES:
            failed = np.flatnonzero(np.isin(found.code, FAILED))
            if not len(failed):
                break
            self._continue(take, failed, stages)
        return found

    def _within(self, start: Vector) -> Vector:
        """Predicted starts beyond a bound pulled back to this side of it."""
        low, high, base = self._low, self._high, self._base
        for bound, beyond in ((low, start < low), (high, start > high)):
            if beyond.any():
                inside = base + NEAR * (bound - base)
                start = np.where(beyond, inside, start)
        return start

    def _continue(self, take: _Take, failed: Codes, stages: int) -> None:
        """Lanes that failed, from the base case in stages."""
        base, left, inputs, found = self.step.base_p, failed, take.inputs, take.found
        core = np.tile(self._base, (len(left), 1))
        for k in range(1, stages + 1):
            at = inputs[left] if k == stages else base + k / stages * (inputs[left] - base)
            ends = self.executor.run(at, core)
            found.steps[left] += ends.steps
            solved = ~np.isin(ends.code, FAILED)
            core, left = ends.x[solved][:, : core.shape[1]], left[solved]
            if not len(left):
                return
        found.continued[left] = True
        take.rows(left, ends.x[solved], ends.code[solved])


@dataclass
class _Take:
    """Writes ends of scenarios into the answers of a chunk."""

    ready: Prepared
    inputs: Vector
    columns: Codes
    limits: Limits | None
    found: Answers

    def rows(self, rows: Codes, x: Vector, code: Codes) -> None:
        """Take over some scenarios: checks limits, names what is outside."""
        found, ready = self.found, self.ready
        found.code[rows] = code
        good = np.flatnonzero(code == lanes.SOLVED)
        if self.limits is not None and len(good):
            model = x[good][:, ready.place]
            k, value, holds = self.limits.check(model, self.inputs[rows[good]])
            broken = rows[good[~holds]]
            found.code[broken] = lanes.VIOLATED
            found.worst[broken], found.value[broken] = k[~holds], value[~holds]
            good = good[holds]
        found.outputs[rows[good]] = x[good[:, None], self.columns]
        for at in np.flatnonzero(code == lanes.OUTSIDE):
            y = x[at, ready.place]
            if not np.isfinite(y).all():
                found.code[rows[at]] = lanes.NOT_A_NUMBER
                continue
            beyond = np.maximum(ready.lower - y, y - ready.upper) / ready.nominal
            most = int(np.argmax(beyond))
            found.worst[rows[at]], found.value[rows[at]] = most, y[most]


def choose(executor: str, scenarios: int) -> str:
    """The executor that is asked for, or the one that suits a number of scenarios.

    Raises ModelError for an unknown name, MissingPackage for "llvm" without llvmlite.
    """
    if executor not in EXECUTORS:
        raise ModelError(f"there is no executor {executor!r}; choose one of {', '.join(EXECUTORS)}")
    if executor == "llvm" and not available():
        raise MissingPackage("llvmlite", "fast", "the executor 'llvm'")
    if executor != "auto":
        return executor
    if scenarios <= FEW:
        return "casadi"
    return "llvm" if scenarios >= MANY and available() else "numpy"
