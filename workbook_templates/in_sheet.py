"""What a sheet checks by itself: a form's formulas for the first data row; pure.

The status cell shows the first thing wrong in its row: errors of cells in column order, then of rules in the form's order;
and if there is no error, the first warning in the same order. A row's problems are gathered as tokens, numbers of five digits,
in hidden columns ("parts"), because one formula may hold 8,192 characters only; the status cell looks up what the first token
says. Nothing in a row refers to another row of data, so rows may be sorted and inserted. Only functions that Excel 2007, WPS,
LibreOffice and Google Sheets share are used. Formulas are kept short and without quotes: LibreOffice, unlike Excel, writes
them out for each of 3,000 rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from workbook_templates.catalogue import Severity, catalogue
from workbook_templates.column import Column
from workbook_templates.expression import Operand
from workbook_templates.form import Form
from workbook_templates.kinds.base import DITTO_WORDS, Setting, SheetCheck, serial
from workbook_templates.kinds.dates import Day
from workbook_templates.rule import Rule
from workbook_templates.sheet import FIRST_ROW, STATUS_ID, confirm_column, letter, places

PART_LIMIT = 4000
"""Characters of one part's formula; Excel's limits are 8,192 and, compiled, 16,384 bytes."""
TOKEN = 5
"""Digits of a token: 8 for an error or 9 for a warning, and two octal numbers of two digits, that of the column and that of
the check. No other digit is 8 or 9, so a token's start is found in a string of tokens and zeros."""
LEADS: Mapping[Severity, str] = {"error": "8", "warning": "9"}
# Signs of GB 2312: every Chinese font has them, on old machines too.
RIGHT, CONFIRMED = "√", "√ 已说明"
MARKS: Mapping[Severity, str] = {"error": "×", "warning": "▲"}


@dataclass(frozen=True, slots=True)
class SheetFormula:
    """A column that fills itself: its number, id and formula (without the equals sign) for the first data row."""

    number: int
    id: str
    formula: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class InSheet:
    """A form's formulas for its first data row. `parts` are the numbers of the hidden columns with the row's tokens,
    `filled` that of the hidden column which holds 1 where the row has been begun, `sayings` what each token says."""

    formulas: tuple[SheetFormula, ...]
    parts: tuple[int, ...]
    filled: int
    sayings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Inexpressible:
    """A writing on which the sheet and Python differ: in a cell of `kind` the sheet says `sheet`, Python says `python`.

    Both are codes, "" for a cell with which nothing is wrong. `reason` is for the data dictionary.
    """

    kind: str
    writing: str | float
    sheet: str
    python: str
    reason: str


INEXPRESSIBLE = (
    Inexpressible("name", "张三★", "", "N02", "公式只认得姓名里常见的多余字符（数字、字母、括号、逗号、冒号）"),
    Inexpressible("id18", "９９0101196005060124", "I05", "", "公式不会把全角数字换成半角"),
    Inexpressible("enum", "汉 族", "M04", "", "公式不会去掉字中间的空格；县里会按标准写法登记"),
    Inexpressible("enum", "汉*", "", "M04", "查找函数把星号和问号当作通配符"),
    Inexpressible("village", "东凤村", "F24", "", "公式不会找相近的村名；县里只在唯一可能时认出"),
    Inexpressible("township", "石轿镇", "M04", "", "公式不会找相近的乡镇名；县里只在唯一可能时认出"),
    Inexpressible("multi", "特大功1次", "", "M04", "公式不能拆开一格里的多项"),
    Inexpressible("phone", "123/13900000000", "P05", "P01", "一格有两个号码时，公式不再看第一个对不对"),
    Inexpressible("money", "壹佰元整", "A14", "", "公式不认得大写金额；县里会换算"),
    Inexpressible("money", "1,20", "", "A14", "公式会去掉所有逗号，看不出它点错了地方"),
    Inexpressible("month", "二〇一二年三月", "D02", "", "公式不认得中文数字的年月；县里会换算"),
    Inexpressible("month", "2012年元月", "D02", "", "公式不认得“元月”；县里会换算"),
    Inexpressible("date", 1990.1, "D04", "D11", "日期格里的小数年份：表格分不清它是日期还是写错的年月，按写错提示"),
)
"""Everything known that a formula cannot judge as Python does; the sheet may only be stricter or silent, never harmful."""


def said(header: str, code: str, severity: Severity | None = None) -> str:
    """A problem in the few words of the status cell."""
    entry = catalogue()[code]
    return f"{MARKS[severity or entry.severity]} {header}：{entry.short}"


