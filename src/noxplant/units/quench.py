"""Rapid cooling of hot NOx gas."""

from __future__ import annotations

from typing import Any

from noxplant import balances
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species import elements, plasma_species
from noxplant.unit import Equations, Unit

ATOMS = ("N", "O", "H", "OH")
IONS = plasma_species()


class Quench(Unit):
    """Hot gas is cooled so fast that a given fraction of its NO survives.

    The rest of the NO falls apart into N2 and O2; atoms, ions and OH recombine to N2, O2 and water;
    all else passes. The heat is given off to cooling water: at 1e6 to 1e8 K/s nobody has recovered it
    at a useful temperature. The frozen fraction follows from the cooling rate:
    `noxplant.thermo.quench.frozen_fraction`; above 4500 K it can exceed one, since NO forms while
    the atoms recombine.

    Source: plasma note, sections 2b and 6.
    """

    feed = Inlet("gas", "hot gas from an arc", band="hot")
    out = Outlet("gas", "cooled gas with frozen NO", adds=("N2", "O2"), drops=(*ATOMS, *IONS))
    frozen_fraction = Spec("1", "NO that leaves per NO that enters", (0.0, 1.5))
    temperature = Spec("K", "outlet temperature", (250.0, 1300.0))
    pressure_drop = Spec("Pa", "pressure drop", (0.0, None), default=0.0)
    duty = Heat("W", "heat added (negative: removed)", nominal=1e5, start="feed", end="out")
    no_fraction = Result("1", "mole fraction of NO in the cooled gas", (0.0, 1.0), nominal=0.05)

    def __init__(
        self, name: str, *, frozen_fraction: float, temperature: float, pressure_drop: float = 0.0
    ) -> None:
        """Name the quench, give the surviving fraction of NO and the outlet temperature [K]."""
        super().__init__(
            name,
            frozen_fraction=frozen_fraction,
            temperature=temperature,
            pressure_drop=pressure_drop,
        )
        self.converts = ("NO", *ATOMS, *IONS)

    def equations(self) -> Equations:
        """What survives, what recombines, first law."""
        feed, out = self.feed, self.out
        if "NO" not in feed.phase_of:
            raise ModelError(f"{self.name}: its feed holds no NO; connect it to an arc.")
        wet = feed.content("H") + feed.content("OH")
        has_wet = "H" in feed.phase_of or "OH" in feed.phase_of
        if has_wet and "H2O" not in out.phase_of:
            raise ModelError(f"{self.name}: add H2O to the arc's species, for H and OH to become.")
        gone = feed.flow["NO"] - out.flow["NO"]
        yield "NO that survives", out.flow["NO"] == self.frozen_fraction * feed.flow["NO"]
        atoms_n = gone + feed.content("N") + self._from_ions("N")
        yield "nitrogen", 2 * out.flow["N2"] == 2 * feed.content("N2") + atoms_n
        water = wet / 2
        atoms_o = gone + feed.content("O") + feed.content("OH") - water + self._from_ions("O")
        yield "oxygen", 2 * out.flow["O2"] == 2 * feed.content("O2") + atoms_o
        for s in out.phase_of:
            if s == "H2O":
                yield "water", out.flow[s] == feed.flow[s] + water
            elif s not in ("NO", "N2", "O2"):
                yield f"moles of {s}", out.flow[s] == feed.flow[s]
        yield "temperature", out.temperature == self.temperature
        yield from balances.pressure(feed, out, self.pressure_drop)
        yield from balances.energy([feed], [out], heat=self.duty)
        yield "fraction of NO", self.no_fraction * out.total_flow == out.flow["NO"]

    def _from_ions(self, element: str) -> Any:
        """Atoms of an element that ions bring: they fall apart as they catch their electron."""
        held = {k: elements(k).get(element, 0.0) for k in IONS if k in self.feed.phase_of}
        return sum(n * self.feed.flow[k] for k, n in held.items() if n)
