"""Feeds: what comes into the plant."""

from __future__ import annotations

from collections.abc import Mapping

from noxplant.errors import ModelError, SpeciesError, nearest
from noxplant.quantities import MEDIA, Outlet, Spec
from noxplant.species import dissolve, gas_species, organic_species, solid_species
from noxplant.streams import carriage
from noxplant.unit import Equations, Unit


class Feed(Unit):
    """A stream of given composition from outside the plant.

    Aqueous feeds are given as weighed in: ``Feed("lye", "aqueous", {"H2O": 50, "KOH": 1})``;
    salts, acids and bases fall apart into component totals, so a feed cannot be charged.
    Other media are given by species. The flows are specifications ``amount[...]``, mol/s, so each
    can be varied, or freed in exchange for a quantity that it decides; `factor` multiplies all of
    them, so that freeing it sizes a feed of given composition.
    """

    out = Outlet("*", "the stream fed", only="keys", band="cold")
    amount = Spec("mol/s", "flow of each substance as weighed in", (0, None), over="substances")
    factor = Spec("1", "multiplier of all amounts", (0.0, None), default=1.0)
    temperature = Spec("K", "temperature", (200.0, 480.0))
    pressure = Spec("Pa", "pressure, absolute", (100.0, 1e8))

    def __init__(
        self,
        name: str,
        medium: str,
        amount: Mapping[str, float],
        *,
        temperature: float = 298.15,
        pressure: float = 101325.0,
    ) -> None:
        """Give medium, flows in mol/s by substance, temperature in K and pressure in Pa."""
        if not amount:
            raise ModelError(f"Feed {name!r}: give at least one substance with its flow in mol/s.")
        self.medium = medium
        self.substances = tuple(amount)
        self.recipe = {s: self._parts(name, s) for s in self.substances}
        self.keys = tuple(dict.fromkeys(k for parts in self.recipe.values() for k in parts))
        super().__init__(name, amount=dict(amount), temperature=temperature, pressure=pressure)

    def _parts(self, name: str, substance: str) -> Mapping[str, float]:
        if self.medium not in MEDIA:
            raise ModelError(
                f"Feed {name!r}: {self.medium!r} is no medium.{nearest(self.medium, MEDIA)}\n"
                f"  The media are {', '.join(MEDIA)}."
            )
        if "aqueous" in MEDIA[self.medium] and not substance.endswith("(s)"):
            return dissolve(substance)
        lists = {"gas": gas_species, "organic": organic_species, "solid": solid_species}
        known = [s for p in MEDIA[self.medium] if p in lists for s in lists[p]()]
        if substance not in known:
            raise SpeciesError(
                f"Feed {name!r}: no {self.medium} can hold {substance!r}."
                f"{nearest(substance, known)}\n  It can hold: {', '.join(known)}."
            )
        return {substance: 1.0}

    def boundary_flow(self) -> dict[str, float]:
        """Components fed, mol/s."""
        out: dict[str, float] = {}
        for substance, parts in self.recipe.items():
            for key, nu in parts.items():
                phase = _phase(self.medium, key)
                for c, k in carriage.content(key, phase).items():
                    out[c] = out.get(c, 0.0) + nu * k * self.given["amount"][substance]
        return out

    def equations(self) -> Equations:
        """Amounts, temperature and pressure are those given."""
        for key in self.out.phase_of:
            parts = [r[key] * self.amount[s] for s, r in self.recipe.items() if key in r]
            total = sum(parts) if parts else 0.0
            yield f"flow of {key}", self.out.flow[key] == self.factor * total
        yield "temperature", self.out.temperature == self.temperature
        yield "pressure", self.out.pressure == self.pressure


def _phase(medium: str, key: str) -> str:
    return "solid" if key.endswith("(s)") else MEDIA[medium][0]
