"""One model file: load, translate, solve, and what to say about it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo

from noxsolve.call import Settings
from noxsolve.compiled import without_gc
from noxsolve.errors import ModelError
from noxsolve.ladder import solve_in_attempts
from noxsolve.loadfile import load_model
from noxsolve.minlp import solve_bonmin
from noxsolve.nlp import Problem, Solved
from noxsolve.status import Status
from noxsolve.translate import active_objectives, translate


@dataclass(frozen=True)
class Job:
    """How to treat model files.

    Attributes:
        solver: "auto" (bonmin when variables are whole numbers), "ipopt" or "bonmin".
        route: "auto", "nl" or "walker".
        options: the solver's, by its names.
        time_limit: seconds of wall time for a model; None for no limit.
        attempts: how often to try with other options of IPOPT after a failure.
        name: variable of the script that holds the model, when there are several.
        transform: Pyomo transformations to apply first (gdp.bigm and so on).
    """

    solver: str = "auto"
    route: str = "auto"
    options: Mapping[str, Any] = field(default_factory=dict)
    time_limit: float | None = None
    attempts: int = 5
    name: str | None = None
    transform: Sequence[str] = ()


@dataclass
class Record:
    """One line about one model; the fields are the columns of the table and of the JSON."""

    name: str
    variables: int = 0
    constraints: int = 0
    route: str = ""
    status: str = Status.FAILED.name
    objective: float | None = None
    iterations: int = 0
    cpu_seconds: float = 0.0
    solver: str = ""
    attempts: int = 0
    message: str = ""
    violation: float | None = None
    absolute_violation: float | None = None
    stationarity: float | None = None

    @property
    def solved(self) -> bool:
        """Optimal, and checked."""
        return self.status == Status.OPTIMAL.name

    def as_json(self) -> dict[str, Any]:
        """Plain data; infinite and undefined numbers are null."""
        data = asdict(self)
        for key, value in data.items():
            if isinstance(value, float) and not np.isfinite(value):
                data[key] = None
        return data


@dataclass(frozen=True)
class Run:
    """Record of a model file with everything behind it (None where it did not come so far)."""

    record: Record
    problem: Problem | None = None
    solved: Solved | None = None
    error: ModelError | None = None


def run_file(path: Path, job: Job, tell: Callable[[Record], None] | None = None) -> Run:
    """Load and solve the model of a file; every failure becomes a status with a message.

    `tell` is called with the sizes when the model is translated, before it is solved.
    """
    began, record = time.process_time(), Record(path.stem)
    start = time.perf_counter()
    problem, solved, fault = None, None, None
    try:
        with without_gc():
            model = load_model(path, job.name)
            for transformation in job.transform:
                pyo.TransformationFactory(transformation).apply_to(model)
            problem = Problem(translate(model, job.route))
        _measure(record, problem)
        if tell is not None:
            tell(record)
        left = None if job.time_limit is None else job.time_limit - (time.perf_counter() - start)
        solved = _solve(problem, job, left, record)
        _fill(record, model, problem, solved)
    except ModelError as error:
        record.status, record.message, fault = error.status.name, str(error), error
    except (RuntimeError, ValueError, ArithmeticError, KeyError, AttributeError, TypeError) as e:
        record.message = f"{Status.FAILED.value} {type(e).__name__}: {e}"
    record.cpu_seconds = time.process_time() - began
    return Run(record, problem, solved, fault)


def _measure(record: Record, problem: Problem) -> None:
    record.variables, record.route = len(problem.variables), problem.translated.route
    record.constraints = len(problem.translated.constraints)


def _solve(problem: Problem, job: Job, left: float | None, record: Record) -> Solved:
    settings = Settings(job.options, None if left is None else max(left, 0.1))
    whole = bool(problem.integer.any())
    record.solver = job.solver if job.solver != "auto" else ("bonmin" if whole else "ipopt")
    if record.solver == "bonmin":
        record.attempts = 1
        return solve_bonmin(problem, settings)
    problem.refuse_integers()
    solved, record.attempts = solve_in_attempts(problem, settings, job.attempts)
    return solved


def _fill(record: Record, model: Any, problem: Problem, solved: Solved) -> None:
    """Results of a solve; the point goes into the model's variables."""
    record.status, record.message = solved.status.name, solved.message
    record.iterations = solved.iterations
    check = solved.check
    if check is None:
        return
    sense = [o.sense for o in active_objectives(model)]
    sign = -1.0 if sense and sense[0] != pyo.minimize else 1.0
    record.objective = sign * solved.f if sense and np.isfinite(solved.f) else None
    record.violation = max(check.row_violation, check.bound_violation)
    record.absolute_violation = check.absolute
    record.stationarity = check.stationarity
    for v, value in zip(problem.variables, solved.x.tolist(), strict=True):
        v.set_value(value, skip_validation=True)
