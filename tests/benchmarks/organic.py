"""Operations of one organic, one electrochemical and one solid state; time of flashes as arrays.

Run: python tests/benchmarks/organic.py [states]   (default 10000; nothing is asserted)
"""

import sys
import time
import warnings
from unittest import mock

import casadi as ca
import numpy as np

from noxplant.species import Reaction
from noxplant.thermo import cells, liquids, ranges, saturation
from noxplant.thermo.vle import Mixture

MIXTURES = (("acetonitrile", "H2O"), ("acetonitrile", "methanol", "H2O"), ("N2H4", "H2O"))


def count(x, *expressions):
    """Instructions, common sub-expressions counted once."""
    f = ca.Function("f", [x], ca.cse(list(expressions)))
    nonzeros = sum(f.nnz_out(k) for k in range(len(expressions)))
    return f.n_instructions() - f.nnz_in() - nonzeros


def rows():
    T = ca.SX.sym("T")
    for names in MIXTURES:
        x = {i: ca.SX.sym(i) for i in names}
        gamma = Mixture(names).model.raw(x, T)
        parts = [x[i] * ca.exp(g + liquids.ln_vapour_pressure(i, T)) for i, g in gamma.items()]
        every, out = ca.vertcat(*x.values(), T), ca.vertcat(*parts)
        both = count(every, out, ca.jacobian(out, every))
        label = f"partial pressures over {', '.join(names)}"
        yield label, f"{count(every, out)}, with Jacobian {both}"
    reaction = Reaction.parse("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-")
    yield "standard potential at T", count(T, ca.SX(cells.standard_potential(reaction, T)))
    for name in ("KNO3(s)", "N2H5Cl(s)"):
        product = saturation.best(name)
        label = f"ln solubility product of {name}, {product.activity.name}"
        yield label, count(T, ca.SX(product.ln_product(T)))


def flashes(names, size):
    rng = np.random.default_rng(1)
    mixture = Mixture(names)
    z = dict(zip(names, rng.dirichlet(np.ones(len(names)), size).T, strict=True))
    low, high = mixture.model.span
    T, p = rng.uniform(low, high, size), np.exp(rng.uniform(np.log(1e4), np.log(2e5), size))
    start = time.process_time()
    found = mixture.flash(z, T, p)
    two = (found.vapour_fraction > 0) & (found.vapour_fraction < 1)
    return time.process_time() - start, int(two.sum())


def main(size):
    warnings.simplefilter("ignore")
    with mock.patch.object(ranges, "within", lambda what, x, *rest: x):
        for label, operations in rows():
            sys.stdout.write(f"{label:<60}{operations}\n")
    for names in MIXTURES:
        seconds, two = flashes(names, size)
        label = f"{size} flashes of {', '.join(names)}, {two} with two phases"
        sys.stdout.write(f"{label:<60}{seconds:.2f} CPU s\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
