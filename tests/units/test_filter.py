import pytest

from noxplant.crystallisation import displaced
from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.examples.crystals import azine_filter, salt_filter
from noxplant.species import molar_mass
from noxplant.testing import check_unit
from noxplant.thermo import solid, used
from noxplant.units.feed import Feed
from noxplant.units.filter import Filter

SALT = "N2H6SO4(s)"


def changed(make=salt_filter, **specs):
    plant = make()
    for path, value in specs.items():
        unit, key = path.split("__")
        if key.startswith("amount"):
            plant.units[unit].give("amount", {key.removeprefix("amount_"): value})
        else:
            plant.units[unit].give(key, value)
    return plant


def totals(stream, key):
    return stream.totals[key] if key in stream.totals else stream.flows.get(key, 0.0)


def test_contract():
    check_unit(salt_filter)


def test_contract_organic():
    check_unit(azine_filter)


def test_displacement_of_a_tracer():
    s = salt_filter().solve()
    fed = 0.05  # ammonia only comes with the mother liquor
    cake, off, out = (
        totals(s.stream_results[f"U.{p}"], "N(-3)") for p in ("cake", "mother_liquor", "wash_out")
    )
    assert cake == pytest.approx(0.1 * s["U.held_fraction"] * fed, rel=1e-9)
    assert out == pytest.approx(0.9 * s["U.held_fraction"] * fed, rel=1e-9)
    assert cake + off + out == pytest.approx(fed, rel=1e-9)


def test_mass_held():
    s = salt_filter().solve()
    cake = s.stream_results["U.cake"]
    dry = cake.flows[SALT] * molar_mass(SALT)
    assert cake.mass_flow == pytest.approx(1.15 * dry, rel=1e-6)


def test_a_wash_that_brings_the_solid_is_told():
    assert not [w for w in salt_filter().solve().warnings if "taken as clean" in w]
    brings = 0.02  # mol of N2H6SO4 per kg of water: a tenth of what it dissolves near 5 C
    water = 3.6
    plant = salt_filter()
    kept = plant.units["water"]
    plant.replace(
        Feed(
            "water", "aqueous",
            {"H2O": water, "N2H6SO4": brings * water * 0.01801528}, temperature=kept.given["temperature"],
        )
    )  # fmt: skip
    s = plant.solve()
    T = s.stream_results["U.cake"].temperature
    share = brings / solid.solubility(SALT, T)
    assert 0.05 < share < 0.5
    (told,) = (w for w in s.warnings if "taken as clean" in w)
    assert f"the wash brings {share:.1%} of the {SALT}" in told


def test_wash_loss_is_half_saturation():
    # Note 3.8: wash loss = q_wash S_wash, here at saturation 0.5.
    s = salt_filter().solve()
    T = s.stream_results["U.cake"].temperature
    expected = 0.5 * solid.solubility(SALT, T) * 3.6 * 0.01801528
    assert s["U.dissolved"] == pytest.approx(expected, rel=1e-6)


def test_azine_wash_loses_by_volume_of_solvent():
    s = azine_filter().solve()
    wash = 8.0 * 5.286e-5 * (1 + 0.00138 * (253.15 - 298.15))
    T = s.stream_results["U.cake"].temperature
    with used.extrapolating():  # the cake is 0.04 K below the range
        full = solid.solubility("benzophenone azine(s)", T)
    assert s["U.dissolved"] == pytest.approx(0.5 * full * wash)
    assert s["U.wash_volumes"] == pytest.approx(3.04, abs=0.05)


def test_three_volumes_leave_27_per_mille():
    s = changed(azine_filter, U__displaced=displaced(0.7, 3)).solve()
    salt = s.stream_results["U.cake"].flows["KPF6"]
    assert salt == pytest.approx(0.3**3 * s["U.held_fraction"] * 2.0, rel=1e-9)


def test_no_wash_saturation_no_loss():
    assert changed(U__wash_saturation=0.0).solve()["U.loss"] == pytest.approx(0.0, abs=1e-12)


def test_mother_liquor_keeps_its_temperature_and_warm_wash_warms_the_cake():
    a, b = salt_filter().solve(), changed(water__temperature=298.15).solve()
    assert b.stream_results["U.mother_liquor"].temperature == pytest.approx(278.15)
    assert b.stream_results["U.cake"].temperature > a.stream_results["U.cake"].temperature + 3
    assert b["U.loss"] > a["U.loss"]


def test_too_little_liquor():
    with pytest.raises(Refusal, match="less liquor than the cake is to hold"):
        changed(U__held_liquor=10.0).solve()


def test_too_little_wash():
    with pytest.raises(Refusal, match="less than the liquor it is to displace"):
        changed(water__amount_H2O=0.5).solve()


def test_wash_dissolves_all():
    with pytest.raises(Refusal, match=r"dissolves more N2H6SO4\(s\) than there is"):
        changed(water__amount_H2O=3000.0).solve()


def test_names():
    given = {"held_liquor": 0.1, "displaced": 0.5, "wash_saturation": 0.5}
    with pytest.raises(SpeciesError, match="no solid 'N2H6SO4'.*Did you mean"):
        Filter("F-1", solid="N2H6SO4", **given)
    with pytest.raises(SpeciesError, match="does not dissolve in an organic wash"):
        Filter("F-1", "organic slurry", solid=SALT, **given)
    with pytest.raises(ModelError, match="is no slurry"):
        Filter("F-1", "aqueous", solid=SALT, **given)
    plant = salt_filter()
    plant.units["U"].solid = "KNO3(s)"
    with pytest.raises(ModelError, match=r"brings no KNO3\(s\)"):
        plant.build()
