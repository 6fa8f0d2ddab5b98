"""`noxplant list`: the routes that are shipped."""

from __future__ import annotations

import argparse

from noxplant import routes
from noxplant.commands.common import Commands, command, say


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers,
        "list",
        "list the routes that are shipped",
        "A route is a folder with plant.py and basis.toml; `noxplant new` copies one for you.",
    )
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Print name, summary and variants of every route."""
    found = routes.routes()
    width = max((len(n) for n in found), default=0)
    for route in found.values():
        say(f"{route.name:{width}}  {route.summary}".rstrip())
        for variant in route.variants:
            say(f"{'':{width}}  --variant {variant}")
    if not found:
        say("No routes are shipped with this installation.")
    return 0
