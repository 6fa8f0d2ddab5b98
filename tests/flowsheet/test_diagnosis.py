"""Bad input and plants without solution: what is refused, when, and what is said."""

import re
import time

import pytest

from noxplant import Flowsheet, routes
from noxplant.errors import NoxplantError, Refusal, SolveError, SpecError, UsageError
from noxplant.flowsheet import solve as solving
from noxplant.flowsheet.screen import screen
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.unit import Equations, Limit, Unit
from noxplant.units.acid_trap import AcidTrap
from noxplant.units.azine_cell import AzineCell
from noxplant.units.feed import Feed
from noxplant.units.heater import Heater
from noxplant.units.hydrolyser import Hydrolyser
from noxplant.units.mixer import Mixer
from noxplant.units.specified_cell import SpecifiedCell
from noxplant.units.splitter import Splitter
from noxplant.units.steam_stripper import SteamStripper
from noxplant.utilities import check

ROUTE = "nitrate-to-hydrazine"
NH3 = "NO3- -> NH3"


@pytest.fixture
def nothing_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any Newton step fails the test: what is refused here is refused before."""
    from noxsolve.newton import Newton

    def no_step(*_: object, **__: object) -> None:
        raise AssertionError("a solve was begun")

    monkeypatch.setattr(Newton, "run", no_step)


# before any solve -----------------------------------------------------------------------------
def cell(anolyte: dict[str, float], nitrate: float = 1.0, share: float = 0.9) -> Flowsheet:
    plant = Flowsheet("p")
    brine = {"H2O": 55.5, "KNO3": nitrate, "KOH": 5.0}
    catholyte = plant.add(Feed("catholyte", "aqueous", brine, temperature=313.15))
    lye = plant.add(Feed("lye", "aqueous", anolyte, temperature=313.15))
    given = {"area": 120.0, "current_density": 2400.0, "voltage": 2.5, "cells": 10.0}
    more = {"temperature": 313.15, "water_drag": 5.0, "mass_transfer": 1e-4}
    efficiency = {NH3: share, "NO3- -> NO2-": 0.0, "NO2- -> NH3": 0.0}
    unit = SpecifiedCell("E-1", faradaic_efficiency=efficiency, **given, **more)
    plant.add(unit)
    plant.connect(catholyte.out, unit.catholyte, "to cathode")
    plant.connect(lye.out, unit.anolyte, "to anode")
    return plant


IONS = 2400.0 * 120.0 / 96485.33212
"""mol/s that 288 kA carry: K+ through the membrane, and hydroxide used up at the anode."""


@pytest.mark.usefixtures("nothing_solved")
def test_exhausted_hydroxide_is_named_before_any_solve() -> None:
    # K+ suffices, as nitrate; hydroxide does not.
    plant = cell({"H2O": 55.5, "KOH": 2.9, "KNO3": 3.0})
    with pytest.raises(Refusal, match=r"(?s)before any solve.*E-1: the hydroxide of the anolyte"):
        plant.solve()


@pytest.mark.usefixtures("nothing_solved")
def test_exhausted_cation_and_nitrate_are_named_with_both_amounts() -> None:
    amounts = rf"E-1: K\+ of the anolyte is used up: .*carries {IONS:.4g} mol/s, .*brings 2 mol/s"
    with pytest.raises(Refusal, match=amounts):
        cell({"H2O": 55.5, "KOH": 2.0}).solve()
    reduced = 0.9 * IONS / 8
    words = rf"NO3- is used up: the current reduces {reduced:.4g} mol/s, the catholyte brings 0.3 "
    with pytest.raises(Refusal, match=words):
        cell({"H2O": 55.5, "KOH": 5.0}, nitrate=0.3).solve()


@pytest.mark.usefixtures("nothing_solved")
def test_exhausted_acid_behind_other_units_is_named_before_any_solve() -> None:
    # 1 mol/s H2SO4 binds 2 mol/s; the gas that reaches the trap brings 1.5 + 1.0 mol/s.
    plant = Flowsheet("trap")
    gases = [
        plant.add(Feed(f"gas {n}", "gas", {"N2": 20.0, "NH3": a})) for n, a in ((1, 1.5), (2, 1.0))
    ]
    mixer = plant.add(Mixer("M-1", "gas"))
    cooler = plant.add(Heater("E-1", "gas", temperature=310.0, utility="low-pressure steam"))
    acid = plant.add(Feed("acid", "aqueous", {"H2O": 50.0, "H2SO4": 1.0}))
    trap = plant.add(AcidTrap("T-1", stages=2))
    for gas, port in zip(gases, mixer.feed, strict=True):
        plant.connect(gas.out, port, gas.name)
    plant.connect(mixer.out, cooler.feed, "mixed")
    plant.connect(cooler.out, trap.gas, "to trap")
    plant.connect(acid.out, trap.liquid, "acid in")
    with pytest.raises(Refusal, match=r"T-1: the acid is exhausted: .*2.5 mol/s.*bind 2 mol/s"):
        plant.solve()


@pytest.mark.usefixtures("nothing_solved")
def test_a_component_asked_for_beyond_what_arrives() -> None:
    # 1 mol/s of K+ comes in with the feed, 3 mol/s are to leave with the purge.
    plant = Flowsheet("asked")
    feed = plant.add(Feed("F", "aqueous", {"H2O": 55.5, "KNO3": 1.0}))
    one = plant.add(Splitter("S-1", "aqueous", fraction=0.5))
    purge = plant.add(Taker("U", taken=3.0))
    plant.connect(feed.out, one.feed, "in")
    plant.connect(one.out, purge.feed, "half")
    words = r"U: NO3- is exhausted in 'U.out': .* ask for 3 mol/s, 0.5 mol/s arrive"
    with pytest.raises(Refusal, match=words):
        plant.solve()


class Taker(Unit):
    """Takes a given amount of nitrate out of a stream, with its potassium."""

    feed = Inlet("aqueous", "feed")
    out = Outlet("aqueous", "what is left")
    side = Outlet("aqueous", "what is taken", only=("K+", "NO3-", "H2O"))
    taken = Spec("mol/s", "nitrate taken", (0.0, None))

    def equations(self) -> Equations:
        for k in self.feed.phase_of:
            drawn = self.side.flow[k]
            yield f"rest of {k}", self.out.flow[k] == self.feed.flow[k] - drawn
            yield f"taken {k}", drawn == (self.feed.flow[k] / 10 if k == "H2O" else self.taken)
        for port in (self.out, self.side):
            yield f"temperature of {port.name}", port.temperature == self.feed.temperature
            yield f"pressure of {port.name}", port.pressure == self.feed.pressure


@pytest.mark.usefixtures("nothing_solved")
def test_acid_for_the_hydrazine_of_the_main_plant() -> None:
    plant = routes.load(ROUTE, values={"design.R-301.acid_ratio": 0.9})
    with pytest.raises(Refusal, match=r"(?s)before any solve.*R-301: the acid is exhausted"):
        plant.solve()


@pytest.mark.route
@pytest.mark.parametrize("name", sorted(routes.routes()))
def test_the_check_before_a_solve_lets_every_route_pass(name: str) -> None:
    route = routes.find(name)
    for variant in (None, *route.variants):
        for factor in (1e-4,) if variant == "rigorous" else (1.0, 1e-4, 1e3):
            plant = routes.load(route, variant).scaled(factor)
            plant.build()
            screen(plant, solving._solver(plant, None))


@pytest.mark.route
def test_the_check_before_a_solve_costs_little() -> None:
    """Less than a tenth of the CPU time that the shipped plants take from their graph to the answer."""
    cost = whole = 0.0
    for name in routes.routes():
        plant = routes.load(name)
        first = time.process_time()
        plant.build()
        solver = solving._solver(plant, None)
        began = time.process_time()
        screen(plant, solver)
        cost += time.process_time() - began
        plant.solve()
        whole += time.process_time() - first
    assert cost < 0.1 * whole


# the end of a search ----------------------------------------------------------------------------
def test_a_search_ends_at_its_iteration_limit_and_says_where() -> None:
    messages = []
    for _ in range(2):
        plant = routes.load(ROUTE)
        with pytest.raises(SolveError) as error:
            plant.solve(iteration_limit=100)
        messages.append(str(error.value))
    assert messages[0] == messages[1]
    words = r"(?s)the limit of 100 iterations is reached; unsolved is the block of .*\d+ unknowns"
    assert re.search(words + r".*Largest residual there: .*Given to it \(SI\): .*Try:", messages[0])
    with pytest.raises(SpecError, match="iteration_limit = 0: give a number of at least 1"):
        plant.solve(iteration_limit=0)


@pytest.mark.route
def test_a_plant_far_out_of_reach_ends_in_time() -> None:
    plant = routes.load(ROUTE, values={"S-301.fraction": 0.9999})
    with pytest.raises(Refusal, match=r"way to S-301.fraction = 0.9999 \(SI\) ends at"):
        plant.solve(iteration_limit=1500)
    plant.known = None  # from nothing alone
    began = time.process_time()
    with pytest.raises(NoxplantError) as error:
        plant.solve(iteration_limit=1500)
    assert "no solution was found" in str(error.value)
    # What the user changed stands first among what enters the block.
    assert "Given to it (SI): S-301.fraction = 0.9999, " in str(error.value)
    # 1500 iterations and as many again for the diagnosis of each of three attempts.
    assert time.process_time() - began < 60.0


# blame ------------------------------------------------------------------------------------------
class Stuck(Unit):
    """A unit whose two equations have no real solution."""

    feed = Inlet("aqueous", "feed")
    out = Outlet("aqueous", "the same")
    size = Spec("1", "a number", (0.0, None))
    x = Result("1", "an unknown")
    y = Result("1", "another one")

    def equations(self) -> Equations:
        for k in self.feed.phase_of:
            yield f"flow of {k}", self.out.flow[k] == self.feed.flow[k]
        yield "circle", self.x**2 + self.y**2 == -self.size
        yield "line", self.x == 2 * self.y
        yield "temperature", self.out.temperature == self.feed.temperature + self.x
        yield "pressure", self.out.pressure == self.feed.pressure

    def limits(self) -> list[Limit]:
        return [Limit("reach", self.x - 5.0, "x is short by {margin:.3g}.")]


class Blamed(Unit):
    """A unit after it, whose limit any start value breaks."""

    feed = Inlet("aqueous", "feed")
    out = Outlet("aqueous", "the same")
    far = Result("K", "degrees above 1000 K")

    def equations(self) -> Equations:
        for k in self.feed.phase_of:
            yield f"flow of {k}", self.out.flow[k] == self.feed.flow[k]
        yield "far", self.far == self.feed.temperature - 1000.0
        yield "temperature", self.out.temperature == self.feed.temperature
        yield "pressure", self.out.pressure == self.feed.pressure

    def limits(self) -> list[Limit]:
        return [Limit("heat", self.far**3, "is too cold by {margin:.3g} K3.")]


def stuck(first: type[Unit], second: type[Unit]) -> Flowsheet:
    plant = Flowsheet("stuck")
    feed = plant.add(Feed("F", "aqueous", {"H2O": 55.5}))
    units = [
        plant.add(kind(name, **({"size": 1.0} if kind is Stuck else {})))
        for name, kind in (("U-1", first), ("U-2", second))
    ]
    plant.connect(feed.out, units[0].feed, "in")
    plant.connect(units[0].out, units[1].feed, "between")
    return plant


def test_hints_come_from_the_unsolved_block_alone_and_are_labelled() -> None:
    with pytest.raises(SolveError) as error:
        stuck(Stuck, Blamed).solve()
    text = str(error.value)
    assert re.search(r"unsolved is the block of U-1, 2 unknowns", text)
    assert re.search(r"which is no solution.*not the cause: U-1: x is short by", text)
    assert "Given to it (SI): U-1.size = 1." in text
    assert "U-2" not in text
    assert "too cold" not in text


def test_a_limit_of_what_was_solved_is_shown_as_the_reason() -> None:
    # The limit hangs on the feed alone, which is known before the block that has no solution.
    with pytest.raises(Refusal, match=r"before any solve:\n  U-1: is too cold by -3.46e[+]08 K3"):
        stuck(Blamed, Stuck).solve()


# values that may be given -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("X-301.hydrazine", r"X-301.hydrazine = -1 kg/s lies outside \(0, inf\) kg/s"),
        ("C-101.removal", r"C-101.removal = -1 lies outside \(0, 1\)"),
        ("E-101.conversion[NO3-]", r"E-101.conversion\[NO3-\] = -1 lies outside \[0, 1\]"),
        ("R-201.nitrogen_concentration", r"= -1 mol/m3 lies outside \[0, inf\) mol/m3"),
    ],
)
def test_a_computed_quantity_that_is_fixed_is_held_to_its_range(setting: str, words: str) -> None:
    with pytest.raises(SpecError, match=words):
        routes.load(ROUTE, values={f"design.{setting}": -1.0})


def test_conversion_above_one_and_removal_of_all() -> None:
    for name, value in (("E-101.conversion[NO3-]", 1.2), ("C-101.removal", 1.0)):
        with pytest.raises(SpecError, match=r"lies outside [\[(]0, 1[\])]"):
            routes.load(ROUTE, values={f"design.{name}": value})


def test_an_exchange_that_is_refused_changes_nothing() -> None:
    plant = routes.load(ROUTE)
    before = plant.value("C-101.removal")
    with pytest.raises(SpecError, match="lies outside"):
        plant.set("C-101.removal", 1.5)
    assert plant.value("C-101.removal") == before


def test_senseless_specifications_are_refused_at_once() -> None:
    with pytest.raises(SpecError, match=r"S-1.fraction = 1 lies outside \[0, 1\)"):
        Splitter("S-1", "aqueous", fraction=1.0)
    with pytest.raises(SpecError, match=r"E-2.volume = 0 m3 lies outside \(0, inf\) m3"):
        AzineCell("E-2", tanks=2, volume=0.0)
    with pytest.raises(SpecError, match=r"E-1.area = 0 m2 lies outside \(0, inf\) m2"):
        SpecifiedCell("E-1", area=0.0)
    column = SteamStripper("C-1", stripping_stages=2, rectifying_stages=1)
    for value in (0.0, 1.0):
        with pytest.raises(SpecError, match=r"C-1.removal = \d lies outside \(0, 1\)"):
            column.checked("removal", value)


def test_counts_are_whole_numbers() -> None:
    with pytest.raises(SpecError, match=r"R-1.tanks = 2.5 is no whole number.\n.*in \[1, inf\)"):
        Hydrolyser("R-1", tanks=2.5)
    assert Hydrolyser("R-1", tanks=3.0).given["tanks"] == 3.0
    with pytest.raises(SpecError, match=r"M-1: 2.5 is no whole number, .* count of its feed"):
        Mixer("M-1", "gas", inlets=2.5)  # type: ignore[arg-type]
    with pytest.raises(SpecError, match=r"E-1.cells = 10.5 is no whole number"):
        SpecifiedCell("E-1", cells=10.5)
    with pytest.raises(SpecError, match=r"R-301.tanks = 2.5 is no whole number"):
        routes.load(ROUTE, values={"R-301.tanks": 2.5})


def test_limits_of_temperature_are_told_apart_from_what_was_given() -> None:
    words = r"at 298.15 K \(25 C\) cannot cool to 308.1 K \(34.95 C\); .*above 308.15 K \(35 C\)"
    with pytest.raises(Refusal, match=words):
        check("E-1.duty", "cooling water", -1e3, 308.10, 1e3)


def test_what_was_typed_is_told_in_its_own_unit(capsys: pytest.CaptureFixture[str]) -> None:
    from noxplant.cli import main

    assert main(["run", ROUTE, "--set", "E-101.temperature=500 degC"]) == 2
    err = capsys.readouterr().err
    assert "E-101.temperature = 773.15 K lies outside [273.15, 373.15] K" in err
    assert "You wrote --set E-101.temperature=500 degC." in err
    assert main(["run", ROUTE, "--iteration-limit", "0"]) == 2
    assert "--iteration-limit 0: give a whole number" in capsys.readouterr().err
    assert main(["run", ROUTE, "--iteration-limit", "60"]) == 1
    assert "the limit of 60 iterations is reached" in capsys.readouterr().err


def test_usage_errors_are_raised_as_such() -> None:
    from noxplant.commands.common import _as_written

    with pytest.raises(UsageError, match="You wrote --set a=1"), _as_written("--set a=1"):
        raise SpecError("no.")
