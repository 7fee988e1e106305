"""The tables of the coordinator's work: what she wrote, the cases that wait for her, and the rows that nobody could store."""

from collections.abc import Sequence

_TABLES = """
CREATE TABLE statements (
  county TEXT NOT NULL, n BIGINT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('case', 'correction', 'review', 'stray')),
  subject TEXT NOT NULL, choice TEXT NOT NULL, hand TEXT NOT NULL, note TEXT NOT NULL, stamp TEXT NOT NULL,
  state TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL, run BIGINT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (county, n), FOREIGN KEY (county, run) REFERENCES runs (county, id) DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX statements_subject ON statements (county, kind, subject, n);
CREATE TABLE cases (
  county TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, sides TEXT NOT NULL, why TEXT NOT NULL,
  choices TEXT NOT NULL, shown TEXT NOT NULL, since TEXT NOT NULL, PRIMARY KEY (county, id));
CREATE TABLE rejected_rows (
  county TEXT NOT NULL, township TEXT NOT NULL, form TEXT NOT NULL, sheet TEXT NOT NULL, row INTEGER NOT NULL,
  number TEXT NOT NULL, payload TEXT NOT NULL, PRIMARY KEY (county, township, form, row))
"""

_KEPT_SQLITE = tuple(
    f"CREATE TRIGGER statements_are_kept_{what.lower()} BEFORE {what} ON statements"
    " BEGIN SELECT RAISE(ABORT, 'statements is append-only'); END"
    for what in ("DELETE", "UPDATE")
)
_KEPT_POSTGRESQL = (
    "CREATE FUNCTION statements_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'statements is append-only'; END $$",
    "CREATE TRIGGER statements_are_kept BEFORE UPDATE OR DELETE ON statements"
    " FOR EACH ROW EXECUTE FUNCTION statements_append_only()",
    "CREATE TRIGGER statements_are_all_kept BEFORE TRUNCATE ON statements"
    " FOR EACH STATEMENT EXECUTE FUNCTION statements_append_only()",
)


def review_step(dialect: str) -> Sequence[str]:
    """The statements that add the tables, for a dialect. What the coordinator wrote is never changed, only added to."""
    return [*_TABLES.split(";"), *(_KEPT_SQLITE if dialect == "sqlite" else _KEPT_POSTGRESQL)]
