"""Acid column against the note's stages, an ODE of its volume, heats of reaction, and its refusals."""

import math
import re

import pytest
from scipy.integrate import solve_ivp

from noxplant.constants import ATMOSPHERE, GAS_CONSTANT
from noxplant.errors import ModelError, Refusal
from noxplant.examples.nox import acid_column
from noxplant.flowsheet import Flowsheet
from noxplant.testing import check_unit
from noxplant.thermo import activity, aqueous, gas, nitric_acid
from noxplant.thermo.equilibrium import no_oxidation_rate_constant
from noxplant.thermo.oxidation import nitric_oxide_left
from noxplant.units.acid_column import AcidColumn
from noxplant.units.feed import Feed
from noxplant.utilities import ANY


def plant(feed, water=3.0, acid=0.0, atm=5.0, T=303.15, **given):
    flow = Flowsheet("column")
    p = atm * ATMOSPHERE
    gas = flow.add(Feed("gas", "gas", feed, temperature=320.0, pressure=p))
    liquid = {"H2O": water, "HNO3": acid} if acid else {"H2O": water}
    top = flow.add(Feed("top", "aqueous", liquid, temperature=T, pressure=p))
    given = {"stages": 4, "volume": 0.5, "efficiency": 0.6} | given
    unit = flow.add(AcidColumn("U", temperature=T, **given))
    unit.choose_utility("duty", ANY)
    flow.connect(gas.out, unit.gas, "gas")
    flow.connect(top.out, unit.liquid, "top")
    return flow


def seconds(time, atm, T, flow=10.0):
    """Volume of a residence time."""
    return time * flow * GAS_CONSTANT * T / (atm * ATMOSPHERE)


def test_contract():
    s = check_unit(acid_column)
    assert s["U.recovery"] > 0.9


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("atm", "T", "n", "time", "eta", "gas", "no_out", "recovery"),
    [
        (1, 303.15, 10, 10, 0.5, (0.05, 0.0, 0.18), 5.1335088e-3, 0.86974897),
        (5, 303.15, 20, 10, 0.5, (0.09, 0.01, 0.06), 1.33329670e-2, 0.86664022),
        (8, 303.15, 25, 6, 0.6, (0.05, 0.05, 0.045), 6.6911698e-3, 0.93300594),
        (1, 298.15, 5, 30, 0.6, (0.03, 0.01, 0.18), 4.1896145e-3, 0.83907747),
    ],
)
def test_bookkeeping_of_the_note(atm, T, n, time, eta, gas, no_out, recovery):
    no, no2, _ = nitric_acid.column(T, atm * ATMOSPHERE, time, eta, gas, [None] * n)[-1]
    assert no == pytest.approx(no_out, rel=1e-7)
    assert 1 - (no + no2) / (gas[0] + gas[1]) == pytest.approx(recovery, rel=1e-7)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("atm", "T", "w", "no", "no2", "extent", "free"),
    [
        (1, 303.15, 0.30, 0.01, 0.04, 0.010848835, 0.007016683),
        (5, 313.15, 0.60, 0.005, 0.09, -1.3271176e-4, 0.045656036),
        (1, 298.15, 0.50, 0.02, 0.03, -0.008268752, 0.037011865),
    ],
)
def test_equilibrium_stage_of_the_note(atm, T, w, no, no2, extent, free):
    found = nitric_acid.equilibrium(T, atm * ATMOSPHERE, w, no, no2)
    assert found.extent == pytest.approx(extent, rel=1e-6)
    assert found.nitrogen_dioxide == pytest.approx(free, rel=1e-6)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("T", "w", "main", "joshi", "suchak"),
    [  # atm^-2, acid_equilibrium.csv of the note
        (298.15, 0.01, 94710918851.01341, None, 793789175.9723289),
        (298.15, 0.10, 236053834.22906926, None, 46512472.90523529),
        (298.15, 0.50, 231.37759611380451, 556.9379135552258, 155.38553025127803),
        (298.15, 0.68, 1.0179127439199396, 1.3908973237724502, 0.533505730949279),
        (313.15, 0.20, 431588.44098758383, 80113.68597425187, 256139.16940457),
        (313.15, 0.60, 2.045749439777833, 5.7344677383930005, 2.004554662118223),
    ],
)
def test_three_published_constants(T, w, main, joshi, suchak):
    assert math.exp(nitric_acid.ln_k(T, w)) == pytest.approx(main, rel=1e-5)
    assert math.exp(nitric_acid.ln_k_suchak(T, w)) == pytest.approx(suchak, rel=1e-9)
    if joshi:
        assert math.exp(nitric_acid.ln_k_joshi(T, w)) == pytest.approx(joshi, rel=1e-9)


