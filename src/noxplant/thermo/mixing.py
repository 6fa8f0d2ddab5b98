"""Mixing terms of Pitzer's model: two ions of like sign, with and without a counter-ion.

G/(R T w) += sum over like-signed pairs m_i m_j (2 (theta + E(u)) + sum m_k psi), u = I + 1e-6.

E is the electrostatic term of unequal charges (Pitzer 1975):
E = z z'/(4 u) (J(x_zz') - J(x_zz)/2 - J(x_z'z')/2), x_zz' = 6 z z' A_phi sqrt(u), with
J(x) = x/(4 + 4.581 x^-0.7237 exp(-0.012 x^0.528)), within 1 % of the integral. It has no
parameter; all pairs of the same two charges share it, so a state costs little.
theta and psi: PHREEQC's pitzer.dat at 25 C (`species/data/pitzer.toml`); others are zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from noxplant import maths
from noxplant.species.numbers import number, read
from noxplant.thermo.activity import Wrap

DELTA: Final = 1e-6
"""Added to the ionic strength [mol/kg] in u: keeps g, E and their slopes smooth at I = 0."""


class Mixing:
    """Mixing terms for a set of species.

    Attributes:
        theta: (i, j) -> theta [kg/mol] of pairs of like sign that have one.
        psi: (i, j, k) -> psi [kg2/mol2]; k is the counter-ion.
        groups: for each sign, charge number -> ions; only signs with two charge numbers or more.
    """

    def __init__(self, charges: Mapping[str, int]) -> None:
        """Take the charges of the true species."""
        table = read("pitzer")
        self.theta = {
            (a, b): number(f"pitzer.theta.{key}.theta")
            for key in table["theta"]
            for a, b in [key.split(" ")]
            if {a, b} <= set(charges)
        }
        self.psi = {
            (a, b, c): number(f"pitzer.psi.{key}.psi")
            for key in table["psi"]
            for a, b, c in [key.split(" ")]
            if {a, b, c} <= set(charges)
        }
        self.groups: list[dict[int, list[str]]] = []
        for sign in (1, -1):
            group: dict[int, list[str]] = {}
            for name, q in charges.items():
                if q * sign > 0:
                    group.setdefault(abs(q), []).append(name)
            if len(group) > 1:
                self.groups.append(group)

    def lacking(self, charges: Mapping[str, int]) -> list[str]:
        """Pairs of like sign for which no theta is known, in words."""
        ions = [i for i, q in charges.items() if q]
        return [
            f"{a} with {b}"
            for k, a in enumerate(ions)
            for b in ions[k + 1 :]
            if charges[a] * charges[b] > 0 and (a, b) not in self.theta and (b, a) not in self.theta
        ]

    def terms(self, m: Mapping[str, Any], u: Any, slope: Any, wrap: Wrap) -> Contribution:
        """Contributions at molalities m [mol/kg], u = I + 1e-6 and slope A_phi."""
        out = Contribution()
        for (a, b), theta in self.theta.items():
            out.add(a, 2.0 * theta * m[b])
            out.add(b, 2.0 * theta * m[a])
            out.excess = out.excess + 2.0 * theta * m[a] * m[b]
        for (a, b, c), psi in self.psi.items():
            out.add(a, psi * m[b] * m[c])
            out.add(b, psi * m[a] * m[c])
            out.add(c, psi * m[a] * m[b])
            out.excess = out.excess + 2.0 * psi * m[a] * m[b] * m[c]
        if self.groups:
            self._unequal(out, m, u, slope, wrap)
        return out

    def _unequal(
        self, out: Contribution, m: Mapping[str, Any], u: Any, slope: Any, wrap: Wrap
    ) -> None:
        numbers = sorted({z for group in self.groups for z in group})
        root = wrap("function", "6 A sqrt(u)", 6.0 * slope * maths.sqrt(u))
        needed = sorted({a * b for a in numbers for b in numbers})
        j = {n: _integral(n * root, str(n), wrap) for n in needed}
        for k, a in enumerate(numbers):
            for b in numbers[k + 1 :]:
                e = wrap("E", f"{a}{b}", a * b / (4.0 * u) * _difference(j, a, b, 0))
                slow = a * b / (8.0 * u * u) * _difference(j, a, b, 1)
                de = wrap("dE", f"{a}{b}", slow - e / u)
                for group in self.groups:
                    if a in group and b in group:
                        _couple(out, m, group[a], group[b], e, de, u)


class Contribution:
    """Sums of the mixing terms at one state.

    Attributes:
        own: contribution to ln gamma of an ion.
        square: contribution to ln gamma per squared charge.
        excess: contribution to solutes x (osmotic coefficient - 1), mol/kg.
    """

    def __init__(self) -> None:
        self.own: dict[str, Any] = {}
        self.square: Any = 0.0
        self.excess: Any = 0.0

    def add(self, name: str, term: Any) -> None:
        """Add to ln gamma of an ion."""
        self.own[name] = self.own.get(name, 0.0) + term


def _couple(
    out: Contribution,
    m: Mapping[str, Any],
    some: list[str],
    others: list[str],
    e: Any,
    de: Any,
    u: Any,
) -> None:
    """Every ion of one charge with every ion of another, all with the same E."""
    first, second = sum(m[i] for i in some), sum(m[i] for i in others)
    for i in some:
        out.add(i, 2.0 * e * second)
    for i in others:
        out.add(i, 2.0 * e * first)
    product = first * second
    out.square = out.square + product * de
    out.excess = out.excess + 2.0 * product * (e + (u - DELTA) * de)


def _integral(x: Any, name: str, wrap: Wrap) -> tuple[Any, Any]:
    """J(x) and x J'(x)."""
    p, q, c, d = 0.7237, 0.528, 4.581, 0.012  # Pitzer 1975, part of the form
    log = wrap("ln x", name, maths.log(x))
    power = wrap("x^q", name, d * maths.exp(q * log))
    tail = wrap("tail", name, c * maths.exp(-p * log - power))
    whole = 4.0 + tail
    j = wrap("J", name, x / whole)
    return j, wrap("xJ'", name, j * (1.0 + tail * (p + q * power) / whole))


def _difference(j: Mapping[int, tuple[Any, Any]], a: int, b: int, which: int) -> Any:
    return j[a * b][which] - 0.5 * j[a * a][which] - 0.5 * j[b * b][which]
