"""Species, formulas, components, reactions, and the book of numbers behind them.

Streams conserve components (`COMPONENTS`); every species says what it holds of them. Importing this
package needs the standard library only.
"""

from __future__ import annotations

from noxplant.species.formulas import charge, elements
from noxplant.species.numbers import Datum, Row, book, datum, number
from noxplant.species.reactions import Reaction
from noxplant.species.registry import (
    COMPONENTS,
    Amounts,
    Component,
    Species,
    WeakForm,
    all_species,
    aqueous_components,
    component,
    components_in,
    dissolvable,
    dissolve,
    gas_species,
    molar_mass,
    organic_species,
    plasma_species,
    solid_species,
    species,
    species_in,
    true_species,
)

__all__ = [
    "COMPONENTS",
    "Amounts",
    "Component",
    "Datum",
    "Reaction",
    "Row",
    "Species",
    "WeakForm",
    "all_species",
    "aqueous_components",
    "book",
    "charge",
    "component",
    "components_in",
    "datum",
    "dissolvable",
    "dissolve",
    "elements",
    "gas_species",
    "molar_mass",
    "number",
    "organic_species",
    "plasma_species",
    "solid_species",
    "species",
    "species_in",
    "true_species",
]
