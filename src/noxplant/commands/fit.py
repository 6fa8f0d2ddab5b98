"""`noxplant fit`: kinetics of an electrode from a user's polarisation and faradaic efficiencies."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noxplant import measures
from noxplant.commands.common import Commands, check_file, command, named, say
from noxplant.errors import ModelError, UsageError

if TYPE_CHECKING:
    from noxplant.electrolysis.fitting import Fit
    from noxplant.electrolysis.polarisation import Polarisation

EXAMPLES = """\
examples:
  noxplant fit data.csv --bulk 'NO3-=0.5 mol/L' -o fit.svg --json fit.json
  noxplant fit data.csv --bulk 'NO3-=0.5 mol/L' --current-error '3 %' --fe-error '2 %' \\
      --mass-transfer '2e-5 m/s' --fix 'slope[H2O -> H2]=120 mV'

data.csv has one row a steady state and columns with units in square brackets:
  potential [V vs RHE],current density [mA/cm2],FE NH3 [%],FE NO2- [%],FE H2 [%]
  -0.20,-85,62,31,4
Another scale is 'V vs Hg/HgO at pH 14'. Further columns: 'NO3- [mol/L]', 'temperature [degC]',
'rate NH3 [mmol/h/cm2]' (compared with the current). Cells may be empty. Efficiencies count from what
is fed, nitrate to ammonia 8 electrons. Without --half-reaction the reactions are those that make the
products of the file: nitrate to nitrite to ammonia in series when nitrite was measured, else nitrate
to ammonia, and hydrogen. What is printed are values with 95 % intervals; --json adds the covariance
and the specifications of a PlugFlowCell."""

MAKERS = {
    "NO2-": "NO3- + H2O + 2 e- -> NO2- + 2 OH-",
    "N2": "2 NO3- + 6 H2O + 10 e- -> N2 + 12 OH-",
    "N2O": "2 NO3- + 5 H2O + 8 e- -> N2O + 10 OH-",
    "NH2OH": "NO3- + 5 H2O + 6 e- -> NH2OH + 7 OH-",
}
"""Half-reactions of nitrate that make a product, when none are given."""


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers,
        "fit",
        "fit the kinetics of an electrode to polarisation and faradaic efficiencies (CSV)",
        EXAMPLES,
    )
    option = parser.add_argument
    option("data", metavar="DATA.csv", help="measured points, see below")
    option(
        "--bulk",
        metavar="'SPECIES=C UNIT'",
        action="append",
        default=[],
        help="bulk concentration of a reactant, for all rows; repeatable",
    )
    option(
        "--half-reaction",
        metavar="'REACTION'",
        action="append",
        default=[],
        help="by short name or written out; repeatable; instead of those of the products",
    )
    option(
        "--fix",
        metavar="'PARAMETER=VALUE UNIT'",
        action="append",
        default=[],
        help="give current[...], slope[...] or activation[...] instead of fitting it; repeatable",
    )
    option("--mass-transfer", metavar="'K UNIT'", help="give it instead of fitting it")
    option("--temperature", metavar="'T UNIT'", help="of all rows; else 25 degC")
    option("--resistance", metavar="'R UNIT'", help="uncompensated, such as '1.2 ohm cm2'")
    option("--current-error", metavar="'X %%'", help="relative standard error of the currents")
    option("--fe-error", metavar="'X %%'", help="standard error of the efficiencies")
    option("-o", "--output", metavar="FILE.svg", help="picture of the fit against the data")
    option("--json", metavar="FILE", help="parameters, covariance and specifications")
    parser.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Read, fit, show."""
    from noxplant.electrolysis import fitting, polarisation

    for name in ("output", "json"):
        if getattr(arguments, name) is not None:
            option = "-o" if name == "output" else "--json"
            check_file(option, getattr(arguments, name), stdout=name == "json")
    if arguments.output is not None and Path(arguments.output).suffix != ".svg":
        raise UsageError(f"-o {arguments.output}: pictures are SVG; name a file that ends in .svg.")

    def read(name: str, unit: str) -> float | None:
        text = getattr(arguments, name)
        return None if text is None else measures.parse(text, unit, "--" + name.replace("_", "-"))

    try:
        temperature = read("temperature", "K")
        data = polarisation.read(arguments.data, temperature)
        reactions = _reactions(arguments.half_reaction, data)
        resistance = read("resistance", "ohm m2") or 0.0
        found = fitting.fit(
            data,
            reactions,
            bulk=_pairs(arguments.bulk, "--bulk", lambda _: "mol/m3"),
            temperature=temperature,
            resistance=resistance,
            fixed=_fixed(arguments, read("mass_transfer", "m/s")),
            current_error=read("current_error", "1"),
            efficiency_error=read("fe_error", "1"),
        )
    except ModelError as error:
        raise UsageError(str(error)) from error
    if arguments.json != "-":
        show(found)
    _write(arguments, found, data, resistance)
    return 0


