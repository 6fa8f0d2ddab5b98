"""Degrees of freedom, told in the words of the flowsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import pyomo.environ as pyo

from noxplant.errors import SpecError
from noxplant.flowsheet.movable import CONSTANTS
from noxplant.measures import words
from noxplant.quantities import Quantity, Spec

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Exchange, Flowsheet

Names: TypeAlias = Mapping[int, tuple[str, str, bool]]
"""(path, doc with unit, is a specification) by id of the variable."""

ROWS, UNITS = 12, 6
"""Rows, and units, that a message lists at most."""


def missing_specs(flowsheet: Flowsheet) -> list[str]:
    """Specifications that were neither given nor freed by an exchange, each with doc and unit."""
    freed = {e.freed for e in flowsheet.exchanges} | {e.fixed for e in flowsheet.exchanges}
    out = []
    for unit in flowsheet.units.values():
        for key, spec in unit.nouns(Spec).items():
            given = unit.given.get(key)
            wanted: tuple[str | None, ...] = unit.index(spec) if spec.over else (None,)
            for i in wanted:
                path = f"{unit.name}.{key}" + (f"[{i}]" if i is not None else "")
                has = given is not None and (i is None or i in given)
                if not has and path not in freed:
                    out.append(f"{path:34} {spec.doc} [{spec.units}]")
    return out


def require_given(flowsheet: Flowsheet) -> None:
    """Refuse a flowsheet that lacks specifications, naming all of them."""
    missing = missing_specs(flowsheet)
    if missing:
        raise SpecError(
            f"{flowsheet.name}: {_count(len(missing), 'specification')} missing.\n  Give:\n    "
            + "\n    ".join(missing)
            + "\n  Each in plant.py or its basis (--set gives it for once); or fix a computed quantity"
            " in exchange for it (--target and --free)."
        )


def names(flowsheet: Flowsheet) -> dict[int, tuple[str, str, bool]]:
    """(path, doc with unit, is a specification) of every quantity, by id of its variable."""
    out = {}
    for unit in flowsheet.units.values():
        assert unit.block is not None
        for key, quantity in unit.nouns(Quantity).items():
            for i, variable in unit.block.component(key).items():
                path = f"{unit.name}.{key}" + (f"[{i}]" if i is not None else "")
                text = f"{quantity.doc} [{quantity.units}]"
                out[id(variable)] = (path, text, isinstance(quantity, Spec))
    return out


def label(flowsheet: Flowsheet, variable: Any) -> str:
    """Name of a variable in flowsheet words."""
    found = names(flowsheet).get(id(variable))
    if found:
        return found[0]
    text = str(variable.name)
    for name in flowsheet.built.streams if flowsheet.built else ():
        text = text.replace(f"stream[{name}]", f"stream {name!r}")
    return text.replace("stream[", "").replace("unit[", "").replace("]", "")


def equation_label(row: Any) -> str:
    """Name of an equation: unit and its words."""
    parent = row.parent_block()
    index = row.index()
    if isinstance(index, tuple):
        index = index[-1]
    return f"{parent.index() or parent.name}: {index if index is not None else row.local_name}"


def require_square(flowsheet: Flowsheet, compiled: Any) -> None:
    """Refuse a model with too many or too few specifications, naming the candidates."""
    from noxsolve.structure import analyse

    found = analyse(compiled)
    if found.sound:
        return
    known = names(flowsheet)
    text = [f"{flowsheet.name}: the specifications do not determine the plant."]
    if found.surplus and found.missing:
        text.append(
            "  One part of it has too many beside another that has too few, so their number alone"
            " does not show it."
        )
    if found.surplus:
        text += _too_many(flowsheet, found, known)
    if found.missing:
        text += _too_few(flowsheet, found, known)
    text += [
        f"  {e.fixed} was fixed in exchange for {e.freed}, which has no influence on it: free another"
        " specification for it, one of those above."
        for e in _futile(flowsheet, found)
    ]
    raise SpecError("\n".join(text))


def _too_few(flowsheet: Flowsheet, found: Any, known: Names) -> list[str]:
    """What may be given where something is missing; specifications first, streams last."""
    loose = found.underdetermined_variables
    place = _place(flowsheet, [*found.underdetermined_equations, *loose])
    text = [f"  {_count(found.missing, 'specification')} missing{place}. Fix {found.missing} of:"]
    own = sorted((v for v in loose if id(v) in known), key=lambda v: not known[id(v)][2])
    rows = [f"{known[id(v)][0]:34} {known[id(v)][1]}" for v in own]
    return text + _listed(rows or [label(flowsheet, v) for v in loose])


def _too_many(flowsheet: Flowsheet, found: Any, known: Names) -> list[str]:
    """What may be freed where something is given twice; what was fixed in exchange first."""
    place = _place(flowsheet, found.overdetermined_equations)
    text = [f"  {_count(found.surplus, 'specification')} too many{place}. Free {found.surplus} of:"]
    designed = {e.fixed for e in flowsheet.exchanges}
    own = [v for v in found.candidates_to_free if id(v) in known]
    own.sort(key=lambda v: (known[id(v)][0] not in designed, bool(CONSTANTS.search(v.name))))
    idle = _idle(flowsheet, found, [known[id(v)][0] for v in own])
    rows = [
        f"{known[id(v)][0]:34} {_with_value(known[id(v)][1], pyo.value(v))}"
        for v in own
        if known[id(v)][0] not in idle
    ]
    if rows:
        return text + _listed(rows) + [f"  ({line}.)" for line in idle.values()]
    equations = [equation_label(c) for c in found.overdetermined_equations]
    return [
        f"  {_count(found.surplus, 'equation')} too many{place}, and none of them holds a"
        " specification that could be freed. Equations in conflict:",
        *_listed(equations),
    ]


def _with_value(text: str, value: float) -> str:
    """What a quantity is and its value, from "doc [unit]"."""
    doc, _, unit = text.removesuffix("]").rpartition(" [")
    return f"{doc} = {words(value, unit)}"


def _futile(flowsheet: Flowsheet, found: Any) -> list[Exchange]:
    """Exchanges that fix something in the part with too many and free something outside of it."""
    over = {id(v) for v in found.candidates_to_free}
    under = {id(v) for v in found.underdetermined_variables}
    return [
        e
        for e in flowsheet.exchanges
        if id(flowsheet.variable(e.fixed)) in over and id(flowsheet.variable(e.freed)) in under
    ]


def _idle(flowsheet: Flowsheet, found: Any, paths: list[str]) -> dict[str, str]:
    """Specifications that take part in the equations and yet move nothing that was asked for.

    Structure does not show it; derivatives of the plant without the futile exchange do.
    """
    from noxplant.flowsheet.diagnosis import no_influence

    futile = _futile(flowsheet, found)
    if len(futile) != 1 or found.surplus != 1:
        return {}
    (e,) = futile
    others = [p for p in paths if p != e.fixed]
    return {
        p: f"{p} takes part as well, but has no influence on {e.fixed}"
        for p in no_influence(flowsheet, e, others)
    }


def _place(flowsheet: Flowsheet, components: Iterable[Any]) -> str:
    """The loop, or else the units, that some equations and unknowns belong to, in words."""
    import networkx as nx

    inside = dict.fromkeys(name for c in components for name in _owners(flowsheet, c))
    graph = nx.DiGraph(flowsheet.graph).subgraph(inside)
    loops = [c for c in nx.strongly_connected_components(graph) if len(c) > 1]
    if loops:
        largest = max(loops, key=len)
        return f" in the loop of {', '.join(n for n in flowsheet.units if n in largest)}"
    units = [n for n in flowsheet.units if n in inside]
    more = f" and {len(units) - UNITS} more" if len(units) > UNITS else ""
    return f" in {', '.join(units[:UNITS])}{more}" if units else ""


def _owners(flowsheet: Flowsheet, component: Any) -> Iterator[str]:
    """Names of the units whose block holds an equation or unknown; a stream's is its source."""
    built = flowsheet.built
    block = component.parent_block()
    while block is not None:
        for unit in flowsheet.units.values():
            if unit.block is block:
                yield unit.name
            elif built is not None:
                own = (p.stream for p in unit.outlets if p.stream is not None)
                if any(s.block is block for s in own):
                    yield unit.name
        block = block.parent_block()


def _listed(rows: list[str]) -> list[str]:
    more = [f"    and {len(rows) - ROWS} more"] if len(rows) > ROWS else []
    return [*(f"    {row}" for row in rows[:ROWS]), *more]


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
