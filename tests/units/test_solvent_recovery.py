"""Solvent recovery."""

from __future__ import annotations

from typing import Any

import pytest

from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.organic import SOLVENT, solvent_recovery
from noxplant.flowsheet.graph import Flowsheet
from noxplant.testing import check_unit
from noxplant.units.feed import Feed
from noxplant.units.solvent_recovery import SolventRecovery

GIVEN = {
    "pressure": 101325.0,
    "condenser_temperature": 313.15,
    "reflux_ratio": 1.5,
    "acetonitrile_kept": 0.1,
    "formaldehyde_out": 0.95,
    "methanol_bound": 1.0,
    "purge_fraction": 0.1,
}


def plant(feed: dict[str, float], **given: Any) -> Flowsheet:
    flowsheet = Flowsheet("recovery")
    source = flowsheet.add(Feed("feed", "organic", feed))
    unit = flowsheet.add(SolventRecovery("U", **{**GIVEN, **given}))
    flowsheet.connect(source.out, unit.feed[0], "side stream")
    return flowsheet


def test_contract() -> None:
    check_unit(solvent_recovery)


def test_pure_acetonitrile_boils_at_its_boiling_point() -> None:
    """354.75 K and 29.75 kJ/mol (note section 2); the enthalpy data give 3 percent more."""
    solution = plant({"acetonitrile": 100.0}, reflux_ratio=0.0, condenser_temperature=350.0).solve()
    assert solution["U.top_temperature"] == pytest.approx(354.75, abs=0.5)
    assert solution["U.bottoms_temperature"] == pytest.approx(354.75, abs=0.5)
    latent = -solution["U.condenser_duty"] / 90.0 - 91.5 * (354.75 - 350.0)
    assert latent == pytest.approx(29750.0, rel=0.05)


def test_evaporating_all_solvent_once() -> None:
    """624.1 L per kg N2H4 take 100.7 kWh of latent heat (note 3.4), data 3 percent higher."""
    litre = {"acetonitrile": 624.1 * 18.0, "methanol": 624.1 * 1.2, "KPF6": 62.4}
    solution = plant(
        litre, reflux_ratio=0.0, acetonitrile_kept=0.05, condenser_temperature=345.0
    ).solve()
    overhead = sum(solution.stream_results["U.distillate"].flows.values())
    whole = 624.1 * 19.2
    sensible = 91.0 * (solution["U.top_temperature"] - 345.0) * overhead
    heat = (-solution["U.condenser_duty"] - sensible) / 3.6e6 * whole / overhead
    assert heat == pytest.approx(100.7, rel=0.05)


def test_splits() -> None:
    feed = {**SOLVENT, "formaldehyde": 0.5, "benzhydrol": 0.2, "NH3": 0.05}
    flows = {k: s.flows for k, s in plant(feed).solve().stream_results.items()}
    assert flows["U.light_ends"]["formaldehyde"] == pytest.approx(0.475)
    assert flows["U.light_ends"]["methanol"] == pytest.approx(0.475)
    assert flows["U.purge"]["benzhydrol"] == pytest.approx(0.02)
    assert flows["U.bottoms"]["acetonitrile"] == pytest.approx(0.9 * 18.0)
    assert flows["U.distillate"]["acetonitrile"] == pytest.approx(162.0)


def test_responses() -> None:
    base = plant(SOLVENT).solve()
    more = plant(SOLVENT, reflux_ratio=3.0).solve()
    assert more["U.condenser_duty"] == pytest.approx(base["U.condenser_duty"] * 4.0 / 2.5)
    assert more["U.duty"] > base["U.duty"]
    less = plant(SOLVENT, acetonitrile_kept=0.03).solve()
    assert less["U.bottoms_temperature"] > base["U.bottoms_temperature"]


@pytest.mark.parametrize(
    ("feed", "given", "words"),
    [
        ({"H2O": 110.0}, {}, "one column cannot take the rest over"),
        ({"NH3": 30.0}, {}, "so it does not condense"),
        ({}, {"acetonitrile_kept": 0.001}, "evaporation to dryness with KPF6"),
        ({"formaldehyde": 10.0}, {"methanol_bound": 2.0}, "more methanol than there is"),
    ],
)
def test_refusals(feed: dict[str, float], given: dict[str, float], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        plant({**SOLVENT, **feed}, **given).solve()


def test_words_for_bad_input() -> None:
    with pytest.raises(SpecError, match="evaporation to dryness with KPF6 in the feed"):
        plant(SOLVENT, acetonitrile_kept=0.0)
    with pytest.raises(ModelError, match="no acetonitrile reaches"):
        plant({"methanol": 1.0}).solve()
