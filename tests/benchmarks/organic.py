"""Operations of one organic, one electrochemical and one solid state; time of flashes as arrays.

Run: python tests/benchmarks/organic.py [states]   (default 10000)

Exit status 1 if one state takes more operations than `MOST`; the time of flashes is for reading.
"""

import sys
import time
import warnings
from unittest import mock

import casadi as ca
import numpy as np

from noxplant.species import Reaction
from noxplant.thermo import activity, cells, liquids, ranges, saturation, used
from noxplant.thermo.vle import Mixture

MIXTURES = (("acetonitrile", "H2O"), ("acetonitrile", "methanol", "H2O"), ("N2H4", "H2O"))

COUPLE = "NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-"
MOST = {
    "partial pressures over acetonitrile, H2O": 96,
    "partial pressures over acetonitrile, methanol, H2O": 182,
    "partial pressures over N2H4, H2O": 84,
    "standard potential at T": 17,
    "ln solubility product of KNO3(s)": 91,
    "ln solubility product of N2H5Cl(s)": 10,
}
"""Operations, common sub-expressions counted once; deterministic, 5 % above what they are."""


def count(x, *expressions):
    """Instructions, common sub-expressions counted once."""
    f = ca.Function("f", [x], ca.cse(list(expressions)))
    nonzeros = sum(f.nnz_out(k) for k in range(len(expressions)))
    return f.n_instructions() - f.nnz_in() - nonzeros


def rows():
    """Rows (what, operations, with Jacobian or None); symbols are no numbers, so nothing judges them."""
    with warnings.catch_warnings():  # casadi says that its numpy support changes
        warnings.simplefilter("ignore")
        return list(_rows())


def _rows():
    T = ca.SX.sym("T")
    passing = mock.patch.object(ranges, "within", lambda what, x, *rest: x)
    unjudged = mock.patch.object(saturation.Product, "_require", return_value=None)
    with used.extrapolating(), passing, unjudged:
        for names in MIXTURES:
            x = {i: ca.SX.sym(i) for i in names}
            gamma = Mixture(names).model.raw(x, T)
            parts = []
            for i, g in gamma.items():
                parts.append(x[i] * ca.exp(g + liquids.ln_vapour_pressure(i, T)))
            every, out = ca.vertcat(*x.values(), T), ca.vertcat(*parts)
            both = count(every, out, ca.jacobian(out, every))
            yield f"partial pressures over {', '.join(names)}", count(every, out), both
        potential = ca.SX(cells.standard_potential(Reaction.parse(COUPLE), T))
        yield "standard potential at T", count(T, potential), None
        for name in ("KNO3(s)", "N2H5Cl(s)"):
            product = ca.SX(saturation.Product(name, model_of(name)).ln_product(T))
            label = f"ln solubility product of {name}"
            yield label, count(T, product), None


def model_of(name):
    """Pitzer's model where the pair has a set, extrapolated to saturation; else coefficients of one."""
    best = saturation.best(name)
    return (
        activity.model("pitzer", list(best.ions), extrapolate=True) if name == "KNO3(s)" else None
    )


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


def main(arguments=None):
    """Print the table; 1 when a state takes more operations than `MOST` allows."""
    size = int(arguments[0]) if arguments else 10_000
    say, bad = sys.stdout.write, []
    warnings.simplefilter("ignore")
    for label, plain, whole in rows():
        say(f"{label:<72}{plain}{f', with Jacobian {whole}' if whole else ''}\n")
        if plain > MOST[label]:
            bad.append(f"{label}: {plain} operations, {MOST[label]} allowed")
    for names in MIXTURES:
        seconds, two = flashes(names, size)
        label = f"{size} flashes of {', '.join(names)}, {two} with two phases"
        say(f"{label:<72}{seconds:.2f} CPU s\n")
    say("".join(f"NOT MET: {line}\n" for line in bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
