import math

import numpy as np
import pytest
from scipy.optimize import fsolve

from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.recovery import air_stripper
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import aqueous, equilibrium, water
from noxplant.units.air_stripper import AirStripper
from noxplant.units.feed import Feed

DRY = 0.0289652  # kg/mol of dry air


def plant(liquid, gas, hot, cold=298.15, stages=3, **options):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", liquid, temperature=hot))
    b = p.add(Feed("B", "gas", gas, temperature=cold))
    u = p.add(AirStripper("U", stages=stages, **options))
    p.connect(a.out, u.liquid, "liquid")
    p.connect(b.out, u.gas, "gas")
    return p


def humid(mass, celsius=25.0, humidity=0.5):
    """Humid air, kg dry air per second, without carbon dioxide."""
    n = mass / DRY
    p = humidity * water.saturation_pressure(celsius + 273.15)
    return {"N2": 0.7812 * n, "O2": 0.2095 * n, "Ar": 0.0093 * n, "H2O": n * p / (101325.0 - p)}


def case_f(stages=3, celsius=50.0, air=1.0):
    """Case F of the ammonia note; pH 12 at 25 C."""
    liquid = {"H2O": 55.508, "NH3": 0.5, "KOH": 0.01}
    return plant(liquid, humid(air), celsius + 273.15, stages=stages).solve()


def humid_air_stages(stages, celsius, air, osmotic):
    """Case F by psychrometry, apart from the library: temperatures from the top, C, and removal.

    h = 1.006 t + W (2501 + 1.86 t) kJ/kg, water 4.18 kJ/kg/K, NH3 34.18 kJ/mol, Edwards' Henry
    constant, pH 12. With `osmotic` 1 dissolved ammonia lowers the vapour pressure of water; with
    0, as in the note, it does not.
    """
    n_air, vapour = air / DRY, humid(air)["H2O"]

    def residuals(x):
        t, water_out, nh3_out = x.reshape(3, stages)
        liquid = [(55.508, 0.5, celsius), *zip(water_out, nh3_out, t, strict=True)]
        gas = []
        for n in range(stages):  # gas that leaves stage n, by balance from the bottom
            gas.append((vapour + liquid[n][0] - water_out[-1], liquid[n][1] - nh3_out[-1], t[n]))
        gas.append((vapour, 0.0, 25.0))
        out = []
        for n in range(stages):
            (w0, _, t0), (w1, a1, t1), (v1, g1, _), (v0, g0, tg) = (
                liquid[n], liquid[n + 1], gas[n], gas[n + 1],
            )  # fmt: skip
            kelvin, molal = t1 + 273.15, a1 / (w1 * 0.01801528)
            ln_kh = -157.552 / kelvin + 28.1001 * math.log(kelvin) - 0.049227 * kelvin - 149.006
            total = n_air + v1 + g1
            free = 1 / (1 + 10 ** (2835.76 / kelvin - 0.6322 + 0.001225 * kelvin - 12.0))
            p_w = water.saturation_pressure(kelvin) * math.exp(-osmotic * 0.018015 * molal)
            out.append(v1 * 101325.0 / total / p_w - 1)
            out.append(g1 / total / (free * molal * math.exp(ln_kh)) - 1)

            def heat(v, temperature):
                return air * 1.006 * temperature + 0.018015 * v * (2501 + 1.86 * temperature)

            loss = 4.18 * 0.018015 * (w0 * t0 - w1 * t1)
            out.append((loss - heat(v1, t1) + heat(v0, tg) - 34.18 * (g1 - g0)) / 50.0)
        return np.array(out)

    falls = np.linspace(celsius - 12, 25.0, stages) if stages > 1 else np.array([33.0])
    start = np.concatenate([falls, np.full(stages, 54.0), np.linspace(0.35, 0.2, stages)])
    found = fsolve(residuals, start, xtol=1e-12).reshape(3, stages)
    return found[0], 1 - found[2][-1] / 0.5


