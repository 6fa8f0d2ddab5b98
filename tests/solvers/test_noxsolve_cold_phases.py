"""A phase that vanishes: the single-phase solution is found, never the negative flash."""

import hydrodealkylation as hda
import numerical_plant
import pyomo.environ as pyo
import pytest

from noxsolve import CompiledModel, SquareSolver

FEED = {"H2": 1e-4, "CH4": 1e-3, "benzene": 20.0, "toluene": 20.0, "biphenyl": 0.5}
PRESSURE = 1.5


def drum(kelvin):
    """One flash whose liquid and vapour go round in part: half of both returns to the feed."""
    m = pyo.ConcreteModel()
    s = {}
    for name in ("feed", "vapour", "liquid"):
        flow = pyo.Var(hda.SPECIES, bounds=(0, None), initialize=FEED)
        temperature = pyo.Var(bounds=(200, 1500), initialize=350.0)
        m.add_component(f"{name}_flow", flow)
        m.add_component(f"{name}_temperature", temperature)
        s[name] = hda.Stream(flow, temperature)
    m.kelvin = pyo.Var(initialize=kelvin)
    m.kelvin.fix()
    m.heated = pyo.Constraint(expr=s["feed"].temperature == m.kelvin)
    m.mix = pyo.Constraint(
        hda.SPECIES,
        rule=lambda m, i: m.feed_flow[i] == FEED[i] + 0.5 * (m.vapour_flow[i] + m.liquid_flow[i]),
    )
    hda.flash(m, s["feed"], s["vapour"], s["liquid"], PRESSURE, "separator")
    return m


def vapour_share(kelvin):
    """Vapour per feed by bisection on Rachford and Rice's equation, 0 or 1 outside two phases."""
    k = {i: pyo.value(hda.constant(i, kelvin)) / PRESSURE for i in FEED}
    total = sum(FEED.values())

    def sum_of(v):
        return sum(n / total * (k[i] - 1) / (1 + v * (k[i] - 1)) for i, n in FEED.items())

    low, high = 0.0, 1.0
    if sum_of(low) < 0:
        return 0.0
    if sum_of(high) > 0:
        return 1.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if sum_of(middle) > 0 else (low, middle)
    return low


@pytest.mark.parametrize("kelvin", [230.0, 300.0, 370.0, 375.0, 385.0, 400.0, 450.0, 600.0])
def test_flash_in_a_recycle_is_where_rachford_and_rice_say(kelvin):
    m = drum(kelvin)
    solver = SquareSolver(CompiledModel(m))
    outcome = solver.solve()
    assert outcome.solved, outcome.message
    solver.load()
    n = m.separator.total
    assert n["vapour"].value / n["feed"].value == pytest.approx(vapour_share(kelvin), abs=1e-6)
    assert all(v.value >= -1e-9 for v in m.separator.total.values())
    assert sum(v.value for v in m.separator.x.values()) == pytest.approx(1.0, abs=1e-9)


def test_the_draws_have_all_three_regimes():
    assert vapour_share(230.0) == 0.0
    assert 0.1 < vapour_share(385.0) < 0.9
    assert vapour_share(450.0) == 1.0


@pytest.mark.parametrize("kelvin", [300.0, 450.0, 540.0, 600.0])
def test_loop_with_a_separator_that_becomes_too_hot(kelvin):
    """Above the dew point the liquid is gone, and all benzene leaves with the purge."""
    m = hda.build(flash_temperature=kelvin, gas=40.0, toluene=20.0, purge=0.5)
    solver = SquareSolver(CompiledModel(m))
    outcome = solver.solve()
    assert outcome.solved, outcome.message
    solver.load()
    n = m.separator.total
    assert n["liquid"].value >= 0
    assert n["liquid"].value * abs(m.separator.factor.value - 1) < 1e-5 * n["feed"].value
    made = m.extent["benzene"].value
    if kelvin == 600.0:
        assert n["liquid"].value < 1e-5 * n["feed"].value
        assert m.product_flow["benzene"].value < 1e-4 * made
    if kelvin == 300.0:
        assert m.product_flow["benzene"].value > 0.8 * made


@pytest.mark.parametrize(("kelvin", "liquid"), [(305.0, True), (340.0, False), (400.0, False)])
def test_numerical_plant_with_an_absorber_that_becomes_too_hot(kelvin, liquid):
    """The model has no complementarity of its own; that no amount is negative decides."""
    plant = numerical_plant.build()
    plant.inputs["absorber.temperature"].set_value(kelvin)
    solver = SquareSolver(CompiledModel(plant.model))
    outcome = solver.solve()
    assert outcome.solved, outcome.message
    c = solver.compiled
    names = {v.name: k for k, v in enumerate(c.unknowns)}
    flows = [k for name, k in names.items() if name.startswith("F_")]
    assert (c.x[flows] >= -1e-6).all()
    amount = {name: c.x[k] for name, k in names.items() if name.startswith("N_")}
    assert (amount["N_acid"] > 1.0) == liquid
    assert liquid or abs(amount["N_acid"]) < 1e-6


def test_of_two_roots_the_one_without_a_superheated_liquid():
    """Inputs moved by up to 20 %: each answer has no liquid above its bubble point, no cold vapour."""
    plant = numerical_plant.build()
    drawn = numerical_plant.draws(plant, 14, 0.2, seed=5)
    c = CompiledModel(plant.model)
    solver, names = SquareSolver(c), {v.name: k for k, v in enumerate(c.unknowns)}
    inside = {
        (w, f): [k for name, k in names.items() if name.startswith(f"{w}_{f}[")]
        for w in "xy"
        for f in ("V0", "V1", "V2")
    }
    for number in (4, 7, 8, 12):
        for name, v in plant.inputs.items():
            v.set_value(float(drawn[name][number]))
        solver.refresh_inputs()
        c.x[:], solver.warm = c.start, False
        outcome = solver.solve()
        assert outcome.solved, outcome.message
        for k in inside.values():
            assert len(k) == 15
            assert c.x[k].sum() <= 1.0 + 1e-6
