"""`python -m noxsolve PATH`: scripts of all kinds, folders, records, exit status."""

import json
import subprocess
import sys
import textwrap
import time

import pytest

from noxsolve.__main__ import main
from noxsolve.batch import read_records, run_folder
from noxsolve.errors import ModelError
from noxsolve.loadfile import NoModel, load_model
from noxsolve.runner import Job, run_file

HEAD = "from pyomo.environ import *\n"
ROSENBROCK = """
model = ConcreteModel()
model.x, model.y = Var(initialize=-1.2), Var(initialize=1, bounds=(None, 0.25))
model.o = Objective(expr=(1 - model.x)**2 + 100*(model.y - model.x**2)**2)
model.c = Constraint(expr=model.x <= 3)
"""


def write(folder, name, text, head=HEAD):
    path = folder / name
    path.write_text(head + textwrap.dedent(text))
    return path


def optimum():
    """Independent: bisection on f'(x) = 0 of the problem with y = 1/4."""
    low, high = 0.4, 0.6
    for _ in range(200):
        x = (low + high) / 2
        slope = -2 * (1 - x) - 400 * x * (0.25 - x * x)
        low, high = (low, x) if slope > 0 else (x, high)
    return (1 - x) ** 2 + 100 * (0.25 - x * x) ** 2


def test_report_and_exit_status(tmp_path, capsys):
    path = write(tmp_path, "rosen.py", ROSENBROCK)
    assert main([str(path), "--values", "--duals"]) == 0
    text = capsys.readouterr().out
    assert "2 variables, 0 equations, 1 inequalities" in text
    assert "Optimal:" in text
    assert f"objective  {optimum():.6g}"[:17] in text
    assert "at bounds  y = 0.25" in text
    assert "no inequality is active" in text
    assert "value      x = 0.50" in text


