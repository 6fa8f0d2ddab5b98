"""Absorber of ammonia in the organic solvent."""

from __future__ import annotations

import math
from typing import Any

import pytest

from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.organic import SOLVENT, organic_absorber
from noxplant.flowsheet.graph import Flowsheet
from noxplant.testing import check_unit
from noxplant.thermo import organic
from noxplant.units.feed import Feed
from noxplant.units.organic_absorber import OrganicAbsorber


def plant(gas: dict[str, float], solvent: dict[str, float], **given: Any) -> Flowsheet:
    flowsheet = Flowsheet("absorber")
    spec = {"temperature": 298.15, "pressure": 101325.0, "vent_fraction": 0.0}
    a = flowsheet.add(Feed("gas", "gas", gas))
    b = flowsheet.add(Feed("solvent", "organic", solvent))
    unit = flowsheet.add(OrganicAbsorber("U", **{**spec, "utility": "refrigeration", **given}))
    flowsheet.connect(a.out, unit.gas, "gas in")
    flowsheet.connect(b.out, unit.solvent, "lean")
    return flowsheet


def test_contract() -> None:
    check_unit(organic_absorber)


def test_ammonia_pressure_of_the_note() -> None:
    """0.1 mol/L needs 0.1/1.9 bar (T-201); the heat is -20 kJ/mol (-45.9 to -65.9)."""
    solution = plant({"NH3": 0.1}, {"acetonitrile": 18.92}).solve()
    own = math.exp(organic.ln_henry("acetonitrile", 298.15)) * 18.92 / 19.02
    assert solution["U.concentration"] == pytest.approx(100.0, rel=5e-3)
    assert solution["U.loaded_pressure"] - own == pytest.approx(0.1 / 1.9 * 1e5, rel=0.02)
    assert solution["U.duty"] / 0.1 == pytest.approx(-20.0e3, rel=0.01)


def test_gas_without_inert_and_purge_leaves_no_vent() -> None:
    flows = plant({"NH3": 0.1}, {"acetonitrile": 18.92}).solve().stream_results["U.vent"].flows
    assert sum(flows.values()) == pytest.approx(0.0, abs=1e-12)


def test_purge_carries_vapour_in_equilibrium() -> None:
    """vent = purge / (1 - sum p/P) for one stage, by hand."""
    solution = plant({"NH3": 1.0}, SOLVENT, vent_fraction=0.01).solve()
    out, vent = solution.stream_results["U.out"], solution.stream_results["U.vent"]
    total = sum(out.flows.values())
    p = {
        k: math.exp(organic.ln_henry(k, 298.15)) * out.flows[k] / total
        for k in ("acetonitrile", "methanol", "H2O", "NH3")
    }
    whole = 0.01 / (1 - sum(p.values()) / 101325.0)
    assert sum(vent.flows.values()) == pytest.approx(whole, rel=1e-9)
    assert vent.flows["NH3"] == pytest.approx(0.01 + p["NH3"] / 101325.0 * whole, rel=1e-9)


def test_kremser() -> None:
    """Dilute ammonia in nitrogen: the part lost is (A - 1)/(A^(N+1) - 1)."""
    solvent = {"acetonitrile": 20.0}
    for stages in (1, 3):
        s = plant({"N2": 0.9, "NH3": 1e-4}, solvent, stages=stages, utility="electric heat").solve()
        vent = sum(s.stream_results["U.vent"].flows.values())
        m = math.exp(organic.ln_henry("NH3", 298.15)) / 101325.0
        a = 20.0 / (m * vent)
        lost = (a - 1) / (a ** (stages + 1) - 1)
        seen = s.stream_results["U.vent"].flows["NH3"] / 1e-4
        assert seen == pytest.approx(lost, rel=0.02 if stages == 1 else 0.1)
        assert s.stream_results["U.vent"].flows["N2"] == pytest.approx(0.9)


def test_colder_holds_more() -> None:
    warm = plant({"NH3": 1.0}, SOLVENT, temperature=303.0, utility="electric heat").solve()
    cold = plant({"NH3": 1.0}, SOLVENT, temperature=283.0).solve()
    assert cold["U.loaded_pressure"] < warm["U.loaded_pressure"]
    assert cold["U.duty"] < warm["U.duty"]


def test_too_little_solvent() -> None:
    with pytest.raises(Refusal, match="cannot hold the ammonia. Circulate more solvent"):
        plant({"NH3": 1.0}, {"acetonitrile": 3.0}).solve()


def test_gas_must_flow_in() -> None:
    with pytest.raises(Refusal, match="Compress it"):
        plant({"NH3": 1.0}, SOLVENT, pressure=2e5).solve()


def test_words_for_bad_input() -> None:
    with pytest.raises(ModelError, match="give 1, 2, 3"):
        plant({"NH3": 1.0}, SOLVENT, stages=0)
    with pytest.raises(ModelError, match="nothing to absorb"):
        plant({"N2": 1.0}, SOLVENT).solve()
    with pytest.raises(SpecError, match="vent_fraction"):
        plant({"NH3": 1.0}, SOLVENT, vent_fraction=0.9)
