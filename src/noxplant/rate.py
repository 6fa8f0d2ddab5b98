"""Gas and liquid in counter-current over a packing: two films, heat and mass at finite rates.

The bed is cut into cells, numbered from the top; over a cell the driving force is the mean of its two
ends (trapezoidal rule), so that a column with constant coefficients is met to second order. Nothing
here is a unit.

Water meets the gas film alone; the gas film of heat is that of water by the Lewis relation
h = k_y c_p. NH3 meets both films, without enhancement (its ions cannot move without a counter-ion
whose charge is fixed). CO2 meets both, enhanced by its reactions with OH- and NH3 (surface renewal,
E = sqrt(1 + D sum(k_i c_i)/k_L^2)); carbamate counts as the carbonate that it becomes. Left out is the
flow of vapour through the gas film (its mole fraction, as a part of the rates).

Source: two-film theory with Onda's coefficients; ammonia note 5.2; heat as in Treybal, Mass-Transfer
Operations, humidification.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from noxplant import balances, contact, maths, packing
from noxplant.constants import GAS_CONSTANT
from noxplant.errors import ModelError
from noxplant.species import molar_mass
from noxplant.species.numbers import read
from noxplant.thermo import aqueous, gas, transport
from noxplant.thermo.used import extrapolating
from noxplant.unit import Limit

Equations = Iterator[tuple[str, Any]]
COARSE: Final = 1.0
"""Largest number of gas-film transfer units of a cell; its error is below a twelfth of its square."""
HIGHEST: Final = 3e5
"""Pressure above which the equation of Robbins does not hold, Pa."""
ENDS: Final = ("top", "bottom")


@dataclass(frozen=True)
class Bed:
    """A packed bed; numbers or expressions.

    Attributes:
        packing: what is in it.
        section: cross-section, m2.
        height: packed height, m.
        cells: how many cells it is cut into.
        relative_viscosity: viscosity of the liquid over that of water.
        liquid_flux: kg/s/m2.
        gas_flux: kg/s/m2.
        density: of the liquid, kg/m3.
    """

    packing: packing.Packing
    section: Any
    height: Any
    cells: int
    relative_viscosity: Any
    liquid_flux: Any
    gas_flux: Any
    density: Any


@dataclass(frozen=True)
class Films:
    """Coefficients of a cell.

    Attributes:
        area: interface in the cell, m2.
        gas: gas-film coefficients by gas species, mol/s/m2/Pa.
        liquid: liquid-film coefficients by gas species, m/s; not of water.
    """

    area: Any
    gas: dict[str, Any]
    liquid: dict[str, Any]


def gas_mass(stream: Any) -> Any:
    """Mass flow of a gas, kg/s."""
    return sum(stream.flow[j] * molar_mass(j) for j in stream.phase_keys("gas"))


def liquid_mass(stream: Any) -> Any:
    """Mass flow of an aqueous stream, kg/s."""
    return contact.dissolved_mass(stream) + contact.water_mass(stream)


def gas_density(stream: Any) -> Any:
    """Density of a gas, kg/m3."""
    per_mole = gas_mass(stream) / stream.total_flow
    return stream.pressure * per_mole / (GAS_CONSTANT * stream.temperature)


def check_volatile(unit: str, inlets: Iterable[Any], liquids: Sequence[Any]) -> None:
    """Refuse vapours that have no diffusivities.

    Raises:
        ModelError: naming unit and vapour.
    """
    known = read("transport")["gas_diffusivity"]
    held = {j for s in (*inlets, *liquids) for j in _volatile(s)}
    for j in sorted(held - set(known)):
        raise ModelError(
            f"{unit}: {j} would pass between liquid and gas, but there are no diffusivities of {j}"
            f" here; a packed bed takes {', '.join(known)}.\n"
            "  Remove it before, or take the column of equilibrium stages (AirStripper, AcidTrap)."
        )


def _volatile(stream: Any) -> tuple[str, ...]:
    return () if stream.medium == "gas" else tuple(stream.volatile())


@extrapolating()
def films(
    bed: Bed, liquids: tuple[Any, Any], gases: tuple[Any, Any], names: Sequence[str]
) -> Films:
    """Coefficients of a cell at the mean state of its two ends.

    Args:
        bed: the bed.
        liquids: liquid above and below the cell.
        gases: gas above and below the cell.
        names: vapours that pass, e.g. NH3, H2O, CO2.
    """
    warm = (liquids[0].temperature + liquids[1].temperature) / 2
    cool = (gases[0].temperature + gases[1].temperature) / 2
    thick = transport.water_viscosity(warm) * bed.relative_viscosity
    state = (bed.liquid_flux, bed.density, thick)
    area = packing.wetted_area(bed.packing, *state, transport.surface_tension(warm))
    air, rho = transport.air_viscosity(cool), (gas_density(gases[0]) + gas_density(gases[1])) / 2
    out_gas, out_liquid = {}, {}
    for j in names:
        d = transport.gas_diffusivity(j, cool, gases[0].pressure)
        out_gas[j] = packing.gas_film(bed.packing, bed.gas_flux, rho, air, d, cool)
        if j != "H2O":
            d = transport.liquid_diffusivity(j, warm, bed.relative_viscosity)
            out_liquid[j] = packing.liquid_film(bed.packing, area, *state, d)
    return Films(area * bed.section * bed.height / bed.cells, out_gas, out_liquid)


def back_pressure(liquid: Any, name: str) -> Any:
    """Equilibrium pressure of a vapour over a liquid, Pa; zero when it cannot hold it."""
    return liquid.equilibrium_pressure(name) if name in liquid.volatile() else 0.0


def partial_pressure(stream: Any, name: str) -> Any:
    """Partial pressure of a vapour in a gas, Pa; zero when it cannot hold it."""
    return contact.gas_content(stream, name) / stream.total_flow * stream.pressure


def water_content(bed: Bed, liquid: Any) -> Any:
    """Free water per volume of liquid, kg/m3."""
    return liquid.truth.kilograms * bed.density / (bed.liquid_flux * bed.section)


@extrapolating()
def overall(bed: Bed, f: Films, liquids: tuple[Any, Any], name: str) -> Any:
    """Overall gas-side coefficient of a vapour at the mean state of a cell, mol/s/m2/Pa."""
    if name == "H2O":
        return f.gas[name]
    T = (liquids[0].temperature + liquids[1].temperature) / 2
    water = sum(water_content(bed, x) for x in liquids) / 2
    k = f.liquid[name]
    if name == "CO2":
        d = transport.liquid_diffusivity(name, T, bed.relative_viscosity)
        k = maths.sqrt(k**2 + d * water * _carbon_dioxide_rate(liquids, T))
    return 1 / (1 / f.gas[name] + maths.exp(aqueous.ln_henry(name, T)) / (k * water))


def _carbon_dioxide_rate(liquids: tuple[Any, Any], T: Any) -> Any:
    """Rate constant of CO2 with OH- and NH3 times their mean molality, m3/kg/s."""
    out: Any = 0.0
    for partner in ("OH-", "NH3"):
        held = [x.molality(partner) for x in liquids if partner in x.true]
        out = out + transport.carbon_dioxide_rate(partner, T) * sum(held) / 2
    return out


def _sensible(stream: Any, T: Any) -> Any:
    """Heat that a gas takes per mole when it warms to T, J/mol."""
    rise = sum(
        stream.flow[j] * (gas.enthalpy(j, T) - gas.enthalpy(j, stream.temperature))
        for j in stream.phase_keys("gas")
    )
    return rise / stream.total_flow


@extrapolating()
def heat_to_gas(f: Films, liquids: tuple[Any, Any], gases: tuple[Any, Any]) -> Any:
    """Heat passed to the gas by its film in a cell, W: Lewis relation with the film of water."""
    pairs = zip(liquids, gases, strict=True)
    mean = sum(_sensible(g, x.temperature) * g.pressure for x, g in pairs) / 2
    return f.gas["H2O"] * f.area * mean


@dataclass(frozen=True)
class Cell:
    """A cell of a bed: liquid and gas above and below it, and what passes.

    Attributes:
        liquids: above (enters) and below (leaves).
        gases: above (leaves) and below (enters).
        films: coefficients.
        passed: mol/s from liquid to gas by vapour.
        units: overall gas-side transfer units of ammonia.
    """

    liquids: tuple[Any, Any]
    gases: tuple[Any, Any]
    films: Films
    passed: dict[str, Any]
    units: Any


@extrapolating()
def cells(bed: Bed, liquids: Sequence[Any], gases: Sequence[Any]) -> list[Cell]:
    """Cells of a bed from the top, with the rates of what both phases can hold.

    Args:
        bed: the bed.
        liquids: cells + 1 liquids from the inlet at the top to the outlet.
        gases: cells + 1 gases from the outlet at the top to the inlet.
    """
    out = []
    for n in range(bed.cells):
        x, y = (liquids[n], liquids[n + 1]), (gases[n], gases[n + 1])
        names = [j for j in x[1].volatile() if j in y[0].phase_keys("gas")]
        f, passed, units = films(bed, x, y, names), {}, 0.0
        for j in names:
            whole = overall(bed, f, x, j) * f.area
            pairs = list(zip(x, y, strict=True))
            force = sum(back_pressure(a, j) - partial_pressure(b, j) for a, b in pairs) / 2
            passed[j] = whole * force
            if j == "NH3":
                units = whole * y[0].pressure / y[0].total_flow
        out.append(Cell(x, y, f, passed, units))
    return out


def balance(c: Cell, tag: str) -> Equations:
    """Balances and rates of one cell; `tag` is put before the name of each equation."""
    (above, below), (top, bottom) = c.liquids, c.gases
    yield from balances.moles([above, bottom], [below, top], tag=tag)
    yield from balances.energy([above, bottom], [below, top], tag=tag)
    carried: Any = 0.0
    for j, flow in c.passed.items():
        yield f"{tag}rate of {j}", top.flow[j] == contact.gas_content(bottom, j) + flow
        with extrapolating():
            heat = (gas.enthalpy(j, above.temperature) + gas.enthalpy(j, below.temperature)) / 2
        carried = carried + flow * heat
    carried = carried + heat_to_gas(c.films, c.liquids, c.gases)
    yield f"{tag}energy of the gas", top.enthalpy_flow == bottom.enthalpy_flow + carried


def pressures(liquids: Sequence[Any], gases: Sequence[Any], drop: Any) -> Equations:
    """Pressures along the bed, linear between the gas inlet and its outlet."""
    count = len(liquids) - 1
    bottom = gases[-1].pressure
    for n in range(count):
        yield (
            f"cell {n + 1}: gas pressure",
            gases[n].pressure == bottom - drop * ((count - n) / count),
        )
        left = (count - n - 1) / count
        yield f"cell {n + 1}: liquid pressure", liquids[n + 1].pressure == bottom - drop * left


def profile(unit: Any, liquids: Sequence[Any]) -> Equations:
    """Temperature and p_H of the liquid below each cell; `unit` has quantities over its `levels`."""
    for level, x in zip(unit.levels, liquids[1:], strict=True):
        yield f"temperature below {level}", unit.liquid_temperature[level] == x.temperature
        yield f"p_H below {level}", unit.ph[level] == x.ph


def hydraulics(unit: Any, bed: Bed, liquids: Sequence[Any], gases: Sequence[Any]) -> Equations:
    """Fluxes, density, flooding at both ends and pressure drop of a packed unit.

    Args:
        unit: has quantities liquid_flux, gas_flux, liquid_density, flooding[top, bottom] and
            pressure_drop.
        bed: its bed, made of them.
        liquids: from the top.
        gases: from the top.
    """
    mass, inlet = liquid_mass(liquids[0]), liquids[0]
    yield "liquid flux", unit.liquid_flux * bed.section == mass
    yield "liquid density", unit.liquid_density * inlet.volume_flow == mass
    gas_masses = [gas_mass(g) for g in (gases[0], gases[-1])]
    yield "gas flux", unit.gas_flux * bed.section == sum(gas_masses) / 2
    gradients = []
    for end, x, g, m in zip(
        ENDS, (liquids[0], liquids[-1]), (gases[0], gases[-1]), gas_masses, strict=True
    ):
        thick = _viscosity(bed, x)
        state = (bed.liquid_flux, m / bed.section, bed.density, gas_density(g), thick)
        loads = packing.loads(bed.packing, *state)
        yield (
            f"flooding at the {end}",
            packing.flooding_residual(bed.packing, unit.flooding[end], *loads) == 0,
        )
        # Beyond flooding there is no steady state: the gradient stays there, so that a solve gets to
        # the point where it is refused.
        u, b = packing.friction(*loads)
        u = u / maths.smooth_max(unit.flooding[end], 1.0, 1e-3) ** 2
        gradients.append(packing.INCH_PER_FOOT * (u + b * u**4))
    yield "pressure drop", unit.pressure_drop == bed.height * sum(gradients) / 2


@extrapolating()
def _viscosity(bed: Bed, liquid: Any) -> Any:
    return transport.water_viscosity(liquid.temperature) * bed.relative_viscosity


def limits(unit: Any, bed: Bed, gases: Sequence[Any], units_of_cells: Sequence[Any]) -> list[Limit]:
    """Flooding, liquid load, pressure and fineness of the cells.

    Args:
        unit: as for `hydraulics`.
        bed: its bed.
        gases: from the top.
        units_of_cells: gas-side transfer units of each cell.
    """
    out = []
    for end, g in zip(ENDS, (gases[0], gases[-1]), strict=True):
        share = contact.at(unit.flooding[end])
        speed = contact.at(gas_mass(g) / bed.section / gas_density(g))
        out.append(
            Limit(
                f"flooding at the {end}",
                1 - unit.flooding[end],
                f"the packing floods at the {end}: the gas rises at {speed:.4g} m/s, {share:.4g} times"
                f" the {speed / share:.4g} m/s that flood {bed.packing.name} at this liquid flux."
                " Raise the section (design for 0.7 of flooding), take less gas or a larger packing.",
            )
        )
    return [*out, *_ranges(bed, gases[-1]), _fineness(bed, units_of_cells)]


def _ranges(bed: Bed, inlet: Any) -> list[Limit]:
    """Where the equation of Robbins holds."""
    state = (bed.liquid_flux, bed.gas_flux, bed.density, gas_density(inlet))
    thick = transport.water_viscosity(298.15) * bed.relative_viscosity
    load = packing.loads(bed.packing, *state, thick)[0]
    most = packing.LIQUID_LOAD
    return [
        Limit(
            "liquid load",
            (most - load) / most,
            f"the liquid load is {contact.at(load):.5g} lb/h/ft2 ({contact.at(bed.liquid_flux):.4g}"
            f" kg/s/m2); the pressure drop of Robbins holds up to {most:g}. Raise the section.",
        ),
        Limit(
            "pressure of the bed",
            (HIGHEST - inlet.pressure) / HIGHEST,
            f"the gas enters at {contact.at(inlet.pressure):.5g} Pa; the pressure drop of Robbins"
            f" holds up to {HIGHEST:g} Pa. Throttle the gas, or take AirStripper or AcidTrap.",
        ),
    ]


def _fineness(bed: Bed, units: Sequence[Any]) -> Limit:
    finest = max(units, key=contact.at)
    return Limit(
        "fineness of the cells",
        COARSE - finest,
        f"a cell has {contact.at(finest):.3g} transfer units; above {COARSE:g} the cells are too"
        f" coarse. Make the unit with more than its {bed.cells} cells.",
    )
