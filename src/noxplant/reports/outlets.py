"""Where a component or element enters the plant and where it leaves, per kg of a product."""

from __future__ import annotations

from collections.abc import Sequence
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


@dataclass(frozen=True)
class Tracked:
    """An element, all of it or what some carriers hold, followed from feeds to outlets.

    Attributes:
        title: heading of its column.
        element: symbol.
        carriers: species that count; none given: all. A solid counts with its "(s)" left off.
        ignored: species that do not count.
    """

    title: str
    element: str
    carriers: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    def flow(self, stream: StreamResult) -> float:
        """Flow of the element in a stream, mol/s."""
        total = 0.0
        for name, n in stream.flows.items():
            plain = name.removesuffix("(s)")
            if plain in self.ignored or (self.carriers and plain not in self.carriers):
                continue
            total += n * species(name).elements.get(self.element, 0.0)
        return total


def table(
    solution: Solution,
    tracked: Sequence[Tracked],
    product: tuple[str, str],
    *,
    basis: str = "",
    least: float = 1e-6,
) -> str:
    """Markdown table of all ways in and out, g per kg of product, one column for each tracked.

    Args:
        solution: a solved plant.
        tracked: what is followed.
        product: stream and component that the kg are counted for.
        basis: what the kg are of, for the heading; else stream and component.
        least: smaller fractions of what enters, or of what leaves if that is more (fixed nitrogen
            is made inside), are shown as a dot.
    """
    rate = product_rate(solution, product)
    sides = {"in": list(solution.entering()), "out": list(solution.leaving())}
    grams = [1e3 * formula_mass(t.element) / rate for t in tracked]
    total = [
        max(sum(t.flow(s) for s in side) for side in sides.values()) * g
        for t, g in zip(tracked, grams, strict=True)
    ]
    lines = [
        f"| g per {basis or f'kg {product[1]} in {product[0]}'} | "
        + " | ".join(t.title for t in tracked)
        + " |",
        "|---|" + "---:|" * len(tracked),
    ]
    for way, streams in sides.items():
        sums = [0.0] * len(tracked)
        for s in streams:
            found = [t.flow(s) * g for t, g in zip(tracked, grams, strict=True)]
            sums = [a + b for a, b in zip(sums, found, strict=True)]
            shown = [x > least * y for x, y in zip(found, total, strict=True)]
            if any(shown):
                cells = [f"{x:.4g}" if on else "·" for x, on in zip(found, shown, strict=True)]
                lines.append(f"| {way}: {s.name} | " + " | ".join(cells) + " |")
        cells = [f"**{x:.4g}**" for x in sums]
        lines.append(f"| **sum {way}** | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
