"""The shipped plants beside today's industry: the page, held to what the routes record."""

import re
import tomllib
from pathlib import Path

import pytest

from noxplant import cli, measures, routes
from noxplant.reports import industry

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "todays-industry.md"


def recorded():
    """Headline figures of the routes as their `expected.toml` records them, which other tests hold."""
    out = {}
    for name in industry.ROUTES:
        tables = tomllib.loads((routes.find(name).folder / "expected.toml").read_text("utf-8"))
        out[name] = {
            k: (measures.to_si(v["value"], v["unit"]), measures.si_unit(v["unit"]))
            for k, v in tables["recorded"].items()
        }
    return out


def test_the_page_holds_what_the_routes_record():
    """Numbers of the page have 3 digits, recorded ones 4."""
    text = PAGE.read_text("utf-8")
    shown = {}
    for row in re.findall(r"^\| (`.+|both, .+) \|$", text, re.M):
        cells = row.split(" | ")
        shown[cells[0]] = [float(x) for x in cells[2:5]]
    found = industry.lines(recorded())
    assert list(shown) == [x.plant for x in found]
    for x in found:
        values = [v / 1e6 for v in (x.electricity, x.heat, x.steam)]
        assert shown[x.plant] == pytest.approx(values, rel=6e-3), x.plant


def test_the_sums_by_hand():
    held = recorded()
    found = {x.plant: x for x in industry.lines(held)}
    ammonia, acid = (
        {k: v for k, (v, _) in held[r].items()} for r in (industry.AMMONIA, industry.ACID)
    )
    # 1 mol of HNO3 takes 1/yield mol of NH3, 17.031 g each
    per_kg = "electricity with that of hydrogen and nitrogen outside of the boundary, per kg NH3 in product"
    taken = 0.017031 / acid["N yield, mol N in product per mol NH3 fed"]
    own = 0.063012 * acid["electricity, all consumers, per kg HNO3 in product"]
    both = found["both, `hydrogen-to-ammonia` feeding `ammonia-to-nitric-acid`"]
    assert both.electricity == pytest.approx(ammonia[per_kg] * taken + own, rel=1e-3)
    assert 0.339e6 < found["`hydrogen-to-ammonia` with its feeds"].electricity < 0.75e6
    hydrazine = found["`air-to-hydrazine`"].electricity
    per_kg = held["air-to-hydrazine"]["electricity, all consumers, per kg N2H4 in product"][0]
    assert hydrazine == pytest.approx(per_kg * 0.032045 / 2, rel=1e-4)
    sulfate = held[industry.SULFATE]["electricity, all consumers, per kg N in product"][0]
    assert found["`air-to-ammonium-sulfate`"].electricity == pytest.approx(
        sulfate * 0.014007, rel=1e-3
    )


@pytest.mark.oracle
def test_industry_lies_near_what_is_published():
    """Recalled: 9 to 11 MWh/t ammonia, so 0.55 to 0.67 MJ/mol N; with Ostwald 0.641 at 10 MWh/t."""
    found = {x.plant: x.electricity / 1e6 for x in industry.lines(recorded())}
    assert 0.55 < found["`hydrogen-to-ammonia` with its feeds"] < 0.67
    machines = found["`ammonia-to-nitric-acid`, acid plant alone"]
    both = found["both, `hydrogen-to-ammonia` feeding `ammonia-to-nitric-acid`"]
    assert both - machines == pytest.approx(0.641, rel=0.1)


@pytest.mark.slow
@pytest.mark.route
def test_the_page_is_what_the_command_writes(tmp_path):
    file = tmp_path / "industry.md"
    assert cli.main(["literature", "--industry", str(file)]) == 0
    assert file.read_text("utf-8") == PAGE.read_text("utf-8")


def test_the_words_of_the_page_are_made_from_the_figures():
    text, made = PAGE.read_text("utf-8"), industry.page(recorded())
    plain = re.sub(r"\d[\d.]*", "#", text)
    assert plain == re.sub(r"\d[\d.]*", "#", made)


def test_refusals(tmp_path, capsys):
    words = ["literature", "--page", "a.md", "--industry", "b.md"]
    assert cli.main(words) == 2
    assert "give one at a time" in capsys.readouterr().err
    assert cli.main(["literature", "--industry", str(tmp_path / "no" / "x.md")]) == 2
