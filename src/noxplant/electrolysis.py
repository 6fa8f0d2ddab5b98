"""What electrolysers share: half-reactions, charge, membrane, balances, voltages, limits.

Nothing here is a unit. The functions take a cell unit that has the ports and quantities of
`SpecifiedCell`; its half-reactions are a `Chemistry`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from noxplant import balances, maths
from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.contact import at, ratio
from noxplant.errors import ModelError, SpecError, nearest
from noxplant.species import Reaction, aqueous_components, component, molar_mass, number, species
from noxplant.thermo import aqueous, electro
from noxplant.unit import Equations, Limit, Region

TRACE: Final = 1e-9
"""Amounts below this part of the water do not lower an ideal activity any further."""
_BARE: Final = ("H2O", "H+", "OH-")


@dataclass(frozen=True)
class Chemistry:
    """The half-reactions of a cell, by short name.

    Attributes:
        cathode: reactions that take electrons up; the first is the main reaction.
        anode: reactions that give electrons off.
        cathode_rest: cathode reaction that takes the current which the others leave.
        anode_rest: the same at the anode.
        consumed: dissolved components, water apart, that cathode reactions use up.
        produced: components, water apart, that cathode reactions make.
        gases: gas species made at (cathode, anode).
        made: dissolved components made at (cathode, anode).
    """

    cathode: Mapping[str, Reaction]
    anode: Mapping[str, Reaction]
    cathode_rest: str
    anode_rest: str
    consumed: tuple[str, ...] = field(default=())
    produced: tuple[str, ...] = field(default=())
    gases: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    made: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def reactions(self) -> dict[str, Reaction]:
        """All half-reactions by short name."""
        return {**self.cathode, **self.anode}

    @property
    def specified(self) -> tuple[str, ...]:
        """Reactions whose faradaic efficiency is given."""
        rest = (self.cathode_rest, self.anode_rest)
        return tuple(r for r in self.reactions if r not in rest)

    @property
    def main(self) -> str:
        """Main cathode reaction: the first."""
        return next(iter(self.cathode))

    @property
    def product(self) -> str:
        """Component that the main reaction makes."""
        made = self.cathode[self.main].components
        return next(c for c, nu in made.items() if nu > 0 and c != "H2O")


def short_name(reaction: Reaction) -> str:
    """Short name of a half-reaction: main reactant -> main product.

    >>> short_name(Reaction.parse("NO3- + 9 H+ + 8 e- -> NH3 + 3 H2O"))
    'NO3- -> NH3'
    >>> short_name(Reaction.parse("2 H2O + 2 e- -> H2 + 2 OH-"))
    'H2O -> H2'
    """
    ends = []
    for sign in (-1, 1):
        side = [s for s, nu in reaction.species.items() if nu * sign > 0 and s not in _BARE]
        with_n = [s for s in side if "N" in species(s).elements]
        ends.append((with_n or side or ["H2O"])[0])
    return f"{ends[0]} -> {ends[1]}"


def chemistry(
    unit: str, cathode: Sequence[str], anode: Sequence[str], remainder: str | None
) -> Chemistry:
    """Read and check the half-reactions of a cell.

    Args:
        unit: name of the cell, for messages.
        cathode: texts of the cathode reactions, the main one first.
        anode: texts of the anode reactions; the last takes what the others leave.
        remainder: short name of the cathode reaction that takes the current left over; None for
            the evolution of hydrogen.

    Raises:
        ModelError: a reaction at the wrong electrode, twice the same, no remainder, a gas used up.
    """
    sides = (_read(unit, cathode, "cathode", 1), _read(unit, anode, "anode", -1))
    rest = remainder or next((k for k, r in sides[0].items() if r.species.get("H2", 0) > 0), None)
    if rest not in sides[0]:
        raise ModelError(
            f"{unit}: no cathode reaction {rest or 'that makes H2'!r} to take the current left over."
            f"{nearest(rest or '', sides[0])}\n  Give remainder= one of: {', '.join(sides[0])}."
        )
    gases, made = [], []
    for side, where in zip(sides, ("cathode", "anode"), strict=True):
        gas = _made(side, lambda s: "aqueous" not in species(s).media)
        if not gas:
            raise ModelError(f"{unit}: no {where} reaction makes a gas; add one (H2 or O2).")
        gases.append(gas)
        parts = [c for r in side.values() for c, nu in r.components.items() if nu > 0]
        made.append(tuple(c for c in dict.fromkeys(parts) if c in aqueous_components()))
    used = [c for r in sides[0].values() for c, nu in r.components.items() if nu < 0]
    consumed = tuple(c for c in dict.fromkeys(used) if c != "H2O")
    got = [c for r in sides[0].values() for c, nu in r.components.items() if nu > 0]
    produced = tuple(c for c in dict.fromkeys(got) if c != "H2O")
    last = list(sides[1])[-1]
    return Chemistry(
        *sides, rest, last, consumed, produced, (gases[0], gases[1]), (made[0], made[1])
    )


def _read(unit: str, texts: Sequence[str], where: str, sign: int) -> dict[str, Reaction]:
    found: dict[str, Reaction] = {}
    if not texts:
        raise ModelError(f"{unit}: give at least one {where} reaction.")
    for text in texts:
        reaction = Reaction.parse(text)
        if reaction.electrons * sign <= 0:
            kind = "takes up" if sign > 0 else "gives off"
            raise ModelError(
                f"{unit}: {text!r} is no {where} reaction, which {kind} electrons.\n"
                "  Write it the other way round, or give it to the other electrode."
            )
        name = short_name(reaction)
        if name in found:
            raise ModelError(f"{unit}: two {where} reactions are both {name!r}.")
        for s, nu in reaction.species.items():
            if nu < 0 and "aqueous" not in species(s).media:
                raise ModelError(
                    f"{unit}: {name} uses up the gas {s}; only liquids enter the cell."
                )
        if any(phase == "g" and "aqueous" in species(s).media for s, phase in reaction.phases):
            raise ModelError(
                f"{unit}: {text!r} makes as gas what dissolves. Write it without (g); a"
                " GasLiquidSeparator lets it out."
            )
        found[name] = reaction
    return found


def _made(side: Mapping[str, Reaction], wanted: Any) -> tuple[str, ...]:
    names = [s for r in side.values() for s, nu in r.species.items() if nu > 0 and wanted(s)]
    return tuple(dict.fromkeys(names))


def check_cation(unit: str, cation: str) -> str:
    """The ion of the membrane: a single-charged cation that streams count."""
    known = [c for c in aqueous_components() if component(c).charge == 1]
    if cation not in known:
        raise ModelError(
            f"{unit}: the membrane cannot carry {cation!r}.{nearest(cation, known)}\n"
            f"  It carries one of: {', '.join(known)}."
        )
    return cation


def check_efficiencies(unit: str, chem: Chemistry, given: Mapping[str, float]) -> None:
    """Refuse faradaic efficiencies whose sum over one electrode exceeds one."""
    for side, where in ((chem.cathode, "cathode"), (chem.anode, "anode")):
        parts = {r: float(x) for r, x in given.items() if r in side}
        total = sum(parts.values())
        if total > 1 + 1e-9:
            words = " + ".join(f"{x:g} ({r})" for r, x in parts.items())
            raise SpecError(
                f"{unit}: the faradaic efficiencies at the {where} add up to {total:g}: {words}.\n"
                "  They are fractions of one current, so at most 1 together; the rest goes to"
                f" {chem.cathode_rest if where == 'cathode' else chem.anode_rest}."
            )


def port_keys(unit: Any, side: int) -> tuple[str, ...]:
    """Keys of the liquid that leaves a compartment (0 cathode, 1 anode), for `Outlet(only=...)`."""
    chem: Chemistry = unit.chemistry
    port = unit.ports["catholyte" if side == 0 else "anolyte"][0]
    own = (*port.keys.get("aqueous", ()), *chem.made[side])
    return (*own, unit.membrane_cation) if side == 0 else own


# equations ---------------------------------------------------------------------------------
def charge(unit: Any) -> Equations:
    """Currents, shares and extents of the half-reactions, ions through the membrane."""
    chem: Chemistry = unit.chemistry
    yield "current", unit.current == unit.area * unit.current_density
    yield "current of one cell", unit.cell_current * unit.cells == unit.current
    for side, rest in ((chem.cathode, chem.cathode_rest), (chem.anode, chem.anode_rest)):
        others = [r for r in side if r != rest]
        for r in others:
            yield f"share of {r}", unit.charge_share[r] == unit.faradaic_efficiency[r]
        left = 1 - sum(unit.faradaic_efficiency[r] for r in others)
        yield f"share of {rest}", unit.charge_share[rest] == left
    for r, reaction in chem.reactions.items():
        per_mole = abs(reaction.electrons) * FARADAY
        yield f"Faraday {r}", unit.extent[r] * per_mole == unit.charge_share[r] * unit.current
    yield "membrane", unit.ions * FARADAY == unit.current


def crossing(unit: Any) -> dict[str, Any]:
    """Flow of each species from anolyte to catholyte, mol/s."""
    return {unit.membrane_cation: unit.ions, "H2O": unit.water_drag * unit.ions}


def compartments(unit: Any) -> Equations:
    """Balances of both compartments, one temperature, pressures, first law."""
    chem: Chemistry = unit.chemistry
    for c in chem.consumed:
        if c not in unit.catholyte.phase_of and c not in chem.made[0]:
            raise ModelError(
                f"{unit.name}: a cathode reaction uses up {c}, but the catholyte brings none.\n"
                "  Check what is connected to its inlet `catholyte`."
            )
    if unit.membrane_cation not in unit.anolyte.phase_of:
        raise ModelError(
            f"{unit.name}: the membrane takes {unit.membrane_cation} from the anolyte, which brings"
            " none.\n  Feed the anode with its alkali (KOH), or name another membrane_cation."
        )
    through = crossing(unit)
    back = {c: -n for c, n in through.items()}
    for side, made, liquid, liquid_out, gas, tag in (
        (chem.cathode, through, unit.catholyte, unit.catholyte_out, unit.cathode_gas, "cathode: "),
        (chem.anode, back, unit.anolyte, unit.anolyte_out, unit.anode_gas, "anode: "),
    ):
        parts = [balances.conversion(r, unit.extent[name]) for name, r in side.items()]
        yield from balances.moles([liquid], [liquid_out, gas], balances.add(made, *parts), tag)
        for port in (liquid_out, gas):
            yield f"temperature of {port.name}", port.temperature == unit.temperature
            yield f"pressure of {port.name}", port.pressure == liquid.pressure
    yield "power", unit.power == unit.voltage * unit.current
    yield from balances.energy(unit.inlets, unit.outlets, heat=unit.duty, work=unit.power)


def figures(unit: Any) -> Equations:
    """Conversions, rates, energies, limiting current and hydroxide, for the report and designs."""
    chem: Chemistry = unit.chemistry
    inlet, out, faradays = unit.catholyte, unit.catholyte_out, unit.current / FARADAY
    for c in chem.consumed:
        used, made = turnover(unit, c)
        whole = inlet.content(c) + made
        yield f"conversion of {c}", ratio(unit.conversion[c], used, whole, inlet.total_flow)
        most = unit.mass_transfer * unit.area * out.flow[c]
        net = (used - made) * out.volume_flow
        yield f"limiting ratio of {c}", unit.limiting_ratio[c] * most == net
        electrons = _electrons(chem, c) * FARADAY * unit.mass_transfer
        yield (
            f"limiting current of {c}",
            unit.limiting_current_density[c] * out.volume_flow == electrons * out.flow[c],
        )
    for c in chem.produced:
        used, made = turnover(unit, c)
        yield f"production of {c}", unit.production_rate[c] * unit.area == made - used
    product = chem.product
    rate = unit.production_rate[product] * unit.area
    yield (
        "specific energy",
        ratio(unit.specific_energy, unit.power, rate * molar_mass(product), faradays),
    )
    hydroxide, lye = unit.anode_hydroxide, unit.anolyte_out
    yield "hydroxide at the anode exit", hydroxide * lye.volume_flow == lye.true["OH-"]
    for r, reaction in chem.cathode.items():
        yield f"reversible voltage of {r}", unit.reversible_voltage[r] == reversible(unit, reaction)
    neutral = sum(
        unit.charge_share[r] * electro.enthalpy_potential(x) for r, x in chem.anode.items()
    ) - sum(unit.charge_share[r] * electro.enthalpy_potential(x) for r, x in chem.cathode.items())
    yield "thermoneutral voltage", unit.thermoneutral_voltage == neutral


def _electrons(chem: Chemistry, c: str) -> float:
    """Electrons per mole of a component, in the first cathode reaction that uses it up."""
    found = next(r for r in chem.cathode.values() if r.components.get(c, 0) < 0)
    return -found.electrons / found.components[c]


def turnover(unit: Any, c: str) -> tuple[Any, Any]:
    """(used up, made) of a component by all cathode reactions, mol/s, both positive."""
    used: Any = 0.0
    made: Any = 0.0
    for r, reaction in unit.chemistry.cathode.items():
        nu = reaction.components.get(c, 0.0)
        if nu < 0:
            used = used - nu * unit.extent[r]
        elif nu > 0:
            made = made + nu * unit.extent[r]
    return used, made


# voltages ----------------------------------------------------------------------------------
def ln_activity(liquid: Any, gas: Any, name: str) -> Any:
    """Logarithm of the ideal activity of a species: molality, water's activity, or pressure in bar.

    An amount below `TRACE` of the water counts as half of that, so that there is no pole.
    """
    if name == "H2O":
        return liquid.truth.ln_water_activity()
    if name == "H+":
        return -aqueous.LN10 * liquid.ph
    if name == "OH-":
        return aqueous.ln_beta("OH-", liquid.temperature) + aqueous.LN10 * liquid.ph
    if name in liquid.true:
        floor = TRACE * liquid.flow["H2O"]
        safe = maths.smooth_max(liquid.true[name], 0.0, floor)
        return maths.log(safe / liquid.truth.kilograms)
    safe = maths.smooth_max(gas.flow[name], 0.0, TRACE * liquid.flow["H2O"])
    return maths.log(safe / (gas.total_flow + TRACE * liquid.flow["H2O"]) * gas.pressure / 1e5)


def potential(reaction: Reaction, liquid: Any, gas: Any) -> Any:
    """Nernst potential of a half-reaction against SHE at ideal activities, V."""
    T = liquid.temperature
    ln_q = sum(nu * ln_activity(liquid, gas, s) for s, nu in reaction.species.items())
    slope = GAS_CONSTANT * T / (reaction.electrons * FARADAY)
    return electro.standard_potential(reaction, T) - slope * ln_q


def reversible(unit: Any, cathode: Reaction) -> Any:
    """Reversible voltage of a cathode reaction against the anode's, at the outlets, V."""
    anode = unit.chemistry.anode[unit.chemistry.anode_rest]
    oxidised = potential(anode, unit.anolyte_out, unit.anode_gas)
    return oxidised - potential(cathode, unit.catholyte_out, unit.cathode_gas)


