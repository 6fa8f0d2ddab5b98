"""Models that ship with Pyomo, run by the runner and judged by Pyomo's own evaluation.

They are Pyomo's regression models of its writers (every operator, fixed variables in every place)
and its examples; files that a Pyomo release does not ship are skipped.
"""

from pathlib import Path

import casadi as ca
import numpy as np
import pyomo
import pyomo.environ as pyo
import pytest
from test_noxsolve_hock_schittkowski import terms

from noxsolve.errors import ModelError
from noxsolve.loadfile import load_model
from noxsolve.runner import Job, run_file
from noxsolve.translate import by_walking, through_file

ROOT = Path(pyomo.__file__).parent
FILES = [
    p
    for place in (
        "repn/tests/ampl/small*.py",
        "repn/tests/baron/small*.py",
        "repn/tests/gams/small*.py",
        "core/tests/examples/pmedian_concrete.py",
        "core/tests/examples/pmedian4.py",
        "contrib/pynumero/examples/callback/reactor_design.py",
        "contrib/sensitivity_toolbox/examples/*.py",
        "contrib/trustregion/examples/*.py",
        "contrib/mpc/examples/cstr/*.py",
        "devel/initialization/examples/*.py",
        "neos/tests/model_min_lp.py",
    )
    for p in sorted(ROOT.glob(place))
    if not p.name.startswith("_")
]

KNOWN = {
    "reactor_design": 1072.4372,  # Pyomo's book, reactor design problem: max cb
    "parameter": 0.5,  # sIPOPT manual: f = 0.5 at eta = (4.5, 1)
    "model_min_lp": -1.0,
}


def ident(path):
    return str(path.relative_to(ROOT))


def loaded(path):
    try:
        return load_model(path)
    except (ModelError, ImportError) as error:
        pytest.skip(str(error))


@pytest.mark.skipif(not FILES, reason="this Pyomo ships no models")
def test_enough_is_shipped_to_mean_something():
    assert len(FILES) >= 20


@pytest.mark.parametrize("path", FILES, ids=ident)
def test_what_is_called_optimal_holds(path):
    loaded(path)
    run = run_file(path, Job(time_limit=10, attempts=1))
    if not run.record.solved:
        assert run.record.message
        assert run.record.status != "FAILED", run.record.message
        return
    problem = run.problem
    for v in problem.variables:
        assert v.lb is None or v.value >= v.lb - 1e-6 * max(1, abs(v.lb))
        assert v.ub is None or v.value <= v.ub + 1e-6 * max(1, abs(v.ub))
    for c in problem.translated.constraints:
        short = max(0.0, -c.lslack() if c.has_lb() else 0.0, -c.uslack() if c.has_ub() else 0.0)
        assert short <= 1e-6 * max(1.0, terms(c.body)), c.name
    if path.stem in KNOWN:
        assert run.record.objective == pytest.approx(KNOWN[path.stem], rel=1e-5)


@pytest.mark.parametrize("path", FILES, ids=ident)
def test_translations_agree_with_pyomo(path):
    m = loaded(path)
    generator = np.random.default_rng(5)
    tried = 0
    for route in (through_file, by_walking):
        try:
            t = route(m)
        except Exception:  # noqa: BLE001, S112
            continue
        tried += 1
        function = ca.Function("f", [t.symbols], [t.body])
        for _ in range(2):
            for v in t.variables:
                v.set_value(generator.uniform(0.1, 0.9), skip_validation=True)
            values = np.array(function([v.value for v in t.variables])).ravel()
            for c, body, low, high in zip(t.constraints, values, t.lower, t.upper, strict=True):
                try:
                    expected = pyo.value(c.body)
                except (ValueError, ZeroDivisionError, OverflowError):
                    continue
                if isinstance(expected, complex):
                    continue
                limits = [pyo.value(b) for b in (c.lower, c.upper) if b is not None]
                ours = [b - body for b in (low, high) if np.isfinite(b)]
                room = 1e-12 * (abs(expected) + terms(c.body) + max(map(abs, limits)))
                assert sorted(set(ours)) == pytest.approx(
                    sorted({b - expected for b in limits}), rel=0, abs=room
                ), c.name
    if not tried:
        pytest.skip("no route takes this model")
