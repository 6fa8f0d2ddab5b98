"""The command line of noxplant. Commands, options and exit statuses are stable: scripts use them."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from noxplant.errors import NoxplantError, UsageError

COMMANDS = (
    "list",
    "run",
    "check",
    "compare",
    "optimise",
    "draw",
    "draws",
    "new",
    "cell",
    "fit",
    "batch",
    "units",
    "species",
    "literature",
)
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
exit status: 0 done; 1 the plant cannot be solved, or a check failed; 2 wrong usage;
130 interrupted."""


INTERRUPTED = 130
"""Exit status after an interrupt, as shells have it."""


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
    _streams()
    with _interrupts(last=words is None) as interrupted:
        status = 0
        try:
            status = _flushed(_run(words, interrupted))
        except KeyboardInterrupt:
            interrupted.append(True)
        except SystemExit as stop:
            # Of rich when the reader has gone, of argparse otherwise.
            gone = isinstance(stop.__context__, BrokenPipeError)
            if not gone and not _flushed(0):
                raise
            status = 0 if gone else 1
        except BrokenPipeError:
            _drop_output()  # The reader (head, less) has gone; nothing more can be told to it.
        return _tell("interrupted", INTERRUPTED) if interrupted else status


def _run(words: Sequence[str] | None, interrupted: Sequence[bool]) -> int:
    found = parser()
    arguments = found.parse_args(words)
    if arguments.command is None:
        found.print_help()
        return 2
    name = f"noxplant {arguments.command}"
    try:
        return int(arguments.execute(arguments))
    except BrokenPipeError:
        raise
    except Exception as error:
        if interrupted:  # a library made an error of its own of it
            raise KeyboardInterrupt from error
        if arguments.debug:
            raise
        if isinstance(error, NoxplantError):
            return _tell(f"{name}: {error}", 2 if isinstance(error, UsageError) else 1)
        place = _place_in_plant(error)
        if isinstance(error, OSError):
            if error.filename is None:
                _drop_output()
            return _tell(f"{name}: {_file_error(error)}{place}")
        blame = "  " if place else "  This is an error in noxplant, not of your input; "
        return _tell(f"{name}: {type(error).__name__}: {error}{place}\n{blame}--debug shows where.")


def _flushed(status: int) -> int:
    """Write out what is left; an exit status other than 0 where that fails."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
    except OSError as error:
        _drop_output()
        return _tell(f"noxplant: {_file_error(error)}")
    return status


def _tell(text: str, status: int = 1) -> int:
    sys.stderr.write(f"{text}\n")
    return status


def _file_error(error: OSError) -> str:
    """What could not be read or written, and why."""
    why = error.strerror or str(error)
    if error.filename is not None:
        return f"{error.filename} cannot be read or written: {why}. Name another, or mend that."
    return f"what is printed cannot be written: {why}. See that the standard output can take it."


def _place_in_plant(error: Exception) -> str:
    """File and line of a plant.py in which an error came up; empty when in none."""
    found, frame = "", error.__traceback__
    while frame is not None:
        code = frame.tb_frame
        if str(code.f_globals.get("__name__", "")).startswith("noxplant_route_"):
            found = f"\n  It came up in {code.f_code.co_filename}, line {frame.tb_lineno}."
        frame = frame.tb_next
    return found


def _streams() -> None:
    """Streams that can always be written: one that was closed leads nowhere, no letter is refused."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            stream = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, stream)
            if stream.fileno() != number:  # so that no file of ours takes the place
                os.dup2(stream.fileno(), number)
        elif isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """What the standard output still holds leads nowhere, so that its end is no second error."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def _interrupts(*, last: bool) -> Iterator[list[bool]]:
    """Remember an interrupt, whatever a library makes of it; the second one ends at once.

    Args:
        last: whether the process ends with this command, so that nothing is left to interrupt.
    """
    seen: list[bool] = []

    def interrupt(*_: object) -> None:
        if seen:
            pool = sys.modules.get("multiprocessing")
            for child in pool.active_children() if pool else ():
                child.terminate()
            os._exit(INTERRUPTED)
        seen.append(True)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield seen
        return
    before = signal.getsignal(signal.SIGINT)
    if before == signal.SIG_IGN:  # of a job in the background
        yield seen
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN if last else before)


if __name__ == "__main__":
    raise SystemExit(main())
