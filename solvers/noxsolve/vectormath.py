"""Exponential and logarithm of vectors in LLVM's own language, to two units in the last place.

Both reduce their argument and end in a power series whose first term left out is below rounding:
exp(r) for |r| <= ln(2)/2 to the 13th power, 2 atanh(s) for |s| <= 3 - sqrt(8) to the 23rd. Not a number
stays so; exp is 0 below -708.39 (where it would be subnormal) and infinite above 709.78; log is minus infinity
at 0 and not a number below.
"""

from __future__ import annotations

import math
import struct

EXP_TERMS = 13
LOG_TERMS = 11
LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")
LN2_LOW = math.log(2) - LN2_HIGH + 2.3190468138462996e-17  # what log(2) as a double leaves out
MAGIC = 6755399441055744.0
"""1.5 * 2**52: adding it leaves a whole number in the last bits."""


def number(value: float) -> str:
    """A double as LLVM writes it exactly."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"


def constants(value: float, lanes: int) -> str:
    """A vector with the same number in every lane."""
    return "<" + ", ".join([f"double {number(value)}"] * lanes) + ">"


def _whole(value: int, lanes: int) -> str:
    return "<" + ", ".join([f"i64 {value}"] * lanes) + ">"


class _Text:
    """Instructions of one function of a vector of doubles."""

    def __init__(self, lanes: int) -> None:
        self.lanes, self.lines, self.count = lanes, [], 0  # type: ignore[var-annotated]
        self.v, self.i, self.b = (f"<{lanes} x {t}>" for t in ("double", "i64", "i1"))

    def new(self, text: str) -> str:
        name = f"%t{self.count}"
        self.count += 1
        self.lines.append(f"  {name} = {text}")
        return name

    def c(self, value: float) -> str:
        return constants(value, self.lanes)

    def fma(self, a: str, b: str, c: str) -> str:
        v = self.v
        return self.new(f"call {v} @llvm.fma.v{self.lanes}f64({v} {a}, {v} {b}, {v} {c})")

    def two(self, operation: str, a: str, b: str, kind: str = "") -> str:
        return self.new(f"{operation} {kind or self.v} {a}, {b}")

    def select(self, condition: str, a: str, b: str) -> str:
        return self.new(f"select {self.b} {condition}, {self.v} {a}, {self.v} {b}")

    def cast(self, a: str, source: str, target: str) -> str:
        return self.new(f"bitcast {source} {a} to {target}")

    def function(self, name: str, result: str) -> str:
        body = "\n".join(self.lines)
        head = f"define internal {self.v} @{name}({self.v} %x) noinline nounwind {{"
        return f"{head}\n{body}\n  ret {self.v} {result}\n}}\n"


def exponential(lanes: int) -> str:
    """Text of the function @vexp."""
    t = _Text(lanes)
    low, high = t.c(-708.39), t.c(709.78)
    shifted = t.fma("%x", t.c(1 / math.log(2)), t.c(MAGIC))
    n = t.two("fsub", shifted, t.c(MAGIC))
    r = t.fma(n, t.c(-LN2_HIGH), "%x")
    r = t.fma(n, t.c(-LN2_LOW), r)
    total = t.c(1 / math.factorial(EXP_TERMS))
    for k in range(EXP_TERMS - 1, -1, -1):
        total = t.fma(total, r, t.c(1 / math.factorial(k)))
    # Twice half the power of two, so that neither leaves the range of exponents.
    bits = t.cast(shifted, t.v, t.i)
    whole = t.two("sub", bits, _whole(struct.unpack("<q", struct.pack("<d", MAGIC))[0], lanes), t.i)
    half = t.two("ashr", whole, _whole(1, lanes), t.i)
    rest = t.two("sub", whole, half, t.i)
    for part in (half, rest):
        biased = t.two("add", part, _whole(1023, lanes), t.i)
        power = t.cast(t.two("shl", biased, _whole(52, lanes), t.i), t.i, t.v)
        total = t.two("fmul", total, power)
    total = t.select(t.two("fcmp olt", "%x", low), t.c(0.0), total)
    total = t.select(t.two("fcmp ogt", "%x", high), t.c(math.inf), total)
    return t.function("vexp", t.select(t.two("fcmp uno", "%x", "%x"), "%x", total))


def logarithm(lanes: int) -> str:
    """Text of the function @vlog."""
    t = _Text(lanes)
    small = t.two("fcmp olt", "%x", t.c(2.0**-1022))
    x = t.select(small, t.two("fmul", "%x", t.c(2.0**54)), "%x")
    shift = t.select(small, t.c(-54.0), t.c(0.0))
    bits = t.cast(x, t.v, t.i)
    # Exponent such that the mantissa lies between sqrt(1/2) and sqrt(2).
    half = struct.unpack("<q", struct.pack("<d", math.sqrt(0.5)))[0]
    moved = t.two("sub", bits, _whole(half, lanes), t.i)
    exponent = t.two("ashr", moved, _whole(52, lanes), t.i)
    mantissa = t.two("sub", bits, t.two("shl", exponent, _whole(52, lanes), t.i), t.i)
    m = t.cast(mantissa, t.i, t.v)
    n = t.two("fadd", t.new(f"sitofp {t.i} {exponent} to {t.v}"), shift)
    f = t.two("fsub", m, t.c(1.0))
    s = t.two("fdiv", f, t.two("fadd", m, t.c(1.0)))
    z = t.two("fmul", s, s)
    total = t.c(1 / (2 * LOG_TERMS + 1))
    for k in range(LOG_TERMS - 1, 0, -1):
        total = t.fma(total, z, t.c(1 / (2 * k + 1)))
    # log(m) = 2 s + 2 s z total and 2 s = f - f s, the better conditioned form.
    fs = t.two("fmul", f, s)
    tail = t.fma(
        t.two("fmul", t.c(2.0), t.two("fmul", s, z)), total, t.two("fmul", n, t.c(LN2_LOW))
    )
    value = t.two("fadd", f, t.two("fsub", tail, fs))
    value = t.fma(n, t.c(LN2_HIGH), value)
    value = t.select(t.two("fcmp oeq", "%x", t.c(0.0)), t.c(-math.inf), value)
    value = t.select(t.two("fcmp oeq", "%x", t.c(math.inf)), "%x", value)
    value = t.select(t.two("fcmp olt", "%x", t.c(0.0)), t.c(math.nan), value)
    return t.function("vlog", t.select(t.two("fcmp uno", "%x", "%x"), "%x", value))
