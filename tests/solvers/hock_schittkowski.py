"""Test problems with published optima, typed in from the literature.

W. Hock, K. Schittkowski: Test Examples for Nonlinear Programming Codes. Lecture Notes in Economics
and Mathematical Systems 187, Springer 1981. Number, start and optimum as printed there (closed
forms where the book gives them). `local` lists other points that meet the first-order conditions
with their objectives, for problems on which a local method may end elsewhere; `corrected` is the
optimum where the book's printed point is not optimal (with the reason beside it).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

INF = math.inf
R2, R3 = math.sqrt(2), math.sqrt(3)


@dataclass(frozen=True)
class Problem:
    number: int
    start: tuple[float, ...]
    best: float
    rule: Callable[..., tuple[Any, list[Any]]]
    lower: Any
    upper: Any
    local: tuple[float, ...] = ()
    corrected: float | None = None

    def build(self) -> pyo.ConcreteModel:
        """Model with variables x[1..n], objective `o` and constraints `c[1..m]`."""
        n = len(self.start)
        low = [self.lower] * n if isinstance(self.lower, (int, float)) else self.lower
        high = [self.upper] * n if isinstance(self.upper, (int, float)) else self.upper
        m = pyo.ConcreteModel(name=f"hs{self.number:03d}")
        bounds = {
            i + 1: (None if low[i] == -INF else low[i], None if high[i] == INF else high[i])
            for i in range(n)
        }
        m.x = pyo.Var(range(1, n + 1), bounds=lambda m, i: bounds[i])
        for i, value in enumerate(self.start, 1):
            m.x[i].set_value(value, skip_validation=True)
        objective, rows = self.rule(*m.x.values())
        m.o = pyo.Objective(expr=objective)
        m.c = pyo.ConstraintList()
        for row in rows:
            m.c.add(row)
        return m


PROBLEMS: dict[int, Problem] = {}


def hs(number, start, best, lower=-INF, upper=INF, local=(), corrected=None):
    def keep(rule):
        PROBLEMS[number] = Problem(number, start, best, rule, lower, upper, local, corrected)
        return rule

    return keep


def rosenbrock(x1, x2):
    return 100 * (x2 - x1**2) ** 2 + (1 - x1) ** 2


@hs(1, (-2, 1), 0.0, lower=(-INF, -1.5))
def hs1(x1, x2):
    return rosenbrock(x1, x2), []


@hs(2, (-2, 1), 0.0504261879, lower=(-INF, 1.5), local=(4.941229318,))
def hs2(x1, x2):
    return rosenbrock(x1, x2), []


@hs(3, (10, 1), 0.0, lower=(-INF, 0))
def hs3(x1, x2):
    return x2 + 1e-5 * (x2 - x1) ** 2, []


@hs(4, (1.125, 0.125), 8 / 3, lower=(1, 0))
def hs4(x1, x2):
    return (x1 + 1) ** 3 / 3 + x2, []


@hs(5, (0, 0), -R3 / 2 - math.pi / 3, lower=(-1.5, -3), upper=(4, 3))
def hs5(x1, x2):
    return pyo.sin(x1 + x2) + (x1 - x2) ** 2 - 1.5 * x1 + 2.5 * x2 + 1, []


@hs(6, (-1.2, 1), 0.0)
def hs6(x1, x2):
    return (1 - x1) ** 2, [10 * (x2 - x1**2) == 0]


@hs(7, (2, 2), -R3)
def hs7(x1, x2):
    return pyo.log(1 + x1**2) - x2, [(1 + x1**2) ** 2 + x2**2 - 4 == 0]


@hs(8, (2, 1), -1.0)
def hs8(x1, x2):
    return -1 + 0 * x1, [x1**2 + x2**2 - 25 == 0, x1 * x2 - 9 == 0]


@hs(9, (0, 0), -0.5)
def hs9(x1, x2):
    return pyo.sin(math.pi * x1 / 12) * pyo.cos(math.pi * x2 / 16), [4 * x1 - 3 * x2 == 0]


@hs(10, (-10, 10), -1.0)
def hs10(x1, x2):
    return x1 - x2, [-3 * x1**2 + 2 * x1 * x2 - x2**2 + 1 >= 0]


@hs(11, (4.9, 0.1), -8.498464223)
def hs11(x1, x2):
    return (x1 - 5) ** 2 + x2**2 - 25, [-(x1**2) + x2 >= 0]


@hs(12, (0, 0), -30.0)
def hs12(x1, x2):
    f = 0.5 * x1**2 + x2**2 - x1 * x2 - 7 * x1 - 7 * x2
    return f, [25 - 4 * x1**2 - x2**2 >= 0]


@hs(14, (2, 2), 9 - 2.875 * math.sqrt(7))
def hs14(x1, x2):
    f = (x1 - 2) ** 2 + (x2 - 1) ** 2
    return f, [-0.25 * x1**2 - x2**2 + 1 >= 0, x1 - 2 * x2 + 1 == 0]


@hs(15, (-2, 1), 306.5, upper=(0.5, INF), local=(360.3797675,))
def hs15(x1, x2):
    return rosenbrock(x1, x2), [x1 * x2 - 1 >= 0, x1 + x2**2 >= 0]


@hs(16, (-2, 1), 0.25, lower=(-0.5, -INF), upper=(0.5, 1), local=(23.1446609, 3.9820619))
def hs16(x1, x2):
    return rosenbrock(x1, x2), [x1 + x2**2 >= 0, x1**2 + x2 >= 0]


@hs(17, (-2, 1), 1.0, lower=(-0.5, -INF), upper=(0.5, 1))
def hs17(x1, x2):
    return rosenbrock(x1, x2), [x2**2 - x1 >= 0, x1**2 - x2 >= 0]


@hs(18, (2, 2), 5.0, lower=(2, 0), upper=(50, 50))
def hs18(x1, x2):
    return 0.01 * x1**2 + x2**2, [x1 * x2 - 25 >= 0, x1**2 + x2**2 - 25 >= 0]


@hs(19, (20.1, 5.84), -6961.81381, lower=(13, 0), upper=(100, 100))
def hs19(x1, x2):
    rows = [(x1 - 5) ** 2 + (x2 - 5) ** 2 - 100 >= 0, -((x2 - 5) ** 2) - (x1 - 6) ** 2 + 82.81 >= 0]
    return (x1 - 10) ** 3 + (x2 - 20) ** 3, rows


@hs(20, (-2, 1), 81.5 - 25 * R3, lower=(-0.5, -INF), upper=(0.5, INF), local=(40.19872981,))
def hs20(x1, x2):
    rows = [x1 + x2**2 >= 0, x1**2 + x2 >= 0, x1**2 + x2**2 - 1 >= 0]
    return rosenbrock(x1, x2), rows


@hs(21, (-1, -1), -99.96, lower=(2, -50), upper=(50, 50))
def hs21(x1, x2):
    return 0.01 * x1**2 + x2**2 - 100, [10 * x1 - x2 - 10 >= 0]


@hs(22, (2, 2), 1.0)
def hs22(x1, x2):
    return (x1 - 2) ** 2 + (x2 - 1) ** 2, [-x1 - x2 + 2 >= 0, -(x1**2) + x2 >= 0]


@hs(23, (3, 1), 2.0, lower=-50, upper=50)
def hs23(x1, x2):
    rows = [x1 + x2 - 1 >= 0, x1**2 + x2**2 - 1 >= 0, 9 * x1**2 + x2**2 - 9 >= 0]
    return x1**2 + x2**2, [*rows, x1**2 - x2 >= 0, x2**2 - x1 >= 0]


@hs(24, (1, 0.5), -1.0, lower=0)
def hs24(x1, x2):
    f = ((x1 - 3) ** 2 - 9) * x2**3 / (27 * R3)
    return f, [x1 / R3 - x2 >= 0, x1 + R3 * x2 >= 0, -x1 - R3 * x2 + 6 >= 0]


@hs(26, (-2.6, 2, 2), 0.0)
def hs26(x1, x2, x3):
    return (x1 - x2) ** 2 + (x2 - x3) ** 4, [(1 + x2**2) * x1 + x3**4 - 3 == 0]


@hs(27, (2, 2, 2), 0.04)
def hs27(x1, x2, x3):
    return 0.01 * (x1 - 1) ** 2 + (x2 - x1**2) ** 2, [x1 + x3**2 + 1 == 0]


@hs(28, (-4, 1, 1), 0.0)
def hs28(x1, x2, x3):
    return (x1 + x2) ** 2 + (x2 + x3) ** 2, [x1 + 2 * x2 + 3 * x3 - 1 == 0]


@hs(29, (1, 1, 1), -16 * R2)
def hs29(x1, x2, x3):
    return -x1 * x2 * x3, [-(x1**2) - 2 * x2**2 - 4 * x3**2 + 48 >= 0]


@hs(30, (1, 1, 1), 1.0, lower=(1, -10, -10), upper=10)
def hs30(x1, x2, x3):
    return x1**2 + x2**2 + x3**2, [x1**2 + x2**2 - 1 >= 0]


@hs(31, (1, 1, 1), 6.0, lower=(-10, 1, -10), upper=(10, 10, 1))
def hs31(x1, x2, x3):
    return 9 * x1**2 + x2**2 + 9 * x3**2, [x1 * x2 - 1 >= 0]


@hs(32, (0.1, 0.7, 0.2), 1.0, lower=0)
def hs32(x1, x2, x3):
    f = (x1 + 3 * x2 + x3) ** 2 + 4 * (x1 - x2) ** 2
    return f, [6 * x2 + 4 * x3 - x1**3 - 3 >= 0, 1 - x1 - x2 - x3 == 0]


@hs(33, (0, 0, 3), R2 - 6, lower=0, upper=(INF, INF, 5), local=(-4.0,))
def hs33(x1, x2, x3):
    f = (x1 - 1) * (x1 - 2) * (x1 - 3) + x3
    return f, [x3**2 - x2**2 - x1**2 >= 0, x1**2 + x2**2 + x3**2 - 4 >= 0]


@hs(34, (0, 1.05, 2.9), -math.log(math.log(10)), lower=0, upper=(100, 100, 10))
def hs34(x1, x2, x3):
    return -x1, [x2 - pyo.exp(x1) >= 0, x3 - pyo.exp(x2) >= 0]


@hs(35, (0.5, 0.5, 0.5), 1 / 9, lower=0)
def hs35(x1, x2, x3):
    f = 9 - 8 * x1 - 6 * x2 - 4 * x3 + 2 * x1**2 + 2 * x2**2 + x3**2 + 2 * x1 * x2 + 2 * x1 * x3
    return f, [3 - x1 - x2 - 2 * x3 >= 0]


@hs(36, (10, 10, 10), -3300.0, lower=0, upper=(20, 11, 42))
def hs36(x1, x2, x3):
    return -x1 * x2 * x3, [72 - x1 - 2 * x2 - 2 * x3 >= 0]


@hs(37, (10, 10, 10), -3456.0, lower=0, upper=42)
def hs37(x1, x2, x3):
    return -x1 * x2 * x3, [72 - x1 - 2 * x2 - 2 * x3 >= 0, x1 + 2 * x2 + 2 * x3 >= 0]


@hs(38, (-3, -1, -3, -1), 0.0, lower=-10, upper=10)
def hs38(x1, x2, x3, x4):
    f = rosenbrock(x1, x2) + 90 * (x4 - x3**2) ** 2 + (1 - x3) ** 2
    return f + 10.1 * ((x2 - 1) ** 2 + (x4 - 1) ** 2) + 19.8 * (x2 - 1) * (x4 - 1), []


@hs(39, (2, 2, 2, 2), -1.0)
def hs39(x1, x2, x3, x4):
    return -x1, [x2 - x1**3 - x3**2 == 0, x1**2 - x2 - x4**2 == 0]


@hs(40, (0.8, 0.8, 0.8, 0.8), -0.25)
def hs40(x1, x2, x3, x4):
    return -x1 * x2 * x3 * x4, [x1**3 + x2**2 - 1 == 0, x1**2 * x4 - x3 == 0, x4**2 - x2 == 0]


@hs(41, (2, 2, 2, 2), 52 / 27, lower=0, upper=(1, 1, 1, 2))
def hs41(x1, x2, x3, x4):
    return 2 - x1 * x2 * x3, [x1 + 2 * x2 + 2 * x3 - x4 == 0]


@hs(42, (1, 1, 1, 1), 28 - 10 * R2)
def hs42(x1, x2, x3, x4):
    f = (x1 - 1) ** 2 + (x2 - 2) ** 2 + (x3 - 3) ** 2 + (x4 - 4) ** 2
    return f, [x1 - 2 == 0, x3**2 + x4**2 - 2 == 0]


@hs(43, (0, 0, 0, 0), -44.0)
def hs43(x1, x2, x3, x4):
    f = x1**2 + x2**2 + 2 * x3**2 + x4**2 - 5 * x1 - 5 * x2 - 21 * x3 + 7 * x4
    return f, [
        8 - x1**2 - x2**2 - x3**2 - x4**2 - x1 + x2 - x3 + x4 >= 0,
        10 - x1**2 - 2 * x2**2 - x3**2 - 2 * x4**2 + x1 + x4 >= 0,
        5 - 2 * x1**2 - x2**2 - x3**2 - 2 * x1 + x2 + x4 >= 0,
    ]


@hs(44, (0, 0, 0, 0), -15.0, lower=0, local=(-13.0,))
def hs44(x1, x2, x3, x4):
    f = x1 - x2 - x3 - x1 * x3 + x1 * x4 + x2 * x3 - x2 * x4
    rows = [8 - x1 - 2 * x2 >= 0, 12 - 4 * x1 - x2 >= 0, 12 - 3 * x1 - 4 * x2 >= 0]
    return f, [*rows, 8 - 2 * x3 - x4 >= 0, 8 - x3 - 2 * x4 >= 0, 5 - x3 - x4 >= 0]


@hs(45, (2, 2, 2, 2, 2), 1.0, lower=0, upper=(1, 2, 3, 4, 5))
def hs45(x1, x2, x3, x4, x5):
    return 2 - x1 * x2 * x3 * x4 * x5 / 120, []


@hs(46, (R2 / 2, 1.75, 0.5, 2, 2), 0.0)
def hs46(x1, x2, x3, x4, x5):
    f = (x1 - x2) ** 2 + (x3 - 1) ** 2 + (x4 - 1) ** 4 + (x5 - 1) ** 6
    return f, [x1**2 * x4 + pyo.sin(x4 - x5) - 1 == 0, x2 + x3**4 * x4**2 - 2 == 0]


@hs(48, (3, 5, -3, 2, -2), 0.0)
def hs48(x1, x2, x3, x4, x5):
    f = (x1 - 1) ** 2 + (x2 - x3) ** 2 + (x4 - x5) ** 2
    return f, [x1 + x2 + x3 + x4 + x5 - 5 == 0, x3 - 2 * (x4 + x5) + 3 == 0]


@hs(49, (10, 7, 2, -3, 0.8), 0.0)
def hs49(x1, x2, x3, x4, x5):
    f = (x1 - x2) ** 2 + (x3 - 1) ** 2 + (x4 - 1) ** 4 + (x5 - 1) ** 6
    return f, [x1 + x2 + x3 + 4 * x4 - 7 == 0, x3 + 5 * x5 - 6 == 0]


@hs(50, (35, -31, 11, 5, -5), 0.0)
def hs50(x1, x2, x3, x4, x5):
    f = (x1 - x2) ** 2 + (x2 - x3) ** 2 + (x3 - x4) ** 4 + (x4 - x5) ** 2
    rows = [x1 + 2 * x2 + 3 * x3 - 6 == 0, x2 + 2 * x3 + 3 * x4 - 6 == 0]
    return f, [*rows, x3 + 2 * x4 + 3 * x5 - 6 == 0]


def chain(x1, x2, x3, x4, x5):
    return [x1 + 3 * x2 == 0, x3 + x4 - 2 * x5 == 0, x2 - x5 == 0]


@hs(51, (2.5, 0.5, 2, -1, 0.5), 0.0)
def hs51(x1, x2, x3, x4, x5):
    f = (x1 - x2) ** 2 + (x2 + x3 - 2) ** 2 + (x4 - 1) ** 2 + (x5 - 1) ** 2
    return f, [x1 + 3 * x2 - 4 == 0, x3 + x4 - 2 * x5 == 0, x2 - x5 == 0]


@hs(52, (2, 2, 2, 2, 2), 1859 / 349)
def hs52(*x):
    x1, x2, x3, x4, x5 = x
    f = (4 * x1 - x2) ** 2 + (x2 + x3 - 2) ** 2 + (x4 - 1) ** 2 + (x5 - 1) ** 2
    return f, chain(*x)


@hs(53, (2, 2, 2, 2, 2), 176 / 43, lower=-10, upper=10)
def hs53(*x):
    x1, x2, x3, x4, x5 = x
    f = (x1 - x2) ** 2 + (x2 + x3 - 2) ** 2 + (x4 - 1) ** 2 + (x5 - 1) ** 2
    return f, chain(*x)


A56, B56 = math.asin(math.sqrt(1 / 4.2)), math.asin(math.sqrt(5 / 7.2))


@hs(56, (1, 1, 1, A56, A56, A56, B56), -3.456)
def hs56(x1, x2, x3, x4, x5, x6, x7):
    rows = [a - 4.2 * pyo.sin(b) ** 2 == 0 for a, b in ((x1, x4), (x2, x5), (x3, x6))]
    return -x1 * x2 * x3, [*rows, x1 + 2 * x2 + 2 * x3 - 7.2 * pyo.sin(x7) ** 2 == 0]


@hs(60, (2, 2, 2), 0.03256820025, lower=-10, upper=10)
def hs60(x1, x2, x3):
    f = (x1 - 1) ** 2 + (x1 - x2) ** 2 + (x2 - x3) ** 4
    return f, [x1 * (1 + x2**2) + x3**4 - 4 - 3 * R2 == 0]


@hs(61, (0, 0, 0), -143.6461422)
def hs61(x1, x2, x3):
    f = 4 * x1**2 + 2 * x2**2 + 2 * x3**2 - 33 * x1 + 16 * x2 - 24 * x3
    return f, [3 * x1 - 2 * x2**2 - 7 == 0, 4 * x1 - x3**2 - 11 == 0]


@hs(62, (0.7, 0.2, 0.1), -26272.51448, lower=0, upper=1)
def hs62(x1, x2, x3):
    b1, c1 = x1 + x2 + x3 + 0.03, 0.09 * x1 + x2 + x3 + 0.03
    b2, c2 = x2 + x3 + 0.03, 0.07 * x2 + x3 + 0.03
    b3, c3 = x3 + 0.03, 0.13 * x3 + 0.03
    terms = 255 * pyo.log(b1 / c1) + 280 * pyo.log(b2 / c2) + 290 * pyo.log(b3 / c3)
    return -32.174 * terms, [x1 + x2 + x3 - 1 == 0]


@hs(63, (2, 2, 2), 961.7151721, lower=0)
def hs63(x1, x2, x3):
    f = 1000 - x1**2 - 2 * x2**2 - x3**2 - x1 * x2 - x1 * x3
    return f, [8 * x1 + 14 * x2 + 7 * x3 - 56 == 0, x1**2 + x2**2 + x3**2 - 25 == 0]


@hs(64, (1, 1, 1), 6299.842428, lower=1e-5)
def hs64(x1, x2, x3):
    f = 5 * x1 + 50000 / x1 + 20 * x2 + 72000 / x2 + 10 * x3 + 144000 / x3
    return f, [1 - 4 / x1 - 32 / x2 - 120 / x3 >= 0]


@hs(65, (-5, 5, 0), 0.9535288567, lower=(-4.5, -4.5, -5), upper=(4.5, 4.5, 5))
def hs65(x1, x2, x3):
    f = (x1 - x2) ** 2 + (x1 + x2 - 10) ** 2 / 9 + (x3 - 5) ** 2
    return f, [48 - x1**2 - x2**2 - x3**2 >= 0]


@hs(66, (0, 1.05, 2.9), 0.5181632741, lower=0, upper=(100, 100, 10))
def hs66(x1, x2, x3):
    return 0.2 * x3 - 0.8 * x1, [x2 - pyo.exp(x1) >= 0, x3 - pyo.exp(x2) >= 0]


@hs(71, (1, 5, 5, 1), 17.0140173, lower=1, upper=5)
def hs71(x1, x2, x3, x4):
    rows = [x1 * x2 * x3 * x4 - 25 >= 0, x1**2 + x2**2 + x3**2 + x4**2 - 40 == 0]
    return x1 * x4 * (x1 + x2 + x3) + x3, rows


@hs(72, (1, 1, 1, 1), 727.67937, lower=0.001, upper=(4e5, 3e5, 2e5, 1e5))
def hs72(x1, x2, x3, x4):
    return 1 + x1 + x2 + x3 + x4, [
        0.0401 - 4 / x1 - 2.25 / x2 - 1 / x3 - 0.25 / x4 >= 0,
        0.010085 - 0.16 / x1 - 0.36 / x2 - 0.64 / x3 - 0.64 / x4 >= 0,
    ]


@hs(73, (1, 1, 1, 1), 29.894378, lower=0)
def hs73(x1, x2, x3, x4):
    spread = pyo.sqrt(0.28 * x1**2 + 0.19 * x2**2 + 20.5 * x3**2 + 0.62 * x4**2)
    return 24.55 * x1 + 26.75 * x2 + 39 * x3 + 40.5 * x4, [
        2.3 * x1 + 5.6 * x2 + 11.1 * x3 + 1.3 * x4 - 5 >= 0,
        12 * x1 + 11.9 * x2 + 41.8 * x3 + 52.1 * x4 - 21 - 1.645 * spread >= 0,
        x1 + x2 + x3 + x4 - 1 == 0,
    ]


def power_flow(a):
    def rule(x1, x2, x3, x4):
        f = 3 * x1 + 1e-6 * x1**3 + 2 * x2 + 2e-6 / 3 * x2**3
        sin = pyo.sin
        return f, [
            x4 - x3 + a >= 0,
            x3 - x4 + a >= 0,
            1000 * sin(-x3 - 0.25) + 1000 * sin(-x4 - 0.25) + 894.8 - x1 == 0,
            1000 * sin(x3 - 0.25) + 1000 * sin(x3 - x4 - 0.25) + 894.8 - x2 == 0,
            1000 * sin(x4 - 0.25) + 1000 * sin(x4 - x3 - 0.25) + 1294.8 == 0,
        ]

    return rule


for number, a, best in ((74, 0.55, 5126.4981), (75, 0.48, 5174.4129)):
    hs(number, (0, 0, 0, 0), best, (0, 0, -a, -a), (1200, 1200, a, a))(power_flow(a))


@hs(76, (0.5, 0.5, 0.5, 0.5), -4.681818181, lower=0)
def hs76(x1, x2, x3, x4):
    f = x1**2 + 0.5 * x2**2 + x3**2 + 0.5 * x4**2 - x1 * x3 + x3 * x4 - x1 - 3 * x2 + x3 - x4
    return f, [
        5 - x1 - 2 * x2 - x3 - x4 >= 0,
        4 - 3 * x1 - x2 - 2 * x3 + x4 >= 0,
        x2 + 4 * x3 - 1.5 >= 0,
    ]


@hs(77, (2, 2, 2, 2, 2), 0.24150513)
def hs77(x1, x2, x3, x4, x5):
    f = (x1 - 1) ** 2 + (x1 - x2) ** 2 + (x3 - 1) ** 2 + (x4 - 1) ** 4 + (x5 - 1) ** 6
    return f, [x1**2 * x4 + pyo.sin(x4 - x5) - 2 * R2 == 0, x2 + x3**4 * x4**2 - 8 - R2 == 0]


def sphere(x1, x2, x3, x4, x5):
    return [
        x1**2 + x2**2 + x3**2 + x4**2 + x5**2 - 10 == 0,
        x2 * x3 - 5 * x4 * x5 == 0,
        x1**3 + x2**3 + 1 == 0,
    ]


@hs(78, (-2, 1.5, 2, -1, -1), -2.91970041)
def hs78(*x):
    x1, x2, x3, x4, x5 = x
    return x1 * x2 * x3 * x4 * x5, sphere(*x)


@hs(79, (2, 2, 2, 2, 2), 0.0787768209)
def hs79(x1, x2, x3, x4, x5):
    f = (x1 - 1) ** 2 + (x1 - x2) ** 2 + (x2 - x3) ** 2 + (x3 - x4) ** 4 + (x4 - x5) ** 4
    rows = [x1 + x2**2 + x3**3 - 2 - 3 * R2 == 0, x2 - x3**2 + x4 + 2 - 2 * R2 == 0]
    return f, [*rows, x1 * x5 - 2 == 0]


WIDE = (2.3, 2.3, 3.2, 3.2, 3.2)


@hs(80, (-2, 2, 2, -1, -1), 0.0539498478, lower=[-k for k in WIDE], upper=WIDE)
def hs80(*x):
    x1, x2, x3, x4, x5 = x
    return pyo.exp(x1 * x2 * x3 * x4 * x5), sphere(*x)


@hs(81, (-2, 2, 2, -1, -1), 0.0539498478, lower=[-k for k in WIDE], upper=WIDE)
def hs81(*x):
    x1, x2, x3, x4, x5 = x
    f = pyo.exp(x1 * x2 * x3 * x4 * x5) - 0.5 * (x1**3 + x2**3 + 1) ** 2
    return f, sphere(*x)


@hs(83, (78, 33, 27, 27, 27), -30665.53867, (78, 33, 27, 27, 27), (102, 45, 45, 45, 45))
def hs83(x1, x2, x3, x4, x5):
    g1 = 85.334407 + 0.0056858 * x2 * x5 + 0.0006262 * x1 * x4 - 0.0022053 * x3 * x5
    g2 = 80.51249 + 0.0071317 * x2 * x5 + 0.0029955 * x1 * x2 + 0.0021813 * x3**2 - 90
    g3 = 9.300961 + 0.0047026 * x3 * x5 + 0.0012547 * x1 * x3 + 0.0019085 * x3 * x4 - 20
    f = 5.3578547 * x3**2 + 0.8356891 * x1 * x5 + 37.293239 * x1 - 40792.141
    return f, [pyo.inequality(0, g, h) for g, h in ((g1, 92), (g2, 20), (g3, 5))]


@hs(93, (5.54, 4.4, 12.02, 11.82, 0.702, 0.852), 135.075961, lower=0)
def hs93(x1, x2, x3, x4, x5, x6):
    u, v = x1 * x4 * (x1 + x2 + x3), x2 * x3 * (x1 + 1.57 * x2 + x4)
    f = 0.0204 * u + 0.0187 * v + 0.0607 * u * x5**2 + 0.0437 * v * x6**2
    return f, [
        0.001 * x1 * x2 * x3 * x4 * x5 * x6 - 2.07 >= 0,
        1 - 0.00062 * u * x5**2 - 0.00058 * v * x6**2 >= 0,
    ]


@hs(100, (1, 2, 0, 4, 0, 1, 1), 680.6300573)
def hs100(x1, x2, x3, x4, x5, x6, x7):
    f = (x1 - 10) ** 2 + 5 * (x2 - 12) ** 2 + x3**4 + 3 * (x4 - 11) ** 2 + 10 * x5**6
    return f + 7 * x6**2 + x7**4 - 4 * x6 * x7 - 10 * x6 - 8 * x7, [
        127 - 2 * x1**2 - 3 * x2**4 - x3 - 4 * x4**2 - 5 * x5 >= 0,
        282 - 7 * x1 - 3 * x2 - 10 * x3**2 - x4 + x5 >= 0,
        196 - 23 * x1 - x2**2 - 6 * x6**2 + 8 * x7 >= 0,
        -4 * x1**2 - x2**2 + 3 * x1 * x2 - 2 * x3**2 - 5 * x6 + 11 * x7 >= 0,
    ]


@hs(104, (6, 3, 0.4, 0.2, 6, 6, 1, 0.5), 3.9511634396, lower=0.1, upper=10)
def hs104(x1, x2, x3, x4, x5, x6, x7, x8):
    f = 0.4 * x1**0.67 * x7**-0.67 + 0.4 * x2**0.67 * x8**-0.67 + 10 - x1 - x2
    return f, [
        1 - 0.0588 * x5 * x7 - 0.1 * x1 >= 0,
        1 - 0.0588 * x6 * x8 - 0.1 * x1 - 0.1 * x2 >= 0,
        1 - 4 * x3 / x5 - 2 * x3**-0.71 / x5 - 0.0588 * x3**-1.3 * x7 >= 0,
        1 - 4 * x4 / x6 - 2 * x4**-0.71 / x6 - 0.0588 * x4**-1.3 * x8 >= 0,
        pyo.inequality(1, f, 4.2),
    ]


# The book prints 7049.330923 at a point at which the active rows still have slack; the optimum
# of the same data is 7049.2480 (C. A. Floudas et al., Handbook of Test Problems, 1999, 7.2.9).
@hs(
    106,
    (5000, 5000, 5000, 200, 350, 150, 225, 425),
    7049.330923,
    lower=(100, 1000, 1000, 10, 10, 10, 10, 10),
    upper=(1e4, 1e4, 1e4, 1000, 1000, 1000, 1000, 1000),
    corrected=7049.24802,
)
def hs106(x1, x2, x3, x4, x5, x6, x7, x8):
    return x1 + x2 + x3, [
        1 - 0.0025 * (x4 + x6) >= 0,
        1 - 0.0025 * (x5 + x7 - x4) >= 0,
        1 - 0.01 * (x8 - x5) >= 0,
        x1 * x6 - 833.33252 * x4 - 100 * x1 + 83333.333 >= 0,
        x2 * x7 - 1250 * x5 - x2 * x4 + 1250 * x4 >= 0,
        x3 * x8 - 1250000 - x3 * x5 + 2500 * x5 >= 0,
    ]


@hs(110, (9,) * 10, -45.77846971, lower=2.001, upper=9.999)
def hs110(*x):
    product = 1
    for k in x:
        product = product * k
    return sum(pyo.log(k - 2) ** 2 + pyo.log(10 - k) ** 2 for k in x) - product**0.2, []


@hs(113, (2, 3, 5, 5, 1, 2, 7, 3, 6, 10), 24.3062091)
def hs113(x1, x2, x3, x4, x5, x6, x7, x8, x9, x10):
    f = x1**2 + x2**2 + x1 * x2 - 14 * x1 - 16 * x2 + (x3 - 10) ** 2 + 4 * (x4 - 5) ** 2
    f = f + (x5 - 3) ** 2 + 2 * (x6 - 1) ** 2 + 5 * x7**2 + 7 * (x8 - 11) ** 2
    return f + 2 * (x9 - 10) ** 2 + (x10 - 7) ** 2 + 45, [
        105 - 4 * x1 - 5 * x2 + 3 * x7 - 9 * x8 >= 0,
        -10 * x1 + 8 * x2 + 17 * x7 - 2 * x8 >= 0,
        8 * x1 - 2 * x2 - 5 * x9 + 2 * x10 + 12 >= 0,
        -3 * (x1 - 2) ** 2 - 4 * (x2 - 3) ** 2 - 2 * x3**2 + 7 * x4 + 120 >= 0,
        -5 * x1**2 - 8 * x2 - (x3 - 6) ** 2 + 2 * x4 + 40 >= 0,
        -0.5 * (x1 - 8) ** 2 - 2 * (x2 - 4) ** 2 - 3 * x5**2 + x6 + 30 >= 0,
        -(x1**2) - 2 * (x2 - 2) ** 2 + 2 * x1 * x2 - 14 * x5 + 6 * x6 >= 0,
        -3 * x1 + 6 * x2 + 12 * (x9 - 8) ** 2 - 7 * x10 <= 0,
    ]
