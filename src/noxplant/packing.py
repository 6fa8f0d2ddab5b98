"""Random packings: wetted area and film coefficients (Onda), pressure drop (Robbins), flooding.

Functions of floats or Pyomo expressions; nothing here is a unit. Mass fluxes are per empty column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from noxplant import maths
from noxplant.constants import ATMOSPHERE, GAS_CONSTANT, STANDARD_GRAVITY
from noxplant.errors import SpecError, nearest
from noxplant.species.numbers import number, read

FOOT: Final = 0.3048  # m, exact
FLUX: Final = 737.33812  # lb/h/ft2 per kg/s/m2
DENSITY: Final = 0.062427961  # lb/ft3 per kg/m3
INCH_PER_FOOT: Final = 817.22083  # Pa/m per inch of water per foot
SMALL: Final = 0.015
"""Size of rings and saddles below which the constant of the gas film is 2.00 (Onda), m."""
DRY_FACTORS: Final = (15.0, 200.0)
"""Dry packing factors for which the equation of Robbins holds as written here, 1/ft."""
LIQUID_LOAD: Final = 20000.0
"""Largest liquid load of the equation of Robbins, lb/h/ft2."""
ONSET: Final = 1.12e5
"""Pressure at which half of the density's factor of Robbins counts, Pa."""
SPREAD: Final = 800.0
"""Width of its rise, Pa."""
HIGHEST_FACTOR: Final = 60.0
"""Packing factor above which packings flood at 2 inches of water per foot, 1/ft."""


@dataclass(frozen=True)
class Packing:
    """A random packing.

    Attributes:
        name: as in `names()`.
        size: nominal size, m.
        area: specific area, m2/m3.
        void: void fraction.
        factor: packing factor F_p (Kister and Gill), 1/m.
        dry_factor: dry packing factor F_pd (Robbins), 1/m.
        surface_tension: critical surface tension of the material, N/m.
    """

    name: str
    size: float
    area: float
    void: float
    factor: float
    dry_factor: float
    surface_tension: float


@dataclass(frozen=True)
class Bed:
    """A packed bed; numbers or expressions.

    Attributes:
        packing: what is in it.
        section: cross-section, m2.
        height: packed height, m.
        cells: how many cells it is cut into.
        relative_viscosity: viscosity of the liquid over that of water.
        liquid_flux: of the liquid fed, kg/s/m2.
        gas_flux: mean of both ends, kg/s/m2.
        density: of the liquid fed, kg/m3.
    """

    packing: Packing
    section: Any
    height: Any
    cells: int
    relative_viscosity: Any
    liquid_flux: Any
    gas_flux: Any
    density: Any


def names() -> tuple[str, ...]:
    """Names of the packings with data."""
    return tuple(read("packings")["packing"])


def packing(name: str, unit: str = "packing") -> Packing:
    """Packing by name, e.g. "plastic Pall rings 50 mm".

    Args:
        name: one of `names()`.
        unit: who asks, for the message.

    Raises:
        SpecError: there is no such packing; the message lists those with data.
    """
    if name not in names():
        raise SpecError(
            f"{unit}: there are no data for a packing {name!r}.{nearest(str(name), names())}\n"
            f"  Known: {', '.join(names())}."
        )
    material = name.split()[0]
    sigma = float(number(f"packings.critical_surface_tension.{material}"))
    size, area, void, factor, dry = number(f"packings.packing.{name}.geometry")
    return Packing(name, size, area, void, factor, dry, sigma)


def wetted_area(
    p: Packing, liquid_flux: Any, density: Any, viscosity: Any, surface_tension: Any
) -> Any:
    """Wetted area per packed volume in m2/m3 (Onda, Takeuchi and Okumoto 1968, equation 1).

    Args:
        p: packing.
        liquid_flux: kg/s/m2.
        density: of the liquid, kg/m3.
        viscosity: of the liquid, Pa s.
        surface_tension: of the liquid, N/m.

    Error: 20 % (stated by Onda); on plastic the wetting is less certain.
    """
    reynolds = liquid_flux / (p.area * viscosity)
    froude = liquid_flux**2 * p.area / (density**2 * STANDARD_GRAVITY)
    weber = liquid_flux**2 / (density * surface_tension * p.area)
    wetting = (p.surface_tension / surface_tension) ** 0.75
    power = -1.45 * wetting * reynolds**0.1 * froude**-0.05 * weber**0.2
    return p.area * (1 - maths.exp(power))


def liquid_film(
    p: Packing, wetted: Any, liquid_flux: Any, density: Any, viscosity: Any, diffusivity: Any
) -> Any:
    """Liquid-film coefficient in m/s (Onda, equation 2); the wetted area stands in its Reynolds number.

    Args:
        p: packing.
        wetted: wetted area, m2/m3.
        liquid_flux: kg/s/m2.
        density: of the liquid, kg/m3.
        viscosity: of the liquid, Pa s.
        diffusivity: of the dissolved gas, m2/s.
    """
    reynolds = liquid_flux / (wetted * viscosity)
    schmidt = viscosity / (density * diffusivity)
    length = (viscosity * STANDARD_GRAVITY / density) ** (1 / 3)
    return 0.0051 * reynolds ** (2 / 3) * schmidt**-0.5 * (p.area * p.size) ** 0.4 * length


