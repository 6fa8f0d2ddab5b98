"""Solvent dryer."""

from __future__ import annotations

import pytest

from noxplant.errors import ModelError, Refusal
from noxplant.examples.organic import solvent_dryer
from noxplant.flowsheet.graph import Flowsheet
from noxplant.testing import check_unit
from noxplant.thermo import gas, organic
from noxplant.units.feed import Feed
from noxplant.units.solvent_dryer import SolventDryer

GIVEN = {
    "water": 20.0,
    "regeneration_heat": 6e6,
    "regeneration_temperature": 500.0,
    "bed_temperature": 308.15,
    "acetonitrile_loss": 0.0,
}


def plant(feed: dict[str, float], **given: float) -> Flowsheet:
    flowsheet = Flowsheet("dryer")
    source = flowsheet.add(Feed("feed", "organic", feed, temperature=300.0))
    unit = flowsheet.add(SolventDryer("U", **{**GIVEN, **given}))
    flowsheet.connect(source.out, unit.feed, "wet")
    return flowsheet


WET = {"acetonitrile": 180.0, "H2O": 1.2, "KPF6": 1.0}


def test_contract() -> None:
    check_unit(solvent_dryer)


def test_water_and_heat_by_hand() -> None:
    solution = plant(WET).solve()
    dry = 180.0 * organic.molar_volume("acetonitrile", 300.0) + organic.molar_volume("KPF6", 300.0)
    left = 20.0 * dry / (1 - 20.0 * organic.molar_volume("H2O", 300.0))
    assert solution.stream_results["U.out"].flows["H2O"] == pytest.approx(left, rel=1e-9)
    removed = 1.2 - left
    assert solution["U.duty"] == pytest.approx(6e6 * removed * 0.01801528, rel=1e-6)
    needed = removed * (gas.enthalpy("H2O", 500.0) - organic.enthalpy("H2O", 300.0))
    assert solution["U.duty"] + solution["U.cooling"] == pytest.approx(needed, rel=1e-9)


def test_responses() -> None:
    base = plant(WET).solve()
    assert plant(WET, water=10.0).solve()["U.duty"] > base["U.duty"]
    lost = plant(WET, acetonitrile_loss=1e-3).solve().stream_results["U.vapour"].flows
    assert lost["acetonitrile"] == pytest.approx(0.18)


def test_refusals() -> None:
    with pytest.raises(Refusal, match=r"less than the 500 asked for"):
        plant(WET, water=500.0).solve()
    with pytest.raises(Refusal, match="does not cover the enthalpy of the vapour"):
        plant(WET, regeneration_heat=1e6).solve()
    with pytest.raises(ModelError, match="no H2O in the solvent"):
        plant({"acetonitrile": 10.0}).solve()
