"""Imine reactor against the closed form and the values of the note."""

from __future__ import annotations

from typing import Any

import pytest

from noxplant import azine
from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.organic import imine_reactor
from noxplant.flowsheet.graph import Flowsheet
from noxplant.testing import check_unit
from noxplant.units.feed import Feed
from noxplant.units.imine_reactor import ImineReactor


def plant(
    K: float, ratio: float = 1.0, water: float = 0.0, T: float = 298.15, **given: Any
) -> Flowsheet:
    flowsheet = Flowsheet("reactor")
    wet = {"H2O": water} if water else {}
    a = flowsheet.add(Feed("solvent", "organic", {"acetonitrile": 180.0, "NH3": 1.0, **wet}))
    b = flowsheet.add(Feed("ketone", "organic", {"benzophenone": ratio}))
    given = {"utility": "refrigeration", **given}
    unit = flowsheet.add(ImineReactor("U", temperature=T, equilibrium_constant=K, **given))
    flowsheet.connect(a.out, unit.solvent, "solvent in")
    flowsheet.connect(b.out, unit.ketone, "ketone in")
    return flowsheet


def test_contract() -> None:
    check_unit(imine_reactor)


@pytest.mark.parametrize(
    ("K", "ratio", "water", "imine"),
    [(10.0, 1.0, 0.0, 0.7597), (1.0, 10.0, 0.0, 0.9091), (1000.0, 1.0, 76.0, 0.759)],
)
def test_values_of_the_note(K: float, ratio: float, water: float, imine: float) -> None:
    solution = plant(K, ratio, water).solve()
    assert solution["U.imine_fraction"] == pytest.approx(imine, abs=5e-4)
    assert solution["U.imine_fraction"] == pytest.approx(
        azine.imine_fraction(K, ratio, water), rel=1e-9
    )
    assert solution["U.ratio"] == pytest.approx(ratio)


def test_wet_solvent_with_small_constant() -> None:
    with pytest.raises(
        Refusal, match=r"mol/m3 water at an equilibrium constant of 1; allowed are 500"
    ):
        plant(1.0, 1.0, 10.0).solve()
    flowsheet = plant(1.0, 1.0, 10.0)
    flowsheet.set("U.allowed_water", 2000.0)
    assert flowsheet.solve()["U.imine_fraction"] == pytest.approx(0.0833, abs=1e-3)


def test_heat_is_that_of_the_enthalpy_data() -> None:
    """benzophenone + NH3 -> imine + H2O: 197720 - 285830 + 18170 + 65940 = -4000 J/mol."""
    solution = plant(10.0).solve()
    assert solution["U.duty"] / solution["U.extent"] == pytest.approx(-4000.0, rel=1e-6)


def test_responses() -> None:
    base = plant(10.0, 1.0, 1.0).solve()["U.imine_fraction"]
    assert plant(10.0, 1.0, 2.0).solve()["U.imine_fraction"] < base
    assert plant(10.0, 1.5, 1.0).solve()["U.imine_fraction"] > base
    assert plant(10.0, 1.0, 1.0, approach=0.5).solve()["U.imine_fraction"] < base
    warm = plant(10.0, 1.0, 1.0, T=320.0, utility="low-pressure steam").solve()
    assert warm["U.imine_fraction"] < base


def test_words_for_bad_input() -> None:
    with pytest.raises(SpecError, match="equilibrium_constant = 0"):
        plant(0.0)
    with pytest.raises(SpecError, match="temperature"):
        plant(1000.0, T=360.0)
    flowsheet = Flowsheet("no ammonia")
    a = flowsheet.add(Feed("a", "organic", {"acetonitrile": 1.0}))
    b = flowsheet.add(Feed("b", "organic", {"benzophenone": 1.0}))
    unit = flowsheet.add(ImineReactor("U", temperature=300.0, equilibrium_constant=1000.0))
    flowsheet.connect(a.out, unit.solvent, "x")
    flowsheet.connect(b.out, unit.ketone, "y")
    with pytest.raises(ModelError, match="no NH3 reaches the imine reactor"):
        flowsheet.solve()


def test_ketone_under_vacuum_needs_a_pump() -> None:
    flowsheet = imine_reactor()
    flowsheet.set("ketone.pressure", 4e4)
    with pytest.raises(Refusal, match="enters U by ketone at 40000 Pa .*Put a Pump"):
        flowsheet.solve()
