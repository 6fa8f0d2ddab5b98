"""What cells warn of: starved anodes, hot dry gases, kinetics used beyond their fit."""

import math

import numpy as np
import pytest
from CoolProp.CoolProp import PropsSI

from noxplant import electrolysis
from noxplant.constants import FARADAY
from noxplant.electrolysis import fitted, fitting, kinetics
from noxplant.electrolysis.polarisation import Polarisation
from noxplant.errors import Refusal, SpecError
from noxplant.examples.electro import EFFICIENCY, around, kinetic_cell, specified_cell
from noxplant.examples.stacks import (
    BACK,
    COMMON,
    GAS,
    LINES,
    galvanic_cell,
    gas_anode_cell,
    gas_cathode_cell,
    plug_flow_cell,
    tafel,
    undivided_cell,
)  # fmt: skip
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import Reaction
from noxplant.units.feed import Feed
from noxplant.units.galvanic_cell import GalvanicCell
from noxplant.units.gas_anode_cell import GasAnodeCell
from noxplant.units.gas_cathode_cell import GasCathodeCell
from noxplant.units.kinetic_cell import KineticCell
from noxplant.units.plug_flow_cell import PlugFlowCell
from noxplant.units.specified_cell import SpecifiedCell
from noxplant.units.undivided_cell import UndividedCell

FASTER = (5.273 / 1.902) ** (2 / 3)
LYE = {"H2O": 60.0, "KOH": 2.25}
OPEN = {k: x for k, x in COMMON.items() if k not in ("segments", "mass_transfer")} | {
    "membrane_resistance": 1.5e-4, "water_drag": 5.0, "anode_gap": 0.0, "gas_transfer": 2e-2,
}  # fmt: skip
KINETIC = {
    "cathode_slope": 0.12, "cathode_exchange": 1e-5, "anode_slope": 0.05, "anode_exchange": 1e-4,
    "membrane_resistance": 1.5e-4, "cathode_gap": 2e-3, "anode_gap": 2e-3,
}  # fmt: skip
STIRRED = {
    "area": 120.0, "current_density": 2000.0, "cells": 100.0, "temperature": 313.15,
    "water_drag": 5.0, "mass_transfer": 2e-5, "faradaic_efficiency": EFFICIENCY,
}  # fmt: skip


def specified(lye):
    return _plant(SpecifiedCell("U", voltage=3.0, **STIRRED), lye)


def kinetic(lye):
    return _plant(KineticCell("U", **STIRRED, **KINETIC), lye)


def gas_cathode(lye):
    names = ("NO -> NH3", "H2O -> H2", "NO3- -> NO2-", "H2O -> O2")
    cathode = (
        "NO(g) + 4 H2O + 5 e- -> NH3 + 5 OH-", "NO3- + H2O + 2 e- -> NO2- + 2 OH-",
        "2 H2O + 2 e- -> H2 + 2 OH-",
    )  # fmt: skip
    given = {**OPEN, **tafel(*names), "mass_transfer": {"cathode": 2e-5}}
    return _gas(GasCathodeCell("U", cathode=cathode, **given), {"NO": 1.0, "N2": 3.0}, lye)


def gas_anode(lye):
    names = ("N2 -> NO3-", "NO3- -> NO2-", "H2O -> H2", "H2O -> O2")
    cathode = ("NO3- + H2O + 2 e- -> NO2- + 2 OH-", "2 H2O + 2 e- -> H2 + 2 OH-")
    given = {**OPEN, **tafel(*names), "mass_transfer": {"cathode": 2e-5}}
    return _gas(GasAnodeCell("U", cathode=cathode, **given), {"N2": 2.0, "H2O": 0.05}, lye)


def _plant(unit, lye):
    p = Flowsheet("p")
    salts = {"H2O": 55.5, "KNO3": 0.55, "KOH": 5.0}
    a = p.add(Feed("A", "aqueous", salts, temperature=308.15))
    b = p.add(Feed("B", "aqueous", {"H2O": 60.0, "KOH": lye}, temperature=308.15))
    p.add(unit)
    p.connect(a.out, unit.catholyte, "catholyte")
    p.connect(b.out, unit.anolyte, "anolyte")
    return p


def _gas(unit, gas, lye):
    p = _plant(unit, lye)
    feed = p.add(Feed("gas", "gas", gas, temperature=308.15))
    p.connect(feed.out, unit.gas_feed, "gas")
    return p


