"""The tables of sealed figures: what was reported, from which versions of which rows."""

from collections.abc import Sequence

_TABLES = """
CREATE TABLE seals (
  county TEXT NOT NULL, id BIGINT NOT NULL, period TEXT NOT NULL, as_of TEXT NOT NULL, sealed_at TEXT NOT NULL,
  sealed_by TEXT NOT NULL, note TEXT NOT NULL, definitions TEXT NOT NULL, lifted_at TEXT, lifted_by TEXT, lifted_note TEXT,
  PRIMARY KEY (county, id));
CREATE UNIQUE INDEX seals_standing ON seals (county, period) WHERE lifted_at IS NULL;
CREATE TABLE sealed_figures (
  county TEXT NOT NULL, seal BIGINT NOT NULL, figure TEXT NOT NULL, value DOUBLE PRECISION, by_township TEXT NOT NULL,
  done TEXT NOT NULL, meaning TEXT NOT NULL, rows_of TEXT NOT NULL, PRIMARY KEY (county, seal, figure),
  FOREIGN KEY (county, seal) REFERENCES seals (county, id));
CREATE TABLE sealed_rows (
  county TEXT NOT NULL, seal BIGINT NOT NULL, figure TEXT NOT NULL, version BIGINT NOT NULL,
  PRIMARY KEY (county, seal, figure, version),
  FOREIGN KEY (county, seal) REFERENCES seals (county, id),
  FOREIGN KEY (county, version) REFERENCES row_versions (county, id))
"""


def figures_step(dialect: str) -> Sequence[str]:
    """The statements that add the tables; the same in every dialect."""
    del dialect
    return _TABLES.split(";")
