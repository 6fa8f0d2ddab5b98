"""What `optimise` refuses, and in which words: constants, units, misspelt entries, output."""

import re
import shutil
from pathlib import Path

import pytest

from noxplant import Flowsheet, routes
from noxplant.cli import main
from noxplant.errors import Refusal, SolveError, SpecError, UsageError
from noxplant.studies.expressions import expression
from noxplant.studies.optimise import Constraint, Free, Problem, optimise, read_problem

WARM = Path(__file__).parents[1] / "data" / "routes" / "warm-lye"
HEAD = '[optimise]\nobjective = "{H-101.duty}"\nunit = "W"\n'
FREE = '[optimise.free]\n"E-101.conductance" = { low = "0.5 kW/K", high = "20 kW/K" }\n'
RANGE = Free("E-101.conductance", 500.0, 20_000.0)


@pytest.fixture
def plant() -> Flowsheet:
    return routes.load(routes.find(str(WARM)))


def duty(*constraints: Constraint, objective: str = "{H-101.duty}", unit: str = "W") -> Problem:
    return Problem("duty", objective, unit, (RANGE,), constraints)


def typed(tmp_path: Path, text: str) -> str:
    path = tmp_path / "p.toml"
    path.write_text(text)
    return str(path)


# --- what nothing that is freed can change ------------------------------------------------------
def test_a_violated_constraint_without_unknowns_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = (
        '[[optimise.constraint]]\nname = "hot"\nexpression = "{H-101.temperature}"\n'
        'unit = "K"\nlow = "95 degC"\n'
    )
    assert main(["optimise", str(WARM), "--problem", typed(tmp_path, HEAD + FREE + rule)]) == 1
    said = capsys.readouterr()
    assert "constraint 'hot' is 77 C, but at least 95 C is asked for" in said.err
    assert "free a specification on which '{H-101.temperature}' depends" in said.err
    assert not said.out


@pytest.mark.parametrize(("low", "high"), [(None, 330.0), (340.0, 340.0)])
def test_also_at_most_and_equal(plant: Flowsheet, low: float | None, high: float) -> None:
    rule = Constraint("hot", "{H-101.temperature}", "K", low, high)
    with pytest.raises(Refusal, match=r"constraint 'hot' is 77 C, but .*at most"):
        optimise(plant, duty(rule))


def test_one_that_holds_is_constant_and_not_free(plant: Flowsheet) -> None:
    rule = Constraint("hot", "{H-101.temperature}", "K", low=330.0)
    (row,) = [r for r in optimise(plant, duty(rule)).constraints if r.name == "hot"]
    assert row.state == "constant"
    assert row.after == pytest.approx(350.15)


def test_a_constraint_on_what_is_freed_is_not_constant(plant: Flowsheet) -> None:
    rule = Constraint("small", "{E-101.conductance}", "W/K", high=5_000.0)
    found = optimise(plant, duty(rule))
    assert found.free[0].after == pytest.approx(5_000.0)
    assert found.active == ("small",)


def test_what_the_equations_alone_decide_is_refused_by_name(plant: Flowsheet) -> None:
    # The heater holds the temperature of the hot lye, so this flow is decided without the exchanger.
    rule = Constraint("much lye", "{hot lye.mass_flow}", "kg/s", low=100.0)
    with pytest.raises(SolveError, match=r"constraint 'much lye' is broken, whatever"):
        optimise(plant, duty(rule))


@pytest.mark.parametrize("text", ["{500 W}", "{H-101.temperature} * {1 W/K}"])
def test_a_constant_objective_is_refused(plant: Flowsheet, text: str) -> None:
    with pytest.raises(UsageError, match=r"objective: .* there is nothing to optimise"):
        optimise(plant, duty(objective=text))


def test_an_infeasible_constraint_is_named_with_one_full_stop(plant: Flowsheet) -> None:
    rule = Constraint("cold liquor", "{liquor.temperature}", "K", high=275.0)
    with pytest.raises(SolveError) as caught:
        optimise(plant, duty(rule))
    text = str(caught.value)
    assert "optimise_rules" not in text
    assert ".." not in text
    assert "'cold liquor'" in text


