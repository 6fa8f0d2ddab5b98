"""Which keys can be where: species run along the graph to a fixed point, before any algebra."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from noxplant.errors import ModelError, PortError
from noxplant.streams import carriage

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.streams.ports import Port


def propagate(flowsheet: Flowsheet) -> None:
    """Set the keys of every port; refuse open inlets and components without an outlet."""
    edges = list(flowsheet.edges())
    fed = {id(target) for _, _, target in edges}
    missing = [p for u in flowsheet.units.values() for p in u.inlets if id(p) not in fed]
    if missing:
        raise PortError(
            f"{flowsheet.name}: nothing feeds {', '.join(map(repr, missing))}.\n"
            "  Connect an outlet (of a Feed, say) to it."
        )
    for unit in flowsheet.units.values():
        for port in unit.all_ports():
            port.keys = {}
    for _ in range(4 * len(flowsheet.units) + 4):
        changed = False
        for unit in flowsheet.units.values():
            for port in unit.outlets:
                keys = unit.keys_of(port.noun)
                changed |= keys != port.keys
                port.keys = keys
        for _, source, target in edges:
            target.keys = source.keys
        if not changed:
            break
    check_outlets(flowsheet)


def check_outlets(flowsheet: Flowsheet) -> None:
    """Refuse components that come into a loop and can never leave it.

    A liquor that clings to a cake (`PortNoun.clings`) is no outlet of what is dissolved in it: it
    would carry an impurity out with the product alone.
    """
    closed = {id(p) for u in flowsheet.units.values() for p in u.closed_outlets()}
    carried: dict[str, list[tuple[str, str, bool]]] = {}
    for _, source, target in flowsheet.edges():
        if id(source) in closed:
            continue
        firm = _firm(source)
        for c in _held(source):
            carried.setdefault(c, []).append((source.unit_name, target.unit_name, c in firm))
    ends = [p for p in flowsheet.open_outlets() if id(p) not in closed]
    stuck: dict[tuple[str, ...], list[str]] = {}
    for c, edges in carried.items():
        for loop in nx.strongly_connected_components(nx.DiGraph([(u, v) for u, v, _ in edges])):
            if len(loop) == 1:
                continue
            leaves = any(u in loop and v not in loop and firm for u, v, firm in edges)
            leaves |= any(p.unit_name in loop and c in _firm(p) for p in ends)
            used = any(c in flowsheet.units[u].converts for u in loop)
            comes = any(u not in loop and v in loop for u, v, _ in edges)
            comes |= any(c in flowsheet.units[u].makes for u in loop)
            if comes and not leaves and not used:
                stuck.setdefault(tuple(u for u in flowsheet.units if u in loop), []).append(c)
    if stuck:
        raise ModelError("\n".join(_stuck(flowsheet.name, *item) for item in stuck.items()))


def _stuck(plant: str, units: tuple[str, ...], found: list[str]) -> str:
    """Message about components that cannot leave a loop."""
    what = found[0] if len(found) == 1 else f"each of {', '.join(found)}"
    return (
        f"{plant}: {what} enters the loop of {', '.join(units)} and no outlet of the loop can carry"
        " it, so it would build up without limit (a liquor that clings to a product is no"
        " outlet).\n  Give the loop a purge (a fraction above zero) or a unit that removes it."
    )


def _held(port: Port) -> tuple[str, ...]:
    """Components that a port can carry."""
    return carriage.components((k, p) for p, keys in port.keys.items() for k in keys)


def _firm(port: Port) -> tuple[str, ...]:
    """Components to which a port is an outlet; of a port where liquor clings, those of solids."""
    return carriage.components(
        (k, p)
        for p, keys in port.keys.items()
        for k in keys
        if p == "solid" or not port.noun.clings
    )
