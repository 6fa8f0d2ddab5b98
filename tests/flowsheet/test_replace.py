"""A unit replaced by one of another class: streams and design stay, the answer is its own."""

from __future__ import annotations

import pytest

from noxplant import Flowsheet
from noxplant.errors import ModelError, PortError, SpecError
from noxplant.flowsheet import like
from noxplant.testing import assert_same
from noxplant.unit import Unit
from noxplant.units.alkaline_absorber import AlkalineAbsorber
from noxplant.units.bicarbonate_precipitator import BicarbonatePrecipitator
from noxplant.units.compressor import Compressor
from noxplant.units.evaporative_crystalliser import EvaporativeCrystalliser
from noxplant.units.feed import Feed
from noxplant.units.flash import Flash
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.splitter import Splitter
from noxplant.units.valve import Valve


def loop() -> Flowsheet:
    """Air is heated, half of it returns; the duty is asked for."""
    plant = Flowsheet("loop")
    air = plant.add(Feed("F", "gas", {"N2": 0.79, "O2": 0.21}, pressure=1.2e5))
    mixer = plant.add(Mixer("M", "gas", inlets=2))
    heater = plant.add(Heater("H", "gas", temperature=400.0, utility="low-pressure steam"))
    split = plant.add(Splitter("S", "gas", fraction=0.5))
    plant.connect(air.out, mixer.feed[0], "air")
    plant.connect(mixer.out, heater.feed, "mixed")
    plant.connect(heater.out, split.feed, "warm")
    plant.connect(split.side, mixer.feed[1], "returned")
    plant.exchange("H.duty", 2000.0, "H.temperature")
    return plant


def squeezed() -> Flowsheet:
    """The same plant with a compressor for its heater."""
    plant = loop()
    plant.replace(Compressor("H", pressure=1.5e5, efficiency=0.7), design={"H.duty": None})
    return plant


def test_streams_stay_joined_and_the_order_of_units_stays():
    plant = loop()
    order = list(plant.units)
    new = plant.replace(Valve("H", "gas", pressure=1.1e5), design={"H.temperature": None})
    assert plant.units["H"] is new
    assert list(plant.units) == order
    ends = {name: (a, b) for name, a, b in plant.edges()}
    assert ends["mixed"][1] is new.feed
    assert ends["warm"][0] is new.out
    assert plant.exchanges == []


def test_the_answer_is_that_of_the_plant_from_nothing(monkeypatch):
    near = []
    kept = like.near_start
    monkeypatch.setattr(like, "near_start", lambda *a: near.append(1) or kept(*a))
    found = squeezed().solve()
    assert near
    other = squeezed()
    other.like = None
    assert_same(other.solve(), found, rel=1e-9)
    # Half of what is compressed comes back, so twice the feed is.
    assert found["H.power"] > 0
    assert sum(found.stream("mixed").flows.values()) == pytest.approx(2.0)


def test_iterations_of_the_plant_before_count():
    before = loop().solve().solver["newton_iterations"]
    assert before > 0
    assert squeezed().solve().solver["newton_iterations"] > before
    plant = squeezed()
    plant.solve()
    assert plant.built.budget.spent >= before


def test_a_plant_before_that_has_no_solution_does_no_harm():
    plant = loop()
    plant.set("H.duty", 1e9)
    plant.replace(Compressor("H", pressure=1.5e5, efficiency=0.7), design={"H.duty": None})
    assert plant.solve()["H.power"] == pytest.approx(squeezed().solve()["H.power"])


def test_a_scaled_plant_keeps_its_start():
    small, large = squeezed(), squeezed().scaled(1e3)
    assert large.like is not None
    assert large.solve()["H.power"] == pytest.approx(1e3 * small.solve()["H.power"], rel=1e-9)


def test_design_moves_to_what_takes_its_place():
    plant = loop()
    plant.replace(
        Heater("H", "gas", temperature=350.0, utility="medium-pressure steam"),
        design={"H.temperature": "H.pressure_drop"},
    )
    assert plant.exchanges[0].freed == "H.pressure_drop"
    assert plant.exchanges[0].value == 2000.0


def alone(unit: Unit, fixed: str, value: float, freed: str) -> Flowsheet:
    """A plant of one unit with one design specification."""
    plant = Flowsheet("alone")
    plant.add(unit)
    plant.exchange(fixed, value, freed)
    return plant


def squeezer() -> Compressor:
    return Compressor("H", pressure=1.5e5, efficiency=0.7)


