"""Which keys can be where: species run along the graph to a fixed point, before any algebra."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from noxplant.errors import ModelError, PortError
from noxplant.streams import carriage

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet


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
    """Refuse a component that enters a loop and can never leave it."""
    closed = {id(p) for u in flowsheet.units.values() for p in u.closed_outlets()}
    carried: dict[str, list[tuple[str, str]]] = {}
    for _, source, target in flowsheet.edges():
        if id(source) in closed:
            continue
        for c in carriage.components((k, p) for p, ks in source.keys.items() for k in ks):
            carried.setdefault(c, []).append((source.unit_name, target.unit_name))
    ends = {id(p): p for p in flowsheet.open_outlets() if id(p) not in closed}
    for c, pairs in carried.items():
        graph = nx.DiGraph(pairs)
        for loop in nx.strongly_connected_components(graph):
            if len(loop) == 1:
                continue
            leaves = any(u in loop and v not in loop for u, v in pairs)
            leaves |= any(p.unit_name in loop and _holds(p, c) for p in ends.values())
            used = any(c in flowsheet.units[u].converts for u in loop)
            enters = any(u not in loop and v in loop for u, v in pairs)
            if enters and not leaves and not used:
                names = ", ".join(u for u in flowsheet.units if u in loop)
                raise ModelError(
                    f"{flowsheet.name}: {c} enters the loop of {names} and no outlet of the loop"
                    " can carry it, so it would build up without limit.\n"
                    "  Give the loop a purge (a fraction above zero) or a unit that removes it."
                )


def _holds(port: object, component: str) -> bool:
    keys = getattr(port, "keys", {})
    return component in carriage.components((k, p) for p, ks in keys.items() for k in ks)
