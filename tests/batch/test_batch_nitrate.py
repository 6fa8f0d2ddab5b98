"""Batch nitrate electrolysis: closed forms, a separately written SciPy ODE, limits and messages."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from noxplant.batch import NitrateCell, shipped
from noxplant.batch.nitrate_laws import charge_of
from noxplant.constants import FARADAY
from noxplant.errors import Refusal, SpecError
from noxplant.examples.stacks import tafel

DIRECT, FIRST, SECOND, H2, O2 = (
    "NO3- -> NH3", "NO3- -> NO2-", "NO2- -> NH3", "H2O -> H2", "H2O -> O2",
)  # fmt: skip
T = 298.15
BASE = {
    "catholyte_volume": 25e-6, "anolyte_volume": 25e-6, "nitrate": 100.0, "nitrite": 0.0,
    "catholyte_hydroxide": 1000.0, "anolyte_hydroxide": 1000.0, "temperature": T,
    "cathode_area": 1e-4, "anode_area": 1e-4, "membrane_area": 3e-4, "mass_transfer": 1e-5,
    "membrane_resistance": 1.5e-4, "cathode_gap": 0.02, "anode_gap": 0.02, "water_drag": 5.0,
    "ammonia_permeance": 2e-8,
}  # fmt: skip


def cell(currents=None, **changes):
    lines = tafel(DIRECT, FIRST, SECOND, H2, O2)
    lines["reference_current"] = {**lines["reference_current"], **(currents or {})}
    return NitrateCell(**{**BASE, **lines, **changes})


def quiet(**changes):
    """Hardly any hydrogen, no direct path, little nitrate: the volume does not change."""
    none = {H2: 1e-12, DIRECT: 1e-12}
    return cell(none, nitrate=0.1, water_drag=0.0, ammonia_permeance=0.0, **changes)


def rate(line_of, reaction, potential):
    """Surface rate constant of a first-order branch, m/s, by hand."""
    i, E, b = (
        line_of[k][reaction] for k in ("reference_current", "reference_potential", "tafel_slope")
    )
    n = {DIRECT: 8, FIRST: 2, SECOND: 6, H2: 2}[reaction]
    return i * 10 ** ((E - potential) / b) / (n * FARADAY * 1000.0)


def test_a_to_b_to_c_in_closed_form():
    # Nitrate through the film to nitrite, of which a part escapes: linear, so two exponentials.
    c, E = quiet(), -0.15
    lines = {k: getattr(c, k) for k in ("reference_current", "reference_potential", "tafel_slope")}
    k, k1, k2 = 1e-5, rate(lines, FIRST, E), rate(lines, SECOND, E)
    run = c.at_potential(E, 30 * 3600.0)
    per = c.cathode_area / c.catholyte_volume
    a, b, escapes = per * k * k1 / (k + k1), per * k * k2 / (k + k2), k / (k + k2)
    t = run.time
    nitrate = np.exp(-a * t)
    nitrite = escapes * a / (b - a) * (np.exp(-a * t) - np.exp(-b * t))
    fed = 0.1 * 25e-6
    assert run.column("n(catholyte.NO3-)") / fed == pytest.approx(nitrate, abs=2e-6)
    assert run.column("n(catholyte.NO2-)") / fed == pytest.approx(nitrite, abs=2e-6)
    assert nitrite.max() > 0.1  # the intermediate is there to be seen


def test_at_the_limiting_current_the_film_alone_counts():
    c = quiet()
    run = c.at_potential(-1.0, 20 * 3600.0)
    left = math.exp(-1e-5 * 1e-4 / 25e-6 * 20 * 3600.0)
    assert run["nitrate left"] == pytest.approx(left, rel=1e-5)
    assert run["nitrite left"] < 1e-6
    # Ten times as long nothing is left, and nothing below nothing.
    long = c.at_potential(-1.0, 200 * 3600.0)
    for name in ("n(catholyte.NO3-)", "n(catholyte.NO2-)"):
        assert long.column(name).min() > -1e-9 * 0.1 * 25e-6
    assert 0 <= long["nitrate left"] + 1e-9 < 1e-8


def test_potash_balance_of_the_note():
    # 25 mL of 1 mol/L fall to 0.20 mol/L when 2.5 mmol of nitrate take 8 electrons each.
    none = {H2: 1e-12, FIRST: 1e-12}
    c = cell(none, water_drag=0.0, ammonia_permeance=0.0, mass_transfer=1e-4)
    run = c.at_potential(-0.9, 40 * 3600.0)
    assert run["conversion to ammonia"] == pytest.approx(1.0, abs=1e-6)
    assert run.column("n(anolyte.OH-)")[-1] == pytest.approx(5e-3, rel=1e-6)
    assert run["K+ moved"] == pytest.approx(20e-3, rel=1e-6)
    assert run["charge"] == pytest.approx(8 * FARADAY * 2.5e-3, rel=1e-6)
    assert run["anolyte hydroxide at the end"] == pytest.approx(200.0, rel=0.02)


class Separate:
    """The same H-cell written anew: concentrations from own molar volumes, potential by bisection."""

    def __init__(self, c, current):
        self.c, self.j = c, current
        from noxplant.thermo import aqueous

        names = ("H2O", "K+", "OH-", "NO3-", "NO2-", "NH3")
        self.v = [aqueous.molar_volume(s, T) for s in names]
        self.k = {r: None for r in (DIRECT, FIRST, SECOND, H2)}

    def partial(self, n, E):
        """Electrons a second and square metre by branch, A/m2, and surface rates."""
        c = self.c
        V = sum(a * b for a, b in zip(n[:6], self.v, strict=True))
        c3, c2 = n[3] / V, n[4] / V
        lines = {
            k: getattr(c, k) for k in ("reference_current", "reference_potential", "tafel_slope")
        }
        kd, k1, k2 = (rate(lines, r, E) for r in (DIRECT, FIRST, SECOND))
        hydrogen = lines["reference_current"][H2] * 10 ** (-E / lines["tafel_slope"][H2])
        km = c.mass_transfer
        s3 = km * c3 / (km + kd + k1)
        s2 = (km * c2 + k1 * s3) / (km + k2)
        rates = kd * s3, k1 * s3, k2 * s2, hydrogen / (2 * FARADAY)
        return FARADAY * (8 * rates[0] + 2 * rates[1] + 6 * rates[2] + 2 * rates[3]), rates

    def __call__(self, t, n):
        c, A = self.c, self.c.cathode_area
        E = brentq(lambda e: math.log(self.partial(n, e)[0] / self.j), -3, 1, xtol=1e-14)
        _, (d, f, s, h) = self.partial(n, E)
        d, f, s, h = (A * x for x in (d, f, s, h))
        e = self.j * A / FARADAY
        Va = n[6] * self.v[0] + n[7] * self.v[1] + n[8] * self.v[2] + n[9] * self.v[5]
        Vc = sum(a * b for a, b in zip(n[:6], self.v, strict=True))
        leak = c.ammonia_permeance * c.membrane_area * (n[5] / Vc - n[9] / Va)
        water = c.water_drag * e
        return [
            -6 * d - f - 5 * s - 2 * h + water, e, 9 * d + 2 * f + 7 * s + 2 * h,
            -d - f, f - s, d + s - leak,
            e / 2 - water, -e, -e, leak, h,
        ]  # fmt: skip


@pytest.mark.oracle
def test_constant_current_by_scipy():
    c, j, hours = cell(), 250.0, 22.0
    run = c.at_current(j, hours * 3600)
    order = [f"catholyte.{s}" for s in ("H2O", "K+", "OH-", "NO3-", "NO2-", "NH3")]
    order += [f"anolyte.{s}" for s in ("H2O", "K+", "OH-", "NH3")] + ["gas.H2"]
    start = [run.column(f"n({s})")[0] for s in order]
    at = run.time[12::24]
    other = solve_ivp(
        Separate(c, j), (0, hours * 3600), start, method="LSODA", rtol=1e-9, atol=1e-13, t_eval=at
    )
    for row, s in zip(other.y, order, strict=True):
        found = run.column(f"n({s})")[12::24]
        assert found == pytest.approx(row, abs=2e-6 * 2.5e-3), s
    assert run["charge in hydrogen"] > 0.1  # the film starves before the end


def test_charge_energy_and_audits():
    run = shipped("nitrate-current").run()
    assert run["charge"] == pytest.approx(0.025 * 22 * 3600, rel=1e-9)
    shares = run["charge in ammonia, from nitrate"] + run["charge in nitrite"]
    assert shares + run["charge in hydrogen"] == pytest.approx(1.0, abs=1e-9)
    trapezoid = np.trapezoid(run.column("voltage") * run.column("current"), run.time)
    assert run["electricity"] == pytest.approx(trapezoid, rel=1e-4)
    assert max(run.audits.values()) < 1e-8
    assert run.error < 1e-5


def test_constant_voltage_and_potential_are_held():
    c = cell()
    assert c.at_voltage(2.4, 3600.0).column("voltage") == pytest.approx(2.4, abs=1e-9)
    run = c.at_potential(-0.3, 3600.0)
    assert run.column("potential vs RHE") == pytest.approx(-0.3, abs=1e-12)
    # Ways of being held meet: the voltage found at constant potential gives that potential back.
    first = float(run.column("voltage")[0])
    assert c.at_voltage(first, 60.0).column("potential vs RHE")[0] == pytest.approx(-0.3, abs=1e-9)


def test_the_anolyte_ends_the_batch_at_the_time_of_its_charge():
    # 25 mmol of hydroxide (down to 1 mol/m3) at 25 mA: the refusal tells that time.
    c = cell(water_drag=0.0, ammonia_permeance=0.0)
    hours = FARADAY * 25e-3 / 0.025 / 3600
    with pytest.raises(
        Refusal, match="anolyte's hydroxide is used up: its 25 mmol carry 2412 C"
    ) as e:
        c.at_current(250.0, 40 * 3600.0)
    told = float(str(e.value).split("after ")[1].split(" h")[0])
    assert told == pytest.approx(hours, rel=2e-3)
    assert c.at_current(250.0, 0.997 * told * 3600)["anolyte hydroxide at the end"] < 6.0


def test_constant_voltage_meets_the_empty_anolyte_smoothly():
    # The current falls with the conductivity of the anolyte, no state overshoots.
    run = cell(anolyte_hydroxide=150.0).at_voltage(2.5, 25 * 3600.0)
    assert np.all(np.diff(run.column("current")) < 1e-12)
    assert 0 < run["anolyte hydroxide at the end"] < 60.0


def test_more_hydrogen_where_the_film_starves():
    c = cell()
    slow, fast = c.at_current(150.0, 5 * 3600.0), c.at_current(600.0, 5 * 3600.0)
    assert fast["charge in hydrogen"] > 10 * slow["charge in hydrogen"]


def test_mirrors_in_messages():
    with pytest.raises(
        SpecError,
        match=r"(?s)NitrateCell\.catholyte_volume = -1 m3 .*Give a finite number above 0 m3",
    ):
        cell(catholyte_volume=-1.0)
    with pytest.raises(SpecError, match=r"NitrateCell\.tafel_slope has no value for NO3- -> NH3"):
        cell(tafel_slope={FIRST: 0.12})
    with pytest.raises(SpecError, match="current density = 0 A/m2; give a number above zero"):
        cell().at_current(0.0, 3600.0)
    with pytest.raises(SpecError, match="duration = -5 s; give a number above zero"):
        cell().at_potential(-0.3, -5.0)
    lines, names = tafel(H2, O2), ("reference_current", "reference_potential", "tafel_slope")
    more = {k: {**lines[k], "NO3- -> N2": 1.0} for k in (*names, "activation_energy")}
    two = ("2 NO3- + 6 H2O + 10 e- -> N2 + 12 OH-", "2 H2O + 2 e- -> H2 + 2 OH-")
    with pytest.raises(SpecError, match="involves N2, for which the batch has no place"):
        NitrateCell(**{**BASE, **more}, cathode=two)
    with pytest.raises(
        SpecError, match=r"(?s)lacks .* inputs:.*catholyte_volume: catholyte charged, m3"
    ):
        NitrateCell.of({})
    with pytest.raises(
        SpecError, match="no input 'catholite_volume'. Did you mean 'catholyte_volume'"
    ):
        NitrateCell.of({"catholite_volume": 1.0})
    with pytest.raises(Refusal, match="no cathode potential between -5 and 2 V"):
        cell().at_current(1e-40, 3600.0)
    with pytest.raises(Refusal, match="leave no room for water"):
        cell(nitrate=40000.0).at_potential(-0.3, 3600.0)
    with pytest.raises(SpecError, match="points = 1; give a whole number from 2"):
        cell().at_potential(-0.3, 3600.0, points=1)


def test_a_run_is_frozen_and_a_table():
    run = cell().at_potential(-0.3, 3600.0, points=5)
    with pytest.raises(ValueError, match="read-only"):
        run.column("voltage")[0] = 1.0
    with pytest.raises(AttributeError):
        run.time = None
    table = run.table()
    assert len(table) == run.time.size
    assert "c(NO3-) catholyte [mol/m3]" in table
    with pytest.raises(SpecError, match="no column 'voltag'. Did you mean 'voltage'"):
        run.column("voltag")
    with pytest.raises(SpecError, match="no figure 'charg'"):
        run["charg"]
    with pytest.raises(Refusal, match="conversion does not come to 0.99 1 within 1 h"):
        run.when("conversion", 0.99)
    with pytest.raises(SpecError, match="ends after 3600 s; 4000 s is outside"):
        run.at("conversion", 4000.0)


def test_warns_of_a_starved_anode():
    assert any("anode takes more hydroxide" in w for w in shipped("nitrate-current").run().warnings)


def test_dilute_nitrate_audits_as_well():
    run = cell(nitrate=0.01).at_potential(-0.3, 3600.0)
    assert max(run.audits.values()) < 1e-8


def test_water_that_is_dragged_out_of_the_anolyte():
    # 200 H2O per K+, half a one made per electron: gone at 95 % of the water, long before the lye.
    dragged = cell(water_drag=200.0, anolyte_hydroxide=300.0)
    with pytest.raises(Refusal, match="95 % of the water charged to the anolyte are gone") as error:
        dragged.at_current(200.0, 3600.0 * 9.1)
    told = 3600 * float(str(error.value).split("after ")[1].split(" h")[0])
    water = charge_of(dragged)["anolyte.H2O"]
    assert told == pytest.approx(0.95 * water * 96485.33 / 199.5 / (200.0 * 1e-4), rel=1e-3)


@pytest.mark.oracle
def test_nitrate_beyond_its_solubility():
    # 38 g KNO3 per 100 g water at 25 degC (handbook), 3.76 mol/kg; a liquor of 3.4 mol/L without
    # much potash holds less than that, with 1 mol/L of potash more: (m + 1) m against 3.76^2.
    for potash, low, high in ((1.5, 3100.0, 3500.0), (1000.0, 2600.0, 3100.0)):
        for nitrate in (low, high):
            strong = cell(nitrate=nitrate, catholyte_hydroxide=potash)
            n = charge_of(strong)
            kilograms = 0.0180153 * n["catholyte.H2O"]
            product = n["catholyte.NO3-"] * n["catholyte.K+"] / kilograms**2
            if nitrate == low:
                assert product < 3.76**2 / 1.05
                assert strong.at_current(20.0, 60.0)["charge"] == pytest.approx(0.12, rel=1e-6)
                continue
            assert product > 3.76**2 * 1.05
            with pytest.raises(
                Refusal, match=r"solubility of KNO3, 3\.7\d* mol/kg water at 298.15 K"
            ):
                strong.at_current(20.0, 60.0)


def test_no_cell_carries_that_current():
    # Tafel lines go on for ever; cells do not.
    with pytest.raises(Refusal, match="at its beginning the current density .* passes 100000 A/m2"):
        cell().at_potential(-2.0, 3600.0)
    with pytest.raises(Refusal, match="at its beginning the current density .* passes 100000 A/m2"):
        cell().at_current(2e5, 3600.0)


def test_nitrite_that_is_charged_is_told():
    run = cell(nitrite=400.0).at_current(250.0, 10 * 3600.0)
    parts = [run[f"charge in {x}"] for x in ("ammonia, from nitrate", "nitrite", "hydrogen")]
    assert sum(parts) == pytest.approx(1.0, abs=1e-9)
    assert parts[1] < 0
    assert any("more nitrite is reduced than made" in w for w in run.warnings)
    assert not any("more nitrite" in w for w in cell().at_current(250.0, 3600.0).warnings)
