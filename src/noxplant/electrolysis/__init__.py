"""What electrolysers share: half-reactions, charge, membrane, balances, voltages, limits.

Nothing here is a unit.
"""

from noxplant.electrolysis.cell import charge, compartments, currents, figures, regions
from noxplant.electrolysis.chemistry import (
    Chemistry,
    check_cation,
    check_efficiencies,
    chemistry,
    port_keys,
    short_name,
)
from noxplant.electrolysis.limits import conductivity_limits, limits, warnings
from noxplant.electrolysis.voltage import (
    koh_conductivity,
    ohmic,
    potential,
    reversible,
    tafel,
    thermoneutral,
)

__all__ = [
    "Chemistry",
    "charge",
    "check_cation",
    "check_efficiencies",
    "chemistry",
    "compartments",
    "conductivity_limits",
    "currents",
    "figures",
    "koh_conductivity",
    "limits",
    "ohmic",
    "port_keys",
    "potential",
    "regions",
    "reversible",
    "short_name",
    "tafel",
    "thermoneutral",
    "warnings",
]
