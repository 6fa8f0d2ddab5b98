"""Routes that ship with noxplant; each folder holds one (see `noxplant.routes`)."""
