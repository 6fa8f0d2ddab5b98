"""Thermal arc that brings part of a gas to chemical equilibrium."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from noxplant import balances, maths
from noxplant.errors import ModelError, nearest
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec, Work
from noxplant.species import charge, elements, gas_species, plasma_species
from noxplant.streams.ports import Port
from noxplant.thermo import gas
from noxplant.thermo import gas_equilibrium as eq
from noxplant.unit import Equations, Limit, Unit


class EquilibriumArc(Unit):
    """A fraction of the feed is heated by an arc to equilibrium; the rest passes by unheated.

    The treated gas leaves at `arc_temperature` with the equilibrium composition of the chosen
    species; join `bypass` to it behind the quench. Electricity is the enthalpy rise over the
    efficiencies of power supply and arc; what they lose goes to cooling water. This is the thermal
    channel: no vibrational non-equilibrium (2.3 to 2.7 MJ/mol N at 1 atm, air, after quench).

    Five species (`AIR_5`) are enough to 5000 K: 1 % argon takes 0.6 % of the NO and adds 0.4 % to its
    energy, NO2 and N2O (`AIR_8`) move both by 0.03 %, ions (`AIR_11`) by 0.03 % at 5000 K and 0.14 % at
    6000 K. A gas with ions is neutral; only a quench takes it, where they recombine.

    Source: element potentials on NASA-7 data of Cantera's nasa_gas.yaml; plasma note, section 6.
    """

    feed = Inlet("gas", "gas to be treated, such as air")
    out = Outlet("gas", "hot gas in equilibrium", only="names", band="hot")
    bypass = Outlet("gas", "the untreated rest of the feed")
    treated = Spec("1", "fraction of the feed that goes through the arc", (1e-3, 1.0))
    arc_temperature = Spec("K", "temperature of the equilibrium", (1500.0, 6000.0), nominal=300.0)
    supply_efficiency = Spec("1", "plasma power over plug power of the power supply", (0.01, 1.0))
    arc_efficiency = Spec("1", "enthalpy rise of the gas over plasma power", (0.01, 1.0))
    loss_temperature = Spec("K", "temperature at which losses go to cooling water", (273.0, 1300.0))
    pressure_drop = Spec("Pa", "pressure drop of the treated gas", (0.0, None), default=0.0)
    power = Work("W", "electric power taken from the plug", nominal=1e5)
    losses = Heat(
        "W",
        "losses of power supply and arc to the coolant",
        nominal=1e5,
        start="loss_temperature",
        end="loss_temperature",
    )
    amount = Result("mol/s", "hot gas", (0.0, None))
    ln_fraction = Result(
        "1", "ln of the mole fraction of a basis species", (-80.0, 0.0), over="basis"
    )
    no_fraction = Result("1", "mole fraction of NO in the hot gas", (0.0, 1.0), nominal=0.05)
    energy_cost = Result("J/mol", "plug energy per mole of NO in the hot gas", nominal=3e6)

    def __init__(
        self,
        name: str,
        *,
        species: Sequence[str] = eq.AIR_5,
        treated: float,
        arc_temperature: float,
        supply_efficiency: float,
        arc_efficiency: float,
        loss_temperature: float,
        pressure_drop: float = 0.0,
    ) -> None:
        """Name the arc and give the species of the hot gas and the specifications, SI."""
        self.names = tuple(species)
        self.cations = _checked(name, self.names)
        self.atoms = eq.composition(self.names)
        self.alone = _alone(self.names)
        self.active = tuple(s for s in self.names if s not in self.alone)
        self.basis = eq.basis(self.active)
        super().__init__(
            name,
            treated=treated,
            arc_temperature=arc_temperature,
            supply_efficiency=supply_efficiency,
            arc_efficiency=arc_efficiency,
            loss_temperature=loss_temperature,
            pressure_drop=pressure_drop,
        )
        self.converts = tuple(s for s in self.active)

    def closed_outlets(self) -> Iterable[Port]:
        """The bypass is closed when everything is treated."""
        return self.ports["bypass"] if self.given.get("treated") == 1.0 else ()

    def _check(self) -> None:
        brought = {e for k in self.feed.phase_of for e in elements(k)}
        held = {e for atoms in self.atoms.values() for e in atoms} - {"charge"}
        for k in self.feed.phase_of:
            lost = [e for e in elements(k) if e not in held]
            if lost:
                raise ModelError(
                    f"{self.name}: the feed holds {k}, but no species of the hot gas holds"
                    f" {', '.join(lost)}.\n  Add {k} to `species`."
                )
        for s in self.active:
            lost = [e for e in self.atoms[s] if e not in brought and e != "charge"]
            if lost:
                raise ModelError(
                    f"{self.name}: nothing in the feed holds {', '.join(lost)}, which {s} needs.\n"
                    f"  Feed N2 and O2 (air), or leave {s} out of `species`."
                )

    def equations(self) -> Equations:
        """Elements, equilibrium, first law."""
        self._check()
        feed, out = self.feed, self.out
        T = self.arc_temperature
        for s, element in self.alone.items():
            yield f"{s} passes", self._atoms(element) == self.treated * self._fed(element)
        ln_x = {
            s: eq.ln_fraction(s, self.active, self.ln_fraction, T, out.pressure)
            for s in self.active
        }
        for s in self.active:
            yield f"equilibrium of {s}", out.flow[s] == self.amount * maths.exp(ln_x[s])
        for e in dict.fromkeys(e for s in self.active for e in self.atoms[s]):
            if e != "charge":
                yield f"atoms of {e}", self._atoms(e) == self.treated * self._fed(e)
        if self.cations:  # per electron, so that a trace of them is held as well as many
            per = sum(maths.exp(ln_x[s] - ln_x["e-"]) for s in self.cations)
            yield "neutral gas", maths.log(per) == 0
        yield "amount", out.total_flow == self.amount
        for k in feed.phase_of:
            yield f"bypass of {k}", self.bypass.flow[k] == (1 - self.treated) * feed.flow[k]
        yield from balances.same_state(feed, self.bypass)
        yield from balances.pressure(feed, out, self.pressure_drop)
        yield "temperature of the hot gas", out.temperature == T
        yield from balances.energy([feed], [out, self.bypass], heat=self.losses, work=self.power)
        used = self.supply_efficiency * self.arc_efficiency * self.power
        yield "losses", self.losses == used - self.power
        yield "fraction of NO", self.no_fraction * self.amount == out.flow["NO"]
        yield "energy cost", self.energy_cost * out.flow["NO"] == self.power

    def _atoms(self, element: str) -> Any:
        return sum(
            self.atoms[s][element] * self.out.flow[s]
            for s in self.names
            if element in self.atoms[s]
        )

    def _fed(self, element: str) -> Any:
        terms = ((elements(k).get(element, 0.0), k) for k in self.feed.phase_of)
        return sum(n * self.feed.flow[k] for n, k in terms if n)

    def guess(self) -> Iterable[tuple[Any, float]]:
        """Equilibrium of air with a trace of everything else at the given temperature."""
        T = self.given.get("arc_temperature", 3000.0)
        feed = {"N2": 0.79, "O2": 0.21} | {b: 0.01 for b in self.basis if b not in ("N2", "O2")}
        found = eq.equilibrium(feed, T, 101325.0, self.active)
        total = sum(found.values())
        yield self.out.temperature, T
        for b in self.basis:
            yield self.ln_fraction[b], float(maths.log(max(found[b], 1e-30) / total))

    def limits(self) -> list[Limit]:
        """There must be oxygen and nitrogen to react."""
        return [
            Limit(
                "nitrogen and oxygen",
                self.out.flow["NO"] - 1e-9 * self.amount,
                "no NO can form because nitrogen or oxygen is lacking (NO less 1e-9 of the hot gas"
                " is {margin:.3g} mol/s). Feed both, as in air.",
            )
        ]


def _alone(names: tuple[str, ...]) -> dict[str, str]:
    """Species that alone hold an element (argon; CO2 without CO): they pass unchanged."""
    atoms, out = eq.composition(names), {}
    for e in dict.fromkeys(e for a in atoms.values() for e in a):
        holders = [s for s in names if e in atoms[s]]
        if len(holders) == 1:
            out[holders[0]] = e
    return out


def _checked(name: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Cations among the species of an arc's gas; refused where the set cannot be one."""
    known = [s for s in (*gas_species(), *plasma_species()) if s in gas.names()]
    for s in names:
        if s not in known:
            raise ModelError(
                f"EquilibriumArc {name!r}: {s!r} cannot be in its hot gas.{nearest(s, known)}\n"
                f"  It takes {', '.join(known)}."
            )
    cations = tuple(s for s in names if charge(s) > 0)
    if bool(cations) != ("e-" in names):
        raise ModelError(
            f"EquilibriumArc {name!r}: ions need electrons and electrons ions; its species hold"
            f" {', '.join(cations) or 'no ion'} and {'an' if 'e-' in names else 'no'} electron."
            " Take AIR_11 of noxplant.thermo.gas_equilibrium, or leave both out."
        )
    if "N2" not in names or "O2" not in names or "NO" not in names:
        raise ModelError(f"EquilibriumArc {name!r}: its species must hold N2, O2 and NO.")
    return cations
