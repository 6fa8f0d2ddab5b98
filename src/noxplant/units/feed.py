"""Feeds: what comes into the plant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import pyomo.environ as pyo

from noxplant import condensation
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.errors import ModelError, Refusal, SpeciesError, nearest
from noxplant.quantities import MEDIA, Outlet, Spec
from noxplant.species import (
    aqueous_components,
    component,
    dissolve,
    gas_species,
    molar_mass,
    organic_species,
    solid_species,
    species,
    true_species,
)
from noxplant.species.numbers import read
from noxplant.streams import carriage
from noxplant.streams.speciation import settle
from noxplant.thermo import excess, saturation, solid
from noxplant.thermo.activity import NEUTRAL, charges, require_neutral
from noxplant.unit import Equations, Limit, Unit

STRONGEST: Final = 20.0
"""Ionic strength of an aqueous feed beyond which no datum of the streams reaches, mol/kg: that of the
strongest solution with a heat of dilution, nitric acid (`noxplant.thermo.excess`); more for a salt
whose solubility is known to more."""
SULFURIC: Final = 0.60
"""Mass fraction of sulfuric acid above which the ideal solution does not say what is bisulfate."""
SUPERSATURATED: Final = 2.0
"""Multiple of the solubility at the hot end of its data up to which a salt may be fed: what is above
the solubility is warned of, since crystallisers are fed so."""
OVER: Final = 0.02
"""Excess over a solubility that is not worth a warning, of the molality; curves err by 0.5 to 2 %."""


class Feed(Unit):
    """A stream of given composition from outside the plant.

    Aqueous feeds are given as weighed in: ``Feed("lye", "aqueous", {"H2O": 50, "KOH": 1})``;
    salts, acids and bases fall apart into component totals, so a feed cannot be charged. An analysis
    of ions may be given instead, or along with them: ``{"H2O": 50, "K+": 1.0, "NO3-": 1.0}``; its
    charges must balance to 1e-6 of their sum, else it is refused with the residual and the ion to
    adjust (it would otherwise be taken as neutral by acid or alkali that nobody weighed in).
    Other media are given by species. The flows are specifications ``amount[...]``, mol/s, so each
    can be varied, or freed in exchange for a quantity that it decides; `factor` multiplies all of
    them, so that freeing it sizes a feed of given composition.
    """

    out = Outlet("*", "the stream fed", only="keys", band="cold")
    amount = Spec("mol/s", "flow of each substance as weighed in", (0, None), over="substances")
    factor = Spec("1", "multiplier of all amounts", (0.0, None), default=1.0)
    temperature = Spec("K", "temperature", (200.0, 480.0))
    pressure = Spec("Pa", "pressure, absolute", (100.0, 1e8))

    def __init__(
        self,
        name: str,
        medium: str,
        amount: Mapping[str, float],
        *,
        temperature: float = 298.15,
        pressure: float = 101325.0,
    ) -> None:
        """Give medium, flows in mol/s by substance, temperature in K and pressure in Pa."""
        if not amount:
            raise ModelError(f"Feed {name!r}: give at least one substance with its flow in mol/s.")
        self.medium = medium
        self.substances = tuple(amount)
        self.recipe = {s: self._parts(name, s) for s in self.substances}
        self.keys = tuple(dict.fromkeys(k for parts in self.recipe.values() for k in parts))
        super().__init__(name, amount=dict(amount), temperature=temperature, pressure=pressure)
        charged = self._charged(self.given["amount"])
        if charged:
            raise Refusal(f"Feed {name!r}: {charged}")

    @property
    def ions(self) -> tuple[str, ...]:
        """Substances that are given as ions."""
        if "aqueous" not in MEDIA[self.medium]:
            return ()
        return tuple(s for s in self.substances if _is_ion(s))

    def _charged(self, amount: Mapping[str, float]) -> str:
        """What is wrong with the charges of the ions given; empty: nothing."""
        try:
            require_neutral({i: float(amount[i]) for i in self.ions}, unit="mol/s")
        except Refusal as error:
            return str(error)
        return ""

    def _parts(self, name: str, substance: str) -> Mapping[str, float]:
        if self.medium not in MEDIA:
            raise ModelError(
                f"Feed {name!r}: {self.medium!r} is no medium.{nearest(self.medium, MEDIA)}\n"
                f"  The media are {', '.join(MEDIA)}."
            )
        if "aqueous" in MEDIA[self.medium] and not substance.endswith("(s)"):
            return species(substance).content if _is_ion(substance) else dissolve(substance)
        lists = {"gas": gas_species, "organic": organic_species, "solid": solid_species}
        known = [s for p in MEDIA[self.medium] if p in lists for s in lists[p]()]
        if substance not in known:
            raise SpeciesError(
                f"Feed {name!r}: no {self.medium} can hold {substance!r}."
                f"{nearest(substance, known)}\n  It can hold: {', '.join(known)}."
            )
        return {substance: 1.0}

    def boundary_flow(self) -> dict[str, float]:
        """Components fed, mol/s."""
        out: dict[str, float] = {}
        for substance, parts in self.recipe.items():
            for key, nu in parts.items():
                phase = _phase(self.medium, key)
                for c, k in carriage.content(key, phase).items():
                    out[c] = out.get(c, 0.0) + nu * k * self.given["amount"][substance]
        return out

    def equations(self) -> Equations:
        """Amounts, temperature and pressure are those given."""
        for key in self.out.phase_of:
            parts = [r[key] * self.amount[s] for s, r in self.recipe.items() if key in r]
            total = sum(parts) if parts else 0.0
            yield f"flow of {key}", self.out.flow[key] == self.factor * total
        yield "temperature", self.out.temperature == self.temperature
        yield "pressure", self.out.pressure == self.pressure

    @property
    def solutes(self) -> tuple[str, ...]:
        """Substances weighed into the water of an aqueous feed."""
        if "aqueous" not in MEDIA[self.medium]:
            return ()
        return tuple(s for s in self.substances if s != "H2O" and not s.endswith("(s)"))

    def limits(self) -> Iterator[Limit]:
        """Strength of acids and alkalis, and ionic strength, within the range of the data; a gas above its dew point."""
        yield from condensation.dew(self.out)
        solutes = self.solutes
        if not solutes:
            return
        yield from self._neutral()
        water = self.amount["H2O"] * WATER_MOLAR_MASS if "H2O" in self.substances else 0.0
        for s in solutes:
            if s == "H2SO4":
                share = SULFURIC / (1.0 - SULFURIC) / (molar_mass("SO4--") + 2 * molar_mass("H+"))
                most, kind = share, f"{100 * SULFURIC:g} wt%, "
            elif s in excess.substances():
                most, kind = excess.limit(s), ""
            else:
                continue
            yield Limit(
                f"strength of {s}",
                most * water - self.amount[s],
                f"{s} is too strong: the properties of the stream hold to {kind}{most:.4g} mol per"
                f" kg water, {_per_kilogram(self.amount[s], water)} is fed. Feed more water with"
                " it (H2O), or dilute it outside of the plant.",
            )
        ions = sum(ionic_strength(s) * self.amount[s] for s in solutes)
        strongest = STRONGEST
        if {"H+", "OH-"} & set(self.ions):  # an acid or alkali that is not named: the weakest limit
            strongest = min(excess.limit(s) for s in excess.substances())
        most = max(strongest, *(SUPERSATURATED * _dissolves(s) for s in solutes))
        yield Limit(
            "ionic strength",
            most * water - ions,
            f"the feed is too concentrated: the properties of aqueous streams reach to an ionic"
            f" strength of {most:.4g} mol per kg water, that of the feed is"
            f" {_per_kilogram(ions, water)}. Feed more water (H2O), or the solid.",
        )

    def _neutral(self) -> Iterator[Limit]:
        """Charges of the ions given, which may be set one by one after the feed was made."""
        z = charges(self.ions)
        if not z:
            return
        residual = sum(q * self.amount[i] for i, q in z.items())
        allowed = NEUTRAL * sum(abs(q) * self.amount[i] for i, q in z.items())
        words = self._charged({i: pyo.value(self.amount[i]) for i in z})
        words = (words or "the ions fed are not electrically neutral.").replace("\n  ", " ")
        yield Limit("positive charge of the ions fed", allowed - residual, words)
        yield Limit("negative charge of the ions fed", allowed + residual, words)

    def warnings(self) -> tuple[str, ...]:
        """Salts of which more is fed than dissolves."""
        if not self.solutes or self.block is None or "H2O" not in self.substances:
            return ()
        totals: dict[str, float] = {"H2O": 0.0}
        for s in (*self.solutes, "H2O"):
            for key, nu in self.recipe[s].items():
                totals[key] = totals.get(key, 0.0) + nu * float(pyo.value(self.amount[s]))
        T = float(pyo.value(self.temperature))
        truth = settle(totals, T)[0]
        molality = {j: float(truth.molality(j)) for j in truth.flow if j != "H2O"}
        return tuple(_oversaturated(molality, T))


def _is_ion(substance: str) -> bool:
    return substance in _aqueous_ions()


@cache
def _aqueous_ions() -> frozenset[str]:
    return frozenset(i for i, q in charges(true_species(aqueous_components())).items() if q)


def ionic_strength(substance: str) -> float:
    """Ionic strength of one mole of a substance per kg water, mol/kg, as it is weighed in.

    A salt counts the ions of its totals (carbonate as carbon dioxide with its hydroxide, a third
    less than the ions of K2CO3); an acid one proton and its anion, which binds the others.

    >>> ionic_strength("KNO3"), ionic_strength("(NH4)2SO4"), ionic_strength("H2SO4")
    (1.0, 3.0, 1.0)
    >>> ionic_strength("SO4--")
    2.0
    """
    if _is_ion(substance):
        return 0.5 * species(substance).charge ** 2
    parts = {k: nu for k, nu in dissolve(substance).items() if k != "H2O"}
    charges = [(component(k).charge, nu) for k, nu in parts.items()]
    net = sum(z * nu for z, nu in charges)
    if len(parts) == 1 and net < 0:
        return float(min(1.0, -net))
    return float(0.5 * (sum(nu * z * z for z, nu in charges) + abs(net)))


def _dissolves(substance: str) -> float:
    """Ionic strength of a salt saturated at the hot end of its solubility data, mol/kg; else 0."""
    name = f"{substance}(s)"
    if name not in saturation.names():
        return 0.0
    hot = saturation.span(name)[1]
    found = [float(solid.solubility(name, hot))]
    if name in read("solid")["solubility_alternative"]:
        found.append(float(solid.solubility(name, hot, alternative=True)))
    return ionic_strength(substance) * max(found)


def _per_kilogram(amount: Any, water: Any) -> str:
    kilograms = float(pyo.value(water))
    return f"{float(pyo.value(amount)) / kilograms:.4g} mol/kg" if kilograms > 0 else "no water"


def _oversaturated(molality: Mapping[str, float], T: float) -> Iterator[str]:
    """One line per salt above its solubility, by the product of its ions' molalities."""
    for name in saturation.names():
        low, high = saturation.span(name)
        product = saturation.Product(name)
        if not low <= T <= high or any(molality.get(i, 0.0) <= 0 for i in product.ions):
            continue
        ions = float(sum(product.ions.values()))
        excess_of = float(product.ln_saturation_ratio(molality, T)) / ions
        if excess_of > OVER:
            yield (
                f"the feed is above the solubility of {name} at {T:.2f} K, {product.solubility(T):.4g}"
                f" mol per kg water: its ions have {100 * pyo.exp(excess_of):.0f} % of the molality of"
                " the saturated solution. It is taken as dissolved; feed it warmer, weaker or as"
                " solid."
            )


def _phase(medium: str, key: str) -> str:
    return "solid" if key.endswith("(s)") else MEDIA[medium][0]
