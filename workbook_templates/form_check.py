"""What can be loaded and would still break a sheet, or mislead the clerk who fills it in."""

import re
import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from importlib.resources.abc import Traversable
from io import BytesIO
from itertools import chain

from xlsxwriter import Workbook

from workbook_templates.catalogue import catalogue
from workbook_templates.column import Column
from workbook_templates.entry import accept
from workbook_templates.errors import Mistake, Wrong, near
from workbook_templates.excel import write_template
from workbook_templates.form import HEADERS, Form, Forms, read_forms
from workbook_templates.form_file import FormFile
from workbook_templates.form_names import tables_of, targets_of
from workbook_templates.in_sheet import in_sheet
from workbook_templates.kinds.base import Cell, Setting
from workbook_templates.kinds.choices import Choice
from workbook_templates.kinds.texts import folded
from workbook_templates.place import County, Township
from workbook_templates.sheet import (
    CONFIRM_HEADER,
    COVER_FIRST_ROW,
    DICTIONARY,
    FIRST_ROW,
    OWN_SHEETS,
    STATUS_HEADER,
    letter,
    places,
)

FORBIDDEN = re.compile(r"[:\\/?*\[\]]")
"""Characters that the name of a sheet may not have (Excel)."""
LONGEST_FORMULA = 8192
PROBE = Township(County("990101", "清河县"), "990101001", "城关镇", ("东风村", "红星社区"))
"""The township for which a workbook is made to see whether it can be."""
_PLACES = {"village", "township"}
"""Kinds that choose from what the county is made of, which is not known here."""
_MAY_BE_EQUAL = ({"id18", "idold"}, {"date", "pdate"}, {"pdate", "month"}, {"int", "money", "year"})


def _title(form: Form, reserved: Collection[str]) -> Iterator[Wrong]:
    if form.id in reserved:
        yield Wrong(f"“{form.id}”是系统自己用的名字；请换一个 id", ("id",))
    if found := FORBIDDEN.search(form.title):
        yield Wrong(f"表名里不能有“{found[0]}”；请换成别的字，例如“（）”", ("title",))
    if form.title[0] == "'" or form.title[-1] == "'":
        yield Wrong("表名不能以单引号开头或结尾；请去掉", ("title",))
    if form.title in {*OWN_SHEETS, DICTIONARY}:
        yield Wrong(f"“{form.title}”是工作簿自己用的表名；请换一个", ("title",))


def _headers(form: Form, reserved: Collection[str]) -> Iterator[Wrong]:
    own: dict[str, Column] = {}
    for number, column in enumerate(form.columns):
        name = folded(column.header)
        if name in own:
            yield Wrong(f"前面已有一列叫“{column.header}”；请改一个列名", ("column", number, "header"))
        if column.header in {STATUS_HEADER, CONFIRM_HEADER, *reserved}:
            yield Wrong(f"“{column.header}”是系统自己用的列名；请换一个", ("column", number, "header"))
        own.setdefault(name, column)
    claimed: dict[str, Column] = {}
    for number, column in enumerate(form.columns):
        for index, alias in enumerate(column.aliases):
            other = own.get(folded(alias)) or claimed.get(folded(alias))
            if other and other is not column:
                text = f"“{alias}”也指“{other.header}”列，分不清是哪一列；请删去一个"
                yield Wrong(text, ("column", number, "aliases", index))
        for alias in HEADERS.get(column.id, ()):
            other = claimed.get(folded(alias))
            if other and other is not column and folded(alias) not in own:
                yield Wrong(f"“{alias}”也指“{other.header}”列，分不清是哪一列；请改一列的 id", ("column", number, "id"))
        claimed |= {folded(alias): column for alias in (*column.aliases, *HEADERS.get(column.id, ()))}


def _choices(column: Column) -> Iterator[Wrong]:
    for name, count in Counter(map(folded, column.choices)).items():
        if count > 1:
            double = next(choice for choice in column.choices if folded(choice) == name)
            yield Wrong(f"选项“{double}”写了两次；请删去一个", ("choices",))
    if not isinstance(column.of, Choice) or column.kind in _PLACES:
        return
    names = column.of.codes(column).names
    for alias, name in column.choice_aliases.items():
        if name not in names:
            yield Wrong(f"没有“{name}”这个选项{near(name, names)}", ("choice_aliases", alias))


def _example(column: Column, setting: Setting) -> Iterator[Wrong]:
    if not column.example or not column.stored or column.kind in _PLACES:
        return
    for code, words, severity in column.of.parser(column, setting)(column.example).findings:
        entry = catalogue()[code]
        if (severity or entry.severity) == "error":
            said = entry.message.format_map(
                {"sheet": "", "row": "", "col": column.header, "v": column.example, **words}
            )
            yield Wrong(f"照 example 填会被判错：{said}；请换一个例子", ("example",))


def _columns(form: Form, setting: Setting) -> Iterator[Wrong]:
    for number, column in enumerate(form.columns):
        if column.low is not None and column.high is not None and column.low > column.high:
            yield Wrong("low 比 high 还大；请对调", ("column", number, "low"))
        for wrong in chain(_choices(column), _example(column, setting)):
            yield Wrong(wrong.text, ("column", number, *wrong.place))
    for number, name in enumerate(form.key):
        if not form.by_id[name].stored:
            yield Wrong(f"“{name}”是自动编号，不能当主键；请换一列", ("key", number))


