"""Operating points drawn in a box of +/-30 % around the examples of the cells with kinetics."""

import numpy as np
import pytest

from noxplant.errors import NoxplantError, Refusal, SpecError
from noxplant.examples.stacks import EXAMPLES
from noxplant.quantities import Spec

CONSTANTS = ("tafel_slope", "reference_potential", "activation_energy", "cells")
FRACTIONS = ("duty_cycle", "faradaic_efficiency", "converter_efficiency")


def drawn(key, spec, value, rng):
    """A specification drawn after the rules of the design (section 9), in the wider box."""
    if key in CONSTANTS:
        return value
    if spec.units == "K":
        return value + rng.uniform(-5, 5)
    if spec.units == "Pa":
        return value * rng.uniform(0.9, 1.1)
    if key in FRACTIONS:
        return 1 - (1 - value) * np.exp(rng.uniform(np.log(0.5), np.log(2)))
    return value * rng.uniform(0.7, 1.3)


def draw(make, rng):
    plant = make()
    for unit in plant.units.values():
        for key, spec in unit.nouns(Spec).items():
            value = unit.given.get(key)
            if isinstance(value, dict):
                unit.give(key, {i: float(drawn(key, spec, x, rng)) for i, x in value.items()})
            elif value is not None:
                unit.give(key, float(drawn(key, spec, value, rng)))
    return plant


def share_solved(make, number):
    rng, solved, reasons = np.random.default_rng(9), 0, []
    for _ in range(number):
        try:
            draw(make, rng).solve()
        except (NoxplantError, SpecError) as error:
            reasons.append(error)
        else:
            solved += 1
    return solved / number, reasons


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_operating_points(name):
    share, reasons = share_solved(EXAMPLES[name], 40)
    assert share >= 0.95, reasons
    assert all(isinstance(e, Refusal) for e in reasons), reasons


@pytest.mark.parametrize("name", ["GalvanicCell", "PlugFlowCell"])
def test_a_few_operating_points(name):
    share, reasons = share_solved(EXAMPLES[name], 4)
    assert share == 1.0, reasons
