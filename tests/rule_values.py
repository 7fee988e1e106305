"""The rules about dates, telephones, accounts and amounts, and about rows that say the same."""

from datetime import date
from pathlib import Path

import xlsxwriter

from tests.clerk_case import Case
from tests.right_book import cells, more, workbook
from tests.right_people import CARDS, ROWS, Cells
from workbook_templates.cells import Raw
from workbook_templates.kinds.resident_id import make_number


def from_1904(folder: Path) -> Path:
    path = folder / "城关镇.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as file:
        day = file.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in workbook().sheets:
            page = file.add_worksheet(sheet.title)
            for r, row in enumerate(sheet.rows):
                for c, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(r, c, cell, day)
                    elif isinstance(cell, str | int | float):
                        page.write(r, c, cell)
    return path


def moved(n: int, **more_cells: Raw) -> Cells:
    """A veteran who moved away, the nth of several."""
    return {
        **ROWS["veterans"][0], "name": f"刘{'一二三四五'[n]}海", "id_number": make_number("990101", date(1958, 3, 4 + n), 31),
        "phone": f"1390000008{n}", "person_status": "户口迁出", "status_date": date(2026, 3, 1), **more_cells,
    }  # fmt: skip


def gift(n: int, amount: float) -> Cells:
    """A Spring Festival gift to one more person."""
    return {
        **ROWS["payments"][4], "name": f"刘{'一二三四五'[n]}海", "id_number": make_number("990101", date(1958, 3, 4 + n), 31), "amount": amount,
    }  # fmt: skip


_SECOND: Cells = {
    "name": "陈桂英",
    "id_number": make_number("990101", date(1952, 9, 1), 42),
    "phone": "13900000077",
    "benefit_status": "身份认定不享受",
    "benefit_start": None,
    "monthly_amount": None,
    "bank_name": None,
    "account_name": None,
    "bank_account": None,
}
"""Another survivor, whose claim is known but who is paid nothing."""

