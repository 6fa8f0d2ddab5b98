"""The page of batches and continuous units: every row of its tables is computed anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from noxplant.batch import BatchRun, paper_cycles, shipped, stirred, stirred_ratio
from noxplant.errors import Refusal

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "batch-and-continuous.md"
FIGURES = ("batch-azine.svg", "batch-nitrate-current.svg", "batch-stripping.svg")


def off(found: float, printed: float) -> str:
    """Deviation in per cent."""
    found = round(100 * (found / printed - 1), 1)
    return f"{found:+.1f} %" if found else "0.0 %"


def azine() -> Iterator[str]:
    first, whole = shipped("azine-first-order").run(), shipped("azine").run()
    for name, figure, factor, printed in (
        ("conversion after 10 h", "conversion", 1.0, 0.985),
        ("charge, C", "charge", 1.0, 149.12),
        ("highest current, mA", "highest current", 1e3, 17.66),
        ("mean current, mA", "mean current", 1e3, 4.142),
        ("current at the end, mA", "final current", 1e3, 0.26),
        ("azine, mmol", "azine", 1e3, 0.73875),
        ("electricity, J", "electricity", 1.0, 611.0),
        ("electricity, kWh/kg N2H4", "electricity per hydrazine", 1 / 3.6e6, 7.174),
    ):
        a, b = (run[figure] * factor for run in (first, whole))
        yield f"| {name} | {printed:g} | {a:.4g} | {off(a, printed)} | {b:.4g} | {off(b, printed)} |"


def cycles() -> Iterator[str]:
    without, made_up = paper_cycles(make_up=0.0), paper_cycles(make_up=1.0)
    for n in range(5):
        share = without.charged[n] / without.charged[0]
        fresh = made_up.made_up[n] * 182.218e3
        yield (
            f"| {n + 1} | {share:.4f} | {without.runs[n]['conversion']:.4f} |"
            f" {without.runs[n]['charge']:.1f} | {fresh:.2f} | {made_up.runs[n]['conversion']:.4f} |"
        )


def stripping() -> Iterator[str]:
    for name, changes in (
        ("as shipped: dry argon, no salting-out", {}),
        ("argon saturated with water", {"humidity": 1.0}),
        ("salting-out of 0.080 L/mol", {"salting": 8e-5}),
        ("liquor at 60 degC", {"temperature": 333.15, "duration": 8 * 3600.0}),
    ):
        run = shipped("stripping").run(changes)
        time = run["time to the removal wanted"]
        water = run.at("n(vent.H2O)", time) + run.at("n(trap.H2O)", time)
        lost = run.column("n(trap.acetonitrile)")[0] - run.at("n(trap.acetonitrile)", time)
        kept = run.at("n(trap.NH3)", time) / (0.91 * run.column("n(liquor.NH3)")[0])
        yield (
            f"| {name} | {time / 3600:.1f} | {water:.3f} | {lost * 41.052:.1f} | {100 * kept:.1f} |"
        )


def nitrate() -> Iterator[str]:
    for name in ("nitrate-current", "nitrate-potential", "nitrate-voltage"):
        r = shipped(name).run()
        yield (
            f"| `{name}` | {r['duration'] / 3600:.0f} | {r['conversion to ammonia']:.3f} |"
            f" {r['highest nitrite'] / 1e3:.4f} | {r['charge']:.0f} |"
            f" {100 * r['charge in hydrogen']:.1f} | {r['mean voltage']:.2f} |"
            f" {r['electricity per ammonia'] / 3.6e6:.1f} |"
            f" {r['anolyte hydroxide at the end'] / 1e3:.3f} |"
        )


def equivalents() -> Iterator[str]:
    for name in ("azine-first-order", "azine", "nitrate-current", "nitrate-potential",
                 "nitrate-voltage", "stripping-acid"):  # fmt: skip
        run = shipped(name).run()
        yield _equivalent(name, run)


def _equivalent(name: str, run: BatchRun) -> str:
    x, hours = float(run.column(run.model.conversion)[-1]), float(run.time[-1]) / 3600
    first = f"{stirred_ratio(x):.1f}"
    try:
        tank = stirred(run).time / 3600
    except Refusal:
        return f"| `{name}` | {x:.4f} | {hours:.0f} | none | | {first} |"
    return f"| `{name}` | {x:.4f} | {hours:.0f} | {tank:.1f} | {tank / hours:.1f} | {first} |"


@pytest.mark.parametrize("table", [azine, cycles, stripping, nitrate, equivalents])
def test_rows_are_those_of_the_page(table):
    text = PAGE.read_text()
    for row in table():
        assert row in text


def test_no_row_is_left_over():
    computed = sum(len(list(t())) for t in (azine, cycles, stripping, nitrate, equivalents))
    lines = [
        x for x in PAGE.read_text().splitlines() if x.startswith("|") and not x.startswith("|-")
    ]
    tables = 5
    assert len(lines) - tables == computed


def test_numbers_in_the_text():
    text = PAGE.read_text()
    low = shipped("azine").run({"equilibrium_constant": 0.012})["conversion"]
    assert f"(0.012) would give {100 * low:.0f} % conversion" in text
    with pytest.raises(Refusal, match=r"after 16\.5\d* h the acetonitrile"):
        shipped("stripping").run({"trap_volume": 15e-6})
    assert "dries up after 16.5 h" in text
    with pytest.raises(Refusal, match=r"after 26\.7[5-9]\d* h the anolyte"):
        shipped("nitrate-current").run({"duration": 40 * 3600.0})
    assert "the lye is used up after 26.8 h" in text
    most = shipped("stripping").run().column("ammonia in the trap").max() * 1e3
    assert f"50 mL come to {most:.2f} of 2.5 mmol" in text


def test_figures_are_there_and_named_with_their_commands():
    text = PAGE.read_text()
    for name in FIGURES:
        assert (PAGE.parent / name).exists()
        batch = name.removeprefix("batch-").removesuffix(".svg")
        assert f"noxplant batch {batch} --plot docs/reference/{name}" in text


if __name__ == "__main__":
    for t in (azine, cycles, stripping, nitrate, equivalents):
        print("\n".join(t()), end="\n\n")  # noqa: T201