@pytest.mark.parametrize("make", [specified, kinetic, gas_cathode, gas_anode])
@pytest.mark.parametrize(("lye", "told"), [(2.8, True), (5.0, False)])
def test_an_anode_that_hydroxide_does_not_reach_is_told(make, lye, told):
    # By hand from the outlet: F k c against the OH- that the anode takes (1 per electron for
    # oxygen, 1.2 for nitrogen).
    s = make(lye).solve()
    out = s.stream("U.anolyte_out")
    from noxplant.thermo import aqueous

    c = out.flows["OH-"] / aqueous.volume_flow(dict(out.flows), 313.15)
    most = FARADAY * 2e-5 * FASTER * c
    taken = 2000.0
    if make is gas_anode:
        taken *= 1 + 0.2 * s["U.charge_share[N2 -> NO3-]"]
    assert (most < taken) == told
    text = [w for w in s.warnings if "the anode draws OH-" in w]
    assert bool(text) == told
    assert all(f"at most {most:.4g} A/m2" in w and f"OH- for {taken:.4g} A/m2" in w for w in text)


def test_a_hydrazine_anode_that_hydroxide_does_not_reach_is_told():
    p = galvanic_cell()
    p.units["U"].give("mass_transfer", {"anode": 1.0e-6, "cathode": 2e-5})
    s = p.solve()
    assert not any("draws OH-" in w for w in s.warnings)
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", {"H2O": 55.5, "KNO3": 1.0, "KOH": 1.0}, temperature=313.15))
    b = p.add(Feed("B", "aqueous", {"H2O": 55.5, "N2H4": 1.0, "KOH": 0.6}, temperature=313.15))
    u = p.add(
        GalvanicCell(
            "U", area=500.0, current_density=100.0, temperature=313.15, water_drag=5.0,
            faradaic_efficiency={"NO3- -> NH3": 0.95},
            mass_transfer={"cathode": 2e-5, "anode": 2e-6},
            tafel_slope={"cathode": 0.12, "anode": 0.06}, exchange={"cathode": 0.1, "anode": 1.0},
            membrane_resistance=1.5e-4, gap={"cathode": 0.0, "anode": 0.0},
        )
    )  # fmt: skip
    p.connect(a.out, u.catholyte, "a")
    p.connect(b.out, u.anolyte, "b")
    assert any("draws OH- for 100 A/m2" in w for w in p.solve().warnings)


# without a membrane -----------------------------------------------------------------------------
def undivided(koh, k=2e-5, j=200.0):
    p = Flowsheet("p")
    salts = {"H2O": 55.5, "KNO3": 0.7, "KOH": koh}
    a = p.add(Feed("A", "aqueous", salts, temperature=308.15))
    given = {x: v for x, v in COMMON.items() if "gap" not in x and "ammonia" not in x}
    given |= {"segments": 1, "mass_transfer": {"cathode": 2e-5, "anode": k}, "area": 1.0}
    given |= {**tafel(*LINES, *BACK), "separator_resistance": 0.0, "gap": 0.0}
    u = p.add(UndividedCell("U", **{**given, "current_density": j}))
    p.connect(a.out, u.electrolyte, "electrolyte")
    return p


def test_an_undivided_anode_short_of_hydroxide_is_refused_with_what_arrives():
    # k c at 1 mol/s of lye of about 0.05 mol/L: 2e-6 x 1.97 x 50 = 2e-4 mol/(m2 s) or 19 A/m2.
    with pytest.raises(
        Refusal, match=r"the anode uses up 0.00\d+ mol/s of OH- at 200 A/m2, but at most"
    ):
        undivided(0.05, k=2e-6).solve()
    s = undivided(0.05, k=2e-6, j=5.0).solve()
    out = s.stream("U.electrolyte_out")
    from noxplant.thermo import aqueous

    c = out.flows["OH-"] / aqueous.volume_flow(dict(out.flows), 313.15)
    assert 2e-6 * FASTER * c * FARADAY > 5.0


def test_the_limit_of_an_undivided_anode_is_where_the_closed_form_puts_it():
    # Much electrolyte, so its composition is that of the feed: j_max = F k c for one OH- an electron.
    from noxplant.thermo import aqueous

    feed = undivided(0.5, k=2e-6, j=1.0).solve().stream("U.electrolyte_out")
    c = feed.flows["OH-"] / aqueous.volume_flow(dict(feed.flows), 313.15)
    most = FARADAY * 2e-6 * FASTER * c
    undivided(0.5, k=2e-6, j=0.98 * most).solve()
    with pytest.raises(Refusal, match="It would turn acid"):
        undivided(0.5, k=2e-6, j=1.02 * most).solve()


