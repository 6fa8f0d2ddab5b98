"""`noxplant run`: solve a plant, audit it, show it."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noxplant import routes
from noxplant.commands.common import (
    Commands,
    add_route,
    add_settings,
    check_file,
    check_folder,
    command,
    named,
    prepare,
    progress,
    say,
)
from noxplant.commands.trace import check_trace, traced
from noxplant.errors import NoxplantError, UsageError

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.flowsheet.solution import Solution

EXAMPLES = """\
examples:
  noxplant run nitrate-to-hydrazine
  noxplant run nitrate-to-hydrazine --variant as-published
  noxplant run nitrate-to-hydrazine --set 'E-101.current_density=200 mA/cm2' --json result.json
  noxplant run my-plant/plant.py --target 'E-101.limiting_ratio[NO3-]=0.8' \\
      --free E-101.current_density
  noxplant run nitrate-to-hydrazine --assumptions
  noxplant run nitrate-to-hydrazine --sensitivity
  noxplant run nitrate-to-hydrazine --trace convergence.svg
  noxplant run nitrate-to-hydrazine --json - | python -m json.tool | less

A bare number counts as SI; a bare temperature under 200, pressure under 1000 or current density is
refused, because it could mean two things: write '25 degC', '1 bar', '200 mA/cm2'. An indexed specification is written with its
index: --set 'E-101.faradaic_efficiency[NO3- -> NH3]=0.92'.

exit status: 0 solved and audited; 1 the plant cannot be solved (the reason is on stderr, and in
the JSON as "status" and "reason"); 2 wrong usage."""


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(subparsers, "run", "solve a plant, audit it, and show it", EXAMPLES)
    add_route(parser)
    add_settings(parser)
    parser.add_argument("--json", metavar="FILE", help="write everything as JSON; - is stdout")
    parser.add_argument("--csv", metavar="FOLDER", help="write tables as CSV, SI units")
    parser.add_argument("--si", action="store_true", help="show SI units")
    parser.add_argument(
        "--iteration-limit",
        metavar="N",
        type=int,
        help="give the search up after N iterations (default: 20000, some 40 s)",
    )
    parser.add_argument(
        "--assumptions",
        action="store_true",
        help="show what the result rests on: value, range and reason of every assumption, and the"
        " headline figures that move by more than 1 %% over that range (solves at both ends)",
    )
    parser.add_argument(
        "--sensitivity",
        action="store_true",
        help="show which specifications move each headline figure most, and by how much (exact"
        " derivatives at the solution)",
    )
    parser.add_argument(
        "--trace",
        metavar="FILE",
        help="write every iteration of the search: a picture (.svg) or a table (.csv); also when it"
        " fails",
    )
    parser.add_argument("--all", action="store_true", help="show every quantity of every unit")
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Solve and show."""
    _check_targets(arguments)
    _options(arguments)
    try:
        plant = prepare(arguments)
        with progress(f"Solving {plant.name} ..."), traced(arguments.trace, plant.name):
            solution = plant.solve(**_options(arguments))
        found = _sensitivity(plant, si=arguments.si) if arguments.sensitivity else []
        if arguments.assumptions:
            solution = _decisive(arguments, plant, solution)
    except NoxplantError as error:
        if arguments.json:
            write_json(arguments.json, failure(arguments.route, error))
        raise
    record = solution.to_dict()
    if arguments.variant:
        record["variant"] = arguments.variant
    if arguments.csv:
        write_csv(Path(arguments.csv), solution)
    if arguments.json:
        write_json(arguments.json, record)
    if arguments.json != "-":
        show(solution, si=arguments.si, every=arguments.all, assumed=arguments.assumptions)
        _print_tables(found)
    return 0


def _sensitivity(plant: Flowsheet, *, si: bool) -> list[Any]:
    """Table of what moves each headline figure."""
    from noxplant.reports.sensitivities import table

    with progress("What moves the figures ..."):
        found = plant.sensitivity()
    return [table(found, si=si)]


def _print_tables(found: list[Any]) -> None:
    from noxplant.reports import tables

    for each in found:
        tables.console().print(tables.draw(each))