def tafel(current_density: Any, slope: Any, exchange: Any) -> Any:
    """Overpotential of an electrode in V, positive.

    Tafel's line with a smooth foot: slope * asinh(j / 2 j0) / ln 10, which is slope * log10(j / j0)
    wherever j is large against j0, and zero without current.

    Args:
        current_density: of the reaction, A/m2.
        slope: Tafel slope, V per decade.
        exchange: exchange current density, A/m2.

    >>> round(tafel(2700.0, 0.12, 1e-5), 5)
    1.01176
    """
    x = current_density / (2 * exchange)
    return slope / aqueous.LN10 * maths.log(x + maths.sqrt(x**2 + 1))


def koh_conductivity(concentration: Any, T: Any) -> Any:
    """Conductivity of aqueous KOH in S/m, 0..12 mol/L and 273..373 K.

    Args:
        concentration: mol/m3 of KOH.
        T: temperature [K].

    Source: Gilliam et al., Int. J. Hydrogen Energy 32 (2007) 359.

    >>> round(koh_conductivity(1000.0, 298.15), 2)
    21.53
    """
    a, b, c, d, e, f = number("electro.conductivity.KOH.gilliam")
    m = concentration / 1000.0
    per_cm = a * m + b * m**2 + c * m * T + d * m / T + e * m**3 + f * m**2 * T**2
    return 100.0 * per_cm