@pytest.mark.oracle
def test_constant_of_weak_acid_agrees_with_formation_data():
    """K of 3 NO2 + H2O(l) = 2 H+ + 2 NO3- + NO from NBS data is 1.743e9 molal^4/atm^2 (note)."""
    m = 50 / 63.013 / 0.95  # 5 wt%
    water, gamma = 0.97, 0.75  # activity and mean activity coefficient of HNO3 at 0.8 mol/kg
    expected = 1.743e9 * water / (m * gamma) ** 4
    assert 1 / 3.5 < math.exp(nitric_acid.ln_k(298.15, 0.05)) / expected < 3.5


@pytest.mark.oracle
def test_a_stage_that_only_oxidises_is_the_ode_with_contraction():
    """Efficiency zero: third-order plug flow; the ODE counts the contraction exactly."""
    feed, T, atm = {"N2": 7.55, "O2": 1.15, "NO": 1.3}, 303.15, 1.0
    k = no_oxidation_rate_constant(T) * (atm * ATMOSPHERE) ** 3 / (GAS_CONSTANT * T)

    def slope(_, n):
        done = (1.3 - n[0]) / 2
        return [-k * n[0] ** 2 * (1.15 - done) / (10.0 - done) ** 3]

    V = seconds(3.0, atm, T)
    exact = solve_ivp(slope, (0, V), [1.3], method="LSODA", rtol=1e-10, atol=1e-12).y[0, -1]
    s = plant(feed, atm=atm, T=T, stages=1, volume=V, efficiency=0.0).solve()
    assert 0.3 < exact / 1.3 < 0.5
    # halfway flow instead of the local one: 0.6 % of the NO left at 13 % NO
    assert s.stream("U.gas_out").flows["NO"] == pytest.approx(exact, rel=7e-3)


@pytest.mark.oracle
def test_a_dilute_column_is_the_bookkeeping():
    """1000 ppm at 8 atm: contraction and water vapour vanish, the acid keeps its strength."""
    T, atm, n, time = 298.15, 8.0, 5, 40.0
    feed = {"N2": 9.0, "O2": 0.99, "NO": 0.006, "NO2": 0.004}
    V = seconds(time, atm, T)
    flow = plant(feed, 40.0, 6.0, atm, T, stages=n, volume=V, efficiency=0.7)
    s = flow.solve()
    w = [s[f"U.strength[stage {k}]"] for k in range(n, 0, -1)]
    gas = (6e-4, 4e-4, 0.099)
    no, no2, _ = nitric_acid.column(T, atm * ATMOSPHERE, time, 0.7, gas, w)[-1]
    out = s.stream("U.gas_out").flows
    assert out["NO"] == pytest.approx(10 * no, rel=0.01)
    assert out["NO2"] + 2 * out["N2O4"] == pytest.approx(10 * no2, rel=0.02)


@pytest.mark.oracle
def test_full_efficiency_without_volume_is_the_equilibrium_stage():
    T, atm = 303.15, 1.0
    feed = {"N2": 93.0, "O2": 2.0, "NO": 1.0, "NO2": 4.0}
    flow = plant(feed, 7e3, 857.4, atm, T, stages=1, volume=1e-9, efficiency=1.0)
    s = flow.solve()
    w = s["U.strength[stage 1]"]
    assert w == pytest.approx(0.30, abs=0.001)
    out = s.stream("U.gas_out").flows
    total = sum(out.values())
    p = {k: out[k] / total for k in ("NO", "NO2", "N2O4")}
    assert p["NO"] / p["NO2"] ** 3 == pytest.approx(math.exp(nitric_acid.ln_k(T, w)), rel=1e-6)
    found = nitric_acid.equilibrium(T, ATMOSPHERE, w, 0.01, 0.04)
    assert s["U.absorbed[stage 1]"] == pytest.approx(100 * found.extent, rel=0.02)


