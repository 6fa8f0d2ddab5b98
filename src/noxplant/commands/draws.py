"""`noxplant draws`: solve random operating points of a route, count refusals by reason."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from noxplant import routes
from noxplant.commands.common import Commands, add_route, check_file, command, say
from noxplant.errors import UsageError

EXAMPLES = """\
examples:
  noxplant draws nitrate-to-hydrazine --number 20
  noxplant draws nitrate-to-hydrazine --number 1000 --jobs 2 --file draws.jsonl
  noxplant draws nitrate-to-hydrazine --number 100 --cold

Operating specifications are drawn, constants are not: temperatures +/-5 K, pressures +/-10 %, flows,
areas and concentrations +/-20 %, fractions by their distance to the nearer end times 1/2 to 2,
faradaic efficiencies on their simplex; all within the ranges of basis.toml. Each draw is reached on
the way from the base case; where that ends, and everywhere with --cold, it is solved from nothing.
A refusal needs both to fail and the way to end at a named limit. With --file results are appended,
and a run that was stopped goes on where it was.
exit status: 0 all draws solve or are refused with a confirmed reason, 1 otherwise."""


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers, "draws", "solve random operating points, count refusals by reason", EXAMPLES
    )
    add_route(parser)
    parser.add_argument("--variant", metavar="NAME", help="a variant of the route's basis")
    parser.add_argument("--number", metavar="N", type=int, default=20, help="draws (20)")
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="seed of the draws (1)")
    parser.add_argument("--cold", action="store_true", help="solve every draw from nothing too")
    parser.add_argument("--jobs", metavar="N", type=int, default=1, help="processes (1)")
    parser.add_argument("--file", metavar="FILE", help="JSON lines: one draw a line, appended")
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Draw, solve, count."""
    if arguments.number < 1:
        raise UsageError(f"--number {arguments.number}: draw at least one.")
    if arguments.jobs < 1:
        raise UsageError(f"--jobs {arguments.jobs}: at least one process is needed.")
    if arguments.seed < 0:
        raise UsageError(f"--seed {arguments.seed}: give a whole number of at least 0.")
    if arguments.file is not None:
        check_file("--file", arguments.file)
    from rich.console import Console
    from rich.progress import Progress

    from noxplant.studies.draws import Draw, Study, run, table
    from noxplant.studies.operating import cut_short

    name = routes.find(arguments.route).name
    study = Study(arguments.route, arguments.variant, seed=arguments.seed, cold=arguments.cold)
    console = Console(stderr=True)
    with Progress(console=console, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(name, total=arguments.number)

        def tick(_: Draw) -> None:
            bar.advance(task)

        file = None if arguments.file is None else Path(arguments.file)
        draws = run(study, arguments.number, file, tick, arguments.jobs)
    say(table(name, draws))
    found, ends = cut_short(study.basis, study.base)
    if found:
        cut = sum(text.rpartition("(")[2].count(",") + 1 for text in found)
        say(f"\nCut short by the range in the basis are {cut} of {ends} ends: {', '.join(found)}.")
    return 0 if all(d.solved or d.confirmed for d in draws) else 1
