"""Undivided cell with a vent condenser that couples imine to azine: what its classes share.

Functions of a unit that declares the nouns of `noxplant.units.azine_cell`; they know no more of it
than those names. Nothing here is a unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from noxplant import azine, balances, maths
from noxplant.constants import FARADAY
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.species import Reaction, molar_mass, organic_species
from noxplant.streams.stream import Stream
from noxplant.thermo import organic
from noxplant.unit import Equations, Limit

CONDENSATION = Reaction.parse(azine.CONDENSATION)
COUPLING = Reaction.parse(azine.COUPLING)
SOLVENT_LOSS = Reaction.parse(azine.SOLVENT_LOSS)
HYDROGEN = Reaction.parse(azine.HYDROGEN)
KETONE_LOSS = Reaction.parse(azine.KETONE_LOSS)
HELD = (
    "NH3",
    "H2O",
    "benzophenone",
    "benzophenone imine",
    azine.AZINE,
    "formaldehyde",
    "benzhydrol",
)
VAPOURS = ("H2", "NH3", "H2O", "formaldehyde")
HEAVY = tuple(s for s in organic_species() if s not in organic.volatiles())
LOWEST_POTENTIAL = 1.2
HIGHEST_POTENTIAL = 2.2
"""V vs Ag/Ag+ (0.01 mol/L): the paper gives faradaic efficiencies in this range only (note 3.3)."""
HIGHEST_TEMPERATURE = 333.15
"""K (note 3.3)."""
REVERSIBLE = 0.75
"""Reversible voltage of 2 imine -> azine + H2, V, +-0.1 (note, own quantum chemistry)."""


def at_equilibrium(unit: Any, name: str, liquid: Any) -> Any:
    """Condensation of ketone and ammonia at equilibrium in a tank, as a relation."""
    n = liquid.flow
    constant = azine.equilibrium_constant(unit.equilibrium_constant, unit.temperature)
    left, right = n["benzophenone imine"] * n["H2O"], n["NH3"] * n["benzophenone"]
    return left == constant * right


def at_rate(unit: Any, name: str, liquid: Any) -> Any:
    """Condensation at its rate in a tank, as a relation; the unit has a `condensation_constant`."""
    n, flow = liquid.flow, liquid.volume_flow
    constant = azine.equilibrium_constant(unit.equilibrium_constant, unit.temperature)
    held = (n["benzophenone"], n["NH3"], n["benzophenone imine"], n["H2O"])
    rate = azine.condensation_rate(unit.condensation_constant, constant, *held)
    return unit.condensed[name] * flow * flow == unit.volume / unit.tanks * rate


def equations(unit: Any, condensation: Callable[..., Any] = at_equilibrium) -> Equations:
    """Tanks one after the other, condenser, outlet, first law, electrical sums of a cell.

    Args:
        unit: the cell.
        condensation: `at_equilibrium` or `at_rate`.
    """
    for key in ("KPF6", "methanol"):
        if key not in unit.feed.flow:
            raise ModelError(
                f"{unit.name}: no {key} reaches the azine cell.\n  The solvent needs KPF6 to"
                " conduct and methanol to carry protons to the cathode."
            )
    before: Any = unit.feed
    for n, name in enumerate(unit.tank_names):
        yield from _tank(unit, name, before, unit.tank[n], unit.vapour[n])
        yield f"tank {name}: condensation", condensation(unit, name, unit.tank[n])
        before = unit.tank[n]
    yield from _condenser(unit)
    last, drain = unit.tank[-1], unit.condensate[0]
    yield from balances.moles([last, drain], [unit.out], tag="outlet: ")
    yield "temperature of the outlet", unit.out.temperature == unit.temperature
    yield from balances.pressure(unit.feed, unit.out)
    heat = unit.duty + unit.condenser_duty
    yield from balances.energy([unit.feed], unit.outlets, heat=heat, work=unit.power)
    yield from _sums(unit)


def made(unit: Any, name: str) -> dict[str, Any]:
    """Components made in a tank, mol/s; the anode's charge equals the cathode's."""
    coupled, fe = unit.coupled[name], unit.faradaic_efficiency
    pairs = unit.current[name] / (2 * FARADAY)
    ketone = unit.ketone_loss * coupled
    return balances.add(
        balances.conversion(CONDENSATION, unit.condensed[name]),
        balances.conversion(COUPLING, coupled / 2),
        balances.conversion(SOLVENT_LOSS, (1 - fe) * pairs),
        balances.conversion(KETONE_LOSS, ketone),
        balances.conversion(HYDROGEN, pairs - ketone),
    )


def _tank(unit: Any, name: str, before: Any, liquid: Stream, vapour: Stream) -> Equations:
    tag, n = f"tank {name}: ", liquid.flow
    yield from balances.moles([before], [liquid, vapour], made(unit, name), tag=tag)
    rate = unit.rate_constant * unit.volume / unit.tanks * n["benzophenone imine"]
    yield f"{tag}coupling", unit.coupled[name] * liquid.volume_flow == rate
    charge = FARADAY * unit.coupled[name]
    yield f"{tag}current", unit.faradaic_efficiency * unit.current[name] == charge
    drop = (unit.tank_voltage[name] - unit.electrode_voltage) * unit.conductivity
    yield f"{tag}voltage", drop * unit.area == unit.current[name] * unit.tanks * unit.gap
    yield from balances.equilibrium(liquid, vapour, tag=tag)
    yield f"{tag}temperature", liquid.temperature == unit.temperature
    yield f"{tag}pressure", liquid.pressure == unit.feed.pressure


def _condenser(unit: Any) -> Equations:
    drain, tag = unit.condensate[0], "condenser: "
    yield from balances.moles(unit.vapour, [unit.offgas, drain], tag=tag)
    # With mole fractions as unknowns a small condensate on the way does no harm.
    x, liquid, gas = unit.condensate_fraction, unit.condensate_flow, unit.offgas
    for j in unit.condensables:
        henry = maths.exp(organic.ln_henry(j, unit.condenser_temperature))
        right = henry * x[j] * gas.total_flow
        yield f"{tag}equilibrium of {j}", gas.flow[j] * gas.pressure == right
        yield f"{tag}condensate of {j}", drain.flow[j] == x[j] * liquid
    yield f"{tag}mole fractions", sum(x[j] for j in unit.condensables) == 1
    yield from balances.same_state(drain, gas, tag)
    yield f"{tag}temperature", drain.temperature == unit.condenser_temperature
    yield f"{tag}pressure", drain.pressure == unit.feed.pressure
    yield from balances.energy(unit.vapour, [unit.offgas, drain], heat=unit.condenser_duty, tag=tag)


def _sums(unit: Any) -> Equations:
    names, tank = unit.tank_names, unit.tank[-1]
    total = sum(unit.current[n] for n in names)
    yield "total current", unit.total_current == total
    yield "residence time", unit.residence_time * unit.feed.volume_flow == unit.volume
    yield "mean current density", unit.current_density * unit.area == unit.total_current
    first = unit.current[names[0]] * unit.tanks
    yield "peak current density", unit.peak_current_density * unit.area == first
    potentials = unit.anode_potential - unit.cathode_potential
    yield "electrode voltage", unit.electrode_voltage == potentials
    yield "power", unit.power == sum(unit.current[n] * unit.tank_voltage[n] for n in names)
    yield "mean voltage", unit.voltage * unit.total_current == unit.power
    coupled = sum(unit.coupled[n] for n in names)
    yield "azine made", unit.azine_made == coupled / 2
    fed = unit.feed.content("N(-3)") + unit.feed.content("benzophenone imine")
    yield "conversion", unit.conversion * fed == coupled
    mass = unit.azine_made * molar_mass("N2H4")
    yield "specific energy", unit.specific_energy * mass == unit.power
    c = unit.azine_concentration
    yield "azine concentration", c * tank.volume_flow == tank.flow[azine.AZINE]
    at = azine.azine_solubility(unit.solubility, unit.heat_of_solution, unit.temperature)
    yield "saturation", unit.saturation == at


def currents(unit: Any) -> Mapping[str, Any]:
    """Charge of what changed at each electrode, and the current of the rectifiers."""

    def gained(*keys: str) -> Any:
        ends = [(1, unit.out), (1, unit.offgas), (-1, unit.feed)]
        return sum(s * p.flow[k] for s, p in ends for k in keys if k in p.flow)

    pairs = 2 * FARADAY
    return {
        "anode": pairs * gained(azine.AZINE, "formaldehyde"),
        "cathode": pairs * gained("H2", "benzhydrol"),
        "rectifiers": unit.total_current,
    }


def limits(unit: Any) -> list[Limit]:
    """Potential, temperature, dissolved azine, methanol, hydrogen, condenser."""
    return [*_dissolved(unit), *_electrodes(unit), *_temperatures(unit)]


def _dissolved(unit: Any) -> list[Limit]:
    c, s = value(unit.azine_concentration), value(unit.saturation)
    T = value(unit.temperature)
    methanol = [
        Limit(
            f"methanol left in tank {name}",
            tank.flow["methanol"],
            f"methanol is used up by the lost charge in tank {name} ({{margin:.3g}} mol/s left)."
            " Feed more, or raise the faradaic efficiency.",
        )
        for name, tank in zip(unit.tank_names, unit.tank, strict=True)
    ]
    return [
        Limit(
            "azine dissolved in the cell",
            unit.saturation - unit.azine_concentration,
            f"azine would crystallise in the cell: {c:.4g} mol/m3 in the last tank, soluble are"
            f" {s:.4g} mol/m3 at {T:.2f} K. Circulate more solvent per ammonia, warm the cell,"
            " or crystallise more from the recycle.",
        ),
        *methanol,
    ]


def _electrodes(unit: Any) -> list[Limit]:
    E, U = value(unit.anode_potential), value(unit.electrode_voltage)
    return [
        Limit(
            "anode potential",
            HIGHEST_POTENTIAL - unit.anode_potential,
            f"the anode potential {E:.3g} V exceeds {HIGHEST_POTENTIAL} V vs Ag/Ag+, beyond which"
            " the solvent is oxidised (faradaic efficiency below 0.75). Lower it.",
        ),
        Limit(
            "lowest anode potential",
            unit.anode_potential - LOWEST_POTENTIAL,
            f"the anode potential {E:.3g} V is below {LOWEST_POTENTIAL} V vs Ag/Ag+, where no"
            " faradaic efficiency and no rate were measured. Raise it.",
        ),
        Limit(
            "electrode voltage",
            unit.electrode_voltage - REVERSIBLE,
            f"the electrodes are {U:.3g} V apart, the reaction needs {REVERSIBLE} V at least."
            " Raise the anode potential or lower that of the cathode.",
        ),
        Limit(
            "hydrogen evolved",
            unit.offgas.flow["H2"],
            "benzhydrol would take more charge than the cathode has (hydrogen {margin:.3g}"
            " mol/s). Lower ketone_loss.",
        ),
    ]


def _temperatures(unit: Any) -> list[Limit]:
    T, cold = value(unit.temperature), value(unit.condenser_temperature)
    return [
        Limit(
            "cell temperature",
            HIGHEST_TEMPERATURE - unit.temperature,
            f"the cell is at {T:.2f} K; above {HIGHEST_TEMPERATURE} K solvent boils off with the"
            " hydrogen. Cool it.",
        ),
        Limit(
            "vent condenser",
            unit.temperature - unit.condenser_temperature,
            f"the vent condenser at {cold:.2f} K is no colder than the cell at {T:.2f} K."
            " Lower condenser_temperature.",
        ),
    ]
