"""The safety section: dangers with value, limit and source."""

import json
from pathlib import Path

import pytest

from noxplant.examples.recovery import acid_trap, air_stripper
from noxplant.flowsheet.graph import Flowsheet
from noxplant.flowsheet.safety import RULES, dangers, headspace, lower_limits
from noxplant.flowsheet.solution import StreamResult
from noxplant.species.numbers import datum
from noxplant.units.feed import Feed
from noxplant.units.mixer import Mixer


def stream(medium, flows, T=298.15, P=101325.0, target="U", name="s"):
    return StreamResult(name, "F", target, medium, T, P, flows, {}, 0.0, None)


def found(*streams):
    return {d.name: d for d in dangers({s.name: s for s in streams})}


def hydrazine(share, celsius, P=101325.0):
    flows = {"N2H4": share / 0.0320452, "H2O": (1 - share) / 0.01801528}
    return stream("aqueous", flows, celsius + 273.15, P)


@pytest.mark.parametrize(
    ("share", "celsius", "fraction", "rel"),
    [  # hydrazine note 4.1: ppm at 25 C, and where 2.9 and 4.7 % are reached
        (0.01, 25, 3.4e-6, 0.02),
        (0.10, 25, 64e-6, 0.01),
        (0.35, 25, 1009e-6, 0.01),
        (0.64, 25, 6050e-6, 0.01),
        (1 - 1e-9, 25, 18900e-6, 0.01),
        (0.35, 88, 0.029, 0.03),
        (0.35, 100, 0.047, 0.03),
        (0.54, 63, 0.029, 0.03),
        (0.54, 74, 0.047, 0.03),
        (0.64, 53, 0.029, 0.03),
        (0.64, 63, 0.047, 0.03),
        (1 - 1e-9, 32, 0.029, 0.03),
        (1 - 1e-9, 41, 0.047, 0.03),
    ],
)
def test_headspace_of_hydrazine_as_in_the_note(share, celsius, fraction, rel):
    assert headspace(hydrazine(share, celsius)) == pytest.approx(fraction, rel=rel)


def test_hydrazine_in_liquids():
    d = found(hydrazine(0.35, 25))
    assert d["hydrazine vapour over an open liquid"].beyond
    assert d["hydrazine vapour over an open liquid"].limit == 3e-8
    assert "NIOSH" in d["hydrazine vapour over an open liquid"].source
    assert "explosive headspace over hydrazine" not in d
    warm = found(hydrazine(0.64, 59))
    assert warm["explosive headspace over hydrazine"].beyond
    assert not warm["decomposition of warm hydrazine"].beyond
    assert found(hydrazine(0.64, 61))["decomposition of warm hydrazine"].beyond
    # In acid there is no free base.
    acid = stream("aqueous", {"N2H5+": 1.0, "Cl-": 1.0, "H2O": 55.5, "N2H4": 1e-9})
    assert not found(acid)


def inert(**gas):
    return {**gas, "N2": 1 - sum(gas.values())}


NIOSH = {  # ppm, IDLH; of hydrazine the ceiling
    "NH3": 300, "NO2": 13, "NO": 100, "HNO3": 25, "CO": 1200, "acetonitrile": 137,
    "HCl": 45, "Cl2": 10,
    "methanol": 6000, "formaldehyde": 20, "N2H4": 0.03,
}  # fmt: skip


@pytest.mark.parametrize("name", NIOSH)
def test_toxic_gas_that_leaves(name):
    """Both sides of each limit; inside the plant it is no emission; a hundredth is not listed."""
    ppm = NIOSH[name] * 1e-6

    def judged(share, target=None):
        rows = found(stream("gas", inert(**{name: share * ppm}), target=target))
        (row,) = [d for n, d in rows.items() if "in gas that leaves the plant" in n] or [None]
        return row

    assert judged(1.01).beyond
    assert not judged(0.99).beyond
    assert judged(1.01).value == pytest.approx(1.01 * ppm)
    assert judged(1.01).limit == pytest.approx(ppm)
    assert "NIOSH" in judged(1.01).source
    assert judged(0.01) is None
    assert judged(1.01, target="U") is None


def test_dinitrogen_tetroxide_counts_twice():
    gas = inert(NO2=1e-5, N2O4=2e-6)
    d = found(stream("gas", gas, target=None))
    row = d["nitrogen dioxide (with N2O4) in gas that leaves the plant"]
    assert row.value == pytest.approx(1.4e-5)
    assert row.beyond


