"""Gas and liquid in contact: adiabatic equilibrium stages, boiling stages, acid capacity.

Shared by separators, strippers and traps. Nothing here is a unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyomo.environ as pyo

from noxplant import balances, maths
from noxplant.constants import GAS_CONSTANT, WATER_MOLAR_MASS, ZERO_CELSIUS
from noxplant.errors import SpecError
from noxplant.species import component, molar_mass
from noxplant.thermo import aqueous, solid
from noxplant.unit import Limit

Equations = Iterator[tuple[str, Any]]
TINY = 1e-15
"""Part of a total flow that is added to a denominator, so that a ratio of nothing reads zero."""
AMMONIA = "N(-3)"


def stage(
    inlets: Sequence[Any], liquid: Any, gas: Any, pressure: Any, tag: str = "", heat: Any = 0.0
) -> Equations:
    """One equilibrium stage: `inlets` become `liquid` and `gas` at one temperature and `pressure`.

    Args:
        inlets: streams or ports that enter, of any medium.
        liquid: aqueous stream that leaves.
        gas: gas that leaves, in equilibrium with it; it must hold something that does not dissolve.
        pressure: of the stage, Pa.
        tag: put before the name of each equation.
        heat: into the stage, W.
    """
    outlets = [liquid, gas]
    yield from balances.moles(inlets, outlets, tag=tag)
    yield from balances.energy(inlets, outlets, heat=heat, tag=tag)
    yield from balances.equilibrium(liquid, gas, tag)
    yield f"{tag}pressure", liquid.pressure == pressure


def cascade(
    liquids: Sequence[Any], gases: Sequence[Any], pressure: Any, drop: Any = 0.0
) -> Equations:
    """Counter-current adiabatic equilibrium stages, numbered from the top.

    Args:
        liquids: N + 1 liquids from the inlet at the top to the outlet at the bottom.
        gases: N + 1 gases from the outlet at the top to the inlet at the bottom.
        pressure: of the gas at the bottom, Pa.
        drop: pressure drop over all stages, Pa.
    """
    count = len(liquids) - 1
    for n in range(count):
        local = pressure - drop * ((count - n) / count)
        inlets = [liquids[n], gases[n + 1]]
        yield from stage(inlets, liquids[n + 1], gases[n], local, f"stage {n + 1}: ")


def boiling(liquid: Any, gas: Any, tag: str = "") -> Equations:
    """Equilibrium of a liquid with a gas that is nothing but its own vapour.

    The equilibrium pressures add up to the pressure (in logarithms, nearly linear in 1/T); of the
    single equilibria, that of water then follows and is left out. Written so, no vapour at all is
    not a second root.
    """
    held = [j for j in liquid.volatile() if j in gas.phase_keys("gas")]
    total = sum(liquid.equilibrium_pressure(j) for j in held)
    yield f"{tag}boiling temperature", maths.log(total / liquid.pressure) == 0
    for j in held:
        if j != "H2O":
            left = gas.flow[j] * gas.pressure
            yield (
                f"{tag}equilibrium of {j}",
                left == liquid.equilibrium_pressure(j) * gas.total_flow,
            )
    yield from balances.same_state(liquid, gas, tag)


def ratio(value: Any, part: Any, whole: Any, total: Any) -> Any:
    """Relation ``value = part / whole`` multiplied out; zero when there is nothing of the whole.

    Args:
        value: the ratio.
        part: numerator.
        whole: denominator, may be zero.
        total: a flow that is never zero, same unit.
    """
    return value * (whole + TINY * total) == part


def acid_capacity(liquid: Any) -> Any:
    """Ammonia that the free acid of a liquid can bind, mol/s.

    The protons that electroneutrality implies, less those of ammonia and hydrazine already in it
    and less the third of phosphoric acid, whose pKa of 12.35 binds no ammonia: 2 for H2SO4, 1 for
    HCl and HNO3, 2 for H3PO4. Carbonic acid is not counted.
    """
    held = liquid.phase_keys("aqueous")
    implied = -sum(component(c).charge * liquid.flow[c] for c in held if component(c).charge)
    return implied - sum(liquid.flow[c] for c in ("P(5)", AMMONIA, "N(-2)") if c in held)


def dissolved_mass(liquid: Any) -> Any:
    """Mass flow of all that is dissolved in an aqueous stream, kg/s."""
    return sum(n * molar_mass(j) for j, n in liquid.true.items() if j != "H2O")


def water_mass(liquid: Any) -> Any:
    """Mass flow of true water in an aqueous stream, kg/s."""
    return liquid.true["H2O"] * WATER_MOLAR_MASS


def liquid_mass(liquid: Any) -> Any:
    """Mass flow of an aqueous stream, kg/s."""
    return dissolved_mass(liquid) + water_mass(liquid)


def gas_mass(gas: Any) -> Any:
    """Mass flow of a gas, kg/s."""
    return sum(gas.flow[j] * molar_mass(j) for j in gas.phase_keys("gas"))


def gas_density(gas: Any) -> Any:
    """Density of a gas, kg/m3 (ideal)."""
    per_mole = gas_mass(gas) / gas.total_flow
    return gas.pressure * per_mole / (GAS_CONSTANT * gas.temperature)


def gas_content(gas: Any, name: str) -> Any:
    """Flow of a gas species, mol/s; zero when the stream cannot hold it."""
    return gas.flow[name] if name in gas.phase_keys("gas") else 0.0


def at(expression: Any) -> float:
    """Value of an expression at the present point; NaN where it has none (for messages)."""
    try:
        return float(pyo.value(expression))
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):
        return float("nan")


def held_by(ports: Iterable[Any], key: str) -> bool:
    """Whether one of some ports or streams can hold a key."""
    return any(key in p.phase_of for p in ports)


def whole(unit: str, what: str, value: object, least: int, of: str = "equilibrium stages") -> int:
    """A whole number of stages, or of what else `of` names in the plural, checked."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        text = f"{unit}.{what} = {value!r}: give a whole number of {of}, at least {least}."
        if of == "equilibrium stages":
            text += "\n  For packing: height over the height of one equilibrium stage (HETP)."
        raise SpecError(text)
    return value


