"""Energy cost against the literature: limits by Cantera and by the note, the page, the command."""

import re
from pathlib import Path

import pytest

from noxplant import cli
from noxplant.constants import ATMOSPHERE
from noxplant.errors import Refusal
from noxplant.reports import energy_cost
from noxplant.thermo import thermal_limit as limit

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "plasma-energy.md"


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("T", "atm", "feed", "cost"),
    [  # plasma note, section 2a
        (1500.0, 1, limit.AIR, 31.88),
        (3000.0, 1, limit.AIR, 2.616),
        (3000.0, 1, limit.HALF, 2.248),
        (3500.0, 10, limit.AIR, 2.043),
        (5000.0, 10, limit.AIR, 4.519),
        (6000.0, 1, limit.HALF, 32.16),
    ],
)
def test_ideal_freeze_of_the_note(T, atm, feed, cost):
    found = limit.ideal_cost(T, atm * ATMOSPHERE, feed)
    assert found.energy / 1e6 == pytest.approx(cost, rel=3e-4)


@pytest.mark.oracle
def test_reversible_engine_by_cantera():
    """Exergy of the hot gas over that of the frozen one, with Cantera's enthalpies and entropies."""
    import cantera as ct

    T, p, T0 = 3375.0, ATMOSPHERE, 298.15
    species = [
        s
        for s in ct.Species.list_from_file("airNASA9.yaml")
        if s.name in ("N2", "O2", "NO", "N", "O")
    ]
    gas = ct.Solution(thermo="ideal-gas", species=species)
    gas.TPX = T0, p, {"N2": 0.5, "O2": 0.5}
    feed = gas.enthalpy_mole
    gas.TP = T, p
    gas.equilibrate("TP", rtol=1e-12)
    x = gas.mole_fraction_dict()
    moles = 2.0 / sum(n * sum(gas.species(s).composition.values()) for s, n in x.items())
    h, s, no = gas.enthalpy_mole * moles, gas.entropy_mole * moles, x["NO"] * moles
    gas.TPX = T0, p, {"NO": no, "N2": 0.5 - no / 2, "O2": 0.5 - no / 2}
    work = (h - gas.enthalpy_mole) - T0 * (s - gas.entropy_mole)
    expected = (h - feed - work) / no / 1000.0
    found = limit.with_reversible_engine(T, p, limit.HALF)
    assert found.energy == pytest.approx(expected, rel=1e-6)
    assert limit.ideal_cost(T, p, limit.HALF).energy == pytest.approx(
        (h - feed) / no / 1e3, rel=1e-6
    )


def test_recovery_is_linear_and_ends_at_the_heat_of_formation():
    none, half, every = (
        limit.ideal_cost(3100.0, ATMOSPHERE, recovery=r).energy for r in (0, 0.5, 1)
    )
    assert half == pytest.approx((none + every) / 2, rel=1e-12)
    assert every == pytest.approx(limit.formation(), rel=2e-3)
    share = limit.recovery_for(0.28e6, ATMOSPHERE)
    assert 0.9 < share < 0.95


def test_the_best_temperature_is_the_best():
    best = limit.least(ATMOSPHERE)
    for T in (best.temperature - 40.0, best.temperature + 40.0):
        assert limit.ideal_cost(T, ATMOSPHERE).energy > best.energy
    warm = limit.least(ATMOSPHERE, preheat=1300.0)
    engine = limit.least_with_reversible_engine(ATMOSPHERE)
    assert limit.formation() < engine.energy < warm.energy < best.energy


def test_0_28_is_below_every_thermal_limit_at_its_pressure():
    """The claim is for low pressure; 0.1 and 1 atm, half oxygen, reversible engine."""
    claim = next(r for r in energy_cost.rows() if r.name == energy_cost.CLAIM)
    assert claim.energy == 0.28e6
    assert claim.kind == "recalled"
    for atm in (0.1, 1.0):
        assert (
            claim.energy < limit.least_with_reversible_engine(atm * ATMOSPHERE, limit.HALF).energy
        )


def test_rows():
    found = energy_cost.rows()
    assert len(found) >= 20
    assert found == sorted(found, key=lambda r: r.energy)
    assert {r.kind for r in found} == {"measured", "recalled", "estimate"}
    assert any("Ostwald" in r.name for r in energy_cost.rows("industry"))


def test_the_page_is_what_the_command_writes():
    text = PAGE.read_text("utf-8")
    for line in [*energy_cost.literature_table(), *energy_cost.limit_table()]:
        assert line in text
    for line in [*energy_cost.quench_table(), *energy_cost.explanation()]:
        assert line in text


def test_command(tmp_path, capsys):
    assert cli.main(["literature"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"microwave \+ magnetic field, claimed \| 0\.28", out)
    assert "reversible engine" in out.replace("\n", " ")
    pytest.importorskip("matplotlib")
    file = tmp_path / "energy.md"
    assert cli.main(["literature", "--page", str(file)]) == 0
    assert "energy.svg" in file.read_text()
    assert "<svg" in (tmp_path / "energy.svg").read_text()


def test_refusals(tmp_path):
    with pytest.raises(Refusal, match=r"takes 1500..6000 K, a feed of 298..1300 K"):
        limit.ideal_cost(7000.0, ATMOSPHERE)
    with pytest.raises(Refusal, match="not 3000 K, 2000 K and 0"):
        limit.ideal_cost(3000.0, ATMOSPHERE, preheat=2000.0)
    assert cli.main(["literature", "--page", str(tmp_path / "no" / "x.md")]) == 2
