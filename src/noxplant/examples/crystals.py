"""Examples of units around crystals: cakes, hydrolysis, phase split, evaporation, drying.

Flows are per mol/s of azine or hydrazine, of the order of the default hydrazine plant.
"""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.activity_crystalliser import ActivityCrystalliser
from noxplant.units.activity_evaporative_crystalliser import ActivityEvaporativeCrystalliser
from noxplant.units.air_dryer import AirDryer
from noxplant.units.condenser import TotalCondenser
from noxplant.units.crystal_dryer import CrystalDryer
from noxplant.units.crystal_size import CrystalSize
from noxplant.units.decanter import Decanter
from noxplant.units.evaporative_crystalliser import EvaporativeCrystalliser
from noxplant.units.evaporator import Evaporator
from noxplant.units.feed import Feed
from noxplant.units.filter import Filter
from noxplant.units.hydrolyser import Hydrolyser
from noxplant.units.isomorphous_crystalliser import IsomorphousCrystalliser
from noxplant.units.kinetic_crystalliser import KineticCrystalliser
from noxplant.units.recrystalliser import Recrystalliser
from noxplant.units.washing_filter import WashingFilter
from noxplant.units.water_wash import WaterWash

HYDRAZINE_SALT = "N2H6SO4(s)"


def organic_cake(name: str = "cake") -> Feed:
    """A solvent-washed azine cake with 0.3 kg of liquor per kg of azine."""
    amount = {
        "benzophenone azine(s)": 1.0,
        "acetonitrile": 2.4,
        "methanol": 0.15,
        "NH3": 0.005,
        "H2O": 0.02,
        "formaldehyde": 0.002,
        "KPF6": 0.02,
        "benzophenone": 0.02,
        "benzophenone imine": 0.005,
        "benzophenone azine": 0.003,
        "benzhydrol": 0.001,
    }
    return Feed(name, "organic slurry", amount, temperature=260.0)


def water_wash() -> Flowsheet:
    """Water displaces the solvent from an azine cake."""
    plant = Flowsheet("water wash")
    cake = plant.add(organic_cake())
    water = plant.add(Feed("water", "aqueous", {"H2O": 30.0}, temperature=298.15))
    unit = plant.add(WaterWash("U", efficiency=0.7, held_liquor=0.3))
    plant.connect(cake.out, unit.feed, "cake")
    plant.connect(water.out, unit.wash, "water")
    return plant


def salt_filter() -> Flowsheet:
    """Hydrazinium sulfate is filtered from acid liquor and washed with cold water."""
    plant = Flowsheet("filter")
    amount = {"H2O": 50.0, "N2H6SO4": 0.2, "H2SO4": 0.3, "NH3": 0.05, HYDRAZINE_SALT: 1.0}
    slurry = plant.add(Feed("slurry", "slurry", amount, temperature=278.15))
    water = plant.add(Feed("water", "aqueous", {"H2O": 3.6}, temperature=278.15))
    unit = plant.add(
        Filter("U", solid=HYDRAZINE_SALT, held_liquor=0.15, displaced=0.9, wash_saturation=0.5)
    )
    plant.connect(slurry.out, unit.feed, "slurry")
    plant.connect(water.out, unit.wash, "water")
    return plant


def washing_filter() -> Flowsheet:
    """The same slurry on a filter whose wash and occlusion are computed; cake data made up."""
    plant = Flowsheet("washing filter")
    amount = {"H2O": 50.0, "N2H6SO4": 0.2, "H2SO4": 0.3, "NH3": 0.05, HYDRAZINE_SALT: 1.0}
    slurry = plant.add(Feed("slurry", "slurry", amount, temperature=278.15))
    water = plant.add(Feed("water", "aqueous", {"H2O": 6.0}, temperature=278.15))
    unit = plant.add(
        WashingFilter(
            "U",
            solid=HYDRAZINE_SALT,
            occluded=0.01,
            porosity=0.45,
            thickness=0.05,
            dispersivity=2.5e-3,
            wash_velocity=2e-4,
            saturation=0.3,
            wash_saturation=0.5,
        )
    )
    plant.connect(slurry.out, unit.feed, "slurry")
    plant.connect(water.out, unit.wash, "water")
    return plant


def azine_filter() -> Flowsheet:
    """Azine is filtered from its mother liquor and washed with cold acetonitrile."""
    plant = Flowsheet("azine filter")
    amount = {
        "benzophenone azine(s)": 1.0,
        "acetonitrile": 300.0,
        "KPF6": 2.0,
        "benzophenone": 2.0,
        "benzophenone azine": 0.3,
    }
    slurry = plant.add(Feed("slurry", "organic slurry", amount, temperature=253.15))
    solvent = plant.add(Feed("solvent", "organic", {"acetonitrile": 8.0}, temperature=253.15))
    unit = plant.add(
        Filter(
            "U",
            "organic slurry",
            solid="benzophenone azine(s)",
            held_liquor=0.3,
            displaced=0.973,
            wash_saturation=0.5,
        )
    )
    plant.connect(slurry.out, unit.feed, "slurry")
    plant.connect(solvent.out, unit.wash, "solvent")
    return plant


