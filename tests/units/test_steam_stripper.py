import itertools
import math

import pytest

from noxplant.errors import ModelError, SolveError, SpecError
from noxplant.examples.recovery import steam_stripper
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import aqueous, equilibrium, water
from noxplant.units.feed import Feed
from noxplant.units.steam_stripper import SteamStripper

MW = 0.01801528


def plant(liquor, T=360.0, stripping=12, rectifying=3, **changes):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", liquor, temperature=T))
    specs = {"pressure": 101325.0, "condenser_temperature": 313.15, "boilup_ratio": 0.12}
    u = SteamStripper(
        "U", stripping_stages=stripping, rectifying_stages=rectifying, **{**specs, **changes}
    )
    p.add(u)
    p.connect(a.out, u.feed, "A")
    return p


def lye(x, koh):
    """Liquor of x mol NH3 per mol of NH3 and water, koh mol per kg water."""
    return {"H2O": 55.5, "KOH": float(koh), "KNO3": 0.2, "NH3": 55.5 * x / (1 - x)}


@pytest.mark.parametrize(
    ("x", "koh", "removal"),
    [*itertools.product((0.02, 0.14), (1, 8), (0.9, 0.999)), (0.007, 5, 0.988), (0.06, 5, 0.99)],
)
def test_cold_start_over_the_range(x, koh, removal):
    p = plant(lye(x, koh))
    p.exchange("U.removal", removal, "U.boilup_ratio")
    s = p.solve()
    assert s["U.distillate_purity"] > 0.95
    assert 0.02 < s["U.boilup_ratio"] < 0.25
    left = s.stream("U.stripped").totals["N(-3)"]
    assert left == pytest.approx((1 - removal) * p.units["A"].given["amount"]["NH3"], rel=1e-6)


def test_purity_is_set_by_the_condenser_alone():
    # Ammonia and water at given pressure and temperature: one vapour, by hand with Edwards' Henry
    # constant and the activity of water exp(-M m).
    def excess(m):
        p_w = water.saturation_pressure(313.15) * math.exp(-MW * m)
        return p_w + m * math.exp(aqueous.ln_henry("NH3", 313.15)) - 101325.0

    low, high = 1.0, 60.0
    for _ in range(60):
        m = (low + high) / 2
        low, high = (low, m) if excess(m) > 0 else (m, high)
    y = m * math.exp(aqueous.ln_henry("NH3", 313.15)) / 101325.0
    a = plant(lye(0.02, 5)).solve()["U.distillate_purity"]
    b = plant(lye(0.06, 1), boilup_ratio=0.2).solve()["U.distillate_purity"]
    assert a == pytest.approx(y, abs=1e-4)
    assert a == pytest.approx(b, abs=1e-6)


def test_traces_follow_kremser():
    # Boiling water with a trace of ammonia: constant K and flows. The reboiler counts as a stage;
    # the condenser is so warm that the vapour passes almost whole (reflux below 1e-2).
    p = plant({"H2O": 1000.0, "NH3": 1e-6, "KOH": 0.1}, T=373.12, stripping=4, rectifying=0,
              condenser_temperature=373.12, boilup_ratio=0.1)  # fmt: skip
    p.exchange("U.reflux_ratio", 1e-3, "U.condenser_temperature")
    s = p.solve()
    henry = math.exp(aqueous.ln_henry("NH3", 373.12)) / 101325.0 / MW  # y/x
    v, liquid = 0.1, 1.0 + 1e-4  # per mol of feed; stripping liquid is feed and reflux
    # Operating line with V/L = S/K in the column and a reboiler that leaves L - V.
    x = [1.0]  # reboiler liquid
    y = henry * x[0]
    for _ in range(4):
        x.append(((liquid - v) * x[0] + v * y) / liquid)
        y = henry * x[-1]
    reflux = 1e-4 * y / henry  # condenser liquid in equilibrium with vapour y
    feed = (liquid - v) * x[0] + v * y - reflux
    left = (liquid - v) * x[0] / feed
    assert 1 - s["U.removal"] == pytest.approx(left, rel=0.02)
    factor = henry * v / liquid
    kremser = equilibrium.kremser_remaining(factor, 5)
    assert 1 - s["U.removal"] == pytest.approx(kremser, rel=0.15)


def test_reboiler_boils_at_the_elevated_temperature():
    s = steam_stripper().solve()
    bottom = s.stream("U.stripped")
    solutes = sum(n for j, n in bottom.flows.items() if j not in ("H2O", "NH3"))
    molal = solutes / (bottom.flows["H2O"] * MW)
    pressure = water.saturation_pressure(bottom.temperature) * math.exp(-MW * molal)
    assert pressure == pytest.approx(101325.0, rel=0.01)
    assert bottom.temperature > 377.0
    # Steam: heat of vaporisation 40 kJ/mol, little else, for the example's 0.08 mol/mol.
    vapour = 0.08 * (55.5 + 6.0 + 6.2 + 0.2 + 0.4)
    assert s["U.reboiler_duty"] == pytest.approx(vapour * 40.2e3, rel=0.06)
    assert s["U.heat_per_ammonia"] == pytest.approx(
        s["U.reboiler_duty"] / (s.stream("U.distillate").flows["NH3"] * 0.0170305), rel=1e-4
    )


def test_nothing_but_volatiles_goes_up():
    s = steam_stripper().solve()
    assert set(s.stream("U.distillate").flows) == {"H2O", "NH3"}
    assert s.stream("U.stripped").totals["NO3-"] == pytest.approx(0.2, rel=1e-12)


def test_responses():
    base = plant(lye(0.02, 5)).solve()
    assert plant(lye(0.02, 5), stripping=16).solve()["U.removal"] > base["U.removal"]
    assert plant(lye(0.02, 5), boilup_ratio=0.14).solve()["U.removal"] > base["U.removal"]
    cold = plant(lye(0.02, 5), condenser_temperature=308.15).solve()
    assert cold["U.distillate_purity"] > base["U.distillate_purity"]
    bare = plant(lye(0.02, 5), rectifying=0).solve()
    assert bare["U.condenser_inlet_temperature"] > base["U.condenser_inlet_temperature"]
    high = plant(lye(0.02, 5), pressure=2e5, condenser_temperature=330.0, T=375.0).solve()
    assert high.stream("U.stripped").temperature > base.stream("U.stripped").temperature


def test_design_for_purity():
    p = plant(lye(0.02, 5))
    p.exchange("U.distillate_purity", 0.96, "U.condenser_temperature")
    assert p.solve()["U.distillate_purity"] == pytest.approx(0.96)


def test_errors():
    with pytest.raises(SpecError, match="stripping_stages = 0: give a whole number"):
        SteamStripper("U", stripping_stages=0, rectifying_stages=1)
    with pytest.raises(SpecError, match="rectifying_stages = 1.5"):
        SteamStripper("U", stripping_stages=3, rectifying_stages=1.5)
    with pytest.raises(ModelError, match=r"the feed brings no ammonia, N\(-3\)"):
        plant({"H2O": 55.5, "KOH": 1.0}).build()
    # A condenser hotter than its vapour: no column is solved, and no limit of it can be shown.
    with pytest.raises(SolveError, match=r"(?s)the block of U, .*Given to it .*U.boilup_ratio"):
        plant(lye(0.06, 5), stripping=2, rectifying=0, condenser_temperature=372.0).solve()
