"""Crystallisation units in a box of +/-30 % around their examples (design, section 9).

Every refusal is confirmed by arithmetic that shares nothing with the units.
"""

import numpy as np
import pytest
from CoolProp.CoolProp import PropsSI

from noxplant.errors import Refusal
from noxplant.examples import crystals, organic
from noxplant.quantities import Spec
from noxplant.species import molar_mass
from noxplant.thermo import solid

MAKERS = {**crystals.EXAMPLES, **organic.EXAMPLES}
UNITS = (
    "ActivityCrystalliser",
    "ActivityEvaporativeCrystalliser",
    "AirDryer",
    "AzineCrystalliser",
    "CrystalDryer",
    "CrystalSize",
    "EvaporativeCrystalliser",
    "Filter",
    "IsomorphousCrystalliser",
    "KineticCrystalliser",
    "Recrystalliser",
    "WashingFilter",
    "WaterWash",
)
FEW = {"ActivityCrystalliser": 2, "ActivityEvaporativeCrystalliser": 1}
"""Draws in the default suite of what takes long to build."""
FRACTIONS = ("displaced", "wash_saturation", "efficiency")
CONSTANTS = (
    "shape_factor",
    "heat_of_solution",
    "solubility",
    "growth_order",
    "magma_order",
    "supersaturation_order",
    "water_temperature",
    "factor",
)
"""Properties and exponents, which are no operating point; and the multiplier of all amounts."""


def drawn(key, spec, x, rng):
    if key in CONSTANTS:
        return x
    if spec.units == "K":
        return x + rng.uniform(-5, 5)
    if spec.units == "Pa":
        return x * rng.uniform(0.9, 1.1)
    if key in FRACTIONS:
        return 1 - (1 - x) * 2.0 ** rng.uniform(-1, 1)
    return x * rng.uniform(0.7, 1.3)


def draw(make, rng):
    plant = make()
    for unit in plant.units.values():
        for key, spec in unit.nouns(Spec).items():
            given = unit.given.get(key)
            if isinstance(given, dict):
                unit.give(key, {i: float(drawn(key, spec, x, rng)) for i, x in given.items()})
            elif given is not None:
                unit.give(key, float(drawn(key, spec, given, rng)))
    return plant


def air_is_saturated(plant, words):
    """Textbook humid air: 1006 J/kg/K for air, 1860 for vapour, 2.501 MJ/kg at 0 C, 4186 for water."""
    air, cake = plant.units["air"].given, plant.units["cake"].given
    gas, wet, cold = air["amount"], cake["amount"], cake["temperature"]
    dry = gas["N2"] * molar_mass("N2") + gas["O2"] * molar_mass("O2")
    before = gas["H2O"] * molar_mass("H2O")
    solid_kg = wet[crystals.HYDRAZINE_SALT] * molar_mass(crystals.HYDRAZINE_SALT)
    gone = wet["H2O"] * molar_mass("H2O") - plant.units["U"].given["moisture"] * solid_kg
    heat = 1006 * dry + 1860 * before
    solid_heat = solid.heat_capacity(crystals.HYDRAZINE_SALT) * wet[crystals.HYDRAZINE_SALT]
    latent = gone * (2.501e6 - 1860 * 273.15 - 4186 * (cold - 273.15))
    T = (heat * air["temperature"] + solid_heat * cold - latent) / (heat + solid_heat + 1860 * gone)
    ratio = (before + gone) / dry
    pressure = 101325.0 * ratio / (0.622 + ratio)
    full = PropsSI("P", "T", max(T, 273.16), "Q", 0, "Water")
    return "the air is saturated before the crystals are dry" in words and pressure > 0.95 * full


def feed_is_colder(plant, words):
    """The feed is so much colder than the crystals' temperature that heat would have to be given."""
    feed, T = plant.units["feed"].given, plant.units["U"].given["temperature"]
    solvent = feed["amount"]["acetonitrile"]
    warming = 91.5 * solvent * (T - feed["temperature"])  # J/mol/K, hydrazine note 2
    crystallising = 3.0e4 * feed["amount"]["benzophenone azine"]
    return "cannot give heat" in words and warming > 0.8 * crystallising and warming > 0


CONFIRMED = {"AirDryer": air_is_saturated, "AzineCrystalliser": feed_is_colder}


def share_solved(name, number, seed=6):
    rng, refused = np.random.default_rng(seed), []
    for _ in range(number):
        plant = draw(MAKERS[name], rng)
        try:
            plant.solve()
        except Refusal as refusal:
            refused.append((plant, str(refusal)))
    for plant, words in refused:
        assert name in CONFIRMED, words
        assert CONFIRMED[name](plant, words), words
    return 1 - len(refused) / number


@pytest.mark.parametrize("name", UNITS)
def test_a_few_draws(name):
    assert share_solved(name, FEW.get(name, 4)) == 1.0


@pytest.mark.slow
@pytest.mark.parametrize("name", UNITS)
def test_draws(name):
    """At least 95 % solve, and no error but a refusal that is confirmed."""
    assert share_solved(name, 60) >= 0.95


def test_the_confirmations_can_fail():
    """At the middle of the box neither reason holds, so a refusal there would not be confirmed."""
    words = "the air is saturated before the crystals are dry; refrigeration cannot give heat"
    for name, confirm in CONFIRMED.items():
        assert not confirm(MAKERS[name](), words)