def _decisive(arguments: argparse.Namespace, plant: Flowsheet, solution: Solution) -> Solution:
    """The solution with the headline figures that each of its assumptions moves."""
    from rich.console import Console
    from rich.progress import Progress

    from noxplant.studies.assumptions import with_moves

    console = Console(stderr=True)
    with Progress(console=console, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("What the assumptions decide", total=len(solution.assumptions))
        return with_moves(plant, solution, partial(prepare, arguments), lambda: bar.advance(task))


def _options(arguments: argparse.Namespace) -> dict[str, Any]:
    """Options of `Flowsheet.solve` that were given."""
    limit = arguments.iteration_limit
    if limit is None:
        return {}
    if limit < 1:
        raise UsageError(f"--iteration-limit {limit}: give a whole number of at least 1.")
    return {"iteration_limit": limit}


def _check_targets(arguments: argparse.Namespace) -> None:
    """Refuse output that cannot be written before a plant is solved for it."""
    if arguments.json is not None:
        check_file("--json", arguments.json, stdout=True)
    if arguments.csv is not None:
        check_folder("--csv", arguments.csv)
    if arguments.trace is not None:
        check_trace(arguments.trace)


def failure(route: str, error: NoxplantError) -> dict[str, Any]:
    """JSON of a plant that was not solved."""
    from noxplant.flowsheet.solution import SCHEMA_VERSION

    try:
        name = routes.find(route).name
    except UsageError:
        name = route
    return {
        "schema_version": SCHEMA_VERSION,
        "route": name,
        "status": error.status,
        "reason": str(error),
        "error": type(error).__name__,
    }


def write_json(target: str, record: dict[str, Any]) -> None:
    """Write JSON to a file, or to the standard output for "-"; full digits, never NaN."""
    # A terminal that cannot show every letter still gets JSON that says the same.
    plain = target == "-" and (sys.stdout.encoding or "").lower() not in ("utf-8", "utf8")
    text = json.dumps(record, indent=1, allow_nan=False, ensure_ascii=plain) + "\n"
    if target == "-":
        sys.stdout.write(text)
        return
    with named(target):
        Path(target).write_text(text, encoding="utf-8")


def show(solution: Solution, *, si: bool, every: bool = False, assumed: bool = False) -> None:
    """Print a solution: headline, audits, streams, heat and power, warnings, assumptions."""
    from noxplant.reports import tables

    console = tables.console()
    found = [tables.headline(solution, si=si)] if solution.headline else []
    found += [tables.streams(solution, si=si), tables.power(solution, si=si)]
    found += [tables.results(solution, si=si)] if every else []
    found += [tables.assumptions(solution, si=si)] if assumed else []
    for table in (*found, tables.audits(solution), tables.safety(solution, si=si)):
        if table.rows:
            console.print(tables.draw(table))
    say([f"Safety: {line}" for line in tables.safety_lines(solution)])
    say(tables.pinch_lines(solution, si=si))
    for warning in solution.warnings:
        say(f"Warning: {warning}")
    if solution.assumptions and not assumed:
        number = len(solution.assumptions)
        carry = "assumption carries" if number == 1 else "assumptions carry"
        say(f"{number} {carry} this result; --assumptions lists value, range and reason.")
    s = solution.solver
    say(
        f"{solution.name}: solved and audited; {s['equations']} equations,"
        f" {s['newton_iterations']} Newton iterations, {s['cpu_seconds']:g} s of CPU."
    )


def write_csv(folder: Path, solution: Solution) -> None:
    """Write streams, quantities, headline and audits as CSV, SI, full digits."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_streams(folder / "streams.csv", solution)
    header = ["quantity", "value", "unit", "kind", "utility", "temperature [K]", "what it is"]
    rows = [
        [k, q.value, q.unit, q.kind, q.utility, q.temperature, q.doc]
        for k, q in solution.quantities.items()
    ]
    _write(folder / "quantities.csv", header, rows)
    headline = [[k, v, u] for k, (v, u) in solution.headline.items()]
    _write(folder / "headline.csv", ["figure", "value", "unit"], headline)
    a = solution.audits
    audits = [
        ["elements", a.elements, a.elements_at],
        ["charge", a.charge, a.charge_at],
        ["energy", a.energy, a.energy_at],
    ]
    _write(folder / "audits.csv", ["balance", "relative imbalance", "largest at"], audits)
    header = [
        "danger",
        "value",
        "limit",
        "unit",
        "beyond",
        "streams",
        "advice",
        "source of the limit",
    ]
    rows = [
        [d.name, d.value, d.limit, d.unit, d.beyond, "; ".join(d.streams), d.advice, d.source]
        for d in solution.safety
    ]
    _write(folder / "safety.csv", header, rows)


def _write_streams(path: Path, solution: Solution) -> None:
    found = solution.stream_results.values()
    names = list(dict.fromkeys(j for s in found for j in s.flows))
    header = ["stream", "from", "to", "medium", "temperature [K]", "pressure [Pa]", "pH"]
    header += ["enthalpy_flow [W]", "mass_flow [kg/s]", *(f"{j} [mol/s]" for j in names)]
    rows = []
    for s in found:
        state = (s.temperature, s.pressure, s.ph, s.enthalpy_flow, s.mass_flow)
        rows.append(
            [s.name, s.source, s.target, s.medium, *state, *(s.flows.get(j) for j in names)]
        )
    _write(path, header, rows)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with named(path), path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([["" if x is None else x for x in row] for row in rows])
