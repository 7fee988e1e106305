"""What needs a person now, as far as store and backups tell. Only counts and townships' names: it leaves the county's PC."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync_service.backup.keeping import backup_folder
from sync_service.backup.records import last_verified
from sync_service.moments import local
from sync_service.review.telling import waiting_cases
from sync_service.settings import CountySetup
from sync_service.store import Store
from sync_service.store.errors import StoreError
from sync_service.troubles import of_system
from workbook_templates.catalogue import catalogue
from workbook_templates.form import Forms

OVERDUE = timedelta(hours=26)
"""A backup is made every night; when the last is older than this, one has failed."""


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that needs a person.

    `key` stays the same as long as it is the same thing; `amount` is how much there is of it: more of it is told anew, less is not.
    `text` is Chinese, with what to do, and holds nothing personal.
    """

    key: str
    text: str
    amount: int = 1


def _unreachable(store: Store, setup: CountySetup, now: datetime) -> Iterator[Concern]:
    """Townships whose workbook was got at before, and is not for longer than county.toml allows."""
    patience = timedelta(hours=setup.settings.notify.unreachable_hours)
    pulls = store.pulls()
    for township in setup.townships:
        pull = pulls.get(township.code)
        if pull is None or not pull.reached_at or not pull.failing_since:
            continue
        if now - datetime.fromisoformat(pull.failing_since) >= patience:
            why = catalogue()[pull.status].short
            since = f"{local(pull.failing_since):%m月%d日 %H:%M}"
            yield Concern(
                f"unreachable/{township.code}",
                f"{township.name}：从{since}起没有读到（{why}）。怎么办见 taizhang status。",
            )


def _held(store: Store, setup: CountySetup) -> Iterator[Concern]:
    standing = store.standing()
    for township in setup.townships:
        here = standing.get(township.code)
        rows = sum(here.held.values()) if here else 0
        if rows:
            text = f"{township.name}：有 {rows} 行待确认删除。请问过乡镇，再确认或请他交回完整的表。"
            yield Concern(f"held/{township.code}", text, rows)


def _conflicts(store: Store, setup: CountySetup) -> Iterator[Concern]:
    """What waits for a decision, by the township whose row stands first; held rows are told for themselves."""
    many = Counter(case.sides[0].township for case in waiting_cases(store) if case.kind != "held")
    for township in setup.townships:
        if many[township.code]:
            text = f"{township.name}：有 {many[township.code]} 件事要你来定。请看总台账的“重复与冲突”和“待确认”。"
            yield Concern(f"conflict/{township.code}", text, many[township.code])


def _night(store: Store) -> Iterator[Concern]:
    nights = store.nights(1)
    if nights and nights[0].undone:
        yield Concern(
            "night", f"{nights[0].night} 的夜间汇总没有全部做完，会自动再试。原因见运行记录和 taizhang status。"
        )


def _backup(setup: CountySetup, now: datetime) -> Iterator[Concern]:
    folder = backup_folder(setup)
    if folder is None or not setup.has_store:
        return
    try:
        last = last_verified(folder)
    except OSError as error:
        what, cure = of_system(error)
        yield Concern("backup", f"备份文件夹读不了：{what}。{cure}。")
        return
    if last is None:
        yield Concern("backup", "还没有一份核对过的备份。请运行 taizhang backup，看它怎么说。")
    elif now - datetime.fromisoformat(last.at) > OVERDUE:
        yield Concern(
            "backup",
            f"最近一份备份是{local(last.at):%m月%d日 %H:%M}的，后来没有备份成。请运行 taizhang backup，看它怎么说。",
        )


def situation(setup: CountySetup, now: datetime) -> list[Concern]:
    """Everything that needs a person now. A store that cannot be used is one such thing, and raises nothing."""
    found: list[Concern] = []
    if setup.has_store:
        try:
            with Store.open(setup.store_url, setup.county.code) as store:
                found += _night(store)
                found += _unreachable(store, setup, now)
                found += _held(store, setup)
                found += _conflicts(store, setup)
        except StoreError as error:
            found = [Concern("store", f"{error}。{error.hint}")]
    return [*_backup(setup, now), *found]


def morning_words(setup: CountySetup, forms: Forms) -> str:
    """How the county stands, in a line, after a night."""
    if not setup.has_store:
        return "早报：还没有登记库，请看乡镇的工作簿放对了没有。"
    try:
        with Store.open(setup.store_url, setup.county.code) as store:
            here = store.standing().values()
    except StoreError as error:
        return f"早报：{error}。"
    tables = {form.id for form in forms.values() if form.layout == "table"}
    rows = sum(n for one in here for form, n in one.rows.items() if form in tables)
    errors, warnings = sum(one.errors for one in here), sum(one.warnings for one in here)
    return f"早报：{len(setup.townships)} 个单位，{rows} 行；还有 {errors} 处错误、{warnings} 处提醒等乡镇改。"
