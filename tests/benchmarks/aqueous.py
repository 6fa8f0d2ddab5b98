"""CPU time of a vectorised speciation, and operations of one aqueous state.

Run: python tests/benchmarks/aqueous.py [states]   (default 100000)

Exit status 1 if an array of states costs more than `ALLOWED` of what the same states cost one by one
(CPU seconds per state, both in this run), or if one state takes more operations than `MOST`.
"""

import sys
import time
import warnings

import casadi as ca
import numpy as np

from noxplant.constants import WATER_MOLAR_MASS
from noxplant.species import true_species
from noxplant.thermo import activity, speciate

STREAMS = {
    "catholyte: K+, NO3-, N(-3)": {"K+": 5.0, "NO3-": 0.5, "N(-3)": 0.5},
    "acid trap: N(-3), S(6)": {"N(-3)": 6.0, "S(6)": 3.0},
    "carbonated lye: K+, NO3-, N(3), N(-3), C(4), S(6)": {
        **{"K+": 3.0, "NO3-": 1.0, "N(3)": 0.5, "N(-3)": 1.0, "C(4)": 0.3, "S(6)": 0.5}
    },
}
MODELS = {
    "plants' ideal": None,
    "davies": {},
    "pitzer, no mixing": {"mixing": False, "missing": "estimate", "extrapolate": True},
    "pitzer": {"missing": "estimate", "extrapolate": True},
}


ALLOWED = 0.25
"""Cost of a state in an array over that of the same state on its own; it is about 0.02."""
_LYE, _TRAP, _CARBONATE = STREAMS
MOST = {
    **{(_LYE, "davies"): 52, (_TRAP, "davies"): 57, (_CARBONATE, "davies"): 67},
    **{(_LYE, "pitzer"): 200, (_TRAP, "pitzer"): 270, (_CARBONATE, "pitzer"): 660},
}
"""Operations of all ln gamma and ln a_w of one state; deterministic, 5 % above what they are."""


def model_of(name, names):
    options = MODELS[name]
    return None if options is None else activity.model(name.split(",")[0], names, **options)


def states(tops, name, size, *, each=False):
    """Random totals and temperatures: one mapping of arrays, or with `each` one after the other."""
    rng = np.random.default_rng(1)
    scale = 0.03 if name == "davies" else 1.0  # Davies holds to an ionic strength of 0.5
    totals = {"H2O": np.full(size, 1 / WATER_MOLAR_MASS)}
    totals |= {c: rng.uniform(0, scale * top, size) for c, top in tops.items()}
    temperature = rng.uniform(288.2, 318.0, size)
    if not each:
        return totals, temperature
    return [
        ({c: float(v[k]) for c, v in totals.items()}, float(temperature[k])) for k in range(size)
    ]


def cpu(tops, name, size):
    """CPU seconds of a vectorised speciation, and its sweeps."""
    totals, temperature = states(tops, name, size)
    model = model_of(name, true_species(totals))
    start = time.process_time()
    state = speciate.speciate(totals, temperature, model)
    return time.process_time() - start, state.sweeps


def operations(tops, name):
    """Of all ln gamma and ln a_w, and with their Jacobian, common sub-expressions counted once."""
    with warnings.catch_warnings():  # casadi says that its numpy support changes
        warnings.simplefilter("ignore")
        return _operations(tops, name)


def _operations(tops, name):
    names = [s for s in true_species(["H2O", *tops]) if s != "H2O"]
    model = model_of(name, names)
    if model is None:
        return 0, 0
    m, s, temperature = {i: ca.SX.sym(i) for i in names}, ca.SX.sym("s"), ca.SX.sym("T")
    state = model.raw(m, temperature, s)
    out = ca.vertcat(*map(ca.SX, state.ln_gamma.values()), ca.SX(state.ln_water))
    x = ca.vertcat(*m.values(), s, temperature)

    def count(*expressions):
        f = ca.Function("f", [x], ca.cse(list(expressions)))
        nonzeros = sum(f.nnz_out(k) for k in range(len(expressions)))
        return f.n_instructions() - f.nnz_in() - nonzeros

    return count(out), count(out, ca.jacobian(out, x))


def one_by_one(tops, name, size):
    """CPU seconds of a state as an array of `size`, and of a state on its own (20 of the same)."""
    few = 20
    many, _ = min(cpu(tops, name, size) for _ in range(2))
    single = 0.0
    for totals, temperature in states(tops, name, few, each=True):
        model = model_of(name, true_species(totals))
        start = time.process_time()
        speciate.speciate(totals, temperature, model)
        single += time.process_time() - start
    return many / size, single / few


def main(arguments=None):
    """Print the table; 1 when arrays are too slow or a state takes too many operations."""
    size = int(arguments[0]) if arguments else 100_000
    say, bad = sys.stdout.write, []
    warnings.simplefilter("ignore")
    head = (
        f"{'stream':<52}{'model':<20}{'CPU s':>8}{'us/state':>10}{'sweeps':>8}{'ops':>7}{'+J':>7}\n"
    )
    say(f"{size} states\n{head}")
    for label, tops in STREAMS.items():
        for name in MODELS:
            seconds, sweeps = cpu(tops, name, size)
            ops, with_jacobian = operations(tops, name)
            say(
                f"{label:<52}{name:<20}{seconds:>8.2f}{1e6 * seconds / size:>10.1f}{sweeps:>8}"
                f"{ops:>7}{with_jacobian:>7}\n"
            )
            if ops > MOST.get((label, name), ops):
                bad.append(f"{label}, {name}: {ops} operations, {MOST[label, name]} allowed")
        array, single = one_by_one(tops, "pitzer", size)
        say(f"{label}: {array / single:.3f} of a state on its own ({ALLOWED:g} allowed)\n")
        if array > ALLOWED * single:
            bad.append(f"{label}: a state of an array costs {array / single:.2f} of one on its own")
    say("".join(f"NOT MET: {line}\n" for line in bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
