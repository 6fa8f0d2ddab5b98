"""The benchmark runs and compares like with like; how fast is for the command to say."""

import importlib.util
from pathlib import Path

import pytest

pytest.importorskip("cantera")
SCRIPT = Path(__file__).with_name("gas_states.py")


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("gas_states", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_command_fails_when_it_is_slower(script, monkeypatch, capsys):
    monkeypatch.setattr(script, "ALLOWED", 1e-6)
    assert script.main(["--states", "300"]) == 1
    assert "(1e-06 allowed)" in capsys.readouterr().out


def test_both_give_the_same_enthalpies(script):
    rows = list(script.enthalpies(2000))
    assert [r[0] for r in rows] == list(script.GASES)
    for name, *_, off in rows:
        assert off < 1e-4, name


def test_expressions_stay_sparse(script):
    """Few operations: 2 a term for one gas, 2 a term and gas for a mixture, 3 a term for water."""
    count = dict(script.expressions())
    assert count["enthalpy of one gas, NASA-7"] <= 12
    assert count["Gibbs energy of one gas, NASA-9"] <= 26
    assert count["saturation pressure of water"] <= 36
    assert count["enthalpy of a mixture of 8 gases"] <= 2 * 6 * 8
    assert count["enthalpy of humid air"] <= 110


def test_the_table_is_written(script, capsys):
    assert script.main(["--states", "20000"]) == 0  # 0.1 to 0.4 of Cantera's CPU time; 3 is allowed
    text = capsys.readouterr().out
    assert "| enthalpy of 20000 states |" in text
    assert "times Cantera's time at worst (3 allowed)" in text
