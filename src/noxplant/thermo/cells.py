"""Half-reactions and cells at any composition and temperature, from the formation data of the book.

Where `noxplant.thermo.electro` has constant heats of reaction (what the plants use), here heat
capacities count (infinite dilution, NASA-7 gases), and activities come from an activity model.
All potentials are against SHE at the same temperature, whose zero holds at every temperature: an
electron stands for half a mole of H2 less one of H+.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from noxplant import maths
from noxplant.constants import FARADAY, GAS_CONSTANT, P_REFERENCE, T_REFERENCE
from noxplant.errors import Refusal, SpeciesError, nearest
from noxplant.species import Reaction
from noxplant.species.numbers import number, read
from noxplant.thermo import electro, gas, ranges
from noxplant.thermo.activity import Activity

LOW, HIGH = 273.15, 373.15
"""Range of the aqueous data, K."""

SOLID: Final = "(s)"
Evaluate = Callable[[Mapping[str, Any], Any], Activity]
"""Activity coefficients at molalities [mol/kg] and temperature [K], e.g. `model.evaluate`."""


def is_gas(name: str, reaction: Reaction) -> bool:
    """Whether a species of a reaction is a gas: marked (g), or known in no other phase."""
    marked = dict(reaction.phases).get(name, "")
    if marked:
        return marked == "g"
    dissolved = name in read("aqueous")["species"] or name in read("electro")["aqueous"]
    return not dissolved and name in read("electro")["gas"]


@cache
def _capacity(name: str, vapour: bool) -> float:
    """Heat capacity at 298.15 K in J/mol/K, of a gas or at infinite dilution."""
    if vapour:
        return float(gas.heat_capacity(name, T_REFERENCE))
    table = read("aqueous")["species"]
    if name not in table:
        raise SpeciesError(
            f"There is no heat capacity of {name} in water, so its potential cannot be carried to"
            f" another temperature here.{nearest(name, table)} Use thermo.electro (constant heat)."
        )
    first = f"aqueous.species.{name}.heat_capacity_infinite"
    here = "heat_capacity_infinite" in table[name]
    return float(number(first if here else f"aqueous.species.{name}.heat_capacity"))


@cache
def _changes(reaction: Reaction) -> tuple[float, float, float]:
    """Gibbs energy, enthalpy [J] and heat capacity [J/K] per extent, electrons as H2/2 - H+."""
    g = electro.reaction_change(reaction, "gibbs")
    h = electro.reaction_change(reaction, "enthalpy")
    cp = sum(n * _capacity(s, is_gas(s, reaction)) for s, n in reaction.species.items())
    cp -= reaction.electrons * (_capacity("H2", True) / 2 - _capacity("H+", False))
    return g, h, cp


def _in_range(reaction: Reaction, T: Any) -> Any:
    return ranges.within(f"potential of {reaction.text}", T, LOW, HIGH)


def gibbs_change(reaction: Reaction, T: Any) -> Any:
    """Gibbs energy change at standard states in J per extent, heat capacities constant.

    Args:
        reaction: with or without electrons; every species with formation data.
        T: temperature [K], 273.15..373.15; float, array or expression.

    Error: that of the formation data, and up to 2 kJ per mol of ions at 373 K, where the heat
    capacities of ions at infinite dilution are not constant.
    """
    _in_range(reaction, T)
    g, h, cp = _changes(reaction)
    s = (h - g) / T_REFERENCE
    return h - T * s + cp * (T - T_REFERENCE - T * maths.log(T / T_REFERENCE))


def enthalpy_change(reaction: Reaction, T: Any) -> Any:
    """Enthalpy change at standard states in J per extent; arguments and error as `gibbs_change`."""
    _in_range(reaction, T)
    _, h, cp = _changes(reaction)
    return h + cp * (T - T_REFERENCE)


def _electrons(reaction: Reaction) -> float:
    if not reaction.electrons:
        raise SpeciesError(f"{reaction.text!r} has no electrons: it is no half-reaction.")
    return reaction.electrons


def standard_potential(reaction: Reaction, T: Any = T_REFERENCE) -> Any:
    """Reduction potential at standard states against SHE in V, with heat capacities.

    Args:
        reaction: half-reaction, either way round.
        T: temperature [K], 273.15..373.15.

    At 298.15 K as `electro.standard_potential`; error as there, and see `gibbs_change`. The
    reversible voltage of water is within 0.5 mV of IAPWS water with NASA gases to 373 K.
    """
    n = _electrons(reaction)
    return -gibbs_change(reaction, T) / (n * FARADAY)


def nernst(
    reaction: Reaction,
    molality: Mapping[str, Any],
    pressure: Mapping[str, Any],
    T: Any,
    activity: Evaluate | None = None,
) -> Any:
    """Equilibrium potential of a half-reaction against SHE in V at a composition and temperature.

    Args:
        reaction: half-reaction, either way round.
        molality: mol/kg of the true solutes of the solution; those of the reaction must be there,
            others count for the activity coefficients only.
        pressure: partial pressures [Pa] of the gases of the reaction (fugacity taken as pressure).
        T: temperature [K], 273.15..373.15.
        activity: activity model, e.g. `model("pitzer", names).evaluate`, which asks for all ions
            of the solution; None is the explicit choice of coefficients and of an activity of
            water of one, for which the ions of the reaction are enough.

    Raises:
        SpeciesError: a species of the reaction without molality or pressure.
        Refusal: an amount that is not positive, or a state outside the range of the model, or
            not electrically neutral (the residual and the ion to adjust).
    """
    n = _electrons(reaction)
    found = activity(molality, T) if activity is not None else None
    ln_q = 0.0
    for name, nu in reaction.species.items():
        ln_q = ln_q + nu * _ln_activity(name, reaction, molality, pressure, found)
    slope = GAS_CONSTANT * T / (n * FARADAY)
    return standard_potential(reaction, T) - slope * ln_q


def _ln_activity(
    name: str,
    reaction: Reaction,
    molality: Mapping[str, Any],
    pressure: Mapping[str, Any],
    found: Activity | None,
) -> Any:
    if is_gas(name, reaction):
        _given(name, reaction, pressure, "pressure [Pa]")
        return maths.log(pressure[name] / P_REFERENCE)
    if name == "H2O":
        return found.ln_water if found is not None else 0.0
    _given(name, reaction, molality, "molality [mol/kg]")
    out = maths.log(molality[name])
    return out + found.ln_gamma[name] if found is not None else out


def _given(name: str, reaction: Reaction, amounts: Mapping[str, Any], what: str) -> None:
    if name not in amounts:
        raise SpeciesError(f"The potential of {reaction.text!r} needs a {what} of {name}.")
    x = amounts[name]
    if ranges.is_pyomo(x):
        return
    import numpy as np

    values = np.ravel(np.asarray(x, dtype=float))
    wrong = values[~((values >= 0.0) & (values < np.inf))]
    if wrong.size:
        kind, unit = what.rstrip("]").split(" [")
        raise Refusal(
            f"The {kind} of {name} is {float(wrong[0]):.6g} {unit}; for the potential of"
            f" {reaction.text!r} it must be a finite positive number."
        )
    if not bool(np.all(values > 0.0)):
        raise Refusal(
            f"The {what} of {name} is zero, where the potential of {reaction.text!r} is infinite."
            "\n  Give the trace that is there."
        )


def reversible_voltage(cathode: Reaction, anode: Reaction, T: Any = T_REFERENCE) -> Any:
    """Voltage that an electrolysis needs at least, standard states, in V; T 273.15..373.15 K.

    Args:
        cathode: half-reaction that takes electrons up.
        anode: half-reaction that gives them off, either way round.
        T: temperature [K].
    """
    return standard_potential(anode, T) - standard_potential(cathode, T)


def thermoneutral_voltage(cathode: Reaction, anode: Reaction, T: Any = T_REFERENCE) -> Any:
    """Voltage at which an isothermal cell neither warms nor cools, in V.

    Arguments as `reversible_voltage`; dissolved species at infinite dilution, liquid water. Water
    electrolysis within 0.5 mV of IAPWS water with NASA gases to 373 K.
    """
    up, off = _electrons(cathode), _electrons(anode)
    heat_off = -enthalpy_change(anode, T) / (off * FARADAY)
    return heat_off + enthalpy_change(cathode, T) / (up * FARADAY)
