"""`noxplant literature`: energy cost of plasma reactors against the thermal limit."""

from __future__ import annotations

import argparse
from pathlib import Path

from noxplant.commands.common import Commands, check_file, command, say


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers,
        "literature",
        "show published energy costs of plasma NOx against the limit of heat",
        "examples:\n  noxplant literature\n  noxplant literature --page plasma-energy.md\n\n"
        "The page holds the tables and the explanation; a picture of the same name is written beside"
        "\nit, which needs: pip install 'noxplant[manual]'.",
    )
    parser.add_argument("--page", metavar="FILE", help="write a markdown page and its picture")
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Print the table, or write the page."""
    from noxplant.reports import energy_cost

    if arguments.page is None:
        say([*energy_cost.literature_table(), "", *energy_cost.limit_table(), ""])
        say(energy_cost.explanation())
        return 0
    check_file("--page", arguments.page)
    file = Path(arguments.page)
    picture = file.with_suffix(".svg")
    drawn = energy_cost.svg()
    picture.write_text(drawn, encoding="utf-8")
    file.write_text(energy_cost.page(picture.name), encoding="utf-8")
    say(f"{file} and {picture} are written.")
    return 0
