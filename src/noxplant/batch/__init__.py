"""Batches in time, and the continuous units that make the same.

A batch is given as numbers (`NitrateCell`, `AzineCellBatch`, `StrippingIntoSolvent`,
`StrippingIntoAcid`), integrated with CasADi's SUNDIALS, audited (elements, charge, Faraday's law) at
every row of its time series, and handed back as a frozen `BatchRun`. `stirred` solves the same laws
as a stirred continuous tank; plug flow needs the batch's own time. Command line: `noxplant batch`.
"""

from __future__ import annotations

from noxplant.batch.azine_cell import AzineCellBatch
from noxplant.batch.azine_cycles import Cycles, cycles
from noxplant.batch.continuous import (
    Production,
    Stirred,
    plug_flow_time,
    production,
    stirred,
    stirred_ratio,
)
from noxplant.batch.nitrate import NitrateCell
from noxplant.batch.run import BatchRun
from noxplant.batch.shipped import SHIPPED, paper_cycles, shipped
from noxplant.batch.stripping import StrippingIntoAcid, StrippingIntoSolvent, stripping_time

__all__ = [
    "SHIPPED",
    "AzineCellBatch",
    "BatchRun",
    "Cycles",
    "NitrateCell",
    "Production",
    "Stirred",
    "StrippingIntoAcid",
    "StrippingIntoSolvent",
    "cycles",
    "paper_cycles",
    "plug_flow_time",
    "production",
    "shipped",
    "stirred",
    "stirred_ratio",
    "stripping_time",
]