# --- units --------------------------------------------------------------------------------------
def test_the_unit_of_the_objective_has_to_be_that_of_the_expression(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = ('[optimise]\nobjective = "{H-101.duty} / {liquor.mass_flow}"\nunit = "J/mol"\n') + FREE
    assert main(["optimise", str(WARM), "--problem", typed(tmp_path, text)]) == 2
    said = capsys.readouterr().err
    assert "p.toml: objective: '{H-101.duty} / {liquor.mass_flow}' measures J/kg" in said
    assert "unit is given as J/mol" in said


def test_the_unit_of_a_constraint_as_well(plant: Flowsheet) -> None:
    rule = Constraint("warm", "{liquor.temperature}", "Pa", low=1e5)
    with pytest.raises(UsageError, match=r"constraint 'warm': .*measures K, .* given as Pa"):
        optimise(plant, duty(rule))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("{H-101.duty}", "W"),
        ("{H-101.duty} / {liquor.mass_flow}", "J/kg"),
        ("{H-101.duty} / {liquor.total_flow} + {5 kJ/mol}", "J/mol"),
        ("{6510 kJ/mol} * {liquor.content[K+]}", "W"),
        ("{H-101.duty:power}", "W"),
        ("({H-101.temperature} - {25 degC}) * {E-101.conductance}", "W"),
        ("exp(log({H-101.duty} / {1 kW})) ** 2", "1"),
        ("sqrt({H-101.duty} ** 2)", "W"),
        ("-{liquor.flow[H2O]} / {liquor.total_flow}", "1"),
        ("1 / {H-101.duty} ** -1", "W"),
    ],
)
def test_what_an_expression_measures(plant: Flowsheet, text: str, unit: str) -> None:
    expression(plant, text, unit)
    with pytest.raises(SpecError, match="its unit is given as S/m"):
        expression(plant, text, "S/m")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{H-101.duty} + {H-101.temperature}", r"adds unlike things: {H-101.duty} in W and"),
        ("{H-101.temperature} - 290", r"subtracts unlike things: .* in K and 290 in 1"),
        ("log({H-101.duty})", r"log takes a plain number, but {H-101.duty} is in W"),
        ("2 ** {H-101.duty}", r"an exponent is a plain number, but {H-101.duty} is in W"),
        ("{H-101.duty} ** {liquor.ph}", r"a base is a plain number, but {H-101.duty} is in W"),
        ("{5 parsnips}", r"'parsnips' is no unit"),
        ("{H-101.duty} / 0", r"{H-101.duty} / 0 has no value"),
        ("{H-101.duty} * (-8) ** 0.5", r"no real number"),
        ("{H-101.duty} * 9 ** 9 ** 9", r"9 \*\* 9 \*\* 9 has no value"),
        ("{H-101.duty} if 1 else 2", r"is not allowed here"),
        ("{E-101.heat}", r"has no quantity 'heat'"),
    ],
)
def test_expressions_that_are_refused(plant: Flowsheet, text: str, words: str) -> None:
    with pytest.raises(SpecError, match=words):
        expression(plant, text)


def test_numbers_with_units_are_si(plant: Flowsheet) -> None:
    assert expression(plant, "{25 degC} + {1 K}") == pytest.approx(299.15)
    assert expression(plant, "{2 kJ/mol} * {3.6 mol/h}") == pytest.approx(2.0)


def test_other_units_in_a_file_are_taken_to_si(plant: Flowsheet, tmp_path: Path) -> None:
    text = '[optimise]\nobjective = "{H-101.duty}"\nunit = "kW"\n' + FREE
    rule = '[[optimise.constraint]]\nname = "p"\nexpression = "{liquor.pressure}"\nunit = "bar"\n'
    problem = read_problem(
        plant, Path(typed(tmp_path, text + rule + 'low = 0.5\nhigh = "2 atm"\n'))
    )
    assert problem.unit == "W"
    (found,) = problem.constraints
    assert (found.unit, found.low, found.high) == ("Pa", 5e4, 202650.0)


