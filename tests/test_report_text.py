"""A run's report on a terminal."""

import io
import os
import sys
import unicodedata
from itertools import pairwise

import pytest

from sync_service.outputs import Publication
from sync_service.pipeline import RunReport, TownshipReport
from sync_service.report_text import report_text
from sync_service.terminal import coloured, plain, show

REPORT = RunReport(
    None,
    "2026-11-24T02:00:00Z",
    (
        TownshipReport("990101001", "城关镇", True, "ok", 415, 8, 4, 2, 0, 0, 8),
        TownshipReport("990101002", "石桥镇", False, "ok", 322, 0, 0, 0, 30, 21, 16),
        TownshipReport("990101003", "双塔乡", False, "F27", 290, 0, 0, 0, 0, 22, 9, "“双塔乡.xlsx”正被打开着"),
        TownshipReport("990101004", "清水河民族乡", False, "ok", 12901, 0, 0, 0, 0, 3, 1109),
    ),
    (Publication("master", "", "县级总台账：正开着", trouble=True), Publication("feedback/990101001", "", "")),
)


def columns(text: str) -> list[str]:
    """One letter for each column of a terminal."""
    return [letter for char in text for letter in char * (2 if unicodedata.east_asian_width(char) == "W" else 1)]


def test_every_township_has_its_line_with_numbers_right_under_their_headers() -> None:
    header, _, *lines = [columns(line) for line in plain(report_text(REPORT)).split("\n")[1:7]]
    ends = [at for at, (here, after) in enumerate(pairwise(header)) if here != " " == after]
    for line in lines:
        assert all(line[end].isdigit() and line[end + 1 : end + 4] == [" "] * 3 for end in ends[1:])
        assert line[header.index("情")] in "√▲×"
    assert ["".join(line).split()[-2:] for line in lines] == [
        ["√", "已已读读取取"],
        ["▲", "有有行行待待确确认认"],
        ["×", "没没有有读读到到"],
        ["▲", "有有错错误误待待改改"],
    ]


def test_what_hinders_and_what_was_done_stands_below() -> None:
    assert plain(report_text(REPORT)).split("\n")[7:] == [
        "",
        "× 双塔乡：“双塔乡.xlsx”正被打开着",
        "各乡镇没有变化，登记库没有写入。",
        "县级总台账：正开着",
        "已更新 1 个文件（总台账和校验反馈）。",
    ]


class Terminal(io.StringIO):
    """What somebody sits before."""

    def isatty(self) -> bool:
        return True


@pytest.mark.skipif(os.name == "nt", reason="Windows is told of colours otherwise")
def test_colours_are_for_terminals_and_for_those_who_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = f"{coloured('红', 'red')}{coloured('黄', 'yellow')}{coloured('粗', 'bold')}"
    for stdout, no_color, shown in ((Terminal(), "", text), (Terminal(), "1", "红黄粗"), (io.StringIO(), "", "红黄粗")):
        monkeypatch.setattr(sys, "stdout", stdout)
        monkeypatch.setenv("NO_COLOR", no_color)
        show(text)
        assert stdout.getvalue() == f"{shown}\n"
