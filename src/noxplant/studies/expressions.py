"""Expressions over the quantities of a plant, written as text, as algebra of its model.

``"({E-101.power} + {C-101.duty:power}) / {crystals.content[N(-2)]}"``: braces hold a quantity, the
electric power of a heat's utility (``:power``), a property of a stream, or a number with its unit
(``{6510 kJ/mol}``); between them stand numbers, + - * / ** and the functions exp, log, sqrt. What
an expression measures follows from its units: unlike things are not added.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pyomo.environ as pyo

from noxplant import measures, utilities
from noxplant.errors import SpecError, UsageError, nearest
from noxplant.quantities import Heat, Quantity
from noxplant.species import COMPONENTS, molar_mass

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.streams.stream import Stream

_BRACES = re.compile(r"\{([^{}]*)\}")
_PART = re.compile(r"(\w+)(?:\[(.+)\])?")
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-z%°µμ(].*|1\s*/.*)")
_OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "exp": pyo.exp,
    "log": pyo.log,
    "sqrt": pyo.sqrt,
}


class Term(NamedTuple):
    """Algebra in SI units, and the unit of what it measures ("1" for a plain number)."""

    algebra: Any
    unit: str


def expression(flowsheet: Flowsheet, text: str, unit: str | None = None) -> Any:
    """Algebra of a built flowsheet for an expression in SI units.

    Args:
        flowsheet: a plant.
        text: expression.
        unit: unit of what it has to measure; None for whatever it measures.

    Raises:
        SpecError: unknown names, anything but arithmetic between the braces, sums of unlike
            things, a division by zero, or an expression that does not measure `unit`.
    """
    terms: dict[str, Term] = {}
    written: dict[str, str] = {}

    def place(match: re.Match[str]) -> str:
        name = f"q{len(terms)}"
        terms[name], written[name] = term(flowsheet, match.group(1).strip()), match.group()
        return f"({name})"

    plain = _BRACES.sub(place, text)
    try:
        tree = ast.parse(plain.strip(), mode="eval")
    except SyntaxError:
        raise SpecError(
            f"{text!r} is no expression; names of quantities stand in braces."
        ) from None
    found = _Reader(text, terms, written).read(tree.body)
    if unit is not None and not measures.same_kind(found.unit, unit):
        raise SpecError(
            f"{text!r} measures {kind(found.unit)}, but its unit is given as {unit}.\n"
            f"  Write unit = {kind(found.unit)!r} (or another unit of the same kind), or another"
            " expression. A number with a unit stands in braces: {500 kJ/mol}."
        )
    return found.algebra


def kind(unit: str) -> str:
    """The SI unit of a unit, in the words of the table of units where it stands there."""
    return measures.si_unit(unit)


class _Reader:
    """Walks a parsed expression; numbers and units come out together."""

    def __init__(self, text: str, terms: Mapping[str, Term], written: Mapping[str, str]) -> None:
        self.text, self.terms, self.written = text, terms, written

    def words(self, node: ast.AST) -> str:
        """Part of the expression as it was written."""
        return re.sub(
            r"\bq\d+\b", lambda m: self.written.get(m.group(), m.group()), ast.unparse(node)
        )

    def read(self, node: ast.AST) -> Term:
        """Algebra and unit of a node.

        Raises:
            SpecError: it is none of what is allowed, or has no value.
        """
        try:
            found = self._read(node)
        except (ArithmeticError, ValueError) as error:
            if isinstance(error, SpecError):
                raise
            raise SpecError(f"{self.text!r}: {self.words(node)} has no value ({error}).") from None
        number = found.algebra
        if isinstance(number, complex) or (isinstance(number, float) and not math.isfinite(number)):
            raise SpecError(f"{self.text!r}: {self.words(node)} is {number}, no real number.")
        return found

    def _read(self, node: ast.AST) -> Term:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return Term(float(node.value), "1")  # type: ignore[arg-type]
        if isinstance(node, ast.Name) and node.id in self.terms:
            return self.terms[node.id]
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            left, right = self.read(node.left), self.read(node.right)
            unit = self._unit(node, left, right)
            return Term(_OPERATORS[type(node.op)](left.algebra, right.algebra), unit)
        if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
            operand = self.read(node.operand)
            return Term(_OPERATORS[type(node.op)](operand.algebra), operand.unit)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
            name = node.func.id
            if name in _FUNCTIONS:
                operand = self.read(node.args[0])
                if name == "sqrt":
                    return Term(pyo.sqrt(operand.algebra), _power(operand.unit, 0.5))
                self._plain(node.args[0], operand, f"{name} takes")
                return Term(_FUNCTIONS[name](operand.algebra), "1")
        raise SpecError(
            f"{self.text!r}: {self.words(node)!r} is not allowed here. Write names of quantities in"
            " braces, numbers, + - * / **, exp, log, sqrt."
        )

    def _unit(self, node: ast.BinOp, left: Term, right: Term) -> str:
        """Unit of what two terms give."""
        if isinstance(node.op, ast.Mult):
            return _product(left.unit, right.unit, "*")
        if isinstance(node.op, ast.Div):
            return _product(left.unit, right.unit, "/")
        if isinstance(node.op, ast.Pow):
            self._plain(node.right, right, "an exponent is")
            if isinstance(right.algebra, float):
                return _power(left.unit, right.algebra)
            self._plain(node.left, left, "with an exponent that is no number, a base is")
            return "1"
        if measures.same_kind(left.unit, right.unit):
            return left.unit if left.unit != "1" else right.unit
        word = "adds" if isinstance(node.op, ast.Add) else "subtracts"
        raise SpecError(
            f"{self.text!r} {word} unlike things: {self.words(node.left)} in {kind(left.unit)} and"
            f" {self.words(node.right)} in {kind(right.unit)}.\n"
            "  A number with a unit stands in braces: {290 K}, {500 kJ/mol}."
        )

    def _plain(self, node: ast.AST, found: Term, what: str) -> None:
        if not measures.same_kind(found.unit, "1"):
            raise SpecError(
                f"{self.text!r}: {what} a plain number, but {self.words(node)} is in"
                f" {kind(found.unit)}. Divide it by something of the same kind."
            )


def _product(left: str, right: str, sign: str) -> str:
    if right == "1":
        return left
    return f"({left}){sign}({right})"


def _power(unit: str, exponent: float) -> str:
    if exponent == 0.0 or unit == "1":
        return "1"
    return unit if exponent == 1.0 else f"({unit})**({exponent!r})"


def term(flowsheet: Flowsheet, path: str) -> Term:
    """One name: UNIT.quantity, UNIT.heat:power, STREAM.property, or a number with its unit."""
    built = flowsheet.build()
    bare, colon, view = path.partition(":")
    streams = [n for n in built.streams if bare.startswith(f"{n}.")]
    if streams and not colon:
        name = max(streams, key=len)
        if name not in flowsheet.units or bare.removeprefix(f"{name}.") in _PROPERTIES:
            return _property(built.streams[name], bare.removeprefix(f"{name}."))
    owner = bare.partition(".")[0]
    if owner not in flowsheet.units:
        number = _NUMBER.fullmatch(path)
        if number:
            return _measured(float(number.group(1)), number.group(2).strip())
        known = [*flowsheet.units, *built.streams]
        raise SpecError(
            f"{path!r} is no quantity of {flowsheet.name}.{nearest(owner, known)}\n"
            f"  Units: {', '.join(flowsheet.units)}.\n  Streams: {', '.join(built.streams)}."
        )
    if not colon:
        unit, key, _ = flowsheet.find(bare)
        noun = unit.declared[key]
        assert isinstance(noun, Quantity)
        return Term(flowsheet.variable(bare), noun.units)
    if view != "power":
        raise SpecError(f"{path!r}: only ':power' may follow a quantity.")
    return Term(heat_power(flowsheet, bare), "W")


def _measured(value: float, unit: str) -> Term:
    """A number with its unit, SI."""
    try:
        return Term(measures.to_si(value, unit), measures.si_unit(unit) if unit == "degC" else unit)
    except UsageError as error:
        raise SpecError(str(error)) from None


def heat_ends(flowsheet: Flowsheet, path: str) -> tuple[Any, Any]:
    """Temperatures at which a heat exchange begins and ends, K, as algebra."""
    unit, key, _ = flowsheet.find(path)
    noun = unit.declared[key]
    if not isinstance(noun, Heat):
        raise SpecError(f"{path} is no heat, so it has no utility.")
    ends = []
    for name in (noun.start, noun.end or noun.start):
        found = unit.lookup(unit.declared[name]) if name else 298.15
        ends.append(found.temperature if hasattr(found, "temperature") else found)
    return ends[0], ends[1]


def utility_now(flowsheet: Flowsheet, path: str) -> str:
    """The utility that serves a heat at its present value."""
    unit, key, _ = flowsheet.find(path)
    duty = float(pyo.value(flowsheet.variable(path)))
    ends = [float(pyo.value(t)) for t in heat_ends(flowsheet, path)]
    return utilities.choose(unit.utilities[key], duty, max(ends) if duty > 0 else min(ends))


def heat_power(flowsheet: Flowsheet, path: str) -> Any:
    """Electric power that the utility of a heat draws, W; cooling ends at its coldest."""
    end = heat_ends(flowsheet, path)[1]
    duty, utility = flowsheet.variable(path), utility_now(flowsheet, path)
    if utility == "refrigeration":
        return utilities.refrigeration_power(duty, end)
    return duty if utility == "electric heat" else 0.0


def mass_flow(stream: Stream) -> Any:
    """Mass flow, kg/s: components and the protons that electroneutrality implies."""
    proton = molar_mass("H+")
    total: Any = 0.0
    for key, phase in stream.phase_of.items():
        charge = COMPONENTS[key].charge if phase == "aqueous" else 0
        mass = COMPONENTS[key].molar_mass if phase == "aqueous" else molar_mass(key)
        total = total + stream.flow[key] * (mass - charge * proton)
    return total


_PROPERTIES: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "temperature": (lambda s: s.temperature, "K"),
    "pressure": (lambda s: s.pressure, "Pa"),
    "ph": (lambda s: s.ph, "1"),
    "mass_flow": (mass_flow, "kg/s"),
    "volume_flow": (lambda s: s.volume_flow, "m3/s"),
    "enthalpy_flow": (lambda s: s.enthalpy_flow, "W"),
    "total_flow": (lambda s: s.total_flow, "mol/s"),
}
_INDEXED: Mapping[str, tuple[Callable[[Any, str], Any], str]] = {
    "flow": (lambda s, key: s.flow[key], "mol/s"),
    "content": (lambda s, component: s.content(component), "mol/s"),
    "mole_fraction": (lambda s, key: s.mole_fraction(key), "mol/mol"),
}


def _property(stream: Stream, text: str) -> Term:
    match = _PART.fullmatch(text)
    key, index = match.groups() if match else (text, None)
    if index is None and key in _PROPERTIES:
        function, unit = _PROPERTIES[key]
        return Term(function(stream), unit)
    if index is None or key not in _INDEXED:
        known = [*_PROPERTIES, *(f"{k}[...]" for k in _INDEXED)]
        raise SpecError(
            f"Stream {stream.name!r} has no property {text!r}.{nearest(key, known)}\n"
            f"  It has: {', '.join(known)}."
        )
    allowed = stream.components if key == "content" else tuple(stream.phase_of)
    if index not in allowed:
        raise SpecError(
            f"Stream {stream.name!r} holds no {index!r}.{nearest(index, allowed)}\n"
            f"  It holds: {', '.join(allowed)}."
        )
    getter, unit = _INDEXED[key]
    return Term(getter(stream, index), unit)
