"""The plug-flow cell makes what the nitrate batch makes: stirred with one segment, and with many."""

from dataclasses import replace

import pytest

from noxplant.batch import NitrateCell, plug_flow_time, stirred
from noxplant.batch.as_units import plug_flow_cell
from noxplant.examples.stacks import tafel

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


def channel(made, segments, time):
    """What leaves the PlugFlowCell per charge."""
    s = plug_flow_cell(made, segments=segments, time=time, voltage=VOLTS).solve()
    out = {f"catholyte.{k}": v * time for k, v in s.stream("cell.catholyte_out").flows.items()}
    out |= {f"anolyte.{k}": v * time for k, v in s.stream("cell.anolyte_out").flows.items()}
    return out, s["cell.current"] * time


@pytest.fixture(scope="module")
def run():
    return CELL.at_voltage(VOLTS, HOURS)


@pytest.mark.oracle
def test_the_stirred_tank_is_the_cell_with_one_segment(run):
    # Electrodes, films, membrane, Donnan potential, gaps, drag and leak: two programs, one answer.
    tank = stirred(run)
    found, charge = channel(run, 1, tank.time)
    for s in ("NO3-", "NO2-", "NH3", "K+", "OH-", "H2O"):
        assert tank.amounts[f"catholyte.{s}"] == pytest.approx(found[f"catholyte.{s}"], rel=3e-5), s
    for s in ("NH3", "K+", "OH-", "H2O"):
        assert tank.amounts[f"anolyte.{s}"] == pytest.approx(found[f"anolyte.{s}"], rel=1e-4), s
    assert tank.charge == pytest.approx(charge, rel=1e-5)
    assert tank.energy == pytest.approx(VOLTS * charge, rel=1e-5)


@pytest.mark.oracle
def test_plug_flow_at_the_batch_s_time_makes_what_the_batch_makes(run):
    # The error of N segments falls as 1/N; extrapolated from 3, 6 and 12 it is gone.
    assert plug_flow_time(run) == HOURS
    found = [channel(run, n, HOURS)[0] for n in (3, 6, 12)]
    for s in ("NO3-", "NO2-", "NH3", "K+"):
        a, b, c = (f[f"catholyte.{s}"] for f in found)
        exact = run.column(f"n(catholyte.{s})")[-1]
        assert abs(c - exact) < abs(b - exact) < abs(a - exact)
        extrapolated = (8 * c - 6 * b + a) / 3
        assert extrapolated == pytest.approx(exact, abs=3e-4 * 2.5e-3), s


@pytest.mark.oracle
def test_areas_of_their_own_are_scaled_to_the_one_area_of_the_cell():
    # An H-cell with a wide window and a large anode; the unit has one area, the cathode's.
    own = replace(CELL, membrane_area=3e-4, anode_area=2e-4)
    made = own.at_voltage(VOLTS, HOURS)
    tank = stirred(made, 0.5)
    found, charge = channel(made, 1, tank.time)
    assert tank.charge == pytest.approx(charge, rel=1e-5)
    assert tank.amounts["catholyte.NH3"] == pytest.approx(found["catholyte.NH3"], rel=3e-5)
    assert tank.amounts["anolyte.NH3"] == pytest.approx(found["anolyte.NH3"], rel=1e-4)


def test_at_the_batch_s_mean_current_it_passes_the_batch_s_charge(run):
    s = plug_flow_cell(run, segments=3).solve()
    assert s["cell.current"] * HOURS == pytest.approx(run["charge"], rel=1e-9)
