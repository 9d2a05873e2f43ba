"""One process at a time, and nobody waits for a dead one."""

from __future__ import annotations

import errno
import subprocess
import sys

import pytest

from exocosm.ground import turns
from exocosm.ground.turns import one_at_a_time

HOLDER = """
import sys, time
from pathlib import Path
from exocosm.ground.turns import one_at_a_time
with one_at_a_time(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_process_waits_until_the_first_is_killed(holder, tmp_path):
    looks = []

    def look():
        looks.append(holder.poll())
        if len(looks) == 3:
            holder.kill()
            holder.wait()

    with one_at_a_time(tmp_path / "lock", look):
        assert holder.poll() is not None
    assert looks == [None] * 3


def test_a_lock_that_was_given_up_is_free_at_once(tmp_path):
    for _ in range(2):
        with one_at_a_time(tmp_path / "lock", lambda: pytest.fail("nobody holds it")):
            pass


def test_an_error_while_waiting_leaves_the_lock_to_its_holder(holder, tmp_path):
    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), one_at_a_time(tmp_path / "lock", interrupt):
        pytest.fail("it is held")
    assert holder.poll() is None


def test_a_file_system_without_locks_goes_unguarded(tmp_path, monkeypatch):
    def refuse(descriptor):
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(turns, "_lock", refuse)
    with one_at_a_time(tmp_path / "lock", lambda: pytest.fail("waits for ever")):
        pass
