"""Broken on purpose: a purge without its fraction, a heater without its temperature."""

from noxplant import Flowsheet
from noxplant.basis import Basis
from noxplant.units.feed import Feed
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.splitter import Splitter


def build(basis: Basis) -> Flowsheet:
    """Liquor that is warmed in a loop with a purge."""
    plant = Flowsheet("missing-spec")
    fresh = plant.add(Feed("F-1", "aqueous", {"H2O": 55.5, "KNO3": 1.0}))
    mixer = plant.add(Mixer("M-1", "aqueous"))
    heater = plant.add(Heater("E-1", "aqueous", utility="low-pressure steam"))
    purge = plant.add(Splitter("S-1", "aqueous"))
    plant.connect(fresh.out, mixer.feed[0], "fresh")
    plant.connect(mixer.out, heater.feed, "mixed")
    plant.connect(heater.out, purge.feed, "warm")
    plant.connect(purge.out, mixer.feed[1], "recycle")
    return plant
