"""Fitted forms kept on disk: safe to kill, to share between processes, to corrupt, to do without.

A file holds the forms of one fluid, range and bound, made by one version of CoolProp and of the
fit; its name and its content carry all of them. Files are written beside their place and moved
there in one step. What cannot be read, or does not match its checksum, is made again; a folder
that cannot be written is done without.

Folder: $NOXPLANT_CACHE, else $XDG_CACHE_HOME/noxplant, else ~/.cache/noxplant.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import tempfile
from pathlib import Path
from typing import Any, Final

FORM: Final = 1
"""Version of the forms; raise it when the fit or the properties change."""


def folder() -> Path | None:
    """Where forms are kept; None where there is no home."""
    if given := os.environ.get("NOXPLANT_CACHE"):
        return Path(given)
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given) / "noxplant"
    try:
        return Path.home() / ".cache" / "noxplant"
    except RuntimeError:
        return None


def saturation(name: str, low: float, high: float, bound: float) -> dict[str, Any]:
    """Forms of a fluid, as `adapters.coolprop.saturation` returns them, and "version".

    Raises:
        Refusal: as there; a refusal is not kept.
    """
    from noxplant.thermo.adapters import coolprop

    theirs, version = coolprop.pure(name), coolprop.version()
    key = {
        "fluid": theirs,
        "low": low,
        "high": high,
        "bound": bound,
        "coolprop": version,
        "form": FORM,
    }
    path = _path(key)
    found = _read(path, key) if path else None
    if found is None:
        found = coolprop.saturation(name, low, high, bound) | {"version": version}
        if path:
            _write(path, key, found)
    return found


def _path(key: dict[str, Any]) -> Path | None:
    base = folder()
    mark = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:16]
    return base / f"{key['fluid']}-{key['coolprop']}-{mark}.json" if base else None


def _sum(key: dict[str, Any], forms: Any) -> str:
    text = json.dumps([key, forms], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _read(path: Path, key: dict[str, Any]) -> dict[str, Any] | None:
    """Forms in a file; None when it is absent, unreadable, cut short, altered or of another key."""
    try:
        content = json.loads(path.read_text("utf-8"))
        forms = content["forms"]
        if content["key"] != key or content["checksum"] != _sum(key, forms):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return forms if math.isfinite(forms["molar_mass"]) else None


def _write(path: Path, key: dict[str, Any], forms: dict[str, Any]) -> None:
    """Write beside the place and move there in one step; do nothing where that is not allowed."""
    text = json.dumps({"key": key, "checksum": _sum(key, forms), "forms": forms})
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            if temporary:
                Path(temporary).unlink()
