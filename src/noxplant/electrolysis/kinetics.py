"""Rates at an electrode: Tafel branches in parallel and in series behind one diffusion film.

Every half-reaction is a Tafel line of its own, given as a point and a slope: the partial current
density `current` at `potential` (against RHE at the electrode's own solution), with its dissolved
reactant at 1 mol/L at the surface. It is first order in the first dissolved reactant of its text,
nitrate or nitrite say, and of zeroth order where only water and its ions react. Reactants reach the
surface through a film; what one reaction makes (nitrite) the next one takes at the surface or
lets escape through the film into the bulk: that is what makes the selectivity depend on stirring.

    v_r = k_r c_s / c_0,  k_r = i_r / (n F) 10^(+-(E_r - E) / b_r)        mol/(m2 s)
    k_m (c_b - c_s) = sum of -nu_r v_r                                    of each reactant

Branches are irreversible: no back-reaction, so a reaction must run well beyond its equilibrium
(units hold it to that by a limit). Adsorption, coverage and the pH at the surface are not modelled.
Faradaic efficiencies that follow are as good as the kinetics fitted to the user's own cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from noxplant import maths
from noxplant.constants import FARADAY, GAS_CONSTANT, T_REFERENCE
from noxplant.errors import ModelError
from noxplant.species import Reaction
from noxplant.thermo import electro
from noxplant.thermo.aqueous import LN10

UNIT_CONCENTRATION: Final = 1000.0
"""Surface concentration at which currents are given, mol/m3 (1 mol/L). A convention."""
HYDROGEN: Final = Reaction.parse("2 H2O + 2 e- -> H2 + 2 OH-")
"""Its equilibrium at 1 bar is the zero of RHE."""


@dataclass(frozen=True)
class Line:
    """Tafel line of a half-reaction; floats or expressions.

    Attributes:
        current: partial current density at `potential` and 298.15 K, A/m2, of 1 mol/L of reactant.
        potential: V against RHE.
        slope: V per decade at 298.15 K, proportional to the absolute temperature.
        activation: activation energy at `potential`, J/mol.
    """

    current: Any
    potential: Any
    slope: Any
    activation: Any = 0.0

    def at(self, potential: Any, T: Any, *, sign: int = 1) -> Any:
        """Partial current density at a potential, A/m2, with 1 mol/L of reactant at the surface.

        Args:
            potential: of the electrode, V against RHE.
            T: temperature [K].
            sign: 1 for a reduction, -1 for an oxidation.

        >>> round(Line(1e-5, 0.70, 0.12).at(-0.3, 298.15))
        2154
        """
        arrhenius = -self.activation / GAS_CONSTANT * (1 / T - 1 / T_REFERENCE)
        drive = sign * (self.potential - potential) / (self.slope * T / T_REFERENCE)
        return self.current * maths.exp(arrhenius + LN10 * drive)


def reactant(reaction: Reaction) -> str | None:
    """Dissolved component in which a half-reaction is first order; None if it is of zeroth order.

    >>> reactant(Reaction.parse("NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-"))
    'N(3)'
    >>> reactant(HYDROGEN)
    """
    return next((c for c, nu in reaction.components.items() if nu < 0 and c != "H2O"), None)


def sequence(unit: str, reactions: Mapping[str, Reaction]) -> tuple[str, ...]:
    """Reactants in an order in which none is made from a later one.

    Raises:
        ModelError: one electrode makes two reactants from one another.
    """
    left = list(dict.fromkeys(c for r in reactions.values() if (c := reactant(r)) is not None))
    found: list[str] = []
    while left:
        for c in left:
            makers = [r for r in reactions.values() if r.components.get(c, 0) > 0]
            if all(reactant(r) in (None, *found) for r in makers):
                found.append(c)
                left.remove(c)
                break
        else:
            raise ModelError(
                f"{unit}: at one electrode {' and '.join(left)} are made from one another.\n"
                "  Leave one of these half-reactions out; branches are irreversible."
            )
    return tuple(found)


def surface(
    order: tuple[str, ...],
    reactions: Mapping[str, Reaction],
    rates: Mapping[str, Any],
    bulk: Mapping[str, Any],
    transfer: Any,
    unit: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rates of all half-reactions [mol/(m2 s)] and surface concentrations [mol/m3].

    Args:
        order: `sequence` of the reactants.
        reactions: half-reactions by name.
        rates: mol/(m2 s) of each at 1 mol/L of its reactant at the surface.
        bulk: concentration of each reactant in the bulk, mol/m3.
        transfer: mass-transfer coefficient of the film, m/s; by reactant where they differ.
        unit: concentration of a reactant at which its rate is given, mol/m3; 1 mol/L for others.

    The film is solved in closed form, one reactant after the other; a surface concentration is
    between zero and what the bulk and the reactions upstream bring, whatever the potential.
    """
    done = {r: rates[r] for r, x in reactions.items() if reactant(x) is None}
    held: dict[str, Any] = {}
    for c in order:
        k = transfer[c] if isinstance(transfer, Mapping) else transfer
        at = (unit or {}).get(c, UNIT_CONCENTRATION)
        supply, sink = k * bulk[c], k
        for r, x in reactions.items():
            if r in done and x.components.get(c, 0.0) > 0:
                supply = supply + x.components[c] * done[r]
            elif reactant(x) == c:
                sink = sink - x.components[c] * rates[r] / at
        held[c] = supply / sink
        for r, x in reactions.items():
            if reactant(x) == c:
                done[r] = rates[r] * held[c] / at
    return {r: done[r] for r in reactions}, held


def rates(
    reactions: Mapping[str, Reaction], lines: Mapping[str, Line], potential: Any, T: Any
) -> dict[str, Any]:
    """Rate of each half-reaction at 1 mol/L of reactant, mol/(m2 s); arguments as `Line.at`."""
    out = {}
    for r, x in reactions.items():
        sign = 1 if x.electrons > 0 else -1
        out[r] = lines[r].at(potential, T, sign=sign) / (abs(x.electrons) * FARADAY)
    return out


def polarise(
    reactions: Mapping[str, Reaction],
    lines: Mapping[str, Line],
    bulk: Mapping[str, Any],
    transfer: Any,
    potential: Any,
    T: Any,
    unit: str = "electrode",
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Partial current densities [A/m2] and surface concentrations [mol/m3] at a potential.

    Args:
        reactions: half-reactions of one electrode by name, all reductions or all oxidations.
        lines: Tafel line of each.
        bulk: concentration of each reactant in the bulk, mol/m3.
        transfer: mass-transfer coefficient, m/s.
        potential: of the electrode, V against RHE; float, array or expression.
        T: temperature [K].
        unit: name for messages.
    """
    order = sequence(unit, reactions)
    found, held = surface(order, reactions, rates(reactions, lines, potential, T), bulk, transfer)
    return {r: v * abs(reactions[r].electrons) * FARADAY for r, v in found.items()}, held


def standard_against_rhe(reaction: Reaction, T: Any = T_REFERENCE) -> Any:
    """Standard potential of a half-reaction against RHE, hydroxide at unit activity, V.

    Reactions written with H+ are turned into hydroxide, so both ways of writing give one number.

    >>> round(standard_against_rhe(Reaction.parse("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-")), 3)
    0.708
    """
    zero = electro.standard_potential(HYDROGEN, T)
    protons = -reaction.species.get("H+", 0.0) / reaction.electrons
    return electro.standard_potential(reaction, T) + (protons - 1.0) * zero
