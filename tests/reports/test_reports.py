import html
import json
import sys
from pathlib import Path

import pytest

from noxplant import Flowsheet, Solution, routes
from noxplant.catalogue import declarations, find_unit, unit_classes
from noxplant.commands.optimise import show
from noxplant.errors import ModelError, SpecError, SpeciesError, UsageError
from noxplant.flowsheet.audit import Audits
from noxplant.flowsheet.solution import StreamResult
from noxplant.reports import drawing, tables
from noxplant.reports.expected import compare, figure
from noxplant.reports.outlets import Tracked, outlets, table
from noxplant.reports.pinch import duties, pinch
from noxplant.reports.rederive import atoms, rederive
from noxplant.species import all_species
from noxplant.studies.expressions import expression
from noxplant.studies.optimise import Constraint, Free, Problem, optimise, read_problem
from noxplant.units.feed import Feed
from noxplant.units.product import Product

WARM = Path(__file__).resolve().parents[1] / "data" / "routes" / "warm-lye"


@pytest.fixture(scope="module")
def solution() -> Solution:
    return routes.load(str(WARM)).solve()


def test_rederived_balances_close(solution: Solution) -> None:
    record = json.loads(json.dumps(solution.to_dict(), allow_nan=False))
    found = rederive(record)
    assert found.holds
    assert set(found.elements) == {"K", "H", "O", "N"}


def test_rederived_balances_notice_what_is_lost(solution: Solution) -> None:
    record = json.loads(json.dumps(solution.to_dict()))
    record["streams"]["liquor"]["flows"]["NO3-"] *= 1 + 1e-6
    broken = rederive(record)
    assert broken.elements["N"] == pytest.approx(1e-6, rel=1e-3)
    assert not broken.holds
    record = json.loads(json.dumps(solution.to_dict()))
    record["quantities"]["H-101.duty"]["value"] *= 1.001
    assert not rederive(record).holds


def test_atoms_agree_with_the_species() -> None:
    for s in all_species():
        assert atoms(s.formula) == dict(s.elements), s.name
    with pytest.raises(ValueError, match="no formula"):
        atoms("?")


def test_outlets(solution: Solution) -> None:
    rows = outlets(solution, "K+", product=("liquor", "NO3-"))
    assert [(r.stream, r.way) for r in rows] == [("lye", "in"), ("liquor", "out")]
    # 1 mol K per 0.4 mol nitrate: 39.098 / (0.4 x 62.004)
    assert rows[1].per_product == pytest.approx(39.0983 / (0.4 * 62.0049), rel=1e-4)
    assert rows[1].fraction == pytest.approx(1.0)
    assert sum(r.flow for r in outlets(solution, "N") if r.way == "in") == pytest.approx(0.4)
    with pytest.raises(SpeciesError, match="neither a component nor an element"):
        outlets(solution, "Xx")
    with pytest.raises(SpecError, match="carries no"):
        outlets(solution, "K+", product=("acid", "K+"))


def test_pinch_of_a_solution(solution: Solution) -> None:
    (heat,) = duties(solution)
    assert heat.end == pytest.approx(350.15)
    assert pinch(solution).hot_utility == pytest.approx(solution["H-101.duty"])


def test_expected(solution: Solution, tmp_path: Path) -> None:
    found = compare(solution, WARM / "expected.toml")
    assert [f.holds for f in found] == [True, True, True]
    assert [f.fails for f in found] == [False, False, False]
    assert compare(solution, tmp_path / "none.toml") == []
    assert figure(solution, "liquor.flow[K+]") == (pytest.approx(1.0), "mol/s")
    assert figure(solution, "liquor.mass_fraction[H2O]")[0] == pytest.approx(0.949, abs=1e-3)
    assert figure(solution, "liquor.ph")[0] > 12
    with pytest.raises(SpecError, match="no figure 'liqor'. Did you mean 'liquor'"):
        figure(solution, "liqor")
    bad = tmp_path / "bad.toml"
    for text, message in (
        ('[sourced."liquor"]\nvalue = 1\nunit = "kg/s"\n', "no tolerance, no source"),
        ('[recorded."liquor"]\nvalue = 1\nunit = "K"\n', "does not measure the same"),
        (
            '[sourced."liquor"]\nvalue = 1\nunit = "kg/s"\ntolerance = "x"\nsource = "s"\n',
            "neither a number nor a text",
        ),
    ):
        bad.write_text(text)
        with pytest.raises(SpecError, match=message):
            compare(solution, bad)


def test_tables(solution: Solution) -> None:
    table = tables.streams(solution)
    assert len(table.rows) == len(solution.stream_results)
    assert len(tables.power(solution).rows) == 2
    assert tables.headline(solution, si=True).rows[2][2] == "K"


