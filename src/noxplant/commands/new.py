"""`noxplant new`: a route of your own, copied from another."""

from __future__ import annotations

import argparse
import shlex
import shutil
from pathlib import Path

from noxplant import routes
from noxplant.commands.common import Commands, command, say
from noxplant.errors import UsageError


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers,
        "new",
        "start a route of your own from another one",
        "example:\n  noxplant new my-plant --from nitrate-to-hydrazine\n"
        "  noxplant run my-plant/plant.py",
    )
    parser.add_argument("name", metavar="NAME", help="folder to make: a name, or a path")
    parser.add_argument(
        "--from",
        dest="origin",
        metavar="ROUTE",
        required=True,
        help="the route to copy: a name or a path",
    )
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Copy the folder of a route."""
    route, target = routes.find(arguments.origin), Path(arguments.name)
    if target.exists():
        raise UsageError(f"{target} is already there; choose another name.")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {target.absolute().parent} to make {target.name} in.")
    # Its expectations belong to the plant it was copied from.
    leave = shutil.ignore_patterns("__pycache__", "*.pyc", "expected.toml")
    shutil.copytree(route.folder, target, ignore=leave)
    say(
        [
            f"{target} is a copy of {route.name}.",
            f"  {target}/plant.py     the flowsheet: change build()",
            f"  {target}/basis.toml   its numbers, each with unit, source and class",
            f"Solve it:  noxplant run {shlex.quote(f'{target}/plant.py')}",
        ]
    )
    return 0
