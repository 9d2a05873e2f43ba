"""The validation page, section by section: each script writes its own and leaves the others as they are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "validation.md"
HEAD = """# Validation

What was published beside what the shipped scenarios predict, also where the prediction is wrong or the
comparison is weak. `make validation-page` writes this page anew; each section names its script.
"""
ORDER = ("directions", "outcomes", "assays", "assay-times", "vesicles")
"""Sections in the order in which a reader meets them."""


def write_section(name: str, text: str, page: Path = PAGE) -> None:
    """Put a section of that name into the page, in its place; the other sections stay."""
    parts = {**read_sections(page), name: text.strip()}
    bodies = [f"<!-- section {key} -->\n{parts[key]}\n<!-- end {key} -->\n" for key in ORDER if key in parts]
    page.write_text("\n".join([HEAD, *bodies]), encoding="utf-8")


def read_sections(page: Path = PAGE) -> dict[str, str]:
    """The sections that the page has, by name."""
    text, found = page.read_text(encoding="utf-8") if page.exists() else "", {}
    for name in ORDER:
        begin, end = f"<!-- section {name} -->\n", f"\n<!-- end {name} -->"
        if begin in text:
            found[name] = text.partition(begin)[2].partition(end)[0]
    return found
