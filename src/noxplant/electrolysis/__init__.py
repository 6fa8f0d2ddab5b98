"""What electrolysers share: half-reactions, charge, membrane, balances, voltages, limits.

Nothing here is a unit.
"""

from noxplant.electrolysis.advice import (
    advice,
    beyond_fit,
    dry_gases,
    hydroxide_arrives,
    starved,
)
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
from noxplant.electrolysis.channel_limits import anion_limits, channel_limits
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
    gap_limits,
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
    "advice",
    "anion_limits",
    "anolyte_limits",
    "beyond_fit",
    "channel_limits",
    "charge",
    "charge_of_side",
    "check_cation",
    "check_efficiencies",
    "chemistry",
    "compartments",
    "conductivity_limits",
    "currents",
    "dry_gases",
    "figures",
    "gap_limits",
    "hydroxide_arrives",
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
    "starved",
    "tafel",
    "thermoneutral",
    "warnings",
]
