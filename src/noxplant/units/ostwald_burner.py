"""Combustion of ammonia on platinum gauze."""

from __future__ import annotations

from typing import Any

from noxplant import balances, contact
from noxplant.errors import ModelError
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.species.numbers import number
from noxplant.unit import Equations, Limit, Unit

FUELS = ("H2", "CO", "CH4")
TRACE = 1e-4
"""Mole fraction of other fuels that is left out of the heat: methane would give 3 K at the gauze."""


class OstwaldBurner(Unit):
    """All ammonia burns adiabatically to NO, N2O and N2 in given parts.

    NH3 + 5/4 O2 -> NO + 3/2 H2O; 2 NH3 + 2 O2 -> N2O + 3 H2O; 4 NH3 + 3 O2 -> 2 N2 + 6 H2O. The
    selectivities are measured figures (NO 0.93 to 0.98, falling with pressure; recalled): nothing is
    predicted but temperature and composition. Wanted: a gauze temperature. Fix
    `gauze_temperature` and free the temperature of the feed.

    Source: plasma note, sections 4 and 6; NASA-7 enthalpies.
    """

    feed = Inlet("gas", "ammonia and air, mixed")
    out = Outlet("gas", "burnt gas", adds=("NO", "N2O", "N2", "H2O"), drops=("NH3",), band="hot")
    no_selectivity = Spec("1", "NO per NH3 burnt", (0.0, 1.0))
    n2o_selectivity = Spec("1", "N that ends as N2O per NH3 burnt", (0.0, 1.0))
    pressure_drop = Spec("Pa", "pressure drop", (0.0, None), default=0.0)
    gauze_temperature = Result("K", "temperature of the burnt gas", (1000.0, 3000.0), nominal=1e3)
    feed_fraction = Result("1", "mole fraction of NH3 in the feed", (0.0, 1.0), nominal=0.1)
    no_fraction = Result("1", "mole fraction of NO in the burnt gas", (0.0, 1.0), nominal=0.1)

    def __init__(
        self,
        name: str,
        *,
        no_selectivity: float,
        n2o_selectivity: float,
        pressure_drop: float = 0.0,
    ) -> None:
        """Name the burner and give its selectivities to NO and N2O."""
        super().__init__(
            name,
            no_selectivity=no_selectivity,
            n2o_selectivity=n2o_selectivity,
            pressure_drop=pressure_drop,
        )
        self.converts = ("N(-3)", "O2")

    def equations(self) -> Equations:
        """Stoichiometry and first law."""
        feed, out = self.feed, self.out
        for s in ("NH3", "O2"):
            if s not in feed.phase_of:
                raise ModelError(f"{self.name}: its feed holds no {s}; mix ammonia with air.")
        burnt, no, n2o = feed.flow["NH3"], self.no_selectivity, self.n2o_selectivity
        n2 = 1 - no - n2o
        made = {"N(-3)": -burnt, "NO": no * burnt, "N2O": n2o / 2 * burnt, "N2": n2 / 2 * burnt}
        made |= {"H2O": 1.5 * burnt, "O2": -(1.25 * no + n2o + 0.75 * n2) * burnt}
        for name, row in balances.moles([feed], [out], made):
            if name != "moles of N(-3)":  # all of it burns
                yield name, row
        yield from balances.energy([feed], [out])
        yield from balances.pressure(feed, out, self.pressure_drop)
        yield "gauze temperature", self.gauze_temperature == out.temperature
        yield "fraction fed", self.feed_fraction * feed.total_flow == burnt
        yield "fraction of NO", self.no_fraction * out.total_flow == out.flow["NO"]

    def _unburnt(self) -> Any:
        """What would burn beside the ammonia, mol/s."""
        return sum(self.feed.flow[s] for s in FUELS if s in self.feed.phase_of)

    def limits(self) -> list[Limit]:
        """Flammability, gauze, preheat, oxygen, selectivities."""
        share, hot, warm = (
            number(f"ammonia.gauze.{k}") for k in ("flammable", "hottest", "preheat")
        )
        fed, T, T_in = (
            contact.at(x) for x in (self.feed_fraction, self.out.temperature, self.feed.temperature)
        )
        return [
            Limit(
                "flammability",
                share - self.feed_fraction,
                f"the feed holds {100 * fed:.3g} % NH3; above {100 * share:g} % it can explode. Mix"
                " more air.",
            ),
            Limit(
                "gauze",
                hot - self.out.temperature,
                f"the gauze would reach {T:.4g} K; platinum is lost above {hot:g} K. Preheat less.",
            ),
            Limit(
                "preheat",
                warm - self.feed.temperature,
                f"the mixture enters at {T_in:.4g} K and may ignite above {warm:g} K. Preheat less.",
            ),
            *self._chemistry(),
        ]

    def _chemistry(self) -> list[Limit]:
        """Enough oxygen, nothing else that burns, selectivities."""
        return [
            Limit(
                "oxygen left",
                self.out.flow["O2"],
                "O2 does not suffice ({margin:.4g} mol/s left). Mix more air.",
            ),
            Limit(
                "other fuels",
                TRACE * self.feed.total_flow - self._unburnt(),
                f"the feed brings {contact.at(self._unburnt()):.3g} mol/s of {', '.join(FUELS)}, which"
                " would burn at the gauze and are not counted here. Burn or remove them before.",
            ),
            Limit(
                "selectivities",
                1 - self.no_selectivity - self.n2o_selectivity,
                "the selectivities to NO and N2O add up to more than one (by {margin:.4g}).",
            ),
        ]

    def warnings(self) -> list[str]:
        """Ammonia in air explodes; laughing gas."""
        share, made = (contact.at(x) for x in (self.feed_fraction, self.out.flow["N2O"]))
        return [
            f"the feed holds {100 * share:.3g} % NH3 in air; 15 to 28 % explodes: interlock the ratio.",
            f"{made:.3g} mol/s N2O leave with the gas, a greenhouse gas 273 times CO2 by mass.",
        ]
