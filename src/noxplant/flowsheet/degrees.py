"""Degrees of freedom, told in the words of the flowsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from noxplant.errors import SpecError
from noxplant.quantities import Quantity, Spec

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet


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
    if not found.missing and not found.surplus:
        return
    known = names(flowsheet)
    text = [f"{flowsheet.name}: the specifications do not determine the plant."]
    if found.missing:
        loose = [v for v in found.underdetermined_variables]
        rows = [f"{known[id(v)][0]:34} {known[id(v)][1]}" for v in loose if id(v) in known]
        rows = rows or [label(flowsheet, v) for v in loose]
        text.append(f"  {_count(found.missing, 'specification')} missing. Fix {found.missing} of:")
        text += [f"    {r}" for r in rows[:12]]
    if found.surplus:
        fixed = _fixed_in(found.overdetermined_equations, known)
        text.append(
            f"  {_count(found.surplus, 'specification')} too many. Free {found.surplus} of:"
        )
        text += [f"    {r}" for r in fixed[:12]]
        rows = [equation_label(c) for c in found.overdetermined_equations]
        text.append("  Equations in conflict: " + "; ".join(rows[:6]))
    raise SpecError("\n".join(text))


def _fixed_in(rows: Any, known: dict[int, tuple[str, str, bool]]) -> list[str]:
    from pyomo.core.expr.visitor import identify_variables

    seen: dict[str, None] = {}
    for row in rows:
        for v in identify_variables(row.body, include_fixed=True):
            if v.fixed and id(v) in known:
                seen[f"{known[id(v)][0]:34} {known[id(v)][1]} = {pyo.value(v):g}"] = None
    return list(seen)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
