"""What must close at the end of a batch: elements, neutrality of each liquid, Faraday's law.

Computed from the true species and their formulas, apart from the reactions that the laws used.
Relative to what moved (or a thousandth of the reagent charged, where less moved), not to what lay
idle: a litre of water hides no lost millimole.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from noxplant.batch.model import CHARGE, Array, Model
from noxplant.errors import AuditError
from noxplant.species import species

MUST_CLOSE: Final = 1e-8
"""Largest relative imbalance (design, section 6)."""


def audit(model: Model, x: Array) -> dict[str, float]:
    """Largest relative imbalance of elements, charge and Faraday's law over all times.

    Args:
        model: the batch.
        x: change of the states since the beginning [n, times], mol.

    Raises:
        AuditError: one of them is above `MUST_CLOSE`; the message names it with its size.
    """
    out = {"elements": _elements(model, x)}
    if model.neutral:
        out["charge"] = _charge(model, x)
    if model.electrodes:
        out["faraday"] = _faraday(model, x)
    return out


def _matter(model: Model) -> list[tuple[int, str, str]]:
    """(row, place, species) of every state that holds matter."""
    found = []
    for row, state in enumerate(model.states):
        place, dot, name = state.partition(".")
        if dot:
            found.append((row, place, name))
    return found


def _elements(model: Model, x: Array) -> float:
    matter = _matter(model)
    names = sorted({e for _, _, s in matter for e in species(s).elements})
    worst = 0.0
    for element in names:
        held = np.array([species(s).elements.get(element, 0.0) for _, _, s in matter])
        change = x[[row for row, _, _ in matter]]
        lost = np.abs(held @ change)
        moved = held @ np.abs(change)
        worst = max(worst, _close(model, f"element {element}", lost, moved, "mol"))
    return worst


def _charge(model: Model, x: Array) -> float:
    worst = 0.0
    for place in model.neutral:
        rows = [(row, float(species(s).charge)) for row, p, s in _matter(model) if p == place]
        z = np.array([q for _, q in rows])
        change = x[[row for row, _ in rows]]
        first = np.array([model.start[model.states[row]] for row, _ in rows])
        what = f"charge of the {place}"
        moved = np.abs(z) @ np.abs(change)
        worst = max(worst, _close(model, what, np.abs(z @ change), moved, "mol of charge"))
        whole = np.array([max(float(np.abs(z) @ first), model.reagent)])
        worst = max(worst, _close(model, what, np.abs([z @ first]), whole, "mol of charge"))
    return worst


def _faraday(model: Model, x: Array) -> float:
    passed = x[model.states.index(CHARGE)]
    worst = 0.0
    assert model.electrodes is not None
    for electrode, per in model.electrodes.items():
        made = np.zeros_like(passed)
        for state, n in per.items():
            made = made + n * x[model.states.index(state)]
        what = f"Faraday's law at the {electrode}"
        worst = max(worst, _close(model, what, np.abs(made - passed), np.abs(passed), "mol e-"))
    return worst


def _close(model: Model, what: str, lost: Array, moved: Array, unit: str) -> float:
    """Largest of lost / moved."""
    part = lost / np.maximum(moved, 1e-3 * model.reagent)
    worst = int(np.argmax(part))
    if not part[worst] <= MUST_CLOSE:
        raise AuditError(
            f"{model.name}: {what} does not close: {lost[worst]:.3g} {unit} are missing, which is"
            f" {part[worst]:.2g} of what moved ({MUST_CLOSE:g} is allowed).\n"
            "  This is an error of the model or of the integration, not of your input."
        )
    return float(part[worst])
