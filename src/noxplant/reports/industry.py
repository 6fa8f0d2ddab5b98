"""Energy per mole of fixed nitrogen: the shipped plants beside today's industry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from noxplant import routes
from noxplant.reports.energy_cost import rows as published
from noxplant.reports.pinch import APPROACH
from noxplant.species.formulas import formula_mass

Headline: TypeAlias = Mapping[str, tuple[float, str]]
"""Figures of a plant by name: value and SI unit."""

SULFATE, ACID, AMMONIA = "air-to-ammonium-sulfate", "ammonia-to-nitric-acid", "hydrogen-to-ammonia"
HYDRAZINE: Final = {"air-to-hydrazine": "air", "nitrate-to-hydrazine": "potassium nitrate"}
ROUTES: Final = (SULFATE, *HYDRAZINE, AMMONIA, ACID)
RECOVERED: Final = f"heat after maximum recovery (pinch, {APPROACH:g} K) per"
TOTAL: Final = "electricity, all consumers, per"
EVERY: Final = (
    "electricity with that of hydrogen and nitrogen outside of the boundary, per mol N in product"
)
WORDS: Final = (
    (
        f"`{AMMONIA}`, loop alone",
        "hydrogen and nitrogen to ammonia",
        "make-up and recycle compression, refrigeration; hydrogen at 30 bar and nitrogen as bought",
    ),
    (
        f"`{AMMONIA}` with its feeds",
        "water and air to ammonia",
        "the same with electrolysis and air separation, as its `basis.toml` assumes them",
    ),
    (
        f"`{ACID}`, acid plant alone",
        "ammonia to nitric acid",
        "machines less expander, as if driven by electricity; ammonia as bought",
    ),
    (
        f"both, `{AMMONIA}` feeding `{ACID}`",
        "water and air to nitric acid",
        "the sum; it must be set against plasma to absorber",
    ),
)
"""Plant, from what to what, and basis of the lines of today's industry."""


@dataclass(frozen=True)
class Line:
    """One line of the table; energies in J per mole of nitrogen in the product.

    Attributes:
        plant: what is compared.
        made: from what to what.
        electricity: of all machines and cells, and what the basis says beside.
        heat: to be supplied, after recovery.
        steam: heat given off as steam, not credited to the electricity.
        basis: what is in and what is not.
    """

    plant: str
    made: str
    electricity: float
    heat: float
    steam: float
    basis: str


def solved() -> dict[str, Headline]:
    """Headline figures of the shipped plants, each solved from nothing; some seconds each."""
    return {name: routes.load(name).solve().headline for name in ROUTES}


def lines(headline: Mapping[str, Headline]) -> list[Line]:
    """Lines of the table from the headline figures of the plants in `ROUTES`."""
    return [*_plasma(headline), *_industry(headline)]


def _plasma(headline: Mapping[str, Headline]) -> list[Line]:
    """The routes of this library that fix nitrogen by plasma or reduce nitrate."""
    h = {name: {k: v for k, (v, _) in figures.items()} for name, figures in headline.items()}
    nitrogen = formula_mass("N")
    out = [
        Line(
            f"`{SULFATE}`, plasma to absorber",
            "air to nitrite and nitrate in lye",
            h[SULFATE]["electricity of the plasma per mol N absorbed"],
            0.0,
            0.0,
            "arc and its supply alone, per mol N absorbed; blower, lye and pumps are not in",
        ),
        Line(
            f"`{SULFATE}`",
            "air to ammonium sulfate",
            h[SULFATE][f"{TOTAL} mol N in product"],
            h[SULFATE][f"{RECOVERED} kg N in product"] * nitrogen,
            0.0,
            "all of the plant; sulfuric acid and potash as bought",
        ),
    ]
    half = formula_mass("N2H4") / 2
    for name, feed in HYDRAZINE.items():
        bought = "" if feed == "air" else "; the nitrogen comes fixed, which is not counted"
        out.append(
            Line(
                f"`{name}`",
                f"{feed} to hydrazine sulfate",
                h[name][f"{TOTAL} kg N2H4 in product"] * half,
                h[name][f"{RECOVERED} kg N2H4 in product"] * half,
                0.0,
                f"all of the plant, per mol N as N2H4; acid and solvents as bought{bought}",
            )
        )
    return out


