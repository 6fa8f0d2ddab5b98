"""Frozen results of a solved and audited flowsheet. Tables, text and pictures are views of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from noxplant.errors import SpecError, nearest
from noxplant.flowsheet.audit import Audits
from noxplant.flowsheet.safety import Danger
from noxplant.species import species

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class StreamResult:
    """One stream: molar flows of true species and state, SI.

    Attributes:
        flows: mol/s of true species.
        totals: mol/s of component totals, for streams with an aqueous phase.
    """

    name: str
    source: str | None
    target: str | None
    medium: str
    temperature: float
    pressure: float
    flows: Mapping[str, float]
    totals: Mapping[str, float]
    enthalpy_flow: float
    ph: float | None

    @cached_property
    def mass_flow(self) -> float:
        """Mass flow, kg/s."""
        return sum(n * species(j).molar_mass for j, n in self.flows.items())

    def mass_fraction(self, name: str) -> float:
        """Mass fraction of a true species."""
        return self.flows.get(name, 0.0) * species(name).molar_mass / self.mass_flow

    def content(self, component: str) -> float:
        """Flow of a conserved component, mol/s."""
        return sum(n * species(j).content.get(component, 0.0) for j, n in self.flows.items())


@dataclass(frozen=True)
class QuantityResult:
    """One number of a unit, SI.

    Attributes:
        kind: spec, result, heat or work.
        utility: for heat, what supplies or takes it.
        temperature: for heat, the hottest (heating) or coldest (cooling) process temperature, K.
        start: for heat, process temperature where the exchange begins, K.
    """

    value: float
    unit: str
    kind: str
    doc: str = ""
    utility: str | None = None
    temperature: float | None = None
    start: float | None = None
    end: float | None = None
    power: float = 0.0


@dataclass(frozen=True)
class Solution:
    """A solved plant: every stream and quantity, the audits, and how it was solved.

    ``solution["E-101.voltage"]`` is a number in SI; ``solution.streams`` a pandas table.
    """

    name: str
    stream_results: Mapping[str, StreamResult]
    quantities: Mapping[str, QuantityResult]
    audits: Audits
    solver: Mapping[str, Any]
    assumptions: tuple[Mapping[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    safety: tuple[Danger, ...] = ()
    headline: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    unrecovered: tuple[str, ...] = ()

    def __getitem__(self, path: str) -> float:
        """Value of a quantity in SI, by ``UNIT.name`` or ``UNIT.name[index]``."""
        if path not in self.quantities:
            raise SpecError(
                f"{self.name} has no quantity {path!r}.{nearest(path, self.quantities)}"
            )
        return self.quantities[path].value

    def stream(self, name: str) -> StreamResult:
        """One stream by name."""
        if name not in self.stream_results:
            raise SpecError(
                f"{self.name} has no stream {name!r}.{nearest(name, self.stream_results)}\n"
                f"  It has: {', '.join(self.stream_results)}."
            )
        return self.stream_results[name]

    def leaving(self) -> Iterator[StreamResult]:
        """Streams that leave the plant."""
        return (s for s in self.stream_results.values() if s.target is None)

    def entering(self) -> Iterator[StreamResult]:
        """Streams that come from feeds."""
        return (s for s in self.stream_results.values() if s.source is None)

    def heats(self) -> Iterator[tuple[str, QuantityResult]]:
        """Every heat flow by path."""
        return ((k, q) for k, q in self.quantities.items() if q.kind == "heat")

    @property
    def refrigeration_power(self) -> float:
        """Electric power of refrigeration and electric heating, W."""
        return sum(q.power for _, q in self.heats())

    @property
    def streams(self) -> pd.DataFrame:
        """Streams as a table: one row each, state and mol/s of every true species."""
        import pandas as pd

        rows = {
            s.name: {
                "from": s.source,
                "to": s.target,
                "medium": s.medium,
                "temperature": s.temperature,
                "pressure": s.pressure,
                "ph": math.nan if s.ph is None else s.ph,
                "enthalpy_flow": s.enthalpy_flow,
                **s.flows,
            }
            for s in self.stream_results.values()
        }
        return pd.DataFrame.from_dict(rows, orient="index")

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON form (design, section 7); SI, no NaN."""
        names = dict.fromkeys(j for s in self.stream_results.values() for j in s.flows)
        return {
            "schema_version": SCHEMA_VERSION,
            "route": self.name,
            "status": "solved",
            "headline": {k: {"value": v, "unit": u} for k, (v, u) in self.headline.items()},
            "audits": self.audits.as_dict(),
            "streams": {k: _stream_dict(s) for k, s in self.stream_results.items()},
            "species": {
                j: {"formula": species(j).formula, "charge": species(j).charge} for j in names
            },
            "quantities": {k: _quantity_dict(q) for k, q in self.quantities.items()},
            "assumptions": [dict(a) for a in self.assumptions],
            "warnings": list(self.warnings),
            "safety": [d.as_dict() for d in self.safety],
            "solver": dict(self.solver),
        }


def _stream_dict(s: StreamResult) -> dict[str, Any]:
    out: dict[str, Any] = {
        "from": s.source,
        "to": s.target,
        "medium": s.medium,
        "temperature": s.temperature,
        "pressure": s.pressure,
        "flows": dict(s.flows),
        "enthalpy_flow": s.enthalpy_flow,
    }
    if s.totals:
        out["totals"] = dict(s.totals)
    if s.ph is not None:
        out["ph"] = s.ph
    return out


def _quantity_dict(q: QuantityResult) -> dict[str, Any]:
    out: dict[str, Any] = {"value": q.value, "unit": q.unit, "kind": q.kind}
    if q.utility is not None:
        out["utility"], out["temperature"] = q.utility, q.temperature
        out["start"], out["end"], out["electric_power"] = q.start, q.end, q.power
    return out
