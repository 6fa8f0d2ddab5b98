"""Elements, charge and energy, recomputed apart from the equations that the units wrote.

Only stored flows, temperatures and formation data enter. Speciation is redone by bisection, so a
wrong pH in the solution shows as an energy or charge error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from noxplant.constants import T_REFERENCE
from noxplant.errors import AuditError
from noxplant.quantities import Heat, Work
from noxplant.species import species
from noxplant.streams.speciation import settle
from noxplant.thermo import gas, organic, solid
from noxplant.thermo.used import extrapolating

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.streams.stream import Stream

TOLERANCE = 1e-8
"""Largest allowed relative imbalance (design, section 6)."""
LEAST_SENSIBLE = 1.0
"""Floor of the sensible heat, J/mol (some 0.03 K): where all is at 298.15 K it would be nil."""
FLOOR = 1e-9
"""Floor of the denominators, as a fraction of the plant's throughput."""
NOISE = 1e-12
"""Rounding of an element that no feed brings, as a fraction of the largest throughput."""


@dataclass(frozen=True)
class Picture:
    """What one stream carries, counted from true species.

    Attributes:
        true: mol/s of every true species.
        elements: mol/s of every element.
        charge: net charge, mol/s.
        ions: sum of absolute charges, mol/s.
        enthalpy: W, from the elements at 298.15 K.
        sensible: W, above the same composition at 298.15 K.
        ph: -log10 molality of H+, None without an aqueous phase.
    """

    true: dict[str, float]
    elements: dict[str, float]
    charge: float
    ions: float
    enthalpy: float
    sensible: float
    ph: float | None


@dataclass(frozen=True)
class Audits:
    """Largest relative imbalances and where they are."""

    elements: float
    elements_at: str
    charge: float
    charge_at: str
    energy: float
    energy_at: str
    rows: tuple[tuple[str, str, float], ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, float]:
        """The three numbers by name."""
        return {"elements": self.elements, "charge": self.charge, "energy": self.energy}


@extrapolating()
def picture(stream: Stream) -> Picture:
    """Count one stream."""
    flow = {k: max(float(pyo.value(v)), 0.0) for k, v in stream.flow.items()}
    T = float(pyo.value(stream.temperature))
    hot, ph = _enthalpy(stream, flow, T)
    cold, _ = _enthalpy(stream, flow, T_REFERENCE)
    true = _true(stream, flow, T)
    elements: dict[str, float] = {}
    charge = ions = 0.0
    for name, n in true.items():
        item = species(name)
        for e, k in item.elements.items():
            elements[e] = elements.get(e, 0.0) + k * n
        charge += item.charge * n
        ions += abs(item.charge) * n
    return Picture(true, elements, charge, ions, hot, abs(hot - cold), ph)


def _true(stream: Stream, flow: Mapping[str, float], T: float) -> dict[str, float]:
    true = {k: flow[k] for p in ("gas", "organic", "solid") for k in stream.phase_keys(p)}
    if stream.phase_keys("aqueous") and flow["H2O"] > 0:
        truth, _ = settle({k: flow[k] for k in stream.phase_keys("aqueous")}, T)
        for name, n in truth.flow.items():
            true[name] = true.get(name, 0.0) + float(n)
    return true


def _enthalpy(stream: Stream, flow: Mapping[str, float], T: float) -> tuple[float, float | None]:
    band = stream.band if T > 1000.0 else "cold"
    total = sum(flow[k] * gas.enthalpy(k, T, band=band) for k in stream.phase_keys("gas"))
    total += sum(flow[k] * organic.enthalpy(k, T) for k in stream.phase_keys("organic"))
    total += sum(flow[k] * solid.enthalpy(k, T) for k in stream.phase_keys("solid"))
    p_h = None
    if stream.phase_keys("aqueous") and flow["H2O"] > 0:
        truth, p_h = settle({k: flow[k] for k in stream.phase_keys("aqueous")}, T)
        total += float(truth.enthalpy_flow())
    return float(total), p_h


def audit(flowsheet: Flowsheet, pictures: Mapping[str, Picture]) -> Audits:
    """Imbalances of every unit, region and the whole plant.

    Args:
        flowsheet: a solved flowsheet.
        pictures: a picture of every stream by name.
    """
    built = flowsheet.built
    assert built is not None
    at = {id(s): pictures[name] for name, s in built.streams.items()}
    ends = _boundary(flowsheet)
    throughput: dict[str, float] = {}
    for sign, stream in ends:
        for e, n in at[id(stream)].elements.items():
            throughput[e] = throughput.get(e, 0.0) + (n if sign > 0 else 0.0)
    power = sum(at[id(s)].sensible for _, s in ends) + sum(
        abs(u.sums_at(k)) for u in flowsheet.units.values() for k in (Heat, Work)
    )
    rows: list[tuple[str, str, float]] = []
    for unit in flowsheet.units.values():
        if not unit.inlets or not unit.outlets:
            continue
        pairs = [(1, at[id(p.stream)]) for p in unit.inlets]
        pairs += [(-1, at[id(p.stream)]) for p in unit.outlets]
        rows += _elements(unit.name, pairs, {}, throughput)
        rows.append(_energy(unit.name, pairs, unit.sums_at(Heat), unit.sums_at(Work), power))
        rows += _inner(unit, at, throughput)
    pairs = [(sign, at[id(s)]) for sign, s in ends]
    rows += _elements("plant", pairs, {}, throughput)
    heat = sum(u.sums_at(Heat) for u in flowsheet.units.values())
    work = sum(u.sums_at(Work) for u in flowsheet.units.values())
    rows.append(_energy("plant", pairs, heat, work, power))
    for name, seen in pictures.items():
        if seen.ions > 0:
            rows.append(("charge", name, abs(seen.charge) / seen.ions))
    return _worst(rows)


