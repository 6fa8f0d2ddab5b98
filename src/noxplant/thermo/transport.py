"""Viscosity, surface tension and diffusion for gas and liquid in contact: water, air, NH3, CO2.

Data, their sources and classes: `species/data/transport.toml`. Numbers outside the ranges are
refused (`used.at`), Pyomo variables bounded.
"""

from __future__ import annotations

from typing import Any, Final

from noxplant import maths
from noxplant.constants import ATMOSPHERE, T_REFERENCE, ZERO_CELSIUS
from noxplant.errors import SpeciesError, nearest
from noxplant.species.numbers import number, read
from noxplant.thermo import used
from noxplant.thermo.aqueous import LN10

AIR: Final = (250.0, 400.0)
"""Range of the viscosity of air and of diffusion in it, K."""


def water_viscosity(T: Any) -> Any:
    """Viscosity of liquid water in Pa s.

    Args:
        T: temperature [K], 273.15..373.15; float, array or expression.

    Within 2 % of CoolProp at 1 C, 0.9 % from 12 to 99 C.

    >>> round(water_viscosity(298.15) * 1e3, 4)
    0.8905
    """
    used.at("viscosity of water", T, used.AQUEOUS, "viscosities of water")
    a, b, c = number("transport.water.viscosity")
    return a * maths.exp(LN10 * b / (T - c))


def surface_tension(T: Any) -> Any:
    """Surface tension of water in N/m at T [K], 273.15..373.15; 0.12 % (CoolProp)."""
    used.at("surface tension of water", T, used.AQUEOUS, "surface tensions of water")
    big, mu, b, critical = number("transport.water.surface_tension")
    u = 1 - T / critical
    return big * u**mu * (1 - b * u)


def air_viscosity(T: Any) -> Any:
    """Viscosity of dry air in Pa s at T [K], 250..400; 0.8 % (CoolProp).

    Saturated air of 50 C is some 3 % less viscous; that is neglected.
    """
    used.at("viscosity of air", T, AIR, "viscosities of air")
    b, s = number("transport.air.viscosity")
    return b * T**1.5 / (T + s)


def _known(table: str, name: str, where: str) -> float:
    known = read("transport")[table]
    if name not in known:
        raise SpeciesError(
            f"There is no diffusivity of {name!r} in {where}.{nearest(name, known)}"
            f" Known: {', '.join(known)}."
        )
    return float(number(f"transport.{table}.{name}"))


def gas_diffusivity(name: str, T: Any, pressure: Any) -> Any:
    """Diffusivity of a trace in air, m2/s.

    Args:
        name: NH3, H2O or CO2.
        T: temperature [K], 250..400.
        pressure: Pa.

    Source: Massman 1998; H2O and CO2 within 4 % of the CRC table.
    """
    base = _known("gas_diffusivity", name, "air")
    used.at("diffusivity in air", T, AIR, "diffusivities in air")
    power = number("transport.air.diffusion_exponent")
    return base * (T / ZERO_CELSIUS) ** power * ATMOSPHERE / pressure


def liquid_diffusivity(name: str, T: Any, relative_viscosity: Any = 1.0) -> Any:
    """Diffusivity of a dissolved gas in m2/s: that in water at 25 C times T over viscosity.

    Args:
        name: NH3 (1.5e-9 to 2.3e-9 in the literature, 1.6e-9 here) or CO2.
        T: temperature [K], 273.15..373.15.
        relative_viscosity: viscosity of the solution over that of water.
    """
    base = _known("liquid_diffusivity", name, "water")
    thinner = water_viscosity(T_REFERENCE) / water_viscosity(T)
    return base * T / T_REFERENCE * thinner / relative_viscosity


def carbon_dioxide_rate(partner: str, T: Any) -> Any:
    """Rate constant of CO2 with OH- (to HCO3-) or NH3 (to carbamate) in m3/mol/s, infinite dilution.

    Args:
        partner: "OH-" or "NH3".
        T: temperature [K]; measured from 273.15 to 313.15, extrapolated to 373.15.

    Source: Pinsent, Pearson and Roughton 1956 (ionic strength raises it); that of NH3 is recalled.

    >>> round(1e3 * carbon_dioxide_rate("OH-", 298.15)), round(1e3 * carbon_dioxide_rate("NH3", 298.15))
    (8415, 440)
    """
    words = f"rate constant of CO2 and {partner}"
    used.at(words, T, used.AQUEOUS, f"rate constants of CO2 and {partner}")
    a, b = number(f"transport.rate.CO2 + {partner}")
    return 1e-3 * maths.exp(LN10 * (a - b / T))


def ions() -> tuple[str, ...]:
    """Ions with a diffusivity."""
    return tuple(read("transport")["ion_diffusivity"])


def ion_diffusivity(name: str, T: Any, relative_viscosity: Any = 1.0) -> Any:
    """Diffusivity of an ion at infinite dilution in m2/s; arguments as `liquid_diffusivity`.

    That at 25 C times T over the viscosity of water (H+ and OH- change less with temperature).
    """
    base = _known("ion_diffusivity", name, "water")
    thinner = water_viscosity(T_REFERENCE) / water_viscosity(T)
    return base * T / T_REFERENCE * thinner / relative_viscosity
