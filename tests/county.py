"""A county on disk: settings and township workbooks drawn in the test, synced for real."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import orjson

from sync_service.pipeline import RunReport, run
from sync_service.settings import CountyPart, CountySetup, TownshipPart, load_settings
from sync_service.settings_text import render_settings
from sync_service.store import Store
from tests.drawn import WRITERS, Drawn, sheet
from validators.raw import RawSheet
from workbook_templates.form import Forms, load_forms
from workbook_templates.kinds.resident_id import make_number
from workbook_templates.place import Filler

NAMES = ("城关镇", "石桥镇", "柳林镇")
VILLAGES = ("东风村", "向阳村")
NOW = datetime(2026, 11, 23, 10).astimezone()
PERIOD = "2026下半年"

VETERAN = {
    "ethnicity": "汉族", "village": "东风村", "hukou_type": "农村", "hukou_address": "清河县城关镇东风村3组",
    "residence_status": "人户一致", "political_status": "群众",
    "veteran_category": "自主就业退役士兵", "rank_group": "义务兵", "enlist_date": "2012-12", "discharge_date": "2014-12",
    "war_test": "无", "employment_status": "灵活就业", "pension_status": "城乡居民养老保险",
    "medical_status": "城乡居民基本医疗保险", "card_status": "已领取", "person_status": "正常",
}  # fmt: skip


def number(n: int) -> str:
    """The ID number of invented person n."""
    return make_number("990101", datetime(1990, 1 + n % 12, 1 + n % 28).date(), 100 + n % 800)


def veteran(n: int, **changes: object) -> dict[str, object]:
    """The right row of invented person n, changed as asked."""
    name = "王" + "一二三四五六七八九十"[n % 10] + "东西南北"[n % 4]
    return {"name": name, "id_number": number(n), "phone": f"139{n:08d}"} | VETERAN | changes


@cache
def _forms() -> Forms:
    return load_forms()


def table(form: str, rows: list[dict[str, object]]) -> RawSheet:
    """A sheet with the form's headers in row 1 and a row for each record."""
    columns = _forms()[form].columns
    lines = [[column.header for column in columns], *([row.get(column.id) for column in columns] for row in rows)]
    return RawSheet(_forms()[form].title, lines)  # type: ignore[arg-type]


def workbook(
    township: str, veterans: list[dict[str, object]], filler: Filler = "township", period: str = PERIOD,
    **more: list[dict[str, object]],
) -> Drawn:  # fmt: skip
    """A township's whole workbook, or the county bureau's."""
    cover = sheet(
        f"|县|清河县|\n|乡镇(街道)|{township}|\n|填报期|{period}|\n|填报人|李四|\n|联系电话|13900000000|", "封面"
    )
    tables = (form for form in _forms().values() if form.layout == "table" and filler in form.filled_by)
    rows: dict[str, list[dict[str, object]]] = (
        {form.id: [] for form in tables} | ({"veterans": veterans} if veterans else {}) | more
    )
    return {"封面": cover} | {_forms()[form].title: table(form, some) for form, some in rows.items()}


@dataclass(frozen=True)
class CountyOnDisk:
    """The county's folder."""

    folder: Path

    @property
    def settings(self) -> Path:
        """Where county.toml lies."""
        return self.folder / "county.toml"

    @property
    def setup(self) -> CountySetup:
        """The settings, read."""
        return load_settings(self.settings)

    @property
    def forms(self) -> Forms:
        """taizhang's own forms."""
        return _forms()

    @property
    def master(self) -> Path:
        """The master workbook."""
        return self.folder / "县级总台账.xlsx"

    def feedback(self, township: str) -> Path:
        """A township's feedback."""
        return self.folder / "反馈" / f"{township}_校验反馈.xlsx"

    def book(self, township: str, ending: str = ".xlsx") -> Path:
        """A township's workbook."""
        return self.folder / "上报" / f"{township}{ending}"

    def write(self, township: str, drawn: Drawn, ending: str = ".xlsx") -> Path:
        """Saves a township's workbook, some minutes ago, so that its time is settled."""
        path = WRITERS[ending](self.book(township, ending), drawn)
        self.age(path)
        return path

    @staticmethod
    def age(path: Path, seconds: float = 600) -> None:
        """Makes a file look as if it had been saved that long ago."""
        then = time.time() - seconds
        os.utime(path, (then, then))

    def fill(self, rows: Mapping[str, list[dict[str, object]]]) -> None:
        """Saves every township's workbook with these veterans."""
        for name in NAMES:
            self.write(name, workbook(name, rows.get(name, [])))

    def sync(self, now: datetime = NOW, *, full: bool = False) -> RunReport:
        """One run."""
        return run(self.setup, self.forms, now, full=full)

    def store(self) -> Store:
        """The store, opened."""
        return Store.open(self.setup.store_url, "990101")

    def veterans(self) -> dict[tuple[str, str], dict[str, object]]:
        """The stored veterans by township code and ID number."""
        with self.store() as store:
            return {(row.township, row.key): orjson.loads(row.payload) for row in store.rows("veterans")}

    def versions(self) -> int:
        """How many runs the store has seen."""
        with self.store() as store:
            return len(store.runs())


def make_county(folder: Path, bureau: str = "") -> CountyOnDisk:
    """A county of three townships, and a bureau with a workbook at `bureau` if it has one, without any workbook yet."""
    (folder / "上报").mkdir(parents=True)
    parts = [
        TownshipPart(code=f"990101{n:03d}", name=name, workbook=f"上报/{name}.xlsx", villages=VILLAGES)
        for n, name in enumerate(NAMES, 1)
    ]
    text = render_settings(PERIOD, CountyPart(code="990101", name="清河县", workbook=bureau), parts)
    (folder / "county.toml").write_text(text, "utf-8")
    return CountyOnDisk(folder)
