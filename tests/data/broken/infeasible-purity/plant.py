"""Broken on purpose: a purity that no wash can give, since the dryer leaves more water than that."""

from noxplant import Flowsheet
from noxplant.basis import Basis
from noxplant.flowsheet.solution import Solution
from noxplant.units.crystal_dryer import CrystalDryer
from noxplant.units.feed import Feed
from noxplant.units.filter import Filter

SALT = "N2H6SO4(s)"


def build(basis: Basis) -> Flowsheet:
    """Slurry of hydrazine sulfate in sour liquor with some potassium, filtered, washed, dried."""
    plant = Flowsheet("infeasible-purity")
    liquor = {"H2O": 50.0, "N2H4": 0.3, "H2SO4": 0.8, "KNO3": 0.2}
    slurry = plant.add(Feed("F-1", "slurry", liquor | {SALT: 4.0}, temperature=293.15))
    water = plant.add(Feed("F-2", "aqueous", {"H2O": 12.0}, temperature=293.15))
    cloth = plant.add(Filter("B-1", solid=SALT, **basis.of("B-1")))
    dryer = plant.add(CrystalDryer("D-1", salt=SALT, **basis.of("D-1")))
    plant.connect(slurry.out, cloth.feed, "slurry")
    plant.connect(water.out, cloth.wash, "wash water")
    plant.connect(cloth.cake, dryer.feed, "cake")
    plant.exchange("D-1.purity", basis["design.D-1.purity"], freed="B-1.displaced")
    return plant


def headline(solution: Solution) -> dict[str, tuple[float, str]]:
    """What is asked for, and what decides it."""
    s = solution
    return {
        "purity, kg N2H6SO4 per kg product": (s["D-1.purity"], "kg/kg"),
        "mother liquor displaced by the wash": (s["B-1.displaced"], "1"),
    }
