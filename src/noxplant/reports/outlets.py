"""Where a component or element enters the plant and where it leaves, per kg of a product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from noxplant.errors import SpecError, SpeciesError, nearest
from noxplant.species import COMPONENTS, molar_mass, species
from noxplant.species.formulas import formula_mass
from noxplant.species.numbers import read

if TYPE_CHECKING:
    from noxplant.flowsheet.solution import Solution, StreamResult


@dataclass(frozen=True)
class OutletRow:
    """One way in or out.

    Attributes:
        stream: name of the stream.
        way: "in" or "out".
        flow: mol/s of the component or element.
        fraction: of all that enters.
        per_product: kg of it per kg of product; None without a product.
    """

    stream: str
    way: str
    flow: float
    fraction: float
    per_product: float | None


def is_element(name: str) -> bool:
    """Whether a name is that of an element; "N" is nitrogen, not the atom of a plasma."""
    return name in read("elements")["atomic_weight"]


def amount(stream: StreamResult, name: str) -> float:
    """Flow of a component or an element in a stream, mol/s."""
    if name in COMPONENTS and not is_element(name):
        return stream.content(name)
    return sum(n * species(j).elements.get(name, 0.0) for j, n in stream.flows.items())


def mass_of(name: str) -> float:
    """Molar mass of a component or an element, kg/mol.

    Raises:
        SpeciesError: it is neither.
    """
    if is_element(name):
        return formula_mass(name)
    if name in COMPONENTS:
        return molar_mass(name)
    raise SpeciesError(
        f"{name!r} is neither a component nor an element.{nearest(name, COMPONENTS)}"
    )


def product_rate(solution: Solution, product: tuple[str, str]) -> float:
    """Rate of a product, kg/s: a component (or species) of a stream that leaves.

    Args:
        solution: a solved plant.
        product: stream and component or species; for example ``("crystals", "N(-2)")``.
    """
    name, what = product
    stream = solution.stream(name)
    flow = amount(stream, what) if what in COMPONENTS else stream.flows.get(what, 0.0)
    rate = flow * molar_mass(what)
    if not rate > 0:
        raise SpecError(f"Stream {name!r} carries no {what}; it holds {', '.join(stream.flows)}.")
    return rate


def outlets(
    solution: Solution, name: str, product: tuple[str, str] | None = None, *, least: float = 1e-12
) -> list[OutletRow]:
    """Ways in and out of one component or element, largest first.

    Args:
        solution: a solved plant.
        name: component such as "K+" or "N(-3)", or an element such as "N".
        product: stream and component that the kg are counted for.
        least: smaller fractions of what enters or leaves are left out.
    """
    mass = mass_of(name)
    rate = product_rate(solution, product) if product else None
    sides = {"in": list(solution.entering()), "out": list(solution.leaving())}
    total = max(sum(amount(s, name) for s in streams) for streams in sides.values())
    rows = []
    for way, streams in sides.items():
        found = sorted(((amount(s, name), s.name) for s in streams), reverse=True)
        rows += [
            OutletRow(s, way, n, n / total, None if rate is None else n * mass / rate)
            for n, s in found
            if total > 0 and n > least * total
        ]
    return rows
