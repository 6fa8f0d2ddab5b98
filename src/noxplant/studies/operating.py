"""Operating specifications of a route, and how random operating points of it are drawn.

Only operating specifications are drawn, never constants: temperatures +/-5 K, pressures +/-10 %,
flows, areas, concentrations and ratios +/-20 %; of a fraction the distance to its nearer end is
multiplied by a log-uniform factor in [1/2, 2]; faradaic efficiencies are drawn on their simplex.
No value leaves the range that the basis gives for it.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from noxplant.flowsheet.movable import CONSTANTS

if TYPE_CHECKING:
    from noxplant.basis import Basis, Entry
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.routes import Route

KELVIN = 5.0
"""Half the range of a temperature, K."""
PRESSURE, AMOUNT, FRACTION = 0.1, 0.2, 2.0
"""Relative half ranges of pressures and of amounts; largest factor on a fraction's distance."""
SPREAD = 200.0
"""Sum of the parameters of the Dirichlet distribution of faradaic efficiencies; its mean is the
base case, its standard deviation 0.024 for an efficiency of 0.87."""
TRIES = 1000
"""Draws of efficiencies within their ranges that are tried before those of the base case stay."""
FARADAIC = "faradaic_efficiency["


def operating(basis: Basis, plant: Flowsheet) -> dict[str, Entry]:
    """Entries of a basis that are operating specifications of a plant."""
    freed = {e.freed for e in plant.exchanges}
    out = {}
    for name, entry in basis.entries.items():
        path = name.removeprefix("design.")
        head, dot, key = path.partition(".")
        if not dot or head not in plant.units or path in freed or name not in basis.read:
            continue
        if "start value" in entry.source or (
            path == name and entry.kind in ("library", "recalled")
        ):
            continue
        if path != name or not CONSTANTS.search(key.partition("[")[0]):
            out[name] = entry
    return out


def draw(x: float, unit: str, low: float | None, high: float | None, u: float) -> float:
    """A value around x for u in [-1, 1], within [low, high]; all SI."""
    if unit == "K":
        value = x + KELVIN * u
    elif unit == "Pa":
        value = x * (1.0 + PRESSURE * u)
    elif unit in ("1", "") and 0.0 < x < 1.0:
        value = x * FRACTION**u if x < 0.5 else 1.0 - (1.0 - x) * FRACTION**u
    else:
        value = x * (1.0 + AMOUNT * u)
    return min(max(value, -math.inf if low is None else low), math.inf if high is None else high)


def cut_short(basis: Basis, plant: Flowsheet) -> tuple[list[str], int]:
    """Operating specifications whose box the range of the basis cuts, with "low" or "high" or both.

    Returns:
        Names with the cut ends in brackets, and how many ends all boxes have.
    """
    found, ends = [], 0
    for name, e in operating(basis, plant).items():
        if FARADAIC in name:
            continue
        ends += 2
        cut = [
            end
            for end, u in (("low", -1.0), ("high", 1.0))
            if draw(e.value, e.unit, e.low, e.high, _towards(e, u))
            != draw(e.value, e.unit, None, None, _towards(e, u))
        ]
        if cut:
            found.append(f"{name} ({', '.join(cut)})")
    return found, ends


def _towards(entry: Entry, u: float) -> float:
    """The draw towards the low (u = -1) or high end: a fraction's distance grows the other way."""
    up = draw(entry.value, entry.unit, None, None, 1.0) >= entry.value
    return u if up else -u


@dataclass(frozen=True)
class Rules:
    """What `draws.toml` of a route says.

    Attributes:
        exchanges: computed quantity that is drawn: specification that follows from it.
        together: names that are drawn with one number.
    """

    exchanges: Mapping[str, str] = field(default_factory=dict)
    together: Sequence[Sequence[str]] = ()


def rules_of(route: Route) -> Rules:
    """Rules of a route; none when it has no `draws.toml`."""
    path = route.file("draws.toml")
    if path is None:
        return Rules()
    found = tomllib.loads(path.read_text("utf-8"))
    return Rules(found.get("exchange", {}), list(found.get("together", {}).values()))


def values_of(
    basis: Basis, plant: Flowsheet, rules: Rules, rng: np.random.Generator
) -> dict[str, float]:
    """All operating specifications of one draw by name, SI."""
    numbers = {name: rng.uniform(-1.0, 1.0) for name in operating(basis, plant)}
    for group in rules.together:
        numbers.update(dict.fromkeys((n for n in group if n in numbers), numbers[group[0]]))
    out = {}
    for name, u in numbers.items():
        e = basis.entries[name]
        out[name] = draw(e.value, e.unit, e.low, e.high, u)
    stacks: dict[str, list[str]] = {}
    for name in basis.entries:
        unit, dot, key = name.partition(".")
        if dot and key.startswith(FARADAIC) and unit in plant.units:
            stacks.setdefault(unit, []).append(name)
    for names in stacks.values():
        shares = [basis.entries[n].value for n in names]
        weights = np.array([max(s, 1e-3) for s in (*shares, 1.0 - sum(shares))])
        out.update(_efficiencies([basis.entries[n] for n in names], names, weights, rng))
    return {n: x for n, x in out.items() if n not in rules.exchanges.values()}


def _efficiencies(
    entries: Sequence[Entry],
    names: Sequence[str],
    weights: np.ndarray[tuple[int], np.dtype[np.float64]],
    rng: np.random.Generator,
) -> dict[str, float]:
    """Efficiencies of one stack on their simplex, drawn again while one is out of its range."""
    for _ in range(TRIES):
        drawn = rng.dirichlet(SPREAD * weights / weights.sum())[:-1].tolist()
        within = zip(entries, drawn, strict=True)
        if all((e.low or 0.0) <= x <= (1.0 if e.high is None else e.high) for e, x in within):
            return dict(zip(names, drawn, strict=True))
    return {n: e.value for n, e in zip(names, entries, strict=True)}
