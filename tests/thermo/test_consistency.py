"""The consistency page is current, whole, and finds what disagrees."""

import csv
import io
from pathlib import Path

import pytest

from noxplant.cli import main
from noxplant.errors import SpeciesError
from noxplant.species.numbers import all_data, datum
from noxplant.thermo import book, consistency, page, published

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "consistency.md"
ROWS = list(
    csv.DictReader(
        s
        for s in (ROOT / "tests" / "data" / "printed_values.csv").read_text("utf-8").splitlines()
        if not s.startswith("#")
    )
)


def test_the_page_is_current(capsys):
    assert main(["species", "--consistency"]) == 0
    printed = capsys.readouterr().out
    assert PAGE.read_text("utf-8") == printed, f"Run: {page.COMMAND}"


def test_every_comparison_stands_on_the_page():
    text = PAGE.read_text("utf-8")
    for c in consistency.checks():
        line = next(s for s in text.splitlines() if f"| {c.what} | " in s)
        assert ("**off**" in line) == (not c.agrees) or text.count(f"| {c.what} |") > 1
    assert sum(s.startswith("| **off** |") for s in text.splitlines()) == sum(
        not c.agrees for c in consistency.checks()
    )


def test_every_constant_is_compared():
    """No weak species, volatile, salt with Gibbs energy or couple is left out."""
    from noxplant.species.numbers import read
    from noxplant.thermo import aqueous, saturation

    groups = {}
    for c in consistency.checks():
        groups.setdefault(c.group, []).append(c.what)
    assert len(groups["Constants of weak species"]) == len(read("aqueous")["constant"])
    assert len(groups["Heats of these constants"]) == len(read("aqueous")["constant"])
    assert len(groups["Heats of evaporation from water"]) == len(aqueous.volatiles())
    inside = {n for n in saturation.names() if not saturation.best(n).outside(298.2)}
    assert (
        set(groups["Heats of solution"])
        == inside
        == set(saturation.names()) - {"NH4NO3(s)", "KHCO3(s)"}
    )
    products = {n for n in read("products")["gibbs"] if n in saturation.names()}
    assert set(groups["Solubility products"]) == products
    assert groups["Standard potentials"] == list(read("couples")["couple"])


def test_only_what_can_disagree_counts_in_the_headline():
    """Rows that a review found to be made from one another are not counted."""
    rows = {(c.group, c.what): c for c in consistency.checks()}
    for group, what in (
        ("Heats of solution", "N2H5Cl(s)"),
        ("Heats of evaporation from acetonitrile", "NH3"),
        ("Heats of evaporation from acetonitrile", "formaldehyde"),
        ("Heats of evaporation from acetonitrile", "H2O"),
        ("Heats of evaporation from water", "methanol"),
        ("Heats of these constants", "SO4-- + H+ = HSO4-"),
        ("Constants of weak species", "N2H4 + H+ = N2H5+"),
        ("Constants of weak species", "N2H4 + 2 H+ = N2H6++"),
        ("Standard potentials", "2 H+ + 2 e- -> H2"),
        ("Two sets of data", "acetonitrile, enthalpy of the liquid"),
        (
            "Two sets of data",
            "HCl, apparent enthalpy at 1 mol/kg (dilution.toml, excess.toml)",
        ),
        ("Heats of vaporisation at 298 K", "cyclohexanone, formation and slope"),
    ):
        assert not rows[group, what].independent, what
        assert rows[group, what].remark, what
    for group, what in (
        ("Heats of solution", "KNO3(s)"),
        ("Constants of weak species", "NH3 + H+ = NH4+"),
        ("Volatility from water", "N2H4, pressure [bar] over molality"),
        ("Heats of vaporisation at 298 K", "methanol, formation and slope"),
    ):
        assert rows[group, what].independent, what
    real = [c for c in rows.values() if c.independent]
    off = sum(not c.agrees for c in real)
    assert 80 < len(real) < len(rows) - 15
    start = f"{len(real)} independent comparisons, {off} of them off; "
    assert page.headline().startswith(start)
    assert f"\n{page.headline()}\n" in page.text()


def test_a_row_that_agrees_to_the_last_digit_is_not_independent():
    """Two numbers from two places do not agree to 1e-9; only what was made does."""
    for c in consistency.checks():
        if c.independent:
            size = max(abs(c.first), abs(c.second))
            assert size == 0 or abs(c.difference) > 1e-9 * size, c.what


