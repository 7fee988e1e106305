"""审核: which forms of which townships the coordinator has marked as reviewed."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from sync_service.review.deciding import LOST_ID, NO_HAND, TWICE, Carried, grouped, strays
from sync_service.review.history import Stated
from sync_service.review.judging import News, news, stands_still
from sync_service.review.places import MARK, REVIEWED, REVIEWED_AGAIN
from sync_service.review.subjects import review_id, unstamped
from sync_service.review.typed import TypedLine
from sync_service.store.review_records import CLEARED, DONE, REFUSED, STALE, Statement
from workbook_templates.form import Form, Forms
from workbook_templates.place import Township

NO_MARK = f"“{MARK}”还没有选。"
NO_SUCH = f"“{{choice}}”不能用在这里，没有采用。这里可以选：{REVIEWED}、{REVIEWED_AGAIN}。"


class Reviewable(NamedTuple):
    """A form of a township in a period."""

    form: Form
    township: Township
    period: str

    @property
    def id(self) -> str:
        """By which it is known in every run."""
        return review_id(self.form.id, self.township.code, self.period)


def reviewables(forms: Forms, townships: Iterable[Township], period: str) -> list[Reviewable]:
    """Everything that can be reviewed, in the county's order."""
    return [
        Reviewable(form, township, period)
        for township in townships
        for form in forms.of(township).values()
        if form.layout == "table"
    ]


def _answer(
    one: Reviewable, said: News, stated: Stated, newest_run: int, fingerprint: Callable[[str, str, int], str]
) -> Statement:
    choice, hand, note = said.cells
    number, _ = unstamped(said.stamp)
    run = min(int(number) if number.isdecimal() else newest_run, newest_run)
    detail = {"form": one.form.id, "township": one.township.code, "period": one.period, "run": run}

    def answered(state: str, outcome: str, kept: str = choice, **more: object) -> Statement:
        return Statement("review", one.id, kept, hand, note, said.stamp, state, outcome, {**detail, **more})

    if said.places:
        return answered(STALE, TWICE.format(places="、".join(said.places)))
    if not choice and stands_still(stated, "review", one.id, said.stamp):
        return answered(CLEARED, "已撤回审核")
    if not choice:
        return answered(REFUSED, NO_MARK)
    if choice not in {REVIEWED, REVIEWED_AGAIN}:
        return answered(STALE, NO_SUCH.format(choice=choice))
    if not hand:
        return answered(REFUSED, NO_HAND)
    force = stated.in_force("review").get(one.id)
    if force and choice == REVIEWED and stands_still(stated, "review", one.id, said.stamp):
        detail = dict(force.detail)  # only the name or the note is another one now
        return answered(DONE, "", REVIEWED)
    seen = fingerprint(one.form.id, one.township.code, run)
    return answered(DONE, "", REVIEWED, fingerprint=seen)


def mark(
    lines: Iterable[TypedLine],
    known: Mapping[str, Reviewable],
    stated: Stated,
    newest_run: int,
    fingerprint: Callable[[str, str, int], str],
) -> Carried:
    """What follows from the lines of 审核. `fingerprint` tells how a form of a township stood after a run.

    What is reviewed is what the master showed, though the rows may have changed since: the run is that of the master.
    """
    done = Carried([], [])
    for subject, same in grouped(lines).items():
        if subject not in known:
            done.statements.extend(strays(same, LOST_ID))
            continue
        said = news(stated, "review", subject, same)
        if said and not _is_read(stated, subject, said):
            done.statements.append(_answer(known[subject], said, stated, newest_run, fingerprint))
    return done


def _is_read(stated: Stated, subject: str, said: News) -> bool:
    """Whether this was read before: 重新审核 is stored as 已审核."""
    newest = stated.newest("review").get(subject)
    return bool(
        newest
        and said.cells[0] == REVIEWED_AGAIN
        and (newest.hand, newest.note, newest.stamp) == (*said.cells[1:], said.stamp)
    )
