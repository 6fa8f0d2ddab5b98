"""Operating points drawn in a box of +/-30 % around the examples of the cells.

A refusal counts only when a closed form confirms it from the drawn inputs: what the current takes by
Faraday's law against what is fed, and the losses by Tafel and Ohm against the voltage by Gibbs.
"""

import math

import numpy as np
import pytest

from noxplant.constants import FARADAY
from noxplant.electrolysis import galvanic
from noxplant.errors import NoxplantError, Refusal
from noxplant.examples import electro, stacks
from noxplant.quantities import Spec
from noxplant.thermo import aqueous

CONSTANTS = ("tafel_slope", "reference_potential", "activation_energy", "cells")
FRACTIONS = ("duty_cycle", "converter_efficiency")
NITRITE = "NO2- -> NH3"
LEAST = 0.95
"""Part of the points that must solve."""


def half(make):
    """An example at half its current, so that its film is at half its limit (0.8 of it else)."""

    def smaller():
        plant = make()
        unit = plant.units["U"]
        unit.give("current_density", unit.given["current_density"] / 2)
        return plant

    return smaller


EXAMPLES = {
    **stacks.EXAMPLES,
    "SpecifiedCell": half(electro.specified_cell),
    "KineticCell": half(electro.kinetic_cell),
}


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


def simplex(given, rng):
    """Faradaic efficiencies with what they leave, each by a factor of up to 2 either way, sum one.

    No more nitrite is reduced than nine tenths of what the same cathode makes: that is a balance.
    """
    parts = {**given, "": max(1 - sum(given.values()), 0.0)}
    moved = {r: x * np.exp(rng.uniform(-np.log(2), np.log(2))) for r, x in parts.items()}
    whole = sum(moved.values())
    found = {r: float(moved[r] / whole) for r in given}
    if NITRITE in found:
        found[NITRITE] = min(found[NITRITE], 0.9 * 3 * found["NO3- -> NO2-"])
    return found


def draw(make, rng):
    plant = make()
    for unit in plant.units.values():
        for key, spec in unit.nouns(Spec).items():
            value = unit.given.get(key)
            if key == "faradaic_efficiency" and value:
                unit.give(key, simplex(value, rng))
            elif isinstance(value, dict):
                unit.give(key, {i: float(drawn(key, spec, x, rng)) for i, x in value.items()})
            elif value is not None:
                unit.give(key, float(drawn(key, spec, value, rng)))
    return plant


def _fed(plant, port, substance):
    """What the feed of a port brings of a substance, mol/s."""
    unit = plant.units["U"]
    for feed in plant.units.values():
        if feed is not unit and f"{port} feed" == feed.name:
            return feed.given["amount"].get(substance, 0.0) * feed.given.get("factor", 1.0)
    return 0.0


def _hydroxide(plant):
    """The current takes more K+ or OH- of the anolyte than is fed; zinc takes two per electron."""
    given = plant.units["U"].given
    current = given["area"] * given["current_density"] / FARADAY
    per = 2.0 if "corrosion" in given else 1.0
    return per * current > _fed(plant, "anolyte", "KOH")


def _zinc(plant):
    given = plant.units["U"].given
    dissolved = given["area"] * (given["current_density"] + given["corrosion"]) / (2 * FARADAY)
    return dissolved > _fed(plant, "zinc", "Zn(s)")


def _film(plant):
    """Nitrate taken per area against k c of what leaves, by Faraday's law and volumes of ions."""
    given = plant.units["U"].given
    fe, faradays = given["faradaic_efficiency"], given["current_density"] / FARADAY
    rest = 1 - sum(fe.values())
    ammonia, nitrite = fe["NO3- -> NH3"] / 8, fe.get("NO3- -> NO2-", 0.0) / 2
    second, hydrogen = fe.get(NITRITE, 0.0) / 6, rest / 2
    taken, area = (ammonia + nitrite) * faradays, given["area"]
    charge = area * faradays
    salt = _fed(plant, "catholyte", "KNO3")
    left = salt - taken * area
    water = given["water_drag"] - 6 * ammonia - nitrite - 5 * second - 2 * hydrogen
    out = {
        "H2O": _fed(plant, "catholyte", "H2O") + charge * water,
        "K+": salt + _fed(plant, "catholyte", "KOH") + charge,
        "NO3-": left,
        "NO2-": charge * (nitrite - second),
        "NH3": charge * (ammonia + second),
    }
    out["OH-"] = out["K+"] - out["NO3-"] - out["NO2-"]
    k = given["mass_transfer"]
    k = k["cathode"] if isinstance(k, dict) else k
    return left < 0 or taken > k * left / aqueous.volume_flow(out, given["temperature"])


def _no_voltage(plant):
    """Overpotentials and membrane alone above the standard voltage and 0.15 V of concentrations."""
    given = plant.units["U"].given
    name = "zinc-nitrate" if "corrosion" in given else "hydrazine-nitrate"
    j = given["current_density"]
    losses = j * given["membrane_resistance"]
    for side in ("cathode", "anode"):
        slope, rest = given["tafel_slope"][side], given["exchange"][side]
        losses += slope / math.log(10) * math.asinh(j / (2 * rest))
    return losses > galvanic.open_circuit(name) - 0.15


CONFIRM = {
    "hydroxide": _hydroxide,
    "K+ of the anolyte is used up": _hydroxide,
    "the zinc is used up": _zinc,
    "limiting current": _film,
    "delivers no voltage": _no_voltage,
}


def confirmed(plant, error):
    """Whether a closed form of the inputs says the same as a refusal."""
    if not isinstance(error, Refusal):
        return False
    told = [check for words, check in CONFIRM.items() if words in str(error)]
    return any(check(plant) for check in told)


def share_solved(make, number, seed=9):
    """Share of points that solve, and what stands against the others unless it is confirmed."""
    rng, solved, doubts = np.random.default_rng(seed), 0, []
    for _ in range(number):
        plant = draw(make, rng)
        try:
            plant.solve()
        except NoxplantError as error:
            if not confirmed(plant, error):
                doubts.append(error)
        else:
            solved += 1
    return solved / number, doubts


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_operating_points(name):
    share, doubts = share_solved(EXAMPLES[name], 40)
    assert not doubts
    assert share >= LEAST


@pytest.mark.parametrize("name", ["GalvanicCell", "ZincCell"])
def test_a_few_operating_points(name):
    share, doubts = share_solved(EXAMPLES[name], 4)
    assert not doubts
    assert share == 1.0


BEYOND = {
    # What is asked of an example, and by which closed form it is refused.
    "PlugFlowCell": ({"area": 300.0}, _hydroxide),
    "SpecifiedCell": ({"mass_transfer": 1e-6}, _film),
    "GalvanicCell": ({"exchange": {"cathode": 1e-9, "anode": 1.0}}, _no_voltage),
    "ZincCell": ({"area": 900.0}, _zinc),
}


@pytest.mark.parametrize("name", sorted(BEYOND))
def test_refusals_are_confirmed_by_closed_forms(name):
    # The confirmations are no rubber stamps: they say no of the example, yes of what is refused.
    changes, check = BEYOND[name]
    plant = EXAMPLES[name]()
    assert not check(plant)
    for key, value in changes.items():
        plant.units["U"].give(key, value)
    with pytest.raises(Refusal) as caught:
        plant.solve()
    assert check(plant)
    assert confirmed(plant, caught.value)
    assert not confirmed(EXAMPLES[name](), caught.value)
