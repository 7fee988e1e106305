"""Questions to the store, and the coordinator's orders from the command line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync_service.alone import alone
from sync_service.differences import WHAT, WHY, Difference, differences, values_of
from sync_service.errors import TaizhangError
from sync_service.moments import local, moment
from sync_service.settings import CountySetup
from sync_service.store import HELD, Store
from sync_service.store.records import Event, Undone
from workbook_templates.form import Form, Forms
from workbook_templates.place import Township


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one row, in the coordinator's words. `at` is local time, `place` the file, sheet and row."""

    run: int
    at: datetime
    township: str
    form: str
    key: str
    what: str
    why: str
    place: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A form as it stood at some moment: headers, and a row of values for each stored row."""

    form: Form
    headers: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def records(self) -> list[dict[str, object]]:
        """The rows as header → value."""
        return [dict(zip(self.headers, row, strict=True)) for row in self.rows]


def day_named(text: str) -> datetime:
    """The end of the day written as 2026-06-30, 2026/6/30 or 2026.6.30. Raises TaizhangError if it is none."""
    try:
        year, month, day = map(int, re.split("[-/.]", text))
        return datetime(year, month, day, 23, 59, 59).astimezone()
    except ValueError as error:
        raise TaizhangError(f"“{text}”不是日期", "请写成 2026-06-30。") from error


def form_named(forms: Forms, name: str) -> Form:
    """The form with this title or id. Raises TaizhangError if there is none."""
    for form in forms.values():
        if name in (form.title, form.id, form.no):
            return form
    raise TaizhangError(f"没有“{name}”这张表", f"可用的有：{'、'.join(form.title for form in forms.values())}。")


def township_named(setup: CountySetup, name: str) -> Township:
    """The township with this name or code. Raises TaizhangError if there is none."""
    for township in setup.townships:
        if name in (township.name, township.code):
            return township
    raise TaizhangError(f"没有“{name}”这个乡镇", f"可用的有：{'、'.join(t.name for t in setup.townships)}。")


def described(setup: CountySetup, forms: Forms, event: Event) -> Change:
    """An event of the store in the coordinator's words."""
    names = {township.code: township.name for township in setup.townships}
    form = forms[event.form]
    return Change(
        event.run,
        local(event.at),
        names.get(event.township, event.township),
        form.title,
        event.key,
        WHAT[event.kind],
        WHY[event.run_kind],
        f"{event.file} {event.sheet} 第 {event.row} 行",
        differences(form, event) if event.kind != "gone" else (),
    )


def row_history(setup: CountySetup, forms: Forms, sought: str) -> list[Change]:
    """Each change of the rows of a person or with a key, oldest first. Raises TaizhangError if there is none."""
    with Store.open(setup.store_url, setup.county.code) as store:
        events = [event for event in store.history(sought) if event.form in forms]
    if not events:
        raise TaizhangError("登记库里没有这个号码或主键", "请核对号码，照总台账写全 18 位。")
    return [described(setup, forms, event) for event in sorted(events, key=lambda event: event.run)]


def standing_at(setup: CountySetup, forms: Forms, name: str, at: datetime) -> Table:
    """A form as it stood at a moment. Raises TaizhangError if there is no such form, or nothing is known of that time."""
    form = form_named(forms, name)
    names = {township.code: township.name for township in setup.townships}
    with Store.open(setup.store_url, setup.county.code) as store:
        rows = store.as_of(form.id, moment(at))
        runs = store.runs()
    started = runs[-1].finished_at if runs else ""
    columns = [column.id for column in form.stored]
    found = []
    for row in rows:
        values = values_of(row.payload)
        found.append((names.get(row.township, row.township), *(values.get(name) for name in columns)))
    if not found and started and at < datetime.fromisoformat(started):
        raise TaizhangError(f"登记库从 {local(started):%Y-%m-%d %H:%M} 起才有记录", "请查那以后的日子。")
    return Table(form, ("乡镇", *(column.header for column in form.stored)), tuple(found))


def undo_run(setup: CountySetup, forms: Forms, run: int, now: datetime) -> Undone:
    """Takes one run's effect back, as a new run. Raises StoreError if nothing of it is left to undo."""
    with alone(setup.folder), Store.open(setup.store_url, setup.county.code) as store:
        store.show(forms.values())
        return store.undo(run, at=moment(now))


def confirm_gone(
    setup: CountySetup, forms: Forms, township: str, form: str, now: datetime
) -> Iterator[tuple[str, int]]:
    """Confirms that a township's held rows are to go; yields the form's title and the run's number.

    Raises TaizhangError if nothing is held there.
    """
    code = township_named(setup, township).code
    wanted: Sequence[Form] = [form_named(forms, form)] if form else list(forms.values())
    with alone(setup.folder), Store.open(setup.store_url, setup.county.code) as store:
        held = [one for one in wanted if any(HELD in row.marks for row in store.rows(one.id) if row.township == code)]
        if not held:
            raise TaizhangError(f"{township}没有待确认的行", "请看总台账的“总览”。")
        for one in held:
            yield one.title, store.confirm(code, one.id, at=moment(now))
