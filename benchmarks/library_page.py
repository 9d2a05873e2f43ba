"""Writes the tables of cells and cargos in `docs/library.md` anew, from the pieces as they are."""

from __future__ import annotations

import re
from pathlib import Path

from exocosm.model import load
from exocosm.model.pieces_report import cargo_table, cell_table

PAGE = Path(__file__).parents[1] / "docs" / "library.md"


def main() -> None:
    """Each table stands under its heading; the rest of the page is kept."""
    model = load("hcc-microenvironment")
    text = PAGE.read_text(encoding="utf-8")
    for lines in (cell_table(model), cargo_table(model)):
        pattern = re.escape(lines[0]) + r"\n(\|.*\n)+"
        text = re.sub(pattern, "\n".join(lines).replace("\\", r"\\") + "\n", text)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
