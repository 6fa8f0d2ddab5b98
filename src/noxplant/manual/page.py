"""Reference pages of the units as markdown: nouns, equations, limits, behaviour, example."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from noxplant import catalogue
from noxplant.examples import examples
from noxplant.manual import behaviour, picture, relations
from noxplant.manual.latex import LEGEND
from noxplant.thermo.used import extrapolating
from noxplant.unit import Unit

SHARED = "shared-relations.md"
COMMAND = "noxplant units --pages docs/reference/units"


def write(folder: Path, names: Iterable[str], tell: Callable[[str], None]) -> list[Path]:
    """Write the pages of some units, the page of shared relations and, for all units, an index.

    Args:
        folder: where to; it is made.
        names: unit classes.
        tell: called with the name of each unit before its page is made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    out, names = [], list(names)
    for name in names:
        tell(name)
        unit = catalogue.find_unit(name)
        found = relations.of_unit(unit)
        shown = behaviour.of(name)
        if shown is not None:
            file = folder / f"{name}.svg"
            file.write_text(picture.svg(shown, name), encoding="utf-8")
            out.append(file)
        out.append(_put(folder / f"{name}.md", page(unit, found, shown)))
    out.append(_put(folder / SHARED, shared_page(_shared())))
    if names == list(catalogue.unit_classes()):
        out.append(_put(folder / "index.md", index()))
    return out


def _shared() -> dict[str, Callable[..., Any]]:
    """Functions whose equations the units share, by full name."""
    out: dict[str, Callable[..., Any]] = {}
    for unit in catalogue.unit_classes().values():
        out.update(relations.of_unit(unit).shared)
    return out


def _put(file: Path, lines: list[str]) -> Path:
    file.write_text(_tidy(lines), encoding="utf-8")
    return file


def _tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip() + "\n")


def head(unit: type[Unit], found: relations.Relations) -> str:
    """The page of a unit as far as its code alone tells it."""
    return _tidy(_head(unit, found)).rstrip("\n")


def _head(unit: type[Unit], found: relations.Relations) -> list[str]:
    name = unit.__name__
    lines = [f"# {name}", "", *_description(unit), "", "## Nouns", ""]
    lines += ["| name | kind | SI unit or medium | what it is | range, default |"]
    lines += ["|---|---|---|---|---|"]
    for d in catalogue.declarations(unit):
        cells = (f"`{d.name}`", d.kind, d.unit, d.doc, d.detail)
        lines.append(f"| {' | '.join(c.replace('|', chr(92) + '|') for c in cells)} |")
    lines += ["", "## Equations", ""]
    lines += _linked(found.lines, SHARED) if found.lines else ["None: what enters is what leaves."]
    return [*lines, "", LEGEND, ""]


def page(unit: type[Unit], found: relations.Relations, shown: Any) -> list[str]:
    """Lines of the page of one unit."""
    name = unit.__name__
    lines = [*_head(unit, found), *_limits(name)]
    if shown is not None:
        lines += ["## Behaviour", "", f"![{name}]({name}.svg)", "", shown.says, *_ends(shown), ""]
    lines += _example(name)
    lines += [f"*Made by `{COMMAND}` from the unit's own declarations, code and example.*"]
    return lines


def _description(unit: type[Unit]) -> list[str]:
    return (inspect.getdoc(unit) or "").replace("``", "`").splitlines()


def _linked(lines: Iterable[str], page: str) -> list[str]:
    """Lines whose links to shared functions point at their place on a page."""
    return [re.sub(r"\(@([\w.]+)\)", lambda m: f"({page}#{_anchor(m[1])})", x) for x in lines]


def _anchor(full: str) -> str:
    return full.replace(".", "").lower()


def _limits(name: str) -> list[str]:
    """What the unit refuses and which currents it balances, asked of its example."""
    plant = examples()[name]()
    plant.build()
    unit = plant.units["U"]
    with extrapolating():
        limits = [limit.name for limit in unit.limits()]
        regions = [region.name for region in unit.regions()]
    out = []
    if limits:
        out += ["## Limits", "", "Refused, with the value, when one of these is exhausted:", ""]
        out += [f"- {limit}" for limit in dict.fromkeys(limits)] + [""]
    if regions:
        out += ["Closed by the audits on their own: " + ", ".join(regions) + ".", ""]
    return out


def _ends(shown: behaviour.Behaviour) -> list[str]:
    """Where curves end because the unit refuses."""
    reasons = dict.fromkeys(r for c in shown.curves for r in c.refusals)
    if not reasons:
        return []
    return ["", "Where a curve ends the unit refuses:", "", *(f"- {r}" for r in list(reasons)[:3])]


def _example(name: str) -> list[str]:
    make = examples()[name]
    source = inspect.getsource(make).rstrip()
    return ["## Example", "", "```python", source, "```", ""]


def shared_page(shared: dict[str, Callable[..., Any]]) -> list[str]:
    """Lines of the page of the relations that several units share."""
    lines = ["# Relations that units share", ""]
    lines += ["The equations of the functions that units compose, in the names of their own"]
    lines += ["parameters.", "", LEGEND, ""]
    for full, found in sorted(relations.iterate(shared)):
        doc = inspect.getdoc(relations.function_of(full)) or ""
        lines += [f"## {full}", "", *doc.partition("\n\n")[0].splitlines(), ""]
        lines += [*_linked(found.lines, ""), ""]
    lines += [f"*Made by `{COMMAND}`.*"]
    return lines


def index() -> list[str]:
    """Lines of the list of all units."""
    lines = ["# Units", ""]
    for name, unit in catalogue.unit_classes().items():
        lines.append(f"- [{name}]({name}.md): {catalogue.summary(unit)}")
    return [*lines, "", f"[Relations that units share]({SHARED}).", "", f"*Made by `{COMMAND}`.*"]
