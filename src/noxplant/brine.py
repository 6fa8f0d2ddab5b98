"""Mother liquors with Pitzer's activities: saturation with a salt and pressure of water.

Beyond the range of the sets, coefficients are held at its limit: activity coefficients as
`noxplant.thermo.saturation.Product` does with `beyond="hold"`, the osmotic coefficient alike, at the
ionic strength of the salt's own set and the nearest temperature.

Checked with the humidity over saturated solutions (CRC Handbook, constant humidity solutions) in
`tests/units/test_activity_evaporative_crystalliser.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from noxplant import maths
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.errors import ModelError, Refusal
from noxplant.maths import value
from noxplant.species import true_species
from noxplant.thermo import saturation, solid
from noxplant.thermo.activity import ionic_strength, model
from noxplant.thermo.pitzer import Pitzer
from noxplant.thermo.saturation import Product
from noxplant.thermo.used import extrapolating
from noxplant.unit import Limit

CORNER: Final = 1e-6
"""Rounding of the corner between "no crystals" and "saturated", as a fraction of saturation."""
OVER: Final = 0.05
"""Excess over the solubility of another salt from which on it is told, of the molality. A choice:
twice the error of most curves."""
DRY: Final = 1e-3
"""Share of its water that a boiling liquor must keep, so that there is one around the crystals."""
FREE: Final = {"N(-3)": "NH3", "N(-2)": "N2H4"}
"""Totals of volatile bases and the base itself."""
ESCAPES: Final = (0.1, 1e-3)
"""Free base that may count as staying in a dried film: share of its total, and per crystals. A choice."""
LEAST: Final = 1e-9
"""Molality added to each ion, mol/kg, so that one of which there is none has a logarithm."""
ROUND: Final = 1e-6
"""Width of the corners where coefficients are held, K and part of an ionic strength."""


class Brine:
    """Liquor of a port around crystals of one salt.

    Attributes:
        product: solubility product of the salt with the activities of this liquor.
        number: ions per mole of salt.
    """

    def __init__(self, unit: str, salt: str, liquor: Any, missing: str = "refuse") -> None:
        """Take the salt and the port of the liquor.

        Args:
            unit: name of the unit, for messages.
            salt: solid with a solubility.
            liquor: port whose aqueous phase is around the crystals.
            missing: pairs of ions without parameters: "refuse" or "estimate".

        Raises:
            ModelError: pairs without parameters, named.
        """
        self.unit, self.salt, self.liquor = unit, salt, liquor
        names = true_species(liquor.phase_keys("aqueous"))
        try:
            self.activity = model("pitzer", names, missing=missing)
        except ModelError as error:
            raise ModelError(
                f"{unit}: {error}\n  A Recrystalliser or EvaporativeCrystalliser takes the product of"
                " molalities instead."
            ) from None
        self.product = Product(salt, self.activity, beyond="hold")
        self.number = sum(self.product.ions.values())

    @extrapolating()
    def molality(self) -> dict[str, Any]:
        """Molalities of the true solutes, mol/kg, by the stream's own speciation."""
        kilograms = self.liquor.truth.kilograms
        return {i: n / kilograms + LEAST for i, n in self.liquor.true.items() if i != "H2O"}

    @extrapolating()
    def ln_saturation(self, T: Any, ideal: bool = False) -> Any:
        """Logarithm of the ion product over that at saturation, per ion.

        Args:
            T: temperature, K.
            ideal: of molalities, without activity coefficients.

        Raises:
            Refusal: a temperature at which the solubility is not known.
        """
        product = Product(self.salt) if ideal else self.product
        try:
            return product.ln_saturation_ratio(self.molality(), T) / self.number
        except Refusal as error:
            raise Refusal(f"{self.unit}: {error}") from None

    @extrapolating()
    def ln_water_activity(self, T: Any) -> Any:
        """Logarithm of the activity of water; the osmotic coefficient held beyond the range."""
        molality, held, most = self.molality(), T, self._strongest()
        if isinstance(self.activity, Pitzer):
            low, high = self.activity.temperatures()
            held = maths.smooth_min(maths.smooth_max(T, low, ROUND), high, ROUND)
        strength = maths.smooth_max(ionic_strength(molality), most, ROUND * most)
        scaled = {i: m * (most / strength) for i, m in molality.items()}
        return self.activity.raw(scaled, held).ln_water * (strength / most)

    def _strongest(self) -> float:
        """Ionic strength to which the set of the salt holds, mol/kg."""
        pairs = getattr(self.activity, "pairs", [])
        ions = self.product.ions
        return max(p.strength() for p in pairs if p.cation in ions and p.anion in ions)


