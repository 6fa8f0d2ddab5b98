"""Tables of a solution for the terminal. Rows are plain lists; rich draws them, loaded when needed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from noxplant.measures import shown, words
from noxplant.species import species

if TYPE_CHECKING:
    from noxplant.flowsheet.solution import Solution, StreamResult

MAIN_SPECIES = 4
"""How many species of a stream the terminal table names."""
TRACE = 1e-4
"""Smallest mass (or mole) fraction that it names."""
MOVES = 3
"""How many figures that an assumption moves the terminal table names."""
MUST_CLOSE = 1e-8
"""Largest relative imbalance that an audit allows (design, section 6)."""


@dataclass(frozen=True)
class Table:
    """A table to be printed.

    Attributes:
        title: heading.
        columns: names; one that ends in ">" is set flush right.
        rows: cells as text.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def console(*, stderr: bool = False) -> Any:
    """A rich console; as wide as needed when the output is no terminal."""
    from rich.console import Console

    found = Console(stderr=stderr, highlight=False, soft_wrap=False)
    return found if found.is_terminal else Console(stderr=stderr, highlight=False, width=150)


def draw(table: Table) -> Any:
    """A table as rich draws it; the names of its first column are never cut, other cells fold."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table as RichTable

    out = RichTable(title=escape(table.title), box=box.SIMPLE_HEAD, title_justify="left")
    for k, name in enumerate(table.columns):
        right = name.endswith(">")
        words = (w for row in table.rows for w in row[k].split()) if k == 0 else ()
        out.add_column(
            escape(name.removesuffix(">")),
            justify="right" if right else "left",
            no_wrap=right,
            overflow="fold",
            min_width=max(map(len, words), default=None),
        )
    for row in table.rows:
        out.add_row(*map(escape, row))
    return out


def number(x: float) -> str:
    """A number with four digits."""
    return f"{x:.4g}" if 1e-3 <= abs(x) < 1e5 or x == 0 else f"{x:.3e}"


def headline(solution: Solution, *, si: bool = False) -> Table:
    """Headline figures."""
    rows = []
    for name, (value, unit) in solution.headline.items():
        found, u = shown(value, unit, si=si, doc=name)
        rows.append([name, number(found), "" if u == "1" else u])
    return Table("Headline", ("figure", "value>", "unit"), rows)


def audits(solution: Solution) -> Table:
    """Largest relative imbalances, and where."""
    a = solution.audits
    rows = [
        [kind, f"{value:.1e}", where, "closes" if value <= MUST_CLOSE else "OPEN"]
        for kind, value, where in (
            ("elements", a.elements, a.elements_at),
            ("charge", a.charge, a.charge_at),
            ("energy", a.energy, a.energy_at),
        )
    ]
    return Table("Audits", ("balance", "relative imbalance>", "largest at", ""), rows)


def safety(solution: Solution, *, si: bool = False) -> Table:
    """Dangers with value, limit and where; advice and source stand in the JSON and `safety_lines`."""
    rows = []
    for d in solution.safety:
        (value, unit), (limit, _) = (shown(x, d.unit, si=si, doc="") for x in (d.value, d.limit))
        also = f" and {len(d.streams) - 1} more" if len(d.streams) > 1 else ""
        rows.append(
            [
                d.name,
                number(value),
                number(limit),
                "" if unit == "1" else unit,
                "BEYOND" if d.beyond else "below",
                f"{d.streams[0]}{also}",
            ]
        )
    return Table("Safety", ("danger", "value>", "limit>", "unit", "", "worst in"), rows)


def safety_lines(solution: Solution) -> list[str]:
    """What each danger beyond its limit means, what to do, and where the limit comes from."""
    beyond = [d for d in solution.safety if d.beyond]
    return [f"{d.name}: {d.advice} Limit: {d.source} ({d.kind})." for d in beyond]


def composition(stream: StreamResult, *, si: bool = False) -> str:
    """Main species in words: wt%, or mol/s with `si`."""
    mass = {j: n * species(j).molar_mass for j, n in stream.flows.items()}
    total = sum(mass.values())
    largest = sorted(mass, key=lambda j: -mass[j])[:MAIN_SPECIES]
    if si:
        return ", ".join(f"{j} {stream.flows[j]:.4g}" for j in largest if stream.flows[j] > 0)
    return ", ".join(
        f"{j} {100 * mass[j] / total:.3g}"
        for j in largest
        if total > 0 and mass[j] >= TRACE * total
    )


def streams(solution: Solution, *, si: bool = False) -> Table:
    """One row a stream."""
    rows = []
    for s in solution.stream_results.values():
        flow, T, p = ((s.mass_flow, "kg/s"), (s.temperature, "K"), (s.pressure, "Pa"))
        rows.append(
            [
                s.name,
                f"{s.source or '(feed)'} > {s.target or '(out)'}",
                s.medium,
                number(shown(*flow, si=si)[0]),
                f"{shown(*T, si=si)[0]:.1f}",
                number(shown(*p, si=si)[0]),
                "" if s.ph is None else f"{s.ph:.2f}",
                composition(s, si=si),
            ]
        )
    units = ("kg/s>", "K>", "Pa>") if si else ("kg/h>", "C>", "bar>")
    last = "mol/s of main species" if si else "main species, wt%"
    return Table("Streams", ("stream", "from > to", "medium", *units, "pH>", last), rows)


def power(solution: Solution, *, si: bool = False) -> Table:
    """Heats and works by consumer, with utilities and electric power."""
    rows, electric, heating, cooling = [], 0.0, 0.0, 0.0
    unit = "W" if si else "kW"
    for path, q in solution.quantities.items():
        if q.kind not in ("heat", "work"):
            continue
        drawn = q.value if q.kind == "work" else q.power
        electric += drawn
        heating += max(q.value, 0.0) if q.kind == "heat" else 0.0
        cooling += max(-q.value, 0.0) if q.kind == "heat" else 0.0
        start, end = q.start if q.start is not None else q.temperature, q.end
        span = "" if start is None else words(start, "K", si=si)
        if end is not None and start is not None and abs(end - start) > 0.01:
            span += f" to {words(end, 'K', si=si)}"
        rows.append(
            [
                path,
                q.kind,
                number(shown(q.value, "W", si=si)[0]),
                q.utility or "electricity",
                span,
                number(shown(drawn, "W", si=si)[0]) if drawn else "",
            ]
        )
    if rows:
        total = [number(shown(x, "W", si=si)[0]) for x in (heating, cooling, electric)]
        rows.append(
            ["total", f"heating {total[0]}, cooling {total[1]} {unit}", "", "", "", total[2]]
        )
    columns = (
        "consumer",
        "kind",
        f"{unit} into the plant>",
        "utility",
        "temperature",
        f"electric {unit}>",
    )
    return Table("Heat and power", columns, rows)


def results(solution: Solution, *, si: bool = False) -> Table:
    """Every quantity."""
    rows = []
    for path, q in solution.quantities.items():
        found, unit = shown(q.value, q.unit, si=si, doc=q.doc)
        rows.append([path, number(found), "" if unit == "1" else unit, q.kind, q.doc])
    return Table("Quantities", ("quantity", "value>", "unit", "kind", "what it is"), rows)


def assumptions(solution: Solution, *, si: bool = False) -> Table:
    """Numbers of class assumption: value, plausible range, what they move, why; decisive ones first."""
    rows = []
    for a in sorted(solution.assumptions, key=lambda a: -largest_move(a)):
        doc = str(a["name"]).rpartition(".")[2].replace("_", " ")
        low, value, high = (
            "" if a.get(k) is None else words(a[k], a["unit"], si=si, doc=doc)
            for k in ("low", "value", "high")
        )
        rows.append([a["name"], value, low, high, moves(a), str(a.get("reason", ""))])
    columns = ("", "value>", "from>", "to>", "moves, from and to", "reason")
    return Table("Assumptions", columns, rows)


def largest_move(assumption: Mapping[str, Any]) -> float:
    """Largest relative change of a headline figure over the range of an assumption; 0 if none."""
    found = [abs(x) for pair in assumption.get("moves", {}).values() for x in pair if x is not None]
    return max(found, default=0.0)


def moves(assumption: Mapping[str, Any], most: int = MOVES) -> str:
    """Headline figures that an assumption moves, in words, the first `most` of them."""
    if "freed" in assumption:
        return f"start value only; follows from {assumption['freed']}"
    found = assumption.get("moves", {})
    out = [
        f"{figure}: {', '.join('?' if x is None else f'{x:+.1%}' for x in pair)}"
        for figure, pair in list(found.items())[:most]
    ]
    if len(found) > most:
        out.append(f"and {len(found) - most} more")
    out += [f"{which}: {why}" for which, why in assumption.get("ends", {}).items()]
    return "\n".join(out) or "no figure by 1 %"


def pinch_lines(solution: Solution, *, si: bool = False) -> list[str]:
    """What heat recovery could save, in words."""
    from noxplant.reports.pinch import pinch

    found = pinch(solution)
    if found.heating <= 0 or found.cooling <= 0:
        return []
    at = "no pinch (one utility is enough)"
    if found.pinch is not None:
        at = f"pinch at {words(found.pinch, 'K', si=si)}"
    apart = f", without {', '.join(solution.unrecovered)}" if solution.unrecovered else ""
    return [
        f"Heating {words(found.heating, 'W', si=si)} before and"
        f" {words(found.hot_utility, 'W', si=si)} after the maximum recovery at"
        f" {found.approach:g} K{apart}; {at}."
    ]


def natural(text: str) -> list[Any]:
    """Sort key: T-9 before T-10."""
    return [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", text)]
