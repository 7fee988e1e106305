"""What a clerk types is text in everything that we write: no workbook, CSV file or online sheet of ours ever calculates it."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.marks import results
from sync_service.asking import day_named, standing_at
from sync_service.checking.file import check_file, write_marked
from sync_service.showing import harmless, write_table
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from sync_service.takeover.adopting import adopt
from sync_service.takeover.drafting import Request, draft
from sync_service.takeover.upgrading import upgrade
from sync_service.templates import write_templates
from tests.county import NOW, PERIOD, CountyOnDisk, make_county, number, veteran, workbook
from tests.drawn import write_xls
from tests.hostile_files import FORMS
from tests.program import taizhang
from validators.raw import RawSheet
from workbook_templates.google.template import template_requests
from workbook_templates.kinds.base import clean
from workbook_templates.place import County, Township

MARK = "炸弹"
"""Stands in every value, so that it is found again wherever it was written."""
VALUES = (
    f"=SUM(1,2)&\"{MARK}\"", f"+1+{MARK}()", f"-1+{MARK}()", f"@SUM({MARK})", f"\t={MARK}(1,2)", f"\r={MARK}(1,2)",
    f"\n={MARK}(1,2)", f" ={MARK}(1,2)", f"=HYPERLINK(\"http://{MARK}.example\",\"点我\")", f"=cmd|' /c {MARK}'!A0",
    f"DDE(\"cmd\",\"{MARK}\")", f"<r>{MARK}</r>=1", f"<r><t>{MARK}</t></r>", f"＝{MARK}(1,2)", f"'={MARK}(1,2)",
    f"{{={MARK}(1,2)}}", f"http://{MARK}.example", f"internal:{MARK}!A1", f"]]>{MARK}<f>1+1</f>", f"&{MARK};&amp;x",
    f"_x003D_{MARK}()", f"\x1b]8;;{MARK}\x07=1",
)  # fmt: skip
VILLAGE = f"={MARK}村"
CALCULATING = re.compile(rb"<(?:x:)?(f|formula|formula1|formula2|definedName|ddeLink|oleLink)\b[^>]*>([^<]*)<")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> CountyOnDisk:
    """A county in which 城关镇 has typed all of it: into right rows, into wrong cells, into titles and headers."""
    county = make_county(tmp_path_factory.mktemp("nothing") / "county")
    text = county.settings.read_text("utf-8")
    county.settings.write_text(text.replace('"向阳村"', f'"向阳村", "{VILLAGE}"'), "utf-8")
    rows = [veteran(n, hukou_address=value, remark=value) for n, value in enumerate(VALUES)]
    rows += [veteran(40 + n, name=value, village=value, phone=value) for n, value in enumerate(VALUES)]
    drawn = workbook("城关镇", [*rows, veteran(39, village=VILLAGE)])
    sheet = drawn["退役军人"]
    header = (*sheet.rows[0], *VALUES[:3])
    strange = RawSheet("x", (("姓名", VALUES[0]),))
    drawn = {**drawn, "退役军人": RawSheet(sheet.title, (header, *sheet.rows[1:])), f"={MARK}()": strange}
    county.write("城关镇", drawn, ".xls")
    assert county.sync().townships[0].rows == len(VALUES) + 1
    return county


def _as_of(county: CountyOnDisk, path: Path) -> Path:
    write_table(standing_at(county.setup, county.forms, "退役军人", day_named("2026-11-23")), path)
    return path


def _templates(county: CountyOnDisk) -> Path:
    (written,) = write_templates(county.setup, FORMS, with_data=True, only="城关镇", force=True)
    return written.path


def _adopted(county: CountyOnDisk) -> list[Path]:
    """The new workbook, and the account of the old one beside it."""
    lines = [
        ("姓名", "身份证号", "户籍地址", VALUES[0]),
        *(("王一", number(n), value, value) for n, value in enumerate(VALUES)),
    ]
    old = write_xls(county.folder / "旧册.xls", {"花名册": RawSheet("花名册", lines)})
    one = draft(county.setup, FORMS, Request(old, "退役军人", "城关镇"), NOW.date())
    adopted = adopt(county.setup, FORMS, one, one.proposal.without(()), NOW, keep_rest=False)
    return [adopted.path, adopted.account]


def _upgraded(county: CountyOnDisk) -> list[Path]:
    upgraded = upgrade(county.setup, FORMS, county.book("城关镇", ".xls"), NOW)
    return [upgraded.path, upgraded.account]


def _marked(county: CountyOnDisk) -> Path:
    out = county.folder / "标记.xlsx"
    verdict, forms = check_file(county.setup, county.book("城关镇", ".xls"), "城关镇", NOW.date())
    assert write_marked(verdict, forms, county.book("城关镇", ".xls"), out, NOW)
    return out


def _figures(county: CountyOnDisk) -> Path:
    out = county.folder / "统计.xlsx"
    assert taizhang("figures", "--out", out, "--county", county.settings).returncode in {0, 1}
    return out


def _crosschecked(county: CountyOnDisk) -> list[Path]:
    """The county's book and the township's work list: nobody of hers has a plaque."""
    out = county.folder / "核对"
    assert taizhang("crosscheck", "--out", out, "--county", county.settings).returncode in {0, 1}
    return sorted(path for path in out.rglob("*.xlsx") if "石桥" not in path.name and "柳林" not in path.name)


@pytest.fixture(scope="module")
def written(county: CountyOnDisk) -> list[Path]:
    """Every workbook that we write."""
    made = [county.master, county.feedback("城关镇"), _as_of(county, county.folder / "年中.xlsx"), _templates(county)]
    made += [_figures(county), *_crosschecked(county)]
    return [*made, *_adopted(county), *_upgraded(county), _marked(county)]


def _calculating(path: Path) -> Iterator[str]:
    """What in a workbook is calculated, followed or run, and holds what was typed."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            xml = archive.read(name)
            yield from (
                f"{name}: {found[2].decode()}" for found in CALCULATING.finditer(xml) if MARK.encode() in found[2]
            )
            if name.endswith(".rels") and MARK.encode() in xml:
                yield f"{name}: a link"


