"""Aqueous feeds: refused beyond the data, warned of above a solubility."""

import pytest

from noxplant import Flowsheet, Solution
from noxplant.errors import Refusal
from noxplant.thermo import excess
from noxplant.units.feed import Feed, ionic_strength
from noxplant.units.mixer import Mixer

KILOGRAM = 1 / 0.01801528
"""mol of water per kg."""


def solved(kelvin: float = 298.15, **amount: float) -> Solution:
    plant = Flowsheet("feed")
    feed = plant.add(Feed("F", "aqueous", {"H2O": KILOGRAM, **amount}, temperature=kelvin))
    water = plant.add(Feed("W", "aqueous", {"H2O": 0.1}, temperature=kelvin))
    mixer = plant.add(Mixer("M", "aqueous"))
    plant.connect(feed.out, mixer.feed[0], "strong")
    plant.connect(water.out, mixer.feed[1], "water")
    return plant.solve()


def test_a_salt_far_beyond_the_data_is_refused() -> None:
    words = r"before any solve:\n  F: the feed is too concentrated: .* strength of 4\d(\.\d+)? mol per kg"
    with pytest.raises(Refusal, match=words + r" water, that of the feed is 200 mol/kg.*or the"):
        solved(KNO3=200.0)


@pytest.mark.parametrize("name", ["KOH", "NaOH", "HCl", "HNO3"])
def test_strong_acids_and_alkalis_are_refused_beyond_their_heat_of_dilution(name: str) -> None:
    most = excess.limit(name)
    with pytest.raises(Refusal, match=rf"F: {name} is too strong: .* hold to {most:g} mol per kg"):
        solved(**{name: 1.01 * most})
    solved(**{name: 0.99 * most})


def test_sulfuric_acid_is_refused_above_sixty_per_cent() -> None:
    # 60 wt%: 0.6 kg in 0.4 kg water, 1.5/0.098079 = 15.29 mol/kg.
    words = r"F: H2SO4 is too strong: .* hold to 60 wt%, 15.29 mol per kg water, 200 mol/kg is fed"
    with pytest.raises(Refusal, match=words):
        solved(H2SO4=200.0)
    with pytest.raises(Refusal, match="H2SO4 is too strong"):
        solved(H2SO4=15.31)
    assert solved(H2SO4=15.28).stream("strong").ph is not None


def test_strength_without_water_is_refused_in_words() -> None:
    plant = Flowsheet("dry")
    feed = plant.add(Feed("F", "aqueous", {"H2SO4": 1.0}))
    mixer = plant.add(Mixer("M", "aqueous", inlets=1))
    plant.connect(feed.out, mixer.feed[0], "acid")
    with pytest.raises(Refusal, match=r"F: H2SO4 is too strong: .* no water is fed"):
        plant.solve()


def test_a_salt_above_its_solubility_warns() -> None:
    # KNO3 at 20 C: 31.6 g per 100 g water (handbook), 3.13 mol/kg.
    found = [w for w in solved(293.15, KNO3=4.0).warnings if "solubility" in w]
    assert len(found) == 1
    assert found[0].startswith("F: the feed is above the solubility of KNO3(s) at 293.15 K, 3.1")
    ratio = float(found[0].partition("have ")[2].partition(" %")[0])
    assert ratio == pytest.approx(100 * 4.0 / 3.13, rel=0.02)
    assert not [w for w in solved(293.15, KNO3=3.0).warnings if "solubility" in w]
    # A common ion counts: 3 mol/kg with 3 mol/kg KOH is above it.
    assert [w for w in solved(293.15, KNO3=3.0, KOH=3.0).warnings if "solubility of KNO3" in w]


def test_ionic_strength_of_substances() -> None:
    # Half of the sum of m z^2 over the ions.
    assert ionic_strength("(NH4)2SO4") == pytest.approx(3.0)
    assert ionic_strength("NH4Cl") == pytest.approx(1.0)
    assert ionic_strength("NH3") == 0.0
    assert ionic_strength("KOH") == pytest.approx(1.0)


# Ions.


def test_an_analysis_of_ions_is_the_same_feed() -> None:
    ions = {"K+": 1.0, "NO3-": 0.6, "OH-": 0.2, "SO4--": 0.1, "NH3": 0.3}
    salts = {"KNO3": 0.6, "KOH": 0.2, "K2SO4": 0.1, "NH3": 0.3}
    first, second = (solved(**amount) for amount in (ions, salts))
    for name in ("temperature", "ph", "enthalpy_flow"):
        one, two = (getattr(s.stream("strong"), name) for s in (first, second))
        assert one == pytest.approx(two, rel=1e-9)
    assert not first.warnings


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (
            {"K+": 1.0, "NO3-": 0.9},
            r"sum to \+0.1 mol/s \(5.26 % .*Raise NO3- from 0.9 to 1 mol/s, or enter salts",
        ),
        ({"NH4+": 1.0, "SO4--": 1.0}, r"sum to -1 mol/s .*Raise NH4\+ from 1 to 2 mol/s"),
        ({"K+": 1.0, "KNO3": 1.0}, r"no anion: add one for K\+"),
        ({"K+": 1.0, "NO3-": 1.0 - 3e-6}, r"sum to \+3e-06 mol/s"),
    ],
)
def test_ions_that_are_not_neutral_are_refused(amount: dict[str, float], words: str) -> None:
    with pytest.raises(Refusal, match=f"(?s)Feed 'F': The solution is not electrically.*{words}"):
        Feed("F", "aqueous", {"H2O": KILOGRAM, **amount})
    Feed("F", "aqueous", {"H2O": KILOGRAM, "K+": 1.0, "NO3-": 1.0 - 1e-6})


def test_an_ion_that_is_set_later_is_held_to_neutrality() -> None:
    plant = Flowsheet("feed")
    feed = plant.add(Feed("F", "aqueous", {"H2O": KILOGRAM, "K+": 1.0, "NO3-": 1.0}))
    mixer = plant.add(Mixer("M", "aqueous", inlets=1))
    plant.connect(feed.out, mixer.feed[0], "strong")
    plant.solve()
    plant.set("F.amount[K+]", 1.2)
    words = r"F: .*not electrically neutral: charges sum to \+0.2 mol/s .*Raise NO3- from 1 to 1.2"
    with pytest.raises(Refusal, match=words):
        plant.solve()
    plant.set("F.amount[NO3-]", 1.2)
    assert plant.solve().stream("strong").ph == pytest.approx(7.0, abs=0.01)


def test_strength_of_ions() -> None:
    assert ionic_strength("K+") + ionic_strength("NO3-") == ionic_strength("KNO3")
    both = 2 * ionic_strength("NH4+") + ionic_strength("SO4--")
    assert both == pytest.approx(ionic_strength("(NH4)2SO4"))
    with pytest.raises(
        Refusal, match="ionic strength of 15 mol per kg water, that of the feed is 16"
    ):
        solved(**{"K+": 16.0, "OH-": 16.0})
