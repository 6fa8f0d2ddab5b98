"""The page "Where the constants disagree": `noxplant species --consistency` prints it.

Everything is computed by `consistency` and `published`; the page in `docs/reference` is this text.
"""

from __future__ import annotations

from collections.abc import Iterator

from noxplant.thermo import consistency, published
from noxplant.thermo.consistency import COUPLE_GROUP, Check

COMMAND = "noxplant species --consistency > docs/reference/consistency.md"

_HEAD = """# Where the constants disagree

Printed by `noxplant species --consistency` from the numbers that are shipped; a test compares this
page with the command. Nothing here is adjusted to agree: models use the number in the column
"used", the other follows from Gibbs energies or heats of formation, or is a second source. "Allowed" is what
good sources differ by. "Independent" says whether a row could disagree at all: "no" where one number was made from the other,
where both are one source, or where another row compares the same (the remark says which). Only independent rows count in the
headline and in the table of groups; the others stand in the lists so that nothing is hidden.
"""

_TEXT = {
    "Constants of weak species": "log10 of the molal constant at 298.15 K: from Gibbs energies against the one used.",
    "Heats of these constants": "Heat of formation data against R T^2 times the slope of the constant that is used.",
    "Volatility from water": "log10 of pressure [bar] over molality at 298.15 K: Gibbs energies against Henry constant used.",
    "Heats of evaporation from water": "Enthalpies (gas of the streams less solution) against the slope of the Henry constant.",
    "Heats of evaporation from acetonitrile": "The same for the organic phase.",
    "Gases: potentials against streams": "NBS 1982 values of the potentials against the NASA polynomials of the streams.",
    "Solubility products": "log10, molal: from Gibbs energies against the one calibrated to the solubility, which is used.",
    "Heats of solution": "Enthalpies at infinite dilution (used by the plants) against the slope of the solubility at saturation. They are"
    " different quantities in concentrated solutions; where coefficients of one stand for unknown ones the slope is worth a factor of two. A salt whose saturated"
    " solution is beyond the set of its activity coefficients has no heat here.",
    COUPLE_GROUP: "From the Gibbs energies of the book (first, used) against handbooks, mV at 298.15 K, against SHE.",
    "Boiling points": "ln(p/atm) of the vapour pressure at the tabulated boiling point; zero is agreement.",
    "Heats of vaporisation at 298 K": "Tabulated, or gas less liquid, against Clausius and Clapeyron with an ideal vapour.",
    "Two sets of data": "Reference modules against what the plants use.",
}


def _number(x: float, digits: int = 4) -> str:
    text = f"{x:.{digits}g}"
    return "0" if float(text) == 0.0 else text


def _rows(checks: list[Check]) -> Iterator[str]:
    yield "| | what | first | used or second | difference | allowed | unit | independent | remark |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for c in checks:
        mark = "" if c.agrees else "**off**"
        # What should be zero is noise of differences below a thousandth of what is allowed.
        off = c.difference if abs(c.difference) > 1e-3 * c.allowed else 0.0
        yield (
            f"| {mark} | {c.what} | {_number(c.first)} | {_number(c.second)} | {_number(off, 2)} "
            f"| {_number(c.allowed)} | {c.unit} | {'yes' if c.independent else 'no'} | {c.remark} |"
        )


def _groups() -> Iterator[str]:
    every = consistency.checks()
    yield f"{headline()}\n"
    yield "| group | independent comparisons | off | largest difference | unit |"
    yield "|---|---|---|---|---|"
    for group in dict.fromkeys(c.group for c in every):
        own = [c for c in every if c.group == group and c.independent]
        if not own:
            yield f"| {group} | 0 | 0 | - | - |"
            continue
        most = max(own, key=lambda c: abs(c.difference))
        size = _number(most.difference, 2) if not most.agrees else "within allowed"
        where = f" ({most.what})" if not most.agrees else ""
        bad = sum(not c.agrees for c in own)
        yield f"| {group} | {len(own)} | {bad} | {size}{where} | {most.unit} |"
    for group in dict.fromkeys(c.group for c in every):
        yield f"\n## {group}\n"
        yield f"{_TEXT[group]}\n"
        yield from _rows([c for c in every if c.group == group])
        if group == COUPLE_GROUP:
            yield from _suspects([c for c in every if c.group == group and not c.agrees])


def headline() -> str:
    """How many independent comparisons there are, how many are off, and what else is listed."""
    every = consistency.checks()
    real = [c for c in every if c.independent]
    off = sum(not c.agrees for c in real)
    rest = [c for c in every if not c.independent]
    also = sum(not c.agrees for c in rest)
    return (
        f"{len(real)} independent comparisons, {off} of them off; {len(rest)} more rows that are not"
        f" independent ({also} of them off)."
    )


def _suspects(off: list[Check]) -> Iterator[str]:
    yield ""
    yield f"The {len(off)} couples that are off, and the species whose Gibbs energy is in doubt: the one whose change"
    yield "by the size given would close the couple and put the fewest agreeing couples out of agreement (and the"
    yield "most others into it). Computed, all species of a couple are tried.\n"
    yield "| couple | off, mV | in doubt | change, kJ/mol | agreeing couples broken | others mended | class | next candidate |"
    yield "|---|---|---|---|---|---|---|---|"
    for c in off:
        first, *rest = consistency.suspects(c.what)
        other = f"{rest[0].name} {rest[0].change:+.1f}, breaks {rest[0].broken}" if rest else "none"
        yield (
            f"| {c.what} | {c.difference:+.1f} | {first.name} | {first.change:+.1f} | {first.broken} "
            f"| {first.mended} | {first.kind} | {other} |"
        )


def _published() -> Iterator[str]:
    yield "\n## Printed values of the founding papers\n"
    yield "Recomputed with the gases of the streams (NASA polynomials) and the dissolved species of the book. A Gibbs energy counts"
    yield f"as right within {100 * published.SPREAD:.0f} %, which is what good sources differ by; a single value within"
    yield f"{100 * published.ALLOWED:.0f} % or twice its rounding.\n"
    yield "| printed quantity | printed | recomputed | unit | verdict | remark |"
    yield "|---|---|---|---|---|---|"
    for f in (*published.reactions(), *published.values()):
        words = f.verdict if f.verdict.startswith("agrees") else f"**{f.verdict}**"
        yield (
            f"| {f.what} | {_number(f.printed, 5)} | {_number(f.found)} | {f.unit} | {words} "
            f"| {f.remark} |"
        )
    yield "\n| equation as printed | where | makes from nothing |"
    yield "|---|---|---|"
    for where, text in published.EQUATIONS:
        extra = published.imbalance(text)
        words = ", ".join(f"{n:+g} {e}" for e, n in extra.items())
        yield f"| {text} | {where} | {f'**{words}**' if words else 'nothing: it balances'} |"


def text() -> str:
    """The page in Markdown."""
    return "\n".join([_HEAD, *_groups(), *_published()]) + "\n"
