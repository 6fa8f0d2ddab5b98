"""Absorber of ammonia gas in the organic solvent."""

from __future__ import annotations

from collections.abc import Sequence

from noxplant import balances
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.streams.stream import Stream
from noxplant.unit import Equations, Limit, Unit


class OrganicAbsorber(Unit):
    """Ammonia gas meets solvent in counter-current equilibrium stages at one temperature.

    Heat of absorption is removed on every stage. What the solvent cannot hold (inert gas) leaves
    as vent. Besides, `vent_fraction` of the ammonia fed is drawn off unabsorbed, as a purge, and
    passes the stages as if inert; ammonia and solvent vapours join the vent in equilibrium with
    the top stage:

        vent_i P = p_i vent  (+ vent_fraction NH3_fed P for ammonia)

    so a gas without inerts gives a vent, and with a purge of zero none. The equilibrium pressures
    are those of `thermo.organic.ln_henry` (ammonia in acetonitrile: estimate, 0.7 to 4 mol/L/bar).
    The gas enters at no less than the absorber's pressure, the solvent is pumped or throttled to it.

    Source: physics note of the hydrazine route, 3.2 and reference basis.
    """

    gas = Inlet("gas", "ammonia gas, dried")
    solvent = Inlet("organic", "lean solvent")
    out = Outlet("organic", "solvent with ammonia")
    vent = Outlet("gas", "gas not absorbed, with solvent vapour")
    liquid = Inside(
        "organic", "liquid leaving a stage, from the top, but the last", count="between"
    )
    vapour = Inside("gas", "gas leaving a stage, from the second", count="between")
    temperature = Spec("K", "temperature of all stages", (253.15, 353.15))
    pressure = Spec("Pa", "pressure of all stages", (1e3, 1e6))
    vent_fraction = Spec("1", "ammonia fed that is drawn off unabsorbed", (0.0, 0.5))
    absorbed = Result("mol/s", "ammonia taken up by the solvent", nominal=0.1)
    loaded_pressure = Result("Pa", "equilibrium pressure of the loaded solvent", nominal=1e4)
    concentration = Result("mol/m3", "ammonia in the loaded solvent", nominal=100.0)
    duty = Heat("W", "heat of absorption", nominal=1e3, start="temperature", end="temperature")

    def __init__(
        self,
        name: str,
        *,
        temperature: float,
        pressure: float,
        vent_fraction: float,
        stages: int = 1,
        utility: str = "cooling water",
    ) -> None:
        """Name the absorber; temperature [K], pressure [Pa], purge, stages, utility."""
        if isinstance(stages, bool) or not isinstance(stages, int) or stages < 1:
            raise ModelError(f"OrganicAbsorber {name!r}: stages = {stages!r}; give 1, 2, 3, ...")
        self.stages, self.between = stages, stages - 1
        super().__init__(
            name, temperature=temperature, pressure=pressure, vent_fraction=vent_fraction
        )
        self.choose_utility("duty", utility)

    def liquids(self) -> Sequence[Stream]:
        """Liquids leaving the stages, from the top."""
        return [*self.liquid, self.out.stream]

    def equations(self) -> Equations:
        """Balances and equilibria of every stage, first law of all together."""
        if "NH3" not in self.gas.flow:
            raise ModelError(f"{self.name}: no NH3 in the gas, so there is nothing to absorb.")
        liquids, vapours = self.liquids(), [self.vent.stream, *self.vapour]
        for n, (x, y) in enumerate(zip(liquids, vapours, strict=True)):
            above = self.solvent if n == 0 else liquids[n - 1]
            below = self.gas if n == self.stages - 1 else vapours[n + 1]
            tag = f"stage {n + 1}: "
            yield from balances.moles([above, below], [x, y], tag=tag)
            yield from self._equilibria(x, y, tag)
            for s in (x, y):
                yield f"temperature of {s.name}", s.temperature == self.temperature
                yield f"pressure of {s.name}", s.pressure == self.pressure
        yield from balances.energy(self.inlets, self.outlets, heat=self.duty)
        n = self.out.flow["NH3"]
        yield "absorbed", self.absorbed == n - self.solvent.content("N(-3)")
        total = sum(self.out.equilibrium_pressure(j) for j in self.out.volatile())
        yield "loaded pressure", self.loaded_pressure == total
        yield "concentration", self.concentration * self.out.volume_flow == n

    def _equilibria(self, x: Stream, y: Stream, tag: str) -> Equations:
        purge = self.vent_fraction * self.gas.flow["NH3"]
        for j in x.volatile():
            slip = purge if j == "NH3" else 0.0
            left = (y.flow[j] - slip) * self.pressure
            yield f"{tag}equilibrium of {j}", left == x.equilibrium_pressure(j) * y.total_flow

    def limits(self) -> list[Limit]:
        """The loaded solvent must hold its ammonia at the pressure; gas must flow in."""
        loaded, p = value(self.loaded_pressure), value(self.pressure)
        gas = value(self.gas.pressure)
        return [
            Limit(
                "ammonia held by the solvent",
                self.pressure - self.loaded_pressure,
                f"the loaded solvent's equilibrium pressure {loaded:.4g} Pa exceeds the absorber's"
                f" {p:.4g} Pa: it cannot hold the ammonia. Circulate more solvent, cool the"
                " absorber or raise its pressure.",
            ),
            Limit(
                "pressure of the gas",
                self.gas.pressure - self.pressure + 1e-6 * self.pressure,
                f"the gas comes at {gas:.5g} Pa, less than the absorber's {p:.5g} Pa. Compress it,"
                " or lower the absorber's pressure.",
            ),
        ]
