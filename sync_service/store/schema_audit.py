"""The tables of the audit chain, and of the people whose rows were erased: a keyed hash of each, never a number."""

from collections.abc import Sequence

_TABLES = """
CREATE TABLE audit_entries (
  county TEXT NOT NULL, n BIGINT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL,
  previous TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (county, n));
CREATE TABLE forgotten (
  county TEXT NOT NULL, form TEXT NOT NULL, person TEXT NOT NULL, run BIGINT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (county, form, person), FOREIGN KEY (county, run) REFERENCES runs (county, id) DEFERRABLE INITIALLY DEFERRED)
"""

_KEPT_SQLITE = tuple(
    f"CREATE TRIGGER audit_entries_are_kept_{what.lower()} BEFORE {what} ON audit_entries"
    " BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END"
    for what in ("DELETE", "UPDATE")
)
_KEPT_POSTGRESQL = (
    "CREATE FUNCTION audit_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'audit_entries is append-only'; END $$",
    "CREATE TRIGGER audit_entries_are_kept BEFORE UPDATE OR DELETE ON audit_entries"
    " FOR EACH ROW EXECUTE FUNCTION audit_entries_append_only()",
    "CREATE TRIGGER audit_entries_are_all_kept BEFORE TRUNCATE ON audit_entries"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_append_only()",
)


def audit_step(dialect: str) -> Sequence[str]:
    """The statements that add the tables, for a dialect."""
    return [*_TABLES.split(";"), *(_KEPT_SQLITE if dialect == "sqlite" else _KEPT_POSTGRESQL)]