def _industry(headline: Mapping[str, Headline]) -> list[Line]:
    """Today's industry on electricity: the loop, and the acid plant fed by it."""
    loop, acid = ({k: v for k, (v, _) in headline[r].items()} for r in (AMMONIA, ACID))
    steam = loop["heat to 40 bar steam per kg NH3 in product"] * formula_mass("NH3")
    share = acid["N yield, mol N in product per mol NH3 fed"]
    own = sum(
        acid[f"heat to {p} bar steam per kg HNO3 in product"] * formula_mass("HNO3")
        for p in ("40", "3.4")
    )
    machines = acid[f"{TOTAL} mol N in product"]
    figures = (
        (loop[f"{TOTAL} mol N in product"], steam),
        (loop[EVERY], steam),
        (machines, own),
        (loop[EVERY] / share + machines, steam / share + own),
    )
    return [
        Line(plant, made, electricity, 0.0, given_off, basis)
        for (plant, made, basis), (electricity, given_off) in zip(WORDS, figures, strict=True)
    ]


def table(headline: Mapping[str, Headline]) -> list[str]:
    """Lines of a markdown table, MJ per mole of nitrogen in the product."""
    out = [
        "| plant | from, to | electricity | heat after recovery | steam given off | basis |",
        "|---|---|---:|---:|---:|---|",
    ]
    for x in lines(headline):
        cells = [f"{value / 1e6:.3g}" for value in (x.electricity, x.heat, x.steam)]
        out.append(f"| {x.plant} | {x.made} | {' | '.join(cells)} | {x.basis} |")
    return out


def literature() -> list[str]:
    """Published figures of industry, lines of a markdown table."""
    out = ["| published | MJ/mol N | class | source |", "|---|---:|---|---|"]
    out += [
        f"| {r.name} | {r.energy / 1e6:.3g} | {r.kind} | {r.source} |"
        for r in published("industry")
    ]
    return out


def conclusion(headline: Mapping[str, Headline]) -> list[str]:
    """What the table says, with its ratios computed."""
    found = lines(headline)
    arc, sulfate = found[0].electricity, found[1].electricity
    ammonia, both = found[-3].electricity, found[-1].electricity
    return [
        f"- To nitrate: a thermal arc as it is shipped takes {arc / 1e6:.3g} MJ/mol N,"
        f" {arc / both:.2g} times what electrolysis, Haber-Bosch loop and acid plant take together"
        f" ({both / 1e6:.3g}).",
        f"- To ammonia: by plasma and cell {sulfate / 1e6:.3g} MJ/mol N (as ammonium sulfate),"
        f" {sulfate / ammonia:.2g} times {ammonia / 1e6:.3g} for electrolysis and loop.",
        f"- {100 * (1 - found[-4].electricity / ammonia):.0f} % of the electricity of today's ammonia"
        " is that of hydrogen and nitrogen; compression and refrigeration are the rest.",
    ]


def page(headline: Mapping[str, Headline]) -> str:
    """The reference page as markdown."""
    parts = [
        "# Today's industry beside the shipped plants",
        "",
        "Written by `noxplant literature --industry docs/reference/todays-industry.md`, which solves all"
        " five plants. MJ per mole of nitrogen in the product, each with its basis.",
        "",
        *table(headline),
        "",
        *conclusion(headline),
        "",
        "Heat after recovery is the pinch target at 10 K; where it is zero, the plant needs no heat from"
        " outside. Steam given off is heat that boilers take at 411 K or 523 K; it is not credited. Plants"
        " differ in what they buy"
        " (last column) and in what their product is worth; nothing here is a cost.",
        "",
        "The baselines are models of this library, held to published values where there are any"
        " (`expected.toml` of each route). They are not validated against a plant. Published figures of"
        " whole industries, as they stand in `literature.toml`:",
        "",
        *literature(),
        "",
    ]
    return "\n".join(parts)
