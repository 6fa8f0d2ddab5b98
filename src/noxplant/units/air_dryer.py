"""Dryer of crystals in warm air."""

from __future__ import annotations

from noxplant import balances
from noxplant.brine import bases_stay
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.crystallisation import (
    FALLS_APART,
    NEVER_DRY,
    below_melting,
    check_salt,
    ions,
    mass_flow,
    require_ions,
    saturated_or_bare,
)
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.species import molar_mass, species
from noxplant.unit import Equations, Limit, Unit

SOLVENTS = ("acetonitrile", "methanol", "formaldehyde")


class AirDryer(Unit):
    """A stirred bed of crystals, a fluidised bed say, dried by warm air, without other heat.

    Crystals and air leave the bed at its temperature, which follows from the first law: the air
    cools as water evaporates, at most to adiabatic saturation. The film of liquor on the crystals is
    saturated with the salt; water evaporates as long as its equilibrium pressure over that film is
    above its partial pressure in the bed, so `humidity`, the one over the other, is below one. Water
    shut in crystals does not dry; it counts into `moisture`. Salt in the liquor crystallises, other
    solutes and solids stay, acetonitrile, methanol and formaldehyde leave with the air, other gases
    pass. Bases stay, protonated; a film with free base is refused. The rate of drying is not computed:
    `moisture` is given. The inlet air must stay 20 K below the melting point. No salt dust leaves.

    Source: first law and vapour pressure; distance to the melting point: hydrazine note 3.8.
    """

    feed = Inlet("slurry", "wet cake")
    air = Inlet("gas", "warm air")
    product = Outlet("slurry", "dried crystals with residual moisture", only="staying")
    exhaust = Outlet("gas", "humid air", only="leaving")
    moisture = Spec("kg/kg", "water per dried product", (0.0, 0.5))
    bed_temperature = Result("K", "temperature of bed, product and exhaust", nominal=320.0)
    humidity = Result(
        "1", "water in the exhaust over its equilibrium pressure on the crystals", nominal=0.5
    )
    evaporated = Result("kg/s", "water evaporated", nominal=1e-2)
    air_per_water = Result("kg/kg", "air fed per water evaporated", nominal=50.0)
    purity = Result(
        "kg/kg",
        "mass fraction of the salt, crystals and dried product",
        fixed_within=(0.0, 1.0),
        open="low",
    )
    production = Result("kg/s", "dried product", nominal=1e-2, open="low")

    def __init__(self, name: str, *, salt: str, **given: float) -> None:
        """Name the dryer and its salt; give the moisture."""
        self.salt = check_salt(name, salt)
        if self.salt in NEVER_DRY:
            raise ModelError(f"{name}: {self.salt} explodes when dry: sell it as a solution.")
        super().__init__(name, **given)

    @property
    def staying(self) -> tuple[str, ...]:
        """Keys of the product: those of the cake without solvents, and the salt."""
        held = self.ports["feed"][0].keys
        keys = [k for k in held.get("aqueous", ()) if k not in SOLVENTS]
        return (*keys, *ions(self.salt), *held.get("solid", ()), self.salt)

    @property
    def leaving(self) -> tuple[str, ...]:
        """Gas species of the exhaust."""
        wet = self.ports["feed"][0].keys.get("aqueous", ())
        air = self.ports["air"][0].keys.get("gas", ())
        return tuple(dict.fromkeys((*air, "H2O", *(s for s in SOLVENTS if s in wet))))

    def equations(self) -> Equations:
        """Balances, one state of the bed, moisture, saturated film, figures of merit."""
        feed, air, product, exhaust = self.feed, self.air, self.product, self.exhaust
        salt, wet = self.salt, feed.phase_keys("aqueous")
        require_ions(self.name, salt, feed)
        dissolved = ions(salt)
        for k in exhaust.phase_keys("gas"):
            came = air.flow[k] if k in air.phase_keys("gas") else 0.0
            if k != "H2O":
                solvent = feed.flow[k] if k in SOLVENTS and k in wet else 0.0
                yield f"{k} in the exhaust", exhaust.flow[k] == came + solvent
        water = air.flow["H2O"] if "H2O" in air.phase_keys("gas") else 0.0
        gone = exhaust.flow["H2O"] - water
        solids = feed.phase_keys("solid")
        brought = feed.flow[salt] if salt in solids else 0.0
        bound = species(salt).content.get("H2O", 0) * (product.flow[salt] - brought)
        yield "water", product.flow["H2O"] == feed.flow["H2O"] - gone - bound
        for c in product.phase_keys("aqueous"):
            if c != "H2O":
                formed = dissolved.get(c, 0) * (product.flow[salt] - brought)
                yield (
                    f"{c} in the film",
                    product.flow[c] == (feed.flow[c] if c in wet else 0.0) - formed,
                )
        for s in solids:
            if s != salt:
                yield f"solid {s}", product.flow[s] == feed.flow[s]
        yield from balances.energy(self.inlets, self.outlets)
        yield from balances.same_state(product, exhaust)
        yield "pressure", product.pressure == air.pressure
        yield from self._film()
        yield "evaporated", self.evaporated == gone * WATER_MOLAR_MASS
        yield "air per water", self.air_per_water * self.evaporated == mass_flow(air, "gas")

    def _film(self) -> Equations:
        product, salt = self.product, self.salt
        T, crystals = product.temperature, product.flow[salt]
        yield "bed temperature", self.bed_temperature == T
        yield "saturated film", saturated_or_bare(salt, crystals, product.flow, T) == 0
        mass = mass_flow(product, "solid") + mass_flow(product, "aqueous")
        yield "production", self.production == mass
        moisture = product.flow["H2O"] * WATER_MOLAR_MASS
        yield "moisture", moisture == self.moisture * self.production
        yield "purity", self.purity * self.production == crystals * molar_mass(salt)
        pressure = product.equilibrium_pressure("H2O")
        yield "humidity", self.humidity * pressure == self.exhaust.partial_pressure("H2O")

    def warnings(self) -> tuple[str, ...]:
        """Crystals that become gas in the air, which is not modelled."""
        if self.salt not in FALLS_APART:
            return ()
        return (
            f"{self.salt} falls apart to gas, cold too: what the air takes of it is not modelled."
            " Dry it fast and cold, in air that comes back.",
        )

    def limits(self) -> list[Limit]:
        """Water must have somewhere to go, and crystals must not melt."""
        over = value(self.product.equilibrium_pressure("H2O"))
        return [
            Limit(
                "water of the cake",
                self.evaporated,
                "the cake is as dry as the product is to be ({margin:.3g} kg/s of water to"
                " evaporate). Ask for less moisture, or leave the dryer out.",
            ),
            Limit(
                "room for vapour",
                1 - self.humidity,
                "the air is saturated before the crystals are dry (room for vapour {margin:.3g} of"
                f" what it holds at the bed's temperature): over the film on them stand {over:.3g} Pa of"
                f" water at {value(self.bed_temperature):.4g} K. Give more, warmer or drier air; where"
                " that is next to nothing, other solutes hold the water: wash them out, or ask for more"
                " moisture.",
            ),
            *bases_stay(self.salt, self.product),
            *below_melting(self.salt, self.air.temperature),
        ]
