"""What a form asks of its rows, in plain Chinese sentences."""

from collections.abc import Iterator, Mapping
from datetime import date

from workbook_templates.catalogue import catalogue
from workbook_templates.column import Column
from workbook_templates.expression_words import in_words
from workbook_templates.form import Form
from workbook_templates.form_names import tables_of
from workbook_templates.kinds.base import number_text
from workbook_templates.kinds.dates import Day
from workbook_templates.rule import Coverage, Lookup, Outlier, Repeat, Rule, Target
from workbook_templates.severities import SEVERITIES


def example_words(code: str, header: str, rule: Rule | None = None) -> tuple[str, str]:
    """A problem's message and cure in the column `header`, filled in with the catalogue's example or a rule's own words."""
    entry = catalogue()[code]
    own = rule.words if rule else {}
    words = {"sheet": "退役军人", "row": 7, "col": header, "v": "某某"} | entry.example | own
    return entry.message.format_map(words), entry.cure.format_map(words)


def condition(form: Form, text: str, other: Form | None = None) -> str:
    """An expression over the form's columns (and the other row's) in words."""
    columns = {**form.by_id} | {f"other.{column.id}": column for column in (other.columns if other else ())}
    own, theirs = ("本行的", "那一行的") if other else ("", "")
    headers = {name: f"{theirs if '.' in name else own}“{column.header}”" for name, column in columns.items()}
    return in_words(form.expression(text, other), headers, {n for n, c in columns.items() if isinstance(c.of, Day)})


def listed(form: Form, names: tuple[str, ...] | list[str]) -> str:
    """The headers of some columns."""
    return "、".join(f"“{form.by_id[name].header}”" for name in names)


def need(form: Form, column: Column) -> str:
    """Whether a column must be filled in, and when."""
    if column.derive:
        return f"自动算出：{condition(form, column.derive)}"
    if not column.stored:
        return "自动编号"
    text = "必填" if column.required else "选填"
    if column.required_when and not column.required:
        text = f"{condition(form, column.required_when)}时必填"
        text += (
            f"；{condition(form, column.optional_when)}时可填可不填，其他时候不填"
            if column.optional_when
            else "，其他时候不填"
        )
    return text + until(column.error_from, "缺了")


def until(error_from: date | None, what: str) -> str:
    """What is said of a rule that is a warning until a day."""
    return f"（{error_from} 起{what}算错误，之前只提醒）" if error_from else ""


def _target(form: Form, forms: Mapping[str, Form], target: Target) -> str:
    other = forms[target.form]
    where = "本表的其他行" if other.id == form.id else f"“{other.title}”表"
    same = [
        f"“{other.by_id[theirs].header}”与本行“{form.by_id[own].header}”相同" for own, theirs in target.match.items()
    ]
    that = f"，而且{condition(form, target.that, other)}" if target.that else ""
    return f"{where}里{'、'.join(same)}{that}的行"


def _same(form: Form, texts: tuple[str, ...]) -> str:
    """What rows have in common."""
    return "、".join(condition(form, text) for text in texts) + ("都相同" if len(texts) > 1 else "相同")


def _asked(form: Form, forms: Mapping[str, Form], rule: Rule) -> str:
    """What a rule looks for, as a sentence without its condition."""
    header = form.by_id[rule.at].header
    match rule:
        case Lookup():
            targets = "，或者".join(_target(form, forms, target) for target in rule.targets)
            return f"找{targets}；{'找不到' if rule.expect == 'some' else '找到了'}就报"
        case Repeat():
            same = _same(form, rule.same)
            rows = (
                f"“{form.by_id[rule.distinct].header}”有 {rule.least} 种以上"
                if rule.distinct
                else f"有 {rule.least} 行以上"
            )
            return f"{same}的行里，{rows}就报"
        case Outlier():
            same = _same(form, rule.same)
            times = number_text(rule.times)
            return (
                f"“{header}”在{same}的行里高过中位数的 {times} 倍，或不到它的 1/{times} 就报；不足 {rule.least} 行不比"
            )
        case Coverage(of="villages"):
            return f"本乡镇每个村（社区）都要有一行，写在“{header}”；缺哪个报哪个"
        case Coverage(of=names):
            return f"“{header}”里{'、'.join(names)}都要各有一行；缺哪个报哪个"
    return ""


def sentence(form: Form, forms: Mapping[str, Form], rule: Rule) -> str:
    """When a rule reports its problem."""
    asked = _asked(form, forms, rule)
    when = condition(form, rule.when) if rule.when else ""
    if not asked:
        return f"{when}。"
    return f"{when}时，{asked}。" if when else f"{asked}。"


def severity(rule: Rule) -> str:
    """How bad it is to break a rule, in words."""
    if rule.error_from:
        return f"{rule.error_from} 起错误，之前提醒"
    return SEVERITIES[rule.severity or catalogue()[rule.code].severity]


def rules_of(form: Form) -> Iterator[Rule]:
    """Every rule of a form, of every sort."""
    return (rule for _, rule in tables_of(form))
