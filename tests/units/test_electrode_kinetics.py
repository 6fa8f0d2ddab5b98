import numpy as np
import pytest

from noxplant.constants import FARADAY
from noxplant.electrolysis import kinetics
from noxplant.electrolysis.kinetics import Line
from noxplant.errors import ModelError
from noxplant.species import Reaction, number

REACTIONS = {
    "NO3- -> NH3": Reaction.parse("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-"),
    "NO3- -> NO2-": Reaction.parse("NO3- + H2O + 2 e- -> NO2- + 2 OH-"),
    "NO2- -> NH3": Reaction.parse("NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-"),
    "H2O -> H2": kinetics.HYDROGEN,
}
LINES = {
    "NO3- -> NH3": Line(2.0, 0.0, 0.15),
    "NO3- -> NO2-": Line(10.0, 0.05, 0.12),
    "NO2- -> NH3": Line(30.0, 0.0, 0.11),
    "H2O -> H2": Line(0.01, 0.0, 0.12),
}
BULK = {"NO3-": 400.0, "N(3)": 50.0}
N = {r: x.electrons for r, x in REACTIONS.items()}


def polarise(E, transfer=2e-5, bulk=None, lines=LINES):
    return kinetics.polarise(REACTIONS, lines, bulk or BULK, transfer, E, 298.15)


def test_the_film_is_the_solution_of_its_balances():
    # Two linear balances of the surface, solved as such by numpy.
    E, k = -0.35, 2e-5
    a = {r: LINES[r].at(E, 298.15) / (N[r] * FARADAY * 1000.0) for r in REACTIONS}
    direct, first, second = (a[r] for r in list(REACTIONS)[:3])
    matrix = np.array([[k + direct + first, 0.0], [-first, k + second]])
    no3, no2 = np.linalg.solve(matrix, [k * 400.0, k * 50.0])
    found, held = polarise(E, k)
    assert held["NO3-"] == pytest.approx(no3, rel=1e-12)
    assert held["N(3)"] == pytest.approx(no2, rel=1e-12)
    assert found["NO2- -> NH3"] == pytest.approx(6 * FARADAY * second * no2, rel=1e-12)
    assert found["H2O -> H2"] == pytest.approx(0.01 * 10 ** (0.35 / 0.12), rel=1e-12)


def test_limiting_current_of_the_note():
    # Ammonia note 5.1: 8 e, 0.1 mol/L, 1e-5 m/s: 771.9 A/m2; all nitrogen ends as ammonia.
    found, held = polarise(-3.0, 1e-5, {"NO3-": 100.0, "N(3)": 0.0})
    charge = sum(i for r, i in found.items() if r != "H2O -> H2")
    assert charge == pytest.approx(771.9, abs=0.1)
    assert held["NO3-"] < 1e-9


def test_published_points_of_the_note():
    # Note section 3: copper 0.215 A/cm2 at -0.3 V vs RHE; CuCo 1.035 A/cm2 at -0.2 V.
    for name, E, j in (("Cu", -0.3, 2154.0), ("CuCo", -0.2, 10350.0)):
        path = f"electrolyser.kinetics.{name}, NO3- -> NH3"
        line = Line(*(number(f"{path}.{k}") for k in ("current", "potential", "slope")))
        assert line.at(E, 298.15) == pytest.approx(j, rel=2e-3)


def test_anode_of_the_note():
    # Defaults: NiFe 0.30 V above equilibrium at 10 mA/cm2.
    path = "electrolyser.kinetics.NiFe, H2O -> O2"
    line = Line(*(number(f"{path}.{k}") for k in ("current", "potential", "slope")))
    assert line.at(1.229 + 0.30, 298.15, sign=-1) == pytest.approx(100.0, rel=1e-9)


def test_without_a_film_branches_are_plain_tafel_lines():
    found, _ = polarise(-0.2, 1e6)
    assert found["NO3- -> NH3"] == pytest.approx(2.0 * 0.4 * 10 ** (0.2 / 0.15), rel=1e-9)
    assert found["NO2- -> NH3"] == pytest.approx(30.0 * 0.05 * 10 ** (0.2 / 0.11), rel=1e-9)


def test_stirring_sets_the_selectivity():
    # A thick film keeps nitrite at the surface: more of it is reduced on, less escapes.
    share = []
    for k in (1e-6, 1e-5, 1e-4):
        found, _ = polarise(-0.1, k, {"NO3-": 400.0, "N(3)": 0.0})
        made, used = found["NO3- -> NO2-"] / 2, found["NO2- -> NH3"] / 6
        share.append(used / made)
    assert share[0] > share[1] > share[2]
    assert all(0 < x < 1 for x in share)


def test_arrhenius_and_slope_with_temperature():
    line = Line(5.0, -0.1, 0.12, 5e4)
    hot, cold = 333.15, 298.15
    factor = np.exp(-5e4 / 8.314462618 * (1 / hot - 1 / cold))
    assert line.at(-0.1, hot) == pytest.approx(5.0 * factor, rel=1e-12)
    decade = line.at(-0.1 - 0.12 * hot / 298.15, hot) / line.at(-0.1, hot)
    assert decade == pytest.approx(10.0, rel=1e-12)


def test_arrays_pass_through():
    E = np.linspace(-0.5, 0.0, 5)
    found, _ = polarise(E)
    assert found["NO3- -> NH3"].shape == (5,)
    assert found["NO3- -> NH3"][2] == pytest.approx(polarise(E[2])[0]["NO3- -> NH3"])


@pytest.mark.parametrize(
    ("text", "volts"),
    [
        # Standard potentials of the note (section 2) against RHE: plus 0.8279 V.
        ("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-", -0.1196 + 0.8279),
        ("NO3- + 9 H+ + 8 e- -> NH3 + 3 H2O", -0.1196 + 0.8279),
        ("NO3- + H2O + 2 e- -> NO2- + 2 OH-", -0.0088 + 0.8279),
        ("NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-", -0.1566 + 0.8279),
        ("4 OH- -> O2 + 2 H2O + 4 e-", 0.4009 + 0.8279),
        ("2 H2O -> O2 + 4 H+ + 4 e-", 1.2288),
        ("2 H+ + 2 e- -> H2", 0.0),
    ],
)
def test_standard_potentials_against_rhe(text, volts):
    found = kinetics.standard_against_rhe(Reaction.parse(text))
    assert found == pytest.approx(volts, abs=2e-4)


def test_a_circle_at_one_electrode_is_refused():
    loop = {
        "a": Reaction.parse("NO3- + H2O + 2 e- -> NO2- + 2 OH-"),
        "b": Reaction.parse("NO2- + 2 OH- -> NO3- + H2O + 2 e-"),
    }
    with pytest.raises(ModelError, match=r"NO3- and N\(3\) are made from one another"):
        kinetics.sequence("U", loop)
