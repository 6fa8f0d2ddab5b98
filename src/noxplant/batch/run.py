"""A batch that was run: its time series, figures and audits, as frozen data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from noxplant.batch.audit import audit
from noxplant.batch.inputs import Inputs
from noxplant.batch.integrate import integrate
from noxplant.batch.model import Array, Model, numbers
from noxplant.errors import Refusal, SpecError, nearest

POINTS = 241
"""Evenly spaced rows of a time series."""
EARLY = np.geomspace(1e-5, 1.0, 12, endpoint=False)
"""Further rows within the first interval, where a batch may settle quickly."""
Figures = Mapping[str, tuple[float, str]]


@dataclass(frozen=True, eq=False)
class BatchRun:
    """What a batch did.

    Attributes:
        name: of the batch.
        inputs: what it was given.
        model: its equations; the continuous equivalent is solved from them.
        time: s.
        columns: time series by name, SI.
        units: SI unit of each column.
        figures: results of the whole batch, (value, unit), SI.
        audits: largest relative imbalance of elements, charge and Faraday's law.
        error: error of the integration in time, relative to the reagent charged.
        notes: what to know of the result.
        warnings: where the result leaves its ground, or is unsafe.
    """

    name: str
    inputs: Inputs
    model: Model
    time: Array
    columns: Mapping[str, Array]
    units: Mapping[str, str]
    figures: Figures
    audits: Mapping[str, float]
    error: float
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> float:
        """A figure, SI.

        Raises:
            SpecError: there is none of that name.
        """
        if name not in self.figures:
            raise SpecError(f"{self.name} has no figure {name!r}.{nearest(name, self.figures)}")
        return self.figures[name][0]

    def column(self, name: str) -> Array:
        """A time series, SI.

        Raises:
            SpecError: there is none of that name.
        """
        if name not in self.columns:
            raise SpecError(f"{self.name} has no column {name!r}.{nearest(name, self.columns)}")
        return self.columns[name]

    def at(self, name: str, time: float) -> float:
        """Value of a column at a time [s] between the beginning and the end."""
        from scipy.interpolate import PchipInterpolator

        if not self.time[0] <= time <= self.time[-1]:
            raise SpecError(
                f"{self.name} ends after {self.time[-1]:g} s; {time:g} s is outside. Give a longer"
                " duration."
            )
        return float(PchipInterpolator(self.time, self.column(name))(time))

    def when(self, name: str, value: float) -> float:
        """First time [s] at which a column passes a value.

        Raises:
            Refusal: it never does; the message says how far it comes.
        """
        from scipy.interpolate import PchipInterpolator
        from scipy.optimize import brentq

        series = self.column(name) - value
        turn = np.flatnonzero(np.diff(np.sign(series)))
        if series[0] == 0.0:
            return float(self.time[0])
        if not turn.size:
            raise Refusal(
                f"{self.name}: {name} does not come to {value:g} {self.units[name]} within"
                f" {self.time[-1] / 3600:.4g} h; at the end it is {self.columns[name][-1]:.4g}.\n"
                "  Give a longer duration."
            )
        k = int(turn[0])
        curve = PchipInterpolator(self.time, series)
        return float(brentq(lambda t: float(curve(t)), self.time[k], self.time[k + 1], xtol=1e-9))

    def table(self) -> Any:
        """The time series as a pandas data frame; columns bear their SI units."""
        import pandas as pd

        held = {f"{n} [{self.units[n]}]": v for n, v in self.columns.items()}
        return pd.DataFrame({"time [s]": self.time, **held})

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data, SI."""
        return {
            "schema_version": 1,
            "batch": self.name,
            "inputs": {k: {"value": v, "unit": u} for k, (v, u) in self.inputs.flat().items()},
            "figures": {k: {"value": v, "unit": u} for k, (v, u) in self.figures.items()},
            "audits": dict(self.audits),
            "integration_error": self.error,
            "notes": list(self.notes),
            "warnings": list(self.warnings),
            "series": {
                "time": {"unit": "s", "values": self.time.tolist()},
                **{
                    n: {"unit": self.units[n], "values": v.tolist()}
                    for n, v in self.columns.items()
                },
            },
        }


def run(
    model: Model,
    inputs: Inputs,
    duration: float,
    figures: Callable[[BatchRun], Figures],
    *,
    notes: tuple[str, ...] = (),
    warnings: Callable[[BatchRun], tuple[str, ...]] | None = None,
    points: int = POINTS,
) -> BatchRun:
    """Integrate a batch, audit it, and draw up its figures.

    Args:
        model: the batch.
        inputs: what it was made from.
        duration: s.
        figures: results from the time series.
        notes: what to know of the result.
        warnings: where the result leaves its ground.
        points: evenly spaced rows of the time series, at least 2; early rows are added.

    Raises:
        Refusal: the model stops holding before the end.
        AuditError: something was lost.
    """
    if isinstance(points, bool) or not isinstance(points, int) or points < 2:
        raise SpecError(f"{model.name}: points = {points!r}; give a whole number from 2.")
    times = _grid(duration, points)
    change, z, error = integrate(model, times)
    audits = audit(model, change)
    compiled, x = model.compiled, model.amounts(change)
    rows = numbers(compiled.show(change / model.scales[:, None], z))
    columns = {n: _frozen(rows[i]) for i, n in enumerate(compiled.columns)}
    amounts = {f"n({s})": _frozen(x[i]) for i, s in enumerate(model.states) if "." in s}
    units = {**compiled.columns, **dict.fromkeys(amounts, "mol")}
    found = BatchRun(
        model.name, inputs, model, _frozen(times), MappingProxyType({**columns, **amounts}),
        MappingProxyType(units), {}, MappingProxyType(audits), error, notes,
    )  # fmt: skip
    found = replace(found, figures=MappingProxyType(dict(figures(found))))
    return replace(found, warnings=() if warnings is None else warnings(found))


def _grid(duration: float, points: int) -> Array:
    """Evenly spaced times with early ones before the second, s."""
    even = np.linspace(0.0, duration, points)
    return np.concatenate([even[:1], EARLY * even[1], even[1:]])


def _frozen(values: Array) -> Array:
    out = np.array(values, dtype=float)
    out.setflags(write=False)
    return out
