"""Chemical formulas: elements, charge and molar mass."""

from __future__ import annotations

import re
from functools import cache

from noxplant.errors import SpeciesError
from noxplant.species.numbers import number, read

_TOKEN = re.compile(r"([A-Z][a-z]?|\(|\)|\[|\])(\d+(?:\.\d+)?)?")
_SUFFIX = re.compile(r"(\((?:s|l|g|aq)\))?([+-]*)$")


def _bare(formula: str) -> str:
    """Strip phase mark and charge."""
    return formula[: _SUFFIX.search(formula).start()]  # type: ignore[union-attr]


def charge(formula: str) -> int:
    """Charge number of a formula, from its trailing signs.

    >>> charge("SO4--"), charge("NH4+"), charge("(NH4)2SO4(s)")
    (-2, 1, 0)
    """
    signs = _SUFFIX.search(formula).group(2)  # type: ignore[union-attr]
    return signs.count("+") - signs.count("-")


def elements(formula: str) -> dict[str, float]:
    """Atoms of each element in a formula; charge and phase marks are ignored.

    Args:
        formula: brackets may be nested; an electron is "e-" and holds no atoms.

    Raises:
        SpeciesError: not a formula, an unknown element, or brackets that do not match.

    >>> elements("(NH4)2SO4")
    {'N': 2.0, 'H': 8.0, 'S': 1.0, 'O': 4.0}
    """
    if formula == "e-":
        return {}
    stack: list[dict[str, float]] = [{}]
    for symbol, count in _tokens(_bare(formula), formula):
        if symbol in "([":
            stack.append({})
            continue
        if symbol not in ")]":
            stack[-1][symbol] = stack[-1].get(symbol, 0.0) + count
            continue
        if len(stack) == 1:
            raise SpeciesError(f"{formula!r}: a bracket closes that was never opened.")
        for element, n in stack.pop().items():
            stack[-1][element] = stack[-1].get(element, 0.0) + n * count
    if len(stack) > 1:
        raise SpeciesError(f"{formula!r}: a bracket is never closed.")
    known = read("elements")["atomic_weight"]
    unknown = [e for e in stack[0] if e not in known]
    if unknown:
        raise SpeciesError(
            f"{formula!r}: no element {', '.join(unknown)} here. Known: {', '.join(known)}."
        )
    return stack[0]


def _tokens(text: str, formula: str) -> list[tuple[str, float]]:
    """Symbols and brackets of a formula with their counts."""
    found, end = [], 0
    for token in _TOKEN.finditer(text):
        symbol, count = token.group(1), token.group(2)
        if token.start() != end or (symbol in "([" and count):
            break
        end = token.end()
        found.append((symbol, float(count or 1)))
    if end != len(text) or not text:
        raise SpeciesError(f"{formula!r} is no chemical formula: I cannot read {text[end:]!r}.")
    return found


@cache
def formula_mass(formula: str) -> float:
    """Molar mass of a formula in kg/mol; the mass of electrons is neglected (6e-7 kg/mol).

    Source: standard atomic weights, `data/elements.toml`.
    """
    weights = ((e, number(f"elements.atomic_weight.{e}")) for e in elements(formula))
    atoms = elements(formula)
    return float(sum(atoms[e] * w for e, w in weights) * 1e-3)
