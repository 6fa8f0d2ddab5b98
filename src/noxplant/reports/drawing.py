"""Drawing of a flowsheet as SVG, straight from its graph; Graphviz comes with pygraphviz's wheel.

Units are grouped by section, shaped by what they do; streams carry their names and the colour of
their medium. What enters and leaves the plant is drawn apart from what circulates.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noxplant.errors import ModelError, nearest

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.unit import Unit

COLOURS: Mapping[str, str] = {
    "gas": "#b7791f",
    "aqueous": "#2563a8",
    "organic": "#2f7d4f",
    "solid": "#5b5f66",
    "slurry": "#6d4fa3",
    "organic slurry": "#8a6d1d",
}
"""Colour of a stream by medium; they differ in lightness too, for eyes that see no hue."""

SHAPES: tuple[tuple[str, str, str], ...] = (
    (r"Cell|Electrolyser", "box3d", "#fdf0d5"),
    (r"Arc|Plasma", "septagon", "#fde2e4"),
    (r"Absorber|Stripper|Trap|Wash|Recovery", "cylinder", "#e3eefb"),
    (r"Reactor|Hydrolyser|Oxidiser", "component", "#fdf0d5"),
    (r"Exchanger|Heater|Cooler|Condenser|Quench", "circle", "#fbe4dd"),
    (r"Crystalliser|Evaporator", "hexagon", "#e8e2f4"),
    (r"Filter|Decanter|Separator|Flash|Dryer|Recycle", "Mrecord", "#e6f2ea"),
    (r"Pump|Compressor|Blower|Valve", "invtriangle", "#eeeeee"),
    (r"Mixer", "point", "#3a3f45"),
    (r"Splitter", "diamond", "#ffffff"),
)
"""Shape and fill of a unit by its class's name; the first pattern that fits wins, else a box."""

SMALL: Mapping[str, str] = {
    "point": "0.12",
    "diamond": "0.26",
    "circle": "0.42",
    "invtriangle": "0.36",
}
"""Size in inches of the shapes that are drawn as small symbols."""
PLAIN = ("box", "#f4f4f2")
UNPARTED = 15
"""Largest number of units that is drawn in one piece when no sections are given."""
FONT = "Helvetica,Arial,sans-serif"
INK = "#22262b"


def look(unit: Unit) -> tuple[str, str]:
    """Graphviz shape and fill of a unit."""
    name = type(unit).__name__
    for pattern, shape, fill in SHAPES:
        if re.search(pattern, name):
            return shape, fill
    return PLAIN


def spaced(name: str) -> str:
    """A class name in words.

    >>> spaced("AzineCrystalliser"), spaced("DPKRecycle"), spaced("NOxOxidiser")
    ('Azine crystalliser', 'DPK recycle', 'NOx oxidiser')
    """
    words = re.sub(r"NOx", "NOx ", name).strip()
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", words)
    parts = words.replace("N Ox", "NOx").split()
    return " ".join(
        p if n == 0 or p.isupper() or p == "NOx" else p.lower() for n, p in enumerate(parts)
    )


def graph(flowsheet: Flowsheet) -> Any:
    """The flowsheet as a pygraphviz graph, not yet laid out.

    Raises:
        ModelError: pygraphviz is not there.
    """
    try:
        import pygraphviz
    except ImportError as error:
        raise ModelError(
            "Drawing needs pygraphviz 2, whose wheels carry Graphviz: pip install 'pygraphviz>=2'."
        ) from error
    out = pygraphviz.AGraph(directed=True, strict=False)
    _style(out, flowsheet)
    section, order = sections(flowsheet), list(areas(flowsheet))
    # Graphviz stacks separate parts from the bottom up in the order in which it meets them.
    rank = {u: order.index(section[u]) if u in section else len(order) for u in flowsheet.units}
    for unit in sorted(flowsheet.units.values(), key=lambda u: -rank[u.name]):
        _node(out, unit)
    for number, name in enumerate(areas(flowsheet)):
        _cluster(out, number, name, [u for u, where in section.items() if where == name])
    for name, source, target in flowsheet.edges():
        a, b = source.unit_name, target.unit_name
        feeds, leaves = not flowsheet.units[a].inlets, not flowsheet.units[b].outlets
        if section.get(a) == section.get(b):
            _edge(out, a, b, name, source.medium, feeds=feeds, leaves=leaves)
        else:
            _connectors(out, flowsheet, section, (a, b, name, source.medium))
    for port in flowsheet.open_outlets():
        end = f"{port.path} end"
        _mark(out, flowsheet, section.get(port.unit_name), end, port.name, port.medium)
        _edge(out, port.unit_name, end, "", port.medium, leaves=True)
    return out


