import math

import pytest
from scipy.optimize import brentq, fsolve

from noxplant.errors import ModelError, Refusal
from noxplant.examples.packed import bicarbonate_precipitator
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import aqueous, bicarbonate, solid, water
from noxplant.units.bicarbonate_precipitator import BicarbonatePrecipitator
from noxplant.units.feed import Feed

KG = 0.01801528


def plant(liquor, gas, T=293.15, pressure=101325.0):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", liquor, temperature=293.15, pressure=pressure))
    b = p.add(Feed("B", "gas", gas, temperature=303.15, pressure=pressure))
    u = p.add(BicarbonatePrecipitator("U", temperature=T, utility="refrigeration"))
    p.connect(a.out, u.feed, "liquor")
    p.connect(b.out, u.gas, "gas")
    return p


def test_heat_and_gibbs_energy_of_the_note():
    # Note 5.4 (3): dH -123.95 +- 1, dG -17.96 kJ/mol; 0.085 bar over the dry salt at 25 C.
    assert bicarbonate.formation_from_gases("enthalpy") == pytest.approx(-123.95e3, abs=1e3)
    assert bicarbonate.formation_from_gases("gibbs") == pytest.approx(-17.96e3, abs=50)
    assert bicarbonate.decomposition_pressure(298.15) == pytest.approx(8.5e3, rel=0.01)
    # Equal partial pressures: K = (p/3)^3, its slope by van 't Hoff with the heat from gases.
    slope = math.log(
        bicarbonate.decomposition_pressure(299.15) / bicarbonate.decomposition_pressure(297.15)
    )
    heat = 849.4e3 - 46.11e3 - 393.509e3 - 241.818e3
    assert slope == pytest.approx(heat / 3 / 8.314462618 * (1 / 297.15 - 1 / 299.15), rel=1e-6)


def test_pure_salt_has_its_solubility():
    """NH4HCO3 in water, pressed so that no CO2 leaves: what stays dissolved is S(T)."""
    gas = {"CO2": 5.0, "N2": 1e-6}
    s = plant({"H2O": 55.508, "NH3": 5.0}, gas, T=288.15, pressure=5e5).solve()
    out = s.stream("U.slurry")
    held = out.totals["C(4)"] / (out.totals["H2O"] - out.totals["C(4)"]) / KG
    assert held == pytest.approx(float(solid.solubility("NH4HCO3(s)", 288.15)), rel=1e-4)
    assert s["U.saturation"] == pytest.approx(1.0, abs=1e-9)


def speciation(n, c, kg, T):
    """Molalities of NH3, NH4+, CO2, HCO3-, CO3-- by charge balance, by hand (logarithms base e)."""
    k_n, k_w = math.exp(-aqueous.ln_beta("NH4+", T)), math.exp(aqueous.ln_beta("OH-", T))
    k_1, k_2 = math.exp(aqueous.ln_beta("HCO3-", T)), math.exp(aqueous.ln_beta("CO3--", T))

    def forms(p):
        h = 10.0**-p
        carbon = c / kg / (1 + k_1 / h + k_2 / h**2)
        return h, n / kg * h / (h + k_n), carbon, carbon * k_1 / h, carbon * k_2 / h**2

    def charge(p):
        h, ammonium, _, bi, carbonate = forms(p)
        return h + ammonium - k_w / h - bi - 2 * carbonate

    _, ammonium, carbon, bi, carbonate = forms(brentq(charge, 3, 13))
    return n / kg - ammonium, ammonium, carbon, bi, carbonate


@pytest.mark.oracle
def test_gas_liquor_and_crystals_by_hand():
    """The example by SciPy: three unknowns, dissolved N and C and water in the gas."""
    T, P = 293.15, 101325.0
    s = plant({"H2O": 55.5, "NH3": 7.0}, {"CO2": 8.0, "N2": 2.0}).solve()
    salt, free = float(solid.solubility("NH4HCO3(s)", T)), 1.0
    for _ in range(20):  # the salt brings one water, its ions bind it again
        full = speciation(salt, salt, free, T)
        free = 1.0 + KG * (salt - (full[3] + full[4]) * free)

    def state(x):
        n, c, crystals, kg = x
        m = speciation(n, c, kg, T)
        nh3 = m[0] * math.exp(aqueous.ln_henry("NH3", T))
        co2 = m[2] * math.exp(aqueous.ln_henry("CO2", T))
        vapour = water.saturation_pressure(T) * math.exp(-KG * sum(m))
        total = 2.0 / (1 - (nh3 + co2 + vapour) / P)
        gas = [p / P * total for p in (nh3, co2, vapour)]
        # One water is bound in each HCO3- and CO3-- and in each NH4HCO3.
        free = kg / KG + (m[3] + m[4]) * kg + gas[2] + crystals
        return m, [7.0 - n - crystals - gas[0], 8.0 - c - crystals - gas[1], 55.5 - free]

    def residuals(x):
        m, balances = state(x)
        return [*balances, m[1] * m[3] / (full[1] * full[3]) - 1]

    n, c, crystals, kg = fsolve(residuals, [2.7, 2.3, 4.2, 0.9], xtol=1e-12)
    out = s.stream("U.slurry")
    assert s["U.crystals"] == pytest.approx(crystals, rel=1e-5)
    assert out.totals["N(-3)"] == pytest.approx(n, rel=1e-5)
    assert out.totals["C(4)"] == pytest.approx(c, rel=1e-5)
    assert out.flows["H2O"] * KG == pytest.approx(kg, rel=1e-5)


