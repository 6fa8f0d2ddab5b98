"""Many operating points of one plant: each solved warm from the plant as it stands.

Of every scenario are checked: the residuals of all equations against their scales, the bounds of all
unknowns, and the limits that the units declare (as expressions; a limit that a unit gives as a number at the
base case is not among them). With `audit`, and where headline figures are asked for, each solved
scenario is proved as `Flowsheet.solve` proves one: limits anew, liquids, utilities, and the balances of
elements, charge and energy of every unit and of the plant.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from noxplant import measures
from noxplant.errors import NoxplantError, Refusal, SpecError, nearest
from noxplant.quantities import Quantity, Result, Spec
from noxplant.thermo.used import extrapolating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from noxplant.flowsheet.graph import Flowsheet
    from noxsolve.dataset import Dataset, Row

Vector = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Tell = Callable[[int, int], None]

BLOCK = 16_384
"""Scenarios between two visits to the file of a study."""
PROVED = 128
"""The same where every scenario is proved, which needs all unknowns of all of them."""


def solve_many(
    flowsheet: Flowsheet,
    inputs: Any,
    *,
    outputs: Sequence[str] | None = None,
    audit: bool = False,
    progress: bool | Callable[[int, int], None] = False,
    file: str | Path | None = None,
    executor: str = "auto",
    threads: int | None = None,
    rescue: str = "full",
) -> Dataset:
    """Solve a plant for many values of its specifications; see `Flowsheet.solve_many`."""
    from noxsolve.errors import MissingPackage
    from noxsolve.errors import ModelError as Wrong

    outputs = [outputs] if isinstance(outputs, str) else outputs
    study = _Study(flowsheet, inputs, outputs, audit)
    options = {"executor": executor, "threads": threads, "rescue": rescue}
    try:
        with _shown(flowsheet.name, progress) as tell:
            return study.run(options, tell, file)
    except MissingPackage:
        raise
    except Wrong as error:
        raise SpecError(f"{flowsheet.name}: {error}") from error


class _Study:
    """Scenarios of one plant, named as the flowsheet names things.

    Args:
        flowsheet: the plant; it is solved as it stands first.
        inputs, outputs, audit: as for `Flowsheet.solve_many`.
    """

    def __init__(
        self, flowsheet: Flowsheet, inputs: Any, outputs: Sequence[str] | None, audit: bool
    ) -> None:
        self.flowsheet = flowsheet
        self.values = _values(flowsheet, inputs)
        self.base = flowsheet.solve()
        assert flowsheet.built is not None
        self.solver = flowsheet.built.solver
        self.variables = {path: flowsheet.variable(path) for path in self.values}
        for path, v in self.variables.items():
            if self.solver.compiled.input_index(v) is None:
                raise SpecError(
                    f"{path} is in no equation of {flowsheet.name}, so nothing depends on it.\n"
                    "  Leave it out of the scenarios."
                )
        self.outputs = self._outputs(outputs)
        self.figures = [k for k in self.outputs if k in self.base.headline]
        self.audit = audit or bool(self.figures)

    def _outputs(self, outputs: Sequence[str] | None) -> list[str]:
        known = {**self.base.quantities, **self.base.headline}
        if outputs is None:
            return list(self.base.quantities)
        for name in outputs:
            if name not in known:
                raise SpecError(
                    f"{self.flowsheet.name} has no quantity and no headline figure {name!r}."
                    f"{nearest(name, known)}"
                )
        return list(outputs)

    def run(
        self, options: Mapping[str, Any], tell: Callable[[int, int], None], file: Any
    ) -> Dataset:
        """Solve all that the file does not hold yet, block by block."""
        from noxsolve.dataset import Dataset, StudyFile
        from noxsolve.status import Status

        number = len(next(iter(self.values.values())))
        store = None
        if file is not None:
            store = StudyFile(file, self.values, self.outputs, self._mark(options))
        rows: dict[int, Row] = dict(store.done) if store else {}
        left = np.array([k for k in range(number) if k not in rows], dtype=np.int64)
        size = PROVED if self.audit else BLOCK
        for a in range(0, len(left), size):
            block = left[a : a + size]
            before = len(rows)
            new = self._block(block, options, partial(_told, tell, before, number))
            done = {k: row for k, row in new.items() if row.status is not Status.INTERRUPTED}
            rows |= done
            if store is not None:
                store.append(done)
            if len(done) < len(new):
                raise KeyboardInterrupt
        tell(len(rows), number)
        found = [rows[k] for k in range(number)]
        table = np.array([r.outputs for r in found]).reshape(number, len(self.outputs))
        return Dataset(
            inputs=self.values,
            outputs={k: table[:, at].copy() for at, k in enumerate(self.outputs)},
            status=tuple(r.status for r in found),
            message=tuple(r.message for r in found),
            method=tuple(r.method for r in found),
            iterations=np.array([r.iterations for r in found], dtype=np.int64),
        )

    def _mark(self, options: Mapping[str, Any]) -> str:
        """What tells this study from one of another plant or with other specifications."""
        from noxsolve.many import fingerprint

        index = self.solver.compiled.input_index
        varied = [k for v in self.variables.values() if (k := index(v)) is not None]
        mark = fingerprint(self.solver, varied, str(options["rescue"]), self._limits())
        return f"{mark}-proved" if self.audit else mark

    def _block(
        self, rows: Codes, options: Mapping[str, Any], tell: Callable[[int, int], None]
    ) -> dict[int, Row]:
        from noxsolve.many import solve_many as solve

        compiled = self.solver.compiled
        names = [v.name for v in compiled.unknowns] if self.audit else self._known_names()
        raising, self.solver.raise_interrupts = self.solver.raise_interrupts, False
        try:
            data = solve(
                self.solver,
                {self.variables[k].name: a[rows] for k, a in self.values.items()},
                outputs=names,
                progress=tell,
                limits=self._limits(),
                **options,
            )
        finally:
            self.solver.raise_interrupts = raising
        if self.audit:
            x = np.column_stack([data.outputs[k] for k in names])
            return {k: self._proved(data, at, k, x[at]) for at, k in enumerate(rows.tolist())}
        table = self._table(data)
        return {k: _row(data, at, table[at].tolist()) for at, k in enumerate(rows.tolist())}

    def _known_names(self) -> list[str]:
        """Names of the outputs that are unknowns or inputs of the equations."""
        compiled = self.solver.compiled
        found = (self.flowsheet.variable(path) for path in self.outputs)
        return list(
            dict.fromkeys(
                v.name
                for v in found
                if compiled.index(v) is not None or compiled.input_index(v) is not None
            )
        )

    def _table(self, data: Dataset) -> Vector:
        """All outputs, shape (scenarios, outputs); what is in no equation is as in the base case."""
        columns = []
        for path in self.outputs:
            unit, key, _ = self.flowsheet.find(path)
            noun, name = unit.declared[key], self.flowsheet.variable(path).name
            column = data.outputs.get(name)
            if column is None:
                column = np.where(data.solved, self.base[path], np.nan)
            least = noun.least if isinstance(noun, Result) else None
            columns.append(column if least is None else np.maximum(column, least))
        return np.column_stack(columns) if columns else np.zeros((len(data), 0))

    def _limits(self) -> dict[str, Any]:
        """Margins of the limits of all units that are expressions, by unit and name."""
        found: dict[str, Any] = {}
        for unit in self.flowsheet.units.values():
            for limit in unit.limits():
                if not isinstance(limit.margin, numbers.Real):
                    found[f"{unit.name}: {limit.name}"] = limit.margin
        return found

    def _proved(self, data: Dataset, at: int, k: int, x: Vector) -> Row:
        """A solved scenario with its outputs, once it is proved; else why it is refused."""
        from noxplant.flowsheet.solve import _proved
        from noxsolve.outcome import Outcome
        from noxsolve.status import Status

        row = _row(data, at, [np.nan] * len(self.outputs))
        if row.status is not Status.SOLVED:
            return row
        compiled = self.solver.compiled
        kept = compiled.x.copy(), compiled.p.copy()
        compiled.x[:] = x
        for path, v in self.variables.items():
            compiled.p[compiled.input_index(v)] = self.values[path][k]
        outcome = Outcome(True, row.status, row.message, row.iterations, 0, "", 0.0)
        try:
            compiled.load()
            with extrapolating():
                solution = _proved(self.flowsheet, outcome, 0.0)
        except NoxplantError as error:
            status = Status.INFEASIBLE if isinstance(error, Refusal) else Status.FAILED
            return row._replace(status=status, method="none", message=str(error))
        finally:
            compiled.x[:], compiled.p[:] = kept
            compiled.load()
            compiled.evaluate()
        figures = solution.headline
        return row._replace(
            outputs=[figures[n][0] if n in figures else solution[n] for n in self.outputs]
        )


def _told(tell: Tell, before: int, number: int, done: int, _: int) -> None:
    """Progress of a block as progress of the study."""
    tell(before + done, number)


def _row(data: Dataset, at: int, outputs: Sequence[float]) -> Row:
    from noxplant.flowsheet.failure import in_words
    from noxsolve.dataset import Row

    message = in_words(data.message[at])
    return Row(data.status[at], data.method[at], int(data.iterations[at]), message, outputs)


def _values(flowsheet: Flowsheet, inputs: Any) -> dict[str, Vector]:
    """Checked values of each specification, SI, all of one length."""
    if hasattr(inputs, "columns"):
        inputs = {str(k): inputs[k].tolist() for k in inputs.columns}
    if not isinstance(inputs, Mapping) or not inputs:
        raise SpecError(
            f"{flowsheet.name}: give scenarios as values by specification, as"
            " {'E-101.voltage': [2.4, 2.5]}, or as a pandas table."
        )
    found = {path.strip(): _numbers(flowsheet, path.strip(), x) for path, x in inputs.items()}
    sizes = {len(a) for a in found.values()} - {1}
    if len(sizes) > 1:
        each = ", ".join(f"{k} has {len(a)}" for k, a in found.items())
        raise SpecError(
            f"{flowsheet.name}: specifications need as many values as there are scenarios: {each}."
        )
    number = sizes.pop() if sizes else 1
    return {k: np.array(np.broadcast_to(a, number)) for k, a in found.items()}


def _numbers(flowsheet: Flowsheet, path: str, values: Any) -> Vector:
    """Values of one specification, SI: numbers, or texts with a unit."""
    unit, key, index = flowsheet.find(path)
    noun = unit.declared[key]
    assert isinstance(noun, Quantity)
    _require_given(flowsheet, path, noun)
    one = isinstance(values, (str, numbers.Real))
    out = []
    for row, value in enumerate([values] if one else values):
        if isinstance(value, str):
            mass = _molar_mass(index) if noun.units == "mol/s" and index else None
            value = measures.parse(
                value, noun.units, path, bounds=noun.bounds, molar_mass=mass, scale=noun.scale
            )
        elif isinstance(value, np.generic):
            value = value.item()
        try:
            out.append(unit.checked(key, value, index or ""))
        except SpecError as error:
            raise type(error)(f"Scenario {row}: {error}") from None
    return np.array(out, dtype=np.float64)


def _molar_mass(substance: str) -> float | None:
    """kg/mol of a species or formula, so that its flow may be given in kg/h; None for neither."""
    from noxplant.errors import SpeciesError
    from noxplant.species.formulas import formula_mass
    from noxplant.species.registry import molar_mass

    for function in (molar_mass, formula_mass):
        try:
            return function(substance)
        except SpeciesError:
            continue
    return None


def _require_given(flowsheet: Flowsheet, path: str, noun: Quantity) -> None:
    """Refuse what is computed, free, or decides something else by a table."""
    for e in flowsheet.exchanges:
        if e.freed == path:
            raise SpecError(f"{path} is free: it follows from {e.fixed}. Give {e.fixed} instead.")
        if e.fixed == path:
            return
    if not isinstance(noun, Spec):
        raise SpecError(
            f"{path} is computed, so scenarios cannot give it.\n  Exchange it for a specification"
            f" first: plant.exchange({path!r}, VALUE, freed='UNIT.SPEC')."
        )
    if path in flowsheet.tied:
        raise flowsheet._tied(path)


def _shown(
    name: str, progress: bool | Callable[[int, int], None]
) -> AbstractContextManager[Callable[[int, int], None]]:
    """What is told of the progress: the caller's function, a bar on a terminal, or nothing."""
    if callable(progress):
        return nullcontext(progress)
    return _bar(name) if progress else nullcontext(lambda done, total: None)


@contextmanager
def _bar(name: str) -> Iterator[Callable[[int, int], None]]:
    import sys

    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(f"Scenarios of {name}", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
