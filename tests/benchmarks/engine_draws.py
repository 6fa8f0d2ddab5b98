"""Cold starts at random operating points: how many fail of those that the way from the base reaches.

Run: PYTHONPATH=src:solvers OMP_NUM_THREADS=1 python tests/benchmarks/engine_draws.py [--write]

Shipped plants: draws of the design's section 9 (`noxplant.studies.operating`), amounts within +/-50 %;
each is reached on the way from the base case in steps that are as small as they have to be, and solved
once more from nothing, without the plant that is known to solve. Hydrodealkylation loop: every input
within +/-50 %, 50 steps from the base case, then cold from starts that know the feeds alone. Draws are
kept in a file beside the temporary files, so that a run that was stopped goes on with the same code.
The environment variables DRAWS and LOOP_DRAWS give the numbers of draws.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "solvers"))

import engine_page
import test_noxsolve_cold_loops as loops
from scipy.stats import beta

from noxplant.studies import draws, operating

ROUTES = ("nitrate-to-hydrazine", "air-to-ammonium-sulfate", "air-to-hydrazine")
AMOUNT, SEED = 0.5, 51
NUMBER = int(os.environ.get("DRAWS", "50"))
LOOP = int(os.environ.get("LOOP_DRAWS", "1000"))
ROOT = Path(__file__).resolve().parents[2]


def code():
    """What the draws were solved with: a hash of all sources of solver, library and plants."""
    found = hashlib.blake2b(digest_size=6)
    for room in ("solvers", "src", "flowsheets"):
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in (".py", ".toml"):
                found.update(path.read_bytes())
    return found.hexdigest()


FOLDER = Path(tempfile.gettempdir()) / f"noxplant-engine-draws-{code()}"


def of_route(route):
    """(draws, solvable, failed from cold, median CPU seconds of a cold solve)."""
    FOLDER.mkdir(exist_ok=True)
    study = draws.Study(route, seed=SEED, cold=True)
    found = draws.run(study, NUMBER, FOLDER / f"{route}-{SEED}.jsonl", tick)
    solvable = [d for d in found if d.warm]
    seconds = sorted(d.cold_seconds for d in solvable)
    failed = [d for d in solvable if not d.cold]
    return len(found), len(solvable), len(failed), seconds[len(seconds) // 2]


def tick(d):
    """Progress on stderr."""
    line = f"{d.number} {d.warm} {d.cold} {d.cold_seconds:.1f} s {d.message[:300]!r}"
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def strength(solvable, failed, who="The shipped plants together"):
    """What the numbers can say about the bar of one failure in a thousand."""
    most = float(beta.ppf(0.95, failed + 1, solvable - failed)) if failed < solvable else 1.0
    return (
        f"{who}: {failed} of {solvable} fail, so at most {most:.2%} of such draws do with 95 %"
        " confidence; the bar is 0.1 %."
    )


def text():
    before, operating.AMOUNT = operating.AMOUNT, AMOUNT
    try:
        rows = [(route, *of_route(route)) for route in ROUTES]
    finally:
        operating.AMOUNT = before
    solvable, failed = loops.cold_draws(LOOP, seed=3)
    lines = [
        "## Cold starts in a box of +/-50 %",
        "",
        "Draws of the design's section 9 with amounts within +/-50 % (shipped plants) and all inputs"
        " within +/-50 % (hydrodealkylation loop). Solvable is what the way from the base case reaches;"
        " each of these is then solved from nothing.",
        "",
        "| plant | draws | solvable | cold start fails |",
        "|---|---:|---:|---:|",
        *(f"| {route} | {n} | {ok} | {bad} |" for route, n, ok, bad, _ in rows),
        f"| hydrodealkylation loop | {LOOP} | {solvable} | {len(failed)} |",
        "",
        "Median CPU seconds of a solve from nothing: "
        + ", ".join(f"{route} {seconds:.1f}" for route, *_, seconds in rows)
        + ".",
        "",
        strength(sum(ok for _, _, ok, *_ in rows), sum(bad for *_, bad, _ in rows)),
        strength(solvable, len(failed), "The loop"),
        "",
        f"`DRAWS={NUMBER} LOOP_DRAWS={LOOP} PYTHONPATH=src:solvers OMP_NUM_THREADS=1 python"
        " tests/benchmarks/engine_draws.py --write`",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    engine_page.show("draws", text, __doc__)
