"""Alkaline column against closed forms, a second set of equations on Cantera's constants, and refusals."""

import math

import pytest
from scipy.optimize import brentq, fsolve

from noxplant.constants import ATMOSPHERE, GAS_CONSTANT
from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.examples.nox import alkaline_column
from noxplant.flowsheet import Flowsheet
from noxplant.testing import check_unit
from noxplant.thermo import film, nox_gas
from noxplant.units.alkaline_column import AlkalineColumn
from noxplant.units.feed import Feed

GAS = {"N2": 7.4, "O2": 1.85, "NO": 0.3, "NO2": 0.25, "CO2": 0.004, "H2O": 0.1}


def plant(feed=GAS, koh=3.0, water=111.0, atm=1.0, **given):
    flow = Flowsheet("column")
    p = atm * ATMOSPHERE
    gas = flow.add(Feed("gas", "gas", feed, temperature=308.15, pressure=p))
    lye = flow.add(Feed("lye", "aqueous", {"H2O": water, "KOH": koh}, pressure=p))
    given = {"stages": 3, "area": 300.0, "volume": 1.0, "gas_film": 0.02} | given
    unit = flow.add(AlkalineColumn("U", **given))
    flow.connect(gas.out, unit.gas, "gas")
    flow.connect(lye.out, unit.liquor, "lye")
    return flow


def test_contract():
    check_unit(alkaline_column)


@pytest.mark.oracle
def test_carbon_dioxide_by_hand():
    """Each stage leaves 1/(1 + area x conductance x p/flow) of the CO2; Pinsent's constant."""
    feed = {"N2": 9.99, "O2": 1e-9, "NO": 1e-7, "NO2": 1e-7, "CO2": 0.004, "H2O": 0.35}
    s = plant(feed, koh=20.0, water=1110.0, stages=2, area=25.0, gas_film=1.0).solve()
    out = s.stream("U.liquor_out")
    T = out.temperature
    kg = out.flows["H2O"] * 0.018015
    hydroxide = out.flows["OH-"] / kg * 997.0 * 0.98  # mol/m3; the salt takes 2 % of the volume
    k = 10 ** (13.635 - 2895 / T) / 1000
    henry = 3.3e-4 * math.exp(2400 * (1 / T - 1 / 298.15))  # Sander
    flux = henry * math.sqrt(k * 1.91e-9 * hydroxide)
    flux = 1 / (1 / flux + GAS_CONSTANT * T / 1.0)
    left = 1 / (1 + 25.0 * flux * ATMOSPHERE / sum(s.stream("U.gas_out").flows.values())) ** 2
    assert 0.2 < left < 0.8
    assert 1 - s["U.carbon_dioxide_removal"] == pytest.approx(left, rel=0.02)


def test_stages_are_stirred_and_many_of_them_are_plug_flow():
    """Of one surface cut into n stages, (1 + K/n)^-n of the CO2 is left, exp(-K) in the limit."""
    feed = {"N2": 9.99, "O2": 1e-9, "NO": 1e-7, "NO2": 1e-7, "CO2": 0.004, "H2O": 0.35}
    given = {"koh": 20.0, "water": 1110.0, "gas_film": 1.0}
    left = {}
    for n in (1, 2, 4, 8):
        s = plant(feed, stages=n, area=40.0 / n, volume=0.1 / n, **given).solve()
        left[n] = 1 - s["U.carbon_dioxide_removal"]
    k = 1 / left[1] - 1
    assert 0.5 < k < 3
    for n in (2, 4, 8):
        assert left[n] == pytest.approx((1 + k / n) ** -n, rel=4e-3)
    plug = 2 * left[8] - left[4]  # of first order in 1/n
    assert plug == pytest.approx(math.exp(-k), rel=0.015)


@pytest.mark.oracle
def test_one_stage_by_a_second_set_of_equations():
    """NO, NO2 and HNO2 of a stirred gas on Cantera's equilibrium constants, in atm and seconds."""
    import cantera as ct

    s = plant(stages=1).solve()
    out = s.stream("U.gas_out")
    T, total = out.temperature, sum(out.flows.values())
    species = {x.name: x for x in ct.Species.list_from_file("nasa_gas.yaml")}
    g = {
        n: species[n].thermo.h(T) - T * species[n].thermo.s(T)
        for n in ("NO", "NO2", "N2O3", "N2O4")
    }
    g |= {n: species[n].thermo.h(T) - T * species[n].thermo.s(T) for n in ("HNO2", "H2O", "O2")}
    rt = ct.gas_constant * T
    k2, k3 = (
        math.exp((2 * g["NO2"] - g["N2O4"]) / rt),
        math.exp((g["NO"] + g["NO2"] - g["N2O3"]) / rt),
    )
    k4 = math.exp((g["NO"] + g["NO2"] + g["H2O"] - 2 * g["HNO2"]) / rt)
    k1 = math.exp((2 * g["NO"] + g["O2"] - 2 * g["NO2"]) / rt)
    water, oxygen = (out.flows[x] / total for x in ("H2O", "O2"))
    gas_film = 0.02 / (8.314462618 * T) * 101325  # mol/m2/s/atm
    root = math.sqrt(825 * 1.4e-9)
    film4 = 1.4e-2 * math.exp(3500 * (1 / T - 1 / 298.15)) * root * 101325
    film3 = 6e-3 * math.sqrt(850 * 1.4e-9) * 101325
    solubility = 1.2e-4 * math.exp(2400 * (1 / T - 1 / 298.15)) * 101325

    def rest(p):
        no, no2, hno2 = p
        d, t = k2 * no2**2, k3 * no * no2
        r1 = 10 ** (652.1 / T - 0.7356) * (no**2 * oxygen - no2**2 / k1) / 2
        r1 *= 101325 / (8.314462618 * T)
        r4 = 8.8e3 * (no * no2 * water - hno2**2 / k4)
        a4, a3 = (300 * f / (1 + f / gas_film) * q for f, q in ((film4, d), (film3, t)))
        rate2 = math.sqrt(2 / 3 * 7.4e4 * 1.4e-9)
        surface = brentq(
            lambda q: gas_film * (no2 - q) - rate2 * (solubility * max(q, 0.0)) ** 1.5,
            -1e-9,
            no2,
            xtol=1e-16,
        )
        a2 = 300 * gas_film * (no2 - surface)
        return (
            0.3 - 2 * r1 - r4 - a3 - total * (no + t),
            0.25 + 2 * r1 - r4 - a3 - 2 * a4 - a2 - total * (no2 + t + 2 * d),
            2 * r4 - 300 * gas_film * hno2 - total * hno2,
        )

    no, no2, hno2 = fsolve(rest, (0.02, 0.02, 0.002), xtol=1e-13)
    assert out.flows["NO"] / total == pytest.approx(no, rel=1e-6)
    assert out.flows["NO2"] / total == pytest.approx(no2, rel=1e-6)
    assert out.flows["HNO2"] / total == pytest.approx(hno2, rel=1e-6)
    assert out.flows["N2O4"] / total == pytest.approx(k2 * no2**2, rel=1e-6)


