"""The list of problems, rendered from the catalogue and the forms."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import NamedTuple

from workbook_templates.catalogue import catalogue
from workbook_templates.form import Forms
from workbook_templates.form_lines import lines_of
from workbook_templates.markdown import table
from workbook_templates.rule_words import example_words, rules_of
from workbook_templates.severities import SEVERITIES


class Section(NamedTuple):
    """What a section of the catalogue is called, where its problems stand if no form says so, and a column for examples."""

    title: str
    place: str
    header: str = "备注"


SECTIONS: Mapping[str, Section] = {
    "the file": Section("文件和工作表", "整个文件、整张表或其中几格", "身份证号"),
    "any cell": Section("任何一格", "各表各列", "文化程度"),
    "names": Section("姓名", "各表的姓名列", "姓名"),
    "resident identity numbers (GB 11643-1999)": Section("身份证号", "各表的身份证号列", "身份证号"),
    "dates": Section("日期", "各表的日期、年月列", "退役时间"),
    "telephone and bank": Section("电话和银行账号", "各表的电话、账号列", "联系电话"),
    "amounts": Section("金额", "各表的金额列", "实发金额"),
    "the same thing twice": Section("重复", "各表的主键", "身份证号"),
    "between columns": Section("列与列之间", "还没有表用到"),
    "between sheets": Section("表与表之间", "还没有表用到"),
    "secrecy and privacy": Section("保密和个人信息", "各表的文字列"),
    "the county": Section("全县核对", "各表"),
    "what only one county asks for: the rule in its form file brings the words": Section(
        "本县自己的规则", "还没有表用到"
    ),
}
"""The sections of the catalogue file, by their headings there."""
_HEADING = "# ----"


def sections() -> Mapping[str, list[str]]:
    """The codes of each section of the catalogue file, by its heading there."""
    text = (files(__package__) / "catalogue.toml").read_text("utf-8")
    headings = {
        number: line.strip("# -") for number, line in enumerate(text.splitlines(), 1) if line.startswith(_HEADING)
    }
    found: dict[str, list[str]] = defaultdict(list)
    lines = lines_of(text)
    for code in catalogue():
        found[headings[max(number for number in headings if number < lines[code,])]].append(code)
    return found


def _uses(forms: Forms) -> Mapping[str, Mapping[str, list[str]]]:
    """The headers of the columns at which forms report each code, by code and the form's title."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for form in forms.values():
        at = [(rule.code, form.by_id[rule.at]) for rule in rules_of(form)]
        at += [(column.missing, column) for column in form.columns if column.missing]
        if form.repeated != "K01":
            at.append((form.repeated, form.by_id[form.key[0]]))
        for code, column in at:
            if column.header not in found[code][form.title]:
                found[code][form.title].append(column.header)
    return found


def _rows(codes: list[str], section: Section, uses: Mapping[str, Mapping[str, list[str]]]) -> Iterator[tuple[str, ...]]:
    for code in codes:
        used = uses.get(code, {})
        places = "、".join(f"{title}“{'”“'.join(headers)}”" for title, headers in used.items())
        header = next(iter(used.values()))[0] if used else section.header
        message, cure = example_words(code, header)
        yield code, SEVERITIES[catalogue()[code].severity], message, cure, places or section.place


def problem_list(forms: Forms) -> str:
    """Every problem with its words, filled in with an example, and where it may stand, in Markdown."""
    uses = _uses(forms)
    parts = [
        "# 问题目录\n",
        "本页由 `taizhang forms docs` 从问题目录文件和表单文件生成，不要手改。问题和改法都是填好的例子，"
        "实际报告里换成那一格的内容。\n",
        "- 错误：改好以前这一行不入总台账，保留上一次正确的内容。\n- 提醒：照常入账，请核对；确实如此，就在“属实说明”里写明原因。\n"
        "- 提示：已自动处理，不用改。\n",
    ]
    for heading, codes in sections().items():
        section = SECTIONS[heading]
        parts.append(f"## {section.title}\n")
        parts.append(table(("代码", "轻重", "问题（举例）", "怎么改", "用在哪里"), _rows(codes, section, uses)))
    return "\n".join(parts)
