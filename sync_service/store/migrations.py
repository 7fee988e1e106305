"""The store's tables, as numbered steps from an empty database to today's. A released step is never edited."""

import re
from collections.abc import Sequence

from sqlalchemy import Connection, inspect

from sync_service.store.engine import insert
from sync_service.store.errors import StoreError
from sync_service.store.schema_audit import audit_step
from sync_service.store.schema_figures import figures_step
from sync_service.store.schema_review import review_step
from sync_service.store.schema_service import service_step

_TABLES = """
CREATE TABLE schema_version (version INTEGER PRIMARY KEY);
CREATE TABLE runs (
  county TEXT NOT NULL, id BIGINT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('sync', 'undo', 'confirm')),
  started_at TEXT NOT NULL, finished_at TEXT NOT NULL, note TEXT NOT NULL, undoes BIGINT,
  PRIMARY KEY (county, id), FOREIGN KEY (county, undoes) REFERENCES runs (county, id));
CREATE TABLE run_townships (
  county TEXT NOT NULL, run BIGINT NOT NULL, township TEXT NOT NULL, form TEXT NOT NULL,
  rows INTEGER NOT NULL, new INTEGER NOT NULL, changed INTEGER NOT NULL, gone INTEGER NOT NULL, held INTEGER NOT NULL,
  errors INTEGER NOT NULL, warnings INTEGER NOT NULL,
  PRIMARY KEY (county, run, township, form), FOREIGN KEY (county, run) REFERENCES runs (county, id));
CREATE TABLE sources (
  county TEXT NOT NULL, township TEXT NOT NULL, path TEXT NOT NULL, size BIGINT NOT NULL, mtime_ns BIGINT NOT NULL,
  digest TEXT NOT NULL, setup TEXT NOT NULL, status TEXT NOT NULL, read_at TEXT NOT NULL, read_run BIGINT,
  PRIMARY KEY (county, township),
  FOREIGN KEY (county, read_run) REFERENCES runs (county, id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE row_versions (
  county TEXT NOT NULL, id BIGINT NOT NULL, form TEXT NOT NULL, township TEXT NOT NULL, key TEXT NOT NULL,
  payload TEXT NOT NULL, digest {bytes} NOT NULL, run BIGINT NOT NULL, valid_from TEXT NOT NULL,
  valid_to TEXT, closed_run BIGINT, source_file TEXT NOT NULL, source_sheet TEXT NOT NULL, source_row INTEGER NOT NULL,
  PRIMARY KEY (county, id), CHECK ((valid_to IS NULL) = (closed_run IS NULL)),
  FOREIGN KEY (county, run) REFERENCES runs (county, id) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (county, closed_run) REFERENCES runs (county, id) DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX row_versions_current ON row_versions (county, form, township, key) WHERE valid_to IS NULL;
CREATE INDEX row_versions_key ON row_versions (county, key);
CREATE INDEX row_versions_run ON row_versions (county, run);
CREATE INDEX row_versions_closed ON row_versions (county, closed_run);
CREATE TABLE whereabouts (
  county TEXT NOT NULL, version BIGINT NOT NULL, file TEXT NOT NULL, sheet TEXT NOT NULL, row INTEGER NOT NULL,
  PRIMARY KEY (county, version), FOREIGN KEY (county, version) REFERENCES row_versions (county, id));
CREATE TABLE marks (
  county TEXT NOT NULL, form TEXT NOT NULL, township TEXT NOT NULL, key TEXT NOT NULL, mark TEXT NOT NULL,
  since_run BIGINT NOT NULL, PRIMARY KEY (county, form, township, key, mark),
  FOREIGN KEY (county, since_run) REFERENCES runs (county, id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE refusals (
  county TEXT NOT NULL, form TEXT NOT NULL, township TEXT NOT NULL, key TEXT NOT NULL, digest {bytes} NOT NULL,
  run BIGINT NOT NULL, PRIMARY KEY (county, form, township, key, digest),
  FOREIGN KEY (county, run) REFERENCES runs (county, id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE problems (
  county TEXT NOT NULL, township TEXT NOT NULL, n INTEGER NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL,
  message TEXT NOT NULL, cure TEXT NOT NULL, sheet TEXT NOT NULL, form TEXT NOT NULL, row INTEGER, col TEXT,
  header TEXT NOT NULL, value TEXT NOT NULL, key TEXT NOT NULL, confirmed BOOLEAN NOT NULL, first_run BIGINT NOT NULL,
  PRIMARY KEY (county, township, n),
  FOREIGN KEY (county, first_run) REFERENCES runs (county, id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE outputs (
  county TEXT NOT NULL, name TEXT NOT NULL, fingerprint TEXT NOT NULL, digests TEXT NOT NULL, PRIMARY KEY (county, name));
CREATE TABLE views (name TEXT PRIMARY KEY, definition TEXT NOT NULL)
"""