def test_mixed_oxides_count_as_what_they_fall_apart_to():
    """N2O3 = NO + NO2, 2 HNO2 = NO + NO2 + H2O, N2O5 + H2O = 2 HNO3."""
    gas = inert(N2O3=8e-6, HNO2=1.2e-5, N2O5=1.3e-5, NO=9e-5)
    d = found(stream("gas", gas, target=None))
    names = ("nitrogen dioxide (with N2O4)", "nitric oxide", "nitric acid")
    rows = [d[f"{n} in gas that leaves the plant"] for n in names]
    assert [r.value for r in rows] == pytest.approx([1.4e-5, 1.04e-4, 2.6e-5])
    assert all(r.beyond for r in rows)


@pytest.mark.parametrize(("ppm", "beyond"), [(40, False), (60, True)])
def test_hydrazine_in_gas_inside_is_judged_by_danger_to_life(ppm, beyond):
    d = found(stream("gas", inert(N2H4=ppm * 1e-6)))
    assert d["hydrazine in a gas"].beyond is beyond
    assert d["hydrazine in a gas"].limit == 5e-5
    assert "hydrazine in gas that leaves the plant" not in d
    assert not found(stream("gas", inert(N2H4=2e-8)))


@pytest.mark.parametrize(
    ("gas", "celsius", "beyond"),
    [
        ({"NH3": 2e-4, "NO2": 1.1e-4}, 40, True),
        ({"NH3": 2e-4, "NO2": 0.9e-4}, 40, False),
        ({"NH3": 2e-4, "HNO3": 1.1e-4}, 40, True),
        ({"NH3": 2e-4, "NO2": 1.1e-4}, 200, None),  # no salt is left as such
        ({"NH3": 2e-4, "NO2": 5e-6}, 40, None),
    ],
)
def test_ammonium_salts_from_ammonia_and_oxides_in_one_gas(gas, celsius, beyond):
    d = found(stream("gas", inert(**gas), celsius + 273.15))
    row = d.get("ammonium nitrate and nitrite from ammonia and NO2 in one gas")
    assert (row.beyond if row else None) is beyond


@pytest.mark.parametrize(("molality", "beyond"), [(1.0, True), (0.9, False), (0.005, None)])
def test_ammonium_with_nitrite(molality, beyond):
    """132.51 + 104.6 - 2 x 285.83 = -334.5 kJ/mol; the limit of 300 kJ/kg is 0.95 mol/kg water."""
    flows = {"H2O": 55.508, "NH4+": molality, "NO2-": molality}
    row = found(stream("aqueous", flows)).get("ammonium nitrite")
    assert (row.beyond if row else None) is beyond
    if row:
        mass = 1.0 + molality * 0.0640440
        assert row.value == pytest.approx(334.55e3 * molality / mass, rel=1e-3)
        assert "2.17.2.1" in row.source


def test_ammonia_and_nitrite_in_lye_do_not_react():
    """As in a catholyte: NH3 and no NH4+, whatever the nitrite."""
    lye = {"H2O": 55.5, "NH3": 1.0, "NH4+": 1e-6, "NO2-": 1.0, "OH-": 1.0, "K+": 2.0}
    assert not found(stream("aqueous", lye, 370.0))


@pytest.mark.parametrize(("molality", "beyond"), [(0.75, True), (0.55, False), (2e-5, None)])
def test_hydrazine_with_nitrate(molality, beyond):
    """500 kJ/mol: 300 kJ/kg in 0.64 mol/kg; a trace in lye (2e-5 mol/kg) is no danger."""
    flows = {"H2O": 55.508, "N2H4": molality, "NO3-": 1.0, "K+": 2.0, "OH-": 1.0}
    d = found(stream("aqueous", flows, 280.0))
    row = d.get("hydrazinium nitrate")
    assert (row.beyond if row else None) is beyond
    dry = found(stream("slurry", {"N2H5+": 1.0, "NO3-": 1.0}, 350.0))["hydrazinium nitrate"]
    assert dry.beyond