# gases ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "make",
    [specified_cell, kinetic_cell, plug_flow_cell, gas_cathode_cell, gas_anode_cell,
     undivided_cell, galvanic_cell],
)  # fmt: skip
def test_hot_dry_gases_are_told(make):
    cold = make().solve()
    assert not any("leave dry" in w for w in cold.warnings)
    p = make()
    p.units["U"].give("temperature", 353.15)
    assert any("the gases leave dry at 80 C" in w for w in p.solve().warnings)


def test_the_vapour_of_a_hot_cell_by_hand():
    # Oxygen of a cell of 2400 A/m2 x 120 m2 and water's vapour pressure of CoolProp over the lyes.
    p = specified_cell()
    p.units["U"].give("temperature", 353.15)
    s = p.solve()
    total = 0.0
    for gas, liquid in (("cathode_gas", "catholyte_out"), ("anode_gas", "anolyte_out")):
        x = s.stream(f"U.{liquid}").flows
        kg = x["H2O"] * 0.01801528
        ln_w = -0.01801528 * sum(n for j, n in x.items() if j != "H2O") / kg
        y = math.exp(ln_w) * PropsSI("P", "T", 353.15, "Q", 0, "Water") / 101325.0
        total += sum(s.stream(f"U.{gas}").flows.values()) * y / (1 - y)
    heat = total * (
        PropsSI("Hmolar", "T", 353.15, "Q", 1, "Water")
        - PropsSI("Hmolar", "T", 353.15, "Q", 0, "Water")
    )
    (text,) = [w for w in s.warnings if "leave dry" in w]
    found = float(text.split(" mol/s of water")[0].split()[-1])
    assert found == pytest.approx(total, rel=5e-3)
    kilowatt = float(text.split(" kW along")[0].split()[-1])
    assert kilowatt == pytest.approx(heat / 1e3, rel=0.01)


# fits -------------------------------------------------------------------------------------------
SERIES = {
    "NO3- -> NH3": Reaction.parse("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-"),
    "H2O -> H2": kinetics.HYDROGEN,
}
TRUE = {
    "NO3- -> NH3": kinetics.Line(300.0, -0.25, 0.12),
    "H2O -> H2": kinetics.Line(5.0, -0.25, 0.13),
}


def found(low=-0.5, high=-0.2, T=298.15):
    rng = np.random.default_rng(4)
    E, n = np.linspace(low, high, 9), 9
    part, _ = kinetics.polarise(SERIES, TRUE, {"NO3-": np.full(n, 500.0)}, 2e-5, E, T)
    j = sum(part.values())
    fe = {"NH3": part["NO3- -> NH3"] / j + 0.005 * rng.normal(size=n)}
    data = Polarisation(E, j * np.exp(0.01 * rng.normal(size=n)), fe, temperature=np.full(n, T))
    return fitting.fit(data, SERIES, bulk={"NO3-": 500.0})


def cell(**changes):
    given = {
        **COMMON, "segments": 1, "cathode_gap": 0.0, "anode_gap": 0.0, "water_drag": 5.0,
        "membrane_resistance": 1.5e-4, "temperature": 298.15, **changes,
    }  # fmt: skip
    given.pop("mass_transfer")
    unit = PlugFlowCell("U", cathode=tuple(x.text for x in SERIES.values()), **given)
    for k, x in tafel("H2O -> O2").items():
        unit.give(k, x)
    unit.give("activation_energy", dict.fromkeys(SERIES, 4e4))
    return unit


def test_a_cell_is_made_from_the_file_of_a_fit(tmp_path):
    import json

    fit = found()
    path = tmp_path / "fit.json"
    path.write_text(json.dumps(fitted.plain(fit)))
    back = fitted.read(path)
    assert back.covariance == pytest.approx(fit.covariance)
    assert back.texts == tuple(x.text for x in SERIES.values())
    unit = cell()
    back.give(unit)
    s = around(unit, "p").solve()
    # The electrode by hand: fitted lines and film at the bulk of the cell.
    E, c = s["U.cathode_potential[1]"], s["U.local_concentration[1]"]
    part, _ = kinetics.polarise(SERIES, fit.lines, {"NO3-": c}, fit.transfer, E, 298.15)
    assert sum(part.values()) == pytest.approx(2000.0, rel=1e-6)
    share = part["NO3- -> NH3"] / sum(part.values())
    assert s["U.charge_share[NO3- -> NH3]"] == pytest.approx(share, rel=1e-6)


