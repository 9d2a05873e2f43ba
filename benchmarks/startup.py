"""How long until something happens: import, first compilation, later starts, each in a fresh process.

Without arguments: all of it, one line of JSON. `--child PHASE` is what the fresh processes run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from measure import use_threads

SCENARIO = "hcc-nodule"
BEGAN = "EXOCOSM_BENCHMARK_BEGAN"  # when the parent started the process, seconds since the epoch


def first_step() -> dict[str, float]:
    """Seconds from the start of this process to each stage of the first step of the scenario."""
    began = float(os.environ[BEGAN])
    reached = {"interpreter": time.time() - began}
    from exocosm import load
    from exocosm.coupling import start
    from exocosm.tissue import warm_up

    model = load(SCENARIO)
    reached["model"] = time.time() - began
    warm_up(announce=lambda text: None)
    reached["kernels"] = time.time() - began
    simulation = start(model, seed=1)
    reached["cells"] = time.time() - began
    simulation.advance(1)
    reached["first step"] = time.time() - began
    phenotype = round(float(model.tissue.steps.phenotype) / simulation.tick_length)
    simulation.advance(phenotype - 1)
    reached["first phenotype step"] = time.time() - began
    return reached


def imported() -> dict[str, float]:
    """Seconds that `import exocosm` takes, and with the names that a script uses first."""
    begin = time.perf_counter()
    import exocosm

    reached = {"import": time.perf_counter() - begin}
    assert len({exocosm.load, exocosm.run, exocosm.compare}) == 3  # each is loaded when it is first named
    reached["names"] = time.perf_counter() - begin
    return reached


CHILDREN = {"first-step": first_step, "import": imported}


def fresh(phase: str, cache: Path | None = None) -> dict[str, float]:
    """Run a phase in a process of its own."""
    environment = os.environ | ({"EXOCOSM_CACHE": str(cache)} if cache else {})
    command = [sys.executable, __file__, "--child", phase]
    environment[BEGAN] = str(time.time())
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def medians(results: list[dict[str, float]]) -> dict[str, float]:
    """The median of each stage."""
    return {stage: median(result[stage] for result in results) for stage in results[0]}


def measure(repeats: int) -> dict[str, Any]:
    """Import, the first start with an empty cache, and later starts; medians where repeated."""
    imports = [fresh("import") for _ in range(repeats)]
    with tempfile.TemporaryDirectory() as folder:
        first = fresh("first-step", Path(folder))
        later = [fresh("first-step", Path(folder)) for _ in range(repeats)]
    steps = [result["first step"] for result in later]
    return {
        "scenario": SCENARIO,
        "repeats": repeats,
        "import": medians(imports),
        "first": first,
        "later": medians(later),
        "later_range": [min(steps), max(steps)],
    }


def main() -> None:
    """Measure everything, or be one of the fresh processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--child", choices=CHILDREN)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    use_threads(options.threads)
    found = CHILDREN[options.child]() if options.child else measure(options.repeats)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
