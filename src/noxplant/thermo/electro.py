"""Electrochemical potentials and voltages from Gibbs energies and enthalpies of formation.

Formation data: `species/data/aqueous.toml` for what is dissolved, `electro.toml` for gases (NBS
values at 1 bar, which differ from the NASA enthalpies of the streams by up to 1 kJ/mol for NO).
Half-reactions may be written either way round; the potential is that of the reduction.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from noxplant import maths
from noxplant.constants import FARADAY, GAS_CONSTANT, T_REFERENCE
from noxplant.errors import SpecError, SpeciesError, nearest
from noxplant.species import Reaction
from noxplant.species.numbers import number, read
from noxplant.thermo import used

SLOPES = (273.15, 373.15)
"""Range in which heats of reaction count as constant, K."""
RHE = (250.0, 480.0)
"""Range of the reversible hydrogen electrode, K, that of aqueous streams."""
ROOM = (T_REFERENCE - 0.5, T_REFERENCE + 0.5)
"""Range of the potentials of the other electrodes, K."""
PH: Final = (-3.0, 18.0)
"""pH that water can have: -log10 of the activity of H+, from fuming acid to saturated lye."""


def formation(name: str, quantity: str, phase: str = "") -> float:
    """Gibbs energy or enthalpy of formation at 298.15 K in J/mol.

    Args:
        name: species.
        quantity: "gibbs" or "enthalpy".
        phase: "g" for the gas; without it the dissolved species, or the gas or solid if only that exists.

    Raises:
        SpeciesError: no such number.
    """
    places = ("electro.gas",) if phase == "g" else ("aqueous.species", "electro.aqueous")
    if not phase:
        places = (*places, "electro.gas", "electro.solid")
    for place in places:
        file, table = place.split(".")
        if quantity in read(file)[table].get(name, {}):
            return float(number(f"{place}.{name}.{quantity}"))
    mark = f"({phase})" if phase else ""
    raise SpeciesError(f"There is no {quantity} of formation of {name}{mark} here.")


def reaction_change(reaction: Reaction, quantity: str) -> float:
    """Change of "gibbs" or "enthalpy" of a reaction at 298.15 K in J per extent."""
    phases = dict(reaction.phases)
    return sum(n * formation(s, quantity, phases.get(s, "")) for s, n in reaction.species.items())


def _half(reaction: Reaction) -> Reaction:
    if not reaction.electrons:
        raise SpeciesError(f"{reaction.text!r} has no electrons: it is no half-reaction.")
    return reaction


def standard_potential(reaction: Reaction, T: Any = T_REFERENCE) -> Any:
    """Reduction potential of a half-reaction at standard state against SHE in V.

    Args:
        reaction: with electrons on either side.
        T: temperature [K], 273.15..373.15; float, array or expression. Numbers outside are refused,
            Pyomo variables bounded, plants warn (`noxplant.thermo.used`). SHE is zero at every T;
            heats of reaction are taken as constant (`noxplant.thermo.cells` has heat capacities).

    Returns:
        V; within 0.005 V of handbooks for nitrogen couples (0.013 V between NBS and CRC nitrate).
    """
    half = _half(reaction)
    used.at(f"potential of {reaction.text}", T, SLOPES, "standard potentials")
    g, h = reaction_change(half, "gibbs"), reaction_change(half, "enthalpy")
    s = (h - g) / T_REFERENCE
    return -(h - T * s) / (half.electrons * FARADAY)


def enthalpy_potential(reaction: Reaction) -> float:
    """-dH/(nF) of a half-reaction at 298.15 K in V; the counterpart of `standard_potential`."""
    half = _half(reaction)
    return -reaction_change(half, "enthalpy") / (half.electrons * FARADAY)


def nernst(reaction: Reaction, activities: Mapping[str, Any], T: Any = T_REFERENCE) -> Any:
    """Equilibrium potential against SHE in V at given activities.

    Args:
        reaction: half-reaction.
        activities: of dissolved species (molality x activity coefficient) and gases (bar); what
            is not named counts 1. Positive; how far the activities hold is the caller's matter.
        T: temperature [K], 273.15..373.15; error as `standard_potential`.

    Raises:
        SpeciesError: an activity of a species that the reaction does not have.
        Refusal: an activity that is not positive, or no number.
    """
    for name in activities:
        if name not in reaction.species:
            hint = nearest(name, reaction.species)
            raise SpeciesError(f"{reaction.text!r} does not hold {name!r}.{hint}")
        used.sound(f"activity of {name}", activities[name], above=True)
    ln_q = sum(reaction.species[s] * maths.log(a) for s, a in activities.items())
    slope = GAS_CONSTANT * T / (_half(reaction).electrons * FARADAY)
    return standard_potential(reaction, T) - slope * ln_q


def reversible_voltage(cathode: Reaction, anode: Reaction, T: Any = T_REFERENCE) -> Any:
    """Voltage that an electrolysis needs at least, standard states, in V.

    Args:
        cathode: half-reaction that takes electrons up.
        anode: half-reaction that gives them off, written either way round.
        T: temperature [K], 273.15..373.15; error as `standard_potential`.
    """
    return standard_potential(anode, T) - standard_potential(cathode, T)


def thermoneutral_voltage(cathode: Reaction, anode: Reaction) -> float:
    """Voltage at which an isothermal cell neither warms nor cools at 298.15 K, in V."""
    return enthalpy_potential(anode) - enthalpy_potential(cathode)


def specific_energy(voltage: Any, electrons: float, fe: Any, molar_mass: float) -> Any:
    """Electric energy per mass of product in kWh/kg.

    Args:
        voltage: cell voltage [V].
        electrons: electrons per molecule of product.
        fe: faradaic efficiency of the product, 0..1.
        molar_mass: of the product [kg/mol].

    >>> from noxplant.species import molar_mass
    >>> round(specific_energy(1.0, 8, 1.0, molar_mass("NH3")), 3)
    12.59
    """
    used.sound("voltage of a cell", voltage, "V", least=-math.inf)
    used.sound("faradaic efficiency of the product", fe, above=True)
    used.sound("number of electrons per molecule", electrons)
    used.sound("molar mass of the product", molar_mass, "kg/mol", above=True)
    return electrons * FARADAY * voltage / (fe * molar_mass * 3.6e6)


def scale_zero(scale: str, ph: Any = None, T: Any = T_REFERENCE) -> Any:
    """Potential of the zero of a reference scale against SHE in V.

    Args:
        scale: SHE, RHE, AgAgCl (saturated KCl), SCE, HgHgO (1 mol/L KOH), AgAg+ (0.01
            mol/L, MeCN); other fillings and solvents: `noxplant.thermo.reference`.
        ph: needed for RHE, within `PH`.
        T: temperature [K]: SHE any, RHE 250..480 (Nernst); the others are values at 298.15 K and are
            refused half a kelvin from it. With slopes: `noxplant.thermo.reference`.

    Raises:
        SpecError: unknown scale, or RHE without pH.
        Refusal: a temperature or a pH outside.
    """
    known = read("electro")["scale"]
    if scale not in known:
        raise SpecError(
            f"There is no potential scale {scale!r}.{nearest(scale, known)} "
            f"Scales: {', '.join(known)}."
        )
    zero = number(f"electro.scale.{scale}.potential")
    if scale != "RHE":
        if scale == "SHE":
            used.sound("temperature of the electrode", T, "K", above=True)
        else:
            used.at(f"potential of {scale} against SHE", T, ROOM)
        return zero + 0.0 * T if getattr(T, "shape", ()) else zero
    if ph is None:
        raise SpecError("A potential against RHE needs the pH; give ph=...")
    used.sound("pH", ph, least=PH[0], most=PH[1])
    used.at("reversible hydrogen electrode", T, RHE, "reference potentials")
    return zero - GAS_CONSTANT * T * maths.log(10.0) / FARADAY * ph


def convert(potential: Any, source: str, target: str, ph: Any = None, T: Any = T_REFERENCE) -> Any:
    """Potential on another reference scale, in V; arguments as `scale_zero`.

    >>> round(convert(-0.120, "SHE", "RHE", ph=14.0), 3)
    0.708
    """
    used.sound("potential", potential, "V", least=-math.inf)
    zero = scale_zero(target, ph, T)
    return potential + scale_zero(source, ph, T) - zero
