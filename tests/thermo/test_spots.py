"""Spot values against independent sources that no other test looks at.

Optional packages: iapws, phreeqpython (phreeqc.dat, pitzer.dat), CoolProp, Cantera. What is compared
was fitted to none of them, unless the words say so.
"""

import math

import pytest

from noxplant.constants import WATER_MOLAR_MASS, ZERO_CELSIUS
from noxplant.species import true_species
from noxplant.thermo import activity, aqueous, gas, laliberte, organic, speciate, water

pytestmark = pytest.mark.oracle
PUNCH = """
SELECTED_OUTPUT
 -reset false
USER_PUNCH
 -headings ph aw rho
 -start
 10 PUNCH -LA("H+"), ACT("H2O"), 1000*RHO
 -end
END
"""


@pytest.fixture(scope="module")
def phreeqc():
    found = pytest.importorskip("phreeqpython")
    engines = {}

    def solve(database, lines, celsius):
        if database not in engines:
            engines[database] = found.PhreeqPython(database=database)
        text = "\n ".join((f"temp {celsius}", "units mol/kgw", "pH 7 charge", *lines))
        ip = engines[database].ip
        ip.run_string(f"SOLUTION 1\n {text}\n{PUNCH}")
        head, *_, last = ip.get_selected_output_array()
        return dict(zip(head, last, strict=True))

    return solve


@pytest.mark.parametrize(
    ("T", "rel"), [(274.2, 0.05), (298.15, 0.003), (320.0, 0.02), (350.0, 0.04), (373.0, 0.06)]
)
def test_carbon_dioxide_in_water(T, rel):
    """Henry constant (PHREEQC's) against IAPWS G7-04: 0.2 % at 25 C, -5 % at 1 C, +6 % at 100 C."""
    iapws = pytest.importorskip("iapws._iapws")
    ours = math.exp(aqueous.ln_henry("CO2", T)) / WATER_MOLAR_MASS
    assert ours == pytest.approx(1e6 * iapws._Henry(T, "CO2"), rel=rel)


@pytest.mark.parametrize("T", [275.0, 330.0, 370.0])
def test_liquid_water(T):
    """Kell's density and the fitted heat capacity against IAPWS-95, another program than CoolProp."""
    iapws = pytest.importorskip("iapws")
    theirs = iapws.IAPWS95(T=T, P=0.101325)
    assert water.density(T) == pytest.approx(theirs.rho, rel=2e-5)
    assert laliberte.water_heat_capacity(T) == pytest.approx(1e3 * theirs.cp, rel=1e-4)


@pytest.mark.parametrize("celsius", [0, 10, 25, 40, 50, 60])
def test_phosphoric_acid(celsius):
    """pK1 of Bates 1951 and pK2 of Bates and Acree 1945 (both recalled), 0 to 60 C, within 0.01."""
    T = ZERO_CELSIUS + celsius
    beta = {f: aqueous.ln_beta(f, T) / math.log(10) for f in ("H3PO4", "H2PO4-", "HPO4--")}
    first, second = beta["H3PO4"] - beta["H2PO4-"], beta["H2PO4-"] - beta["HPO4--"]
    assert first == pytest.approx(799.31 / T - 4.5535 + 0.013486 * T, abs=0.01)
    assert second == pytest.approx(1979.5 / T - 5.3541 + 0.01984 * T, abs=0.01)


WEAK = {
    "NH4Cl": ({"N(-3)": 0.1, "Cl-": 0.1}, ("N(-3) 0.1", "Cl 0.1"), 0.01, 0.01),
    "NH3": ({"N(-3)": 0.1}, ("N(-3) 0.1",), 0.01, 0.01),
    "NH4HCO3": ({"N(-3)": 0.05, "C(4)": 0.05}, ("N(-3) 0.05", "C(4) 0.05"), 0.01, 0.01),
    "(NH4)2SO4": ({"N(-3)": 0.1, "S(6)": 0.05}, ("N(-3) 0.1", "S(6) 0.05"), 0.01, 0.05),
    "KH2PO4": ({"K+": 0.05, "P(5)": 0.05}, ("K 0.05", "P 0.05"), 0.01, 0.05),
    "K2HPO4": ({"K+": 0.1, "P(5)": 0.05}, ("K 0.1", "P 0.05"), 0.05, 0.1),
    "H3PO4": ({"P(5)": 0.1}, ("P 0.1",), 0.01, 0.02),
}


@pytest.mark.parametrize("celsius", [25, 60])
@pytest.mark.parametrize("salt", WEAK)
def test_ph_of_weak_electrolytes(salt, celsius, phreeqc):
    """Davies here, PHREEQC's own coefficients (phreeqc.dat) there, 0.05 to 0.1 mol/kg."""
    totals, lines, *allowed = WEAK[salt]
    whole = {"H2O": 1.0 / WATER_MOLAR_MASS, **totals}
    model = activity.model("davies", true_species(whole))
    ours = float(speciate.speciate(whole, ZERO_CELSIUS + celsius, model).ph)
    theirs = phreeqc("phreeqc.dat", lines, celsius)["ph"]
    assert ours == pytest.approx(theirs, abs=allowed[celsius > 25])


STRONG = {
    "KOH": ({"K+": 3.0}, ("K 3",), 3.0),
    "NaOH": ({"Na+": 3.0}, ("Na 3",), 3.0),
    "K2CO3": ({"K+": 4.0, "C(4)": 2.0}, ("K 4", "C(4) 2"), 2.0),
    "H2SO4": ({"S(6)": 1.0}, ("S(6) 1",), 0.0),
    "HCl": ({"Cl-": 3.0}, ("Cl 3",), 0.0),
}


