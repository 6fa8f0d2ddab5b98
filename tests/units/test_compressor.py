"""Compression of air against Cantera at constant entropy, and of a perfect gas in closed form."""

import pytest

from noxplant.constants import GAS_CONSTANT
from noxplant.errors import Refusal
from noxplant.examples.generic import compressor
from noxplant.flowsheet import Flowsheet
from noxplant.testing import check_unit
from noxplant.units.compressor import Compressor
from noxplant.units.feed import Feed


def test_contract():
    check_unit(compressor)


@pytest.mark.oracle
@pytest.mark.parametrize("ratio", [1.1, 4.0, 20.0])
def test_isentropic_path_against_cantera(ratio):
    ct = pytest.importorskip("cantera")
    air = [s for s in ct.Species.list_from_file("nasa_gas.yaml") if s.name in ("N2", "O2")]
    phase = ct.Solution(thermo="ideal-gas", species=air)
    phase.TPX = 298.15, 101325.0, {"N2": 0.79, "O2": 0.21}
    before = phase.enthalpy_mole
    phase.SP = phase.s, 101325.0 * ratio
    plant = compressor()
    plant.set("U.pressure", 101325.0 * ratio)
    s = plant.solve()
    assert s["U.isentropic_temperature"] == pytest.approx(phase.T, abs=1e-4)
    work = (phase.enthalpy_mole - before) / 1000 / 0.75
    assert s["U.power"] == pytest.approx(work, rel=1e-6)


@pytest.mark.oracle
def test_argon_in_closed_form():
    plant = Flowsheet("argon")
    gas = plant.add(Feed("gas", "gas", {"Ar": 2.0}, temperature=300.0, pressure=1e5))
    unit = plant.add(Compressor("U", pressure=3e5, efficiency=0.8))
    plant.connect(gas.out, unit.feed, "gas")
    s = plant.solve()
    ideal = 300.0 * 3.0**0.4
    assert s["U.isentropic_temperature"] == pytest.approx(ideal, rel=1e-9)
    assert s["U.power"] == pytest.approx(2 * 2.5 * GAS_CONSTANT * (ideal - 300) / 0.8, rel=1e-9)


def test_responses():
    plant = compressor()
    base = plant.solve()
    plant.set("U.efficiency", 0.6)
    worse = plant.solve()
    assert worse["U.power"] == pytest.approx(base["U.power"] * 0.75 / 0.6, rel=1e-9)
    assert worse.stream("U.out").temperature > base.stream("U.out").temperature


def test_refusals():
    plant = compressor()
    plant.set("U.pressure", 5e4)
    with pytest.raises(Refusal, match="a compressor cannot lower pressure"):
        plant.solve()
    plant = compressor()
    plant.set("U.pressure", 3e7)
    with pytest.raises(Refusal, match="hotter than its data reach"):
        plant.solve()
