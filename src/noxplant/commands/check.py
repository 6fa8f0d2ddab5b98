"""`noxplant check`: solve a route, hold it to its expectations, redo its balances from the JSON."""

from __future__ import annotations

import argparse
import json

from noxplant import routes
from noxplant.commands.common import Commands, add_route, command, progress, say
from noxplant.errors import NoxplantError, UsageError
from noxplant.routes import Route

EXAMPLES = """\
examples:
  noxplant check nitrate-to-hydrazine
  noxplant check --all
  noxplant check my-plant/plant.py --record >> my-plant/expected.toml

For the route and each of its variants: solve; audits of every unit and of the plant; the balances
of the plant redone from the JSON alone; figures against expected.toml ([sourced] must hold within
tolerance, differences from [recorded] are shown); numbers of the basis that nobody reads.
exit status: 0 all hold, 1 something does not."""


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers, "check", "solve a route and hold it to its balances and expectations", EXAMPLES
    )
    add_route(parser, optional=True)
    parser.add_argument("--all", action="store_true", help="check every shipped route")
    parser.add_argument("--variant", metavar="NAME", help="check this variant alone")
    parser.add_argument(
        "--record", action="store_true", help="print the headline as a [recorded] table, then stop"
    )
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Check; prints one line a finding."""
    if arguments.all == bool(arguments.route):
        raise UsageError("Name one ROUTE, or write --all.")
    if arguments.all and (arguments.record or arguments.variant):
        raise UsageError("--record and --variant take one ROUTE.")
    chosen = list(routes.routes().values()) if arguments.all else [routes.find(arguments.route)]
    if not chosen:
        raise UsageError(
            "There is no route to check: no routes are shipped with this installation."
        )
    if arguments.record:
        from noxplant.reports.expected import record

        say(record(routes.load(chosen[0], arguments.variant).solve()))
        return 0
    failures = sum(_route(route, arguments) for route in chosen)
    say("All checks hold." if not failures else f"Checks that fail: {failures}.")
    return 1 if failures else 0


def _route(route: Route, arguments: argparse.Namespace) -> int:
    """Check all configurations of a route; returns the number of failures."""
    failures = 0
    for variant in [arguments.variant] if arguments.variant else [None, *route.variants]:
        try:
            failures += check(route, variant)
        except UsageError:
            raise
        except NoxplantError as error:
            if arguments.debug:
                raise
            reason = str(error).removeprefix(f"{route.name}: ")
            say(f"FAIL  {route.name}{f' ({variant})' if variant else ''}: {reason}")
            failures += 1
    if arguments.variant or failures:
        return failures
    for name in routes.unread_numbers(route):
        say(f"FAIL  {route.name}: basis.toml gives {name}, which build() never reads")
        failures += 1
    return failures


def check(route: Route, variant: str | None) -> int:
    """Check one configuration; returns the number of failures."""
    from noxplant.reports.expected import compare
    from noxplant.reports.rederive import rederive

    label = route.name + (f" ({variant})" if variant else "")
    with progress(f"Checking {label} ..."):
        solution = routes.load(route, variant).solve()
    say(f"ok    {label}: solved in {solution.solver['newton_iterations']} Newton iterations")
    a = solution.audits
    say(
        f"ok    {label}: audits: elements {a.elements:.0e}, charge {a.charge:.0e}, energy {a.energy:.0e}"
    )
    # Through text, as anyone would who has nothing but the file.
    found = rederive(json.loads(json.dumps(solution.to_dict(), allow_nan=False)))
    worst = max(found.elements.values(), default=0.0)
    say(
        f"{_mark(found.holds)} {label}: redone from JSON: elements {worst:.0e}, charge"
        f" {found.charge:.0e}, energy {found.energy:.0e} ({found.net_energy:.1g} W)"
    )
    failures = int(not found.holds)
    for f in compare(solution, route.folder / "expected.toml", variant):
        number = f"{f.name} = {f.value:.5g} {f.unit}"
        if f.tolerance is None:
            note = "as recorded" if f.holds else f"recorded was {f.expected:.4g}"
            say(f"{'ok   ' if f.holds else 'note '} {label}: {number}, {note}")
            continue
        failures += int(f.fails)
        say(
            f"{_mark(f.holds)} {label}: {number}, expected {f.expected:.5g} +/- {f.tolerance:.2g}"
            f" ({f.source})"
        )
    for warning in solution.warnings:
        say(f"note  {label}: {warning}")
    return failures


def _mark(holds: bool) -> str:
    return "ok   " if holds else "FAIL "
