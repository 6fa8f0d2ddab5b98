"""Block-triangular order of equations, and what is wrong when they do not match the unknowns."""

from dataclasses import dataclass, field
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData
from scipy.sparse.csgraph import connected_components, maximum_bipartite_matching

from noxsolve.compiled import CompiledModel
from noxsolve.errors import StructureError
from noxsolve.status import Status
from noxsolve.translate import show

Indices = npt.NDArray[np.int64]
Blocks = list[tuple[Indices, Indices]]


def match_rows(pattern: sp.csr_matrix) -> Indices:
    """Column matched to each row in a maximum matching, -1 where none; shape (rows,)."""
    found = maximum_bipartite_matching(sp.csr_matrix(pattern), perm_type="column")
    return np.asarray(found, dtype=np.int64)


def generations(pattern: sp.csr_matrix) -> list[Blocks]:
    """Blocks in solving order, grouped: blocks of one group do not depend on each other.

    `pattern` is a square incidence matrix, rows equations, columns unknowns. Raises
    StructureError when no complete matching exists.
    """
    rows = sp.csr_matrix(pattern)
    if rows.shape[0] != rows.shape[1]:
        raise StructureError(f"{rows.shape[0]} equations for {rows.shape[1]} unknowns")
    match = match_rows(rows)
    if (match < 0).any():
        missing = int((match < 0).sum())
        raise StructureError(f"structurally singular: {missing} equations have no unknown")
    own = rows[:, match].tocoo()
    count, label = connected_components(own, directed=True, connection="strong")
    order = np.argsort(label, kind="stable")
    members = np.split(order, np.searchsorted(label[order], np.arange(1, count)))
    graph: Any = nx.DiGraph()
    graph.add_nodes_from(range(count))
    before, after = label[own.col], label[own.row]
    apart = before != after
    pairs = np.unique(np.stack([before[apart], after[apart]], axis=1), axis=0)
    graph.add_edges_from(pairs.tolist())
    return [[(members[b], match[members[b]]) for b in g] for g in nx.topological_generations(graph)]


def block_triangular(pattern: sp.csr_matrix) -> Blocks:
    """Blocks (rows, columns) of a square incidence matrix, first to be solved first.

    Each block needs only unknowns of its own and of blocks before it. Raises StructureError
    when the matrix is not square or structurally singular.
    """
    return [block for generation in generations(pattern) for block in generation]


@dataclass
class Structure:
    """Dulmage-Mendelsohn parts of a model that do not match one to one.

    Attributes:
        underdetermined_variables, underdetermined_equations: more unknowns than equations.
        overdetermined_equations, overdetermined_variables: more equations than unknowns.
        missing: how many equations lack (or variables must be fixed).
        surplus: how many equations are too many (or variables must be freed).
        candidates_to_free: fixed variables that occur in the overdetermined equations.
    """

    underdetermined_variables: list[VarData] = field(default_factory=list)
    underdetermined_equations: list[ConstraintData] = field(default_factory=list)
    overdetermined_equations: list[ConstraintData] = field(default_factory=list)
    overdetermined_variables: list[VarData] = field(default_factory=list)
    missing: int = 0
    surplus: int = 0
    candidates_to_free: list[VarData] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether equations and unknowns match one to one."""
        return self.missing == 0 and self.surplus == 0

    @property
    def status(self) -> Status:
        """SOLVED when sound (nothing is wrong here), else what is wrong."""
        if self.sound:
            return Status.SOLVED
        both = self.missing == self.surplus
        return Status.STRUCTURALLY_SINGULAR if both else Status.NOT_SQUARE

    def message(self) -> str:
        """One or two sentences that name the components, empty when sound."""
        parts = []
        if self.missing:
            names = show([v.name for v in self.underdetermined_variables])
            parts.append(f"{self.missing} too few equations for the unknowns {names}")
        if self.surplus:
            names = show([c.name for c in self.overdetermined_equations])
            parts.append(f"{self.surplus} too many equations among {names}")
            free = show([v.name for v in self.candidates_to_free])
            if free:
                parts[-1] += f" (fixed variables in them: {free})"
        return "; ".join(parts)


def analyse(compiled: CompiledModel) -> Structure:
    """Dulmage-Mendelsohn decomposition of a compiled model (fast: incidence only)."""
    rows = compiled.pattern()
    columns = rows.tocsc()
    row_match = match_rows(rows)
    column_match = np.full(rows.shape[1], -1, dtype=np.int64)
    matched = np.flatnonzero(row_match >= 0)
    column_match[row_match[matched]] = matched
    free_columns = np.flatnonzero(column_match < 0)
    free_rows = np.flatnonzero(row_match < 0)
    under_columns, under_rows = _reach(free_columns, columns, row_match)
    over_rows, over_columns = _reach(free_rows, rows, column_match)
    return Structure(
        underdetermined_variables=[compiled.unknowns[k] for k in under_columns],
        underdetermined_equations=[compiled.equations[k] for k in under_rows],
        overdetermined_equations=[compiled.equations[k] for k in over_rows],
        overdetermined_variables=[compiled.unknowns[k] for k in over_columns],
        missing=len(free_columns),
        surplus=len(free_rows),
        candidates_to_free=_inputs_of(compiled, over_rows),
    )


def _reach(start: Indices, lists: Any, partner: Indices) -> tuple[list[int], list[int]]:
    """Alternating search: own side -> all neighbours -> their partners on the own side."""
    own, other, stack = set(start.tolist()), set(), start.tolist()
    while stack:
        k = stack.pop()
        for j in lists.indices[lists.indptr[k] : lists.indptr[k + 1]].tolist():
            other.add(j)
            back = int(partner[j])
            if back >= 0 and back not in own:
                own.add(back)
                stack.append(back)
    return sorted(own), sorted(other)


def _inputs_of(compiled: CompiledModel, rows: list[int]) -> list[VarData]:
    """Fixed variables that occur in the given equations."""
    if not rows:
        return []
    sparsity = compiled.input_sparsity()
    wanted = set(rows)
    starts, at = sparsity.colind(), sparsity.row()
    return [
        v
        for k, v in enumerate(compiled.inputs)
        if not wanted.isdisjoint(at[starts[k] : starts[k + 1]])
    ]