def says_name(form: Form) -> str:
    """The name of the range in the workbook with each token and what it says."""
    return f"tz_says_{form.id}"


def column_token(form: Form, column: Column, severity: Severity) -> str:
    """How the tokens of a column's problems begin."""
    return f"{LEADS[severity]}{list(form.by_id).index(column.id) + 1:02o}"


def severity_of_error_cell(column: Column) -> Severity:
    """How bad a cell is that holds a spreadsheet error (F21)."""
    return "error" if column.required else "warning"


class _Row:
    """The first data row of one form's sheet."""

    def __init__(self, form: Form, setting: Setting) -> None:
        self.form, self.setting = form, setting
        self.sayings: dict[str, str] = {}
        self.places = places(form)
        self.cells = {place.column.id: place.cell for place in self.places}
        self.operands = {
            place.column.id: Operand(self._value(place.column), self._blank(place.column)) for place in self.places
        }

    def _value(self, column: Column) -> str:
        """The comparable value; an error where a number or date cannot be read, so that nothing is judged by it."""
        value = column.of.operand(self.cells[column.id], column)
        return f"--{value}" if column.of.sql != "TEXT" or isinstance(column.of, Day) else value

    def _blank(self, column: Column) -> str:
        """TRUE where rules find nothing in the column's cell: it is blank, or an error."""
        cell = self.cells[column.id]
        if cell.helper:
            return f"IFERROR(LEN({cell.helper})=0,FALSE)"
        return f"IF(ISERROR({cell.at}),TRUE,{column.of.blank(cell, column)})"

    def expression(self, text: str) -> str:
        return f"IFERROR({self.form.expression(text).formula(self.operands)},FALSE)"

    def filled(self) -> str:
        """1 where something was typed into the row, else the empty text."""
        runs: list[list[int]] = []
        for place in self.places:
            if not place.column.typed:
                continue
            if runs and runs[-1][1] == place.number - 1:
                runs[-1][1] = place.number
            else:
                runs.append([place.number, place.number])
        ranges = [f"{letter(first)}{FIRST_ROW}:{letter(last)}{FIRST_ROW}" for first, last in runs]
        blanks, all_cells = ("+".join(f"{count}({area})" for area in ranges) for count in ("COUNTBLANK", "COLUMNS"))
        return f'IF({blanks}={all_cells},"",1)'

    def helper(self, column: Column) -> str:
        """The comparable value of the column's cell, or the empty text where it is blank or an error."""
        cell = self.cells[column.id]
        bare = replace(cell, helper="")
        value = column.of.helper(cell) or column.of.operand(bare, column)
        return f'IF(ISERROR({cell.at}),"",IF({column.of.blank(bare, column)},"",{value}))'

    def derived(self, column: Column) -> str:
        expression = self.form.expression(column.derive)
        return f'IFERROR(IF({self._any_blank(expression.names)},"",{expression.formula(self.operands)}),"")'

    def _any_blank(self, names: Sequence[str]) -> str:
        blanks = [self.operands[name].blank for name in names] or ["FALSE"]
        return blanks[0] if len(blanks) == 1 else f"OR({','.join(blanks)})"

    def _checks(self, column: Column) -> Iterator[SheetCheck]:
        cell = self.cells[column.id]
        yield SheetCheck("M08", f"ISNUMBER(MATCH({cell.text},{DITTO_WORDS},0))")
        yield from column.of.checks(cell, column, self.setting)
        if column.derive:
            expression = self.form.expression(column.derive)
            differs = f"IFERROR({self.operands[column.id].value}<>{expression.formula(self.operands)},FALSE)"
            yield SheetCheck(self.form.derived_code(column), f"IF({self._any_blank(expression.names)},FALSE,{differs})")

    def cell_text(self, column: Column) -> str:
        """A formula for what is wrong with the column's cell: an error if there is one, else warnings."""
        known = catalogue()
        checks = [check for check in self._checks(column) if known[check.code].short]
        text = "0"
        for check in sorted(checks, key=lambda check: known[check.code].severity != "error")[::-1]:
            text = f"IF({check.formula},{self._token(column, check.code)},{text})"
        at, blank = self.cells[column.id].at, self.operands[column.id].blank
        text = f"IF({blank},{self._absent(column) if column.required else '0'},{text})"
        # A derived cell shows an error where its source is wrong: the source is what is reported.
        spoilt = "0" if column.derive else self._token(column, "F21", severity_of_error_cell(column))
        text = f"IF(ISERROR({at}),{spoilt},{text})"
        if column.required_when and not column.required:
            unknown = self._any_blank(self.form.expression(column.required_when).compared)
            if column.optional_when:
                unknown = f"OR({unknown},{self.expression(column.optional_when)})"
            either = f"IF({blank},{self._absent(column)},IF(IFERROR({unknown},TRUE),0,{self._token(column, 'M03')}))"
            asked = self.form.expression(column.required_when).formula(self.operands)
            text += f"&IFERROR(IF(({blank})=({asked}),{either},0),0)"
        return text

    def rule_text(self, rule: Rule) -> str:
        token = self._staged(self.form.by_id[rule.at], rule.code, rule.severity, rule.error_from)
        return f"IF({self.expression(rule.when)},{token},0)"

    def _absent(self, column: Column) -> str:
        return self._staged(column, column.absent, None, column.error_from)

    def _staged(self, column: Column, code: str, severity: Severity | None, error_from: date | None) -> str:
        """The token of a problem; that of a warning before the day from which on it is an error."""
        if error_from is None:
            return self._token(column, code, severity)
        error, warning = self._token(column, code, "error"), self._token(column, code, "warning")
        return f"IF(TODAY()<{serial(error_from)},{warning},{error})"

    def texts(self) -> Iterator[str]:
        for column in self.form.columns:
            if column.stored:
                yield self.cell_text(column)
        for rule in self.form.rules:
            if catalogue()[rule.code].short:
                yield self.rule_text(rule)

    def _token(self, column: Column, code: str, severity: Severity | None = None) -> str:
        prefix = column_token(self.form, column, severity or catalogue()[code].severity)
        text = said(column.header, code, severity)
        numbers = (f"{prefix}{number:02o}" for number in range(64))
        token = next(token for token in numbers if self.sayings.get(token, text) == text)
        self.sayings[token] = text
        return token


