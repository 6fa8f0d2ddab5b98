"""The picture of a unit's behaviour as SVG; needs matplotlib (extra `manual`)."""

from __future__ import annotations

import io
import textwrap

from noxplant.errors import UsageError
from noxplant.manual.behaviour import Behaviour

COLOURS = ("#0b5cad", "#c2410c", "#15803d", "#7e22ce", "#475569")


def svg(found: Behaviour, title: str) -> str:
    """The curves as one SVG picture, the same bytes for the same curves.

    Raises:
        UsageError: matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise UsageError(
            "The pictures of the units need matplotlib.\n  Install it: pip install"
            " 'noxplant[manual]'."
        ) from error
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullFormatter

    settings = {"svg.hashsalt": title, "svg.fonttype": "none", "font.size": 10}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(6.4, 3.6), layout="constrained")
        axes = figure.add_subplot()
        for n, curve in enumerate(found.curves):
            colour = COLOURS[n % len(COLOURS)]
            axes.plot(curve.x, curve.y, color=colour, label=curve.label, linewidth=1.8)
        if found.log:
            axes.set_xscale("log")
            axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xlabel(found.labels[0])
        axes.set_ylabel("\n".join(textwrap.wrap(found.labels[1], 42)))
        axes.grid(color="#e2e8f0", linewidth=0.8)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_title(title, loc="left", fontsize=11, fontweight="bold")
        if len(found.curves) > 1:
            axes.legend(frameon=False, fontsize=9)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": "noxplant"})
    return out.getvalue()
