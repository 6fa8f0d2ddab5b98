"""Several azine batches one after the other on the same benzophenone, with or without make-up.

After each batch the azine, the imine left and the benzophenone left give back their benzophenone
(hydrolysis, then phase split); a part is lost on the way, and as much of the loss as is wanted is
made up. Ammonia, solvent and salt are fresh in every batch; benzhydrol does not come back.

Source: hydrazine note 3.10; the paper recovers more than 99 % and reports five batches without a
considerable loss of yield.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from noxplant import azine
from noxplant.batch.azine_cell import IMINE, AzineCellBatch, charge_of
from noxplant.batch.run import BatchRun
from noxplant.errors import Refusal, SpecError

KETONE: Final = "liquid.benzophenone"
LEAST: Final = 1e-3
"""Part of the first charge of benzophenone below which there is no batch to speak of. A choice."""


@dataclass(frozen=True, eq=False)
class Cycles:
    """Batches in their order.

    Attributes:
        runs: the batches.
        charged: benzophenone charged to each, mol.
        made_up: fresh benzophenone in each, mol; that of the first is its whole charge.
        recovered: benzophenone that came back after each, mol.
    """

    runs: tuple[BatchRun, ...]
    charged: tuple[float, ...]
    made_up: tuple[float, ...]
    recovered: tuple[float, ...]

    def table(self) -> Any:
        """One row a batch, as a pandas data frame, SI."""
        import pandas as pd

        first = self.charged[0]
        return pd.DataFrame(
            {
                "cycle": range(1, len(self.runs) + 1),
                "benzophenone charged [mol]": self.charged,
                "of the first charge [1]": [n / first for n in self.charged],
                "made up [mol]": self.made_up,
                "conversion [1]": [r["conversion"] for r in self.runs],
                "charge [C]": [r["charge"] for r in self.runs],
                "azine [mol]": [r["azine"] for r in self.runs],
                "electricity per hydrazine [J/kg]": [
                    r["electricity per hydrazine"] for r in self.runs
                ],
            }
        )


def cycles(batch: AzineCellBatch, *, number: int, loss: float, make_up: float) -> Cycles:
    """Run a batch several times on the benzophenone of the first.

    Args:
        batch: the first batch; its inputs hold for all but the benzophenone charged.
        number: how many.
        loss: benzophenone lost between two batches, per that in the liquid, 0..1.
        make_up: part of what is missing that is replaced by fresh benzophenone, 0..1.

    Raises:
        SpecError: a number or a part out of range.
        Refusal: nothing of the benzophenone is left for the next batch.
    """
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 1000:
        raise SpecError(f"Azine cycles: number = {number!r}; give a whole number from 1 to 1000.")
    for what, value in (("loss", loss), ("make_up", make_up)):
        if not 0 <= value <= 1:
            raise SpecError(f"Azine cycles: {what} = {value:g}; give a part between 0 and 1.")
    wanted = charge_of(batch)[KETONE]
    held, fresh = wanted, wanted
    runs: list[BatchRun] = []
    charged: list[float] = []
    made_up: list[float] = []
    recovered: list[float] = []
    for n in range(1, number + 1):
        if not held > LEAST * wanted:
            raise Refusal(
                f"Azine cycles: {held / wanted:.2g} of the first charge of benzophenone is left for batch"
                f" {n} (loss = {loss:g}, make_up = {make_up:g}).\n  Lose less, make up more, or run fewer."
            )
        found = batch.run({"benzophenone": held})
        runs.append(found)
        charged.append(held)
        made_up.append(fresh)
        recovered.append((1 - loss) * ketone_in(found))
        fresh = make_up * (wanted - recovered[-1])
        held = recovered[-1] + fresh
    return Cycles(tuple(runs), tuple(charged), tuple(made_up), tuple(recovered))


def ketone_in(found: BatchRun) -> float:
    """Benzophenone that a batch's liquid gives back on hydrolysis, mol."""
    n = {
        s: float(found.columns[f"n(liquid.{s})"][-1]) for s in ("benzophenone", IMINE, azine.AZINE)
    }
    return n["benzophenone"] + n[IMINE] + 2 * n[azine.AZINE]
