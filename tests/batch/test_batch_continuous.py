"""Continuous equivalents: plug flow and stirred units of the library make what the batch makes."""

import math
from dataclasses import replace

import numpy as np
import pytest

from noxplant.batch import (
    AzineCellBatch,
    NitrateCell,
    StrippingIntoAcid,
    plug_flow_time,
    production,
    shipped,
    stirred,
    stirred_ratio,
)
from noxplant.batch.as_units import air_stripper, azine_cell, plug_flow_cell
from noxplant.batch.audit import audit
from noxplant.batch.nitrate_laws import charge_of
from noxplant.errors import AuditError, Refusal, SpecError
from noxplant.examples.stacks import tafel
from noxplant.thermo import aqueous, water

T = 298.15
NAMES = ("NO3- -> NH3", "NO3- -> NO2-", "NO2- -> NH3", "H2O -> H2", "H2O -> O2")
CELL = NitrateCell(
    catholyte_volume=25e-6, anolyte_volume=25e-6, nitrate=100.0, nitrite=0.0,
    catholyte_hydroxide=1000.0, anolyte_hydroxide=1000.0, temperature=T, cathode_area=1e-4,
    anode_area=1e-4, membrane_area=1e-4, mass_transfer=1e-5, membrane_resistance=1.5e-4,
    cathode_gap=0.02, anode_gap=0.02, water_drag=5.0, ammonia_permeance=2e-8, **tafel(*NAMES),
)  # fmt: skip
HOURS = 15 * 3600.0
VOLTS = 2.4


@pytest.fixture(scope="module")
def run():
    return CELL.at_voltage(VOLTS, HOURS)


@pytest.mark.oracle
def test_first_order_in_closed_form():
    # Azine cell, first order in all ammonia: k tau = 65.7 stirred, 4.20 in plug flow (note 3.3).
    made = shipped("azine-first-order").run()
    tank = stirred(made, 0.985)
    k = -math.log(0.015) / 36000
    assert k * plug_flow_time(made, 0.984) == pytest.approx(-math.log(0.016), rel=2e-4)
    assert k * tank.time == pytest.approx(65.7, abs=0.1)
    assert tank.time / 36000 == pytest.approx(stirred_ratio(0.985), rel=1e-3)
    assert stirred_ratio(0.985) == pytest.approx(65.667 / 4.1997, rel=1e-4)
    for x in (0.0, 1.0, 1.5):
        with pytest.raises(SpecError, match="not between 0 and 1"):
            stirred_ratio(x)


AZINE = AzineCellBatch(
    volume=15e-6, ammonia=100.0, ketone_ratio=1.2, water=20.0, methanol_fraction=0.05, salt=100.0,
    temperature=T, condensation_constant=1e3, equilibrium_constant=1000.0, rate_constant=1.3e-4,
    anode_area=0.5e-4, faradaic_efficiency=0.95, ketone_loss=0.002, anode_potential=2.0,
    cathode_potential=-2.1, resistance=0.0, solubility=100.0, heat_of_solution=3e4,
    duration=8 * 3600.0,
)  # fmt: skip


def tanks(made, number, time):
    """Azine and charge of an AzineCell per charge; of a thousand litres, as the unit expects."""
    plant = azine_cell(made, tanks=number, time=time, vessels=1e6, condenser_temperature=263.15)
    s = plant.solve()
    return s["cell.azine_made"] * time / 1e6, s["cell.total_current"] * time / 1e6


@pytest.mark.oracle
def test_azine_cell_stirred_and_in_plug_flow():
    # The unit's hydrogen carries a little vapour off, so a few millionths are left between them.
    made = AZINE.run()
    tank = stirred(made)
    one, charge = tanks(made, 1, tank.time)
    assert one == pytest.approx(tank.amounts["liquid.benzophenone azine"], rel=2e-5)
    assert charge == pytest.approx(tank.charge, rel=2e-5)
    found = [tanks(made, n, 8 * 3600.0)[0] for n in (5, 10, 20)]
    a, b, c = found
    assert (8 * c - 6 * b + a) / 3 == pytest.approx(made["azine"], rel=4e-4)


@pytest.mark.oracle
@pytest.mark.parametrize("resistance", [0.01, 0.3])
def test_azine_cell_of_a_batch_with_resistance(resistance):
    # Power of the unit against the electricity of the tank, and by hand: U = 4.1 V + j R.
    made = replace(AZINE, resistance=resistance).run()
    tank = stirred(made)
    s = azine_cell(made, tanks=1, time=tank.time, vessels=1e6, condenser_temperature=263.15).solve()
    assert s["cell.power"] * tank.time / 1e6 == pytest.approx(tank.energy, rel=3e-5)
    j = tank.charge / tank.time / 0.5e-4
    assert s["cell.voltage"] == pytest.approx(4.1 + j * resistance, rel=3e-5)


