"""How results of a solved plant move with its specifications, exactly, by the implicit function theorem.

Derivatives of all unknowns come from one factorisation of the plant's equations. Headline figures are
functions of the results that a route computes in Python; theirs are taken along the exact tangents of
the results, by central differences of those functions alone, without solving anything again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from noxplant.errors import NoxplantError, SolveError, SpecError, nearest
from noxplant.flowsheet.movable import movable
from noxplant.measures import shown

if TYPE_CHECKING:
    import pandas as pd

    from noxplant.flowsheet.graph import Flowsheet

Vector = npt.NDArray[np.float64]

STEP = 1e-4
"""Relative step along a tangent; the functions it is for are smooth, so the error is some 1e-8."""
KELVIN = 1.0
"""Change of a temperature to which a relative change of a figure is referred, K."""


@dataclass(frozen=True)
class Sensitivity:
    """Derivatives d output / d input of a solved plant.

    Attributes:
        outputs, inputs: names, in the order of rows and columns.
        output_units, input_units: SI units.
        values, at: values of outputs and inputs, SI.
        matrix: derivatives, SI, shape (outputs, inputs).
    """

    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    output_units: tuple[str, ...]
    input_units: tuple[str, ...]
    values: Vector
    at: Vector
    matrix: Vector

    def __getitem__(self, pair: tuple[str, str]) -> float:
        """Derivative of one output by one input, SI."""
        for name, known, what in zip(
            pair, (self.outputs, self.inputs), ("output", "input"), strict=True
        ):
            if name not in known:
                raise SpecError(f"{name!r} is no {what} of this sensitivity.{nearest(name, known)}")
        return float(self.matrix[self.outputs.index(pair[0]), self.inputs.index(pair[1])])

    @property
    def relative(self) -> Vector:
        """Relative change of each output per relative change of each input, per K of a temperature.

        NaN for an output that is zero.
        """
        reach = np.array(
            [KELVIN if u == "K" else x for u, x in zip(self.input_units, self.at, strict=True)]
        )
        size = np.where(self.values == 0.0, np.nan, self.values)[:, None]
        found: Vector = self.matrix * reach / size
        return found

    @property
    def table(self) -> pd.DataFrame:
        """Derivatives in the units for reading: rows are outputs, columns inputs, with their units."""
        import pandas as pd

        rows = [
            _factor(x, u, n)
            for x, u, n in zip(self.values, self.output_units, self.outputs, strict=True)
        ]
        columns = [
            _factor(x, u, n) for x, u, n in zip(self.at, self.input_units, self.inputs, strict=True)
        ]
        scaled = self.matrix * np.array([f for f, _ in rows])[:, None]
        scaled = scaled / np.array([f for f, _ in columns])
        return pd.DataFrame(
            scaled,
            index=[f"{n} [{u}]" for n, (_, u) in zip(self.outputs, rows, strict=True)],
            columns=[f"{n} [{u}]" for n, (_, u) in zip(self.inputs, columns, strict=True)],
        )


def _factor(value: float, unit: str, name: str) -> tuple[float, str]:
    """How many units for reading one SI unit is, at some value, and that unit."""
    reach = abs(value) or 1.0
    high, word = shown(value + reach * 1e-3, unit, doc=name)
    low, same = shown(value - reach * 1e-3, unit, doc=name)
    if word != same:  # the unit for reading changes just here
        return 1.0, unit
    return (high - low) / (2e-3 * reach), word


def sensitivity(
    flowsheet: Flowsheet,
    outputs: Sequence[str] | None = None,
    inputs: Sequence[str] | None = None,
) -> Sensitivity:
    """Derivatives of results with respect to specifications at the present solution.

    Args:
        flowsheet: a solved flowsheet; it is left as it is.
        outputs: quantities (``UNIT.name[index]``) and headline figures; all headline figures if not
            given.
        inputs: specifications, and what is fixed in exchange; all that is no constant if not given.

    Raises:
        SolveError: the flowsheet is not solved, or singular where it stands.
        SpecError: an unknown name, or an input that is not given.
    """
    from noxsolve.errors import ModelError
    from noxsolve.sensitivity import linearise

    built = flowsheet.built
    if built is None or not built.solved or built.solver is None:
        raise SolveError(f"{flowsheet.name}: solve it first; derivatives are taken at a solution.")
    chosen = list(movable(flowsheet)) if inputs is None else [p.strip() for p in inputs]
    for path in chosen:
        if flowsheet.value(path) is None:
            raise SpecError(f"{path} is not given: it is computed. Name a specification.")
    solver = built.solver
    c = solver.compiled
    variables = [flowsheet.variable(p) for p in chosen]
    inside = [k for k, v in enumerate(variables) if c.input_index(v) is not None]
    tangent = np.zeros((len(c.x), len(chosen)))
    try:
        tangent[:, inside] = linearise(solver).forward([variables[k] for k in inside])
    except ModelError as error:
        from noxplant.flowsheet.failure import in_words

        raise SolveError(f"{flowsheet.name}: {in_words(str(error))}") from error
    figures = _Figures(flowsheet)
    names = list(figures.values) if outputs is None else list(outputs)
    figures.along(tangent, variables, wanted=any(n in figures.values for n in names))
    rows = [_row(flowsheet, n, figures, tangent, variables) for n in names]
    return Sensitivity(
        outputs=tuple(names),
        inputs=tuple(chosen),
        output_units=tuple(u for _, u, _ in rows),
        input_units=tuple(_unit(flowsheet, p) for p in chosen),
        values=np.array([x for x, _, _ in rows]),
        at=np.array([float(v.value) for v in variables]),
        matrix=np.array([r for _, _, r in rows]).reshape(len(names), len(chosen)),
    )


def _unit(flowsheet: Flowsheet, path: str) -> str:
    unit, key, _ = flowsheet.find(path)
    return str(unit.declared[key].units)  # type: ignore[attr-defined]


def _row(
    flowsheet: Flowsheet, name: str, figures: _Figures, tangent: Vector, variables: Sequence[Any]
) -> tuple[float, str, Vector]:
    """Value, unit and derivatives of one output."""
    if name in figures.values:
        value, unit = figures.values[name]
        return value, unit, figures.slopes[name]
    try:
        variable, unit = flowsheet.variable(name), _unit(flowsheet, name)
    except SpecError as error:
        hint = nearest(name, figures.values)
        raise SpecError(f"{error}{hint and f' Among headline figures:{hint}'}") from None
    k = flowsheet.built.solver.compiled.index(variable)  # type: ignore[union-attr]
    own = np.array([float(v is variable) for v in variables])
    return float(variable.value), unit, own if k is None else tangent[k]


def _slope(f: Callable[[float], Vector | None], here: Vector, step: float) -> Vector:
    """Central difference, or one of the second order on the side where there are values."""
    ahead, back = f(step), f(-step)
    if ahead is not None and back is not None:
        return (ahead - back) / (2 * step)
    side = -step if ahead is None else step
    near, far = (back if ahead is None else ahead), f(2 * side)
    if near is None or far is None:
        return np.full(len(here), np.nan)
    return (4 * near - far - 3 * here) / (2 * side)


class _Figures:
    """Headline figures of a solved flowsheet and their derivatives."""

    def __init__(self, flowsheet: Flowsheet) -> None:
        from noxplant.flowsheet.audit import audit, picture

        assert flowsheet.built is not None
        self.flowsheet, self.slopes = flowsheet, dict[str, Vector]()
        self._audits: Any = None
        self.values: dict[str, tuple[float, str]] = {}
        if flowsheet.headline is not None:
            pictures = {n: picture(s) for n, s in flowsheet.built.streams.items()}
            self._audits = audit(flowsheet, pictures)
            self.values = self._now()

    def _now(self) -> dict[str, tuple[float, str]]:
        """Figures at the values that the model holds."""
        from noxplant.flowsheet.audit import picture
        from noxplant.flowsheet.collect import collect
        from noxplant.flowsheet.solve import with_headline

        plant = self.flowsheet
        assert plant.built is not None
        pictures = {n: picture(s) for n, s in plant.built.streams.items()}
        return dict(with_headline(plant, collect(plant, pictures, self._audits, {})).headline)

    def along(self, tangent: Vector, variables: Sequence[Any], *, wanted: bool) -> None:
        """Derivatives along the tangents (n, inputs), with the inputs moved as well."""
        if not wanted:
            return
        built = self.flowsheet.built
        assert built is not None
        c = built.solver.compiled
        kept, given = c.x.copy(), [float(v.value) for v in variables]
        here = np.array([x for x, _ in self.values.values()])
        found = np.zeros((len(here), len(variables)))

        def at(k: int, move: float) -> Vector | None:
            """Figures with input k moved along its tangent; None where a utility cannot serve."""
            c.x[:] = kept + move * tangent[:, k]
            built.solver.load()
            variables[k].set_value(given[k] + move, skip_validation=True)
            try:
                return np.array([x for x, _ in self._now().values()])
            except NoxplantError:
                return None
            finally:
                variables[k].set_value(given[k], skip_validation=True)

        try:
            for k, x in enumerate(given):
                found[:, k] = _slope(lambda s, k=k: at(k, s), here, STEP * (abs(x) or 1.0))  # type: ignore[misc]
        finally:
            c.x[:] = kept
            built.solver.load()
            for v, x in zip(variables, given, strict=True):
                v.set_value(x, skip_validation=True)
        self.slopes = dict(zip(self.values, found, strict=True))
