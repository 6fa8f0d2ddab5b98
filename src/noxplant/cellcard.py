"""A cell on one card: from mA/cm2, V and faradaic efficiencies to area, power and kWh/kg.

Closed forms for an electrochemist's first five minutes; no flowsheet is built. Faraday's law and
the first law at 25 C; standard potentials from `noxplant.thermo.electro`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log10

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
VOLTAGE = (0.0, 50.0)
"""Range of a cell voltage, V, as of `SpecifiedCell.voltage`."""
NITRATE = "NO3-"
"""The reactant whose mass transfer a card counts."""


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
        limiting: current density at which, with these efficiencies, all half-reactions of nitrate
            together take up what mass transfer brings, A/m2; None without mass transfer.
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
    def share(self) -> float | None:
        """Nitrate taken up by all half-reactions per nitrate that mass transfer can bring."""
        return None if self.limiting is None else self.current_density / self.limiting

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
    """A half-reaction by its short name ("NO3- -> NH3") or written out with electrons.

    Raises:
        SpecError: an unknown name, or an oxidation, which cannot stand at the cathode.
    """
    if name in CATHODE:
        return CATHODE[name]
    if "e-" in name:
        found = Reaction.parse(name)
        if found.electrons > 0:
            return found
        gives = "gives electrons off" if found.electrons else "takes up no electrons"
        raise SpecError(
            f"{name!r} {gives}: only a reduction can stand at the cathode, and the anode makes"
            " oxygen.\n  Write the half-reaction with its electrons on the left, as"
            " '2 H+ + 2 e- -> H2'."
        )
    raise SpecError(
        f"There is no half-reaction {name!r}.{nearest(name, CATHODE)}\n  Known:"
        f" {', '.join(CATHODE)}; or write it out, as 'NO3- + 9 H+ + 8 e- -> NH3 + 3 H2O'."
    )


def anode_for(name: str) -> Reaction:
    """Oxygen evolution in the electrolyte (acid or alkali) in which a half-reaction is written."""
    return ANODES["acid" if "H+" in half_reaction(name).species else "alkali"]


def product_of(name: str) -> str:
    """Main product of a half-reaction: its first product other than water and its ions, if any."""
    made = [s for s, n in half_reaction(name).species.items() if n > 0]
    return next((s for s in made if s not in ("H2O", "H+", "OH-")), made[0])


def makers(names: Iterable[str]) -> list[str]:
    """Those half-reactions that make the product of the first.

    >>> makers(["NO3- -> NH3", "NO3- -> NO2-", "NO2- -> NH3"])
    ['NO3- -> NH3', 'NO2- -> NH3']
    """
    found = {name: product_of(name) for name in names}
    main = next(iter(found.values()))
    return [name for name, product in found.items() if product == main]


def _electrons(name: str) -> float:
    return half_reaction(name).electrons


def nitrate_of(name: str) -> float:
    """Nitrate that a half-reaction takes up, mol per extent; 0 when it takes none.

    >>> nitrate_of("NO3- -> NO2-"), nitrate_of("H2O -> H2")
    (1.0, 0)
    """
    return max(-half_reaction(name).components.get(NITRATE, 0), 0)


def nitrate_flux(current_density: float, efficiency: Mapping[str, float]) -> float:
    """Nitrate that all half-reactions together take up, mol/s/m2.

    Args:
        current_density: total, A/m2.
        efficiency: faradaic efficiency per half-reaction, 0..1.
    """
    return sum(
        current_density * fe * nitrate_of(r) / (_electrons(r) * FARADAY)
        for r, fe in efficiency.items()
    )


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
        SpecError: a negative resistance.
        Refusal: a current density below the exchange current density.
    """
    if not resistance >= 0:
        raise SpecError(
            f"The area resistance is {resistance:g} ohm m2; it must be 0 or more, as '2.2 ohm cm2'."
        )
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
    """Largest current density that the mass transfer of nitrate allows one half-reaction, A/m2.

    Args:
        name: half-reaction that takes up nitrate.
        concentration: of nitrate in the bulk, mol/m3.
        mass_transfer: coefficient, m/s.

    Raises:
        SpecError: a half-reaction without nitrate, a concentration or coefficient not above 0.

    >>> round(limiting_current("NO3- -> NH3", 100.0, 1e-5), 1)
    771.9
    """
    return _limit(1.0, {name: 1.0}, concentration, mass_transfer)


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
        concentration: of nitrate in the bulk, mol/m3.
        mass_transfer: its coefficient, m/s.

    Raises:
        SpecError: efficiencies outside 0..1 or above 1 in sum, unknown half-reactions, a voltage
            outside `VOLTAGE`, a production, concentration or coefficient not above 0.
        Refusal: less than the reversible voltage of a half-reaction that takes current, more
            nitrate taken up than mass transfer brings.
    """
    _check(current_density, efficiency, voltage, production)
    main = next(iter(efficiency))
    reversible = {
        r: float(electro.reversible_voltage(half_reaction(r), anode_for(r))) for r in efficiency
    }
    neutral = {r: electro.thermoneutral_voltage(half_reaction(r), anode_for(r)) for r in efficiency}
    _check_voltage(voltage, efficiency, reversible)
    partial = {r: current_density * fe for r, fe in efficiency.items()}
    limiting = _limiting(current_density, efficiency, concentration, mass_transfer)
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
        notes=_notes(rest, current_density, limiting),
    )


def _notes(rest: float, current_density: float, limiting: float | None) -> tuple[str, ...]:
    notes = []
    if rest > 1e-6:
        notes.append(
            f"{rest:.1%} of the current is not accounted for; its power counts wholly as heat."
            f" Give it a half-reaction, as --fe 'H2O -> H2={rest:.3g}'."
        )
    if limiting is not None and current_density > 0.8 * limiting:
        notes.append("More than 0.8 of the nitrate that mass transfer brings: expect hydrogen.")
    return tuple(notes)


def _check(
    current_density: float,
    efficiency: Mapping[str, float],
    voltage: float,
    production: float | None,
) -> None:
    if not current_density > 0:
        raise SpecError(f"The current density must be positive; {current_density:g} A/m2 is not.")
    low, high = VOLTAGE
    if not low <= voltage <= high:
        raise SpecError(
            f"The cell voltage {voltage:.4g} V lies outside {low:g} to {high:g} V, the range of one"
            " cell. Give the voltage of one cell, not of a stack."
        )
    if production is not None and not production > 0:
        raise SpecError(
            f"The production must be more than 0; {production * 86.4:g} t/d is not. Write '1 t/d'."
        )
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


def _check_voltage(
    voltage: float, efficiency: Mapping[str, float], reversible: Mapping[str, float]
) -> None:
    """The voltage must suffice for every half-reaction that takes current."""
    for name, fe in efficiency.items():
        if fe > 0 and voltage < reversible[name]:
            raise Refusal(
                f"The cell voltage {voltage:.4g} V is below the reversible voltage"
                f" {reversible[name]:.4g} V of {name} with oxygen at the anode (standard states,"
                f" 25 C), which is given {fe:.3g} of the current.\n"
                "  Raise the voltage, or set that faradaic efficiency to zero; a potential of one"
                " electrode is no cell voltage."
            )


def _limit(
    current_density: float, efficiency: Mapping[str, float], c: float, mass_transfer: float
) -> float:
    """Current density at which these efficiencies take up all nitrate that arrives, A/m2."""
    if not c > 0:
        raise SpecError(
            f"The bulk concentration of nitrate is {c / 1000:g} mol/L; it must be more than 0."
        )
    if not mass_transfer > 0:
        raise SpecError(
            f"The mass-transfer coefficient is {mass_transfer:g} m/s; it must be more than 0, as"
            " '2e-5 m/s'."
        )
    flux = nitrate_flux(current_density, efficiency)
    if not flux > 0:
        raise SpecError(
            f"Nitrate is no reactant of {', '.join(efficiency)}; its mass transfer limits nothing"
            " there.\n  Leave concentration and mass transfer of nitrate out, or give a"
            " half-reaction of nitrate a faradaic efficiency."
        )
    return current_density * mass_transfer * c / flux


def _limiting(
    j: float, efficiency: Mapping[str, float], c: float | None, k: float | None
) -> float | None:
    """Limiting current density, A/m2, if it can be told; refuses what lies above it."""
    if c is None or k is None:
        return None
    limiting = _limit(j, efficiency, c, k)
    if j > limiting:
        users = ", ".join(r for r, fe in efficiency.items() if fe > 0 and nitrate_of(r))
        flux = nitrate_flux(j, efficiency) * 360
        raise Refusal(
            f"{users} would take up {flux:.4g} mmol/h/cm2 of nitrate, but mass transfer brings at"
            f" most {k * c * 360:.4g} mmol/h/cm2 (k c with k = {k:g} m/s, c = {c / 1000:g} mol/L):"
            f" {j / limiting:.3g} times the limit.\n"
            f"  With these efficiencies the current density may be {limiting / 10:.4g} mA/cm2 at"
            " most; lower it, or raise concentration or mass transfer."
        )
    return limiting
