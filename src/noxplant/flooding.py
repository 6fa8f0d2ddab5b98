"""Hydraulics of a packed bed between its streams: fluxes, flooding, pressure drop and where they hold.

Source: Robbins 1991 for the pressure drop, Kister and Gill 1991 for flooding; `noxplant.packing`.
Nothing here is a unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from noxplant import contact, maths, packing
from noxplant.packing import Bed
from noxplant.thermo import transport
from noxplant.thermo.used import extrapolating
from noxplant.unit import Limit

Equations = Iterator[tuple[str, Any]]
HIGHEST: Final = 3e5
"""Pressure above which the equation of Robbins does not hold (Perry), Pa."""
PRELIMINARY: Final = 1.2e5
"""Pressure above which its factor of the gas density makes it preliminary (Kister), Pa."""
ENDS: Final = ("top", "bottom")


def hydraulics(unit: Any, bed: Bed, liquids: Sequence[Any], gases: Sequence[Any]) -> Equations:
    """Fluxes, density, flooding at both ends and pressure drop of a packed unit.

    Args:
        unit: has quantities liquid_flux, gas_flux, liquid_density, flooding[top, bottom] and
            pressure_drop.
        bed: its bed, made of them.
        liquids: from the top.
        gases: from the top.
    """
    mass, inlet = contact.liquid_mass(liquids[0]), liquids[0]
    yield "liquid flux", unit.liquid_flux * bed.section == mass
    yield "liquid density", unit.liquid_density * inlet.volume_flow == mass
    gas_masses = [contact.gas_mass(g) for g in (gases[0], gases[-1])]
    yield "gas flux", unit.gas_flux * bed.section == sum(gas_masses) / 2
    gradients = []
    for end, x, g, m in zip(
        ENDS, (liquids[0], liquids[-1]), (gases[0], gases[-1]), gas_masses, strict=True
    ):
        thick = _viscosity(bed, x)
        rho = contact.gas_density(g)
        state = (bed.liquid_flux, m / bed.section, bed.density, rho, thick, g.pressure)
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


def limits(unit: Any, bed: Bed, gases: Sequence[Any]) -> list[Limit]:
    """Flooding, liquid load and pressure.

    Args:
        unit: as for `hydraulics`.
        bed: its bed.
        gases: from the top.
    """
    out = []
    for end, g in zip(ENDS, (gases[0], gases[-1]), strict=True):
        share = contact.at(unit.flooding[end])
        speed = contact.at(contact.gas_mass(g) / bed.section / contact.gas_density(g))
        out.append(
            Limit(
                f"flooding at the {end}",
                1 - unit.flooding[end],
                f"the packing floods at the {end}: the gas rises at {speed:.4g} m/s, {share:.4g} times"
                f" the {speed / share:.4g} m/s that flood {bed.packing.name} at this liquid flux."
                " Raise the section (design for 0.7 of flooding), take less gas or a larger packing.",
            )
        )
    return [*out, *_ranges(bed, gases[-1])]


def _ranges(bed: Bed, inlet: Any) -> list[Limit]:
    """Where the equation of Robbins holds."""
    state = (bed.liquid_flux, bed.gas_flux, bed.density, contact.gas_density(inlet))
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


def warnings(gases: Sequence[Any]) -> Iterator[str]:
    """Pressures at which pressure drop and flooding are preliminary."""
    pressure = contact.at(gases[-1].pressure)
    if pressure > PRELIMINARY:
        yield (
            f"the gas enters at {pressure:.4g} Pa; above {PRELIMINARY:g} Pa the pressure drop of Robbins"
            " is preliminary (its factor of the gas density is an approximation), and so are flooding"
            " and section. Ask the maker of the packing."
        )