def gas_film(
    p: Packing, gas_flux: Any, density: Any, viscosity: Any, diffusivity: Any, T: Any
) -> Any:
    """Gas-film coefficient in mol/s/m2/Pa (Onda, equation 3).

    Args:
        p: packing.
        gas_flux: kg/s/m2.
        density: of the gas, kg/m3.
        viscosity: of the gas, Pa s.
        diffusivity: of the vapour in the gas, m2/s.
        T: temperature of the gas, K.
    """
    reynolds = gas_flux / (p.area * viscosity)
    schmidt = viscosity / (density * diffusivity)
    constant = 5.23 if p.size >= SMALL else 2.00
    shape = (p.area * p.size) ** -2.0
    speed = constant * reynolds**0.7 * schmidt ** (1 / 3) * shape * p.area * diffusivity
    return speed / (GAS_CONSTANT * T)


def loads(
    p: Packing,
    liquid_flux: Any,
    gas_flux: Any,
    density: Any,
    gas_density: Any,
    viscosity: Any,
    pressure: Any = ATMOSPHERE,
) -> tuple[Any, Any]:
    """Liquid load L_f and gas load G_f of Robbins in lb/h/ft2; arguments as `pressure_gradient`."""
    root = (p.dry_factor * FOOT / 20) ** 0.5
    liquid = liquid_flux * FLUX * 62.4 / (density * DENSITY) * root * (viscosity * 1e3) ** 0.1
    gas = gas_flux * FLUX * (0.075 / (gas_density * DENSITY)) ** 0.5 * root
    return liquid, gas * dense(gas_density, pressure)


def dense(gas_density: Any, pressure: Any) -> Any:
    """Factor 10^(0.3 rho), rho in lb/ft3, on the gas load above atmospheric pressure (Robbins).

    Robbins has it at every pressure above 1 atm, where it would jump by 5 %; here it rises from 1 to
    its full value between 1.08 and 1.16 bar. The 0.3 is recalled: what could be read names the factor
    and not its number.

    Args:
        gas_density: kg/m3.
        pressure: Pa.
    """
    above = 1 / (1 + maths.exp(-(pressure - ONSET) / SPREAD))
    return maths.exp(maths.log(10.0) * 0.3 * gas_density * DENSITY * above)


def friction(liquid_load: Any, gas_load: Any) -> tuple[Any, Any]:
    """Friction u [inch of water per foot] and loading factor b of u + b u^4 (Robbins)."""
    u = 7.4e-8 * gas_load**2 * maths.exp(maths.log(10.0) * 2.7e-5 * liquid_load)
    return u, 0.4 * (liquid_load / LIQUID_LOAD) ** 0.1


def pressure_gradient(
    p: Packing,
    liquid_flux: Any,
    gas_flux: Any,
    density: Any,
    gas_density: Any,
    viscosity: Any,
    pressure: Any = ATMOSPHERE,
) -> Any:
    """Pressure drop per packed height in Pa/m (Robbins, Chem. Eng. Prog. 87 (1991) no. 5, 87).

    Args:
        p: packing with a dry packing factor of 15 to 200 1/ft.
        liquid_flux: kg/s/m2; up to a load of 20000 lb/h/ft2.
        gas_flux: kg/s/m2.
        density: of the liquid, kg/m3.
        gas_density: kg/m3.
        viscosity: of the liquid, Pa s.
        pressure: of the gas, Pa; not above 3 bar (Perry), and preliminary above 1.2 bar: the factor
            of the density is an approximation (Kister, Distillation Design, equation 8.14b).
    """
    state = (liquid_flux, gas_flux, density, gas_density, viscosity)
    liquid, gas = loads(p, *state, pressure)
    u, b = friction(liquid, gas)
    return INCH_PER_FOOT * (u + b * u**4)


def flooding_gradient(p: Packing) -> float:
    """Pressure drop at which a packing floods, inches of water per foot (Kister and Gill 1991).

    0.115 F_p^0.7 with F_p in 1/ft, and 2 for F_p above 60 1/ft; as Perry's Handbook has it.
    """
    factor = p.factor * FOOT
    return 2.0 if factor > HIGHEST_FACTOR else float(0.115 * factor**0.7)


def flooding_residual(p: Packing, flooding: Any, liquid_load: Any, gas_load: Any) -> Any:
    """Zero where `flooding` is the gas flux over that which floods at the same liquid flux.

    The pressure drop of Robbins at the flooding gas flux is that of Kister and Gill; in logarithms,
    so that it is monotone and nearly linear in ln(flooding).
    """
    u, b = friction(liquid_load, gas_load)
    at_flood = u / flooding**2
    return (
        maths.log(u)
        - 2 * maths.log(flooding)
        + maths.log(1 + b * at_flood**3)
        - maths.log(flooding_gradient(p))
    )


def flooding_fraction(p: Packing, liquid_load: float, gas_load: float) -> float:
    """Gas flux over the gas flux that floods at the same liquid flux, by bisection (floats)."""
    low, high = 1e-6, 1e6
    for _ in range(200):
        middle = (low * high) ** 0.5
        above = flooding_residual(p, middle, liquid_load, gas_load) > 0
        low, high = (middle, high) if above else (low, middle)
    return (low * high) ** 0.5
