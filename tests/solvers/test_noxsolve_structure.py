"""Block-triangular order and Dulmage-Mendelsohn parts against hand answers."""

import numpy as np
import pyomo.environ as pyo
import pytest
import scipy.sparse as sp

from noxsolve.compiled import CompiledModel
from noxsolve.errors import StructureError
from noxsolve.structure import analyse, block_triangular


def test_known_blocks():
    pattern = sp.csr_matrix(
        [
            [0, 0, 1, 0, 0],
            [1, 1, 1, 0, 0],
            [1, 1, 0, 0, 0],
            [0, 1, 0, 1, 1],
            [0, 0, 0, 1, 0],
        ]
    )
    found = [(set(r.tolist()), set(c.tolist())) for r, c in block_triangular(pattern)]
    expected = [({0}, {2}), ({4}, {3}), ({1, 2}, {0, 1}), ({3}, {4})]
    assert sorted(found, key=str) == sorted(expected, key=str)
    known: set[int] = set()
    for rows, columns in found:
        known |= columns
        for r in rows:
            assert set(pattern[r].indices.tolist()) <= known


def test_a_permuted_triangle_has_blocks_of_one():
    rng = np.random.default_rng(1)
    n = 50
    lower = np.tril(rng.random((n, n)) < 0.2).astype(float)
    np.fill_diagonal(lower, 1)
    mixed = sp.csr_matrix(lower[rng.permutation(n)][:, rng.permutation(n)])
    assert [len(r) for r, _ in block_triangular(mixed)] == [1] * n


@pytest.mark.parametrize(
    ("pattern", "words"),
    [([[1, 1], [0, 0]], "structurally singular: 1 equations"), ([[1, 1]], "1 equations for 2")],
)
def test_refusals(pattern, words):
    with pytest.raises(StructureError, match=words):
        block_triangular(sp.csr_matrix(pattern))


def names(components):
    return sorted(c.name for c in components)


def mixed_model():
    m = pyo.ConcreteModel()
    m.a, m.b, m.c, m.d, m.e = (pyo.Var(initialize=1.0) for _ in range(5))
    m.f, m.g = pyo.Var(initialize=2.0), pyo.Var(initialize=3.0)
    m.f.fix()
    m.g.fix()
    m.over_1 = pyo.Constraint(expr=m.a == m.f)
    m.over_2 = pyo.Constraint(expr=m.a * m.b == 1)
    m.over_3 = pyo.Constraint(expr=m.a + m.b == 2)
    m.well = pyo.Constraint(expr=m.c + m.a == m.g)
    m.under = pyo.Constraint(expr=m.d + m.e + m.c == 1)
    return m


def test_parts_by_hand():
    found = analyse(CompiledModel(mixed_model()))
    assert not found.sound
    assert (found.missing, found.surplus) == (1, 1)
    assert names(found.underdetermined_variables) == ["d", "e"]
    assert names(found.underdetermined_equations) == ["under"]
    assert names(found.overdetermined_equations) == ["over_1", "over_2", "over_3"]
    assert names(found.overdetermined_variables) == ["a", "b"]
    assert names(found.candidates_to_free) == ["f"]


def test_sound_model_has_nothing_to_tell():
    m = mixed_model()
    m.over_3.deactivate()
    m.e.fix()
    found = analyse(CompiledModel(m))
    assert found.sound
    assert found.message() == ""


def test_equation_without_unknowns_is_surplus():
    m = mixed_model()
    for v in (m.a, m.b, m.d):
        v.fix()
    found = analyse(CompiledModel(m))
    assert names(found.overdetermined_equations) == ["over_1", "over_2", "over_3"]
    assert names(found.candidates_to_free) == ["a", "b", "f"]


def test_long_lists_are_shortened():
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(20), initialize=1.0)
    m.c = pyo.Constraint(expr=sum(m.x.values()) == 1)
    text = analyse(CompiledModel(m)).message()
    assert text.startswith("19 too few equations for the unknowns x[0], x[1]")
    assert text.endswith("and 12 more")
