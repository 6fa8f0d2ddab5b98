"""The bound violation that a solution reports."""

from __future__ import annotations

import pytest

from noxplant import Flowsheet
from noxplant.flowsheet.failure import bound_violation
from noxplant.units.feed import Feed
from noxplant.units.heater import Heater


def test_every_variable_counts_against_its_own_bounds() -> None:
    plant = Flowsheet("p")
    feed = plant.add(Feed("F", "aqueous", {"H2O": 55.5}))
    heater = plant.add(Heater("E", "aqueous", temperature=330.0, utility="low-pressure steam"))
    plant.connect(feed.out, heater.feed, "cold")
    assert plant.solve().solver["bound_violation"] == 0.0
    temperature = plant.variable("E.temperature")
    temperature.set_value(temperature.ub + 3.0, skip_validation=True)
    assert bound_violation(plant) > 1e-3
    temperature.set_value(330.0)
    stream = plant.built.streams["cold"]
    water = next(iter(stream.flow.values()))
    water.set_value(-1e-6 * plant.built.scale, skip_validation=True)
    assert bound_violation(plant) == pytest.approx(1e-6, rel=0.2)
