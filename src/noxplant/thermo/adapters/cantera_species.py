"""Gas species read from any Cantera data file: NASA-7 and NASA-9 polynomials and atoms.

Cantera reports a standard pressure of 101325 Pa for every bundled species, although the NASA-9 air
data were made for 1 bar. As read, results agree with Cantera; another standard pressure can be
given (1 bar moves the constant of O2 = 2 O by 1.3 %).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from noxplant.errors import ModelError, SpeciesError, nearest
from noxplant.thermo.nasa import Coefficients, Nasa

GASEOUS: Final = ("ideal-gas", "Redlich-Kwong", "Peng-Robinson")
"""Equations of state of Cantera's species that are gases at low pressure."""
_MARK = re.compile(r"\((?:L|l|s|cr\d?|gr)\)$")


def read(
    file: str,
    names: Sequence[str] | Mapping[str, str] | None = None,
    *,
    phase: str = "",
    standard_pressure: float | None = None,
) -> tuple[Nasa, ...]:
    """Species of a Cantera data file, in the order asked for.

    Args:
        file: one of Cantera's own files ("nasa_gas.yaml") or the path of another.
        names: species to take; a mapping {our name: name in the file} renames; None takes all.
        phase: phase of the file whose species to read; "" for the file's species, then those of
            its first phase.
        standard_pressure: pressure of the entropies [Pa]; None as the file says (101325 Pa).

    Raises:
        ModelError: the file cannot be read; carries Cantera's words.
        SpeciesError: a species that is not there (with hint), whose data are not NASA-7/9, or that is
            a liquid or a solid.
    """
    if standard_pressure is not None and not standard_pressure > 0:
        raise ModelError(f"The standard pressure must be positive, not {standard_pressure:g} Pa.")
    own = Path(file).exists()  # a user's file may change between two readings
    table = _load(file, phase) if own else _bundled(file, phase)
    chosen = dict(names) if isinstance(names, Mapping) else {n: n for n in names or table}
    missing = [theirs for theirs in chosen.values() if theirs not in table]
    if missing:
        raise SpeciesError(
            f"{file} has no species {', '.join(map(repr, missing))}.{_hint(missing[0], table)}"
        )
    return tuple(
        _nasa(ours, table[theirs], file, standard_pressure) for ours, theirs in chosen.items()
    )


def _hint(name: str, table: Mapping[str, Any]) -> str:
    same = [k for k in table if k.lower() == name.lower()]
    return f" Did you mean {same[0]!r}?" if same else nearest(name, table)


@lru_cache(maxsize=16)
def _bundled(file: str, phase: str) -> dict[str, Any]:
    return _load(file, phase)


def _load(file: str, phase: str) -> dict[str, Any]:
    import warnings

    import cantera as ct

    table: dict[str, Any] = {}
    words = ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if not phase:
                table = {s.name: s for s in ct.Species.list_from_file(file)}
        except (ct.CanteraError, RuntimeError) as error:
            words = str(error)
        try:
            if phase or words or len(table) < 64:  # a phase may add species of other files
                solution = ct.Solution(file, phase) if phase else ct.Solution(file)
                table = {s.name: s for s in solution.species()} | table
        except (ct.CanteraError, RuntimeError, ValueError) as error:
            words = words or str(error)
    if not table:
        reason = [line for line in words.splitlines() if line.strip(" *")]
        raise ModelError(f"No species could be read from {file}.\n  " + "\n  ".join(reason[:6]))
    return table


def _condensed(species: Any, file: str) -> bool:
    """Whether a species is a liquid or solid: by its equation of state, file, or the mark of its name."""
    states = species.input_data.get("equation-of-state", [])
    states = states if isinstance(states, list) else [states]
    if any(s.get("model", "ideal-gas") not in GASEOUS for s in states):
        return True
    marked = species.transport is None and _MARK.search(species.name) is not None
    return marked or Path(file).name == "nasa_condensed.yaml"


def _nasa(name: str, species: Any, file: str, pressure: float | None) -> Nasa:
    thermo = species.thermo
    kind = type(thermo).__name__
    numbers = [float(c) for c in thermo.coeffs]
    if kind == "NasaPoly2":
        limits, pieces = _seven(thermo, numbers)
    elif kind.startswith("Nasa9Poly"):
        limits, pieces = _nine(thermo, numbers, kind)
    else:
        raise SpeciesError(
            f"{species.name} in {file} has data of the kind {kind}; only NASA-7 and NASA-9"
            " polynomials are read.\n  Take the species from another file."
        )
    if _condensed(species, file):
        raise SpeciesError(
            f"{species.name} in {file} is a liquid or a solid; a gas of it would mix and have a pressure."
            "\n  Take gases only (nasa_gas.yaml has most); solids: noxplant.thermo.solid."
        )
    return Nasa(
        name=name,
        limits=limits,
        pieces=pieces,
        atoms={e: float(k) for e, k in species.composition.items() if k},
        pressure=float(thermo.reference_pressure) if pressure is None else pressure,
        kind="nasa7" if kind == "NasaPoly2" else "nasa9",
        source=f"{species.name} of {file}, read through Cantera",
    )


def _seven(thermo: Any, c: list[float]) -> tuple[tuple[float, ...], tuple[Coefficients, ...]]:
    low, middle, high = float(thermo.min_temp), c[0], float(thermo.max_temp)
    cold, hot = ((0.0, 0.0, *c[k : k + 5], *c[k + 5 : k + 7]) for k in (8, 1))
    if not low < middle < high:
        return (low, high), (cold if middle >= high else hot,)
    return (low, middle, high), (cold, hot)


def _nine(
    thermo: Any, c: list[float], kind: str
) -> tuple[tuple[float, ...], tuple[Coefficients, ...]]:
    if kind == "Nasa9Poly1":
        c = [1.0, float(thermo.min_temp), float(thermo.max_temp), *c[-9:]]
    blocks = [c[1 + 11 * k : 12 + 11 * k] for k in range(int(c[0]))]
    limits = (*(b[0] for b in blocks), blocks[-1][1])
    return limits, tuple(tuple(b[2:]) for b in blocks)
