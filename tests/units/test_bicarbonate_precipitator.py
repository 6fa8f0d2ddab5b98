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


def speciation(n, c, kg, T, extra=0.0):
    """Molalities of NH3, NH4+, CO2, HCO3-, CO3--, NH2COO-, by hand (logarithms base e).

    Charge balance for a given carbamate, then the carbamate; `extra` mol of strong cations less anions.
    """
    k_n, k_w = math.exp(-aqueous.ln_beta("NH4+", T)), math.exp(aqueous.ln_beta("OH-", T))
    k_1, k_2 = math.exp(aqueous.ln_beta("HCO3-", T)), math.exp(aqueous.ln_beta("CO3--", T))
    k_c = 3.4 * math.exp(22000 / 8.314462618 * (1 / T - 1 / 298.15))
    n, c, extra = n / kg, c / kg, extra / kg

    def forms(p, x):
        h = 10.0**-p
        ammonium, carbon = (n - x) * h / (h + k_n), (c - x) / (1 + k_1 / h + k_2 / h**2)
        return n - x - ammonium, ammonium, carbon, carbon * k_1 / h, carbon * k_2 / h**2, x

    def charge(p, x):
        m = forms(p, x)
        return 10.0**-p + extra + m[1] - k_w * 10.0**p - m[3] - 2 * m[4] - x

    def settled(x):
        return forms(brentq(charge, 2, 13, args=(x,), xtol=1e-13), x)

    def off(x):
        m = settled(x)
        return x - k_c * m[0] * m[3]

    return settled(brentq(off, 0.0, 0.999999 * min((n + extra) / 2, n, c), xtol=1e-14))


def saturated(T, salt="NH4HCO3(s)"):
    """m(cation) m(HCO3-) of the saturated solution of a pure bicarbonate, by hand."""
    S, free = float(solid.solubility(salt, T)), 1.0
    for _ in range(30):  # the salt brings one water, its ions bind it again
        if salt == "NH4HCO3(s)":
            m = speciation(S, S, free, T)
        else:
            m = speciation(1e-9, S, free, T, extra=S)
        free = 1.0 + KG * (S - (m[3] + m[4]) * free)
    return m[3] * (m[1] if salt == "NH4HCO3(s)" else S / free)


def by_hand(out, T):
    """Molalities (`speciation`) and kg of water in a mother liquor, from its totals."""
    n, c = out.totals["N(-3)"], out.totals["C(4)"]
    extra = out.totals.get("K+", 0.0) - out.totals.get("NO3-", 0.0)
    kg = KG * (out.totals["H2O"] - c)
    for _ in range(40):
        m = speciation(n, c, kg, T, extra)
        kg = KG * (out.totals["H2O"] - (m[3] + m[4]) * kg)
    return m, kg


@pytest.mark.oracle
def test_gas_liquor_and_crystals_by_hand():
    """The example by SciPy: three unknowns, dissolved N and C and water in the gas."""
    T, P = 293.15, 101325.0
    s = plant({"H2O": 55.5, "NH3": 7.0}, {"CO2": 8.0, "N2": 2.0}).solve()
    full = saturated(T)

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
        return [*balances, m[1] * m[3] / full - 1]

    n, c, crystals, kg = fsolve(residuals, [4.8, 3.1, 2.1, 0.95], xtol=1e-12)
    out = s.stream("U.slurry")
    assert s["U.crystals"] == pytest.approx(crystals, rel=1e-5)
    assert out.totals["N(-3)"] == pytest.approx(n, rel=1e-5)
    assert out.totals["C(4)"] == pytest.approx(c, rel=1e-5)
    assert s["U.carbamate"] == pytest.approx(state([n, c, crystals, kg])[0][5] * kg, rel=1e-5)


def test_heat_is_that_of_the_reaction():
    """15 NH3(aq) + CO2: heat of cooling near crystals x formation from NH3(aq), CO2(g), H2O(l)."""
    s = plant({"H2O": 55.5, "NH3": 15.0}, {"CO2": 16.0, "N2": 2.0}).solve()
    out = s.stream("U.slurry")
    aq = {"NH3": -80.29e3, "NH4+": -132.51e3, "CO2": -413.8e3, "HCO3-": -692.0e3}
    aq |= {"CO3--": -677.1e3, "H2O": -285.83e3}
    after = sum(aq.get(j, 0.0) * n for j, n in out.flows.items())
    after += -849.4e3 * s["U.crystals"]
    left = s.stream("U.gas_out").flows
    after += -393.509e3 * left["CO2"] - 46.11e3 * left["NH3"] - 241.818e3 * left["H2O"]
    before = 55.5 * aq["H2O"] + 15.0 * aq["NH3"] - 16.0 * 393.509e3
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
    assert any("of the dissolved ammonia is carbamate (NH2COO-), whose constant" in w for w in told)
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


def test_pure_potassium_bicarbonate_has_its_solubility():
    """KOH and CO2, pressed so that no CO2 leaves: what stays dissolved is S(T) of KHCO3."""
    gas = {"CO2": 6.0, "N2": 1e-6}
    s = plant({"H2O": 55.508, "KOH": 6.0, "NH3": 1e-6}, gas, T=288.15, pressure=5e5).solve()
    out = s.stream("U.slurry")
    held = out.totals["C(4)"] / (out.totals["H2O"] - out.totals["C(4)"]) / KG
    # CRC: 21.73 and 24.92 wt% at 10 and 20 C.
    between = (21.73 / 78.27 + 24.92 / 75.08) / 2 * 1000 / 100.115
    assert held == pytest.approx(between, rel=5e-3)
    assert s["U.other_saturation[KHCO3(s)]"] == pytest.approx(1.0, abs=1e-6)
    assert s["U.crystals"] < 1e-6


