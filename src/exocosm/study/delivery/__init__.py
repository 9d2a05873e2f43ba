"""Does enough of a cargo arrive? From genesis to escape, ranges sampled, beside the dose of an assay.

`delivered.py` has the whole of it: what a scenario says is read (`reading.py`, `setting.py`, `sampled.py`),
taken through the steps of `chain.py`, put beside the doses of `assays.py` and told by `telling.py`.
"""