@pytest.mark.parametrize(
    ("stages", "celsius", "air", "note", "removal"),
    [
        (3, 50.0, 1.0, [37.684, 30.249, 24.180], 0.70964),
        (1, 50.0, 1.0, [32.914], 0.46827),
        (3, 60.0, 0.8, [None, None, 27.595], 0.73058),
    ],
)
def test_case_f_adiabatic_stages(stages, celsius, air, note, removal):
    # Note 4 F and 5.2. The note leaves out that dissolved ammonia lowers the vapour pressure of
    # water by 0.9 %, which is worth 0.2 K; so does the reference here, for the note's figures.
    t, gone = humid_air_stages(stages, celsius, air, 0.0)
    for a, b in zip(t, note, strict=True):
        assert b is None or a == pytest.approx(b, abs=0.05)
    assert gone == pytest.approx(removal, abs=1e-3)
    t, gone = humid_air_stages(stages, celsius, air, 1.0)
    liquid = {"H2O": 55.508, "NH3": 0.5, "KOH": 0.01}
    p = plant(liquid, humid(air), celsius + 273.15, stages=stages)
    s = p.solve()
    found = [x.temperature.value - 273.15 for x in p.units["U"].down]
    found.append(s.stream("U.liquid_out").temperature - 273.15)
    assert found == pytest.approx(list(t), abs=0.1)
    assert s["U.removal"] == pytest.approx(gone, abs=2e-3)
    if note[0] and stages == 3:
        left = s.stream("U.liquid_out").totals["H2O"] / 55.508
        assert left == pytest.approx(0.96667, abs=5e-4)


@pytest.mark.parametrize("stages", [2, 5])
def test_dilute_isothermal_is_kremser(stages):
    # Note 4 D: water of 20 C and saturated air of 20 C, traces of ammonia: K is constant.
    p = water.saturation_pressure(293.15)
    n = 1500.0
    gas = {"N2": n, "H2O": n * p / (101325.0 - p)}
    s = plant({"H2O": 1e3, "NH3": 1e-5, "KOH": 1.0}, gas, 293.15, 293.15, stages).solve()
    henry = math.exp(aqueous.ln_henry("NH3", 293.15)) / (1e3 * 0.01801528)
    factor = henry * (gas["N2"] + gas["H2O"]) / 101325.0
    left = equilibrium.kremser_remaining(factor, stages)
    assert 1 - s["U.removal"] == pytest.approx(left, rel=2e-3)


def test_carbon_dioxide_takes_alkalinity():
    s = air_stripper().solve()
    assert s["U.carbon_dioxide_absorbed"] == pytest.approx(0.0145, rel=1e-3)
    assert s.stream("U.liquid_out").totals["C(4)"] == pytest.approx(0.0145, rel=1e-3)
    assert s.stream("U.liquid_out").ph < s.stream("liquor").ph - 0.5


def test_responses():
    base = case_f()
    assert case_f(stages=5)["U.removal"] > base["U.removal"]
    assert case_f(air=1.5)["U.removal"] > base["U.removal"]
    assert case_f(celsius=60.0)["U.water_evaporated"] > base["U.water_evaporated"]
    low = plant({"H2O": 55.5, "NH3": 0.5, "H2SO4": 0.25}, humid(1.0), 323.15).solve()
    assert low["U.removal"] < 0.01  # ammonium does not leave


def test_pressure_falls_from_bottom_to_top():
    s = plant({"H2O": 55.5, "NH3": 0.5}, humid(1.0), 323.15, pressure_drop=3e3).solve()
    assert s.stream("U.gas_out").pressure == pytest.approx(98325.0)
    assert s.stream("U.liquid_out").pressure == pytest.approx(100325.0)


def test_errors():
    with pytest.raises(SpecError, match="U.stages = 2.5: give a whole number"):
        AirStripper("U", stages=2.5)
    with pytest.raises(SpecError, match="at least 1"):
        AirStripper("U", stages=0)
    with pytest.raises(ModelError, match=r"the liquid brings no ammonia, N\(-3\)"):
        plant({"H2O": 55.5}, humid(1.0), 300.0).build()
    with pytest.raises(Refusal, match="would cool to .* K and freeze"):
        plant({"H2O": 20.0, "NH3": 0.5}, humid(2.0, 0.0, 0.2), 283.15, 273.15).solve()
