"""`noxplant batch`: a batch in time, audited, and the continuous units that make the same."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noxplant import measures
from noxplant.commands.common import Commands, check_file, command, named, say, split
from noxplant.errors import NoxplantError, Refusal, SpecError, UsageError

if TYPE_CHECKING:
    from noxplant.batch import BatchRun, Cycles
    from noxplant.batch.shipped import Shipped

EXAMPLES = """\
examples:
  noxplant batch
  noxplant batch azine
  noxplant batch azine --inputs
  noxplant batch azine --set 'water=1 mol/L' --set 'ketone_ratio=2' --csv azine.csv
  noxplant batch azine --cycles 5 --make-up 0
  noxplant batch nitrate-potential --set 'cathode_potential=-0.25 V vs RHE' --plot nitrate.svg
  noxplant batch nitrate-current --turnaround '2 h'
  noxplant batch stripping --set 'temperature=60 degC' --set 'duration=8 h' --json -

Without NAME the batches are listed: nitrate to ammonia in an H-cell at constant current, potential or
voltage; ammonia to azine; ammonia stripped out of lye into acetonitrile or acid. --inputs shows what
one is given, each number with unit, source and class; --set changes it.

A batch is integrated in time and audited at every row: elements, charge, Faraday's law. Where the
model stops holding (no alkali left in the anolyte, a trap that dries up) it is refused with the time.
Below the figures stand the continuous units that make the same: plug flow takes the batch's own time,
one stirred tank more. Daily production needs --turnaround: emptying, cleaning and filling between two
batches. --cycles runs azine batches one after the other on one charge of benzophenone. Potentials are
typed with their scale. --csv and --json are in SI."""


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers, "batch", "run a batch electrolysis or stripping in time, and size its"
        " continuous equivalent", EXAMPLES,
    )  # fmt: skip
    option = parser.add_argument
    option("name", metavar="NAME", nargs="?", help="a batch; without it they are listed")
    option(
        "--set",
        dest="settings",
        metavar="'INPUT=VALUE UNIT'",
        action="append",
        default=[],
        help="change an input (see --inputs); repeatable",
    )
    option("--inputs", action="store_true", help="list the inputs with unit, source and class")
    option("--turnaround", metavar="'T UNIT'", help="between two batches, for daily production")
    option("--cycles", metavar="N", type=int, help="azine: batches on one charge of benzophenone")
    option("--loss", metavar="'X'", help="of benzophenone between two cycles; else 0.01")
    option("--make-up", metavar="'X'", help="part of that loss that is replaced; else 1")
    option("--csv", metavar="FILE", help="time series (with --cycles: one row a batch), SI")
    option("--json", metavar="FILE", help="inputs, figures, audits and time series; - for stdout")
    option("--plot", metavar="FILE.svg", help="picture of the time series")
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run a batch and show it."""
    from noxplant.batch.shipped import shipped

    _check(arguments)
    if arguments.name is None:
        listing()
        return 0
    found = shipped(arguments.name)
    if arguments.inputs:
        inputs(found)
        return 0
    changes = _changes(found, arguments.settings)
    if arguments.cycles is not None:
        return _cycles(found, changes, arguments)
    try:
        run = found.run(changes)
    except SpecError as error:
        raise UsageError(str(error)) from error
    equivalent = Equivalent(run, found, _turnaround(arguments))
    if arguments.json != "-":
        show(run, equivalent)
    _write(arguments, run, equivalent, found)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    """Refuse files that cannot be written and options that do not go together."""
    for name in ("csv", "json", "plot"):
        if getattr(arguments, name) is not None:
            check_file(f"--{name}", getattr(arguments, name), stdout=name == "json")
    if arguments.plot is not None and Path(arguments.plot).suffix != ".svg":
        raise UsageError(f"--plot {arguments.plot}: pictures are SVG; name a file ending in .svg.")
    given = [
        f"--{n.replace('_', '-')}"
        for n in ("turnaround", "cycles", "csv", "json", "plot")
        if getattr(arguments, n) is not None
    ] + ["--set"] * bool(arguments.settings)
    if arguments.name is None and (given or arguments.inputs):
        raise UsageError(f"{(given or ['--inputs'])[0]}: name a batch, as noxplant batch azine.")
    if arguments.cycles is None and (arguments.loss or arguments.make_up):
        raise UsageError("--loss and --make-up are of --cycles N; give the number of batches.")
    if arguments.cycles is not None:
        for name in ("plot", "turnaround"):
            if getattr(arguments, name) is not None:
                raise UsageError(f"--{name} is of a single batch; leave --cycles out.")


