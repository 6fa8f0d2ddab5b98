"""`noxplant draw`: the flowsheet as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path

from noxplant import routes
from noxplant.commands.common import Commands, add_route, check_file, command, named, say
from noxplant.errors import UsageError


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers,
        "draw",
        "draw a flowsheet as SVG",
        "example:\n  noxplant draw nitrate-to-hydrazine -o plant.svg\n\n"
        "The plant need not be solvable; only its graph is drawn.",
    )
    add_route(parser)
    parser.add_argument("-o", "--output", metavar="FILE.svg", required=True, help="file to write")
    parser.add_argument("--variant", metavar="NAME", help="a variant of the route's basis")
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Draw without solving."""
    path = Path(arguments.output)
    if path.suffix != ".svg":
        raise UsageError(f"-o {path}: drawings are SVG; name a file that ends in .svg.")
    check_file("-o", arguments.output)
    plant = routes.load(arguments.route, arguments.variant)
    from noxplant.reports.drawing import draw

    with named(path):
        draw(plant, path)
    say(f"{path}: {len(plant.units)} units, {plant.graph.number_of_edges()} streams.")
    return 0
