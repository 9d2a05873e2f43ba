"""What a person is told while kernels are compiled."""

from __future__ import annotations

import io

from exocosm.results.progress import KernelsLine
from exocosm.tissue.warming import Compiled


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_one_line_that_renews_itself_and_goes_away():
    stream = Terminal()
    line = KernelsLine(stream)
    line.say("compiling")
    line(Compiled(2, 34, None))
    line(Compiled(23, 34, 7.4))
    line.clear()
    assert stream.getvalue() == (
        "\r\x1b[Kcompiling\n"
        "\r\x1b[Kcompiling kernels 2 of 34"
        "\r\x1b[Kcompiling kernels 23 of 34, about 7 s left"
        "\r\x1b[K"
    )


def test_a_log_gets_a_line_in_five_seconds():
    stream = io.StringIO()
    line = KernelsLine(stream)
    line(Compiled(2, 34, None))
    line.last -= line.EVERY
    line(Compiled(23, 34, 7.4))
    line(Compiled(24, 34, 7.0))
    line.clear()
    assert stream.getvalue() == "compiling kernels 23 of 34, about 7 s left\n"
