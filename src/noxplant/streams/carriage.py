"""Which flow keys a phase can hold, and what becomes of a key that passes into another phase.

A *key* is what a stream counts in mol/s: a component total in an aqueous phase ("N(-3)"), a
species in a gas ("NH3"), an organic phase ("NH3") or a solid ("KNO3(s)"). Keys of all phases map
onto the conserved components by their `content`, so balances join media by component.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from noxplant.species import (
    aqueous_components,
    component,
    gas_species,
    organic_species,
    plasma_species,
    species,
)
from noxplant.thermo import aqueous, organic


@cache
def content(key: str, phase: str) -> Mapping[str, float]:
    """Moles of each conserved component in one mole of `key` in `phase`."""
    if phase == "aqueous":
        return {key: 1.0}
    return species(key).content


def components(keys: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Conserved components held by (key, phase) pairs, in order of first appearance."""
    return tuple(dict.fromkeys(c for key, phase in keys for c in content(key, phase)))


@cache
def volatile_keys(phase: str) -> tuple[tuple[str, str], ...]:
    """(gas species, key in the liquid `phase`) of all that passes between a gas and that liquid."""
    if phase == "aqueous":
        return tuple(
            (name, next(iter(species(name).content)))
            for name in aqueous.volatiles()
            if name in gas_species()
        )
    return tuple((name, name) for name in organic.volatiles() if name in gas_species())


def translate(keys: Iterable[str], source: str, target: str) -> tuple[str, ...]:
    """Keys that what is in phase `source` can become in phase `target` by transfer alone."""
    held = set(keys)
    if source == target:
        return tuple(keys)
    if target == "gas" and source in ("aqueous", "organic"):
        return tuple(gas for gas, liquid in volatile_keys(source) if liquid in held)
    if source == "gas" and target in ("aqueous", "organic"):
        return tuple(liquid for gas, liquid in volatile_keys(target) if gas in held)
    if source == "solid" and target == "aqueous":
        found = dict.fromkeys(c for key in keys for c in species(key).content)
        return tuple(c for c in found if c in aqueous_components())
    return ()


def ordered(keys: Iterable[str], phase: str) -> tuple[str, ...]:
    """Keys without repetition, in the order of the data files; water first in aqueous phases."""
    held = set(keys)
    if phase == "aqueous":
        held.add("H2O")
        return tuple(k for k in aqueous_components() if k in held)
    if phase == "gas":
        return tuple(k for k in (*gas_species(), *plasma_species()) if k in held)
    if phase == "organic":
        return tuple(k for k in organic_species() if k in held)
    return tuple(sorted(held))


def charge_of(key: str, phase: str) -> float:
    """Charge of one mole of `key`; of an aqueous total, that of its basis species."""
    return component(key).charge if phase == "aqueous" else species(key).charge
