"""Reactor with given conversions."""

from __future__ import annotations

from collections.abc import Mapping

from noxplant import balances
from noxplant.errors import ModelError, SpecError, SpeciesError, nearest
from noxplant.quantities import MEDIA, Heat, Inlet, Outlet, Result, Spec
from noxplant.species import Reaction, aqueous_components, species
from noxplant.species.registry import species_in
from noxplant.unit import Equations, Limit, Unit


class StoichiometricReactor(Unit):
    """Any balanced reactions, side by side, each with a given conversion of its key reactant.

    Conversions refer to the feed, so those of one key reactant add up. Isothermal at the outlet
    temperature; the first law gives the duty. Nothing is predicted.
    """

    feed = Inlet("*", "reactants")
    out = Outlet("*", "products and what is left", adds="products")
    conversion = Spec(
        "1", "key reactant converted per key reactant fed", (0.0, 1.0), over="reactions"
    )
    temperature = Spec("K", "outlet temperature", (200.0, 1300.0))
    pressure_drop = Spec("Pa", "pressure drop", (0.0, None), default=0.0)
    duty = Heat("W", "heat added", nominal=1e4, start="temperature", end="temperature")
    extent = Result("mol/s", "extent of reaction", nominal=0.1, over="reactions")

    def __init__(
        self,
        name: str,
        medium: str,
        reactions: Mapping[str, str],
        *,
        conversion: Mapping[str, float],
        temperature: float,
        utility: str,
        pressure_drop: float = 0.0,
    ) -> None:
        """Name the reactor and give its specifications.

        Args:
            name: name.
            medium: gas, aqueous or organic.
            reactions: key reactant (species) by reaction, ``{"N2 + 3 H2 -> 2 NH3": "N2"}``.
            conversion: fraction of the key reactant converted, by reaction.
            temperature: outlet temperature, K.
            utility: what supplies or takes the heat.
            pressure_drop: Pa.
        """
        self.medium = medium
        self.reactions = tuple(reactions)
        if not reactions:
            raise ModelError(f"StoichiometricReactor {name!r}: give at least one reaction.")
        self.parsed = {text: Reaction.parse(text) for text in reactions}
        self.key = {text: _key(name, self.parsed[text], key) for text, key in reactions.items()}
        self.products = self._products(name)
        for text in reactions:
            if text not in conversion:
                raise SpecError(f"{name}.conversion lacks the reaction {text!r}.")
        super().__init__(
            name, conversion=conversion, temperature=temperature, pressure_drop=pressure_drop
        )
        self.choose_utility("duty", utility)
        self.converts = tuple(
            {c for r in self.parsed.values() for c, n in r.components.items() if n < 0}
        )

    def _products(self, name: str) -> tuple[str, ...]:
        if self.medium not in MEDIA:
            return ()  # the base class refuses it by name
        if self.medium == "aqueous":
            held = dict.fromkeys(c for r in self.parsed.values() for c in r.components)
            for c in held:
                if c not in aqueous_components():
                    raise SpeciesError(
                        f"StoichiometricReactor {name!r}: {c} cannot be in an aqueous stream."
                    )
            made = (c for r in self.parsed.values() for c, n in r.components.items() if n > 0)
            return tuple(dict.fromkeys(made))
        for r in self.parsed.values():
            for s in r.species:
                if s not in species_in(self.medium):
                    raise SpeciesError(
                        f"StoichiometricReactor {name!r}: {s} cannot be in a {self.medium} stream."
                    )
        made = (s for r in self.parsed.values() for s, n in r.species.items() if n > 0)
        return tuple(dict.fromkeys(made))

    def equations(self) -> Equations:
        """Extents from conversions, balances, first law."""
        made = balances.add(
            *(balances.conversion(r, self.extent[t]) for t, r in self.parsed.items())
        )
        for text, r in self.parsed.items():
            c = self.key[text]
            if c not in self.feed.components:
                raise ModelError(f"{self.name}: nothing brings {c}, the key reactant of {text!r}.")
            used = -r.components[c] * self.extent[text]
            yield f"conversion by {text}", used == self.conversion[text] * self.feed.content(c)
        yield from balances.moles([self.feed], [self.out], made)
        yield from balances.energy([self.feed], [self.out], heat=self.duty)
        yield from balances.pressure(self.feed, self.out, self.pressure_drop)
        yield "temperature", self.out.temperature == self.temperature

    def limits(self) -> list[Limit]:
        """No reactant may be used up beyond what is fed."""
        used = dict.fromkeys(
            c for r in self.parsed.values() for c, n in r.components.items() if n < 0
        )
        return [
            Limit(
                f"{c} left",
                self.out.content(c) + 1e-9 * self.feed.total_flow,
                f"{c} does not suffice: {{margin:.4g}} mol/s would be left. Lower a conversion or"
                f" feed more {c}.",
            )
            for c in used
        ]


def _key(name: str, reaction: Reaction, key: str) -> str:
    """Component of the key reactant; refuses what does not serve."""
    reactants = [s for s, n in reaction.species.items() if n < 0]
    if reaction.electrons:
        raise ModelError(
            f"StoichiometricReactor {name!r}: {reaction.text!r} has electrons; use a cell."
        )
    if key not in reactants:
        raise ModelError(
            f"StoichiometricReactor {name!r}: {key!r} is no reactant of {reaction.text!r}."
            f"{nearest(key, reactants)}\n  Its reactants are {', '.join(reactants)}."
        )
    held = [c for c in species(key).content if reaction.components.get(c, 0.0) < 0]
    if not held:
        raise ModelError(
            f"StoichiometricReactor {name!r}: {key} is not used up by {reaction.text!r} (it only"
            " gives or takes protons). Choose another key reactant."
        )
    return next((c for c in held if c != "H2O"), held[0])
