"""The tables of "What the numbers rest on" are those of the data."""

from pathlib import Path

import pytest

from noxplant.species import number
from noxplant.thermo import pure

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


def test_humid_air():
    text = PAGE.read_text("utf-8")
    errors = {
        n: number(f"coolprop.humid air.{n}_error") for n in ("volume", "enthalpy", "enhancement")
    }
    assert f"| volume | {errors['volume']:.1e} relative |" in text
    assert f"| enthalpy | {errors['enthalpy']:.1f} J/mol" in text
    assert f"| water at saturation | {errors['enhancement']:.1e} relative |" in text
