"""Ports: the named ends of a unit to which streams are connected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from noxplant.errors import PortError
from noxplant.quantities import Inlet, Outlet, PortNoun

if TYPE_CHECKING:
    from noxplant.streams.stream import Stream


class Port:
    """One end of a unit. It points at a stream and hands on the stream's properties."""

    def __init__(self, unit_name: str, name: str, noun: PortNoun, medium: str) -> None:
        """A port called `name` of the unit `unit_name` that takes `medium`."""
        self.unit_name, self.name, self.noun, self.medium = unit_name, name, noun, medium
        self.stream: Stream | None = None
        self.keys: dict[str, tuple[str, ...]] = {}

    @property
    def path(self) -> str:
        """Full name, for instance ``E-101.catholyte``."""
        return f"{self.unit_name}.{self.name}"

    @property
    def is_inlet(self) -> bool:
        """Whether a stream enters here."""
        return isinstance(self.noun, Inlet)

    @property
    def is_outlet(self) -> bool:
        """Whether a stream leaves here."""
        return isinstance(self.noun, Outlet)

    def __repr__(self) -> str:
        return self.path

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__") or attribute == "stream":
            raise AttributeError(attribute)
        stream = self.__dict__.get("stream")
        if stream is None:
            raise PortError(
                f"{self.__dict__.get('unit_name')}.{self.__dict__.get('name')}: no stream yet, so it"
                f" has no {attribute!r}.\n  Connect the port, then build the flowsheet."
            )
        return getattr(stream, attribute)
