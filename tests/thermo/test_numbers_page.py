"""The tables of "What the numbers rest on" are those of the data."""

from pathlib import Path

import pytest

from noxplant.species import number
from noxplant.thermo import consistency, pure
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
