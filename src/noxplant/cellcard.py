"""A cell on one card: from mA/cm2, V and faradaic efficiencies to area, power and kWh/kg.

Closed forms for an electrochemist's first five minutes; no flowsheet is built. Faraday's law and
the first law at 25 C; standard potentials from `noxplant.thermo.electro`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from noxplant.constants import FARADAY
from noxplant.errors import Refusal, SpecError, nearest
from noxplant.species import Reaction, molar_mass
from noxplant.thermo import electro

CATHODE: dict[str, Reaction] = {
    name: Reaction.parse(text)
    for name, text in {
        "NO3- -> NH3": "NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-",
        "NO3- -> NO2-": "NO3- + H2O + 2 e- -> NO2- + 2 OH-",
        "NO2- -> NH3": "NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-",
        "NO -> NH3": "NO(g) + 4 H2O + 5 e- -> NH3 + 5 OH-",
        "H2O -> H2": "2 H2O + 2 e- -> H2(g) + 2 OH-",
    }.items()
}
"""Half-reactions at the cathode by short name, in alkali."""
ANODES = {
    "alkali": Reaction.parse("4 OH- -> O2(g) + 2 H2O + 4 e-"),
    "acid": Reaction.parse("2 H2O -> O2(g) + 4 H+ + 4 e-"),
}
"""Oxygen evolution, the half-reaction at the anode."""


@dataclass(frozen=True)
class Card:
    """What a cell means at plant scale, SI.

    Attributes:
        product: name of the main product.
        rate: main product made per electrode area by all half-reactions that make it, mol/s/m2.
        partial: current density of each half-reaction, A/m2.
        unaccounted: current that no half-reaction was given for, fraction.
        reversible: reversible voltage of each half-reaction against oxygen, standard states, V.
        thermoneutral: thermoneutral voltage of each half-reaction, V.
        energy: electric energy per mass of product, J/kg.
        heat_flux: heat that the cell gives off, W/m2.
        production: of the main product, kg/s; without it there is no area, power or heat.
        limiting: limiting current density, A/m2; None without mass transfer.
    """

    product: str
    current_density: float
    voltage: float
    efficiency: Mapping[str, float]
    rate: float
    partial: Mapping[str, float]
    unaccounted: float
    reversible: Mapping[str, float]
    thermoneutral: Mapping[str, float]
    energy: float
    heat_flux: float
    production: float | None = None
    limiting: float | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def area(self) -> float | None:
        """Electrode area for the production, m2."""
        if self.production is None:
            return None
        return self.production / (self.rate * molar_mass(self.product))

    @property
    def current(self) -> float | None:
        """Current of all cells in parallel, A."""
        return None if self.area is None else self.area * self.current_density

    @property
    def power(self) -> float | None:
        """Electric power, W."""
        return None if self.current is None else self.current * self.voltage

    @property
    def heat(self) -> float | None:
        """Heat given off, W."""
        return None if self.area is None else self.area * self.heat_flux


def half_reaction(name: str) -> Reaction:
    """A half-reaction by its short name ("NO3- -> NH3") or written out with electrons."""
    if name in CATHODE:
        return CATHODE[name]
    if "e-" in name:
        return Reaction.parse(name)
    raise SpecError(
        f"There is no half-reaction {name!r}.{nearest(name, CATHODE)}\n  Known:"
        f" {', '.join(CATHODE)}; or write it out, as 'NO3- + 9 H+ + 8 e- -> NH3 + 3 H2O'."
    )


def anode_for(name: str) -> Reaction:
    """Oxygen evolution in the electrolyte (acid or alkali) in which a half-reaction is written."""
    return ANODES["acid" if "H+" in half_reaction(name).species else "alkali"]


def product_of(name: str) -> str:
    """Main product of a half-reaction: its first product other than water."""
    made = [
        s for s, n in half_reaction(name).species.items() if n > 0 and s not in ("H2O", "H+", "OH-")
    ]
    return made[0]


def makers(names: Iterable[str]) -> list[str]:
    """Those half-reactions that make the product of the first.

    >>> makers(["NO3- -> NH3", "NO3- -> NO2-", "NO2- -> NH3"])
    ['NO3- -> NH3', 'NO2- -> NH3']
    """
    found = {name: product_of(name) for name in names}
    main = next(iter(found.values()))
    return [name for name, product in found.items() if product == main]


def _electrons(name: str) -> float:
    return abs(half_reaction(name).electrons)


def production_rate(current_density: float, efficiency: float, name: str) -> float:
    """Product made per area by Faraday's law, mol/s/m2.

    Args:
        current_density: total, A/m2.
        efficiency: faradaic efficiency of the half-reaction, 0..1.
        name: half-reaction.

    >>> round(production_rate(10350.0, 1.0, "NO3- -> NH3") * 360, 3)  # mmol/h/cm2
    4.827
    """
    made = half_reaction(name).species[product_of(name)]
    return current_density * efficiency * made / (_electrons(name) * FARADAY)


def tafel_voltage(
    partial: float,
    total: float,
    *,
    reversible: float,
    cathode: tuple[float, float],
    anode: tuple[float, float],
    resistance: float,
) -> float:
    """Cell voltage: reversible + two Tafel overpotentials + ohmic drop, V.

    Args:
        partial: current density of the cathodic half-reaction, A/m2.
        total: total current density, A/m2, which the anode and the resistance see.
        reversible: reversible voltage, V.
        cathode: Tafel slope [V per decade] and exchange current density [A/m2].
        anode: the same of the anode.
        resistance: area resistance of membrane and gaps, ohm m2.

    Raises:
        Refusal: a current density below the exchange current density.
    """
    from math import log10

    volts = reversible + total * resistance
    for side, j, (slope, exchange) in (("cathode", partial, cathode), ("anode", total, anode)):
        if not (slope > 0 and exchange > 0 and j > exchange):
            raise Refusal(
                f"The Tafel law of the {side} needs j > j0 > 0 and a positive slope; here j ="
                f" {j:g} A/m2, j0 = {exchange:g} A/m2, b = {slope:g} V per decade."
            )
        volts += slope * log10(j / exchange)
    return volts


def limiting_current(name: str, concentration: float, mass_transfer: float) -> float:
    """Largest current density that mass transfer allows, A/m2.

    Args:
        name: half-reaction.
        concentration: of its nitrogen reactant in the bulk, mol/m3.
        mass_transfer: coefficient, m/s.

    >>> round(limiting_current("NO3- -> NH3", 100.0, 1e-5), 1)
    771.9
    """
    return _electrons(name) * FARADAY * mass_transfer * concentration


def card(
    current_density: float,
    voltage: float,
    efficiency: Mapping[str, float],
    *,
    production: float | None = None,
    concentration: float | None = None,
    mass_transfer: float | None = None,
) -> Card:
    """Put a cell on one card.

    Args:
        current_density: A/m2.
        voltage: between anode and cathode, V.
        efficiency: faradaic efficiency per half-reaction; the first one names the product, and all
            that make it count.
        production: of that product, kg/s.
        concentration: of the reactant in the bulk, mol/m3.
        mass_transfer: coefficient, m/s.

    Raises:
        SpecError: efficiencies outside 0..1 or above 1 in sum, unknown half-reactions.
        Refusal: less than the reversible voltage, more than the limiting current density.
    """
    _check(current_density, efficiency)
    main = next(iter(efficiency))
    reversible = {
        r: float(electro.reversible_voltage(half_reaction(r), anode_for(r))) for r in efficiency
    }
    neutral = {r: electro.thermoneutral_voltage(half_reaction(r), anode_for(r)) for r in efficiency}
    _check_voltage(voltage, main, reversible[main])
    partial = {r: current_density * fe for r, fe in efficiency.items()}
    limiting = _limit(partial[main], concentration, mass_transfer, main)
    rate = sum(production_rate(current_density, efficiency[r], r) for r in makers(efficiency))
    neutral_mean = sum(fe * neutral[r] for r, fe in efficiency.items())
    rest = max(1.0 - sum(efficiency.values()), 0.0)
    return Card(
        product=product_of(main),
        current_density=current_density,
        voltage=voltage,
        efficiency=dict(efficiency),
        rate=rate,
        partial=partial,
        unaccounted=rest,
        reversible=reversible,
        thermoneutral=neutral,
        energy=current_density * voltage / (rate * molar_mass(product_of(main))),
        heat_flux=current_density * (voltage - neutral_mean),
        production=production,
        limiting=limiting,
        notes=_notes(rest, partial[main], limiting),
    )


def _notes(rest: float, partial: float, limiting: float | None) -> tuple[str, ...]:
    notes = []
    if rest > 1e-6:
        notes.append(
            f"{rest:.1%} of the current is not accounted for; its power counts wholly as heat."
            f" Give it a half-reaction, as --fe 'H2O -> H2={rest:.3g}'."
        )
    if limiting is not None and partial > 0.8 * limiting:
        notes.append("More than 0.8 of the limiting current density: expect hydrogen.")
    return tuple(notes)


def _check(current_density: float, efficiency: Mapping[str, float]) -> None:
    if not current_density > 0:
        raise SpecError(f"The current density must be positive; {current_density:g} A/m2 is not.")
    if not efficiency:
        raise SpecError("Give at least one faradaic efficiency, as --fe 'NO3- -> NH3=0.9'.")
    for name, fe in efficiency.items():
        if not 0.0 <= fe <= 1.0:
            raise SpecError(f"The faradaic efficiency of {name} is {fe:g}; it must be 0 to 1.")
    main, first = next(iter(efficiency.items()))
    if not first > 0:
        raise SpecError(f"The faradaic efficiency of the main half-reaction {main} is zero.")
    total = sum(efficiency.values())
    if total > 1.0 + 1e-9:
        parts = ", ".join(f"{r} {fe:g}" for r, fe in efficiency.items())
        raise SpecError(f"The faradaic efficiencies add up to {total:g} ({parts}); at most 1.")


def _check_voltage(voltage: float, name: str, reversible: float) -> None:
    if voltage < reversible:
        raise Refusal(
            f"The cell voltage {voltage:g} V is below the reversible voltage {reversible:.4g} V of"
            f" {name} with oxygen at the anode (standard states, 25 C).\n"
            "  Check the voltage; a potential of one electrode is no cell voltage."
        )


def _limit(j: float, c: float | None, k: float | None, name: str) -> float | None:
    """Limiting current density, A/m2, if it can be told; refuses what lies above it."""
    if c is None or k is None:
        return None
    limiting = limiting_current(name, c, k)
    if j >= limiting:
        raise Refusal(
            f"{name} would run at {j / 10:.4g} mA/cm2, but mass transfer allows {limiting / 10:.4g}"
            f" mA/cm2 (n F k c with k = {k:g} m/s, c = {c / 1000:g} mol/L).\n"
            "  Lower the current density, or raise concentration or mass transfer."
        )
    return limiting
