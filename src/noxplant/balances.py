"""Balances as functions that yield named equations. A unit composes them; there are no flags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from noxplant.streams import carriage

Equations = Iterator[tuple[str, Any]]


def components(ports: Iterable[Any]) -> tuple[str, ...]:
    """Conserved components of some ports, in order of first appearance."""
    return tuple(dict.fromkeys(c for p in ports for c in p.components))


def independent(ports: Sequence[Any]) -> tuple[str, ...]:
    """Conserved components whose balances are independent, in order of first appearance.

    A salt that stays whole, KPF6 in a solvent say, brings two components in one key: the balance
    of the second is the first one again.
    """
    keys = tuple(dict.fromkeys(item for p in ports for item in p.phase_of.items()))
    found: list[str] = []
    rows: list[tuple[int, list[float]]] = []
    for c in components(ports):
        row = [float(carriage.content(k, phase).get(c, 0.0)) for k, phase in keys]
        for at, done in rows:
            factor = row[at] / done[at]
            row = [x - factor * y for x, y in zip(row, done, strict=True)]
        size = max((abs(x) for x in row), default=0.0)
        if size > 1e-9:
            rows.append((next(i for i, x in enumerate(row) if abs(x) == size), row))
            found.append(c)
    return tuple(found)


def moles(
    inlets: Sequence[Any],
    outlets: Sequence[Any],
    made: Mapping[str, Any] | None = None,
    tag: str = "",
) -> Equations:
    """Balance of every conserved component, mol/s, across media; of `independent` ones only.

    Args:
        inlets: ports or streams that enter.
        outlets: ports or streams that leave.
        made: mol/s of each component formed by reaction (negative: used up).
        tag: put before the name of each equation.
    """
    made = made or {}
    for c in independent((*outlets, *inlets)):
        out = sum(p.content(c) for p in outlets)
        into = sum(p.content(c) for p in inlets)
        yield f"{tag}moles of {c}", out == into + made.get(c, 0.0)


def energy(
    inlets: Sequence[Any], outlets: Sequence[Any], heat: Any = 0.0, work: Any = 0.0, tag: str = ""
) -> Equations:
    """First law for steady flow, W. Heat and work count positive into the unit."""
    out = sum(p.enthalpy_flow for p in outlets)
    into = sum(p.enthalpy_flow for p in inlets)
    yield f"{tag}energy", out == into + heat + work


def pressure(inlet: Any, outlet: Any, drop: Any = 0.0, tag: str = "") -> Equations:
    """The outlet's pressure is the inlet's less a drop, Pa."""
    yield f"{tag}pressure of {outlet.name}", outlet.pressure == inlet.pressure - drop


def same_state(a: Any, b: Any, tag: str = "") -> Equations:
    """Two streams have one temperature and one pressure."""
    yield f"{tag}temperature of {b.name}", b.temperature == a.temperature
    yield f"{tag}pressure of {b.name}", b.pressure == a.pressure


def through(
    inlet: Any, outlet: Any, heat: Any = 0.0, work: Any = 0.0, drop: Any = 0.0
) -> Equations:
    """One stream passing through: its moles, its first law, its pressure."""
    tag = f"{inlet.name}: "
    yield from moles([inlet], [outlet], tag=tag)
    yield from energy([inlet], [outlet], heat=heat, work=work, tag=tag)
    yield from pressure(inlet, outlet, drop)


def equilibrium(liquid: Any, gas: Any, tag: str = "", except_for: Sequence[str] = ()) -> Equations:
    """Vapour-liquid equilibrium of all that both phases hold, at one temperature and pressure."""
    for j in liquid.volatile():
        if j in gas.phase_keys("gas") and j not in except_for:
            # Multiplied out, so that a flow of zero does no harm.
            left = gas.flow[j] * gas.pressure
            yield (
                f"{tag}equilibrium of {j}",
                left == liquid.equilibrium_pressure(j) * gas.total_flow,
            )
    yield from same_state(liquid, gas, tag)


def conversion(reaction: Any, extent: Any) -> dict[str, Any]:
    """Components made by a reaction at an extent in mol/s, for `moles(made=...)`."""
    return {c: nu * extent for c, nu in reaction.components.items()}


def add(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """Sum of several "made" mappings."""
    out: dict[str, Any] = {}
    for part in parts:
        for c, value in part.items():
            out[c] = out[c] + value if c in out else value
    return out


def counter_current(unit: Any) -> Equations:
    """Heat passed between two streams in counter-current, with Chen's mean temperature difference.

    Args:
        unit: has ports hot, hot_out, cold, cold_out and quantities duty, conductance,
            warm_difference, cool_difference, mean_difference.
    """
    yield from through(unit.hot, unit.hot_out, heat=-unit.duty)
    yield from through(unit.cold, unit.cold_out, heat=unit.duty)
    warm, cool, mean = unit.warm_difference, unit.cool_difference, unit.mean_difference
    yield "warm end", warm == unit.hot.temperature - unit.cold_out.temperature
    yield "cool end", cool == unit.hot_out.temperature - unit.cold.temperature
    yield "mean difference", mean**3 == warm * cool * (warm + cool) / 2
    yield "rate", unit.duty == unit.conductance * mean
