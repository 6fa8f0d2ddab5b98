"""Many scenarios against CasADi's IPOPT with default options on the same model, compiled once.

Run: python tests/benchmarks/engine_many.py [--write]   (two to three minutes; --write puts the tables
into docs/reference/engine.md). All times are CPU seconds of this process, ratios are of one run.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "solvers"), str(ROOT / "src"), str(ROOT / "solvers")]

import numerical_plant  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "engine.md"
BEGIN, END = "<!-- begin: many scenarios -->", "<!-- end: many scenarios -->"
WIDTH = 0.05
NUMBER = 8192
RUNS = 5
cpu = time.process_time


def median(function, runs=RUNS):
    """Median CPU seconds of a call."""
    times = []
    for _ in range(runs):
        start = cpu()
        function()
        times.append(cpu() - start)
    return statistics.median(times)


def peak():
    """Floating-point operations per second of NumPy's matrix product on one core."""
    a = np.random.default_rng(0).random((1200, 1200))
    a @ a
    return 2 * 1200**3 / median(lambda: a @ a)


def numerical():
    """(name, solver at its base case, inputs of all scenarios, cold start in seconds)."""
    plant, solver = numerical_plant.solved()
    given = numerical_plant.draws(plant, NUMBER, WIDTH)
    inputs = {plant.inputs[k].name: v for k, v in given.items()}
    return "numerical plant", solver, inputs, cold_numerical()


def cold_numerical():
    from noxsolve import CompiledModel, SquareSolver

    _, solver = numerical_plant.solved()
    model = numerical_plant.build().model
    nominal = dict(zip((v.name for v in solver.compiled.unknowns), solver.nominal, strict=True))
    compiled = CompiledModel(model)
    from pyomo.common.collections import ComponentMap

    sizes = ComponentMap((v, nominal[v.name]) for v in compiled.unknowns)
    start = cpu()
    outcome = SquareSolver(compiled, nominal=sizes).solve()
    return cpu() - start if outcome.solved else float("nan")


MAIN = (
    *("E-101.voltage", "E-101.temperature", "E-101.pressure", "F-102.factor"),
    *("D-101.water_fraction", "E-201.mass_transfer", "E-202.saturation", "F-201.held_liquor"),
    *(
        "C-201.condenser_temperature",
        "C-201.reflux_ratio",
        "V-301.caught",
        "D-101.regeneration_heat",
    ),
    *("F-203.temperature", "F-402.temperature", "F-301.amount[H2O]", "F-401.amount[H2SO4]"),
)


def main_plant():
    """The same of the main plant: specifications +/-1 % (temperatures +/-2 K)."""
    from noxplant import routes
    from noxplant.errors import SpecError

    plant = routes.load("nitrate-to-hydrazine")
    start = cpu()
    plant.solve()
    cold = cpu() - start
    solver, rng, inputs = plant.built.solver, np.random.default_rng(1), {}
    for path in MAIN:
        try:
            value, variable = plant.value(path), plant.variable(path)
        except SpecError:  # a specification that the plant no longer has
            continue
        if value is None or solver.compiled.input_index(variable) is None:
            continue
        width = 2.0 / value if 200 < value < 1000 else 0.01
        inputs[variable.name] = value * (1 + width * rng.uniform(-1, 1, NUMBER))
    return "main plant", solver, inputs, cold


def ipopt_seconds(solver, inputs):
    """Median CPU seconds of a warm solve by IPOPT, and how many of the solves succeeded."""
    c, good = solver.compiled, 0
    reference, times = numerical_plant.ipopt(c), []
    for row in range(2 * RUNS):
        p = c.p.copy()
        for k, v in enumerate(c.inputs):
            p[k] = inputs[v.name][row] if v.name in inputs else p[k]
        start = cpu()
        reference(x0=c.x, p=p, lbx=c.lower, ubx=c.upper, lbg=0, ubg=0)
        times.append(cpu() - start)
        good += bool(reference.stats()["success"])
    return statistics.median(times), good, 2 * RUNS


