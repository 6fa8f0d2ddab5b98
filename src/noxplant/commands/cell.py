"""`noxplant cell`: an electrochemist's first five minutes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from noxplant import measures
from noxplant.commands.common import Commands, command, say
from noxplant.errors import ModelError, UsageError

if TYPE_CHECKING:
    from noxplant.cellcard import Card

EXAMPLES = """\
examples:
  noxplant cell --current-density '200 mA/cm2' --voltage '2.5 V' --fe 'NO3- -> NH3=0.9' \\
      --production '1 t/d'
  noxplant cell --current-density '1.035 A/cm2' --voltage '2.2 V' --fe 'NO3- -> NH3=0.90' \\
      --fe 'H2O -> H2=0.10' --nitrate '1 mol/L' --mass-transfer '2e-5 m/s'
  noxplant cell --current-density '300 mA/cm2' --fe 'NO3- -> NH3=0.9' --cathode-tafel '120 mV' \\
      --cathode-exchange '1e-5 A/m2' --anode-tafel '50 mV' --anode-exchange '1e-4 A/m2' \\
      --resistance '2.16 ohm cm2'

half-reactions: NO3- -> NH3 (8 e-), NO3- -> NO2- (2 e-), NO2- -> NH3 (6 e-), NO -> NH3 (5 e-),
H2O -> H2 (2 e-), or written out: 'N2 + 6 H+ + 6 e- -> 2 NH3=0.1'. The first --fe names the product,
and all half-reactions that make it are added up; the anode makes oxygen. A faradaic efficiency
belongs to a half-reaction, not to a product. Voltages are those of the whole cell; a potential vs
RHE or SHE is refused. A current density needs its unit: a bare 200 could be mA/cm2 or A/m2."""

KINETICS = ("cathode_tafel", "cathode_exchange", "anode_tafel", "anode_exchange", "resistance")


def add(subparsers: Commands) -> None:
    """Declare the command."""
    parser = command(
        subparsers,
        "cell",
        "say what a cell means at plant scale: area, power, kWh/kg, heat",
        EXAMPLES,
    )
    option = parser.add_argument
    option("--current-density", metavar="'J UNIT'", required=True, help="such as '200 mA/cm2'")
    option("--voltage", metavar="'U V'", help="cell voltage, such as '2.5 V'")
    option(
        "--fe",
        metavar="'HALF-REACTION=FE'",
        action="append",
        required=True,
        help="faradaic efficiency, 0..1 or with %%; repeatable; the first names the product",
    )
    option("--production", metavar="'RATE UNIT'", help="of the product, such as '1 t/d'")
    option("--nitrate", metavar="'C UNIT'", help="bulk concentration of nitrate, '0.5 mol/L'")
    option(
        "--mass-transfer", metavar="'K UNIT'", help="of nitrate, coefficient, such as '2e-5 m/s'"
    )
    option("--cathode-tafel", metavar="'B V'", help="Tafel slope per decade, instead of --voltage")
    option("--cathode-exchange", metavar="'J0 UNIT'", help="exchange current density")
    option("--anode-tafel", metavar="'B V'", help="the same of the anode")
    option("--anode-exchange", metavar="'J0 UNIT'", help="the same of the anode")
    option("--resistance", metavar="'R UNIT'", help="area resistance, such as '2.2 ohm cm2'")
    option("--si", action="store_true", help="show SI units")
    parser.set_defaults(execute=execute)


def efficiencies(words: list[str]) -> dict[str, float]:
    """Faradaic efficiency per half-reaction from "NO3- -> NH3=0.9"."""
    found: dict[str, float] = {}
    for word in words:
        name, equal, number = word.rpartition("=")
        if not equal or not name.strip():
            raise UsageError(f"--fe {word!r}: write --fe 'NO3- -> NH3=0.9'.")
        if name.strip() in found:
            raise UsageError(f"--fe: {name.strip()} is given twice.")
        found[name.strip()] = measures.parse(number, "1", f"--fe {name.strip()}")
    return found


def execute(arguments: argparse.Namespace) -> int:
    """Compute the card and show it."""
    from noxplant import cellcard

    def read(name: str, unit: str) -> float | None:
        text = getattr(arguments, name)
        return None if text is None else measures.parse(text, unit, "--" + name.replace("_", "-"))

    j = measures.parse(arguments.current_density, "A/m2", "--current-density")
    if (arguments.nitrate is None) != (arguments.mass_transfer is None):
        raise UsageError("The limiting current needs both --nitrate and --mass-transfer.")
    try:
        fe = efficiencies(arguments.fe)
        found = cellcard.card(
            j,
            _voltage(arguments, j, fe, read),
            fe,
            production=read("production", "kg/s"),
            concentration=read("nitrate", "mol/m3"),
            mass_transfer=read("mass_transfer", "m/s"),
        )
    except ModelError as error:
        raise UsageError(str(error)) from error
    show(found, si=arguments.si)
    return 0


def _voltage(arguments: argparse.Namespace, j: float, fe: dict[str, float], read: object) -> float:
    """Cell voltage as given, or from kinetics."""
    from noxplant import cellcard
    from noxplant.thermo.electro import reversible_voltage

    assert callable(read)
    given = [k for k in KINETICS if getattr(arguments, k) is not None]
    if arguments.voltage is not None:
        if given:
            raise UsageError("Give either --voltage or kinetics, not both.")
        return float(read("voltage", "V"))
    missing = [k for k in KINETICS if k not in given]
    if missing:
        names = ", ".join("--" + k.replace("_", "-") for k in missing)
        raise UsageError(f"Give --voltage, or all kinetics; missing: {names}.")
    main = next(iter(fe))
    reversible = reversible_voltage(cellcard.half_reaction(main), cellcard.anode_for(main))
    return cellcard.tafel_voltage(
        j * fe[main],
        j,
        reversible=float(reversible),
        cathode=(read("cathode_tafel", "V"), read("cathode_exchange", "A/m2")),
        anode=(read("anode_tafel", "V"), read("anode_exchange", "A/m2")),
        resistance=read("resistance", "ohm m2"),
    )


def _rate_label(card: Card) -> str:
    """What is made per area, and by how many half-reactions."""
    from noxplant.cellcard import makers

    number = len(makers(card.efficiency))
    by = f", {number} half-reactions together" if number > 1 else ""
    return f"{card.product} per electrode area{by}"


def show(card: Card, *, si: bool) -> None:
    """Print a card."""
    from noxplant.reports import tables

    def words(x: float, unit: str) -> str:
        return measures.words(x, unit, si=si)

    main = next(iter(card.efficiency))
    rows = [
        ["current density", words(card.current_density, "A/m2")],
        ["cell voltage", f"{card.voltage:.4g} V"],
        [_rate_label(card), words(card.rate, "mol/s/m2")],
        [f"energy per kg {card.product}", words(card.energy, "J/kg")],
        ["heat given off per area", f"{card.heat_flux / 1000:.4g} kW/m2"],
        [f"reversible voltage, {main}, O2 at the anode", f"{card.reversible[main]:.4g} V"],
        [f"thermoneutral voltage, {main}, O2 at the anode", f"{card.thermoneutral[main]:.4g} V"],
    ]
    if card.limiting is not None:
        rows.append(["limiting current density, all nitrate used", words(card.limiting, "A/m2")])
        rows.append(["nitrate used of what mass transfer can bring", f"{card.share:.3g}"])
    if card.area is not None and card.production is not None:
        assert card.power is not None
        assert card.current is not None
        assert card.heat is not None
        rows += [
            [f"production of {card.product}", words(card.production, "kg/s")],
            ["electrode area", f"{card.area:.4g} m2"],
            ["current, all cells in parallel", words(card.current, "A")],
            ["power", words(card.power, "W")],
            ["heat given off", words(card.heat, "W")],
        ]
    table = tables.Table("Cell", ("", "value>"), rows)
    tables.console().print(tables.draw(table))
    say([f"Note: {note}" for note in card.notes])
