"""Cooling crystalliser whose yield and size follow from growth and nucleation."""

from __future__ import annotations

from typing import Any

from noxplant import balances, maths
from noxplant.brine import others
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.crystallisation import (
    CORNER,
    MEDIAN,
    check_salt,
    could_make,
    ion_product,
    mass_flow,
    order,
    require_ions,
    supersaturation_of,
    told,
    true_to_totals,
)
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.thermo import solid
from noxplant.unit import Equations, Limit, Unit

GROWTH = 1e-8
"""Growth rate to which the nucleation constant refers, m/s."""
MAGMA = 1.0
"""Magma density to which it refers, kg/m3."""
TRACE = 1e-6
"""Magma density, as part of that of the water, added so that none has a logarithm."""
NIL = 1e-7
"""Supersaturation to which a liquor that is not supersaturated is rounded."""


class KineticCrystalliser(Unit):
    """A stirred crystalliser (mixed suspension, mixed product removal) that leaves supersaturation.

    Crystals grow at G = k_g s^g, with s the supersaturation that is left: molality over saturation
    (`Recrystalliser`) less one. Nuclei form at B = k_N (M / 1 kg/m3)^j (G / 1e-8 m/s)^i. The
    population n = (B/G) exp(-L/(G tau)) holds the mass M = 6 k_v rho (B/G) (G tau)^4, which is what
    the balances say has left the liquor. So yield, supersaturation left and size come together, and a
    long residence gives the yield of `Recrystalliser`. Where each crystal leaves with less than one
    successor (j = 1 and a short residence), or the liquor is not supersaturated, nothing crystallises.
    Growth does not depend on size; no breakage, agglomeration, classification, fines, or seeds.

    The kinetics belong to a salt, its impurities and the stirring: all are required, the notes found
    none. The nucleation law holds for crystals that breed crystals (secondary nucleation), so the
    width of the metastable zone of a clear liquor, which no source gives, does not enter. Not validated.

    Source: Randolph and Larson, Theory of Particulate Processes (1971); hydrazine note 3.8.
    """

    feed = Inlet("aqueous", "warm liquor, clear")
    slurry = Outlet("slurry", "crystals in their mother liquor", adds="made")
    temperature = Spec("K", "temperature of the crystalliser", (250.0, 480.0))
    residence_time = Spec("s", "slurry in the crystalliser over its flow", (1.0, 1e8))
    growth_constant = Spec("m/s", "growth at a supersaturation of one", (1e-12, 1e-2), nominal=1e-6)
    supersaturation_order = Spec("1", "order of growth in supersaturation, g", (0.5, 4.0))
    nucleation = Spec(
        "1/m3/s", "nuclei at a growth of 1e-8 m/s in a magma of 1 kg/m3", (1e-6, 1e18), nominal=1e4
    )
    growth_order = Spec("1", "order of nucleation in growth, i", (0.2, 6.0))
    magma_order = Spec("1", "order of nucleation in magma density, j", (0.0, 1.0))
    shape_factor = Spec("1", "crystal volume over size cubed", (1e-3, 1.0))
    crystals = Result("mol/s", "crystals formed", (0.0, None), nominal=1e-2)
    single_pass_yield = Result(
        "1",
        "crystals over what was fed of their first component",
        fixed_within=(0.0, 1.0),
        open="both",
    )
    supersaturation = Result("1", "molality of the cooled feed over saturation", (0.0, None))
    supersaturation_left = Result("1", "molality of the mother liquor over saturation, less one")
    magma_density = Result("kg/m3", "crystals per volume of slurry", (0.0, None), nominal=100.0)
    growth = Result("m/s", "growth rate", (1e-40, 1.0), nominal=1e-8)
    median_size = Result("m", "size below which half of the mass is", (0.0, None), nominal=1e-4)
    volume = Result("m3", "volume of slurry", (0.0, None), nominal=10.0)
    duty = Heat(
        "W", "heat to the liquor", utility="refrigeration", nominal=1e4, start="feed", end="slurry"
    )

    def __init__(
        self, name: str, *, salt: str, utility: str = "refrigeration", **given: float
    ) -> None:
        """Name the crystalliser, its salt and utility; give temperature, residence and kinetics."""
        self.salt = check_salt(name, salt)
        self.made = (self.salt,)
        super().__init__(name, **given)
        self.choose_utility("duty", utility)

    def warnings(self) -> tuple[str, ...]:
        """Salts that must not be dried; a liquor that stays clear, other salts in excess."""
        return (*told(self.salt, self.supersaturation), *others(self.salt, self.slurry))

    def equations(self) -> Equations:
        """Balances, growth, population, figures of merit."""
        require_ions(self.name, self.salt, self.feed)
        feed, slurry, salt = self.feed, self.slurry, self.salt
        yield from balances.through(feed, slurry, heat=self.duty)
        yield "temperature", slurry.temperature == self.temperature
        yield "crystals", slurry.flow[salt] == self.crystals
        T, n = slurry.temperature, order(salt)
        left = self.supersaturation_left
        yield "supersaturation left", (1 + left) ** n == ion_product(salt, slurry.flow, T)
        driving = maths.smooth_max(left, 0.0, NIL)
        power = self.supersaturation_order * maths.log(driving)
        yield (
            "growth",
            maths.log(self.growth / GROWTH) == power + maths.log(self.growth_constant / GROWTH),
        )
        yield "population", self._alive_or_bare() == 0
        yield "yield", self.single_pass_yield * could_make(salt, feed) == self.crystals
        yield "supersaturation", self.supersaturation == supersaturation_of(salt, feed.flow, T)
        yield (
            "magma density",
            self.magma_density * self._volume_flow() == mass_flow(slurry, "solid"),
        )
        yield "median size", self.median_size == MEDIAN * self.growth * self.residence_time
        yield "volume", self.volume == self.residence_time * self._volume_flow()

    def _volume_flow(self) -> Any:
        crystals = mass_flow(self.slurry, "solid") / solid.density(self.salt)
        return self.slurry.volume_flow + crystals

    def _alive_or_bare(self) -> Any:
        """Residual of: each crystal leaves one successor, or fewer and there are no crystals."""
        tau, flow = self.residence_time, self.slurry.flow
        water = flow["H2O"] * WATER_MOLAR_MASS / self._volume_flow()
        magma = maths.log((self.magma_density + TRACE * water) / MAGMA)
        moment = 6 * self.shape_factor * solid.density(self.salt) * self.nucleation
        successors = (
            maths.log(moment * tau**4 * GROWTH**3)
            + (self.growth_order + 3) * maths.log(self.growth / GROWTH)
            - (1 - self.magma_order) * magma
        )
        full = solid.solubility(self.salt, self.temperature) * flow["H2O"] * WATER_MOLAR_MASS
        a, b = self.crystals / full, -successors
        return a + b - maths.sqrt(a**2 + b**2 + CORNER**2)

    def limits(self) -> list[Limit]:
        """The solubility is known, and water liquid, between 273 and 373 K, and for ions."""
        return [
            *true_to_totals(self.salt, self.slurry),
            Limit(
                "cold end",
                self.temperature - 273.15,
                "the solubility is not known below 273.15 K ({margin:.3g} K above it), where ice"
                " forms. Raise the temperature.",
            ),
            Limit(
                "hot end",
                373.15 - self.temperature,
                "the solubility is not known above 373.15 K ({margin:.3g} K below it). Lower the"
                " temperature.",
            ),
        ]
