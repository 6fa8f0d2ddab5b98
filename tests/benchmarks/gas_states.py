"""Cost of gas and pure-fluid properties: `python tests/benchmarks/gas_states.py [--states N]`.

CPU seconds of one process, ours and Cantera's in the same run, best of three; then the number of
arithmetic operations of one Pyomo expression. Exit status 1 if enthalpies cost more than 3 times
Cantera's SolutionArray.
"""

import argparse
import sys
import time

import cantera as ct
import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.visitor import StreamBasedExpressionVisitor

from noxplant.thermo import humid_air, pure
from noxplant.thermo.element_potentials import equations, equilibrate, independent
from noxplant.thermo.ideal_gas import IdealGas

ALLOWED = 3.0
AIR_8 = ["N2", "O2", "NO", "H2O", "Ar", "CO2", "NO2", "N2O"]
GASES = {
    "5 species, NASA-9": ("airNASA9.yaml", ["N2", "O2", "NO", "N", "O"]),
    "8 species, NASA-7": ("nasa_gas.yaml", AIR_8),
    "53 species, NASA-7": ("gri30.yaml", None),
}


def best(function, times=3):
    """Least CPU seconds of some calls, and the last result."""
    seconds, result = np.inf, None
    for _ in range(times):
        start = time.process_time()
        result = function()
        seconds = min(seconds, time.process_time() - start)
    return seconds, result


def enthalpies(states):
    """Rows (gas, ours, Cantera's enthalpy alone, with setting the states, largest difference)."""
    rng = np.random.default_rng(1)
    for name, (file, names) in GASES.items():
        gas = IdealGas.from_cantera(file, names)
        table = {s.name: s for s in ct.Species.list_from_file(file)}
        phase = ct.Solution(thermo="ideal-gas", species=[table[n] for n in gas.names])
        T = rng.uniform(300.0, min(3000.0, gas.limits[1]), states)
        x = rng.dirichlet(np.ones(len(gas.names)), states)
        ours, h = best(lambda gas=gas, T=T, x=x: gas.enthalpy(T, x))
        theirs, setting, off, part = 0.0, 0.0, 0.0, min(states, 100_000)
        for start in range(
            0, states, part
        ):  # in parts: SolutionArray holds every state's mass fractions
            cut = slice(start, start + part)
            array = ct.SolutionArray(phase, len(T[cut]))
            begin = time.process_time()
            array.TPX = T[cut], ct.one_atm, x[cut]
            setting += time.process_time() - begin
            begin = time.process_time()
            found = array.enthalpy_mole
            theirs += time.process_time() - begin
            off = max(off, float(np.abs(found / 1e3 - h[cut]).max()))
        yield name, ours, theirs, theirs + setting, off


def equilibria(states):
    """Rows (temperature, ms per cold start here, ms of Cantera's, Newton steps) for 8 species."""
    names = ["N2", "O2", "NO", "N", "O", "NO2", "N2O", "Ar"]
    gas = IdealGas.from_cantera("nasa_gas.yaml", names)
    table = {s.name: s for s in ct.Species.list_from_file("nasa_gas.yaml")}
    phase = ct.Solution(thermo="ideal-gas", species=[table[n] for n in names])
    feed = {"N2": 0.78, "O2": 0.21, "Ar": 0.01}

    def theirs(T):
        phase.TPX = T, ct.one_atm, feed
        phase.equilibrate("TP")

    for T in (300.0, 1500.0, 3000.0, 6000.0):
        ours, found = best(
            lambda T=T: [equilibrate(gas, T, ct.one_atm, feed) for _ in range(states)]
        )
        cantera, _ = best(lambda T=T: [theirs(T) for _ in range(states)])
        yield T, 1e3 * ours / states, 1e3 * cantera / states, found[0].iterations


