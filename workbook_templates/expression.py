"""The small language of rules: one text, rendered both to Python and to a spreadsheet formula.

A rule such as `discharge_date <= enlist_date` is written in Python's syntax over column ids. It is judged only where it
can be: a comparison, or `in`, is false if a column in it is blank. `blank(x)` and `filled(x)` ask for that themselves, and
`zero(x)` reads a blank as 0. `has(x, 'text')` is true where the text stands somewhere in x. Dates compare as spreadsheet
serial numbers; a month counts as its first day.
"""

import ast
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from workbook_templates.kinds.base import from_serial, is_in, quoted, serial
from workbook_templates.kinds.resident_id import DIFFERENT, born, sex_of
from workbook_templates.kinds.written_dates import iso_serial


class Operand(NamedTuple):
    """A column inside a formula: its comparable value, and whether it is blank."""

    value: str
    blank: str


@lru_cache(DIFFERENT)
def _years(a: int, b: int) -> int:
    first, second = from_serial(a), from_serial(b)
    return second.year - first.year - ((second.month, second.day) < (first.month, first.day))


@lru_cache(DIFFERENT)
def _months(a: int, b: int) -> int:
    first, second = from_serial(a), from_serial(b)
    return (second.year - first.year) * 12 + second.month - first.month


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language in both renderings; `formula` takes the arguments' formulas by position."""

    python: Callable[..., object]
    formula: str

    @property
    def arguments(self) -> int:
        """How many arguments it takes."""
        return len(set(re.findall(r"{\d}", self.formula)))


FUNCTIONS = {
    "years": Function(_years, "(YEAR({1})-YEAR({0})-(MONTH({1})*100+DAY({1})<MONTH({0})*100+DAY({0})))"),
    "months": Function(_months, "((YEAR({1})-YEAR({0}))*12+MONTH({1})-MONTH({0}))"),
    "year": Function(lambda a: from_serial(a).year, "YEAR({0})"),
    "month": Function(lambda a: from_serial(a).month, "MONTH({0})"),
    "day": Function(lambda a: from_serial(a).day, "DAY({0})"),
    "birth": Function(lambda n: serial(born(n)), "DATE(MID({0},7,4),MID({0},11,2),MID({0},13,2))"),
    "sex": Function(sex_of, 'IF(MOD(MID({0},17,1),2)=1,"男","女")'),
    "abs": Function(abs, "ABS({0})"),
}
ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("==", "="),
    ast.NotEq: ("!=", "<>"),
    ast.Lt: ("<", "<"),
    ast.LtE: ("<=", "<="),
    ast.Gt: (">", ">"),
    ast.GtE: (">=", ">="),
}


class ExpressionError(ValueError):
    """An expression that the language does not have; the message says what and where."""


def _name_of(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id="other"), attr=name):
            return f"other.{name}"
    return None


def _names(node: ast.AST, *, even_blank: bool = False) -> list[str]:
    """The columns below `node` that must be filled in for it to be judged (or all), in order of appearance."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id in {"zero", "blank", "filled"} and not even_blank:
            return []
        return [name for argument in node.args for name in _names(argument, even_blank=even_blank)]
    if isinstance(node, ast.expr) and (name := _name_of(node)):
        return [name]
    return [name for child in ast.iter_child_nodes(node) for name in _names(child, even_blank=even_blank)]


@dataclass(frozen=True)
class Expression:
    """A parsed expression. `names` are the columns it mentions, in order; `other.x` is column x of another sheet's row."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]
    groups: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)

    @property
    def compared(self) -> tuple[str, ...]:
        """The columns that must be filled in for it to be judged: not those that it asks whether they are blank."""
        return tuple(dict.fromkeys(_names(self.tree)))

    @property
    def chosen(self) -> Sequence[tuple[str, str]]:
        """Every (column, text) that the expression compares with each other: a choice's names, if it is a choice."""
        pairs = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Compare) and (name := _name_of(node.left)):
                options = (
                    [*ast.walk(node.comparators[0])] if isinstance(node.comparators[0], ast.List) else node.comparators
                )
                pairs += [
                    (name, one.value) for one in options if isinstance(one, ast.Constant) and isinstance(one.value, str)
                ]
        return pairs

    def python(self, places: Mapping[str, str]) -> str:
        """Python source for the expression, with each column's source text taken from `places`."""
        return _Python(places, self.groups).render(self.tree)

    def formula(self, operands: Mapping[str, Operand]) -> str:
        """A spreadsheet formula for the expression, without the leading equals sign."""
        return _Formula(operands, self.groups).render(self.tree)

    @property
    def lists(self) -> dict[str, Sequence[str]]:
        """The lists that its formula looks things up in, by the names of their ranges in the workbook."""
        options = [
            _options(node.left, node.comparators[0], self.groups)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In)
        ]
        return {_range_name(listed): listed for listed in options if len(listed) > 1}


