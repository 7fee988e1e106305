"""The hidden sheet of lists: the stamp in A1, what cells choose from, and every writing that the sheets understand."""

from collections.abc import Iterable, Mapping, Sequence

from xlsxwriter import Workbook

from workbook_templates.form import Column, Form
from workbook_templates.in_sheet import in_sheet, says_name
from workbook_templates.kinds.base import BLANK_WORDS, DATE_MARKS, DITTO_WORDS, WORD_END, Setting
from workbook_templates.kinds.choices import Choice
from workbook_templates.sheet import DICTIONARY, STAMP_NAME, letter
from workbook_templates.stamp import Stamp
from workbook_templates.wording import DITTO, PLACEHOLDERS

_NAME_ROW, _FIRST_ROW = 2, 3


def _choices(forms: Iterable[Form], setting: Setting) -> dict[str, tuple[Sequence[str], Mapping[str, str]]]:
    """Each list by the name of its range: the names to choose from, and every accepted writing with its name."""
    found: dict[str, tuple[Sequence[str], Mapping[str, str]]] = {}
    for form in forms:
        for column in form.columns:
            if isinstance(column.of, Choice):
                found[column.of.range_name(column)] = (offered(column, setting), column.of.accepted(column, setting))
    return found


def _looked_up(forms: Iterable[Form], setting: Setting) -> dict[str, Sequence[str | int]]:
    """The lists that formulas look things up in, by the names of their ranges."""
    found: dict[str, Sequence[str | int]] = {}
    for form in forms:
        texts = [rule.when for rule in form.rules] + [column.required_when for column in form.columns]
        for text in filter(None, texts):
            found |= form.expression(text).lists
        for column in form.columns:
            found |= column.of.lists(setting)
    return found


def offered(column: Column, setting: Setting) -> Sequence[str]:
    """What the column's drop-down offers."""
    if column.of.name == "village":
        return setting.township.villages
    return column.of.codes(column).names if isinstance(column.of, Choice) else ()


def write_dictionary(book: Workbook, forms: Iterable[Form], setting: Setting, stamp: Stamp) -> None:
    """Adds the sheet to `book`, with a defined name for each list."""
    page = book.add_worksheet(DICTIONARY)
    forms = tuple(forms)
    page.write_string(0, 0, str(stamp))
    book.define_name(STAMP_NAME, f"='{DICTIONARY}'!$A$1")
    free = 2

    def listed(name: str, columns: Sequence[Sequence[str | int]]) -> None:
        nonlocal free
        page.write_string(_NAME_ROW - 1, free - 1, name)
        for offset, texts in enumerate(columns):
            for row, text in enumerate(texts, _FIRST_ROW):
                page.write(row - 1, free - 1 + offset, text)
        first, last = letter(free), letter(free + len(columns) - 1)
        book.define_name(name, f"='{DICTIONARY}'!${first}${_FIRST_ROW}:${last}${_FIRST_ROW + len(columns[0]) - 1}")
        free += len(columns)

    listed(BLANK_WORDS, [[WORD_END, *(word + WORD_END for word in PLACEHOLDERS)]])
    listed(DITTO_WORDS, [sorted(DITTO)])
    listed(DATE_MARKS, [("-", ".", "/", "年")])
    for name, texts in _looked_up(forms, setting).items():
        listed(name, [texts])
    for form in forms:
        if form.layout == "table":
            sayings = in_sheet(form, setting).sayings
            listed(says_name(form), [[int(token) for token in sayings], list(sayings.values())])
    for name, (names, accepted) in _choices(forms, setting).items():
        listed(name, [names])
        listed(f"{name}_all", [list(accepted), list(accepted.values())])
    page.hide()
