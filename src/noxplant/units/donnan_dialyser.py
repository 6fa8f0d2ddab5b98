"""Donnan dialysis: a cation membrane exchanges ammonium for the cations of a receiver."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from noxplant import balances, contact, dialysis, maths
from noxplant.errors import ModelError
from noxplant.quantities import Inlet, Inside, Outlet, Result, Spec
from noxplant.species import species
from noxplant.unit import Equations, Limit, Region, Unit

AMMONIA = contact.AMMONIA
ROUNDING: Final = 1e-9
"""Ammonium that may flow back, per cation of the source: none but for rounding."""
HELD: Final = 0.1
"""Flux over the limiting one of a film from which on a user is told: a choice."""


class DonnanDialyser(Unit):
    """Cation membrane without current: what one liquid gives in cations the other gives back.

    Monovalent cations (NH4+, K+, Na+, N2H5+, H+) pass as a no-current exchange at one mobility, so that
    the flux of each is `permeance` times the difference of its parts of the cations on the two sides
    (Nernst-Planck in a membrane full of counter-ions, Donnan equilibrium at its faces). Co-current plug
    flow in `cells`: without weak bases the difference falls as exp(-transfer_units), which one cell
    has exactly; with them (ammonia in lye, a receiver that turns ammonium to ammonia) the error falls
    as the square of the number of cells. A large area gives Donnan equilibrium, the same ratio of
    receiver to source for each cation, a trace too. Anions, NH3 and water stay; NH3 would pass too,
    and osmosis from the weak to the strong side is left out. The films on both sides must be able to
    bring what the membrane takes (`film_ratio`, that of the source, below one); they are not in series
    with it, so the flux comes out too high by about that ratio, of which a warning tells. Adiabatic, one temperature in each cell. Divalent
    cations are left out; not validated.

    Source: ammonia note 5.5.
    """

    source = Inlet("aqueous", "liquid that gives ammonium")
    receiver = Inlet("aqueous", "liquid that gives another cation for it")
    source_out = Outlet("aqueous", "liquid that has given ammonium", adds="cations")
    receiver_out = Outlet("aqueous", "liquid with the ammonium", adds="cations")

    along = Inside("aqueous", "source from cell to cell", count="inner", adds="cations")
    beside = Inside("aqueous", "receiver from cell to cell", count="inner", adds="cations")

    area = Spec("m2", "area of the membrane", (0.0, None), nominal=10.0, open="low")
    permeance = Spec(
        "mol/s/m2", "diffusivity times fixed charge over thickness of the membrane", (1e-8, 1.0)
    )
    mass_transfer = Spec(
        "m/s", "mass-transfer coefficient of the films on both sides", (1e-7, 1e-2)
    )
    exchanged = Result("mol/s", "ammonium passed to the receiver", nominal=1e-2)
    recovery = Result("1", "part of the source's ammonium and ammonia that is passed", nominal=0.5)
    transfer_units = Result(
        "1", "number of transfer units, with the cations of the inlets", nominal=2.0
    )
    approach = Result("1", "part of the way to Donnan equilibrium", nominal=0.8)
    film_ratio = Result(
        "1", "flux of ammonium at the inlet over what the film can bring", nominal=0.5
    )

    def __init__(self, name: str, *, cells: int = 5, **given: float) -> None:
        """Name the dialyser, cut it into cells and give its specifications, SI."""
        self.cells = contact.whole(name, "cells", cells, 1)
        self.inner = self.cells - 1
        super().__init__(name, **given)

    def _sides(self) -> tuple[list[Any], list[Any]]:
        """Source and receiver at all cuts."""
        source = [self.source, *self.along, self.source_out]
        return source, [self.receiver, *self.beside, self.receiver_out]

    @property
    def cations(self) -> tuple[str, ...]:
        """Components of the monovalent cations of both inlets."""
        held = [k for p in ("source", "receiver") for k in self.ports[p][0].keys.get("aqueous", ())]
        return tuple(dict.fromkeys(k for k in held if k in ("K+", "Na+", AMMONIA, "N(-2)")))

    def _parts(self, stream: Any) -> tuple[dict[str, Any], Any]:
        """Monovalent cations and their sum, mol/s."""
        names = [j for j in dialysis.ions(stream, 1) if species(j).charge == 1]
        held = {j: stream.true[j] for j in names}
        return held, sum(held.values())

    def _moved(self, n: int) -> dict[str, Any]:
        """Cations that pass from source to receiver in a cell, mol/s; H+ closes the charge."""
        start, end = zip(*(side[n : n + 2] for side in self._sides()), strict=True)
        conductance = self.permeance * self.area / self.cells
        units = sum(
            2 * conductance / (self._parts(x)[1] + self._parts(y)[1])
            for x, y in zip(start, end, strict=True)
        )
        fall = maths.exp(-units)
        reach = conductance * (1 - fall) / (1 + fall) / units
        out: dict[str, Any] = {}
        for s, r in (start, end):
            (a, total_a), (b, total_b) = self._parts(s), self._parts(r)
            for j in dict.fromkeys((*a, *b)):
                if j == "H+":
                    continue
                difference = a.get(j, 0.0) / total_a - b.get(j, 0.0) / total_b
                out[j] = out.get(j, 0.0) + reach * difference
        out["H+"] = -sum(out.values())
        return out

    def _all_moved(self) -> dict[str, Any]:
        """Cations that pass in all cells, mol/s."""
        return balances.add(*(self._moved(n) for n in range(self.cells)))

    def equations(self) -> Equations:
        """Exchange, balances and first law of each cell, figures."""
        if AMMONIA not in self.source.phase_of:
            raise ModelError(
                f"{self.name}: the source brings no ammonium, N(-3), so there is nothing to pass.\n"
                "  Check what is connected to its inlet `source`."
            )
        totals = [self._parts(x)[1] for x in (self.source, self.receiver)]
        conductance = self.permeance * self.area
        yield (
            "transfer units",
            self.transfer_units * totals[0] * totals[1] == conductance * (totals[0] + totals[1]),
        )
        for n in range(self.cells):
            yield from self._cell(n)
        yield from self._figures()

    def _cell(self, n: int) -> Equations:
        moved, sides = self._moved(n), [side[n : n + 2] for side in self._sides()]
        for name, (start, end), sign in zip(
            ("source", "receiver"), sides, (-1.0, 1.0), strict=True
        ):
            parts = [
                {c: sign * nu * x for c, nu in species(j).content.items()} for j, x in moved.items()
            ]
            tag = f"cell {n + 1}: {name}: "
            yield from balances.moles([start], [end], made=balances.add(*parts), tag=tag)
            yield f"{tag}pressure", end.pressure == start.pressure
        inlets, outlets = zip(*sides, strict=True)
        yield from balances.energy(inlets, outlets, tag=f"cell {n + 1}: ")
        yield f"cell {n + 1}: one temperature", outlets[1].temperature == outlets[0].temperature

    def _figures(self) -> Equations:
        moved = self._all_moved()
        yield "ammonium passed", self.exchanged == moved["NH4+"]
        fed = self.source.flow[AMMONIA]
        yield (
            "recovery",
            contact.ratio(self.recovery, self.exchanged, fed, self.source.total_flow),
        )
        yield "approach", self.approach == 1 - maths.exp(-self.transfer_units)
        (a, total_a), (b, total_b) = self._parts(self.source), self._parts(self.receiver)
        flux = self.permeance * (a["NH4+"] / total_a - b.get("NH4+", 0.0) / total_b)
        bring = self.mass_transfer * a["NH4+"]
        floor = contact.TINY * self.source.total_flow * self.mass_transfer
        yield "film", self.film_ratio * (bring + floor) == flux * self.source.volume_flow

    def regions(self) -> list[Region]:
        """Both liquids close on their own."""
        moved = self._all_moved()
        lost = {j: -n for j, n in moved.items()}
        return [
            Region("source", [self.source], [self.source_out], lost),
            Region("receiver", [self.receiver], [self.receiver_out], moved),
        ]

    def warnings(self) -> Iterator[str]:
        """Films that hold back a good part of what the membrane would take."""
        for side, ratio in (("source", self.film_ratio), ("receiver", self._held_beyond())):
            if (held := contact.at(ratio)) > HELD:
                yield (
                    f"the membrane takes {held:.2g} of what the film of the {side} can bring at the"
                    f" inlet; films are not in series with it here, so the flux there is some {held:.0%}"
                    " too high. Take less permeance or a faster flow."
                )

    def _held_beyond(self) -> Any:
        """Flux at the inlet over what the film of the receiver can bring of other cations."""
        (a, total_a), (b, total_b) = self._parts(self.source), self._parts(self.receiver)
        flux = self.permeance * (a["NH4+"] / total_a - b.get("NH4+", 0.0) / total_b)
        others = sum(n for j, n in b.items() if j != "NH4+")
        return flux * self.receiver.volume_flow / (self.mass_transfer * others)

    def limits(self) -> list[Limit]:
        """The film must bring the ammonium; it must flow the right way."""
        most = self.mass_transfer * self.source.true["NH4+"] / self.source.volume_flow
        asked = contact.at(self.film_ratio) * contact.at(most)
        return [
            Limit(
                "film of the source",
                1 - self.film_ratio,
                f"the membrane would take {asked:.4g} mol/s/m2 of ammonium at the inlet, its film brings"
                f" {contact.at(most):.4g} mol/s/m2 at most. Take a thicker membrane (less permeance),"
                " a faster flow or a stronger source.",
            ),
            Limit(
                "film of the receiver",
                1 - self._held_beyond(),
                "the membrane would take"
                f" {contact.at(self._held_beyond()):.3g} times the cations at the inlet that the film"
                " of the receiver can bring. Take less permeance, a faster flow or a stronger"
                " receiver.",
            ),
            Limit(
                "direction of the exchange",
                self.exchanged / self._parts(self.source)[1] + ROUNDING,
                "the receiver holds more ammonium per cation than the source, so ammonium would flow"
                f" back ({contact.at(self.exchanged):.3g} mol/s). Feed a receiver with more of the other"
                " cation.",
            ),
        ]