def freezing(liquid: Any) -> Limit:
    """The liquid must not freeze (that of pure water, so that salt gives a margin)."""
    return Limit(
        "freezing",
        liquid.temperature - ZERO_CELSIUS,
        f"the liquid would cool to {at(liquid.temperature):.1f} K and freeze (273.15 K without"
        " salt). Warm the liquid or the gas, humidify the gas, or take less gas.",
    )


SALTS = {
    "(NH4)2SO4(s)": {AMMONIA: 2.0, "S(6)": 1.0},
    "NH4Cl(s)": {AMMONIA: 1.0, "Cl-": 1.0},
}
"""Ammonium salts whose solubility bounds a trap liquor."""


def crystallising(liquid: Any) -> list[Limit]:
    """The ammonium salt of a trap liquor must stay dissolved (solubility in pure water)."""
    out = []
    for salt, parts in SALTS.items():
        if not all(c in liquid.phase_of for c in parts):
            continue
        held = min(at(liquid.flow[c] / nu) for c, nu in parts.items())
        allowed = at(solid.solubility(salt, liquid.temperature))
        present = held / at(water_mass(liquid))
        out.append(
            Limit(
                f"solubility of {salt}",
                allowed - present,
                f"{salt} would crystallise in the trap: {present:.3g} mol/kg water, its solubility"
                f" is {allowed:.3g} mol/kg at {at(liquid.temperature):.1f} K. Feed weaker acid or"
                " add water; crystallise in a crystalliser.",
            )
        )
    return out


def boiling_stage(
    inlets: Sequence[Any], liquid: Any, gas: Any, pressure: Any, tag: str, heat: Any = 0.0
) -> Equations:
    """One stage on which a liquid boils or condenses under its own vapour alone.

    Arguments as `stage`. While the plant's temperatures are held during a start, the first law is
    kept and the boiling condition dropped: the vapour flow then stays near its final value.
    """
    outlets = [liquid, gas]
    yield from balances.moles(inlets, outlets, tag=tag)
    out, into = (sum(p.enthalpy_flow for p in ports) for ports in (outlets, inlets))
    yield f"{tag}first law", out == into + heat
    yield from boiling(liquid, gas, tag)
    yield f"{tag}pressure", liquid.pressure == pressure


HEAD = 5e3
"""Pressure that half a metre of liquid gives; a greater rise takes a pump, Pa."""


def no_free_rise(unit: str, inlets: Iterable[Any], outlet: Any) -> list[Limit]:
    """No stream may enter below the pressure at which the mixture leaves: nobody pays the work."""
    return [
        Limit(
            f"pressure of {p.name}",
            p.pressure - outlet.pressure + HEAD,
            f"a stream enters {unit} by {p.name} at {at(p.pressure):.5g} Pa and would leave at"
            f" {at(outlet.pressure):.5g} Pa; a rise above {HEAD:g} Pa takes work. Put a Pump or a"
            " Compressor before it, or a Valve into the others.",
        )
        for p in inlets
    ]


def bubble_temperature(totals: Mapping[str, float], pressure: float) -> float:
    """Rough boiling temperature of an alkaline ammonia liquor, K; only for start values.

    Args:
        totals: mol/s by component; water must be positive.
        pressure: Pa.
    """
    kilograms = totals["H2O"] * WATER_MOLAR_MASS
    ions = abs(sum(component(c).charge * n for c, n in totals.items()))
    ions += sum(n for c, n in totals.items() if c != "H2O")
    ln_water = -WATER_MOLAR_MASS * ions / kilograms
    ammonia = totals.get(AMMONIA, 0.0) / kilograms
    low, high = 230.0, 470.0
    for _ in range(40):
        T = (low + high) / 2
        held = maths.exp(aqueous.ln_henry("H2O", T) + ln_water)
        held += ammonia * maths.exp(aqueous.ln_henry("NH3", T))
        low, high = (T, high) if held < pressure else (low, T)
    return (low + high) / 2
