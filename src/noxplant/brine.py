"""Mother liquors with Pitzer's activities: saturation with a salt and pressure of water.

Beyond the range of the sets, coefficients are held at its limit: activity coefficients as
`noxplant.thermo.saturation.Product` does with `beyond="hold"`, the osmotic coefficient alike, at the
ionic strength of the salt's own set and the nearest temperature.

Checked with the humidity over saturated solutions (CRC Handbook, constant humidity solutions) in
`tests/units/test_activity_evaporative_crystalliser.py`.
"""

from __future__ import annotations

from typing import Any, Final

from noxplant import maths
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.errors import ModelError, Refusal
from noxplant.species import true_species
from noxplant.thermo import solid
from noxplant.thermo.activity import ionic_strength, model
from noxplant.thermo.pitzer import Pitzer
from noxplant.thermo.saturation import Product
from noxplant.thermo.used import extrapolating

CORNER: Final = 1e-6
"""Rounding of the corner between "no crystals" and "saturated", as a fraction of saturation."""
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
