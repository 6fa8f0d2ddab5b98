"""Command line: `python -m noxsolve PATH` solves the Pyomo model of a script, or of many."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from noxsolve.errors import ModelError

HELP = """\
Solve the Pyomo model of a script with IPOPT or bonmin, in this process, and report.

The model is the script's `model`, `m` or `instance`, or its only model, or what its function
`pyomo_create_model`, `create_model`, ... returns, or what it hands to its first solver. An
abstract model takes its data from the .dat file beside the script. Scripts may print and solve:
what they print is dropped, and they are stopped where they call a solver.

An answer is called optimal only after rows, bounds and first-order conditions were computed
again at the answer, relative to their own scales.
"""

EXAMPLES = """\
examples:
  python -m noxsolve rosenbrock.py                    one model, one report
  python -m noxsolve design.py --duals --values       with multipliers and values
  python -m noxsolve design.py --options tol=1e-10 max_iter=500
  python -m noxsolve superstructure.py --transform gdp.bigm
  python -m noxsolve models/ --json results.jsonl --time-limit 60
                                                      every *.py of a folder, a line for each;
                                                      the same command again goes on where it ended

exit status: 0 solved (a folder: all of its models), 1 not solved, 2 wrong usage or no model
"""


def parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    p = argparse.ArgumentParser(
        prog="python -m noxsolve",
        description=HELP,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.add_argument("path", type=Path, metavar="PATH", help="a Python script, or a folder of them")
    p.add_argument("--solver", choices=("auto", "ipopt", "bonmin"), default="auto",
                   help="auto: bonmin when variables must be whole numbers")  # fmt: skip
    p.add_argument("--options", nargs="+", default=[], metavar="NAME=VALUE",
                   help="options of the solver, by its own names")  # fmt: skip
    p.add_argument("--time-limit", type=float, metavar="SECONDS",
                   help="wall time per model (a folder: 300 unless given)")  # fmt: skip
    p.add_argument("--attempts", type=int, default=5, metavar="N",
                   help="tries with other IPOPT options after a failure (default 5; 1: only one)")  # fmt: skip
    p.add_argument("--route", choices=("auto", "nl", "walker"), default="auto",
                   help="how to translate (auto: nl, and the walker for what nl lacks)")  # fmt: skip
    p.add_argument("--transform", action="append", default=[], metavar="NAME",
                   help="Pyomo transformation to apply first, may be repeated")  # fmt: skip
    p.add_argument("--name", help="name of the model in the script, when there are several")
    p.add_argument("--only", default="", metavar="TEXT", help="of a folder, names with this text")
    p.add_argument("--json", metavar="FILE",
                   help="append the records as lines of JSON (one model: '-' for stdout)")  # fmt: skip
    p.add_argument("--duals", action="store_true", help="multipliers of active inequalities")
    p.add_argument("--values", action="store_true", help="values of all variables")
    return p


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    p = parser()
    given = p.parse_args(arguments)
    if not given.path.exists():
        p.error(f"{given.path} does not exist")
    if given.path.is_dir() and given.json == "-":
        p.error("--json - is for one model; name a file for a folder")
    options = dict(_pair(p, text) for text in given.options)
    from noxsolve.runner import Job

    limit = 300.0 if given.time_limit is None and given.path.is_dir() else given.time_limit
    job = Job(
        given.solver, given.route, options, limit, given.attempts, given.name, given.transform
    )
    try:
        return _folder(given, job) if given.path.is_dir() else _single(given, job)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; the same command with --json goes on from here\n")
        return 1


def _pair(p: argparse.ArgumentParser, text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        p.error(f"--options takes NAME=VALUE, not {text!r}")
    return name, value


def _single(given: argparse.Namespace, job: Any) -> int:
    from noxsolve.batch import append, watched

    record, text = watched(given.path, job, given.duals, given.values)
    if given.json == "-":
        text = json.dumps(record.as_json())
    sys.stdout.write(text + "\n")
    if given.json not in (None, "-"):
        append(Path(given.json), record)
    return 0 if record.solved else 1


def _folder(given: argparse.Namespace, job: Any) -> int:
    from noxsolve.batch import NO_MODEL, run_folder, summary

    results = None if given.json is None else Path(given.json)
    records = run_folder(given.path, job, sys.stdout, results, given.only)
    sys.stdout.write("\n".join(summary(records)) + "\n")
    return 0 if all(r.solved or r.status == NO_MODEL for r in records) else 1


if __name__ == "__main__":
    sys.exit(main())
