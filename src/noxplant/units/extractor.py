"""Counter-current extraction of an aqueous liquor with a molten or dissolved organic phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noxplant import balances, contact, maths
from noxplant.errors import ModelError, SpecError
from noxplant.maths import value
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.unit import Equations, Limit, Unit

DILUTE = 0.1
"""Part of its volume that a phase may gain or lose, by which its extraction factor is off at most. A choice."""


class Extractor(Unit):
    """Solutes pass between liquor and solvent in equilibrium stages, counter-current; no heat.

    Every solute has a partition coefficient, concentration in the solvent over that in the liquor,
    both of the outlets' volumes: solutes are dilute, so that the phases keep their volumes. Balances
    and equilibrium stand for every stage (linear: the fraction left is that of Kremser). Where a
    phase gains or loses more than a tenth of its volume the stages have no one factor: refused. A wash
    of oil with water is the same unit, with a coefficient below one. Nothing else passes: the
    solvent's own solubility is the decanter's matter behind it. Partition coefficients are asked
    for: none of these pairs was found. Not validated.

    Source: Kremser 1930, as in any textbook of separations.
    """

    liquor = Inlet("aqueous", "liquor to be extracted")
    solvent = Inlet("organic", "solvent")
    raffinate = Outlet("aqueous", "liquor extracted", adds="solutes")
    extract = Outlet("organic", "solvent with what it took", adds="solutes")
    partition = Spec(
        "1", "concentration in the solvent per that in the liquor", (1e-9, 1e9), over="solutes"
    )
    down = Result("mol/s", "solute in the liquor leaving each stage", nominal=1e-3, over="places")
    up = Result("mol/s", "solute in the solvent leaving each stage", nominal=1e-3, over="places")
    extraction_factor = Result(
        "1", "partition coefficient times solvent per liquor, by volume", over="solutes"
    )
    left = Result(
        "1", "solute left in the liquor per solute fed", (0.0, None), nominal=0.1, over="solutes"
    )

    def __init__(
        self, name: str, *, solutes: Sequence[str], stages: int, partition: Mapping[str, float]
    ) -> None:
        """Name the extractor; solutes (named alike in both liquids), stages, partition coefficients."""
        self.solutes = tuple(solutes)
        if not self.solutes or len(set(self.solutes)) < len(self.solutes):
            raise SpecError(f"Extractor {name!r}: name each solute once, one at least.")
        self.stages = contact.whole(name, "stages", stages, 1)
        self.places = tuple(f"{s} {n}" for s in self.solutes for n in range(1, stages + 1))
        super().__init__(name, partition=partition)

    def equations(self) -> Equations:
        """Balances and equilibrium by stage, what passes by, one temperature."""
        for s in self.solutes:
            if s not in self.raffinate.flow or s not in self.extract.flow:
                raise ModelError(
                    f"{self.name}: {s} is not held by both liquids under that name.\n  Solutes can be"
                    " acetonitrile, methanol, formaldehyde and benzophenone."
                )
            yield from self._solute(s)
        for inlet, out in ((self.liquor, self.raffinate), (self.solvent, self.extract)):
            for key in out.flow:
                if key not in self.solutes:
                    yield f"flow of {key} in {out.name}", out.flow[key] == inlet.flow[key]
        yield from balances.energy(self.inlets, self.outlets)
        yield "temperature", self.extract.temperature == self.raffinate.temperature
        yield from balances.pressure(self.liquor, self.raffinate)
        yield "pressure", self.extract.pressure == self.raffinate.pressure

    def _solute(self, s: str) -> Equations:
        """Stage 1 is where the liquor enters, the last where the solvent does."""
        factor = self.extraction_factor[s]
        fed, brought = (p.content(s) for p in self.inlets)
        volume = self.raffinate.volume_flow
        pulled = self.partition[s] * self.extract.volume_flow
        yield f"factor of {s}", factor * volume == pulled
        for n in range(1, self.stages + 1):
            here = f"{s} {n}"
            above: Any = self.down[f"{s} {n - 1}"] if n > 1 else fed
            below: Any = self.up[f"{s} {n + 1}"] if n < self.stages else brought
            yield f"balance of {here}", self.down[here] + self.up[here] == above + below
            yield f"equilibrium of {here}", self.up[here] == factor * self.down[here]
        last = self.down[f"{s} {self.stages}"]
        yield f"{s} in the raffinate", self.raffinate.flow[s] == last
        yield f"{s} in the extract", self.extract.flow[s] == self.up[f"{s} 1"]
        yield (
            f"left of {s}",
            contact.ratio(self.left[s], last, fed + brought, self.liquor.total_flow),
        )

    def limits(self) -> list[Limit]:
        """No pressure for nothing; solutes are dilute."""
        return [
            *contact.no_free_rise(self.name, [self.solvent], self.extract),
            self._dilute(self.liquor, self.raffinate),
            self._dilute(self.solvent, self.extract),
        ]

    def _dilute(self, inlet: Any, out: Any) -> Limit:
        """A phase keeps its volume."""
        before, after = inlet.volume_flow, out.volume_flow
        change = maths.sqrt((after - before) ** 2)
        share = value(after) / value(before) - 1 if value(before) > 0 else float("nan")
        return Limit(
            f"volume of the {inlet.name.rpartition('.')[2]}",
            DILUTE * before - change,
            f"the {inlet.name.rpartition('.')[2]} changes its volume by {100 * share:.3g} % on the way;"
            f" beyond {100 * DILUTE:g} % the solutes are not dilute and the stages have no one"
            " extraction factor. Feed more solvent, or less solute.",
        )