@pytest.mark.oracle
def test_heat_of_absorption():
    """-114.2 kJ per O2, -57.1 kJ per N2O4 and -138.2 kJ per NO made (note, NBS data)."""
    s = plant({"N2": 7.4, "O2": 1.2, "NO": 0.5, "NO2": 0.25, "H2O": 0.08}, water=60.0).solve()
    n = range(1, 5)
    heat = 114.2e3 * sum(s[f"U.oxidised[stage {k}]"] for k in n)
    heat += 138.2e3 * sum(s[f"U.absorbed[stage {k}]"] for k in n)
    heat += 57.1e3 * sum(s[f"U.dimerised[stage {k}]"] for k in n)
    heat += 9.43 * 29.5 * (320.0 - 303.15)  # the gas cools
    heat += 44e3 * (0.08 - s.stream("U.gas_out").flows["H2O"])  # vapour condenses
    assert -s["U.duty"] == pytest.approx(heat, rel=0.03)


def test_nitrogen_two_thirds_of_the_dioxide_become_acid():
    s = plant({"N2": 7.4, "O2": 1.2, "NO": 0.4, "NO2": 0.2, "HNO2": 0.02, "N2O3": 0.01}).solve()
    acid = s.stream("U.acid").totals["NO3-"]
    assert acid == pytest.approx(2 * sum(s[f"U.absorbed[stage {k}]"] for k in range(1, 5)))
    assert s["U.recovery"] == pytest.approx(acid / 0.64, rel=1e-9)
    assert "HNO2" not in s.stream("U.gas_out").flows


def test_strong_acid_is_stripped_by_lean_gas():
    s = plant({"N2": 9.0, "O2": 0.5, "NO": 0.3, "NO2": 0.001}, 3.0, 1.0, stages=1, volume=1e-6)
    s = s.solve()
    assert s["U.absorbed[stage 1]"] < 0
    assert s.stream("U.acid").totals["NO3-"] < 1.0


def test_responses():
    feed = {"N2": 7.4, "O2": 1.2, "NO": 0.5, "NO2": 0.25}
    base = plant(feed).solve()
    assert plant(feed, stages=6).solve()["U.recovery"] > base["U.recovery"]
    assert plant(feed, volume=1.0).solve()["U.recovery"] > base["U.recovery"]
    assert plant(feed, T=313.15).solve()["U.recovery"] < base["U.recovery"]
    assert plant(feed, atm=8.0).solve()["U.recovery"] > base["U.recovery"]
    assert any("toxic" in w for w in base.warnings)


def test_refusals():
    feed = {"N2": 7.4, "O2": 1.2, "NO": 0.5, "NO2": 0.25}
    words = r"stage \d would have [23]\d.* mol HNO3 per kg water \([56]\d.* wt%\); .* to 20 mol/kg \(55.8"
    with pytest.raises(Refusal, match=words):
        plant(feed, water=0.9, atm=10.0, stages=8).solve()
    with pytest.raises(Refusal, match=r"O2 is exhausted on stage \d: .* Feed secondary air"):
        plant(feed | {"O2": 0.12}, volume=5.0).solve()
    with pytest.raises(ModelError, match="its gas holds no O2; feed NOx gas with air"):
        plant({"N2": 7.4, "NO": 0.5}).solve()
    with pytest.raises(ModelError, match="its gas brings NH3, .* ammonium nitrate"):
        plant(feed | {"NH3": 0.1}).solve()
    flow = Flowsheet("lye")
    gas, lye = (
        flow.add(Feed("g", "gas", feed)),
        flow.add(Feed("l", "aqueous", {"H2O": 9, "KOH": 1})),
    )
    unit = flow.add(AcidColumn("U", stages=2, volume=1.0, temperature=303.15, efficiency=0.5))
    flow.connect(gas.out, unit.gas, "gas")
    flow.connect(lye.out, unit.liquid, "lye")
    with pytest.raises(ModelError, match=r"(?s)its liquid brings K\+; .* AlkalineColumn for lye"):
        flow.solve()
    with pytest.raises(Refusal, match="efficiency of a stage must be in"):
        nitric_acid.column(303.15, 1e5, 1.0, 1.5, (0.1, 0.1, 0.1), [None])


