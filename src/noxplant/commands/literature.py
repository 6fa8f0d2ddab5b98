"""`noxplant literature`: energy cost of plasma reactors against the thermal limit."""

from __future__ import annotations

import argparse
from pathlib import Path

from noxplant.commands.common import Commands, check_file, command, say
from noxplant.errors import UsageError


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers,
        "literature",
        "show published energy costs of plasma NOx against the limit of heat",
        "examples:\n  noxplant literature\n  noxplant literature --page plasma-energy.md\n"
        "  noxplant literature --industry todays-industry.md\n\n"
        "The page holds the tables and the explanation; a picture of the same name is written beside"
        "\nit, which needs: pip install 'noxplant[manual]'. --industry solves the shipped plants and sets"
        "\nthem beside today's ammonia and nitric acid, per mole of fixed nitrogen (a minute).",
    )
    parser.add_argument("--page", metavar="FILE", help="write a markdown page and its picture")
    parser.add_argument(
        "--industry", metavar="FILE", help="solve the shipped plants, compare them with industry"
    )
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Print the table, or write a page."""
    from noxplant.reports import energy_cost

    if arguments.industry is not None:
        return _industry(arguments)
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


def _industry(arguments: argparse.Namespace) -> int:
    """Write the page that compares the shipped plants with industry."""
    from noxplant.reports import industry

    if arguments.page is not None:
        raise UsageError("--page and --industry write two pages: give one at a time.")
    check_file("--industry", arguments.industry)
    file = Path(arguments.industry)
    found = industry.solved()
    file.write_text(industry.page(found), encoding="utf-8")
    say(industry.table(found))
    say(f"{file} is written.")
    return 0
