"""The time series of a batch as SVG; needs matplotlib (extra `manual`)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from noxplant.batch.laboratory import SHOWN
from noxplant.batch.run import BatchRun
from noxplant.errors import UsageError

COLOURS: Final = ("#0b5cad", "#c2410c", "#15803d", "#7e22ce", "#475569")


def svg(found: BatchRun, panels: Sequence[Sequence[str]]) -> str:
    """Panels one below the other over time, as one SVG picture.

    Args:
        found: the batch.
        panels: columns of each panel; those of one panel have one unit.

    Raises:
        UsageError: matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise UsageError(
            "The picture of a batch needs matplotlib.\n  Install it: pip install 'noxplant[manual]'."
        ) from error
    from matplotlib.figure import Figure

    settings = {"svg.hashsalt": "batch", "svg.fonttype": "none", "font.size": 10}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(7.6, 1.2 + 1.9 * len(panels)), layout="constrained")
        rows = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
        for axes, names in zip(rows, panels, strict=True):
            _panel(axes, found, names)
        rows[-1].set_xlabel("time / h")
        rows[0].set_title(found.name, fontsize=11, loc="left")
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": "noxplant"})
    return out.getvalue()


def _panel(axes: Any, found: BatchRun, names: Sequence[str]) -> None:
    (unit,) = {found.units[n] for n in names}
    name, factor = SHOWN.get(unit, (unit, 1.0))
    for n, column in enumerate(names):
        values = found.column(column) * factor
        axes.plot(
            found.time / 3600, values, color=COLOURS[n % len(COLOURS)], linewidth=1.8,
            label=_label(column),
        )  # fmt: skip
    axes.set_ylabel(_label(names[0]) if len(names) == 1 else _kind(names[0]))
    if name != "1":
        axes.set_ylabel(f"{axes.get_ylabel()} / {name}")
    if len(names) > 1:
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    axes.grid(color="#e2e8f0", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)


def _label(column: str) -> str:
    """A column in words."""
    if column.startswith("n(") and "." in column:
        place, _, species = column[2:-1].partition(".")
        return f"{species} in the {place}"
    return column


def _kind(column: str) -> str:
    """What the columns of a panel have in common."""
    if column.startswith("c("):
        return "concentration"
    if column.startswith("share of"):
        return "share of current"
    return "volume" if "volume" in column else "amount"
