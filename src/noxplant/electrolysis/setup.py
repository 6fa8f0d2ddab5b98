"""What the plug-flow cells prepare before they are built: half-reactions, segments, indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from noxplant.electrolysis import channel, kinetics
from noxplant.electrolysis.chemistry import Chemistry, chemistry
from noxplant.errors import ModelError

LIMIT = 200
"""Most segments that a cell may have; the error falls as one over their number."""


def prepare(
    unit: Any, name: str, cathode: Sequence[str], anode: Sequence[str], segments: int
) -> None:
    """Read the half-reactions and set the indices of a plug-flow cell.

    Raises:
        ModelError: a number of segments that is none, a reaction at the wrong electrode, an
            electrode without solvent reaction, a main reaction without dissolved reactant.
    """
    if isinstance(segments, bool) or not isinstance(segments, int) or not 1 <= segments <= LIMIT:
        raise ModelError(
            f"{name}: segments = {segments!r}; give a whole number from 1 (stirred) to {LIMIT}."
        )
    unit.segments, unit.inner = segments, segments - 1
    unit.segment_names = channel.names(segments)
    prepare_phases(unit, name, cathode, anode, unit.segment_names)


def prepare_phases(
    unit: Any,
    name: str,
    cathode: Sequence[str],
    anode: Sequence[str],
    phases: Sequence[str],
    gas_fed: str = "",
) -> None:
    """The same for a cell whose states have names of their own, such as phases of a pulse."""
    chem = chemistry(name, cathode, anode, None, gas_fed)
    _check(name, chem, gas_fed)
    unit.chemistry, unit.places = chem, channel.places(chem, phases)
    unit.films, unit.reactions = channel.films(chem), tuple(chem.reactions)
    unit.cathodic, unit.consumed, unit.produced = tuple(chem.cathode), chem.consumed, chem.produced
    unit.cathode_gases, unit.anode_gases = chem.gases
    used = [c for r in chem.reactions.values() for c, nu in r.components.items() if nu < 0]
    unit.converts = tuple(dict.fromkeys([*used, "H2O"]))


def _check(name: str, chem: Chemistry, gas_fed: str) -> None:
    for side, reactions in (("cathode", chem.cathode), ("anode", chem.anode)):
        kinetics.sequence(name, reactions)
        if all(kinetics.reactant(r) is not None for r in reactions.values()):
            raise ModelError(
                f"{name}: every {side} reaction needs a dissolved reactant, so that beyond their"
                " limiting current nothing could carry the rest.\n  Add the reaction of the"
                f" solvent: {'H2' if side == 'cathode' else 'O2'} evolution."
            )
    if gas_fed != "anode" and kinetics.reactant(chem.cathode[chem.main]) is None:
        raise ModelError(
            f"{name}: the first cathode reaction, {chem.main}, has no dissolved reactant.\n"
            "  Name first the reaction that makes the product."
        )


def keys(unit: Any, side: int, *more: str) -> tuple[str, ...]:
    """Keys of the liquid of a compartment (0 cathode, 1 anode), with what crosses into it."""
    chem: Chemistry = unit.chemistry
    port = unit.ports["catholyte" if side == 0 else "anolyte"][0]
    return (*port.keys.get("aqueous", ()), *chem.made[side], *more)


def both_ways(unit: Any, key: str) -> bool:
    """Whether one of the two compartments can hold a key at all."""
    return any(key in keys(unit, side) for side in (0, 1))
