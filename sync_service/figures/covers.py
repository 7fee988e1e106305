"""Which township has reported which period, and what its workbook of that period held: its covers tell.

A township keeps one workbook and states the period on its cover. When the next period's workbook takes its place, the rows of
the last one vanish from the file and are closed, at once or, where they were held, when the coordinator confirms. They were not
withdrawn: a workbook speaks for its own period only. So

- the state of a township at the end of a period (stocks) is what stood before its cover moved on to a later period;
- what happened in a period (flows) is every row that is dated in it and stands, or was closed when the cover stated a later
  period than the row's date falls in. Whatever of it is corrected later, in any workbook, counts as corrected. A row that is
  deleted while its own period is still on the cover has been withdrawn and counts no more;
- a township has reported a period once its cover has stated it. Before, nothing of it counts for that period, and that is said.

A workbook with the new period's rows and the old period on its cover (F06, F07 tell of it) is taken at its cover's word.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from sync_service.figures.period import Period, Span, period_written
from sync_service.store import Store
from sync_service.store.versions import Version
from workbook_templates.form import Forms
from workbook_templates.kinds.base import serial


class _Cover(NamedTuple):
    since: str
    period: Period


@dataclass(frozen=True, slots=True)
class Covers:
    """The periods that each township's cover has stated, with the moment since when, oldest first."""

    by_township: Mapping[str, Sequence[_Cover]]

    def reported(self, township: str, span: Span) -> bool:
        """Whether the township has reported the period before the moment up to which is counted."""
        wanted = span.period.closing
        return any(one.period == wanted and one.since < span.before for one in self.by_township.get(township, ()))

    def latest(self, township: str, span: Span) -> Period | None:
        """The period that the cover stated last."""
        stated = [one.period for one in self.by_township.get(township, ()) if one.since < span.before]
        return stated[-1] if stated else None

    def end(self, township: str, span: Span) -> str:
        """The moment up to which the township's rows are its state at the end of the period."""
        later = (one.since for one in self.by_township.get(township, ()) if one.period > span.period.closing)
        return min([span.before, *later])

    def filed_before(self, township: str, closed: str) -> int:
        """Rows closed at that moment are filed away, not withdrawn, if dated before this day (as a serial number)."""
        covers = self.by_township.get(township, ())
        # A run that changes the cover closes rows as the new cover's.
        index = bisect_left(covers, closed + "~", key=lambda one: one.since)
        return serial(covers[index - 1].period.first) if index else 0


def covers_of(store: Store, forms: Forms) -> Covers:
    """What all covers have stated so far; a period that cannot be read is passed over."""
    found: dict[str, list[_Cover]] = defaultdict(list)
    for form in forms.values():
        if form.layout == "cover":
            for one in sorted(store.all_versions(form.id), key=_since):
                period = period_written(str(orjson.loads(one.payload).get("period", "")))
                stated = found[one.township]
                if period and (not stated or stated[-1].period != period):
                    stated.append(_Cover(one.since, period))
    return Covers(found)


def _since(version: Version) -> str:
    return version.since