def pressed() -> Flowsheet:
    """Power and temperature of the compressor are asked for."""
    plant = alone(squeezer(), "H.power", 2000.0, "H.pressure")
    plant.exchange("H.isentropic_temperature", 350.0, "H.efficiency")
    plant.add(Splitter("S", "gas", fraction=0.5))
    plant.add(Feed("F", "gas", {"N2": 1.0}, pressure=1.2e5))
    return plant


def precipitated() -> Flowsheet:
    """The slip of a precipitator is asked for."""
    return alone(BicarbonatePrecipitator("H", temperature=300.0), "H.slip", 1e-3, "H.temperature")


def saturated() -> Flowsheet:
    """A supersaturation is asked for."""
    return alone(BicarbonatePrecipitator("H"), "H.saturation", 1.5, "H.temperature")


SAME_NAME = [
    (
        pressed,
        EvaporativeCrystalliser("H", salt="KNO3(s)"),
        {"H.power": "H.duty"},
        "H.pressure is computed, so it cannot be freed",
    ),
    (precipitated, AlkalineAbsorber("H"), {}, "H.slip is in mol/s, H.slip in mol/mol"),
    (
        saturated,
        BicarbonatePrecipitator("H"),
        {"H.saturation": "H.ammonia_yield"},
        r"H.ammonia_yield = 1.5 lies outside",
    ),
    (
        pressed,
        squeezer(),
        {"H.pressure": "S.fraction", "H.efficiency": "S.fraction"},
        "S.fraction would be freed twice",
    ),
    (
        pressed,
        squeezer(),
        {"H.isentropic_temperature": "F.temperature"},
        "F.temperature is given by the Feed, so it cannot be fixed",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("make", "unit", "design", "text"), SAME_NAME)
def test_a_name_alone_does_not_carry_a_design_over(make, unit, design, text):
    plant = make()
    before = list(plant.exchanges), plant.units["H"]
    with pytest.raises(SpecError, match=text):
        plant.replace(unit, design=design)
    assert before == (plant.exchanges, plant.units["H"])
    assert plant.like is None


CASES = [
    (Valve("X", "gas", pressure=1e5), {}, ModelError, "no unit 'X' to replace"),
    (Valve("H", "gas", pressure=1e5), {}, SpecError, "H.duty fixed and H.temperature free, and Valve"),
    (Valve("H", "gas", pressure=1e5), {"design": {"H.dut": None}}, SpecError, "no design specification"),
    (
        Valve("H", "gas", pressure=1e5),
        {"design": {"H.duty": "H.pressure"}},
        SpecError,
        "H.pressure is in Pa, H.duty in W: its value means nothing there",
    ),
    (
        Compressor("H", pressure=2e5, efficiency=0.7),
        {"design": {"H.temperature": "H.power"}},
        SpecError,
        "H.power is computed, so it cannot be freed in place of H.temperature",
    ),
    (
        Flash("H", "aqueous", temperature=350.0, pressure=1e5, utility="cooling water"),
        {"design": {"H.duty": None}},
        PortError,
        "'mixed': H.feed takes gas, H.feed of the Flash is an inlet for aqueous",
    ),
    (
        Flash("H", "aqueous", temperature=350.0, pressure=1e5, utility="cooling water"),
        {"ports": {"out": "vapour"}, "design": {"H.duty": None}},
        PortError,
        "takes gas",
    ),
    (Valve("H", "gas", pressure=1e5), {"ports": {"outt": "out"}}, PortError, "no port 'outt'. Did you"),
    (Valve("H", "gas", pressure=1e5), {"ports": {"out": "side"}}, PortError, "no port 'side'"),
    (
        Splitter("H", "gas", fraction=0.5),
        {"ports": {"feed": "feed", "out": "feed"}},
        PortError,
        "is an inlet for gas|given twice",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "how", "error", "text"), CASES)
def test_refused_and_nothing_changed(unit, how, error, text):
    plant = loop()
    before = list(plant.exchanges), plant.units["H"], [id(p) for _, *e in plant.edges() for p in e]
    with pytest.raises(error, match=text):
        plant.replace(unit, **how)
    assert before == (
        plant.exchanges, plant.units["H"], [id(p) for _, *e in plant.edges() for p in e],
    )  # fmt: skip
    assert plant.like is None


def test_too_late_once_built():
    plant = squeezed()
    plant.solve()
    with pytest.raises(ModelError, match="unit 'H' comes too late, the plant is built already"):
        plant.replace(Valve("H", "gas", pressure=1e5))
