"""Layers, sizes and start-up cost: what keeps the code base whole."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(p for d in ("src", "solvers", "flowsheets") for p in (ROOT / d).rglob("*.py"))
HEAVY = ("cantera", "CoolProp", "casadi", "pyomo", "scipy", "pandas")


def test_layers_hold() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as l; l()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["ruff", "format", "--check", "."]])
def test_ruff(command: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr


def test_mypy() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_size_budget(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 400, "module longer than 400 lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            doc = ast.get_docstring(node, clean=False)
            length = node.end_lineno - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)
            assert length <= 40, f"{node.name} has {length} lines"


def test_import_is_light() -> None:
    code = "import sys, json, noxplant; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = json.loads(run.stdout)
    assert not [m for m in loaded if m.split(".")[0] in HEAVY]
    # Importing numpy and networkx is the yardstick, in CPU seconds and, free of noise, in modules.
    code = "import sys, json, numpy, networkx; print(len(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert len(loaded) <= 1.5 * int(run.stdout)
    own, yardstick = (
        [_cpu(f"import {m}") for _ in range(3)] for m in ("noxplant", "numpy, networkx")
    )
    assert min(own) <= 1.5 * min(yardstick)


def _cpu(code: str) -> float:
    """CPU seconds of a fresh interpreter, its start included."""
    timed = f"import time; {code}; print(time.process_time())"
    run = subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True)
    return float(run.stdout)


def test_public_names() -> None:
    import noxplant

    assert noxplant.__all__ == sorted(noxplant.__all__)
    for name in noxplant.__all__:
        assert getattr(noxplant, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Flowsheets'"):
        _ = noxplant.Flowsheets
