"""The command line of noxplant. Commands, options and exit statuses are stable: scripts use them."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from noxplant.errors import NoxplantError, UsageError

COMMANDS = ("list", "run", "check", "optimise", "draw", "draws", "new", "cell", "units", "species")
"""Commands; each is a module of `noxplant.commands`, `list` of `listing`."""

DESCRIPTION = """\
noxplant solves plants that turn air, NOx, nitrate and electricity into nitrogen chemicals, and
proves that nothing was lost."""
EXAMPLES = """\
first steps:
  noxplant list                                 the plants that are shipped
  noxplant run nitrate-to-hydrazine             solve one and show it
  noxplant draw nitrate-to-hydrazine -o plant.svg
  noxplant cell --current-density '200 mA/cm2' --voltage '2.5 V' --fe 'NO3- -> NH3=0.9'
  noxplant new my-plant --from nitrate-to-hydrazine

`noxplant COMMAND --help` explains each command with examples.
exit status: 0 done; 1 the plant cannot be solved, or a check failed; 2 wrong usage."""


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    found = argparse.ArgumentParser(
        prog="noxplant",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("--version", action="version", version=f"noxplant {version()}")
    subparsers = found.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name in COMMANDS:
        module = "listing" if name == "list" else name
        importlib.import_module(f"noxplant.commands.{module}").add(subparsers)
    return found


def version() -> str:
    """Version of the installed package; "(checkout)" when it is not installed."""
    from importlib import metadata

    try:
        return metadata.version("noxplant")
    except metadata.PackageNotFoundError:
        return "(checkout)"


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    found = parser()
    arguments = found.parse_args(words)
    if arguments.command is None:
        found.print_help()
        return 2
    try:
        return int(arguments.execute(arguments))
    except NoxplantError as error:
        if arguments.debug:
            raise
        sys.stderr.write(f"noxplant {arguments.command}: {error}\n")
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone; nothing more can be told to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if arguments.debug:
            raise
        sys.stderr.write(
            f"noxplant {arguments.command}: {type(error).__name__}: {error}\n  This is an error in"
            " noxplant or in a plant.py, not of your input; --debug shows where.\n"
        )
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
