"""Reference pages of the units: what they say is what the code says."""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path

import pytest

from noxplant import catalogue, cli
from noxplant.errors import UsageError
from noxplant.examples import examples
from noxplant.manual import behaviour, page, picture, relations
from noxplant.manual.latex import Writer, chemical
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.thermo import aqueous
from noxplant.unit import Equations, Unit

FOLDER = Path(__file__).parents[2] / "docs" / "reference" / "units"


def latex(text: str) -> str:
    import ast

    return Writer().write(ast.parse(text, mode="eval").body)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("self.feed.flow['NO3-']", r"\dot n_{\mathrm{NO_{3}^{-}}}^{\text{feed}}"),
        ("gas.temperature", r"T^{\text{gas}}"),
        ("self.out.content('C(4)')", r"{\dot N}_{\mathrm{C(4)}}^{\text{out}}"),
        ("self.volume / x**2", r"\frac{\text{volume}}{{x}^{2}}"),
        ("self.gap * (a + b)", r"\text{gap} \cdot \left(a + b\right)"),
        ("maths.exp(-x)", r"\exp \mathopen{}\left( -x \mathclose{}\right)"),
        ("1e-12 * x", r"10^{-12} \cdot x"),
    ],
)
def test_expressions(code: str, expected: str) -> None:
    assert latex(code) == expected


def test_formulas() -> None:
    assert chemical("SO4(2-)") == r"SO_{4}^{2-}"
    assert chemical("NH4+") == r"NH_{4}^{+}"
    assert chemical("N(-3)") == "N(-3)"


class ShownVessel(Unit):
    """A unit for this test."""

    feed = Inlet("gas", "in")
    out = Outlet("gas", "out")
    share = Spec("1", "share")
    kept = Result("mol/s", "kept")

    def equations(self) -> Equations:
        feed = self.feed
        for key in feed.phase_of:
            yield f"flow of {key}", self.out.flow[key] == self.share * feed.flow[key]
        if "NO" in feed.phase_of:
            yield "kept", self.kept == feed.flow["NO"] - self.out.flow["NO"]
        yield from self._state()

    def _state(self) -> Equations:
        """State of the outlet."""
        yield "temperature", self.out.temperature == self.feed.temperature


def test_equations_of_a_unit() -> None:
    found = relations.of_unit(ShownVessel)
    text = "\n".join(found.lines)
    assert found.count == 3
    assert "- for each `key` of `feed.phase_of`:" in text
    key = r"\text{key}"
    left, right = (rf"\dot n_{{{key}}}^{{\text{{{s}}}}}" for s in ("out", "feed"))
    assert rf"&\textit{{flow of key:}} && {left} &= \text{{share}} \cdot {right}" in text
    assert "- where `'NO' in feed.phase_of`:" in text
    assert "- State of the outlet" in text
    assert r"T^{\text{out}} &= T^{\text{feed}}" in text


def test_every_yield_of_every_unit_is_on_its_page() -> None:
    """No equation is lost: as many are written as the code yields by name."""
    import ast
    import inspect
    import textwrap

    for name, unit in catalogue.unit_classes().items():
        tree = ast.parse(textwrap.dedent(inspect.getsource(unit.equations)))
        yields = [n for n in ast.walk(tree) if isinstance(n, ast.Yield)]
        found = relations.of_unit(unit)
        assert found.count >= len(yields), name
        text = "\n".join(found.lines)
        assert text.count("```math") == len(re.findall(r"```\n|```$", text)), name
        assert text.count("{") == text.count("}"), name
        assert not re.search(r"\^\{[^{}]*\}\^", text), name


def test_pages_are_those_of_the_code() -> None:
    """Made by `noxplant units --pages docs/reference/units`; run it when this fails."""
    names = set(catalogue.unit_classes())
    assert {f.stem for f in FOLDER.glob("*.md")} == names | {"index", "shared-relations"}
    for name, unit in catalogue.unit_classes().items():
        text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
        fresh = page.head(unit, relations.of_unit(unit))
        assert text.startswith(fresh), name
        assert ("## Behaviour" in text) == (name in behaviour.table()), name


def test_sweeps_belong_to_units() -> None:
    assert set(behaviour.table()) <= set(examples())
    for name, rule in behaviour.table().items():
        assert rule["low"] < rule["high"], name
        assert rule["says"].endswith("."), name


def test_pump_line_is_the_closed_form() -> None:
    """Power = volume flow times pressure rise over efficiency, at every point and curve."""
    shown = behaviour.of("Pump")
    assert shown is not None
    assert [c.label for c in shown.curves] == [
        "efficiency = 0.5",
        "efficiency = 0.7",
        "efficiency = 0.85",
    ]
    feed = examples()["Pump"]().solve().stream_results["lye"]
    volume = aqueous.volume_flow(feed.flows, feed.temperature)
    for curve, efficiency in zip(shown.curves, (0.5, 0.7, 0.85), strict=True):
        power = [volume * (p - feed.pressure) / efficiency for p in curve.x]
        assert curve.y == pytest.approx(power, rel=1e-9)
    assert shown.labels == ("outlet pressure, Pa", "shaft power, W")


def test_curve_ends_where_the_unit_refuses() -> None:
    shown = behaviour.of("AlkalineAbsorber")
    assert shown is not None
    used, fed = shown.curves
    assert math.isnan(fed.y[0])
    assert "hydroxide" in fed.refusals[0]
    assert all(u <= f for u, f in zip(used.y, fed.y, strict=True) if not math.isnan(f))


def test_picture_is_the_same_twice() -> None:
    shown = behaviour.of("Quench")
    assert shown is not None
    first = picture.svg(shown, "Quench")
    assert first == picture.svg(shown, "Quench")
    assert "NO that leaves per NO that enters" in first


def test_page_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["units", "Valve", "--pages", str(tmp_path)]) == 0
    assert "2 files written" in capsys.readouterr().out
    text = (tmp_path / "Valve.md").read_text(encoding="utf-8")
    assert text.startswith("# Valve\n")
    assert "def valve() -> Flowsheet:" in text


def test_missing_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    shown = behaviour.of("Quench")
    assert shown is not None
    with pytest.raises(UsageError, match=r"pip install 'noxplant\[manual\]'"):
        picture.svg(shown, "Quench")


def test_unknown_unit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["units", "AirStriper", "--pages", str(tmp_path)]) == 2
    assert "AirStripper" in capsys.readouterr().err
