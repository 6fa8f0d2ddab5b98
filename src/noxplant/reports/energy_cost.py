"""Energy of nitrogen fixation: what the literature reports beside what heat alone can do."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from noxplant.constants import ATMOSPHERE, T_REFERENCE
from noxplant.errors import UsageError
from noxplant.species.numbers import datum, number, read
from noxplant.thermo import gas_equilibrium as eq
from noxplant.thermo import quench
from noxplant.thermo import thermal_limit as limit

CLAIM: Final = "microwave + magnetic field, claimed"
"""The row whose figure is explained to be out of thermal reach."""
PRESSURES: Final = (0.1, 1.0, 10.0, 100.0, 1000.0)
"""Pressures of the table of limits, atm."""


@dataclass(frozen=True)
class Row:
    """One published figure.

    Attributes:
        name: reactor.
        energy: J per mole of N.
        fraction: mole fraction of NO and NO2, None where not told.
        kind: class of the number (measured, recalled, estimate).
        source: in words.
    """

    name: str
    energy: float
    fraction: float | None
    kind: str
    source: str


def rows(table: str = "plasma") -> list[Row]:
    """Published figures, cheapest first.

    Args:
        table: "plasma" or "industry".
    """
    out = []
    for name, held in read("literature")[table].items():
        d = datum(f"literature.{table}.{name}.energy")
        fraction = None
        if "fraction" in held:
            fraction = float(number(f"literature.{table}.{name}.fraction"))
        out.append(Row(name, float(d.value), fraction, d.kind, d.source))
    return sorted(out, key=lambda r: r.energy)


def limits() -> list[tuple[str, float, limit.ThermalLimit, limit.ThermalLimit, limit.ThermalLimit]]:
    """(feed, atm, ideal freeze, the same on a feed at 1300 K, the same with a reversible engine)."""
    out = []
    for name, feed in (("air", limit.AIR), ("N2 : O2 = 1 : 1", limit.HALF)):
        for atm in PRESSURES:
            p = atm * ATMOSPHERE
            bare, warm = limit.least(p, feed), limit.least(p, feed, 1300.0)
            out.append((name, atm, bare, warm, limit.least_with_reversible_engine(p, feed)))
    return out


def literature_table() -> list[str]:
    """Published figures as lines of a markdown table."""
    out = ["| reactor | MJ/mol N | NOx, % | class | times the heat of formation |"]
    out.append("|---|---:|---:|---|---:|")
    floor = limit.formation()
    for r in sorted([*rows("plasma"), *rows("industry")], key=lambda r: r.energy):
        share = "" if r.fraction is None else f"{100 * r.fraction:.3g}"
        out.append(
            f"| {r.name} | {r.energy / 1e6:.3g} | {share} | {r.kind} | {r.energy / floor:.3g} |"
        )
    return out


def limit_table() -> list[str]:
    """Thermal limits as lines of a markdown table."""
    out = ["| feed | atm | best K | NO, % | ideal freeze | feed at 1300 K | reversible engine |"]
    out.append("|---|---:|---:|---:|---:|---:|---:|")
    for name, atm, bare, warm, engine in limits():
        out.append(
            f"| {name} | {atm:g} | {bare.temperature:.0f} | {100 * bare.fraction:.2f} |"
            f" {bare.energy / 1e6:.2f} | {warm.energy / 1e6:.2f} | {engine.energy / 1e6:.2f} |"
        )
    return out


def quench_table() -> list[str]:
    """Cost of quenches of finite rate from the tabulated kinetics, lines of a markdown table."""
    out = ["| feed | atm | K/s | best K, to 20 K | MJ/mol N |", "|---|---:|---:|---:|---:|"]
    grid = [2500.0 + 20.0 * n for n in range(61)]
    for feed in quench.FEEDS:
        for atm in (1.0, 10.0):
            for rate in (1e6, 1e7, 1e8):
                p = atm * ATMOSPHERE
                costs = {T: quench.energy_cost(feed, rate, p, T) / 1e6 for T in grid}
                T = min(costs, key=costs.__getitem__)
                out.append(f"| {feed} | {atm:g} | {rate:.0e} | {T:g} | {costs[T]:.2f} |")
    return out


def species_table() -> list[str]:
    """What more species change at equilibrium (1 atm, 79 : 21), lines of a markdown table."""
    argon = {"N2": 0.78, "O2": 0.21, "Ar": 0.01}
    sets = (
        (limit.AIR, eq.AIR_5),
        (argon, (*eq.AIR_5, "Ar")),
        (limit.AIR, eq.AIR_8[:-1]),
        (limit.AIR, eq.AIR_11),
    )
    out = [
        "| K | NO, % | MJ/mol NO | with 1 % argon | with NO2 and N2O | with ions (11 species) |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for T in (2500.0, 3000.0, 3500.0, 4000.0, 4500.0, 5000.0):
        (x, cost), *others = (_equilibrium(feed, names, T) for feed, names in sets)
        changes = (f"{_percent(y / x)}, {_percent(c / cost)}" for y, c in others)
        out.append(f"| {T:g} | {100 * x:.3f} | {cost / 1e6:.3f} | {' | '.join(changes)} |")
    return out


def species_section() -> list[str]:
    """Section of the page on the number of species."""
    return [
        "## How many species",
        "",
        "NO and energy of an equilibrium with N2, O2, NO, N and O, and by how many per cent each changes"
        " (NO, energy per NO) with more species. Five are enough below 5000 K; argon counts as a diluent."
        " `EquilibriumArc` takes any set; ions recombine in the quench behind it.",
        "",
        *species_table(),
        "",
    ]


def _percent(ratio: float) -> str:
    change = round(100 * (ratio - 1), 3)
    return f"{change or 0.0:+.3f}" if change else "0"


def _equilibrium(feed: Mapping[str, float], names: Sequence[str], T: float) -> tuple[float, float]:
    """Mole fraction of NO and J per mole of it, loss-free, at 1 atm."""
    hot = eq.equilibrium(feed, T, ATMOSPHERE, names)
    rise = sum(n * eq.enthalpy(s, T) for s, n in hot.items())
    rise -= sum(n * eq.enthalpy(s, T_REFERENCE) for s, n in feed.items())
    return hot["NO"] / sum(hot.values()), rise / hot["NO"]


def explanation() -> list[str]:
    """Why a figure such as 0.28 MJ/mol N is out of thermal reach, with its numbers computed."""
    claim = number(f"literature.plasma.{CLAIM}.energy")
    air, half = (limit.least(ATMOSPHERE, f) for f in (limit.AIR, limit.HALF))
    extreme = limit.least(1000 * ATMOSPHERE, limit.HALF, 1300.0)
    engine = limit.least_with_reversible_engine(ATMOSPHERE, limit.HALF)
    best = limit.least_with_reversible_engine(1000 * ATMOSPHERE, limit.HALF)
    thin = limit.least_with_reversible_engine(0.1 * ATMOSPHERE, limit.HALF)
    share = limit.recovery_for(claim, ATMOSPHERE, limit.HALF)
    c = f"{claim / 1e6:.2f}"
    return [
        f"The heat of formation of NO is only {limit.formation() / 1e6:.3f} MJ/mol, and {c} MJ/mol has"
        " been claimed. A channel that makes NO by heat cannot come near it:",
        "",
        f"- At the temperature of least cost {100 * air.fraction:.1f} % of the hot air (and"
        f" {100 * half.fraction:.1f} % of N2 : O2 = 1 : 1) is NO. Each mole of it carries"
        f" {1 / air.fraction:.0f} moles of gas to {air.temperature:.0f} K:"
        f" {air.energy / 1e6:.2f} and {half.energy / 1e6:.2f} MJ/mol N at 1 atm with a quench that"
        " loses nothing.",
        "- Pressure holds O2 together and helps, preheating the feed with all the heat that a"
        " recuperator of 1300 K could give helps too. Both together, at 1000 atm and with half O2:"
        f" {extreme.energy / 1e6:.2f} MJ/mol N.",
        f"- To reach {c} at 1 atm, {100 * share:.0f} % of the hot gas's heat would have to come back as"
        " electricity, out of a gas that must lose it at a million kelvin per second. A reversible"
        f" engine on all of it would leave {engine.energy / 1e6:.2f} MJ/mol N at 1 atm and"
        f" {best.energy / 1e6:.2f} at 1000 atm: the entropy of the cooling gas alone costs that. The"
        f" claim is for low pressure, where it leaves {thin.energy / 1e6:.2f} (0.1 atm).",
        "",
        f"So {c} (and all below {engine.energy / 1e6:.2f} MJ/mol N at 1 atm) needs energy that goes"
        " into N2 without heating the gas (vibrational excitation, limit about 0.2 MJ/mol N), or it"
        " leaves out power: that of the magnet, vacuum and cooling in the claim, or a product as dilute"
        " as 200 ppm.",
        "",
        _nearness(half.energy),
    ]


def _nearness(half: float) -> str:
    """How the lowest published figures compare with the limit of half O2 [J/mol N] at 1 atm."""
    pressed = limit.least(4 * ATMOSPHERE, limit.HALF).energy
    return (
        "Published figures of 1.8 to 2.1 lie close to these limits: 1.8 is for 4 atm, where heat alone"
        f" could do {pressed / 1e6:.2f} (1 : 1); 2.0 and 2.1 at 1 atm lie"
        f" {100 * (1 - 2.1e6 / half):.0f} to {100 * (1 - 2.0e6 / half):.0f} % below that of"
        " 1 : 1 and are plasma power without the losses of its supply, return heat to the feed, or are"
        " not quite thermal."
    )


def svg() -> str:
    """Published figures against NOx fraction, with the thermal limits as lines; an SVG picture.

    Raises:
        UsageError: matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise UsageError(
            "The picture needs matplotlib.\n  Install it: pip install 'noxplant[manual]'."
        ) from error
    from matplotlib.figure import Figure

    settings = {"svg.hashsalt": "energy", "svg.fonttype": "none", "font.size": 9}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(8.6, 4.8), layout="constrained")
        axes = figure.add_subplot()
        _points(axes)
        _lines(axes)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlim(0.015, 30)
        axes.set_ylim(0.07, 30)
        axes.xaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.set_xlabel("NO and NO2 in the gas, mol %")
        axes.set_ylabel("electric energy, MJ per mol N")
        axes.grid(color="#e2e8f0", linewidth=0.6)
        axes.legend(frameon=False, fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0))
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": "noxplant"})
    return out.getvalue()


