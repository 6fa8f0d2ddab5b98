"""What a stream is against dangers: flammability, exposure, explosion. One function a danger.

Each gives the value that is compared with a limit of `species/data/safety.toml`, None where there is
nothing to list. Nothing here decides; `noxplant.flowsheet.safety` does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from noxplant.species import molar_mass, species
from noxplant.species.numbers import number, read
from noxplant.thermo import aqueous, hydrazine

if TYPE_CHECKING:
    from noxplant.flowsheet.solution import StreamResult

HYDRAZINE: Final = ("N2H4", "N2H5+", "N2H6++")
NITRITE: Final = ("NO2-", "HNO2")
ORGANIC: Final = (
    "acetonitrile", "methanol", "formaldehyde", "benzophenone", "benzophenone imine", "benzhydrol",
    "benzophenone azine", "glycerol", "HMF", "urea", "HCOO-",
)  # fmt: skip
"""Species that count as combustible in ammonium nitrate."""
OXIDISERS: Final = {
    "O2": 1.0, "N2O": 0.5, "NO": 0.5, "NO2": 1.0, "N2O3": 1.5, "N2O4": 2.0, "HNO3": 1.25, "Cl2": 0.5,
}  # fmt: skip
"""O2 that a gas stands for where it burns a fuel to water, N2 and HCl."""
COUNTS_AS: Final = {
    "NO2": {"NO2": 1.0, "N2O4": 2.0, "N2O3": 1.0, "HNO2": 0.5},
    "NO": {"NO": 1.0, "N2O3": 1.0, "HNO2": 0.5},
    "HNO3": {"HNO3": 1.0, "N2O5": 2.0},
}
"""What counts as a gas: what makes it when it is diluted, or with moisture."""
LISTED: Final = 0.1
"""Part of a limit from which on a danger is listed, where nothing else is said."""


# gases ----------------------------------------------------------------------------------
def _fractions(s: StreamResult) -> dict[str, float]:
    total = sum(s.flows.values())
    return {j: n / total for j, n in s.flows.items()} if total > 0 else {}


def lower_limits(s: StreamResult) -> float:
    """Sum of mole fractions over lower flammability limits (Le Chatelier); 1 is flammable."""
    y = _fractions(s)
    return sum(y.get(j, 0.0) / number(f"safety.flammability.{j}")[0] for j in _fuels())


def _fuels() -> tuple[str, ...]:
    return tuple(read("safety")["flammability"])


def _rule(name: str) -> float:
    return float(number(f"safety.rule.{name}"))


def atmosphere(s: StreamResult) -> float | None:
    """Fuel with what burns it in one gas: oxygen, and others by the O2 that they stand for."""
    y = _fractions(s) if s.medium == "gas" else {}
    if sum(share * y.get(j, 0.0) for j, share in OXIDISERS.items()) < _rule("least_oxygen"):
        return None
    share = lower_limits(s)
    return share if share > 0.1 * _rule("lower_limit_share") else None


def vent(s: StreamResult) -> float | None:
    """Fuel that leaves the plant and meets air; judged by a fourth of the lower limits too."""
    if s.medium != "gas" or s.target is not None:
        return None
    share = lower_limits(s)
    return share if share > _rule("lower_limit_share") else None


def hydrazine_gas(s: StreamResult) -> float | None:
    """Mole fraction of hydrazine in a gas inside the plant."""
    inside = s.medium == "gas" and s.target is not None
    y = _fractions(s).get("N2H4", 0.0) if inside else 0.0
    return y if y > number("safety.hydrazine.ceiling") else None


def leaving(name: str, path: str) -> Callable[[StreamResult], float | None]:
    """Mole fraction of a gas where it leaves the plant."""

    def seen(s: StreamResult) -> float | None:
        if s.medium != "gas" or s.target is not None:
            return None
        y = _fractions(s)
        parts = COUNTS_AS.get(name, {name: 1.0})
        value = sum(nu * y.get(j, 0.0) for j, nu in parts.items())
        return value if value > LISTED * number(path) else None

    return seen


def deposit(s: StreamResult) -> float | None:
    """Ammonia and what makes ammonium salts of it, in gas colder than NH4NO3 melts."""
    if s.medium != "gas" or s.temperature > number("safety.explosive.deposit_temperature"):
        return None
    y = _fractions(s)
    acids = {**COUNTS_AS["NO2"], **COUNTS_AS["HNO3"]}
    oxides = sum(nu * y.get(j, 0.0) for j, nu in acids.items())
    value = min(y.get("NH3", 0.0), oxides)
    return value if value > LISTED * number("safety.explosive.deposit") else None


# liquids --------------------------------------------------------------------------------
def headspace(s: StreamResult) -> float:
    """Mole fraction of hydrazine in gas over a liquid at its temperature and pressure.

    Free N2H4 beside the water, by the activity model of hydrazine and water (+-40 % where dilute).
    """
    free, water = s.flows.get("N2H4", 0.0), s.flows.get("H2O", 0.0)
    if not free > 0 or s.medium == "gas" or not free + water > 0:
        return 0.0
    vapour = hydrazine.partial_pressures(free / (free + water), s.temperature)[0]
    return min(float(vapour) / s.pressure, 1.0)


def open_vessel(s: StreamResult) -> float | None:
    """Mole fraction of hydrazine over a liquid."""
    y = headspace(s)
    return y if y > number("safety.hydrazine.ceiling") else None


def explosive_headspace(s: StreamResult) -> float | None:
    """The same over the lower limit of flammability."""
    y = headspace(s)
    return y / number("safety.flammability.N2H4")[0] if y > 0.0029 else None


def hot_hydrazine(s: StreamResult) -> float | None:
    """Temperature of liquid with free hydrazine, K."""
    held = s.medium != "gas" and "N2H4" in s.flows and s.mass_flow > 0
    if not held or s.mass_fraction("N2H4") < _rule("listed_hydrazine"):
        return None
    return s.temperature


def _volume(s: StreamResult) -> float:
    held = set(aqueous.names())
    return float(
        aqueous.volume_flow({j: n for j, n in s.flows.items() if j in held}, s.temperature)
    )


def _together(s: StreamResult, *groups: tuple[str, ...]) -> float | None:
    """Smallest concentration of some groups in a liquid, mol/m3; None below the trace."""
    least = min(sum(s.flows.get(j, 0.0) for j in group) for group in groups)
    if s.medium == "gas" or not least > 0:
        return None
    volume = _volume(s)
    concentration = least / volume if volume > 0 else 0.0
    return concentration if concentration > _rule("trace") else None


def azide(s: StreamResult) -> float | None:
    """Smaller concentration of hydrazine and nitrite in a liquid, mol/m3."""
    return _together(s, HYDRAZINE, NITRITE)


def _energy(
    s: StreamResult, fuels: tuple[str, ...], oxidisers: tuple[str, ...], heat: float
) -> float:
    """Energy that two groups of ions set free together, J per kg of the liquid.

    Args:
        s: stream.
        fuels: species of one group.
        oxidisers: species of the other.
        heat: J per mol of each.
    """
    if s.medium == "gas" or not s.mass_flow > 0:
        return 0.0
    least = min(sum(s.flows.get(j, 0.0) for j in group) for group in (fuels, oxidisers))
    return heat * least / s.mass_flow


def nitrite_heat() -> float:
    """Heat set free by NH4+ + NO2- = N2 + 2 H2O, J/mol, 298.15 K.

    >>> round(nitrite_heat() / 1e3)
    335
    """
    ions = sum(aqueous.formation_enthalpy(j) for j in ("NH4+", "NO2-"))
    return float(ions - 2 * aqueous.formation_enthalpy("H2O"))


def hydrazinium_heat() -> float:
    """Heat set free by N2H5+ + NO3- = 3/2 N2 + 5/2 H2O + 1/4 O2, J/mol, 298.15 K.

    >>> round(hydrazinium_heat() / 1e3)
    500
    """
    ions = sum(aqueous.formation_enthalpy(j) for j in ("N2H5+", "NO3-"))
    return float(ions - 2.5 * aqueous.formation_enthalpy("H2O"))


def hydrazinium_nitrate(s: StreamResult) -> float | None:
    """Energy of the N2H5NO3 that a liquor can hold, J/kg."""
    value = _energy(s, HYDRAZINE, ("NO3-",), hydrazinium_heat())
    return value if value > 0.001 * number("safety.explosive.energy") else None


def ammonium_nitrite(s: StreamResult) -> float | None:
    """Ammonium and nitrite as such: in lye the ammonia is NH3, which does not react."""
    value = _energy(s, ("NH4+",), NITRITE, nitrite_heat())
    return value if value > 0.01 * number("safety.explosive.energy") else None


def _nitrate_share(s: StreamResult) -> float:
    """Mass fraction of NH4NO3 that a liquor or cake can hold."""
    if s.medium == "gas" or not s.mass_flow > 0:
        return 0.0
    salt = min(s.flows.get("NH4+", 0.0), s.flows.get("NO3-", 0.0)) + s.flows.get("NH4NO3(s)", 0.0)
    return float(salt * molar_mass("NH4NO3(s)") / s.mass_flow)


def ammonium_nitrate(s: StreamResult) -> float | None:
    """Mass fraction of NH4NO3 that a liquor or cake can hold."""
    share = _nitrate_share(s)
    return share if share > _rule("listed_salt") else None


def _impurity(s: StreamResult, mass: float, path: str) -> float | None:
    """Mass (kg/s) of an impurity per mass of NH4NO3, where there is much of that."""
    share = _nitrate_share(s)
    if share < number("safety.nitrate.judged_from"):
        return None
    value = mass / (share * s.mass_flow)
    return value if value > LISTED * number(path) else None


def chloride(s: StreamResult) -> float | None:
    """Chlorine of all ions and crystals per mass of NH4NO3."""
    mass = sum(n * species(j).elements.get("Cl", 0) for j, n in s.flows.items()) * molar_mass("Cl-")
    return _impurity(s, mass, "safety.nitrate.chloride")


def organics(s: StreamResult) -> float | None:
    """Mass of combustibles, dissolved or crystals, per mass of NH4NO3."""
    named = {*ORGANIC, *(f"{j}(s)" for j in ORGANIC)}
    mass = sum(n * molar_mass(j) for j, n in s.flows.items() if j in named)
    return _impurity(s, mass, "safety.nitrate.organics")


def liquid_ammonia(s: StreamResult) -> float | None:
    """Mass fraction of NH3 in a liquid."""
    if s.medium == "gas" or not s.mass_flow > 0 or not s.flows.get("NH3", 0.0) > 0:
        return None
    value = s.mass_fraction("NH3")
    return value if value > LISTED * number("safety.ammonia.liquid") else None


def above_flash(name: str) -> Callable[[StreamResult], float | None]:
    """Temperature of liquid with a solvent, K."""

    def seen(s: StreamResult) -> float | None:
        if s.medium == "gas" or not s.mass_flow > 0:
            return None
        return s.temperature if s.mass_fraction(name) > _rule("flash_share") else None

    return seen
