"""xlwings' own Apps Script module and ours, run in Node against a stand-in of Google Sheets, end to end."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlwings as xw

from macros.buttons import check_all, check_sheet, clear_marks, next_problem
from macros.marks import SIGN, address_of
from macros.payload import decoded, raw_book
from macros.remote import answer
from tests.small import LI, TODAY, TOWNSHIP, WANG, book, small_forms
from tests.xlwings_clients import a1
from validators.check import check
from validators.checked import Checked
from validators.raw import RawBook, RawSheet
from workbook_templates.cells import CellError, Raw
from workbook_templates.severities import FILLS
from workbook_templates.sheet import RESULT

NODE = shutil.which("node")
ROOT = Path(__file__).parent
MODULES = (
    Path(str(resources.files("xlwings"))) / "js" / "xlwings.js",
    Path(str(resources.files("macros"))) / "apps_script" / "taizhang.js",
)
NOW = datetime(2026, 11, 24, 10, 30)
ZONE = "Asia/Shanghai"
SHANGHAI = ZoneInfo(ZONE)
PEOPLE_HEAD = ("姓名", "身份证号", "村(社区)", "入伍时间", "退役时间", "政治面貌", "所在党支部")
PEOPLE: tuple[tuple[Raw, ...], ...] = (
    ("人员花名册",),
    (),
    PEOPLE_HEAD,
    ("王强", WANG, "东风村", date(1990, 12, 1), date(1980, 1, 15), "群众", None),
    ("李四", 990101196202020000, "外村", None, None, "中共党员", None),
    ("赵六（已故）", CellError("#N/A"), None, datetime(1988, 3, 12, 8, 30), date(1950, 6, 1), True, "=1+1"),
)
MONEY: tuple[tuple[Raw, ...], ...] = (
    ("批次", "姓名", "身份证号", "金额"),
    (1, "王小强", WANG, 12.5),
    ("2", "李四", LI, 0.1),
)
BOOK = book(RawSheet("人员", PEOPLE), RawSheet("发放", MONEY))

pytestmark = pytest.mark.skipif(not NODE, reason="Node is not installed")
Cells = dict[str, dict[str, Any]]


def _value(value: Raw) -> object:
    match value:
        case CellError():
            return value.text
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"moment": f"{value}T00:00:00"}
    return value


def cells_of(rows: tuple[tuple[Raw, ...], ...]) -> Cells:
    return {
        a1(r, c): {"value": _value(value)}
        for r, row in enumerate(rows, 1)
        for c, value in enumerate(row, 1)
        if value is not None
    }


def _trimmed(row: tuple[Raw, ...]) -> tuple[Raw, ...]:
    return row[:-1] if row and row[-1] is None else row


def judge(raw: RawBook) -> Checked:
    return check(small_forms(), raw, TOWNSHIP, TODAY)


BUTTONS: dict[str, Callable[[xw.Book], None]] = {
    "check_all": partial(check_all, forms=small_forms(), judge=judge, now=NOW),
    "check_sheet": partial(check_sheet, forms=small_forms(), judge=judge, now=NOW),
    "next_problem": next_problem,
    "clear_marks": clear_marks,
}


@dataclass
class Spreadsheet:
    """A spreadsheet in Google, and what was asked of the endpoint."""

    sheets: dict[str, Cells] = field(
        default_factory=lambda: {
            "人员": cells_of(PEOPLE),
            "发放": cells_of(MONEY),
            "空表": {},
            "字典": {"A1": {"value": str(BOOK.stamp)}},
        }
    )
    active: str = "人员"
    selection: str = "A1"
    told: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    properties: dict[str, str] = field(
        default_factory=lambda: {"TAIZHANG_URL": "https://tz.example.cn", "TAIZHANG_TOKEN": "秘密"}
    )

    def _state(self) -> dict[str, object]:
        return {
            "name": "城关镇", "zone": ZONE, "active": [*self.sheets].index(self.active), "selection": self.selection,
            "properties": self.properties,
            "sheets": [{"title": t, "rows": 200, "columns": 40, "cells": cells} for t, cells in self.sheets.items()],
        }  # fmt: skip

    def click(self, item: str, status: int = 200, refusal: str = "") -> str | None:
        """Calls what a menu item calls; returns what went wrong."""
        assert NODE
        command = [NODE, str(ROOT / "apps_script" / "stand_in.js"), item, *map(str, MODULES)]
        environment = {**os.environ, "TZ": ZONE}
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as node:
            assert node.stdin
            assert node.stdout

            def send(value: object) -> None:
                assert node.stdin
                node.stdin.write(json.dumps(value).encode("ascii") + b"\n")
                node.stdin.flush()

            send(self._state())
            while "url" in (said := json.loads(node.stdout.readline())):
                self.asked.append(said)
                actions: object = {"actions": []}
                if status == 200:
                    actions = answer(decoded(said["body"].encode()), BUTTONS[said["url"].rpartition("/")[2]])
                send({"status": status, "body": refusal or json.dumps(actions)})
        self.sheets = {sheet["title"]: sheet["cells"] for sheet in said["sheets"]}
        for cells in self.sheets.values():  # JSON has no moments
            for cell in cells.values():
                if isinstance(cell.get("value"), str) and cell["value"].endswith("Z"):
                    moment = datetime.fromisoformat(cell["value"]).astimezone(SHANGHAI)
                    cell["value"] = {"moment": moment.strftime("%Y-%m-%dT%H:%M:%S")}
        self.active, self.selection = said["active"], said["selection"]
        self.told += said["told"]
        return said["failure"]  # type: ignore[no-any-return]

    def marks(self) -> dict[tuple[str, str], str]:
        """The fill of each marked cell."""
        return {
            (title, address): cell.get("fill", "")
            for title, cells in self.sheets.items()
            if title != RESULT
            for address, cell in cells.items()
            if cell.get("fill") or cell.get("note")
        }


def test_what_xlwings_sends_is_judged_like_the_workbook_itself() -> None:
    sheets = Spreadsheet()
    assert sheets.click("checkAll") is None
    [asked] = sheets.asked
    assert asked["url"] == "https://tz.example.cn/xlwings/check_all"
    assert asked["headers"] == {"Authorization": "秘密"}
    read: list[RawBook] = []
    answer(decoded(asked["body"].encode()), lambda one: read.append(raw_book(one, small_forms())))
    assert {sheet.title: list(sheet.rows) for sheet in read[0].sheets} == {
        "人员": [_trimmed(row) for row in PEOPLE], "发放": list(MONEY), "空表": [],
    }  # fmt: skip
    assert judge(read[0]).problems == judge(BOOK).problems


def test_the_cells_are_marked_and_listed_with_links() -> None:
    sheets = Spreadsheet()
    sheets.click("checkAll")
    found = [one for one in judge(BOOK).problems if one.sheet and address_of(one)]
    assert len(found) > 8
    assert sheets.marks().keys() == {(one.sheet, address_of(one)) for one in found}
    for one in found:
        cell = sheets.sheets[one.sheet][address_of(one)]
        assert cell["note"].startswith(SIGN)
        assert one.message in cell["note"]
        if one.severity == "error":
            assert cell["fill"] == FILLS["error"].lower()
    lines = sheets.sheets[RESULT]
    assert [*sheets.sheets] == ["人员", "发放", "空表", RESULT, "字典"]
    gids = {title: 100 + number for number, title in enumerate(sheets.sheets, 1)}
    for row in range(6, 6 + len(judge(BOOK).problems)):
        address = lines.get(f"H{row}", {}).get("value")
        if address:
            assert lines[f"C{row}"]["link"] == f"#gid={gids[lines[f'B{row}']['value']]}&range={address}"
    assert sheets.active == RESULT
    assert sheets.told[-1].startswith(lines["A2"]["value"])


def test_clicking_twice_is_clicking_once_and_clearing_restores_all() -> None:
    sheets = Spreadsheet()
    sheets.sheets["人员"]["A4"]["note"] = "已电话核实"
    sheets.sheets["人员"]["E4"]["fill"] = "#00b050"
    before = json.dumps(sheets.sheets, sort_keys=True)
    sheets.click("checkAll")
    once = json.dumps(sheets.sheets, sort_keys=True)
    assert sheets.sheets["人员"]["E4"]["fill"] == "#00b050"
    sheets.click("checkAll")
    assert json.dumps(sheets.sheets, sort_keys=True) == once
    sheets.click("clearMarks")
    assert json.dumps(sheets.sheets, sort_keys=True) == before


def test_a_mended_cell_loses_its_mark() -> None:
    sheets = Spreadsheet()
    sheets.click("checkSheet")
    assert ("人员", "E4") in sheets.marks()
    sheets.active = "人员"
    sheets.sheets["人员"]["E4"]["value"] = "1994-12"
    sheets.click("checkSheet")
    assert ("人员", "E4") not in sheets.marks()
    assert {title for title, _ in sheets.marks()} == {"人员"}


def test_the_next_problem_comes_to_the_front() -> None:
    sheets = Spreadsheet()
    sheets.click("checkAll")
    sheets.active, sheets.selection = "人员", "A1"
    sheets.click("nextProblem")
    first = min((one.row or 0, one.column or "") for one in judge(BOOK).problems if one.sheet == "人员" and one.open)
    assert (sheets.active, sheets.selection) == ("人员", f"{first[1]}{first[0]}")


def test_a_refusal_of_the_endpoint_is_shown_as_it_is() -> None:
    sheets = Spreadsheet()
    before = json.dumps(sheets.sheets, sort_keys=True)
    assert sheets.click("checkAll", 401, "口令不对，请向县里要新的口令。") == "口令不对，请向县里要新的口令。"
    assert json.dumps(sheets.sheets, sort_keys=True) == before


def test_without_an_address_the_menu_says_what_is_missing() -> None:
    sheets = Spreadsheet(properties={})
    assert sheets.click("checkAll") is None
    assert "TAIZHANG_URL" in sheets.told[-1]
    assert sheets.asked == []