def _points(axes: Any) -> None:
    """Published figures with a number each; the legend names them."""
    held = [r for r in rows() if r.fraction is not None]
    labels: dict[tuple[float, float], list[int]] = {}
    for n, r in enumerate(held, 1):
        x, y = 100 * (r.fraction or 0.0), r.energy / 1e6
        colour = "#0b5cad" if r.kind == "measured" else "#94a3b8"
        words = f"{n}  {r.name}" + ("" if r.kind == "measured" else f" ({r.kind})")
        axes.scatter([x], [y], s=14, color=colour, label=words)
        labels.setdefault((x, y), []).append(n)
    for at, numbers in labels.items():
        offset = (4, 2) if numbers[0] % 2 else (-9, -8)
        text = ", ".join(map(str, numbers))
        axes.annotate(text, at, offset, textcoords="offset points", fontsize=7)


def _lines(axes: Any) -> None:
    """Limits: best ideal freeze, diluted with untreated gas or hotter for more NO; floors across."""
    for name, feed, atm, colour in (
        ("air, 1 atm", limit.AIR, 1.0, "#c2410c"),
        ("1 : 1, 1 atm", limit.HALF, 1.0, "#15803d"),
        ("1 : 1, 10 atm", limit.HALF, 10.0, "#7e22ce"),
    ):
        best = limit.least(atm * ATMOSPHERE, feed)
        found, T = [best], best.temperature
        while len(found) < 2 or found[-1].fraction > found[-2].fraction:
            T += 25.0
            found.append(limit.ideal_cost(T, atm * ATMOSPHERE, feed))
        x = [0.01, *(100 * f.fraction for f in found[:-1])]
        y = [best.energy / 1e6, *(f.energy / 1e6 for f in found[:-1])]
        axes.plot(x, y, color=colour, linewidth=1.3, label=f"thermal, ideal freeze: {name}")
    engine = limit.least_with_reversible_engine(ATMOSPHERE, limit.HALF).energy / 1e6
    industry = number("literature.industry.electric Haber-Bosch + Ostwald.energy") / 1e6
    for value, words, style in (
        (engine, "the same, reversible engine on all heat: 1 : 1, 1 atm", "-."),
        (industry, "electric Haber-Bosch + Ostwald", "--"),
        (limit.formation() / 1e6, "heat of formation of NO", ":"),
    ):
        axes.axhline(value, color="#0f172a", linewidth=0.9, linestyle=style, label=words)


def page(picture: str) -> str:
    """The reference page as markdown.

    Args:
        picture: name of the SVG file beside it.
    """
    lines = [
        "# Energy cost of plasma against its thermal limit",
        "",
        "Written by `noxplant literature --page docs/reference/plasma-energy.md`.",
        "",
        f"![energy against NOx fraction]({picture})",
        "",
        "## Why 0.28 MJ/mol N is out of thermal reach",
        "",
        *explanation(),
        "",
        "## Limits of a thermal channel, MJ/mol N",
        "",
        "Equilibrium at the best temperature, then an ideal freeze; arc and power supply without loss."
        " Ideal gas, also at 1000 atm.",
        "",
        *limit_table(),
        "",
        *species_section(),
        "## Quench of finite rate",
        "",
        "From the tabulated kinetics (`noxplant.thermo.quench`); `KineticQuench` computes any point.",
        "",
        *quench_table(),
        "",
        "## Published figures",
        "",
        "Electric energy at the plug or of the plasma, as the authors have it. Class `recalled`: not"
        " looked up. Sources: data file `literature.toml`.",
        "",
        *literature_table(),
        "",
    ]
    return "\n".join(lines)