def measure(name, solver, inputs, cold, flops):
    """Lines of the table of one plant."""
    from noxsolve.many import prepared, solve_many
    from noxsolve.prepared import Prepared

    c = solver.compiled
    varied = sorted(k for k, v in enumerate(c.inputs) if v.name in inputs)
    values = np.column_stack([inputs[c.inputs[k].name] for k in varied])
    ipopt, good, tried = ipopt_seconds(solver, inputs)
    made = {}
    for effort in (0, 1):
        start = cpu()
        ready = Prepared(solver, varied, "llvm", effort=effort)
        made[effort] = cpu() - start
    preparation = made[0]
    start = cpu()
    virtual = Prepared(solver, varied, "casadi")
    preparation_virtual = cpu() - start

    def single(which):
        rows = iter(range(1, 60))

        def one():
            row = values[(k := next(rows)) : k + 1]
            assert which.executor.run(row, which.executor.predict(row)).code[0] < 2

        return median(one, 25)

    warm, warm_vector = single(virtual), single(ready)
    outputs = [c.unknowns[k].name for k in range(0, len(c.x), max(len(c.x) // 10, 1))][:10]
    options = {"outputs": outputs, "threads": 1, "rescue": "none"}
    data = solve_many(solver, inputs, executor="llvm", **options)
    quick = median(lambda: solve_many(solver, inputs, executor="llvm", **options)) / NUMBER
    many = thorough(solver, varied, values, outputs)
    few = {k: v[:1024] for k, v in inputs.items()}
    prepared(solver, varied, "numpy")
    wide = median(lambda: solve_many(solver, few, executor="numpy", **options), 1) / 1024
    steps = float(data.iterations.mean())
    kernel = ready.executor.operations * steps / many
    rows = [
        ("equations; inputs that vary", f"{len(c.equations)}; {len(varied)}", ""),
        ("unknowns that Newton moves", f"{len(ready.step.core)}", ""),
        ("IPOPT, warm, default options", f"{ipopt * 1e3:.1f} ms ({good} of {tried} solved)", ""),
        ("warm single re-solve, CasADi's machine", f"{warm * 1e3:.3f} ms", bar(ipopt / warm, 150)),
        (
            "warm single re-solve, vector code",
            f"{warm_vector * 1e6:.0f} us",
            bar(ipopt / warm_vector, 150),
        ),
        *(
            (
                f"many, vector code of {ready.executor.lanes} lanes, {what}",
                f"{one * 1e6:.2f} us a solve; {1 / one:,.0f} solves per CPU second",
                bar(ipopt / one, 4000 if ready.executor.lanes == 8 else 2000),
            )
            for what, one in (("made quickly", quick), ("made for 200,000 and more", many))
        ),
        ("many, NumPy, per solve", f"{wide * 1e6:.0f} us", f"{ipopt / wide:,.0f} x"),
        (
            "solved by vector Newton, steps",
            f"{np.mean([m == 'newton' for m in data.method]):.2%}, {steps:.2f}",
            "",
        ),
        (
            "preparation, made quickly",
            f"{preparation:.2f} s; {preparation / len(c.equations) * 1e4:.1f} s per 10,000 equations",
            "met" if preparation / len(c.equations) * 1e4 <= 10 else "not met: 10",
        ),
        (
            "preparation, made for 200,000 and more",
            f"{made[1]:.2f} s; {made[1] / len(c.equations) * 1e4:.1f} s per 10,000 equations",
            "met" if made[1] / len(c.equations) * 1e4 <= 10 else "not met: 10",
        ),
        (
            "the same against the cost of 30 cold solves",
            f"{30 * cold:.1f} s",
            "met" if made[1] <= 30 * cold else "not met",
        ),
        ("preparation for CasADi's machine", f"{preparation_virtual:.2f} s", ""),
        (
            "operations of a step; of a core's peak in matrix products",
            f"{ready.executor.operations:,}; {kernel / flops:.0%} of {flops / 1e9:.1f} GF/s",
            "",
        ),
    ]
    return name, rows


def thorough(solver, varied, values, outputs):
    """CPU seconds of a solve by the code that is made for 200,000 scenarios and more."""
    from noxsolve.prepared import Prepared

    ready = Prepared(solver, varied, "llvm", effort=1)
    wanted = np.array([[v.name for v in solver.compiled.unknowns].index(k) for k in outputs])
    size = ready.executor.chunk

    def every():
        for a in range(0, NUMBER, size):
            ready.run(values[a : a + size], wanted)

    every()
    return median(every) / NUMBER


def bar(ratio, wanted):
    """A ratio and whether it meets its bar."""
    return f"{ratio:,.0f} x ({'met' if ratio >= wanted else 'not met'}: {wanted:,})"


def table(found):
    """Markdown of the tables."""
    lines = [
        BEGIN,
        "## Many scenarios",
        "",
        "Each scenario is warm from the base case; inputs of the numerical plant +/-5 %, of the main plant +/-1 %"
        " and +/-2 K. The reference is CasADi's IPOPT with default options on the same model, compiled once,"
        " from the base case. CPU seconds of one run; ten unknowns are kept of each scenario, residuals and"
        " bounds of all are checked.",
        "",
    ]
    for name, rows in found:
        lines += [f"| {name} | measured | against IPOPT, bar |", "|---|---|---|"]
        lines += [f"| {a} | {b} | {c} |" for a, b, c in rows]
        lines.append("")
    lines += ["Regenerated by `python tests/benchmarks/engine_many.py --write`.", END]
    return "\n".join(lines) + "\n"


def write(text):
    """Put the section into the page, beside those of others."""
    page = PAGE.read_text() if PAGE.exists() else "# The engine, measured\n\n"
    if BEGIN in page:
        head, _, rest = page.partition(BEGIN)
        page = head + text.rstrip("\n") + rest.partition(END)[2]
    else:
        page = page.rstrip("\n") + "\n\n" + text
    PAGE.write_text(page)


def main():
    flops = peak()
    text = table([measure(*plant(), flops) for plant in (numerical, main_plant)])
    sys.stdout.write(text)
    if "--write" in sys.argv:
        write(text)


if __name__ == "__main__":
    main()
