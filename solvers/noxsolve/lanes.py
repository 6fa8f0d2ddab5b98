"""What solves many scenarios of one model side by side, and the NumPy way of doing it.

A lane holds one scenario. All lanes take Newton steps together, each is judged by its own step and
residual alone, and a lane that ends is given the next scenario. So neither the number of lanes nor the
order of the scenarios changes an answer by more than rounding.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from noxsolve import graph as g
from noxsolve.compiled import bind
from noxsolve.newton import ROUNDED, STALLED
from noxsolve.step import NewtonStep

Vector = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

SOLVED, OUTSIDE, NOT_A_NUMBER, LIMIT, VIOLATED = range(5)
"""How a lane ends: solved; solved beyond a bound; a value that is no number; steps used up; solved, but
an inequality does not hold (which is found after the run)."""
STEPS = 20
"""Newton steps that a lane may take."""
TIGHT = 1e-2
"""The answer is the point at which the step was judged, so the step must be this much smaller than the
tolerance of a square solve, which is one more step in a few lanes."""
RESIDUAL = 1e-10
"""Largest residual against the scales of the equations, as in a square solve."""
RESIDUAL_STALLED = 1e-12
DIVERGED = 1e10
"""Step in nominals that is given up."""


class Criteria(NamedTuple):
    """Squares of what a lane is judged by."""

    step: float
    residual: float
    rounded: float
    stalled: float
    residual_stalled: float
    diverged: float


def criteria(tolerance: float) -> Criteria:
    """Criteria of a lane from the tolerance of a square solve."""
    values = (tolerance * TIGHT, RESIDUAL, ROUNDED, STALLED, RESIDUAL_STALLED, DIVERGED)
    return Criteria(*(v**2 for v in values))


@dataclass(frozen=True)
class Ends:
    """How scenarios ended.

    Attributes:
        x: unknowns in the order of the program (core, then the others), shape (scenarios, n).
        code: SOLVED, OUTSIDE, NOT_A_NUMBER or LIMIT, shape (scenarios,).
        steps: Newton steps, shape (scenarios,).
    """

    x: Vector
    code: Codes
    steps: Codes


class Executor(Protocol):
    """Runs the Newton steps of scenarios; may be called by several threads at once."""

    name: str
    chunk: int

    def predict(self, inputs: Vector) -> Vector:
        """Core to start from, shape (scenarios, c): to first order from the base case."""
        ...

    def run(self, inputs: Vector, start: Vector) -> Ends:
        """Solve at most `chunk` scenarios; the answer is overwritten by the next call of the thread.

        Args:
            inputs: values of the inputs that vary, shape (scenarios, q).
            start: core to start from, shape (scenarios, c).
        """
        ...


class Bounds(NamedTuple):
    """Bounds with their slack, in the order of the program, shape (n,)."""

    low: Vector
    high: Vector


def ended(e: Vector, r: Vector, last: Vector, count: Codes, by: Criteria) -> tuple[Any, Any]:
    """Which lanes are solved, and which are given up as no number; squares of step and residual."""
    solved = (e < by.step) & (r < by.residual)
    solved |= (e < by.rounded) & (e > by.stalled * last) & (r < by.residual_stalled)
    return solved, ~((e < by.diverged) & (r < by.diverged))


def predicted(step: NewtonStep, inputs: Vector) -> Vector:
    """Core to first order, term by term, so that each row is the same wherever it stands."""
    found = np.tile(step.base_x[step.core], (len(inputs), 1))
    for k, slope in enumerate(step.slopes.T):
        found += (inputs[:, k] - step.base_p[k])[:, None] * slope
    return found


def _inside(x: Vector, bounds: Bounds) -> Any:
    return ((x >= bounds.low) & (x <= bounds.high)).all(axis=-1)


class Virtual:
    """One scenario after the other in CasADi's virtual machine: nothing to prepare."""

    name = "casadi"
    chunk = 64

    def __init__(self, step: NewtonStep, bounds: Bounds, by: Criteria) -> None:
        self.bounds, self.by, self.step = bounds, by, step
        self.function = step.casadi()

    def predict(self, inputs: Vector) -> Vector:
        """See `Executor`."""
        return predicted(self.step, inputs)

    def run(self, inputs: Vector, start: Vector) -> Ends:
        """See `Executor`."""
        c = len(self.step.core)
        x, p = np.zeros(c), np.zeros(inputs.shape[1])
        new, rest, size = np.zeros(c), np.zeros(len(self.step.rest)), np.zeros(2)
        call = bind(self.function, [x, p], [new, rest, size])
        found = Ends(
            np.empty((len(inputs), c + len(rest))),
            np.full(len(inputs), LIMIT),
            np.zeros(len(inputs), dtype=np.int64),
        )
        for k in range(len(inputs)):
            p[:], x[:] = inputs[k], start[k]
            found.code[k], found.steps[k] = self._one(call, x, new, size)
            found.x[k, :c], found.x[k, c:] = x, rest
            if found.code[k] == SOLVED and not _inside(found.x[k], self.bounds):
                found.code[k] = OUTSIDE
        return found

    def _one(self, call: Callable[[], None], x: Vector, new: Vector, size: Vector) -> Any:
        by, last = self.by, np.inf
        for done in range(1, STEPS + 1):
            call()
            e, r = size.tolist()
            if e < by.step and r < by.residual:
                return SOLVED, done
            if by.stalled * last < e < by.rounded and r < by.residual_stalled:
                return SOLVED, done
            if not (e < by.diverged and r < by.diverged):
                return NOT_A_NUMBER, done
            x[:], last = new, e
        return LIMIT, STEPS


