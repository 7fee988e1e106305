"""The language of rules."""

import pytest

from tests.small import TODAY
from workbook_templates.expression import Expression, ExpressionError, Operand, environment, parse_expression


def parse(text: str) -> Expression:
    return parse_expression(text, lambda _column, group: ["甲", "乙"] if group == "两个" else None)


def run(text: str, **values: object) -> object:
    expression = parse(text)
    return eval(expression.python({name: name for name in expression.names}), environment(TODAY) | values)


def formula(text: str) -> str:
    expression = parse(text)
    return expression.formula({name: Operand(name.upper(), f"B({name})") for name in expression.names})


def test_a_comparison_with_a_blank_is_false_either_way() -> None:
    assert run("a < b", a=1, b=2) is True
    assert run("a < b", a=None, b=2) is False
    assert run("a != b", a=None, b=2) is False


def test_a_blank_can_be_asked_for_and_read_as_zero() -> None:
    assert run("blank(a) and filled(b)", a=None, b=2) is True
    assert run("zero(a) + b > 1", a=None, b=2) is True


def test_a_group_of_a_code_list_is_meant_by_its_name() -> None:
    assert run("a in group('两个')", a="乙") is True
    assert run("a in group('两个')", a="丙") is False
    with pytest.raises(ExpressionError, match="没有“三个”这一组"):
        parse("a in group('三个')")


def test_years_and_months_between_dates_are_whole() -> None:
    assert run("years(date('1985-03-12'), date('2005-03-11')) == 19") is True
    assert run("months(date('1985-03'), date('1986-01')) == 10") is True


def test_the_formula_guards_what_python_guards() -> None:
    assert formula("a < b") == "IF(OR(B(a),B(b)),FALSE,A<B)"
    assert formula("zero(a) == 1 and blank(b)") == "AND(IF(B(a),0,A)=1,B(b))"


@pytest.mark.parametrize(
    "text", ["a <", "__import__('os')", "a.b", "lambda: 1", "a if b else c", "open('x')", "[a for a in b]"]
)
def test_nothing_but_the_language_is_accepted(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)
