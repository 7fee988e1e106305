"""The mistakes 34 to 79, in amounts, sheets, choices and files: what is typed, and what the clerk is told."""

from dataclasses import replace
from pathlib import Path

from sync_service.demo.writing import save_xls, save_xlsx
from tests.clerk_case import Case, added, beside, headed, hidden, inserted, lost, merged, on
from tests.right_book import cells, cover, more, with_sheet, workbook
from tests.right_people import CARDS, FORMS, ROWS, ZHANG
from tests.rule_files import locked, slipped, web_page
from tests.rule_values import from_1904, gift, moved
from validators.raw import Range, RawSheet
from workbook_templates.cells import CellError

ROOM = FORMS["honors"].room


def _et(folder: Path) -> Path:
    path = folder / "城关镇.et"
    save_xls(workbook(), path)
    return path


def _really_xlsx(folder: Path) -> Path:
    path = folder / "城关镇.xls"
    save_xlsx(workbook(), path)
    return path


def _bare_sum(sheet: RawSheet) -> RawSheet:
    """A row below the amounts that only adds them up."""
    at = [column.id for column in FORMS["payments"].columns].index("amount")
    sum_row = tuple(sum(float(str(row[at])) for row in sheet.rows[1:]) if i == at else None for i in range(at + 1))
    return replace(sheet, rows=(*sheet.rows, sum_row))


def _two_levels(sheet: RawSheet) -> RawSheet:
    """入伍时间 to 退役时间 stand below a common header."""
    first, *rows = sheet.rows
    over = {19: "服役情况"}
    upper = tuple(over.get(i) if 19 <= i <= 21 else cell for i, cell in enumerate(first))
    lower = tuple(cell if 19 <= i <= 21 else None for i, cell in enumerate(first))
    return replace(sheet, rows=(upper, lower, *rows), merged=(Range(1, 20, 1, 22),))


def _reversed(sheet: RawSheet) -> RawSheet:
    return replace(sheet, rows=tuple(tuple(reversed(row)) for row in sheet.rows))


