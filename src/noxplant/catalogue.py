"""The units there are, found by scanning `noxplant.units`, and what each declares."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from typing import Any

from noxplant import units
from noxplant.errors import UsageError, nearest
from noxplant.quantities import Heat, Inlet, Inside, Outlet, PortNoun, Quantity, Result, Spec, Work
from noxplant.unit import Unit

KINDS: tuple[tuple[type[Any], str], ...] = (
    (Inlet, "inlet"),
    (Outlet, "outlet"),
    (Inside, "inside"),
    (Spec, "spec"),
    (Heat, "heat"),
    (Work, "work"),
    (Result, "result"),
)


@dataclass(frozen=True)
class Declaration:
    """One declared noun of a unit, in words.

    Attributes:
        kind: inlet, outlet, inside, spec, heat, work or result.
        unit: SI unit; the medium of a port.
        detail: bounds, default, index or utility.
    """

    name: str
    kind: str
    unit: str
    doc: str
    detail: str


def unit_classes() -> dict[str, type[Unit]]:
    """Every unit class of `noxplant.units` by name, sorted."""
    found = {}
    for info in pkgutil.iter_modules(units.__path__):
        module = importlib.import_module(f"{units.__name__}.{info.name}")
        for name, item in vars(module).items():
            own = inspect.isclass(item) and item.__module__ == module.__name__
            if own and issubclass(item, Unit) and item is not Unit:
                found[name] = item
    return dict(sorted(found.items()))


def find_unit(name: str) -> type[Unit]:
    """Unit class of a name.

    Raises:
        UsageError: there is none, with the nearest name.
    """
    known = unit_classes()
    if name not in known:
        raise UsageError(
            f"There is no unit {name!r}.{nearest(name, known)} `noxplant units` lists all."
        )
    return known[name]


def summary(unit: type[Unit]) -> str:
    """First line of a unit's description."""
    return (inspect.getdoc(unit) or "").partition("\n")[0]


def declarations(unit: type[Unit]) -> list[Declaration]:
    """What a unit declares: ports first, then specifications, then what it computes."""
    rows = []
    for _, word in KINDS:
        for key, noun in unit.declared.items():
            if next(w for k, w in KINDS if isinstance(noun, k)) != word:
                continue
            measure = noun.medium if isinstance(noun, PortNoun) else noun.units  # type: ignore[attr-defined]
            rows.append(Declaration(key, word, _medium(measure), noun.doc, _detail(noun)))  # type: ignore[attr-defined]
    return rows


def _medium(text: str) -> str:
    return f"its {text[1:] or 'medium'}" if text.startswith("*") else text


def _detail(noun: Any) -> str:
    parts = []
    if isinstance(noun, Quantity):
        low, high = noun.bounds
        if low is not None or high is not None:
            ends = ("-inf" if low is None else f"{low:g}", "inf" if high is None else f"{high:g}")
            parts.append(f"{ends[0]} to {ends[1]}")
        if isinstance(noun, Spec):
            parts.append("required" if noun.default is None else f"default {noun.default:g}")
        if noun.over:
            parts.append(f"per {noun.over}")
        if isinstance(noun, Heat):
            parts.append(noun.utility)
    elif getattr(noun, "count", ""):
        parts.append(f"as many as {noun.count}")
    return ", ".join(parts)