@pytest.mark.parametrize("T", [293.15, 323.15])
@pytest.mark.parametrize("activation", [0.0, 4e4, 6e4])
def test_data_of_another_temperature_give_its_electrode(T, activation):
    """At the temperature of the data the cell is the fit, whatever activation energy it was given."""
    fit = found(-0.6, -0.1, T)
    assert any("converts them with the activation energies" in n for n in fit.notes)
    unit = cell(temperature=T)
    unit.give("activation_energy", dict.fromkeys(SERIES, activation))
    fitted.from_fit(fit).give(unit)
    s = around(unit, "p").solve()
    E, c = s["U.cathode_potential[1]"], s["U.local_concentration[1]"]
    part, _ = kinetics.polarise(SERIES, fit.lines, {"NO3-": c}, fit.transfer, E, T)
    assert sum(part.values()) == pytest.approx(2000.0, rel=1e-6)


def test_an_activation_energy_that_the_conversion_needs_is_asked_for():
    unit = cell()
    unit.given.pop("activation_energy")
    with pytest.raises(
        SpecError, match=r"(?s)fitted at 323\.15 K without .*activation_energy\[NO3-"
    ):
        fitted.from_fit(found(-0.6, -0.1, 323.15)).give(unit)


def test_draws_of_the_file_have_its_covariance():
    fit = found()
    drawn = fitted.from_fit(fit).draws(3000)
    rows = [
        [
            np.log(x.specifications["reference_current"]["NO3- -> NH3"]),
            x.specifications["tafel_slope"]["H2O -> H2"],
            np.log(x.transfer),
        ]
        for x in drawn
    ]
    names = [p.name for p in fit.parameters]
    n = [names.index(x) for x in ("current[NO3- -> NH3]", "slope[H2O -> H2]", "mass_transfer")]
    exact = fit.covariance[np.ix_(n, n)]
    scale = np.sqrt(np.outer(np.diag(exact), np.diag(exact)))
    assert np.all(np.abs(np.cov(np.array(rows).T) - exact) / scale < 4 * math.sqrt(2 / 3000))


@pytest.mark.parametrize(
    ("changes", "fit", "message"),
    [
        (
            {},
            (-0.20, -0.05, 298.15),
            r"fitted from -0.2 to -0.05 V: efficiencies and voltage are an",
        ),
        ({}, (-0.7, -0.5, 298.15), r"fitted from -0.7 to -0.5 V"),
        (
            {"temperature": 323.15},
            (-0.6, -0.1, 298.15),
            r"works at 50 C, .* fitted at 25 C; the activ",
        ),
        ({}, (-0.6, -0.1, 298.15), None),
    ],
)
def test_kinetics_beyond_their_fit_are_told(changes, fit, message):
    import re

    unit = cell(**changes)
    fitted.from_fit(found(*fit)).give(unit)
    s = around(unit, "p").solve()
    text = [w for w in s.warnings if "fitted" in w]
    if message is None:
        assert not text
    else:
        assert any(re.search(message, w) for w in text), s.warnings


@pytest.mark.parametrize("make", [gas_cathode_cell, undivided_cell])
def test_other_cells_tell_it_too(make):
    p = make()
    fit = fitted.from_fit(found())
    reaction = "H2O -> H2"
    only = fitted.Fitted(
        {reaction: SERIES[reaction].text},
        {k: {reaction: v[reaction]} for k, v in fit.specifications.items()},
        2e-5, (-0.1, 0.0), (298.15, 298.15), (), (), np.zeros((0, 0)),
    )  # fmt: skip
    only.give(p.units["U"])
    text = [w for w in p.solve().warnings if "fitted" in w]
    assert len(text) == 2
    assert "works at 40 C" in text[1]


def test_what_cannot_be_given():
    fit = fitted.from_fit(found())
    with pytest.raises(SpecError, match="a KineticCell has no Tafel lines to give"):
        fit.give(kinetic_cell().units["U"])
    with pytest.raises(SpecError, match="the fit has the half-reaction NO3- -> NH3, the cell has"):
        fit.give(gas_cathode_cell().units["U"])
    with pytest.raises(
        SpecError, match="This is no file of fitted kinetics: 'covariance' is missing"
    ):
        fitted.of({"parameters": {}})
    with pytest.raises(SpecError, match="none.json cannot be read as fitted kinetics"):
        fitted.read("none.json")
    bare = fitted.plain(found())
    size = len(bare["covariance"]["order"])
    bare["covariance"]["matrix"] = [[None] * size] * size
    with pytest.raises(Refusal, match="its covariance is unknown"):
        fitted.of(bare).draws(1)


def test_nothing_is_told_before_a_solve():
    unit = plug_flow_cell().units["U"]
    assert electrolysis.advice(unit) == ()
    assert set(GAS) & set(tafel("NO -> NH3")["tafel_slope"])