MISTAKES_OF_SHEETS: tuple[Case, ...] = (
    Case("34", "工作簿用 1904 日期系统", from_1904,
         (("D12", "", "“城关镇.xlsx”用的是 1904 日期系统，里面的日期已经换算"),)),
    Case("35", "金额写了 0.05万", cells("payments", 4, amount="0.05万"),
         (("A12", "资金发放 N6", "金额“0.05万”像是以“万元”为单位（读作 500.00 元）"),)),
    Case("35", "金额写了 1万2", cells("payments", 4, amount="1万2"),
         (("A12", "资金发放 N6", "金额“1万2”像是以“万元”为单位（读作 12000.00 元）"),)),
    Case("36", "金额带了￥、逗号和元", cells("payments", amount="￥5,880.00元"),
         (("A13", "资金发放 N2", "“￥5,880.00元”已识别为 5880.00 元"),)),
    Case("36", "金额是全角数字", cells("payments", amount="５８８０")),
    Case("36", "金额写了中文大写", cells("payments", 4, amount="伍佰元整"),
         (("A13", "资金发放 N6", "“伍佰元整”已识别为 500.00 元"),)),
    Case("37", "公式没有算出结果", cells("veterans", education=CellError("#VALUE!")),
         (("F21", "退役军人 M2", "公式的结果是“#VALUE!”，读不到内容"),)),
    Case("38", "必填的格是 #N/A", cells("veterans", village=CellError("#N/A")),
         (("F21", "退役军人 G2", "公式的结果是“#N/A”，读不到内容"),)),
    Case("39", "数据里有小计行", inserted("payments", 3, ("小计",)),
         (("F16", "资金发放 3", "第 3 行是合计行，已跳过，不计入人数和金额"),)),
    Case("39", "末尾有一行没写“合计”的总数", on("payments", _bare_sum),
         (("F16", "资金发放 7", "第 7 行是合计行，已跳过，不计入人数和金额"),)),
    Case("40", "表头上面有标题和单位", inserted("honors", 1, ("城关镇荣誉台账",), ("单位：元",)),
         (("F15", "荣誉典型 1", "已跳过表头上方第 1–2 行的标题或说明文字"),)),
    Case("41", "两层表头", on("veterans", _two_levels)),
    Case("42", "几行的村合并成一格", merged("veterans", 7, 2, 4),
         (("F33", "退役军人 G2", "G2:G4 的合并单元格已逐行填成“东风村”"),)),
    Case("42", "两行的地址合并成一格", merged("veterans", 9, 2, 3),
         (("F20", "退役军人 I2", "I2:I3 是上下合并的单元格，只有第一行有值"),)),
    Case("43", "表下面有注和落款", inserted("honors", 3, ("注：已核对",), ("填表人：王小芳",)),
         (("F17", "荣誉典型 3", "第 3–4 行是落款或说明，已跳过"),)),
    Case("44", "筛选隐藏了几行", hidden("veterans", 3, 4),
         (("F18", "退役军人 3", "第 3–4 行被隐藏或筛选掉了，但仍已读取"),)),
    Case("45", "隐藏的工作表里有数据", beside("Sheet3", ("张某某", "已迁出"), visible=False),
         (("F19", "Sheet3", "工作表“Sheet3”被隐藏了，没有读取"),)),
    Case("45", "多出一张工作表", beside("Sheet2", ("张某某", "已迁出")),
         (("F39", "Sheet2", "工作表“Sheet2”不是模板里的表，没有读取"),)),
    Case("46", "列名用了别名", headed("veterans", "id_number", "公民身份号码"),
         (("F12", "退役军人 C1", "列名“公民身份号码”已按“身份证号”识别"),)),
    Case("46", "删去了必填的列", lost("honors", "id_number"),
         (("F11", "荣誉典型", "“荣誉典型”表缺少“身份证号”列，整张表没有读取，原有的数据保持不动"),)),
    Case("46", "多出一列", added("honors", "微信号", "abc"),
         (("F13", "荣誉典型 S1", "“微信号”不是模板里的列，没有读取"),)),
    Case("46", "列的先后换了", on("honors", _reversed)),
    Case("47", "同一个列名出现两次", added("veterans", "联系电话", "13900000001"),
         (("F14", "退役军人 AJ1", "“联系电话”和“联系电话”都对应“联系电话”列，不知道用哪一列，整张表没有读取"),)),
    Case("48", "用了上期的封面", with_sheet(workbook(), "封面", lambda sheet: cover(period="2026上半年")),  # noqa: ARG005
         (("F06", "封面", "封面填报期是“2026上半年”，当前应为“2026下半年”"),)),
    Case("49", "文件名写的是别的乡镇", replace(workbook(), name="石桥镇.xlsx"),
         (("F08", "", "文件名里写的是“石桥镇”，封面上是“城关镇”"),)),
    Case("49", "封面选了别的乡镇", with_sheet(workbook(), "封面", lambda sheet: cover(township="石桥镇")),  # noqa: ARG005
         (("F31", "封面", "“城关镇.xlsx”是“石桥镇”的工作簿，不是城关镇的，没有读取，原有的数据保持不动"),)),
    Case("49", "粘贴了外镇的人", cells("veterans", village="石桥村"),
         (("F24", "退役军人 G2", "“石桥村”不是城关镇的村（社区）"),)),
    Case("50", "行数超过常见规模", {**ROWS, "honors": [{**ROWS["honors"][0], "honor_name": f"三等功{n}"} for n in range(ROOM + 1)]},
         (("F22", "荣誉典型", f"“荣誉典型”表有 {ROOM + 1} 行，超过常见的 {ROOM} 行"),)),
    Case("51", "出生日期错开了一行", slipped(),
         (("F25", "退役军人 E7", "从第 7 行起，出生日期和身份证号像是错开了一行（共 7 行对不上）"),)),
    Case("52", "村名少写了“村”", cells("veterans", village="东风"),
         (("A02", "退役军人 G2", "“东风”已按名录识别为“东风村”"),)),
    Case("52", "村名写了村委会", cells("veterans", village="东风村委会"),
         (("A02", "退役军人 G2", "“东风村委会”已按名录识别为“东风村”"),)),
    Case("52", "村名错了一个字", cells("veterans", village="东凤村"),
         (("A02", "退役军人 G2", "“东凤村”已按名录识别为“东风村”"),)),
    Case("52", "社区写成了“红星居”", cells("veterans", village="红星居"),
         (("A02", "退役军人 G2", "“红星居”已按名录识别为“红星社区”"),)),
    Case("53", "自己编了户籍性质", cells("veterans", hukou_type="农转非"),
         (("M04", "退役军人 H2", "“农转非”不是可选项"),)),
    Case("53", "户籍性质写了旧称", cells("veterans", hukou_type="非农业"),
         (("M05", "退役军人 H2", "“非农业”已按标准写法“城镇”登记"),)),
    Case("54", "是否持证人打了勾", cells("beneficiaries", cert_holder="√"),
         (("M05", "优抚对象 U2", "“√”已按标准写法“是”登记"),)),
    Case("54", "是否持证人写了 1", cells("beneficiaries", cert_holder=1),
         (("M05", "优抚对象 U2", "“1”已按标准写法“是”登记"),)),
    Case("54", "是否持证人写了对号字体的 ü", cells("beneficiaries", cert_holder="ü"),
         (("M05", "优抚对象 U2", "“ü”已按标准写法“是”登记"),)),
    Case("55", "性别写了代码", cells("veterans", sex=1),
         (("M05", "退役军人 D2", "“1”已按标准写法“男”登记"),)),
    Case("55", "性别与身份证号不一致", cells("veterans", sex="女"),
         (("I08", "退役军人 D2", "身份证号显示“男”，但这里填“女”"),)),
    Case("56", "手机号成了 1.39E+10", cells("veterans", phone="1.39E+10"),
         (("P02", "退役军人 L2", "电话变成了“1.******”，后几位已丢失"),)),
    Case("56", "一格两个手机号", cells("veterans", phone="13900000001/13800000000"),
         (("P05", "退役军人 L2", "一格里有两个号码，只登记了第一个"),)),
    Case("56", "手机号少一位", cells("veterans", phone="1390000000"),
         (("P01", "退役军人 L2", "电话“13********”不是 11 位手机号"),)),
    Case("56", "固定电话没写区号", cells("veterans", phone="5123456"),
         (("P07", "退役军人 L2", "“51*****”是没有区号的固定电话，已照样登记"),)),
    Case("56", "手机号前面写了 +86", cells("veterans", phone="+8613900000001"),
         (("P04", "退役军人 L2", "电话已规范为“139****0001”"),)),
    Case("56", "手机号是数字", cells("veterans", phone=13900000001)),
    Case("57", "五个人都填了村干部的电话", {**ROWS, "veterans": (*ROWS["veterans"], *(moved(n, phone="13900000088") for n in range(5)))},
         (("P06", "退役军人 L7", "这个电话在 5 行里都填了（第 7–11 行），像是村干部代填的"),)),
    Case("58", "银行账号存成了数字", cells("beneficiaries", bank_account=6.217e18),
         (("B01", "优抚对象 AE2", "银行账号存成了数字，末几位已丢失"),)),
    Case("58", "卡号每四位空一格", cells("beneficiaries", bank_account=" ".join(CARDS[0][i : i + 4] for i in range(0, 19, 4)))),
    Case("58", "一格填了存折和卡两个号", cells("beneficiaries", bank_account=f"{CARDS[0]}/{CARDS[1]}"),
         (("M09", "优抚对象 AE2", "一格里像是有 2 个账号"),)),
    Case("59", "开户名是儿子的", cells("beneficiaries", account_name="王小勇"),
         (("B03", "优抚对象 AD2", "开户名与对象姓名不同"),)),
    Case("59", "两个对象用一个账号", cells("beneficiaries", 1, bank_account=CARDS[0]),
         (("B05", "优抚对象 AE2", "这个账号有 2 个人在用（第 2–3 行）"),)),
    Case("60", "残疾等级写了“6”", cells("beneficiaries", 2, disability_grade="6"),
         (("M05", "优抚对象 P4", "“6”已按标准写法“六级”登记"),)),
    Case("60", "残疾等级写了“六级伤残”", cells("beneficiaries", 2, disability_grade="六级伤残"),
         (("M05", "优抚对象 P4", "“六级伤残”已按标准写法“六级”登记"),)),
    Case("60", "残疾等级写了旧等级“二等乙级”", cells("beneficiaries", 2, disability_grade="二等乙级", mental_disability=None),
         (("M04", "优抚对象 P4", "“二等乙级”不是可选项"),)),
    Case("61", "停发之后仍在发放", cells("beneficiaries", benefit_status="去世", benefit_end="2026-06", stop_reason="去世", monthly_amount=None, bank_name=None, account_name=None, bank_account=None),
         (("X31", "资金发放 I2", "本人已停发或去世（“优抚对象”表第 2 行），停发之后的月份仍有发放"),)),
    Case("62", "同一人两种身份都在享受", more("beneficiaries", 1, beneficiary_category="带病回乡退役军人", service_years=None, monthly_amount=730.0),
         (("X21", "优抚对象 J3", "同一个人在第 5 行还享受另一种定期补助"),)),
    Case("64", "慰问金在两张表里都登记了", more("visits", name="张建国", id_number=ZHANG, target_type="一般退役军人"),
         (("X61", "走访慰问 I3", "这笔慰问金在资金发放表第 6 行也登记了，统计时会算两次"),)),
    Case("65", "一行填了许多人的合计金额", {**ROWS, "payments": (*ROWS["payments"], *(gift(n, 50000.0 if n == 4 else 500.0) for n in range(5)))},
         (("A16", "资金发放 N11", "50000 元和同一项目常见的金额（约 500 元）相差十倍以上"),)),
    Case("66", "WPS 的 .et 文件", _et,
         (("F03", "", "“城关镇.et”是旧格式（et），已照常读取"),)),
    Case("67", "后缀是 .xls，其实是 .xlsx", _really_xlsx,
         (("F03", "", "“城关镇.xls”是旧格式（后缀是 .xls，内容是 xlsx），已照常读取"),)),
    Case("67", "网页另存成了 .xls", web_page,
         (("F01", "", "打不开“城关镇.xls”：它不是 Excel 表格（可能是改了后缀名，或从网页另存的）"),)),
    Case("68", "设了打开密码", locked,
         (("F02", "", "“城关镇.xlsx”设了打开密码，读不到内容"),)),
    Case("73", "金额是文本", cells("payments", amount="5880.00")),
    Case("74", "全角括号和逗号", cells("beneficiaries", cert_no="（优）字第０１２号", remark="由子女代领，已核实")),
    Case("75", "民族少写了“族”", cells("veterans", ethnicity="汉"),
         (("M05", "退役军人 F2", "“汉”已按标准写法“汉族”登记"),)),
    Case("75", "文化程度写了“大专以上”", cells("veterans", education="大专以上"),
         (("M04", "退役军人 M2", "“大专以上”不是可选项"),)),
    Case("75", "政治面貌写了“党员(预备)”", cells("veterans", political_status="党员(预备)", party_branch="东风村党支部", party_relation="在本村(社区)", floating_party="否"),
         (("M05", "退役军人 N2", "“党员(预备)”已按标准写法“中共预备党员”登记"),)),
    Case("76", "序号断了又重了", cells("veterans", seq=99)),
    Case("77", "引用别人电脑的公式没有结果", cells("veterans", party_branch=CellError("#REF!")),
         (("F21", "退役军人 O2", "公式的结果是“#REF!”，读不到内容"),)),
    Case("78", "部队代号写了番号和驻地", cells("veterans", unit_code="第12集团军驻徐州某师"),
         (("S01", "退役军人 W2", "“服役部队代号”不是 5 位数字代号，像是写了部队番号或驻地"),)),
    Case("79", "备注里写了身份证号", cells("veterans", remark=f"原身份证{ZHANG}"),
         (("S03", "退役军人 AI2", "“备注”里有身份证号或银行卡号"),)),
)  # fmt: skip