class _Python:
    def __init__(self, places: Mapping[str, str], groups: Mapping[tuple[str, str], Sequence[str]]) -> None:
        self.places, self.groups = places, groups

    def render(self, node: ast.expr) -> str:
        if name := _name_of(node):
            return self.places[name]
        match node:
            case ast.BoolOp(op=op, values=values):
                word = " and " if isinstance(op, ast.And) else " or "
                return "(" + word.join(map(self.render, values)) + ")"
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"(not {self.render(operand)})"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"(-{self.render(operand)})"
            case ast.BinOp(left=left, op=operator, right=right):
                return f"({self.render(left)}{ARITHMETIC[type(operator)]}{self.render(right)})"
            case ast.Compare(left=left, ops=[ast.In()], comparators=[options]):
                listed = tuple(_options(left, options, self.groups))
                return self._guarded(node, f"{self.render(left)} in {listed!r}")
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self._guarded(node, f"{self.render(left)} {COMPARISONS[type(operator)][0]} {self.render(right)}")
            case ast.Call(func=ast.Name(id="today")):
                return "today"
            case ast.Call(func=ast.Name(id="date"), args=[ast.Constant(value=str(day))]):
                return str(iso_serial(day))
            case ast.Call(func=ast.Name(id="zero"), args=[argument]):
                return f"({self.render(argument)} or 0)"
            case ast.Call(func=ast.Name(id="blank"), args=[argument]):
                return f"({self.render(argument)} is None)"
            case ast.Call(func=ast.Name(id="filled"), args=[argument]):
                return f"({self.render(argument)} is not None)"
            case ast.Call(func=ast.Name(id="has"), args=[argument, ast.Constant(value=str(text))]):
                return self._guarded(node, f"{text!r} in {self.render(argument)}")
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return f"{name}({', '.join(map(self.render, arguments))})"
            case ast.Constant(value=value):
                return repr(value)
        raise ExpressionError(f"规则里不能这样写：{ast.unparse(node)}")

    def _guarded(self, node: ast.expr, comparison: str) -> str:
        guards = [f"{self.places[name]} is not None" for name in dict.fromkeys(_names(node))]
        return "(" + " and ".join([*guards, comparison]) + ")"


class _Formula:
    def __init__(self, operands: Mapping[str, Operand], groups: Mapping[tuple[str, str], Sequence[str]]) -> None:
        self.operands, self.groups = operands, groups

    def render(self, node: ast.expr) -> str:
        if name := _name_of(node):
            return self.operands[name].value
        match node:
            case ast.BoolOp(op=op, values=values):
                word = "AND" if isinstance(op, ast.And) else "OR"
                return f"{word}({','.join(map(self.render, values))})"
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"NOT({self.render(operand)})"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"(-{self.render(operand)})"
            case ast.BinOp(left=left, op=operator, right=right):
                return f"({self.render(left)}{ARITHMETIC[type(operator)]}{self.render(right)})"
            case ast.Compare(left=left, ops=[ast.In()], comparators=[options]):
                return self._guarded(node, _one_of(self.render(left), _options(left, options, self.groups)))
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self._guarded(node, f"{self.render(left)}{COMPARISONS[type(operator)][1]}{self.render(right)}")
            case ast.Call(func=ast.Name(id="today")):
                return "TODAY()"
            case ast.Call(func=ast.Name(id="date"), args=[ast.Constant(value=str(day))]):
                return str(iso_serial(day))
            case ast.Call(func=ast.Name(id="zero"), args=[argument]):
                return f"IF({self.operands[str(_name_of(argument))].blank},0,{self.render(argument)})"
            case ast.Call(func=ast.Name(id="blank"), args=[argument]):
                return self.operands[str(_name_of(argument))].blank
            case ast.Call(func=ast.Name(id="filled"), args=[argument]):
                return f"NOT({self.operands[str(_name_of(argument))].blank})"
            case ast.Call(func=ast.Name(id="has"), args=[argument, ast.Constant(value=str(text))]):
                return self._guarded(node, f"ISNUMBER(FIND({quoted(text)},{self.render(argument)}))")
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return FUNCTIONS[name].formula.format(*map(self.render, arguments))
            case ast.Constant(value=str(text)):
                return quoted(text)
            case ast.Constant(value=value):
                return repr(value)
        raise ExpressionError(f"规则里不能这样写：{ast.unparse(node)}")

    def _guarded(self, node: ast.expr, comparison: str) -> str:
        blanks = [self.operands[name].blank for name in dict.fromkeys(_names(node))]
        if not blanks:
            return comparison
        any_blank = blanks[0] if len(blanks) == 1 else f"OR({','.join(blanks)})"
        return f"IF({any_blank},FALSE,{comparison})"


