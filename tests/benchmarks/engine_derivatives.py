"""Cost of exact derivatives against Newton steps, in CPU seconds of one run.

Run: PYTHONPATH=src:solvers OMP_NUM_THREADS=1 python tests/benchmarks/engine_derivatives.py [--write]

Two plants: the main plant and the numerical plant. Two Newton steps to compare with: the step that a
solve takes (compiled equations and Jacobian in CasADi's virtual machine, sparse factorisation), and the
compiled step, which is one straight-line program in that virtual machine. Each time is the median of many
repetitions; the derivatives include the check of the point, the equations' values, their factorisation
and the derivatives by the inputs, as at a point seen first.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "solvers"))

import engine_page
import numerical_plant

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
        "ratio": forward / step,
        "compiled ratio": forward / compiled,
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
        " factorised already | Newton step of a solve | compiled Newton step | derivatives over"
        " Newton steps | over compiled Newton steps |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {r['plant']} | {r['equations']} | {r['forward']:.2f} | {r['again']:.2f} |"
        f" {r['adjoint']:.2f} | {r['step']:.2f} | {r['compiled']:.2f} | {r['ratio']:.2f} |"
        f" {r['compiled ratio']:.2f} |"
        for r in rows
    ]
    lines += [
        "",
        f"The derivatives are to cost at most {BAR:g} Newton steps. The Newton step of a solve evaluates"
        " equations and Jacobian in CasADi's virtual machine and factorises with SuperLU, as the"
        " derivatives do; the compiled step is one straight-line program of all its arithmetic in that"
        " virtual machine, for 20 inputs that vary, the others as numbers, and only for the unknowns that"
        " no equation gives by itself, so it computes less than the derivatives of all unknowns need."
        " Written by `python tests/benchmarks/engine_derivatives.py --write`.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    engine_page.show("derivatives", section, "Cost of exact derivatives")
