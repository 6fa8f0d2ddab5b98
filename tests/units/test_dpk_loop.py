"""Benzophenone loop closed: impurity builds up to the purge, make-up covers loss, reaction and purge."""

from __future__ import annotations

import pytest

from noxplant import azine
from noxplant.errors import Refusal, SpecError
from noxplant.flowsheet.graph import Flowsheet
from noxplant.flowsheet.solution import Solution
from noxplant.species import molar_mass
from noxplant.units.dpk_recycle import DPKRecycle
from noxplant.units.feed import Feed
from noxplant.units.pump import Pump
from noxplant.units.splitter import Splitter
from noxplant.units.stoichiometric_reactor import StoichiometricReactor
from noxplant.utilities import ANY

HOT = 335.0
REDUCTION = "benzophenone + methanol -> benzhydrol + formaldehyde"


def loop(loss: float, formation: float, purge: float) -> Flowsheet:
    """What a cycle does to benzophenone: a part becomes benzhydrol, a part is lost, a part purged."""
    plant = Flowsheet("benzophenone loop")
    fresh = {"benzophenone": 0.05, "methanol": 0.02}
    make_up = plant.add(Feed("make-up", "organic", fresh, temperature=HOT))
    recycle = plant.add(DPKRecycle("V", purge_fraction=purge))
    given = {"conversion": {REDUCTION: formation}, "temperature": HOT, "pressure_drop": 1e4}
    use = plant.add(
        StoichiometricReactor("R", "organic", {REDUCTION: "benzophenone"}, utility=ANY, **given)
    )
    lost = plant.add(Splitter("S", "organic", fraction=loss))
    plant.connect(make_up.out, recycle.make_up, "fresh")
    plant.connect(recycle.out, use.feed, "to the reactor")
    plant.connect(use.out, lost.feed, "used")
    pump = plant.add(Pump("P", medium="organic", pressure=101325.0, efficiency=0.6))
    plant.connect(lost.out, pump.feed, "to the pump")
    plant.connect(pump.out, recycle.returned, "returned")
    return plant


def per_mole(s: Solution, stream: str, key: str) -> float:
    sent = s.stream("to the reactor").content("benzophenone")
    return float(s.stream(stream).content(key)) / sent


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("loss", "formation", "purge"), [(0.01, 0.002, 0.04), (0.005, 0.001, 0.02), (0.0, 0.002, 0.05)]
)
def test_steady_state_of_the_loop(loss: float, formation: float, purge: float) -> None:
    """Geometric series: what stays per cycle is s = (1 - loss)(1 - purge)."""
    s = loop(loss, formation, purge).solve()
    stays = (1 - loss) * (1 - purge)
    made = formation * stays / (1 - stays)
    assert per_mole(s, "to the reactor", "benzhydrol") == pytest.approx(made, rel=1e-8)
    fresh = 1 - stays * (1 - formation)
    assert per_mole(s, "fresh", "benzophenone") == pytest.approx(fresh, rel=1e-8)
    # The note's forms leave products of small numbers out, and let losses carry no impurity.
    level = azine.dpk_impurity(formation, purge)
    assert per_mole(s, "returned", "benzhydrol") <= level * (1 + 1e-9)
    if loss == 0.0:
        assert per_mole(s, "returned", "benzhydrol") == pytest.approx(level, rel=1e-8)
    note = azine.dpk_make_up(loss, formation, level)
    assert per_mole(s, "fresh", "benzophenone") == pytest.approx(note, rel=0.06)


def test_less_purge_more_impurity() -> None:
    found = [
        per_mole(loop(0.005, 0.002, phi).solve(), "returned", "benzhydrol")
        for phi in (0.04, 0.01, 0.002)
    ]
    assert found == sorted(found)


@pytest.mark.parametrize("formation", [0.002, 1e-5])
def test_impurity_without_outlet_is_refused(formation: float) -> None:
    """Note 3.10 (4): g > 0 and no purge."""
    with pytest.raises(Refusal, match="benzhydrol comes back .* builds up without limit"):
        loop(0.01, formation, 0.0).solve()
    with pytest.raises(SpecError, match="build up without limit"):
        azine.dpk_impurity(formation, 0.0)


def test_figures_of_the_note() -> None:
    """Note 3.10: make-up 0.050 and 0.025, five cycles 0.951; per kg of N2H4, two per mol."""
    assert azine.dpk_make_up(0.01, 0.002, 0.05) == pytest.approx(0.050, abs=1e-12)
    assert azine.dpk_make_up(0.005, 0.001, 0.05) == pytest.approx(0.025, abs=1e-12)
    assert azine.dpk_left(0.01, 5) == pytest.approx(0.951, abs=5e-4)
    each = 2 * molar_mass("benzophenone") / molar_mass("N2H4")
    assert 0.01 * each == pytest.approx(0.114, abs=5e-4)
    assert 0.05 * each == pytest.approx(0.569, abs=5e-4)
