import pytest

from noxplant.errors import ModelError, Refusal
from noxplant.examples.recovery import gas_dryer
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import gas
from noxplant.units.feed import Feed
from noxplant.units.gas_dryer import GasDryer

SPECS = {"water_fraction": 5e-4, "regeneration_heat": 7e6, "regeneration_temperature": 500.0}


def plant(vapour, T=313.15, **changes):
    p = Flowsheet("p")
    a = p.add(Feed("A", "gas", vapour, temperature=T))
    u = p.add(GasDryer("U", **{**SPECS, **changes}))
    p.connect(a.out, u.feed, "A")
    return p


def test_water_balance_and_heats():
    s = gas_dryer().solve()
    rest = 0.95 * 5e-4 / (1 - 5e-4)
    assert s.stream("U.dried").flows["H2O"] == pytest.approx(rest, rel=1e-9)
    gone = 0.05 - rest
    assert s["U.water_removed"] == pytest.approx(gone, rel=1e-9)
    heat = gone * 0.01801528 * 7e6
    assert s["U.regeneration"] == pytest.approx(heat, rel=1e-5)
    warm = gone * (gas.enthalpy("H2O", 500.0) - gas.enthalpy("H2O", 313.15))
    assert s["U.cooling"] == pytest.approx(warm - heat, rel=1e-5)


def test_responses():
    base = gas_dryer().solve()
    assert (
        plant({"NH3": 0.95, "H2O": 0.05}, water_fraction=5e-3).solve()["U.regeneration"]
        < base["U.regeneration"]
    )
    dry = plant({"NH3": 0.95, "H2O": 0.05}, water_fraction=0.0).solve()
    assert dry.stream("U.dried").flows["H2O"] == pytest.approx(0.0, abs=1e-12)


def test_errors():
    with pytest.raises(ModelError, match="the gas brings no water"):
        plant({"NH3": 1.0}).build()
    with pytest.raises(ModelError, match="the gas is water alone"):
        plant({"H2O": 1.0}).build()
    with pytest.raises(Refusal, match="holds 0.0001 mol/mol water, less than the 0.0005"):
        plant({"NH3": 0.9999, "H2O": 0.0001}).solve()
    with pytest.raises(Refusal, match="heat of regeneration, 1e[+]05 J/kg water, does not even"):
        plant({"NH3": 0.95, "H2O": 0.05}, regeneration_heat=1e5).solve()