@pytest.mark.parametrize("salt", STRONG)
def test_water_activity_of_strong_solutions(salt, phreeqc):
    """Pitzer with another set than pitzer.dat; water that the ions took is given back."""
    totals, lines, bound = STRONG[salt]
    whole = {"H2O": 1.0 / WATER_MOLAR_MASS + bound, **totals}
    model = activity.model("pitzer", true_species(whole), missing="estimate")
    ours = math.exp(float(speciate.speciate(whole, 298.15, model).activity.ln_water))
    assert ours == pytest.approx(phreeqc("pitzer.dat", lines, 25)["aw"], abs=0.004)


VOLUMES = {
    "NaNO3": (0.2, ("Na {m}", "N(5) {m}"), 0.5),
    "NH4Cl": (0.1, ("N(-3) {m}", "Cl {m}"), 0.7),
    "(NH4)2SO4": (0.2, ("N(-3) {n}", "S(6) {m}"), 1.0),
    "K2CO3": (0.1, ("K {n}", "C(4) {m}"), 2.0),
    "KNO2": (0.1, ("K {m}", "N(3) {m}"), 0.8),
    "NH4NO3": (0.2, ("N(-3) {m}", "N(5) {m}"), 4.2),
    "NH4HCO3": (0.1, ("N(-3) {m}", "C(4) {m}"), 7.6),
}
MASSES = {
    "NaOH": 0.039997,
    "NaNO3": 0.084994,
    "NH4Cl": 0.05349,
    "(NH4)2SO4": 0.13214,
    "K2CO3": 0.138205,
    "KNO2": 0.085103,
    "NH4NO3": 0.080043,
    "NH4HCO3": 0.079056,
}


@pytest.mark.parametrize("celsius", [25, 40])
@pytest.mark.parametrize("salt", VOLUMES)
def test_densities_against_apparent_volumes(salt, celsius, phreeqc):
    """Laliberte against the apparent volumes of phreeqc.dat, kg/m3: also three that met no table."""
    w, lines, allowed = VOLUMES[salt]
    m = w / (1 - w) / MASSES[salt]
    given = tuple(s.format(m=m, n=2 * m) for s in lines)
    ours = laliberte.density({salt: w}, ZERO_CELSIUS + celsius)
    assert ours == pytest.approx(phreeqc("phreeqc.dat", given, celsius)["rho"], abs=allowed)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("H2O", "Water"),
        ("N2", "Nitrogen"),
        ("CO2", "CarbonDioxide"),
        ("NH3", "Ammonia"),
        ("H2", "Hydrogen"),
        ("O2", "Oxygen"),
    ],
)
def test_ideal_gases_against_equations_of_state(name, theirs):
    """Enthalpy and entropy from 300 to 450 K against CoolProp at 1 Pa: other spectroscopy, 0.25 %."""
    cp = pytest.importorskip("CoolProp.CoolProp")

    def rise(symbol):
        ends = [cp.PropsSI(symbol, "T", T, "P", 1.0, theirs) for T in (300.0, 450.0)]
        return ends[1] - ends[0]

    ours = gas.enthalpy(name, 450.0) - gas.enthalpy(name, 300.0)
    assert ours == pytest.approx(rise("HMOLAR"), rel=2.5e-3)
    ours = gas.entropy(name, 450.0) - gas.entropy(name, 300.0)
    assert ours == pytest.approx(rise("SMOLAR"), rel=2.5e-3)


def test_methanol_of_the_plants_over_its_range():
    """Antoine against CoolProp: 0.5 % from 280 K, 1.1 % at the cold end."""
    cp = pytest.importorskip("CoolProp.CoolProp")
    for T, rel in ((263.0, 0.011), (270.0, 0.008), (280.0, 0.005), (310.0, 0.005), (356.0, 0.005)):
        theirs = cp.PropsSI("P", "T", T, "Q", 0, "Methanol")
        assert organic.vapour_pressure("methanol", T) == pytest.approx(theirs, rel=rel)


@pytest.mark.parametrize(("w", "rel"), [(0.1, 0.0125), (0.25, 0.0125), (0.3, 0.032), (0.33, 0.047)])
def test_caustic_soda_of_the_plants(w, rel):
    """Additive volumes against Laliberte, which they were fitted to; the worst of the salts."""
    n = w / MASSES["NaOH"]
    ours = aqueous.density({"H2O": (1 - w) / WATER_MOLAR_MASS, "Na+": n, "OH-": n}, 298.15)
    assert ours == pytest.approx(laliberte.density({"NaOH": w}, 298.15), rel=rel)


@pytest.mark.parametrize(("name", "theirs"), [("methanol", "CH3OH"), ("formaldehyde", "CH2O")])
def test_vapours_of_constant_heat_capacity(name, theirs):
    """Against GRI-Mech 3.0, within the 8 % that the page states at the hot end (4 % at the cold end)."""
    ct = pytest.importorskip("cantera")
    thermo = next(s for s in ct.Species.list_from_file("gri30.yaml") if s.name == theirs).thermo
    for T, rel in ((250.0, 0.04), (395.0, 0.08)):
        if thermo.min_temp > T:
            continue
        ours = gas.enthalpy(name, T) - gas.enthalpy(name, 298.15)
        assert ours == pytest.approx((thermo.h(T) - thermo.h(298.15)) / 1e3, rel=rel)
