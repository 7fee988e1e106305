"""The mistakes that clerks make in 退役军人, each once. To add one, add an entry: its test comes by itself."""

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta

from sync_service.demo.inventor import Inventor, Row, month_text
from sync_service.demo.mistake import Change, Merge, Mistake, Sheet, is_
from sync_service.demo.people import conscript, dead, moved
from sync_service.demo.settling import placed
from workbook_templates.cells import CellError, Raw
from workbook_templates.kinds.base import serial
from workbook_templates.kinds.resident_id import ENDS_LOST, check_digit, make_number, sex_of

T01 = Sheet("veterans", conscript)


def _full_width(value: Raw) -> Raw:
    return str(value).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})


def _swapped(value: Raw) -> Raw:
    """Two adjacent digits of the sequence swapped; the first pair that differs."""
    text = str(value)
    at = next(i for i in range(16, 5, -1) if text[i] != text[i - 1])
    return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]


def _person_of(number: str) -> dict[str, Raw]:
    return {"id_number": number, "sex": sex_of(number), "birth_date": date.fromisoformat(_iso(number[6:14]))}


def _iso(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def _ending(row: Row, wanted: str) -> dict[str, Raw]:
    """The person with a number whose last character is one of `wanted`."""
    first = str(row["id_number"])[:14]
    numbers = (f"{first}{n:03d}{check_digit(f'{first}{n:03d}')}" for n in range(500, 998))
    return _person_of(next(n for n in numbers if n[-1] in wanted and not n.endswith(ENDS_LOST)))


def _ending_x(x: str) -> Change:
    def change(row: Row, of: Inventor) -> Mapping[str, Raw]:
        del of
        cells = _ending(row, "X")
        return {**cells, "id_number": str(cells["id_number"])[:17] + x}

    return change


def _impossible_birth(value: Raw) -> Raw:
    first = f"{str(value)[:6]}19681332{str(value)[14:17]}"
    return first + check_digit(first)


def _of_another_province(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    number = str(row["id_number"])
    first = "090101" + number[6:17]
    return {"id_number": first + check_digit(first)}


def _ends_in_zeros(row: Row, of: Inventor) -> Mapping[str, Raw]:
    born = row["birth_date"]
    assert isinstance(born, date)
    numbers = (make_number(of.township.county.code, born, sequence) for sequence in range(100, 1000, 100))
    return _person_of(next(number for number in numbers if number[15:] in ENDS_LOST))


def _sixteen(row: Row, of: Inventor) -> Mapping[str, Raw]:
    """A veteran of sixteen who enlisted at fourteen."""
    del row
    birth = of.today - timedelta(days=round(16.5 * 365.25))
    year, month = birth.year + 14 + birth.month // 12, birth.month % 12 + 1
    return {
        **_person_of(of.number(birth, "男")), "enlist_date": month_text(year, month),
        "discharge_date": month_text(year + 1, month), "veteran_category": "自主就业退役士兵", "enlist_hukou": None,
    }  # fmt: skip


def _cut_to_15(value: Raw) -> Raw:
    """The last three digits became zeros, and the check digit does not fit by chance."""
    first = f"{str(value)[:15]}00"
    return first + "0" if check_digit(first) != "0" else f"{first[:14]}{9 - int(first[14])}000"


def _dragged(row: Row, of: Inventor) -> tuple[Row, ...]:
    first = {**row, **_ending(row, "012345")}
    number = int(str(first["id_number"]))
    return (
        first,
        *({**first, "name": of.name(), "phone": of.phone(), "id_number": str(number + n)} for n in (1, 2, 3)),
    )


def _of_the_family(row: Row, of: Inventor) -> tuple[Row, ...]:
    return row, {**row, "name": of.name(), "phone": of.phone()}


def _village_once(row: Row, of: Inventor) -> tuple[Row, ...]:
    others = [moved(of)["veterans"][0] for _ in range(2)]
    return row, *({**other, "village": None} for other in others)


def _address_once(row: Row, of: Inventor) -> tuple[Row, ...]:
    return {**row, "residence_address": "同户籍"}, {**moved(of)["veterans"][0], "residence_address": None}


def _month(pattern: str) -> Callable[[Raw], Raw]:
    """The month written in another way: y the year, m the month, Y the year's last two digits, C its Chinese numerals."""

    def write(value: Raw) -> Raw:
        year, month = str(value)[:4], int(str(value)[5:7])
        numerals = year.translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
        months = ("", *"一二三四五六七八九", "十", "十一", "十二")
        return pattern.format(y=year, m=month, mm=f"{month:02d}", yy=year[2:], c=numerals, cm=months[month])

    return write


def _serial(value: Raw) -> Raw:
    return serial(date.fromisoformat(f"{value}-01"))


def _first_day(value: Raw) -> Raw:
    return date.fromisoformat(f"{value}-01")


def _exchanged(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    return {"enlist_date": row["discharge_date"], "discharge_date": row["enlist_date"]}


def _years_later(column: str, years: int) -> Change:
    def change(row: Row, of: Inventor) -> Mapping[str, Raw]:
        del of
        value = str(row[column])
        return {column: f"{int(value[:4]) + years}{value[4:]}"}

    return change


def _dead(**more: Raw) -> Change:
    def change(row: Row, of: Inventor) -> Mapping[str, Raw]:
        del row
        return {**dead(of.this_year()), **more}

    return change


NOT_IN_PARTY: Mapping[str, Raw] = {
    "political_status": "群众", "party_branch": None, "party_relation": None, "floating_party": None
}  # fmt: skip

VETERANS: tuple[Mistake, ...] = (
    # ---- names
    T01.cell("name-spaced", "姓名中间加了空格", "name", "N01", lambda v: f"{str(v)[0]}　{str(v)[1:]}"),
    T01.cell("name-note", "姓名后面写了（已故）", "name", "N02", lambda v: f"{v}（已故）"),
    T01.cell("name-number", "姓名后面带了数字", "name", "N02", lambda v: f"{v}1"),
    T01.cell("name-dot", "少数民族姓名的间隔号不统一", "name", "N03", "买买提•艾力", who=moved),
    T01.cell("name-private", "生僻字成了私用区字符", "name", "N04", lambda v: f"{str(v)[0]}\ue863", who=moved),
    T01.cell("name-question", "生僻字成了问号", "name", "N04", lambda v: f"{str(v)[0]}?", who=moved),
    T01.cell("name-radical", "从 PDF 粘贴来的部首字符", "name", "N06", "⾼建军", who=moved),
    T01.cell("name-short", "姓名只有一个字", "name", "N07", lambda v: str(v)[0], who=moved),
    T01.cell("name-word", "姓名格填了户主", "name", "N08", "户主"),
    T01.cell("name-two", "一格写了两个姓名", "name", "M09", lambda v: f"{v}、李四"),
    T01.cell("name-ditto", "姓名写了同上", "name", "M08", "同上"),
    T01.cell("name-formula", "姓名是公式，结果 #REF!", "name", "F21", CellError("#REF!")),
    # ---- resident identity numbers
    T01.cell("id-number", "身份证号存成了数字", "id_number", "I01", lambda v: float(str(v)[:17] + "0")),
    T01.row("id-lower-x", "身份证号末位写了小写 x", "id_number", "I02", _ending_x("x"), who=moved),
    T01.row("id-times", "身份证号末位写了乘号", "id_number", "I02", _ending_x("×"), who=moved),
    T01.row("id-cyrillic", "身份证号末位写了西里尔字母 Х", "id_number", "I02", _ending_x("Х"), who=moved),
    T01.cell("id-spaces", "身份证号中间有空格", "id_number", "I02", lambda v: f"{str(v)[:6]} {str(v)[6:14]} {str(v)[14:]}"),
    T01.cell("id-full-width", "身份证号是全角数字", "id_number", "", _full_width),
    T01.cell("id-invisible", "身份证号里有看不见的字符", "id_number", "", lambda v: f"\u200b{v}\u00a0"),
    T01.cell("id-apostrophe", "身份证号前面打了撇号", "id_number", "", lambda v: f"‘{v}"),
    T01.cell("id-17", "身份证号漏了一位", "id_number", "I03", lambda v: str(v)[:16] + str(v)[17]),
    T01.cell("id-19", "身份证号多了一位", "id_number", "I03", lambda v: f"{v}0"),
    T01.cell("id-15", "填了 15 位旧号", "id_number", "I04", lambda v: str(v)[:6] + str(v)[8:17]),
    T01.cell("id-letter-o", "数字 0 写成了字母 O", "id_number", "I05", lambda v: str(v).replace("0", "O", 1)),
    T01.cell("id-letter-l", "数字 1 写成了字母 l", "id_number", "I05", lambda v: str(v).replace("1", "l", 1)),
    T01.cell("id-swapped", "身份证号相邻两位颠倒", "id_number", "I06", _swapped),
    T01.cell("id-text-zeros", "数字改回文本，后三位成了 0", "id_number", "I06", _cut_to_15),
    T01.cell("id-birth", "身份证号里的出生日期不存在", "id_number", "I07", _impossible_birth),
    T01.cell("id-sex", "性别与身份证号不一致", "sex", "I08", lambda v: "女" if v == "男" else "男"),
    T01.cell("id-birthday", "出生日期与身份证号不一致", "birth_date", "I08", date(1950, 1, 1)),
    T01.row("id-province", "身份证号前两位不是省份", "id_number", "I09", _of_another_province, who=moved),
    T01.row("id-zeros", "身份证号末三位是 000", "id_number", "I11", _ends_in_zeros, who=moved),
    T01.row_finds("id-young", "退役军人只有十六岁", {"id_number": "I12", "enlist_date": "D09"}, _sixteen, moved),
    T01.cell("id-soldier", "身份证号格填了士兵证号", "id_number", "I13", "士字第0512345号"),
    T01.rows("id-dragged", "身份证号用下拉填充", {(1, "id_number"): "I14"}, _dragged, who=moved),
    T01.cell("id-two", "一格填了两个身份证号", "id_number", "M09", lambda v: f"{v}/{v}"),
    T01.rows("id-family", "把户主的身份证号抄给家人", {(0, "id_number"): "K01", (1, "id_number"): "K01"}, _of_the_family, who=moved),
    T01.rows("row-twice", "同一行粘贴了两遍", {(1, "id_number"): "K03"}, lambda row, of: (row, row)),  # noqa: ARG005
    # ---- dates
    T01.cell("date-dotted", "日期写成 1985.3", "enlist_date", "D01", _month("{y}.{m}")),
    T01.cell("date-dotted-number", "日期 1985.11 是数字", "enlist_date", "D01", lambda v: float(f"{str(v)[:4]}.11")),
    T01.cell("date-chinese", "日期写成 1985年3月", "enlist_date", "D01", _month("{y}年{m}月")),
    T01.cell("date-numerals", "日期写成一九八五年三月", "enlist_date", "D01", _month("{c}年{cm}月")),
    T01.cell("date-solid", "日期写成 198503", "enlist_date", "D01", _month("{y}{mm}")),
    T01.cell("date-solid-day", "日期写成 19850312", "enlist_date", "D01", _month("{y}{mm}12")),
    T01.cell("date-slash", "日期写成 1985/3/12", "enlist_date", "D01", _month("{y}/{m}/12")),
    T01.cell("date-first", "Excel 把 1985-3 变成 3 月 1 日", "enlist_date", "", _first_day),
    T01.cell("date-serial", "日期粘贴成了序号 33208", "enlist_date", "D05", _serial),
    T01.cell("date-two-digits", "年份只写两位", "enlist_date", "D03", _month("{yy}.{m}.12")),
    T01.cell("date-october", "1990.10 变成了 1990.1", "enlist_date", "D04", lambda v: float(f"{str(v)[:4]}.1")),
    T01.cell("date-winter", "写了 85年冬", "enlist_date", "D02", _month("{yy}年冬")),
    T01.cell("date-about", "写了 约1970", "enlist_date", "D02", "约1970"),
    T01.cell("date-range", "一格写了入伍和退役两个时间", "enlist_date", "M09", _month("{y}.{m}-1990.3")),
    T01.cell("date-month-13", "写了 13 月", "enlist_date", "D06", _month("{y}-13")),
    T01.cell("date-february-30", "写了 2 月 30 日", "enlist_date", "D06", _month("{y}.2.30")),
    T01.cell("date-future", "年份打错，成了将来", "discharge_date", "D07", "2095-03"),
    T01.row("date-exchanged", "入伍和退役时间填反", "discharge_date", "D08", _exchanged),
    T01.row("date-child", "入伍时还是孩子", "enlist_date", "D09", _years_later("enlist_date", -10)),
    T01.row("date-long", "义务兵服役超过六年", "discharge_date", "D10", _years_later("discharge_date", 5)),
    T01.row("date-death-month", "状态变更日期没写日子", "status_date", "D13", _dead(status_date="2024年3月")),
    T01.cell("date-zero", "日期格显示 1900-01-00", "status_date", "M07", time(0, 0)),
    # ---- any cell
    T01.cell("blank", "必填的村没有填", "village", "M01", None),
    T01.row("blank-party", "党员没填党支部", "party_branch", "X11",
            is_(political_status="中共党员", party_branch=None, party_relation="在单位", floating_party="否")),
    T01.row("not-party", "群众填了党支部", "party_branch", "M03", is_(**{**NOT_IN_PARTY, "party_branch": "东风村党支部"})),
    T01.cell("status-date", "人员正常却填了状态变更日期", "status_date", "M03", date(2024, 3, 12)),
    T01.cell("choice-other", "自己编了户籍性质", "hukou_type", "M04", "农转非"),
    T01.cell("choice-two-readings", "人员类别写了有歧义的“义务兵”", "veteran_category", "M04", "义务兵"),
    T01.cell("choice-merit", "立功受奖写了不认识的奖", "merit", "M04", "优秀标兵"),
    T01.cell("choice-ethnic", "民族少写了“族”", "ethnicity", "M05", "汉"),
    T01.cell("choice-farming", "户籍性质写了旧称“非农业”", "hukou_type", "M05", "非农业"),
    T01.cell("choice-medical", "医疗保险写了“新农合”", "medical_status", "M05", "新农合"),
    T01.cell("choice-sex-code", "性别写了代码", "sex", "M05", lambda v: 1 if v == "男" else 2),
    T01.cell("choice-education", "文化程度写了“大专”", "education", "M05", "大专"),
    T01.row("choice-party", "政治面貌写了“党员”", "political_status", "M05",
            is_(political_status="党员", party_branch="机关党支部", party_relation="在单位", floating_party="否")),
    T01.cell("nothing", "可不填的格打了斜杠", "unit_code", "M07", "/"),
    T01.cell("nothing-known", "生活状况写了“不详”", "living_status", "M07", "不详"),
    T01.cell("ditto", "地址写了同上", "hukou_address", "M08", "同上"),
    T01.cell("long", "备注写了二百多字", "remark", "M10", "该同志退役后一直在外务工，" * 20),
    T01.cell("short", "户籍地址太短", "hukou_address", "M11", "三组"),
    T01.cell("year-word", "安置年度写了“九零年”", "placement_year", "M12", "九零年", placed),
    T01.cell("year-typo", "安置年度多打一位", "placement_year", "M13", 19990, placed),
    T01.cell("village-committee", "村名写了村委会", "village", "A02", lambda v: f"{v}委会" if str(v).endswith("村") else f"{v}居委会"),
    T01.cell("village-typo", "村名错了一个字", "village", "A02", lambda v: "冻" + str(v)[1:] if len(str(v)) > 2 else v),
    T01.cell("village-foreign", "写了外镇的村", "village", "F24", "响水洼村"),
    T01.rows("village-merged", "几行的村合并成一格", {(0, "village"): "F33"}, _village_once,
             merges=(Merge("veterans", "village", 0, 2),)),
    T01.rows("address-merged", "两行的地址合并成一格", {(0, "residence_address"): "F20"}, _address_once,
             merges=(Merge("veterans", "residence_address", 0, 1),)),
    T01.cell("formula", "公式结果是 #N/A", "education", "F21", CellError("#N/A")),
    # ---- telephones
    T01.cell("phone-10", "手机号少一位", "phone", "P01", lambda v: str(v)[:10]),
    T01.cell("phone-science", "手机号成了 1.39E+10", "phone", "P02", "1.39E+10"),
    T01.cell("phone-none", "没有电话", "phone", "P03", "无"),
    T01.cell("phone-86", "手机号前面写了 +86", "phone", "P04", lambda v: f"+86{v}"),
    T01.cell("phone-two", "一格两个手机号", "phone", "P05", lambda v: f"{v}/13800000000"),
    T01.cell("phone-number", "手机号是数字", "phone", "", lambda v: int(str(v))),
    # ---- between columns
    T01.row("rank-and-category", "义务兵填成了复员干部", "veteran_category", "X03",
            is_(veteran_category="复员干部", enlist_hukou=None)),
    T01.cell("category-too-early", "2011 年前退役却写自主就业", "veteran_category", "X04", "自主就业退役士兵"),
    T01.row("officer-as-soldier", "军官填成了退役士兵", "veteran_category", "X03", is_(rank_group="军官(含文职干部)")),
    T01.row("monthly-too-early", "2021 年前退役却写逐月领取", "veteran_category", "X04",
            is_(veteran_category="逐月领取退役金退役军士", enlist_hukou=None)),
    T01.row("dead-and-applying", "人已去世优待证还在办理", "card_status", "X05", _dead(card_status="办理中")),
    T01.cell("unit-name", "部队代号写了番号", "unit_code", "S01", "第12集团军某师"),
    T01.row("id-in-remark", "备注里写了身份证号", "remark", "S03",
            lambda row, of: {"remark": f"原身份证{row['id_number']}"}),  # noqa: ARG005
)  # fmt: skip
