"""All unknowns by some inputs at many points: one straight-line program for dx/dp = -J^-1 dg/dp.

It is written out like a Newton step, with the inputs as right sides, so that what does not depend on an
input is never computed. `noxsolve.sensitivity` needs no preparation and is the choice for a single point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from noxsolve.blocksolve import solve
from noxsolve.compiled import bind, without_gc
from noxsolve.equationgraph import EquationGraph
from noxsolve.errors import MissingPackage, ModelError
from noxsolve.graph import ARITY
from noxsolve.square import SquareSolver

Vector = npt.NDArray[np.float64]
Call = Callable[[Vector, Vector], Vector]


class CompiledDerivatives:
    """Derivatives of all unknowns by chosen inputs, at solved points near the present one.

    Args:
        solver: at a solved point; the order of elimination is safe around it.
        varied: positions of the inputs that vary from point to point; derivatives are by these.
        executor: "casadi" for CasADi's machine, one point after the other, or "llvm" for vector code.

    Attributes:
        rows, columns: unknown and number of the input of each derivative that can be other than zero.
        operations: of one point.

    Raises ModelError for a singular point, MissingPackage for "llvm" without llvmlite.
    """

    def __init__(
        self, solver: SquareSolver, varied: Sequence[int], executor: str = "casadi"
    ) -> None:
        makers = {"casadi": self._virtual, "llvm": self._vector}
        if executor not in makers:
            raise ModelError(f"there is no executor {executor!r}; choose one of casadi, llvm")
        with without_gc():
            source = EquationGraph(solver, np.array(varied, dtype=np.int64))
            order = source.order(source.samples(source.slopes()))
            _, jacobian = source.read(0)
            graph = self.graph = source.graph
            right = [
                {q: graph.neg(node) for q, node in row.items()} for row in source.read_by_inputs()
            ]
            found = solve(graph, order, source.rows(jacobian), right)
            places = [(k, q) for k in sorted(found) for q in sorted(found[k])]
            self._outputs = [found[k][q] for k, q in places]
            self.rows, self.columns = np.array(places, dtype=np.int64).reshape(-1, 2).T
            self.shape = len(source.base_x), len(varied)
            self.operations = sum(ARITY[graph.code[k]] > 0 for k in graph.live(self._outputs))
            self._call = makers[executor]()

    def __call__(self, x: Vector, p: Vector) -> Vector:
        """Derivatives at solved points, shape (points, n, inputs).

        Args:
            x: all unknowns, shape (points, n).
            p: the inputs that vary, shape (points, inputs).
        """
        n, inputs = self.shape
        found = np.zeros((len(x), n * inputs))
        if len(self.rows) and len(x):
            found[:, self.rows * inputs + self.columns] = self._call(x, p)
        return found.reshape(len(x), n, inputs)

    def _virtual(self) -> Call:
        sizes = self.shape
        function = self.graph.to_casadi("derivatives", sizes, [self._outputs])

        def run(x: Vector, p: Vector) -> Vector:
            point = np.empty(sizes[0]), np.empty(sizes[1])
            one, found = np.empty(len(self._outputs)), np.empty((len(x), len(self._outputs)))
            call = bind(function, list(point), [one])
            for k in range(len(x)):
                point[0][:], point[1][:] = x[k], p[k]
                call()
                found[k] = one
            return found

        return run

    def _vector(self) -> Call:
        from noxsolve.vectorcode import available, program

        if not available():
            raise MissingPackage("llvmlite", "fast", "the executor 'llvm'")
        return program(self.graph, self._outputs, self.shape)