MOIST = StrippingIntoAcid(
    volume=25e-6, ammonia=10.0, hydroxide=100.0, temperature=T, pressure=101325.0,
    gas_flow=50e-6 / 60, humidity=1.0, salting=0.0, removal_wanted=0.9, duration=40 * 3600.0,
    trap_volume=10e-6, acid=100.0,
)  # fmt: skip


@pytest.mark.oracle
def test_stripping_stirred_is_an_air_stripper_of_one_stage():
    # Gas saturated with water at the liquor's temperature, so that the adiabatic stage all but
    # keeps it (the heat of desorption cools it by some hundredths of a kelvin).
    moist = MOIST.run()
    tank = stirred(moist, 0.6)
    s = air_stripper(moist, stages=1, time=tank.time, vessels=1e6).solve()
    assert s["stripper.removal"] == pytest.approx(0.6, abs=5e-4)
    # ... and the closed form of constant volume.
    p_w = water.saturation_pressure(T)
    gas = 50e-6 / 60 * 101325.0 / (8.31446262 * 273.15)
    molality = 10.0 * aqueous.molar_volume("H2O", T) / 0.01801528
    k = gas * molality * math.exp(aqueous.ln_henry("NH3", T)) / (101325.0 - p_w) / (10.0 * 25e-6)
    assert k * tank.time / (1 + k * tank.time) == pytest.approx(0.6, abs=2e-3)
    assert stirred(moist, 0.9).time / moist.when("removal", 0.9) == pytest.approx(
        9 / math.log(10), rel=3e-3
    )


@pytest.mark.oracle
def test_counter_current_needs_less_gas_than_the_batch():
    # 90 % takes the batch ln 10 = 2.3 times the gas of equilibrium; a column of 12 stages comes to
    # that with 1.2 times: Kremser leaves (S - 1) / (S^13 - 1) = 2 %.
    moist = MOIST.run()
    time = moist.when("removal", 0.9)
    s = air_stripper(moist, stages=12, gas=1.2 / math.log(10), time=time, vessels=1e6).solve()
    assert s["stripper.removal"] == pytest.approx(1 - 0.2 / (1.2**13 - 1), abs=2e-3)


def test_units_are_of_their_batch(run):
    moist, made = MOIST.run(), AZINE.run()
    with pytest.raises(SpecError, match="a PlugFlowCell stands for a nitrate batch only"):
        plug_flow_cell(made, segments=2)
    with pytest.raises(SpecError, match="an AzineCell stands for an azine batch only"):
        azine_cell(run, tanks=2, condenser_temperature=263.15)
    with pytest.raises(SpecError, match="an AirStripper stands for a stripping batch only"):
        air_stripper(run, stages=2)
    with pytest.raises(SpecError, match="run the batch with salting = 0"):
        air_stripper(replace(MOIST, salting=8e-5).run(), stages=2)
    with pytest.raises(SpecError, match="time = 0 s, vessels = 1; give numbers above zero"):
        air_stripper(moist, stages=2, time=0.0)


def test_daily_production_counts_the_turnaround(run):
    tank = stirred(run)
    found = production(run, tank, turnaround=3 * 3600.0, volume=25e-6)
    made = run.column("n(catholyte.NH3)")[-1]
    assert found.batches == pytest.approx(24 / 18, rel=1e-12)
    assert found.per_vessel == pytest.approx(24 / 18 * made, rel=1e-12)
    assert found.batch_volume == pytest.approx(25e-6 / (24 / 18 * made), rel=1e-12)
    assert found.plug_flow_volume == pytest.approx(found.batch_volume * 15 / 18, rel=1e-12)
    # The tank's own ammonia: more of it has leaked into the anolyte than in the batch.
    leaves = tank.amounts["catholyte.NH3"]
    assert leaves == pytest.approx(made, rel=0.05)
    assert found.stirred_volume == pytest.approx(25e-6 * tank.time / 86400 / leaves, rel=1e-12)
    none = production(run, None, turnaround=0.0, volume=25e-6)
    assert none.stirred_volume is None
    assert none.batch_volume == pytest.approx(none.plug_flow_volume, rel=1e-12)
    with pytest.raises(TypeError, match="turnaround"):
        production(run, tank, volume=25e-6)  # required, without default
    with pytest.raises(SpecError, match="turnaround = -1 s; give a time from 0"):
        production(run, tank, turnaround=-1.0, volume=25e-6)
    with pytest.raises(SpecError, match="volume = 0 m3; give the liquid charged"):
        production(run, tank, turnaround=0.0, volume=0.0)