def _changes(found: Shipped, settings: list[str]) -> dict[str, float]:
    """Inputs that the user changes, SI."""
    known, basis, out = found.entries(), found.basis(), {}
    for text in settings:
        name, value = split(text, "--set")
        if name in out:
            raise UsageError(f"--set {name} is given twice; give it once.")
        if name not in known:
            found.values({name: 0.0})  # says what it takes
        scale = found.scale_of(name)
        out[name] = measures.parse(
            value, basis.entries[known[name]].unit, name, scale=scale or "SHE"
        )
    return out


def _turnaround(arguments: argparse.Namespace) -> float | None:
    if arguments.turnaround is None:
        return None
    return measures.parse(arguments.turnaround, "s", "--turnaround", bounds=(0.0, None))


class Equivalent:
    """Continuous units that make the same as a batch, and its daily production."""

    def __init__(self, run: BatchRun, found: Shipped, turnaround: float | None) -> None:
        """Solve the stirred tank; where there is none, keep the reason."""
        from noxplant import batch

        self.run, self.reason = run, ""
        self.conversion = float(run.column(run.model.conversion)[-1])
        self.plug = batch.plug_flow_time(run)
        self.tank: batch.Stirred | None = None
        try:
            self.tank = batch.stirred(run)
        except Refusal as error:
            self.reason = str(error)
        self.production: batch.Production | None = None
        volume = float(getattr(run.inputs, found.liquid))
        if turnaround is not None and turnaround < 0:
            raise UsageError(f"--turnaround: {turnaround:g} s; give a time from zero.")
        if turnaround is not None:
            self.production = batch.production(run, self.tank, turnaround=turnaround, volume=volume)

    def rows(self) -> list[list[str]]:
        """Rows for the terminal."""
        from noxplant.batch import laboratory

        hours = laboratory.words
        out = [
            ["conversion of all of them", f"{self.conversion:.4g}"],
            ["plug flow, residence time", hours(self.plug, "s")],
        ]
        if self.tank is not None:
            out += [
                ["one stirred tank, time for a charge", hours(self.tank.time, "s")],
                ["stirred tank over plug flow", f"{self.tank.time / self.plug:.4g}"],
            ]
        p = self.production
        if p is not None:
            day = "mL per mmol/d"
            out += [
                ["batches a day", f"{p.batches:.4g}"],
                ["product a day and vessel", f"{p.per_vessel * 1e3:.4g} mmol"],
                ["liquid in batch vessels", f"{p.batch_volume * 1e3:.4g} {day}"],
                ["liquid in plug flow", f"{p.plug_flow_volume * 1e3:.4g} {day}"],
            ]
            if p.stirred_volume is not None:
                out.append(["liquid in a stirred tank", f"{p.stirred_volume * 1e3:.4g} {day}"])
        return out

    def as_dict(self) -> dict[str, Any]:
        """Plain data, SI."""
        tank, p = self.tank, self.production
        return {
            "conversion": self.conversion,
            "plug_flow_time": self.plug,
            "stirred_time": None if tank is None else tank.time,
            "stirred_refused": self.reason or None,
            "stirred_amounts": None if tank is None else dict(tank.amounts),
            "stirred_charge": None if tank is None else tank.charge,
            "production": None if p is None else dict(vars(p)),
        }


def listing() -> None:
    """Print the batches that are shipped."""
    from noxplant.batch.shipped import SHIPPED
    from noxplant.reports import tables

    rows = [[s.name, s.what] for s in SHIPPED.values()]
    tables.console().print(tables.draw(tables.Table("Batches", ("name", "what"), rows)))
    say("noxplant batch NAME runs one; noxplant batch NAME --inputs lists what it is given.")


