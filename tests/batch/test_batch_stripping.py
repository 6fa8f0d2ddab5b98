"""Batch stripping: the note's 26.5 h, closed forms, a separately written SciPy ODE, traps, limits."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from noxplant.batch import StrippingIntoAcid, StrippingIntoSolvent, shipped, stripping_time
from noxplant.batch.stripping import NORMAL
from noxplant.errors import Refusal, SpecError
from noxplant.thermo import aqueous, organic, water

T = 298.15
BASE = {
    "volume": 25e-6, "ammonia": 100.0, "hydroxide": 1000.0, "temperature": T, "pressure": 101325.0,
    "gas_flow": 50e-6 / 60, "humidity": 0.0, "salting": 0.0, "removal_wanted": 0.91,
    "duration": 30 * 3600.0,
}  # fmt: skip
SOLVENT = {"trap_volume": 50e-6, "trap_temperature": T}
ACID = {"trap_volume": 10e-6, "acid": 250.0}
GAS = 50e-6 / 60 * NORMAL


def into_acid(**changes):
    return StrippingIntoAcid(**{**BASE, **ACID, **changes}).run()


def into_solvent(**changes):
    return StrippingIntoSolvent(**{**BASE, **SOLVENT, **changes}).run()


@pytest.mark.oracle
def test_the_time_of_the_note_in_closed_form():
    # Hydrazine note 1.4 d: 59 mol/kg/atm, 25 mL, 50 sccm: k = 1.51e-3 1/min, 26.5 h for 91 %.
    k = GAS * 60 / (59.0 * 0.025)
    assert k == pytest.approx(1.51e-3, abs=5e-6)
    hours = stripping_time(25e-6, GAS, 59e3 / 101325, 0.91) / 3600
    assert hours == pytest.approx(26.5, abs=0.05)
    assert hours == pytest.approx(-math.log(0.09) / k / 60, rel=1e-9)
    with pytest.raises(SpecError, match="a removal of 1 takes for ever"):
        stripping_time(25e-6, GAS, 0.58, 1.0)


def test_moist_gas_meets_the_closed_form():
    # Moist gas and no potash: constant volume. The vapour adds to the gas: P / (P - p_w).
    run = into_acid(humidity=1.0, hydroxide=0.0, ammonia=1.0, acid=25.0)
    molality = 1.0 / (aqueous.molar_volume("H2O", T) ** -1 * 0.01801528)
    p = molality * math.exp(aqueous.ln_henry("NH3", T))
    k = GAS * p / (101325.0 - water.saturation_pressure(T)) / 25e-6
    assert run.column("removal") == pytest.approx(1 - np.exp(-k * run.time), abs=2e-5)
    # The library's Henry constant (60.85 against 59 mol/kg/atm) and the vapour, 3 % each, cancel.
    assert run["time to the removal wanted"] / 3600 == pytest.approx(26.5, abs=0.2)


@pytest.mark.oracle
def test_the_paper_s_batch_and_what_shortens_it():
    # 26.5 h (note) against 25.0 h: the liquor evaporates while it is stripped (dry argon).
    run = shipped("stripping").run()
    assert run["time to the removal wanted"] / 3600 == pytest.approx(26.5, rel=0.065)
    assert run["time to the removal wanted"] / 3600 == pytest.approx(25.03, abs=0.01)
    at = run.when("removal", 0.91)
    vapour = run.at("n(vent.H2O)", at) + run.at("n(trap.H2O)", at)
    # What 26.5 h of dry argon carry: 0.115 mol of water, 19 g of acetonitrile (note 1.4 d).
    n = GAS * 26.5 * 3600
    p_w, p_s = (math.exp(organic.ln_vapour_pressure(s, T)) for s in ("H2O", "acetonitrile"))
    assert n * p_w / (101325 - p_w) == pytest.approx(0.115, abs=1e-3)
    assert n * p_s / (101325 - p_s) * 41.052 == pytest.approx(19.0, rel=0.02)
    # 3 % less: dissolved potash and ammonia lower the vapour pressure of water.
    assert run.at("n(vent.H2O)", 26.5 * 3600) + run.at("n(trap.H2O)", 26.5 * 3600) == pytest.approx(
        0.115, rel=0.05
    )
    assert vapour < 0.115
    lost = run.column("n(trap.acetonitrile)")[0] - run.at("n(trap.acetonitrile)", 26.5 * 3600)
    assert lost * 41.052 == pytest.approx(19.0, rel=0.06)
    salted = into_solvent(salting=8e-5)  # Weisenberger-Schumpe, recalled
    assert salted["time to the removal wanted"] / 3600 == pytest.approx(25.03 / 1.2, rel=0.03)


def test_hot_liquor_of_the_note():
    # The note has 5.9 h at 60 degC: Henry's constant alone gives 6.3; with the vapour of hot liquor,
    # which dilutes and carries, 4.7 h.
    cold, hot = (math.exp(aqueous.ln_henry("NH3", t)) for t in (T, 333.15))
    assert 26.5 * cold / hot == pytest.approx(6.2, abs=0.1)
    run = into_acid(temperature=333.15, duration=8 * 3600.0)
    assert run["time to the removal wanted"] / 3600 == pytest.approx(4.73, abs=0.01)


@pytest.mark.oracle
@pytest.mark.parametrize(
    "changes", [{}, {"salting": 8e-5, "humidity": 0.5}, {"temperature": 323.15}]
)
def test_liquor_and_trap_by_scipy(changes):
    b = {**BASE, **SOLVENT, **changes}
    t, P = b["temperature"], b["pressure"]
    v = {s: aqueous.molar_volume(s, t) for s in ("H2O", "K+", "OH-")}
    v3 = aqueous.molar_volume("NH3", t)
    base, fed = 1000.0 * 25e-6, 100.0 * 25e-6
    first = (25e-6 - base * (v["K+"] + v["OH-"]) - fed * v3) / v["H2O"]
    p0 = water.saturation_pressure(t)
    H = math.exp(aqueous.ln_henry("NH3", t))
    trap = {s: math.exp(organic.ln_henry(s, T)) for s in ("acetonitrile", "NH3", "H2O")}
    brought = GAS * b["humidity"] * p0 / (P - b["humidity"] * p0)

    def right(_, y):
        w, a, s, n, x = y
        V = w * v["H2O"] + base * (v["K+"] + v["OH-"]) + a * v3
        pa = H * a / (w * 0.018015268) * 10 ** (b["salting"] * base / V)
        pw = p0 * math.exp(-(2 * base + a) / w)
        up = [GAS * p / (P - pa - pw) for p in (pa, pw)]
        total = s + n + x
        ps, pn, px = (trap[k] * m / total for k, m in (("acetonitrile", s), ("NH3", n), ("H2O", x)))
        off = [GAS * p / (P - ps - pn - px) for p in (ps, pn, px)]
        return [brought - up[1], -up[0], -off[0], up[0] - off[1], up[1] - off[2]]

    start = [first, fed, 50e-6 / organic.molar_volume("acetonitrile", T), 0.0, 0.0]
    other = solve_ivp(right, (0, 20 * 3600.0), start, method="LSODA", rtol=1e-10, atol=1e-14)
    run = StrippingIntoSolvent(**{**b, "duration": 20 * 3600.0}).run()
    places = ("liquor.H2O", "liquor.NH3", "trap.acetonitrile", "trap.NH3", "trap.H2O")
    for name, value in zip(places, other.y[:, -1], strict=True):
        assert run.column(f"n({name})")[-1] == pytest.approx(value, rel=2e-6, abs=1e-9), name


def test_a_trap_of_solvent_lets_nearly_all_ammonia_pass():
    # 170 Pa of ammonia over 0.1 mol/L dissolve to 3 mmol/L in acetonitrile: the trap cannot hold it.
    run = into_solvent()
    molality = 100.0 * aqueous.molar_volume("H2O", T) / 0.01801528
    pressure = molality * math.exp(aqueous.ln_henry("NH3", T))
    x = pressure / math.exp(organic.ln_henry("NH3", T))
    bound = x / organic.molar_volume("acetonitrile", T)
    assert pressure == pytest.approx(170.0, rel=0.03)
    assert 0.6 * bound < run.column("c(NH3) trap").max() < bound
    assert run["part of it held by the trap"] < 0.01
    assert any("the rest is vented" in w for w in run.warnings)
    assert any("toxic" in w for w in run.warnings)


def test_a_trap_of_acid_holds_it_all_until_it_is_used_up():
    run = into_acid()
    assert run["part of it held by the trap"] == pytest.approx(1.0, abs=1e-12)
    assert not run.warnings
    free = run.column("free acid")[-1]
    assert free == pytest.approx(1 - run["ammonia stripped"] / 5e-3, rel=1e-9)
    with pytest.raises(Refusal, match=r"acid of the trap is used up: its 1 mmol of protons") as e:
        into_acid(acid=50.0)
    told = float(str(e.value).split("after ")[1].split(" h")[0])
    assert told * 3600 == pytest.approx(run.when("n(trap.NH4+)", 1e-3), rel=2e-3)


def test_a_small_trap_dries_up_with_its_time():
    # 15 mL, the charge of the azine cell: gone long before the ammonia (note: 25 mL in 26.5 h).
    with pytest.raises(Refusal, match="acetonitrile of the trap has all but evaporated") as e:
        into_solvent(trap_volume=15e-6)
    told = float(str(e.value).split("after ")[1].split(" h")[0])
    assert 0.9 * 26.5 * 15 / 25 < told < 1.1 * 26.5 * 15 / 25


def test_boiling_is_refused():
    with pytest.raises(Refusal, match="the liquor boils"):
        into_acid(temperature=363.15, pressure=60000.0, humidity=0.0)
    with pytest.raises(Refusal, match="the liquor boils at this temperature"):
        into_acid(temperature=363.15, pressure=60000.0, humidity=1.0)


def test_a_trap_that_boils_is_refused():
    # Acetonitrile exerts 11.8 kPa at 25 degC and 96.6 kPa at 80 degC (Antoine): a trap at less boils.
    for t, kilopascals in ((T, 11.8), (353.15, 96.6)):
        own = math.exp(organic.ln_vapour_pressure("acetonitrile", t)) / 1e3
        assert own == pytest.approx(kilopascals, rel=0.02)
        with pytest.raises(Refusal, match="at its beginning the trap boils"):
            into_solvent(trap_temperature=t, pressure=950 * own, duration=60.0)
        run = into_solvent(trap_temperature=t, pressure=1200 * own, duration=60.0, gas_flow=1e-8)
        assert 0 < run["part of it held by the trap"] <= 1
        assert run["ammonia vented"] >= 0


def test_strong_potash_is_told():
    for hydroxide, salting, words in (
        (1000.0, 0.0, None),
        (6000.0, 0.0, "beyond 2 salting-out is left out and water is less volatile"),
        (6000.0, 8e-5, "beyond 2 water is less volatile"),
    ):
        run = into_acid(hydroxide=hydroxide, salting=salting, duration=3600.0)
        found = [w for w in run.warnings if "mol/L of potash" in w]
        assert not found if words is None else words in found[0]


def test_balances_and_messages():
    for run in (into_solvent(), into_acid()):
        assert max(run.audits.values()) < 1e-8
    assert any("is not reached" in w for w in into_acid(duration=3600.0).warnings)
    with pytest.raises(SpecError, match=r"(?s)humidity = 1.5 1 .*from 0 up to 1"):
        into_acid(humidity=1.5)
    with pytest.raises(SpecError, match=r"trap_temperature = 250 K"):
        into_solvent(trap_temperature=250.0)
    with pytest.raises(Refusal, match="leaves no room for water"):
        into_acid(ammonia=45000.0)


def test_a_chilled_trap_loses_less_solvent_and_keeps_more():
    warm, cold = into_solvent(), into_solvent(trap_temperature=281.0)
    assert cold["solvent evaporated"] < 0.5 * warm["solvent evaporated"]
    assert cold["ammonia held by the trap"] > warm["ammonia held by the trap"]
