"""What a solution warns of: data used outside their range, and what units do not model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyomo.environ as pyo
from pyomo.core.expr.visitor import identify_variables

from noxplant.streams.stream import Stream
from noxplant.thermo import aqueous, organic

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet

SLACK = 0.01
"""Excess over a range that is not worth a warning, K."""
LEAST = 0.01
"""Concentration of both partners below which a reaction between them is not worth a warning,
mol/m3."""


@dataclass(frozen=True)
class Unmodelled:
    """A reaction that no unit models: its partners, by flow key, and what it makes.

    Attributes:
        partners: name in words and flow keys of each partner; the second is what the plant is for.
        moles: of each partner in the reaction as written.
        reaction: equation, product and consequence in words.
    """

    partners: tuple[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]]
    moles: tuple[float, float]
    reaction: str

    def lost(self, first: float, second: float) -> float:
        """What of the second partner the reaction could take at most, in the unit given."""
        return min(second, first * self.moles[1] / self.moles[0])


UNMODELLED: Final = (
    Unmodelled(
        (("formaldehyde", ("formaldehyde",)), ("ammonia", ("NH3", "N(-3)"))),
        (6, 4),
        "6 CH2O + 4 NH3 = (CH2)6N4 + 6 H2O (hexamine), which would take ammonia out",
    ),
    Unmodelled(
        (("formaldehyde", ("formaldehyde",)), ("hydrazine", ("N(-2)",))),
        (2, 1),
        "2 CH2O + N2H4 = CH2NNCH2 + 2 H2O (formaldazine), which would contaminate the product",
    ),
)
"""Reactions between what one liquid holds that are left out: limitations of the model."""


def warnings(flowsheet: Flowsheet) -> tuple[str, ...]:
    """Warnings of a solved flowsheet, each once: of the units, of reactions left out, of the data."""
    own = [f"{u.name}: {w}" for u in flowsheet.units.values() for w in u.warnings()]
    left_out = [line for r in UNMODELLED if (line := _left_out(flowsheet, r))]
    return tuple(
        dict.fromkeys([*own, *left_out, *_beyond_data(flowsheet), *_beyond_basis(flowsheet)])
    )


def _left_out(flowsheet: Flowsheet, reaction: Unmodelled) -> str:
    """One line about a reaction that is not modelled, with the liquid where most could be lost."""
    built = flowsheet.built
    assert built is not None
    where: dict[str, tuple[float, float, str]] = {}
    names = " and ".join(name for name, _ in reaction.partners)
    for s in built.states(flowsheet):
        amounts = [_amount(s, keys) for _, keys in reaction.partners]
        if s.medium == "gas" or not min(amounts) > 0:
            continue
        a, b = (n / _volume(s) for n in amounts)
        owner, lost = _owner(flowsheet, s.temperature), reaction.lost(*amounts)
        # Six digits, so that rounding does not choose between liquids that hold the same.
        rank = float(f"{lost:.6g}"), b
        if min(a, b) > LEAST and rank > where.get(owner, (0.0, 0.0, ""))[:2]:
            percent = 100 * lost / amounts[1]
            share = f"{percent:.0f}" if percent >= 10 else f"{percent:.2g}"
            scarce = f"enough for up to {share} % of the {reaction.partners[1][0]} there"
            where[owner] = (*rank, f"{a:.4g} and {b:.4g} mol/m3 in {s.name!r}, {scarce}")
    if not where:
        return ""
    worst = max(where, key=lambda u: where[u][:2])
    others = [u for u in flowsheet.units if u in where and u != worst]
    also = f"; also in {', '.join(others)}" if others else ""
    return (
        f"{worst}: {names} are together in one liquid, {where[worst][2]}{also}. Not modelled, a"
        f" limitation: {reaction.reaction}."
    )


def _amount(stream: Stream, keys: tuple[str, ...]) -> float:
    return sum(float(pyo.value(stream.flow[k])) for k in keys if k in stream.flow)


def _volume(stream: Stream) -> float:
    """Volume flow of the liquid from its totals, m3/s; speciation changes it little."""
    T = float(pyo.value(stream.temperature))
    flows = {k: float(pyo.value(stream.flow[k])) for k in stream.phase_keys("aqueous")}
    total = float(aqueous.volume_flow(flows, T)) if flows else 0.0
    for k in stream.phase_keys("organic"):
        total += float(pyo.value(stream.flow[k])) * float(organic.molar_volume(k, T))
    return total


def _beyond_data(flowsheet: Flowsheet) -> list[str]:
    """One line per unit and kind of data used outside the stated range of temperature."""
    built = flowsheet.built
    assert built is not None
    found: dict[tuple[str, str, float, float], list[float]] = {}
    for use in built.uses:
        T = float(pyo.value(use.temperature))
        if not use.low - SLACK <= T <= use.high + SLACK:
            key = (_owner(flowsheet, use.temperature), use.what, use.low, use.high)
            found.setdefault(key, []).append(T)
    order = {name: n for n, name in enumerate(flowsheet.units)}
    lines = []
    for key in sorted(found, key=lambda k: order.get(k[0], -1)):
        owner, what, low, high = key
        least, most = min(found[key]), max(found[key])
        here = f"{least:.2f} K" if most - least < SLACK else f"{least:.2f} to {most:.2f} K"
        lines.append(
            f"{owner}: {what} are extrapolated: used at {here}, stated for {low:g} to {high:g} K."
        )
    return lines


def _beyond_basis(flowsheet: Flowsheet) -> list[str]:
    """One line per number that lies outside the range that the basis gives for it."""
    lines = []
    for name, entry in flowsheet.basis.items():
        low, high, unit = entry["low"], entry["high"], entry["unit"]
        path, value = name.removeprefix("design."), entry["value"]
        if path in flowsheet.changed:  # set after the basis was read
            value = flowsheet.value(path)
        if value is None or ((low is None or value >= low) and (high is None or value <= high)):
            continue
        ends = [f"{x:.10g}" for x in (low, high) if x is not None]
        words = (
            " to ".join(ends) if len(ends) == 2 else f"{'from' if high is None else 'to'} {ends[0]}"
        )
        mark = "" if unit == "1" else f" {unit}"
        why = f" ({entry['reason'].strip().rstrip('.')})" if entry["reason"] else ""
        lines.append(
            f"{name} = {value:.10g}{mark} lies outside the range of the {entry['class']} in the"
            f" basis, {words}{mark}{why}; the result is an extrapolation."
        )
    return lines


def _owner(flowsheet: Flowsheet, temperature: Any) -> str:
    """The unit in which a temperature stands, or from which its stream comes."""
    built = flowsheet.built
    assert built is not None
    block = next(iter(identify_variables(temperature))).parent_block()
    while block is not None:
        parent = block.parent_component()
        if parent is built.model.unit:
            return str(block.index())
        if parent is built.model.stream:
            name = str(block.index())
            return _source(flowsheet, name)
        block = block.parent_block()
    return flowsheet.name


def _source(flowsheet: Flowsheet, name: str) -> str:
    for key, source, _ in flowsheet.edges():
        if key == name:
            return source.unit_name
    return next((p.unit_name for p in flowsheet.open_outlets() if p.path == name), name)
