"""Examples of the rigorous blocks behind the azine: hydrolysis with its way back, settling, extraction."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.extractor import Extractor
from noxplant.units.feed import Feed
from noxplant.units.reversible_hydrolyser import ReversibleHydrolyser
from noxplant.units.settling_decanter import SettlingDecanter


def reversible_hydrolyser() -> Flowsheet:
    """A wet azine cake meets sulfuric acid and a returned mother liquor; K as the note estimates it."""
    plant = Flowsheet("reversible hydrolyser")
    amount = {"benzophenone azine(s)": 1.0, "H2O": 6.0, "acetonitrile": 0.02, "NH3": 0.001}
    cake = plant.add(Feed("cake", "slurry", amount))
    acid = plant.add(Feed("acid", "aqueous", {"H2O": 10.0, "H2SO4": 1.05}))
    liquor = plant.add(Feed("liquor", "aqueous", {"H2O": 120.0, "N2H6SO4": 0.4, "H2SO4": 0.1}))
    unit = plant.add(
        ReversibleHydrolyser(
            "U",
            recycles=1,
            tanks=3,
            rate_constant=1e-2,
            equilibrium_constant=1e-2,
            residence_time=14400.0,
            temperature=363.15,
        )
    )
    plant.connect(cake.out, unit.cake, "cake")
    plant.connect(acid.out, unit.acid, "acid")
    plant.connect(liquor.out, unit.recycle[0], "liquor")
    return plant


LIQUOR = {"H2O": 130.0, "N2H6SO4": 1.4, "H2SO4": 0.15, "acetonitrile": 0.2, "methanol": 0.05}
"""Acid hydrazinium liquor, mol/s."""


def settling_decanter() -> Flowsheet:
    """Droplets of a tenth of a millimetre in acid liquor at 80 degC over three square metres."""
    plant = Flowsheet("settling decanter")
    liquor = plant.add(Feed("liquor", "aqueous", LIQUOR, temperature=353.15))
    melt = {"benzophenone": 2.0, "benzophenone azine": 0.002}
    oil = plant.add(Feed("oil", "organic", melt, temperature=353.15))
    unit = plant.add(
        SettlingDecanter(
            "U",
            salting=0.2,
            area=3.0,
            droplet=1e-4,
            dispersed=1.0,
            relative_viscosity=1.5,
            caught=0.5,
        )
    )
    plant.connect(liquor.out, unit.liquor, "liquor")
    plant.connect(oil.out, unit.oil, "molten benzophenone")
    return plant


def extractor() -> Flowsheet:
    """Molten benzophenone takes acetonitrile and methanol out of acid liquor; coefficients by choice."""
    plant = Flowsheet("extractor")
    liquor = plant.add(Feed("liquor", "aqueous", LIQUOR, temperature=343.15))
    melt = plant.add(Feed("melt", "organic", {"benzophenone": 6.0}, temperature=343.15))
    unit = plant.add(
        Extractor(
            "U",
            solutes=("acetonitrile", "methanol"),
            stages=4,
            partition={"acetonitrile": 3.0, "methanol": 0.3},
        )
    )
    plant.connect(liquor.out, unit.liquor, "liquor")
    plant.connect(melt.out, unit.solvent, "molten benzophenone")
    return plant


EXAMPLES = {
    "ReversibleHydrolyser": reversible_hydrolyser,
    "SettlingDecanter": settling_decanter,
    "Extractor": extractor,
}
