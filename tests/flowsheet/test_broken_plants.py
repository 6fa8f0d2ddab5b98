"""Three plants that are broken on purpose: what is said lets a user mend them, and mending works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from noxplant import Flowsheet, routes
from noxplant.cli import main
from noxplant.errors import NoxplantError, Refusal, SpecError
from noxplant.flowsheet import failure
from noxplant.flowsheet.movable import movable
from noxplant.measures import words

BROKEN = Path(__file__).parents[1] / "data" / "broken"


def broken(name: str, **values: float) -> Flowsheet:
    return routes.load(routes.find(str(BROKEN / name)), values=values)


def said(plant: Flowsheet, kind: type[NoxplantError]) -> str:
    with pytest.raises(kind) as caught:
        plant.solve()
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        (
            "missing-spec",
            r"2 specifications missing.\n  Give:\n    E-1.temperature .*\n    S-1.frac",
        ),
        (
            "over-specified-loop",
            r"1 specification too many in the loop of M-1, E-1, S-1. Free 1 of:",
        ),
        ("infeasible-purity", r"lower D-1.moisture from 0.002 kg/kg to about 0.0009"),
    ],
)
def test_check_gives_an_answer_to_act_on(
    name: str, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(BROKEN / name)]) == 1
    out = capsys.readouterr().out
    assert re.search(answer, out)
    assert "Checks that fail: 1." in out


def test_missing_specs_are_all_listed_and_giving_them_suffices() -> None:
    plant = broken("missing-spec")
    text = said(plant, SpecError)
    assert re.findall(r"^    (\S+)", text, re.M) == ["E-1.temperature", "S-1.fraction"]
    assert "outlet temperature [K]" in text
    plant.set("E-1.temperature", 330.0)
    plant.set("S-1.fraction", 0.1)
    assert plant.solve().stream("warm").temperature == pytest.approx(330.0)


def candidates(text: str, word: str) -> list[str]:
    """Paths listed after "too many ..." or "missing ..."."""
    part = re.search(rf"specification {word}.*:\n((?:    .*\n?)+)", text)
    assert part is not None
    return re.findall(r"^    (\S+)", part.group(1), re.M)


def test_a_loop_with_one_too_many_names_those_that_take_part_and_no_other() -> None:
    text = said(broken("over-specified-loop"), SpecError)
    free = candidates(text, "too many")
    assert free[0] == "E-1.duty"  # asked for by the user, so it comes first
    assert {p.partition(".")[0] for p in free} == {"F-1", "E-1"}
    assert set(candidates(text, "missing")) == {"E-2.temperature", "E-2.duty"}
    assert "E-1.duty was fixed in exchange for E-2.temperature, which has no influence" in text
    assert "(S-1.fraction takes part as well, but has no influence on E-1.duty.)" in text


def loop() -> Flowsheet:
    """The broken plant as it is written, before its exchange."""
    plant = broken("over-specified-loop")
    plant.exchanges.clear()
    return plant


def test_every_candidate_to_free_mends_the_loop() -> None:
    free = candidates(said(broken("over-specified-loop"), SpecError), "too many")
    base = loop().solve()["E-1.duty"]
    mended = 0
    for path in free[1:]:
        plant = loop()
        # Near the duty that the loop has by itself, so that each can serve within its range.
        plant.exchange("E-1.duty", base * 1.001, freed=path)
        assert plant.solve()["E-1.duty"] == pytest.approx(base * 1.001, rel=1e-9)
        mended += 1
    assert mended == 5


def test_a_part_too_many_without_a_part_too_few() -> None:
    """A number fixed besides, with nothing freed: the loop alone is named."""
    plant = loop()
    plant.build()
    plant.variable("E-1.duty").fix(2e5)
    text = said(plant, SpecError)
    assert "1 specification too many in the loop of M-1, E-1, S-1. Free 1 of:" in text
    assert "missing" not in text
    assert "number alone" not in text


def test_a_part_too_few_alone_is_told_with_its_unit() -> None:
    plant = loop()
    plant.build()
    plant.variable("E-2.temperature").unfix()
    text = said(plant, SpecError)
    assert candidates(text, "missing") == ["E-2.temperature", "E-2.duty"]
    assert "1 specification missing in E-2. Fix 1 of:" in text
    assert "too many" not in text


@pytest.fixture(scope="module")
def impure() -> str:
    """What is said of the purity that cannot be."""
    return said(broken("infeasible-purity"), Refusal)


# infeasible purity ------------------------------------------------------------------------------
def test_the_purity_that_cannot_be_is_named_with_what_blocks_and_how_far_it_goes(
    impure: str,
) -> None:
    assert re.search(r"D-1.purity = 0\.9978\d* of 0.999", impure)
    assert "B-1.displaced (fraction of the held mother liquor that the wash displaces)" in impure
    assert "the end of its range (0 to 1)" in impure
    assert re.search(r"ask for no more than was solved: D-1.purity = 0\.9978\d* kg/kg", impure)


def moisture_told(text: str) -> float:
    wanted = re.search(r"lower D-1.moisture from 0.002 kg/kg to about (\S+) kg/kg", text)
    assert wanted is not None
    return float(wanted.group(1))


def test_a_third_more_than_is_told_to_move_suffices(impure: str) -> None:
    told = moisture_told(impure)
    values = {"D-1.moisture": told - (0.002 - told) / 3}
    solution = broken("infeasible-purity", **values).solve()
    assert solution["D-1.purity"] == pytest.approx(0.999, abs=1e-12)
    assert 0.0 < solution["B-1.displaced"] < 1.0


@pytest.mark.slow
def test_a_third_less_than_is_told_to_move_does_not(impure: str) -> None:
    told = moisture_told(impure)
    with pytest.raises(Refusal):
        broken("infeasible-purity", **{"D-1.moisture": told + (0.002 - told) / 3}).solve()


def test_the_purity_that_was_reached_can_be_had(impure: str) -> None:
    reached = re.search(r"than was solved: D-1.purity = (\S+) kg", impure)
    assert reached is not None
    just = float(reached.group(1)) - 2e-6
    solution = broken("infeasible-purity", **{"design.D-1.purity": just}).solve()
    assert solution["D-1.purity"] == pytest.approx(just, abs=1e-12)


def test_constants_are_never_told_to_move() -> None:
    plant = broken("infeasible-purity")
    plant.build()
    ranges = movable(plant)
    assert ranges["D-1.moisture"] == (0.0003, 0.02)  # of the basis, not of the declaration
    assert not any("held_liquor" in p or "wash_saturation" in p for p in ranges)
    assert "B-1.displaced" not in ranges  # it is free
    assert ranges["F-2.factor"] == (0.0, 2.0)  # open ranges end at twice the present value


@pytest.mark.route
@pytest.mark.slow
def test_a_refused_change_of_the_main_plant_says_what_else_would_do() -> None:
    """2 mol/L cannot bring the 8 OH- per nitrate; less nitrate converted needs less (8 x 0.5 x ...)."""
    alkali = "design.A-102.concentration[OH-]"
    plant = routes.load("nitrate-to-hydrazine", values={alkali: 2000.0})
    text = said(plant, Refusal)
    wanted = re.search(r"lower E-101.conversion\[NO3-\] from 0.6 to about (0\.\d+)", text)
    assert wanted is not None
    told = float(wanted.group(1))
    # Hydroxide needed is 8 x nitrate converted per litre / efficiency: proportional to conversion.
    needed = re.search(r"needs (\S+) mol/L OH-, the anolyte brings (\S+) mol/L", text)
    assert needed is not None
    assert told == pytest.approx(0.6 * 2.0 / float(needed.group(1)), rel=0.06)


def test_a_freed_number_without_influence_is_named_with_those_that_have_some() -> None:
    """What the heater gives leaves with the purge, however much goes round: energy balance."""
    plant = loop()
    plant.exchange("E-1.duty", 2e5, freed="S-1.fraction")
    text = said(plant, Refusal)
    assert "S-1.fraction, freed for it, has no influence" in text
    instead = re.search(r"It hangs on (.*); free one of those instead", text)
    assert instead is not None
    first = instead.group(1).split(", ")[0]
    plant = loop()
    plant.exchange("E-1.duty", 2e5, freed=first)
    assert plant.solve()["E-1.duty"] == pytest.approx(2e5, rel=1e-9)


def test_what_is_at_a_bound_in_an_unsolved_block_is_told_with_its_unit() -> None:
    plant = loop()
    plant.solve()
    built = plant.built
    assert built is not None
    c = built.solver.compiled
    assert failure._at_bounds(plant) == ""  # of no block
    built.failed = frozenset(id(v) for v in c.unknowns)
    assert failure._at_bounds(plant) == ""  # none at a bound
    warm = built.streams["warm"].temperature
    c.x[c.index(warm)] = warm.lb
    told = failure._at_bounds(plant)
    assert (
        told
        == f"\n  At a bound there: temperature of 'warm' at its lower bound, {words(warm.lb, 'K')}."
    )
