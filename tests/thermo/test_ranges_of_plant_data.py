"""Properties that the plants use: refused outside their ranges, bounded in Pyomo, warned of in plants."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant import routes
from noxplant.constants import ATMOSPHERE, GAS_CONSTANT
from noxplant.errors import ModelError, Refusal
from noxplant.flowsheet.audit import picture
from noxplant.flowsheet.liquids import of_stream
from noxplant.flowsheet.way import followed
from noxplant.species import Reaction
from noxplant.streams.speciation import settle
from noxplant.thermo import (
    aqueous,
    electro,
    equilibrium,
    excess,
    gas,
    hydrazine,
    nox,
    organic,
    solid,
    used,
    water,
)

WARM = str(Path(__file__).resolve().parents[1] / "data" / "routes" / "warm-lye")
NITRATE = Reaction.parse("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-")
OER = Reaction.parse("4 OH- -> O2 + 2 H2O + 4 e-")
NO2, POTENTIAL = "2 NO2 = N2O4", f"potential of {NITRATE.text}"

LIQUID, SOLVENT = (273.15, 373.15, "K"), (253.15, 353.15, "K")
NOX = {"2 NO + O2 = 2 NO2": (280.0, 380.0, "K")}

Case = tuple[str, Callable[[Any], Any], str, float, float, str]
CASES: list[Case] = [
    # name, function of one argument, name in the refusal, range, unit
    ("water.ln_psat", water.ln_saturation_pressure, "vapour pressure of water", 253.15, 640, "K"),
    ("water.psat", water.saturation_pressure, "vapour pressure of water", 253.15, 640, "K"),
    ("water.density", water.density, "density of water", 273.15, 473.15, "K"),
    *(
        (f"gas.{name}", function, f"{words} of N2 gas (cold band)", 200, 1300, "K")
        for name, function, words in (
            ("enthalpy", lambda T: gas.enthalpy("N2", T), "enthalpy"),
            ("heat_capacity", lambda T: gas.heat_capacity("N2", T), "heat capacity"),
            ("entropy", lambda T: gas.entropy("N2", T), "entropy"),
            ("gibbs", lambda T: gas.gibbs("N2", T), "Gibbs energy"),
            ("entropy_rise from", lambda T: gas.entropy_rise("N2", T, 300.0), "entropy"),
            ("entropy_rise to", lambda T: gas.entropy_rise("N2", 300.0, T), "entropy"),
        )
    ),
    *(
        (f"gas.{name} hot", function, f"{words} of NO gas (hot band)", 1000, 6000, "K")
        for name, function, words in (
            ("enthalpy", lambda T: gas.enthalpy("NO", T, "hot"), "enthalpy"),
            ("heat_capacity", lambda T: gas.heat_capacity("NO", T, "hot"), "heat capacity"),
            ("entropy", lambda T: gas.entropy("NO", T, "hot"), "entropy"),
            ("gibbs", lambda T: gas.gibbs("NO", T, "hot"), "Gibbs energy"),
            ("entropy_rise", lambda T: gas.entropy_rise("NO", 1500.0, T, "hot"), "entropy"),
        )
    ),
    ("HCl hot", lambda T: gas.enthalpy("HCl", T, "hot"), "enthalpy of HCl", 1000, 5000, "K"),
    ("vapour", lambda T: gas.enthalpy("methanol", T), "enthalpy of methanol gas", 250, 400, "K"),
    ("enthalpy9", lambda T: gas.enthalpy9("N2", T, 0), "enthalpy of N2 in air", 200, 1000, "K"),
    ("entropy9", lambda T: gas.entropy9("NO+", T, 0), "entropy of NO+ in air", 298.15, 1000, "K"),
    ("gibbs9", lambda T: gas.gibbs9("e-", T, 2), "Gibbs energy of e- in air", 6000, 20000, "K"),
    ("aq.enthalpy", lambda T: aqueous.enthalpy("NH4+", T), "NH4+ in water", 273.15, 373.15, "K"),
    ("aq.ln_beta", lambda T: aqueous.ln_beta("HSO4-", T), "HSO4- in water", 273.15, 373.15, "K"),
    *(
        (f"aq.henry {n}", lambda T, n=n: aqueous.ln_henry(n, T), f"Henry constant of {n}", *LIQUID)
        for n in aqueous.volatiles()
        if n != "H2O"
    ),
    ("aq.henry H2O", lambda T: aqueous.ln_henry("H2O", T), "pressure of water", 253.15, 640, "K"),
    ("aq.volume", lambda T: aqueous.molar_volume("K+", T), "volume of K+", 273.15, 373.15, "K"),
    (
        *("aq.volume_flow", lambda T: aqueous.volume_flow({"H2O": 55.5, "K+": 1.0}, T)),
        *("molar volume of H2O in water", 273.15, 373.15, "K"),
    ),
    (
        *("aq.density", lambda T: aqueous.density({"H2O": 55.5, "K+": 1.0}, T)),
        *("molar volume of H2O in water", 273.15, 373.15, "K"),
    ),
    *(
        (f"excess {s}", lambda m, s=s: excess.apparent_enthalpy(s, m), f"enthalpy of {s}", *span)
        for s, *span in (
            *(("HCl", 0.0, 15.0, "mol/kg"), ("NaOH", 0.0, 18.5, "mol/kg")),
            *(("KOH", 0.0, 18.5, "mol/kg"), ("HNO3", 0.0, 20.0, "mol/kg")),
        )
    ),
    (
        *("sulfuric acid", lambda T: excess.sulfuric_acid_enthalpy(1.0, 2.0, T)),
        *("enthalpy of sulfuric acid", 283.15, 373.15, "K"),
    ),
    ("N2H4 ln_gamma", lambda T: hydrazine.ln_gamma(0.3, T)[0], "hydrazine", 288.15, 410, "K"),
    ("N2H4 x", lambda x: hydrazine.ln_gamma(x, 350.0)[0], "mole fraction", 0.0, 1.0, "mol/mol"),
    ("N2H4 psat", hydrazine.ln_vapour_pressure, "pressure of hydrazine", 274.69, 450, "K"),
    (
        *("N2H4 partial", lambda T: hydrazine.partial_pressures(0.3, T)[0]),
        *("activity model of hydrazine and water", 288.15, 410, "K"),
    ),
    (
        *("N2H4 volatility", lambda T: hydrazine.relative_volatility(0.3, T)),
        *("activity model of hydrazine and water", 288.15, 410, "K"),
    ),
    ("ln_k", lambda T: equilibrium.ln_k(NO2, T), "Gibbs energy of NO2 gas", 200, 1300, "K"),
    ("heat", lambda T: equilibrium.heat(NO2, T, "hot"), "enthalpy of NO2 gas", 1000, 6000, "K"),
    *(
        (
            f"nox {r}",
            lambda T, r=r: equilibrium.nox_ln_k(r, T),
            f"constant of {r}",
            *NOX.get(r, LIQUID),
        )
        for r in equilibrium.nox_reactions()
    ),
    ("rate", equilibrium.no_oxidation_rate_constant, "oxidation of NO", 273.15, 450, "K"),
    ("ratio", lambda T: equilibrium.gas_liquid_ratio(3.0, T), "of water", 273.15, 473.15, "K"),
    ("humid", lambda t: equilibrium.humid_air_enthalpy(t, 0.01), "humid air", -20, 80, "C"),
    ("E0", lambda T: electro.standard_potential(NITRATE, T), POTENTIAL, 273.15, 373.15, "K"),
    ("nernst", lambda T: electro.nernst(NITRATE, {}, T), POTENTIAL, 273.15, 373.15, "K"),
    (
        *("reversible", lambda T: electro.reversible_voltage(NITRATE, OER, T)),
        *(f"potential of {OER.text}", 273.15, 373.15, "K"),
    ),
    ("RHE", lambda T: electro.scale_zero("RHE", 14.0, T), "hydrogen electrode", 250, 480, "K"),
    (
        *("convert", lambda T: electro.convert(0.1, "SHE", "RHE", 14.0, T)),
        *("reversible hydrogen electrode", 250, 480, "K"),
    ),
    ("org.enthalpy", lambda T: organic.enthalpy("KPF6", T), "KPF6", 253.15, 353.15, "K"),
    ("org.volume", lambda T: organic.molar_volume("NH3", T), "volume of NH3", 253.15, 353.15, "K"),
    *(
        (
            f"{f.__name__} {n}",
            lambda T, f=f, n=n: f(n, T),
            f"vapour pressure of {n}",
            low,
            high,
            "K",
        )
        for f in (organic.ln_vapour_pressure, organic.vapour_pressure, organic.ln_henry)
        for n, low, high in (("acetonitrile", 280, 355), ("methanol", 263, 356))
    ),
    ("org.water", lambda T: organic.ln_henry("H2O", T), "pressure of water", 253.15, 640, "K"),
    *(
        (f"org.{n}", lambda T, n=n: organic.ln_henry(n, T), f"volatility of {n} from", *SOLVENT)
        for n in ("NH3", "formaldehyde")
    ),
    ("solid.enthalpy", lambda T: solid.enthalpy("KNO3(s)", T), "of KNO3(s)", 253.15, 400, "K"),
    *(
        (f"solubility {n}", lambda T, n=n: solid.solubility(n, T), f"solubility of {n}", a, b, "K")
        for n, a, b in (
            *((n, 273.15, 373.15) for n in ("(NH4)2SO4(s)", "NH4Cl(s)", "KNO3(s)", "N2H6SO4(s)")),
            *((n, 273.15, 373.15) for n in ("N2H5Cl(s)", "N2H6Cl2(s)", "benzophenone(s)")),
            *((n, 273.15, 373.15) for n in ("NH4NO3(s)", "NH4H2PO4(s)")),
            *(("(N2H5)2SO4(s)", 298.15, 333.15), ("NH4HCO3(s)", 273.15, 313.15)),
            ("KHCO3(s)", 273.15, 343.15),
            *(("(NH4)2HPO4(s)", 273.15, 333.15), ("KOH(s)", 293.15, 373.15)),
            ("benzophenone azine(s)", 253.15, 353.15),
        )
    ),
    (
        *("other N2H5Cl", lambda T: solid.solubility("N2H5Cl(s)", T, alternative=True)),
        *("solubility of N2H5Cl(s)", 273.15, 373.15, "K"),
    ),
]
EACH = pytest.mark.parametrize(
    ("function", "name", "low", "high", "unit"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)


def words(name: str, low: float, high: float, unit: str) -> str:
    return re.escape(name) + ".* holds? from " + re.escape(f"{low:g} to {high:g} {unit};")


@EACH
def test_numbers_and_arrays_hold_to_the_ends_and_are_refused_beyond(
    function: Callable[[Any], Any], name: str, low: float, high: float, unit: str
) -> None:
    inside = np.array([low, (low + high) / 2, high])
    values = np.broadcast_to(function(inside), 3)  # what does not depend on it stays a float
    assert np.isfinite(values).all()
    assert [float(function(float(x))) for x in inside] == pytest.approx(values.tolist())
    step = 1e-4 * (high - low)
    for beyond in (low - step, high + step, math.nan):
        with pytest.raises(Refusal, match=words(name, low, high, unit)):
            function(beyond)
        with pytest.raises(Refusal, match=words(name, low, high, unit) + ".*1 of 4 values"):
            function(np.append(inside, beyond))


@EACH
def test_a_variable_is_bounded_outside_of_plants_and_left_alone_in_them(
    function: Callable[[Any], Any], name: str, low: float, high: float, unit: str
) -> None:
    model = pyo.ConcreteModel()
    model.x = pyo.Var(initialize=(low + high) / 2)
    with used.extrapolating():
        function(model.x)
    assert model.x.bounds == (None, None)
    with used.recording() as found:
        function(model.x)
    assert model.x.bounds == (None, None)
    if unit == "K":
        assert (low, high) in [(u.low, u.high) for u in found.values()]
    assert pyo.value(function(model.x)) == pytest.approx(function((low + high) / 2))
    assert model.x.bounds == pytest.approx((low, high))


def test_every_solubility_and_species_is_in_the_table() -> None:
    """Solids with a solubility that the table above does not hold would go untested."""
    from noxplant.species.numbers import read

    tested = {c[0].removeprefix("solubility ") for c in CASES if c[0].startswith("solubility ")}
    assert tested == set(read("solid")["solubility"])


@pytest.mark.parametrize(
    ("celsius", "function"),
    [
        (25.0, lambda T: aqueous.ln_beta("NH4+", T)),
        (150.0, lambda T: aqueous.ln_henry("NH3", T)),  # also where the Celsius is out of range
        (60.0, lambda T: electro.standard_potential(NITRATE, T)),
        (-10.0, lambda T: water.density(T)),
    ],
)
def test_celsius_is_suspected(celsius: float, function: Callable[[Any], Any]) -> None:
    hint = f"Temperatures are in K: {celsius:g} C is {celsius + 273.15:g} K"
    with pytest.raises(Refusal, match=hint):
        function(celsius)
    with pytest.raises(Refusal, match=hint):
        function(np.array([298.15, celsius]))


def test_no_celsius_is_suspected_above_200_kelvin() -> None:
    with pytest.raises(Refusal, match=r"(?s)asked at 230 K\.(?!.*Temperatures are in K)"):
        aqueous.ln_beta("NH4+", 230.0)


def test_ratios_are_refused_in_numbers() -> None:
    assert excess.excess_enthalpy("KOH", 18.5, 1.0) > 0
    with pytest.raises(Refusal, match="enthalpy of KOH holds from 0 to 18.5 mol/kg; .* at 19 mol"):
        excess.excess_enthalpy("KOH", 19.0, 1.0)
    assert excess.sulfuric_acid_enthalpy(1.0, 50.0, 300.0) < 0
    with pytest.raises(Refusal, match=r"sulfuric acid \(water per acid\) holds from 0 to 50 mol"):
        excess.sulfuric_acid_enthalpy(1.0, 51.0, 300.0)
    with pytest.raises(Refusal, match=r"sulfuric acid \(water per acid\).*1 of 2 values"):
        excess.sulfuric_acid_enthalpy(1.0, np.array([2.0, 51.0]), 300.0)


def test_an_expression_of_several_variables_cannot_be_bounded() -> None:
    model = pyo.ConcreteModel()
    model.x, model.y = pyo.Var(initialize=150.0), pyo.Var(initialize=150.0)
    with pytest.raises(ModelError, match="density of water holds.*cannot be bounded"):
        water.density(model.x + model.y)


def test_functions_of_floats_alone() -> None:
    assert equilibrium.no_oxidation_time(450.0, 1e3, 1e4, 0.5) > 0
    with pytest.raises(Refusal, match="oxidation of NO holds from 273.15 to 450 K"):
        equilibrium.no_oxidation_time(451.0, 1e3, 1e4, 0.5)
    with pytest.raises(Refusal, match="oxidation of NO holds from 273.15 to 450 K"):
        equilibrium.no_oxidation_conversion(451.0, 1e3, 1e4, 1.0)
    totals = {"nitrogen": 1e-3, "nitric_oxide": 5e-4, "water": 0.01, "inert": 1.0}
    assert nox.speciate(373.15, ATMOSPHERE, **totals).NO2 > 0
    with pytest.raises(Refusal, match="constant of .* holds from 273.15 to 373.15 K"):
        nox.speciate(374.0, ATMOSPHERE, **totals)


# what the wider ranges rest on -----------------------------------------------------------
@pytest.mark.oracle
@pytest.mark.parametrize("T", [253.15, 258.0, 263.15, 268.0, 273.15])
def test_supercooled_water_against_murphy_and_koop(T: float) -> None:
    """Q. J. R. Meteorol. Soc. 131 (2005) 1539, equation 10, made for 123 to 332 K."""
    first = 54.842763 - 6763.22 / T - 4.210 * math.log(T) + 0.000367 * T
    second = 53.878 - 1331.22 / T - 9.44523 * math.log(T) + 0.014025 * T
    theirs = math.exp(first + math.tanh(0.0415 * (T - 218.8)) * second)
    assert water.saturation_pressure(T) == pytest.approx(theirs, rel=8e-4)


@pytest.mark.oracle
def test_hydrogen_chloride_below_the_source() -> None:
    """A diatomic gas far from its vibration has 7/2 R; its polynomial is made for 300 K and up."""
    for T in (200.0, 250.0, 300.0):
        assert gas.heat_capacity("HCl", T) == pytest.approx(3.5 * GAS_CONSTANT, rel=4e-3)


@pytest.mark.oracle
@pytest.mark.parametrize("t", [-20.0, 0.1, 25.0, 50.0, 80.0])
@pytest.mark.parametrize("humidity", [0.0, 0.5, 1.0])
def test_humid_air_over_its_range(t: float, humidity: float) -> None:
    cp = pytest.importorskip("CoolProp.CoolProp")
    T = t + 273.15
    w = cp.HAPropsSI("W", "T", T, "P", ATMOSPHERE, "R", humidity)
    h = cp.HAPropsSI("H", "T", T, "P", ATMOSPHERE, "R", humidity)
    zero = cp.HAPropsSI("H", "T", 273.15, "P", ATMOSPHERE, "R", 0.0)
    assert equilibrium.humid_air_enthalpy(t, w) == pytest.approx(h - zero, rel=3e-3)


# the context ------------------------------------------------------------------------------
def refuses() -> bool:
    try:
        water.density(500.0)
    except Refusal:
        return True
    return False


def broken_off(context: Callable[[], Any]) -> None:
    with context():
        assert not refuses()
        raise ZeroDivisionError


def test_the_context_ends_with_its_block_also_by_an_exception() -> None:
    assert refuses()
    for context in (used.extrapolating, used.recording):
        with pytest.raises(ZeroDivisionError):
            broken_off(context)
        assert refuses()
    with used.extrapolating():
        with used.recording():
            assert not refuses()
        assert not refuses()
    assert refuses()
    assert used._recorded == []


def test_the_context_is_that_of_one_thread() -> None:
    seen: list[bool] = []
    with used.extrapolating():
        thread = threading.Thread(target=lambda: seen.append(refuses()))
        thread.start()
        thread.join()
    assert seen == [True]


def test_a_plant_that_fails_leaves_no_context() -> None:
    plant = routes.load(WARM, values={"H-101.temperature": 400.0})
    with pytest.raises(Refusal, match="boils"):
        plant.solve()
    assert refuses()


# plants -----------------------------------------------------------------------------------
def test_a_small_plant_solves_beyond_its_data_and_says_so() -> None:
    plant = routes.load(WARM, values={"F-101.lye": 8.0, "H-101.temperature": 375.0})
    solution = plant.solve()
    for data in ("equilibrium constants", "heat capacities"):
        text = f"H-101: {data} in water are extrapolated: used at 375.00 K, stated for 273.15 to"
        assert [w for w in solution.warnings if w.startswith(text)]
    assert plant.built is not None
    hot = plant.built.streams["hot lye"]
    # Looking at the solved plant refuses nothing and bounds nothing either.
    assert hot.temperature.value == pytest.approx(375.0)
    _ = hot.enthalpy_flow, hot.volume_flow, hot.equilibrium_pressure("H2O")
    _ = hot.truth.enthalpy_flow()
    assert picture(hot).enthalpy == pytest.approx(pyo.value(hot.enthalpy_flow), rel=1e-9)
    state = of_stream(hot)
    assert state is not None
    assert state.bubble_temperature > 375.0
    with followed(plant, {"H-101.temperature": 376.0}) as end:
        assert end.arrived
        assert not refuses()
    assert hot.temperature.bounds == (250.0, 480.0)
    assert refuses()


def test_a_plant_inside_its_data_does_not_warn() -> None:
    assert not [w for w in routes.load(WARM).solve().warnings if "extrapolated" in w]


def test_a_shipped_route_solves_and_names_what_it_extrapolates() -> None:
    solution = routes.load("nitrate-to-hydrazine").solve()
    found = [w for w in solution.warnings if "are extrapolated: used at" in w]
    for text in (
        "C-101: Henry constants in water",
        "C-101: equilibrium constants in water",
        "D-201: vapour pressures of acetonitrile",
    ):
        assert [w for w in found if w.startswith(text)], (text, found)
    assert refuses()


def test_settling_a_stream_is_part_of_a_plant() -> None:
    truth, _ = settle({"H2O": 55.5, "N(-3)": 1.0}, 400.0)
    assert math.isfinite(float(truth.enthalpy_flow()))
    with pytest.raises(Refusal, match="enthalpy of H2O in water holds"):
        aqueous.enthalpy("H2O", 400.0)
