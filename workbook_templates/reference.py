"""The data dictionary and the list of problems, rendered from the forms and the catalogue."""

from collections.abc import Iterable

from workbook_templates.catalogue import catalogue
from workbook_templates.form import Column, Form, Forms
from workbook_templates.in_sheet import INEXPRESSIBLE
from workbook_templates.kinds.choices import Choice, choices_of

SEVERITIES = {"error": "错误", "warning": "提醒", "notice": "提示"}
FEW = 12


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _table(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    listed = list(headers)
    lines = [listed, ["---"] * len(listed), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines) + "\n"


def _need(column: Column, form: Form) -> str:
    if column.derive:
        return "自动算出"
    if not column.stored:
        return "自动编号"
    if column.required_when:
        first = form.by_id[form.expression(column.required_when).names[0]]
        return f"看“{first.header}”"
    return "必填" if column.required else "可不填"


def _choices(column: Column) -> str:
    if column.kind == "village":
        return "本乡镇的村（社区）"
    if column.kind == "bool":
        return "是、否"
    if not isinstance(column.of, Choice):
        return ""
    names = choices_of(column).names
    return "、".join(names[:FEW]) + (f"……共 {len(names)} 项" if len(names) > FEW else "")


def _words(code: str) -> tuple[str, str]:
    """A problem's message and cure, filled in with the example."""
    entry = catalogue()[code]
    words = {"sheet": "退役军人", "row": 7, "col": "身份证号", "v": "某某"} | entry.example
    return entry.message.format_map(words), entry.cure.format_map(words)


def _form_section(form: Form) -> str:
    rows = (
        (column.header, column.id, column.kind, _need(column, form), _choices(column) or column.example, column.hint)
        for column in form.columns
    )
    parts = [
        f"## {form.no} {form.title} `{form.id}`（第 {form.version} 版）\n",
        f"每行：{form.row}。主键：{'＋'.join(form.by_id[name].header for name in form.key)}。"
        + (f"依据：{form.source}。\n" if form.source else "\n"),
        _table(("列名", "英文名", "类型", "填写", "可选项或例子", "提示"), rows),
    ]
    if form.rules or form.lookups:
        entries = catalogue()
        rules = [(rule.code, rule.at, rule.when, rule.severity) for rule in form.rules]
        rules += [(one.code, one.at, f"与“{one.form}”表核对", None) for one in form.lookups]
        parts.append(
            _table(
                ("代码", "在哪一列", "轻重", "问题", "条件"),
                (
                    (
                        code,
                        form.by_id[at].header,
                        SEVERITIES[severity or entries[code].severity],
                        _words(code)[0],
                        f"`{when}`",
                    )
                    for code, at, when, severity in rules
                ),
            )
        )
    return "\n".join(parts)


def data_dictionary(forms: Forms) -> str:
    """Every form with its columns and rules, and what the sheet's own formulas cannot judge, in Markdown."""
    return "\n".join(
        [
            "# 数据字典\n",
            "本页由 `make docs` 从表单文件生成，不要手改。\n",
            *map(_form_section, forms.values()),
            "## 表内公式判断不了的\n",
            "“校验”列用公式随填随查；下面这些公式做不到，以“校验反馈”为准。\n",
            _table(
                ("类型", "写法", "表内显示", "程序判断", "原因"),
                (
                    (one.kind, f"`{one.writing}`", one.sheet or "没有问题", one.python or "没有问题", one.reason)
                    for one in INEXPRESSIBLE
                ),
            ),
            "另外，代码没有“校验列用词”的问题（行与行之间、表与表之间的核对，以及需要读全文的）也只在反馈里出现：\n",
            "、".join(code for code, entry in catalogue().items() if not entry.short and code[0] not in "FJL") + "。\n",
        ]
    )


def problem_list() -> str:
    """Every problem with its words, filled in with an example, in Markdown."""
    rows = [(code, SEVERITIES[entry.severity], *_words(code)) for code, entry in catalogue().items()]
    return "\n".join(
        [
            "# 问题目录\n",
            "本页由 `make docs` 从 `workbook_templates/catalogue.toml` 生成，不要手改。错误：改好之前这一行不入总台账；"
            "提醒：照常入账，请核对；提示：已自动处理，供知悉。\n",
            _table(("代码", "轻重", "问题", "怎么改"), rows),
        ]
    )
