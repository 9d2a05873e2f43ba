"""Where compiled kernels are kept, and what happens where nothing can be kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from exocosm.ground import compiled

DRAWING = """
import numpy as np
from exocosm.ground.compiled import CACHE_DIRECTORY
from exocosm.ground.draws import Draw
drawn = Draw(1).uniform(1, np.arange(3, dtype=np.uint64), 0)
print(CACHE_DIRECTORY, drawn.size, len(list(CACHE_DIRECTORY.glob("*/*"))))
"""


def test_the_cache_is_another_for_other_sources_places_and_installations(tmp_path, monkeypatch):
    def hashed(place: Path, text: str, age_ns: int) -> str:
        file = place / "tissue" / "a.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        os.utime(file, ns=(age_ns, age_ns))
        monkeypatch.setattr(compiled, "SOURCES", place)
        return compiled.source_hash()

    text = "@inner_kernel\ndef a(): ...\n"
    first = hashed(tmp_path / "a", text, 1)
    assert hashed(tmp_path / "a", text, 1) == first
    others = {hashed(tmp_path / "a", text + "# b\n", 1), hashed(tmp_path / "b", text, 1)}
    others.add(hashed(tmp_path / "a", text, 2))
    assert len(others - {first}) == 3


def test_a_folder_that_can_be_made_takes_files(tmp_path):
    assert compiled.refusal(tmp_path / "new" / "kernels") is None


def test_a_folder_below_a_file_says_why_it_does_not(tmp_path):
    (tmp_path / "file").touch()
    assert isinstance(compiled.refusal(tmp_path / "file" / "kernels"), NotADirectoryError)


def test_a_cache_that_cannot_be_written_is_copied_for_this_process_and_its_children(tmp_path, monkeypatch):
    monkeypatch.setenv(compiled.PLACE, str(tmp_path))
    (tmp_path / "kernels-1").mkdir()
    (tmp_path / "kernels-1" / "complete").touch()
    place = compiled.stand_in_for(tmp_path / "kernels-1")
    assert place.name == "kernels-1"
    assert (place / "complete").exists()
    assert place.parent == Path(os.environ[compiled.PLACE]) != tmp_path


def test_without_a_cache_kernels_still_compile_and_nothing_stays_behind(tmp_path):
    (tmp_path / "file").touch()
    place = dict(os.environ, EXOCOSM_CACHE=str(tmp_path / "file"))
    done = subprocess.run([sys.executable, "-c", DRAWING], env=place, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    used, drawn, kept = done.stdout.split()
    assert drawn == "3"
    assert int(kept) > 0
    assert not Path(used).parent.exists()
