"""Wrong arguments of every unit are answered in the words of the flowsheet."""

import inspect
from typing import Any

import pytest

from noxplant import Flowsheet
from noxplant.arguments import UNGIVEN
from noxplant.catalogue import unit_classes
from noxplant.errors import SpecError
from noxplant.flowsheet.degrees import missing_specs
from noxplant.quantities import Spec
from noxplant.unit import Unit
from noxplant.units.feed import Feed
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.nox_oxidiser import NOxOxidiser
from noxplant.units.organic_absorber import OrganicAbsorber
from noxplant.units.splitter import Splitter

UNITS = unit_classes()
CHOICES: dict[str, Any] = {
    "medium": "aqueous",
    "amount": {"H2O": 1.0},
    "solid": "KNO3(s)",
    "salt": "N2H6SO4(s)",
    "sampled": ("H2O",),
    "tanks": 2,
    "segments": 2,
    "feed_stage": 1,
    "stages": 2,
    "stripping_stages": 2,
    "rectifying_stages": 1,
    "utility": "cooling water",
    "packing": "plastic Pall rings 50 mm",
}
"""What is no number of a unit, but must be told when it is made."""
OTHERS: dict[str, dict[str, Any]] = {
    "StoichiometricReactor": {
        "medium": "gas",
        "reactions": {"N2 + 3 H2 -> 2 NH3": "N2"},
        "conversion": {"N2 + 3 H2 -> 2 NH3": 0.3},
    },
    "Extractor": {"solutes": ("benzophenone",), "partition": {"benzophenone": 2.0}},
    "IsomorphousCrystalliser": {"salt": "N2H5Cl(s)", "guest": "NH4Cl(s)"},
}


def least(name: str) -> tuple[dict[str, Any], set[str]]:
    """What a unit must be told when it is made, and the numbers that it asks for by name."""
    choices, numbers = {**CHOICES, **OTHERS.get(name, {})}, set[str]()
    told: dict[str, Any] = {}
    for p in list(inspect.signature(UNITS[name].__init__).parameters.values())[2:]:
        if p.default is not p.empty or p.kind is p.VAR_KEYWORD:
            continue
        noun = UNITS[name].declared.get(p.name)
        if isinstance(noun, Spec) and not noun.over:
            numbers.add(p.name)
        else:
            told[p.name] = choices[p.name]
    return told, numbers


@pytest.mark.parametrize("name", sorted(UNITS))
def test_a_key_that_is_not_known_is_told_by_unit_and_name(name: str) -> None:
    told, _ = least(name)
    words = rf"{name} 'U-1' has no specification 'temprature'(.|\n)*It takes: "
    with pytest.raises(SpecError, match=words):
        UNITS[name]("U-1", **told, temprature=300.0)


@pytest.mark.parametrize("name", sorted(UNITS))
def test_numbers_may_be_left_to_the_degrees_of_freedom(name: str) -> None:
    told, numbers = least(name)
    plant = Flowsheet("one")
    unit: Unit = plant.add(UNITS[name]("U-1", **told))
    assert not numbers & set(unit.given)
    assert UNGIVEN not in unit.given.values()
    missing = {line.split()[0] for line in missing_specs(plant)}
    assert {f"U-1.{key}" for key in numbers} <= missing
    list(unit.closed_outlets())


def test_nearest_key_missing_ones_and_all_that_there_are() -> None:
    with pytest.raises(
        SpecError,
        match=r"NOxOxidiser 'R-1' has no specification 'volumen'. Did you mean 'volume'\?\n"
        r"  It lacks: volume.\n  It takes: volume, temperature, pressure_drop.",
    ):
        NOxOxidiser("R-1", volumen=3.0, temperature=300.0)  # type: ignore[call-arg]
    with pytest.raises(SpecError, match=r"(?s)'presure'. Did you.*'ventfraction'. Did you.*lacks"):
        OrganicAbsorber("T-1", temperature=300.0, presure=1e5, ventfraction=0.1)  # type: ignore[call-arg]


def test_a_choice_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(
        SpecError, match=r"Heater 'E-1' lacks: medium, utility.\n  It takes: medium"
    ):
        Heater("E-1", temperature=300.0)  # type: ignore[call-arg]
    with pytest.raises(SpecError, match=r"Feed 'F-1' lacks: amount"):
        Feed("F-1", "aqueous")  # type: ignore[call-arg]
    with pytest.raises(SpecError, match=r"Mixer 'without a name' lacks: name, medium"):
        Mixer()  # type: ignore[call-arg]


def test_twice_and_by_place() -> None:
    with pytest.raises(
        SpecError, match="Mixer 'M-1' is given 'medium' twice: by place and by name"
    ):
        Mixer("M-1", "gas", medium="aqueous")  # type: ignore[misc]
    with pytest.raises(
        SpecError, match=r"Splitter 'S-1' cannot take 0.3 by place; name what it is"
    ):
        Splitter("S-1", "gas", 0.3)  # type: ignore[misc]


def test_an_error_inside_a_unit_is_not_hidden() -> None:
    def init(self: Any, name: str) -> None:
        Unit.__init__(self, name)
        len(3)  # type: ignore[arg-type]

    made = type("Odd", (Unit,), {"__init__": init})
    with pytest.raises(TypeError, match="has no len"):
        made("U-1")


def test_the_solver_is_not_reached_without_a_number() -> None:
    plant = Flowsheet("heat")
    feed = plant.add(Feed("F-1", "aqueous", {"H2O": 1.0}))
    heater = plant.add(Heater("E-1", "aqueous", utility="low-pressure steam"))  # type: ignore[call-arg]
    plant.connect(feed.out, heater.feed, "water")
    with pytest.raises(SpecError, match=r"1 specification missing(.|\n)*E-1.temperature +outlet"):
        plant.solve()
    plant = Flowsheet("heat")
    feed = plant.add(Feed("F-1", "aqueous", {"H2O": 1.0}))
    heater = plant.add(Heater("E-1", "aqueous", utility="low-pressure steam"))  # type: ignore[call-arg]
    plant.connect(feed.out, heater.feed, "water")
    plant.set("E-1.temperature", 320.0)
    assert plant.solve()["E-1.temperature"] == 320.0
