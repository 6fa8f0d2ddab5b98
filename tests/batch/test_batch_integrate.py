"""The integration itself, on systems with closed solutions, and what it says when it cannot go on."""

import math

import numpy as np
import pytest

from noxplant.batch.integrate import integrate
from noxplant.batch.model import Guard, Laws, Model
from noxplant.errors import Refusal, SolveError


def system(right, start=1.0, guard=None, zero=None):
    """One state y, and one algebraic unknown where `zero` is given."""

    def laws(x, z):
        guards = {"g": Guard(guard(x["y"]), "it is too little", "Take more.")} if guard else {}
        residual = (zero(x["y"], z["u"]),) if zero else ()
        shown = {"y": ("mol", x["y"])}
        return Laws({"y": right(x["y"], z.get("u"))}, residual, shown, guards)

    return Model("System", {"y": start}, {"u": start} if zero else {}, laws, start, "y", "y")


TIMES = np.linspace(0.0, 3.0, 31)


def test_decay_in_closed_form():
    change, _, error = integrate(system(lambda y, _: -y), TIMES)
    assert 1 + change[0] == pytest.approx(np.exp(-TIMES), abs=1e-9)
    assert error < 1e-7


def test_an_unknown_of_its_own_equation():
    # y' = -u with u^2 = y: sqrt(y) falls linearly until it is gone.
    model = system(lambda _, u: -u, zero=lambda y, u: u * u - y)
    times = np.linspace(0.0, 1.5, 16)
    change, z, _ = integrate(model, times)
    assert 1 + change[0] == pytest.approx((1 - times / 2) ** 2, abs=1e-8)
    assert z[0] == pytest.approx(1 - times / 2, abs=1e-8)


def test_the_time_of_a_guard_is_exact():
    model = system(lambda y, _: -y, guard=lambda y: y - 0.3)
    with pytest.raises(Refusal, match=r"System: after 0.0003344 h it is too little.\n  Take more."):
        integrate(model, TIMES)
    assert math.log(1 / 0.3) / 3600 == pytest.approx(0.0003344, rel=2e-4)


def test_a_guard_that_fails_at_the_beginning():
    with pytest.raises(Refusal, match="System: at its beginning it is too little"):
        integrate(system(lambda y, _: -y, guard=lambda y: y - 2.0), TIMES)


def test_a_rate_without_limit_is_told_with_its_time(capfd):
    # y' = y^2 from 1 is at infinity after one second.
    with pytest.raises(SolveError, match=r"the integrator gave up after 0.000277\d* h"):
        integrate(system(lambda y, _: y * y), TIMES)
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" not in err


def test_a_guard_before_the_rate_without_limit():
    model = system(lambda y, _: y * y, guard=lambda y: 4.0 - y)
    with pytest.raises(Refusal, match=r"after 0.0002083 h it is too little"):  # 0.75 s
        integrate(model, TIMES)
