"""Rows that somebody is still typing: an incomplete new row is no mistake before the sheet has come to rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from validators.checked import Checked
from validators.problems import Problem, problem

if TYPE_CHECKING:
    from sync_service.store.records import KnownProblem

TYPING = "填写中"
"""Kept in the place of what a workbook was judged by, while rows are held: it is judged again although it lies unchanged."""

HELD, BLANK = "F44", frozenset(["M01", "M02"])
"""What is told of a row that is held, and what it would be told otherwise: cells that must not stay empty."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long rows are waited for, in seconds: since the sheet's last change, and since the row was first held."""

    quiet: float
    longest: float


def is_fresh(changed: float, now: datetime, patience: Patience) -> bool:
    """Whether a sheet that was last `changed` then (seconds since 1970) is still being typed in, by the clock of its place."""
    return abs(now.timestamp() - changed) < patience.quiet


def _row_of(one: Problem) -> tuple[str, str | int | None]:
    """A row as it is known again at the next reading, when it may have moved."""
    return one.form, one.key or one.row


def hold_back(
    verdict: Checked,
    stored: Mapping[str, Collection[str]],
    known: "Sequence[KnownProblem]",
    begun: Mapping[int, datetime],
    now: datetime,
    patience: Patience,
) -> Checked:
    """The verdict on a fresh sheet, with what is missing (M01, M02) in new rows told as 填写中 (F44).

    `stored` are the keys in the store by form, for those forms whose rows may be waited for; `known` the problems found at the last reading, `begun` when each run began.
    A row with another error, one that was told as incomplete before, or held for longer than patience allows, is not held.
    """
    told = {_row_of(one.problem) for one in known if one.problem.code in BLANK}
    held_since = {_row_of(one.problem): begun[one.first_run] for one in known if one.problem.code == HELD}
    errors: dict[tuple[str, int], set[str]] = {}
    for one in verdict.problems:
        if one.severity == "error" and one.row:
            errors.setdefault((one.form, one.row), set()).add(one.code)
    held: dict[tuple[str, int], Problem] = {}
    for one in verdict.problems:
        if one.row is None or one.code not in BLANK or one.form not in stored or (one.form, one.row) in held:
            continue
        since = held_since.get(_row_of(one), now)
        overdue = (now - since).total_seconds() > patience.longest
        is_stored = bool(one.key) and one.key in stored[one.form]
        if errors.get((one.form, one.row), set()) <= BLANK and not (is_stored or overdue or _row_of(one) in told):
            # Rows without a key are told apart by their number.
            held[one.form, one.row] = problem(
                HELD,
                sheet=one.sheet,
                form=one.form,
                row=one.row,
                key=one.key,
                value="" if one.key else f"第 {one.row} 行",
            )
    if not held:
        return verdict
    stays = [one for one in verdict.problems if one.code not in BLANK or (one.form, one.row) not in held]
    return replace(verdict, problems=(*stays, *held.values()))
