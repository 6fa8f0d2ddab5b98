"""Azine crystalliser."""

from __future__ import annotations

import pytest

from noxplant.errors import ModelError
from noxplant.examples.organic import azine_crystalliser
from noxplant.flowsheet.graph import Flowsheet
from noxplant.testing import check_unit
from noxplant.units.azine_crystalliser import AzineCrystalliser
from noxplant.units.feed import Feed


def plant(
    T: float, azine: float = 0.94, S: float = 100.0, utility: str = "refrigeration"
) -> Flowsheet:
    """Azine in 18.9 m3/s... scaled: 1000 mol acetonitrile are 0.0529 m3 at 25 degC."""
    flowsheet = Flowsheet("crystalliser")
    feed = {"acetonitrile": 355.7, "benzophenone azine": azine}
    source = flowsheet.add(Feed("feed", "organic", feed, temperature=308.15))
    unit = flowsheet.add(
        AzineCrystalliser(
            "U", temperature=T, solubility=S, heat_of_solution=30000.0, utility=utility
        )
    )
    flowsheet.connect(source.out, unit.feed, "feed in")
    return flowsheet


def test_contract() -> None:
    check_unit(azine_crystalliser)


def test_recovery_of_the_note() -> None:
    """0.05 mol/L to -20 degC gives 77 percent, within 3."""
    solution = plant(253.15).solve()
    assert solution["U.recovery"] == pytest.approx(0.77, abs=0.03)


def test_clear_solution_gives_no_crystals() -> None:
    solution = plant(303.15).solve()
    assert 0 <= solution["U.crystals"] < 1e-8 * 0.94
    assert solution.stream_results["U.slurry"].flows["benzophenone azine"] == pytest.approx(0.94)


def test_heat_of_crystallisation() -> None:
    """Two feeds that differ in azine alone: -30 kJ/mol crystallised beside the cooling."""
    one, two = plant(273.15, 0.94).solve(), plant(273.15, 1.88).solve()
    crystals = two["U.crystals"] - one["U.crystals"]
    sensible = 0.94 * 600.0 * (273.15 - 308.15)
    fusion = crystals * (-30000.0 + (445.0 - 600.0) * (273.15 - 298.15))
    assert two["U.duty"] - one["U.duty"] == pytest.approx(sensible + fusion, rel=1e-6)


def test_responses() -> None:
    base = plant(273.15).solve()["U.crystals"]
    assert plant(263.15).solve()["U.crystals"] > base
    assert plant(273.15, S=50.0).solve()["U.crystals"] > base
    assert plant(273.15, S=300.0).solve()["U.crystals"] < 1e-8


def test_no_azine() -> None:
    flowsheet = Flowsheet("empty")
    source = flowsheet.add(Feed("feed", "organic", {"acetonitrile": 1.0}))
    unit = flowsheet.add(
        AzineCrystalliser("U", temperature=273.15, solubility=100.0, heat_of_solution=3e4)
    )
    flowsheet.connect(source.out, unit.feed, "feed in")
    with pytest.raises(ModelError, match="no benzophenone azine reaches"):
        flowsheet.solve()
