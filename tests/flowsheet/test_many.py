"""Many operating points of a plant: the same as solving each, named as the flowsheet names things."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from noxplant import Flowsheet
from noxplant.errors import SpecError, UsageError
from noxplant.units.feed import Feed
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.splitter import Splitter
from noxsolve.lanes import Virtual
from noxsolve.status import Status


def loop() -> Flowsheet:
    """A feed into a heated loop with a purge."""
    plant = Flowsheet("loop")
    fresh = plant.add(Feed("fresh", "aqueous", {"H2O": 55.5, "KNO3": 1.0}))
    mixer = plant.add(Mixer("M-1", "aqueous"))
    heater = plant.add(Heater("E-1", "aqueous", temperature=330.0, utility="low-pressure steam"))
    splitter = plant.add(Splitter("S-1", "aqueous", fraction=0.2))
    plant.connect(fresh.out, mixer.feed[0], "fresh")
    plant.connect(mixer.out, heater.feed, "mixed")
    plant.connect(heater.out, splitter.feed, "warm")
    plant.connect(splitter.out, mixer.feed[1], "recycle")
    return plant


T = [325.0, 330.0, 341.0, 320.0]
FRACTION = [0.2, 0.3, 0.25, 0.5]


@pytest.mark.parametrize("executor", ["casadi", "numpy", "llvm"])
def test_each_scenario_is_what_solve_gives(executor: str) -> None:
    plant = loop()
    given = {"E-1.temperature": T, "S-1.fraction": FRACTION}
    data = plant.solve_many(given, outputs=["E-1.duty", "S-1.fraction"], executor=executor)
    assert data.solved.all()
    np.testing.assert_array_equal(data["S-1.fraction"], FRACTION)
    for row in range(4):
        other = loop()
        other.set("E-1.temperature", T[row])
        other.set("S-1.fraction", FRACTION[row])
        assert data["E-1.duty"][row] == pytest.approx(other.solve()["E-1.duty"], rel=1e-9)


def test_the_plant_is_as_before() -> None:
    plant = loop()
    before = plant.solve()["E-1.duty"]
    plant.solve_many({"E-1.temperature": T}, audit=True)
    assert plant.value("E-1.temperature") == 330.0
    assert plant.solve()["E-1.duty"] == pytest.approx(before, rel=1e-12)


def test_values_with_units_and_tables() -> None:
    plant = loop()
    typed = plant.solve_many({"E-1.temperature": ["51.85 degC", "330 K"]}, outputs=["E-1.duty"])
    table = pd.DataFrame({"E-1.temperature": [325.0, 330.0]})
    plain = plant.solve_many(table, outputs=["E-1.duty"])
    np.testing.assert_allclose(typed["E-1.duty"], plain["E-1.duty"], rtol=1e-9)
    assert typed["E-1.temperature"][0] == pytest.approx(325.0)
    every = plant.solve_many({"E-1.temperature": 330.0})
    assert every["E-1.duty"][0] == pytest.approx(plain["E-1.duty"][1], rel=1e-9)
    assert "S-1.fraction" in every.outputs


def test_what_cannot_be_asked_is_refused() -> None:
    plant = loop()
    with pytest.raises(SpecError, match=r"Scenario 1: E-1.temperature = -4 K lies outside"):
        plant.solve_many({"E-1.temperature": [330.0, -4.0]})
    with pytest.raises(SpecError, match=r"no quantity 'temprature'.*temperature"):
        plant.solve_many({"E-1.temprature": [330.0]})
    with pytest.raises(SpecError, match=r"E-1.duty is computed, so scenarios cannot give it"):
        plant.solve_many({"E-1.duty": [1e5]})
    with pytest.raises(SpecError, match=r"no quantity and no headline figure 'E-1.dutie'"):
        plant.solve_many({"E-1.temperature": T}, outputs=["E-1.dutie"])
    with pytest.raises(
        SpecError, match=r"as many values .*: E-1.temperature has 4, S-1.fraction has 2"
    ):
        plant.solve_many({"E-1.temperature": T, "S-1.fraction": [0.1, 0.2]})
    with pytest.raises(SpecError, match=r"give scenarios as values by specification"):
        plant.solve_many([330.0])
    with pytest.raises(UsageError, match=r"E-1.temperature: a bare 55 could mean"):
        plant.solve_many({"E-1.temperature": ["55"]})
    for options in ({"threads": 0}, {"executor": "gpu"}, {"rescue": "all"}):
        with pytest.raises(SpecError, match=r"^loop: .*(threads = 0|no executor|no rescue)"):
            plant.solve_many({"E-1.temperature": T}, **options)  # type: ignore[arg-type]
    plant.exchange("E-1.duty", 2e5, "E-1.temperature")
    with pytest.raises(SpecError, match=r"E-1.temperature is free: it follows from E-1.duty"):
        plant.solve_many({"E-1.temperature": T})
    data = plant.solve_many({"E-1.duty": [2e5, 2.1e5]}, outputs=["E-1.temperature"])
    assert data["E-1.temperature"][1] > data["E-1.temperature"][0]


def test_proved_scenarios_are_held_to_utilities() -> None:
    """Low-pressure steam cannot heat to 420 K; only a proof sees that, and it names the heat."""
    plant = loop()
    given = {"E-1.temperature": [335.0, 436.0]}
    data = plant.solve_many(given, outputs=["E-1.duty"], audit=True, rescue="none")
    assert data.status[0] is Status.SOLVED
    assert data.status[1] is not Status.SOLVED
    assert np.isnan(data["E-1.duty"][1])
    assert data.message[1]


def test_a_killed_study_goes_on(tmp_path: Path) -> None:
    plant, path = loop(), tmp_path / "study.csv"
    temperature = np.linspace(320.0, 345.0, 30)
    options = {"outputs": ["E-1.duty"], "file": path}
    whole = plant.solve_many({"E-1.temperature": temperature}, **options)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:12]))
    seen: list[tuple[int, int]] = []
    again = plant.solve_many(
        {"E-1.temperature": temperature},
        progress=lambda done, total: seen.append((done, total)),
        **options,
    )
    assert seen[0] == (11, 30)
    assert seen[-1] == (30, 30)
    np.testing.assert_allclose(again["E-1.duty"], whole["E-1.duty"], rtol=1e-10)


def test_a_file_of_the_plant_with_other_specifications_is_refused(tmp_path: Path) -> None:
    plant, path = loop(), tmp_path / "study.csv"
    given = {"E-1.temperature": [330.0, 340.0]}
    first = plant.solve_many(given, outputs="E-1.duty", file=path)
    again = plant.solve_many(given, outputs=["E-1.duty"], file=path)
    np.testing.assert_array_equal(first["E-1.duty"], again["E-1.duty"])
    with pytest.raises(SpecError, match="holds another study: its row 0 was solved with other"):
        plant.solve_many(given, outputs=["E-1.duty"], file=path, audit=True)
    plant.set("S-1.fraction", 0.4)
    with pytest.raises(SpecError, match="holds another study: its row 0 was solved with other"):
        plant.solve_many(given, outputs=["E-1.duty"], file=path)


def test_an_interrupt_keeps_the_points_that_are_done_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, path = loop(), tmp_path / "study.csv"
    given = {"E-1.temperature": np.linspace(320.0, 345.0, 100)}
    calls: list[int] = []
    plain = Virtual.run

    def run(self: Virtual, *arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return plain(self, *arguments)

    options: dict[str, Any] = {"outputs": ["E-1.duty"], "executor": "casadi", "threads": 1}
    with monkeypatch.context() as patch:
        patch.setattr(Virtual, "run", run)
        with pytest.raises(KeyboardInterrupt):
            plant.solve_many(given, file=path, **options)
    assert path.read_text().count("SOLVED") == 64
    assert "INTERRUPTED" not in path.read_text()
    seen: list[int] = []
    data = plant.solve_many(
        given, file=path, progress=lambda done, total: seen.append(done), **options
    )
    assert seen[0] == 64
    assert data.solved.all()
    np.testing.assert_array_equal(data["E-1.duty"], plant.solve_many(given, **options)["E-1.duty"])