def _rules(form: Form) -> Iterator[Wrong]:
    for place, rule in tables_of(form):
        if not form.by_id[rule.at].stored:
            yield Wrong(f"“{rule.at}”是自动编号，问题不能标在这一列；请换一列", (*place, "at"))


def _may_be_equal(own: Column, theirs: Column) -> bool:
    kinds = {own.kind, theirs.kind}
    if isinstance(own.of, Choice) and isinstance(theirs.of, Choice) and not kinds & {*_PLACES, "multi"}:
        return bool(set(own.of.codes(own).names) & set(theirs.of.codes(theirs).names))
    if kinds & {"text", "address"}:
        return own.sql == theirs.sql
    return len(kinds) == 1 or any(kinds <= alike for alike in _MAY_BE_EQUAL)


def _lookups(form: Form, forms: Mapping[str, Form]) -> Iterator[Wrong]:
    for number, lookup in enumerate(form.lookups):
        for place, form_id, match, _ in targets_of(lookup, ("lookup", number)):
            for own, theirs in match.items() if form_id in forms else ():
                mine, other = form.by_id[own], forms[form_id].by_id[theirs]
                if not _may_be_equal(mine, other):
                    text = f"“{mine.header}”（{mine.kind}）和“{other.header}”（{other.kind}）永远不会相等；请换一列"
                    yield Wrong(text, (*place, "match", own))


def _entries(form: Form, setting: Setting) -> Iterator[Wrong]:
    """What cells cannot be told to accept while typing."""
    numbers = {place.column.id: place for place in places(form)}
    row = COVER_FIRST_ROW if form.layout == "cover" else FIRST_ROW
    with warnings.catch_warnings(action="ignore"), Workbook(BytesIO(), {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, column in enumerate(form.columns):
            place = numbers[column.id]
            cell = Cell(*(f"{letter(n)}{row}" if n else "" for n in (place.number, place.helper, place.tidy)))
            try:
                accept(page, (row - 1, place.number - 1, row - 1, place.number - 1), column, cell, setting)
            except ValueError:
                yield Wrong("这一列的录入检查写不进表格（提示或公式太长）；请缩短 hint 或选项", ("column", number))


def _whole(form: Form, setting: Setting) -> Iterator[Wrong]:
    """Whether a workbook with this form can be made."""
    try:
        with warnings.catch_warnings(action="ignore"):
            write_template(BytesIO(), Forms([form], ""), setting.township, "2026上半年")
    except ValueError as error:
        yield Wrong(f"做不出模板：{error}")
    if form.layout == "table":
        longest = max(len(formula.formula) for formula in in_sheet(form, setting).formulas)
        if longest > LONGEST_FORMULA:
            yield Wrong(f"表内公式有 {longest} 个字符，表格最多容得下 {LONGEST_FORMULA} 个；请把长的条件拆成几条规则")


def _wrongs(form: Form, forms: Mapping[str, Form], setting: Setting, reserved: Collection[str]) -> Iterator[Wrong]:
    wrongs = [
        *_title(form, reserved),
        *_headers(form, reserved),
        *_columns(form, setting),
        *_rules(form),
        *_lookups(form, forms),
        *_entries(form, setting),
    ]
    yield from wrongs or _whole(form, setting)


def _doubts(form: Form) -> Iterator[Wrong]:
    for number, column in enumerate(form.columns):
        if column.required and column.typed and not column.hint:
            yield Wrong("必填而没有 hint（填表提示）；建议写一句怎么填", ("column", number))


def _alike(form: Form, others: Iterable[tuple[Form, FormFile]]) -> Iterator[Wrong]:
    for other, file in others:
        if folded(other.title) == folded(form.title):
            yield Wrong(f"{file.name} 的表名也是“{form.title}”；请改其中一个", ("title",))
        if other.no == form.no:
            yield Wrong(f"{file.name} 的表号也是“{form.no}”；请改其中一个", ("no",))


def check_forms(
    paths: Iterable[Traversable], among: Iterable[Traversable], today: date, reserved: Collection[str] = ()
) -> list[Mistake]:
    """Every mistake and every doubt in the form files `paths`, which stand among others that they may refer to.

    Of two forms with one id, the one in `paths` counts. `reserved` are ids and headers that the store needs for itself.
    """
    paths = list(paths)
    names = [str(path) for path in paths]
    found = read_forms([*(path for path in among if str(path) not in names), *paths])
    mistakes = [*found.mistakes]
    by_id = {form.id: form for form, _ in found.forms.values()}
    setting = Setting(PROBE, today)
    spoilt = {mistake.path for mistake in mistakes}
    # A form is compared with those before it: of two that are alike, the one that was added last is told so.
    before = [(form, file) for form, file in found.forms.values() if file.path not in names]
    for form, file in found.forms.values():
        if file.path not in names:
            continue
        mistakes += map(file.mistake, _alike(form, before))
        if file.path not in spoilt:
            mistakes += map(file.mistake, _wrongs(form, by_id, setting, reserved))
        mistakes += [file.mistake(doubt, "warning") for doubt in _doubts(form)]
        before.append((form, file))
    order = {name: number for number, name in enumerate(names)}
    return sorted(mistakes, key=lambda mistake: (order.get(mistake.path, len(order)), mistake.path, mistake.line))
