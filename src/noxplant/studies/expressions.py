"""Expressions over the quantities of a plant, written as text, as algebra of its model.

``"({E-101.power} + {C-101.duty:power}) / {crystals.content[N(-2)]}"``: braces hold a quantity, the
electric power of a heat's utility (``:power``), or a property of a stream; between them stand
numbers, + - * / ** and the functions exp, log, sqrt.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from noxplant import utilities
from noxplant.errors import SpecError, nearest
from noxplant.quantities import Heat
from noxplant.species import COMPONENTS, molar_mass

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.streams.stream import Stream

_BRACES = re.compile(r"\{([^{}]+)\}")
_PART = re.compile(r"(\w+)(?:\[(.+)\])?")
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


def expression(flowsheet: Flowsheet, text: str) -> Any:
    """Algebra of a built flowsheet for an expression in SI units.

    Raises:
        SpecError: unknown names, or anything but arithmetic between the braces.
    """
    names: dict[str, Any] = {}

    def place(match: re.Match[str]) -> str:
        name = f"q{len(names)}"
        names[name] = term(flowsheet, match.group(1).strip())
        return f"({name})"

    plain = _BRACES.sub(place, text)
    try:
        tree = ast.parse(plain.strip(), mode="eval")
    except SyntaxError:
        raise SpecError(
            f"{text!r} is no expression; names of quantities stand in braces."
        ) from None
    return _value(tree.body, names, text)


def _value(node: ast.AST, names: Mapping[str, Any], text: str) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return node.value
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _value(node.left, names, text), _value(node.right, names, text)
        return _OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.operand, names, text))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        function = _FUNCTIONS.get(node.func.id)
        if function is not None:
            return function(_value(node.args[0], names, text))
    raise SpecError(
        f"{text!r}: {ast.unparse(node)!r} is not allowed here. Write names of quantities in braces,"
        " numbers, + - * / **, exp, log, sqrt."
    )


def term(flowsheet: Flowsheet, path: str) -> Any:
    """Algebra of one name: UNIT.quantity, UNIT.heat:power, or STREAM.property."""
    built = flowsheet.build()
    bare, colon, view = path.partition(":")
    streams = [n for n in built.streams if bare.startswith(f"{n}.")]
    if streams and not colon:
        name = max(streams, key=len)
        if name not in flowsheet.units or bare.removeprefix(f"{name}.") in _PROPERTIES:
            return _property(built.streams[name], bare.removeprefix(f"{name}."))
    if bare.partition(".")[0] not in flowsheet.units:
        known = [*flowsheet.units, *built.streams]
        raise SpecError(
            f"{path!r} is no quantity of {flowsheet.name}."
            f"{nearest(bare.partition('.')[0], known)}\n"
            f"  Units: {', '.join(flowsheet.units)}.\n  Streams: {', '.join(built.streams)}."
        )
    if not colon:
        return flowsheet.variable(bare)
    if view != "power":
        raise SpecError(f"{path!r}: only ':power' may follow a quantity.")
    return heat_power(flowsheet, bare)


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


_PROPERTIES: Mapping[str, Callable[[Any], Any]] = {
    "temperature": lambda s: s.temperature,
    "pressure": lambda s: s.pressure,
    "ph": lambda s: s.ph,
    "mass_flow": mass_flow,
    "volume_flow": lambda s: s.volume_flow,
    "enthalpy_flow": lambda s: s.enthalpy_flow,
    "total_flow": lambda s: s.total_flow,
}
_INDEXED: Mapping[str, Callable[[Any, str], Any]] = {
    "flow": lambda s, key: s.flow[key],
    "content": lambda s, component: s.content(component),
    "mole_fraction": lambda s, key: s.mole_fraction(key),
}


def _property(stream: Stream, text: str) -> Any:
    match = _PART.fullmatch(text)
    key, index = match.groups() if match else (text, None)
    if index is None and key in _PROPERTIES:
        return _PROPERTIES[key](stream)
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
    return _INDEXED[key](stream, index)
