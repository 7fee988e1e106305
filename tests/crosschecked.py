"""A county whose store is filled row by row, for crosschecks and reports: what the sheets said does not matter there."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import orjson

from tests.county import CountyOnDisk, make_county
from tests.stored import sheet, sync
from validators.checked import CheckedRow
from workbook_templates.kinds.resident_id import make_number

EAST, WEST, SOUTH, BUREAU = "990101001", "990101002", "990101003", "990101000"
"""城关镇, 石桥镇, 柳林镇 and the bureau."""
Values = Mapping[str, object]
Rows = Mapping[str, Sequence[Values]]
Filled = Mapping[str, Rows]
"""Rows by township and form."""


def number(n: int, year: int = 1968) -> str:
    """The ID number of invented person n."""
    return make_number("990101", date(year, 1 + n % 12, 1 + n % 28), 100 + n)


def person(n: int, name: str = "", /, **more: object) -> dict[str, object]:
    """Who invented person n is, as most sheets say it."""
    return {
        "name": name or f"王{'一二三四五六七八九十'[n % 10]}",
        "id_number": number(n),
        "village": "东风村",
        "phone": f"139{n:08d}",
        **more,
    }


def veteran(n: int, name: str = "", **more: object) -> dict[str, object]:
    """A veteran's row."""
    about = {"person_status": "正常", "veteran_category": "自主就业退役士兵", "residence_status": "人户一致"}
    return person(n, name, **{**about, "enlist_date": "1986-11", "discharge_date": "1990-03", **more})


def entitled(n: int, name: str = "", **more: object) -> dict[str, object]:
    """The row of somebody who draws a benefit."""
    return person(n, name, **{"beneficiary_category": "参战退役人员", "benefit_status": "享受待遇", **more})


def paid(n: int, day: str = "2026-03-10", **more: object) -> dict[str, object]:
    """The row of a payment."""
    about = {"benefit_type": "定期生活补助", "pay_status": "已发放", "amount": 500, "pay_date": day}
    return person(n, "", **{**about, "period_from": day[:7], "period_to": day[:7], **more})


def hung(n: int, **more: object) -> dict[str, object]:
    """The row of a plaque on somebody's house."""
    about = {"holder_name": f"人{n}", "holder_id": number(n), "plaque_status": "在挂", "hang_date": "2020-01-10"}
    return {**about, "household_type": "退役军人", "action": "新挂", **more}


def _row(n: int, values: Values) -> CheckedRow:
    payload = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
    return CheckedRow(f"k{n:04d}", payload, hashlib.blake2b(payload, digest_size=16).digest(), n, True)


def _sheet(rows: Sequence[Values]) -> list[CheckedRow]:
    return [_row(n, values) for n, values in enumerate(rows, 5)]


def county_with(folder: Path, filled: Filled, *, minute: int = 1) -> CountyOnDisk:
    """A county whose townships (by code) have these rows, by form."""
    county = make_county(folder, "上报/县本级.xlsx")
    add(county, filled, minute=minute)
    return county


def add(county: CountyOnDisk, filled: Filled, *, minute: int) -> None:
    """Has the rows of some townships' forms be these from some minute on."""
    with county.store() as store:
        store.show(county.forms.values())
        for township, forms in filled.items():
            sheets = [sheet(*_sheet(rows), form=form) for form, rows in forms.items()]
            sync(store, minute, *sheets, township=township)
