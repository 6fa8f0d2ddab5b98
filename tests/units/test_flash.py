"""Flash of ammonia water and of acetonitrile against bisections of their own, with one phase or two."""

import math

import pytest

from noxplant.errors import SpecError
from noxplant.examples.generic import flash
from noxplant.flowsheet import Flowsheet
from noxplant.streams.speciation import settle
from noxplant.testing import check_unit
from noxplant.thermo import aqueous, organic, used
from noxplant.units.feed import Feed
from noxplant.units.flash import Flash

P = 101325.0


def test_contract():
    check_unit(flash)


@pytest.mark.parametrize("temperature", [320.0, 400.0])
def test_contract_with_one_phase(temperature):
    check_unit(lambda: flash(temperature), rel=1e-6)


def vapour_by_bisection(T, pressure, water=50.0, ammonia=5.0):
    """(vapour, ammonia in it), mol: bisection on ammonia left, water left inside."""

    def pressures(w, a):
        truth, _ = settle({"H2O": w, "N(-3)": a}, T)
        return (
            math.exp(aqueous.ln_henry("H2O", T) + truth.ln_water_activity()),
            math.exp(aqueous.ln_henry("NH3", T)) * truth.molality("NH3"),
        )

    def excess(part):
        """For a fraction of the water evaporated: ammonia by bisection, then sum p - P."""
        low, high = 0.0, ammonia
        for _ in range(100):
            left = (low + high) / 2
            p_w, p_a = pressures(water * (1 - part), left)
            # vapour ratio NH3/H2O from the balance against that from equilibrium
            if (ammonia - left) * p_w > water * part * p_a:
                low = left
            else:
                high = left
        return sum(pressures(water * (1 - part), left)) - pressure, left

    low, high = 1e-9, 1 - 1e-9
    for _ in range(60):
        part = (low + high) / 2
        over, left = excess(part)
        low, high = (part, high) if over > 0 else (low, part)
    return water * part + ammonia - left, ammonia - left


@pytest.mark.oracle
@pytest.mark.parametrize("temperature", [358.0, 364.0, 370.0])
def test_ammonia_water_against_bisection(temperature):
    s = flash(temperature).solve()
    vapour, ammonia = vapour_by_bisection(temperature, P)
    found = s.stream("U.vapour").flows
    assert sum(found.values()) == pytest.approx(vapour, rel=1e-6)
    assert found["NH3"] == pytest.approx(ammonia, rel=1e-6)
    assert s["U.saturation"] == pytest.approx(1.0, abs=1e-9)


def organics(temperature, pressure=P):
    plant = Flowsheet("solvent")
    feed = plant.add(Feed("feed", "organic", {"acetonitrile": 3.0, "methanol": 2.0}))
    unit = plant.add(
        Flash(
            "U",
            "organic",
            temperature=temperature,
            pressure=pressure,
            utility="medium-pressure steam",
        )
    )
    plant.connect(feed.out, unit.feed, "feed")
    return plant


@pytest.mark.oracle
@pytest.mark.parametrize("temperature", [310.0, 343.0, 345.0, 347.0, 380.0])
def test_organic_liquid_against_rachford_and_rice(temperature):
    z = {"acetonitrile": 0.6, "methanol": 0.4}
    with used.extrapolating():  # 380 K lies above the range
        k = {j: math.exp(organic.ln_henry(j, temperature)) / P for j in z}

    def rest(v):
        return sum(z[j] * (k[j] - 1) / (1 + v * (k[j] - 1)) for j in z)

    low, high = 0.0, 1.0
    for _ in range(80):
        v = (low + high) / 2
        low, high = (v, high) if rest(v) > 0 else (low, v)
    s = organics(temperature).solve()
    assert s["U.vapour_fraction"] == pytest.approx(v, abs=1e-8)
    for j in z:
        expected = 5 * v * z[j] * k[j] / (1 + v * (k[j] - 1))
        assert s.stream("U.vapour").flows[j] == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_salt_stays_in_the_liquid():
    plant = Flowsheet("brine")
    feed = plant.add(Feed("feed", "aqueous", {"H2O": 50.0, "KNO3": 2.0}))
    unit = plant.add(
        Flash("U", "aqueous", temperature=375.0, pressure=P, utility="low-pressure steam")
    )
    plant.connect(feed.out, unit.feed, "feed")
    s = plant.solve()
    assert s.stream("U.liquid").totals["K+"] == pytest.approx(2.0, rel=1e-9)
    assert 0 < s["U.vapour_fraction"] < 1


def test_responses():
    cold, hot = flash(358.0).solve(), flash(366.0).solve()
    assert hot["U.vapour_fraction"] > cold["U.vapour_fraction"]
    assert hot["U.duty"] > cold["U.duty"] > 0
    vacuum = flash(358.0, 8e4).solve()
    assert vacuum["U.vapour_fraction"] > cold["U.vapour_fraction"]


def test_messages():
    with pytest.raises(SpecError, match="is no utility"):
        Flash("U", "aqueous", temperature=360.0, pressure=P, utility="steam")
    with pytest.raises(SpecError, match="outside"):
        Flash("U", "aqueous", temperature=90.0, pressure=P, utility="low-pressure steam")
