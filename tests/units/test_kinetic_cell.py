import pytest

from noxplant import electrolysis
from noxplant.errors import Refusal
from noxplant.examples.electro import around, kinetic_cell, specified_cell
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import electro
from noxplant.units.feed import Feed
from noxplant.units.kinetic_cell import KineticCell

PARTS = (
    "cathode_overpotential", "anode_overpotential", "membrane_loss", "catholyte_loss", "anolyte_loss",
)  # fmt: skip
SPECS = {
    "area": 120.0, "current_density": 2400.0, "cells": 100.0, "temperature": 313.15,
    "water_drag": 5.0, "mass_transfer": 2e-5,
    "faradaic_efficiency": {"NO3- -> NH3": 0.85, "NO3- -> NO2-": 0.02, "NO2- -> NH3": 0.03},
    "cathode_slope": 0.12, "cathode_exchange": 1e-5, "anode_slope": 0.05, "anode_exchange": 1e-4,
    "membrane_resistance": 1.5e-4, "cathode_gap": 2e-3, "anode_gap": 2e-3,
}  # fmt: skip


def plant(**changes):
    return around(KineticCell("U", **{**SPECS, **changes}), "p")


def test_voltage_budget_of_the_note():
    # Ammonia note 5.1 (5): 298.15 K, 3000 A/m2, 2700 to ammonia, two 2 mm gaps of 1 mol/L KOH.
    kappa = electrolysis.koh_conductivity(1000.0, 298.15)
    assert kappa == pytest.approx(21.53, abs=0.01)
    cathode = electrolysis.tafel(2700.0, 0.12, 1e-5)
    anode = electrolysis.tafel(3000.0, 0.05, 1e-4)
    gaps = 2 * electrolysis.ohmic(3000.0, 2e-3, kappa)
    assert cathode == pytest.approx(1.01176, abs=1e-5)
    assert anode == pytest.approx(0.37386, abs=1e-5)
    assert gaps == pytest.approx(0.55736, rel=1e-3)
    voltage = 0.5205 + cathode + anode + 3000.0 * 0.30e-4 + gaps
    assert voltage == pytest.approx(2.5535, rel=1e-3)
    energy = electro.specific_energy(voltage, 8, 0.9, 0.0170305)
    assert energy == pytest.approx(35.720, rel=1e-3)


@pytest.mark.parametrize(("m", "celsius", "k"), [(1, 25, 21.53), (1, 80, 38.95), (6.9, 25, 62.1)])
def test_conductivity_of_lye(m, celsius, k):
    # Ammonia note 1.1 (7).
    found = electrolysis.koh_conductivity(1000.0 * m, 273.15 + celsius)
    assert found == pytest.approx(k, rel=2e-3)


def test_tafel_has_a_smooth_foot():
    assert electrolysis.tafel(0.0, 0.12, 1e-5) == 0.0
    # Small overpotentials: the linear law of a symmetric electrode.
    assert electrolysis.tafel(1e-9, 0.12, 1e-5) == pytest.approx(0.12 / 2.302585 * 1e-9 / 2e-5)


def test_the_note_budget_in_the_unit():
    # The same budget solved: much liquid of 1 mol/L KOH, so that compositions hardly move.
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", {"H2O": 5535.0, "KOH": 100.0, "KNO3": 1.0, "NH3": 1.0}))
    b = p.add(Feed("B", "aqueous", {"H2O": 5535.0, "KOH": 100.0}))
    fe = {"NO3- -> NH3": 0.9, "NO3- -> NO2-": 0.0, "NO2- -> NH3": 0.0}
    changes = {
        "area": 1.0, "current_density": 3000.0, "temperature": 298.15, "water_drag": 0.0,
        "membrane_resistance": 0.30e-4, "mass_transfer": 1e-2, "faradaic_efficiency": fe,
    }  # fmt: skip
    u = p.add(KineticCell("U", **{**SPECS, **changes}))
    u.choose_utility("duty", "refrigeration")
    p.connect(a.out, u.catholyte, "catholyte")
    p.connect(b.out, u.anolyte, "anolyte")
    s = p.solve()
    main = s["U.reversible_voltage[NO3- -> NH3]"]
    assert s["U.voltage"] - main == pytest.approx(2.5535 - 0.5205, rel=0.01)
    # NH3 = NO3-, 1 mol/kg OH-, 1 bar: the standard voltage, but for the activity of water.
    assert main == pytest.approx(0.5205, abs=3e-3)


def test_voltage_is_the_sum_of_its_parts():
    s = kinetic_cell().solve()
    total = s["U.reversible_voltage[NO3- -> NH3]"] + sum(s[f"U.{k}"] for k in PARTS)
    assert s["U.voltage"] == pytest.approx(total)
    assert s["U.power"] == pytest.approx(s["U.voltage"] * s["U.current"])
    other = specified_cell().solve()
    for path in ("U.extent[NO3- -> NH3]", "U.conversion[NO3-]", "U.anode_hydroxide", "U.ions"):
        assert s[path] == pytest.approx(other[path])


def test_responses():
    base = plant().solve()
    assert plant(current_density=2000.0).solve()["U.voltage"] < base["U.voltage"]
    assert plant(cathode_exchange=1e-4).solve()["U.voltage"] < base["U.voltage"]
    assert plant(anode_gap=4e-3).solve()["U.anolyte_loss"] > base["U.anolyte_loss"]
    decade = base["U.voltage"] - plant(cathode_exchange=1e-4).solve()["U.voltage"]
    assert decade == pytest.approx(0.12, rel=1e-6)


def test_gap_without_lye_is_refused():
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", {"H2O": 5550.0, "KNO3": 2.0}, temperature=308.15))
    b = p.add(Feed("B", "aqueous", {"H2O": 60.0, "KOH": 6.0}, temperature=308.15))
    u = p.add(KineticCell("U", **{**SPECS, "mass_transfer": 1e-3}))
    p.connect(a.out, u.catholyte, "catholyte")
    p.connect(b.out, u.anolyte, "anolyte")
    with pytest.raises(Refusal, match=r"catholyte_out holds 0.0\S+ mol/L OH-; the conductivity of"):
        p.solve()