def ohmic(current_density: Any, thickness: Any, conductivity: Any) -> Any:
    """Voltage lost in a gap of given thickness [m] and conductivity [S/m], V."""
    return current_density * thickness / conductivity


# contract ----------------------------------------------------------------------------------
def regions(unit: Any) -> list[Region]:
    """Both compartments with what crosses the membrane."""
    into = crossing(unit)
    out = {c: -n for c, n in into.items()}
    return [
        Region("cathode", [unit.catholyte], [unit.catholyte_out, unit.cathode_gas], into),
        Region("anode", [unit.anolyte], [unit.anolyte_out, unit.anode_gas], out),
    ]


def currents(unit: Any) -> dict[str, Any]:
    """Current at anode, membrane and cathode, A."""
    chem: Chemistry = unit.chemistry
    return {
        "anode": -sum(r.electrons * FARADAY * unit.extent[n] for n, r in chem.anode.items()),
        "membrane": FARADAY * unit.ions,
        "cathode": sum(r.electrons * FARADAY * unit.extent[n] for n, r in chem.cathode.items()),
    }


def limits(unit: Any) -> list[Limit]:
    """Exhausted reactants, ions and hydroxide, limiting current, reversible voltage."""
    chem: Chemistry = unit.chemistry
    out = []
    for rest in (chem.cathode_rest, chem.anode_rest):
        share = unit.charge_share[rest]
        out.append(
            Limit(
                "faradaic efficiencies",
                share + 1e-9,
                f"the faradaic efficiencies of the other reactions add up to {1 - at(share):.6g},"
                f" more than 1, and leave nothing to {rest}. Lower one of them, or the conversion"
                " that was asked for in its place.",
            )
        )
    out += _anolyte_limits(unit)
    for c in chem.consumed:
        out += _reactant_limits(unit, c)
    for r in chem.cathode:
        if at(unit.charge_share[r]) > 1e-9:
            least = unit.reversible_voltage[r]
            out.append(
                Limit(
                    f"voltage for {r}",
                    unit.voltage - least,
                    f"the cell voltage of {at(unit.voltage):.4g} V is below the reversible voltage"
                    f" of {r}, {at(least):.4g} V at the outlet compositions. Raise the voltage or"
                    f" set the faradaic efficiency of {r} to zero.",
                )
            )
    return out


