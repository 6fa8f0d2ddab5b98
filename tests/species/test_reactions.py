"""Reactions: parsing, folding, refusals."""

import pickle

import pytest

from noxplant.errors import SpeciesError
from noxplant.species import COMPONENTS, Reaction, species

GOOD = [
    "NO3- + 9 H+ + 8 e- -> NH3 + 3 H2O",
    "NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-",
    "NO2- + 5 H2O + 6 e- = NH3 + 7 OH-",
    "4 OH- -> O2 + 2 H2O + 4 e-",
    "2 H2O + 2 e- -> H2 + 2 OH-",
    "benzophenone + NH3 -> benzophenone imine + H2O",
    "2 benzophenone imine -> benzophenone azine + 2 H+ + 2 e-",
    "2 benzophenone imine -> benzophenone azine + H2",
    "benzophenone azine(s) + 2 H2O -> 2 benzophenone + N2H4",
    "methanol -> formaldehyde + 2 H+ + 2 e-",
    "N2H5+ + H+ + SO4-- -> N2H6SO4(s)",
    "NO + NO2 + 2 OH- -> 2 NO2- + H2O",
    "2 NO2 + 2 OH- -> NO2- + NO3- + H2O",
    "0.5 N2 + 1.5 H2 -> NH3",
    "NH3(g) + H+ -> NH4+",
]


@pytest.mark.parametrize("text", GOOD)
def test_folding_conserves(text):
    """Components, protons and electrons of a reaction balance in elements and charge."""
    r = Reaction.parse(text)
    assert Reaction.parse(text) is r
    atoms = {"H": r.protons}
    z = r.protons + r.electrons
    for c, n in r.components.items():
        z += n * COMPONENTS[c].charge
        for e, k in COMPONENTS[c].elements.items():
            atoms[e] = atoms.get(e, 0) + n * k
    assert z == pytest.approx(0, abs=1e-12)
    assert all(abs(k) < 1e-12 for k in atoms.values())
    assert all(species(s) for s in r.species)


def test_nitrate_to_ammonia():
    r = Reaction.parse("NO3- + 9 H+ + 8 e- -> NH3 + 3 H2O")
    assert r.species == {"NO3-": -1, "H+": -9, "NH3": 1, "H2O": 3}
    assert r.components == {"NO3-": -1, "N(-3)": 1, "H2O": 3}
    assert (r.protons, r.electrons) == (-9, 8)
    assert str(r) == r.text


def test_alkaline_writing_folds_to_the_same_components():
    acid = Reaction.parse("NO3- + 9 H+ + 8 e- -> NH3 + 3 H2O")
    alkaline = Reaction.parse("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-")
    assert alkaline.components == acid.components
    assert (alkaline.protons, alkaline.electrons) == (acid.protons, acid.electrons)


def test_names_with_spaces():
    r = Reaction.parse("2 benzophenone imine -> benzophenone azine + 2 H+ + 2 e-")
    assert r.species == {"benzophenone imine": -2, "benzophenone azine": 1, "H+": 2}
    assert r.electrons == -2


def test_phase_marks():
    r = Reaction.parse("NH3(g) + H+ -> NH4+")
    assert r.species == {"NH3": -1, "H+": -1, "NH4+": 1}
    assert dict(r.phases) == {"NH3": "g"}
    assert r.components == {}
    assert r.protons == 0


def test_species_on_both_sides_are_netted():
    assert "O2" not in Reaction.parse("H2 + O2 -> H2 + O2").species


def test_pickles():
    r = Reaction.parse("2 NO2 = N2O4")
    assert pickle.loads(pickle.dumps(r)) == r


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("NO3- + 8 H+ + 8 e- -> NH3 + 3 H2O", r"(?s)H: 1 too many on the right.*charge: 1 too"),
        ("2 H2 + O2 -> H2O", r"(?s)H: 2 too many on the left.*O: 1 too many on the left"),
        ("KPF6 -> K+", r"(?s)F: 6 too many on the left.*P: 1.*charge: 1 too many on the right"),
        ("NO4- -> NO3-", "no species 'NO4-'. Did you mean 'NO"),
        ("benzophenon + NH3 -> benzophenone imine + H2O", "Did you mean 'benzophenone'"),
        ("NO + O2", "is no reaction"),
        ("NO + O2 -> ", "is no reaction"),
        ("2 NO -> -> NO", "is no reaction"),
        ("K+(g) -> K+", "K\\+ does not exist as gas"),
        ("NH3(g) -> NH3", "NH3 stands in two phases"),
        ("NO +  + NO2 -> N2O3", "is empty|no species"),
    ],
)
def test_refusals(text, words):
    with pytest.raises(SpeciesError, match=words):
        Reaction.parse(text)
