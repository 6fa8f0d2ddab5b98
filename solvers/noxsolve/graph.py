"""Straight-line programs of scalars: common subexpressions shared, constants folded.

A `Graph` holds each distinct operation once. It is read from compiled CasADi functions, extended
by the elimination of a Newton step, and replayed as a CasADi function, on NumPy arrays or as
vector code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import casadi as ca

from noxsolve.errors import ModelError

CONST, X, P, ADD, SUB, MUL, NEG, INV, SQRT, EXP, LOG, POW = range(12)
FIRST_NAMED = 20
"""Operations from this code on are called by name; see `NAMES`."""

NAMES = (
    ("fabs", 1, "OP_FABS"),
    ("fmin", 2, "OP_FMIN"),
    ("fmax", 2, "OP_FMAX"),
    ("sin", 1, "OP_SIN"),
    ("cos", 1, "OP_COS"),
    ("tan", 1, "OP_TAN"),
    ("asin", 1, "OP_ASIN"),
    ("acos", 1, "OP_ACOS"),
    ("atan", 1, "OP_ATAN"),
    ("sinh", 1, "OP_SINH"),
    ("cosh", 1, "OP_COSH"),
    ("tanh", 1, "OP_TANH"),
    ("asinh", 1, "OP_ASINH"),
    ("acosh", 1, "OP_ACOSH"),
    ("atanh", 1, "OP_ATANH"),
    ("atan2", 2, "OP_ATAN2"),
    ("log1p", 1, "OP_LOG1P"),
    ("expm1", 1, "OP_EXPM1"),
    ("erf", 1, "OP_ERF"),
    ("floor", 1, "OP_FLOOR"),
    ("ceil", 1, "OP_CEIL"),
    ("sign", 1, "OP_SIGN"),
    ("copysign", 2, "OP_COPYSIGN"),
    ("fmod", 2, "OP_FMOD"),
    ("lt", 2, "OP_LT"),
    ("le", 2, "OP_LE"),
    ("eq", 2, "OP_EQ"),
    ("ne", 2, "OP_NE"),
    ("not", 1, "OP_NOT"),
    ("and", 2, "OP_AND"),
    ("or", 2, "OP_OR"),
    ("if_else_zero", 2, "OP_IF_ELSE_ZERO"),
)
"""Name, number of arguments and CasADi operation of all others; the name is ours throughout."""

CODE = {name: FIRST_NAMED + k for k, (name, _, _) in enumerate(NAMES)}
ARITY = {FIRST_NAMED + k: number for k, (_, number, _) in enumerate(NAMES)}
ARITY |= {CONST: 0, X: 0, P: 0, ADD: 2, SUB: 2, MUL: 2, NEG: 1, INV: 1, SQRT: 1, EXP: 1, LOG: 1}
ARITY[POW] = 2

LARGEST_POWER = 32
"""Whole powers up to this one are written as products."""


class Graph:
    """Operations on scalars, each distinct one once; a node is its position.

    Attributes:
        code: operation of each node.
        left, right: its arguments (of X and P: the position of the input).
        number: value of a constant, None for all others.
    """

    def __init__(self) -> None:
        self.code: list[int] = []
        self.left: list[int] = []
        self.right: list[int] = []
        self.number: list[float | None] = []
        self._known: dict[tuple[int, int, int], int] = {}
        self._constants: dict[float, int] = {}
        self.zero, self.one = self.constant(0.0), self.constant(1.0)

    def __len__(self) -> int:
        return len(self.code)

    def constant(self, value: float) -> int:
        """Node of a number."""
        found = self._constants.get(value)
        if found is None:
            found = self._append(CONST, 0, 0, value)
            self._constants[value] = found
        return found

    def input(self, kind: int, k: int) -> int:
        """Node of input `k` of kind X or P."""
        return self._node(kind, k, 0)

    def _append(self, code: int, a: int, b: int, number: float | None) -> int:
        self.code.append(code)
        self.left.append(a)
        self.right.append(b)
        self.number.append(number)
        return len(self.code) - 1

    def _node(self, code: int, a: int, b: int) -> int:
        key = (code, a, b)
        found = self._known.get(key)
        if found is None:  # written out, as this is most of the work of a preparation
            found = self._known[key] = len(self.code)
            self.code.append(code)
            self.left.append(a)
            self.right.append(b)
            self.number.append(None)
        return found

    def add(self, a: int, b: int) -> int:
        """Sum of two nodes."""
        u, v = self.number[a], self.number[b]
        if u is not None and v is not None:
            return self.constant(u + v)
        if u == 0:
            return b
        if v == 0:
            return a
        if self.code[b] == NEG:
            return self.sub(a, self.left[b])
        if self.code[a] == NEG:
            return self.sub(b, self.left[a])
        return self._node(ADD, a, b) if a < b else self._node(ADD, b, a)

    def sub(self, a: int, b: int) -> int:
        """Difference of two nodes."""
        u, v = self.number[a], self.number[b]
        if u is not None and v is not None:
            return self.constant(u - v)
        if a == b:
            return self.zero
        if v == 0:
            return a
        if u == 0:
            return self.neg(b)
        if self.code[b] == NEG:
            return self.add(a, self.left[b])
        if self.code[a] == NEG:
            return self.neg(self.add(self.left[a], b))
        return self._node(SUB, a, b)

    def mul(self, a: int, b: int) -> int:
        """Product of two nodes."""
        u, v = self.number[a], self.number[b]
        if u is not None and v is not None:
            return self.constant(u * v)
        if v is not None:
            a, b, u, v = b, a, v, u
        if u is not None:
            if u == 0:
                return a
            if u == 1:
                return b
            if u == -1:
                return self.neg(b)
            if self.code[b] == NEG:
                return self._node(MUL, self.constant(-u), self.left[b])
        if self.code[a] == NEG:
            return self.neg(self.mul(self.left[a], b))
        if self.code[b] == NEG:
            return self.neg(self.mul(a, self.left[b]))
        return self._node(MUL, a, b) if a < b else self._node(MUL, b, a)

    def neg(self, a: int) -> int:
        """-a."""
        u = self.number[a]
        if u is not None:
            return self.constant(-u)
        if self.code[a] == NEG:
            return self.left[a]
        if self.code[a] == SUB:
            return self._node(SUB, self.right[a], self.left[a])
        return self._node(NEG, a, 0)

    def inv(self, a: int) -> int:
        """1 / a."""
        u = self.number[a]
        if u is not None and u != 0:
            return self.constant(1.0 / u)
        if self.code[a] == NEG:
            return self.neg(self.inv(self.left[a]))
        return self.left[a] if self.code[a] == INV else self._node(INV, a, 0)

    def div(self, a: int, b: int) -> int:
        """Quotient, as a product with the reciprocal, which others share."""
        return self.mul(a, self.inv(b))

    def power(self, a: int, b: int) -> int:
        """Power; whole and half ones as products and roots."""
        v = self.number[b]
        if v is None or not abs(v) <= LARGEST_POWER or not (2 * v).is_integer():
            return self._node(POW, a, b)
        if v < 0:
            return self.inv(self.power(a, self.constant(-v)))
        whole, half = divmod(v, 1.0)
        found, base, left = self.one, a, int(whole)
        while left:
            if left % 2:
                found = self.mul(found, base)
            left //= 2
            base = self.mul(base, base) if left else base
        return self.mul(found, self.unary(SQRT, a)) if half else found

    def unary(self, code: int, a: int) -> int:
        """Root, exponential or logarithm of a node."""
        return self._node(code, a, 0)

    def apply(self, code: int, a: int, b: int) -> int:
        """Any operation on nodes."""
        make = _MAKE.get(code)
        return make(self, a, b) if make else self._node(code, a, b if ARITY[code] == 2 else 0)

    # CasADi -----------------------------------------------------------------------------------
    def read(self, function: ca.Function, inputs: Sequence[Sequence[int]]) -> list[list[int]]:
        """Add a CasADi function of scalars; returns the nodes of the nonzeros of its outputs."""
        table = _table(self)
        place: dict[int, int] = {}
        found = [[self.zero] * function.nnz_out(k) for k in range(function.n_out())]
        name, take, give = (
            function.instruction_id,
            function.instruction_input,
            function.instruction_output,
        )
        for k in range(function.n_instructions()):
            op = name(k)
            if op == ca.OP_INPUT:
                at = take(k)
                place[give(k)[0]] = inputs[at[0]][at[1]]
            elif op == ca.OP_CONST:
                place[give(k)[0]] = self.constant(function.instruction_constant(k))
            elif op == ca.OP_OUTPUT:
                to = give(k)
                found[to[0]][to[1]] = place[take(k)[0]]
            elif op in table:
                at = [place[i] for i in take(k)]
                place[give(k)[0]] = table[op](at[0], at[-1])
            else:
                raise ModelError(f"operation {op} of CasADi has no vector form")
        return found

    def arguments(self, k: int) -> tuple[int, ...]:
        """Nodes that an operation works on, as often as it does."""
        number = ARITY[self.code[k]]
        if number == 2:
            return self.left[k], self.right[k]
        return (self.left[k],) if number else ()

    def live(self, outputs: Iterable[int]) -> list[int]:
        """Nodes that the outputs need, each after its arguments, as late as the outputs ask."""
        seen = bytearray(len(self.code))
        order: list[int] = []
        code, left, right = self.code, self.left, self.right
        for root in outputs:
            stack = [root]
            while stack:
                k = stack.pop()
                if k < 0:  # all its arguments are there
                    order.append(~k)
                elif not seen[k]:
                    seen[k] = 1
                    number = ARITY[code[k]]
                    if number == 0:
                        order.append(k)
                        continue
                    stack.append(~k)
                    if number == 2:
                        stack.append(right[k])
                    stack.append(left[k])
        return order

    def rewrite(self, node: int, memo: dict[int, int]) -> int:
        """The node with others in the place of those in `memo`, which grows by what is rewritten."""
        code, left, right = self.code, self.left, self.right
        stack = [node]
        while stack:
            k = stack[-1]
            if k in memo:
                stack.pop()
                continue
            number = ARITY[code[k]]
            if number == 0:
                memo[k] = k
            else:
                waiting = [a for a in (left[k], right[k])[:number] if a not in memo]
                if waiting:
                    stack += waiting
                    continue
                a = memo[left[k]]
                b = memo[right[k]] if number == 2 else 0
                same = a == left[k] and (number == 1 or b == right[k])
                memo[k] = k if same else self.apply(code[k], a, b)
            stack.pop()
        return memo[node]

    def to_casadi(
        self, name: str, sizes: tuple[int, int], outputs: Sequence[Sequence[int]]
    ) -> ca.Function:
        """The outputs as a CasADi function of x and p with the given numbers of entries."""
        x, p = ca.SX.sym("x", sizes[0]), ca.SX.sym("p", sizes[1])
        xs, ps = ca.vertsplit(x) if sizes[0] else [], ca.vertsplit(p) if sizes[1] else []
        value: dict[int, Any] = {}
        for k in self.live([i for group in outputs for i in group]):
            code, a, b = self.code[k], self.left[k], self.right[k]
            if code == CONST:
                value[k] = ca.SX(float(self.number[k] or 0.0))
            elif code == X:
                value[k] = xs[a]
            elif code == P:
                value[k] = ps[a]
            else:
                value[k] = _on_casadi(code, value[a], value.get(b))
        columns = [ca.vertcat(*(value[i] for i in group)) for group in outputs]
        return ca.Function(name, [x, p], [ca.densify(c) for c in columns])


_MAKE: dict[int, Callable[[Graph, int, int], int]] = {
    ADD: Graph.add,
    SUB: Graph.sub,
    MUL: Graph.mul,
    POW: Graph.power,
    NEG: lambda graph, a, _: graph.neg(a),
    INV: lambda graph, a, _: graph.inv(a),
}


def _table(graph: Graph) -> dict[int, Callable[[int, int], int]]:
    """What to do with each CasADi operation, given its first and last argument."""
    found: dict[int, Callable[[int, int], int]] = {
        ca.OP_ADD: graph.add,
        ca.OP_SUB: graph.sub,
        ca.OP_MUL: graph.mul,
        ca.OP_DIV: graph.div,
        ca.OP_POW: graph.power,
        ca.OP_CONSTPOW: graph.power,
        ca.OP_NEG: lambda a, _: graph.neg(a),
        ca.OP_INV: lambda a, _: graph.inv(a),
        ca.OP_SQ: lambda a, _: graph.mul(a, a),
        ca.OP_TWICE: lambda a, _: graph.mul(graph.constant(2.0), a),
        ca.OP_SQRT: lambda a, _: graph.unary(SQRT, a),
        ca.OP_EXP: lambda a, _: graph.unary(EXP, a),
        ca.OP_LOG: lambda a, _: graph.unary(LOG, a),
        ca.OP_ASSIGN: lambda a, _: a,
    }
    for name, number, operation in NAMES:
        code = CODE[name]
        found[getattr(ca, operation)] = partial(_named, graph, code, number == 2)
    return found


def _named(graph: Graph, code: int, two: bool, a: int, b: int) -> int:
    return graph._node(code, a, b if two else 0)


def _on_casadi(code: int, a: Any, b: Any) -> Any:
    plain: dict[int, Callable[[], Any]] = {
        ADD: lambda: a + b,
        SUB: lambda: a - b,
        MUL: lambda: a * b,
        NEG: lambda: -a,
        INV: lambda: 1 / a,
        SQRT: lambda: ca.sqrt(a),
        EXP: lambda: ca.exp(a),
        LOG: lambda: ca.log(a),
        POW: lambda: a**b,
    }
    if code in plain:
        return plain[code]()
    name = NAMES[code - FIRST_NAMED][0]
    special = {
        "lt": lambda: a < b,
        "le": lambda: a <= b,
        "eq": lambda: a == b,
        "ne": lambda: a != b,
        "not": lambda: ca.logic_not(a),
        "and": lambda: ca.logic_and(a, b),
        "or": lambda: ca.logic_or(a, b),
        "if_else_zero": lambda: ca.if_else(a, b, 0),
    }
    if name in special:
        return special[name]()
    return getattr(ca, name)(a) if ARITY[code] == 1 else getattr(ca, name)(a, b)
