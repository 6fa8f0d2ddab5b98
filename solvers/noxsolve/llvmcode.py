"""A Newton step and the loop over lanes as text in LLVM's language.

The program is cut into functions of some hundred operations; a value that lives longer than its function
has a place in a work array. Each lane of a vector holds one scenario. The loop over scenarios (steps,
judgement, refilling of lanes) is part of the compiled code.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noxsolve import graph as g
from noxsolve.vectormath import constants, exponential, logarithm, number

PIECE = 400
"""Operations of one function; fewer are slower to compile, more to run."""
LIBRARY = frozenset(
    {"sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"}
    | {"atan2", "log1p", "expm1", "erf", "fmod"}
)
"""Functions that are called lane by lane in the C library."""
PREFIX = "nox_"
"""Before the names of those, so that no other library can take their place."""
ONE, MINUS_ZERO = range(2)
"""Places of two numbers in the work array."""
_PLAIN = {g.ADD: "fadd contract", g.SUB: "fsub contract", g.MUL: "fmul contract"}


class StepText:
    """Text of the function @step(X, P, O, W): the outputs of a program from its inputs.

    Attributes:
        slots: vectors that the work array needs.
        constants: what the first of these must hold, the same in every lane; values in memory are
            much cheaper to compile than values in the text.
        library: C functions that are called.
        operations: additions, multiplications and others of one step, for one scenario.
    """

    def __init__(self, graph: g.Graph, outputs: Sequence[int], lanes: int) -> None:
        self.graph, self.lanes, self.v = graph, lanes, f"<{lanes} x double>"
        self.library: set[str] = set()
        self._outputs: dict[int, list[int]] = {}
        for at, k in enumerate(outputs):
            self._outputs.setdefault(k, []).append(at)
        live = graph.live(outputs)
        work = [k for k in live if g.ARITY[graph.code[k]]]
        self.operations = len(work)
        self.pieces = [work[a : a + PIECE] for a in range(0, len(work), PIECE)] or [[]]
        numbers = {k: graph.number[k] for k in live if graph.code[k] == g.CONST}
        self.constants = [1.0, -0.0, *(v for v in numbers.values() if v is not None)]
        self.slot = {k: 2 + at for at, k in enumerate(numbers)}
        self.slots = len(self.constants)
        self._simple = [k for k in live if not g.ARITY[graph.code[k]] and k in self._outputs]
        self._places()

    def _places(self) -> None:
        """Give every value that outlives its piece a slot of the work array."""
        ending = self._endings()
        free: list[int] = []
        by_end: list[list[int]] = [[] for _ in self.pieces]
        for at, piece in enumerate(self.pieces):
            for k in piece:
                end = ending[k]
                if end > at:
                    if not free:
                        free.append(self.slots)
                        self.slots += 1
                    self.slot[k] = slot = free.pop()
                    by_end[end].append(slot)
            free += by_end[at]

    def _endings(self) -> list[int]:
        """The last piece that needs each node; -1 where none does."""
        graph = self.graph
        work = np.array([k for piece in self.pieces for k in piece], dtype=np.int64)
        piece = np.arange(len(work)) // PIECE
        arity = np.array([g.ARITY[graph.code[k]] for k in work.tolist()], dtype=np.int64)
        last = np.full(len(graph), -1, dtype=np.int64)
        for side, least in ((graph.left, 1), (graph.right, 2)):
            asked = arity >= least
            arguments = np.array(side, dtype=np.int64)[work[asked]]
            np.maximum.at(last, arguments, piece[asked])
        found: list[int] = last.tolist()
        return found

    def text(self) -> str:
        """All functions."""
        parts = [self._piece(at, piece) for at, piece in enumerate(self.pieces)]
        calls = "\n".join(
            f"  call void @piece{at}(ptr %X, ptr %P, ptr %O, ptr %W)"
            for at in range(len(self.pieces))
        )
        head = "define void @step(ptr noalias %X, ptr noalias %P, ptr noalias %O, ptr noalias %W)"
        return "\n".join([*self._heads(), *parts, f"{head} {{\n{calls}\n  ret void\n}}\n"])

    def _heads(self) -> list[str]:
        v, n = self.v, self.lanes
        found = [f"%v = type {v}", f"declare {v} @llvm.fma.v{n}f64({v}, {v}, {v})"]
        found += [f"declare {v} @llvm.{f}.v{n}f64({v})" for f in ("sqrt", "fabs", "floor", "ceil")]
        found.append(f"declare {v} @llvm.copysign.v{n}f64({v}, {v})")
        two = {name for name, number, _ in g.NAMES if number == 2}
        for name in sorted(LIBRARY):
            more = ", double" if name in two else ""
            found.append(f"declare double @{PREFIX}{name}(double{more})")
        return [*found, exponential(n), logarithm(n)]

    def _piece(self, at: int, piece: Sequence[int]) -> str:
        head = f"define internal void @piece{at}(ptr noalias %X, ptr noalias %P, ptr noalias %O, ptr noalias %W) noinline nounwind {{"
        writer = _Piece(self, head)
        code, left, right = self.graph.code, self.graph.left, self.graph.right
        names, new, get = writer.names, writer.new, writer.get
        for k in piece:
            plain = _PLAIN.get(code[k])
            if plain is None:
                names[k] = writer.operation(k)
            else:
                a, b = left[k], right[k]
                names[k] = new(f"{plain} %v {names.get(a) or get(a)}, {names.get(b) or get(b)}")
            if k in self.slot:
                writer.store("W", self.slot[k], k)
            for place in self._outputs.get(k, ()):
                writer.store("O", place, k)
        if at == 0:
            for k in self._simple:
                for place in self._outputs[k]:
                    writer.store("O", place, k)
        return writer.end()


class _Piece:
    """Text of one function of the step.

    Values are numbered as LLVM itself would number them (the block at the head is 0).
    """

    def __init__(self, step: StepText, head: str) -> None:
        self.step, self.graph, self.v = step, step.graph, "%v"
        self.lines = [head]
        self.names: dict[int, str] = {}
        self.count = 0

    def new(self, text: str) -> str:
        self.count += 1
        name = f"%{self.count}"
        self.lines.append(f"{name} = {text}")
        return name

    def get(self, k: int) -> str:
        """Name of the value of a node."""
        found = self.names.get(k)
        if found is None:
            code = self.graph.code[k]
            if code in (g.X, g.P):
                found = self.load("X" if code == g.X else "P", self.graph.left[k])
            else:
                found = self.load("W", self.step.slot[k])
            self.names[k] = found
        return found

    def load(self, array: str, place: int) -> str:
        pointer = self.new(f"getelementptr %v, ptr %{array}, i64 {place}")
        return self.new(f"load %v, ptr {pointer}")

    def store(self, array: str, place: int, k: int) -> None:
        value = self.get(k)
        pointer = self.new(f"getelementptr %v, ptr %{array}, i64 {place}")
        self.lines.append(f"store %v {value}, ptr {pointer}")

    def end(self) -> str:
        return "\n".join([*self.lines, "ret void\n}\n"])

    def operation(self, k: int) -> str:
        """Any operation but sum, difference and product; name of its value."""
        graph = self.graph
        code = graph.code[k]
        a = self.get(graph.left[k])
        if code == g.NEG:
            return self.new(f"fsub %v {self.load('W', MINUS_ZERO)}, {a}")
        if code == g.INV:
            return self.new(f"fdiv %v {self.load('W', ONE)}, {a}")
        if code == g.EXP:
            return self.new(f"call %v @vexp(%v {a})")
        if code == g.LOG:
            return self.new(f"call %v @vlog(%v {a})")
        if code == g.POW:
            log = self.new(f"call %v @vlog(%v {a})")
            exponent = self.new(f"fmul %v {self.get(graph.right[k])}, {log}")
            return self.new(f"call %v @vexp(%v {exponent})")
        if code == g.SQRT:
            return self._intrinsic("sqrt", a)
        b = self.get(graph.right[k]) if g.ARITY[code] == 2 else ""
        return self._named(g.NAMES[code - g.FIRST_NAMED][0], a, b)

    def _intrinsic(self, name: str, *arguments: str) -> str:
        inside = ", ".join(f"{self.v} {a}" for a in arguments)
        return self.new(f"call {self.v} @llvm.{name}.v{self.step.lanes}f64({inside})")

    def _named(self, name: str, a: str, b: str) -> str:
        v, n = self.v, self.step.lanes
        zero, one = constants(0.0, n), constants(1.0, n)
        compare = {"lt": "olt", "le": "ole", "eq": "oeq", "ne": "une"}
        if name in LIBRARY:
            return self._by_lane(name, a, b)
        if name in ("fabs", "floor", "ceil"):
            return self._intrinsic(name, a)
        if name == "copysign":
            return self._intrinsic(name, a, b)
        if name in ("fmin", "fmax"):
            test = self.new(f"fcmp {'olt' if name == 'fmin' else 'ogt'} {v} {a}, {b}")
            return self._select(test, a, b)
        if name in compare:
            return self._select(self.new(f"fcmp {compare[name]} {v} {a}, {b}"), one, zero)
        true = self.new(f"fcmp une {v} {a}, {zero}")
        if name == "not":
            return self._select(true, zero, one)
        if name == "if_else_zero":
            return self._select(true, b, zero)
        if name == "sign":
            return self._select(true, self._intrinsic("copysign", one, a), a)
        other = self.new(f"fcmp une {v} {b}, {zero}")
        both = self.new(f"{name} <{n} x i1> {true}, {other}")
        return self._select(both, one, zero)

    def _select(self, test: str, a: str, b: str) -> str:
        return self.new(f"select <{self.step.lanes} x i1> {test}, {self.v} {a}, {self.v} {b}")

    def _by_lane(self, name: str, a: str, b: str) -> str:
        self.step.library.add(name)
        found = "undef"
        for i in range(self.step.lanes):
            arguments = [self.new(f"extractelement {self.v} {x}, i32 {i}") for x in (a, b) if x]
            inside = ", ".join(f"double {x}" for x in arguments)
            r = self.new(f"call double @{PREFIX}{name}({inside})")
            found = self.new(f"insertelement {self.v} {found}, double {r}, i32 {i}")
        return found


__all__ = ["StepText", "number"]
