"""`noxplant species`: the species there are, and every number known about one."""

from __future__ import annotations

import argparse

from noxplant.commands.common import Commands, command, say
from noxplant.errors import SpeciesError, UsageError


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers,
        "species",
        "list the species, or every number known about one, with its source",
        "examples:\n  noxplant species\n  noxplant species --detail NH3\n"
        "  noxplant species --consistency",
    )
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--detail",
        metavar="NAME",
        help="show every number of this species: value, unit, range, class, source",
    )
    either.add_argument(
        "--consistency",
        action="store_true",
        help="compare Gibbs energies, heats, constants and potentials; prints a page in Markdown",
    )
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Print all species, or the numbers of one."""
    from noxplant.reports import tables
    from noxplant.species import all_species

    if arguments.consistency:
        from noxplant.thermo import page

        say(page.text().rstrip("\n"))
        return 0
    if arguments.detail is not None:
        return _detail(arguments.detail)
    rows = [
        [
            s.name,
            s.formula,
            f"{s.charge:+d}" if s.charge else "",
            f"{1000 * s.molar_mass:.3f}",
            ", ".join(sorted(s.media)),
            ", ".join(f"{k:g} {c}" for c, k in s.content.items()),
        ]
        for s in all_species()
    ]
    columns = ("species", "formula", "charge>", "g/mol>", "media", "counted as")
    tables.console().print(tables.draw(tables.Table("Species", columns, rows)))
    return 0


def _detail(name: str) -> int:
    from noxplant.reports import tables
    from noxplant.species import species
    from noxplant.thermo import book

    rows = book.entries(name)
    try:
        s = species(name)
        media = ", ".join(sorted(s.media)) or "no stream"
        charge = f"charge {s.charge:+d}, " if s.charge else ""
        say(f"{s.name}: {s.formula}, {charge}{1000 * s.molar_mass:.4f} g/mol; in {media}.")
    except SpeciesError as error:
        if not rows:
            raise UsageError(str(error)) from error
    cells = [[r.quantity, _value(r.value), r.unit, r.range, r.kind, r.source] for r in rows]
    if cells:
        columns = ("quantity", "value", "unit", "range", "class", "source")
        tables.console().print(tables.draw(tables.Table(f"Numbers of {name}", columns, cells)))
    else:
        say("The book of numbers has no row of that name.")
    if more := book.related(name):
        say(f"More under: {', '.join(more)}.")
    return 0


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_value(v) for v in value)
    return f"{value:.12g}" if isinstance(value, float) else str(value)
