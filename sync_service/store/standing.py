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
    scope = {"county": county, "held": HELD}

    def counted(by: str, where: str) -> Mapping[str, Mapping[str, int]]:
        """How many there are by township and `by`."""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        query = f"SELECT township, {by}, count(*) FROM {where} GROUP BY township, {by}"
        for township, name, n in connection.execute(text(query), scope):
            counts[township][name] = n
        return counts

    rows = counted("form", "row_versions WHERE county = :county AND valid_to IS NULL")
    held = counted("form", "marks WHERE county = :county AND mark = :held")
    unsettled = "(severity = 'error' OR severity = 'warning' AND NOT confirmed)"
    open_ones = counted("severity", f"problems WHERE county = :county AND {unsettled}")
    return {
        township: Standing(
            rows.get(township, {}),
            held.get(township, {}),
            open_ones.get(township, {}).get("error", 0),
            open_ones.get(township, {}).get("warning", 0),
        )
        for township in {*rows, *held, *open_ones}
    }
