"""Reactions written as text, checked and folded onto components."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from noxplant.errors import SpeciesError
from noxplant.species.registry import COMPONENTS, Amounts, species

_TERM = re.compile(r"(?:(\d+(?:\.\d+)?|\.\d+)\s*)?(\S.*)")
_PHASE = re.compile(r"\((g|aq|l)\)$")


def _term(text: str, reaction: str) -> tuple[float, str, str]:
    """Split a term such as "9 H+" or "0.5 O2(g)" into number, species and phase mark or ""."""
    match = _TERM.fullmatch(text.strip())
    if match is None:
        raise SpeciesError(f"{reaction!r}: a term is empty. Write terms as '2 NH3 + H2O'.")
    name = match.group(2)
    mark = _PHASE.search(name)
    bare = name[: mark.start()] if mark else name
    if bare != "e-":
        s = species(bare)
        wanted = "gas" if mark and mark.group(1) == "g" else "aqueous"
        if mark and s.media and wanted not in s.media:
            raise SpeciesError(f"{reaction!r}: {bare} does not exist as {wanted}.")
    return float(match.group(1) or 1), bare, mark.group(1) if mark else ""


def _off(total: dict[str, float], reaction: str) -> None:
    wrong = []
    for e, k in sorted(total.items()):
        if abs(k) > 1e-9:
            wrong.append(f"{e}: {abs(k):g} too many on the {'right' if k > 0 else 'left'}")
    if wrong:
        raise SpeciesError(f"Reaction does not balance: {reaction}\n  " + "\n  ".join(wrong))


@dataclass(frozen=True)
class Reaction:
    """A balanced reaction.

    Attributes:
        text: as written.
        species: mol of each species made per extent (reactants negative), without electrons.
        components: mol of each component made per extent, protons dropped.
        protons: mol of protons made per extent, beyond what the components hold.
        electrons: mol of electrons consumed on the left per extent.
        phases: phase marks given in the text, e.g. {"NH3": "g"}.
    """

    text: str
    species: Amounts
    components: Amounts
    protons: float
    electrons: float
    phases: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Reaction:
        """Read a reaction such as "NO3- + 9 H+ + 8 e- -> NH3 + 3 H2O".

        Args:
            text: terms joined by " + ", sides by "->" or "="; names may hold spaces; a gas that is
                also dissolved may be marked "NH3(g)"; unmarked names mean the dissolved species.

        Raises:
            SpeciesError: unknown species (with hint), a missing side, or an element or the charge
                that does not balance, each with the amount.
        """
        return _parse(text)

    def __str__(self) -> str:
        return self.text


@cache
def _parse(text: str) -> Reaction:
    sides = re.split(r"\s*->\s*|\s+=\s+", text.strip())
    if len(sides) != 2 or not all(s.strip() for s in sides):
        raise SpeciesError(f"{text!r} is no reaction: write 'left -> right' (or 'left = right').")
    made: dict[str, float] = {}
    electrons = 0.0
    phases: dict[str, str] = {}
    for side, sign in zip(sides, (-1.0, 1.0), strict=True):
        for part in re.split(r"\s+\+\s+", side.strip()):
            n, name, phase = _term(part, text)
            if name == "e-":
                electrons -= sign * n
                continue
            if name in made and phases.get(name, "") != phase:
                raise SpeciesError(f"{text!r}: {name} stands in two phases; write two reactions.")
            made[name] = made.get(name, 0.0) + sign * n
            if phase:
                phases[name] = phase
    _off(_totals(made, electrons), text)
    made = {s: n for s, n in made.items() if n}
    components, protons = _fold(made)
    marks = tuple(sorted(phases.items()))
    return Reaction(text, Amounts(made), Amounts(components), protons, electrons, marks)


def _totals(made: dict[str, float], electrons: float) -> dict[str, float]:
    total = {"charge": electrons}
    for name, n in made.items():
        s = species(name)
        total["charge"] += n * s.charge
        for e, k in s.elements.items():
            total[e] = total.get(e, 0.0) + n * k
    return total


def _fold(made: dict[str, float]) -> tuple[dict[str, float], float]:
    """Components and protons made; a species holds charge - sum content * charge protons."""
    components: dict[str, float] = {}
    protons = 0.0
    for name, n in made.items():
        s = species(name)
        protons += n * (s.charge - sum(k * COMPONENTS[c].charge for c, k in s.content.items()))
        for c, k in s.content.items():
            components[c] = components.get(c, 0.0) + n * k
    return {c: n for c, n in components.items() if abs(n) > 1e-12}, protons
