"""Drying in warm air against the humid air of CoolProp."""

import pytest
from CoolProp.HumidAirProp import HAPropsSI
from scipy.optimize import brentq

from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.examples.crystals import air_dryer
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import molar_mass
from noxplant.testing import check_unit
from noxplant.thermo import solid
from noxplant.units.air_dryer import AirDryer
from noxplant.units.crystal_dryer import CrystalDryer
from noxplant.units.feed import Feed

SALT = "N2H6SO4(s)"
AIR = {"N2": 23.4, "O2": 6.25, "H2O": 0.35}
DRY = 23.4 * molar_mass("N2") + 6.25 * molar_mass("O2")


def plant(cake=None, air=None, salt=SALT, warm=393.15, moisture=0.002):
    p = Flowsheet("p")
    amount = {"H2O": 1.0, salt: 1.0, **(cake or {})}
    feed = p.add(Feed("F", "slurry", amount, temperature=288.15))
    gas = p.add(Feed("air", "gas", {**AIR, **(air or {})}, temperature=warm))
    unit = p.add(AirDryer("U", salt=salt, moisture=moisture))
    p.connect(feed.out, unit.feed, "F")
    p.connect(gas.out, unit.air, "air")
    return p


def enthalpy(T, ratio):
    return HAPropsSI("Hda", "T", T, "P", 101325.0, "W", ratio)


def ratio(water):
    return water * molar_mass("H2O") / DRY


def spent(evaporated, T):
    """Heat for crystals and water, J: water from 288 K liquid (4186 J/kg/K), crystals to T."""
    liquid = 4186.0 * (288.15 - 273.15) * evaporated
    return solid.heat_capacity(SALT) * (T - 288.15) - liquid


def test_contract():
    check_unit(air_dryer)


@pytest.mark.oracle
@pytest.mark.parametrize("factor", [0.8, 1.0, 3.0])
def test_bed_temperature_against_coolprop(factor):
    """First law with the enthalpies of HAPropsSI: inlet air = exhaust + crystals - liquid water."""
    p = plant()
    p.set("air.factor", factor)
    s = p.solve()
    gone = s["U.evaporated"]

    def gap(T):
        humid = ratio(0.35) + gone / (DRY * factor)
        left = DRY * factor * (enthalpy(393.15, ratio(0.35)) - enthalpy(T, humid))
        return left - spent(gone, T)

    assert s["U.bed_temperature"] == pytest.approx(brentq(gap, 290, 390), abs=0.35)


@pytest.mark.oracle
def test_least_air_is_that_of_adiabatic_saturation():
    """With the exhaust saturated over the film, temperature and air are those of HAPropsSI."""
    p = plant()
    p.exchange("U.humidity", 0.9999, "air.factor")
    s = p.solve()
    gone, product = s["U.evaporated"], s.stream_results["U.product"]
    solutes = 2 * solid.solubility(SALT, product.temperature)  # activity of an ideal solution
    activity = 1 / (1 + solutes * molar_mass("H2O"))

    def air(T):
        humid = HAPropsSI("W", "T", T, "P", 101325.0, "R", 0.9999 * activity)
        return gone / (humid - ratio(0.35)), humid

    def gap(T):
        amount, humid = air(T)
        return amount * (enthalpy(393.15, ratio(0.35)) - enthalpy(T, humid)) - spent(gone, T)

    T = brentq(gap, 305, 325)
    assert s["U.bed_temperature"] == pytest.approx(T, abs=0.2)
    assert s["air.factor"] * DRY == pytest.approx(air(T)[0], rel=0.01)


@pytest.mark.oracle
def test_a_cake_at_the_wet_bulb_stays_there():
    """Saturated exhaust and no sensible heat: the wet bulb of CoolProp, and a little for the salt."""
    bulb = HAPropsSI("B", "T", 393.15, "P", 101325.0, "W", ratio(0.35))
    p = plant()
    p.set("F.temperature", bulb)
    p.exchange("U.humidity", 0.9999, "air.factor")
    assert p.solve()["U.bed_temperature"] == pytest.approx(bulb + 0.1, abs=0.2)


def test_the_air_gives_what_a_contact_dryer_takes():
    """The same cake, temperature and moisture in `CrystalDryer`: its duty is what the air gives."""
    s = plant({"N2H6SO4": 0.002}).solve()
    T = s["U.bed_temperature"]
    q = Flowsheet("q")
    feed = q.add(Feed("F", "slurry", {"H2O": 1.0, SALT: 1.0, "N2H6SO4": 0.002}, temperature=288.15))
    contact = CrystalDryer("U", salt=SALT, temperature=T, pressure=3e3, moisture=0.002)
    q.connect(feed.out, q.add(contact).feed, "F")
    r = q.solve()
    given = DRY * (enthalpy(393.15, ratio(0.35)) - enthalpy(T, ratio(0.35)))
    # CoolProp's air holds argon, 1.3 % by mass at half the heat capacity.
    assert r["U.duty"] == pytest.approx(given, rel=0.01)
    assert r["U.purity"] == pytest.approx(s["U.purity"], rel=1e-9)


