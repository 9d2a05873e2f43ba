"""What did each of them do? Players, coalitions, kept runs and estimates of an attribution.

`attributing.py` has the whole of it; the others follow the order in which they are needed: who plays
(`players.py`), which coalitions are run (`design.py`, `plan.py`, `runs.py`), what is read of them
(`outcomes.py`), what follows (`estimates.py`) and how it is told (`rows.py`, `table.py`).
"""
