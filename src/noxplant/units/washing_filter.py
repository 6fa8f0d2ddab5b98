"""Filter whose wash follows the dispersion model and whose crystals hold occluded liquor."""

from __future__ import annotations

from typing import Any

from noxplant import balances, maths, washing
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.crystallisation import liquid_of, mass_flow, up_to
from noxplant.errors import ModelError, SpeciesError, nearest
from noxplant.maths import value
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.species import organic_species, solid_species, species
from noxplant.thermo import solid
from noxplant.unit import Equations, Limit, Unit

TRACE = 1e-9
"""Pores and crystals that are added, as part of what the feed's liquor and the wash could hold, so that
next to no crystals do no harm."""
NIL = 1e-12
"""Part of what pure wash could hold that is added to each ion, so that none has a logarithm."""
MOST = 0.9
"""Share of the crystals that a wash may dissolve."""


class WashingFilter(Unit):
    """A cake is filtered, washed by displacement and drained; what stays of the liquor is computed.

    The crystals hold `occluded` volumes of the liquor in which they grew per volume of crystals; no
    wash reaches it. The pores, `porosity` of the cake as it is formed, are full of mother liquor; W
    volumes of wash per volume of pores leave the fraction R(W, Pe) of it (`noxplant.washing`, Pe:
    thickness over dispersivity). Then the cake drains to `saturation`, the part of the pores that stays full; what
    drains off has the mean composition of the pores and joins the spent wash. The wash dissolves `solid`
    until it is saturated to the fraction `wash_saturation`, by the product of totals: what it brings
    of the solid counts, and an excess of one of its ions (acid) lowers the loss. Other solids do not
    dissolve. No solid passes the cloth, no heat.

    Dispersivity and saturation belong to a cake and are required. Literature gives the dispersivity of
    a thin cake as 55 crystal sizes (Wakeman and Tarleton; as PharmaPy uses it), of cakes above 0.1 m
    1.75 sizes (recalled). Against `Filter`: the displaced fraction is a result, and impurity has a
    floor, the occluded liquor. Not validated: the notes found no washing curve of these salts.

    Source: hydrazine note 3.8 (occlusion, wash loss); Sherman, AIChE J. 10 (1964) 855; Wakeman and
    Tarleton, Filtration (1999).
    """

    feed = Inlet("*", "slurry")
    wash = Inlet("*liquid", "wash liquid")
    cake = Outlet("*", "washed, drained cake", adds="set_free", clings=True)
    mother_liquor = Outlet("*liquid", "liquor that runs off before the wash", only="feed_liquid")
    wash_out = Outlet("*liquid", "spent wash with the displaced liquor", adds="set_free")
    occluded = Spec("1", "volume of occluded liquor per volume of crystals", (0.0, 0.5))
    porosity = Spec("1", "pores per volume of cake", (0.05, 0.95))
    thickness = Spec("m", "thickness of the cake", (1e-4, 2.0))
    dispersivity = Spec("m", "dispersion coefficient over pore velocity", (1e-7, 1.0))
    wash_velocity = Spec("m/s", "wash per area of the cake", (1e-8, 0.1))
    saturation = Spec("1", "part of the pores full of liquor after draining", (0.0, 1.0))
    wash_saturation = Spec("1", "saturation of the wash with the solid", (0.0, 1.0))
    peclet = Result("1", "Peclet number of the wash", washing.PECLET, nominal=20.0)
    wash_ratio = Result("1", "volume of wash per volume of pores", (0.0, None), nominal=2.0)
    left = Result(
        "1",
        "fraction of the pores' mother liquor that the wash leaves",
        nominal=1e-2,
        fixed_within=(0.0, 1.0),
        open="both",
    )
    held_fraction = Result(
        "1", "fraction of the feed's liquor in the pores", nominal=0.1, fixed_within=(0.0, 1.0)
    )
    shut_in = Result(
        "1", "fraction of the feed's liquor in the crystals", nominal=1e-2, fixed_within=(0.0, 1.0)
    )
    kept_fraction = Result(
        "1", "fraction of the wash that fills pores", nominal=0.3, fixed_within=(0.0, 1.0)
    )
    liquor = Result("kg/kg", "mother liquor per crystals in the cake", nominal=1e-2)
    moisture = Result("kg/kg", "all liquor per crystals in the cake", nominal=0.1)
    taken_up = Result(
        "1", "solid that the wash would take from endless crystals, over what pure wash could hold",
        (0.0, 1.0), nominal=0.5,
    )  # fmt: skip
    dissolved = Result("mol/s", "solid dissolved by the wash", nominal=1e-3)
    loss = Result(
        "1", "fraction of the solid that the wash dissolves", nominal=1e-2, fixed_within=(0.0, 1.0)
    )
    area = Result("m2", "area of cake under wash", nominal=1e-2)
    wash_time = Result("s", "time under wash", nominal=100.0)

    def __init__(self, name: str, medium: str = "slurry", *, solid: str, **given: float) -> None:
        """Name the filter, give the slurry's medium, the solid that washes out, and the specs."""
        self.medium, self.liquid = medium, liquid_of(medium)
        if solid not in solid_species():
            raise SpeciesError(
                f"{name}: there is no solid {solid!r}.{nearest(solid, solid_species())}\n"
                f"  Solids: {', '.join(solid_species())}."
            )
        self.solid, self.parts = solid, dict(species(solid).content)
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
        """Liquor shut in, held, displaced and drained; solid dissolved; one state after the wash."""
        if self.solid not in self.feed.phase_keys("solid"):
            raise ModelError(
                f"{self.name}: the slurry fed brings no {self.solid}; its solids are"
                f" {', '.join(self.feed.phase_keys('solid')) or 'none'}."
            )
        phi, inner, S = self.held_fraction, self.shut_in, self.saturation
        for k in self.feed.phase_keys(self.liquid):
            run_off = (1 - phi - inner) * self.feed.flow[k]
            yield f"mother liquor of {k}", self.mother_liquor.flow[k] == run_off
        for k in self.cake.phase_keys(self.liquid):
            washing_in = self._in(self.wash, k) + self.parts.get(k, 0.0) * self.dissolved
            fed = self._in(self.feed, k)
            pores = self.left * phi * fed + self.kept_fraction * washing_in
            yield f"{k} held by the cake", self.cake.flow[k] == inner * fed + S * pores
            away = phi * fed + washing_in - S * pores
            yield f"{k} in the spent wash", self.wash_out.flow[k] == away
        for k in self.feed.phase_keys("solid"):
            lost = self.dissolved if k == self.solid else 0.0
            yield f"solid {k}", self.cake.flow[k] == self.feed.flow[k] - lost
        yield from self._volumes()
        yield from self._figures()
        yield from balances.energy(self.inlets, self.outlets)
        yield from balances.same_state(self.feed, self.mother_liquor)
        yield from balances.same_state(self.cake, self.wash_out)
        yield from balances.pressure(self.feed, self.cake)

    def implied(self) -> Equations:
        """What comes leaves, whatever the fractions."""
        yield from balances.moles(self.inlets, self.outlets)

    def _volumes(self) -> Equations:
        feed, wash = self.feed, self.wash
        crystals = sum(feed.flow[k] * solid.molar_volume(k) for k in feed.phase_keys("solid"))
        pores = self.porosity / (1 - self.porosity) * crystals
        yield "liquor shut in", self.shut_in * feed.volume_flow == self.occluded * crystals
        yield "liquor in the pores", self.held_fraction * feed.volume_flow == pores
        room = pores + TRACE * feed.volume_flow
        yield "wash ratio", self.wash_ratio * room == wash.volume_flow
        yield "Peclet number", self.peclet * self.dispersivity == self.thickness
        yield "liquor left", self.left == washing.left_in_cake(self.wash_ratio, self.peclet)
        yield "wash in the pores", self.kept_fraction * wash.volume_flow == (1 - self.left) * pores
        yield from self._dissolving()

    def _dissolving(self) -> Equations:
        s = solid.solubility(self.solid, self.cake.temperature)
        could, least = s * self._solvent(self.wash), TRACE * s * self._solvent(self.feed)
        y = self.taken_up
        over = self._saturation_reached(y, could + least) - self.wash_saturation
        rest = y + over - maths.sqrt(y**2 + over**2 + TRACE**2)
        yield "saturation of the wash", rest == 0
        there = self.feed.flow[self.solid] + TRACE * could
        yield "solid dissolved", self.dissolved == up_to(y * could, there)
        yield "solid lost", self.loss * there == self.dissolved

    def _saturation_reached(self, taken_up: Any, could: Any) -> Any:
        """Saturation of the wash once it has taken up a share of what it could hold: per ion."""
        parts = {c: n for c, n in self.parts.items() if c != "H2O"}
        held = {c: self._in(self.wash, c) / (n * could) + taken_up for c, n in parts.items()}
        product = sum(n * maths.log(held[c] + NIL) for c, n in parts.items())
        return maths.exp(product / sum(parts.values()))

    def _solvent(self, port: Any) -> Any:
        """What a solubility counts by: kg/s of water, m3/s of an organic liquid."""
        if self.liquid == "aqueous":
            return port.flow["H2O"] * WATER_MOLAR_MASS
        return port.volume_flow

    def _figures(self) -> Equations:
        fed = mass_flow(self.feed, self.liquid)
        dry = mass_flow(self.cake, "solid") + TRACE * fed
        kept = self.shut_in + self.saturation * self.left * self.held_fraction
        yield "mother liquor kept", self.liquor * dry == kept * fed
        yield "moisture", self.moisture * dry == mass_flow(self.cake, self.liquid)
        yield "area", self.area * self.wash_velocity == self.wash.volume_flow
        pores = self.wash_ratio * self.porosity * self.thickness
        yield "time under wash", self.wash_time * self.wash_velocity == pores

    def limits(self) -> list[Limit]:
        """There must be liquor to fill the cake, wash to displace it, and solid to dissolve."""
        return [
            Limit(
                "mother liquor",
                1 - self.held_fraction - self.shut_in,
                "the slurry brings less liquor than crystals and pores hold (mother liquor"
                " {margin:.3g} of the liquor fed). Feed a thinner slurry, or lower the porosity.",
            ),
            Limit(
                "solid left",
                MOST - self.loss,
                f"the wash dissolves {value(self.loss):.1%} of the {self.solid} fed"
                f" ({value(self.feed.flow[self.solid]):.3g} mol/s); {MOST:.0%} is the most for which the"
                " cake is one. Give less or colder wash, a lower wash_saturation, or more crystals.",
            ),
        ]
