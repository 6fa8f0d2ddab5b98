"""Ammonia recovery units away from their examples: they solve, or refuse by a limit."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from noxplant.errors import Refusal
from noxplant.examples import membranes, packed
from noxplant.quantities import Spec

MAKERS = {**packed.EXAMPLES, **membranes.EXAMPLES}
CONSTANT = (
    "relative_viscosity",
    "porosity",
    "tortuosity",
    "pore_diameter",
    "entry_pressure",
    "pressure",
)
"""Specifications that are no operating point, and pressures, which feeds share with the gas."""


def drawn(name: str, rng: np.random.Generator):
    """The example with operating specifications within 30 %, temperatures within 5 K."""
    plant = MAKERS[name]()
    for unit in plant.units.values():
        for key in unit.nouns(Spec):
            given = unit.given.get(key)
            if given is None or key in CONSTANT:
                continue

            def move(x: float, key: str = key) -> float:
                if "temperature" in key:
                    return x + rng.uniform(-5, 5)
                if key == "current_efficiency":
                    return 1 - (1 - x) * 2 ** rng.uniform(-1, 1)
                return x * rng.uniform(0.7, 1.3)

            new = {i: move(x) for i, x in given.items()} if isinstance(given, dict) else move(given)
            unit.give(key, new)
    return plant


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MAKERS))
def test_draws_solve_or_are_refused(name):
    """Every draw ends in an answer: a solution, or a limit that is named."""
    rng, solved, refused = np.random.default_rng(11), 0, 0
    for _ in range(20):
        plant = drawn(name, rng)
        with contextlib.suppress(Refusal):
            solved += bool(plant.solve())
            continue
        refused += 1  # any other error fails
    assert solved >= 12
    assert refused <= 8
