"""The commands of the benchmarks judge what they print: operations by count, arrays by a wide ratio."""

import importlib.util
from pathlib import Path

import pytest

pytest.importorskip("casadi")


def _script(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def aqueous():
    return _script("aqueous")


@pytest.fixture(scope="module")
def organic():
    return _script("organic")


def test_operations_of_an_aqueous_state(aqueous):
    for (label, name), most in aqueous.MOST.items():
        ops, with_jacobian = aqueous.operations(aqueous.STREAMS[label], name)
        assert 0.9 * most < ops <= most, label
        assert with_jacobian <= 3 * most, label


def test_operations_of_an_organic_state(organic):
    found = {label: ops for label, ops, _ in organic.rows()}
    assert set(found) == set(organic.MOST)
    for label, ops in found.items():
        assert 0.85 * organic.MOST[label] < ops <= organic.MOST[label], label


def test_a_state_of_an_array_costs_a_fraction_of_one_on_its_own(aqueous):
    """About 0.05 at this size; CPU time of one process, so that a busy machine does not matter."""
    array, single = aqueous.one_by_one(next(iter(aqueous.STREAMS.values())), "pitzer", 2000)
    assert array < aqueous.ALLOWED * single


def test_the_commands_fail_when_it_is_not_met(aqueous, organic, monkeypatch, capsys):
    monkeypatch.setattr(aqueous, "STREAMS", dict(list(aqueous.STREAMS.items())[:1]))
    assert aqueous.main(["1000"]) == 0
    monkeypatch.setattr(aqueous, "ALLOWED", 1e-6)
    assert aqueous.main(["200"]) == 1
    assert "NOT MET: catholyte" in capsys.readouterr().out
    assert organic.main(["50"]) == 0
    monkeypatch.setitem(organic.MOST, "standard potential at T", 1)
    assert organic.main(["50"]) == 1
    assert "NOT MET: standard potential at T" in capsys.readouterr().out
