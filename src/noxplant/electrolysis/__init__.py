"""What electrolysers share: half-reactions, charge, membrane, balances, voltages, limits.

Nothing here is a unit.
"""

from noxplant.electrolysis.cell import (
    charge,
    charge_of_side,
    compartments,
    currents,
    figures,
    regions,
    require_cation,
    shares,
)
from noxplant.electrolysis.channel_limits import anion_limits, channel_limits, hydroxide_film
from noxplant.electrolysis.chemistry import (
    Chemistry,
    check_cation,
    check_efficiencies,
    chemistry,
    port_keys,
    short_name,
)
from noxplant.electrolysis.limits import (
    anolyte_limits,
    conductivity_limits,
    hydroxide_limit,
    limits,
    warnings,
)
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
    "anion_limits",
    "anolyte_limits",
    "channel_limits",
    "charge",
    "charge_of_side",
    "check_cation",
    "check_efficiencies",
    "chemistry",
    "compartments",
    "conductivity_limits",
    "currents",
    "figures",
    "hydroxide_film",
    "hydroxide_limit",
    "koh_conductivity",
    "limits",
    "ohmic",
    "port_keys",
    "potential",
    "regions",
    "require_cation",
    "reversible",
    "shares",
    "short_name",
    "tafel",
    "thermoneutral",
    "warnings",
]