def _packed(texts: Iterator[str]) -> list[str]:
    parts: list[str] = []
    for text in texts:
        if parts and len(parts[-1]) + 1 + len(text) <= PART_LIMIT:
            parts[-1] += "&" + text
        else:
            parts.append(text)
    return parts


def _status(form: Form, filled: str, parts: Sequence[str], confirm: str) -> str:
    joined = "&".join(parts)
    error, warning = (f"FIND({LEADS[severity]},{joined})" for severity in ("error", "warning"))

    def shown(start: str) -> str:
        return f"VLOOKUP(--MID({joined},{start},{TOKEN}),{says_name(form)},2,FALSE)"

    noted = f'IF(TRIM({confirm})="",{shown(warning)},"{CONFIRMED}")'
    # A part that cannot be calculated must not read as right: then the LEN of it is an error, and is shown.
    none = f'IF(LEN({joined}),"{RIGHT}","")'
    found = f"IF(ISNUMBER({error}),{shown(error)},IF(ISNUMBER({warning}),{noted},{none}))"
    return f'IF({filled}="","",{found})'


def in_sheet(form: Form, setting: Setting) -> InSheet:
    """The formulas of `form`'s sheet for the first data row, with the hidden columns that they need."""
    row = _Row(form, setting)
    formulas: list[SheetFormula] = []
    for place in row.places:
        column = place.column
        if place.tidy:
            formulas.append(SheetFormula(place.tidy, f"_t_{column.id}", column.of.tidy(row.cells[column.id].at), True))
        if place.helper:
            formulas.append(SheetFormula(place.helper, f"_h_{column.id}", row.helper(column), True))
        if column.derive:
            formulas.append(SheetFormula(place.number, column.id, row.derived(column), False))
    filled = max([confirm_column(form), *(formula.number for formula in formulas)]) + 1
    formulas.append(SheetFormula(filled, "_filled", row.filled(), True))
    begun = f"{letter(filled)}{FIRST_ROW}"
    for place in row.places:
        if not place.column.stored:
            running = f'IF({begun}="","",ROW()-{FIRST_ROW - 1})'
            formulas.append(SheetFormula(place.number, place.column.id, running, False))
    texts = _packed(row.texts())
    parts = tuple(range(filled + 1, filled + 1 + len(texts)))
    for n, (number, text) in enumerate(zip(parts, texts, strict=True), 1):
        formulas.append(SheetFormula(number, f"_p_{n}", f'IF({begun}="","",{text})', True))
    confirm = f"{letter(confirm_column(form))}{FIRST_ROW}"
    status = _status(form, begun, [f"{letter(number)}{FIRST_ROW}" for number in parts], confirm)
    formulas.append(SheetFormula(1, STATUS_ID, status, False))
    return InSheet(tuple(formulas), parts, filled, row.sayings)
