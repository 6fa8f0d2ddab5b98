"""What is given to `noxplant.electrolysis.fitting` besides the data: ranges, concentrations by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from noxplant.electrolysis.polarisation import Polarisation
from noxplant.errors import SpecError
from noxplant.species import Reaction, species


def check_given(
    *,
    bulk: Mapping[str, float],
    temperature: float,
    resistance: float,
    fixed: Mapping[str, float],
    errors: Mapping[str, float | None],
) -> None:
    """Refuse what no electrode has: errors of zero, negative resistances or concentrations.

    Args:
        bulk: mol/m3.
        temperature: K.
        resistance: ohm m2.
        fixed: given parameters, SI.
        errors: standard errors by the name of their option.

    Raises:
        SpecError: a number outside its range.
    """
    for option, x in errors.items():
        if x is not None and not 0 < x < 1:
            raise SpecError(
                f"{option} is {100 * x:g} %; a standard error lies above 0 % and below 100 %.\n  Give"
                " what you know of your instruments, as '2 %', or leave both errors out: then they"
                " are estimated from the scatter."
            )
    if not 0 <= resistance < np.inf:
        raise SpecError(
            f"The resistance (--resistance) is {resistance:g} ohm m2; it is 0 or more. Potentials are"
            " corrected for it against the direction of the current; leave the sign out."
        )
    if not 0 < temperature < np.inf:
        raise SpecError(f"The temperature (--temperature) is {temperature:g} K; it is above 0 K.")
    for name, x in bulk.items():
        if not 0 <= x < np.inf:
            raise SpecError(
                f"The bulk concentration of {name} (--bulk) is {x / 1e3:g} mol/L; it is 0 or more."
            )
    for name, x in fixed.items():
        if not (name.startswith("activation") or 0 < x < np.inf) or not np.isfinite(x):
            raise SpecError(
                f"The given {name} is {x:g}; it is above 0. Slopes and currents are given without the"
                " sign of the direction; leave it out to have it fitted."
            )


def _is_of(c: str, name: str) -> bool:
    """Whether a concentration given by species or component is that of a component."""
    return c == name or c in species(name).content if "(" not in name else c == name


def check_used(
    order: Any, data: Polarisation, given: Mapping[str, float], reactions: Mapping[str, Reaction]
) -> None:
    """Refuse a given concentration [mol/m3] that no half-reaction takes or that the file gives too."""
    for name in given:
        found = [c for c in order if _is_of(c, name)]
        if not found:
            raise SpecError(
                f"The bulk concentration of {name} (--bulk) is given, but no half-reaction takes it:"
                f" {', '.join(reactions)}.\n  Leave it out, or name the half-reaction that takes it"
                f" (--half-reaction '{name} -> NH3')."
            )
        if twice := [n for n in data.bulk if _is_of(found[0], n)]:
            raise SpecError(
                f"The bulk concentration of {name} is given (--bulk) and in the column {twice[0]!r} of"
                " the file.\n  Give it once."
            )


def column(c: str, data: Polarisation, given: Mapping[str, float], rows: int, formed: bool) -> Any:
    """Concentration of a reactant by row [mol/m3], from the file, the caller, or zero where it forms."""
    for name, seen in data.bulk.items():
        if _is_of(c, name):
            if not np.all(np.isfinite(seen)):
                raise SpecError(f"The column of the bulk concentration of {name} has empty cells.")
            if seen.min() < 0:
                n = int(seen.argmin())
                raise SpecError(
                    f"Row {n + 2}: the bulk concentration of {name} is {seen[n] / 1e3:g} mol/L; it is"
                    " 0 or more. Mend the file."
                )
            return seen
    for name, x in given.items():
        if _is_of(c, name):
            return np.full(rows, float(x))
    if formed:
        return np.zeros(rows)
    raise SpecError(
        f"The bulk concentration of {c} is not given.\n  Add a column '{c} [mol/L]', or give it for"
        f" all rows: --bulk '{c}=0.5 mol/L'."
    )
