"""Stills for free-base hydrazine against the note's table, SciPy and stage stepping by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from CoolProp import CoolProp
from scipy.integrate import quad
from scipy.optimize import root

from noxplant import freebase
from noxplant.errors import ModelError, Refusal
from noxplant.examples.freebase import hydrazine_column, hydrazine_pot
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import molar_mass
from noxplant.testing import check_unit
from noxplant.thermo import hydrazine
from noxplant.units.feed import Feed
from noxplant.units.hydrazine_column import HydrazineColumn
from noxplant.units.hydrazine_pot import HydrazinePot

ATM = 101325.0
BASE, WATER = molar_mass("N2H4"), molar_mass("H2O")


def fed(weight: float, **others: float) -> dict[str, float]:
    """A kilogram a second of a mass fraction, mol/s."""
    return {"N2H4": weight / BASE, "H2O": (1 - weight) / WATER, **others}


def pot(weight: float, strength: float, pressure: float = ATM) -> Flowsheet:
    plant = Flowsheet("pot")
    feed = plant.add(Feed("feed", "aqueous", fed(weight), temperature=320.0))
    unit = HydrazinePot("U", pressure=pressure, strength=strength, condenser_temperature=313.15)
    plant.connect(feed.out, plant.add(unit).feed, "liquor")
    return plant


def column(weight: float, **given: float) -> Flowsheet:
    plant = Flowsheet("column")
    feed = plant.add(Feed("feed", "aqueous", fed(weight), temperature=350.0))
    given = {"stages": 8, "feed_stage": 4, "pressure": ATM, "reflux_ratio": 1.0, **given}
    unit = HydrazineColumn("U", **{"boilup_ratio": 1.0, **given})  # type: ignore[arg-type]
    plant.connect(feed.out, plant.add(unit).feed, "liquor")
    return plant


@pytest.mark.parametrize("example", [hydrazine_pot, hydrazine_column])
def test_contract(example) -> None:
    check_unit(example)


@pytest.mark.parametrize(
    ("weight", "strength", "pressure", "loss"),
    [
        (0.02, 0.35, ATM, 31.5),
        (0.05, 0.35, ATM, 27.2),
        (0.10, 0.35, ATM, 22.9),
        (0.02, 0.445, ATM, 42.4),
        (0.02, 0.35, 2e4, 23.9),
    ],
)
def test_losses_of_the_note(weight: float, strength: float, pressure: float, loss: float) -> None:
    solution = pot(weight, strength, pressure).solve()
    assert 100 * solution["U.loss"] == pytest.approx(loss, abs=0.15)


def vapour(x: float, pressure: float = ATM) -> float:
    p = hydrazine.partial_pressures(x, hydrazine.boiling_point(x, pressure))
    return p[0] / sum(p)


@pytest.mark.parametrize(
    ("weight", "strength"),
    [(1e-4, 0.35), (1e-3, 0.35), (5e-3, 0.35), (0.02, 0.35), (0.1, 0.60), (0.3, 0.65)],
)
def test_integral_against_scipy(weight: float, strength: float) -> None:
    solution = pot(weight, strength).solve()
    ends = [hydrazine.mole_fraction(w) for w in (weight, strength)]
    exact = quad(lambda s: math.exp(s) / (math.exp(s) - vapour(math.exp(s))), *map(math.log, ends))
    assert solution["U.evaporation"] == pytest.approx(exact[0], rel=1e-5)
    # What is left of the charge is exp(-evaporation) of it, at the strength of the residue.
    lost = 1 - ends[1] / ends[0] * math.exp(-exact[0])
    assert solution["U.loss"] == pytest.approx(lost, rel=1e-3)


def test_boiling_points_of_trade_hydrate() -> None:
    """35 wt% boils at 110.2 degC, 44.5 wt% at 114 degC."""
    assert pot(0.1, 0.35).solve()["U.end_temperature"] - 273.15 == pytest.approx(110.2, abs=0.1)
    assert pot(0.1, 0.445).solve()["U.end_temperature"] - 273.15 == pytest.approx(114.0, abs=0.1)


def test_heat_is_that_of_the_vapour() -> None:
    """Hardly any hydrazine: enthalpies of water by IAPWS-95, steam as the ideal gas it is here."""
    solution = pot(5e-4, 1e-3).solve()
    boiled = solution.stream_results["U.distillate"].flows
    water = boiled["H2O"] * WATER
    liquid = CoolProp.PropsSI("H", "T", 373.12, "Q", 0, "Water")
    sensible = liquid - CoolProp.PropsSI("H", "T", 320.0, "P", ATM, "Water")
    steam = CoolProp.PropsSI("H", "T", 373.12, "P", 100.0, "Water") - liquid
    assert solution["U.duty"] == pytest.approx(steam * water + sensible, rel=1e-3)


def test_pot_refuses_the_azeotrope() -> None:
    with pytest.raises(Refusal, match="azeotrope"):
        pot(0.5, 0.7099, 2e4).solve()


def test_pot_cannot_dilute() -> None:
    with pytest.raises(Refusal, match="weaker than the charge"):
        pot(0.5, 0.35).solve()


def test_acid_is_not_free_base() -> None:
    plant = Flowsheet("pot")
    feed = plant.add(Feed("feed", "aqueous", fed(0.1, H2SO4=3.0), temperature=320.0))
    unit = HydrazinePot("U", pressure=ATM, strength=0.35, condenser_temperature=313.15)
    plant.connect(feed.out, plant.add(unit).feed, "liquor")
    with pytest.raises(ModelError, match=r"brings S\(6\)|brings SO4.*only the free base boils"):
        plant.solve()


def constant_overflow(x_feed: float, stages: int, place: int, reflux: float, boilup: float):
    """Mole fractions of the liquids for one mol/s of boiling feed at constant molal overflow."""
    top = boilup / (1 + reflux)
    liquids = [boilup - top + (n >= place) for n in range(1, stages + 1)]

    def off(ln_x: np.ndarray) -> list[float]:
        x = np.exp(np.minimum(ln_x, -0.6))
        y = [vapour(v) for v in x]
        above = [y[0], *x[:-1]]
        flow = [boilup - top, *liquids]
        out = []
        for n in range(1, stages + 1):
            into = flow[n - 1] * above[n - 1] + boilup * y[n] + (n == place) * x_feed
            out.append(into / (liquids[n - 1] * x[n - 1] + boilup * y[n - 1]) - 1)
        leaves = (1 - top) * x[-1] + boilup * y[-1]
        return [*out, liquids[-1] * x[-2] / leaves - 1]

    start = np.log(np.geomspace(1e-2 * x_feed, 1.3 * x_feed, stages + 1))
    found = root(off, start, method="lm")
    assert np.abs(found.fun).max() < 1e-8
    return np.exp(found.x)


@pytest.mark.parametrize("place", [2, 5])
def test_against_constant_molal_overflow(place: int) -> None:
    """Weak hydrazine has the heat of evaporation of water, so molal overflow is nearly constant."""
    weight, stages, reflux, boilup = 0.05, 5, 0.8, 0.9
    x_feed = hydrazine.mole_fraction(weight)
    x = constant_overflow(x_feed, stages, place, reflux, boilup)
    total = sum(fed(weight).values())
    plant = column(
        weight, stages=stages, feed_stage=place, reflux_ratio=reflux, boilup_ratio=boilup
    )
    plant.set("feed.temperature", hydrazine.boiling_point(x_feed, ATM) - 0.05)
    solution = plant.solve()
    bottoms, top = (solution.stream_results[f"U.{s}"].totals for s in ("bottoms", "distillate"))
    assert bottoms["N(-2)"] / sum(bottoms.values()) == pytest.approx(x[-1], rel=0.01)
    assert top["N(-2)"] / sum(top.values()) == pytest.approx(vapour(x[0]), rel=0.02)
    assert sum(top.values()) == pytest.approx(boilup / (1 + reflux) * total, rel=0.02)


def test_water_taken_off() -> None:
    """From 5 to 35 wt% 17.1 kg of water leave per kg of hydrazine."""
    plant = column(0.05, stages=12, feed_stage=6, reflux_ratio=0.6)
    plant.exchange("U.strength", 0.35, freed="U.boilup_ratio")
    solution = plant.solve()
    assert solution["U.loss"] < 1e-3
    water = solution.stream_results["U.distillate"].flows["H2O"] * WATER
    assert water / (0.05 * (1 - solution["U.loss"])) == pytest.approx(17.14, abs=0.03)


def test_more_stages_lose_less_than_a_pot() -> None:
    losses = []
    for stages in (2, 4, 8):
        plant = column(0.1, stages=stages, feed_stage=(stages + 1) // 2, reflux_ratio=0.5)
        plant.exchange("U.strength", 0.35, freed="U.boilup_ratio")
        losses.append(plant.solve()["U.loss"])
    assert 0.229 > losses[0] > 2 * losses[1] > 4 * losses[2] > 0


def test_bottoms_approach_the_azeotrope() -> None:
    """64 wt% (hydrate) can be made; 70.9 wt% needs a column that goes nearly to the azeotrope."""
    plant = column(0.3, stages=14, feed_stage=6, reflux_ratio=2.0)
    plant.exchange("U.strength", 0.64, freed="U.boilup_ratio")
    solution = plant.solve()
    assert solution["U.bottom_temperature"] == pytest.approx(393.15, abs=0.15)
    assert solution["U.loss"] < 0.01


def test_quadrature_weights() -> None:
    nodes, weights, part = freebase.gauss(5)
    assert sum(w * x**9 for w, x in zip(weights, nodes, strict=True)) == pytest.approx(0.1)
    for x, row in zip(nodes, part, strict=True):
        assert sum(w * y**4 for w, y in zip(row, nodes, strict=True)) == pytest.approx(x**5 / 5)
