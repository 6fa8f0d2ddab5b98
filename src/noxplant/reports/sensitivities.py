"""Table of what moves each figure of a plant most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from noxplant.measures import words
from noxplant.reports.tables import Table

if TYPE_CHECKING:
    from noxplant.flowsheet.sensitivity import Sensitivity

MOST = 3
"""Specifications that are named for each figure."""
LEAST = 1e-4
"""Relative change for 1 % of a specification that is not worth a line."""


def table(found: Sensitivity, *, si: bool = False) -> Table:
    """One row a figure: value, and what moves it most with the change it makes.

    Changes are for 1 % more of a specification, or 1 K more of a temperature.
    """
    rows = []
    relative = found.relative
    for k, (name, value, unit) in enumerate(
        zip(found.outputs, found.values, found.output_units, strict=True)
    ):
        share = [0.01 if u != "K" else 1.0 for u in found.input_units]
        change = np.nan_to_num(relative[k] * np.array(share))
        order = [j for j in np.argsort(-np.abs(change), kind="stable") if abs(change[j]) > LEAST]
        moved = [
            f"{found.inputs[j]} ({'1 K' if found.input_units[j] == 'K' else '1 %'} more:"
            f" {change[j]:+.2%})"
            for j in order[:MOST]
        ]
        rows.append([name, words(float(value), unit, si=si, doc=name), "\n".join(moved) or "-"])
    return Table("What moves the figures most", ("figure", "value>", "specifications"), rows)