def inputs(found: Shipped) -> None:
    """Print the inputs of a batch with unit, source and class."""
    from noxplant.reports import tables

    basis = found.basis()
    rows = []
    for name, path in found.entries().items():
        e = basis.entries[path]
        rows.append([name, e.given, e.kind, e.source + (f" ({e.reason})" if e.reason else "")])
    title = f"Inputs of {found.name}"
    columns = ("input", "value>", "class", "source")
    tables.console().print(tables.draw(tables.Table(title, columns, rows)))


def show(run: BatchRun, equivalent: Equivalent) -> None:
    """Print figures, equivalents, audits and warnings."""
    from noxplant.batch import laboratory
    from noxplant.reports import tables

    rows = [[name, laboratory.words(v, u)] for name, (v, u) in run.figures.items()]
    console = tables.console()
    console.print(tables.draw(tables.Table(run.name, ("figure", "value>"), rows)))
    title = "Continuous units that make the same"
    console.print(tables.draw(tables.Table(title, ("figure", "value>"), equivalent.rows())))
    if equivalent.reason:
        say(f"No stirred tank: {equivalent.reason}")
    if equivalent.production is None:
        say("Daily production: give --turnaround 'T h', the time between two batches.")
    audits = ", ".join(f"{k} {v:.1g}" for k, v in run.audits.items())
    say(f"Audits (relative to what moved): {audits}; integration in time {run.error:.1g}.")
    say([f"Note: {n}" for n in run.notes] + [f"Warning: {w}" for w in run.warnings])


def _cycles(found: Shipped, changes: dict[str, float], arguments: argparse.Namespace) -> int:
    from noxplant.batch.shipped import paper_cycles

    try:
        done = paper_cycles(
            found.name, changes, number=arguments.cycles,
            loss=_part(arguments.loss, "--loss"), make_up=_part(arguments.make_up, "--make-up"),
        )  # fmt: skip
    except SpecError as error:
        raise UsageError(str(error)) from error
    if arguments.json != "-":
        _show_cycles(done)
    if arguments.csv is not None:
        with named(arguments.csv):
            done.table().to_csv(arguments.csv, index=False)
    _json(arguments, {"schema_version": 1, "cycles": [r.as_dict() for r in done.runs]})
    return 0


def _part(text: str | None, option: str) -> float | None:
    return None if text is None else measures.parse(text, "1", option)


def _show_cycles(done: Cycles) -> None:
    from noxplant.reports import tables

    rows = []
    for n, (run, charged, fresh) in enumerate(
        zip(done.runs, done.charged, done.made_up, strict=True)
    ):
        energy = run["electricity per hydrazine"] / 3.6e6
        first = charged / done.charged[0]
        rows.append([
            str(n + 1), f"{charged * 1e3:.4f}", f"{first:.4f}", f"{fresh * 1e3:.4f}",
            f"{run['conversion']:.4f}", f"{run['charge']:.2f}", f"{energy:.3f}",
        ])  # fmt: skip
    columns = (
        "cycle", "benzophenone, mmol>", "of the first>", "made up, mmol>", "conversion>",
        "charge, C>", "kWh/kg N2H4>",
    )  # fmt: skip
    title = "Batches on one charge of benzophenone"
    tables.console().print(tables.draw(tables.Table(title, columns, rows)))


def _write(
    arguments: argparse.Namespace, run: BatchRun, equivalent: Equivalent, found: Shipped
) -> None:
    """Write the files that were asked for."""
    if arguments.csv is not None:
        with named(arguments.csv):
            run.table().to_csv(arguments.csv, index=False)
    _json(arguments, {**run.as_dict(), "continuous": equivalent.as_dict()})
    if arguments.plot is not None:
        from noxplant.batch import picture

        drawn = picture.svg(run, found.plot)
        with named(arguments.plot):
            Path(arguments.plot).write_text(drawn, encoding="utf-8")


def _json(arguments: argparse.Namespace, content: dict[str, Any]) -> None:
    if arguments.json is None:
        return
    try:
        text = json.dumps(content, indent=1, allow_nan=False)
    except ValueError as error:
        raise NoxplantError(f"--json: a figure is no finite number ({error}).") from error
    if arguments.json == "-":
        say(text)
        return
    with named(arguments.json):
        Path(arguments.json).write_text(text + "\n", encoding="utf-8")
