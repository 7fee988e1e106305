"""The figures that the bureau reports: which rows each one counts, as they stood, and what is made of them.

`figures(store, setup, forms, definitions, span)` in figures.figures is the door; its answer, `Figures`, has for each id
`.value(id)`, `.text(id)` (as running text says it), `.rows(id)` (the very rows), `.by_township(id)`, `.uncertainty(id)`.
"""