# --- entries of the file ------------------------------------------------------------------------
RULE = '[[optimise.constraint]]\nname = "warm"\nexpression = "{liquor.temperature}"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = [", r"p\.toml is no TOML file"),
        ("x = 1", r"p\.toml: \[optimise\]: this table is missing"),
        (FREE, r"p\.toml: \[optimise\]: it has no objective, no unit"),
        (HEAD, r"p\.toml: \[optimise\]: it has no free"),
        (HEAD + "[optimise.free]\n", r"nothing is freed"),
        (HEAD + FREE.replace("conductance", "conductence"), r"p\.toml: freed 'E-101.conductence'"),
        (HEAD + FREE.replace("conductance", "duty"), r"is computed, so it cannot be freed"),
        (HEAD + FREE.replace("0.5 kW/K", "30 kW/K"), r"freed 'E-101.conductance': the range 30000"),
        (HEAD + FREE.replace("0.5 kW/K", "-1 kW/K"), r"reaches beyond what is allowed"),
        (HEAD + FREE.replace("low", "lo"), r"freed 'E-101.conductance': it has no low"),
        (HEAD + FREE.replace("0.5 kW/K", "0.5 bar"), r"is given in bar, but W/K"),
        (
            HEAD.replace("{H-101.duty}", "{H-101.duty} / 0") + FREE,
            r"p\.toml: objective: .*no value",
        ),
        (HEAD.replace("{H-101.duty}", "open('x')") + FREE, r"p\.toml: objective: .*not allowed"),
        (HEAD + FREE + RULE + 'low = "9 K"\n', r"p\.toml: constraint 'warm': it has no unit"),
        (HEAD + FREE + RULE + 'unit = "K"\n', r"constraint 'warm': it has no bound"),
        (
            HEAD + FREE + RULE + 'unit = "K"\nlow = "9 V"\n',
            r"constraint 'warm': low: '9 V' is given",
        ),
        (HEAD + FREE + RULE + 'unit = "K"\nhihg = "300 K"\n', r"Did you mean 'high'"),
        (HEAD + FREE + 2 * (RULE + 'unit = "K"\nlow = "250 K"\n'), r"2 constraints have this name"),
        (
            HEAD
            + FREE
            + '[[optimise.exchange]]\nfixed = "E-101.duty"\nfreed = "E-101.conductance"\n',
            r"E-101.conductance is not given, so it cannot be freed",
        ),
        (
            HEAD
            + FREE
            + '[[optimise.exchange]]\nfixed = "E-101.dutty"\nfreed = "H-101.temperature"\n',
            r"p\.toml: exchange 1: .*Did you mean 'duty'",
        ),
    ],
)
def test_wrong_entries_are_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    assert main(["optimise", str(WARM), "--problem", typed(tmp_path, text)]) == 2
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(capsys.readouterr().err)


def test_an_exchange_may_give_what_is_then_freed(plant: Flowsheet) -> None:
    plant.exchange("E-101.duty", 2e4, "E-101.conductance")
    problem = Problem(
        "x", "{H-101.duty}", "W", (RANGE,), exchanges=(("E-101.conductance", None, "E-101.duty"),)
    )
    assert optimise(plant, problem).active == ("E-101.conductance at upper bound",)


# --- output -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("target", "words"), [(".", "a folder"), ("no/o.json", "no such folder")])
def test_output_that_cannot_be_written_is_refused_before_the_solve(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    target: str,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("noxplant.studies.optimise.optimise", lambda *_: pytest.fail("optimised"))
    assert main(["optimise", str(WARM), "--json", target]) == 2
    assert words in capsys.readouterr().err


def test_warnings_of_the_optimum_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "narrow"
    shutil.copytree(WARM, folder)
    basis = (folder / "basis.toml").read_text()
    old = 'value = 4, unit = "kW/K", source = "choice of the tests", class = "estimate"'
    new = old.replace("estimate", "assumption") + ', low = 1, high = 5, reason = "Its area."'
    assert old in basis
    (folder / "basis.toml").write_text(basis.replace(old, new))
    assert main(["optimise", str(folder), "--problem", typed(tmp_path, HEAD + FREE)]) == 0
    out = capsys.readouterr().out
    assert "Warning: E-101.conductance = 20000 W/K lies outside the range of the assumption" in out
    inside = HEAD + FREE.replace("20 kW/K", "5 kW/K")
    assert main(["optimise", str(folder), "--problem", typed(tmp_path, inside)]) == 0
    assert "lies outside" not in capsys.readouterr().out


def test_prices_are_shown_and_are_slopes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def least(conductance: float) -> float:
        plant = routes.load(routes.find(str(WARM)))
        plant.set("E-101.conductance", conductance)
        return plant.solve()["H-101.duty"]

    assert main(["optimise", str(WARM), "--problem", typed(tmp_path, HEAD + FREE), "--si"]) == 0
    out = capsys.readouterr().out
    (price,) = re.findall(r"at upper bound\s+(\S+) W per W/K", out)
    assert float(price) == pytest.approx((least(20_100.0) - least(19_900.0)) / 200.0, rel=2e-3)
