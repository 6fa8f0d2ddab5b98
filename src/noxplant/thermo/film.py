"""Films: uptake of gases by lye in which they react fast, and drift through a gas film.

With a fast first-order reaction the flux is p H sqrt(k D), whatever the stirring; D at 25 C, physical
solubility of pure water (salting-out, some 30 % in 1 mol/L KOH, is left out).
"""

from __future__ import annotations

from typing import Any, Final

from noxplant import maths
from noxplant.constants import T_REFERENCE
from noxplant.errors import SpeciesError, nearest
from noxplant.species.numbers import number, read
from noxplant.thermo import aqueous, transport, used, water

SPAN: Final = (273.15, 333.15)
"""Range of the film constants, K; rate constants of the oxides are those of 25 C."""
TINY: Final = 1e-12


def drift(share: Any) -> tuple[Any, Any]:
    """Weights alpha and beta of the two sides of a gas film through which a net flow passes.

    Flux of a vapour = k (alpha p_interface - beta p_bulk) with alpha = x/(1 - exp(-x)),
    beta = x/(exp(x) - 1); both are 1 without net flow. If the net flow is the vapour itself, that is
    Stefan's k P ln((P - p_bulk)/(P - p_interface)). Their mean, (x/2) coth(x/2), is also that by
    which the conduction of heat grows (Ackermann).

    Args:
        share: x, net molar flux over k P; positive towards the bulk. Float or expression.

    Error: below 1e-6 for |x| up to 2, 2.5e-3 up to 4.5 (a continued fraction of coth).

    Source: film theory of simultaneous diffusion and net flow (Stefan; Bird, Stewart and Lightfoot,
    Transport Phenomena, chapter on rapid mass transfer).
    """
    square = share**2 / 4
    mean = 1 + square / (3 + square / (5 + square / (7 + square / 9)))
    return mean + share / 2, mean - share / 2


def henry(name: str, T: Any) -> Any:
    """Solubility of N2O4, N2O3 or NO2 in water in mol/m3/Pa.

    Args:
        name: the oxide.
        T: temperature [K], 273.15..333.15; float or expression.
    """
    known = list(read("absorption")["film"])
    if name not in known:
        raise SpeciesError(f"No film constants of {name!r}.{nearest(name, known)}")
    used.at(f"solubility of {name} in water", T, SPAN, "solubilities of nitrogen oxides")
    h, slope = (number(f"absorption.film.{name}.{k}") for k in ("henry", "slope"))
    return h * maths.exp(slope * (1 / T - 1 / T_REFERENCE)) if slope else h


def uptake(name: str, T: Any) -> Any:
    """Flux of N2O4 or N2O3 into lye per partial pressure, mol/m2/s/Pa.

    Source: `species/data/absorption.toml`. Error: a factor of 2 (N2O4), 4 (N2O3).
    """
    solubility = henry(name, T)
    return solubility * (number(f"absorption.film.{name}.rate") * _diffusivity()) ** 0.5


def dioxide_flux(T: Any, pressure: Any) -> Any:
    """Flux of NO2 into lye by 2 NO2 + 2 OH- -> NO2- + NO3- + H2O, mol/m2/s.

    Args:
        T: temperature [K].
        pressure: partial pressure of NO2 [Pa], not negative.

    Second order in NO2: sqrt(2/3 k D c^3) at the concentration c of the interface.
    """
    factor = (2 / 3 * number("absorption.film.NO2.rate") * _diffusivity()) ** 0.5
    c = henry("NO2", T) * pressure
    return factor * c * maths.sqrt(c + TINY)


def carbon_dioxide_uptake(T: Any, hydroxide: Any) -> Any:
    """Flux of CO2 into lye per partial pressure, mol/m2/s/Pa.

    Args:
        T: temperature [K], 273.15..313.15.
        hydroxide: mol/m3, not negative.

    Source: Pinsent et al. 1956, infinite dilution; equilibrium pressure over carbonate neglected.
    """
    used.at("rate constant of CO2 with OH-", T, (273.15, 313.15), "rate constants of CO2 with OH-")
    k = transport.carbon_dioxide_rate("OH-", T)
    solubility = water.density(T) * maths.exp(-aqueous.ln_henry("CO2", T))
    return solubility * maths.sqrt(
        k * number("transport.liquid_diffusivity.CO2") * (hydroxide + TINY)
    )


def _diffusivity() -> float:
    return float(number("absorption.diffusivity.oxides"))
