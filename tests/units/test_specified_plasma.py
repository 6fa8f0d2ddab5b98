"""The measured reactor against its own arithmetic, and its refusals."""

import pytest

from noxplant.errors import ModelError, Refusal
from noxplant.examples.plasma import specified_plasma
from noxplant.flowsheet import Flowsheet
from noxplant.testing import check_unit
from noxplant.units.feed import Feed
from noxplant.units.specified_plasma import SpecifiedPlasma

AIR = {"N2": 0.79, "O2": 0.21}


def plant(feed=AIR, **given):
    flow = Flowsheet("plasma")
    source = flow.add(Feed("air", "gas", feed))
    values = {"energy_cost": 2.5e6, "nox_fraction": 0.04, "no2_share": 0.1, "temperature": 320.0}
    unit = flow.add(SpecifiedPlasma("U", **{**values, **given}))
    flow.connect(source.out, unit.feed, "air")
    return flow


def test_contract():
    check_unit(specified_plasma)


@pytest.mark.oracle
def test_closed_form():
    # y NOx of which s NO2: total = 1 - fixed s/2, fixed = y total.
    y, s = 0.04, 0.1
    fixed = y / (1 + y * s / 2)
    found = plant().solve()
    assert found["U.fixed"] == pytest.approx(fixed, rel=1e-12)
    out = found.stream("U.out").flows
    assert out["NO"] == pytest.approx(0.9 * fixed, rel=1e-12)
    assert out["O2"] == pytest.approx(0.21 - fixed * (0.45 + 0.1), rel=1e-12)
    assert found["U.power"] == pytest.approx(2.5e6 * fixed, rel=1e-12)


def test_all_power_leaves_as_heat_but_the_enthalpy_of_formation():
    cheap = plant(temperature=298.15 + 1e-3).solve
    found = plant(temperature=310.0).solve()
    kept = found["U.power"] + found["U.duty"]
    fixed = found["U.fixed"]
    # 91.3 kJ/mol NO, 33.1 kJ/mol NO2 (Cantera data) and 12 K of sensible heat
    assert kept == pytest.approx(fixed * (0.9 * 91.27e3 + 0.1 * 34.2e3) + 11.85 * 29.2, rel=5e-3)
    with pytest.raises(Refusal, match="cooling water"):
        cheap()


def test_nox_in_the_feed_is_not_paid_for_again():
    fresh, fed = plant().solve(), plant({"N2": 0.78, "O2": 0.20, "NO": 0.02}).solve()
    assert fed["U.power"] < fresh["U.power"]


def test_refusals():
    with pytest.raises(Refusal, match="below 0.2 MJ per mole"):
        plant(energy_cost=0.15e6).solve()
    with pytest.raises(Refusal, match="does not cover the enthalpy"):
        plant(energy_cost=0.25e6, temperature=900.0).solve()
    with pytest.raises(Refusal, match="O2 does not suffice"):
        plant(nox_fraction=0.45, no2_share=0.5).solve()
    with pytest.raises(Refusal, match="N2 does not suffice"):
        plant({"N2": 0.1, "O2": 0.9}, nox_fraction=0.4, no2_share=0.0).solve()
    with pytest.raises(Refusal, match="already holds more NOx"):
        plant({"N2": 0.7, "O2": 0.2, "NO": 0.1}).solve()
    with pytest.raises(ModelError, match="its feed holds no O2"):
        plant({"N2": 1.0}).solve()