@pytest.mark.oracle
def test_potentials_18_agree_and_7_do_not():
    rows = [c for c in consistency.checks() if c.group == consistency.COUPLE_GROUP]
    assert [len(rows), sum(c.agrees for c in rows)] == [25, 18]
    first = {c.what: consistency.suspects(c.what)[0] for c in rows if not c.agrees}
    assert {s.name for s in first.values()} == {"NO2-", "HNO2", "NO3-", "N2H5+"}
    assert all(s.broken == 0 for t, s in first.items() if "N2 + 6 H2O" not in t)


def test_a_suspect_closes_its_couple():
    """Put the change into the potential by hand: the difference becomes nothing."""
    from noxplant.constants import FARADAY
    from noxplant.species import Reaction

    rows = {c.what: c for c in consistency.checks() if c.group == consistency.COUPLE_GROUP}
    text = "HNO2 + H+ + e- -> NO + H2O"
    for s in consistency.suspects(text):
        nu = Reaction.parse(text).species[s.name]
        moved = rows[text].difference - 1e3 * nu * s.change * 1e3 / FARADAY
        assert moved == pytest.approx(0, abs=1e-6)


def test_a_wrong_number_is_found(monkeypatch):
    """10 kJ/mol in the Gibbs energy of NH4+ puts its constant and five potentials off."""
    real = consistency.aqueous.formation_gibbs
    monkeypatch.setattr(
        consistency.aqueous,
        "formation_gibbs",
        lambda n: real(n) + (10e3 if n == "NH4+" else 0.0),
    )
    found = [c for c in consistency.constants() if not c.agrees]
    assert "NH3 + H+ = NH4+" in [c.what for c in found]
    off = next(c for c in found if c.what == "NH3 + H+ = NH4+")
    assert off.difference == pytest.approx(-10e3 / 5708 + 0.0077, abs=1e-3)


def test_what_is_known_to_disagree_is_listed():
    """The ammonia note: Gibbs energies give 1.82 for (NH4)2SO4 and 22.0 for NH4Cl."""
    rows = {c.what: c for c in consistency.checks() if c.group == "Solubility products"}
    assert 10 ** rows["(NH4)2SO4(s)"].first == pytest.approx(1.82, rel=0.02)
    assert 10 ** rows["NH4Cl(s)"].first == pytest.approx(22.0, rel=0.02)
    assert not rows["(NH4)2SO4(s)"].agrees


@pytest.mark.oracle
@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["what"])
def test_recomputation_against_another(row):
    """The seed notes recomputed the same printed values from JANAF, CODATA and NBS, apart from this."""
    found = {f.what: f for f in (*published.reactions(), *published.values())}[row["what"]]
    assert found.printed == pytest.approx(float(row["printed"]))
    if row["second"]:
        assert found.found == pytest.approx(float(row["second"]), abs=0.16)
        volts = {f.what: f for f in published.reactions()}[f"{row['what']}, voltage"]
        assert volts.found == pytest.approx(float(row["recomputed_voltage"]), abs=0.012)
    else:
        tolerance = {"pH above which N2/NO3- lies below O2/H2O": 0.1}.get(row["what"], 0.02)
        assert found.found == pytest.approx(float(row["recomputed"]), abs=tolerance)


def test_what_is_wrong_in_the_papers():
    found = [*published.reactions(), *published.values()]
    wrong = {f.what for f in found if f.verdict.startswith("WRONG")}
    assert wrong == {
        "N2 + 2 H2O -> 2 NO(g) + 2 H2",
        "N2 + 2 H2O -> 2 NO(g) + 2 H2, voltage",
        "nitrate to ammonia against RHE, alkaline",
        "oxygen reduction against RHE, alkaline",
        "rate at a barrier of 2 eV, log10",
    }
    misrounded = {f.what for f in found if f.verdict.startswith("misrounded")}
    assert {"N2 + 2 H2O -> N2H4(g) + O2, voltage", "2 N2 + 6 H2O -> 4 NH3(g) + 3 O2, voltage"} < (
        misrounded
    )
    assert len(misrounded) == 3
    assert "off by +1.7 %" in {f.verdict for f in found}
    bad = {text for _, text in published.EQUATIONS if published.imbalance(text)}
    assert len(bad) == 4


def test_equations():
    assert published.imbalance("N2 + 1.5 O2 -> 2 N2O3") == {"N": 2.0, "O": 3.0}
    assert published.imbalance("NO3- + 3 H2O -> NH4+ + 2 OH- + 2 O2") == {}
    with pytest.raises(SpeciesError, match="is no equation: write 'left -> right'"):
        published.imbalance("2 H + 2 e-")


