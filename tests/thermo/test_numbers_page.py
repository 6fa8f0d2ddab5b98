"""The tables of "What the numbers rest on" are those of the data."""

import csv
import re
from pathlib import Path

import pytest

from noxplant.species import number
from noxplant.thermo import activity, consistency, pure
from noxplant.thermo.nrtl import known

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "what-the-numbers-rest-on.md"


@pytest.mark.parametrize("name", pure.names())
def test_pure_fluids(name):
    text = PAGE.read_text("utf-8")
    for what, form in pure.fluid(name).forms.items():
        error = f"{form.error:.1e} {'relative' if form.logarithm else 'J/mol'}"
        limits = f"{form.low:g} .. {form.high:g}"
        row = (
            f"| {name} | {what.replace('_', ' ')} | {limits} | {len(form.coefficients)} | {error} |"
        )
        assert row in text


def test_the_headline_of_the_consistency_page():
    text = " ".join(PAGE.read_text("utf-8").split())
    every = consistency.checks()
    real = [c for c in every if c.independent]
    off = sum(not c.agrees for c in real)
    words = f"{len(real)} independent comparisons, {off} off ({len(every) - len(real)} more rows"
    assert words in text


def test_ranges_of_the_pairs():
    """Every pair of NRTL stands in the table with its range."""
    text = PAGE.read_text("utf-8")
    rows = [s for s in text.splitlines() if s.startswith("| ") and " to " in s]
    words = {"H2O": "water", "N2H4": "hydrazine"}
    for a, b in known():
        low, high = number(f"vle.nrtl.{a} {b}.range")
        name = f"{words.get(a, a)}-{words.get(b, b)}"
        assert any(name in row and f"{low:g} to {high:g}" in row for row in rows), name


def test_humid_air():
    text = PAGE.read_text("utf-8")
    errors = {
        n: number(f"coolprop.humid air.{n}_error") for n in ("volume", "enthalpy", "enhancement")
    }
    assert f"| volume | {errors['volume']:.1e} relative |" in text
    assert f"| enthalpy | {errors['enthalpy']:.1f} J/mol" in text
    assert f"| water at saturation | {errors['enhancement']:.1e} relative |" in text


IONS = {
    "H": "H+",
    "K": "K+",
    "Na": "Na+",
    "NH4": "NH4+",
    "Cl": "Cl-",
    "NO3": "NO3-",
    "OH": "OH-",
    "SO4": "SO4--",
    "H2PO4": "H2PO4-",
}


def _ions(salt):
    cation, nu, anion = re.fullmatch(r"\(?(H(?!2)|K|Na|NH4)\)?(2?)(\w+)", salt).groups()
    return {IONS[cation]: int(nu or 1), IONS[anion]: 1}


def _measured():
    text = Path(__file__).with_name("mean_activity.csv").read_text()
    for r in csv.DictReader(s for s in text.splitlines() if not s.startswith("#")):
        yield r["salt"], float(r["molality"]), float(r["gamma"]), r["table"]


def _deviations(salt, table, model):
    """Deviation in % from a table by molality, inside the range of the model."""
    ions = _ions(salt)
    m = activity.model(model, list(ions))
    out = {}
    for name, molality, gamma, source in _measured():
        there = {i: n * molality for i, n in ions.items()}
        if (name, source) != (salt, table) or (model == "pitzer" and molality > m.pairs[0].limit):
            continue
        out[molality] = 100 * (m.raw(there, 298.15).mean(ions) / gamma - 1)
    return out


def _rows():
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [c.strip(" *") for c in line.split("|")[1:-1]]
        if len(cells) == 6 and re.fullmatch(r"\(?(H|K|Na|NH4)\)?2?(Cl|NO3|OH|SO4|H2PO4)", cells[0]):
            yield cells


def test_the_table_of_activity_coefficients():
    """Every deviation of the table is the one found now: both tables, and Davies at 0.1 and 0.5 mol/kg."""
    seen = 0
    for salt, _, _, *cells, davies in _rows():
        for table, cell in zip("AB", cells, strict=True):
            found = _deviations(salt, table, "pitzer").values()
            printed = [float(x) for x in re.findall(r"[+-]?\d+\.\d", cell.split("(")[0])]
            assert bool(printed) == bool(found), (salt, table)
            if printed:
                assert min(printed) == pytest.approx(min(found), abs=0.051), (salt, table)
                assert max(printed) == pytest.approx(max(found), abs=0.051), (salt, table)
                seen += 1
        theirs = _deviations(salt, "A", "davies")
        printed = [float(x) for x in davies.split(",")]
        assert printed == pytest.approx([theirs[0.1], theirs[0.5]], abs=0.51), salt
    assert seen == 27


def test_the_stated_errors_of_davies():
    """To 7 % at 0.1 (sulfates 23 %) and to 39 % at 0.5 mol/kg, in the docstring, report and page."""
    single, sulfates, strong = [], [], []
    for salt, *_ in _rows():
        found = _deviations(salt, "A", "davies")
        (sulfates if "SO4" in salt else single).append(abs(found[0.1]))
        if "SO4" not in salt:
            strong.append(abs(found[0.5]))
    assert [round(max(x)) for x in (single, sulfates, strong)] == [7, 23, 39]
    (words,) = activity.model("davies", ["K+", "Cl-"]).assumptions
    page = " ".join(PAGE.read_text("utf-8").split())
    assert "to 7 % at 0.1 mol/kg (sulfates 23 %), to 39 % at 0.5 mol/kg" in words
    assert "(to 7 % at 0.1, 0 to 39 % at 0.5, sulfates 23 % at 0.3;" in page
