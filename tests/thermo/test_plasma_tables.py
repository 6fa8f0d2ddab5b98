"""Every row of the plasma note's tables of equilibrium: gas, nitric acid, ammonia, NO against T."""

import csv
import math
from pathlib import Path

import pytest

from noxplant.constants import ATMOSPHERE
from noxplant.thermo import ammonia, equilibrium, nitric_acid
from noxplant.thermo import gas_equilibrium as eq

DATA = Path(__file__).parents[1] / "data"
AIR, HALF = {"N2": 0.79, "O2": 0.21}, {"N2": 0.5, "O2": 0.5}
ARGON = {"N2": 0.78, "O2": 0.21, "Ar": 0.01}
FRACTIONS = {
    "x_NO_air79_21_1atm": (AIR, "NO", 1, eq.AIR_5, "nasa9"),
    "x_O": (AIR, "O", 1, eq.AIR_5, "nasa9"),
    "x_N": (AIR, "N", 1, eq.AIR_5, "nasa9"),
    "x_NO_5050_1atm": (HALF, "NO", 1, eq.AIR_5, "nasa9"),
    "x_NO_air_10atm": (AIR, "NO", 10, eq.AIR_5, "nasa9"),
    "x_NO_air_8sp(78/21/1)_1atm": (ARGON, "NO", 1, eq.AIR_8, "nasa7"),
    "x_NO2_8sp": (ARGON, "NO2", 1, eq.AIR_8, "nasa7"),
}
COSTS = {
    "dH_MJ_per_mol_NO_air_1atm": (AIR, 1),
    "dH_MJ_per_mol_NO_5050_1atm": (HALF, 1),
    "dH_MJ_per_mol_NO_air_10atm": (AIR, 10),
}


def rows(name):
    with (DATA / name).open() as file:
        return list(csv.DictReader(file))


@pytest.mark.oracle
def test_nitric_oxide_against_temperature():
    """NO_vs_T.csv: 46 temperatures, five systems, energies per NO."""
    table = rows("no_vs_temperature.csv")
    assert len(table) > 40
    for r in table:
        T = float(r["T_K"])
        for column, (feed, s, atm, names, data) in FRACTIONS.items():
            n = eq.equilibrium(feed, T, atm * ATMOSPHERE, names, data)
            assert n[s] / sum(n.values()) == pytest.approx(float(r[column]), rel=1e-7), (column, T)
        for column, (feed, atm) in COSTS.items():
            n = eq.equilibrium(feed, T, atm * ATMOSPHERE, eq.AIR_5, "nasa9")
            rise = sum(v * eq.enthalpy(s, T, "nasa9") for s, v in n.items())
            rise -= sum(v * eq.enthalpy(s, 298.15, "nasa9") for s, v in feed.items())
            assert rise / n["NO"] / 1e6 == pytest.approx(float(r[column]), rel=1e-7), (column, T)


@pytest.mark.oracle
def test_constants_of_gas_reactions():
    """nox_gas_equilibria.csv: 13 reactions at 14 temperatures; the literature where it has them."""
    table = rows("nox_gas_equilibria.csv")
    assert len(table) == 182
    for r in table:
        T, text = float(r["T_K"]), spaced(r["reaction"])
        band = "cold" if T <= 1000 else "hot"
        found = equilibrium.ln_k(text, T, band)
        ln = float(r["lnK_cantera_nasa_gas(p0=1atm)"])
        assert found == pytest.approx(ln, rel=1e-7, abs=1e-6), (text, T)
        heat = float(r["dH_kJ_per_rxn"])
        assert equilibrium.heat(text, T, band) / 1e3 == pytest.approx(heat, rel=1e-6, abs=2e-5)
        if r["K_lit_correlation_atm"] and T < 380:
            ours = math.exp(equilibrium.nox_ln_k(text, T))
            assert ours == pytest.approx(float(r["K_lit_correlation_atm"]), rel=1e-6), (text, T)


def spaced(reaction):
    """ "2NO+O2=2NO2" as the package writes it."""
    sides = []
    for side in reaction.split("="):
        terms = []
        for term in side.split("+"):
            number = "".join(c for c in term[: len(term) - len(term.lstrip("0123456789."))])
            terms.append(f"{number} {term[len(number) :]}".strip())
        sides.append(" + ".join(terms))
    return " = ".join(sides)


@pytest.mark.oracle
@pytest.mark.parametrize(
    "row", rows("acid_equilibrium.csv"), ids=lambda r: f"{r['T_K']}-{r['w_wtpct']}"
)
def test_acid_equilibrium(row):
    """acid_equilibrium.csv; at 5 wt%, where two pieces of the first form meet, their geometric mean."""
    T, w = float(row["T_K"]), float(row["w_wtpct"]) / 100
    main, joshi, suchak = list(row.values())[2:]
    expected = float(main)
    if w == 0.05:
        expected = math.sqrt(expected * 10 ** (31.96 - 0.0693 * T + (3.27e-4 * T - 0.4193) * 5))
    assert math.exp(nitric_acid.ln_k(T, w)) == pytest.approx(expected, rel=1e-5)
    assert math.exp(nitric_acid.ln_k_suchak(T, w)) == pytest.approx(float(suchak), rel=1e-9)
    if joshi:
        assert math.exp(nitric_acid.ln_k_joshi(T, w)) == pytest.approx(float(joshi), rel=1e-9)


@pytest.mark.oracle
def test_ammonia_equilibrium():
    """nh3_equilibrium.csv where the correlation is offered: 36 points of Larson and Dodge, 30..600 atm."""
    table = [r for r in rows("nh3_equilibrium.csv") if 20 <= float(r["P_atm"]) <= 600]
    assert len(table) >= 20
    for r in table:
        T, p = float(r["T_K"]), float(r["P_atm"]) * ATMOSPHERE
        found = 100 * ammonia.equilibrium_fraction(T, p)
        note = float(r["GillespieBeattie+DysonSimon_pct"])
        assert found == pytest.approx(note, rel=1e-7), (T, p)
        measured = next(v for k, v in r.items() if "LarsonDodge" in k)
        if measured:
            assert found == pytest.approx(float(measured), rel=0.042), (T, p)