def test_heat_is_that_of_the_reaction():
    """7 NH3(aq) + CO2: heat of cooling near crystals x formation from NH3(aq), CO2(g), H2O(l)."""
    s = bicarbonate_precipitator().solve()
    out = s.stream("U.slurry")
    aq = {"NH3": -80.29e3, "NH4+": -132.51e3, "CO2": -413.8e3, "HCO3-": -692.0e3}
    aq |= {"CO3--": -677.1e3, "H2O": -285.83e3}
    after = sum(aq.get(j, 0.0) * n for j, n in out.flows.items())
    after += -849.4e3 * s["U.crystals"]
    left = s.stream("U.gas_out").flows
    after += -393.509e3 * left["CO2"] - 46.11e3 * left["NH3"] - 241.818e3 * left["H2O"]
    before = 55.5 * aq["H2O"] + 7.0 * aq["NH3"] - 8.0 * 393.509e3
    assert s["U.duty"] == pytest.approx(after - before, rel=0.06)  # sensible heats left out


def test_responses():
    base = bicarbonate_precipitator().solve()
    liquor = {"H2O": 55.5, "NH3": 7.0}
    salted = plant({**liquor, "NH4Cl": 2.0}, {"CO2": 8.0, "N2": 2.0}).solve()
    # The common ion: fewer bicarbonate ions stay dissolved.
    held = [x.stream("U.slurry").flows["HCO3-"] for x in (base, salted)]
    assert held[1] < 0.8 * held[0]
    warm = plant(liquor, {"CO2": 8.0, "N2": 2.0}, T=305.15).solve()
    assert warm["U.ammonia_yield"] < base["U.ammonia_yield"]
    assert warm["U.slip"] > base["U.slip"]
    thin = plant({"H2O": 55.5, "NH3": 0.5}, {"CO2": 8.0, "N2": 2.0}).solve()
    assert thin["U.crystals"] < 1e-9
    assert 0 < thin["U.saturation"] < 1


def test_warnings_and_refusals():
    gas = {"CO2": 8.0, "N2": 2.0}
    told = bicarbonate_precipitator().solve().warnings
    assert any("carbamate (NH2COO-) is not modelled" in w for w in told)
    assert any("5.77e+03 Pa at 293.15 K: filter and dry it cold" in w for w in told)
    liquor = {"H2O": 55.5, "NH3": 7.0}
    with pytest.raises(Refusal, match="not kept at 311.15 K without pressure"):
        plant(liquor, gas, T=311.15).solve()
    assert plant(liquor, gas, T=311.15, pressure=2e5).solve()["U.crystals"] > 0
    with pytest.raises(ModelError, match="neither liquor nor gas brings carbon dioxide"):
        plant(liquor, {"N2": 1.0}).build()
    with pytest.raises(ModelError, match=r"neither liquor nor gas brings ammonia, N\(-3\)"):
        plant({"H2O": 55.5, "KOH": 1.0}, gas).build()
    with pytest.raises(ModelError, match=r"all of the gas dissolves \(CO2\)"):
        plant(liquor, {"CO2": 5.0}).build()


def test_potassium_nitrate_is_not_left_in_the_liquor_beyond_its_solubility():
    """At 1 C its solubility is 1.4 mol/kg: 2.5 would crystallise too, 0.5 stays dissolved."""
    gas = {"CO2": 2.0, "N2": 1.0}
    with pytest.raises(Refusal, match=r"KNO3\(s\) would crystallise too"):
        plant({"H2O": 55.508, "NH3": 3.0, "KNO3": 2.5}, gas, T=274.15).solve()
    solved = plant({"H2O": 55.508, "NH3": 3.0, "KNO3": 0.5}, gas, T=274.15).solve()
    assert any("KHCO3" in w for w in solved.warnings)