def _boundary(flowsheet: Flowsheet) -> list[tuple[int, Any]]:
    """(+1, stream from a feed) and (-1, stream that leaves the plant)."""
    loose = flowsheet.open_outlets()
    units = flowsheet.units.values()
    feeds = [(1, p.stream) for u in units if not u.inlets for p in u.outlets if p not in loose]
    ends = [(-1, p.stream) for u in units if not u.outlets for p in u.inlets]
    ends += [(-1, p.stream) for p in loose if flowsheet.units[p.unit_name].inlets]
    return feeds + ends


def _elements(
    where: str,
    pairs: Iterable[tuple[int, Picture]],
    crossing: Mapping[str, float],
    throughput: Mapping[str, float],
) -> list[tuple[str, str, float]]:
    net, into, out = dict(crossing), {}, {}  # type: ignore[var-annotated]
    for sign, seen in pairs:
        side = into if sign > 0 else out
        for e, n in seen.elements.items():
            net[e] = net.get(e, 0.0) + sign * n
            side[e] = side.get(e, 0.0) + abs(n)
    rows = []
    noise = NOISE * max(throughput.values(), default=0.0)
    for e, imbalance in net.items():
        if abs(imbalance) <= noise and throughput.get(e, 0.0) <= noise:
            continue  # rounding of an element that nothing brings
        size = max(into.get(e, 0.0), out.get(e, 0.0), FLOOR * throughput.get(e, 0.0))
        if size > 0:
            rows.append(("elements", f"{where}: {e}", abs(imbalance) / size))
        elif imbalance:
            rows.append(("elements", f"{where}: {e}", 1.0))
    return rows


def _energy(
    where: str, pairs: Iterable[tuple[int, Picture]], heat: float, work: float, power: float
) -> tuple[str, str, float]:
    net, size, least = heat + work, abs(heat) + abs(work), FLOOR * power
    for sign, seen in pairs:
        net += sign * seen.enthalpy
        size += seen.sensible
        least += LEAST_SENSIBLE * sum(seen.true.values())
    size = max(size, least)
    return ("energy", where, abs(net) / size if size > 0 else abs(net))


def _inner(unit: Any, at: Mapping[int, Picture], throughput: Mapping[str, float]) -> Any:
    rows: list[tuple[str, str, float]] = []
    for region in unit.regions():
        pairs = [(1, _seen(at, p)) for p in region.inlets]
        pairs += [(-1, _seen(at, p)) for p in region.outlets]
        crossing: dict[str, float] = {}
        for name, flow in region.crossing.items():
            for e, k in species(name).elements.items():
                crossing[e] = crossing.get(e, 0.0) + k * float(pyo.value(flow))
        rows += _elements(f"{unit.name}, {region.name}", pairs, crossing, throughput)
    currents = {k: float(pyo.value(v)) for k, v in unit.currents().items()}
    if currents:
        size = max(abs(v) for v in currents.values())
        spread = max(currents.values()) - min(currents.values())
        where = f"{unit.name}: currents of {', '.join(currents)}"
        rows.append(("charge", where, spread / size if size > 0 else 0.0))
    return rows


def _seen(at: Mapping[int, Picture], port: Any) -> Picture:
    """Picture of a port's stream, or of a stream inside the unit."""
    stream = port.stream if hasattr(port, "unit_name") else port
    return at[id(stream)] if id(stream) in at else picture(stream)


def _worst(rows: list[tuple[str, str, float]]) -> Audits:
    worst: dict[str, tuple[float, str]] = {}
    for kind in ("elements", "charge", "energy"):
        found = [(value, where) for k, where, value in rows if k == kind]
        # A comparison with NaN is false, so NaN must be looked for.
        bad = [r for r in found if math.isnan(r[0])]
        worst[kind] = bad[0] if bad else max(found, default=(0.0, "nothing to count"))
    return Audits(*worst["elements"], *worst["charge"], *worst["energy"], rows=tuple(rows))


def require(flowsheet: Flowsheet, audits: Audits) -> None:
    """Raise `AuditError` unless every balance closes."""
    for kind, where in (
        ("elements", audits.elements_at),
        ("charge", audits.charge_at),
        ("energy", audits.energy_at),
    ):
        value = getattr(audits, kind)
        if not value <= TOLERANCE:
            raise AuditError(
                f"{flowsheet.name}: the balance of {kind} does not close at {where}:"
                f" {value:.2e} relative, allowed is {TOLERANCE:g}.\n"
                "  This is an error of the unit's equations, not of your specifications: report it."
            )
