"""Water wash of an organic filter cake: from an organic slurry to an aqueous one."""

from __future__ import annotations

from typing import Any

from noxplant import balances, maths
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.crystallisation import benzophenone_in_water, mass_flow, up_to
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.species import aqueous_components, molar_mass, species
from noxplant.unit import Equations, Limit, Unit

KETONE, IMINE, AZINE = "benzophenone", "benzophenone imine", "benzophenone azine"


class WaterWash(Unit):
    """Water displaces the organic liquor of an azine cake, without heat.

    The fraction (1 - E)^n of the organic liquor stays in the cake (E: efficiency per wash volume,
    n: volumes of water per volume of organic liquor held, from the flows). What mixes with water
    (acetonitrile, methanol, NH3, formaldehyde, KPF6 as ions) goes with the water. Azine dissolved
    in the liquor precipitates on the cake. Oils that water does not take up (imine, benzhydrol,
    benzophenone beyond its solubility in the spent wash) are decanted as a film. On the cake, the
    imine that stays is counted as its hydrolysis products, benzophenone and ammonia; benzhydrol all
    leaves with the film. Benzophenone that stays on the cake is counted in its liquor.

    Source: displacement washing, hydrazine note 3.4; insolubility of the oils: assumption.
    """

    converts = (IMINE, AZINE)
    feed = Inlet("organic slurry", "cake with organic liquor")
    wash = Inlet("aqueous", "wash water")
    cake = Outlet("slurry", "cake with aqueous liquor", adds="miscible")
    wash_out = Outlet("aqueous", "spent wash with the solvent displaced", adds="miscible")
    organic_out = Outlet("organic", "film of oils decanted from the spent wash", only="oils")
    efficiency = Spec("1", "fraction of the liquor displaced per wash volume", (0.0, 0.999))
    held_liquor = Spec("kg/kg", "aqueous liquor held per kg of dry azine", (0.0, None))
    wash_volumes = Result(
        "1", "volumes of wash per volume of organic liquor", (0.0, None), nominal=3.0
    )
    residual = Result(
        "1",
        "fraction of the organic liquor that stays in the cake",
        nominal=1e-2,
        fixed_within=(0.0, 1.0),
    )
    kept_fraction = Result(
        "1", "fraction of the wash that stays in the cake", nominal=0.1, fixed_within=(0.0, 1.0)
    )
    hexafluorophosphate = Result(
        "kg/kg", "PF6- per kg of dry azine in the cake", nominal=1e-4, fixed_within=(0.0, 1.0)
    )
    acetonitrile = Result(
        "kg/kg",
        "acetonitrile per kg of dry azine in the cake",
        nominal=1e-3,
        fixed_within=(0.0, 1.0),
    )

    @property
    def miscible(self) -> tuple[str, ...]:
        """Components that the organic liquor can give to water."""
        held = self.ports["feed"][0].keys.get("organic", ())
        parts = [c for k in held if _mixes(k) for c in species(k).content]
        if IMINE in held:
            parts += [KETONE, "N(-3)"]
        return tuple(dict.fromkeys(parts))

    @property
    def oils(self) -> tuple[str, ...]:
        """Organic species that water does not take up, benzophenone among them."""
        held = self.ports["feed"][0].keys.get("organic", ())
        return tuple(k for k in held if k == KETONE or not (_mixes(k) or k == AZINE))

    def equations(self) -> Equations:
        """Displacement, precipitation, hydrolysis of the imine left, film of oils."""
        organic = self.feed.phase_keys("organic")
        r, omega, O = self.residual, self.kept_fraction, self.feed.flow
        n = self.wash_volumes
        yield "wash volumes", n * self.feed.volume_flow == self.wash.volume_flow
        yield "residual", r == maths.exp(n * maths.log(1 - self.efficiency))
        imine = r * O[IMINE] if IMINE in organic else 0.0
        formed = {KETONE: imine, "N(-3)": imine, "H2O": -imine}
        ketone = O[KETONE] if KETONE in organic else 0.0
        in_water = self._ketone_in_spent_wash((1 - r) * ketone)
        for c in self.cake.phase_keys("aqueous"):
            brought = self.wash.flow[c] if c in self.wash.phase_keys("aqueous") else 0.0
            liquor = sum(
                nu * O[k]
                for k in organic
                if _mixes(k)
                for d, nu in species(k).content.items()
                if d == c
            )
            stays = omega * brought + r * liquor + formed.get(c, 0.0)
            yield f"{c} in the cake", self.cake.flow[c] == stays
            leaves = in_water if c == KETONE else (1 - r) * liquor
            yield f"{c} in the spent wash", self.wash_out.flow[c] == leaves + (1 - omega) * brought
        for k in self.organic_out.phase_keys("organic"):
            film = {KETONE: (1 - r) * ketone - in_water, IMINE: (1 - r) * O[k]}.get(k, O[k])
            yield f"film of {k}", self.organic_out.flow[k] == film
        for s in self.feed.phase_keys("solid"):
            settles = O[AZINE] if AZINE in organic and s == f"{AZINE}(s)" else 0.0
            yield f"solid {s}", self.cake.flow[s] == O[s] + settles
        yield from self._cake()
        yield from balances.energy(self.inlets, self.outlets)
        yield from balances.same_state(self.cake, self.wash_out)
        yield from balances.same_state(self.cake, self.organic_out)
        yield from balances.pressure(self.feed, self.cake)

    def _ketone_in_spent_wash(self, displaced: Any) -> Any:
        if KETONE not in self.feed.phase_keys("organic"):
            return 0.0
        per_kg = benzophenone_in_water(self.cake.temperature)
        return up_to(displaced, per_kg * self.wash.flow["H2O"] * WATER_MOLAR_MASS)

    def _cake(self) -> Equations:
        dry = mass_flow(self.cake, "solid")
        yield "liquor held", mass_flow(self.cake, "aqueous") == self.held_liquor * dry
        ions = molar_mass("PF6-") * self.cake.content("PF6-")
        yield "hexafluorophosphate", self.hexafluorophosphate * dry == ions
        solvent = molar_mass("acetonitrile") * self.cake.content("acetonitrile")
        yield "acetonitrile", self.acetonitrile * dry == solvent

    def limits(self) -> list[Limit]:
        """There must be enough water to fill the cake, and room for it."""
        return [
            Limit(
                "spent wash",
                1 - self.kept_fraction,
                "the wash water does not suffice to fill the cake (spent wash {margin:.3g} of the"
                " water fed). Give more water or a lower held_liquor.",
            ),
            Limit(
                "room for water",
                self.kept_fraction,
                "the cake keeps more organic liquor than it is to hold liquor in all (room for"
                " water {margin:.3g} of the wash). Give more water or a higher held_liquor.",
            ),
        ]


def _mixes(key: str) -> bool:
    return set(species(key).content) <= set(aqueous_components())
