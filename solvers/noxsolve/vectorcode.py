"""Scenarios by vector code that is compiled in process with llvmlite (the extra `fast`)."""

from __future__ import annotations

import ctypes
import ctypes.util
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from noxsolve.errors import MissingPackage
from noxsolve.graph import Graph
from noxsolve.lanecode import FIELDS, loop
from noxsolve.lanes import STEPS, Bounds, Criteria, Ends
from noxsolve.llvmcode import LIBRARY, PREFIX, StepText
from noxsolve.step import NewtonStep

Vector = npt.NDArray[np.float64]

ALIGNED = 64
"""Bytes: the width of the widest vector."""


def available() -> bool:
    """Whether llvmlite can be imported."""
    try:
        import llvmlite.binding  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        return False
    return True


def lanes_of_host() -> int:
    """Doubles in one vector of this machine: 8 with AVX-512, 4 with AVX2, else 2."""
    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features()
    if features.get("avx512f"):
        return 8
    return 4 if features.get("avx2") or features.get("avx") else 2


class Compiled:
    """Vector code of a Newton step and of the loop around it.

    Args:
        step: the step.
        bounds, by: what answers are checked against, and what steps are judged by.
        lanes: doubles in a vector; what the machine has unless said otherwise.
        effort: how hard the compiler tries, 0 to 3.
    """

    name = "llvm"
    chunk = 512

    def __init__(
        self,
        step: NewtonStep,
        bounds: Bounds,
        by: Criteria,
        *,
        lanes: int | None = None,
        effort: int = 0,
    ) -> None:
        if not available():
            raise MissingPackage("llvmlite", "fast", "vector code")
        self.step, self.by = step, by
        self.low, self.high = (np.ascontiguousarray(b, dtype=np.float64) for b in bounds)
        self.core, self.rest = len(step.core), len(step.rest)
        self.lanes = lanes or lanes_of_host()
        while self.lanes > max(self.core, 1):  # rows are read in whole vectors
            self.lanes //= 2
        text = StepText(step.graph, step.outputs, self.lanes)
        self.slots, self.operations = text.slots, text.operations
        self._constants = np.array(text.constants)[:, None]
        body = text.text() + loop(self.lanes, self.core, self.rest, len(step.varied))
        self._code = _compile(body, effort)
        kinds: list[Any] = [ctypes.c_void_p, *[ctypes.c_double] * 6, ctypes.c_int64]
        # A call through ctypes gives up the interpreter's lock, so threads run side by side.
        self._run = ctypes.CFUNCTYPE(None, *kinds)(self._code.get_function_address("run"))
        kinds = [*[ctypes.c_void_p] * 4, ctypes.c_int64]
        self._predict = ctypes.CFUNCTYPE(None, *kinds)(self._code.get_function_address("predict"))
        self._base = np.ascontiguousarray(step.base_x[step.core])
        self._slopes = np.ascontiguousarray(step.slopes.T)
        self._thread = threading.local()

    def predict(self, inputs: Vector) -> Vector:
        """See `Executor`."""
        change = np.ascontiguousarray(inputs - self.step.base_p)
        start = np.empty((len(inputs), self.core))
        if self.core:
            arrays = (start, change, self._base, self._slopes)
            self._predict(*(a.ctypes.data for a in arrays), len(inputs))
        return start

    def function(self, name: str, pointers: int) -> Any:
        """One of the compiled functions, with so many pointers as arguments."""
        address = self._code.get_function_address(name)
        return ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * pointers)(address)

    def _arrays(self) -> dict[str, Vector]:
        """Arrays of vectors of this thread."""
        found: dict[str, Vector] | None = getattr(self._thread, "arrays", None)
        if found is None:
            sizes = {
                "X": self.core,
                "P": len(self.step.varied),
                "O": 2 + self.rest + self.core,
                "W": self.slots,
            }
            found = {k: _aligned(size * self.lanes) for k, size in sizes.items()}
            found["W"].reshape(-1, self.lanes)[: len(self._constants)] = self._constants
            found["answer"] = _aligned(self.chunk * (self.core + self.rest))
            self._thread.arrays = found
        return found

    def run(self, inputs: Vector, start: Vector) -> Ends:
        """See `Executor`."""
        number = len(inputs)
        if number > self.chunk:
            raise ValueError(f"{number} scenarios at once; a chunk has at most {self.chunk}")
        arrays: dict[str, Any] = dict(self._arrays())
        answer = arrays.pop("answer")[: number * (self.core + self.rest)]
        found = Ends(
            answer.reshape(number, -1),
            np.full(number, -1, dtype=np.int64),
            np.zeros(number, dtype=np.int64),
        )
        arrays |= {
            "start": np.ascontiguousarray(start, dtype=np.float64),
            "inputs": np.ascontiguousarray(inputs, dtype=np.float64),
            "answer": found.x,
            "steps": found.steps,
            "end": found.code,
            "low": self.low,
            "high": self.high,
            "lane": np.zeros(self.lanes, dtype=np.int64),
            "taken": np.zeros(self.lanes, dtype=np.int64),
            "last": np.zeros(self.lanes),
        }
        # Lanes that never get a scenario hold the base case, so that they are no slower than others.
        for k, base in (("X", self.step.base_x[self.step.core]), ("P", self.step.base_p)):
            arrays[k].reshape(-1, self.lanes)[:] = base[:, None]
        state = np.array(
            [arrays[k].ctypes.data if k in arrays else 0 for k in FIELDS], dtype=np.int64
        )
        state[FIELDS.index("count")] = number
        self._run(state.ctypes.data, *self.by, STEPS)
        return found


