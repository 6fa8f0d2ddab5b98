"""The foundation: graph, specifications, recycle, audits, errors."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.errors import AuditError, ModelError, PortError, SolveError, SpecError, SpeciesError
from noxplant.flowsheet import audit as audits
from noxplant.flowsheet.graph import Flowsheet
from noxplant.testing import assert_same
from noxplant.units.feed import Feed
from noxplant.units.heat_exchanger import HeatExchanger
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.splitter import Splitter


def loop(purge: float = 0.1, warm: float = 330.0) -> Flowsheet:
    """Fresh lye meets a recycle, is warmed, and all but a purge goes round again."""
    plant = Flowsheet("loop")
    fresh = plant.add(Feed("fresh", "aqueous", {"H2O": 55.5, "KNO3": 1.0, "KOH": 0.5}))
    mixer = plant.add(Mixer("M-1", "aqueous"))
    heater = plant.add(Heater("E-1", "aqueous", temperature=warm, utility="low-pressure steam"))
    splitter = plant.add(Splitter("S-1", "aqueous", fraction=purge))
    plant.connect(fresh.out, mixer.feed[0], "fresh")
    plant.connect(mixer.out, heater.feed, "mixed")
    plant.connect(heater.out, splitter.feed, "warm")
    plant.connect(splitter.out, mixer.feed[1], "recycle")
    return plant


@pytest.mark.parametrize("purge", [0.5, 0.1, 0.01])
def test_recycle_has_its_closed_form(purge: float) -> None:
    solution = loop(purge).solve()
    # Without reaction the purge carries what is fed, so the loop carries feed / purge.
    assert solution.stream("warm").content("NO3-") == pytest.approx(1.0 / purge, rel=1e-9)
    assert solution.stream("S-1.side").content("K+") == pytest.approx(1.5, rel=1e-9)
    assert max(solution.audits.as_dict().values()) < 1e-10


def test_heat_equals_the_sensible_heat_of_the_purge() -> None:
    plant = loop(0.2)
    solution = plant.solve()
    entering, leaving = solution.stream("fresh"), solution.stream("S-1.side")
    assert solution["E-1.duty"] == pytest.approx(
        leaving.enthalpy_flow - entering.enthalpy_flow, rel=1e-9
    )


def test_neutralisation_heat_and_ph() -> None:
    plant = Flowsheet("neutralise")
    a = plant.add(Feed("base", "aqueous", {"H2O": 5550.0, "KOH": 1.0}))
    b = plant.add(Feed("acid", "aqueous", {"H2O": 5550.0, "HNO3": 1.0}))
    m = plant.add(Mixer("M", "aqueous"))
    plant.connect(a.out, m.feed[0], "base")
    plant.connect(b.out, m.feed[1], "acid")
    solution = plant.solve()
    # H+ + OH- -> H2O releases 55.8 kJ/mol at 298 K (NBS: 285.83 - 229.99).
    rise = 55840.0 / (11101 * 75.3)
    assert solution.stream("M.out").temperature - 298.15 == pytest.approx(rise, rel=0.02)
    assert solution.stream("M.out").ph == pytest.approx(7.0, abs=0.02)
    assert solution.stream("base").ph == pytest.approx(12.0, abs=0.02)


def test_exchanger_meets_the_closed_form() -> None:
    # Equal capacity rates: effectiveness = NTU/(1 + NTU); Chen's mean is exact for equal ends.
    plant = Flowsheet("exchanger")
    hot = plant.add(Feed("hot", "aqueous", {"H2O": 50.0}, temperature=350.0))
    cold = plant.add(Feed("cold", "aqueous", {"H2O": 50.0}, temperature=300.0))
    unit = plant.add(HeatExchanger("E", "aqueous", conductance=2.0 * 50 * 75.3))
    plant.connect(hot.out, unit.hot, "hot")
    plant.connect(cold.out, unit.cold, "cold")
    solution = plant.solve()
    assert solution["E.duty"] == pytest.approx(50 * 75.3 * 50.0 * 2 / 3, rel=2e-3)


def test_exchange_of_specifications() -> None:
    plant = loop()
    plant.exchange("E-1.duty", 3.0e4, freed="E-1.temperature")
    solution = plant.solve()
    assert solution["E-1.duty"] == 3.0e4
    back = loop(warm=solution.stream("warm").temperature).solve()
    assert back["E-1.duty"] == pytest.approx(3.0e4, rel=1e-8)


def test_warm_solve_equals_cold_solve() -> None:
    plant = loop()
    plant.solve()
    plant.set("S-1.fraction", 0.25)
    assert_same(plant.solve(), loop(0.25).solve(), rel=1e-9)


@pytest.mark.parametrize("factor", [1e-5, 1e3])
def test_nothing_depends_on_absolute_flow(factor: float) -> None:
    a, b = loop().solve(), loop().scaled(factor).solve()
    assert_same(a, b, rel=1e-8, factor=factor)
    assert abs(a.solver["newton_iterations"] - b.solver["newton_iterations"]) <= 2


def test_answer_does_not_depend_on_the_start() -> None:
    reference = loop().solve()
    for seed in range(5):
        assert_same(reference, loop().solve(rng=np.random.default_rng(seed)), rel=1e-8)


def test_results_are_frozen_and_json_is_plain() -> None:
    solution = loop().solve()
    with pytest.raises(dataclasses.FrozenInstanceError):
        solution.name = "other"  # type: ignore[misc]
    data = json.loads(json.dumps(solution.to_dict(), allow_nan=False))
    assert data["streams"]["fresh"]["from"] is None
    assert data["streams"]["S-1.side"]["to"] is None
    assert data["quantities"]["E-1.duty"]["kind"] == "heat"
    assert all(n >= 0 for s in data["streams"].values() for n in s["flows"].values())
    assert list(solution.streams.index) == list(solution.stream_results)


def test_json_proves_the_balances_without_noxplant() -> None:
    data = loop().solve().to_dict()
    heat = sum(q["value"] for q in data["quantities"].values() if q["kind"] in ("heat", "work"))
    ends = [(1, s) for s in data["streams"].values() if s["from"] is None]
    ends += [(-1, s) for s in data["streams"].values() if s["to"] is None]
    net = heat + sum(sign * s["enthalpy_flow"] for sign, s in ends)
    assert abs(net) < 1e-8 * abs(heat)
    potassium = sum(sign * s["flows"].get("K+", 0.0) for sign, s in ends)
    assert abs(potassium) < 1e-9


# what must be refused ------------------------------------------------------------------------
def test_misspelt_specification() -> None:
    with pytest.raises(SpecError, match=r"no specification 'fractoin'. Did you mean 'fraction'\?"):
        Splitter("S", "aqueous", fraction=0.5).give("fractoin", 0.1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.2, r"S.fraction = 1.2 lies outside \[0, 1\)"),
        (math.nan, "is not finite"),
        ("a", "is no number"),
        (True, "is no number"),
    ],
)
def test_bad_values(value: object, text: str) -> None:
    with pytest.raises(SpecError, match=text):
        Splitter("S", "aqueous", fraction=value)  # type: ignore[arg-type]


def test_celsius_is_out_of_bounds() -> None:
    with pytest.raises(SpecError, match="temperatures are in K"):
        Feed("F", "aqueous", {"H2O": 1.0}, temperature=25.0)


def test_unknown_substance_and_medium() -> None:
    with pytest.raises(SpeciesError, match="KNO4"):
        Feed("F", "aqueous", {"H2O": 1.0, "KNO4": 1.0})
    with pytest.raises(ModelError, match=r"'aqueos' is no medium. Did you mean 'aqueous'\?"):
        Feed("F", "aqueos", {"H2O": 1.0})
    with pytest.raises(SpeciesError, match="no gas can hold 'KOH'"):
        Feed("F", "gas", {"KOH": 1.0})


def test_gas_into_a_liquid_port() -> None:
    plant = Flowsheet("x")
    air = plant.add(Feed("air", "gas", {"N2": 1.0}))
    mixer = plant.add(Mixer("M", "aqueous"))
    with pytest.raises(PortError, match=r"air.out gives gas, M.feed\[1\] takes aqueous"):
        plant.connect(air.out, mixer.feed[0], "air")


def test_connections() -> None:
    plant = loop()
    with pytest.raises(PortError, match="already has a stream called 'fresh'"):
        plant.connect(plant.units["S-1"].side, plant.units["M-1"].feed[0], "fresh")
    with pytest.raises(PortError, match="already joined by"):
        plant.connect(plant.units["S-1"].side, plant.units["M-1"].feed[0], "other")
    with pytest.raises(PortError, match="is no outlet"):
        plant.connect(plant.units["S-1"].feed, plant.units["M-1"].feed[0], "other")
    with pytest.raises(ModelError, match="already has a unit called 'M-1'"):
        plant.add(Mixer("M-1", "aqueous"))


def test_open_inlet() -> None:
    plant = Flowsheet("x")
    plant.add(Mixer("M", "aqueous"))
    with pytest.raises(PortError, match=r"nothing feeds M.feed\[1\], M.feed\[2\]"):
        plant.solve()


def test_missing_specification() -> None:
    plant = loop()
    del plant.units["S-1"].given["fraction"]
    with pytest.raises(SpecError, match=r"1 specification missing.\n  Give:\n    S-1.fraction"):
        plant.solve()


def test_surplus_specification() -> None:
    plant = loop()
    plant.build()
    plant.variable("E-1.duty").fix(1e4)
    with pytest.raises(SpecError, match=r"1 specification too many(.|\n)*E-1.temperature"):
        plant.solve()


def test_undetermined_plant_names_candidates() -> None:
    plant = loop()
    plant.build()
    plant.variable("E-1.temperature").unfix()
    with pytest.raises(SpecError, match=r"1 specification missing(.|\n)*E-1.(temperature|duty)"):
        plant.solve()


def test_a_loop_without_purge_is_refused_and_named() -> None:
    with pytest.raises(ModelError, match=r"enters the loop of M-1, E-1, S-1 and no outlet"):
        loop(0.0).solve()


def test_paths() -> None:
    plant = loop()
    with pytest.raises(SpecError, match="has no unit 'S-2'. Did you mean 'S-1'"):
        plant.set("S-2.fraction", 0.1)
    with pytest.raises(SpecError, match="has no quantity 'frac'"):
        plant.set("S-1.frac", 0.1)
    with pytest.raises(SpecError, match="takes one of: H2O, KNO3, KOH"):
        plant.set("fresh.amount[KN]", 0.1)
    with pytest.raises(SpecError, match="is no quantity"):
        plant.set("fraction", 0.1)
    plant.exchange("E-1.duty", 3.0e4, freed="E-1.temperature")
    with pytest.raises(SpecError, match="E-1.temperature is free: it follows from E-1.duty"):
        plant.set("E-1.temperature", 320.0)


def test_infeasible_temperature() -> None:
    plant = loop()
    plant.exchange("E-1.duty", 5.0e9, freed="E-1.temperature")
    with pytest.raises(SolveError, match="no solution was found"):
        plant.solve()


def test_wrong_utility_is_refused() -> None:
    from noxplant.errors import Refusal

    plant = loop()
    plant.units["E-1"].choose_utility("duty", "cooling water")
    with pytest.raises(Refusal, match="cooling water cannot give heat"):
        plant.solve()
    with pytest.raises(SpecError, match="'warm water' is no utility"):
        plant.units["E-1"].choose_utility("duty", "warm water")


def test_the_audit_sees_what_the_equations_hide() -> None:
    # A thousandth of the potassium of one stream is lost behind the solver's back.
    plant = loop()
    plant.solve()
    built = plant.built
    assert built is not None
    flow = built.streams["warm"].flow["K+"]
    flow.set_value(pyo.value(flow) * 0.999)
    pictures = {k: audits.picture(s) for k, s in built.streams.items()}
    with pytest.raises(AuditError, match="balance of elements does not close at"):
        audits.require(plant, audits.audit(plant, pictures))


def test_the_reverse_of_an_exchange_takes_it_back() -> None:
    plant = loop()
    plant.exchange("E-1.duty", 1e3, "E-1.temperature")
    heated = plant.solve()
    plant.exchange("E-1.temperature", 330.0, "E-1.duty")
    assert plant.exchanges == []
    back = plant.solve()
    assert heated["E-1.duty"] == pytest.approx(1e3)
    assert back["E-1.temperature"] == pytest.approx(330.0)
    assert back["E-1.duty"] == pytest.approx(loop(warm=330.0).solve()["E-1.duty"])
