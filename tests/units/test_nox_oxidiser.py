"""NO oxidation against the note's times, an ODE, and the limits of its closed form."""

import math

import pytest
from scipy.integrate import solve_ivp

from noxplant.constants import ATMOSPHERE, GAS_CONSTANT
from noxplant.errors import ModelError, Refusal
from noxplant.examples.plasma import nox_oxidiser
from noxplant.flowsheet import Flowsheet
from noxplant.testing import check_unit
from noxplant.thermo.equilibrium import no_oxidation_rate_constant
from noxplant.units.feed import Feed
from noxplant.units.nox_oxidiser import NOxOxidiser, phi


def plant(T, atm, no, o2, seconds):
    flow = Flowsheet("oxidiser")
    feed = {"N2": 1 - no - o2, "O2": o2, "NO": no}
    gas = flow.add(Feed("gas", "gas", feed, temperature=350.0, pressure=atm * ATMOSPHERE))
    volume = seconds * GAS_CONSTANT * T / (atm * ATMOSPHERE)
    unit = flow.add(NOxOxidiser("U", volume=volume, temperature=T))
    unit.choose_utility("duty", "refrigeration")
    flow.connect(gas.out, unit.feed, "gas")
    return flow


def test_contract():
    check_unit(nox_oxidiser)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("T", "atm", "no", "o2", "t50", "t90"),
    [
        (298.15, 1, 0.05, 0.185, 3.9890007, 38.273486),
        (298.15, 1, 0.02, 0.20, 8.9768212, 82.629597),
        (313.15, 5, 0.10, 0.06, 0.41264279, 7.9533624),
        (303.15, 8, 0.09, 0.05, 0.18969347, 4.2996187),
    ],
)
def test_half_times_of_the_note(T, atm, no, o2, t50, t90):
    assert plant(T, atm, no, o2, t50).solve()["U.conversion"] == pytest.approx(0.5, rel=1e-6)
    assert plant(T, atm, no, o2, t90).solve()["U.conversion"] == pytest.approx(0.9, rel=1e-6)


@pytest.mark.oracle
def test_conversion_after_ten_seconds():
    found = plant(298.15, 1, 0.05, 0.185, 10.0).solve()["U.conversion"]
    assert found == pytest.approx(0.70931007, rel=1e-6)


@pytest.mark.oracle
@pytest.mark.parametrize("o2", [0.025, 0.02, 0.0251, 0.1])
def test_any_oxygen_against_the_ode(o2):
    T, no = 310.0, 0.05
    k = no_oxidation_rate_constant(T) * ATMOSPHERE**2

    def rate(_, x):
        return [-k * x[0] ** 2 * (o2 - (no - x[0]) / 2)]

    end = solve_ivp(rate, (0, 60.0), [no], method="Radau", rtol=1e-11, atol=1e-15).y[0, -1]
    found = plant(T, 1, no, o2, 60.0).solve()["U.conversion"]
    assert found == pytest.approx(1 - end / no, rel=1e-7)


def test_oxygen_shortage_ends_at_the_oxygen():
    s = plant(300.0, 1, 0.05, 0.01, 800.0).solve()
    assert s["U.conversion"] == pytest.approx(0.4, rel=1e-3)
    assert 0 < s.stream("U.out").flows["O2"] < 1e-4
    with pytest.raises(Refusal, match="O2 is used up long before the end"):
        plant(300.0, 1, 0.05, 0.01, 1e5).solve()


def test_no_nitric_oxide_nothing_happens():
    s = plant(300.0, 1, 0.0, 0.2, 10.0).solve()
    assert s["U.extent"] == pytest.approx(0.0, abs=1e-12)
    assert s["U.duty"] == pytest.approx(0.0 - 50 * 29.4, rel=0.02)


def test_responses():
    base = plant(300.0, 1, 0.05, 0.15, 5.0).solve()
    assert plant(300.0, 1, 0.05, 0.15, 10.0).solve()["U.conversion"] > base["U.conversion"]
    assert plant(330.0, 1, 0.05, 0.15, 5.0).solve()["U.conversion"] < base["U.conversion"]
    # time scales as 1/p^2
    pressed = plant(300.0, 2, 0.05, 0.15, 1.25).solve()
    assert pressed["U.conversion"] == pytest.approx(base["U.conversion"], rel=1e-9)


@pytest.mark.parametrize("z", [-0.999999, -0.9, -0.1, 1e-3, 0.5, 3.0, 50.0, 1e4, 1e8])
def test_phi(z):
    assert phi(z) == pytest.approx((z - math.log1p(z)) / z**2, rel=1e-9)
    assert phi(0.0) == pytest.approx(0.5, rel=1e-13)


def test_messages():
    with pytest.raises(Refusal, match="above which NO2 falls apart"):
        plant(460.0, 1, 0.05, 0.15, 5.0).solve()
    flow = Flowsheet("no oxygen")
    gas = flow.add(Feed("gas", "gas", {"N2": 1.0, "NO": 0.1}))
    unit = flow.add(NOxOxidiser("U", volume=1.0, temperature=320.0))
    flow.connect(gas.out, unit.feed, "gas")
    with pytest.raises(ModelError, match="holds no O2"):
        flow.solve()
