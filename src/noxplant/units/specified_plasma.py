"""Plasma reactor described by what was measured on it."""

from __future__ import annotations

from typing import Any

from noxplant import balances
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec, Work
from noxplant.unit import Equations, Limit, Unit

FLOOR = 0.2e6
"""Least credible energy cost, J/mol N: the theoretical limit of the non-thermal Zel'dovich
mechanism is about 0.2 MJ/mol (Rouwenhorst et al., Energy Environ. Sci. 14 (2021) 2520; [K] in the
plasma note, section 5)."""


class SpecifiedPlasma(Unit):
    """A plasma reactor with its quench, given by measured energy cost, NOx fraction and NO2 share.

    Nothing is predicted: energy cost (electric, at the plug; divide a figure for plasma power by
    the efficiency of its supply), mole fraction of NO + NO2 at the outlet and NO2/(NO + NO2) are
    figures of one reactor at one flow and pressure. All electricity that does not end in the
    enthalpy of NOx leaves as heat at the outlet temperature.
    """

    feed = Inlet("gas", "gas with N2 and O2, such as air")
    out = Outlet("gas", "cooled gas with NO and NO2", adds=("NO", "NO2"))
    energy_cost = Spec(
        "J/mol", "electric energy per mole of nitrogen fixed", (0.0, None), nominal=3e6
    )
    nox_fraction = Spec("1", "mole fraction of NO + NO2 at the outlet", (1e-6, 0.5))
    no2_share = Spec("1", "NO2 over NO + NO2 at the outlet", (0.0, 1.0))
    temperature = Spec("K", "outlet temperature", (250.0, 1300.0))
    pressure_drop = Spec("Pa", "pressure drop", (0.0, None), default=0.0)
    power = Work("W", "electric power taken from the plug", nominal=1e5)
    duty = Heat(
        "W",
        "heat added by the cooler (negative: removed)",
        nominal=1e5,
        start="temperature",
        end="out",
    )
    fixed = Result("mol/s", "nitrogen fixed as NO and NO2", nominal=0.05)

    def __init__(
        self,
        name: str,
        *,
        energy_cost: float,
        nox_fraction: float,
        no2_share: float,
        temperature: float,
        pressure_drop: float = 0.0,
    ) -> None:
        """Name the reactor and give its measured figures, SI."""
        super().__init__(
            name,
            energy_cost=energy_cost,
            nox_fraction=nox_fraction,
            no2_share=no2_share,
            temperature=temperature,
            pressure_drop=pressure_drop,
        )
        self.converts = ("N2", "O2")

    def equations(self) -> Equations:
        """N2 + O2 -> 2 NO and N2 + 2 O2 -> 2 NO2, as much as the outlet fraction asks for."""
        feed, out = self.feed, self.out
        for s in ("N2", "O2"):
            if s not in feed.phase_of:
                raise ModelError(f"{self.name}: its feed holds no {s}; feed air or N2 with O2.")
        no, no2 = out.flow["NO"], out.flow["NO2"]
        made_no, made_no2 = no - feed.content("NO"), no2 - feed.content("NO2")
        yield "fixed", self.fixed == made_no + made_no2
        for s in out.phase_of:
            if s not in ("NO", "NO2", "N2", "O2"):
                yield f"moles of {s}", out.flow[s] == feed.flow[s]
        yield "moles of N2", out.flow["N2"] == feed.flow["N2"] - self.fixed / 2
        yield "moles of O2", out.flow["O2"] == feed.flow["O2"] - made_no / 2 - made_no2
        yield "fraction of NOx", no + no2 == self.nox_fraction * out.total_flow
        yield "share of NO2", no2 == self.no2_share * (no + no2)
        yield "power", self.power == self.energy_cost * self.fixed
        yield "temperature", out.temperature == self.temperature
        yield from balances.pressure(feed, out, self.pressure_drop)
        yield from balances.energy([feed], [out], heat=self.duty, work=self.power)

    def _left(self) -> tuple[Any, Any]:
        """N2 and O2 that would be left, from the feed alone, mol/s."""
        feed, y, s = self.feed, self.nox_fraction, self.no2_share
        total = (feed.total_flow + feed.content("NO2") / 2) / (1 + s * y / 2)
        made_no = (1 - s) * y * total - feed.content("NO")
        made_no2 = s * y * total - feed.content("NO2")
        left = feed.flow["O2"] - made_no / 2 - made_no2
        return feed.flow["N2"] - (made_no + made_no2) / 2, left

    def limits(self) -> list[Limit]:
        """Energy above the heat of formation; N2 and O2 suffice."""
        rise = self.out.enthalpy_flow - self.feed.enthalpy_flow
        nitrogen, oxygen = self._left()
        return [
            Limit(
                "nitrogen fixed",
                self.fixed,
                "the feed already holds more NOx than `nox_fraction` asks for; {margin:.3g} mol/s"
                " would be fixed. Raise nox_fraction.",
            ),
            Limit(
                "energy cost above 0.2 MJ/mol",
                self.energy_cost - FLOOR,
                "energy_cost is {margin:.4g} J/mol below 0.2 MJ per mole of nitrogen, the limit of"
                " any plasma. Give J per mole of N fixed (2.5 MJ/mol is usual).",
            ),
            Limit(
                "energy above heat of formation",
                self.power - rise,
                "the electricity does not cover the enthalpy that the gas gains (short by"
                " {margin:.4g} W). Raise energy_cost or lower nox_fraction or the temperature.",
            ),
            Limit(
                "nitrogen left",
                nitrogen,
                "N2 does not suffice ({margin:.4g} mol/s left). Lower nox_fraction or feed more N2.",
            ),
            Limit(
                "oxygen left",
                oxygen,
                "O2 does not suffice ({margin:.4g} mol/s left). Lower nox_fraction or feed more O2.",
            ),
        ]
