"""The clerks of the invented county: how each of them keeps her workbook, and in which format she saves it."""

from dataclasses import dataclass

from sync_service.demo.habits import Habits

_OLD_NAMES = {
    "id_number": "身份证号码", "village": "所属村（社区）", "hukou_address": "户口薄住址", "phone": "联系方式",
    "enlist_date": "参军时间", "discharge_date": "退伍时间", "veteran_category": "人员类型", "bank_account": "一卡通账号",
}  # fmt: skip
_SERVED = {"服役情况": ("enlist_date", "enlist_hukou", "discharge_date", "unit_code")}
_SIGNED = ("注：本表由各村填报，人员去世请及时上报。", "填表人：王小芳  审核人：李建国  联系电话：见封面")


@dataclass(frozen=True, slots=True)
class Clerk:
    """One township's clerk. `rows` is how many rows she keeps, about; `last_period`: her cover is of the last half year."""

    ending: str
    rows: int
    habits: Habits
    hidden_sheet: str = ""
    last_period: bool = False


CLERKS = (
    Clerk(".xlsx", 690, Habits(official=True)),
    Clerk(".xlsx", 650, Habits(official=True, blanks=40, notes=_SIGNED, hidden={"veterans": (10, 11, 12)})),
    Clerk(".xls", 590, Habits(
        titles=("清河县柳河镇退役军人花名册", "单位：元"), headers=_OLD_NAMES, two_levels=_SERVED, subtotals=30, total=True,
        left_out=("education", "living_status"), notes=_SIGNED, months="1985.3",
    )),
    Clerk(".ods", 900, Habits(
        titles=("石桥镇台账",), extra="是否脱贫户", months="1985年3月", total=True, hidden={"beneficiaries": (3,)}
    )),
    Clerk(".xlsx", 550, Habits(
        headers={"id_number": "公民身份号码", "name": "姓 名"}, last=("village", "phone"), extra="微信号", pages=25
    ), hidden_sheet="Sheet3"),
    Clerk(".xlsx", 610, Habits(titles=("填表前请看说明", "沙河镇"), sums="1,560.00元", subtotals=50, blanks=35)),
    Clerk(".xlsx", 570, Habits(official=True, total=True)),
    Clerk(".xlsx", 590, Habits(
        titles=("长岗镇退役军人和优抚对象台账", "二〇二六年", "单位：元"), months="198503", total=True,
        ruins={"payments": "no header"},
    )),
    Clerk(".xls", 580, Habits(headers=_OLD_NAMES, notes=_SIGNED, ruins={"payments": "lost column"})),
    Clerk(".xlsx", 500, Habits(titles=("凤山乡台账",), ruins={"payments": "missing"}), last_period=True),
    Clerk(".xlsx", 590, Habits(
        blanks=20, notes=_SIGNED, hidden={"veterans": (0, 5, 6)}, ruins={"payments": "column twice"}
    )),
    Clerk(".xlsx", 600, Habits(titles=("大湖乡",), two_levels=_SERVED, headers={"remark": "附注"}, sum_row=True)),
)  # fmt: skip
"""One for each township, in their order."""
