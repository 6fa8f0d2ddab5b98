import numpy as np
import pytest
from scipy.integrate import solve_ivp

from noxplant.constants import FARADAY
from noxplant.electrolysis import kinetics, pulsed
from noxplant.electrolysis.kinetics import Line
from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.electro import around
from noxplant.examples.stacks import COMMON, LINES, pulsed_cell, tafel
from noxplant.species import Reaction
from noxplant.units.plug_flow_cell import PlugFlowCell
from noxplant.units.pulsed_cell import PulsedCell

FIRST, SECOND, H2 = "NO3- -> NO2-", "NO2- -> NH3", "H2O -> H2"
SERIES = {
    FIRST: Reaction.parse("NO3- + H2O + 2 e- -> NO2- + 2 OH-"),
    SECOND: Reaction.parse("NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-"),
    H2: kinetics.HYDROGEN,
}
TAFEL = {
    FIRST: Line(300.0, -0.25, 0.12),
    SECOND: Line(900.0, -0.25, 0.10),
    H2: Line(3.0, -0.25, 0.13),
}
BULK, K, T = {"NO3-": 500.0, "N(3)": 20.0}, 2e-5, 298.15
PHASES = ((0.4, -0.35), (0.6, -0.05))


def film(period, pulses):
    """Mean currents of a film that stores: D/k dc/dt = k (c_b - c) - rates; integrated over pulses."""
    thick = 1.902e-9 / K
    a = []
    for _, E in PHASES:
        i = {r: x.current * 10 ** ((x.potential - E) / x.slope) for r, x in TAFEL.items()}
        a.append((i[FIRST] / (2 * FARADAY * 1e3), i[SECOND] / (6 * FARADAY * 1e3), i[H2]))

    def slope(_, y, a1, a2):
        v1, v2 = a1 * y[0], a2 * y[1]
        return [(K * (500.0 - y[0]) - v1) / thick, (K * (20.0 - y[1]) + v1 - v2) / thick, v1, v2]

    y, start = np.array([500.0, 20.0, 0.0, 0.0]), np.zeros(4)
    for n in range(pulses):
        if n == pulses // 2:
            start = y.copy()  # what comes before is the way to the periodic state
        for (share, _), (a1, a2, _) in zip(PHASES, a, strict=True):
            found = solve_ivp(
                slope,
                (0.0, share * period),
                y,
                args=(a1, a2),
                rtol=1e-9,
                atol=1e-12,
                method="LSODA",
            )
            y = found.y[:, -1]
    time = (pulses - pulses // 2) * period
    mean = (y - start) / time
    hydrogen = sum(s * x[2] for (s, _), x in zip(PHASES, a, strict=True))
    return {FIRST: 2 * FARADAY * mean[2], SECOND: 6 * FARADAY * mean[3], H2: hydrogen}


def test_long_pulses_against_the_film_in_time():
    exact = film(4000.0, 2)
    found = pulsed.slow(SERIES, TAFEL, BULK, K, PHASES, T)
    for r in SERIES:
        assert found[r] == pytest.approx(exact[r], rel=5e-3), r


def test_short_pulses_against_the_film_in_time():
    exact = film(0.02, 4000)
    found = pulsed.fast(SERIES, TAFEL, BULK, K, PHASES, T)
    for r in SERIES:
        assert found[r] == pytest.approx(exact[r], rel=5e-3), r


def test_every_period_lies_between():
    a = pulsed.slow(SERIES, TAFEL, BULK, K, PHASES, T)
    b = pulsed.fast(SERIES, TAFEL, BULK, K, PHASES, T)
    assert b[FIRST] > 1.1 * a[FIRST]  # the rest fills the film for the next pulse
    for period, pulses in ((1.0, 40), (10.0, 10)):
        mean = film(period, pulses)
        assert a[FIRST] < mean[FIRST] < b[FIRST]


def test_one_phase_is_no_pulse():
    part, _ = kinetics.polarise(SERIES, TAFEL, BULK, K, -0.3, T)
    for mean in (pulsed.slow, pulsed.fast):
        found = mean(SERIES, TAFEL, BULK, K, ((0.3, -0.3), (0.7, -0.3)), T)
        assert found == pytest.approx(part)
    with pytest.raises(SpecError, match="add up to 1, not 0.9"):
        pulsed.slow(SERIES, TAFEL, BULK, K, ((0.4, -0.3), (0.5, 0.0)), T)


def test_time_of_a_film():
    assert pulsed.film_time(2e-5) == pytest.approx(4.755, rel=1e-3)


def cell(**changes):
    left_out = ("segments", "current_density")
    given = {k: x for k, x in COMMON.items() if k not in left_out}
    given |= {"membrane_resistance": 1.5e-4, "water_drag": 5.0, "duty_cycle": 0.6, "period": 30.0}
    given |= {"cathode_potential": {"pulse": -0.30, "rest": 0.10}, **tafel(*LINES), **changes}
    return around(PulsedCell("U", **given), "p")


def test_the_cell_is_the_mean_of_its_phases():
    s = pulsed_cell().solve()
    reactions = {r: x for r, x in PulsedCell("x").chemistry.cathode.items()}
    lines = {r: Line(LINES[r][0], LINES[r][1], LINES[r][2], LINES[r][3]) for r in reactions}
    out = s.stream("U.catholyte_out")
    volume = out.content("NO3-") / _concentration(s)
    bulk = {c: out.content(c) / volume for c in ("NO3-", "N(3)")}
    found = pulsed.slow(reactions, lines, bulk, 2e-5, ((0.6, -0.30), (0.4, 0.10)), 313.15)
    for r, i in found.items():
        assert s[f"U.charge_share[{r}]"] * s["U.current_density"] == pytest.approx(i, rel=1e-6)
    power = sum(
        120.0 * x * s[f"U.local_current_density[{k}]"] * s[f"U.phase_voltage[{k}]"]
        for k, x in (("pulse", 0.6), ("rest", 0.4))
    )
    assert s["U.power"] == pytest.approx(power, rel=1e-9)
    assert s["U.voltage"] * s["U.current"] == pytest.approx(power, rel=1e-9)


def _concentration(s):
    from noxplant.streams.speciation import settle
    from noxplant.thermo import aqueous

    out = s.stream("U.catholyte_out")
    keys = ("H2O", "K+", "NO3-", "N(3)", "N(-3)")
    truth, _ = settle({k: out.content(k) for k in keys}, 313.15)
    return out.content("NO3-") / aqueous.volume_flow(truth.flow, 313.15)


def test_every_phase_is_beyond_equilibrium():
    # Hydrogen at +0.10 V in the rest is impossible; over both phases it is most of it in the pulse.
    lines = tafel(*LINES)
    lines["reference_current"] = {**lines["reference_current"], H2: 50.0}
    p = cell(**lines, duty_cycle=0.05, cathode_potential={"pulse": -0.05, "rest": 0.10})
    with pytest.raises(Refusal, match=r"H2 is given .* at 0.1 V against RHE in the rest, where"):
        p.solve()


def test_a_phase_without_current_is_no_matter():
    # At +0.6 V in the rest all lines together give less than 1 % of the mean current.
    s = cell(cathode_potential={"pulse": -0.30, "rest": 0.60}).solve()
    mean = s["U.current_density"]
    assert 0 < s["U.local_current_density[rest]"] < 0.01 * mean


def test_two_equal_phases_are_the_stirred_cell():
    steady = cell(cathode_potential={"pulse": -0.30, "rest": -0.30}).solve()
    given = {k: x for k, x in COMMON.items() if k != "segments"}
    given |= {"membrane_resistance": 1.5e-4, "water_drag": 5.0, **tafel(*LINES)}
    given["current_density"] = steady["U.current_density"]
    other = around(PlugFlowCell("U", segments=1, **given), "q").solve()
    assert other["U.cathode_potential[1]"] == pytest.approx(-0.30, abs=1e-8)
    for path in ("U.voltage", "U.power", "U.duty", "U.conversion[NO3-]", f"U.extent[{SECOND}]"):
        assert steady[path] == pytest.approx(other[path], rel=1e-7), path


def test_short_periods_are_told():
    assert any("lasts 2 s, the film" in w for w in cell(period=5.0).solve().warnings)
    assert pulsed_cell().solve().warnings == ()


def test_refused():
    with pytest.raises(ModelError, match="has no dissolved reactant"):
        PulsedCell("U", cathode=("2 H2O + 2 e- -> H2 + 2 OH-",))
    with pytest.raises(SpecError, match=r"duty_cycle = 1 lies outside \(0, 1\)"):
        PulsedCell("U", duty_cycle=1.0)
