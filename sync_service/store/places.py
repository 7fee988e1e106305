"""What tells whether a township's rows of a form have changed, without reading them."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text


class RowsMark(NamedTuple):
    """How many rows stand, and a text that changes whenever one of them, its place in the file or its mark does."""

    total: int
    mark: str


def rows_marks(connection: Connection, county: str) -> Mapping[tuple[str, str], RowsMark]:
    """The marks of all rows by form and township; those that have none are left out.

    Versions and whereabouts change in runs only, which keep their numbers for the form and township (run_townships); the
    coordinator's decisions may move a mark without that.
    """
    scope = {"county": county}
    current = "FROM row_versions WHERE county = :county AND valid_to IS NULL GROUP BY form, township"
    counted = connection.execute(text(f"SELECT form, township, count(*) {current}"), scope).all()
    ran = connection.execute(
        text("SELECT form, township, max(run) FROM run_townships WHERE county = :county GROUP BY form, township"), scope
    )
    last = {(form, township): run for form, township, run in ran}
    named: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for form, township, key, mark in connection.execute(
        text("SELECT form, township, key, mark FROM marks WHERE county = :county ORDER BY key, mark"), scope
    ):
        named[form, township].append((key, mark))
    found = {}
    for form, township, count in counted:
        place = form, township
        marks = hashlib.blake2b(repr(named.get(place, [])).encode(), digest_size=16).hexdigest()
        found[place] = RowsMark(count, f"{last.get(place, 0)} {count} {marks}")
    return found
