"""Products: where a stream leaves the plant under a name of its own."""

from __future__ import annotations

from noxplant.quantities import Inlet
from noxplant.unit import Equations, Unit


class Product(Unit):
    """The end of a stream that leaves the plant: a product, a vent, a waste."""

    feed = Inlet("*", "what leaves the plant")

    def __init__(self, name: str, medium: str) -> None:
        """Name the product and give the medium of the stream it takes."""
        self.medium = medium
        super().__init__(name)

    def equations(self) -> Equations:
        """Nothing is to be computed."""
        return iter(())