def test_strong_acid_is_refused_alike_as_feed_and_as_product():
    """20 mol/kg is the end of the heats of dilution, whichever way the acid comes about."""
    feed = {"N2": 7.4, "O2": 1.2, "NO": 0.5, "NO2": 0.25}
    with pytest.raises(Refusal, match=r"HNO3 is too strong: .* to 20 mol per kg water"):
        plant(feed, water=3.0, acid=1.2).solve()


@pytest.mark.oracle
@pytest.mark.parametrize(("m", "off"), [(3.0, 0.25), (6.0, 0.25), (10.0, 0.15), (11.0, 0.15)])
def test_vapour_of_the_acid_against_the_pitzer_set(m, off):
    """(m gamma)^2/K with the activity coefficient of the streams' own set, and K = 2.511e6 at 25 C."""
    found = activity.model("pitzer", ("H+", "NO3-", "H2O")).evaluate({"H+": m, "NO3-": m}, 298.15)
    ln = float(found.ln_gamma["H+"]) + float(found.ln_gamma["NO3-"])
    expected = m**2 * math.exp(ln) / 2.511e6 * ATMOSPHERE
    assert nitric_acid.vapour_pressure(298.15, m) == pytest.approx(expected, rel=off)


@pytest.mark.oracle
def test_vapour_of_the_acid_rises_with_its_heat():
    """van't Hoff: the heat of HNO3 gas to ions, from the NASA polynomials and the aqueous data."""
    gas_heat = gas.enthalpy("HNO3", 298.15) - aqueous.formation_enthalpy("NO3-")
    p = [nitric_acid.vapour_pressure(T, 5.0) for T in (297.15, 299.15)]
    slope = 8.314462618 * math.log(p[1] / p[0]) / (1 / 297.15 - 1 / 299.15)
    assert slope == pytest.approx(gas_heat, rel=0.02)
    assert nitric_acid.vapour_pressure(298.15, 0.0) == 0.0
    with pytest.raises(Refusal, match="vapour pressure of HNO3"):
        nitric_acid.vapour_pressure(298.15, 25.0)


def test_the_vapour_left_out_is_told():
    feed = {"N2": 7.4, "O2": 1.2, "NO": 0.5, "NO2": 0.25}
    s = plant(feed, water=2.0, atm=8.0, stages=3).solve()
    words = next(w for w in s.warnings if "HNO3 vapour over the acid is left out" in w)
    numbers = [float(x) for x in re.findall(r"([\d.e+-]+) (?:Pa|%)", words)]
    top, share, most = numbers
    acid = s.stream("U.acid").totals
    assert most == pytest.approx(
        nitric_acid.vapour_pressure(303.15, acid["NO3-"] / acid["H2O"] / 0.018015), rel=0.06
    )
    tail = sum(s.stream("U.gas_out").flows.values())
    assert share == pytest.approx(100 * top * tail / (8 * ATMOSPHERE) / acid["NO3-"], rel=0.1)
    assert top < most


def test_nothing_or_no_oxygen_left_stands_still():
    assert nitric_oxide_left(303.15, 1e5, 0.0, 0.2, 5.0) == 0.0
    assert nitric_oxide_left(303.15, 1e5, 0.1, 0.0, 5.0) == 0.1
    assert nitric_oxide_left(303.15, 1e6, 0.1, 0.01, 1e6) == pytest.approx(0.08, rel=1e-9)
