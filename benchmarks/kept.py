"""Measurements in processes of their own, each kept as JSON so that a benchmark that was stopped goes on.

A kept measurement is repeated when its settings differ, or when asked for; a change of the sources does not
repeat it, but the page then says that it holds figures of several states of the sources.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from measure import machine

HERE = Path(__file__).parent
ROOT = HERE.parent


def sources() -> str:
    """Short hash of all sources of the package."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted((ROOT / "src").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Kept:
    """Measurements under a folder; `again` repeats them whatever is there."""

    def __init__(self, folder: Path, again: bool = False) -> None:
        self.folder, self.again, self.sources = folder, again, sources()
        (folder / "runs").mkdir(parents=True, exist_ok=True)

    def run(self, name: str, script: str, *arguments: object, after: str = "") -> dict[str, Any]:
        """The JSON that a script of this folder prints last; `after`: a stamp of what it reads.

        The result gains `sources` and `made`, its time.
        """
        settings = [script, *map(str, arguments), after]
        path = self.folder / "runs" / f"{name}.json"
        found = self._read(path)
        if found and found["settings"] == settings and not self.again:
            print(f"{name}: kept", flush=True)
            return dict(found["result"])
        print(f"{name} ...", flush=True)
        result = _fresh(script, settings[1:-1])
        result |= {"sources": self.sources, "made": datetime.now(UTC).isoformat(timespec="seconds")}
        write_json(path, {"settings": settings, "result": result})
        return result

    def _read(self, path: Path) -> dict[str, Any] | None:
        return dict(json.loads(path.read_text())) if path.exists() else None

    def write(self, part: str, summary: dict[str, Any]) -> None:
        """Keep the summary of a part."""
        about = {"machine": machine(), "date": datetime.now(UTC).date().isoformat()}
        write_json(self.folder / f"{part}.json", summary | about)

    def summaries(self, parts: tuple[str, ...]) -> dict[str, dict[str, Any]]:
        """Summaries of those parts that were measured."""
        found = {part: self._read(self.folder / f"{part}.json") for part in parts}
        return {part: summary for part, summary in found.items() if summary}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write in one go, so that a stop leaves the old file or the new one."""
    temporary = path.with_suffix(".partial")
    temporary.write_text(json.dumps(content, indent=1))
    os.replace(temporary, path)


def _fresh(script: str, arguments: list[str]) -> dict[str, Any]:
    command = [sys.executable, str(HERE / script), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