def _pairs(words: list[str], option: str, unit: Any) -> dict[str, float]:
    """Values by name from "NAME=VALUE UNIT"."""
    out: dict[str, float] = {}
    for word in words:
        name, equal, text = word.rpartition("=")
        name = name.strip()
        if not equal or not name:
            raise UsageError(f"{option} {word!r}: write {option} 'NAME=VALUE UNIT'.")
        if name in out:
            raise UsageError(f"{option}: {name} is given twice.")
        out[name] = measures.parse(text, unit(name), f"{option} {name}")
    return out


def _fixed(arguments: argparse.Namespace, transfer: float | None) -> dict[str, float]:
    units = {"slope": "V", "activation": "J/mol"}
    out = _pairs(arguments.fix, "--fix", lambda n: units.get(n.partition("[")[0], "A/m2"))
    return out if transfer is None else {**out, "mass_transfer": transfer}


def _reactions(texts: list[str], data: Polarisation) -> dict[str, Any]:
    """Half-reactions by short name: those given, or those that make the products of the file."""
    from noxplant.cellcard import half_reaction
    from noxplant.electrolysis import short_name
    from noxplant.species import Reaction

    if texts:
        read = [Reaction.parse(t) if "e-" in t else half_reaction(t) for t in texts]
        return {short_name(r): r for r in read}
    if not data.efficiency:
        raise UsageError(
            "The file has no column of a faradaic efficiency, so it is unknown which half-reactions the"
            " current belongs to.\n  Add a column 'FE NH3 [%]', or name them: --half-reaction"
            " 'NO3- -> NH3', or --half-reaction 'H2O -> H2' where hydrogen is all."
        )
    names = [MAKERS[p] for p in data.efficiency if p in MAKERS]
    if "NH3" in data.efficiency:
        names.append("NO2- -> NH3" if "NO2-" in data.efficiency else "NO3- -> NH3")
    names.append("H2O -> H2")
    return _reactions(names, data)


def show(found: Fit) -> None:
    """Print the parameters and what to know of them."""
    from noxplant.reports import tables

    rows = [
        [p.name, *(measures.words(x, p.unit) if x == x else "-" for x in (p.value, p.low, p.high))]
        for p in found.parameters
    ]
    columns = ("parameter", "value>", "95 % from>", "to>")
    tables.console().print(tables.draw(tables.Table("Fitted kinetics", columns, rows)))
    errors = "as given" if found.known else "estimated from the scatter"
    if found.freedom or found.known:
        parts = [f"{x:.2g} of FE {p}" for p, x in found.by_product.items()]
        if len(set(found.by_product.values())) < 2:
            parts = [f"{found.errors[1]:.2g} of FE"]
        errors = f"{100 * found.errors[0]:.2g} % of current, {', '.join(parts)}, {errors}"
    spread = "reduced chi-square " + (f"{found.spread:.3g}, " if found.freedom else "none, ")
    spread = spread if found.known else ""
    say(
        [
            f"Currents count at {found.reference:g} V vs RHE for 1 mol/L of reactant at the surface.",
            f"Errors of the data: {errors}; {spread}{found.freedom} degrees of freedom.",
            f"Fitted from {found.span[0]:.3g} to {found.span[1]:.3g} V vs RHE; beyond that, and for"
            " another electrode, electrolyte or stirring, it is no prediction.",
            *(f"Note: {note}" for note in found.notes),
        ]
    )


def _write(
    arguments: argparse.Namespace, found: Fit, data: Polarisation, resistance: float
) -> None:
    if arguments.output is not None:
        from noxplant.reports import fit_picture

        sign = 1.0 if next(iter(found.model.reactions.values())).electrons > 0 else -1.0
        text = fit_picture.svg(found, data, data.potential + sign * resistance * data.current)
        path = Path(arguments.output)
        with named(path):
            path.write_text(text, encoding="utf-8")
        say(f"{path}: fit and data.")
    if arguments.json is not None:
        from noxplant.electrolysis import fitted

        text = json.dumps(fitted.plain(found), indent=2, allow_nan=False)
        if arguments.json == "-":
            say(text)
            return
        path = Path(arguments.json)
        with named(path):
            path.write_text(text + "\n", encoding="utf-8")
