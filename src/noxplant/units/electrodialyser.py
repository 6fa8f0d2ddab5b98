"""Electrodialysis: cation and anion membranes in turn move a salt from diluate to concentrate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from noxplant import balances, contact, dialysis, maths
from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.quantities import Inlet, Inside, Outlet, Result, Spec, Work
from noxplant.species import species
from noxplant.unit import Equations, Limit, Region, Unit

AMMONIA = contact.AMMONIA
MEMBRANES: Final = ("cation", "anion")
SIGN: Final = {"cation": 1, "anion": -1}
UNEVEN: Final = 0.2
"""Spread of the voltage along the channel from which on a user is told, over its mean: a choice."""


class Electrodialyser(Unit):
    """Short-cut of an electrodialysis stack: ions, water and voltage along the channel, limiting currents.

    Both liquids flow co-current through `segments`; the current density is uniform, the voltage that
    of each segment, `pair_voltage` their mean. Of the charge, `current_efficiency` moves cations
    through the one and anions through the other membrane, each ion by its share in the conductivity
    of the diluate at that place (infinite dilution); strong salts are integrated exactly, weak acids
    and bases with an error that falls as the square of the number of segments. The rest is leak
    (co-ions, shunts) that moves nothing. OH- and H+ carry their share too, so an alkaline diluate loses
    hydroxide instead of salt. Water goes along, `water_drag` per charge; osmosis and the diffusion of
    NH3 are left out. Voltage: Donnan potentials (R T/(z F) by the charge z of the ions that pass),
    membranes and both gaps (conductivity by Nernst and Einstein, logarithmic mean); electrodes are
    left out. Both liquids have one temperature in each
    segment. A current above the limiting current of either membrane anywhere along the diluate is
    refused. Not validated.

    Source: ammonia note 5.5, minimal model, integrated along the channel.
    """

    diluate = Inlet("aqueous", "liquid that loses salt")
    concentrate = Inlet("aqueous", "liquid that gains salt")
    diluate_out = Outlet("aqueous", "liquid that has lost salt", only="fed")
    concentrate_out = Outlet("aqueous", "liquid that has gained salt", adds="fed")
    along = Inside("aqueous", "diluate from segment to segment", count="inner", only="fed")
    beside = Inside("aqueous", "concentrate from segment to segment", count="inner", adds="fed")

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
    pair_voltage = Result("V", "voltage of a pair of membranes, mean over the area", nominal=0.5)
    local_voltage = Result("V", "voltage of a pair in a segment", nominal=0.5, over="levels")
    cation_depth = Result(
        "1", "charge over conductance of the cations in a segment (K+: ln of what is left)",
        (1e-9, 100.0), nominal=0.1, over="levels",
    )  # fmt: skip
    anion_depth = Result("1", "the same of the anions", (1e-9, 100.0), nominal=0.1, over="levels")
    power = Work("W", "electric power of the pairs", nominal=1e4)
    transferred = Result("mol/s", "ammonium moved", nominal=1e-2)
    removal = Result("1", "part of the diluate's ammonium and ammonia that is moved", nominal=0.5)
    ammonium_share = Result("1", "part of the cations' charge that ammonium carries", nominal=0.5)
    specific_energy = Result("J/kg", "energy per mass of nitrogen moved", nominal=5e6)
    water_moved = Result("mol/s", "water moved", nominal=0.1)
    limiting_ratio = Result(
        "1", "current density over the limiting one at the outlet of the diluate", nominal=0.5,
        over="membranes",
    )  # fmt: skip
    ceiling = Result("mol/m3", "highest concentration the membranes alone can give", nominal=5e3)
    membranes = MEMBRANES

    def __init__(self, name: str, *, segments: int = 10, **given: float) -> None:
        """Name the stack, cut it into segments and give its specifications, SI."""
        self.segments = contact.whole(name, "segments", segments, 1)
        self.inner = self.segments - 1
        self.levels = tuple(f"segment {n + 1}" for n in range(self.segments))
        super().__init__(name, **given)

    @property
    def fed(self) -> tuple[str, ...]:
        """Components of the diluate, which the concentrate may gain."""
        return tuple(self.ports["diluate"][0].keys.get("aqueous", ()))

    def _sides(self) -> tuple[list[Any], list[Any]]:
        """Diluate and concentrate at all cuts."""
        weak = [self.diluate, *self.along, self.diluate_out]
        return weak, [self.concentrate, *self.beside, self.concentrate_out]

    def _moved(self, n: int) -> dict[str, Any]:
        """Ions that pass from diluate to concentrate in a segment, mol/s."""
        start, end = self._sides()[0][n : n + 2]
        level = self.levels[n]
        out: dict[str, Any] = {}
        for sign, depth in zip(SIGN.values(), (self.cation_depth, self.anion_depth), strict=True):
            out.update(dialysis.carried(start, end, sign, depth[level]))
        return out

    def _all_moved(self) -> dict[str, Any]:
        """Ions that pass in all segments, mol/s."""
        return balances.add(*(self._moved(n) for n in range(self.segments)))

    def equations(self) -> Equations:
        """Ions and water moved, first law and voltage of each segment, figures."""
        dialysis.check_ions(self.name, [self.diluate, self.concentrate])
        yield "current", self.current == self.current_density * self.area
        yield "water", self.water_moved * FARADAY == self.water_drag * self.current
        for n in range(self.segments):
            yield from self._segment(n)
        voltages = [self.local_voltage[level] for level in self.levels]
        yield "voltage of a pair", self.pair_voltage * self.segments == sum(voltages)
        yield "power", self.power == self.pair_voltage * self.current
        yield from self._figures()

    def _segment(self, n: int) -> Equations:
        """Charge, balances, first law, voltage."""
        weak, strong = (side[n : n + 2] for side in self._sides())
        level, part, moved = self.levels[n], 1 / self.segments, self._moved(n)
        charge = self.current_efficiency * self.current * part
        for name, sign in SIGN.items():
            own = {j: x for j, x in moved.items() if species(j).charge * sign > 0}
            yield f"{level}: charge, {name}s", FARADAY * dialysis.charge_of(own) == charge
        crossing = {**moved, "H2O": self.water_moved * part}
        for way, (start, end) in ((-1.0, weak), (1.0, strong)):
            parts = [
                {c: way * nu * x for c, nu in species(j).content.items()}
                for j, x in crossing.items()
            ]
            made = {c: x for c, x in balances.add(*parts).items() if c in end.components}
            tag = f"{level}: {'diluate' if way < 0 else 'concentrate'}: "
            yield from balances.moles([start], [end], made=made, tag=tag)
            yield f"{tag}pressure", end.pressure == start.pressure
        power = self.local_voltage[level] * self.current * part
        inlets, outlets = [weak[0], strong[0]], [weak[1], strong[1]]
        yield from balances.energy(inlets, outlets, work=power, tag=f"{level}: ")
        yield f"{level}: one temperature", strong[1].temperature == weak[1].temperature
        yield f"{level}: voltage", self.local_voltage[level] == self._voltage(weak, strong)

    def _voltage(self, weak: list[Any], strong: list[Any]) -> Any:
        """Donnan potentials, membranes and gaps between two cuts, V."""
        steps = [
            maths.log(dialysis.equivalents(s) / dialysis.equivalents(w))
            * sum(dialysis.per_charge(w, sign) for sign in SIGN.values())
            for w, s in zip(weak, strong, strict=True)
        ]
        donnan = GAS_CONSTANT * weak[1].temperature / FARADAY * sum(steps) / len(steps)
        gaps = sum(
            dialysis.inverse_mean(*map(dialysis.conductivity, pair)) for pair in (weak, strong)
        )
        resistance = self.cation_resistance + self.anion_resistance + self.gap * gaps
        return donnan + self.current_density * resistance

    def _figures(self) -> Equations:
        fed, ammonium = self.diluate.content(AMMONIA), self._all_moved().get("NH4+", 0.0)
        yield "ammonium moved", self.transferred == ammonium
        yield "removal", contact.ratio(self.removal, ammonium, fed, self.diluate.total_flow)
        charge = self.current_efficiency * self.current
        yield "share of ammonium", self.ammonium_share * charge == ammonium * FARADAY
        alone = dialysis.specific_energy(self.pair_voltage, self.current_efficiency)
        tiny = contact.TINY
        share = self.ammonium_share
        yield "specific energy", self.specific_energy * (share**2 + tiny) == alone * share
        yield (
            "ceiling",
            self.ceiling == dialysis.ceiling(self.current_efficiency, self.water_drag + tiny),
        )
        for name in MEMBRANES:
            most = self._limiting(name, self.diluate_out)
            yield (
                f"limiting ratio, {name}",
                self.limiting_ratio[name] * most == self.current_density,
            )

    def _limiting(self, membrane: str, weak: Any) -> Any:
        """Limiting current density of a membrane beside a diluate, A/m2."""
        parts = [sum(dialysis.mobilities([weak], s).values()) for s in (1, -1)]
        share = parts[0 if SIGN[membrane] > 0 else 1] / (parts[0] + parts[1])
        return dialysis.limiting_current(self.mass_transfer, dialysis.equivalents(weak), share)

    def regions(self) -> list[Region]:
        """Both liquids close on their own."""
        moved = {**self._all_moved(), "H2O": self.water_moved}
        lost = {j: -n for j, n in moved.items()}
        return [
            Region("diluate", [self.diluate], [self.diluate_out], lost),
            Region("concentrate", [self.concentrate], [self.concentrate_out], moved),
        ]

    def currents(self) -> dict[str, Any]:
        """The ions carry the same charge through both membranes."""
        moved = self._all_moved()
        return {
            f"{name} membrane": FARADAY
            * dialysis.charge_of({j: n for j, n in moved.items() if species(j).charge * sign > 0})
            for name, sign in SIGN.items()
        }

    def warnings(self) -> Iterator[str]:
        """Leak of ammonia; voltages that one pair of electrodes would not hold."""
        true = self.diluate.true
        if AMMONIA in self.diluate.phase_of and contact.at(true["NH3"]) > contact.at(true["NH4+"]):
            yield (
                "most of the diluate's ammonia is NH3, which carries no current and whose diffusion"
                " through the membranes is not modelled. Acidify, or strip it (AirStripper)."
            )
        volts = [contact.at(self.local_voltage[level]) for level in self.levels]
        if max(volts) - min(volts) > UNEVEN * abs(contact.at(self.pair_voltage)):
            yield (
                f"the voltage of a pair is {volts[0]:.3g} V at the inlet and {volts[-1]:.3g} V at the"
                " outlet: one pair of electrodes over the whole length would shift the current to"
                " where the diluate is strong. Take several electrical stages."
            )

    def limits(self) -> list[Limit]:
        """Salt to move, limiting currents, the ceiling of the concentrate."""
        return [*self._amounts(), *self._limiting_currents()]

    def _limiting_currents(self) -> list[Limit]:
        out = []
        for name in MEMBRANES:
            cuts = [(self._limiting(name, x), x) for x in self._sides()[0]]
            most, weak = min(cuts, key=lambda cut: contact.at(cut[0]))
            c = dialysis.equivalents(weak)
            out.append(
                Limit(
                    f"limiting current, {name} membrane",
                    1 - self.current_density / most,
                    f"the current density of {contact.at(self.current_density):.4g} A/m2 exceeds the"
                    f" limiting one of the {name} membrane, {contact.at(most):.4g} A/m2 at the"
                    f" {contact.at(c):.4g} mol/m3 that the diluate comes down to. Lower it, raise the"
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
                "water of the diluate",
                1 - self.water_moved / self.diluate.flow["H2O"],
                f"the ions would take {contact.at(self.water_moved):.4g} mol/s of water along, the"
                f" diluate brings {contact.at(self.diluate.flow['H2O']):.4g} mol/s. Take membranes with"
                " less water_drag, less area or a larger flow.",
            ),
            Limit(
                "ceiling of the concentrate",
                (self.ceiling - held) / self.ceiling,
                f"the concentrate enters with {contact.at(held):.4g} mol/m3; the water that goes along"
                f" with the ions lets it rise to {contact.at(self.ceiling):.4g} mol/m3 at most. Feed a"
                " weaker concentrate.",
            ),
        ]
