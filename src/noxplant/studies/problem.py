"""The problem of an optimisation: what is minimised, by what, under what; read from a file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noxplant import measures
from noxplant.errors import SpecError, nearest
from noxplant.quantities import Quantity, Spec

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet


@dataclass(frozen=True)
class Free:
    """A freed specification and its range, SI."""

    path: str
    low: float
    high: float


@dataclass(frozen=True)
class Constraint:
    """An expression held between `low` and `high` (None: open), SI; equal ones hold it fixed."""

    name: str
    text: str
    unit: str = "1"
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Problem:
    """What is minimised, by what, under what.

    Attributes:
        objective: expression, see `noxplant.studies.expressions`.
        exchanges: (quantity held, its value or None for the present one, specification freed).
    """

    name: str
    objective: str
    unit: str
    free: tuple[Free, ...]
    constraints: tuple[Constraint, ...] = ()
    exchanges: tuple[tuple[str, float | None, str], ...] = ()


def read_problem(flowsheet: Flowsheet, path: Path) -> Problem:
    """Read the table `[optimise]` of a route's `optimise.toml`; text carries units."""
    table = tomllib.loads(path.read_text("utf-8")).get("optimise", {})
    missing = [k for k in ("objective", "unit", "free") if k not in table]
    if missing:
        raise SpecError(f"{path}: [optimise] has no {', no '.join(missing)}.")
    free = []
    for name, ends in table["free"].items():
        noun = given_noun(flowsheet, name)
        low, high = (_number(ends[k], noun.units, name, noun) for k in ("low", "high"))
        free.append(Free(name, low, high))
    constraints = [
        Constraint(
            c["name"],
            c["expression"],
            c.get("unit", "1"),
            *(
                _number(c[k], c.get("unit", "1"), c["name"]) if k in c else None
                for k in ("low", "high")
            ),
        )
        for c in table.get("constraint", [])
    ]
    exchanges = []
    for item in table.get("exchange", []):
        value = None
        if "value" in item:
            unit, key, _ = flowsheet.find(item["fixed"])
            quantity = unit.declared[key]
            assert isinstance(quantity, Quantity)
            value = _number(item["value"], quantity.units, item["fixed"], quantity)
        exchanges.append((item["fixed"], value, item["freed"]))
    name = table.get("name", table["objective"])
    return Problem(
        name, table["objective"], table["unit"], tuple(free), tuple(constraints), tuple(exchanges)
    )


def _number(value: Any, unit: str, label: str, noun: Quantity | None = None) -> float:
    """A typed number, SI; a potential of a quantity is taken to the scale of that quantity."""
    if noun is None:
        return measures.parse(str(value), unit, label)
    return measures.parse(str(value), unit, label, bounds=noun.bounds, scale=noun.scale)


def given_noun(flowsheet: Flowsheet, path: str) -> Quantity:
    """A quantity that is given: a specification, or what a design specification fixes."""
    unit, key, _ = flowsheet.find(path)
    noun = unit.declared[key]
    assert isinstance(noun, Quantity)
    if not isinstance(noun, Spec) and path not in {e.fixed for e in flowsheet.exchanges}:
        specs = [f"{unit.name}.{k}" for k in unit.nouns(Spec)]
        raise SpecError(f"{path} is computed, so it cannot be freed.{nearest(path, specs)}")
    return noun