@pytest.mark.oracle
def test_both_bicarbonates_fall_out_of_a_liquor_with_much_potassium():
    """6 mol/kg KOH and 3 NH3: two saturations by hand; potassium went unseen before."""
    T = 278.15
    s = plant({"H2O": 55.5, "KOH": 6.0, "NH3": 3.0}, {"CO2": 12.0, "N2": 2.0}, T=T).solve()
    out = s.stream("U.slurry")
    m, kg = by_hand(out, T)
    left = out.flows["K+"] / kg
    assert left * m[3] == pytest.approx(saturated(T, "KHCO3(s)"), rel=1e-4)
    assert m[1] * m[3] == pytest.approx(saturated(T), rel=1e-4)
    kali, ours = s["U.other_crystals[KHCO3(s)]"], s["U.crystals"]
    assert out.flows["K+"] == pytest.approx(6.0 - kali, rel=1e-6)
    assert kali > ours
    (told,) = [w for w in s.warnings if "KHCO3(s)" in w]
    assert f"{kali / (kali + ours):.3g} of the crystals (mol/mol) is KHCO3(s)" in told


def test_little_potassium_stays_dissolved():
    liquor, gas = {"H2O": 55.508, "NH3": 7.0, "KOH": 0.3}, {"CO2": 8.0, "N2": 2.0}
    s = plant(liquor, gas).solve()
    assert s["U.other_crystals[KHCO3(s)]"] < 1e-6
    assert 0.01 < s["U.other_saturation[KHCO3(s)]"] < 0.2
    assert s["U.crystals"] > 1
    assert not any("KHCO3" in w for w in s.warnings)


def test_potassium_nitrate_crystallises_beyond_its_solubility():
    """At 1 C its solubility is 1.4 mol/kg: of 2.5 the rest falls out, 0.5 stays dissolved."""
    gas = {"CO2": 2.0, "N2": 1.0}
    s = plant({"H2O": 55.508, "NH3": 3.0, "KNO3": 2.5}, gas, T=274.15).solve()
    out = s.stream("U.slurry")
    molality = float(solid.solubility("KNO3(s)", 274.15))
    assert out.flows["K+"] / by_hand(out, 274.15)[1] == pytest.approx(molality, rel=1e-5)
    assert out.flows["KNO3(s)"] == pytest.approx(2.5 - out.flows["K+"], rel=1e-6)
    little = plant({"H2O": 55.508, "NH3": 3.0, "KNO3": 0.5}, gas, T=274.15).solve()
    assert little["U.other_crystals[KNO3(s)]"] < 1e-6


def test_ammonium_chloride_must_stay_dissolved():
    gas = {"CO2": 2.0, "N2": 1.0}
    with pytest.raises(Refusal, match=r"NH4Cl\(s\) would crystallise too"):
        plant({"H2O": 55.508, "NH3": 3.0, "NH4Cl": 6.5}, gas, T=283.15).solve()


MEASURED = {
    # Liquors saturated with NH4HCO3 and another salt at 10 C: mol/kg of Cl- (less: of Na+), HCO3-.
    "NH4Cl": (15.69 / 35.453 / 0.07166, 3.62 / 61.0168 / 0.07166),
    "NaHCO3": (-1.39 / 22.990 / 0.08416, 12.00 / 61.0168 / 0.08416),
}


@pytest.mark.oracle
@pytest.mark.parametrize(("other", "off"), [("NH4Cl", -0.22), ("NaHCO3", 0.04)])
def test_the_rule_against_measured_liquors(other, off):
    """Hindawi J. Chem. 2023, 9296099, table 2: the error of the product of ions, as the page says.

    Carbon that the rule leaves dissolved beside the measured ion of the second salt, over the measured.
    """
    second, measured = MEASURED[other]
    full = saturated(283.15)

    def above(c):
        m = speciation(second + c, c, 1.0, 283.15, extra=-second)
        return m[1] * m[3] - full

    low = max(0.01, -second + 0.01)
    assert brentq(above, low, 5.0) / measured - 1 == pytest.approx(off, abs=0.01)


def test_carbamate_peaks_where_spectra_have_it():
    """Lichtfers and Rumpf, 4.44 mol/kg NH3 at 60 C (as told in RSC Adv. 2019, C9RA00164F).

    Most carbamate at about 2.2 mol/kg CO2; from 2.5 on bicarbonate is ahead.
    """
    T = 333.15
    assert bicarbonate.carbamate_constant(T) == pytest.approx(
        3.4 * math.exp(22000 / 8.314462618 * (1 / T - 1 / 298.15))
    )
    loads = [1.0 + 0.1 * k for k in range(25)]
    found = [speciation(4.44, c, 1.0, T) for c in loads]
    assert loads[max(range(25), key=lambda k: found[k][5])] == pytest.approx(2.2, abs=0.15)
    ahead = next(c for c, m in zip(loads, found, strict=True) if m[3] > m[5])
    assert ahead == pytest.approx(2.5, abs=0.15)


def test_pressures_over_the_crystals_against_gibbs_energies():
    """How far ideal activities are off, as the page says: the product of the three pressures."""
    s = bicarbonate_precipitator().solve()
    assert s["U.crystals"] > 0.1
    gas = s.stream("U.gas_out")
    total = sum(gas.flows.values())
    product = math.prod(gas.flows[j] / total * gas.pressure for j in ("NH3", "CO2", "H2O"))
    exact = (bicarbonate.decomposition_pressure(293.15) / 3) ** 3
    assert product / exact == pytest.approx(6.0, abs=1.0)