@pytest.mark.parametrize(
    ("extra", "salt", "name", "beyond"),
    [
        ({"Cl-": 0.00050}, 1.0, "chloride in ammonium nitrate", True),  # 0.0222 %
        ({"Cl-": 0.00040}, 1.0, "chloride in ammonium nitrate", False),  # 0.0177 %
        ({"Cl-": 0.5}, 0.2, "chloride in ammonium nitrate", None),  # 12 % NH4NO3
        ({"NH4Cl(s)": 0.0005}, 1.0, "chloride in ammonium nitrate", True),
        ({"NH4Cl(s)": 0.0004}, 1.0, "chloride in ammonium nitrate", False),
        ({"N2H6Cl2(s)": 0.00025}, 1.0, "chloride in ammonium nitrate", True),
        ({"methanol": 0.0055}, 1.0, "organics in ammonium nitrate", True),  # 0.22 %
        ({"methanol": 0.0045}, 1.0, "organics in ammonium nitrate", False),
        ({"methanol": 0.1}, 0.2, "organics in ammonium nitrate", None),
    ],
)
def test_what_ammonium_nitrate_must_not_hold(extra, salt, name, beyond):
    flows = {"NH4+": salt, "NO3-": salt, "H2O": 5.5, **extra}
    row = found(stream("aqueous", flows, 320.0)).get(name)
    assert (row.beyond if row else None) is beyond
    if row:
        assert "UN 2426" in row.source


@pytest.mark.parametrize(
    ("share", "medium", "beyond"),
    [
        (0.45, "aqueous", True),
        (0.43, "aqueous", False),
        (0.03, "aqueous", None),
        (0.999, "organic", True),
        (0.999, "gas", None),
    ],
)
def test_liquid_ammonia(share, medium, beyond):
    flows = {"NH3": share / 0.0170305, "H2O": (1 - share) / 0.01801528}
    row = found(stream(medium, flows, 268.0, 1.5e6)).get("liquid ammonia")
    assert (row.beyond if row else None) is beyond
    if row:
        assert "1910.119" in row.source


def test_le_chatelier():
    gas = {"H2": 0.01, "NH3": 0.03, "N2": 0.76, "O2": 0.20}
    assert lower_limits(stream("gas", gas)) == pytest.approx(0.01 / 0.04 + 0.03 / 0.15)
    d = found(stream("gas", gas))["flammable atmosphere (fuel with oxygen in one gas)"]
    assert d.value == pytest.approx(0.45)
    assert d.beyond
    assert d.limit == 0.25
    # Without oxygen it only burns where it leaves the plant.
    half = {"H2": 0.5, "N2": 0.5}
    assert not found(stream("gas", half))
    vent = found(stream("gas", half, target=None))["gas that leaves the plant burns in air"]
    assert vent.value == pytest.approx(12.5)
    # Hydrogen that leaks into oxygen: 1 % is at a fourth of the limit.
    leak = {"H2": 0.0101, "O2": 0.9899}
    assert found(stream("gas", leak))["flammable atmosphere (fuel with oxygen in one gas)"].beyond


def test_salts_and_azide():
    both = {"H2O": 55.5, "N2H5+": 0.5, "NO3-": 0.3, "HNO2": 0.02, "H+": 0.01}
    d = found(stream("aqueous", both))
    volume = 55.5 * 1.807e-5 + 0.3 * 3.1e-5
    mass = 55.5 * 0.0180153 + 0.5 * 0.0330531 + 0.3 * 0.0620049 + 0.02 * 0.0470134
    assert d["hydrazoic acid from hydrazine and nitrite"].value == pytest.approx(
        0.02 / volume, rel=0.03
    )
    assert d["hydrazoic acid from hydrazine and nitrite"].beyond
    # -7.5 - 207.36 + 2.5 x 285.83 = 499.7 kJ/mol.
    assert d["hydrazinium nitrate"].value == pytest.approx(0.3 * 499.7e3 / mass, rel=1e-3)
    assert not d["hydrazinium nitrate"].beyond
    assert "Never evaporate" in d["hydrazinium nitrate"].advice
    clean = {**both, "NO3-": 1e-9, "HNO2": 1e-9}
    assert not found(stream("aqueous", clean))
    liquor = {"H2O": 1.0, "NH4+": 1.0, "NO3-": 1.2}
    salt = found(stream("aqueous", liquor))["ammonium nitrate"]
    mass = 0.0180153 + 0.0180385 + 1.2 * 0.0620049
    assert salt.value == pytest.approx(0.0800432 / mass, rel=1e-4)
    assert not salt.beyond
    cake = found(stream("slurry", {"H2O": 0.1, "NH4NO3(s)": 1.0}))["ammonium nitrate"]
    assert cake.beyond
    assert "UN 2426" in cake.source