def test_drawing() -> None:
    plant = routes.load(str(WARM))
    text = html.unescape(drawing.svg(plant))
    for word in ("E-101", "hot liquor", "to M-101", "from H-101", ">heat<", "aqueous"):
        assert word in text
    plant.sections = {}
    assert "to M-101" not in html.unescape(drawing.svg(plant))
    plant.sections = {"heat": ["E-102"]}
    with pytest.raises(ModelError, match=r"names 'E-102', which is no unit. Did you mean"):
        drawing.svg(plant)


def test_large_drawing_is_parted_by_tags() -> None:
    plant = Flowsheet("large")
    for number in range(8):
        source = plant.add(Feed(f"F-{number + 1}01", "aqueous", {"H2O": 1.0}))
        target = plant.add(Product(f"P-{number + 1}01", "aqueous"))
        plant.connect(source.out, target.feed, f"water {number}")
    assert list(drawing.areas(plant)) == [f"Area {n}00" for n in range(1, 9)]
    assert "Area 800" in drawing.svg(plant)


def test_drawing_wants_svg(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"ends in \.svg"):
        drawing.draw(routes.load(str(WARM)), tmp_path / "x.pdf")


def test_catalogue_scans_all_units() -> None:
    assert {"Feed", "HeatExchanger", "Splitter"} <= set(unit_classes())
    for name, unit in unit_classes().items():
        assert declarations(unit), name
    kinds = {d.name: d.kind for d in declarations(find_unit("Heater"))}
    assert kinds["feed"] == "inlet"
    assert kinds["duty"] == "heat"
    assert kinds["temperature"] == "spec"


OBJECTIVE = "{H-101.duty} + {0.0005 K**2/W} * {E-101.conductance}**2"


def test_optimum_is_stationary_and_proved() -> None:
    problem = Problem("o", OBJECTIVE, "W", (Free("E-101.conductance", 500.0, 2e5),))
    found = optimise(routes.load(str(WARM)), problem)
    assert found.interior == ("E-101.conductance",)
    assert found.left == 1
    assert found.objective[1] < found.objective[0]
    assert found.drift < 1e-9
    # Independent: the plant solved beside the optimum is worse on both sides.
    best = found.free[0].after
    for factor in (0.98, 1.02):
        plant = routes.load(str(WARM))
        plant.set("E-101.conductance", best * factor)
        near = plant.solve()
        assert near["H-101.duty"] + 0.5 * (best * factor) ** 2 / 1000 > found.objective[1]


def test_active_bounds_and_constraints() -> None:
    warm = Constraint("warm", "{hot liquor.temperature} - {273.15 K}", "K", low=60.0)
    free = (Free("E-101.conductance", 500.0, 5000.0), Free("H-101.temperature", 320.0, 363.0))
    found = optimise(routes.load(str(WARM)), Problem("o", "{H-101.duty}", "W", free, (warm,)))
    assert found.active == ("E-101.conductance at upper bound", "warm")
    assert found.constraints[0].after == pytest.approx(60.0, abs=1e-6)
    assert found.constraints[0].price > 0


def test_utility_reach() -> None:
    # As hot as steam can make it: the optimum stops 10 K below the steam.
    hottest = Problem(
        "o", "-{hot liquor.temperature}", "K", (Free("H-101.temperature", 320.0, 420.0),)
    )
    plant = routes.load(str(WARM))
    for feed in ("F-101", "F-102"):  # under pressure, so that the liquor does not boil
        plant.set(f"{feed}.pressure", 1e6)
    found = optimise(plant, hottest)
    assert found.left == 0
    assert found.free[0].after == pytest.approx(401.0, abs=1e-5)
    assert "temperature of low-pressure steam at the end" in found.active[0]


def test_the_row_of_a_duty_shows_that_of_the_plant_solved_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # The least temperature of the heater is that at which its steam gives nothing more.
    least = Problem(
        "o", "{hot liquor.temperature}", "K", (Free("H-101.temperature", 300.0, 400.0),)
    )
    found = optimise(routes.load(str(WARM)), least)
    row = next(r for r in found.constraints if "cannot take heat" in r.name)
    assert row.unit == "W"
    assert row.low == 0.0
    assert row.after == pytest.approx(found.after["H-101.duty"], rel=1e-9)
    assert row.after > 0.0
    assert row.before == pytest.approx(found.before["H-101.duty"], rel=1e-9)
    assert found.interior == ("H-101.temperature",)  # inside its range, and yet no free optimum
    assert found.left == 0
    show(found, si=True)
    out = " ".join(capsys.readouterr().out.split())
    assert "inside its range" in out
    assert "1 active bounds and limits hold 1 freed specifications: the limits decide" in out


