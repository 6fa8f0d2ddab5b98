"""`noxplant optimise`: the best values of some specifications."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noxplant import measures, routes
from noxplant.commands.common import (
    Commands,
    add_route,
    add_settings,
    check_file,
    command,
    prepare,
    progress,
    say,
)
from noxplant.commands.run import write_json
from noxplant.errors import UsageError

if TYPE_CHECKING:
    from noxplant.studies.optimise import Optimised, Row

EXAMPLES = """\
example:
  noxplant optimise nitrate-to-hydrazine

The problem stands in the route's optimise.toml (or in --problem FILE):
  [optimise]
  name = "energy per kg"
  objective = "({E-101.power} + {C-301.duty:power}) / {product.content[N(-2)]}"
  unit = "J/mol"
  [optimise.free]
  "E-101.conversion" = { low = "0.3", high = "0.9" }
  [[optimise.constraint]]
  name = "purity"
  expression = "{product.flow[N2H6SO4(s)]} / {product.total_flow}"
  unit = "1"
  low = "0.98"
A number with a unit stands in braces as well: {6510 kJ/mol}; sums of unlike things are refused.
Limits of units and the reach of utilities are constraints as well. The optimum is solved again and
audited before it is shown."""


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers, "optimise", "find the best values of some specifications", EXAMPLES
    )
    add_route(parser)
    add_settings(parser)
    parser.add_argument("--problem", metavar="FILE", help="instead of the route's optimise.toml")
    parser.add_argument(
        "--json", metavar="FILE", help="write the plant at its optimum as JSON; - is stdout"
    )
    parser.add_argument("--si", action="store_true", help="show SI units")
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Optimise and show the plant before and after."""
    route = routes.find(arguments.route)
    path = Path(arguments.problem) if arguments.problem else route.folder / "optimise.toml"
    if not path.is_file():
        raise UsageError(
            f"{path}: there is no such file. `noxplant optimise --help` shows its form."
        )
    if arguments.json is not None:
        check_file("--json", arguments.json, stdout=True)
    plant = prepare(arguments)
    from noxplant.studies.optimise import optimise, read_problem

    problem = read_problem(plant, path)
    with progress(f"Optimising {plant.name} ..."):
        found = optimise(plant, problem)
    if arguments.json:
        write_json(arguments.json, _record(found))
    if arguments.json != "-":
        show(found, si=arguments.si)
    return 0


def _record(found: Optimised) -> dict[str, Any]:
    """The JSON of `run` for the plant at its optimum, and what was optimised."""
    record, problem = found.after.to_dict(), found.problem
    before, after = found.objective
    record["optimum"] = {
        "objective": {"name": problem.name, "unit": problem.unit, "before": before, "after": after},
        "free": {r.name: _row_record(r) for r in found.free},
        "constraints": {r.name: _row_record(r) for r in found.constraints},
        "active": list(found.active),
        "left": found.left,
    }
    return record


def _row_record(row: Row) -> dict[str, Any]:
    return {
        "before": row.before,
        "after": row.after,
        "unit": row.unit,
        "low": row.low,
        "high": row.high,
        "state": row.state,
        "price": row.price,
    }


def show(found: Optimised, *, si: bool) -> None:
    """Print the objective, freed specifications, constraints and headline before and after."""
    from noxplant.reports import tables

    console = tables.console()
    unit = found.problem.unit
    goal = [found.problem.name, *(measures.words(x, unit, si=si) for x in found.objective)]
    console.print(
        tables.draw(tables.Table("Objective (least)", ("figure", "before>", "after>"), [goal]))
    )
    columns = ("", "before>", "after>", "from>", "to>", "optimum is", "price>")
    rows = [_cells(r, unit, si) for r in found.free]
    console.print(tables.draw(tables.Table("Freed specifications", columns, rows)))
    if found.constraints:
        columns = ("", "before>", "after>", "at least>", "at most>", "", "price>")
        rows = [_cells(r, unit, si) for r in found.constraints]
        console.print(tables.draw(tables.Table("Constraints", columns, rows)))
    headline = [
        [
            name,
            measures.words(found.before.headline[name][0], u, si=si, doc=name),
            measures.words(value, u, si=si, doc=name),
        ]
        for name, (value, u) in found.after.headline.items()
    ]
    if headline:
        figures = ("figure", "before>", "after>")
        console.print(tables.draw(tables.Table("Headline", figures, headline)))
    console.print(tables.draw(tables.audits(found.after)))
    say([f"Warning: {warning}" for warning in found.after.warnings])
    say(
        [
            f"Active set: {'; '.join(found.active) or 'nothing is active'}.",
            f"Inside their ranges: {', '.join(found.interior) or 'none'}.",
            _held(found),
            "A price is the change of the objective per unit of the bound that holds it.",
            f"Solved again with these specifications, all audits close; the objective differs by"
            f" {found.drift:.0e}. {found.iterations} IPOPT iterations.",
        ]
    )


def _held(found: Optimised) -> str:
    """How many limits hold how many freed specifications, and what that leaves to the objective."""
    limits, free = len(found.active), len(found.free)
    if found.left == 0:
        rest = "the limits decide the optimum, also of what lies inside its range"
    elif limits == 0:
        rest = "all are optima of the objective itself"
    else:
        rest = (
            f"in {found.left} of {free} directions the objective itself is at its least; no"
            " specification inside its range need be free of the limits"
        )
    return f"{limits} active bounds and limits hold {free} freed specifications: {rest}."


def _cells(row: Row, goal: str, si: bool) -> list[str]:
    """Cells of a row; its price is in units of the objective per unit of the bound."""
    numbers = (row.before, row.after, row.low, row.high)
    shown = ["" if x is None else measures.words(x, row.unit, si=si) for x in numbers]
    state = "inside its range" if row.state == "interior" else row.state
    price = ""
    if row.price is not None:
        # A degree counts alike in C and K, whose zeros differ.
        one, unit = (1.0, "K") if row.unit == "K" else measures.shown(1.0, row.unit, si=si)
        price = f"{measures.words(row.price / one, goal, si=si)} per {unit or 1}"
    return [row.name, *shown, state, price]
