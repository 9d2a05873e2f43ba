"""Which numeric outcomes of the evidence an assay could be compared with: those of experiments in vitro.

Others are left out by a rule over their units and words, so that none drops silently: a row that no rule
names must be compared or stand in `not_compared.csv` with its reason.
"""

from __future__ import annotations

import re
from collections import Counter

from exocosm.library.rows import Row, rows

OUTCOME_TABLES = ("observations", "outcomes", "effects")
KINDS: tuple[tuple[str, str, str], ...] = (
    ("signs, which the section on directions compares", "unit", r"^(sign|events)\b"),
    (
        "clinical: statistics of patients",
        "unit",
        r"hazard ratio|odds ratio|relative risk|standardised mean|AU(RO)?C|P value|Pearson|^r$|^R2$|"
        r"statistic|^month|of \d+ patients|^patients$|participants|person-year",
    ),
    (
        "clinical: statistics of patients",
        "quantity",
        r"surviv|recurrence|median (OS|PFS|overall|time|progression|duration)|objective response|sensitivity|"
        r"specificity|predictive value|response|incidence|progression|mortality|hazard|benefiting|"
        r"positive rate|AUC|PFS|hepatotoxicity|toxic signs|adverse|likelihood ratio|disease control|"
        r"plasma EV miRNAs|HCC developing|fall in soluble|trial|"
        r"^NLR|mean NLR|CD8 share in blood|accuracy|CHILD|prevalence",
    ),
    (
        "clinical: statistics of patients",
        "system",
        r"patient|advanced HCC|unresectable|BCLC|cirrhosis|CHB|resected|healthy human|human blood|NSCLC|"
        r"melanoma I|HCC v |early HCC|serum validation",
    ),
    (
        "in vivo: whole animals",
        "system",
        r"\bmice\b|\bmouse\b|\brats?\b|monkey|Macaca|animals|i\.v\.|rabbit|MC38|BALB|vessel network|of mice",
    ),
    ("in vivo: whole animals", "quantity", r"\bmice\b|\brats\b|tumour nodule|i\.v\. "),
    ("methods of isolation and rules of reporting", "id", r"^phys-O-ISO"),
)
"""Kind, the field of a row that is read, and what it must hold; the first that fits counts."""


def kind_left_out(row: Row) -> str | None:
    """Why a row is no outcome in vitro, in a few words; None for one that could be compared."""
    for kind, field, pattern in KINDS:
        if re.search(pattern, str(getattr(row, field))):
            return kind
    return None


def numeric_outcomes() -> list[Row]:
    """Rows of the tables of outcomes that give a number and were not retracted."""
    return [
        row
        for row in rows().values()
        if row.table in OUTCOME_TABLES
        and not row.retracted
        and (row.value is not None or row.low is not None or row.high is not None)
    ]


def in_vitro_outcomes() -> list[Row]:
    """Those that could be compared with an assay."""
    return [row for row in numeric_outcomes() if kind_left_out(row) is None]


def left_out_by_kind() -> dict[str, int]:
    """How many numeric outcomes each rule leaves out."""
    kinds = [kind_left_out(row) for row in numeric_outcomes()]
    return dict(Counter(kind for kind in kinds if kind is not None).most_common())
