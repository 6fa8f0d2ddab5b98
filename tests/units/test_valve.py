"""Throttling keeps the enthalpy."""

import pytest

from noxplant.errors import Refusal
from noxplant.examples.generic import valve
from noxplant.testing import check_unit


def test_contract():
    check_unit(valve)


@pytest.mark.oracle
def test_isenthalpic():
    s = valve().solve()
    before, after = s.stream("air"), s.stream("U.out")
    assert after.enthalpy_flow == pytest.approx(before.enthalpy_flow, abs=1e-9)
    assert after.temperature == pytest.approx(before.temperature, rel=1e-10)
    assert after.pressure == pytest.approx(1.2e5, rel=1e-12)


def test_a_valve_does_not_pump():
    plant = valve()
    plant.set("U.pressure", 6e5)
    with pytest.raises(Refusal, match="a valve cannot raise pressure"):
        plant.solve()