@pytest.mark.parametrize("gas_film", [2e-2, 1e-3, 1e-4, 1e-5])
def test_nothing_is_absorbed_faster_than_its_gas_film_brings_it(gas_film):
    s = plant(stages=1, gas_film=gas_film).solve()
    out = s.stream("U.gas_out")
    total = sum(out.flows.values())
    for name in ("NO2", "N2O3", "N2O4", "HNO2"):
        partial = out.flows.get(name, 0.0) / total * out.pressure
        most = 300 * gas_film * partial / (8.314462618 * out.temperature)
        assert s[f"U.absorbed[{name}, stage 1]"] <= most * (1 + 1e-9), name


def test_equal_parts_give_nitrite_where_nitrous_acid_has_time():
    """NO : NO2 = 1 : 1 without oxygen: the minimal unit's (1, 1) -> nitrite only."""
    feed = {"N2": 9.0, "O2": 1e-8, "NO": 0.3, "NO2": 0.3, "H2O": 0.3}
    share = [
        plant(feed, volume=v, gas_film=1.0, area=20.0, stages=4).solve()["U.nitrite_share"]
        for v in (0.1, 10.0, 1000.0)
    ]
    assert share[0] < share[1] < share[2]
    assert share[2] == pytest.approx(1.0, abs=0.01)


def test_nitric_oxide_alone_is_inert():
    s = plant({"N2": 9.0, "O2": 1e-8, "NO": 0.5, "NO2": 1e-6, "H2O": 0.3}).solve()
    assert s["U.removal"] < 1e-4
    assert s["U.slip"] == pytest.approx(0.5, rel=1e-4)


def test_nitrogen_and_hydroxide_balance():
    s = plant().solve()
    out = s.stream("U.liquor_out").totals
    assert out["N(3)"] + out["NO3-"] == pytest.approx(0.55 - s["U.slip"], rel=1e-9)
    used = out["N(3)"] + out["NO3-"] + 2 * out["C(4)"]
    assert s["U.hydroxide_fed"] - s["U.hydroxide_left"] == pytest.approx(used, rel=1e-3)
    assert s["U.nitrite_share"] == pytest.approx(out["N(3)"] / (out["N(3)"] + out["NO3-"]))


@pytest.mark.oracle
def test_film_constants_against_published_ones():
    """H sqrt(k D) of N2O3: 2.5e-4 mol/s/cm2/atm with k = 1.2e4 1/s (plasma note)."""
    ours = film.uptake("N2O3", 298.15) * 101325 / 1e4 * math.sqrt(1.2e4 / 850)
    assert ours == pytest.approx(2.5e-4, rel=0.01)
    # CO2 in 1 mol/L OH- at 25 C: sqrt(k c D) = 4.0e-3 m/s (Danckwerts; k = 8.4e3 L/mol/s)
    flux = film.carbon_dioxide_uptake(298.15, 1000.0)
    assert flux == pytest.approx(3.35e-4 * math.sqrt(8.41 * 1000 * 1.91e-9), rel=0.03)
    with pytest.raises(SpeciesError, match="No film constants of 'N2O5'"):
        film.uptake("N2O5", 298.15)


@pytest.mark.oracle
def test_nitrous_acid_takes_ten_seconds():
    """England and Corcoran: 2 % of each at 1 atm, NO consumed per NO present."""
    p = 0.02 * ATMOSPHERE
    rate = nox_gas.nitrous_acid_rate(298.15, p, p, p, 0.0)
    assert rate == pytest.approx(8.8e3 * 0.02**3, rel=1e-12)
    assert p / (GAS_CONSTANT * 298.15) / rate == pytest.approx(11.6, rel=0.01)


def test_responses():
    base = plant().solve()
    assert plant(stages=5).solve()["U.removal"] > base["U.removal"]
    assert plant(area=600.0).solve()["U.removal"] > base["U.removal"]
    assert plant(atm=3.0).solve()["U.removal"] > base["U.removal"]
    assert any("toxic" in w for w in base.warnings)


def test_refusals():
    with pytest.raises(Refusal, match=r"hydroxide is exhausted: the lye brings 0.3 mol/s"):
        plant(koh=0.3).solve()
    with pytest.raises(ModelError, match="its gas holds no NO2; feed NOx gas with air"):
        plant({"N2": 9.0, "O2": 1.0, "NO": 0.1}).solve()
