"""Every unit keeps the contract: square, one answer from any start, audits, report, scale-free."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import noxplant.units
from noxplant.examples import examples
from noxplant.testing import check_unit
from noxplant.unit import Unit


def unit_classes() -> set[str]:
    found = set()
    for info in pkgutil.iter_modules(noxplant.units.__path__):
        module = importlib.import_module(f"noxplant.units.{info.name}")
        found |= {
            n
            for n, c in inspect.getmembers(module, inspect.isclass)
            if issubclass(c, Unit) and c is not Unit and c.__module__ == module.__name__
        }
    return found


def test_every_unit_has_an_example() -> None:
    assert unit_classes() == set(examples())


@pytest.mark.parametrize("name", sorted(examples()))
def test_contract(name: str) -> None:
    check_unit(examples()[name])


def test_units_are_final() -> None:
    from noxplant.units.mixer import Mixer

    with pytest.raises(TypeError, match="Units are final"):
        type("Special", (Mixer,), {})
