"""A form file to begin with: every key that most forms need, each explained in Chinese."""

import json
from string import Template

_SKELETON = Template("""\
# 本县自己的表单。改好以后运行 taizhang forms check，没有错误再运行 taizhang templates 做新的工作簿。
# 井号后面是说明，不起作用。引号、等号、括号都要用英文的。完整的写法见数据字典和标准表单。

# 表的英文名，只用小写字母、数字和下划线；定了以后不要再改，登记库按它存数据。
id = $id
# 表号，决定各表的先后，不能和别的表相同。
no = $no
# 表名，就是工作簿里的工作表名，最多 31 个字。
title = $title
# 第几版。改了列或规则就加 1，旧模板交上来时会提醒。
version = 1
# 谁填这张表：乡镇填 "township"，县局自己填 "county"，都填就两个都写。
filled_by = ["township"]
# 一行写的是什么。
row = "一人一次"
# 主键：哪几列合起来能认出一行。这几列的内容相同，就是同一行写了两次。
key = ["id_number", "done_on"]
# 身份证号在哪一列，总台账按它把同一个人的各表连起来。没有这样的列就删去这一行。
person = "id_number"
# 主键填错时，凭哪几列还能认出这个人。
recognise = ["name"]
# 印在表名下面的一句话。
note = "每行：一人一次。"

# ---- 列：一列一段，工作簿里也按这个顺序 -----------------------------------------------------------------------
# kind 是列的种类：serial 序号、name 姓名、id18 身份证号、village 村、enum 单选、multi 多选、bool 是否、date 年月日、
# pdate 年月或年月日、month 年月、year 年份、int 整数、money 金额、phone 电话、account 银行账号、address 地址、text 文字。

[[column]]
# 列的英文名，一张表里不能有两个相同的。
id = "seq"
# 列名，就是表头。
header = "序号"
# 种类，从上面的里面选一个。
kind = "serial"

[[column]]
id = "name"
header = "姓名"
kind = "name"
# 必填写 true；可填可不填就删去这一行。
required = true
# 填到这一格时出现的提示。
hint = "只写户口簿上的名字。"

[[column]]
id = "id_number"
header = "身份证号"
kind = "id18"
required = true
hint = "18 位，照身份证录入，末位可为 X。"

[[column]]
id = "village"
header = "村(社区)"
# 下拉选项是本乡镇的村（社区），写在 county.toml 里。
kind = "village"
required = true
hint = "点箭头选择本乡镇的村（社区）。"

[[column]]
id = "done_on"
header = "日期"
kind = "date"
required = true
# 早于这一天的会提醒。日期默认不能晚于今天；可以晚于今天的，加一行 past = false。
earliest = "2000-01-01"
hint = "写成 2026-03-18。"
# 填表说明里的例子；不要写真人的信息。
example = "2026-03-18"
# 旧表里这一列还叫什么，读取时都认得。
aliases = ["办理日期", "登记日期"]

[[column]]
id = "sort"
header = "类别"
kind = "enum"
required = true
# 可选项。也可以写 list = "…"，用 codes.toml 里现成的代码表。
choices = ["走访", "来访", "其他"]
hint = "点箭头选择。"

[[column]]
id = "remark"
header = "备注"
kind = "text"
# 什么时候必填，写成条件；另一种写法见下面的规则。
# required_when = "sort == '其他'"
hint = "不要写身份证号、银行卡号、病情。"
# 列宽，大约是几个字母宽。
width = 22

# ---- 行内规则：when 成立就是有问题 ----------------------------------------------------------------------------
# 条件里用列的英文名。blank(x) 没填，filled(x) 填了，x in ['甲', '乙'] 是其中之一，years(a, b) 相差几年，today() 今天。

[[rule]]
# Z01 是本县自己的规则，message 和 cure 自己写；也可以用问题目录里别的代码，那就不写这两行。
code = "Z01"
# 问题标在哪一列。
at = "remark"
when = "sort == '其他' and blank(remark)"
# error 错误，改好以前这一行不采用；warning 提醒，照常采用。
severity = "warning"
# 错在哪里，一句话，不加句号；下一行写怎么改。
message = "类别选了“其他”，备注里没有写明是什么"
cure = "请在备注里写清楚，或者改选别的类别。"

# ---- 表间核对：到另一张表里找 ---------------------------------------------------------------------------------

[[lookup]]
code = "Z01"
at = "id_number"
# 到哪张表里找（表的英文名）。
form = "veterans"
# 本表的列 = 那张表的列。
match = { id_number = "id_number" }
# "some"：找不到才是问题；"none"：找到了才是问题。还可以加 that = "other.name != name" 这样的条件。
expect = "some"
severity = "warning"
message = "退役军人表里没有这个人"
cure = "请核对身份证号，或在退役军人表里补登。"
""")


def new_form(form_id: str, no: str, title: str) -> str:
    """The text of a form file with this id, number and title, which is a right form as it is."""
    words = {"id": form_id, "no": no, "title": title}
    return _SKELETON.substitute({key: json.dumps(word, ensure_ascii=False) for key, word in words.items()})
