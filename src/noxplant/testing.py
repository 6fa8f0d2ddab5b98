"""Tests that every unit and flowsheet owes, for our own and for users' units."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from noxplant.flowsheet.graph import Flowsheet
from noxplant.flowsheet.solution import Solution


def check_unit(
    make: Callable[[], Flowsheet], unit: str = "U", *, starts: int = 3, rel: float = 1e-7
) -> Solution:
    """Solve a small flowsheet around a unit and hold it to the unit contract.

    The system is square; scattered starts and nominals lead to one answer; elements, charge,
    compartments and energy close (part of every solve); every quantity is reported and finite;
    the plant at 1e-4 of its size is the same plant.

    Args:
        make: returns an unbuilt flowsheet that holds the unit.
        unit: the unit's name in it.
        starts: number of scattered starts.
        rel: largest relative difference between the answers.

    Returns:
        The solution of the unscattered flowsheet.

    Raises:
        AssertionError: the contract is broken; the message says where.
    """
    reference = make().solve()
    _check_report(make(), reference, unit)
    for seed in range(starts):
        again = make().solve(rng=np.random.default_rng(seed))
        assert_same(reference, again, rel=rel)
    small = make().scaled(1e-4).solve()
    assert_same(reference, small, rel=rel, factor=1e-4)
    return reference


def check_flowsheet(make: Callable[[], Flowsheet], *, starts: int = 1) -> Solution:
    """The same for a whole flowsheet, without looking at one unit."""
    reference = make().solve()
    for seed in range(starts):
        assert_same(reference, make().solve(rng=np.random.default_rng(seed)), rel=1e-7)
    return reference


def _check_report(plant: Flowsheet, solution: Solution, unit: str) -> None:
    assert unit in plant.units, f"the example has no unit {unit!r}"
    for path, q in solution.quantities.items():
        assert math.isfinite(q.value), f"{path} is not finite"
        assert q.doc, f"{path} has no description"


TRACE = 1e-2
"""Part of the largest flow or power, or of one in SI, below which differences are judged against it."""


def assert_same(a: Solution, b: Solution, *, rel: float, factor: float = 1.0) -> None:
    """Two solutions agree; extensive values of `b` are `factor` times those of `a`.

    Raises:
        AssertionError: naming the first stream or quantity that differs.
    """
    from noxplant.quantities import EXTENSIVE

    size = max((sum(s.flows.values()) for s in a.stream_results.values()), default=1.0)
    for name, s in a.stream_results.items():
        t = b.stream_results[name]
        for j, n in s.flows.items():
            _close(f"{j} in {name!r}", n, t.flows.get(j, 0.0) / factor, rel, rel * TRACE * size)
        _close(f"temperature of {name!r}", s.temperature, t.temperature, rel, 0.0)
        _close(f"pressure of {name!r}", s.pressure, t.pressure, rel, 0.0)
        if s.ph is not None and t.ph is not None:
            _close(f"pH of {name!r}", s.ph, t.ph, rel, rel)
    power = max((abs(q.value) for q in a.quantities.values() if q.unit == "W"), default=1.0)
    for path, q in a.quantities.items():
        scale = factor if q.unit in EXTENSIVE else 1.0
        floor = power if q.unit == "W" else size if q.unit in ("mol/s", "kg/s") else TRACE
        _close(path, q.value, b.quantities[path].value / scale, rel, rel * TRACE * floor)


def _close(what: str, x: float, y: float, rel: float, floor: float) -> None:
    if not abs(x - y) <= rel * max(abs(x), abs(y)) + floor:
        raise AssertionError(f"{what} differs: {x!r} and {y!r}")
