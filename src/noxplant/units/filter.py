"""Filter with a displacement wash."""

from __future__ import annotations

from typing import Any

from noxplant import balances
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.crystallisation import liquid_of, mass_flow, molar_mass_of
from noxplant.errors import ModelError, SpeciesError, nearest
from noxplant.maths import value
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.species import organic_species, solid_species, species
from noxplant.thermo import solid
from noxplant.unit import Equations, Limit, Unit

NEARLY_CLEAN = 0.05
"""Solid that the wash brings, per what it can dissolve, above which the loss is told to be off (a choice)."""


class Filter(Unit):
    """Slurry and wash liquid become a cake, a mother liquor and a spent wash, without heat.

    The cake holds `held_liquor` kg of liquor per kg of dry solid. Of the mother liquor held, the
    fraction `displaced` leaves with the wash and is replaced by as much wash liquid by mass (with a
    displacement E per wash volume and n volumes it is 1 - (1 - E)^n: `crystallisation.displaced`).
    The wash dissolves the fraction `wash_saturation` of what it could hold of `solid`, at the
    temperature of the cake; other solids do not dissolve. Wash and solute do not crystallise again.
    No solid passes the cloth.

    Source: displacement washing with constant efficiency, hydrazine note 3.4 and 3.8.
    """

    feed = Inlet("*", "slurry")
    wash = Inlet("*liquid", "wash liquid")
    cake = Outlet("*", "washed cake with the liquor it holds", adds="set_free", clings=True)
    mother_liquor = Outlet("*liquid", "liquor that runs off before the wash", only="feed_liquid")
    wash_out = Outlet("*liquid", "spent wash with the displaced liquor", adds="set_free")
    held_liquor = Spec("kg/kg", "liquor held per kg of dry solid in the cake", (0.0, None))
    displaced = Spec("1", "fraction of the held mother liquor that the wash displaces", (0.0, 1.0))
    wash_saturation = Spec("1", "saturation of the wash with the solid", (0.0, 1.0))
    held_fraction = Result(
        "1",
        "fraction of the feed's liquor held by the cake before the wash",
        nominal=0.1,
        fixed_within=(0.0, 1.0),
    )
    kept_fraction = Result(
        "1",
        "fraction of the wash liquid that stays in the cake",
        nominal=0.1,
        fixed_within=(0.0, 1.0),
    )
    wash_volumes = Result("kg/kg", "wash liquid per liquor held by the cake", nominal=3.0)
    dissolved = Result("mol/s", "solid dissolved by the wash", nominal=1e-3)
    loss = Result(
        "1", "fraction of the solid that the wash dissolves", nominal=1e-2, fixed_within=(0.0, 1.0)
    )

    def __init__(self, name: str, medium: str = "slurry", *, solid: str, **given: float) -> None:
        """Name the filter, give the slurry's medium, the solid that washes out, and the specs."""
        self.medium, self.liquid = medium, liquid_of(medium)
        if solid not in solid_species():
            raise SpeciesError(
                f"{name}: there is no solid {solid!r}.{nearest(solid, solid_species())}\n"
                f"  Solids: {', '.join(solid_species())}."
            )
        self.solid = solid
        self.parts = dict(species(solid).content)
        if self.liquid == "organic" and not set(self.parts) <= set(organic_species()):
            raise SpeciesError(f"{name}: {solid} does not dissolve in an organic wash.")
        self.set_free = tuple(self.parts)
        super().__init__(name, **given)

    @property
    def feed_liquid(self) -> tuple[str, ...]:
        """Keys of the liquor fed."""
        return self.ports["feed"][0].keys.get(self.liquid, ())

    def _in(self, port: Any, key: str) -> Any:
        return port.flow[key] if key in port.phase_keys(self.liquid) else 0.0

    def equations(self) -> Equations:
        """Liquor held, liquor displaced, solid dissolved; one temperature after the wash."""
        if self.solid not in self.feed.phase_keys("solid"):
            raise ModelError(
                f"{self.name}: the slurry fed brings no {self.solid}; its solids are"
                f" {', '.join(self.feed.phase_keys('solid')) or 'none'}."
            )
        phi, omega = self.held_fraction, self.kept_fraction
        for k in self.feed.phase_keys(self.liquid):
            run_off = (1 - phi) * self.feed.flow[k]
            yield f"mother liquor of {k}", self.mother_liquor.flow[k] == run_off
        for k in self.cake.phase_keys(self.liquid):
            washing = self._in(self.wash, k) + self.parts.get(k, 0.0) * self.dissolved
            held = phi * self._in(self.feed, k)
            here = (1 - self.displaced) * held + omega * washing
            yield f"{k} held by the cake", self.cake.flow[k] == here
            away = self.displaced * held + (1 - omega) * washing
            yield f"{k} in the spent wash", self.wash_out.flow[k] == away
        for k in self.feed.phase_keys("solid"):
            lost = self.dissolved if k == self.solid else 0.0
            yield f"solid {k}", self.cake.flow[k] == self.feed.flow[k] - lost
        yield from self._amounts()
        yield from balances.energy(self.inlets, self.outlets)
        yield from balances.same_state(self.feed, self.mother_liquor)
        yield from balances.same_state(self.cake, self.wash_out)
        yield from balances.pressure(self.feed, self.cake)

    def implied(self) -> Equations:
        """What comes leaves, whatever the fractions."""
        yield from balances.moles(self.inlets, self.outlets)

    def _amounts(self) -> Equations:
        feed, wash, liquid = self.feed, self.wash, self.liquid
        held = self.held_liquor * mass_flow(self.cake, "solid")
        yield "liquor held", self.held_fraction * mass_flow(feed, liquid) == held
        solute = sum(self._solute_mass(k) for k in self.parts) * self.dissolved
        kept = self.kept_fraction * (mass_flow(wash, liquid) + solute)
        yield "liquor displaced", kept == self.displaced * held
        yield "wash volumes", self.wash_volumes * held == mass_flow(wash, liquid)
        capacity = self._capacity()
        yield "solid dissolved", self.dissolved == self.wash_saturation * capacity
        yield "solid lost", self.loss * feed.flow[self.solid] == self.dissolved

    def _solute_mass(self, key: str) -> Any:
        return self.parts[key] * molar_mass_of(key, self.liquid)

    def _capacity(self) -> Any:
        """What the wash could dissolve, mol/s."""
        s = solid.solubility(self.solid, self.cake.temperature)
        if self.liquid == "organic":
            return s * self.wash.volume_flow
        return s * self.wash.flow["H2O"] * WATER_MOLAR_MASS

    def warnings(self) -> tuple[str, ...]:
        """A wash that brings the solid already, once solved: it is taken as clean here."""
        if self.block is None:
            return ()
        capacity = value(self._capacity())
        brought = min(value(self._in(self.wash, k)) / nu for k, nu in self.parts.items())
        if not brought > NEARLY_CLEAN * capacity:
            return ()
        return (
            f"the wash brings {brought / capacity:.1%} of the {self.solid} that it can dissolve, and is"
            f" taken as clean: the {value(self.loss):.1%} of the solid that it dissolves are too much."
            " A WashingFilter counts what the wash holds.",
        )

    def limits(self) -> list[Limit]:
        """There must be liquor to hold, wash to displace it, and solid to dissolve."""
        return [
            Limit(
                "mother liquor",
                1 - self.held_fraction,
                "the slurry brings less liquor than the cake is to hold (mother liquor {margin:.3g}"
                " of the liquor fed). Lower held_liquor, or feed a thinner slurry.",
            ),
            Limit(
                "spent wash",
                1 - self.kept_fraction,
                "the wash is less than the liquor it is to displace (spent wash {margin:.3g} of the"
                " wash fed). Give more wash or a lower displaced fraction.",
            ),
            Limit(
                "solid left",
                1 - self.loss,
                f"the wash dissolves more {self.solid} than there is (left: {{margin:.3g}} of the"
                " solid fed). Give less or colder wash, or a lower wash_saturation.",
            ),
        ]
