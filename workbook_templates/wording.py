"""Words that clerks write where no value belongs: placeholders, ditto marks, totals, footers."""

PLACEHOLDERS = (
    "无", "没有", "/", "\\", "—", "——", "-", "--", "*", "**", "N/A", "NA", "n/a", "待补", "待查", "不详", "未知", "空", "null",
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

NOT_NAMES = frozenset(["户主", "本人", "合计", "小计", "总计", "同上", "姓名"])
"""Words found in name cells that are nobody's name."""
