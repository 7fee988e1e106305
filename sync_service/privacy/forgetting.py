"""Erasing a person, or what is overdue: first what goes and what stays, then the erasing itself, as an audited run."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sync_service.alone import alone
from sync_service.audit.acting import at_this_pc
from sync_service.differences import values_of
from sync_service.errors import TaizhangError
from sync_service.moments import moment
from sync_service.privacy.grounds import OVERDUE, ground, kept_years
from sync_service.privacy.person_key import PersonKey
from sync_service.reuse.borrowing import emptied
from sync_service.settings import CountySetup
from sync_service.spool import swept
from sync_service.store import Store
from sync_service.store.erasing import Erasure, PersonRow
from sync_service.store.records import TOMBSTONE
from workbook_templates.form import Form, Forms
from workbook_templates.kinds.resident_id import ResidentId

PATIENCE = 30
"""So many seconds a run at work is waited for."""


class Fate(NamedTuple):
    """What becomes of some rows of one form: whether they are erased, and on what ground they are or are not."""

    form: Form
    rows: Sequence[PersonRow]
    erase: bool
    why: str

    @property
    def versions(self) -> int:
        """How many versions of them there are."""
        return sum(row.versions for row in self.rows)


class Plan(NamedTuple):
    """What is to be done: the fates, and by form's title how many rows of other people mention the person and are not touched."""

    fates: Sequence[Fate]
    mentions: Sequence[tuple[str, int]]

    @property
    def rows(self) -> list[PersonRow]:
        """The rows that are to be erased."""
        return [row for fate in self.fates if fate.erase for row in fate.rows]


def _numbers(form: Form) -> Iterable[str]:
    """The columns with somebody's ID number, the person's that the row is about first."""
    others = [column.id for column in form.stored if isinstance(column.of, ResidentId) and column.id != form.person]
    return [form.person, *others] if form.person else others


def plan_for(store: Store, setup: CountySetup, forms: Forms, number: str, today: date) -> Plan:
    """What goes and what stays of the person with this ID number. Raises TaizhangError if nothing is known of them."""
    fates, mentions = [], []
    for form in forms.values():
        if not _numbers(form):
            continue
        rows, mentioned = store.rows_of(form.id, form.person, number)
        if mentioned:
            mentions.append((form.title, mentioned))
        by_ground: dict[tuple[bool, str], list[PersonRow]] = defaultdict(list)
        for row in rows:
            by_ground[ground(setup.settings.privacy, form, row.closed, today)].append(row)
        fates += [Fate(form, found, erase, why) for (erase, why), found in by_ground.items()]
    if not fates and not mentions:
        raise TaizhangError("登记库里没有这个号码", "请核对号码，照总台账写全 18 位；末位可为 X。")
    return Plan(fates, mentions)


def plan_overdue(store: Store, setup: CountySetup, forms: Forms, today: date) -> Plan:
    """What has been out of the ledgers for longer than it is to be kept."""
    fates = []
    for form in forms.values():
        years = kept_years(setup.settings.privacy, form)
        if years is None or form.layout != "table":
            continue
        rows = store.expired(form.id, f"{today.year - years:04d}-01-01T00:00:00Z")
        if rows:
            fates.append(Fate(form, rows, True, OVERDUE.format(years=years)))
    return Plan(fates, ())


def _erasures(plan: Plan, key: PersonKey, person: str) -> list[Erasure]:
    return [Erasure(row, TOMBSTONE + key.of("row", row.form, row.township, row.key)[:16], person) for row in plan.rows]


def _carry_out(
    store: Store, setup: CountySetup, plan: Plan, key: PersonKey, number: str, now: datetime, reason: str
) -> int:
    emptied(setup.folder)
    swept(setup.folder)
    person = key.person(number) if number else ""
    about: dict[str, str | int] = {
        "person": person,
        "forms": "、".join(fate.form.title for fate in plan.fates if fate.erase),
        "rows": len(plan.rows),
        "versions": sum(fate.versions for fate in plan.fates if fate.erase),
        "reason": reason,
    }
    return store.erase(_erasures(plan, key, person), number, who=at_this_pc(), about=about, at=moment(now))


def forget(setup: CountySetup, forms: Forms, number: str, now: datetime, reason: str) -> tuple[Plan, int]:
    """Erases what may be erased of a person, and has it not taken again; what was done, and the run's number.

    Raises TaizhangError if nothing is known of them, or nothing may be erased, or a run is at work.
    """
    key = PersonKey(setup)
    with alone(setup.folder, PATIENCE), Store.open(setup.store_url, setup.county.code) as store:
        plan = plan_for(store, setup, forms, number, now.date())
        if not plan.rows:
            raise TaizhangError(
                "没有可以删除的：这个人的记录都要照法律保存", "taizhang forget --dry-run 会逐表写明依据。"
            )
        return plan, _carry_out(store, setup, plan, key, number, now, reason)


def forget_overdue(setup: CountySetup, forms: Forms, now: datetime) -> tuple[Plan, int | None]:
    """Erases what is overdue; what was done, and the run's number, None if there was nothing."""
    key = PersonKey(setup)
    with alone(setup.folder, PATIENCE), Store.open(setup.store_url, setup.county.code) as store:
        plan = plan_overdue(store, setup, forms, now.date())
        return plan, _carry_out(store, setup, plan, key, "", now, "保存期限已满") if plan.rows else None


def forget_again(
    store: Store, setup: CountySetup, forms: Forms, earlier: Mapping[str, frozenset[str]], now: datetime
) -> int:
    """Erases from a store that was brought back from a backup whoever had been erased since (`earlier`); how many people.

    The caller keeps other runs away.
    """
    key = PersonKey(setup) if earlier else None
    found: set[str] = set()
    for form_id in earlier.keys() & forms.keys():
        person = forms[form_id].person
        numbers = {str(values_of(row.payload.encode()).get(person, "")) for row in store.all_versions(form_id)}
        found |= {number for number in numbers - {""} if key and key.person(number) in earlier[form_id]}
    for number in sorted(found):
        plan = plan_for(store, setup, forms, number, now.date())
        if plan.rows and key:
            _carry_out(store, setup, plan, key, number, now, "恢复备份以后再删除一次")
    return len(found)


def take_again(setup: CountySetup, number: str, now: datetime) -> None:
    """Lets an erased person's rows be taken again. Raises TaizhangError if they are not among the erased."""
    with Store.open(setup.store_url, setup.county.code) as store:
        if not store.lift_forgotten(PersonKey(setup).person(number), who=at_this_pc(), at=moment(now)):
            raise TaizhangError("这个号码不在已删除的人里", "请核对号码，写全 18 位。")
