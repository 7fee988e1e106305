"""How the townships stand now, in numbers."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from sync_service.store.records import HELD


@dataclass(frozen=True, slots=True)
class Standing:
    """One township: its current rows and its held ones by form id, and its open errors and warnings."""

    rows: Mapping[str, int]
    held: Mapping[str, int]
    errors: int
    warnings: int


def standing(connection: Connection, county: str) -> Mapping[str, Standing]:
    """Every township that has rows or problems, by code."""
    rows: dict[str, dict[str, int]] = defaultdict(dict)
    held: dict[str, dict[str, int]] = defaultdict(dict)
    open_ones: dict[str, dict[str, int]] = defaultdict(dict)
    scope = {"county": county, "held": HELD}
    found = connection.execute(
        text(
            "SELECT township, form, count(*) FROM row_versions WHERE county = :county AND valid_to IS NULL"
            " GROUP BY township, form"
        ),
        scope,
    )
    for township, form, n in found:
        rows[township][form] = n
    found = connection.execute(
        text(
            "SELECT township, form, count(*) FROM marks WHERE county = :county AND mark = :held GROUP BY township, form"
        ),
        scope,
    )
    for township, form, n in found:
        held[township][form] = n
    found = connection.execute(
        text(
            "SELECT township, severity, count(*) FROM problems WHERE county = :county"
            " AND (severity = 'error' OR severity = 'warning' AND NOT confirmed) GROUP BY township, severity"
        ),
        scope,
    )
    for township, severity, n in found:
        open_ones[township][severity] = n
    return {
        township: Standing(
            rows.get(township, {}),
            held.get(township, {}),
            open_ones.get(township, {}).get("error", 0),
            open_ones.get(township, {}).get("warning", 0),
        )
        for township in {*rows, *held, *open_ones}
    }