def program(
    graph: Graph, outputs: Sequence[int], sizes: tuple[int, int]
) -> Callable[[Vector, Vector], Vector]:
    """A program as vector code: a function of x and p, each of shape (points, size)."""
    lanes = lanes_of_host()
    text = StepText(graph, outputs, lanes)
    code = _compile(text.text(), 0)
    call = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)(code.get_function_address("step"))
    counts = *sizes, len(outputs), text.slots
    arrays = [_aligned(count * lanes) for count in counts]
    arrays[3].reshape(-1, lanes)[: len(text.constants)] = np.array(text.constants)[:, None]

    def run(x: Vector, p: Vector) -> Vector:
        found = np.empty((len(x), len(outputs)))
        for a in range(0, len(x), lanes):
            rows = np.minimum(np.arange(a, a + lanes), len(x) - 1)
            for array, values in ((arrays[0], x), (arrays[1], p)):
                array.reshape(-1, lanes)[:] = values[rows].T
            call(*(array.ctypes.data for array in arrays))
            found[rows] = arrays[2].reshape(-1, lanes).T
        return found

    run.code = code  # type: ignore[attr-defined]  # the functions live as long as it
    return run


def _aligned(size: int) -> Vector:
    raw = np.zeros(size + ALIGNED // 8)
    first = (-raw.ctypes.data % ALIGNED) // 8
    found: Vector = raw[first : first + size]
    return found


_LOCK = threading.Lock()


def _compile(text: str, effort: int) -> Any:
    import llvmlite.binding as llvm

    with _LOCK:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        _link_library(llvm)
        module = llvm.parse_assembly(text)
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(),
            features=llvm.get_host_cpu_features().flatten(),
            opt=effort,
        )
        engine = llvm.create_mcjit_compiler(module, machine)
        engine.finalize_object()
    return engine


def _link_library(llvm: Any) -> None:
    """Tell LLVM where the functions of the C library are."""
    library = ctypes.CDLL(ctypes.util.find_library("m") or ctypes.util.find_library("ucrtbase"))
    for name in LIBRARY:
        pointer = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
        llvm.add_symbol(PREFIX + name, pointer)
