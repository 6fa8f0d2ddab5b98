"""Errors of noxsolve; every message names the component at fault."""


class ModelError(ValueError):
    """The model cannot be compiled or solved as it is written."""


class StructureError(ModelError):
    """Equations and unknowns do not match one to one."""
