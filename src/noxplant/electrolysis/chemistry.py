"""Half-reactions of a cell: read, named, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from noxplant.errors import ModelError, SpecError, nearest
from noxplant.species import Reaction, aqueous_components, component, species

_BARE: Final = ("H2O", "H+", "OH-")


@dataclass(frozen=True)
class Chemistry:
    """The half-reactions of a cell, by short name.

    Attributes:
        cathode: reactions that take electrons up; the first is the main reaction.
        anode: reactions that give electrons off.
        cathode_rest: cathode reaction that takes the current which the others leave.
        anode_rest: the same at the anode.
        consumed: dissolved components, water apart, that cathode reactions use up.
        produced: components, water apart, that cathode reactions make.
        gases: gas species made at (cathode, anode).
        made: dissolved components made at (cathode, anode).
    """

    cathode: Mapping[str, Reaction]
    anode: Mapping[str, Reaction]
    cathode_rest: str
    anode_rest: str
    consumed: tuple[str, ...] = field(default=())
    produced: tuple[str, ...] = field(default=())
    gases: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    made: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def reactions(self) -> dict[str, Reaction]:
        """All half-reactions by short name."""
        return {**self.cathode, **self.anode}

    @property
    def specified(self) -> tuple[str, ...]:
        """Reactions whose faradaic efficiency is given."""
        rest = (self.cathode_rest, self.anode_rest)
        return tuple(r for r in self.reactions if r not in rest)

    @property
    def main(self) -> str:
        """Main cathode reaction: the first."""
        return next(iter(self.cathode))

    @property
    def product(self) -> str:
        """Component that the main reaction makes."""
        made = self.cathode[self.main].components
        return next(c for c, nu in made.items() if nu > 0 and c != "H2O")


def short_name(reaction: Reaction) -> str:
    """Short name of a half-reaction: main reactant -> main product.

    >>> short_name(Reaction.parse("NO3- + 9 H+ + 8 e- -> NH3 + 3 H2O"))
    'NO3- -> NH3'
    >>> short_name(Reaction.parse("2 H2O + 2 e- -> H2 + 2 OH-"))
    'H2O -> H2'
    """
    ends = []
    for sign in (-1, 1):
        side = [s for s, nu in reaction.species.items() if nu * sign > 0 and s not in _BARE]
        with_n = [s for s in side if "N" in species(s).elements]
        ends.append((with_n or side or ["H2O"])[0])
    return f"{ends[0]} -> {ends[1]}"


def chemistry(
    unit: str,
    cathode: Sequence[str],
    anode: Sequence[str],
    remainder: str | None,
    gas_fed: str = "",
) -> Chemistry:
    """Read and check the half-reactions of a cell.

    Args:
        unit: name of the cell, for messages.
        cathode: texts of the cathode reactions, the main one first.
        anode: texts of the anode reactions; the last takes what the others leave.
        remainder: short name of the cathode reaction that takes the current left over; None for
            the evolution of hydrogen.
        gas_fed: electrode that may use up gases, "cathode" or "anode".

    Raises:
        ModelError: a reaction at the wrong electrode, twice the same, no remainder, a gas used up.
    """
    sides = (
        _read(unit, cathode, "cathode", 1, gas_fed),
        _read(unit, anode, "anode", -1, gas_fed),
    )
    rest = remainder or next((k for k, r in sides[0].items() if r.species.get("H2", 0) > 0), None)
    if rest not in sides[0]:
        raise ModelError(
            f"{unit}: no cathode reaction {rest or 'that makes H2'!r} to take the current left over."
            f"{nearest(rest or '', sides[0])}\n  Give remainder= one of: {', '.join(sides[0])}."
        )
    gases, made = [], []
    for side, where in zip(sides, ("cathode", "anode"), strict=True):
        gas = _made(side, lambda s: "aqueous" not in species(s).media)
        if not gas:
            raise ModelError(f"{unit}: no {where} reaction makes a gas; add one (H2 or O2).")
        gases.append(gas)
        parts = [c for r in side.values() for c, nu in r.components.items() if nu > 0]
        made.append(tuple(c for c in dict.fromkeys(parts) if c in aqueous_components()))
    used = [c for r in sides[0].values() for c, nu in r.components.items() if nu < 0]
    consumed = tuple(c for c in dict.fromkeys(used) if c != "H2O")
    got = [c for r in sides[0].values() for c, nu in r.components.items() if nu > 0]
    produced = tuple(c for c in dict.fromkeys(got) if c != "H2O")
    last = list(sides[1])[-1]
    return Chemistry(
        *sides, rest, last, consumed, produced, (gases[0], gases[1]), (made[0], made[1])
    )


def _read(
    unit: str, texts: Sequence[str], where: str, sign: int, gas_fed: str = ""
) -> dict[str, Reaction]:
    found: dict[str, Reaction] = {}
    if not texts:
        raise ModelError(f"{unit}: give at least one {where} reaction.")
    for text in texts:
        reaction = Reaction.parse(text)
        if reaction.electrons * sign <= 0:
            kind = "takes up" if sign > 0 else "gives off"
            raise ModelError(
                f"{unit}: {text!r} is no {where} reaction, which {kind} electrons.\n"
                "  Write it the other way round, or give it to the other electrode."
            )
        name = short_name(reaction)
        if name in found:
            raise ModelError(f"{unit}: two {where} reactions are both {name!r}.")
        for s, nu in reaction.species.items():
            if nu < 0 and "aqueous" not in species(s).media and where != gas_fed:
                raise ModelError(
                    f"{unit}: {name} uses up the gas {s}; only liquids enter the cell."
                )
        if any(phase == "g" and "aqueous" in species(s).media for s, phase in reaction.phases):
            raise ModelError(
                f"{unit}: {text!r} makes as gas what dissolves. Write it without (g); a"
                " GasLiquidSeparator lets it out."
            )
        found[name] = reaction
    return found


def _made(side: Mapping[str, Reaction], wanted: Any) -> tuple[str, ...]:
    names = [s for r in side.values() for s, nu in r.species.items() if nu > 0 and wanted(s)]
    return tuple(dict.fromkeys(names))


def check_cation(unit: str, cation: str) -> str:
    """The ion of the membrane: a single-charged cation that streams count."""
    known = [c for c in aqueous_components() if component(c).charge == 1]
    if cation not in known:
        raise ModelError(
            f"{unit}: the membrane cannot carry {cation!r}.{nearest(cation, known)}\n"
            f"  It carries one of: {', '.join(known)}."
        )
    return cation


def check_efficiencies(unit: str, chem: Chemistry, given: Mapping[str, float]) -> None:
    """Refuse faradaic efficiencies whose sum over one electrode exceeds one."""
    for side, where in ((chem.cathode, "cathode"), (chem.anode, "anode")):
        parts = {r: float(x) for r, x in given.items() if r in side}
        total = sum(parts.values())
        if total > 1 + 1e-9:
            words = " + ".join(f"{x:g} ({r})" for r, x in parts.items())
            raise SpecError(
                f"{unit}: the faradaic efficiencies at the {where} add up to {total:g}: {words}.\n"
                "  They are fractions of one current, so at most 1 together; the rest goes to"
                f" {chem.cathode_rest if where == 'cathode' else chem.anode_rest}."
            )


def port_keys(unit: Any, side: int) -> tuple[str, ...]:
    """Keys of the liquid that leaves a compartment (0 cathode, 1 anode), for `Outlet(only=...)`."""
    chem: Chemistry = unit.chemistry
    port = unit.ports["catholyte" if side == 0 else "anolyte"][0]
    own = (*port.keys.get("aqueous", ()), *chem.made[side])
    return (*own, unit.membrane_cation) if side == 0 else own
