"""The data dictionary, rendered from the forms."""

from collections.abc import Iterator, Mapping

from workbook_templates.catalogue import catalogue
from workbook_templates.column import Column
from workbook_templates.form import Form, Forms
from workbook_templates.in_sheet import INEXPRESSIBLE
from workbook_templates.kinds.base import number_text
from workbook_templates.kinds.choices import Choice, choices_of
from workbook_templates.markdown import table
from workbook_templates.place import Filler
from workbook_templates.rule_words import example_words, listed, need, rules_of, sentence, severity

FEW = 12
FILLERS: Mapping[Filler, str] = {"township": "乡镇", "county": "县局"}
KIND_WORDS: Mapping[str, str] = {
    "serial": "序号", "text": "文字", "address": "地址", "name": "姓名", "unit": "部队代号", "id18": "身份证号", "idold": "身份证号（旧号也可）",
    "phone": "电话", "account": "银行账号", "date": "年月日", "pdate": "年月或年月日", "month": "年月", "year": "年份",
    "int": "整数", "money": "金额（元）", "enum": "单选", "bool": "是否", "multi": "多选", "village": "村（社区）",
    "township": "乡镇（街道）",
}  # fmt: skip
"""What each kind of column is called."""


def _choices(column: Column) -> str:
    if column.kind == "village":
        return "本乡镇的村（社区）"
    if column.kind == "township":
        return "本县的乡镇（街道）"
    if column.kind == "bool":
        return "是、否"
    if not isinstance(column.of, Choice):
        return ""
    names = choices_of(column).names
    return "、".join(names[:FEW]) + (f"……共 {len(names)} 项" if len(names) > FEW else "")


def _bounds(column: Column) -> Iterator[str]:
    """What narrows the column down, besides its kind."""
    unit = " 岁" if column.kind in {"id18", "idold"} else ""
    if column.low is not None:
        yield f"不小于 {number_text(column.low)}{unit}"
    if column.high is not None:
        yield f"{'达到' if column.kind == 'money' else '超过'} {number_text(column.high)}{unit}要核对"
    if column.kind in {"date", "pdate", "month"}:
        yield f"早于 {column.earliest} 要核对"
        if not column.past:
            yield "可以晚于今天"
    if column.min_length:
        yield f"至少 {column.min_length} 个字"


def _about(column: Column) -> str:
    said = [column.hint.rstrip("。"), *_bounds(column)]
    if column.aliases:
        said.append(f"旧列名：{'、'.join(column.aliases)}")
    return "；".join(filter(None, said))


def _facts(form: Form) -> Iterator[str]:
    yield f"每行：{form.row}。"
    yield f"填写：{'、'.join(FILLERS[filler] for filler in form.filled_by)}。"
    blank = [name for name in form.key if not form.by_id[name].required and not form.by_id[name].derive]
    key = f"主键：{listed(form, form.key)}"
    if form.key_else:
        key += f"；没有填全时改用{listed(form, form.key_else)}"
    elif blank and len(form.key) > len(blank):
        key += f"，其中{listed(form, blank)}可以空着"
    yield f"{key}。主键相同而内容不同的行报 {form.repeated}。"
    if form.person:
        yield f"按{listed(form, [form.person])}与其他表里的同一个人相连" + (
            "；一个人全县只能在一个乡镇的这张表里。" if form.roster else "。"
        )
    if form.recognise:
        yield f"主键填错时，凭{listed(form, form.recognise)}认出是谁。"
    if form.source:
        yield f"依据：{form.source.rstrip('。')}。"


def _form_section(form: Form, forms: Mapping[str, Form]) -> str:
    parts = [
        f"## {form.no} {form.title} `{form.id}`（第 {form.version} 版）\n",
        "".join(f"- {fact}\n" for fact in _facts(form)),
        table(
            ("列名", "英文名", "类型", "填写", "可选项或例子", "说明"),
            (
                (
                    column.header,
                    column.id,
                    KIND_WORDS[column.kind],
                    need(form, column),
                    _choices(column) or column.example,
                    _about(column),
                )
                for column in form.columns
            ),
        ),
    ]
    if rules := [*rules_of(form)]:
        parts.append(
            table(
                ("代码", "在哪一列", "轻重", "问题", "什么时候报"),
                (
                    (
                        rule.code,
                        form.by_id[rule.at].header,
                        severity(rule),
                        example_words(rule.code, form.by_id[rule.at].header, rule)[0],
                        sentence(form, forms, rule),
                    )
                    for rule in rules
                ),
            )
        )
    return "\n".join(parts)


def data_dictionary(forms: Forms) -> str:
    """Every form with its columns and rules, and what the sheet's own formulas cannot judge, in Markdown."""
    return "\n".join(
        [
            "# 数据字典\n",
            "本页由 `taizhang forms docs` 从表单文件生成，不要手改。\n",
            *(_form_section(form, forms) for form in forms.values()),
            "## 表内公式判断不了的\n",
            "“校验”列用公式随填随查；下面这些公式做不到，以“校验反馈”为准。\n",
            table(
                ("类型", "写法", "表内显示", "程序判断", "原因"),
                (
                    (
                        KIND_WORDS[one.kind],
                        f"`{one.writing}`",
                        one.sheet or "没有问题",
                        one.python or "没有问题",
                        one.reason,
                    )
                    for one in INEXPRESSIBLE
                ),
            ),
            "另外，代码没有“校验列用词”的问题（行与行之间、表与表之间的核对，以及需要读全文的）也只在反馈里出现：\n",
            "、".join(code for code, entry in catalogue().items() if not entry.short and code[0] not in "FJL") + "。\n",
        ]
    )
