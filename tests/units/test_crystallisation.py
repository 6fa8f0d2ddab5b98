"""Closed forms of the hydrazine note 3.6, 3.8 and the ammonia note 5.3."""

import pytest

from noxplant import crystallisation as cr
from noxplant.errors import ModelError, SpecError, SpeciesError
from noxplant.species import molar_mass
from noxplant.thermo import solid, used


def grams(salt, T, alternative=False):
    """Solubility in g per 100 g water."""
    return solid.solubility(salt, T, alternative) * molar_mass(salt) * 100


def test_org_synth_gives_19_g_of_21():
    assert cr.crystals(21.0, 100.0, 2.0) == pytest.approx(19.0)


def test_undersaturated_gives_nothing():
    assert cr.crystals(1.0, 100.0, 2.0) == 0.0


def test_ammonium_sulfate_by_evaporation():
    # Ammonia note 5.3 (3): 1000 kg/h of 40 wt%, 300 kg/h evaporated, 87.4 g/100 g at 60 C.
    assert cr.crystals(400.0, 600.0, 87.4, evaporated=300.0) == pytest.approx(137.8, abs=0.05)


@pytest.mark.parametrize(
    ("salt", "cold", "hot", "expected", "tolerance"),
    [
        ("N2H6SO4(s)", 273.15, 373.15, 0.915, 0.01),
        ("N2H6SO4(s)", 273.15, 353.15, 0.876, 0.01),
        ("N2H5Cl(s)", 273.15, 353.15, 0.679, 0.01),
        ("N2H5Cl(s)", 273.15, 333.15, 0.594, 0.01),
        ("(N2H5)2SO4(s)", 273.15, 333.15, 0.849, 0.01),
    ],
)
def test_single_pass_yields_of_the_note(salt, cold, hot, expected, tolerance):
    with used.extrapolating():  # (N2H5)2SO4 is known from 25 to 60 C
        found = cr.single_pass_yield(grams(salt, cold), grams(salt, hot))
    assert found == pytest.approx(expected, abs=tolerance)


def test_both_solubilities_of_hydrazinium_chloride_give_one_yield():
    pairs = [
        (grams("N2H5Cl(s)", 273.15, other), grams("N2H5Cl(s)", 353.15, other))
        for other in (False, True)
    ]
    first, second = (cr.single_pass_yield(*p) for p in pairs)
    assert first == pytest.approx(second, abs=1e-9)
    assert pairs[1][0] > 4 * pairs[0][0]


def test_loop_yield_and_impurity():
    assert cr.loop_yield(0.6, 0.1) == pytest.approx(0.9375)
    assert cr.loop_impurity(0.02, 0.1) == pytest.approx(0.2)


def test_impurity_needs_a_purge():
    with pytest.raises(SpecError, match="no way out of the mother"):
        cr.loop_impurity(0.02, 0.0)


def test_common_ion():
    s = cr.common_ion_solubility(0.3, 0.5)
    assert s * (s + 0.5) == pytest.approx(0.09)
    assert s < 0.3


def test_displacement_wash():
    assert cr.displaced(0.5, 2) == pytest.approx(0.75)


def test_benzophenone_in_water():
    # Note 3.6 (2): 1000 L/h of water carry 0.137 kg/h at 298 K.
    per_kg = cr.benzophenone_in_water(298.15) * molar_mass("benzophenone")
    assert 1000 * 0.997 * per_kg == pytest.approx(0.137, rel=0.01)
    # Note 3.6 (1): 0.0376 % of the ketone at 1 mol/L hydrazine.
    assert per_kg * 0.997 * 1000 / (2 * 1000 * molar_mass("benzophenone")) == pytest.approx(
        3.76e-4, rel=0.01
    )
    # Salting: one decade at ks I = 1; four times as soluble at 360 K.
    assert cr.benzophenone_in_water(298.15, 5.0, 0.2) == pytest.approx(
        cr.benzophenone_in_water(298.15) / 10
    )
    assert cr.benzophenone_in_water(360.0) / cr.benzophenone_in_water(298.15) == pytest.approx(
        4.0, rel=0.02
    )


def test_solubility_product_is_one_at_saturation():
    kg = 2.0
    for salt in ("N2H6SO4(s)", "(NH4)2SO4(s)", "N2H5Cl(s)", "N2H6Cl2(s)"):
        s = solid.solubility(salt, 300.0)
        flow = {c: nu * s * kg for c, nu in cr.ions(salt).items()}
        flow["H2O"] = kg / 0.01801528
        assert cr.ion_product(salt, flow, 300.0) == pytest.approx(1.0)
        assert cr.saturated_or_bare(salt, 0.1, flow, 300.0) == pytest.approx(0.0, abs=1e-9)


def test_masses():
    assert cr.molar_mass_of("S(6)", "aqueous") == pytest.approx(0.098078, rel=1e-4)
    assert cr.molar_mass_of("K+", "aqueous") == pytest.approx(0.05610 - 0.01801, rel=1e-3)


@pytest.mark.parametrize("name", ["hydrazine sulfate", "Hydrazinium sulfate", "hydrazine sulphate"])
def test_ambiguous_sulfate_names_both_salts(name):
    with pytest.raises(SpeciesError, match=r"N2H6SO4\(s\).*3\.7.*\(N2H5\)2SO4\(s\).*202"):
        cr.check_salt("K-301", name)


def test_unknown_salt():
    with pytest.raises(SpeciesError, match=r"no solubility of 'N2H6SO5\(s\)'.*Did you mean"):
        cr.check_salt("K-301", "N2H6SO5(s)")


def test_benzophenone_is_no_salt():
    with pytest.raises(SpeciesError, match="no solubility of 'benzophenone"):
        cr.check_salt("K-301", "benzophenone(s)")


def test_no_slurry():
    with pytest.raises(ModelError, match="is no slurry"):
        cr.liquid_of("aqueous")
