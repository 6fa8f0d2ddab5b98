"""Formulas: elements, charge, molar mass."""

import pytest

from noxplant.errors import SpeciesError
from noxplant.species import all_species, charge, elements, molar_mass


@pytest.mark.parametrize(
    ("formula", "atoms"),
    [
        ("H2O", {"H": 2, "O": 1}),
        ("(NH4)2SO4", {"N": 2, "H": 8, "S": 1, "O": 4}),
        ("((NH3)2O)2", {"N": 4, "H": 12, "O": 2}),
        ("CO(NH2)2", {"C": 1, "O": 1, "N": 2, "H": 4}),
        ("SO4--", {"S": 1, "O": 4}),
        ("N2H6++", {"N": 2, "H": 6}),
        ("N2H6SO4(s)", {"N": 2, "H": 6, "S": 1, "O": 4}),
        ("PF6-", {"P": 1, "F": 6}),
        ("e-", {}),
    ],
)
def test_elements(formula, atoms):
    assert elements(formula) == atoms


@pytest.mark.parametrize(
    ("formula", "z"),
    [("K+", 1), ("PO4---", -3), ("N2H6++", 2), ("NH3", 0), ("KNO3(s)", 0), ("e-", -1)],
)
def test_charge(formula, z):
    assert charge(formula) == z


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("h2o", "no chemical formula"),
        ("", "no chemical formula"),
        ("H2O!", "cannot read '!'"),
        ("(NH4", "never closed"),
        ("NH4)2", "never opened"),
        ("XeF2", "no element Xe"),
        ("2H2O", "cannot read"),
    ],
)
def test_refused(formula, words):
    with pytest.raises(SpeciesError, match=words):
        elements(formula)


@pytest.mark.parametrize(
    ("name", "g_per_mol"),
    # CRC Handbook / chemicals 1.5.2, as the notes give them
    [
        ("NH3", 17.0305),
        ("N2H4", 32.0452),
        ("KNO3(s)", 101.1032),
        ("N2H6SO4(s)", 130.1236),
        ("(N2H5)2SO4(s)", 162.1688),
        ("N2H5Cl(s)", 68.5061),
        ("benzophenone", 182.2179),
        ("benzophenone imine", 181.2331),
        ("benzophenone azine", 360.4504),
        ("acetonitrile", 41.0519),
        ("methanol", 32.0419),
    ],
)
def test_molar_mass(name, g_per_mol):
    assert molar_mass(name) * 1e3 == pytest.approx(g_per_mol, rel=2e-5)


def test_molar_mass_of_a_component_is_that_of_its_basis():
    assert molar_mass("N(-3)") == molar_mass("NH3")
    assert molar_mass("S(6)") == molar_mass("SO4--")


def test_molar_masses_against_a_second_library():
    ct = pytest.importorskip("cantera")
    gases = {s.name.upper(): s for s in ct.Species.list_from_file("nasa_gas.yaml")}
    checked = 0
    for s in all_species():
        theirs = gases.get(s.name.upper())
        if theirs is not None and "gas" in s.media:
            assert s.molar_mass * 1e3 == pytest.approx(theirs.molecular_weight, rel=1e-4)
            checked += 1
    assert checked >= 20
