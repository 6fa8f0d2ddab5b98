"""Convergence as data: every Newton step and every IPOPT iteration of a solve, and a picture of them.

    with recording() as trace:
        solver.solve()
    trace.csv(), trace.svg()

Recording changes nothing in the solve; without it nothing is kept.
"""

from __future__ import annotations

import csv
import html
import io
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import astuple, dataclass, field, fields

SHOWN = 3
"""Unknowns by which a block is named at most."""
WIDTH, LEFT, RIGHT, TOP, PANEL, GAP = 960, 78, 20, 72, 230, 50
"""Sizes of the picture and of its two panels, in points."""
LOWEST = 1e-17
"""Residuals and steps below this are drawn as this."""
COLOURS = ("#2563a8", "#b7791f", "#2f7d4f", "#6d4fa3", "#a33b3b", "#5b5f66")
"""Colours of the largest blocks in turn; they differ in lightness too."""


@dataclass(frozen=True)
class Step:
    """One iteration on one block of equations.

    Attributes:
        number: position in the whole solve, from 1.
        run: number of the attempt on a block, from 1.
        block: names of the first unknowns of the block.
        size: unknowns of the block.
        method: "newton" or "ipopt".
        iteration: within the run, from 0.
        residual: largest residual over the scale of its equation, before the step.
        step: largest step in nominals; NaN where it is not known.
        equation: name of the equation with the largest residual; empty for IPOPT.
    """

    number: int
    run: int
    block: str
    size: int
    method: str
    iteration: int
    residual: float
    step: float
    equation: str


