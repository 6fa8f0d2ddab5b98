"""The Pyomo model of a script that nobody wrote for noxsolve."""

import contextlib
import inspect
import io
import logging
import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyomo.environ as pyo
from pyomo.contrib.solver.common.factory import SolverFactory as NewFactory
from pyomo.core.base.PyomoModel import AbstractModel, Model

from noxsolve.errors import ModelError
from noxsolve.oldscripts import compiled, old_names
from noxsolve.translate import show

NAMES = ("model", "m", "instance")
"""Names of a model at the top of a script, the first that exists is taken."""

BUILDERS = (
    *("pyomo_create_model", "create_model", "build_model", "make_model", "get_model"),
    *("create", "build", "main"),
)
"""Functions that are called, in this order, when a script holds no model at its top."""


class NoModel(ModelError):
    """A file without a Pyomo model in it."""


class FirstSolve(BaseException):
    """A script asked a solver for its model: that is the model that is meant."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model


class _Anything:
    """Takes every attribute, item and call, and does nothing."""

    def __getattr__(self, name: str) -> "_Anything":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __setattr__(self, name: str, value: Any) -> None:
        return None

    def __getitem__(self, name: Any) -> "_Anything":
        return self

    def __setitem__(self, name: Any, value: Any) -> None:
        return None

    def __call__(self, *arguments: Any, **keywords: Any) -> "_Anything":
        return self


class _Intercepted(_Anything):
    """What a script gets from SolverFactory: takes any setting, hands over what it shall solve."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__()

    def solve(self, model: Any = None, *arguments: Any, **keywords: Any) -> None:
        raise FirstSolve(model)

    set_instance = solve

    def available(self, *arguments: Any, **keywords: Any) -> bool:
        return True

    license_is_valid = warm_start_capable = available

    def __enter__(self) -> "_Intercepted":
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def __bool__(self) -> bool:
        return True


@contextlib.contextmanager
def intercepting_solvers() -> Iterator[None]:
    """Within, every solver that Pyomo's factories make is a stand-in that raises FirstSolve."""
    kinds = {type(pyo.SolverFactory), type(NewFactory)}
    before = {kind: kind.__dict__.get("__call__") for kind in kinds}
    for kind in kinds:
        kind.__call__ = lambda self, *a, **k: _Intercepted()
    try:
        yield
    finally:
        for kind, old in before.items():
            if old is None:
                del kind.__call__
            else:
                kind.__call__ = old


@contextlib.contextmanager
def inside(path: Path) -> Iterator[None]:
    """Run as the script would: in its folder, with its folder on the path, quietly."""
    folder, arguments, search = Path.cwd(), sys.argv, list(sys.path)
    os.chdir(path.parent)
    sys.argv, sys.path[:0] = [str(path)], [str(path.parent)]
    quiet, pyomo = io.StringIO(), logging.getLogger("pyomo")
    level = pyomo.level
    pyomo.setLevel(logging.CRITICAL)
    try:
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
            yield
    finally:
        pyomo.setLevel(level)
        os.chdir(folder)
        sys.argv, sys.path[:] = arguments, search


def load_model(path: Path, name: str | None = None) -> Model:
    """Run a script and return its model, constructed; abstract ones with the .dat beside them.

    A script that solves stops at its first solve, and the model that it hands over is returned.
    `name` chooses among several models. Raises NoModel, or ModelError when the script fails.
    """
    path = path.resolve()
    with inside(path), old_names(), intercepting_solvers():
        try:
            found = _from_script(path, "noxsolve_script", name)
            if found is None:
                found = _from_script(path, "__main__", name)
        except FirstSolve as stop:
            found = stop.model
        if found is None:
            wanted = f"named {name!r}" if name else f"({', '.join(NAMES)}, or any)"
            raise NoModel(
                f"{path.name} holds no Pyomo model {wanted}, no function {', '.join(BUILDERS[:5])},"
                " and solves nothing"
            )
        return _constructed(found, path)


def _from_script(path: Path, run_name: str, name: str | None) -> Any:
    """Model of a script run under a name (that decides about `if __name__ == "__main__"`)."""
    module = types.ModuleType(run_name)
    module.__file__ = str(path)
    before = sys.modules.get(run_name)
    sys.modules[run_name] = module
    try:
        code, names = compiled(path.read_bytes(), str(path))
        module.__dict__.update(names)
        exec(code, module.__dict__)
        return _choose(module.__dict__, path, name)
    except SystemExit:
        return _choose(module.__dict__, path, name)
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(f"{path.name} fails: {_words(error)}") from error
    finally:
        if before is None:
            del sys.modules[run_name]
        else:
            sys.modules[run_name] = before


def _choose(names: dict[str, Any], path: Path, name: str | None) -> Any:
    models = {k: v for k, v in names.items() if isinstance(v, Model)}
    if name is not None:
        return models.get(name)
    for usual in NAMES:
        if usual in models:
            return models[usual]
    different = {id(v): (k, v) for k, v in models.items()}
    if len(different) > 1:
        listed = show([k for k, _ in different.values()])
        raise ModelError(f"{path.name} holds several models ({listed}); choose with --name")
    if different:
        return next(iter(different.values()))[1]
    return _built(names)


def _built(names: dict[str, Any]) -> Any:
    """Call the first builder that needs no argument (Pyomo's own takes two that may be None)."""
    for builder in BUILDERS:
        function = names.get(builder)
        if not inspect.isfunction(function):
            continue
        needed = [
            p
            for p in inspect.signature(function).parameters.values()
            if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
        ]
        if needed and builder != "pyomo_create_model":
            continue
        made = function(*[None] * len(needed))
        if isinstance(made, Model):
            return made
    return None


def _constructed(found: Any, path: Path) -> Model:
    if not isinstance(found, AbstractModel) or found.is_constructed():
        return found
    data = path.with_suffix(".dat")
    try:
        return found.create_instance(str(data) if data.is_file() else None)
    except Exception as error:
        where = f"with {data.name}" if data.is_file() else f"without data ({data.name} is absent)"
        raise ModelError(
            f"{path.name}: the abstract model fails {where}: {_words(error)}"
        ) from error


def _words(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0] if text else 'no message'}"


def discrete(model: Model) -> bool:
    """Whether a free variable of the model must be a whole number."""
    return any(not v.fixed and not v.is_continuous() for v in model.component_data_objects(pyo.Var))