class Tape:
    """The program as operations on rows of an array, one column per scenario."""

    def __init__(self, graph: g.Graph, outputs: list[int], sizes: tuple[int, int]) -> None:
        order = [k for k in graph.live(outputs)]
        place: dict[int, int | float] = {}
        ending: dict[int, int] = {}
        work = [k for k in order if g.ARITY[graph.code[k]]]
        for t, k in enumerate(work):
            ending[graph.left[k]] = t
            if g.ARITY[graph.code[k]] == 2:
                ending[graph.right[k]] = t
        kept = set(outputs)
        for k in order:
            code = graph.code[k]
            if code == g.CONST:
                place[k] = float(graph.number[k] or 0.0)
            elif code in (g.X, g.P):
                place[k] = graph.left[k] + (sizes[0] if code == g.P else 0)
        self.rows, free = sum(sizes), list[int]()
        self.program: list[tuple[int, int, int | float, int | float | None]] = []
        inputs = set(place)
        for t, k in enumerate(work):
            a, b = graph.left[k], graph.right[k]
            two = g.ARITY[graph.code[k]] == 2
            arguments = place[a], place[b] if two else None
            for i in {a, b} if two else {a}:
                if ending[i] == t and i not in kept and i not in inputs:
                    free.append(int(place[i]))
            if not free:
                free.append(self.rows)
                self.rows += 1
            place[k] = free.pop()
            self.program.append((graph.code[k], int(place[k]), *arguments))
        self.outputs = [place[k] for k in outputs]

    def bind(self, registers: Vector) -> Callable[[], None]:
        """The program on an array of shape (rows, width)."""
        table = [
            (
                _UFUNCS[code],
                registers[a] if isinstance(a, int) else a,
                registers[b] if isinstance(b, int) else b,
                registers[d],
            )
            for code, d, a, b in self.program
        ]

        def run() -> None:
            for f, a, b, d in table:
                if b is None:
                    f(a, out=d)
                else:
                    f(a, b, out=d)

        return run

    def get(self, registers: Vector, k: int) -> Any:
        """Output k: a row, or a number where it is constant."""
        at = self.outputs[k]
        return registers[at] if isinstance(at, int) else np.full(registers.shape[1], at)


