"""`noxplant units`: the units there are, and what each declares."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from noxplant.commands.common import Commands, check_folder, command, say
from noxplant.errors import UsageError


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers,
        "units",
        "list the units, or what one of them declares",
        "examples:\n  noxplant units\n  noxplant units AirStripper\n"
        "  noxplant units AirStripper --pages docs/reference/units\n\n"
        "Pages hold the nouns, the equations, what is refused, a picture of the behaviour and an"
        "\nexample; they need: pip install 'noxplant[manual]'.",
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="a unit, such as AirStripper")
    parser.add_argument(
        "--pages",
        metavar="FOLDER",
        type=Path,
        help="write the reference page of the unit (of all units without NAME) as markdown",
    )
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Print all units, or the description and declarations of one."""
    from noxplant import catalogue

    if arguments.pages is not None:
        return _pages(arguments.pages, arguments.name)
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


def _pages(folder: Path, name: str | None) -> int:
    """Write the reference pages; a bar shows how far they are."""
    from rich.progress import Progress

    from noxplant import catalogue
    from noxplant.reports import tables

    try:
        from noxplant.manual import page
    except ImportError as error:
        raise UsageError(
            f"The reference pages need the package {error.name}.\n  Install it: pip install"
            " 'noxplant[manual]'."
        ) from error
    all_names = list(catalogue.unit_classes())
    names = all_names if name is None else [catalogue.find_unit(name).__name__]
    check_folder("--pages", str(folder))
    console = tables.console(stderr=True)
    with Progress(console=console, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("pages", total=len(names))
        files = page.write(folder, names, lambda _: bar.advance(task))
    say([f"{len(files)} files written to {folder}."])
    return 0


def _plain(parameter: object) -> str:
    """A parameter without its annotation."""
    return str(parameter).partition(":")[0].partition("=")[0].strip()
