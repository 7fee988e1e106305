"""Words that clerks write where no value belongs: placeholders, ditto marks, totals, footers."""

PLACEHOLDERS = (
    "无", "没有", "/", "／", "\\", "—", "——", "-", "－", "--", "*", "**", "N/A", "NA", "n/a", "待补", "待查", "不详", "未知", "空", "null",
    "None", "0000", "…", "...", "。",
)  # fmt: skip
"""Read as not filled in."""

DITTO = frozenset(["同上", "〃", "″", '"', "同前", "同左", "同", "//"])
"""Refused: which row is meant cannot be known."""

TOTALS = frozenset(["合计", "小计", "总计", "共计", "累计", "本页合计", "本村合计", "平均", "人数合计"])
"""A row that begins with one of these is a total, not a person."""

FOOTERS = (
    "注:", "备注:", "说明:", "填表人", "填报人", "制表人", "制表", "审核人", "审核", "负责人", "签字", "盖章", "联系电话:",
    "填报日期", "填表日期", "填报单位", "单位(盖章)", "附件",
)  # fmt: skip
"""A row whose first text begins with one of these stands under the table."""

NOT_NAMES = TOTALS | {
    "户主", "本人", "同上", "姓名", "妻子", "丈夫", "儿子", "女儿", "父亲", "母亲", "配偶", "家属", "家人", "已故", "去世", "死亡",
}  # fmt: skip
"""Words found in name cells that are nobody's name."""

COMPOUND_SURNAMES = frozenset([
    "欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "东方", "长孙", "宇文", "鲜于", "闾丘", "独孤", "南宫",
    "西门", "端木", "申屠", "轩辕", "呼延", "百里", "东郭", "澹台", "公冶", "宗政", "濮阳", "淳于", "太叔", "万俟", "钟离", "赫连", "拓跋", "完颜",
])  # fmt: skip
"""Family names of two characters."""

TROOPS = (
    "集团军", "军区", "战区", "军分区", "警备区", "野战军", "舰队", "驱逐舰", "护卫舰", "潜艇", "航母", "导弹", "雷达站", "观通站",
    "军事基地", "空军基地", "海军基地", "军用机场", "军港", "弹药库", "营区", "番号", "驻地", "驻岛", "驻守", "守岛", "哨所", "哨卡", "边防连",
    "边防团", "边防站", "边防营", "海防连", "海防团", "炮兵团", "步兵团", "坦克团", "工程团", "高炮团", "炮兵营", "步兵营",
)  # fmt: skip
"""Words of where troops stand and what they are: secret, and not to be written into free text (S02)."""

ILLNESSES = (
    "癌", "肿瘤", "白血病", "淋巴瘤", "尿毒症", "肾衰", "透析", "精神病", "精神分裂", "抑郁症", "双相", "癫痫", "痴呆", "艾滋", "HIV", "梅毒", "肝炎",
    "肝硬化", "乙肝", "丙肝", "肺结核", "尘肺", "矽肺", "糖尿病", "高血压", "冠心病", "心脏病", "心梗", "脑梗", "脑溢血", "脑出血", "中风", "偏瘫",
    "截瘫", "瘫痪", "帕金森", "类风湿", "股骨头坏死", "腰椎间盘",
)  # fmt: skip
"""Words of diagnoses: nobody's business but the patient's, and not to be written into free text (S04)."""
