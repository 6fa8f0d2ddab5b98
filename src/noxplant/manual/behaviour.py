"""What a unit does when one of its specifications moves: sweeps around its example."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from noxplant.errors import NoxplantError
from noxplant.examples import examples

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet

POINTS = 33


@dataclass(frozen=True)
class Curve:
    """One line of a picture.

    Attributes:
        label: what is shown, or the value of the family's specification.
        x, y: points, SI; y is not a number where the unit refuses.
        refusals: why the unit refuses first and last, in one line each.
    """

    label: str
    x: list[float]
    y: list[float]
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Behaviour:
    """The curves of one unit.

    Attributes:
        x: path of the specification that moves.
        y: paths of what is shown.
        log: whether the specification moves in equal ratios.
        says: what the picture shows, one sentence.
        labels: axis titles of x and y with units.
    """

    x: str
    y: tuple[str, ...]
    log: bool
    says: str
    labels: tuple[str, str]
    curves: list[Curve]


@cache
def table() -> dict[str, dict[str, Any]]:
    """Sweeps by unit class."""
    text = resources.files("noxplant.manual").joinpath("behaviour.toml").read_text("utf-8")
    return tomllib.loads(text)


def of(unit: str) -> Behaviour | None:
    """Curves of a unit class, solved now; None if no sweep is declared for it."""
    rule = table().get(unit)
    if rule is None:
        return None
    make = examples()[unit]
    values = _steps(rule["low"], rule["high"], rule.get("log", False))
    path, members = rule.get("family", ["", [None]])
    curves: list[Curve] = []
    for member in members:
        plant = make()
        if member is not None:
            plant.set(path, member)
        found = _swept(plant, rule["x"], values, rule["y"])
        for y, (numbers, refusals) in zip(rule["y"], found, strict=True):
            label = _noun(y) if member is None else _given(plant, path, member)
            curves.append(Curve(label, values, numbers, refusals))
    titles = _title(make(), rule["x"]), _title(make(), rule["y"][0], len(rule["y"]) > 1)
    return Behaviour(
        rule["x"], tuple(rule["y"]), rule.get("log", False), rule["says"], titles, curves
    )


def _swept(
    plant: Flowsheet, path: str, values: list[float], shown: list[str]
) -> list[tuple[list[float], tuple[str, ...]]]:
    numbers: list[list[float]] = [[] for _ in shown]
    refusals: list[str] = []
    for value in values:
        try:
            plant.set(path, value)
            solution = plant.solve()
        except NoxplantError as error:
            refusals.append(_reason(error))
            row = [math.nan] * len(shown)
        else:
            row = [float(solution[y]) for y in shown]
        for at, y in enumerate(row):
            numbers[at].append(y)
    ends = {re.sub(r"[-+.\de]+", "#", r): r for r in (*refusals[-1:], *refusals[:1])}
    return [(n, tuple(ends.values())) for n in numbers]


def _reason(error: NoxplantError) -> str:
    """The first line of an error, or the next one where it ends in a colon."""
    first, *others = (line.strip() for line in str(error).splitlines())
    text = others[0] if first.endswith(":") and others else first
    return text.removeprefix("U: ").removeprefix("U.")


def _steps(low: float, high: float, log: bool) -> list[float]:
    shares = [n / (POINTS - 1) for n in range(POINTS)]
    if log:
        return [low * (high / low) ** share for share in shares]
    return [low + (high - low) * share for share in shares]


def _noun(path: str) -> str:
    return path.removeprefix("U.").replace("_", " ")


def _given(plant: Flowsheet, path: str, value: float) -> str:
    """A specification and its value with the SI unit."""
    unit, key, _ = plant.find(path)
    declared: Any = unit.declared[key]
    measure = "" if declared.units == "1" else f" {declared.units}"
    return f"{_noun(path)} = {value:g}{measure}"


def _title(plant: Flowsheet, path: str, several: bool = False) -> str:
    """Axis title of a quantity: what it is, with its SI unit."""
    unit, _, rest = path.partition(".")
    declared: Any = plant.units[unit].declared[rest.partition("[")[0]]
    where = "" if unit == "U" else f"{unit}: "
    what = "" if several else declared.doc
    measure = "" if declared.units == "1" else f"{declared.units}"
    return f"{where}{what}, {measure}".strip(", ") if what else measure