def operations(expression):
    """Arithmetic operations in a Pyomo expression: sums, products, quotients, functions."""
    count = 0

    def leave(node, children):
        nonlocal count
        count += max(1, len(children) - 1) if children else 0

    StreamBasedExpressionVisitor(exitNode=leave).walk_expression(expression)
    return count


def expressions():
    """Rows (property, operations of one Pyomo expression)."""
    model = pyo.ConcreteModel()
    model.T = pyo.Var(initialize=330.0)
    model.hot = pyo.Var(initialize=3000.0)
    model.p, model.w = pyo.Var(initialize=1e5), pyo.Var(initialize=0.03)
    model.x = pyo.Var(AIR_8, initialize=0.125)
    gas, air = (IdealGas.from_cantera("nasa_gas.yaml", n) for n in (AIR_8, AIR_8[:3]))
    plasma = IdealGas.from_cantera("airNASA9.yaml", ["N2", "O2", "NO", "N", "O"])
    x = {n: model.x[n] for n in AIR_8}
    yield "enthalpy of one gas, NASA-7", operations(gas["NO"].enthalpy(model.T))
    yield "Gibbs energy of one gas, NASA-7", operations(gas["NO"].gibbs(model.T))
    yield "Gibbs energy of one gas, NASA-9", operations(plasma["NO"].gibbs(model.hot))
    yield "enthalpy of a mixture of 8 gases", operations(gas.enthalpy(model.T, x))
    yield (
        "enthalpy of a mixture of 3 gases",
        operations(air.enthalpy(model.T, {n: x[n] for n in AIR_8[:3]})),
    )
    model.ln_n = pyo.Var(list(plasma.names), initialize=0.0)
    model.ln_total = pyo.Var(initialize=0.0)
    model.potential = pyo.Var(independent(plasma), initialize=0.0)
    b = dict.fromkeys(plasma.elements, 1.0)
    system = list(equations(plasma, model.hot, 1e5, model.ln_n, model.ln_total, model.potential, b))
    total = sum(
        operations(relation.args[0]) + operations(relation.args[1]) for _, relation in system
    )
    yield f"equilibrium of 5 gases, all {len(system)} equations", total
    water = pure.fluid("H2O")
    for way in ("saturation_pressure", "liquid_enthalpy", "vapour_enthalpy", "liquid_density"):
        yield f"{way.replace('_', ' ')} of water", operations(getattr(water, way)(model.T))
    yield "enthalpy of humid air", operations(humid_air.enthalpy(model.T, model.p, model.w))
    yield "saturation of humid air", operations(humid_air.saturated_fraction(model.T, model.p))


def main(arguments=None):
    """Print the tables; 1 when the enthalpies are too slow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--states", type=int, default=1_000_000, help="gas states (1000000)")
    states = parser.parse_args(arguments).states
    say, worst = sys.stdout.write, 0.0
    say(
        f"| enthalpy of {states} states | noxplant, s | Cantera, s | with setting T, p, x, s | ratio | largest difference, J/mol |\n|---|---|---|---|---|---|\n"
    )
    for name, ours, theirs, both, off in enthalpies(states):
        worst = max(worst, ours / theirs)
        say(
            f"| {name} | {ours:.3g} | {theirs:.3g} | {both:.3g} | {ours / theirs:.2f} | {off:.1g} |\n"
        )
    say(
        "\n| equilibrium, 8 species | noxplant, ms | Cantera, ms | Newton steps |\n|---|---|---|---|\n"
    )
    for T, ours, theirs, steps in equilibria(max(3, min(100, states // 100))):
        say(f"| {T:g} K | {ours:.2g} | {theirs:.2g} | {steps} |\n")
    say("\n| one Pyomo expression | operations |\n|---|---|\n")
    for name, count in expressions():
        say(f"| {name} | {count} |\n")
    say(f"\nenthalpy: {worst:.2f} times Cantera's time at worst ({ALLOWED:g} allowed)\n")
    return 1 if worst > ALLOWED else 0


if __name__ == "__main__":
    sys.exit(main())
