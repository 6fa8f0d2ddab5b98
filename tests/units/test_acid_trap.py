import pytest

from noxplant.errors import ModelError, Refusal
from noxplant.examples.recovery import acid_trap
from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.acid_trap import AcidTrap
from noxplant.units.feed import Feed


def plant(liquid, gas, stages=1, T=298.15):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", liquid, temperature=T))
    b = p.add(Feed("B", "gas", gas, temperature=T))
    u = p.add(AcidTrap("U", stages=stages))
    p.connect(a.out, u.liquid, "liquid")
    p.connect(b.out, u.gas, "gas")
    return p


def test_heat_of_absorption_in_strong_acid():
    # Ammonia note 5.3 (2): 1 mol NH3(g) into dilute HCl gives 86.40 kJ +- 0.3. The gas holds next
    # to nothing else, and the liquid is so much that it warms by 0.1 K only.
    liquid = {"H2O": 1e4, "HCl": 2.0}
    s = plant(liquid, {"NH3": 1.0, "N2": 1e-3}).solve()
    out = s.stream("U.liquid_out")
    heat = (out.temperature - 298.15) * 1e4 * 75.29
    assert heat == pytest.approx(86.40e3, abs=600.0)  # ATcT against NBS, and ions' heat capacity
    assert out.flows["NH4+"] == pytest.approx(1.0)


def test_half_bound_bisulfate():
    # Ammonia note 5.3 (4): 1 H2SO4 and 1.5 NH3 leave 0.5 of acid and no slip.
    s = plant({"H2O": 60.0, "H2SO4": 1.0}, {"N2": 30.0, "NH3": 1.5, "H2O": 1.0}).solve()
    assert s["U.free_acid"] == pytest.approx(0.5, rel=1e-6)
    assert s["U.captured"] == pytest.approx(1.5, rel=1e-6)
    assert s.stream("U.gas_out").flows["NH3"] < 1e-6
    out = s.stream("U.liquid_out")
    assert out.flows["HSO4-"] + out.flows["H+"] == pytest.approx(0.5, rel=1e-5)


def test_strength_of_the_liquor():
    s = plant({"H2O": 60.0, "H2SO4": 1.0}, {"N2": 3.0, "NH3": 1.98}, T=303.15).solve()
    out = s.stream("U.liquid_out")
    salt = 0.99 * 0.13214 + 0.01 * 0.098079
    assert s["U.dissolved_fraction"] == pytest.approx(salt / out.mass_flow, rel=1e-4)
    assert s["U.ammonium_molality"] == pytest.approx(1.98 / out.flows["H2O"] / 0.01801528, rel=1e-4)


@pytest.mark.parametrize(
    ("acid", "equivalents"), [("H2SO4", 2), ("HCl", 1), ("HNO3", 1), ("H3PO4", 2)]
)
def test_acid_capacity(acid, equivalents):
    liquid = {"H2O": 60.0, acid: 1.0}
    fed = 0.98 * equivalents
    s = plant(liquid, {"N2": 20.0, "NH3": fed}, stages=3).solve()
    assert s["U.free_acid"] == pytest.approx(0.02 * equivalents, abs=0.02)
    assert s["U.capture"] > 0.98
    message = rf"acid is exhausted: the gas brings {1.1 * equivalents:.4g} mol/s ammonia, the acid"
    with pytest.raises(Refusal, match=message + rf" can bind {equivalents} mol/s; 0.[12]"):
        plant(liquid, {"N2": 20.0, "NH3": 1.1 * equivalents}, stages=3).solve()


def test_ammonia_and_alkali_of_the_liquid_count():
    liquid = {"H2O": 60.0, "H2SO4": 1.0, "(NH4)2SO4": 1.0, "KOH": 0.5, "NH3": 0.3}
    gas = {"N2": 20.0, "NH3": 1.3}
    with pytest.raises(Refusal, match="can bind 1.2 mol/s; 0.1 mol/s are not bound"):
        plant(liquid, gas).solve()


def test_nitrate_liquor_carries_a_warning():
    s = plant({"H2O": 60.0, "HNO3": 1.0}, {"N2": 20.0, "NH3": 0.5}).solve()
    assert any("ammonium nitrate: never evaporate it to dryness" in w for w in s.warnings)
    assert not acid_trap().solve().warnings


def test_responses():
    gas = {"N2": 20.0, "NH3": 0.5, "H2O": 0.5}
    weak = plant({"H2O": 60.0, "H2SO4": 0.3}, gas).solve()
    strong = plant({"H2O": 60.0, "H2SO4": 0.6}, gas).solve()
    assert strong["U.free_acid"] > weak["U.free_acid"]
    assert strong.stream("U.liquid_out").ph < weak.stream("U.liquid_out").ph
    two = plant({"H2O": 60.0, "H2SO4": 0.255}, gas, stages=2).solve()
    one = plant({"H2O": 60.0, "H2SO4": 0.255}, gas, stages=1).solve()
    assert 1 - two["U.capture"] < 1 - one["U.capture"]


def test_salt_that_would_crystallise_is_refused():
    with pytest.raises(Refusal, match=r"\(NH4\)2SO4\(s\) would crystallise in the trap"):
        plant({"H2O": 8.0, "H2SO4": 1.1}, {"N2": 1.0, "NH3": 2.1}, T=300.0).solve()


def test_gas_without_ammonia_is_refused():
    with pytest.raises(ModelError, match="the gas brings no NH3"):
        plant({"H2O": 60.0, "H2SO4": 0.3}, {"N2": 1.0}).build()


def test_acid_follows_the_gas_at_a_given_ratio():
    # 1.5 NH3 and twice the acid for it: 1.5 H2SO4, whatever the gas brings.
    for ammonia in (1.5, 0.3):
        p = plant({"H2O": 60.0, "H2SO4": 1.0}, {"N2": 30.0, "NH3": ammonia, "H2O": 0.9})
        p.exchange("U.acid_ratio", 2.0, freed="A.factor")
        s = p.solve()
        assert s.stream("liquid").content("S(6)") == pytest.approx(ammonia, rel=1e-9)
        assert s["U.free_acid"] == pytest.approx(ammonia, rel=1e-6)