@dataclass
class Trace:
    """Iterations of all solves while it was recording.

    Attributes:
        steps: one record an iteration, in order.
        solved: whether each run (by number - 1) ended with its block solved.
        words: turns names of the model into the user's; the same name if not given.
    """

    steps: list[Step] = field(default_factory=list)
    solved: list[bool] = field(default_factory=list)
    words: Callable[[str], str] = str

    def begin(self) -> None:
        """A run on a block begins."""
        self.solved.append(False)

    def end(self, solved: bool) -> None:
        """The run that began last has ended."""
        self.solved[-1] = solved

    def add(
        self,
        names: Sequence[str],
        size: int,
        method: str,
        iteration: int,
        residual: float,
        step: float,
        equation: str = "",
    ) -> None:
        """Keep one iteration of the present run; `names` are the first unknowns of the block."""
        block = ", ".join(map(self.words, names[:SHOWN])) + (", ..." if size > SHOWN else "")
        number, run = len(self.steps) + 1, len(self.solved)
        equation = self.words(equation) if equation else ""
        self.steps.append(
            Step(number, run, block, size, method, iteration, residual, step, equation)
        )

    def csv(self) -> str:
        """All records as CSV, one line an iteration, with a line of names."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*(f.name for f in fields(Step)), "solved"])
        for s in self.steps:
            values = ["" if isinstance(x, float) and math.isnan(x) else x for x in astuple(s)]
            writer.writerow([*values, self.solved[s.run - 1]])
        return out.getvalue()

    def svg(self, title: str = "Convergence") -> str:
        """A picture: residual and step against the number of the iteration, colour by block."""
        return _picture(self, title)


_CURRENT: ContextVar[Trace | None] = ContextVar("noxsolve_trace", default=None)


def current() -> Trace | None:
    """The trace that is recording now; None when none is."""
    return _CURRENT.get()


@contextmanager
def recording(words: Callable[[str], str] = str) -> Iterator[Trace]:
    """Record every iteration of all solves within the block (of this thread)."""
    trace = Trace(words=words)
    token = _CURRENT.set(trace)
    try:
        yield trace
    finally:
        _CURRENT.reset(token)


def _picture(trace: Trace, title: str) -> str:
    height = TOP + 2 * PANEL + GAP + 106
    style = "font-family:Helvetica,Arial,sans-serif;font-size:12px;fill:#22262b"
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}" style="{style}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="15" font-weight="bold">{html.escape(title)}</text>',
    ]
    if not trace.steps:
        out.append(f'<text x="{LEFT}" y="60">No iteration was needed.</text></svg>')
        return "\n".join(out)
    out.append(f'<text x="{LEFT}" y="42">{html.escape(_summary(trace))}</text>')
    colour = _colours(trace)
    for k, (name, label) in enumerate(
        (("residual", "largest residual, of its equation"), ("step", "largest step, nominals"))
    ):
        out += _panel(trace, name, label, TOP + k * (PANEL + GAP), colour)
    base = TOP + 2 * PANEL + GAP
    out.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{base + 34}" text-anchor="middle">'
        "iteration, in the order of the solve</text>"
    )
    for k, (block, shade) in enumerate(colour.items()):
        x, y = LEFT + (k % 2) * 430, base + 56 + 16 * (k // 2)
        out.append(f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{shade}"/>')
        out.append(f'<text x="{x + 16}" y="{y}" font-size="11">{html.escape(block)}</text>')
    return "\n".join([*out, "</svg>"])


def _summary(trace: Trace) -> str:
    failed = len(trace.solved) - sum(trace.solved)
    ipopt = sum(s.method == "ipopt" for s in trace.steps)
    how = f", {ipopt} of them of IPOPT" if ipopt else ""
    return (
        f"{len(trace.steps)} iterations{how}; {len(trace.solved)} runs on blocks of equations,"
        f" {failed} ended unsolved (crosses)"
    )


def _label(step: Step) -> str:
    names = step.block if len(step.block) <= 46 else f"{step.block[:44]}..."
    return f"{names} ({step.size})"


def _colours(trace: Trace) -> dict[str, str]:
    """Colour by label of the blocks with most unknowns and iterations; others are grey."""
    weight: dict[str, int] = {}
    for s in trace.steps:
        weight[_label(s)] = weight.get(_label(s), 0) + s.size
    order = sorted(weight, key=lambda k: -weight[k])[: len(COLOURS) - 1]
    found = dict(zip(order, COLOURS, strict=False))
    if len(weight) > len(order):
        found["all other blocks"] = COLOURS[-1]
    return found


def _panel(trace: Trace, name: str, label: str, top: int, colour: dict[str, str]) -> list[str]:
    values = [_clipped(getattr(s, name)) for s in trace.steps]
    known = [math.log10(v) for v in values if v is not None] or [0.0]
    low, high = math.floor(min(known)), math.ceil(max(max(known), min(known) + 1))
    width, n = WIDTH - LEFT - RIGHT, len(trace.steps)

    def x(number: int) -> float:
        return LEFT + width * (number - 0.5) / n

    def y(value: float) -> float:
        return top + PANEL * (high - math.log10(value)) / (high - low)

    out = _axes(top, low, high, n, label)
    runs: dict[int, list[tuple[Step, float]]] = {}
    for s, v in zip(trace.steps, values, strict=True):
        if v is not None:
            runs.setdefault(s.run, []).append((s, v))
    for run, found in runs.items():
        shade = colour.get(_label(found[0][0]), COLOURS[-1])
        points = " ".join(f"{x(s.number):.1f},{y(v):.1f}" for s, v in found)
        out.append(f'<polyline points="{points}" fill="none" stroke="{shade}" stroke-width="1.4"/>')
        out += [_mark(s, x(s.number), y(v), shade) for s, v in found]
        if not trace.solved[run - 1]:
            at, v = found[-1]
            px, py = x(at.number), y(v)
            out.append(
                f'<path d="M{px - 4:.1f},{py - 4:.1f}l8,8m0,-8l-8,8" stroke="#22262b"'
                ' stroke-width="1.4" fill="none"/>'
            )
    return out


def _mark(s: Step, x: float, y: float, shade: str) -> str:
    text = f"{s.block}: {s.method} {s.iteration}, residual {s.residual:.1e}, step {s.step:.1e}"
    text += f", {s.equation}" if s.equation else ""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.8" fill="{shade}"><title>{html.escape(text)}</title>'
        "</circle>"
    )


def _axes(top: int, low: int, high: int, n: int, label: str) -> list[str]:
    right, bottom = WIDTH - RIGHT, top + PANEL
    out = []
    for e in range(low, high + 1, max(1, math.ceil((high - low) / 6))):
        y = top + PANEL * (high - e) / (high - low)
        out.append(f'<path d="M{LEFT},{y:.1f}H{right}" stroke="#e3e5e8"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">1e{e:+d}</text>')
    every = 10 ** max(0, math.floor(math.log10(n)))
    every = every if n / every >= 4 else max(1, every // 4)
    for k in range(every, n + 1, every):
        x = LEFT + (right - LEFT) * (k - 0.5) / n
        out.append(f'<path d="M{x:.1f},{bottom}v5" stroke="#22262b"/>')
        out.append(f'<text x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">{k}</text>')
    out.append(f'<path d="M{LEFT},{top}V{bottom}H{right}" fill="none" stroke="#22262b"/>')
    out.append(f'<text x="{LEFT + 4}" y="{top - 5}" font-size="11">{label}</text>')
    return out


def _clipped(value: float) -> float | None:
    return None if not math.isfinite(value) else max(value, LOWEST)
