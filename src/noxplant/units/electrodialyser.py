"""Electrodialysis: cation and anion membranes in turn move a salt from diluate to concentrate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from noxplant import balances, contact, dialysis, maths
from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.quantities import Inlet, Outlet, Result, Spec, Work
from noxplant.species import species
from noxplant.unit import Equations, Limit, Region, Unit

AMMONIA = contact.AMMONIA
MEMBRANES: Final = ("cation", "anion")
SIGN: Final = {"cation": 1, "anion": -1}


class Electrodialyser(Unit):
    """Short-cut of an electrodialysis stack: current, ions, water, voltage of a pair, limiting currents.

    The current density is uniform. Of the charge, `current_efficiency` moves cations through the one and
    anions through the other membrane, each ion by its share in the conductivity of the diluate (mean of
    inlet and outlet, infinite dilution); the rest is leak (co-ions, shunts) that moves nothing. OH- and
    H+ carry their share too, so an alkaline diluate loses hydroxide instead of salt. Water goes along,
    `water_drag` per charge; osmosis and the diffusion of NH3 are left out. Voltage of a pair: Donnan
    potentials, membranes and both gaps (conductivity by Nernst and Einstein); electrodes are left out.
    Both liquids leave at one temperature. A current above the limiting current of either membrane at
    the outlet of the diluate is refused. Not validated.

    Source: ammonia note 5.5, minimal model.
    """

    diluate = Inlet("aqueous", "liquid that loses salt")
    concentrate = Inlet("aqueous", "liquid that gains salt")
    diluate_out = Outlet("aqueous", "liquid that has lost salt")
    concentrate_out = Outlet("aqueous", "liquid that has gained salt", adds="fed")

    area = Spec(
        "m2", "area of one kind of membrane, all pairs", (0.0, None), nominal=10.0, open="low"
    )
    current_density = Spec("A/m2", "current density", (1e-3, 1e5))
    current_efficiency = Spec("1", "part of the charge that moves salt", (0.0, 1.0), open="low")
    water_drag = Spec("mol/mol", "water that goes along per charge", (0.0, 50.0))
    cation_resistance = Spec("ohm m2", "resistance of a cation membrane", (0.0, 1.0))
    anion_resistance = Spec("ohm m2", "resistance of an anion membrane", (0.0, 1.0))
    gap = Spec("m", "distance between membranes", (0.0, 0.1))
    mass_transfer = Spec("m/s", "mass-transfer coefficient in the diluate", (1e-7, 1e-2))
    current = Result("A", "current times pairs", nominal=1e4)
    pair_voltage = Result("V", "voltage of a pair of membranes", nominal=0.5)
    power = Work("W", "electric power of the pairs", nominal=1e4)
    transferred = Result("mol/s", "ammonium moved", nominal=1e-2)
    removal = Result("1", "part of the diluate's ammonium and ammonia that is moved", nominal=0.5)
    ammonium_share = Result("1", "part of the cations' charge that ammonium carries", nominal=0.5)
    specific_energy = Result("J/kg", "energy per mass of nitrogen moved", nominal=5e6)
    water_moved = Result("mol/s", "water moved", nominal=0.1)
    limiting_ratio = Result(
        "1", "current density over the limiting one", nominal=0.5, over="membranes"
    )
    ceiling = Result("mol/m3", "highest concentration the membranes alone can give", nominal=5e3)
    membranes = MEMBRANES

    @property
    def fed(self) -> tuple[str, ...]:
        """Components of the diluate, which the concentrate may gain."""
        return tuple(self.ports["diluate"][0].keys.get("aqueous", ()))

    def _moved(self) -> dict[str, Any]:
        """Ions that pass from diluate to concentrate, mol/s."""
        sides, out = (self.diluate, self.diluate_out), {}
        charge = self.current_efficiency * self.current / FARADAY
        for sign in SIGN.values():
            for name, share in dialysis.shares(sides, sign).items():
                out[name] = charge * share / abs(species(name).charge)
        return out

    def _crossing(self) -> dict[str, Any]:
        return {**self._moved(), "H2O": self.water_moved}

    def equations(self) -> Equations:
        """Ions and water moved, first law, voltage, figures."""
        dialysis.check_ions(self.name, [self.diluate, self.concentrate])
        yield "current", self.current == self.current_density * self.area
        yield "water", self.water_moved * FARADAY == self.water_drag * self.current
        moved = self._crossing()
        for port, out, sign in (
            (self.diluate, self.diluate_out, -1.0),
            (self.concentrate, self.concentrate_out, 1.0),
        ):
            parts = [
                {c: sign * nu * n for c, nu in species(j).content.items()} for j, n in moved.items()
            ]
            made = {c: n for c, n in balances.add(*parts).items() if c in out.components}
            yield from balances.moles([port], [out], made=made, tag=f"{port.name}: ")
            yield from balances.pressure(port, out)
        yield from balances.energy(self.inlets, self.outlets, work=self.power)
        warm, cool = self.diluate_out.temperature, self.concentrate_out.temperature
        yield "one temperature", cool == warm
        yield from self._voltage()
        yield from self._figures(moved)

    def _voltage(self) -> Equations:
        """Donnan potentials, membranes and gaps; means of inlet and outlet."""
        weak, strong = (self.diluate, self.diluate_out), (self.concentrate, self.concentrate_out)
        T = self.diluate_out.temperature
        ratio = sum(map(dialysis.equivalents, strong)) / sum(map(dialysis.equivalents, weak))
        donnan = 2 * GAS_CONSTANT * T / FARADAY * maths.log(ratio)
        gaps = sum(2 / sum(map(dialysis.conductivity, pair)) for pair in (weak, strong))
        resistance = self.cation_resistance + self.anion_resistance + self.gap * gaps
        yield "voltage of a pair", self.pair_voltage == donnan + self.current_density * resistance
        yield "power", self.power == self.pair_voltage * self.current

    def _figures(self, moved: dict[str, Any]) -> Equations:
        fed, ammonium = self.diluate.content(AMMONIA), moved.get("NH4+", 0.0)
        yield "ammonium moved", self.transferred == ammonium
        yield "removal", contact.ratio(self.removal, ammonium, fed, self.diluate.total_flow)
        charge = self.current_efficiency * self.current
        yield "share of ammonium", self.ammonium_share * charge == ammonium * FARADAY
        alone = dialysis.specific_energy(self.pair_voltage, self.current_efficiency)
        tiny = contact.TINY
        yield "specific energy", self.specific_energy * (self.ammonium_share + tiny) == alone
        yield (
            "ceiling",
            self.ceiling == dialysis.ceiling(self.current_efficiency, self.water_drag + tiny),
        )
        for name in MEMBRANES:
            most = self._limiting(name)
            yield (
                f"limiting ratio, {name}",
                self.limiting_ratio[name] * most == self.current_density,
            )

    def _limiting(self, membrane: str) -> Any:
        """Limiting current density of a membrane at the outlet of the diluate, A/m2."""
        out = self.diluate_out
        parts = [sum(dialysis.mobilities([out], s).values()) for s in (1, -1)]
        share = parts[0 if SIGN[membrane] > 0 else 1] / (parts[0] + parts[1])
        return dialysis.limiting_current(self.mass_transfer, dialysis.equivalents(out), share)

    def regions(self) -> list[Region]:
        """Both liquids close on their own."""
        moved = self._crossing()
        lost = {j: -n for j, n in moved.items()}
        return [
            Region("diluate", [self.diluate], [self.diluate_out], lost),
            Region("concentrate", [self.concentrate], [self.concentrate_out], moved),
        ]

    def currents(self) -> dict[str, Any]:
        """The ions carry the same charge through both membranes."""
        out = {}
        for name, sign in SIGN.items():
            ions = {j: n for j, n in self._moved().items() if species(j).charge * sign > 0}
            out[f"{name} membrane"] = FARADAY * sum(
                abs(species(j).charge) * n for j, n in ions.items()
            )
        return out

    def warnings(self) -> Iterator[str]:
        """Leak of ammonia."""
        true = self.diluate.true
        if AMMONIA in self.diluate.phase_of and contact.at(true["NH3"]) > contact.at(true["NH4+"]):
            yield (
                "most of the diluate's ammonia is NH3, which carries no current and whose diffusion"
                " through the membranes is not modelled. Acidify, or strip it (AirStripper)."
            )

    def limits(self) -> list[Limit]:
        """Salt to move, limiting currents, the ceiling of the concentrate."""
        return [*self._amounts(), *self._limiting_currents()]

    def _limiting_currents(self) -> list[Limit]:
        out = []
        for name in MEMBRANES:
            most, c = self._limiting(name), dialysis.equivalents(self.diluate_out)
            out.append(
                Limit(
                    f"limiting current, {name} membrane",
                    1 - self.limiting_ratio[name],
                    f"the current density of {contact.at(self.current_density):.4g} A/m2 exceeds the"
                    f" limiting one of the {name} membrane, {contact.at(most):.4g} A/m2 at the"
                    f" {contact.at(c):.4g} mol/m3 with which the diluate leaves. Lower it, raise the"
                    " flow or the mass transfer, or take more area at less current density.",
                )
            )
        return out

    def _amounts(self) -> list[Limit]:
        held = dialysis.equivalents(self.concentrate)
        brought = dialysis.charge(self.diluate)
        asked = self.current_efficiency * self.current / FARADAY
        return [
            Limit(
                "salt of the diluate",
                1 - asked / brought,
                f"the charge would move {contact.at(asked):.4g} mol/s of salt, the diluate brings"
                f" {contact.at(brought):.4g} mol/s. Lower the current density or the area, or raise the"
                " flow.",
            ),
            Limit(
                "ceiling of the concentrate",
                (self.ceiling - held) / self.ceiling,
                f"the concentrate enters with {contact.at(held):.4g} mol/m3; the water that goes along"
                f" with the ions lets it rise to {contact.at(self.ceiling):.4g} mol/m3 at most. Feed a"
                " weaker concentrate.",
            ),
        ]