def _anolyte_limits(unit: Any) -> list[Limit]:
    ion, lye = unit.membrane_cation, unit.anolyte
    alkali = lye.true["OH-"]
    volume = 1000.0 * at(lye.volume_flow)
    needed, given = at(unit.ions) / volume, at(alkali) / volume
    advice = (
        "Feed more anolyte or stronger alkali, or convert less nitrate per pass (the anolyte gives"
        " 8 OH- per nitrate reduced to ammonia, divided by the faradaic efficiency)."
    )
    return [
        Limit(
            "hydroxide at the anode",
            alkali - unit.ions,
            f"the hydroxide of the anolyte is exhausted: the current needs {needed:.4g} mol/L OH-,"
            f" the anolyte brings {given:.4g} mol/L. {advice}",
        ),
        Limit(
            f"{ion} in the anolyte",
            lye.flow[ion] - unit.ions,
            f"{ion} of the anolyte is used up: the membrane carries {at(unit.ions):.4g} mol/s, the"
            f" anolyte brings {at(lye.flow[ion]):.4g} mol/s. {advice}",
        ),
    ]


def _reactant_limits(unit: Any, c: str) -> list[Limit]:
    used, made = turnover(unit, c)
    brought = unit.catholyte.content(c)
    share, ceiling = unit.limiting_ratio[c], at(unit.limiting_current_density[c])
    asked = at(share) * ceiling
    return [
        Limit(
            f"{c} in the catholyte",
            brought + made - used,
            f"{c} is used up: the current reduces {at(used):.4g} mol/s, the catholyte brings"
            f" {at(brought):.4g} and the cathode makes {at(made):.4g} mol/s. Lower the current, its"
            " faradaic efficiency, or feed more.",
        ),
        Limit(
            f"limiting current of {c}",
            1 - share,
            f"the net reduction of {c} asks for {asked:.4g} A/m2 (all of it counted as its first"
            " reaction), its limiting current density at the outlet concentration is"
            f" {ceiling:.4g} A/m2. Lower the current density or the"
            " conversion, or raise concentration or mass-transfer coefficient.",
        ),
    ]


LYE: Final = (100.0, 12000.0)
"""Hydroxide for which a gap counts as potash lye, mol/m3: Gilliam's range from 0.1 mol/L."""


def conductivity_limits(unit: Any) -> list[Limit]:
    """The gaps must hold potash lye within the range of the conductivity correlation."""
    out = []
    for liquid in (unit.catholyte_out, unit.anolyte_out):
        c = liquid.true["OH-"] / liquid.volume_flow
        for margin in (c - LYE[0], LYE[1] - c):
            out.append(
                Limit(
                    f"conductivity of {liquid.name}",
                    margin,
                    f"{liquid.name} holds {at(c) / 1000:.4g} mol/L OH-; the conductivity of its gap"
                    " is known for KOH of 0.1 to 12 mol/L only. Feed alkali within that range, or"
                    " use SpecifiedCell.",
                )
            )
    return out
