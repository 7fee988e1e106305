"""Connections and transactions, and statements over many rows."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from sync_service.store.errors import StaleError, StoreError
from sync_service.troubles import of_sqlite

BUSY_MILLISECONDS = 30_000


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(driver: sqlite3.Connection, record: object) -> None:
        del record
        driver.isolation_level = None  # the driver would begin late and end early; see the next listener
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            driver.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # A writer that took the lock only at its first write could fail halfway through what it has read.
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def open_engine(url: str) -> Engine:
    """An engine for `url`, such as sqlite:///taizhang.db. Raises StoreError if the URL is none or its driver is missing."""
    try:
        # Parameters are people's data: they must not appear in exceptions.
        engine = create_engine(url, hide_parameters=True)
    except ArgumentError as error:
        raise StoreError(
            "数据库地址写得不对", "写成 sqlite:///taizhang.db 的样子，或 postgresql+psycopg://…"
        ) from error
    except (NoSuchModuleError, ImportError) as error:
        raise StoreError(
            f"没有安装这种数据库的驱动：{error}", "用 PostgreSQL 请先运行 pip install 'taizhang[postgresql]'。"
        ) from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return engine


@contextmanager
def transaction(engine: Engine, *, writing: bool = False) -> Iterator[Connection]:
    """One transaction: committed whole at the end, or rolled back if anything is raised.

    Raises StaleError if another process wrote the same rows, StoreError if the database fails.
    """
    try:
        with engine.connect().execution_options(writing=writing) as connection, connection.begin():
            yield connection
    except IntegrityError:
        raise StaleError from None  # the driver's own words may quote a row
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            what, cure = of_sqlite(error.orig)
            raise StoreError(what, f"{cure}，再运行一次。") from None
        raise StoreError(
            f"数据库不能读写：{type(error.orig).__name__}", "请检查数据库服务器：是否开着、有无权限、磁盘是否已满。"
        ) from None


def listed(name: str, values: Collection[object]) -> tuple[str, dict[str, object]]:
    """What stands behind IN for these values, and what it is filled with; at least one, and not more than some thousands."""
    named = {f"{name}{n}": value for n, value in enumerate(values)}
    return f"({', '.join(f':{one}' for one in named)})", named


def many(connection: Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> int:
    """Runs `statement`, its placeholders written as ?, once for each row by the driver's executemany; rows affected."""
    if not rows:
        return 0
    if connection.dialect.paramstyle != "qmark":
        statement = statement.replace("?", "%s")
    return connection.exec_driver_sql(statement, list(rows)).rowcount


def insert(connection: Connection, table: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Inserts `rows` into `table`; `columns` are separated by spaces."""
    names = columns.split()
    values = ", ".join("?" * len(names))
    many(connection, f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})", rows)
