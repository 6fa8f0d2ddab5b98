"""Cost of exact derivatives against Newton steps, in CPU seconds of one run.

Run: PYTHONPATH=src:solvers OMP_NUM_THREADS=1 python tests/benchmarks/engine_derivatives.py [--write]

Two plants: the main plant and the numerical plant. Two Newton steps to compare with: the step that a
solve takes (compiled equations and Jacobian in CasADi's virtual machine, sparse factorisation), and the
compiled step, which is one straight-line program in that virtual machine. The derivatives come in two
ways as well: without preparation (they include the check of the point, the equations' values, their
factorisation and the derivatives by the inputs, as at a point seen first), and as a straight-line program in
the same virtual machine. Each time is the median of many repetitions.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "solvers"))

import engine_page
import numerical_plant

from noxsolve.derivativecode import CompiledDerivatives
from noxsolve.sensitivity import Linearisation
from noxsolve.step import newton_step

INPUTS, REPEAT = 20, 200
BAR = 5.0
"""Newton steps that all outputs by 20 inputs may cost."""


def seconds(call, repeat):
    """Median CPU seconds of a call."""
    call()
    found = []
    for _ in range(repeat):
        began = time.process_time()
        call()
        found.append(time.process_time() - began)
    return statistics.median(found)


def evaluated_step(solver):
    """One Newton step of a solve: equations, Jacobian, scales, factorisation, direction."""
    newton, part, c = solver.newton, solver.whole, solver.compiled

    def step():
        c.evaluate()
        weight = 1.0 / newton.row_scale(part)
        solve, exact = newton._factorise(part, weight)
        assert exact
        return solve(-c.residual[part.rows] * weight)

    return step


def compiled_step(solver, varied):
    """One compiled Newton step in CasADi's virtual machine, and how many instructions it has."""
    program = newton_step(solver, varied)
    function = program.casadi()
    x, p = solver.compiled.x[program.core].copy(), solver.compiled.p[program.varied].copy()
    out = [np.zeros(function.numel_out(k)) for k in range(function.n_out())]
    buffer, call = function.buffer()
    for k, array in enumerate((x, p)):
        buffer.set_arg(k, memoryview(array))
    for k, array in enumerate(out):
        buffer.set_res(k, memoryview(array))
    buffers = (buffer, x, p, out)
    return call, function.n_instructions(), buffers


def measure(name, solver, repeat):
    """One row of the table."""
    c = solver.compiled
    varied = [k for k in range(len(c.p)) if c.p[k] != 0.0][:INPUTS]
    inputs = [c.inputs[k] for k in varied]
    step = seconds(evaluated_step(solver), repeat)
    call, instructions, _buffers = compiled_step(solver, varied)
    compiled = seconds(call, repeat)
    forward = seconds(lambda: Linearisation(solver).forward(inputs), repeat)
    again = Linearisation(solver)
    more = seconds(lambda: again.forward(inputs), repeat)
    began = time.process_time()
    made = CompiledDerivatives(solver, varied)
    preparation = time.process_time() - began
    x, p = c.x[None, :].copy(), c.p[None, varied].copy()
    program = seconds(lambda: made(x, p), repeat)
    weights = np.zeros((len(c.x), 3))
    weights[[0, len(c.x) // 2, -1], [0, 1, 2]] = 1.0
    adjoint = seconds(lambda: again.adjoint(weights), repeat)
    return {
        "plant": name,
        "equations": len(c.x),
        "forward": forward * 1e3,
        "again": more * 1e3,
        "adjoint": adjoint * 1e3,
        "step": step * 1e3,
        "compiled": compiled * 1e3,
        "instructions": instructions,
        "program": program * 1e3,
        "preparation": preparation,
        "operations": made.operations,
        "ratio": forward / step,
        "compiled ratio": program / compiled,
    }


def plants():
    """Names and solved solvers."""
    from noxplant import routes

    main = routes.load("nitrate-to-hydrazine")
    main.solve()
    yield "nitrate-to-hydrazine", main.built.solver
    yield "numerical plant", numerical_plant.solved()[1]


def section():
    """The table and what it says."""
    rows = [measure(name, solver, REPEAT) for name, solver in plants()]
    lines = [
        "## Cost of exact derivatives",
        "",
        "All unknowns with respect to 20 inputs at a solved point, from the point to the matrix, against"
        " Newton steps in the same run; CPU milliseconds, medians.",
        "",
        "| plant | equations | all x 20 inputs | the same, factorised already | 3 outputs x all inputs,"
        " factorised already | Newton step of a solve | **in Newton steps** | all x 20 inputs, compiled |"
        " compiled Newton step | **in compiled steps** |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {r['plant']} | {r['equations']} | {r['forward']:.2f} | {r['again']:.2f} |"
        f" {r['adjoint']:.2f} | {r['step']:.2f} | {r['ratio']:.2f} | {r['program']:.2f} |"
        f" {r['compiled']:.2f} | {r['compiled ratio']:.2f} |"
        for r in rows
    ]
    lines += [
        "",
        f"The bar is {BAR:g} Newton steps through the same virtual machine: {verdict(rows)}. Without preparation"
        " (`noxsolve.sensitivities`), equations and Jacobian are evaluated in CasADi's virtual machine and"
        " factorised with SuperLU, and a Newton step of a solve does the same. Compiled"
        " (`noxsolve.CompiledDerivatives`), step and derivatives are each one straight-line program in"
        f" that machine; the program of the derivatives has {operations(rows)} operations and is made in"
        f" {prepared(rows)} CPU seconds. The two are not to be mixed: derivatives without preparation cost"
        f" {mixed(rows)} compiled steps. Written by `python tests/benchmarks/engine_derivatives.py --write`.",
    ]
    return "\n".join(lines)


def verdict(rows):
    """Whether both ratios of all plants meet the bar."""
    worst = max(max(r["ratio"], r["compiled ratio"]) for r in rows)
    return "met both ways" if worst <= BAR else f"not met ({worst:.2f})"


def operations(rows):
    """Operations of the compiled derivatives of each plant."""
    return " and ".join(f"{r['operations']:,}" for r in rows)


def prepared(rows):
    """CPU seconds of their preparation."""
    return " and ".join(f"{r['preparation']:.1f}" for r in rows)


def mixed(rows):
    """Derivatives without preparation against compiled steps."""
    return " and ".join(f"{r['forward'] / r['compiled']:.1f}" for r in rows)


if __name__ == "__main__":
    engine_page.show("derivatives", section, "Cost of exact derivatives")
