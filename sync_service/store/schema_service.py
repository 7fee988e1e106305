"""The tables that the service keeps its memory in: how each township was pulled last, and which nights are done."""

from collections.abc import Sequence

_TABLES = """
CREATE TABLE service_pulls (
  county TEXT NOT NULL, township TEXT NOT NULL, looked_at TEXT NOT NULL, reached_at TEXT NOT NULL,
  status TEXT NOT NULL, failures INTEGER NOT NULL, failing_since TEXT NOT NULL, next_at TEXT NOT NULL,
  PRIMARY KEY (county, township));
CREATE TABLE service_nights (
  county TEXT NOT NULL, night TEXT NOT NULL, finished_at TEXT NOT NULL, undone TEXT NOT NULL,
  PRIMARY KEY (county, night))
"""


def service_step(dialect: str) -> Sequence[str]:
    """The statements that add the tables; the same on every database."""
    del dialect
    return _TABLES.split(";")
