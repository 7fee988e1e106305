"""Right rows of the forms of services, honours and the county's own lists, and what is reported of changed ones."""

from collections.abc import Mapping, Sequence
from datetime import date

from tests.small import COUNTY, TODAY, TOWNSHIP
from validators.check import check
from validators.raw import RawBook, RawSheet
from validators.table import Reference
from workbook_templates.cells import Raw
from workbook_templates.form import Form, load_forms
from workbook_templates.kinds.resident_id import make_number
from workbook_templates.place import Township
from workbook_templates.stamp import Stamp

FORMS = load_forms()
BUREAU = Township(COUNTY, "990101000", "县局", (), "county")
Row = Mapping[str, Raw]
Sheets = Mapping[str, Sequence[Row]]
Found = set[tuple[str, str]]


def number(*born: int) -> str:
    """The ID number of somebody who was born on that day."""
    return make_number("990101", date(*born), 1)


ZHAO, WANG = number(1968, 3, 12), number(2002, 11, 5)
PERSON: Row = {"name": "赵卫东", "id_number": ZHAO, "village": "东风村", "phone": "13900000000"}
YOUNG: Row = {**PERSON, "name": "王强", "id_number": WANG}
T08, T09, T10, T11, T12 = "insurance_cases", "placement_training", "service_cases", "stations", "honors"
C02, C03 = "placement_history", "benefit_standards"
RIGHT: Mapping[str, Row] = {
    T08: {
        **PERSON, "accept_no": "DFZ-2019-0012", "apply_date": "2019-06-03", "station": "城关镇退役军人服务站",
        "enlist_date": "1986-11", "discharge_date": "1990-03", "placement_mode": "政府安排工作", "placement_year": 1990,
        "placement_employer": "县供销社", "employer_status": "改制", "insurance_types": "养老", "gap_from": "1998-07",
        "gap_to": "2008-12", "pension_months": 41, "relief": "无", "case_status": "已录入", "entry_date": "2019-06-10",
    },
    T09: {
        **YOUNG, "receive_year": 2025, "batch": "春季", "enlist_date": "2023-03", "discharge_date": "2025-03-16",
        "rank_group": "义务兵", "placement_mode": "自主就业", "report_date": "2025-03-28", "archive_in_date": "2025-04-02",
        "archive_audit_date": "2025-04-10", "archive_count": 1, "archive_result": "合格", "train_applied": "是",
        "train_apply_date": "2025-05-06", "train_course": "汽车驾驶、电工", "train_status": "已报名",
        "employment_status": "待就业(有求职意愿)",
    },
    T10: {
        **PERSON, "case_no": "DFZ-202503-007", "case_type": "困难帮扶", "reg_date": "2025-03-06", "channel": "走访发现",
        "people": 1, "issue_type": "医疗", "hardship": "其他特殊情况", "reason": "家里有人长期住院，申请困难帮扶",
        "town_audit_date": "2025-03-10", "county_audit_date": "2025-03-18", "case_status": "已办结", "aid_mode": "资金",
        "aid_amount": 3000, "finish_date": "2025-03-25",
    },
    T11: {
        "station_name": "东风村退役军人服务站", "level": "村(社区)", "village": "东风村", "address": "东风村村部",
        "sign_hung": "是", "sign_date": "2019-04-12", "head_name": "王永胜", "head_phone": "13900000001",
        "liaison_name": "刘芳", "liaison_phone": "13900000003", "staff_full": 0, "staff_part": 2, "ins_consult_window": "是",
        "ins_notice": "是",
    },
    T12: {
        **YOUNG, "person_kind": "现役军人", "honor_type": "立功喜报", "honor_name": "三等功", "honor_date": "2024-12",
        "notice_date": "2025-01-10", "deliver_date": "2025-01-18", "deliver_status": "已送达",
    },
    C02: {
        "archive_no": "1990-介-046", "name": "赵卫东", "id_number": ZHAO, "birth_month": "1968-03", "discharge_date": "1990-03",
        "placement_year": 1990, "placement_employer": "县供销社",
    },
    C03: {
        "benefit_type": "残疾抚恤金", "beneficiary_category": "残疾军人", "disability_grade": "六级", "disability_nature": "因公",
        "unit": "元/月/人", "amount": 1234, "effective_from": "2024-08-01", "source_doc": "县退役军人局〔2024〕12号",
    },
}  # fmt: skip
"""A row of each form with which nothing is wrong. Everything below is what changes in it."""

STATIONS: Sequence[Row] = (
    {},
    {"station_name": "向阳村退役军人服务站", "village": "向阳村"},
    {"station_name": "红星社区退役军人服务站", "village": "红星社区"},
    {"station_name": "城关镇退役军人服务站", "level": "乡镇(街道)", "village": None, "ins_accept_window": "是", "ins_notice": None},
)  # fmt: skip
"""The stations of the whole township."""


def _sheet(form: Form, rows: Sequence[Row]) -> RawSheet:
    ids = [column.id for column in form.columns]
    return RawSheet(
        form.title, [[column.header for column in form.columns], *([row.get(name) for name in ids] for row in rows)]
    )


def found(form: str, rows: Row | Sequence[Row], others: Sheets | None = None, held: Row | None = None) -> Found:
    """Every code that is reported on a form's sheet, with the id of its column.

    `rows` are changes of the right row, or of several; `others` are rows of other sheets, `held` one that the county holds.
    """
    unit = TOWNSHIP if "township" in FORMS[form].filled_by else BUREAU
    changed = [{**RIGHT[form], **row} for row in ([rows] if isinstance(rows, Mapping) else rows)]
    sheets = tuple(_sheet(FORMS[one], some) for one, some in {**(others or {}), form: changed}.items())
    book = RawBook("工作簿.xlsx", sheets, Stamp(COUNTY.code, unit.code, FORMS.versions))
    values = {name: value for name, value in (held or {}).items() if isinstance(value, str | int)}
    checked = check(FORMS, book, unit, TODAY, references={C02: [Reference(9, values)]} if held else {})
    assert [len(sheet.rows) for sheet in checked.sheets if sheet.form == form] == [len(changed)]
    ids = {column.header: column.id for column in FORMS[form].columns}
    return {(one.code, ids[one.header]) for one in checked.problems if one.form == form and one.header}