def test_detail_lists_value_unit_range_source_and_class(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    assert main(["species", "--detail", "NH3"]) == 0
    text = capsys.readouterr().out
    for words in ("quantity", "value", "unit", "range", "class", "source", "273.15..373.15 K"):
        assert words in text
    for d in all_data():
        if d.path.startswith("aqueous.species.NH3."):
            assert f"{d.value:.6g}" in text, d.path


@pytest.mark.parametrize("width", [80, 100, 150])
@pytest.mark.parametrize("name", ["NH3", "H2O", "KNO3(s)", "acetonitrile"])
def test_detail_never_cuts_a_name(name, width):
    from rich.console import Console

    from noxplant.reports import tables

    rows = [
        [e.quantity, str(e.value), e.unit, e.range, e.kind, e.source] for e in book.entries(name)
    ]
    columns = ("quantity", "value", "unit", "range", "class", "source")
    out = io.StringIO()
    Console(width=width, file=out).print(tables.draw(tables.Table("Numbers", columns, rows)))
    text = out.getvalue()
    assert "…" not in text
    for row in rows:
        for word in row[0].split():
            assert word in text


def test_detail_of_a_liquid_and_of_a_salt():
    liquid = {e.quantity: e for e in book.entries("cyclohexanone")}
    assert liquid["liquids boiling_temperature"].value == 428.55
    assert liquid["liquids vapour_pressure antoine"].range == "298..458 K"
    salt = {e.quantity: e for e in book.entries("KNO3(s)")}
    assert salt["solid solubility logarithmic"].range == "273.15..373.15 K"
    assert salt["products gibbs"].range == "298.15 K"


def test_pairs_are_listed_with_their_species():
    entries = book.entries("NH4+")
    pitzer = next(e for e in entries if e.quantity == "pitzer pair coefficients of NH4+ Cl-")
    assert pitzer.range == "288.15..318.15 K, to 8.55 mol/kg"
    assert any("NO3- + 10 H+ + 8 e- -> NH4+ + 3 H2O" in e.quantity for e in entries)


def test_almost_every_number_states_its_range():
    """A range, or "-" where that has no meaning; what nobody states is said and counted."""
    bare = [d.path for d in all_data() if book.range_of(d) == book.UNSTATED]
    assert len(bare) <= 5, bare
    assert book.range_of(datum("gas.nasa7.NO.high")) == "1000..6000 K"
    assert book.range_of(datum("vle.nrtl.acetonitrile H2O.parameters")) == "303.15..373.15 K"


def test_no_two_numbers_of_a_species_have_one_name():
    """A gas and a dissolved species, two curves of a liquid: each row says which it is."""
    for name in ("NH3", "HNO2", "butanone", "methanol", "K+", "N2", "KNO3(s)", "H2O", "HCl"):
        names = [e.quantity for e in book.entries(name)]
        assert len(names) == len(set(names)), name
    by_name = {e.quantity: e for e in book.entries("NH3")}
    assert by_name["electro gas gibbs"].value == -16450.0
    assert by_name["aqueous gibbs"].value == -26500.0


def test_ranges_are_those_of_the_pieces():
    assert book.range_of(datum("gas.nasa7.HCl.high")) == "1000..5000 K"
    assert book.range_of(datum("plasma.nasa9.N2.piece1")) == "1000..6000 K"
    assert book.range_of(datum("plasma.nasa9.NO+.piece0")) == "298.15..1000 K"
    assert book.range_of(datum("pitzer.pair.K+ Cl-.slopes")) == "273.15..323.15 K, to 4.5 mol/kg"
    assert book.range_of(datum("dilution.H2SO4.ratio")) == "-"


def test_detail_shows_whole_numbers_and_where_to_look(capsys):
    """Every digit of a coefficient, and for a salt its solid and its ions."""
    assert main(["species", "--detail", "N2"]) == 0
    text = capsys.readouterr().out
    for c in datum("gas.nasa7.N2.low").value:
        assert f"{c:.12g}" in text
        assert float(f"{c:.12g}") == c
    assert "charge" not in text.splitlines()[0]
    assert main(["species", "--detail", "KNO3"]) == 0
    assert "More under: KNO3(s), K+, NO3-." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["KOH", "HCl", "H2SO4", "(NH4)2SO4(s)", "NaCl", "K2CO3", "NH4Cl"])
def test_what_is_related_exists_and_balances(name):
    """The ions of a salt are in the book, and their charges can sum to zero."""
    from noxplant.species import species

    others = book.related(name)
    assert others
    assert all(book.entries(other) for other in others)
    charges = [species(i).charge for i in others if i.endswith(("+", "-"))]
    assert min(charges) < 0 < max(charges)


def test_either_detail_or_consistency(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["species", "--detail", "NH3", "--consistency"])
    assert stop.value.code == 2
    assert "not allowed with" in capsys.readouterr().err
