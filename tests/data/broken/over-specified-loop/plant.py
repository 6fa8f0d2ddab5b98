"""Broken on purpose: the temperature of a loop is asked for twice, a cooler beside it not at all."""

from noxplant import Flowsheet
from noxplant.basis import Basis
from noxplant.units.feed import Feed
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.splitter import Splitter


def build(basis: Basis) -> Flowsheet:
    """Liquor that is warmed in a loop with a purge; the purge is cooled."""
    plant = Flowsheet("over-specified-loop")
    fresh = plant.add(Feed("F-1", "aqueous", {"H2O": 55.5, "KNO3": 1.0}))
    mixer = plant.add(Mixer("M-1", "aqueous"))
    heater = plant.add(Heater("E-1", "aqueous", temperature=330.0, utility="low-pressure steam"))
    purge = plant.add(Splitter("S-1", "aqueous", fraction=0.2))
    cooler = plant.add(Heater("E-2", "aqueous", temperature=310.0, utility="cooling water"))
    plant.connect(fresh.out, mixer.feed[0], "fresh")
    plant.connect(mixer.out, heater.feed, "mixed")
    plant.connect(heater.out, purge.feed, "warm")
    plant.connect(purge.out, mixer.feed[1], "recycle")
    plant.connect(purge.side, cooler.feed, "purge")
    # The duty of E-1 follows from the loop; what E-2 does behind the purge has no influence on it.
    plant.exchange("E-1.duty", 2e5, freed="E-2.temperature")
    return plant
