"""Ammonia recovery units away from their examples: 20 draws each in a box of 30 %.

At least 95 % solve; what does not is a refusal, and continuation from the base case confirms it: on the
way to the drawn point the unit solves up to some part of it and is refused by the same limit beyond.
"""

from __future__ import annotations

import numpy as np
import pytest

from noxplant import contact, packing
from noxplant.errors import Refusal
from noxplant.examples import membranes, packed
from noxplant.quantities import Spec
from noxplant.thermo import transport, water
from noxplant.units.packed_air_stripper import PackedAirStripper

MAKERS = {**packed.EXAMPLES, **membranes.EXAMPLES}
CONSTANT = (
    "relative_viscosity",
    "porosity",
    "tortuosity",
    "pore_diameter",
    "entry_pressure",
    "pressure",
)
"""Specifications that are no operating point, and pressures, which feeds share with the gas."""
INSIDE = {
    "Electrodialyser": {"current_density": 0.4},
    "DonnanDialyser": {"mass_transfer": 2.5},
}
"""Factors on examples that stand at a limit themselves, so that the box lies around a working point."""


def base(name: str):
    """The example, moved inside its limits."""
    plant = MAKERS[name]()
    for key, factor in INSIDE.get(name, {}).items():
        unit = plant.units["U"]
        unit.give(key, unit.given[key] * factor)
    return plant


def humid(amount: dict[str, float], old: float, new: float, share: float) -> float:
    """Water of a gas at another temperature: relative humidity times `share`, at most 0.98."""
    dry = sum(n for k, n in amount.items() if k != "H2O")
    before = amount["H2O"] / (dry + amount["H2O"]) * 101325.0 / water.saturation_pressure(old)
    p = min(before * share, 0.98) * water.saturation_pressure(new)
    return float(dry * p / (101325.0 - p))


def draw(name: str, rng: np.random.Generator) -> dict[tuple[str, str], object]:
    """Operating specifications within 30 %, temperatures within 5 K, by unit and name."""
    out: dict[tuple[str, str], object] = {}
    for unit in base(name).units.values():
        for key in unit.nouns(Spec):
            given = unit.given.get(key)
            if given is None or key in CONSTANT:
                continue

            def move(x: float, key: str = key) -> float:
                if "temperature" in key:
                    return x + rng.uniform(-5, 5)
                if key == "current_efficiency":
                    return 1 - (1 - x) * 2 ** rng.uniform(-1, 1)
                return x * rng.uniform(0.7, 1.3)

            new = {i: move(x) for i, x in given.items()} if isinstance(given, dict) else move(given)
            out[unit.name, key] = new
        gas = out.get((unit.name, "amount"))
        if isinstance(gas, dict) and "N2" in gas and "H2O" in gas:  # what is drawn is the humidity
            old, new_T = unit.given["temperature"], out[unit.name, "temperature"]
            wet = {**gas, "H2O": unit.given["amount"]["H2O"]}
            gas["H2O"] = humid(wet, old, new_T, rng.uniform(0.7, 1.3))
    return out


def between(name: str, drawn: dict[tuple[str, str], object], part: float):
    """The plant a part of the way from the base case to a drawn point."""
    plant = base(name)
    for (unit, key), new in drawn.items():
        old = plant.units[unit].given[key]
        if isinstance(new, dict):
            value = {i: old[i] + part * (x - old[i]) for i, x in new.items()}
        else:
            value = old + part * (new - old)
        plant.units[unit].give(key, value)
    return plant


def refusal(name: str, drawn: dict[tuple[str, str], object], part: float) -> str:
    """Why the plant is refused, without its numbers; empty when it solves."""
    try:
        between(name, drawn, part).solve()
    except Refusal as error:
        return "".join(c for c in str(error).split("U: ")[-1] if not c.isdigit())[:30]
    return ""


def confirmed(name: str, drawn: dict[tuple[str, str], object]) -> bool:
    """Whether continuation stops at the limit by which the drawn point is refused."""
    reason, low, high = refusal(name, drawn, 1.0), 0.0, 1.0
    assert not refusal(name, drawn, 0.0)
    for _ in range(5):
        middle = (low + high) / 2
        found = refusal(name, drawn, middle)
        low, high = (low, middle) if found else (middle, high)
    return refusal(name, drawn, high) == reason


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MAKERS))
def test_draws_solve_or_are_refused(name):
    """Every draw ends in an answer: a solution, or a limit that is named and confirmed."""
    rng, refused = np.random.default_rng(11), 0
    for _ in range(20):
        drawn = draw(name, rng)
        if refusal(name, drawn, 1.0):  # any other error fails
            refused += 1
            assert confirmed(name, drawn)
    assert refused <= 1


@pytest.mark.oracle
@pytest.mark.parametrize("section", [0.20, 0.24, 0.36, 0.45])
def test_flooding_is_refused_where_robbins_and_kister_have_it(section):
    """The gas feed alone, by bisection of the closed form: the bottom floods or it does not."""
    plant = packed.packed_air_stripper()
    plant.units["U"].give("section", section)
    gas = plant.units["air feed"].given["amount"]
    masses = {"N2": 28.0134, "O2": 31.998, "Ar": 39.948, "CO2": 44.01, "H2O": 18.0153}
    flux = sum(n * masses[k] for k, n in gas.items()) / 1e3
    rho = 101325.0 * flux / sum(gas.values()) / 8.314462618 / 298.15
    p = packing.packing("plastic Pall rings 50 mm")
    mu = transport.water_viscosity(298.15)
    loads = packing.loads(p, 1.009 / section, flux / section, 985.0, rho, mu)
    share = packing.flooding_fraction(p, *loads)
    if share > 1:
        with pytest.raises(Refusal, match="floods at the"):
            plant.solve()
    else:
        unit = plant.units["U"]
        assert isinstance(unit, PackedAirStripper)
        plant.solve()
        assert contact.at(unit.flooding["bottom"]) == pytest.approx(share, rel=0.02)
    assert abs(share - 1) > 0.02  # neither answer hangs on a rounding
