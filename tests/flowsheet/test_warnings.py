"""What a solution warns of, and quantities that are reported where they have a meaning."""

import pytest

from noxplant import Flowsheet, Solution
from noxplant.thermo import organic
from noxplant.units.feed import Feed
from noxplant.units.flash import Flash
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.product import Product
from noxplant.units.solvent_condenser import SolventCondenser
from noxplant.units.specified_cell import SpecifiedCell


def flash(kelvin: float) -> Solution:
    plant = Flowsheet("flash")
    feed = plant.add(Feed("F", "aqueous", {"H2O": 55.5, "NH3": 2.0, "KOH": 1.0}, pressure=2e5))
    pump = plant.add(Heater("E-1", "aqueous", temperature=kelvin, utility="medium-pressure steam"))
    unit = plant.add(
        Flash("V-1", "aqueous", temperature=kelvin, pressure=1.2e5, utility="medium-pressure steam")
    )
    plant.connect(feed.out, pump.feed, "cold")
    plant.connect(pump.out, unit.feed, "hot")
    return plant.solve()


def test_data_outside_their_range_are_named_with_unit_temperature_and_range() -> None:
    words = "V-1: Henry constants in water are extrapolated: used at 377.00 K, stated for 273.15 to"
    found = flash(377.0).warnings
    assert any(w.startswith(words) for w in found), found
    assert any(w.startswith("E-1: equilibrium constants in water") for w in found), found
    assert flash(372.0).warnings == ()


def test_the_range_of_a_vapour_pressure_is_that_of_its_datum() -> None:
    plant = Flowsheet("condenser")
    feed = plant.add(Feed("F", "gas", {"acetonitrile": 1.0}, temperature=357.0))
    unit = plant.add(SolventCondenser("E-1", temperature=270.0, utility="refrigeration"))
    plant.connect(feed.out, unit.feed, "vapour")
    words = (
        "E-1: vapour pressures of acetonitrile are extrapolated: used at 270.00 K, stated for 280"
    )
    assert [w for w in plant.solve().warnings if w.startswith(words)]


def test_formaldehyde_with_ammonia_is_told_once_with_unit_and_concentrations() -> None:
    plant = Flowsheet("hexamine")
    one = plant.add(Feed("F-1", "organic", {"acetonitrile": 10.0, "formaldehyde": 0.1}))
    two = plant.add(Feed("F-2", "organic", {"acetonitrile": 10.0, "NH3": 0.4}))
    mixer = plant.add(Mixer("M-1", "organic"))
    cooler = plant.add(Heater("E-1", "organic", temperature=320.0, utility="low-pressure steam"))
    plant.connect(one.out, mixer.feed[0], "one")
    plant.connect(two.out, mixer.feed[1], "two")
    plant.connect(mixer.out, cooler.feed, "mixed")
    found = [w for w in plant.solve().warnings if "hexamine" in w]
    assert len(found) == 1
    amounts = {"acetonitrile": 20.0, "formaldehyde": 0.1, "NH3": 0.4}
    # Isothermal mixing at 298.15 K: the heater is warmer, so the mixer holds the denser liquid.
    volume = sum(n * organic.molar_volume(k, 298.15) for k, n in amounts.items())
    words = f"M-1: formaldehyde and ammonia are together in one liquid, {0.1 / volume:.4g} and"
    assert found[0].startswith(words)
    # 6 CH2O take 4 NH3: 0.0667 of 0.4 mol.
    rest = "in 'mixed', enough for up to 17 % of the ammonia there; also in E-1. Not modelled"
    assert f"{0.4 / volume:.4g} mol/m3 {rest}" in found[0]


def test_the_liquid_named_is_that_in_which_most_could_be_lost() -> None:
    """Little formaldehyde in much ammonia has the greater product, but the smaller loss."""
    plant = Flowsheet("hexamine")
    brought = {  # mol/s of formaldehyde and ammonia in 20 mol/s of solvent
        "strong": (0.02, 20.0),  # 0.0133 mol of ammonia could go
        "even": (0.3, 0.3),  # 0.2
        "spent": (5.0, 0.01),  # all of it, 0.01
    }
    for n, (name, (a, b)) in enumerate(brought.items()):
        half = {"acetonitrile": 10.0}
        feeds = [
            plant.add(Feed(f"F-{n}{k}", "organic", {**half, key: amount}))
            for k, (key, amount) in enumerate((("formaldehyde", a), ("NH3", b)))
        ]
        mixer = plant.add(Mixer(f"M-{n}", "organic"))
        for k, feed in enumerate(feeds):
            plant.connect(feed.out, mixer.feed[k], f"{name} {k}")
        plant.connect(mixer.out, plant.add(Product(name, "organic")).feed, name)
    found = next(w for w in plant.solve().warnings if "hexamine" in w)
    assert found.startswith("M-1: formaldehyde and ammonia are together")
    assert "in 'even', enough for up to 67 % of the ammonia there; also in M-0, M-2" in found


def test_a_component_that_is_made_has_no_limiting_current() -> None:
    plant = Flowsheet("nitrite")
    brine = {"H2O": 55.5, "KNO3": 1.0, "KNO2": 0.1, "KOH": 5.0}
    catholyte = plant.add(Feed("catholyte", "aqueous", brine, temperature=313.15))
    lye = plant.add(Feed("lye", "aqueous", {"H2O": 55.5, "KOH": 5.0}, temperature=313.15))
    share = {"NO3- -> NH3": 0.5, "NO3- -> NO2-": 0.1, "NO2- -> NH3": 0.1}
    given = {"area": 50.0, "current_density": 2000.0, "voltage": 2.5, "cells": 10.0}
    more = {"temperature": 313.15, "water_drag": 5.0, "mass_transfer": 1e-4}
    unit = plant.add(SpecifiedCell("E-1", faradaic_efficiency=share, **given, **more))
    plant.connect(catholyte.out, unit.catholyte, "to cathode")
    plant.connect(lye.out, unit.anolyte, "to anode")
    s = plant.solve()
    # Nitrite: 0.1/2 made per electron, 0.1/6 used up, so more is made than is reduced.
    assert s["E-1.production_rate[N(3)]"] > 0
    assert s["E-1.limiting_ratio[N(3)]"] == 0.0
    assert s["E-1.limiting_ratio[NO3-]"] > 0
    assert "not limited" in s.quantities["E-1.limiting_ratio[N(3)]"].doc


def test_warnings_are_printed_by_run(capsys: pytest.CaptureFixture[str]) -> None:
    from noxplant.commands.run import show

    show(flash(377.0), si=False)
    assert "Warning: V-1: Henry constants in water are extrapolated" in capsys.readouterr().out
