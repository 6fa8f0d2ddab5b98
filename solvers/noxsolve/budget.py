"""How much work a solve may do: an iteration budget, so that the same inputs give the same end."""

from dataclasses import dataclass


class Spent(Exception):
    """The iteration budget is used up; the point is where the work stopped."""


@dataclass
class Budget:
    """Iterations that some solves may take together.

    A Newton step on a block counts as one, whatever the size of the block, because each evaluates
    the whole model; so does an iteration of IPOPT.

    Attributes:
        limit: iterations allowed; None for no limit.
        spent: iterations taken.
    """

    limit: int | None = None
    spent: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        return self.limit is not None and self.spent > self.limit

    def take(self, iterations: int = 1) -> None:
        """Count iterations; raises `Spent` when they are more than is left."""
        self.spent += iterations
        if self.over:
            raise Spent(f"{self.limit} iterations")
