"""Fitted kinetics against the measured points, as SVG; needs matplotlib (extra `manual`)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from noxplant.errors import UsageError

if TYPE_CHECKING:
    from noxplant.electrolysis.fitting import Fit
    from noxplant.electrolysis.polarisation import Polarisation

COLOURS = ("#0b5cad", "#c2410c", "#15803d", "#7e22ce", "#475569")
POINTS = 121


def svg(fit: Fit, data: Polarisation, potential: Any) -> str:
    """Polarisation and efficiencies with bands of confidence, as one SVG picture.

    Args:
        fit: fitted kinetics.
        data: measured points.
        potential: their potentials as fitted (corrected for resistance), V against RHE.

    Raises:
        UsageError: matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise UsageError(
            "The picture of a fit needs matplotlib.\n  Install it: pip install 'noxplant[manual]'."
        ) from error
    from matplotlib.figure import Figure

    E = np.linspace(*fit.span, POINTS)
    lines = fit.predict(E)
    with mpl.rc_context({"svg.hashsalt": "fit", "svg.fonttype": "none", "font.size": 10}):
        figure = Figure(figsize=(6.4, 6.0), layout="constrained")
        top, below = figure.subplots(2, 1, sharex=True)
        _current(top, E, lines, data, potential)
        _efficiencies(below, E, lines, data, potential)
        below.set_xlabel("potential / V vs RHE")
        for axes in (top, below):
            axes.grid(color="#e2e8f0", linewidth=0.8)
            axes.spines[["top", "right"]].set_visible(False)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": "noxplant"})
    return out.getvalue()


def _band(axes: Any, E: Any, low: Any, high: Any, colour: str) -> None:
    if np.all(np.isfinite(low)) and np.all(np.isfinite(high)):
        axes.fill_between(E, low, high, color=colour, alpha=0.15, linewidth=0)


def _current(axes: Any, E: Any, lines: Any, data: Polarisation, potential: Any) -> None:
    y, width = lines["current"] / 10, lines["current band"]
    axes.semilogy(E, y, color=COLOURS[0], linewidth=1.8)
    _band(axes, E, y * np.exp(-width), y * np.exp(width), COLOURS[0])
    axes.plot(potential, data.current / 10, "o", color=COLOURS[0], markersize=5)
    axes.set_ylabel("current density / mA cm$^{-2}$")


def _efficiencies(axes: Any, E: Any, lines: Any, data: Polarisation, potential: Any) -> None:
    for n, (product, measured) in enumerate(data.efficiency.items()):
        colour = COLOURS[n % len(COLOURS)]
        y, width = lines[f"FE {product}"], lines[f"FE {product} band"]
        axes.plot(E, y, color=colour, linewidth=1.8, label=product)
        _band(axes, E, y - width, y + width, colour)
        axes.plot(potential, measured, "o", color=colour, markersize=5)
    axes.set_ylabel("faradaic efficiency")
    axes.set_ylim(-0.05, 1.1)
    if data.efficiency:
        axes.legend(frameon=False, fontsize=9)