def _mark(
    out: Any, flowsheet: Flowsheet, where: str | None, node: str, text: str, medium: str
) -> None:
    """A small label that stands where a stream leaves the drawing or goes on elsewhere in it."""
    out.add_node(
        node,
        shape="plaintext",
        label=text,
        fontcolor=COLOURS[medium],
        fontsize="10",
        margin="0.04,0.02",
        height="0.2",
        width="0.2",
    )
    if where is not None:
        number = list(areas(flowsheet)).index(where)
        out.get_subgraph(f"cluster_{number}").add_node(node)


def _connectors(
    out: Any, flowsheet: Flowsheet, section: Mapping[str, str], stream: tuple[str, str, str, str]
) -> None:
    """A stream between sections, as a pair of off-page connectors; each names the other end.

    Each section is then a row of its own, and a long plant stays a page.
    """
    a, b, name, medium = stream
    leaving, coming = f"{name} leaves", f"{name} comes"
    _mark(out, flowsheet, section.get(a), leaving, f"to {b}", medium)
    _mark(out, flowsheet, section.get(b), coming, f"from {a}", medium)
    _edge(out, a, leaving, name, medium)
    _edge(out, coming, b, name, medium)


def areas(flowsheet: Flowsheet) -> dict[str, list[str]]:
    """Sections of the flowsheet; without any, a large one is parted by the hundreds of its tags."""
    if flowsheet.sections or len(flowsheet.units) <= UNPARTED:
        return flowsheet.sections
    found: dict[str, list[str]] = {}
    for name in sorted(flowsheet.units):
        match = re.search(r"-(\d)\d\d\w?$", name)
        if match:
            found.setdefault(f"Area {match.group(1)}00", []).append(name)
    return dict(sorted(found.items()))


def sections(flowsheet: Flowsheet) -> dict[str, str]:
    """Section of each unit; a feed or product without one joins the unit that it is connected to."""
    found = {u: name for name, units in areas(flowsheet).items() for u in units}
    unknown = [u for u in found if u not in flowsheet.units]
    if unknown:
        raise ModelError(
            f"{flowsheet.name}: section {found[unknown[0]]!r} names {unknown[0]!r}, which is no unit."
            f"{nearest(unknown[0], flowsheet.units)}"
        )
    for _, source, target in flowsheet.edges():
        a, b = source.unit_name, target.unit_name
        if not flowsheet.units[a].inlets and a not in found and b in found:
            found[a] = found[b]
        if not flowsheet.units[b].outlets and b not in found and a in found:
            found[b] = found[a]
    return found


def _cluster(out: Any, number: int, name: str, members: list[str]) -> None:
    out.add_subgraph(
        members,
        name=f"cluster_{number}",
        label=f"<<b>{html.escape(name)}</b>>",
        labeljust="l",
        style="rounded,filled",
        color="#d5d9de",
        fillcolor="#fafbfc",
        fontcolor="#6a7079",
        fontsize="14",
        fontname=FONT,
        margin="14",
    )


