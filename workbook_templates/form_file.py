"""A form file as it was read: what stands in it, and on which line."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import PurePath
from typing import Any, Literal

from workbook_templates.errors import FormError, Mistake, Wrong
from workbook_templates.form_lines import Place, line_at, lines_of

_WHERE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
_CHINESE_SIGNS = re.compile("[“”‘’＝［］｛｝，]")
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*")
_SINGLE = re.compile(r"^[ \t]*\[(column|rule|lookup|repeat|outlier|coverage)\]", re.MULTILINE)
_SYNTAX: Mapping[str, str] = {
    "Expected '='": "键的后面少了等号；请写成 键 = 值",
    "Expected ']": "方括号没有成对；请写成 [[column]] 这样",
    "Expected newline": "一行里有多余的内容，或者引号没有成对；一行只写一个 键 = 值",
    "Illegal character '\\n'": "引号没有成对；请在这一行补上另一半引号",
    "Unterminated string": "引号没有成对；请补上另一半引号",
    "Unescaped": "引号里有反斜杠；请去掉，或改用单引号",
    "Unclosed array": "方括号没有成对；请补上 ]",
    "Unclosed inline table": "花括号没有成对；请补上 }",
    "Invalid value": "等号后面的值写法不对；文字要加引号，对错只能写 true 或 false",
    "Invalid initial character": "键的写法不对；键只用小写英文字母、数字和下划线",
    "Invalid statement": "这一行看不懂；请写成 键 = 值，说明文字前面加 #",
    "Invalid date": "日期写法不对；请写成 2027-01-01",
    "Cannot overwrite": "同一个键写了两次；请删去一个",
    "Cannot declare": "同一个表头写了两次；每一列、每一条规则前都要写两层方括号，如 [[column]]",
    "Duplicate": "花括号里同一个键写了两次；请删去一个",
}


@dataclass(frozen=True)
class FormFile:
    """A form file that is good TOML: its path as it is told, its text, and what stands in it."""

    path: str
    text: str = field(repr=False)
    raw: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return PurePath(self.path).name

    @property
    def folder(self) -> PurePath:
        """The folder that it lies in."""
        return PurePath(self.path).parent

    @cached_property
    def lines(self) -> Mapping[Place, int]:
        """The line of each place. Only mistakes have to know, and finding out takes longer than reading the file."""
        return lines_of(self.text)

    def mistake(self, wrong: Wrong, severity: Literal["error", "warning"] = "error") -> Mistake:
        """Something wrong in this file, with its line and the name of the table that it stands in."""
        return Mistake(self.path, line_at(self.lines, wrong.place), self._part(wrong.place), wrong.text, severity)

    def _part(self, place: Place) -> str:
        match place:
            case (str(table), int(number), *_):
                entry = self.raw[table][number]
                if isinstance(entry, dict):
                    return f"[[{table}]] {entry.get('id') or entry.get('code') or f'第 {number + 1} 个'}"
        return ""


def _syntax(path: str, text: str, error: tomllib.TOMLDecodeError) -> Mistake:
    lines = text.splitlines()
    place = _WHERE.search(str(error))
    line = int(place[1]) if place and place[1] else len(lines)
    if line <= len(lines) and _CHINESE_SIGNS.search(_QUOTED.sub("", lines[line - 1])):
        return Mistake(path, line, "", "这一行里有中文标点；引号、等号、括号、逗号都请换成英文的")
    if single := _SINGLE.search(text):
        line = text.count("\n", 0, single.start()) + 1
        return Mistake(path, line, "", f"要写两层方括号：[[{single[1]}]]")
    saying = next((saying for start, saying in _SYNTAX.items() if str(error).startswith(start)), "这一行的写法不对")
    return Mistake(path, line, "", saying)


def read_form_file(path: Traversable) -> FormFile:
    """Reads a form file. Raises FormError with the line where it is not TOML."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise FormError([Mistake(str(path), 1, "", "文件不是 UTF-8 编码；请另存为 UTF-8")]) from error
    try:
        return FormFile(str(path), text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise FormError([_syntax(str(path), text, error)]) from error
