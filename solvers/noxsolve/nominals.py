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
SMALLEST = 1e-15
"""Part of its size at the start below which what an unknown or an equation holds is as good as none."""
LARGEST = 1e300
"""Largest size of an unknown."""
LEFT = 1e-3
"""Part of its nominal at the start that an unknown keeps where it is far smaller in the base case."""
OTHERS = (1.0, 1e-3)
"""Other values of it that are tried where a solve fails; the last resort is 1 for all unknowns."""


def automatic(compiled: CompiledModel, share: float = SHARE) -> Vector:
    """Nominal of every unknown from the start values, shape (n,), in its own unit.

    Args:
        compiled: the model.
        share: part of the largest start value of an indexed variable that its members have at least.
    """
    size = np.abs(compiled.start)
    nominal: Vector = np.maximum(size, share * members(compiled, size))
    return np.where(nominal > 0, nominal, 1.0)


def members(compiled: CompiledModel, size: Vector) -> Vector:
    """Largest of the sizes of an unknown and the other members of its indexed variable, shape (n,)."""
    group: dict[int, int] = {}
    label = [group.setdefault(id(v.parent_component()), len(group)) for v in compiled.unknowns]
    at = np.array(label, dtype=np.int64)
    largest = np.zeros(len(group))
    np.maximum.at(largest, at, size)
    return largest[at]


def actual(x: Vector, start: Vector) -> Vector:
    """Sizes that the unknowns have at a point, shape (n,), in their own units.

    Args:
        x: the point.
        start: their sizes at the start.
    """
    found: Vector = np.maximum(np.abs(x), SMALLEST * start)
    return found


def borne_out(compiled: CompiledModel, start: Vector) -> Vector:
    """Nominals from the present, solved point; of what vanishes there a part of those at the start.

    Args:
        compiled: the model.
        start: nominals at the start, shape (n,).
    """
    size = np.abs(compiled.x)
    found: Vector = np.maximum(size, SHARE * members(compiled, size))
    return np.maximum(found, LEFT * start)


def given(
    compiled: CompiledModel, values: Mapping[VarData, float], default: float, what: str
) -> Vector:
    """Sizes by variable as an array, shape (n,), with a default where none is given.

    Raises ModelError, naming `what` and the variable, for a size that is not a positive number (or
    infinite, where the default is not), and for a key that is no variable.
    """
    result = np.full(len(compiled.unknowns), default)
    for v, value in values.items():
        if not hasattr(v, "is_variable_type"):
            raise ModelError(f"{what} of {v!r}: give the Pyomo variable itself (in a ComponentMap)")
        if not value > 0 or value > max(default, LARGEST):
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
