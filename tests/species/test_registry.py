"""Species and components: content, media, dissolution, refusals."""

import pickle
import subprocess
import sys

import pytest

from noxplant.errors import SpeciesError
from noxplant.species import (
    COMPONENTS,
    all_species,
    aqueous_components,
    component,
    components_in,
    dissolvable,
    dissolve,
    elements,
    gas_species,
    molar_mass,
    organic_species,
    solid_species,
    species,
    species_in,
    true_species,
)
from noxplant.species.registry import check_content


@pytest.mark.parametrize("s", all_species(), ids=lambda s: s.name)
def test_content_adds_up(s):
    """Elements and mass of a species are those of its content plus implied protons."""
    protons = s.charge - sum(n * component(c).charge for c, n in s.content.items())
    atoms = {"H": protons}
    for c, n in s.content.items():
        for e, k in component(c).elements.items():
            atoms[e] = atoms.get(e, 0) + n * k
    atoms = {e: k for e, k in atoms.items() if abs(k) > 1e-12}
    assert atoms == pytest.approx(dict(s.elements))
    mass = sum(n * molar_mass(c) for c, n in s.content.items()) + protons * molar_mass("H+")
    assert mass == pytest.approx(s.molar_mass, rel=1e-12)


@pytest.mark.parametrize("c", COMPONENTS.values(), ids=lambda c: c.name)
def test_forms_add_up(c):
    """basis + protons H+ + water H2O = form, in elements and charge."""
    basis = species(c.basis)
    assert (c.charge, c.elements) == (basis.charge, basis.elements)
    for form in c.forms:
        made = {} if c.name == "H2O" else dict(basis.elements)
        made["H"] = made.get("H", 0) + form.protons
        for e, k in species("H2O").elements.items():
            made[e] = made.get(e, 0) + form.water * k
        assert {e: k for e, k in made.items() if k} == dict(species(form.name).elements)
        assert basis.charge + form.protons == species(form.name).charge


def test_wrong_content_is_refused():
    with pytest.raises(SpeciesError, match=r"NH3 \(NH3\).*formula minus content: N -1"):
        check_content("NH3", "NH3", {"N(-3)": 2}, COMPONENTS)
    with pytest.raises(SpeciesError, match="no component 'N-3'"):
        check_content("NH3", "NH3", {"N-3": 1}, COMPONENTS)
    with pytest.raises(SpeciesError, match="H -1, K -1, O -1"):
        check_content("Cl2", "HCl", {"Cl-": 1, "K+": 1, "H2O": 1}, COMPONENTS)


def test_the_components_of_the_design():
    wanted = [
        "H2O",
        "K+",
        "Na+",
        "NO3-",
        "Cl-",
        "PF6-",
        "N(3)",
        "N(-3)",
        "N(-2)",
        "C(4)",
        "S(6)",
        "P(5)",
    ]
    made = ["N(-1)", "HCOO-", "FDCA--", "urea", "glycerol", "HMF"]
    solutes = ["acetonitrile", "methanol", "formaldehyde", "benzophenone"]
    assert list(aqueous_components()) == [*wanted, *made, *solutes, "Zn(2)"]
    assert components_in("aqueous") == aqueous_components()
    assert component("N(-3)").basis == "NH3"
    assert {f.name: (f.protons, f.water) for f in component("C(4)").forms} == {
        "HCO3-": (-1, 1),
        "CO3--": (-2, 1),
    }


def test_media():
    assert {"H2O", "NH3", "CO2", "HNO2"} <= set(gas_species()) & set(species_in("aqueous"))
    assert "K+" not in gas_species()
    assert set(organic_species()) == {
        "acetonitrile",
        "methanol",
        "H2O",
        "NH3",
        "benzophenone",
        "benzophenone imine",
        "benzophenone azine",
        "benzhydrol",
        "KPF6",
        "formaldehyde",
    }
    assert len(solid_species()) == 16
    assert all(name.endswith("(s)") for name in solid_species())
    with pytest.raises(SpeciesError, match="no medium 'liquid'"):
        species_in("liquid")


def test_components_of_other_media():
    assert "N(-3)" in components_in("gas")
    assert "NH3" not in components_in("gas")
    assert {"K+", "PF6-", "benzophenone imine"} <= set(components_in("organic"))


def test_true_species():
    found = true_species(["H2O", "C(4)", "S(6)"])
    assert set(found) == {"H2O", "OH-", "H+", "CO2", "HCO3-", "CO3--", "SO4--", "HSO4-"}


@pytest.mark.parametrize(
    ("substance", "amounts"),
    [
        ("KOH", {"K+": 1, "H2O": 1}),
        ("KNO3", {"K+": 1, "NO3-": 1}),
        ("(NH4)2SO4", {"N(-3)": 2, "S(6)": 1}),
        ("H2SO4", {"S(6)": 1}),
        ("HCl", {"Cl-": 1}),
        ("HNO3", {"NO3-": 1}),
        ("HNO2", {"N(3)": 1}),
        ("H3PO4", {"P(5)": 1}),
        ("NH3", {"N(-3)": 1}),
        ("N2H4", {"N(-2)": 1}),
        ("K2CO3", {"K+": 2, "C(4)": 1, "H2O": 1}),
        ("KPF6", {"K+": 1, "PF6-": 1}),
        ("CO2", {"C(4)": 1}),
        ("acetonitrile", {"acetonitrile": 1}),
        ("H2O", {"H2O": 1}),
    ],
)
def test_dissolve(substance, amounts):
    assert dissolve(substance) == amounts


@pytest.mark.parametrize("substance", dissolvable())
def test_everything_dissolvable_dissolves(substance):
    amounts = dissolve(substance)
    assert amounts
    assert set(amounts) <= set(aqueous_components())


def test_dissolve_refuses():
    with pytest.raises(SpeciesError, match=r"'KNO4' dissolves.*Did you mean 'KNO[23]'.*Known: KOH"):
        dissolve("KNO4")
    with pytest.raises(SpeciesError, match="benzophenone imine"):
        dissolve("benzophenone imine")
    with pytest.raises(SpeciesError, match="K\\+"):
        dissolve("K+")


def test_dissolve_gives_a_fresh_dict():
    dissolve("KOH")["K+"] = 7.0
    assert dissolve("KOH")["K+"] == 1.0


def test_unknown_names():
    with pytest.raises(SpeciesError, match="no species 'benzophenone imin'.*'benzophenone imine'"):
        species("benzophenone imin")
    with pytest.raises(SpeciesError, match=r"no component 'NH3'. NH3 is counted in N\(-3\)"):
        component("NH3")
    with pytest.raises(SpeciesError, match="no component 'xyz'"):
        component("xyz")
    with pytest.raises(SpeciesError, match="no species 'XYZ'"):
        molar_mass("XYZ")


def test_species_are_frozen_hashable_and_picklable():
    s = species("(NH4)2SO4(s)")
    with pytest.raises(AttributeError):
        s.name = "x"
    with pytest.raises(TypeError):
        s.content["S(6)"] = 2
    assert pickle.loads(pickle.dumps(s)) == s
    assert len({s, pickle.loads(pickle.dumps(s))}) == 1
    assert s.elements == elements("(NH4)2SO4")


def test_import_needs_the_standard_library_only():
    heavy = "['pyomo', 'cantera', 'CoolProp', 'scipy', 'pandas', 'numpy']"
    code = f"import noxplant.species, sys; assert not [m for m in {heavy} if m in sys.modules]"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
