"""Warnings that differ only in whom they speak of and in numbers are told once."""

from __future__ import annotations

from exocosm.results.cautions import grouped, in_one_line


def test_the_same_warning_of_several_is_told_once_with_their_names() -> None:
    texts = ["tumour: within 21.8 um of 20.", "stroma: within 22 um of 20.", "other: something else.",
             "tumour: within 21.8 um of 20."]  # fmt: skip
    kinds = grouped(texts)
    assert kinds == [texts[:2], [texts[2]]]
    assert in_one_line(kinds[0]) == "tumour: within 21.8 um of 20. The same, with other numbers, of stroma."
    assert in_one_line(kinds[1]) == texts[2]
