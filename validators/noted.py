"""What a note on a cell says of the problems found there."""

from collections.abc import Iterable, Iterator

from validators.problems import Problem
from workbook_templates.severities import CONFIRMED, CONFIRMED_SYMBOL, SEVERITIES, SYMBOLS


def standing(found: Problem) -> str:
    """How a problem stands, as a sign and a word: × 错误, √ 已说明."""
    if found.confirmed:
        return f"{CONFIRMED_SYMBOL} {CONFIRMED}"
    return f"{SYMBOLS[found.severity]} {SEVERITIES[found.severity]}"


def _lines(problems: Iterable[Problem]) -> Iterator[str]:
    for found in problems:
        yield f"{standing(found)}：{found.message}"
        if found.cure and found.open:
            yield f"怎么改：{found.cure}"


def noted(problems: Iterable[Problem]) -> str:
    """The note on a cell with these problems: each with what is wrong and, if somebody has to act, how to mend it."""
    return "\n".join(_lines(problems))
