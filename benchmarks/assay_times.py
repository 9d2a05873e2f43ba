"""How long each assay scenario takes: one comparison with one seed, all arms, on the cores of this machine.

Writes its section of `docs/validation.md`. It wants a machine with nothing else to do.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from assays import assays
from exocosm.model import Model, load
from exocosm.results import engine
from exocosm.study import compare
from exocosm.study.arms import cores
from sections import PAGE, ROOT, write_section

MOST_SECONDS = 120.0
TEMPLATE = """## Assays: how long they take

One comparison with one seed, all arms, on {cores} cores, kernels compiled before. `benchmarks/assay_times.py`
wrote this section.

| scenario | arms | simulated hours | seconds |
|---|---|---|---|
{rows}

{slow}
"""


def timed(model: Model, folder: Path) -> float:
    """Wall-clock seconds of one comparison of all arms with one seed."""
    shutil.rmtree(folder, ignore_errors=True)
    begin = time.perf_counter()
    compare(model, seeds=[1], out=folder)
    return time.perf_counter() - begin


def main() -> None:
    """Time all assays and write the section."""
    engine.warm_up()
    found = {}
    for name in assays():
        model = load(name)
        found[name] = (len(model.arms) + 1, model.duration / 60, timed(model, ROOT / "runs" / "times" / name))
        print(f"{name}: {found[name][-1]:.0f} s", flush=True)
    rows = [
        f"| `{name}` | {arms} | {hours:g} | {seconds:.0f} |" for name, (arms, hours, seconds) in found.items()
    ]
    slow = [name for name, (_, _, seconds) in found.items() if seconds > MOST_SECONDS]
    told = (
        f"Slower than {MOST_SECONDS:g} s: {', '.join(slow)}."
        if slow
        else f"All take less than {MOST_SECONDS:g} s."
    )
    write_section("assay-times", TEMPLATE.format(cores=cores(), rows="\n".join(rows), slow=told))
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