def _texts(path: Path) -> set[str]:
    return {
        cell for page in read_book(path, Limits()).sheets for row in page.rows for cell in row if isinstance(cell, str)
    }


@pytest.mark.filterwarnings("ignore:Print area")
def test_no_workbook_of_ours_calculates_or_follows_what_was_typed(written: list[Path]) -> None:
    for path in written:
        assert list(_calculating(path)) == [], path.name
        book = openpyxl.load_workbook(path)
        cells = [cell for page in book for row in page.iter_rows() for cell in row if MARK in str(cell.value)]
        assert cells, f"{path.name} holds none of it"
        assert {cell.data_type for cell in cells} == {"s"}, path.name


def test_what_was_typed_is_read_back_as_it_was_stored(county: CountyOnDisk, written: list[Path]) -> None:
    stored = {str(row["hukou_address"]) for row in county.veterans().values()} - {str(veteran(0)["hukou_address"])}
    assert stored == {clean(value) for value in VALUES}
    for path in (county.master, county.folder / "年中.xlsx", county.folder / "模板" / "城关镇.xlsx"):
        assert path in written
        assert stored <= {clean(text) for text in _texts(path)}, path.name


def test_no_csv_file_of_ours_begins_a_field_as_a_formula_does(county: CountyOnDisk) -> None:
    path = _as_of(county, county.folder / "年中.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        fields = [field for line in csv.reader(file) for field in line if MARK in field]
    assert len(fields) >= 2 * len(VALUES)
    assert [field for field in fields if re.match(r"\s*[=+\-@＝＋－＠]|[\t\r\n]", field)] == []
    assert {clean(value) for value in VALUES} <= {clean(field) for field in fields}


@given(st.sampled_from("=+-@\t\r\n ＝＋－＠'\""), st.text(max_size=8))
def test_a_csv_field_is_read_back_as_the_text_that_it_was(first: str, rest: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow([harmless(first + rest), 1])
    ((field, _),) = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert not re.match(r"\s*[=+\-@]", field)
    assert clean(field).strip() == clean(first + rest).strip()


def test_numbers_in_a_csv_file_stay_numbers() -> None:
    assert [harmless(value) for value in (-12.5, 0, None)] == [-12.5, 0, None]


def test_the_requests_for_an_online_sheet_hold_what_was_typed_as_text(county: CountyOnDisk) -> None:
    unit = Township(County("990101", f"={MARK}县"), "990101001", f"@{MARK}镇", (VILLAGE,))
    told = repr(template_requests(county.forms.of(unit), unit, PERIOD))
    assert f"'stringValue': '{VILLAGE}'" in told
    formulas = re.findall(r"'formulaValue': ('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", told)
    assert formulas
    assert [one for one in formulas if MARK in re.sub('"[^"]*"', "", one)] == []


def test_the_result_sheet_of_the_button_calculates_nothing_but_its_own_links(county: CountyOnDisk) -> None:
    with county.store() as store:
        problems = [known.problem for known in store.problems("990101001")]
    rows = results("校验", problems, ["退役军人"], NOW).rows
    assert any(MARK in text for row in rows for text in row)
    for text in (text for row in rows for text in row if text[:1] in "=+-@"):
        assert not text or re.fullmatch(r"=HYPERLINK\(\"#'(?:[^'\"]|''|\"\")*'![A-Z]+\d+\",\"[^\"]*\"\)", text)