def test_exchange_and_problem_file(tmp_path: Path) -> None:
    # The exchanger's duty is held at 60 kW by the temperature; the least steam for it.
    path = tmp_path / "optimise.toml"
    path.write_text(
        '[optimise]\nname = "steam"\nobjective = "{H-101.duty}"\nunit = "W"\n'
        '[[optimise.exchange]]\nfixed = "E-101.duty"\nvalue = "60 kW"\nfreed = "H-101.temperature"\n'
        '[optimise.free]\n"E-101.conductance" = { low = "1 kW/K", high = "5 kW/K" }\n'
    )
    plant = routes.load(str(WARM))
    found = optimise(plant, read_problem(plant, path))
    assert found.after["E-101.duty"] == pytest.approx(60e3)
    assert found.active == ("E-101.conductance at upper bound",)
    assert found.after["H-101.temperature"] < found.before["H-101.temperature"]
    path.write_text("[optimise]\n")
    with pytest.raises(UsageError, match="has no objective, no unit, no free"):
        read_problem(plant, path)


def test_drawing_without_pygraphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(ModelError, match="pip install 'pygraphviz>=2'"):
        drawing.svg(routes.load(str(WARM)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{H-101.dty}", "Did you mean 'duty'"),
        ("{H-109.duty}", "Did you mean 'H-101'"),
        ("{hot liquor.temprature}", "Did you mean 'temperature'"),
        ("{hot liquor.flow[Na+]}", "holds no 'Na\\+'"),
        ("open('x')", "is not allowed here"),
        ("{H-101.duty} +", "is no expression"),
        ("{H-101.temperature:power}", "is no heat"),
        ("{H-101.duty:money}", "only ':power'"),
    ],
)
def test_wrong_expressions(text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        expression(routes.load(str(WARM)), text)


def test_expressions_give_the_numbers_of_the_solution(solution: Solution) -> None:
    import pyomo.environ as pyo

    plant = routes.load(str(WARM))
    names = {
        "{hot liquor.mass_flow}": solution.stream("hot liquor").mass_flow,
        "{liquor.content[NO3-]}": 0.4,
        "sqrt({H-101.duty}**2) / 2": solution["H-101.duty"] / 2,
        "{H-101.duty:power}": 0.0,
        "-{lye.flow[K+]} + exp(0) * {1 mol/s}": 0.0,
    }
    made = {text: expression(plant, text) for text in names}
    plant.solve()
    for text, value in names.items():
        assert pyo.value(made[text]) == pytest.approx(value, rel=1e-9, abs=1e-12), text


def test_wrong_problems() -> None:
    plant = routes.load(str(WARM))
    with pytest.raises(UsageError, match="H-101.duty is not given, so it cannot be freed"):
        optimise(plant, Problem("o", OBJECTIVE, "W", (Free("H-101.duty", 1.0, 2.0),)))
    plant = routes.load(str(WARM))
    with pytest.raises(UsageError, match="the range 5 to 2 W/K is empty"):
        optimise(plant, Problem("o", OBJECTIVE, "W", (Free("E-101.conductance", 5.0, 2.0),)))


def test_table_of_outlets(solution: Solution) -> None:
    text = table(solution, (Tracked("K", "K"), Tracked("N", "N")), ("liquor", "NO3-"), basis="kg x")
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines()]
    assert rows[0] == ["g per kg x", "K", "N"]
    # 1 mol K and 0.4 mol N per 0.4 mol nitrate of 62.005 g; the lye brings no nitrogen.
    assert float(rows[2][1]) == pytest.approx(39098.3 / (0.4 * 62.0049), rel=1e-3)
    assert rows[2][2] == "·"
    sums = {r[0]: r[1:] for r in rows if "sum" in r[0]}
    assert sums["**sum in**"] == sums["**sum out**"]
    assert float(sums["**sum in**"][1].strip("*")) == pytest.approx(14006.7 / 62.0049, rel=1e-3)


def test_rounding_is_a_dot_also_where_nothing_enters() -> None:
    # Fixed nitrogen is made inside: none enters, 1 mol/s leaves, and rounding beside it.
    def stream(name: str, source: str | None, flows: dict[str, float]) -> StreamResult:
        target = None if source else "U"
        return StreamResult(name, source, target, "gas", 300.0, 1e5, flows, {}, 0.0, None)

    streams = {
        "air": stream("air", None, {"N2": 0.5}),
        "product": stream("product", "U", {"NH3": 1.0}),
        "vent": stream("vent", "U", {"H2": 1.0, "NH3": 1e-22}),
        "slip": stream("slip", "U", {"NH3": 1e-4}),
    }
    audits = Audits(0.0, "", 0.0, "", 0.0, "")
    made = Solution("made", streams, {}, audits, {})
    tracked = (Tracked("N, fixed", "N", ignored=("N2",)), Tracked("H", "H"))
    text = table(made, tracked, ("product", "NH3"))
    rows = {c[0].strip(): [x.strip() for x in c[1:]] for c in _cells(text)}
    assert rows["out: vent"][0] == "·"
    assert rows["out: vent"][1] != "·"
    assert float(rows["out: slip"][0]) == pytest.approx(1e-4 * 14006.7 / 17.0305, rel=1e-3)


def _cells(text: str) -> list[list[str]]:
    return [line.strip("|").split("|") for line in text.splitlines()]
