"""Headline figures that several routes share: energy by consumer, make-up and circulation per kg.

Each function returns ``{name: (value, SI unit)}``; every name carries its basis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from noxplant.errors import SpecError
from noxplant.reports.pinch import APPROACH, pinch
from noxplant.species.formulas import formula_mass

if TYPE_CHECKING:
    from noxplant.flowsheet.solution import Solution, StreamResult

Figures: TypeAlias = dict[str, tuple[float, str]]


def energy(
    solution: Solution,
    consumers: Mapping[str, str | Sequence[str]],
    rate: float,
    basis: str,
    *,
    cold: bool = True,
) -> Figures:
    """Electricity by consumer and heat before and after maximum recovery, J per kg.

    Args:
        solution: a solved plant.
        consumers: path of the power by name of the consumer; several paths are summed.
        rate: product, kg/s.
        basis: what the kg are of, for the names, such as "kg N2H4 in product".
        cold: whether refrigeration is listed.

    Raises:
        SpecError: the product rate is not positive, or the consumers are not all there is: works
            that nobody lists would be missing from the sum.
    """
    if not rate > 0:
        raise SpecError(f"{solution.name}: a rate of {rate:g} kg/s is no basis for figures per kg.")
    paths = {n: [p] if isinstance(p, str) else list(p) for n, p in consumers.items()}
    listed = {p for group in paths.values() for p in group}
    rest = [k for k, q in solution.quantities.items() if q.kind == "work" and k not in listed]
    if rest:
        raise SpecError(f"{solution.name}: name the consumers of {', '.join(rest)} too.")
    out: Figures = {
        f"electricity of {name} per {basis}": (sum(solution[p] for p in group) / rate, "J/kg")
        for name, group in paths.items()
    }
    if cold:
        chill = solution.refrigeration_power
        out[f"electricity of refrigeration per {basis}"] = (chill / rate, "J/kg")
    total = sum(value for value, _ in out.values())
    out[f"electricity, all consumers, per {basis}"] = (total, "J/kg")
    heat = pinch(solution)
    out[f"heat before recovery per {basis}"] = (heat.heating / rate, "J/kg")
    name = f"heat after maximum recovery (pinch, {APPROACH:g} K) per {basis}"
    out[name] = (heat.hot_utility / rate, "J/kg")
    return out


def read(solution: Solution, paths: Mapping[str, tuple[str, str]]) -> Figures:
    """Figures that are quantities of the plant; those that it lacks (another class) are left out.

    Args:
        solution: a solved plant.
        paths: by name of the figure, path of the quantity and its SI unit.
    """
    known = solution.quantities
    return {name: (solution[p], unit) for name, (p, unit) in paths.items() if p in known}


def make_up(
    solution: Solution, consumables: Mapping[str, tuple[str, str]], rate: float, basis: str
) -> Figures:
    """What all feeds together bring of each consumable, kg per kg.

    Args:
        solution: a solved plant.
        consumables: by name, the component that is counted and the formula it is weighed as:
            ``{"KNO3": ("NO3-", "KNO3")}``.
        rate: product, kg/s.
        basis: what the kg are of.
    """
    out: Figures = {}
    for name, (component, formula) in consumables.items():
        flow = sum(s.content(component) for s in solution.entering())
        out[f"make-up of {name}, kg per {basis}"] = (flow * formula_mass(formula) / rate, "kg/kg")
    return out


def circulated(
    streams: Mapping[str, tuple[StreamResult, str | None]], rate: float, basis: str
) -> Figures:
    """What goes round, kg per kg.

    Args:
        streams: by name, the stream and the true species that is weighed; None weighs all of it.
        rate: product, kg/s.
        basis: what the kg are of.
    """
    out: Figures = {}
    for name, (stream, species) in streams.items():
        mass = stream.mass_flow * (1.0 if species is None else stream.mass_fraction(species))
        out[f"{name} circulated, kg per {basis}"] = (mass / rate, "kg/kg")
    return out
