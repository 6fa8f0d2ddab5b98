"""The safety section of the shipped routes: what stands there is true, and nothing else does."""

import pytest

from noxplant import routes

pytestmark = pytest.mark.route
BURNS = "gas that leaves the plant burns in air"
SOLVENTS = {
    BURNS,
    "acetonitrile in gas that leaves the plant",
    "acetonitrile above its flash point",
    "methanol above its flash point",
}
NOX = {
    "nitrogen dioxide (with N2O4) in gas that leaves the plant",
    "nitric oxide in gas that leaves the plant",
}
BEYOND = {
    "nitrate-to-hydrazine": SOLVENTS,
    "air-to-ammonium-sulfate": {BURNS, *NOX},
    "air-to-hydrazine": {*SOLVENTS, *NOX},
}


@pytest.mark.parametrize("name", BEYOND)
def test_dangers_of_a_route(name):
    """Hydrogen and solvent leave and burn, solvents are warm, the absorber's vent holds NOx.

    Neither lye with ammonia, nitrite and nitrate nor hydrazinium in sulfuric acid raises an alarm.
    """
    solution = routes.load(routes.find(name)).solve()
    assert {d.name for d in solution.safety if d.beyond} == BEYOND[name]
    # Values by hand from the streams.
    for d in solution.safety:
        worst = solution.stream(d.streams[0])
        total = sum(worst.flows.values())
        if d.name.startswith("nitrogen dioxide"):
            assert d.value == pytest.approx(worst.flows["NO2"] / total)
        elif d.name == BURNS:
            low = {"H2": 0.04, "acetonitrile": 0.03, "methanol": 0.06, "formaldehyde": 0.07}
            share = sum(worst.flows.get(j, 0.0) / total / x for j, x in low.items())
            assert d.value == pytest.approx(share)
        elif "flash" in d.name:
            assert d.value == worst.temperature
    # What is listed below its limit: traces in gases that leave.
    below = {d.name for d in solution.safety if not d.beyond}
    assert below <= {
        "flammable atmosphere (fuel with oxygen in one gas)",
        "ammonia in gas that leaves the plant",
        "methanol in gas that leaves the plant",
        "ammonium nitrate and nitrite from ammonia and NO2 in one gas",
    }
