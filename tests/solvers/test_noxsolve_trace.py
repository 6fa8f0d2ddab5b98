"""Convergence as data and picture."""

import csv
import io
import math
import xml.etree.ElementTree as ET

import numpy as np
from noxsolve_models import combustion, rosenbrock, water_gas_shift
from pyomo.common.collections import ComponentMap

from noxsolve.square import SquareSolver
from noxsolve.trace import current, recording

SVG = "{http://www.w3.org/2000/svg}"


def traced(make, **options):
    m, nominal, _ = make()
    solver = SquareSolver(m, nominal=nominal, **options)
    with recording() as trace:
        found = solver.solve()
    return trace, found, solver


def test_every_newton_step_is_a_record():
    trace, found, _ = traced(combustion)
    assert found.solved
    newton = [s for s in trace.steps if s.method == "newton"]
    assert len(newton) == found.newton_iterations
    assert [s.number for s in trace.steps] == list(range(1, len(trace.steps) + 1))
    last = trace.steps[-1]
    assert last.step < 1e-8
    assert trace.solved[-1]
    assert all(s.equation.startswith("c[") for s in newton)
    assert all(s.size == 5 for s in newton)


def test_residuals_and_steps_are_those_of_the_model():
    """Newton on x^2 = 2 from 3/2: step (2 - x^2)/(2 x), residual over its scale |J| = 2 x."""
    import pyomo.environ as pyo

    m = pyo.ConcreteModel()
    m.x = pyo.Var(initialize=1.5)
    m.root = pyo.Constraint(expr=m.x**2 == 2)
    solver = SquareSolver(m, nominal=ComponentMap())
    with recording() as trace:
        assert solver.solve().solved
    x, scale = 1.5, 3.0  # the scale stays that of the start
    for step in trace.steps[:3]:
        assert math.isclose(step.residual, abs(x * x - 2) / scale, rel_tol=1e-9)
        assert math.isclose(step.step, abs((2 - x * x) / (2 * x)), rel_tol=1e-9)
        assert (step.block, step.equation) == ("x", "root")
        x += (2 - x * x) / (2 * x)


def test_recording_changes_no_bit_and_ends():
    m, nominal, _ = combustion()
    plain = SquareSolver(m, nominal=nominal)
    plain.solve()
    _, _, solver = traced(combustion)
    np.testing.assert_array_equal(plain.compiled.x, solver.compiled.x)
    assert current() is None


def test_ipopt_and_failed_runs_are_told_apart():
    import pyomo.environ as pyo

    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(initialize=1.0), pyo.Var(initialize=1.0)
    m.none = pyo.Constraint(expr=m.x**2 + m.y**2 == -1)
    m.line = pyo.Constraint(expr=m.x * m.y == 0.2)
    solver = SquareSolver(m, nominal=ComponentMap())
    with recording() as trace:
        assert not solver.solve().solved
    assert {s.method for s in trace.steps} == {"newton", "ipopt"}
    assert not any(trace.solved)
    picture = ET.fromstring(trace.svg("None"))
    crosses = [p for p in picture.iter(f"{SVG}path") if "l8,8" in p.get("d", "")]
    assert crosses


def test_csv_has_a_line_for_each_iteration():
    trace, _, _ = traced(water_gas_shift)
    rows = list(csv.DictReader(io.StringIO(trace.csv())))
    assert len(rows) == len(trace.steps)
    assert float(rows[0]["residual"]) == trace.steps[0].residual
    assert rows[0]["block"] == trace.steps[0].block
    assert {r["solved"] for r in rows} == {"True"}


def test_the_picture_has_a_point_for_each_iteration_within_its_axes():
    trace, _, _ = traced(combustion)
    picture = ET.fromstring(trace.svg("Combustion & <more>"))
    assert "Combustion & <more>" in "".join(picture.itertext())
    points = list(picture.iter(f"{SVG}circle"))
    assert len(points) == 2 * len(trace.steps)
    width, height = float(picture.get("width")), float(picture.get("height"))
    assert all(0 < float(p.get("cx")) < width and 0 < float(p.get("cy")) < height for p in points)
    tall = [float(p.get("cy")) for p in points[: len(trace.steps)]]
    order = np.argsort([s.residual for s in trace.steps])
    assert (np.diff(np.array(tall)[order]) <= 0.11).all()  # the smaller the lower


def test_nothing_to_do_is_drawn_too():
    with recording() as trace:
        pass
    assert "No iteration" in trace.svg()
    assert trace.csv().count("\n") == 1


def test_names_can_be_those_of_the_user():
    m, nominal, _ = rosenbrock()
    with recording(lambda name: f"<{name}>") as trace:
        SquareSolver(m, nominal=nominal).solve()
    assert trace.steps[0].block.startswith("<")
    ET.fromstring(trace.svg())
