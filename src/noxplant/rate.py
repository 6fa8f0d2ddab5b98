"""Gas and liquid in counter-current over a packing: two films, heat and mass at finite rates.

The bed is cut into cells, numbered from the top, in pairs whose heights follow a cosine: short at both
ends, where a hot liquor or a dry gas enters and all changes within a few centimetres, long in the
middle. Rates are taken at the levels between the cells; what passes in a cell is the integral of the
parabola through the three levels of its pair (collocation of Lobatto, order 4). Nothing here is a unit.

Water meets the gas film alone; the gas film of heat is that of water by the Lewis relation
h = k_y c_p. NH3 meets both films, without enhancement (its ions cannot move without a counter-ion
whose charge is fixed). CO2 meets both, enhanced by its reactions with OH- and NH3 (surface renewal,
E = sqrt(1 + D sum(k_i c_i)/k_L^2)); carbamate counts as the carbonate that it becomes. The net flow of
vapour through the gas film carries all of them along (`noxplant.thermo.film.drift`) where a unit gives
it; for the conduction of heat the molar heats of vapour and gas are taken equal in that.

Source: two-film theory with Onda's coefficients; ammonia note 5.2; heat as in Treybal, Mass-Transfer
Operations, humidification; film theory of net flow (Stefan, Ackermann). Collocation: Hairer and Wanner,
Solving Ordinary Differential Equations II, IV.5 (Lobatto IIIA, 3 stages).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from noxplant import balances, contact, maths, packing
from noxplant.constants import ATMOSPHERE, GAS_CONSTANT, T_REFERENCE
from noxplant.errors import ModelError, SpecError
from noxplant.packing import Bed
from noxplant.species.numbers import read
from noxplant.thermo import aqueous, film, gas, transport
from noxplant.thermo.used import extrapolating
from noxplant.unit import Limit

Equations = Iterator[tuple[str, Any]]
COARSE: Final = 2.0
"""Most transfer units of heat and water in a cell; those by which a hot liquor cools count twice."""
UNSURE: Final = 0.02
"""Largest error of the ammonia left, over itself, that the cells may make."""
HEAT: Final = 75.3
"""Molar heat of water, J/mol/K, for the fineness of the cells (NIST)."""
LATENT: Final = 44e3
"""Heat of evaporation of water, J/mol, for the fineness of the cells (25 C, NIST)."""


def even(unit: str, cells: object) -> int:
    """A number of cells, checked: they stand in pairs.

    Raises:
        SpecError: not a whole even number of at least 2.
    """
    if isinstance(cells, bool) or not isinstance(cells, int) or cells < 2 or cells % 2:
        raise SpecError(
            f"{unit}.cells = {cells!r}: give an even whole number, at least 2.\n"
            "  The cells of a packed bed stand in pairs; 20 are the default."
        )
    return cells


def shares(cells: int) -> list[float]:
    """Heights of the cells over that of the bed, from the top: pairs between cosine points."""
    pairs = cells // 2
    ends = [(1 - math.cos(math.pi * n / pairs)) / 2 for n in range(pairs + 1)]
    return [(ends[n // 2 + 1] - ends[n // 2]) / 2 for n in range(cells)]


def above(cells: int) -> list[float]:
    """Part of the bed that lies above the lower end of each cell, from the top."""
    parts = shares(cells)
    return [sum(parts[: n + 1]) for n in range(cells)]


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


def back_pressure(liquid: Any, name: str) -> Any:
    """Equilibrium pressure of a vapour over a liquid, Pa; zero when it cannot hold it."""
    return liquid.equilibrium_pressure(name) if name in liquid.volatile() else 0.0


def partial_pressure(stream: Any, name: str) -> Any:
    """Partial pressure of a vapour in a gas, Pa; zero when it cannot hold it."""
    return contact.gas_content(stream, name) / stream.total_flow * stream.pressure


@extrapolating()
def liquid_film(bed: Bed, area: Any, liquid: Any) -> Any:
    """Liquid-film coefficient of ammonia at a level, m/s; `area` is the wetted one, m2/m3."""
    T, mass = liquid.temperature, contact.liquid_mass(liquid)
    state = (mass / bed.section, bed.density, thickness(bed, liquid))
    d = transport.liquid_diffusivity("NH3", T, bed.relative_viscosity)
    return packing.liquid_film(bed.packing, area, *state, d)


@extrapolating()
def thickness(bed: Bed, liquid: Any) -> Any:
    """Viscosity of the liquid, Pa s."""
    return transport.water_viscosity(liquid.temperature) * bed.relative_viscosity


@extrapolating()
def _dissolved(bed: Bed, area: Any, liquid: Any, name: str) -> Any:
    """Resistance of the liquid film on the pressure of a vapour, m2 s Pa/mol."""
    T = liquid.temperature
    water = liquid.truth.kilograms * bed.density / contact.liquid_mass(liquid)
    k = liquid_film(bed, area, liquid)
    if name == "CO2":
        k = k * (_liquid_ratio(name)) ** 0.5
        d = transport.liquid_diffusivity(name, T, bed.relative_viscosity)
        k = maths.sqrt(k**2 + d * water * _carbon_dioxide_rate(liquid, T))
    return maths.exp(aqueous.ln_henry(name, T)) / (k * water)


def _liquid_ratio(name: str) -> float:
    d = [float(transport.liquid_diffusivity(j, T_REFERENCE)) for j in (name, "NH3")]
    return d[0] / d[1]


def gas_ratio(name: str) -> float:
    """Gas film of a vapour over that of water: diffusivities to the power 2/3 (Onda)."""
    d = [float(transport.gas_diffusivity(j, T_REFERENCE, ATMOSPHERE)) for j in (name, "H2O")]
    return float((d[0] / d[1]) ** (2 / 3))


def _carbon_dioxide_rate(liquid: Any, T: Any) -> Any:
    """Rate constant of CO2 with OH- and NH3 times their molality, m3/kg/s."""
    out: Any = 0.0
    for partner in ("OH-", "NH3"):
        if partner in liquid.true:
            out = out + transport.carbon_dioxide_rate(partner, T) * liquid.molality(partner)
    return out


def vapours(unit: Any) -> list[str]:
    """Vapours that liquid and gas of a packed unit can both hold, before it is built."""
    liquid, gases = (unit.ports[k][0].keys for k in ("liquid", "gas"))
    pairs = (("NH3", contact.AMMONIA), ("H2O", "H2O"), ("CO2", "C(4)"))
    fed = [*liquid.get("aqueous", ()), *gases.get("gas", ())]
    return [j for j, c in pairs if j in fed or c in fed]


def levels(unit: Any, bed: Bed, liquids: Sequence[Any], gases: Sequence[Any]) -> Equations:
    """Wetting, films and fluxes at the levels of a bed from the top: cells + 1 of them.

    Args:
        unit: has wetted, film_units, heat_flux over its `points`; flux over its `passages`, vapour
            and point; of a stripper, whose fluxes are all here, also ammonia_units over `points`.
        bed: the bed.
        liquids: cells + 1 liquids from the inlet at the top to the outlet.
        gases: cells + 1 gases from the outlet at the top to the inlet at the bottom.
    """
    held = vapours(unit)
    names = [j for j in held if f"{j}, {unit.points[0]}" in unit.passages]
    volume = bed.section * bed.height
    for point, liquid, flow in zip(unit.points, liquids, gases, strict=True):
        yield from _films(unit, bed, point, liquid, flow)
        surface = bed.packing.area * volume
        net = sum(unit.flux[f"{j}, {point}"] for j in names) if names == held else 0.0
        share = net * surface / (unit.film_units[point] * flow.total_flow)
        energy: Any = 0.0
        for j in names:
            weights = film.drift(share / gas_ratio(j))
            flux = unit.flux[f"{j}, {point}"]
            units = _units(unit, bed, (point, liquid, flow), j, weights[0])
            if j == "NH3":
                yield f"transfer units, {point}", unit.ammonia_units[point] == units
                units = unit.ammonia_units[point]
            force = weights[0] * back_pressure(liquid, j) / flow.pressure
            force = force - weights[1] * contact.gas_content(flow, j) / flow.total_flow
            yield f"flux of {j}, {point}", flux * surface == units * flow.total_flow * force
            energy = energy + flux * _carried(j, liquid, flow)
        conduction = unit.film_units[point] * _sensible(flow, liquid.temperature)
        conduction = conduction * sum(film.drift(share)) / 2
        energy = energy * surface + conduction
        yield f"heat flux, {point}", unit.heat_flux[point] * surface == energy


def _films(unit: Any, bed: Bed, point: str, liquid: Any, flow: Any) -> Equations:
    """Wetted part of the packing and gas-film units of water, at the fluxes of a level."""
    with extrapolating():
        state = (contact.liquid_mass(liquid) / bed.section, bed.density, thickness(bed, liquid))
        tension = transport.surface_tension(liquid.temperature)
        wet = packing.wetted_area(bed.packing, *state, tension)
        T, flux = flow.temperature, contact.gas_mass(flow) / bed.section
        d = transport.gas_diffusivity("H2O", T, flow.pressure)
        thin = transport.air_viscosity(T)
        k = packing.gas_film(bed.packing, flux, contact.gas_density(flow), thin, d, T)
    area = unit.wetted[point] * bed.packing.area
    yield f"wetted part, {point}", area == wet
    whole = k * area * flow.pressure * bed.section * bed.height
    yield f"gas film, {point}", unit.film_units[point] * flow.total_flow == whole


def _units(unit: Any, bed: Bed, state: tuple[str, Any, Any], name: str, weight: Any) -> Any:
    """Overall gas-side transfer units of a vapour, if the level were the whole bed."""
    point, liquid, flow = state
    units = unit.film_units[point] * gas_ratio(name)
    if name == "H2O":
        return units
    area = unit.wetted[point] * bed.packing.area
    reach = area * bed.section * bed.height * flow.pressure
    behind = _dissolved(bed, area, liquid, name) * flow.total_flow / reach
    return units / (1 + units * weight * behind)


@extrapolating()
def _carried(name: str, liquid: Any, flow: Any) -> Any:
    """Molar enthalpy of a vapour halfway through the gas film, J/mol."""
    return (gas.enthalpy(name, liquid.temperature) + gas.enthalpy(name, flow.temperature)) / 2


@extrapolating()
def _sensible(stream: Any, T: Any) -> Any:
    """Heat that a gas takes when it warms to T, W."""
    return sum(
        stream.flow[j] * (gas.enthalpy(j, T) - gas.enthalpy(j, stream.temperature))
        for j in stream.phase_keys("gas")
    )


@dataclass
class Cell:
    """A cell of a bed: liquid and gas above and below it, and what passes in it.

    Attributes:
        liquids: above (enters) and below (leaves).
        gases: above (leaves) and below (enters).
        volume: packed volume, m3.
        passed: mol/s from liquid to gas by vapour.
        energy: W into the gas, with the enthalpy of what passes.
    """

    liquids: tuple[Any, Any]
    gases: tuple[Any, Any]
    volume: Any
    passed: dict[str, Any]
    energy: Any


def weights(n: int) -> dict[int, float]:
    """Weights of the levels in the mean over cell n: the parabola through those of its pair."""
    first = n - n % 2
    parts = (5 / 12, 8 / 12, -1 / 12) if n % 2 == 0 else (-1 / 12, 8 / 12, 5 / 12)
    return {first + k: w for k, w in enumerate(parts)}


def cells(unit: Any, bed: Bed, liquids: Sequence[Any], gases: Sequence[Any]) -> list[Cell]:
    """Cells of a bed from the top; arguments as `levels`."""
    out = []
    names = [k.split(", ")[0] for k in unit.passages if k.endswith(f", {unit.points[0]}")]
    for n, part in enumerate(shares(bed.cells)):
        volume = bed.section * bed.height * part
        surface = volume * bed.packing.area
        mean = [(unit.points[k], w) for k, w in weights(n).items()]
        passed = {
            j: surface * sum(w * unit.flux[f"{j}, {point}"] for point, w in mean) for j in names
        }
        energy = surface * sum(w * unit.heat_flux[point] for point, w in mean)
        pair = ((liquids[n], liquids[n + 1]), (gases[n], gases[n + 1]))
        out.append(Cell(*pair, volume, passed, energy))
    return out


def mean(unit: Any, bed: Bed, quantity: Any) -> Any:
    """Mean over a bed of a quantity that the unit has over its `points`."""
    return sum(
        part * w * quantity[unit.points[k]]
        for n, part in enumerate(shares(bed.cells))
        for k, w in weights(n).items()
    )


def balance(c: Cell, tag: str) -> Equations:
    """Balances and rates of one cell; `tag` is put before the name of each equation."""
    (above, below), (top, bottom) = c.liquids, c.gases
    yield from balances.moles([above, bottom], [below, top], tag=tag)
    yield from balances.energy([above, bottom], [below, top], tag=tag)
    for j, flow in c.passed.items():
        yield f"{tag}rate of {j}", top.flow[j] == contact.gas_content(bottom, j) + flow
    yield f"{tag}energy of the gas", top.enthalpy_flow == bottom.enthalpy_flow + c.energy


def pressures(liquids: Sequence[Any], gases: Sequence[Any], drop: Any) -> Equations:
    """Pressures along the bed, linear in height between the gas inlet and its outlet."""
    bottom, left = gases[-1].pressure, 1.0
    for n, share in enumerate(above(len(liquids) - 1)):
        yield f"cell {n + 1}: gas pressure", gases[n].pressure == bottom - drop * left
        left = 1.0 - share
        yield f"cell {n + 1}: liquid pressure", liquids[n + 1].pressure == bottom - drop * left


def profile(unit: Any, bed: Bed, liquids: Sequence[Any]) -> Equations:
    """Depth, temperature and p_H below each cell; `unit` has quantities over its `levels`."""
    for name, share, x in zip(unit.levels, above(bed.cells), liquids[1:], strict=True):
        yield f"depth of the end of {name}", unit.depth[name] == share * bed.height
        yield f"temperature below {name}", unit.liquid_temperature[name] == x.temperature
        yield f"p_H below {name}", unit.ph[name] == x.ph


def _exponents(unit: Any, point: str, liquid: Any, flow: Any) -> tuple[Any, Any]:
    """Transfer units by which the driving forces of heat with water, and of ammonia, change.

    N (1 - S) with the gas-side transfer units N and the stripping factor S: slope of the equilibrium
    pressure over that of the balance. Of heat: with the vapour pressure of water against temperature
    (Clausius and Clapeyron); twice that, as it bends, and at least N, by which the gas follows.
    """
    slope = back_pressure(liquid, "H2O") * LATENT / (GAS_CONSTANT * liquid.temperature**2)
    per = flow.total_flow / flow.pressure
    warm = slope * LATENT / HEAT * per / liquid.flow["H2O"]
    held = liquid.flow[contact.AMMONIA] + contact.TINY * liquid.total_flow
    strip = back_pressure(liquid, "NH3") / held * per
    steep = max(2 * (warm - 1), 1.0, key=contact.at)
    return unit.film_units[point] * steep, unit.ammonia_units[point] * (1 - strip)


def fineness(unit: Any, bed: Bed, liquids: Sequence[Any], gases: Sequence[Any]) -> Limit:
    """The cells of a stripper must follow the driving forces; arguments as `levels`.

    The error of a pair over which a driving force falls by exp(-z) is z^5/720 (Pade (2, 2)). That of
    ammonia falls on the liquor's way down where S > 1; elsewhere the gas takes what it can hold.
    """
    triples = zip(unit.points, liquids, gases, strict=True)
    powers = [_exponents(unit, *t) for t in triples]
    steps, error = [], 0.0
    for n, part in enumerate(shares(bed.cells)):
        steps += [power[0] * part for power in powers[n : n + 2]]
        half = part * (powers[n][1] + powers[n + 1][1]) / 2
        error = error + 16 * min(half, 0.0, key=contact.at) ** 5 / 720
    steepest, off = max(steps, key=contact.at), abs(contact.at(error))
    margins = [(COARSE - steepest) / COARSE, (UNSURE - maths.sqrt(error**2)) / UNSURE]
    return Limit(
        "fineness of the cells",
        min(margins, key=contact.at),
        f"a cell has {contact.at(steepest):.3g} transfer units of heat and water, and the ammonia left"
        f" is off by {100 * off:.2g} %; above {COARSE:g} or {100 * UNSURE:g} % the cells are too coarse."
        f" Make the unit with more than its {bed.cells} cells.",
    )
