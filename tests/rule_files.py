"""The rules about a file and its sheets: what is typed, and what the clerk is told."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from sync_service.demo.writing import save_xls, save_xlsx
from tests.clerk_case import Case, added, beside, headed, hidden, inserted, lost, merged, on
from tests.right_book import Rows, cells, cover, with_sheet, workbook
from tests.right_people import FORMS, ROWS, TOWNSHIP
from tests.test_reading_refusals import encrypt
from validators.raw import RawBook, RawSheet
from workbook_templates.cells import CellError
from workbook_templates.kinds.resident_id import make_number
from workbook_templates.stamp import Stamp

ROOM = FORMS["honors"].room


def web_page(folder: Path) -> Path:
    path = folder / "城关镇.xls"
    path.write_bytes("<html><body><table><tr><td>姓名</td></tr></table></body></html>".encode())
    return path


def locked(folder: Path) -> Path:
    path = folder / "城关镇.xlsx"
    save_xlsx(workbook(), path)
    return encrypt(path, "123456")


def _old_format(folder: Path) -> Path:
    path = folder / "城关镇.xls"
    save_xls(workbook(), path)
    return path


def _old_template() -> RawBook:
    versions = FORMS.of(TOWNSHIP).versions
    return replace(workbook(), stamp=Stamp("990101", TOWNSHIP.code, {**versions, "veterans": 0}))


def _in_words(sheet: RawSheet) -> RawSheet:
    return replace(sheet, rows=(("城关镇优抚对象情况",), ("见附件",)))


def slipped() -> Rows:
    """Eight veterans who moved away, whose birth dates were typed and stand one row too low."""
    born = [date(1950 + n, 1 + n, 3 + n) for n in range(9)]
    rows = [
        {
            **ROWS["veterans"][0], "name": f"张建{c}", "id_number": make_number("990101", day, 11), "birth_date": wrong,
            "phone": f"1390000009{n}", "person_status": "户口迁出", "status_date": date(2026, 3, 1), "enlist_date": f"{day.year + 19}-12",
            "discharge_date": f"{day.year + 22}-12",
        }
        for n, (c, day, wrong) in enumerate(zip("国军民平华东明", born[1:], born, strict=False))
    ]  # fmt: skip
    return {**ROWS, "veterans": (*ROWS["veterans"], *rows)}


RULES_OF_FILES: tuple[Case, ...] = (
    Case("F01", "网页另存成了 .xls", web_page,
         (("F01", "", "打不开“城关镇.xls”：它不是 Excel 表格（可能是改了后缀名，或从网页另存的）"),)),
    Case("F02", "工作簿设了打开密码", locked,
         (("F02", "", "“城关镇.xlsx”设了打开密码，读不到内容"),)),
    Case("F03", "存成了 .xls", _old_format,
         (("F03", "", "“城关镇.xls”是旧格式（xls），已照常读取"),)),
    Case("F04", "封面没有选择乡镇", with_sheet(workbook(), "封面", lambda sheet: cover(township=None)),  # noqa: ARG005
         (("F04", "封面", "封面没有选择乡镇（街道），不知道是谁的表"),)),
    Case("F05", "模板版本较早", _old_template(),
         (("F05", "退役军人", "这是“退役军人”第 0 版模板，现行为第 1 版；已按原有的列读取"),)),
    Case("F06", "封面还是上期的填报期", with_sheet(workbook(), "封面", lambda sheet: cover(period="2026上半年")),  # noqa: ARG005
         (("F06", "封面", "封面填报期是“2026上半年”，当前应为“2026下半年”"),)),
    Case("F08", "文件名写的是别的乡镇", replace(workbook(), name="石桥镇.xlsx"),
         (("F08", "", "文件名里写的是“石桥镇”，封面上是“城关镇”"),)),
    Case("F09", "删去了一张表", with_sheet(workbook(), "荣誉典型", lambda sheet: None),  # noqa: ARG005
         (("F09", "", "缺少“荣誉典型”表，这张表原有的数据保持不动"),)),
    Case("F10", "表头改写了", on("honors", _in_words),
         (("F10", "荣誉典型", "“荣誉典型”表前 15 行找不到表头，整张表没有读取"),)),
    Case("F11", "删去了必填的列", lost("honors", "id_number"),
         (("F11", "荣誉典型", "“荣誉典型”表缺少“身份证号”列，整张表没有读取，原有的数据保持不动"),)),
    Case("F12", "列名用了别名", headed("veterans", "id_number", "身份证"),
         (("F12", "退役军人 C1", "列名“身份证”已按“身份证号”识别"),)),
    Case("F13", "多出一列", added("honors", "微信号", "abc"),
         (("F13", "荣誉典型 S1", "“微信号”不是模板里的列，没有读取"),)),
    Case("F14", "同一列出现两次", added("honors", "身份证号码"),
         (("F14", "荣誉典型 S1", "“身份证号”和“身份证号码”都对应“身份证号”列，不知道用哪一列，整张表没有读取"),)),
    Case("F15", "表头上面有标题", inserted("honors", 1, ("城关镇荣誉台账",), ("单位：人",)),
         (("F15", "荣誉典型 1", "已跳过表头上方第 1–2 行的标题或说明文字"),)),
    Case("F16", "数据里有合计行", inserted("honors", 3, ("合计", *(None,) * 13, 2000.0)),
         (("F16", "荣誉典型 3", "第 3 行是合计行，已跳过，不计入人数和金额"),)),
    Case("F17", "表下面有落款", inserted("honors", 3, ("注：已核对",), ("填表人：王小芳",)),
         (("F17", "荣誉典型 3", "第 3–4 行是落款或说明，已跳过"),)),
    Case("F18", "有隐藏的行", hidden("veterans", 3, 4),
         (("F18", "退役军人 3", "第 3–4 行被隐藏或筛选掉了，但仍已读取"),)),
    Case("F19", "有一张隐藏的工作表", beside("旧名单", ("张某某", "已迁出"), visible=False),
         (("F19", "旧名单", "工作表“旧名单”被隐藏了，没有读取"),)),
    Case("F20", "地址上下合并", merged("veterans", 9, 2, 3),
         (("F20", "退役军人 I2", "I2:I3 是上下合并的单元格，只有第一行有值"),)),
    Case("F21", "公式结果是错误值", cells("veterans", education=CellError("#N/A")),
         (("F21", "退役军人 M2", "公式的结果是“#N/A”，读不到内容"),)),
    Case("F22", "行数超过常见规模", {**ROWS, "honors": [{**ROWS["honors"][0], "honor_name": f"三等功{n}"} for n in range(ROOM + 1)]},
         (("F22", "荣誉典型", f"“荣誉典型”表有 {ROOM + 1} 行，超过常见的 {ROOM} 行"),)),
    Case("F23", "数据中间有空行", inserted("veterans", 4, ()),
         (("F23", "退役军人 4", "第 4 行是夹在中间的空行，已跳过"),)),
    Case("F24", "混进了外镇的村", cells("veterans", village="响水洼村"),
         (("F24", "退役军人 G2", "“响水洼村”不是城关镇的村（社区）"),)),
    Case("F25", "出生日期错开了一行", slipped(),
         (("F25", "退役军人 E7", "从第 7 行起，出生日期和身份证号像是错开了一行（共 7 行对不上）"),)),
)  # fmt: skip
