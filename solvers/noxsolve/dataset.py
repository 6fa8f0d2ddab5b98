"""Results of many scenarios as frozen data, and the file that lets a killed study go on."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from noxsolve.errors import ModelError
from noxsolve.status import Status

if TYPE_CHECKING:
    import pandas as pd

Vector = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

OWN = ("row", "status", "method", "iterations", "message", "study")
"""Columns of a file besides inputs and outputs."""


@dataclass(frozen=True)
class Dataset:
    """Scenarios in the order in which they were asked for; arrays cannot be written to.

    Attributes:
        inputs: values of each input by name, in its own unit.
        outputs: values of each output by name, in its own unit; unknowns are not a number where a
            scenario is not solved.
        status: how each scenario ended; `Status.SOLVED` where residuals, bounds and limits hold.
        message: the reason in words, with names; the sentence of the status where solved.
        method: "newton", "continuation" or "ipopt", what solved it; "none" otherwise.
        iterations: Newton steps of each scenario.
    """

    inputs: Mapping[str, Vector]
    outputs: Mapping[str, Vector]
    status: tuple[Status, ...]
    message: tuple[str, ...]
    method: tuple[str, ...]
    iterations: Codes

    def __post_init__(self) -> None:
        for a in (*self.inputs.values(), *self.outputs.values(), self.iterations):
            a.flags.writeable = False

    def __len__(self) -> int:
        return len(self.status)

    def __getitem__(self, name: str) -> Vector:
        """Values of an output or input by name."""
        for table in (self.outputs, self.inputs):
            if name in table:
                return table[name]
        raise ModelError(f"no input or output is called {name!r}; there are {_some(self)}")

    @property
    def solved(self) -> npt.NDArray[np.bool_]:
        """Whether each scenario is solved."""
        return np.array([s is Status.SOLVED for s in self.status], dtype=bool)

    def counts(self) -> dict[Status, int]:
        """Number of scenarios by how they ended, the most frequent first."""
        return dict(Counter(self.status).most_common())

    def frame(self) -> pd.DataFrame:
        """Everything as a pandas table, one row a scenario; an output named as an input stands once."""
        import pandas as pd

        columns: dict[str, Any] = {**self.inputs, **self.outputs}
        columns |= {
            "status": [s.name for s in self.status],
            "method": self.method,
            "iterations": self.iterations,
            "message": self.message,
        }
        return pd.DataFrame(columns)

    def to_csv(self, path: str | Path) -> None:
        """Write the table, full digits."""
        self.frame().to_csv(path, index_label="row")


def _some(data: Dataset) -> str:
    names = [*data.inputs, *data.outputs]
    return ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")


class Row(NamedTuple):
    """One scenario that is done."""

    status: Status
    method: str
    iterations: int
    message: str
    outputs: Sequence[float]


class StudyFile:
    """A CSV file that grows while scenarios are solved, from which a killed study goes on.

    Args:
        path: the file; what it holds already is kept where it belongs to the same study.
        inputs: values of all scenarios by name.
        outputs: names of the outputs.
        mark: what tells the study from one of another model, or of the same with other values of
            what does not vary; see `noxsolve.many.fingerprint`.

    Raises ModelError when the file belongs to another study, or cannot be written.
    """

    def __init__(
        self,
        path: str | Path,
        inputs: Mapping[str, Vector],
        outputs: Sequence[str],
        mark: str = "",
    ) -> None:
        self.path, self.inputs, self.mark = Path(path), inputs, mark
        self.values = np.column_stack(list(inputs.values())) if inputs else np.zeros((0, 0))
        self.header = [*OWN, *inputs, *(f"{k} (output)" if k in inputs else k for k in outputs)]
        self.done: dict[int, Row] = {}
        try:
            if self.path.exists() and self.path.stat().st_size:
                self._read()
                return
            with self.path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerow(self.header)
        except OSError as error:
            raise ModelError(f"{self.path} cannot be written: {error.strerror}") from error

    def _read(self) -> None:
        """Take over complete rows; the last one may be cut off and is dropped from the file."""
        data = self.path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            with self.path.open("r+b") as file:
                file.truncate(len(whole))
        text = whole.decode("utf-8", errors="replace")
        lines = list(csv.reader(text.splitlines(keepends=True)))
        if not lines or lines[0] != self.header:
            raise ModelError(
                f"{self.path} holds another study: its columns are not those of this one."
                " Name another file, or delete it."
            )
        for number, line in enumerate(lines[1:], 2):
            try:
                self._take(line)
            except (ValueError, IndexError, KeyError) as error:
                if isinstance(error, ModelError):
                    raise
                raise ModelError(
                    f"line {number} of {self.path} cannot be read: {error}. Name another file, or"
                    " delete it."
                ) from error

    def _take(self, line: Sequence[str]) -> None:
        if len(line) != len(self.header):
            raise ValueError(f"it has {len(line)} entries of {len(self.header)}")
        row, q = int(line[0]), len(self.inputs)
        given = np.array([float(x) for x in line[len(OWN) : len(OWN) + q]])
        if not 0 <= row < len(self.values) or not np.array_equal(
            given, self.values[row], equal_nan=True
        ):
            raise ModelError(
                f"{self.path} holds another study: the inputs of its row {row} are not those of"
                " this one. Name another file, or delete it."
            )
        if line[len(OWN) - 1] != self.mark:
            raise ModelError(
                f"{self.path} holds another study: its row {row} was solved with other equations,"
                " other values of what does not vary, or another way of solving. Name another file,"
                " or delete it."
            )
        outputs = [float(x) if x else np.nan for x in line[len(OWN) + q :]]
        self.done[row] = Row(Status[line[1]], line[2], int(line[3]), line[4], outputs)

    def append(self, rows: Mapping[int, Row]) -> None:
        """Write scenarios that are done."""
        with self.path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            for k, row in rows.items():
                own = [
                    k,
                    row.status.name,
                    row.method,
                    row.iterations,
                    " ".join(row.message.split()),
                    self.mark,
                ]
                numbers = [repr(float(x)) for x in (*self.values[k], *row.outputs)]
                writer.writerow([*own, *numbers])
