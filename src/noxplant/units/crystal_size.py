"""Size of the crystals of a stirred, continuous crystalliser."""

from __future__ import annotations

from noxplant import maths
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.crystallisation import MEDIAN, check_salt, mass_flow
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.thermo import solid
from noxplant.unit import Equations, Limit, Unit

GROWTH = 1e-8
"""Growth rate to which the nucleation constant refers, m/s."""
MAGMA = 1.0
"""Magma density to which it refers, kg/m3."""
TRACE = 1e-9
"""Part of the water's volume flow that is added to the crystals', so that none has a logarithm."""


class CrystalSize(Unit):
    """Mixed suspension, mixed product removal: the slurry passes unchanged, its size is computed.

    The population density falls exponentially with size, n = n0 exp(-L/(G tau)), so the crystal
    mass per slurry volume is M = 6 k_v rho n0 (G tau)^4 with n0 = B/G and the nucleation rate
    B = k_N (M / 1 kg/m3)^j (G / 1e-8 m/s)^i. The supersaturation is used up in the crystalliser, so
    M is known from the balances and the growth rate G follows. One residence time for all; no
    breakage, agglomeration, classification or dissolution of fines; growth does not depend on size.
    The kinetic constants belong to a salt, a crystalliser and its stirring: they are required
    inputs, the library has no values. Not validated with a plant.

    Source: Randolph and Larson, Theory of Particulate Processes (1971), moments of the MSMPR.
    """

    feed = Inlet("slurry", "slurry of the crystalliser")
    out = Outlet("slurry", "the same slurry")
    residence_time = Spec("s", "slurry in the crystalliser over its flow", (1.0, 1e7))
    nucleation = Spec(
        "1/m3/s", "nuclei at a growth of 1e-8 m/s in a magma of 1 kg/m3", (1e-6, 1e18), nominal=1e4
    )
    growth_order = Spec("1", "order of nucleation in growth, i", (0.2, 6.0))
    magma_order = Spec("1", "order of nucleation in magma density, j", (0.0, 2.0))
    shape_factor = Spec("1", "crystal volume over size cubed", (1e-3, 1.0))
    magma_density = Result("kg/m3", "crystals per volume of slurry", (0.0, None), nominal=100.0)
    growth = Result("m/s", "growth rate", (1e-30, 1.0), nominal=1e-8)
    median_size = Result("m", "size below which half of the mass is", (0.0, None), nominal=1e-4)
    mean_size = Result("m", "mean size, weighted with mass", (0.0, None), nominal=1e-4)
    number = Result("1/m3", "crystals per volume of slurry", (0.0, None), nominal=1e8)

    def __init__(self, name: str, *, salt: str, **given: float) -> None:
        """Name the unit and its salt; give residence time, kinetics and shape factor."""
        self.salt = check_salt(name, salt)
        super().__init__(name, **given)

    def equations(self) -> Equations:
        """The slurry passes; magma density, growth rate, sizes, number."""
        feed, out, growth, tau = self.feed, self.out, self.growth, self.residence_time
        for key in feed.phase_of:
            yield f"flow of {key}", out.flow[key] == feed.flow[key]
        yield "temperature", out.temperature == feed.temperature
        yield "pressure", out.pressure == feed.pressure
        density = solid.density(self.salt)
        crystals = mass_flow(out, "solid")
        volume = out.volume_flow + crystals / density
        yield "magma density", self.magma_density * volume == crystals
        floor = TRACE * out.flow["H2O"] * WATER_MOLAR_MASS / volume
        ln_magma = maths.log((self.magma_density + floor) / MAGMA)
        ln_growth = maths.log(growth / GROWTH)
        moment = 6 * self.shape_factor * density * self.nucleation * tau**4 * GROWTH**3
        yield (
            "mass of the population",
            maths.log(moment)
            + (self.growth_order + 3) * ln_growth
            + (self.magma_order - 1) * ln_magma
            == 0,
        )
        yield "median size", self.median_size == MEDIAN * growth * tau
        yield "mean size", self.mean_size == 4 * growth * tau
        nuclei = maths.log(self.nucleation * tau)
        nuclei = nuclei + self.magma_order * ln_magma + self.growth_order * ln_growth
        yield "number", maths.log(self.number) == nuclei

    def limits(self) -> list[Limit]:
        """There must be crystals to have a size."""
        return [
            Limit(
                "crystals",
                self.magma_density - TRACE,
                "the slurry holds no crystals ({margin:.3g} kg/m3), so they have no size. Cool or"
                " boil further in the crystalliser before.",
            )
        ]