def hydrolyser() -> Flowsheet:
    """A wet azine cake meets sulfuric acid and a returned mother liquor."""
    plant = Flowsheet("hydrolyser")
    amount = {"benzophenone azine(s)": 1.0, "H2O": 6.0, "acetonitrile": 0.02, "NH3": 0.001}
    cake = plant.add(Feed("cake", "slurry", amount))
    acid = plant.add(Feed("acid", "aqueous", {"H2O": 10.0, "H2SO4": 1.05}))
    liquor = plant.add(Feed("liquor", "aqueous", {"H2O": 120.0, "N2H6SO4": 0.4, "H2SO4": 0.1}))
    unit = plant.add(
        Hydrolyser(
            "U",
            recycles=1,
            rate_constant=1e-3,
            residence_time=14400.0,
            tanks=5.0,
            temperature=363.15,
        )
    )
    plant.connect(cake.out, unit.cake, "cake")
    plant.connect(acid.out, unit.acid, "acid")
    plant.connect(liquor.out, unit.recycle[0], "liquor")
    return plant


def decanter() -> Flowsheet:
    """Molten benzophenone settles from acid hydrazinium sulfate."""
    plant = Flowsheet("decanter")
    amount = {"H2O": 130.0, "N2H6SO4": 1.4, "H2SO4": 0.1}
    liquor = plant.add(Feed("liquor", "aqueous", amount, temperature=363.15))
    melt = {"benzophenone": 2.0, "benzophenone azine": 0.001}
    oil = plant.add(Feed("oil", "organic", melt, temperature=363.15))
    unit = plant.add(Decanter("U", salting=0.2, entrained=0.005, caught=0.98))
    plant.connect(liquor.out, unit.liquor, "liquor")
    plant.connect(oil.out, unit.oil, "oil")
    return plant


def evaporator() -> Flowsheet:
    """Acid liquor is concentrated under vacuum to near saturation."""
    plant = Flowsheet("evaporator")
    amount = {"H2O": 130.0, "N2H6SO4": 1.4, "H2SO4": 0.1, "NH3": 0.01, "acetonitrile": 0.02}
    liquor = plant.add(Feed("liquor", "aqueous", amount, temperature=353.15))
    unit = plant.add(Evaporator("U", salt=HYDRAZINE_SALT, pressure=4.5e4, vapour_fraction=0.25))
    plant.connect(liquor.out, unit.feed, "liquor")
    return plant


def condenser() -> Flowsheet:
    """Vapour of an evaporator condenses."""
    plant = Flowsheet("condenser")
    amount = {"H2O": 10.0, "acetonitrile": 0.002, "NH3": 1e-4}
    vapour = plant.add(Feed("vapour", "gas", amount, temperature=353.15, pressure=4.5e4))
    unit = plant.add(TotalCondenser("U", temperature=313.15))
    plant.connect(vapour.out, unit.feed, "vapour")
    return plant


def recrystalliser() -> Flowsheet:
    """Hydrazinium sulfate crystallises from acid liquor."""
    plant = Flowsheet("recrystalliser")
    amount = {"H2O": 90.0, "N2H6SO4": 1.5, "H2SO4": 0.1, "NH3": 0.02}
    liquor = plant.add(Feed("liquor", "aqueous", amount, temperature=353.15))
    unit = plant.add(Recrystalliser("U", salt=HYDRAZINE_SALT, temperature=278.15))
    plant.connect(liquor.out, unit.feed, "liquor")
    return plant


def activity_crystalliser() -> Flowsheet:
    """Potassium nitrate crystallises from a liquor that holds lye."""
    plant = Flowsheet("activity crystalliser")
    amount = {"H2O": 55.5, "KNO3": 5.0, "KOH": 0.8}
    liquor = plant.add(Feed("liquor", "aqueous", amount, temperature=330.0))
    unit = plant.add(ActivityCrystalliser("U", salt="KNO3(s)", temperature=293.15))
    plant.connect(liquor.out, unit.feed, "liquor")
    return plant


def isomorphous_crystalliser() -> Flowsheet:
    """Hydrazinium chloride takes up ammonium on cooling; distribution made up."""
    plant = Flowsheet("isomorphous crystalliser")
    amount = {"H2O": 50.0, "N2H5Cl": 8.0, "NH4Cl": 0.5, "HCl": 0.05}
    liquor = plant.add(Feed("liquor", "aqueous", amount, temperature=343.15))
    unit = IsomorphousCrystalliser(
        "U", salt="N2H5Cl(s)", guest="NH4Cl(s)", temperature=283.15, distribution=0.15
    )
    plant.connect(liquor.out, plant.add(unit).feed, "liquor")
    return plant


