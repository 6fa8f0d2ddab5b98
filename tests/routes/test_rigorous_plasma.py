"""The plasma section of a route with rigorous classes in place of the minimal ones, on its page."""

from pathlib import Path
from types import ModuleType

import pytest

from noxplant import routes
from noxplant.flowsheet import Flowsheet, Solution
from noxplant.units.alkaline_column import AlkalineColumn
from noxplant.units.kinetic_quench import KineticQuench
from noxplant.units.oxidation_reactor import OxidationReactor

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rigorous-plasma.md"
ROUTE = routes.find("air-to-ammonium-sulfate")
SWAPS = {"as shipped": "", "quench": "q", "oxidation": "o", "absorber": "a", "all three": "qoa"}


def build(swaps: str) -> Flowsheet:
    """The route with the classes of its plasma section that `swaps` names replaced."""
    code, basis = routes.module(ROUTE), ROUTE.basis(None)
    kept = code.plasma
    code.plasma = lambda plant, b: section(code, plant, b, swaps)
    try:
        return code.build(basis)
    finally:
        code.plasma = kept


def section(m: ModuleType, plant: Flowsheet, b, swaps: str) -> None:
    """`plasma` of the route, with three choices of class."""
    rate, hot = b["quench.cooling_rate"], b["P-001.arc_temperature"]
    feed = m.air(b, "F-001")
    blower = m.Compressor("B-001", **b.of("B-001"))
    arc = m.EquilibriumArc("P-001", species=m.HOT, **b.of("P-001"))
    frozen = m.frozen_fraction("air", rate, m.ATMOSPHERE, hot)
    quench = m.Quench("Q-001", frozen_fraction=frozen, **b.of("Q-001"))
    if "q" in swaps:
        quench = KineticQuench("Q-001", cooling_rate=rate, end_temperature=1000.0, elements=10)
    mixer = m.Mixer("M-001", "gas", inlets=2)
    cooler = m.Heater("E-001", "gas", utility="cooling water", **b.of("E-001"))
    oxidiser = m.NOxOxidiser("R-001", **b.of("R-001"))
    if "o" in swaps:
        cooled = {"conductance": 2e4, "coolant_temperature": 311.15}
        oxidiser = OxidationReactor("R-001", volume=b["R-001.volume"], **cooled)
    absorber = m.AlkalineAbsorber("T-001", **b.of("T-001"))
    if "a" in swaps:
        size = {"stages": 8, "area": 1500.0, "volume": 5.0, "gas_film": 0.03}
        absorber = AlkalineColumn("T-001", pressure_drop=b["T-001.pressure_drop"], **size)
    m.add(plant, "plasma", feed, blower, arc, quench, mixer, cooler, oxidiser, absorber)
    if "q" not in swaps:
        plant.tie("P-001.arc_temperature", "Q-001.frozen_fraction")
    plant.unrecovered = ("Q-001.duty",)
    plant.connect(feed.out, blower.feed, "air")
    plant.connect(blower.out, arc.feed, "blown air")
    plant.connect(arc.out, quench.feed, "hot gas")
    plant.connect(quench.out, mixer.feed[0], "quenched gas")
    plant.connect(arc.bypass, mixer.feed[1], "air past the arc")
    plant.connect(mixer.out, cooler.feed, "warm NOx gas")
    plant.connect(cooler.out, oxidiser.feed, "NO gas")
    plant.connect(oxidiser.out, absorber.gas, "NOx gas")
    m.leave(plant, absorber.gas_out, "NOx absorber vent")


def figures(s: Solution) -> list[float]:
    """What the page's table holds, in its order."""
    product = s.stream("ammonium sulfate").content("N(-3)")
    quenched, vent = s.stream("quenched gas").flows, s.stream("NOx absorber vent").flows
    made = quenched["NO"] + quenched.get("NO2", 0.0)
    atoms = {"NO": 1, "NO2": 1, "N2O3": 2, "N2O4": 2, "HNO2": 1}
    slip = sum(n * vent.get(k, 0.0) for k, n in atoms.items())
    lye = s.stream("NOx liquor").totals
    return [
        s["P-001.power"] / product / 1e6,
        s["E-101.power"] / product / 1e6,
        made / s.stream("hot gas").flows["NO"],
        s["R-001.conversion"],
        slip / made,
        lye["N(3)"] / (lye["N(3)"] + lye["NO3-"]),
        s["A-102.concentration[C(4)]"] / 1e3,
    ]


@pytest.mark.route
@pytest.mark.parametrize(
    "name", [n if n in ("all three",) else pytest.param(n, marks=pytest.mark.slow) for n in SWAPS]
)
def test_the_page_holds_the_figures(name):
    found = figures(build(SWAPS[name]).solve())
    rows = [line.split("|")[1:-1] for line in PAGE.read_text("utf-8").splitlines() if "|" in line]
    row = next(r for r in rows if r[0].strip() == name)
    assert [float(x) for x in row[1:]] == pytest.approx(found, rel=2e-3)


@pytest.mark.route
@pytest.mark.slow
def test_as_shipped_is_the_route():
    s = build("").solve()
    shipped = routes.load(ROUTE).solve()
    assert s["P-001.power"] == pytest.approx(shipped["P-001.power"], rel=1e-9)