def test_solvents_above_their_flash_points():
    liquid = {"acetonitrile": 1.0, "methanol": 0.5}
    d = found(stream("organic", liquid, 280.0))
    assert d["acetonitrile above its flash point"].beyond
    assert not d["methanol above its flash point"].beyond
    assert d["methanol above its flash point"].value == 280.0


def test_worst_stream_comes_first_and_every_limit_has_a_source():
    cold, hot = stream("organic", {"acetonitrile": 1.0}, 290.0, name="cold"), None
    hot = stream("organic", {"acetonitrile": 1.0}, 320.0, name="hot")
    assert found(cold, hot)["acetonitrile above its flash point"].streams == ("hot", "cold")
    for rule in RULES:
        limit = datum(rule.path)
        assert limit.unit
        assert len(limit.source) > 10


def mixed():
    plant = Flowsheet("azide")
    a = plant.add(Feed("A", "aqueous", {"H2O": 55.5, "N2H5Cl": 0.5}))
    b = plant.add(Feed("B", "aqueous", {"H2O": 55.5, "KNO2": 0.1}))
    m = plant.add(Mixer("M", "aqueous"))
    plant.connect(a.out, m.feed[0], "hydrazine")
    plant.connect(b.out, m.feed[1], "nitrite")
    return plant


def test_safety_belongs_to_the_solution_and_its_json():
    solution = mixed().solve()
    (d,) = [x for x in solution.safety if "hydrazoic" in x.name]
    assert d.streams == ("M.out",)
    record = json.loads(json.dumps(solution.to_dict(), allow_nan=False))
    (row,) = [x for x in record["safety"] if "hydrazoic" in x["name"]]
    assert row["limit"] == 0.01
    assert row["unit"] == "mol/m3"
    assert row["value"] == pytest.approx(d.value)
    assert row["beyond"] is True
    assert set(row) == {
        "name", "streams", "value", "limit", "unit", "beyond", "advice", "source", "kind",
    }  # fmt: skip
    # 1.3 % ammonia in air before the trap is listed, below a fourth of its limit.
    (row,) = acid_trap().solve().to_dict()["safety"]
    assert row["beyond"] is False
    assert row["value"] == pytest.approx(0.5 / 39.7 / 0.15)


def test_run_shows_the_dangers(capsys):
    from noxplant.commands.run import show

    show(mixed().solve(), si=True)
    out = capsys.readouterr().out
    assert "hydrazoic acid from hydrazine and nitrite" in out
    assert "BEYOND" in out
    assert "Safety: hydrazoic acid from hydrazine and nitrite: N2H5+ + HNO2 = HN3" in out
    # 1 % ammonia in air is far below a fourth of its limit, but nobody may breathe it.
    show(air_stripper().solve(), si=False)
    rows = [x for x in capsys.readouterr().out.splitlines() if "BEYOND" in x]
    assert len(rows) == 1
    assert rows[0].strip().startswith("ammonia in gas that leaves the plant")


def test_csv_holds_the_dangers(tmp_path):
    from noxplant.commands.run import write_csv

    write_csv(tmp_path, mixed().solve())
    lines = (tmp_path / "safety.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("danger,value,limit,unit,beyond,streams")
    (row,) = [line for line in lines if line.startswith("hydrazoic acid")]
    assert ",0.01,mol/m3,True,M.out," in row


def test_the_page_lists_every_danger():
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "safety.md"
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    names = [row.split("|")[1].strip() for row in rows[2:]]
    assert names == [rule.name for rule in RULES]


@pytest.mark.parametrize(
    ("gas", "listed"),
    [
        ({"H2": 0.5, "N2O": 0.5}, True),
        ({"NH3": 0.2, "NO": 0.4, "N2O": 0.4}, True),
        ({"H2": 0.9, "O2": 0.035, "N2": 0.065}, True),
        ({"H2": 0.9, "O2": 0.01, "N2": 0.09}, False),
        ({"N2": 0.5, "N2O": 0.5}, False),
        ({"H2": 0.5, "Cl2": 0.5}, True),
        ({"H2": 0.5, "NO2": 0.04, "N2": 0.46}, True),
        ({"H2": 0.5, "N2O4": 0.02, "N2": 0.48}, True),
    ],
)
def test_what_burns_hydrogen_and_ammonia(gas, listed):
    """N2O and NO burn them as O2 does; below 60 % of the limiting oxygen nothing burns."""
    names = found(stream("gas", gas))
    assert any("fuel with oxygen" in n or "atmosphere" in n for n in names) is listed
