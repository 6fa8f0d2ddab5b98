import pytest

from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.examples.crystals import evaporator
from noxplant.flowsheet.graph import Flowsheet
from noxplant.testing import check_unit
from noxplant.thermo import solid, water
from noxplant.units.evaporator import Evaporator, boiling_point
from noxplant.units.feed import Feed

SALT = "N2H6SO4(s)"


def plant(amount=None, P=4.5e4, fraction=0.25, salt=SALT, T=353.15):
    p = Flowsheet("p")
    amount = amount or {"H2O": 130.0, "N2H6SO4": 1.4, "H2SO4": 0.1}
    feed = p.add(Feed("F", "aqueous", amount, temperature=T))
    unit = p.add(Evaporator("U", salt=salt, pressure=P, vapour_fraction=fraction))
    p.connect(feed.out, unit.feed, "F")
    return p


def test_contract():
    check_unit(evaporator)


def test_acid_liquor_loses_no_hydrazine():
    # Note 3.7 (5): below 0.1 %.
    s = evaporator().solve()
    assert s.stream_results["U.vapour"].flows["N2H4"] < 1e-3 * 1.4


def test_boiling_point_of_water():
    assert boiling_point(101325.0) == pytest.approx(373.12, abs=0.03)
    s = plant({"H2O": 100.0, "N2H6SO4": 1e-4, "H2SO4": 0.02}, P=101325.0).solve()
    assert s.stream_results["U.liquor"].temperature == pytest.approx(373.12, abs=0.03)
    # Heat of evaporation at the boiling point 40.66 kJ/mol (note 3.7), preheating of the feed.
    preheat = 100.0 * 75.3 * (373.12 - 353.15)
    assert s["U.duty"] == pytest.approx(25.0 * 40.66e3 + preheat, rel=0.01)


def test_boiling_point_is_raised_as_by_the_ebullioscopic_constant():
    # Kb = 0.513 K kg/mol at 1 atm; KNO3-free proxy: 1 mol/kg of N2H5Cl gives 2 mol/kg of ions.
    kg = 75.0 * 0.01801528
    s = plant({"H2O": 100.0, "N2H5Cl": kg}, 101325.0, 25.0 / (100 + 2 * kg), "N2H5Cl(s)").solve()
    rise = s.stream_results["U.liquor"].temperature - 373.12
    assert rise == pytest.approx(0.513 * 2, rel=0.06)


def test_saturation_is_molality_over_solubility():
    s = plant({"H2O": 130.0, "N2H6SO4": 1.4}).solve()
    liquor = s.stream_results["U.liquor"]
    m = liquor.totals["N(-2)"] / (liquor.totals["H2O"] * 0.01801528)
    assert s["U.saturation"] == pytest.approx(
        m / solid.solubility(SALT, liquor.temperature), rel=1e-3
    )


def test_evaporation_to_a_saturation_given():
    p = plant()
    p.exchange("U.saturation", 0.95, "U.vapour_fraction")
    assert 0.25 < p.solve()["U.vapour_fraction"] < 0.6


def test_lower_pressure_boils_colder():
    a, b = plant(P=4.5e4).solve(), plant(P=3e4).solve()
    warm, cold = (s.stream_results["U.liquor"].temperature for s in (a, b))
    assert cold < warm
    assert water.saturation_pressure(cold) > 3e4


def test_volatile_solvent_leaves_first():
    s = evaporator().solve()
    gone = s.stream_results["U.vapour"].flows["acetonitrile"] / 0.02
    assert gone > 0.8


def test_crystals_in_the_evaporator():
    with pytest.raises(Refusal, match=r"N2H6SO4\(s\) crystallises in the evaporator"):
        plant(fraction=0.6).solve()


def test_too_hot():
    with pytest.raises(Refusal, match=r"boils above 393\.15 K"):
        plant(P=2.5e5).solve()


def test_names():
    with pytest.raises(SpeciesError, match="may mean two salts"):
        plant(salt="hydrazine sulfate")
    with pytest.raises(ModelError, match="needs Cl-, which no stream brings"):
        plant(salt="N2H5Cl(s)").build()


def test_heat_is_taken_up_where_the_liquor_boils():
    # A feed hotter than the liquor flashes; the heat it lacks goes in at the boiling point.
    s = plant(P=3.0e4, T=372.0).solve()
    boiling = s.stream_results["U.liquor"].temperature
    heat = s.quantities["U.duty"]
    assert boiling < 360.0
    assert heat.value > 0
    assert (heat.start, heat.end, heat.temperature) == (boiling, boiling, boiling)
