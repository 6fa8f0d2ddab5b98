import math

import pytest
from scipy.optimize import minimize_scalar
from scipy.special import lambertw

from noxplant.electrolysis import galvanic
from noxplant.electrolysis.photovoltaic import Module, cell_temperature
from noxplant.errors import Refusal, SpecError
from noxplant.examples.stacks import photovoltaic_array

K_OVER_E = 8.617333262e-5
IDEAL = Module(9.0, 38.0, 60, 1.2, 0.0, 1.65)
REAL = Module(9.0, 38.0, 60, 1.2, 0.30, 1.65, 0.0005, -0.003)


def test_data_sheet_points():
    assert IDEAL.current(0.0, 1000.0) == pytest.approx(9.0)
    assert IDEAL.current(38.0, 1000.0) == pytest.approx(0.0, abs=1e-9)
    assert REAL.highest(1000.0) == pytest.approx(38.0)
    warm = 298.15 + 30
    assert REAL.highest(1000.0, warm) == pytest.approx(38.0 * (1 - 0.003 * 30), rel=1e-6)
    assert REAL.current(-1.0, 1000.0, warm) == pytest.approx(9.0 * (1 + 0.0005 * 30), rel=1e-6)


def test_peak_by_lambert():
    # Closed form without resistance: U = a (W(e (I_L + I_0) / I_0) - 1).
    a = 1.2 * 60 * K_OVER_E * 298.15
    dark = 9.0 / math.expm1(38.0 / a)
    for light in (1000.0, 200.0):
        i = 9.0 * light / 1000
        U = a * (lambertw(math.e * (i + dark) / dark).real - 1)
        found = IDEAL.peak(light)
        assert found[0] == pytest.approx(U, rel=1e-5)
        assert found[2] == pytest.approx(U * (i - dark * math.expm1(U / a)), rel=1e-8)


def test_series_resistance_by_lambert():
    # Closed form with resistance (Jain and Kapoor 2004).
    a, R = 1.2 * 60 * K_OVER_E * 298.15, 0.30
    dark = 9.0 / math.expm1(38.0 / a)
    for U in (5.0, 25.0, 30.0, 34.0):
        w = lambertw(dark * R / a * math.exp((U + R * (9.0 + dark)) / a)).real
        plain = Module(9.0, 38.0, 60, 1.2, R, 1.65)
        assert plain.current(U, 1000.0) == pytest.approx(9.0 + dark - a / R * w, rel=1e-8)


def test_power_falls_with_temperature_and_irradiance():
    full, warm, dim = REAL.peak(1000.0)[2], REAL.peak(1000.0, 323.15)[2], REAL.peak(200.0)[2]
    assert warm < full
    assert dim < full / 4.5
    assert REAL.peak(0.0) == (0.0, 0.0, 0.0)
    fill = full / 9.0 / 38.0
    assert 0.65 < fill < 0.85


def test_direct_coupling_to_a_stack():
    # A stack drawing I = (U - 1.6 n) / R n: against a dense search.
    n, R = 16, 0.02

    def load(U):
        return max(U - 1.6 * n, 0.0) / (R * n)

    U, i = galvanic.operating_point(
        lambda U: REAL.current(U, 800.0), load, REAL.highest(800.0)
    )  # fmt: skip
    off = minimize_scalar(
        lambda U: abs(REAL.current(U, 800.0) - load(U)), bounds=(25.0, 33.0), method="bounded",
        options={"xatol": 1e-9},
    )  # fmt: skip
    assert pytest.approx(off.x, abs=1e-5) == U
    assert i == pytest.approx(load(U), rel=1e-9)
    with pytest.raises(Refusal, match="Put more cells of the source in series"):
        galvanic.operating_point(
            lambda U: REAL.current(U, 800.0), lambda U: max(U - 50.0, 0.0), REAL.highest(800.0)
        )


def test_array():
    s = photovoltaic_array().solve()
    # 45 C nominal cell temperature at 800 W/m2: 25 K above the air, here at 25 C.
    assert s["U.cell_temperature"] == pytest.approx(cell_temperature(800.0, 298.15, 318.15))
    assert s["U.delivered"] == pytest.approx(800.0 * 1000.0 * 0.2 * (1 - 0.0035 * 25) * 0.96)
    assert s["U.power"] + s["U.light"] == pytest.approx(0.0)


def test_the_array_follows_the_module():
    # Data sheet of the module as efficiency and coefficient: within 2 % from 0 to 50 K above 25 C.
    full = REAL.peak(1000.0)[2]
    warm = REAL.peak(1000.0, 323.15)[2]
    coefficient = (warm / full - 1) / 25
    for dT in (10.0, 50.0):
        law = full * (1 + coefficient * dT)
        assert law == pytest.approx(REAL.peak(1000.0, 298.15 + dT)[2], rel=0.02)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Module(9.0, 38.0, 60, 1.2, -0.1, 1.0), SpecError, "series resistance of 0 or"),
        (lambda: REAL.current(1.0, -5.0), Refusal, "irradiance of -5 W/m2"),
        (lambda: REAL.current(1.0, 100.0, 25.0), Refusal, "at 25 K lies outside"),
    ],
)
def test_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_a_coefficient_that_turns_power_round_is_refused():
    p = photovoltaic_array()
    p.set("U.temperature_coefficient", -0.02)
    p.set("U.air_temperature", 329.0)
    with pytest.raises(Refusal, match="linear law does not hold there"):
        p.solve()
