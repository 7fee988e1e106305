"""An expression of the rule language in plain Chinese, for the data dictionary."""

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from workbook_templates.expression import Expression, ExpressionError

_COMPARED: Mapping[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("是", "是"),
    ast.NotEq: ("不是", "不是"),
    ast.Lt: ("小于", "早于"),
    ast.LtE: ("不大于", "不晚于"),
    ast.Gt: ("大于", "晚于"),
    ast.GtE: ("不小于", "不早于"),
}
"""Each comparison of numbers, and of days."""
_SIGNS: Mapping[type[ast.operator], str] = {ast.Add: "＋", ast.Sub: "－", ast.Mult: "×", ast.Div: "÷"}
_CALLED: Mapping[str, str] = {
    "years": "从{0}到{1}的周年数",
    "months": "从{0}到{1}的月数",
    "year": "{0}的年份",
    "month": "{0}的月份",
    "day": "{0}的日子",
    "birth": "{0}里的出生日期",
    "sex": "{0}里的性别",
    "abs": "{0}的绝对值",
    "zero": "{0}（没填算 0）",
    "blank": "{0}没有填",
    "filled": "{0}填了",
    "has": "{0}里有{1}",
    "today": "今天",
}


@dataclass(frozen=True, slots=True)
class _Chinese:
    headers: Mapping[str, str]
    days: Collection[str]

    def operand(self, node: ast.expr) -> str:
        """A part of a condition; in brackets where it is a condition or a sum of its own."""
        text = self.words(node)
        return f"（{text}）" if isinstance(node, ast.BoolOp | ast.BinOp) else text

    def _is_day(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(id=name):
                return name in self.days
            case ast.Attribute(attr=name):
                return f"other.{name}" in self.days
            case ast.Call(func=ast.Name(id=name)):
                return name in {"date", "today", "birth"}
        return False

    def words(self, node: ast.expr) -> str:
        """A condition or an operand in Chinese."""
        match node:
            case ast.Name(id=name):
                return self.headers[name]
            case ast.Attribute(attr=name):
                return self.headers[f"other.{name}"]
            case ast.BoolOp(op=op, values=values):
                return ("，并且" if isinstance(op, ast.And) else "，或者").join(map(self.operand, values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"不符合（{self.words(operand)}）"
            case ast.UnaryOp(operand=operand):
                return f"－{self.operand(operand)}"
            case ast.BinOp(left=left, op=sign, right=right):
                return f"{self.operand(left)}{_SIGNS[type(sign)]}{self.operand(right)}"
            case ast.Compare(left=left, ops=[ast.In()], comparators=[ast.List(elts=options)]):
                return f"{self.words(left)}是{'、'.join(map(self.words, options))}之一"
            case ast.Compare(left=left, ops=[ast.In()], comparators=[ast.Call(args=[ast.Constant(value=str(group))])]):
                return f"{self.words(left)}属于“{group}”一类"
            case ast.Compare(left=left, ops=[compared], comparators=[right]):
                number, day = _COMPARED[type(compared)]
                return f"{self.words(left)}{day if self._is_day(left) else number}{self.words(right)}"
            case ast.Call(func=ast.Name(id="date"), args=[ast.Constant(value=str(day))]):
                return day
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return _CALLED[name].format(*map(self.words, arguments))
            case ast.Constant(value=str(text)):
                return f"“{text}”"
            case ast.Constant(value=bool() | int() | float() as value):
                return str(value)
        raise ExpressionError(ast.unparse(node))


def in_words(expression: Expression, headers: Mapping[str, str], days: Collection[str]) -> str:
    """The expression with the columns called as `headers` says (by id; other.id for a column of the other row).

    `days` are the columns that hold dates, which are earlier or later, not less or more.
    """
    return _Chinese(headers, days).words(expression.tree)
