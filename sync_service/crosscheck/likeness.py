"""Who may be the same person under another number, with the reason; and who is, by number and name."""

from collections.abc import Sequence

from sync_service.crosscheck.holdings import Holdings
from sync_service.crosscheck.records import Likeness
from sync_service.doubles.matching import match
from sync_service.doubles.person import Person
from sync_service.doubles.suspicion import STRENGTHS, Match


def is_certain(found: Match) -> bool:
    """Whether it is the same person beyond doubt: by number and name, or by a rule that is sure."""
    return found.right is not None and (not found.code or STRENGTHS[found.code] == "certain")


def suspected(wanted: Sequence[Person], among: Sequence[Person]) -> list[Match | None]:
    """For each person the one who is likely the same under another number, if there is one."""
    return [
        found if found.right and not is_certain(found) and found.right.number != found.left.number else None
        for found in match(wanted, among)
    ]


def likeness(found: Match | None, holdings: Holdings) -> Likeness | None:
    """A suspicion as it is told."""
    if found is None or found.right is None:
        return None
    one = found.right
    others = f"；另有 {found.rivals} 人也像" if found.rivals else ""
    return Likeness(one.name, one.township, holdings.title(one.form), one.row, found.why + others)