def test_balances_by_hand():
    s = plant({"K2SO4": 0.004, "acetonitrile": 0.001}, {"CO2": 0.012}).solve()
    product, exhaust = s.stream_results["U.product"], s.stream_results["U.exhaust"]
    left = product.totals["H2O"] * molar_mass("H2O")
    assert left == pytest.approx(0.002 * s["U.production"], rel=1e-9)
    assert exhaust.flows["H2O"] == pytest.approx(1.35 - product.totals["H2O"], rel=1e-9)
    assert exhaust.flows["acetonitrile"] == pytest.approx(0.001, rel=1e-9)
    assert exhaust.flows["CO2"] == pytest.approx(0.012, rel=1e-9)
    assert product.totals["K+"] == pytest.approx(0.008, rel=1e-9)
    impurity = 0.004 * 0.17426 / s["U.production"]
    assert s["U.purity"] == pytest.approx(1 - impurity - 0.002, abs=2e-4)


def test_more_air_is_hotter_and_drier():
    a, b = plant().solve(), plant()
    b.set("air.factor", 2.0)
    b = b.solve()
    assert b["U.bed_temperature"] > a["U.bed_temperature"] + 10
    assert b["U.humidity"] < a["U.humidity"]


def test_saturated_air():
    p = plant()
    p.set("air.factor", 0.3)
    with pytest.raises(
        Refusal, match=r"saturated before the crystals are dry.*warmer or drier air"
    ):
        p.solve()


def test_nothing_to_dry():
    with pytest.raises(Refusal, match="the cake is as dry as the product is to be"):
        plant(moisture=0.2).solve()


@pytest.mark.parametrize("warm", [343.16, 360.0])
def test_hydrazinium_chloride_is_not_dried_above_70_C(warm):
    """Note 3.8: T_dry at most Tm - 20 K, 342 K for N2H5Cl (melts at 89 C)."""
    with pytest.raises(
        Refusal, match=r"N2H5Cl\(s\) melts .* 362\.15 K.*below 342\.15 K.*Dry colder"
    ):
        plant(salt="N2H5Cl(s)", air={k: 4 * n for k, n in AIR.items()}, warm=warm).solve()


def test_hydrazinium_chloride_dries_in_air_of_60_C():
    s = plant(salt="N2H5Cl(s)", air={k: 4 * n for k, n in AIR.items()}, warm=333.15).solve()
    assert s["U.purity"] > 0.99


def test_names():
    with pytest.raises(ModelError, match=r"NH4NO3\(s\) explodes when dry"):
        AirDryer("U", salt="NH4NO3(s)", moisture=0.01)
    with pytest.raises(SpeciesError, match="may mean two salts"):
        AirDryer("U", salt="hydrazine sulfate", moisture=0.01)


def test_water_that_crystals_bind_closes_the_balance():
    """KHCO3 holds the water of C(4) + H2O: what crystallises from the film takes it along."""
    s = plant(cake={"H2O": 0.3}, salt="KHCO3(s)", moisture=0.004).solve()
    assert s.audits.elements < 1e-10
    full = solid.solubility("KHCO3(s)", 288.15) * 0.3 * molar_mass("H2O")
    wet = plant(cake={"H2O": 0.3, "KHCO3": full}, salt="KHCO3(s)", moisture=0.004).solve()
    made = wet.stream("U.product").flows["KHCO3(s)"]
    left = wet["U.moisture"] * wet["U.production"] / molar_mass("H2O")
    # The 0.3 mol leave but for what the film holds free: KHCO3 = K+ + CO2 + OH- keeps its own.
    free = left - (1.0 + full - made)
    assert wet["U.evaporated"] / molar_mass("H2O") == pytest.approx(0.3 - free, rel=1e-9)
    assert made == pytest.approx(1.0 + full, rel=0.01)


def test_bicarbonate_is_not_dried_warm():
    salt = "NH4HCO3(s)"
    with pytest.raises(
        Refusal, match=r"falls apart to gas: it is not kept above 309\.15 K, and it"
    ):
        plant(cake={"H2O": 0.3}, salt=salt).solve()
    s = plant(cake={"H2O": 0.02}, salt=salt, warm=305.0).solve()
    assert any("cold too: what the air takes of it is not modelled" in w for w in s.warnings)


def test_a_film_of_other_solutes_is_named():
    with pytest.raises(
        Refusal, match=r"over the film on them stand .* Pa of water .* wash them out"
    ):
        plant(cake={"KNO3": 0.05}, salt="(NH4)2SO4(s)").solve()


@pytest.mark.parametrize(
    ("base", "salt", "moisture"),
    [("NH3", "(NH4)2SO4(s)", 0.002), ("N2H4", SALT, 0.02)],
)
def test_free_base_does_not_stay(base, salt, moisture):
    """0.01 mol/s of ammonia in 0.015 mol/s of water: 34 mol/kg, of which nothing would leave."""
    with pytest.raises(Refusal, match=f"of free {base} .pH .*it would leave with the vapour"):
        plant(cake={base: 0.015}, salt=salt, moisture=moisture).solve()
    s = plant(cake={base: 1e-4, "H2SO4": 1e-4}, salt=salt, moisture=moisture).solve()
    assert s["U.purity"] > 0.97
