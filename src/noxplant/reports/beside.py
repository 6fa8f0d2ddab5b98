"""Headline figures of several plants side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from noxplant.measures import shown
from noxplant.reports.tables import Table, number

Headlines: TypeAlias = Mapping[str, Mapping[str, tuple[float, str]]]
"""Headline figures (value, SI unit) by the plant's name."""


def names(plants: Headlines) -> list[tuple[str, str]]:
    """Name and SI unit of all figures, in the order of the first plant that has each."""
    both = ((name, unit) for figures in plants.values() for name, (_, unit) in figures.items())
    return list(dict.fromkeys(both))


def table(plants: Headlines, *, si: bool = False) -> Table:
    """A row a figure, a column a plant; of two plants the change too.

    Figures of one name in other units stand in rows of their own.

    Args:
        plants: headline figures by the plant's name.
        si: whether to keep SI units.
    """
    rows = []
    for name, unit in names(plants):
        held = [f[name] if name in f and f[name][1] == unit else None for f in plants.values()]
        found = [None if x is None else shown(*x, si=si, doc=name) for x in held]
        if len({x[1] for x in found if x is not None}) > 1:  # the size decides the unit: mA, kA
            found = held
        last = next(u for x in found if x is not None for u in (x[1],))
        cells = ["" if x is None else number(x[0]) for x in found]
        change = [_change(held)] if len(plants) == 2 else []
        rows.append([name, *cells, "" if last == "1" else last, *change])
    more = ["change>"] if len(plants) == 2 else []
    columns = ["figure", *(f"{name}>" for name in plants), "unit", *more]
    return Table("Side by side", columns, rows)


def _change(both: Sequence[tuple[float, str] | None]) -> str:
    """Relative change in words; empty where there is none to speak of."""
    if None in both:
        return ""
    (old, _), (new, _) = (x for x in both if x is not None)
    if old == 0:
        return "" if new == 0 else "from 0"
    change = new / old - 1
    return "0" if abs(change) < 5e-5 else f"{100 * change:+.3g} %"


def markdown(drawn: Table) -> list[str]:
    """The table as lines of markdown."""
    right = [c.endswith(">") for c in drawn.columns]
    lines = [
        [c.removesuffix(">") for c in drawn.columns],
        ["---:" if r else "---" for r in right],
        *drawn.rows,
    ]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def record(plants: Headlines) -> dict[str, Any]:
    """What goes into JSON: value and SI unit by figure, by plant."""
    return {
        plant: {name: {"value": value, "unit": unit} for name, (value, unit) in figures.items()}
        for plant, figures in plants.items()
    }
