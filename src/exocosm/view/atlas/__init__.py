"""The atlas drawn: cells as nodes, cargos on the arrows, colour by process.

`picture.py` chooses between one chain (`chain.py`) and a network (`hub.py`), which lay out the shapes of
`shapes.py`; `figure.py` draws them for print, `svg.py` for the page that `page.py` writes.
"""
