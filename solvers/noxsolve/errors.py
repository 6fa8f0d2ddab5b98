"""Errors of noxsolve; every message names the component at fault, every error has a status."""

from noxsolve.status import Status


class ModelError(ValueError):
    """The model cannot be compiled or solved as it is written.

    Attributes:
        status: what kind of fault it is; its value is a sentence for users.
    """

    def __init__(self, message: str, status: Status = Status.INVALID) -> None:
        super().__init__(message)
        self.status = status


class StructureError(ModelError):
    """Equations and unknowns do not match one to one."""

    def __init__(self, message: str, status: Status = Status.NOT_SQUARE) -> None:
        super().__init__(message, status)


class MissingPackage(ModelError, ImportError):
    """An optional package is not installed; the message says which extra brings it."""

    def __init__(self, package: str, extra: str, what: str) -> None:
        super().__init__(
            f"{what} needs the package {package!r}, which is not installed; install the extra"
            f" {extra!r}: pip install 'noxplant[{extra}]'",
            Status.MISSING_PACKAGE,
        )
        self.package, self.extra = package, extra
