"""The arc against the note's numeric equilibrium, its responses and its refusals."""

import math

import pytest

from noxplant.constants import ATMOSPHERE
from noxplant.errors import ModelError, SpecError
from noxplant.examples.plasma import equilibrium_arc
from noxplant.flowsheet import Flowsheet
from noxplant.testing import check_unit
from noxplant.thermo import gas_equilibrium as eq
from noxplant.units.equilibrium_arc import EquilibriumArc
from noxplant.units.feed import Feed

GIVEN = {"supply_efficiency": 0.9, "arc_efficiency": 0.8, "loss_temperature": 333.15}


def plant(feed, T, pressure=ATMOSPHERE, species=eq.AIR_5, treated=1.0, **given):
    flow = Flowsheet("arc")
    air = flow.add(Feed("air", "gas", feed, pressure=pressure))
    values = {**GIVEN, **given}
    unit = flow.add(
        EquilibriumArc("U", species=species, treated=treated, arc_temperature=T, **values)
    )
    flow.connect(air.out, unit.feed, "air")
    return flow


def test_contract():
    check_unit(equilibrium_arc)


@pytest.mark.oracle
def test_note_section_6_eight_species():
    s = plant({"N2": 0.78, "O2": 0.21, "Ar": 0.01}, 3000.0, species=eq.AIR_8).solve()
    hot = s.stream("U.out").flows
    total = sum(hot.values())
    assert hot["NO"] / total == pytest.approx(4.069002725e-2, rel=1e-7)
    assert hot["NO2"] / total == pytest.approx(2.078499406e-5, rel=1e-7)
    assert s["U.power"] * 0.9 * 0.8 == pytest.approx(109271.4662, rel=1e-6)
    assert s["U.losses"] == pytest.approx(-0.28 * s["U.power"], rel=1e-12)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("T", "atm", "x_no"),
    [
        (1500.0, 1, 1.22288e-3),
        (2000.0, 10, 0.007581),
        (4000.0, 20, 7.918e-2),
        (6000.0, 1, 0.007926),
    ],
)
def test_five_species_over_the_range(T, atm, x_no):
    # The note has NASA-9 data: the NASA-7 data here differ by up to 0.5 % in NO (dHf(NO)).
    s = plant({"N2": 0.79, "O2": 0.21}, T, pressure=atm * ATMOSPHERE).solve()
    assert s["U.no_fraction"] == pytest.approx(x_no, rel=2e-2)
    found = eq.equilibrium({"N2": 0.79, "O2": 0.21}, T, atm * ATMOSPHERE)
    for k, n in found.items():
        assert s.stream("U.out").flows[k] == pytest.approx(n, rel=1e-7, abs=1e-16)


def test_carbon_dioxide_and_water_pass_when_nothing_else_holds_carbon():
    species = (*eq.AIR_8, "CO2", "H2O")
    s = plant({"N2": 0.77, "O2": 0.2, "CO2": 4e-4, "H2O": 0.01}, 3000.0, species=species).solve()
    hot = s.stream("U.out").flows
    assert hot["CO2"] == pytest.approx(4e-4, rel=1e-10)
    assert hot["H2O"] == pytest.approx(0.01, rel=1e-10)
    assert hot["Ar"] == 0.0


@pytest.mark.oracle
def test_moist_air_dissociates_like_the_numeric_equilibrium():
    species, feed = (*eq.AIR_5, "H2O", "OH", "H", "H2"), {"N2": 0.77, "O2": 0.2, "H2O": 0.03}
    s = plant(feed, 3300.0, species=species).solve()
    for k, n in eq.equilibrium(feed, 3300.0, ATMOSPHERE, species).items():
        assert s.stream("U.out").flows[k] == pytest.approx(n, rel=1e-7)


def test_responses():
    feed = {"N2": 0.79, "O2": 0.21}
    base = plant(feed, 3500.0).solve()
    pressed = plant(feed, 3500.0, pressure=10 * ATMOSPHERE).solve()
    assert pressed["U.energy_cost"] < base["U.energy_cost"]
    half = plant(feed, 3500.0, treated=0.5).solve()
    assert half["U.power"] == pytest.approx(0.5 * base["U.power"], rel=1e-9)
    better = plant(feed, 3500.0, arc_efficiency=1.0, supply_efficiency=1.0).solve()
    assert better["U.losses"] == pytest.approx(0.0, abs=1e-6)
    assert better["U.power"] == pytest.approx(0.72 * base["U.power"], rel=1e-9)


def test_oxides_recycled_to_the_arc_count_as_their_elements():
    a = plant({"N2": 0.74, "O2": 0.16, "NO": 0.1}, 3000.0).solve()
    b = plant({"N2": 0.79, "O2": 0.21}, 3000.0).solve()
    assert a["U.no_fraction"] == pytest.approx(b["U.no_fraction"], rel=1e-8)
    assert math.isfinite(a["U.energy_cost"])


def test_messages():
    with pytest.raises(SpecError, match="outside"):
        plant({"N2": 0.79, "O2": 0.21}, 1400.0)
    with pytest.raises(ModelError, match="'NO2-' cannot be in its hot gas"):
        plant({"N2": 0.79, "O2": 0.21}, 3000.0, species=(*eq.AIR_5, "NO2-"))
    with pytest.raises(ModelError, match="must hold N2, O2 and NO"):
        plant({"N2": 0.79, "O2": 0.21}, 3000.0, species=("N2", "O2", "O"))
    with pytest.raises(ModelError, match="holds CO2, but no species of the hot gas holds C"):
        plant({"N2": 0.79, "O2": 0.21, "CO2": 0.01}, 3000.0).solve()
    with pytest.raises(ModelError, match="nothing in the feed holds O"):
        plant({"N2": 0.79}, 3000.0).solve()
