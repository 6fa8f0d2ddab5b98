"""Benzophenone (the paper's DPK) on its way back from the decanter."""

from __future__ import annotations

from collections.abc import Iterable

from noxplant import balances
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.streams.ports import Port
from noxplant.unit import Equations, Limit, Unit

MELTING_POINT = 321.15
"""Of benzophenone, K (CRC, note section 2)."""


class DPKRecycle(Unit):
    """A fraction of the returned benzophenone is purged, make-up is added; adiabatic.

    The purge is the outlet of benzhydrol that comes back with the benzophenone; without purge a
    return with benzhydrol is refused. Free the make-up feed's amount in exchange for the ratio of
    ketone to ammonia in the imine reactor. Benzophenone must stay molten: it freezes at 321 K.

    Source: physics note of the hydrazine route, 3.10 (closed forms: `noxplant.azine.dpk_make_up`).
    """

    returned = Inlet("organic", "benzophenone phase of the decanter")
    make_up = Inlet("organic", "fresh benzophenone")
    out = Outlet("organic", "benzophenone to the imine reactor")
    purge = Outlet("organic", "purge", only="returned_keys")
    purge_fraction = Spec("1", "returned benzophenone that is purged", (0.0, 1.0))
    make_up_share = Result("mol/mol", "make-up per benzophenone sent on", fixed_within=(0.0, 1.0))
    impurity = Result("mol/mol", "what is no benzophenone in the return", (0.0, None))

    def __init__(self, name: str, *, purge_fraction: float) -> None:
        """Name the recycle and give the fraction purged."""
        super().__init__(name, purge_fraction=purge_fraction)

    @property
    def returned_keys(self) -> tuple[str, ...]:
        """What the return can hold."""
        return self.ports["returned"][0].keys.get("organic", ())

    def closed_outlets(self) -> Iterable[Port]:
        """The purge is closed when its fraction is zero."""
        return self.ports["purge"] if self.given.get("purge_fraction") == 0.0 else ()

    def equations(self) -> Equations:
        """Purge of every key alike, balances, first law."""
        back, purge = self.returned, self.purge
        if "benzophenone" not in self.out.flow:
            raise ModelError(
                f"{self.name}: neither the return nor the make-up brings benzophenone."
            )
        for key in purge.flow:
            yield f"purge of {key}", purge.flow[key] == self.purge_fraction * back.flow[key]
        yield from balances.same_state(back, purge)
        yield from balances.moles(self.inlets, self.outlets)
        yield from balances.energy(self.inlets, self.outlets)
        yield from balances.pressure(back, self.out)
        ketone = self.out.flow["benzophenone"]
        yield "make-up", self.make_up_share * ketone == self.make_up.content("benzophenone")
        other = back.total_flow - back.content("benzophenone")
        yield "impurity", self.impurity * back.total_flow == other

    def limits(self) -> list[Limit]:
        """Benzhydrol needs an outlet; benzophenone must not freeze."""
        out = [
            Limit(
                "molten benzophenone",
                self.out.temperature - MELTING_POINT,
                f"benzophenone at {value(self.out.temperature):.2f} K would freeze (melting point"
                f" {MELTING_POINT} K). Feed the make-up molten, or heat the return.",
            )
        ]
        if "benzhydrol" in self.returned.flow and not value(self.purge_fraction) > 0:
            share = self.returned.flow["benzhydrol"] / self.returned.total_flow
            out.append(
                Limit(
                    "outlet for benzhydrol",
                    1e-12 - share,
                    f"benzhydrol comes back (mole fraction {value(share):.3g}) and the purge is"
                    " zero, so it builds up without limit. Give purge_fraction above zero.",
                )
            )
        return out
