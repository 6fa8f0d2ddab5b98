"""A folder of model files, each in its own process: none can stop the run."""

import json
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TextIO

from noxsolve.errors import ModelError
from noxsolve.loadfile import NoModel
from noxsolve.report import describe, header, line
from noxsolve.runner import Job, Record, Run, run_file
from noxsolve.status import Status

NO_MODEL = "NO_MODEL"
"""Status of files of a folder that hold no model; they count neither as solved nor as failed."""

GRACE = 5.0
"""Seconds after the time limit at which a process is ended (a tenth of the limit if more)."""


def model_files(folder: Path) -> list[Path]:
    """Python files of a folder in alphabetical order, without those that start with `_`."""
    return sorted(p for p in folder.glob("*.py") if not p.name.startswith("_"))


def run_folder(
    folder: Path, job: Job, out: TextIO, results: Path | None = None, only: str = ""
) -> list[Record]:
    """Solve every model of a folder; a line for each to `out`, records appended to `results`.

    Files without the word pyomo are not run. Models that `results` holds already are not solved
    again, so that a run that was ended goes on. Raises ModelError for a folder without Python files and for `results` that are no records.
    """
    files = [p for p in model_files(folder) if only in p.stem]
    if not files:
        raise ModelError(
            f"{folder} holds no Python files to run" + (f" with {only!r}" * bool(only))
        )
    known = read_records(results) if results is not None else {}
    records: list[Record] = []
    out.write(header() + "\n")
    with progress(len(files)) as tell:
        for k, path in enumerate(files):
            tell(k, path.stem)
            record = known.get(path.stem)
            if record is None:
                mentioned = b"pyomo" in path.read_bytes()
                record = isolated(path, job) if mentioned else Record(path.stem, status=NO_MODEL)
                if results is not None:
                    append(results, record)
            records.append(record)
            if record.status != NO_MODEL:
                out.write(line(record) + "\n")
                out.flush()
        tell(len(files), "")
    return records


def isolated(path: Path, job: Job) -> Record:
    """Solve the model of a file in a process of its own, ended when it outlives its time."""
    context: Any = multiprocessing.get_context(_kind())
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(path, job, sender), daemon=True)
    began = time.perf_counter()
    process.start()
    sender.close()
    record, until = Record(path.stem), None
    if job.time_limit is not None:
        until = began + job.time_limit + max(GRACE, 0.1 * job.time_limit)
    try:
        while receiver.poll(None if until is None else max(0.0, until - time.perf_counter())):
            try:
                record, done = receiver.recv()
            except EOFError:
                process.join()
                ended = f"Its process ended by itself (exit {process.exitcode})."
                record.status, record.message = Status.FAILED.name, f"{Status.FAILED.value} {ended}"
                break
            if done:
                return record
        else:
            record.status, record.message = Status.TIME_LIMIT.name, Status.TIME_LIMIT.value
        record.cpu_seconds = time.perf_counter() - began
        return record
    finally:
        process.kill()
        process.join()
        receiver.close()


def _work(path: Path, job: Job, sender: Connection) -> None:
    """Body of a process: the sizes once they are known, then the record, whatever happens."""
    run = run_file(path, job, lambda record: sender.send((record, False)))
    if isinstance(run.error, NoModel):
        run.record.status = NO_MODEL
    sender.send((run.record, True))
    sender.close()


def watched(path: Path, job: Job, duals: bool, values: bool) -> tuple[Record, str]:
    """Record and report of one model; with a time limit in a process that is ended when it is over.

    IPOPT heeds its limit between iterations only, and setting up not at all. Raises NoModel.
    """
    if job.time_limit is None:
        return _reported(path, job, duals, values)
    context: Any = multiprocessing.get_context(_kind())
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_report, args=(path, job, duals, values, sender), daemon=True)
    process.start()
    sender.close()
    record, text = Record(path.stem), ""
    try:
        if receiver.poll(job.time_limit + max(GRACE, 0.1 * job.time_limit)):
            record, text = receiver.recv()
        else:
            record.status, record.message = Status.TIME_LIMIT.name, Status.TIME_LIMIT.value
            text = describe(Run(record))
    except EOFError:
        record.message = f"{Status.FAILED.value} Its process ended by itself."
        text = describe(Run(record))
    finally:
        process.kill()
        process.join()
        receiver.close()
    if record.status == NO_MODEL:
        raise NoModel(record.message)
    return record, text


def _reported(path: Path, job: Job, duals: bool, values: bool) -> tuple[Record, str]:
    run = run_file(path, job)
    if isinstance(run.error, NoModel):
        raise run.error
    return run.record, describe(run, duals=duals, values=values)


def _report(path: Path, job: Job, duals: bool, values: bool, sender: Connection) -> None:
    """Body of the process of one model that is watched."""
    try:
        sender.send(_reported(path, job, duals, values))
    except NoModel as error:
        sender.send((Record(path.stem, status=NO_MODEL, message=str(error)), ""))
    sender.close()


def _kind() -> str:
    return "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"


def append(results: Path, record: Record) -> None:
    """Add one record as a line of JSON."""
    with results.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record.as_json()) + "\n")


def read_records(results: Path) -> dict[str, Record]:
    """Records by name; a last line that was cut off is dropped from the file.

    Raises ModelError for a file that holds anything else.
    """
    if not results.exists():
        return {}
    lines = results.read_text(encoding="utf-8").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines.pop()
        results.write_text("".join(lines), encoding="utf-8")
    try:
        found = [Record(**json.loads(text)) for text in lines if text.strip()]
    except (TypeError, ValueError) as error:
        raise ModelError(f"{results} holds no records of this runner: {error}") from error
    return {r.name: r for r in found}


class progress:  # noqa: N801
    """Bar on stderr while a folder runs, when stderr is a terminal."""

    def __init__(self, total: int) -> None:
        self.total, self.shown = total, sys.stderr.isatty()

    def __enter__(self) -> Callable[[int, str], None]:
        return self.tell

    def tell(self, done: int, name: str) -> None:
        """Draw the bar with the name of the model that runs."""
        if self.shown:
            full = 30 * done // max(1, self.total)
            bar = "#" * full + "." * (30 - full)
            sys.stderr.write(f"\r[{bar}] {done}/{self.total} {name:<30.30}")
            sys.stderr.flush()

    def __exit__(self, *error: object) -> None:
        if self.shown:
            sys.stderr.write("\r" + " " * 80 + "\r")


def summary(records: Sequence[Record]) -> Iterator[str]:
    """Last lines of a run: how many were solved, the others by status."""
    models = [r for r in records if r.status != NO_MODEL]
    solved = [r for r in models if r.solved]
    yield f"{len(solved)} of {len(models)} models solved"
    for status in sorted({r.status for r in models} - {Status.OPTIMAL.name}):
        names = [r.name for r in models if r.status == status]
        yield f"{status} ({len(names)}): {', '.join(names)}"
    if len(models) < len(records):
        yield f"without a model: {', '.join(r.name for r in records if r.status == NO_MODEL)}"
