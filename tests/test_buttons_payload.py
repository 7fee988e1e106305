"""What the button sends is judged as the file would be: law 9, seen from xlwings' clients."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from macros.payload import decoded, raw_book
from macros.remote import answer
from macros.township import township_in
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from tests.drawn import sheet, write_xlsx
from tests.small import COUNTY, LI, TODAY, TOWNSHIP, WANG, ZHAO, small_forms
from tests.xlwings_clients import google_payload, vba_body
from validators.check import check
from validators.raw import RawBook, RawSheet
from workbook_templates.cells import CellError, Raw
from workbook_templates.excel import write_template
from workbook_templates.form import Forms, load_forms
from workbook_templates.place import County, Township
from workbook_templates.stamp import Stamp

STAMP = Stamp(COUNTY.code, TOWNSHIP.code, small_forms().versions)
PEOPLE, MONEY = "人员", "发放"
PEOPLE_HEAD = ("姓名", "身份证号", "村(社区)", "入伍时间", "退役时间", "政治面貌", "所在党支部")
MONEY_HEAD = ("批次", "姓名", "身份证号", "金额")


def from_vba(path: Path) -> dict[str, Any]:
    return decoded(vba_body(path))


def from_vba_of_ours(path: Path) -> dict[str, Any]:
    """Our own module has the writer keep texts of many digits texts."""
    return decoded(vba_body(path, numbers_stay_text=True))


CLIENTS = {"VBA": from_vba, "VBA, texts kept": from_vba_of_ours, "Google": google_payload}


def raw(payload: dict[str, Any], forms: Forms | None = None) -> RawBook:
    read: list[RawBook] = []
    answer(payload, lambda book: read.append(raw_book(book, forms or small_forms())))
    return read[0]


def saved(folder: Path, *sheets: RawSheet, stamped: bool = True) -> Path:
    """A workbook of the township with these sheets, as a file."""
    stamp = [RawSheet("字典", ((str(STAMP),),), visible=False)] if stamped else []
    return write_xlsx(folder / "城关镇.xlsx", {one.title: one for one in (*sheets, *stamp)})


def table(title: str, head: tuple[str, ...], *rows: tuple[Raw, ...]) -> RawSheet:
    return RawSheet(title, (head, *rows))


DRAWN = (
    sheet(
        f"""
        |      |                        |            |          |            |          |            |
        | 姓名 | 身份证号               | 村(社区)   | 入伍时间 | 退役时间   | 政治面貌 | 所在党支部 |
        | 王强 | {WANG}                 | 东风村     | =1990.12 | @1994-12-1 | 群众     |            |
        | 李四 | =990101196202020000    | 向阳村     | 1990.12  | 1980.1     | 中共党员 |            |
        |      | {ZHAO}                 | #N/A       | =33208   | #REF!      | =TRUE    | 无         |
        |      |                        |            |          |            |          |            |
        | 张三 | 99010119600101001      | 外村       |          | @1999-1-1T08:30 | 党员 |            |
        | 合计 | =3                     |            |          |            |          |            |
        """.replace("@1994-12-1 ", "@1994-12-01").replace("@1999-1-1T", "@1999-01-01T"),
        PEOPLE,
    ),
    sheet(
        f"""
        | 批次 | 姓名   | 身份证号 | 金额    |
        | 1    | 王强   | {WANG}   | =12.5   |
        | =2   | 王小强 | {WANG}   | 1200元  |
        | =3   | 李四   | {LI}     | =0.1    |
        | 3    |        | {LI}     | #DIV/0! |
        """,
        MONEY,
    ),
    sheet("|别的|\n|0200001234567890123|\n|1.2.3.4.5.6.7.8.9.0|\n|1234567890123456E7|", "草稿"),
)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_workbook_sent_by_a_client_reads_and_is_judged_like_its_file(tmp_path: Path, client: str) -> None:
    path = saved(tmp_path, *DRAWN)
    of_file, sent = read_book(path, Limits()), raw(CLIENTS[client](path))
    assert [one.title for one in sent.sheets] == [one.title for one in of_file.sheets]
    for mine, theirs in zip(sent.sheets, of_file.sheets, strict=True):
        assert list(mine.rows) == list(theirs.rows)
    assert sent.stamp == of_file.stamp
    assert check(small_forms(), replace(sent, name=path.name), TOWNSHIP, TODAY) == check(
        small_forms(), of_file, TOWNSHIP, TODAY
    )
    assert len(check(small_forms(), of_file, TOWNSHIP, TODAY).problems) > 10


texts = st.one_of(
    st.sampled_from(
        ["", WANG, LI, ZHAO, "同上", "无", "王强", "张三1", "1990.10", "1990年3月", "0200001234567890123", "１２"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=12).filter(
        lambda text: not text.startswith("#") and text == text.strip()
    ),
    st.text("0123456789.", min_size=14, max_size=22).filter(lambda text: text.count(".") != 1),
)
cells: st.SearchStrategy[Raw] = st.one_of(
    st.none(),
    texts.map(lambda text: text or None),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.integers(0, 10**15 - 1),
    st.integers(10**3, 10**15 - 1).map(lambda n: n * 1000),
    st.integers(-(10**6), 10**6).map(lambda n: n / 100),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1)).map(lambda m: m.replace(microsecond=0, second=0)),
    st.just(time(0, 0)),
    st.sampled_from(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"]).map(CellError),
)


@given(
    people=st.lists(st.tuples(*[cells] * len(PEOPLE_HEAD)), max_size=6),
    money=st.lists(st.tuples(*[cells] * len(MONEY_HEAD)), max_size=4),
    above=st.integers(0, 3),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_workbook_is_judged_alike_by_file_and_by_client(
    tmp_path: Path, people: list[tuple[Raw, ...]], money: list[tuple[Raw, ...]], above: int
) -> None:
    blank: tuple[Raw, ...] = ()
    sheets = (
        RawSheet(PEOPLE, (*[blank] * above, PEOPLE_HEAD, *people)),
        RawSheet(MONEY, (MONEY_HEAD, *money)),
        RawSheet("空表", ()),
    )
    path = saved(tmp_path, *sheets)
    verdict = check(small_forms(), read_book(path, Limits()), TOWNSHIP, TODAY)
    for client in CLIENTS.values():
        sent = replace(raw(client(path)), name=path.name)
        assert check(small_forms(), sent, TOWNSHIP, TODAY) == verdict


def test_a_used_range_that_does_not_begin_in_a1_keeps_its_rows_and_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet(PEOPLE)
        page.write_row(6, 3, PEOPLE_HEAD)
        page.write_row(8, 3, ["王强", WANG, "东风村"])
        page.write_blank(20, 15, None, book.add_format({"bg_color": "yellow"}))
    for client in CLIENTS.values():
        [people] = raw(client(path)).sheets
        assert people.rows[6][3:] == PEOPLE_HEAD
        assert people.rows[8] == (None, None, None, "王强", WANG, "东风村")
        assert len(people.rows) == 9


def test_a_sheet_with_one_cell_and_one_with_none_are_read(tmp_path: Path) -> None:
    path = saved(tmp_path, sheet("|王强|", "一格"), RawSheet("空表", ()), stamped=False)
    for client in CLIENTS.values():
        assert [list(one.rows) for one in raw(client(path)).sheets] == [[("王强",)], []]


def test_an_error_that_the_client_does_not_know_does_not_spoil_the_request() -> None:
    body = (
        b'{"client":"VBA","version":"1","sheets":[{"name":"a,[,]","values":[[,1,],["x",,"\\",[,]\\\\"]],"tables":[]}]}'
    )
    values = decoded(body)["sheets"][0]
    assert values["values"] == [["#N/A", 1, "#N/A"], ["x", "#N/A", '",[,]\\']]
    assert values["name"] == "a,[,]"
    assert values["tables"] == []


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("990101196001010015", "990101196001010015"),
        ("0200001234567890123", "0200001234567890123"),
        ("99999999999999999999999", "99999999999999999999999"),
        ("1.2.3.4.5.6.7.8.9", "1.2.3.4.5.6.7.8.9"),
        ("1234567890123456E7", "1234567890123456E7"),
        ("12345.6789012345", 12345.6789012345),
        ("0.333333333333333", 0.333333333333333),
        ("9.90101196001010E+17", 9.9010119600101e17),
        ("123456789012345", 123456789012345),
    ],
)
def test_a_long_number_in_vbas_json_is_a_text_unless_excel_can_hold_it(sent: str, read: Raw) -> None:
    payload = decoded(b'{"client":"VBA","a":[[' + sent.encode() + b"]]}")
    assert payload["a"] == [[read]]


def test_the_same_digits_from_google_are_the_number_that_they_are() -> None:
    assert decoded(b'{"client":"Google Apps Script","a":[[990101196001010000]]}')["a"] == [[990101196001010000]]


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'"text"'])
def test_what_is_no_payload_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, the caller answers in words of its own
        decoded(body)


def test_a_forms_sheet_left_out_of_the_request_counts_as_blank(tmp_path: Path) -> None:
    path = saved(tmp_path, table(PEOPLE, PEOPLE_HEAD), table(MONEY, MONEY_HEAD))
    whole = raw(decoded(vba_body(path)))
    without = raw(decoded(vba_body(path, exclude=(PEOPLE,))))
    assert check(small_forms(), without, TOWNSHIP, TODAY) == check(small_forms(), whole, TOWNSHIP, TODAY)


@pytest.mark.parametrize(
    "filler",
    [
        lambda county: Township(replace(county, townships=()), "990101001", "城关镇", ("东风村", "向阳村")),
        lambda county: Township(county, "990101000", "县本级", ("城关镇东风村", "石桥镇前进村"), "county"),
    ],
)
def test_a_template_itself_says_whose_it_is(tmp_path: Path, filler: Callable[[County], Township]) -> None:
    # The smallest sheets that choose a village, a township, neither.
    forms = Forms([load_forms()[name] for name in ("cover", "stations", "benefit_standards", "placement_history")], "")
    township = filler(County("990101", "清河县", ("城关镇", "石桥镇")))
    path = tmp_path / "t.xlsx"
    write_template(path, forms, township, "2026下半年")
    assert township_in(raw(from_vba(path), forms), forms) == township


def test_a_workbook_without_a_stamp_belongs_to_nobody(tmp_path: Path) -> None:
    path = saved(tmp_path, table(PEOPLE, PEOPLE_HEAD), stamped=False)
    assert township_in(raw(from_vba(path)), small_forms()) is None
