"""Linear equations solved symbolically: block by block, in an order that is fixed beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from noxsolve.graph import Graph
from noxsolve.markowitz import Elimination, Pivots

Row = dict[int, int]


def solve(
    graph: Graph, order: Elimination, rows: Sequence[Row], right: Sequence[Mapping[int, int]]
) -> dict[int, Row]:
    """Nodes of the solution, by column and by number of the right side; what is zero is left out.

    Args:
        graph: holds the operations, and is extended.
        order: pivots in blocks.
        rows: nodes of the matrix by row and column; used up.
        right: nodes of the right sides by row and by their number from 0.
    """
    for row, given in zip(rows, right, strict=True):
        row |= {~q: node for q, node in given.items() if node != graph.zero}
    found: dict[int, Row] = {}
    for block in order.blocks:
        for i, _ in block:
            row = rows[i]
            for k in [k for k in row if k in found]:
                _less(graph, row, row.pop(k), found[k])
        _factorise(graph, block, rows, found)
    return {k: {~q: node for q, node in row.items()} for k, row in found.items()}


def _less(graph: Graph, row: Row, factor: int, other: Mapping[int, int]) -> None:
    """A row less a multiple of another."""
    for c, v in other.items():
        part = graph.mul(factor, v)
        row[c] = graph.sub(row[c], part) if c in row else graph.neg(part)


def _factorise(graph: Graph, pivots: Pivots, rows: Sequence[Row], found: dict[int, Row]) -> None:
    """Eliminate one block and add its part of the solution; right sides are columns below 0."""
    columns: dict[int, dict[int, None]] = {k: {} for _, k in pivots}
    for i, _ in pivots:
        for k in rows[i]:
            if k >= 0:
                columns[k][i] = None
    inverse = {}
    for i, k in pivots:
        row, below = rows[i], columns.pop(k)
        inverse[i] = graph.inv(row.pop(k))
        del below[i]
        inside = [c for c in row if c >= 0]
        for c in inside:
            del columns[c][i]
            columns[c] |= below
        for r in below:
            _less(graph, rows[r], graph.mul(rows[r].pop(k), inverse[i]), row)
    for i, k in reversed(pivots):
        row = rows[i]
        for c in [c for c in row if c >= 0]:
            _less(graph, row, row.pop(c), found[c])
        found[k] = {q: graph.mul(node, inverse[i]) for q, node in row.items()}