def _style(out: Any, flowsheet: Flowsheet) -> None:
    out.graph_attr.update(
        rankdir="LR",
        bgcolor="white",
        fontname=FONT,
        fontsize="22",
        fontcolor=INK,
        labelloc="t",
        labeljust="l",
        nodesep="0.32",
        ranksep="0.55",
        newrank="true",
        pad="0.3",
        label=_legend(flowsheet),
    )
    out.node_attr.update(
        fontname=FONT, fontsize="11", fontcolor=INK, color="#4a5058", penwidth="1.1"
    )
    out.edge_attr.update(fontname=FONT, fontsize="9.5", arrowsize="0.65", penwidth="1.3")


def _legend(flowsheet: Flowsheet) -> str:
    """Title and legend of the media that occur, as a Graphviz label."""
    used = {p.medium for u in flowsheet.units.values() for p in u.all_ports()}
    keys = "&nbsp;&nbsp;&nbsp;".join(
        f'<font color="{c}"><b>&#9644;</b></font>&nbsp;{m}' for m, c in COLOURS.items() if m in used
    )
    title = html.escape(flowsheet.name)
    return (
        f'<{title}<br align="left"/><font point-size="12">{keys}'
        '&nbsp;&nbsp;&nbsp;<b>bold</b>: leaves the plant<br align="left"/></font>>'
    )


def _node(out: Any, unit: Unit) -> None:
    name, words = html.escape(unit.name), html.escape(spaced(type(unit).__name__))
    if not unit.inlets or not unit.outlets:
        _end(out, unit, name)
        return
    shape, fill = look(unit)
    style = {"shape": shape, "style": "filled", "fillcolor": fill, "tooltip": words}
    size = SMALL.get(shape)
    if size is not None:
        # Small symbols carry their label beside them, so that they stay small.
        beside = f'<<font point-size="9.5">{name}</font>>'
        style |= {"width": size, "height": size, "fixedsize": "true", "label": "", "xlabel": beside}
    else:
        kind = f'<font point-size="9.5" color="#5a6068">{words}</font>'
        style |= {"label": f"<<b>{name}</b><br/>{kind}>", "margin": "0.14,0.08"}
    out.add_node(unit.name, **style)


def _end(out: Any, unit: Unit, name: str) -> None:
    """A feed or a product: a flag in the colour of its medium."""
    leaves = bool(unit.inlets)
    colour = COLOURS[unit.all_ports()[0].medium]
    out.add_node(
        unit.name,
        shape="rarrow" if leaves else "cds",
        style="filled",
        label=f"<<b>{name}</b>>" if leaves else f"<{name}>",
        fillcolor="#eef3f8" if leaves else "white",
        color=colour,
        fontcolor=colour,
        penwidth="2" if leaves else "1.2",
        margin="0.16,0.06",
    )


def _edge(
    out: Any,
    source: str,
    target: str,
    name: str,
    medium: str,
    *,
    feeds: bool = False,
    leaves: bool = False,
) -> None:
    colour = COLOURS[medium]
    text = f"<b>{html.escape(name)}</b>" if leaves else html.escape(name)
    out.add_edge(
        source,
        target,
        key=f"{source}|{target}|{name}",
        label=f"<{text}>" if name else "",
        color=colour,
        fontcolor=colour,
        style="dashed" if feeds else "solid",
        penwidth="2.6" if leaves else "1.3",
        tooltip=f"{name} ({medium})",
    )


def svg(flowsheet: Flowsheet) -> str:
    """The drawing as SVG text."""
    data: bytes = graph(flowsheet).draw(format="svg", prog="dot")
    return data.decode("utf-8")


def draw(flowsheet: Flowsheet, path: Path) -> None:
    """Write the drawing of a flowsheet; solved or not, built or not.

    Args:
        flowsheet: the flowsheet.
        path: file to write; must end in .svg.

    Raises:
        ModelError: pygraphviz is not there, or the file's name has another ending.
    """
    if path.suffix != ".svg":
        raise ModelError(f"{path}: drawings are SVG; name a file that ends in .svg.")
    path.write_text(svg(flowsheet), encoding="utf-8")
