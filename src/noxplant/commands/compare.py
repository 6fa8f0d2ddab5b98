"""`noxplant compare`: headline figures of plants side by side."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from noxplant import routes
from noxplant.commands.common import Commands, check_file, command, progress, say
from noxplant.errors import NoxplantError, UsageError

Figures: TypeAlias = Mapping[str, tuple[float, str]]
"""Headline figures: value and SI unit by name."""
EXAMPLES = """\
examples:
  noxplant compare nitrate-to-hydrazine nitrate-to-hydrazine/rigorous
  noxplant compare nitrate-to-hydrazine air-to-hydrazine --markdown
  noxplant compare nitrate-to-hydrazine my-plant/plant.py --json -

Each PLANT is a route, ROUTE/VARIANT, or a path to a plant.py. Figures are set side by side by their
names, which carry their basis; a plant that has no figure of a name has an empty cell. With two plants the
last column is the change from the first to the second.

exit status: 0 all solved and audited; 1 a plant cannot be solved; 2 wrong usage."""


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers, "compare", "solve plants and set their headline figures side by side", EXAMPLES
    )
    parser.add_argument("plants", metavar="PLANT", nargs="+", help="ROUTE, ROUTE/VARIANT or a path")
    parser.add_argument("--si", action="store_true", help="show SI units")
    parser.add_argument("--markdown", action="store_true", help="print the table as markdown")
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON, SI; - is stdout")
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Solve the plants, print the table."""
    from noxplant.reports import beside, tables

    texts: list[str] = arguments.plants
    if len(texts) < 2 or len(set(texts)) < len(texts):
        raise UsageError(
            f"compare takes two plants or more, each once; {', '.join(texts)} is given.\n"
            "  Write, for instance, noxplant compare ROUTE ROUTE/VARIANT."
        )
    if arguments.json is not None:
        check_file("--json", arguments.json, stdout=True)
    found = {}
    chosen = {text: chosen_plant(text) for text in texts}
    for text, (route, variant) in chosen.items():
        with progress(f"solving {text}"):
            found[text] = _headline(text, route, variant)
    if arguments.json is not None:
        record = json.dumps(beside.record(found), indent=1)
        if arguments.json == "-":
            say(record)
            return 0
        Path(arguments.json).write_text(record + "\n", encoding="utf-8")
    table = beside.table(found, si=arguments.si)
    if arguments.markdown:
        say(beside.markdown(table))
    else:
        tables.console().print(tables.draw(table))
    return 0


def _headline(text: str, route: routes.Route, variant: str | None) -> Figures:
    """Headline figures of a solved plant; why there are none names it as it was typed."""
    try:
        return routes.load(route, variant).solve().headline
    except NoxplantError as error:
        raise type(error)(f"{text} cannot be compared.\n  {error}") from error


def chosen_plant(text: str) -> tuple[routes.Route, str | None]:
    """Route and variant of "ROUTE", "ROUTE/VARIANT" or a path."""
    name, _, variant = text.rpartition("/")
    if name in routes.routes() and variant:
        route = routes.find(name)
        route.basis(variant)
        return route, variant
    return routes.find(text), None
