"""Hydrolysis of benzophenone azine in acid: rate with its way back, and what must not be there.

azine + 2 H2O = 2 benzophenone + N2H4 by way of the hydrazone, which does not build up; N2H4 + H+ =
N2H5+ draws it on. Nothing here is a unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from noxplant import contact, maths
from noxplant.constants import GAS_CONSTANT
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.species import Reaction, component, molar_mass
from noxplant.thermo import liquids, solid
from noxplant.unit import Limit

KETONE: Final = "benzophenone"
AZINE: Final = "benzophenone azine"
BOILING: Final = 373.15
"""K; open tanks."""
REACTION: Final = Reaction.parse("benzophenone azine + 2 H2O -> 2 benzophenone + N2H4")


def quotient(azine: Any, ketone: Any, base: Any, water: Any) -> Any:
    """Reaction quotient x_ketone^2 m(N2H4)/(x_azine a_w^2), mol/kg.

    Args:
        azine: azine in the molten ketone, mol/s (or any amount).
        ketone: molten benzophenone, same unit.
        base: free N2H4, mol per kg water.
        water: activity of water.
    """
    return ketone * ketone / (azine * (azine + ketone)) * base / (water * water)


def net_rate(rate: Any, K: Any, azine: Any, ketone: Any, base: Any, water: Any) -> Any:
    """Azine hydrolysed, mol/s per second of residence: forward less backward.

    Args:
        rate: first-order rate constant forward, 1/s.
        K: equilibrium constant of `quotient`, mol/kg.
        azine: azine in the molten ketone, mol/s.
        ketone: molten benzophenone, mol/s.
        base: free N2H4, mol per kg water.
        water: activity of water.

    It is rate x azine x (1 - quotient/K), written so that no azine does no harm.
    """
    back = ketone * ketone / (azine + ketone) * base / (K * water * water)
    return rate * (azine - back)


def furthest(K: float, protonated: float, base: float, water: float = 1.0) -> float:
    """Fraction of pure azine hydrolysed at equilibrium, at a given pH and molality of hydrazine.

    Args:
        K: equilibrium constant of `quotient`, mol/kg.
        protonated: N2H4 in all its forms per free N2H4, 1 + 10^(pKa1 - pH) + ...
        base: all hydrazine, mol per kg water.
        water: activity of water.

    The root of 4 X^2/((1 - X)(1 + X)) = K protonated water^2/base.

    >>> round(furthest(1e-4, 1e8, 1.0), 4)
    0.9998
    """
    q = K * protonated * water * water / base
    return float((q / (4 + q)) ** 0.5)


def refuse_what_explodes(unit: str, inlets: Iterable[Any]) -> None:
    """Refuse nitrate, nitrite and solids other than azine.

    Raises:
        ModelError: naming what can reach the hydrolyser.
    """
    ports = list(inlets)
    found = sorted({c for p in ports for c in p.components} & {"NO3-", "N(3)"})
    if found:
        raise ModelError(
            f"{unit}: {', '.join(found)} can reach the hydrolyser. Nitrous acid turns"
            " hydrazine into explosive HN3, and hydrazinium nitrate explodes.\n"
            "  Wash the cake with water free of nitrate and nitrite, and feed another acid."
        )
    others = [c for p in ports for c in p.phase_keys("solid") if c != f"{AZINE}(s)"]
    if others:
        raise ModelError(f"{unit}: solids other than azine are fed: {', '.join(others)}.")


def protons(port: Any) -> Any:
    """Acid equivalents that electroneutrality implies in an aqueous stream, mol/s."""
    return -sum(
        component(k).charge * port.flow[k]
        for k in port.phase_keys("aqueous")
        if component(k).charge
    )


def vessel(unit: Any) -> list[Limit]:
    """Melting point of benzophenone, boiling, no pressure for nothing."""
    freezing = solid.melting_temperature("benzophenone(s)")
    assert freezing is not None
    return [
        *contact.no_free_rise(unit.name, [unit.acid, *unit.recycle], unit.aqueous_out),
        Limit(
            "melting",
            unit.temperature - freezing,
            f"benzophenone freezes at {freezing:g} K ({{margin:.3g}} K above it). Raise the temperature.",
        ),
        Limit(
            "boiling",
            BOILING - unit.temperature,
            "open tanks boil at 373.15 K ({margin:.3g} K below it). Lower the temperature.",
        ),
    ]


SALT: Final = 1e-5
SOLVENT: Final = 0.01
"""kg of PF6- and of acetonitrile per kg of azine in the cake beyond which hot acid makes HF of the one,
acetic acid and ammonium of the other in amounts that count (hydrazine note 3.4)."""


def carried(cake: Any) -> tuple[str, ...]:
    """Warnings of a solved hydrolyser: hexafluorophosphate or acetonitrile that the cake brings."""
    azine, found = value(cake.content(AZINE)) * molar_mass(AZINE), []
    if not azine > 0:
        return ()
    salt = value(cake.content("PF6-")) * molar_mass("PF6-") / azine
    if salt > SALT:
        found.append(
            f"the cake brings {1e6 * salt:.3g} mg PF6- per kg of azine, more than {1e6 * SALT:g}: hot acid"
            " makes hydrogen fluoride of it, which is not modelled. Wash the cake further."
        )
    solvent = value(cake.content("acetonitrile")) * molar_mass("acetonitrile") / azine
    if solvent > SOLVENT:
        found.append(
            f"the cake brings {solvent:.3g} kg acetonitrile per kg of azine, more than {SOLVENT:g}: hot"
            " acid makes acetic acid and ammonium of it, which is not modelled. Wash the cake further."
        )
    return tuple(found)


def azine_in_melt(T: Any) -> Any:
    """Mole fraction of azine that molten benzophenone dissolves, ideal: exp(-dH/R (1/T - 1/Tm)).

    Args:
        T: temperature, K.

    Melting point 435.15 K; heat of fusion by Walden's rule, +-40 % (`species/data/liquids.toml`).

    >>> round(azine_in_melt(363.15), 2)
    0.26
    """
    heat, melts = (
        liquids.constant(AZINE, q).value for q in ("fusion_enthalpy", "melting_temperature")
    )
    return maths.exp(-heat / GAS_CONSTANT * (1 / T - 1 / melts))


def undissolved(oils: Iterable[Any]) -> tuple[str, ...]:
    """Warning of a solved hydrolyser: azine that the melt of a tank does not dissolve."""
    for n, oil in enumerate(oils, 1):
        azine, ketone, T = (value(x) for x in (oil.flow[AZINE], oil.flow[KETONE], oil.temperature))
        most = azine_in_melt(T)
        if azine > most * (azine + ketone):
            return (
                f"the melt of tank {n} would hold {azine / (azine + ketone):.2g} mol/mol azine; at {T:.2f} K"
                f" benzophenone dissolves some {most:.2g} (ideal, heat of fusion by Walden's rule). The"
                " rest stays solid: it reacts slower and stops earlier than told here. Work hotter, add"
                " tanks or time, or return benzophenone with the cake.",
            )
    return ()


def exhausted(unit: Any) -> Limit:
    """One equivalent of acid per hydrazine and ammonia."""
    return Limit(
        "acid",
        unit.acid_left,
        "the acid is exhausted: it falls short of one equivalent per hydrazine and ammonia"
        f" by {-value(unit.acid_left):.3g} mol/s. Feed that much more H+.",
    )