def _options(left: ast.expr, options: ast.expr, groups: Mapping[tuple[str, str], Sequence[str]]) -> Sequence[str]:
    match options:
        case ast.List(elts=elements):
            return [str(element.value) for element in elements if isinstance(element, ast.Constant)]
        case ast.Call(func=ast.Name(id="group"), args=[ast.Constant(value=str(group))]):
            return groups[(str(_name_of(left)), group)]
    raise ExpressionError(f"in 后面应是列表或 group('…')：{ast.unparse(options)}")


def _range_name(options: Sequence[str]) -> str:
    """The name of the range in the workbook that lists `options`: it follows the content."""
    return f"tz_in_{zlib.crc32(repr(tuple(options)).encode()):08x}"


def _one_of(formula: str, options: Sequence[str]) -> str:
    if len(options) == 1:
        return f"{formula}={quoted(options[0])}"
    return is_in(_range_name(options), formula)


def _is_day(arguments: Sequence[ast.expr]) -> bool:
    match arguments:
        case [ast.Constant(value=str(text))]:
            with suppress(ValueError):
                return bool(date.fromisoformat(f"{text}-01"[:10]))
    return False


def environment(today: date) -> dict[str, object]:
    """The names that rendered Python needs to run."""
    return {name: function.python for name, function in FUNCTIONS.items()} | {"today": serial(today)}


def parse_expression(text: str, groups: Callable[[str, str], Sequence[str] | None]) -> Expression:
    """The expression written as `text`. `groups(column, name)` looks up a named group of the column's code list.

    Raises ExpressionError if the text is not in the language.
    """
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(f"第 {error.offset} 个字符附近写法不对：{text}") from error
    found: dict[tuple[str, str], Sequence[str]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, ops=[ast.In()], comparators=[ast.Call(args=[ast.Constant(value=str(group))])]):
                members = groups(str(_name_of(left)), group)
                if members is None:
                    raise ExpressionError(f"“{_name_of(left)}”的代码表里没有“{group}”这一组：{text}")
                found[(str(_name_of(left)), group)] = members
            case ast.Call(func=ast.Name(id=name)) if name not in {
                *FUNCTIONS,
                "today",
                "date",
                "zero",
                "blank",
                "filled",
                "has",
                "group",
            }:
                raise ExpressionError(f"没有“{name}”这个函数：{text}")
            case ast.Call(func=ast.Name(id="date"), args=arguments) if not _is_day(arguments):
                raise ExpressionError(f"date 里请写成 '2011-11-01' 这样的日期：{ast.unparse(node)}")
            case ast.Call(func=ast.Name(id=name), args=arguments) if (
                name in FUNCTIONS and len(arguments) != FUNCTIONS[name].arguments
            ):
                raise ExpressionError(f"{name} 的括号里要写 {FUNCTIONS[name].arguments} 项：{ast.unparse(node)}")
    expression = Expression(text, tree, tuple(dict.fromkeys(_names(tree, even_blank=True))), found)
    try:  # refuses what the renderings do not know
        expression.python(dict.fromkeys(expression.names, "x"))
        expression.formula(dict.fromkeys(expression.names, Operand("x", "x")))
    except KeyError as error:
        raise ExpressionError(f"规则里没有这样的运算：{text}") from error
    return expression