def test_production_of_a_tank_of_another_conversion():
    # First order at constant volume: half a mole per mole fed in 1/k, so 2/k of volume per mole.
    made = shipped("azine-first-order").run()
    k, fed = -math.log(0.015) / 36000, 0.75e-3
    found = production(made, stirred(made, 0.5), turnaround=0.0, volume=15e-6)
    assert found.stirred_volume == pytest.approx(15e-6 * 2 / k / fed / 86400, rel=2e-3)
    assert found.plug_flow_volume == pytest.approx(15e-6 * 36000 / (0.985 * fed) / 86400, rel=1e-3)


def test_a_batch_that_has_run_to_the_end_has_no_tank():
    moist = replace(MOIST, duration=1500 * 3600.0).run()
    assert moist["removal"] == pytest.approx(1.0, abs=1e-12)
    with pytest.raises(Refusal, match=r"ends at a removal of 1, which no stirred tank comes to"):
        stirred(moist)
    assert stirred(moist, 0.6).conversion == 0.6


def test_a_stirred_tank_that_there_is_none_of():
    made = shipped("nitrate-current").run()
    told = r"comes to a conversion of 0.775\d*, not to 0.8607: beyond that the anolyte's hydroxide is used"
    with pytest.raises(Refusal, match=told) as error:
        stirred(made)
    # The limit is where the charge of the tank is that of the lye (but for the last 1 mol/m3).
    reached = float(str(error.value).split("conversion of ")[1].split(",")[0])
    charge = stirred(made, reached - 1e-3).charge
    assert charge == pytest.approx(25e-3 * 96485.33, rel=0.02)
    half = stirred(made, 0.5)  # half the conversion has one
    assert half.conversion == 0.5
    with pytest.raises(SpecError, match="a conversion of 1 is not between 0 and 1"):
        stirred(made, 1.0)


def test_the_balance_of_the_tank_by_hand(run):
    # What is fed less what leaves is made: electrons against products.
    tank = stirred(run, 0.6)
    fed = charge_of(CELL)
    electrons = 8 * (tank.amounts["catholyte.NH3"] + tank.amounts["anolyte.NH3"])
    electrons += 2 * tank.amounts["catholyte.NO2-"] + 2 * tank.amounts["gas.H2"]
    assert electrons * 96485.33212 == pytest.approx(tank.charge, rel=1e-9)
    assert 4 * tank.amounts["gas.O2"] * 96485.33212 == pytest.approx(tank.charge, rel=1e-9)
    nitrogen = sum(tank.amounts[f"catholyte.{s}"] for s in ("NO3-", "NO2-", "NH3"))
    assert nitrogen + tank.amounts["anolyte.NH3"] == pytest.approx(fed["catholyte.NO3-"], rel=1e-9)


@pytest.mark.parametrize(
    ("state", "what"),
    [
        ("catholyte.NH3", "element (H|N)"),
        ("catholyte.K+", "(element K|charge of the catholyte)"),
        ("charge", "Faraday's law at the"),
        ("gas.O2", "element O"),
    ],
)
def test_an_audit_that_does_not_close_fails_loudly(run, state, what):
    model = run.model
    change = np.array(
        [run.column(f"n({s})") - model.start[s] if "." in s else 0 * run.time for s in model.states]
    )
    change[model.states.index("charge")] = run.column("charge") / 96485.33212
    audit(model, change)
    change[model.states.index(state)] *= 1 + 1e-6
    with pytest.raises(AuditError, match=rf"{what}.* does not close: .* are missing"):
        audit(model, change)


def test_a_charged_liquor_fails(run):
    wrong = replace(run.model, start={**run.model.start, "catholyte.K+": 0.03})
    with pytest.raises(AuditError, match="charge of the catholyte does not close"):
        audit(wrong, np.zeros((len(wrong.states), 1)))


@pytest.mark.parametrize("factor", [1e-4, 1e6])
def test_nothing_depends_on_the_size(run, factor):
    sizes = ("catholyte_volume", "anolyte_volume", "cathode_area", "anode_area", "membrane_area")
    other = replace(CELL, **{k: getattr(CELL, k) * factor for k in sizes})
    big = other.at_voltage(VOLTS, HOURS)
    for name in (
        "conversion to ammonia",
        "nitrite left",
        "mean voltage",
        "electricity per ammonia",
    ):
        assert big[name] == pytest.approx(run[name], rel=1e-8)
    assert stirred(big).time == pytest.approx(stirred(run).time, rel=1e-7)
    wide = replace(AZINE, volume=AZINE.volume * factor, anode_area=AZINE.anode_area * factor).run()
    small = AZINE.run()
    assert wide["conversion"] == pytest.approx(small["conversion"], rel=1e-8)
    assert stirred(wide).time == pytest.approx(stirred(small).time, rel=1e-7)
