"""Sizes of unknowns from their start values, where nobody says how large they are.

A start value says of what order an unknown is, but a trace among flows of one stream starts at next
to nothing and may end as the largest of them. So the members of one indexed variable share a size:
none counts as smaller than a part of the largest start value among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from pyomo.core.base.var import VarData

from noxsolve.errors import ModelError

if TYPE_CHECKING:
    from noxsolve.compiled import CompiledModel
    from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]

SHARE = 0.1
"""Part of the largest start value of an indexed variable, below which no member's size lies."""
OTHERS = (1.0, 1e-3)
"""Other values of it that are tried where a solve fails; the last resort is 1 for all unknowns."""


def automatic(compiled: CompiledModel, share: float = SHARE) -> Vector:
    """Nominal of every unknown from the start values, shape (n,), in its own unit.

    Args:
        compiled: the model.
        share: part of the largest start value of an indexed variable that its members have at least.
    """
    group: dict[int, int] = {}
    label = [group.setdefault(id(v.parent_component()), len(group)) for v in compiled.unknowns]
    at = np.array(label, dtype=np.int64)
    size = np.abs(compiled.start)
    largest = np.zeros(len(group))
    np.maximum.at(largest, at, size)
    nominal: Vector = np.maximum(size, share * largest[at])
    return np.where(nominal > 0, nominal, 1.0)


def given(
    compiled: CompiledModel, values: Mapping[VarData, float], default: float, what: str
) -> Vector:
    """Sizes by variable as an array, shape (n,), with a default where none is given.

    Raises ModelError, naming `what` and the variable, for a size that is not a positive number.
    """
    result = np.full(len(compiled.unknowns), default)
    for v, value in values.items():
        if not value > 0 or np.isnan(value):
            raise ModelError(f"{what} of {v.name!r} is {value}; it must be a positive number")
        k = compiled.index(v)
        if k is not None:
            result[k] = value
    return result


def alternatives(solver: SquareSolver) -> Iterator[Vector]:
    """Other nominals under which a solve that failed may be tried again."""
    tried = [solver.nominal]
    n = len(solver.nominal)
    for nominal in (*(automatic(solver.compiled, s) for s in (SHARE, *OTHERS)), np.ones(n)):
        if not any(np.array_equal(nominal, other) for other in tried):
            tried.append(nominal)
            yield nominal


@contextmanager
def measured(solver: SquareSolver, nominal: Vector) -> Iterator[None]:
    """Let a solver take its steps in other nominals for a while; what it has to prove stays."""
    before = solver.newton.nominal
    solver.newton.measure(nominal)
    solver.ipopt.nominal = nominal
    try:
        yield
    finally:
        solver.newton.measure(before)
        solver.ipopt.nominal = before