def bare_or(salt: str, crystals: Any, water: Any, T: Any, saturation: Any) -> Any:
    """Residual of: either there are crystals and the saturation is one, or there are none.

    Args:
        salt: solid with a solubility.
        crystals: mol/s of crystals.
        water: mol/s of water around them.
        T: temperature, K.
        saturation: of the liquor around them, by whatever activities.
    """
    a = crystals / (solid.solubility(salt, T) * water * WATER_MOLAR_MASS)
    b = 1 - saturation
    return a + b - maths.sqrt(a**2 + b**2 + CORNER**2)


def others(salt: str, liquor: Any) -> tuple[str, ...]:
    """Other salts above their solubility in a solved liquor, by molalities: nothing makes them here.

    Args:
        salt: the one that crystallises.
        liquor: port of the liquor around its crystals.
    """
    T, mass = value(liquor.temperature), value(liquor.truth.kilograms)
    if not mass > 0:
        return ()
    held = {i: max(value(n) / mass, 0.0) for i, n in liquor.true.items() if i != "H2O"}
    out = []
    for name in saturation.names():
        low, high = saturation.span(name)
        product = saturation.Product(name)
        if name == salt or not low <= T <= high:
            continue
        if any(not held.get(i, 0.0) > 0 for i in product.ions):
            continue
        number = sum(product.ions.values())
        over = float(product.ln_saturation_ratio(held, T)) / number
        if over > OVER:
            out.append(
                f"the mother liquor is above the solubility of {name}: at {T:.2f} K its ions have"
                f" {100 * maths.exp(over):.0f} % of the molality of the saturated solution. It would"
                f" crystallise with {salt}, which is not modelled. Stay warmer, feed more water, or"
                " purge more of the mother liquor."
            )
    return tuple(out)


def water_left(unit: Any) -> Limit:
    """Limit within which an evaporative crystalliser leaves water in its slurry."""
    feed, share = unit.feed, value(unit.vapour_fraction)
    wet = value(feed.flow["H2O"]) / max(value(feed.total_flow), 1e-300)
    return Limit(
        "water left",
        unit.slurry.flow["H2O"] - DRY * feed.flow["H2O"],
        f"the liquor boils dry: the vapour takes {share:.4g} of the moles fed, of which {wet:.4g} are"
        " water. Ask for a smaller vapour_fraction.",
    )


def bases_stay(salt: str, film: Any) -> Iterator[Limit]:
    """Limits within which volatile bases stay in the film of a dryer, protonated.

    Args:
        salt: solid that is dried.
        film: port of the dried crystals.
    """
    for c, base in FREE.items():
        if c not in film.phase_keys("aqueous") or base not in film.true:
            continue
        free = film.true[base]
        stays = ESCAPES[0] * film.flow[c] + ESCAPES[1] * film.flow[salt]
        yield Limit(
            f"{base} that stays",
            stays - free + DRY * LEAST * film.total_flow,
            f"the film on the crystals holds {value(free):.3g} mol/s of free {base} (pH"
            f" {value(film.ph):.3g}), {value(free) / max(value(film.flow[salt]), 1e-300):.2g} per crystals: it would leave"
            " with the vapour, and a dryer here keeps it. Neutralise the liquor, or wash it out.",
        )
