"""`noxplant units`: the units there are, and what each declares."""

from __future__ import annotations

import argparse

from noxplant.commands.common import Commands, command, say


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers,
        "units",
        "list the units, or what one of them declares",
        "examples:\n  noxplant units\n  noxplant units AirStripper",
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="a unit, such as AirStripper")
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Print all units, or the description and declarations of one."""
    from noxplant import catalogue

    if arguments.name is None:
        found = catalogue.unit_classes()
        width = max(map(len, found), default=0)
        say([f"{n:{width}}  {catalogue.summary(u)}" for n, u in found.items()])
        say("`noxplant units NAME` shows ports, specifications and results of one.")
        return 0
    import inspect

    from noxplant.reports import tables

    unit = catalogue.find_unit(arguments.name)
    parameters = list(inspect.signature(unit.__init__).parameters.values())[1:]
    say([f"{arguments.name}({', '.join(_plain(p) for p in parameters)})", ""])
    say([inspect.getdoc(unit) or "", ""])
    rows = [[d.name, d.kind, d.unit, d.doc, d.detail] for d in catalogue.declarations(unit)]
    columns = ("name", "kind", "SI unit or medium", "what it is", "range, default")
    tables.console().print(tables.draw(tables.Table("Declared", columns, rows)))
    return 0


def _plain(parameter: object) -> str:
    """A parameter without its annotation."""
    return str(parameter).partition(":")[0].partition("=")[0].strip()