RULES_OF_VALUES: tuple[Case, ...] = (
    Case("D01", "日期写成 1978.12", cells("veterans", enlist_date="1978.12"),
         (("D01", "退役军人 T2", "“1978.12”已识别为 1978-12"),)),
    Case("D02", "写了 78年冬", cells("veterans", enlist_date="78年冬"),
         (("D02", "退役军人 T2", "“78年冬”不是能识别的日期"),)),
    Case("D03", "年份只写两位", cells("veterans", enlist_date="78.12.3"),
         (("D03", "退役军人 T2", "“78.12.3”按 1978-12-03 理解"),)),
    Case("D04", "1978.10 变成了 1978.1", cells("veterans", enlist_date=1978.1),
         (("D04", "退役军人 T2", "“1978.1”看不出是 1 月还是 10 月（Excel 会把 1990.10 变成 1990.1）"),)),
    Case("D05", "日期粘贴成了序号", cells("veterans", enlist_date=28825),
         (("D05", "退役军人 T2", "“28825”是 Excel 的日期序号，已换算为 1978-12-01"),)),
    Case("D06", "写了 13 月", cells("veterans", enlist_date="1978-13"),
         (("D06", "退役军人 T2", "“1978-13”这个日期不存在"),)),
    Case("D07", "发放日期是将来", cells("payments", pay_date=date(2052, 9, 25)),
         (("D07", "资金发放 O2", "“发放日期”晚于今天"),)),
    Case("D08", "入伍和退役时间填反", cells("veterans", enlist_date="1982-01", discharge_date="1978-12"),
         (("D08", "退役军人 V2", "退役时间不晚于入伍时间"),)),
    Case("D09", "入伍时还是孩子", cells("veterans", enlist_date="1970-12"),
         (("D09", "退役军人 T2", "按身份证号推算，入伍时的年龄不合常理（一般在 16 到 30 岁）"),)),
    Case("D10", "义务兵服役超过六年", cells("veterans", discharge_date="1986-01"),
         (("D10", "退役军人 V2", "服役年限与“退役时身份”不符（不满 3 个月、义务兵超过 6 年或超过 35 年）"),)),
    Case("D11", "享受起始年月早得出奇", cells("beneficiaries", benefit_start="1945-08"),
         (("D11", "优抚对象 L2", "“享受起始年月”早于 1950-01，很少见"),)),
    Case("D12", "工作簿用 1904 日期系统", from_1904,
         (("D12", "", "“城关镇.xlsx”用的是 1904 日期系统，里面的日期已经换算"),)),
    Case("D21", "春节慰问填在了五月", cells("visits", visit_date=date(2026, 5, 20)),
         (("D21", "走访慰问 C2", "走访日期不在所选的慰问时点前后"),)),
    Case("P01", "手机号少一位", cells("veterans", phone="1390000000"),
         (("P01", "退役军人 L2", "电话“13********”不是 11 位手机号"),)),
    Case("P02", "手机号成了 1.39E+10", cells("veterans", phone="1.39E+10"),
         (("P02", "退役军人 L2", "电话变成了“1.******”，后几位已丢失"),)),
    Case("P03", "没有电话", cells("veterans", phone="无"),
         (("P03", "退役军人 L2", "没有电话"),)),
    Case("P04", "手机号前面写了 +86", cells("veterans", phone="+8613900000001"),
         (("P04", "退役军人 L2", "电话已规范为“139****0001”"),)),
    Case("P05", "一格两个手机号", cells("veterans", phone="13900000001/13800000000"),
         (("P05", "退役军人 L2", "一格里有两个号码，只登记了第一个"),)),
    Case("P06", "五个人填了一个电话", {**ROWS, "veterans": (*ROWS["veterans"], *(moved(n, phone="13900000088") for n in range(5)))},
         (("P06", "退役军人 L7", "这个电话在 5 行里都填了（第 7–11 行），像是村干部代填的"),)),
    Case("B01", "银行账号存成了数字", cells("beneficiaries", bank_account=6.217e18),
         (("B01", "优抚对象 AE2", "银行账号存成了数字，末几位已丢失"),)),
    Case("B02", "银行账号里有字母", cells("beneficiaries", bank_account="6217ABCD0000"),
         (("B02", "优抚对象 AE2", "银行账号“********0000”位数不对或有字母"),)),
    Case("B03", "开户名是儿子的", cells("beneficiaries", account_name="王小勇"),
         (("B03", "优抚对象 AD2", "开户名与对象姓名不同"),)),
    Case("B04", "卡号错了一位", cells("beneficiaries", bank_account=CARDS[0][:-1] + str((int(CARDS[0][-1]) + 1) % 10)),
         (("B04", "优抚对象 AE2", "卡号“***************0005”校验不通过，可能录错一位"),)),
    Case("B05", "两个对象用一个账号", cells("beneficiaries", 1, bank_account=CARDS[0]),
         (("B05", "优抚对象 AE2", "这个账号有 2 个人在用（第 2–3 行）"),)),
    Case("A11", "实发与标准×月数对不上", cells("payments", amount=5980.0),
         (("A11", "资金发放 N2", "实发金额不等于 标准×月数＋增发＋补扣"),)),
    Case("A12", "金额写了 0.05万", cells("payments", 4, amount="0.05万"),
         (("A12", "资金发放 N6", "金额“0.05万”像是以“万元”为单位（读作 500.00 元）"),)),
    Case("A13", "金额带了￥和元", cells("payments", amount="￥5,880.00元"),
         (("A13", "资金发放 N2", "“￥5,880.00元”已识别为 5880.00 元"),)),
    Case("A14", "金额是负数", cells("payments", 4, amount=-500),
         (("A14", "资金发放 N6", "“-500”不是能登记的金额"),)),
    Case("A15", "金额有三位小数", cells("payments", 4, amount=500.126),
         (("A15", "资金发放 N6", "“500.126”已四舍五入记为 500.13 元"),)),
    Case("A16", "慰问金多打了两个零", {**ROWS, "payments": (*ROWS["payments"], *(gift(n, 50000.0 if n == 4 else 500.0) for n in range(5)))},
         (("A16", "资金发放 N11", "50000 元和同一项目常见的金额（约 500 元）相差十倍以上"),)),
    Case("K01", "同一个军人登记了两次", more("military_families", home_address="清河县城关镇东风村9组9号"),
         (("K01", "现役军人家庭 C2", "第 2–3 行的“军人身份证号”相同，内容却不同"), ("K01", "现役军人家庭 C3", "第 2–3 行的“军人身份证号”相同，内容却不同"))),
    Case("K02", "同一人同一类别登记了两次", more("beneficiaries", phone="13900000066"),
         (("K02", "优抚对象 C2", "同一个人的同一种优抚类别登记了两次（第 2、5 行），内容不同"), ("K02", "优抚对象 C5", "同一个人的同一种优抚类别登记了两次（第 2、5 行），内容不同"))),
    Case("K03", "同一行粘贴了两遍", more("visits"),
         (("K03", "走访慰问 E3", "第 2–3 行完全相同，只计一次"),)),
    Case("K04", "一个证件号写着两位烈士", more("beneficiaries", **{**_SECOND, "martyr_name": "陈大勇"}),
         (("K04", "优抚对象 O2", "这个优抚证件号有 2 个人在用（第 2、5 行）"),)),
    Case("K05", "一位烈士有两个持证人", more("beneficiaries", **_SECOND),
         (("K05", "优抚对象 U2", "同一位烈士（军人）登记了 2 个持证人（第 2、5 行）"),)),
    Case("K06", "两块光荣牌一个编号", cells("plaques", 1, plaque_no="GRP-2024-00001"),
         (("K06", "光荣牌 B2", "光荣牌编号重复（第 2–3 行），内容不同"), ("K06", "光荣牌 B3", "光荣牌编号重复（第 2–3 行），内容不同"))),
    Case("K07", "一个地址挂了两块牌", cells("plaques", 1, hang_address="东风村3组1号"),
         (("K07", "光荣牌 I2", "这一家登记了 2 块在挂的光荣牌（第 2–3 行）"),)),
    Case("K08", "两件事项一个编号", cells("service_cases", 1, case_no="DFZ-202603-007"),
         (("K08", "帮扶与诉求 B2", "事项编号重复（第 2–3 行），内容不同"), ("K08", "帮扶与诉求 B3", "事项编号重复（第 2–3 行），内容不同"))),
    Case("K09", "一个村登记了两个站", more("stations", 1, station_name="东风村退役军人服务站(分站)"),
         (("K09", "服务站点 D3", "这个村（社区）登记了 2 个服务站（第 3、6 行）"),)),
    Case("K10", "同一笔发了两次", more("payments", pay_method="银行转账"),
         (("K10", "资金发放 E2", "同一个人的同一项待遇，在同一批次、同一所属期发了两笔（第 2、7 行）"), ("K10", "资金发放 E7", "同一个人的同一项待遇，在同一批次、同一所属期发了两笔（第 2、7 行）"))),
)  # fmt: skip
