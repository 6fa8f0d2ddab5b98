"""A Newton step and the loop over lanes as text in LLVM's language.

The program is cut into functions of some hundred operations; a value that lives longer than its function
has a place in a work array. Each lane of a vector holds one scenario. The loop over scenarios (steps,
judgement, refilling of lanes) is part of the compiled code.
"""

from __future__ import annotations

from collections.abc import Sequence

from noxsolve import graph as g
from noxsolve.vectormath import constants, exponential, logarithm, number

PIECE = 500
"""Operations of one function."""
LIBRARY = frozenset(
    {"sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"}
    | {"atan2", "log1p", "expm1", "erf", "fmod"}
)
"""Functions that are called lane by lane in the C library."""
PREFIX = "nox_"
"""Before the names of those, so that no other library can take their place."""


class StepText:
    """Text of the function @step(X, P, O, W): the outputs of a program from its inputs.

    Attributes:
        slots: vectors that the work array needs.
        library: C functions that are called.
        operations: additions, multiplications and others of one step, for one scenario.
    """

    def __init__(self, graph: g.Graph, outputs: Sequence[int], lanes: int) -> None:
        self.graph, self.lanes, self.v = graph, lanes, f"<{lanes} x double>"
        self.library: set[str] = set()
        self.slots = 0
        self._outputs: dict[int, list[int]] = {}
        for at, k in enumerate(outputs):
            self._outputs.setdefault(k, []).append(at)
        live = graph.live(outputs)
        work = [k for k in live if g.ARITY[graph.code[k]]]
        self.operations = len(work)
        self.pieces = [work[a : a + PIECE] for a in range(0, len(work), PIECE)] or [[]]
        self._simple = [k for k in live if not g.ARITY[graph.code[k]] and k in self._outputs]
        self._places()

    def _places(self) -> None:
        """Give every value that outlives its piece a slot of the work array."""
        graph = self.graph
        made = {k: at for at, piece in enumerate(self.pieces) for k in piece}
        ending: dict[int, int] = {}
        for at, piece in enumerate(self.pieces):
            for k in piece:
                for a in (graph.left[k], graph.right[k])[: g.ARITY[graph.code[k]]]:
                    if a in made and made[a] < at:
                        ending[a] = at
        self.slot: dict[int, int] = {}
        free: list[int] = []
        by_end: dict[int, list[int]] = {}
        for at, piece in enumerate(self.pieces):
            free += by_end.pop(at - 1, [])
            for k in piece:
                if k in ending:
                    if not free:
                        free.append(self.slots)
                        self.slots += 1
                    self.slot[k] = free.pop()
                    by_end.setdefault(ending[k], []).append(self.slot[k])

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
        found = [f"declare {v} @llvm.fma.v{n}f64({v}, {v}, {v})"]
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
        for k in piece:
            writer.operation(k)
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
    """Text of one function of the step."""

    def __init__(self, step: StepText, head: str) -> None:
        self.step, self.graph, self.v = step, step.graph, step.v
        self.lines, self.names, self.count = [head], {}, 0  # type: ignore[var-annotated]

    def new(self, text: str) -> str:
        name = f"%t{self.count}"
        self.count += 1
        self.lines.append(f"  {name} = {text}")
        return name

    def get(self, k: int) -> str:
        """Name of the value of a node."""
        found = self.names.get(k)
        if found is None:
            graph = self.graph
            value = graph.number[k]
            if value is not None:
                found = constants(value, self.step.lanes)
            else:
                array = {g.X: "X", g.P: "P"}.get(graph.code[k], "W")
                place = self.step.slot[k] if array == "W" else graph.left[k]
                pointer = self.new(f"getelementptr {self.v}, ptr %{array}, i64 {place}")
                found = self.new(f"load {self.v}, ptr {pointer}")
            self.names[k] = found
        return found

    def store(self, array: str, place: int, k: int) -> None:
        value = self.get(k)
        pointer = self.new(f"getelementptr {self.v}, ptr %{array}, i64 {place}")
        self.lines.append(f"  store {self.v} {value}, ptr {pointer}")

    def end(self) -> str:
        return "\n".join([*self.lines, "  ret void\n}\n"])

    def operation(self, k: int) -> None:
        graph, v = self.graph, self.v
        code = graph.code[k]
        a = self.get(graph.left[k])
        b = self.get(graph.right[k]) if g.ARITY[code] == 2 else ""
        plain = {g.ADD: "fadd", g.SUB: "fsub", g.MUL: "fmul"}
        if code in plain:
            self.names[k] = self.new(f"{plain[code]} contract {v} {a}, {b}")
        elif code == g.NEG:
            self.names[k] = self.new(f"fneg {v} {a}")
        elif code == g.INV:
            self.names[k] = self.new(f"fdiv {v} {constants(1.0, self.step.lanes)}, {a}")
        elif code == g.EXP:
            self.names[k] = self.new(f"call {v} @vexp({v} {a})")
        elif code == g.LOG:
            self.names[k] = self.new(f"call {v} @vlog({v} {a})")
        elif code == g.POW:
            exponent = self.new(f"fmul {v} {b}, {self.new(f'call {v} @vlog({v} {a})')}")
            self.names[k] = self.new(f"call {v} @vexp({v} {exponent})")
        elif code == g.SQRT:
            self.names[k] = self._intrinsic("sqrt", a)
        else:
            self.names[k] = self._named(g.NAMES[code - g.FIRST_NAMED][0], a, b)

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