def kinetic_crystalliser() -> Flowsheet:
    """Hydrazinium sulfate grows in two hours from a stirred, cooled liquor; kinetics made up."""
    plant = Flowsheet("kinetic crystalliser")
    amount = {"H2O": 90.0, "N2H6SO4": 1.5, "H2SO4": 0.1}
    liquor = plant.add(Feed("liquor", "aqueous", amount, temperature=353.15))
    unit = KineticCrystalliser(
        "U",
        salt=HYDRAZINE_SALT,
        temperature=278.15,
        residence_time=7200.0,
        growth_constant=2e-7,
        supersaturation_order=1.5,
        nucleation=3e3,
        growth_order=1.5,
        magma_order=0.7,
        shape_factor=0.5,
    )
    plant.connect(liquor.out, plant.add(unit).feed, "liquor")
    return plant


def crystal_size() -> Flowsheet:
    """Slurry with 9 wt% of hydrazinium sulfate, an hour in the crystalliser; kinetics made up."""
    plant = Flowsheet("crystal size")
    amount = {"H2O": 90.0, "N2H6SO4": 0.25, "H2SO4": 0.1, HYDRAZINE_SALT: 1.3}
    slurry = plant.add(Feed("slurry", "slurry", amount, temperature=278.15))
    unit = plant.add(
        CrystalSize(
            "U",
            salt=HYDRAZINE_SALT,
            residence_time=3600.0,
            nucleation=3e3,
            growth_order=1.5,
            magma_order=1.0,
            shape_factor=0.5,
        )
    )
    plant.connect(slurry.out, unit.feed, "slurry")
    return plant


def evaporative_crystalliser() -> Flowsheet:
    """Ammonium sulfate: 1000 kg/h of 40 wt% liquor, 300 kg/h boiled off at 60 C (note 5.3).

    A little free acid holds the ammonia back.
    """
    plant = Flowsheet("evaporative crystalliser")
    amount = {"H2O": 600.0 / 3.6 / 18.01528, "(NH4)2SO4": 400.0 / 3.6 / 132.1395, "H2SO4": 5e-3}
    liquor = plant.add(Feed("liquor", "aqueous", amount, temperature=333.15))
    fraction = 300.0 / 3.6 / 18.01528 / (amount["H2O"] + 3 * amount["(NH4)2SO4"] + 5e-3)
    unit = plant.add(
        EvaporativeCrystalliser(
            "U", salt="(NH4)2SO4(s)", temperature=333.15, vapour_fraction=fraction
        )
    )
    plant.connect(liquor.out, unit.feed, "liquor")
    return plant


def activity_evaporative_crystalliser() -> Flowsheet:
    """Liquor of ammonium sulfate with a trace of acid boils at 40 C."""
    plant = Flowsheet("activity evaporative crystalliser")
    amount = {"H2O": 9.25, "(NH4)2SO4": 0.84, "H2SO4": 1e-3}
    liquor = plant.add(Feed("liquor", "aqueous", amount, temperature=313.15))
    unit = ActivityEvaporativeCrystalliser(
        "U", salt="(NH4)2SO4(s)", missing="estimate", temperature=313.15, vapour_fraction=0.4
    )
    plant.connect(liquor.out, plant.add(unit).feed, "liquor")
    return plant


def crystal_dryer() -> Flowsheet:
    """Washed hydrazinium sulfate is dried under vacuum."""
    plant = Flowsheet("crystal dryer")
    amount = {"H2O": 1.0, "N2H6SO4": 0.002, "H2SO4": 0.001, "NH3": 2e-4, HYDRAZINE_SALT: 1.0}
    cake = plant.add(Feed("cake", "slurry", amount, temperature=280.15))
    unit = plant.add(
        CrystalDryer("U", salt=HYDRAZINE_SALT, temperature=333.15, pressure=5e3, moisture=0.002)
    )
    plant.connect(cake.out, unit.feed, "cake")
    return plant


def air_dryer() -> Flowsheet:
    """The same cake is dried in a bed fluidised with air of 120 C."""
    plant = Flowsheet("air dryer")
    amount = {"H2O": 1.0, "N2H6SO4": 0.002, "H2SO4": 0.001, "NH3": 2e-4, HYDRAZINE_SALT: 1.0}
    cake = plant.add(Feed("cake", "slurry", amount, temperature=288.15))
    gas = {"N2": 23.4, "O2": 6.25, "H2O": 0.35}
    air = plant.add(Feed("air", "gas", gas, temperature=393.15))
    unit = plant.add(AirDryer("U", salt=HYDRAZINE_SALT, moisture=0.002))
    plant.connect(cake.out, unit.feed, "cake")
    plant.connect(air.out, unit.air, "air")
    return plant


EXAMPLES = {
    "ActivityCrystalliser": activity_crystalliser,
    "ActivityEvaporativeCrystalliser": activity_evaporative_crystalliser,
    "AirDryer": air_dryer,
    "Filter": salt_filter,
    "WashingFilter": washing_filter,
    "WaterWash": water_wash,
    "Hydrolyser": hydrolyser,
    "Decanter": decanter,
    "Evaporator": evaporator,
    "TotalCondenser": condenser,
    "Recrystalliser": recrystalliser,
    "IsomorphousCrystalliser": isomorphous_crystalliser,
    "KineticCrystalliser": kinetic_crystalliser,
    "EvaporativeCrystalliser": evaporative_crystalliser,
    "CrystalDryer": crystal_dryer,
    "CrystalSize": crystal_size,
}
