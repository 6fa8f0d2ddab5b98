"""The option --trace: how a search converged, as a picture or a table."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from noxplant.commands.common import check_file, named
from noxplant.errors import UsageError

KINDS = (".svg", ".csv")
"""Endings of a file that a trace can be written to."""


def check_trace(name: str) -> None:
    """Refuse a file that cannot be written, or whose ending says neither picture nor table."""
    if Path(name).suffix.lower() not in KINDS:
        raise UsageError(
            f"--trace {name}: give a file that ends in .svg (a picture) or .csv (a table)."
        )
    check_file("--trace", name)


@contextlib.contextmanager
def traced(name: str | None, plant: str) -> Iterator[None]:
    """Record the iterations within the block, and write them to a file also when it fails."""
    if name is None:
        yield
        return
    from noxplant.flowsheet.failure import in_words
    from noxsolve.trace import recording

    with recording(in_words) as trace:
        try:
            yield
        finally:
            picture = Path(name).suffix.lower() == ".svg"
            text = trace.svg(f"Convergence of {plant}") if picture else trace.csv()
            with named(name):
                Path(name).write_text(text, encoding="utf-8")
