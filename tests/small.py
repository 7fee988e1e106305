"""A small county with two small forms, so that a test shows nothing but what it is about."""

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.drawn import sheet
from validators.check import check
from validators.checked import Checked
from validators.raw import RawBook, RawSheet
from workbook_templates.form import Forms, load_forms
from workbook_templates.kinds.base import Setting
from workbook_templates.place import County, Township
from workbook_templates.stamp import Stamp

TODAY = date(2026, 11, 23)
COUNTY = County("990101", "清河县")
TOWNSHIP = Township(COUNTY, "990101001", "城关镇", ("东风村", "向阳村", "红星社区"))
SETTING = Setting(TOWNSHIP, TODAY)

PEOPLE = """
id = "people"
no = "T01"
title = "人员"
version = 1
row = "一个人"
key = ["id_number"]
person = "id_number"
recognise = ["name"]

[[column]]
id = "name"
header = "姓名"
kind = "name"
required = true

[[column]]
id = "id_number"
header = "身份证号"
kind = "id18"
required = true

[[column]]
id = "village"
header = "村(社区)"
kind = "village"

[[column]]
id = "enlist_date"
header = "入伍时间"
kind = "pdate"

[[column]]
id = "discharge_date"
header = "退役时间"
kind = "pdate"

[[column]]
id = "party"
header = "政治面貌"
kind = "enum"
choices = ["中共党员", "群众"]

[[column]]
id = "branch"
header = "所在党支部"
kind = "text"
required_when = "party == '中共党员'"

[[rule]]
code = "D08"
at = "discharge_date"
when = "discharge_date <= enlist_date"

[[rule]]
code = "D10"
at = "discharge_date"
when = "years(enlist_date, discharge_date) > 35"
"""

MONEY = """
id = "money"
no = "T02"
title = "发放"
version = 1
row = "一笔钱"
key = ["id_number", "batch"]
person = "id_number"
recognise = ["name"]

[[column]]
id = "batch"
header = "批次"
kind = "text"
required = true

[[column]]
id = "name"
header = "姓名"
kind = "name"
required = true

[[column]]
id = "id_number"
header = "身份证号"
kind = "id18"
required = true

[[column]]
id = "amount"
header = "金额"
kind = "money"
required = true

[[lookup]]
code = "X01"
at = "name"
form = "people"
match = { id_number = "id_number" }
that = "other.name != name"
expect = "none"

[[lookup]]
code = "X30"
at = "id_number"
form = "people"
match = { id_number = "id_number" }
expect = "some"
"""

WANG, LI, ZHAO = "990101196001010015", "990101196202020025", "990101195003030031"


def forms_of(*texts: str) -> Forms:
    """The forms written as `texts`."""
    with TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            (Path(folder) / f"{number}.toml").write_text(text, "utf-8")
        return load_forms(Path(folder))


@cache
def small_forms() -> Forms:
    """人员 and 发放."""
    return forms_of(PEOPLE, MONEY)


def book(*sheets: RawSheet, forms: Forms | None = None) -> RawBook:
    """A stamped workbook of the township with these sheets."""
    stamp = Stamp(COUNTY.code, TOWNSHIP.code, (forms or small_forms()).versions)
    return RawBook("城关镇.xlsx", sheets, stamp)


def judged(people: str | RawSheet = "", money: str | RawSheet = "") -> Checked:
    """The verdict on sheets drawn in Markdown; a sheet that is not drawn is there with its header only."""
    blank = {
        "人员": "|姓名|身份证号|村(社区)|入伍时间|退役时间|政治面貌|所在党支部|",
        "发放": "|批次|姓名|身份证号|金额|",
    }
    drawn = [
        one if isinstance(one, RawSheet) else sheet(one or blank[title], title)
        for title, one in (("人员", people), ("发放", money))
    ]
    return check(small_forms(), book(*drawn), TOWNSHIP, TODAY)


def codes(checked: Checked) -> list[str]:
    """The codes of all problems with their places: D08 E3."""
    return [f"{p.code} {p.column or ''}{p.row or ''}".strip() for p in checked.problems]
