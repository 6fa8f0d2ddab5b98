"""The problem of an optimisation: what is minimised, by what, under what; read from a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noxplant import measures
from noxplant.errors import SpecError, UsageError, nearest
from noxplant.quantities import UNITS, Quantity, Spec
from noxplant.studies.expressions import expression

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet

_BARE = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")


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

    @property
    def entry(self) -> str:
        """How messages name it."""
        return f"constraint {self.name!r}"


@dataclass(frozen=True)
class Problem:
    """What is minimised, by what, under what.

    Attributes:
        objective: expression, see `noxplant.studies.expressions`.
        unit: SI unit of the objective.
        exchanges: (quantity held, its value or None for the present one, specification freed).
        source: file it was read from, for messages.
    """

    name: str
    objective: str
    unit: str
    free: tuple[Free, ...]
    constraints: tuple[Constraint, ...] = ()
    exchanges: tuple[tuple[str, float | None, str], ...] = ()
    source: str = ""


@contextmanager
def entry(source: str, name: str) -> Iterator[None]:
    """What is refused within is wrong usage of this entry of this file."""
    try:
        yield
    except (SpecError, UsageError) as error:
        where = f"{source}: {name}" if source else name
        raise UsageError(f"{where}: {error}") from error


def read_problem(flowsheet: Flowsheet, path: Path) -> Problem:
    """Read the table `[optimise]` of a route's `optimise.toml`; text carries units.

    Raises:
        UsageError: no TOML, or an entry that is misspelt, missing or of the wrong unit; the message
            names the file and the entry.
    """
    source = str(path)
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("optimise")
    except ValueError as error:  # TOMLDecodeError, UnicodeDecodeError
        raise UsageError(f"{path} is no TOML file: {error}.") from error
    with entry(source, "[optimise]"):
        keys = ("objective", "unit", "free")
        table = _table(table, keys, ("name", "constraint", "exchange"))
        objective = _text(table, "objective")
        name = _text(table, "name") if "name" in table else objective
        unit = _si(_text(table, "unit"))
        ranges = _table(table["free"])
    free = []
    for path_, ends in ranges.items():
        with entry(source, f"freed {path_!r}"):
            free.append(_free(flowsheet, path_, ends))
    constraints, exchanges = [], []
    for number, item in enumerate(_list(table, "constraint", source), 1):
        label = item.get("name", number) if isinstance(item, dict) else number
        with entry(source, f"constraint {label!r}"):
            constraints.append(_constraint(item))
    for number, item in enumerate(_list(table, "exchange", source), 1):
        with entry(source, f"exchange {number}"):
            exchanges.append(_exchange(flowsheet, item))
    return Problem(name, objective, unit, tuple(free), tuple(constraints), tuple(exchanges), source)


def check(flowsheet: Flowsheet, problem: Problem) -> None:
    """Refuse a problem that says nothing, or not what it seems to; builds the flowsheet.

    Raises:
        UsageError: unknown names, units that do not fit the expressions, empty ranges, what is not
            given and so cannot be freed.
    """
    flowsheet.build()
    source = problem.source
    with entry(source, "objective"):
        _coherent(problem.unit)
        expression(flowsheet, problem.objective, problem.unit)
    if not problem.free:
        with entry(source, "[optimise.free]"):
            raise UsageError("nothing is freed, so there is nothing to choose.")
    freed, held = ({e[k] for e in problem.exchanges} for k in (2, 0))
    for f in problem.free:
        with entry(source, f"freed {f.path!r}"):
            if f.path in freed or not (flowsheet.variable(f.path).fixed or f.path in held):
                raise UsageError(
                    f"{f.path} is not given, so it cannot be freed.\n  Give it, or free another one."
                )
            _check_free(flowsheet, f)
    names = [c.name for c in problem.constraints]
    for c in problem.constraints:
        with entry(source, c.entry):
            _coherent(c.unit)
            expression(flowsheet, c.text, c.unit)
            _check_bounds(c)
            if names.count(c.name) > 1:
                raise UsageError(f"{names.count(c.name)} constraints have this name; rename one.")


def _check_free(flowsheet: Flowsheet, f: Free) -> None:
    noun = given_noun(flowsheet, f.path)
    if f.path in flowsheet.tied:
        raise UsageError(
            f"{flowsheet.tied[f.path]} follows from it by a table when the plant is made, so it"
            " cannot be freed. Free another one."
        )
    if not f.low < f.high:
        raise UsageError(
            f"the range {f.low:g} to {f.high:g} {noun.units} is empty; low must be below high."
        )
    low, high = noun.range
    if (low is not None and f.low < low) or (high is not None and f.high > high):
        raise UsageError(
            f"the range {f.low:g} to {f.high:g} {noun.units} reaches beyond what is allowed,"
            f" {noun.range_in_words}."
        )


def _check_bounds(c: Constraint) -> None:
    if c.low is None and c.high is None:
        raise UsageError("it has no bound. Give low, high or both.")
    if c.low is not None and c.high is not None and c.low > c.high:
        raise UsageError(f"low = {c.low:g} {c.unit} is above high = {c.high:g} {c.unit}.")


def _coherent(unit: str) -> None:
    """Refuse a unit that is no SI unit; files may hold others, a `Problem` may not."""
    if _si(unit) != unit:
        raise UsageError(f"{unit} is no SI unit; give it in {_si(unit)}.")


def _si(unit: str) -> str:
    """Name of the SI unit of the same kind."""
    found = measures.si_unit(unit)
    if unit in UNITS or found not in UNITS:
        if measures.to_si(1.0, unit) != 1.0:
            raise UsageError(f"the unit {unit} is in no table; write it in SI units, {found}.")
        return unit
    return found


def _free(flowsheet: Flowsheet, path: str, ends: Any) -> Free:
    noun = given_noun(flowsheet, path)
    ends = _table(ends, ("low", "high"))
    low, high = (_number(ends[k], noun.units, path, noun) for k in ("low", "high"))
    return Free(path, low, high)


def _constraint(item: Any) -> Constraint:
    item = _table(item, ("name", "expression", "unit"), ("low", "high"))
    written = _text(item, "unit")
    unit, ends = _si(written), {}
    for key in ("low", "high"):
        if key in item:
            text = str(item[key])
            bare = _BARE.fullmatch(text) and written not in UNITS
            ends[key] = _number(f"{text} {written}" if bare else text, unit, key)
    return Constraint(_text(item, "name"), _text(item, "expression"), unit, **ends)


def _exchange(flowsheet: Flowsheet, item: Any) -> tuple[str, float | None, str]:
    item = _table(item, ("fixed", "freed"), ("value",))
    fixed, freed, value = _text(item, "fixed"), _text(item, "freed"), None
    unit, key, _ = flowsheet.find(fixed)
    flowsheet.find(freed)
    if "value" in item:
        quantity = unit.declared[key]
        assert isinstance(quantity, Quantity)
        value = _number(item["value"], quantity.units, fixed, quantity)
    return fixed, value, freed


def _table(
    found: Any, required: Iterable[str] = (), others: Iterable[str] | None = None
) -> Mapping[str, Any]:
    """A table with these keys; with `required` none but these and `others`."""
    if not isinstance(found, dict):
        raise UsageError(
            "this table is missing or no table. `noxplant optimise --help` shows its form."
        )
    required = tuple(required)
    missing = [k for k in required if k not in found]
    if missing:
        raise UsageError(f"it has no {', no '.join(missing)}.")
    known = (*required, *(others or ()))
    unknown = [k for k in found if required and k not in known]
    if unknown:
        raise UsageError(
            f"it has {unknown[0]!r}, which means nothing here.{nearest(unknown[0], known)}\n"
            f"  It may have: {', '.join(known)}."
        )
    return found


def _list(table: Mapping[str, Any], key: str, source: str) -> list[Any]:
    found = table.get(key, [])
    if not isinstance(found, list):
        raise UsageError(f"{source}: write [[optimise.{key}]], in two brackets.")
    return found


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table[key]
    if not isinstance(value, str):
        raise UsageError(f"{key} = {value!r} is no text. Write it in quotation marks.")
    return value


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
