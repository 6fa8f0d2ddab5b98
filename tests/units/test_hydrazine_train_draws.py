"""Operating points drawn around the examples of the rigorous blocks of the hydrazine train.

Pattern and box: design, section 9; every refusal is confirmed by what it says being so in closed
form (`CONFIRMED`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from noxplant.errors import NoxplantError, Refusal
from noxplant.examples import organic, phases, solvent
from noxplant.flowsheet.graph import Flowsheet
from noxplant.quantities import Spec
from noxplant.utilities import ANY

MAKERS: dict[str, Callable[[], Flowsheet]] = {
    **solvent.EXAMPLES,
    **phases.EXAMPLES,
    "KineticImineReactor": organic.kinetic_imine_reactor,
    "PotentialAzineCell": organic.potential_azine_cell,
}
CONSTANTS: tuple[str, ...] = ("methanol_bound", "tafel_slope", "cathode_potential")
WHAT_IS_LEFT = ("recovery", "formaldehyde_out", "dispersed")
"""Fractions near one: what is left of them is drawn."""
CONFIRMED: dict[str, Callable[[Flowsheet], bool]] = {}
"""By a part of the message: whether the drawn plant does break that limit, by other means."""


def moved(key: str, spec: Spec, value: float, rng: np.random.Generator) -> float:
    if key in CONSTANTS:
        return value
    if spec.units == "K":  # cooling water does not cool below 308.15 K
        return value + rng.uniform(0 if key == "condenser_temperature" else -5, 5)
    if key == "anode_potential":
        return value + rng.uniform(-0.4, 0.15)
    if spec.units == "Pa":
        return value * rng.uniform(0.9, 1.1)
    if key in WHAT_IS_LEFT:
        return 1 - (1 - value) * 2 ** rng.uniform(-1, 1)
    return value * rng.uniform(0.7, 1.3)


def drawn(name: str, rng: np.random.Generator) -> Flowsheet:
    """The example with its specifications and feeds moved; feeds as pressed as the unit."""
    plant = MAKERS[name]()
    unit = plant.units["U"]
    if "tank" in unit.declared:  # near the surroundings, to either side
        unit.choose_utility("duty", ANY)
    for key, spec in unit.nouns(Spec).items():
        old = unit.given.get(key)
        if isinstance(old, dict):
            unit.give(key, {i: float(moved(key, spec, x, rng)) for i, x in old.items()})
        elif old is not None:
            unit.give(key, float(moved(key, spec, old, rng)))
    for other in plant.units.values():
        if other is not unit:
            other.give("factor", float(rng.uniform(0.7, 1.3)))
            other.give("temperature", other.given["temperature"] + float(rng.uniform(-5, 5)))
            other.give("pressure", max(other.given["pressure"], unit.given.get("pressure", 0.0)))
    return plant


def judged(name: str, number: int, seed: int) -> tuple[float, list[Any]]:
    rng, solved, unknown = np.random.default_rng(seed), 0, []
    for _ in range(number):
        plant = drawn(name, rng)
        try:
            solved += bool(plant.solve())
        except NoxplantError as error:
            known = [c for words, c in CONFIRMED.items() if words in str(error)]
            if not (isinstance(error, Refusal) and any(c(plant) for c in known)):
                unknown.append(error)
    return solved / number, unknown


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MAKERS))
def test_train_solves_over_the_box(name: str) -> None:
    share, unknown = judged(name, 40, 5)
    assert share >= 0.95, unknown
    assert not unknown


@pytest.mark.parametrize("name", ["AzeotropeColumn", "ReversibleHydrolyser"])
def test_train_solves_here_and_there(name: str) -> None:
    share, unknown = judged(name, 3, 6)
    assert share == 1.0, unknown
