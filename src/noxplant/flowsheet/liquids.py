"""Whether every liquid of a flowsheet is a liquid: below its bubble point and not frozen.

A unit's own equations decide where it boils (stripper, evaporator); everywhere else a temperature
that is given, or follows, may lie beyond what is liquid. Here all liquid states are judged alike,
once the plant is solved and, where state and composition are known before, before any solve.

Aqueous: water exerts a_w p_sat(T), each dissolved volatile its Henry constant times its molality.
Where the water alone boils, the state is refused; where only the dissolved gases lift the sum above
the pressure, the solution warns (in a closed pipe they stay dissolved, and Henry constants are known
to some per cent). Freezing: ideal solution, ln a_w = -(h_fus/R)(1/T - 1/273.15 K); strong lye and
acid freeze colder than that, so what is refused there lies outside the data anyway.
Organic: acetonitrile, methanol and water are the solvent (NRTL); its freezing lies below the bounds of the
streams, and what crystallises from it is the matter of the crystallisers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyomo.environ as pyo

from noxplant.constants import GAS_CONSTANT, ZERO_CELSIUS
from noxplant.errors import Refusal
from noxplant.species import molar_mass, species
from noxplant.species.numbers import number
from noxplant.streams import carriage
from noxplant.streams.speciation import Truth, settle
from noxplant.thermo import aqueous, hydrazine, organic, water
from noxplant.thermo.nrtl import Nrtl
from noxplant.thermo.used import extrapolating

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.streams.stream import Stream
    from noxplant.unit import Unit

BOILS = 0.005
"""Excess of the bubble pressure over the pressure that is no boiling: states at their bubble point
by construction lie within 1e-6, vapour pressures within 0.1 %."""
FREEZES = 0.5
"""Temperature below the freezing point of the ideal solution that is still allowed, K."""
DAMP = 0.02
"""Part of liquid in the mass of a slurry below which it is a dried solid with its moisture."""
SOLVENTS = ("H2O", "acetonitrile", "methanol")
"""Volatiles that are the liquid itself; all others are dissolved in it."""
CONCENTRATED = 40.0
"""Sum of molalities of the strongest liquid that the data reach (20 mol/kg of HNO3), mol/kg."""
NOTHING = 1e-5
"""Flow, over the plant scale, below which a liquid is the rounding of a flash without liquid."""
HIGHEST = 640.0
"""Temperature to which the vapour pressure of water holds, K."""


@dataclass(frozen=True)
class Condition:
    """How far a liquid is from boiling and freezing.

    Attributes:
        temperature: K.
        pressure: Pa.
        solvent: pressure that its solvents exert, Pa.
        gases: pressure of each dissolved volatile, Pa.
        freezing: K; None without water.
        curve: pressure of the solvents at this composition by temperature.
    """

    temperature: float
    pressure: float
    solvent: float
    gases: Mapping[str, float]
    freezing: float | None
    curve: Callable[[float], float]

    @property
    def total(self) -> float:
        """Bubble pressure with all dissolved volatiles, Pa."""
        return self.solvent + sum(self.gases.values())

    @property
    def boils(self) -> bool:
        """Whether the solvent alone exerts more than the pressure."""
        return self.solvent > (1.0 + BOILS) * self.pressure

    @property
    def degasses(self) -> bool:
        """Whether solvent and dissolved volatiles together exert more than the pressure."""
        return self.total > (1.0 + BOILS) * self.pressure

    @property
    def frozen(self) -> bool:
        """Whether it is colder than its freezing point."""
        return self.freezing is not None and self.temperature < self.freezing - FREEZES

    @property
    @extrapolating()
    def bubble_temperature(self) -> float:
        """Temperature at which its solvent boils at its pressure, K, at this composition."""
        low, high = 200.0, HIGHEST
        while high - low > 1e-6:
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.curve(middle) < self.pressure else (low, middle)
        return 0.5 * (low + high)


@extrapolating()
def condition(
    flows: Mapping[str, float], T: float, pressure: float, p_h: float | None = None
) -> Condition:
    """State of an aqueous liquid.

    Args:
        flows: mol/s (or mol) by component name, with H2O.
        T: temperature, K.
        pressure: Pa.
        p_h: of its speciation, if that is known.
    """
    if set(flows) == {"H2O", "N(-2)"}:
        return _free_base(flows, T, pressure)
    truth = settle(flows, T)[0] if p_h is None else Truth(dict(flows), p_h, T)
    ln_activity = float(truth.ln_water_activity())
    gases = {
        g: math.exp(aqueous.ln_henry(g, T)) * max(float(truth.molality(g)), 0.0)
        for g, key in carriage.volatile_keys("aqueous")
        if g != "H2O" and key in flows and g in truth.flow
    }

    def curve(kelvin: float) -> float:
        return math.exp(ln_activity) * float(water.saturation_pressure(kelvin))

    return Condition(T, pressure, curve(T), gases, freezing_point(ln_activity), curve)


def _free_base(flows: Mapping[str, float], T: float, pressure: float) -> Condition:
    """Free-base hydrazine in water: both are the solvent, by the activity model of the pair."""
    x = flows["N(-2)"] / (flows["N(-2)"] + flows["H2O"])

    def curve(kelvin: float) -> float:
        return float(sum(hydrazine.partial_pressures(x, kelvin)))

    ln_activity = math.log(max(1.0 - x, 1e-300)) + float(hydrazine.ln_gamma(x, T)[1])
    return Condition(T, pressure, curve(T), {}, freezing_point(ln_activity), curve)


def freezing_point(ln_activity: float) -> float:
    """Temperature at which ice and a solution are in equilibrium, K, from its ln of water activity.

    Heat of fusion constant; 1.86 K per mol/kg of dilute solutes.
    """
    heat = float(number("water.fusion.enthalpy"))
    return 1.0 / (1.0 / ZERO_CELSIUS - ln_activity * GAS_CONSTANT / heat)


def _organic(flows: Mapping[str, float], T: float, pressure: float) -> Condition:
    total = sum(flows.values())
    share = {k: flows[k] / total for k in organic.volatiles() if flows.get(k, 0.0) > 0}
    solvents = {k: x for k, x in share.items() if k in SOLVENTS}
    model = Nrtl(tuple(solvents)) if solvents else None

    def curve(kelvin: float) -> float:
        gamma = model.raw(solvents, kelvin) if model else {}
        ln_p = {k: gamma[k] + organic.ln_vapour_pressure(k, kelvin) for k in solvents}
        return sum(x * math.exp(float(ln_p[k])) for k, x in solvents.items())

    others = (k for k in share if k not in SOLVENTS)
    gases = {k: share[k] * math.exp(float(organic.ln_henry(k, T))) for k in others}
    return Condition(T, pressure, curve(T), gases, None, curve)


@extrapolating()
def of_stream(stream: Stream) -> Condition | None:
    """Condition of a stream at the present values; None where it carries no liquid to judge."""
    phase = next((p for p in ("aqueous", "organic") if stream.phase_keys(p)), None)
    if phase is None or _dried(stream, phase):
        return None
    flows = {k: max(float(pyo.value(stream.flow[k])), 0.0) for k in stream.phase_keys(phase)}
    T, pressure = float(pyo.value(stream.temperature)), float(pyo.value(stream.pressure))
    if phase == "organic":
        return _organic(flows, T, pressure) if sum(flows.values()) > 0 else None
    if not flows["H2O"] > 0:
        return None
    return condition(flows, T, pressure)


def _dried(stream: Stream, phase: str) -> bool:
    """Whether a slurry is so dry that its liquid is moisture held by the solid."""
    solid = sum(
        max(float(pyo.value(stream.flow[k])), 0.0) * species(k).molar_mass
        for k in stream.phase_keys("solid")
    )
    wet = sum(
        max(float(pyo.value(stream.flow[k])), 0.0) * molar_mass(k) for k in stream.phase_keys(phase)
    )
    return wet <= DAMP * solid


@extrapolating()
def messages(flowsheet: Flowsheet, known: Set[int] | None = None) -> list[str]:
    """Liquids that boil or are frozen, in words, at the present values.

    Args:
        flowsheet: a built flowsheet.
        known: ids of the unknowns whose values are solved; None: all of them.
    """
    out: dict[str, None] = {}
    for unit, stream in _states(flowsheet):
        if known is None or all(id(v) in known for v in _variables(stream)):
            state = None if _nothing(flowsheet, stream) else of_stream(stream)
            text = "" if state is None else _words(unit, stream.name, state)
        elif boils_itself(flowsheet.units[unit]):
            continue
        elif {id(stream.temperature), id(stream.pressure)} <= known:
            text = _hopeless(unit, stream)
        else:
            continue
        if text:
            out[text] = None
    return list(out)


def check_liquids(flowsheet: Flowsheet) -> None:
    """Refuse a solved flowsheet one of whose liquids boils or is frozen.

    Raises:
        Refusal: naming unit, stream, temperature, pressure, the limit and what to do.
    """
    found = messages(flowsheet)
    if found:
        raise Refusal("\n".join(found[:4]))


def warnings(flowsheet: Flowsheet) -> tuple[str, ...]:
    """Liquids whose dissolved gases lift the bubble pressure above the pressure, one line each."""
    out = []
    for unit, stream in _states(flowsheet):
        state = of_stream(stream)
        if state is None or _nothing(flowsheet, stream) or not state.degasses:
            continue
        most = max(state.gases, key=lambda g: state.gases[g])
        out.append(
            f"{unit}: the liquid {stream.name!r} would give off gas: at {state.temperature:.2f} K its"
            f" bubble pressure is {state.total:.4g} Pa, {state.gases[most]:.4g} Pa of it by {most};"
            f" its pressure is {state.pressure:.4g} Pa. No unit here lets that gas out."
        )
    return tuple(dict.fromkeys(out))


def _states(flowsheet: Flowsheet) -> Iterator[tuple[str, Stream]]:
    """(unit that it comes from, stream) of all streams with a liquid."""
    for unit in flowsheet.units.values():
        for port in unit.outlets:
            if port.stream is not None and port.stream.medium != "gas":
                yield unit.name, port.stream


def boils_itself(unit: Unit) -> bool:
    """Whether a unit has a vapour outlet, so that it may leave no liquid behind at all."""
    return any(p.stream is not None and p.stream.medium == "gas" for p in unit.outlets)


def _nothing(flowsheet: Flowsheet, stream: Stream) -> bool:
    """Whether a liquid is the rounding that a unit leaves which turns all of it to vapour."""
    assert flowsheet.built is not None
    return float(pyo.value(stream.total_flow)) < NOTHING * flowsheet.built.scale


def _variables(stream: Stream) -> list[object]:
    return [*stream.flow.values(), stream.temperature, stream.pressure]


def _words(unit: str, stream: str, state: Condition) -> str:
    """What is wrong with a liquid, in one sentence; empty when nothing is."""
    here = f"{unit}: the liquid {stream!r} is at {state.temperature:.2f} K and"
    here += f" {state.pressure:.4g} Pa"
    if state.boils:
        at = state.bubble_temperature
        return (
            f"{here}, where it boils: its bubble temperature at this pressure is {at:.2f} K"
            f" (bubble pressure {state.solvent:.4g} Pa). Keep it below {at:.2f} K, raise the"
            " pressure, or boil it in a unit with a vapour outlet (Flash, Evaporator)."
        )
    if state.frozen:
        return (
            f"{here}, where it is frozen: it freezes at {state.freezing:.2f} K (ideal solution)."
            " Warm it, or give it more solutes."
        )
    return ""


def _hopeless(unit: str, stream: Stream) -> str:
    """What is wrong with an aqueous liquid whatever it carries, from temperature and pressure."""
    if "aqueous" not in stream.keys or stream.phase_keys("solid"):
        return ""
    T, pressure = float(pyo.value(stream.temperature)), float(pyo.value(stream.pressure))
    ln_activity = -float(species("H2O").molar_mass) * CONCENTRATED

    def curve(kelvin: float) -> float:
        return math.exp(ln_activity) * float(water.saturation_pressure(kelvin))

    state = Condition(T, pressure, curve(T), {}, freezing_point(ln_activity), curve)
    return _words(unit, stream.name, state)