class Wide:
    """Many scenarios side by side in NumPy: no package besides, some 50 us a scenario."""

    name = "numpy"

    def __init__(
        self, step: NewtonStep, bounds: Bounds, by: Criteria, *, chunk: int = 1024
    ) -> None:
        self.step, self.bounds, self.by, self.chunk = step, bounds, by, chunk
        self.stop = False
        """Set by whoever has to end the runs of other threads before they are done."""
        self.core, self.rest = len(step.core), len(step.rest)
        self.tape = Tape(step.graph, step.outputs, (self.core, len(step.varied)))

    def predict(self, inputs: Vector) -> Vector:
        """See `Executor`."""
        return predicted(self.step, inputs)

    def run(self, inputs: Vector, start: Vector) -> Ends:
        """See `Executor`."""
        number, n = len(inputs), self.core + self.rest
        found = Ends(
            np.empty((number, n)), np.full(number, LIMIT), np.zeros(number, dtype=np.int64)
        )
        left = np.arange(number)
        last = np.full(number, np.inf)
        core = start.T.copy()
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for done in range(1, STEPS + 1):
                if not len(left):
                    break
                if self.stop:
                    raise KeyboardInterrupt
                core, last, left = self._step(inputs, core, last, left, found, done)
        solved = found.code == SOLVED
        found.code[solved & ~_inside(found.x, self.bounds)] = OUTSIDE
        return found

    def _step(
        self, inputs: Vector, core: Vector, last: Vector, left: Codes, found: Ends, done: int
    ) -> tuple[Vector, Vector, Codes]:
        """One step of all scenarios that are left; the core after it of those left then."""
        tape, c = self.tape, self.core
        registers = np.empty((tape.rows, len(left)))
        registers[:c], registers[c : c + inputs.shape[1]] = core, inputs[left].T
        tape.bind(registers)()
        e, r = tape.get(registers, 0), tape.get(registers, 1)
        solved, wrong = ended(e, r, last, left, self.by)
        over = solved | wrong | (done == STEPS)
        at = left[over]
        found.code[at] = np.select([solved[over], wrong[over]], [SOLVED, NOT_A_NUMBER], LIMIT)
        found.steps[at] = done
        found.x[at, :c] = core[:, over].T
        for k in range(self.rest):
            found.x[at, c + k] = tape.get(registers, 2 + k)[over]
        new = np.array([tape.get(registers, 2 + self.rest + k)[~over] for k in range(c)])
        return new, e[~over], left[~over]


def _ufuncs() -> dict[int, Any]:
    from scipy.special import erf

    named: dict[str, Any] = {"asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "erf": erf}
    named |= {"asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh, "atan2": np.arctan2}
    named |= {"lt": np.less, "le": np.less_equal, "eq": np.equal, "ne": np.not_equal}
    named |= {"not": np.logical_not, "and": np.logical_and, "or": np.logical_or}
    named |= {"if_else_zero": _if_else_zero}
    plain = {
        g.ADD: np.add,
        g.SUB: np.subtract,
        g.MUL: np.multiply,
        g.NEG: np.negative,
        g.INV: np.reciprocal,
        g.SQRT: np.sqrt,
        g.EXP: np.exp,
        g.LOG: np.log,
        g.POW: np.power,
    }
    return plain | {g.CODE[k]: named.get(k) or getattr(np, k) for k, _, _ in g.NAMES}


def _if_else_zero(condition: Any, value: Any, out: Vector) -> None:
    np.copyto(out, np.where(condition != 0, value, 0.0))


_UFUNCS = _ufuncs()


def apply(code: int, values: list[float]) -> float:
    """One operation of a program on numbers."""
    out = np.empty(1)
    with np.errstate(all="ignore"):
        _UFUNCS[code](*(np.array([v]) for v in values), out=out)
    return float(out[0])


__all__ = ["Bounds", "Ends", "Executor", "Tape", "Virtual", "Wide", "apply", "criteria"]
