"""CPU time of a vectorised speciation, and operations of one aqueous state.

Run: python tests/benchmarks/aqueous.py [states]   (default 100000; nothing is asserted)
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


def model_of(name, names):
    options = MODELS[name]
    return None if options is None else activity.model(name.split(",")[0], names, **options)


def cpu(tops, name, size):
    rng = np.random.default_rng(1)
    scale = 0.03 if name == "davies" else 1.0  # Davies holds to an ionic strength of 0.5
    totals = {"H2O": np.full(size, 1 / WATER_MOLAR_MASS)}
    totals |= {c: rng.uniform(0, scale * top, size) for c, top in tops.items()}
    temperature = rng.uniform(288.2, 318.0, size)
    model = model_of(name, true_species(totals))
    start = time.process_time()
    state = speciate.speciate(totals, temperature, model)
    return time.process_time() - start, state.sweeps


def operations(tops, name):
    """Of all ln gamma and ln a_w, and with their Jacobian, common sub-expressions counted once."""
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


def main(size):
    warnings.simplefilter("ignore")
    head = (
        f"{'stream':<52}{'model':<20}{'CPU s':>8}{'us/state':>10}{'sweeps':>8}{'ops':>7}{'+J':>7}\n"
    )
    sys.stdout.write(f"{size} states\n{head}")
    for label, tops in STREAMS.items():
        for name in MODELS:
            seconds, sweeps = cpu(tops, name, size)
            ops, with_jacobian = operations(tops, name)
            sys.stdout.write(
                f"{label:<52}{name:<20}{seconds:>8.2f}{1e6 * seconds / size:>10.1f}{sweeps:>8}"
                f"{ops:>7}{with_jacobian:>7}\n"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
