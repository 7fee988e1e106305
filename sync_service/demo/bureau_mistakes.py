"""The mistakes that the bureau makes in the sheets of its own, each once."""

from collections.abc import Mapping
from datetime import date, timedelta

from sync_service.demo.inventor import Inventor, Row
from sync_service.demo.mistake import Change, Mistake, Sheet, first_of, is_
from sync_service.demo.offices import another_fair, old_standard
from sync_service.demo.settling import placed
from workbook_templates.cells import Raw

C01, C02 = Sheet("activities", another_fair), Sheet("placement_history", first_of(placed, "placement_history"))
C03 = Sheet("benefit_standards", old_standard)


def _after(other: str, column: str, days: int) -> Change:
    """A date stands so many days after the other one."""

    def change(row: Row, of: Inventor) -> Mapping[str, Raw]:
        del of
        day = row[other]
        assert isinstance(day, date)
        return {column: day + timedelta(days)}

    return change


def _overlapping(row: Row, of: Inventor) -> tuple[Row, ...]:
    return row, {**row, **_after("effective_from", "effective_from", 100)(row, of), "amount": 80.0}


OF_BUREAU: tuple[Mistake, ...] = (
    C01.row("fair-intent", "达成意向的比参加的还多", "intent", "X99", is_(participants=50, intent=60)),
    C01.cell("fair-companies", "招聘会没填企业数", "companies", "M02", None),
    C01.row("fair-end", "活动结束早于开始", "end_date", "D15", _after("start_date", "end_date", -1)),
    C01.cell("fair-print", "招聘会填了印制数量", "print_qty", "M03", 1000),
    C02.row("register-nobody", "没有身份证号也没有出生年月", "birth_month", "M16", is_(id_number=None, birth_month=None)),
    C02.row("register-year", "安置年度早于退役年份", "placement_year", "X15",
            lambda row, of: {"placement_year": int(str(row["placement_year"])) - 4}),  # noqa: ARG005
    C02.cell("register-township", "原籍乡镇写了外县的", "origin_township", "M04", "外县某镇"),
    C02.row("register-exchanged", "名册里入伍和退役填反", "discharge_date", "D08",
            lambda row, of: {"discharge_date": row["enlist_date"], "enlist_date": row["discharge_date"]}),  # noqa: ARG005
    C03.cell("standard-local", "地方补贴比标准还多", "local_part", "A18", 90.0),
    C03.row("standard-end", "执行截止早于起始", "effective_to", "D14", _after("effective_from", "effective_to", -1)),
    C03.rows("standard-overlap", "同一种标准执行期重叠", {(1, "effective_from"): "K11"}, _overlapping),
    C03.cell("standard-nothing", "标准填了 0", "amount", "A14", 0),
    C03.cell("standard-source", "没填依据文号", "source_doc", "M01", None),
)  # fmt: skip
