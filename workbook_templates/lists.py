"""The lists of a workbook and where they stand on its hidden sheet; pure, so that every rendering has the same ones.

Cells choose from them, and formulas look things up in them: what is wrong in a row, and every writing that is understood.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.in_sheet import in_sheet, says_name
from workbook_templates.kinds.base import BLANK_WORDS, BLANK_WORDS_AND_ZERO, DATE_MARKS, DITTO_WORDS, WORD_END, Setting
from workbook_templates.kinds.choices import Choice
from workbook_templates.sheet import DICTIONARY, letter
from workbook_templates.wording import DITTO, PLACEHOLDERS

LIST_NAME_ROW, LIST_FIRST_ROW = 2, 3
"""The rows of the hidden sheet with the lists' names and their first entries."""
_FIRST_COLUMN = 2
Entries = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list on the hidden sheet: the name of its range, its columns side by side, and the number of the first of them."""

    name: str
    columns: tuple[Entries, ...]
    number: int

    @property
    def last_row(self) -> int:
        """The row of its last entry. A list of none has a blank one: no range is without a cell."""
        return LIST_FIRST_ROW + max(len(self.columns[0]), 1) - 1

    @property
    def last_column(self) -> int:
        """The number of its last column."""
        return self.number + len(self.columns) - 1

    @property
    def area(self) -> str:
        """Its range as formulas name it, the sheet included."""
        first, last = letter(self.number), letter(self.last_column)
        return f"'{DICTIONARY}'!${first}${LIST_FIRST_ROW}:${last}${self.last_row}"


def offered(column: Column, setting: Setting) -> Sequence[str]:
    """What the column's drop-down offers."""
    return column.of.offered(column, setting) if isinstance(column.of, Choice) else ()


def _choices(forms: Iterable[Form], setting: Setting) -> dict[str, tuple[Sequence[str], Mapping[str, str]]]:
    """Each list by the name of its range: the names to choose from, and every accepted writing with its name."""
    found: dict[str, tuple[Sequence[str], Mapping[str, str]]] = {}
    for form in forms:
        for column in form.columns:
            if isinstance(column.of, Choice) and (names := offered(column, setting)):
                found[column.of.range_name(column)] = (names, column.of.accepted(column, setting))
    return found


def _looked_up(forms: Iterable[Form], setting: Setting) -> dict[str, Entries]:
    """The lists that formulas look things up in, by the names of their ranges."""
    found: dict[str, Entries] = {}
    for form in forms:
        texts = [rule.when for rule in form.rules]
        texts += [text for column in form.columns for text in (column.required_when, column.optional_when)]
        for text in filter(None, texts):
            found |= form.expression(text).lists
        for column in form.columns:
            found |= column.of.lists(setting)
    return found


def _named(forms: Sequence[Form], setting: Setting) -> Iterator[tuple[str, tuple[Entries, ...]]]:
    blank = [WORD_END, *(word + WORD_END for word in PLACEHOLDERS)]
    yield BLANK_WORDS, (blank,)
    yield BLANK_WORDS_AND_ZERO, ([*blank, f"0{WORD_END}"],)
    yield DITTO_WORDS, (sorted(DITTO),)
    yield DATE_MARKS, (("-", ".", "/", "年"),)
    for name, entries in _looked_up(forms, setting).items():
        yield name, (entries,)
    for form in forms:
        if form.layout == "table":
            sayings = in_sheet(form, setting).sayings
            yield says_name(form), ([int(token) for token in sayings], list(sayings.values()))
    for name, (names, accepted) in _choices(forms, setting).items():
        yield name, (names,)
        yield f"{name}_all", (list(accepted), list(accepted.values()))


def named_lists(forms: Sequence[Form], setting: Setting) -> tuple[NamedList, ...]:
    """Every list that the sheets of `forms` name, side by side from column B on."""
    found: list[NamedList] = []
    free = _FIRST_COLUMN
    for name, columns in _named(forms, setting):
        found.append(NamedList(name, columns, free))
        free += len(columns)
    return tuple(found)
