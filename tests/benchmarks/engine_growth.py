"""Growth of the cost of building, translating and solving with the size of the model.

Run: PYTHONPATH=src:solvers OMP_NUM_THREADS=1 python tests/benchmarks/engine_growth.py [--write]

Two families: flashes in series, each fed by half of what leaves the one before it and fresh feed
(one long train of blocks), and copies of the numerical plant of which each takes its air from the
chimney of the one before it. CPU seconds, one run of each size, smallest first; with `--write` the
section of docs/reference/engine.md and the plot are written.
"""

import math
import sys
import time
from pathlib import Path

import numpy as np
import pyomo.environ as pyo

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "solvers"))

import engine_page
import hydrodealkylation as hda
import numerical_plant

from noxsolve import CompiledModel, SquareSolver
from noxsolve.compiled import without_gc

STAGES = (22, 70, 220, 700, 2200)
COPIES = (1, 3, 10, 31, 55)
STEPS = ("build", "translate", "solve")
PLOT = engine_page.PAGE.with_name("engine-growth.svg")


def cascade(stages):
    """Flashes of toluene, benzene, methane in series, square; 46 equations a stage."""
    m = pyo.ConcreteModel()
    m.fresh = pyo.Var(hda.SPECIES, initialize=FRESH)
    m.fresh.fix()
    m.temperature = pyo.Var(initialize=370.0)
    m.temperature.fix()
    m.stage = pyo.Block(range(stages))
    before = None
    for k in range(stages):
        b = m.stage[k]
        feed, vapour, liquid = (material(b, name) for name in ("feed", "vapour", "liquid"))
        carried = [] if before is None else before
        b.mix = pyo.Constraint(
            hda.SPECIES,
            rule=lambda _, i, feed=feed, c=carried: (
                feed.flow[i] == m.fresh[i] + sum(0.5 * s.flow[i] for s in c)
            ),
        )
        b.heated = pyo.Constraint(expr=feed.temperature == m.temperature)
        hda.flash(b, feed, vapour, liquid, 1.5, "drum")
        before = [vapour, liquid]
    return m


FRESH = {"H2": 0.01, "CH4": 0.5, "benzene": 20.0, "toluene": 20.0, "biphenyl": 0.5}


def material(b, name):
    """A stream of the cascade; its start knows the fresh feed only."""
    flow = pyo.Var(hda.SPECIES, bounds=(0, None), initialize=FRESH)
    temperature = pyo.Var(bounds=(200, 1500), initialize=320.0)
    b.add_component(f"{name}_flow", flow)
    b.add_component(f"{name}_temperature", temperature)
    return hda.Stream(flow, temperature)


def copies(number):
    """Copies of the numerical plant; each takes the nitrogen of its air from the one before it."""
    m = pyo.ConcreteModel()
    m.link = pyo.ConstraintList()
    before = None
    for k in range(number):
        plant = numerical_plant.build()
        m.add_component(f"plant_{k}", plant.model)
        if before is not None:
            air = plant.inputs["air.N2"]
            air.unfix()
            m.link.add(air == CHIMNEY * before["N2"])
        before = next(
            v for v in plant.model.component_objects(pyo.Var) if v.local_name == "F_chimney"
        )
    return m


CHIMNEY = 28.0 / 31.0


def measure(family, size):
    """(equations, CPU seconds of building, translating, solving) of one model."""
    began = time.process_time()
    with without_gc():
        m = family(size)
    built = time.process_time()
    c = CompiledModel(m)
    translated = time.process_time()
    outcome = SquareSolver(c).solve()
    solved = time.process_time()
    assert outcome.solved, outcome.message
    return len(c.x), built - began, translated - built, solved - translated


def exponent(rows, column):
    """Slope of log(seconds) over log(equations)."""
    x, y = (np.log([r[k] for r in rows]) for k in (0, column))
    return float(np.polyfit(x, y, 1)[0])


FAMILIES = (("flashes in series", cascade, STAGES), ("numerical plants", copies, COPIES))


def text():
    found = {name: [measure(f, n) for n in sizes] for name, f, sizes in FAMILIES}
    PLOT.write_text(plot(found), "utf-8")
    lines = [
        "## Growth with size",
        "",
        "CPU seconds to build the Pyomo model, to translate it (NL route, Jacobian, compiled functions)"
        " and to solve it from cold with the preparation of its blocks. Exponents by regression over"
        " all sizes; the bar is 1.15.",
        "",
        "| model | equations | build | translate | solve |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, rows in found.items():
        for n, *seconds in rows:
            lines.append(f"| {name} | {n} | " + " | ".join(f"{s:.3f}" for s in seconds) + " |")
        slopes = (f"**{exponent(rows, k):.2f}**" for k in (1, 2, 3))
        lines.append(f"| {name} | exponent | " + " | ".join(slopes) + " |")
    lines += ["", f"![CPU seconds against equations]({PLOT.name})", "", f"`{COMMAND}`"]
    return "\n".join(lines)


COMMAND = (
    "PYTHONPATH=src:solvers OMP_NUM_THREADS=1 python tests/benchmarks/engine_growth.py --write"
)
COLOURS = {"build": "#2563a8", "translate": "#b7791f", "solve": "#2f7d4f"}
WIDTH, HEIGHT, LEFT, TOP = 620, 420, 70, 30


def plot(found):
    """Doubly logarithmic plot as SVG; full lines and dots: the first family, dashed: the second."""
    every = [s for rows in found.values() for _, *seconds in rows for s in seconds]
    low, high = math.floor(math.log10(min(every))), math.ceil(math.log10(max(every)))

    def at(n, s):
        x = LEFT + (WIDTH - LEFT - 20) * (math.log10(n) - 2.8) / 2.4
        return x, TOP + (HEIGHT - TOP - 50) * (high - math.log10(s)) / (high - low)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for k in range(low, high + 1):
        (x0, y), (x1, _) = at(10**2.8, 10.0**k), at(10**5.2, 1.0)
        out.append(f'<path d="M{x0:.1f},{y:.1f}H{x1:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{x0 - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{10.0**k:g}</text>')
    for k in (3, 4, 5):
        (x, y0), (_, y1) = at(10**k, 10.0**low), at(10**k, 10.0**high)
        out.append(f'<path d="M{x:.1f},{y0:.1f}V{y1:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{x:.1f}" y="{y0 + 18:.1f}" text-anchor="middle">{10**k:,}</text>')
    out.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">equations</text>')
    out.append(f'<text x="12" y="{TOP - 12}">CPU seconds</text>')
    for dash, (name, rows) in zip(("", "5 4"), found.items(), strict=True):
        for k, step in enumerate(STEPS, 1):
            points = [at(r[0], r[k]) for r in rows]
            path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points)
            style = f'stroke="{COLOURS[step]}" fill="none" stroke-dasharray="{dash}"'
            out.append(f'<path d="{path}" {style} stroke-width="1.6"/>')
            out += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[step]}"/>'
                for x, y in points
            ]
            y = TOP + 16 * (k + 3 * bool(dash))
            out.append(f'<path d="M{LEFT + 20},{y}h26" {style} stroke-width="1.6"/>')
            out.append(f'<text x="{LEFT + 52}" y="{y + 4}">{name}: {step}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"


if __name__ == "__main__":
    engine_page.show("growth", text, __doc__)