_FIXED = [
    "county",
    "id",
    "form",
    "township",
    "key",
    "payload",
    "digest",
    "run",
    "valid_from",
    "source_file",
    "source_sheet",
    "source_row",
]

_APPEND_ONLY_SQLITE = (
    """CREATE TRIGGER row_versions_are_kept BEFORE DELETE ON row_versions
       BEGIN SELECT RAISE(ABORT, 'row_versions is append-only'); END""",
    f"""CREATE TRIGGER row_versions_close_once BEFORE UPDATE ON row_versions
        WHEN OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL OR {" OR ".join(f"NEW.{c} IS NOT OLD.{c}" for c in _FIXED)}
        BEGIN SELECT RAISE(ABORT, 'row_versions is append-only'); END""",
)

_APPEND_ONLY_POSTGRESQL = (
    f"""CREATE FUNCTION row_versions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'UPDATE' THEN
          IF OLD.valid_to IS NULL AND NEW.valid_to IS NOT NULL
             AND ({", ".join(f"NEW.{c}" for c in _FIXED)}) IS NOT DISTINCT FROM ({", ".join(f"OLD.{c}" for c in _FIXED)})
          THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'row_versions is append-only'; END $$""",
    """CREATE TRIGGER row_versions_close_once BEFORE UPDATE OR DELETE ON row_versions
       FOR EACH ROW EXECUTE FUNCTION row_versions_append_only()""",
    """CREATE TRIGGER row_versions_are_kept BEFORE TRUNCATE ON row_versions
       FOR EACH STATEMENT EXECUTE FUNCTION row_versions_append_only()""",
)


def _step_1(dialect: str) -> Sequence[str]:
    sqlite = dialect == "sqlite"
    tables = _TABLES.replace("{bytes}", "BLOB" if sqlite else "BYTEA").split(";")
    return [*tables, *(_APPEND_ONLY_SQLITE if sqlite else _APPEND_ONLY_POSTGRESQL)]


STEPS = (_step_1, service_step, review_step, figures_step, audit_step)
"""Step n leads from version n-1 to n: the statements for a dialect."""
TABLES = frozenset(name for step in STEPS for sql in step("sqlite") for name in re.findall(r"CREATE TABLE (\w+)", sql))
"""The store's own tables."""


def schema_version(connection: Connection) -> int:
    """The database's version; 0 if it is empty."""
    if not inspect(connection).has_table("schema_version"):
        return 0
    version: int = connection.exec_driver_sql("SELECT max(version) FROM schema_version").scalar_one()
    return version


def migrate(connection: Connection, target: int = len(STEPS)) -> None:
    """Brings the database to version `target`, or leaves it if it is there already. Raises StoreError if it was written by a newer taizhang."""
    version = schema_version(connection)
    if version > len(STEPS):
        raise StoreError(
            f"登记库是由更新的程序写的（第 {version} 版，本程序只认识第 {len(STEPS)} 版）", "请升级 taizhang 后再打开。"
        )
    for number, step in enumerate(STEPS[version:target], start=version + 1):
        for statement in step(connection.dialect.name):
            connection.exec_driver_sql(statement)
        insert(connection, "schema_version", "version", [(number,)])
