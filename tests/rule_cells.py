"""The rules about any cell, names and resident identity numbers: what is typed, and what the clerk is told."""

from datetime import date

from tests.clerk_case import Case
from tests.right_book import Rows, cells, more
from tests.right_people import ROWS, ZHANG, Cells
from workbook_templates.cells import Raw
from workbook_templates.kinds.resident_id import check_digit, make_number

# Without a plaque and without a benefit: what is changed of him concerns no other sheet.
GONE: Cells = {"person_status": "户口迁出", "status_date": date(2026, 3, 1), "name": "刘德海", "phone": "13900000099"}
_BORN = date(1965, 7, 8)
_LIU = make_number("990101", _BORN, 25)


def checked(first_17: str) -> str:
    return first_17 + check_digit(first_17)


def liu(**changes: Raw) -> Rows:
    """One more veteran, who moved away, with some cells changed."""
    return more(
        "veterans", **{**GONE, "id_number": _LIU, "enlist_date": "1983-11", "discharge_date": "1987-01", **changes}
    )


RULES_OF_CELLS: tuple[Case, ...] = (
    Case("M01", "必填的没有填", cells("veterans", village=None),
         (("M01", "退役军人 G2", "“村(社区)”必填，现在是空的"),)),
    Case("M02", "该填的没有填", cells("military_families", degree_level=None),
         (("M02", "现役军人家庭 I2", "因为“入伍前学历身份”填了“大学在校生”，“学历层次”也要填"),)),
    Case("M03", "不该填的填了", cells("veterans", status_date=date(2024, 3, 12)),
         (("M03", "退役军人 AH2", "“人员状态”是“正常”，“状态变更日期”不应再填（现为“2024-03-12”）"),)),
    Case("M04", "不在可选项内", cells("veterans", hukou_type="农转非"),
         (("M04", "退役军人 H2", "“农转非”不是可选项"),)),
    Case("M05", "按别名归并", cells("veterans", hukou_type="非农业"),
         (("M05", "退役军人 H2", "“非农业”已按标准写法“城镇”登记"),)),
    Case("M06", "空格、全角、零宽字符和换行", cells("veterans", name=" 张建国\u200b", ethnicity="汉族\n", hukou_address="清河县城关镇东风村３组１２号", phone="\u00a013900000001")),
    Case("M07", "可空的格打了斜杠", cells("veterans", education="/"),
         (("M07", "退役军人 M2", "“/”按“未填写”处理"),)),
    Case("M08", "写了同上", cells("veterans", hukou_address="同上"),
         (("M08", "退役军人 I2", "“同上”不能用，系统不知道指的是哪一行"),)),
    Case("M09", "一格两个号码", cells("veterans", id_number=f"{ZHANG}/{ZHANG}"),
         (("M09", "退役军人 C2", "一格里像是有 2 个身份证号"),)),
    Case("M10", "备注超过二百字", cells("veterans", remark="一直在外务工，" * 30),
         (("M10", "退役军人 AI2", "“备注”有 210 个字，超过 200 个字（已全部登记）"),)),
    Case("A02", "村名错了一个字", cells("veterans", village="东风村委会"),
         (("A02", "退役军人 G2", "“东风村委会”已按名录识别为“东风村”"),)),
    Case("N01", "姓名中间有空格", cells("veterans", name="张 建国"),
         (("N01", "退役军人 B2", "姓名“张 建国”去掉了空格"),)),
    Case("N02", "姓名后面有说明", cells("veterans", name="张建国（已故）"),
         (("N02", "退役军人 B2", "姓名“张建国（已故）”里有多余的字符"),)),
    Case("N03", "间隔号不统一", liu(name="买买提•艾力"),
         (("N03", "退役军人 B7", "姓名的间隔号已统一为“·”"),)),
    Case("N04", "生僻字成了问号", liu(name="刘?海"),
         (("N04", "退役军人 B7", "姓名“刘?海”里有认不出的生僻字"),)),
    Case("N05", "姓名是繁体字", liu(name="劉德海"),
         (("N05", "退役军人 B7", "姓名“劉*海”里有繁体字或异体字"),)),
    Case("N06", "姓名里有部首字符", liu(name="⾼德海"),
         (("N06", "退役军人 B7", "姓名“⾼德海”里的部首字符已换成正常汉字"),)),
    Case("N07", "姓名只有一个字", liu(name="刘"),
         (("N07", "退役军人 B7", "姓名“刘*”的长度或空格不寻常"),)),
    Case("N08", "姓名格填了户主", cells("veterans", name="户主"),
         (("N08", "退役军人 B2", "“户主”不是姓名"),)),
    Case("I01", "身份证号存成了数字", cells("veterans", id_number=9.9010119600506e17),
         (("I01", "退役军人 C2", "身份证号存成了数字，后 3 位已变成 0、无法恢复"),)),
    Case("I02", "末位写了小写 x", liu(id_number=next(n for n in (make_number("990101", _BORN, k) for k in range(1, 99, 2)) if n[-1] == "X").lower()),
         (("I02", "退役军人 C7", "身份证号已规范为“990101********007X”（末位 X 或空格调整）"),)),
    Case("I03", "身份证号漏了一位", cells("veterans", id_number=ZHANG[:-1]),
         (("I03", "退役军人 C2", "身份证号是 17 位，应为 18 位"),)),
    Case("I04", "填了 15 位旧号", cells("veterans", id_number=ZHANG[:6] + ZHANG[8:17]),
         (("I04", "退役军人 C2", "这是 15 位旧号，推算新号为“990101********0116”"),)),
    Case("I05", "数字 0 写成了字母 O", cells("veterans", id_number=ZHANG.replace("0", "O", 1)),
         (("I05", "退役军人 C2", "身份证号里有“O”"),)),
    Case("I06", "相邻两位颠倒", cells("veterans", id_number=ZHANG[:10] + ZHANG[11] + ZHANG[10] + ZHANG[12:]),
         (("I06", "退役军人 C2", "身份证号校验不通过，至少错一位"),)),
    Case("I07", "出生日期不存在", cells("veterans", id_number=checked("99010119601306011")),
         (("I07", "退役军人 C2", "身份证号第 7–14 位“19601306”不是合理的出生日期"),)),
    Case("I08", "性别与号码不一致", cells("veterans", sex="女"),
         (("I08", "退役军人 D2", "身份证号显示“男”，但这里填“女”"),)),
    Case("I09", "前两位不是省份", liu(id_number=checked("09010119650708025")),
         (("I09", "退役军人 C7", "身份证号前两位“09”不是省份代码"),)),
    Case("I10", "前六位不是任何县", liu(id_number=checked("11029919650708025")),
         (("I10", "退役军人 C7", "身份证号前 6 位“110299”在历年的区划表里没有，可能是早已撤销的旧县，也可能录错了"),)),
    Case("I11", "号码以 000 结尾", liu(id_number=next(n for n in (checked(f"9901011965{m:02d}{d:02d}000"[:17]) for m in range(1, 13) for d in range(1, 29)) if n.endswith("000"))),
         (("I11", "退役军人 C7", "身份证号以“000”结尾，可能是 Excel 丢了后 3 位"),)),
    Case("I12", "退役军人只有十六岁", liu(id_number=make_number("990101", date(2010, 2, 3), 25), enlist_date="2025-03", discharge_date="2026-03", veteran_category="自主就业退役士兵", enlist_hukou=None),
         (("D09", "退役军人 T7", "按身份证号推算，入伍时的年龄不合常理（一般在 16 到 30 岁）"), ("I12", "退役军人 C7", "按身份证号年龄为 16 岁，这一列的人一般是 17 岁以上"))),
    Case("I13", "填了士兵证号", cells("veterans", id_number="士字第0512345号"),
         (("I13", "退役军人 C2", "“士字第051*345号”像是军人证件号或护照号"),)),
    Case("I14", "身份证号用下拉填充", {**ROWS, "veterans": (*ROWS["veterans"], *({**ROWS["veterans"][0], **GONE, "enlist_date": "1983-11", "discharge_date": "1987-01", "name": name, "id_number": f"99010119650708{n:04d}"} for n, name in enumerate(("刘一海", "刘二海", "刘三海"), int(make_number("990101", _BORN, 25)[14:]))))},
         (("I14", "退役军人 C8", "第 7–9 行的身份证号依次加 1，像是下拉填充造成的"),)),
)  # fmt: skip
