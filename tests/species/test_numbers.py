"""The book of numbers: every value has unit, source and class."""

import math

import pytest

from noxplant.errors import ModelError
from noxplant.species import book, datum, number
from noxplant.species.numbers import CLASSES, all_data, files, read


def test_every_number_has_unit_source_and_class():
    assert len(all_data()) > 400
    for d in all_data():
        assert d.kind in CLASSES, d.path
        assert d.unit, d.path
        assert len(d.source) > 10, d.path
        values = d.value if isinstance(d.value, tuple) else (d.value,)
        assert all(math.isfinite(v) for v in values), d.path


def test_no_number_without_a_record():
    """A bare number in a data file would escape the book."""

    def walk(table, path):
        if isinstance(table, dict):
            if "value" in table:
                assert set(table) <= {"value", "unit", "source", "class", "note"}, path
                return
            for key, entry in table.items():
                walk(entry, f"{path}.{key}")
        else:
            pytest.fail(f"{path} is a bare value")

    for file in files():
        walk(read(file), file)


def test_every_source_is_explained_and_used():
    known = set(read("sources"))
    used = set()

    def walk(table):
        for key, entry in table.items():
            if isinstance(entry, dict):
                walk(entry)
            elif key == "source":
                used.add(entry)

    for file in files():
        walk(read(file))
    assert known <= used
    assert all(" " in name for name in used - known)  # in words, where it is not a short name


def test_recalled_values_say_so():
    """What nobody looked up is marked, in class and in words."""
    for d in all_data():
        if "recalled, not looked up" in d.source:
            assert d.kind == "recalled", d.path


def test_datum():
    d = datum("aqueous.species.NH3.enthalpy")
    assert (d.value, d.unit, d.kind) == (-80290.0, "J/mol", "recalled")
    assert "NBS" in d.source
    assert isinstance(number("gas.nasa7.NH3.low"), tuple)


def test_book():
    rows = [r for r in book() if r.name == "NH3"]
    assert {r.quantity for r in rows} >= {"aqueous enthalpy", "organic volume", "gas low"}
    assert len(book()) == len(all_data())


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("aqeous.species", "No data file 'aqeous'. Did you mean 'aqueous'"),
        ("aqueous.species.NH3.entalpy", "has no 'entalpy'. Did you mean 'enthalpy'"),
        ("aqueous.species.NH3", "is a table, not a number. It holds: gibbs, enthalpy"),
    ],
)
def test_refusals(path, words):
    with pytest.raises(ModelError, match=words):
        datum(path)