def test_as_a_program(tmp_path):
    path = write(tmp_path, "rosen.py", ROSENBROCK)
    command = [sys.executable, "-m", "noxsolve", str(path), "--json", "-", "--options", "tol=1e-10"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    record = json.loads(run.stdout)
    assert record["objective"] == pytest.approx(optimum(), rel=1e-7)
    assert record["status"] == "OPTIMAL"
    assert (record["variables"], record["constraints"], record["route"]) == (2, 1, "nl")
    assert record["iterations"] > 3
    assert record["violation"] <= 1e-6


def test_help_teaches(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert "examples:" in text
    assert "exit status: 0 solved" in text


@pytest.mark.parametrize(
    "arguments", [["absent.py"], ["here.py", "--options", "tol"], ["here.py", "--solver", "gurobi"]]
)
def test_wrong_usage_is_2(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "here.py", ROSENBROCK)
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_no_model_is_2_and_a_failure_is_1(tmp_path, capsys):
    assert main([str(write(tmp_path, "none.py", "x = 1"))]) == 2
    assert "none.py holds no Pyomo model" in capsys.readouterr().err
    broken = write(tmp_path, "broken.py", "raise RuntimeError('no data today')")
    assert main([str(broken)]) == 1
    assert "RuntimeError: no data today" in capsys.readouterr().out
    bad = ROSENBROCK + "model.d = Constraint(expr=model.x**2 + model.y**2 == -1)"
    assert main([str(write(tmp_path, "bad.py", bad)), "--attempts", "1"]) == 1
    assert "Worst row 'd'" in capsys.readouterr().out


ABSTRACT = """
from pyomo.core import *
model = AbstractModel()
model.n = Param(within=Integers)
model.a = Param(RangeSet(1, 2))
model.x = Var(RangeSet(1, 2), initialize=3)
def o(model):
    return sum((model.x[i] - model.a[i])**2 for i in range(1, 3)) + model.n
model.o = Objective(rule=o)
"""

SCRIPTS = {
    "m": ROSENBROCK.replace("model", "m"),
    "other_name": ROSENBROCK.replace("model", "plant"),
    "function": f"def pyomo_create_model(options, model_options):\n{textwrap.indent(ROSENBROCK, '    ')}    return model\n",
    "build": f"def build_model(size=3):\n{textwrap.indent(ROSENBROCK, '    ')}    return model\n",
    "prints": ROSENBROCK + "print('hello')\nmodel.pprint()\n",
    "solves": ROSENBROCK + "opt = SolverFactory('ipopt')\nopt.options['tol'] = 1e-3\nopt.solve(model, tee=True)\nmodel.x.fix(7)\n",
    "solves_in_main": f"def main():\n{textwrap.indent(ROSENBROCK, '    ')}    SolverFactory('gurobi').solve(model)\nif __name__ == '__main__':\n    main()\n",
    "exits": ROSENBROCK + "import sys\nsys.exit(3)\n",
    "relative_file": ROSENBROCK + "import pathlib; pathlib.Path('data.txt').read_text()\nimport helper\n",
    "dual": ROSENBROCK + "model.dual = Suffix(direction=Suffix.IMPORT)\n",
    "old_name": "from coopr.pyomo import *\nfrom pyomo.core.expr.current import Expr_if\n" + ROSENBROCK,
    "future": "from __future__ import division\n" + HEAD + ROSENBROCK,
    "chained": ROSENBROCK.replace("model.x <= 3)", "-3 <= model.x <= 3)") + "for k in range(2):\n    if 0 <= k < 2 <= 2:\n        model.c.body\n",
    "chained_back": ROSENBROCK.replace("model.x <= 3)", "3 >= model.x >= model.low)").replace("model.o =", "model.low = Param(initialize=-3, mutable=True)\nmodel.o ="),
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_of_all_kinds(name, tmp_path, capsys):
    text = SCRIPTS[name]
    (tmp_path / "data.txt").write_text("1")
    (tmp_path / "helper.py").write_text("value = 1")
    path = write(tmp_path, f"{name}.py", text, "" if text.startswith("from") else HEAD)
    before = list(sys.path)
    run = run_file(path, Job())
    assert run.record.solved, run.record.message
    assert run.record.objective == pytest.approx(optimum(), rel=1e-6)
    assert sys.path == before
    assert capsys.readouterr().out == ""


def test_chained_comparisons_keep_their_meaning(tmp_path):
    text = """
    def loud(k, seen=[]):
        seen.append(k)
        return k
    inside = [k for k in range(-2, 8) if 0 < k <= 5]
    short = 3 < 2 < 1 / 0
    once = 1 <= loud(2) <= 3
    mixed = 1 < 3 > 2
    m = ConcreteModel()
    m.x = Var(initialize=1)
    m.c = Constraint(expr=0 <= m.x + 1 <= sum(inside))
    m.found = (inside, short, once, mixed, loud.__defaults__[0])
    """
    m = load_model(write(tmp_path, "chains.py", text))
    assert m.found == ([1, 2, 3, 4, 5], False, True, True, [2])
    assert (m.c.lower, m.c.upper) == (0, 15)
    bad = "m = ConcreteModel()\nm.x = Var()\nm.y = Var()\nm.c = Constraint(expr=m.y <= m.x <= 3)\n"
    with pytest.raises(ModelError, match=r"bad\.py fails: PyomoException: Cannot convert"):
        load_model(write(tmp_path, "bad.py", bad))


def test_a_sum_of_thousands_of_terms_in_one_expression(tmp_path):
    """Python itself refuses to compile it within its usual recursion limit."""
    n = 5000
    text = "".join(f"m.x{k} = Var(initialize=0.5)\n" for k in range(n))
    terms = " + ".join(f"(m.x{k} - {k % 7})*(m.x{k} - {k % 7})" for k in range(n))
    tail = f"m.o = Objective(expr={terms})\nm.c = Constraint(expr=0 <= m.x6 <= 4)\n"
    path = write(tmp_path, "long.py", "m = ConcreteModel()\n" + text + tail)
    with pytest.raises(RecursionError):
        compile(path.read_text(), "long.py", "exec")
    run = run_file(path, Job())
    assert run.record.solved, run.record.message
    assert run.record.objective == pytest.approx(4, rel=1e-6)


def test_a_limit_ends_what_no_solver_watches(tmp_path, capsys, monkeypatch):
    """Loading and setting up are limited too; within the limit the report is the usual one."""
    monkeypatch.setattr("noxsolve.batch.GRACE", 0.1)
    stuck = write(tmp_path, "stuck.py", "import time\ntime.sleep(60)\n")
    began = time.perf_counter()
    assert main([str(stuck), "--time-limit", "0.4", "--json", str(tmp_path / "r.jsonl")]) == 1
    assert time.perf_counter() - began < 30
    assert "status     Time limit" in capsys.readouterr().out
    assert read_records(tmp_path / "r.jsonl")["stuck"].status == "TIME_LIMIT"
    quick = write(tmp_path, "quick.py", ROSENBROCK)
    assert main([str(quick), "--time-limit", "60", "--values"]) == 0
    limited = capsys.readouterr().out
    assert "value      x = " in limited
    assert main([str(write(tmp_path, "none.py", "a = 1\n")), "--time-limit", "60"]) == 2


def test_several_models_need_a_name(tmp_path):
    both = ROSENBROCK.replace("model", "one") + ROSENBROCK.replace("model", "two")
    path = write(tmp_path, "both.py", both)
    with pytest.raises(ModelError, match=r"several models \(one, two\); choose with --name"):
        load_model(path)
    assert load_model(path, "two").name is not None
    with pytest.raises(NoModel, match="named 'three'"):
        load_model(path, "three")


def test_abstract_models_take_their_data(tmp_path):
    path = write(tmp_path, "abstract.py", ABSTRACT, head="")
    with pytest.raises(ModelError, match=r"without data \(abstract.dat is absent\)"):
        load_model(path)
    (tmp_path / "abstract.dat").write_text("param n := 7; param a := 1 4 2 5;")
    run = run_file(path, Job())
    assert run.record.objective == pytest.approx(7, abs=1e-8)


def test_whole_numbers_and_transformations(tmp_path):
    text = """
    from pyomo.gdp import Disjunction
    m = ConcreteModel()
    m.x, m.y = Var(bounds=(0, 4), initialize=1), Var(domain=Integers, bounds=(0, 4), initialize=1)
    m.o = Objective(expr=(m.x - 2.2)**2 + (m.y - 1.7)**2)
    m.d = Disjunction(expr=[m.x <= 1, m.x + m.y >= 5])
    """
    path = write(tmp_path, "gdp.py", text)
    refused = run_file(path, Job())
    assert refused.record.status == "UNSUPPORTED"
    assert "gdp.bigm" in refused.record.message
    run = run_file(path, Job(transform=["gdp.bigm"]))
    assert run.record.solver == "bonmin"
    choices = [((x - 2.2) ** 2 + (y - 1.7) ** 2) for y in range(5) for x in (min(1, 2.2), max(2.2, 5 - y)) if x <= 4]  # fmt: skip
    assert run.record.objective == pytest.approx(min(choices), rel=1e-6)
    wrong = run_file(path, Job(solver="ipopt", transform=["gdp.bigm"]))
    assert "'y'" in wrong.record.message


BAD = {
    "crash": "import os\nos._exit(9)",
    "endless": "while True:\n    pass",
    "broken": "1 / 0",
    "empty": "x = 1",
    "_hidden": "raise SystemExit",
}


def test_a_folder_survives_every_model(tmp_path, capsys):
    for name, text in {**BAD, "good": ROSENBROCK, "zeta": ROSENBROCK}.items():
        write(tmp_path, f"{name}.py", text)
    write(tmp_path, "tool.py", "raise RuntimeError('not a model, not run')", head="")
    results = tmp_path / "out.jsonl"
    status = main([str(tmp_path), "--json", str(results), "--time-limit", "0.5"])
    text = capsys.readouterr().out
    assert status == 1
    assert "2 of 5 models solved" in text
    assert "without a model: empty, tool" in text
    records = read_records(results)
    assert set(records) == {*BAD, "good", "zeta", "tool"} - {"_hidden"}
    assert records["endless"].status == "TIME_LIMIT"
    assert "exit 9" in records["crash"].message
    assert "ZeroDivisionError" in records["broken"].message
    assert records["good"].objective == pytest.approx(optimum(), rel=1e-6)


def test_a_run_that_was_ended_goes_on(tmp_path, capsys, monkeypatch):
    for name in ("a", "b", "c"):
        write(tmp_path, f"{name}.py", ROSENBROCK)
    results = tmp_path / "out.jsonl"
    assert main([str(tmp_path), "--json", str(results), "--only", "a"]) == 0
    with results.open("a") as file:
        file.write('{"name": "b", "vari')
    import noxsolve.batch as batch

    solved = []
    honest = batch.isolated
    monkeypatch.setattr(batch, "isolated", lambda p, j: (solved.append(p.stem), honest(p, j))[1])
    capsys.readouterr()
    assert main([str(tmp_path), "--json", str(results)]) == 0
    assert solved == ["b", "c"]
    assert "3 of 3 models solved" in capsys.readouterr().out
    assert len(results.read_text().splitlines()) == 3


def test_wrong_folders_and_results(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "holds no Python files" in capsys.readouterr().err
    write(tmp_path, "a.py", ROSENBROCK)
    (tmp_path / "out").write_text("no json\n")
    with pytest.raises(ModelError, match="holds no records"):
        run_folder(tmp_path, Job(), sys.stdout, tmp_path / "out")


def test_other_attempts_after_a_failure(tmp_path):
    """More equations than unknowns, but consistent: IPOPT refuses, narrow ranges solve it."""
    text = """
    m = ConcreteModel()
    m.x, m.y = Var(initialize=2), Var(initialize=1)
    m.c = Constraint([1, 2, 3], rule=lambda m, k: m.x + k * m.y == {rhs})
    m.o = Objective(expr=m.x**2)
    """
    path = write(tmp_path, "same.py", text.format(rhs="1 + 2 * k"))
    assert run_file(path, Job(attempts=1)).record.status == "TOO_MANY_EQUATIONS"
    run = run_file(path, Job())
    assert run.record.solved
    assert run.record.attempts == 2
    assert run.record.objective == pytest.approx(1, rel=1e-6)
    path = write(tmp_path, "other.py", text.format(rhs="k * k"))
    assert run_file(path, Job()).record.status == "INFEASIBLE"
