import pytest

from noxplant.examples.electro import gas_liquid_separator
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import aqueous, water
from noxplant.units.feed import Feed
from noxplant.units.gas_liquid_separator import GasLiquidSeparator


def plant(liquid, gas, T=318.15, **options):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", liquid, temperature=T))
    b = p.add(Feed("B", "gas", gas, temperature=T))
    u = p.add(GasLiquidSeparator("U", **options))
    p.connect(a.out, u.liquid, "liquid")
    p.connect(b.out, u.gas, "gas")
    return p


def test_gas_leaves_saturated():
    s = plant({"H2O": 1e4}, {"H2": 1.0}).solve()
    gas = s.stream("U.gas_out")
    p = water.saturation_pressure(gas.temperature)
    ratio = gas.flows["H2O"] / gas.flows["H2"]
    assert ratio == pytest.approx(p / (101325.0 - p), rel=1e-7)
    assert gas.temperature == pytest.approx(318.15, abs=0.1)


def test_ammonia_follows_henry():
    s = gas_liquid_separator().solve()
    gas, liquid = s.stream("U.gas_out"), s.stream("U.liquid_out")
    molality = liquid.flows["NH3"] / (liquid.flows["H2O"] * 0.01801528)
    pressure = molality * 2.718281828459045 ** aqueous.ln_henry("NH3", gas.temperature)
    y = gas.flows["NH3"] / sum(gas.flows.values())
    assert y * 101325.0 == pytest.approx(pressure, rel=1e-9)
    assert liquid.flows["H2O"] < 55.5 + 5.0


def test_evaporation_cools_by_its_heat():
    # Heat of vaporisation 43.2 kJ/mol at 45 C against the heat capacity of both streams.
    s = plant({"H2O": 10.0}, {"H2": 1.0}).solve()
    gas = s.stream("U.gas_out")
    cooling = 318.15 - gas.temperature
    assert cooling * (10.0 * 75.3 + 28.9) == pytest.approx(gas.flows["H2O"] * 43.2e3, rel=0.02)


def test_pressure_drop():
    s = plant({"H2O": 100.0}, {"H2": 1.0}, pressure_drop=2e4).solve()
    assert s.stream("U.gas_out").pressure == pytest.approx(81325.0)
    wet = plant({"H2O": 100.0}, {"H2": 1.0}).solve().stream("U.gas_out")
    assert s.stream("U.gas_out").flows["H2O"] > wet.flows["H2O"]
