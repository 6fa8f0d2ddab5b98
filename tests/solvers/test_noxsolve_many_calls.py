"""Calls of `solve_many`: what is refused, files of studies, the frozen result."""

import math
import sys

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest
from many_models import closed_form, reactor_solver

from noxsolve import ModelError, SquareSolver, Status, solve_many
from noxsolve.errors import MissingPackage


def test_wrong_calls_are_refused_by_name():
    _, solver = reactor_solver()
    with pytest.raises(ModelError, match=r"'Tt' is no input of the model.*did you mean 'T'"):
        solve_many(solver, {"Tt": [1.0]})
    with pytest.raises(ModelError, match=r"'k' is no input of the model \(not fixed"):
        solve_many(solver, {"k": [1.0]})
    with pytest.raises(ModelError, match=r"output 'n\[3\]' is no unknown.*did you mean 'n\["):
        solve_many(solver, {"T": [350.0]}, outputs=["n[3]"])
    with pytest.raises(ModelError, match=r"as there are scenarios: .*T has 2.*"):
        solve_many(solver, {"T": [350.0, 351.0], "feed": [1.0, 2.0, 3.0]})
    with pytest.raises(ModelError, match=r"shape \(scenarios, 3\).*not \(4, 2\)"):
        solve_many(solver, np.ones((4, 2)))
    with pytest.raises(ModelError, match=r"no executor 'gpu'; choose one of auto, casadi"):
        solve_many(solver, {"T": [350.0]}, executor="gpu")
    with pytest.raises(ModelError, match=r"no rescue 'all'; choose one of full"):
        solve_many(solver, {"T": [350.0]}, rescue="all")
    with pytest.raises(ModelError, match=r"threads = 0: give a whole number of at least 1"):
        solve_many(solver, {"T": [350.0]}, threads=0)
    with pytest.raises(ModelError, match="no inputs are given"):
        solve_many(solver, {})


def test_without_llvmlite(monkeypatch):
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    monkeypatch.setitem(sys.modules, "llvmlite.binding", None)
    _, solver = reactor_solver()
    with pytest.raises(MissingPackage, match=r"llvmlite.*pip install 'noxplant\[fast\]'"):
        solve_many(solver, {"T": [350.0]}, executor="llvm")
    T = np.linspace(348.0, 352.0, 600)
    data = solve_many(solver, {"T": T, "volume": 2.8}, outputs=["n[2]"])
    np.testing.assert_allclose(data["n[2]"], closed_form(2.0, T, 2.8), rtol=1e-12)


def test_a_killed_study_goes_on(tmp_path):
    _, solver = reactor_solver()
    T = np.linspace(335.0, 356.0, 90)
    path = tmp_path / "study.csv"
    whole = solve_many(solver, {"T": T}, outputs=["n[2]", "heat"])
    assert len(whole.counts()) > 1

    class Killed(Exception):
        pass

    def kill(done, total):
        if done >= 64:
            raise Killed

    with pytest.raises(Killed):
        solve_many(solver, {"T": T}, outputs=["n[2]", "heat"], file=path, progress=kill, threads=1)
    text = path.read_text()
    known = text.count("\n") - 1
    assert 0 < known < 90
    path.write_text(text[:-7])  # cut off in the middle of a number
    seen = []
    told = {"progress": lambda done, total: seen.append((done, total))}
    data = solve_many(solver, {"T": T}, outputs=["n[2]", "heat"], file=path, **told)
    assert seen[0] == (known - 1, 90)
    assert seen[-1] == (90, 90)
    assert data.status == whole.status
    assert data.message == whole.message
    np.testing.assert_array_equal(data["heat"], whole["heat"])
    assert path.read_text().count("\n") == 91
    with pytest.raises(ModelError, match=r"another study: the inputs of its row 0"):
        solve_many(solver, {"T": T + 1}, outputs=["n[2]", "heat"], file=path)
    with pytest.raises(ModelError, match=r"another study: its columns"):
        solve_many(solver, {"T": T}, outputs=["heat"], file=path)


def test_dataset_is_frozen_and_can_be_written(tmp_path):
    _, solver = reactor_solver()
    data = solve_many(solver, {"T": [345.0, 350.0]}, outputs=["n[2]", "k"])
    with pytest.raises(ValueError, match="read-only"):
        data["k"][0] = 1.0
    with pytest.raises(AttributeError):
        data.status = ()
    with pytest.raises(ModelError, match=r"no input or output is called 'x'; there are T, n\[2\]"):
        data["x"]
    frame = data.frame()
    assert list(frame.columns) == ["T", "n[2]", "k", "status", "method", "iterations", "message"]
    data.to_csv(tmp_path / "a.csv")
    read = pd.read_csv(tmp_path / "a.csv")
    np.testing.assert_allclose(read["n[2]"], data["n[2]"], rtol=1e-15)
    assert data.counts() == {Status.SOLVED: 2}
    assert len(data) == 2
    assert math.isclose(data["k"][1], 1e3 * math.exp(-8.0), rel_tol=1e-13)


def test_order_does_not_matter_to_what_needs_rescue():
    _, solver = reactor_solver()
    T, feed = np.linspace(341.0, 362.0, 12), np.linspace(2.3, 1.7, 12)
    one = solve_many(solver, {"T": T, "feed": feed})
    order = np.random.default_rng(4).permutation(12)
    other = solve_many(solver, {"T": T[order], "feed": feed[order]})
    assert len(one.counts()) > 1
    assert tuple(one.status[k] for k in order) == other.status
    assert tuple(one.message[k] for k in order) == other.message
    np.testing.assert_allclose(one["n[2]"][order], other["n[2]"], rtol=1e-10)


def test_the_base_case_must_solve():
    m = pyo.ConcreteModel()
    m.p, m.x = pyo.Var(initialize=-1.0), pyo.Var(initialize=1.0)
    m.p.fix()
    m.row = pyo.Constraint(expr=m.x**2 == m.p)
    with pytest.raises(ModelError, match="the base case is not solved: "):
        solve_many(m, {"p": [1.0]})


def test_a_singular_base_case_is_refused():
    m = pyo.ConcreteModel()
    m.p, m.x, m.y = pyo.Var(initialize=0.0), pyo.Var(initialize=0.0), pyo.Var(initialize=1.0)
    m.p.fix()
    m.row = pyo.Constraint(expr=m.x**2 * m.y == m.p)
    m.other = pyo.Constraint(expr=m.y + m.x * m.x == 1.0)
    solver = SquareSolver(m, nominal={})
    assert solver.check().solved
    with pytest.raises(ModelError, match="singular at the base case"):
        solve_many(solver, {"p": [1.0]})
