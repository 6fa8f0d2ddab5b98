"""Settling decanter by quadrature and Stokes by hand; extractor by Kremser and by matrices."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from noxplant import settling
from noxplant.crystallisation import benzophenone_in_water
from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.crystals import decanter
from noxplant.examples.phases import LIQUOR, extractor, settling_decanter
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import organic
from noxplant.units.decanter import Decanter
from noxplant.units.extractor import Extractor
from noxplant.units.feed import Feed
from noxplant.units.settling_decanter import SettlingDecanter


def settled(**given: float) -> Any:
    plant = settling_decanter()
    for key, x in given.items():
        plant.units["U"].give(key, x)
    return plant.solve()


@pytest.mark.oracle
@pytest.mark.parametrize("s", [0.02, 0.3, 1.0, 5.0, 40.0])
def test_passed_droplets_by_quadrature(s: float) -> None:
    """Droplets by volume d(1 - exp(-(d/d0)^2)); caught for min(1, u A/Q)."""

    def density(d: float) -> float:
        return 2 * d * math.exp(-d * d) * (1 - d * d / s)

    exact = quad(density, 0, math.sqrt(s), epsabs=1e-13)[0]
    assert settling.escaping(s) == pytest.approx(exact, rel=1e-9)


@pytest.mark.oracle
@pytest.mark.parametrize("s", [1e-12, 1e-9, 1e-6, 1e-4, 1e-3, 3e-3, 1e-2, 0.1, 3.0, 1e3, 1e9])
def test_passed_droplets_at_small_and_large_numbers(s: float) -> None:
    """1 - (1 - e^-s)/s with forty digits."""
    with localcontext() as digits:
        digits.prec = 40
        x = Decimal(s)
        exact = float(1 - (1 - (-x).exp()) / x)
    assert settling.escaping(s) == pytest.approx(exact, rel=2e-10)


def test_a_very_large_settler_passes_half_its_number() -> None:
    for area in (1e8, 1e9, 1e12):
        s = settled(area=area)
        assert s["U.entrained"] == pytest.approx(s["U.settling_number"] / 2, rel=1e-6)


@pytest.mark.oracle
def test_stokes_by_hand() -> None:
    """Density of molten benzophenone 1076 at 333 K and -0.08 %/K; viscosity of water at 80 degC 0.354 mPa s."""
    s = settled()
    assert s["U.density_difference"] == pytest.approx(65.0, abs=15.0)
    u = 9.80665 * s["U.density_difference"] * 1e-8 / (18 * 1.5 * 0.3544e-3)
    assert s["U.settling_velocity"] == pytest.approx(u, rel=0.02)
    flow = s["U.overflow"] * 3.0
    assert flow == pytest.approx(130 * 0.018015 / 971.8 + 1.55e-4, rel=0.1)
    number = s["U.overflow"] / s["U.settling_velocity"]
    assert s["U.entrained"] == pytest.approx(1 - (1 - math.exp(-number)) / number, rel=1e-9)


def test_oil_of_1076_at_60_degrees() -> None:
    plant = settling_decanter()
    for name in ("liquor", "oil"):
        plant.units[name].give("temperature", 333.15)
    s = plant.solve()
    T = s.stream_results["U.organic_out"].temperature
    assert 0.182218 / organic.molar_volume("benzophenone", T) == pytest.approx(1076.0, rel=0.02)


def test_large_area_is_the_decanter_without_droplets() -> None:
    """Rigorous to minimal."""
    given = {"salting": 0.2, "caught": 0.5}
    fine = settled(area=1e6)
    assert fine["U.entrained"] < 1e-5
    plant = settling_decanter()
    plant.replace(Decanter("U", entrained=fine["U.entrained"], **given))
    coarse = plant.solve()
    for key in ("returned", "dissolved", "solubility"):
        assert fine[f"U.{key}"] == pytest.approx(coarse[f"U.{key}"], rel=1e-9)


def test_small_area_lets_all_pass_and_half_the_area_twice_the_number() -> None:
    assert settled(area=1e-3)["U.entrained"] > 0.99
    one, half = settled(area=3.0), settled(area=1.5)
    assert half["U.settling_number"] == pytest.approx(2 * one["U.settling_number"])
    assert half["U.entrained"] > one["U.entrained"]


def test_loss_of_the_note() -> None:
    """3.6 (1): 0.137 g/L is 0.0376 % of the benzophenone of a liquor with 1 mol/L of hydrazine."""
    litre = 0.137 / 182.218  # mol/L
    assert 100 * litre / 2 == pytest.approx(0.0376, abs=2e-4)
    mol_per_kg = benzophenone_in_water(298.15)
    assert mol_per_kg * 0.997 == pytest.approx(litre, rel=0.01)
    # 3.6 (2): 1000 L/h of water carry 0.137 kg/h.
    assert mol_per_kg * 0.182218 * 997.0 == pytest.approx(0.137, rel=0.01)


def test_settling_decanter_refuses() -> None:
    plant = settling_decanter()
    for name in ("liquor", "oil"):
        plant.units[name].give("temperature", 313.15)
    with pytest.raises(Refusal, match="solidifies below 321.65 K"):  # note 3.6 (3)
        plant.solve()
    plant = Flowsheet("heavy liquor")
    strong = {"H2O": 130.0, "N2H6SO4": 1.4, "H2SO4": 2.6}
    a = plant.add(Feed("liquor", "aqueous", strong, temperature=353.15))
    b = plant.add(Feed("oil", "organic", {"benzophenone": 2.0}, temperature=353.15))
    given = {"area": 3.0, "droplet": 1e-4, "dispersed": 1.0, "relative_viscosity": 1.5}
    unit = plant.add(SettlingDecanter("U", salting=0.2, caught=0.5, **given))
    plant.connect(a.out, unit.liquor, "liquor in")
    plant.connect(b.out, unit.oil, "oil in")
    with pytest.raises(Refusal, match=r"differ by .* kg/m3; below 20 kg/m3 nothing settles"):
        plant.solve()


@pytest.mark.parametrize("make", [decanter, settling_decanter])
def test_liquor_with_much_solvent_is_refused(make: Any) -> None:
    plant = make()
    liquor = plant.units["liquor"]
    fresh = Flowsheet("solvent")
    held = {"H2O": 130.0, "N2H6SO4": 1.4, "acetonitrile": 4.0}
    a = fresh.add(Feed("liquor", "aqueous", held, temperature=liquor.given["temperature"]))
    b = fresh.add(Feed("oil", "organic", {"benzophenone": 2.0}, temperature=353.15))
    unit = type(plant.units["U"])("U", **plant.units["U"].given)
    fresh.add(unit)
    fresh.connect(a.out, unit.liquor, "liquor in")
    fresh.connect(b.out, unit.oil, "oil in")
    with pytest.raises(Refusal, match=r"wt% acetonitrile and methanol; beyond 5 wt%"):
        fresh.solve()


def test_large_droplets_are_told() -> None:
    assert any("Stokes overstates" in w for w in settled(droplet=6e-4).warnings)
    assert not any("Stokes" in w for w in settled().warnings)


# Extraction --------------------------------------------------------------------------------------


def extracted(stages: int, partition: float, melt: float = 6.0, **brought: float) -> Any:
    plant = Flowsheet("extraction")
    a = plant.add(Feed("liquor", "aqueous", LIQUOR, temperature=343.15))
    b = plant.add(Feed("melt", "organic", {"benzophenone": melt, **brought}, temperature=343.15))
    unit = plant.add(
        Extractor(
            "U", solutes=("acetonitrile",), stages=stages, partition={"acetonitrile": partition}
        )
    )
    plant.connect(a.out, unit.liquor, "liquor in")
    plant.connect(b.out, unit.solvent, "melt in")
    return plant.solve()


@pytest.mark.oracle
@pytest.mark.parametrize("partition", [0.5, 2.4])
@pytest.mark.parametrize("stages", [1, 6])
def test_left_is_kremsers(stages: int, partition: float) -> None:
    s = extracted(stages, partition)
    E = s["U.extraction_factor[acetonitrile]"]
    exact = (E - 1) / (E ** (stages + 1) - 1)
    assert s["U.left[acetonitrile]"] == pytest.approx(exact, rel=1e-8)
    assert settling.kremser(E, stages) == pytest.approx(exact, rel=1e-12)


def test_factor_of_one() -> None:
    assert settling.kremser(1.0, 4) == pytest.approx(0.2)
    assert settling.kremser(1.0 + 1e-6, 4) == pytest.approx(0.2, rel=1e-5)


@pytest.mark.oracle
def test_solvent_that_brings_solute_by_a_matrix() -> None:
    """Stage balances solved with NumPy."""
    stages = 5
    s = extracted(stages, 3.0, acetonitrile=0.03)
    E = s["U.extraction_factor[acetonitrile]"]
    rows = (1 + E) * np.eye(stages) - np.eye(stages, k=-1) - E * np.eye(stages, k=1)
    right = np.zeros(stages)
    right[0], right[-1] = LIQUOR["acetonitrile"], 0.03
    x = np.linalg.solve(rows, right)
    assert s["U.left[acetonitrile]"] == pytest.approx(x[-1] / 0.23, rel=1e-8)
    assert s.stream_results["U.extract"].flows["acetonitrile"] == pytest.approx(E * x[0], rel=1e-8)


def test_solute_that_is_not_dilute_is_refused() -> None:
    """6 mol/s of molten benzophenone are 1 L/s; 3 mol/s of acetonitrile, 0.16 L/s, swell them."""
    plant = Flowsheet("much solute")
    a = plant.add(Feed("liquor", "aqueous", {**LIQUOR, "acetonitrile": 3.0}, temperature=343.15))
    b = plant.add(Feed("melt", "organic", {"benzophenone": 6.0}, temperature=343.15))
    given = {"partition": {"acetonitrile": 30.0}}
    unit = plant.add(Extractor("U", solutes=("acetonitrile",), stages=6, **given))
    plant.connect(a.out, unit.liquor, "liquor in")
    plant.connect(b.out, unit.solvent, "melt in")
    swollen = 100 * 3.0 * 5.56e-5 / (6.0 * 1.70e-4)
    with pytest.raises(Refusal, match=r"solvent changes its volume by 1\d.*beyond 10 %") as error:
        plant.solve()
    told = float(str(error.value).split("volume by ")[1].split(" %")[0])
    assert told == pytest.approx(swollen, rel=0.1)


def test_salts_stay() -> None:
    totals = extractor().solve().stream_results["U.raffinate"].totals
    assert totals["N(-2)"] == pytest.approx(1.4)
    assert totals["S(6)"] == pytest.approx(1.55)


def test_extractor_words() -> None:
    with pytest.raises(SpecError, match="name each solute once"):
        Extractor("U", solutes=(), stages=2, partition={})
    with pytest.raises(SpecError, match="stages"):
        Extractor("U", solutes=("methanol",), stages=0, partition={"methanol": 1.0})
    plant = Flowsheet("extraction")
    a = plant.add(Feed("liquor", "aqueous", LIQUOR, temperature=343.15))
    b = plant.add(Feed("melt", "organic", {"benzophenone": 6.0}, temperature=343.15))
    unit = plant.add(
        Extractor("U", solutes=("benzhydrol",), stages=2, partition={"benzhydrol": 2.0})
    )
    plant.connect(a.out, unit.liquor, "liquor in")
    plant.connect(b.out, unit.solvent, "melt in")
    with pytest.raises(ModelError, match="benzhydrol is not held by both liquids"):
        plant.solve()
