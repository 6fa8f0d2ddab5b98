"""What is asked of many scenarios: inputs and outputs by name, checked."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pyomo.core.base.block import BlockData as Block
from pyomo.core.base.var import VarData

from noxsolve.compiled import CompiledModel, mutable_parameters
from noxsolve.errors import ModelError

Vector = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


class Scenarios:
    """Inputs of all scenarios and the outputs that are wanted.

    Args:
        compiled: the model.
        inputs, outputs: as for `noxsolve.many.solve_many`.

    Attributes:
        inputs: values by name, each of shape (scenarios,).
        varied: positions of the inputs that are given, in the order of the model.
        values: the same as an array, shape (scenarios, varied).
        output_names: names of the outputs.
        unknown_outputs: positions of those that are unknowns.
    """

    def __init__(
        self, compiled: CompiledModel, inputs: Any, outputs: Sequence[str | VarData] | None
    ) -> None:
        self.compiled = compiled
        given = _by_position(compiled, inputs)
        if not given:
            raise ModelError("no inputs are given: name at least one, with its values")
        numbers = {len(a) for a in given.values() if a.ndim}
        if len(numbers) > 1:
            sizes = ", ".join(
                f"{compiled.inputs[k].name} has {a.size}" for k, a in given.items() if a.ndim
            )
            raise ModelError(f"inputs must have as many values as there are scenarios: {sizes}")
        number = numbers.pop() if numbers else 1
        full = {k: np.array(np.broadcast_to(a, number)) for k, a in given.items()}
        self.inputs = {compiled.inputs[k].name: a for k, a in full.items()}
        self.varied = sorted(full)
        self.values = np.column_stack([full[k] for k in self.varied])
        self._outputs(outputs)

    def __len__(self) -> int:
        return len(self.values)

    def _outputs(self, outputs: Sequence[str | VarData] | None) -> None:
        """Where each output comes from: an unknown, a varied input, or a number."""
        c = self.compiled
        unknown = {v.name: k for k, v in enumerate(c.unknowns)}
        given = {v.name: k for k, v in enumerate(c.inputs)}
        wanted = list(unknown) if outputs is None else [_name(v) for v in outputs]
        self.output_names = wanted
        self._from_unknown: list[int] = []
        self._from_input: list[tuple[int, int]] = []
        self._constant: list[tuple[int, float]] = []
        positions = []
        for at, name in enumerate(wanted):
            if name in unknown:
                self._from_unknown.append(at)
                positions.append(unknown[name])
            elif name in given and given[name] in self.varied:
                self._from_input.append((at, self.varied.index(given[name])))
            elif name in given:
                self._constant.append((at, float(c.p[given[name]])))
            else:
                raise ModelError(
                    f"output {name!r} is no unknown and no input of the model"
                    f"{_nearest(name, [*unknown, *given])}"
                )
        self.unknown_outputs: Codes = np.array(positions, dtype=np.int64)

    def spread(self, rows: Codes, unknowns: Vector) -> Vector:
        """All outputs of some scenarios, given those that are unknowns."""
        found = np.empty((len(rows), len(self.output_names)))
        found[:, self._from_unknown] = unknowns
        for at, k in self._from_input:
            found[:, at] = self.values[rows, k]
        for at, value in self._constant:
            found[:, at] = value
        return found

    def nothing(self, row: int) -> list[float]:
        """Outputs of a scenario without solution: what is given is there all the same."""
        unknowns = np.full((1, len(self.unknown_outputs)), np.nan)
        found: list[float] = self.spread(np.array([row]), unknowns)[0].tolist()
        return found

    def refused(self) -> dict[int, str]:
        """Scenarios with an input that is no finite number, and what to say."""
        bad = ~np.isfinite(self.values)
        found = {}
        for row in np.flatnonzero(bad.any(axis=1)).tolist():
            k = int(np.argmax(bad[row]))
            name = self.compiled.inputs[self.varied[k]].name
            found[row] = f"input {name!r} is {self.values[row, k]}; give it a finite number"
        return found


def compiled(model: CompiledModel | Block, inputs: Any) -> CompiledModel:
    """A model compiled with its mutable parameters as inputs where some of them are given."""
    if isinstance(model, CompiledModel) or not isinstance(model, Block):
        return model if isinstance(model, CompiledModel) else CompiledModel(model)
    given = inputs if isinstance(inputs, Mapping) else getattr(inputs, "columns", ())
    names = {_name(k) for k in given}
    return CompiledModel(model, parameters=any(k in names for k, _ in mutable_parameters(model)))


def _name(v: str | VarData) -> str:
    name = v if isinstance(v, str) else getattr(v, "name", None)
    if not isinstance(name, str):
        raise ModelError(f"{v!r} is neither a name nor a variable")
    return name


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _numbers(values: Any, name: str) -> Vector:
    """Values of one input as an array; raises ModelError where one is no real number."""
    try:
        a = np.asarray(values)
        if a.dtype.kind == "c":
            raise TypeError("complex numbers")
        return np.asarray(a, dtype=float)
    except (TypeError, ValueError) as error:
        raise ModelError(f"values of {name!r} are not all real numbers: {error}") from error


def _by_position(c: CompiledModel, inputs: Any) -> dict[int, Vector]:
    """Values by position of the input in the model."""
    if isinstance(inputs, np.ndarray):
        if inputs.ndim != 2 or inputs.shape[1] != len(c.inputs):
            raise ModelError(
                f"an array of inputs must have the shape (scenarios, {len(c.inputs)}), one column for"
                f" each input of the model, not {inputs.shape}; or give values by name"
            )
        return {k: _numbers(inputs[:, k], v.name) for k, v in enumerate(c.inputs)}
    if hasattr(inputs, "columns"):
        inputs = {k: inputs[k].to_numpy() for k in inputs.columns}
    if not isinstance(inputs, Mapping):
        raise ModelError(f"inputs are values by name, a table or an array, not {inputs!r}")
    known = {v.name: k for k, v in enumerate(c.inputs)}
    found: dict[int, Vector] = {}
    for key, values in inputs.items():
        name = _name(key)
        if name not in known:
            raise ModelError(
                f"{name!r} is no input of the model (not fixed, or in no equation)"
                f"{_nearest(name, list(known))}"
            )
        a = _numbers(values, name)
        if a.ndim > 1:
            raise ModelError(f"values of {name!r} have the shape {a.shape}; give a plain list")
        found[known[name]] = a
    return found
