"""Potential of an ion membrane: Donnan potentials of all counter-ions, not of a trace."""

import math

import pytest
from scipy.optimize import brentq

from noxplant.examples.stacks import EXAMPLES
from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.feed import Feed
from noxplant.units.plug_flow_cell import PlugFlowCell

F, R, T = 96485.33212, 8.314462618, 313.15


def closed_form(left, right):
    """Potential of the right above the left liquid over a membrane of fixed charge X, no current, V.

    Cations of one diffusivity in a membrane without anions (left, right: molalities). Donnan jumps
    at both faces, Nernst-Planck between them (Goldman's constant field, solved for no current).
    """
    fixed = 2.0
    inside = [[fixed * c / sum(side) for c in side] for side in (left, right)]
    jumps = [-R * T / F * math.log(fixed / sum(side)) for side in (left, right)]

    def current(u):
        """Sum of the fluxes at a potential u (in R T/F) of right above left face, Goldman."""
        if abs(u) < 1e-12:
            return sum(inside[0]) - sum(inside[1])
        return u / math.expm1(u) * sum(a - b * math.exp(u) for a, b in zip(*inside, strict=True))

    diffusion = R * T / F * brentq(current, -5.0, 5.0)
    return jumps[0] + diffusion - jumps[1]


def stack(catholyte, anolyte, cation="K+"):
    """The example stack of the channel cells with other liquids."""
    example = EXAMPLES["PlugFlowCell"]()
    (old,) = (u for u in example.units.values() if isinstance(u, PlugFlowCell))
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", catholyte, temperature=T))
    b = p.add(Feed("B", "aqueous", anolyte, temperature=T))
    given = {**old.given, "temperature": T, "area": 20.0}
    u = p.add(PlugFlowCell("U", segments=2, membrane_cation=cation, **given))
    u.utilities.update(old.utilities)
    p.connect(a.out, u.catholyte, "catholyte")
    p.connect(b.out, u.anolyte, "anolyte")
    return p


@pytest.mark.oracle
def test_a_trace_of_the_cation_that_passes():
    """K+ into a sodium catholyte: it starts from none there, and gave 0.1 V of its own before."""
    catholyte = {"H2O": 55.5, "NaNO3": 0.5, "NaOH": 0.5}
    s = stack(catholyte, {"H2O": 55.5, "KOH": 2.0}).solve()
    ends = [s.stream(f"U.{side}_out").flows for side in ("catholyte", "anolyte")]
    molalities = [[x.get(j, 0.0) / x["H2O"] / 0.01801528 for j in ("K+", "Na+")] for x in ends]
    found = s["U.membrane_potential[2]"]
    assert found == pytest.approx(closed_form(*molalities), abs=2e-5)
    alone = R * T / F * math.log(molalities[0][0] / molalities[1][0])
    assert abs(found - alone) > 0.02  # what it was


def test_with_one_cation_it_is_that_of_the_cation():
    s = stack({"H2O": 55.5, "KNO3": 0.5, "KOH": 0.5}, {"H2O": 55.5, "KOH": 2.0}).solve()
    ends = [s.stream(f"U.{side}_out").flows for side in ("catholyte", "anolyte")]
    m = [x["K+"] / x["H2O"] for x in ends]
    assert s["U.membrane_potential[2]"] == pytest.approx(
        R * T / F * math.log(m[0] / m[1]), abs=2e-6
    )
