"""Rows on either side of every bound of an expression, found from the expression itself.

An expression asks questions: comparisons, whether a cell is filled in, whether it holds a text. For each question and each
column in it, rows are sought that differ in that column only, by one step, and for which the whole expression is true and
false. A step is a day, a month, a year, a cent, a one, another choice, another text, or a blank.
"""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, pairwise
from random import Random
from typing import Any, NamedTuple

from tests.steps import Steps, steps
from tests.typed_rows import Row
from workbook_templates.cells import Raw
from workbook_templates.column import Column
from workbook_templates.expression import Expression, environment
from workbook_templates.form import Form
from workbook_templates.kinds.base import Setting
from workbook_templates.kinds.choices import Choice

ENOUGH = 4
"""Pairs sought for each question and column."""
TRIES = 60
"""Rows looked at for each question and column."""
WALK = 4
"""Cells changed at most before a row is looked at."""
GRID = 24
"""Places looked at for where a comparison turns, besides the cell's own value."""


class Pair(NamedTuple):
    """Two rows that differ in one column by one step: the expression is true for the first, false for the other."""

    inside: Row
    outside: Row


def sample(column: Column, setting: Setting, random: Random) -> Raw:
    """A right value of a column; a long text where its kind knows none."""
    value = column.of.sample(column, setting, random)
    return "东风村示例之一" if value is None else value


class Rows:
    """A form's rows as expressions see them: what cells mean, with the columns that fill themselves."""

    def __init__(self, form: Form, setting: Setting) -> None:
        self.form, self.setting = form, setting
        self._parsers = {column.id: column.of.parser(column, setting) for column in form.stored}
        self._known: dict[tuple[str, type, Raw], Any] = {}
        self._questions: dict[str, list[Question]] = {}
        self._derived = {
            column.id: self.compiled(form.expression(column.derive)) for column in form.stored if column.derive
        }

    def compiled(self, expression: Expression) -> Callable[[Row], Any]:
        """What an expression says of a row; None where it cannot be judged."""
        places = {name: f"known[{name!r}]" for name in expression.names}
        evaluate = eval(f"lambda known: {expression.python(places)}", environment(self.setting.today))

        def result(row: Row) -> Any:
            try:
                return evaluate({name: self.comparable(name, row) for name in expression.names})
            except (TypeError, ValueError):  # something in it is blank
                return None

        return result

    def comparable(self, name: str, row: Row) -> Any:
        """What a column's cell means in expressions; None if it is blank or wrong."""
        raw = row.get(name)
        if raw is None:
            return self._derived[name](row) if name in self._derived else None
        key = (name, type(raw), raw)
        if key not in self._known:
            value = self._parsers[name](raw).value
            self._known[key] = None if value is None else self.form.by_id[name].of.comparable(value)
        return self._known[key]

    def questions(self, text: str) -> "list[Question]":
        """What an expression asks."""
        if text not in self._questions:
            self._questions[text] = [*_questions(self, self.form.expression(text))]
        return self._questions[text]


@dataclass(frozen=True)
class Question:
    """One question of an expression. `sides` are the two things compared and, for each abs(), what is in it and 0."""

    rows: Rows
    expression: Expression

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns on which the answer depends."""
        form = self.rows.form
        names = list(self.expression.names)
        for name in names:  # grows meanwhile
            if form.by_id[name].derive:
                names += form.expression(form.by_id[name].derive).names
        return tuple(form.by_id[name] for name in dict.fromkeys(names))

    @cached_property
    def sides(self) -> tuple[tuple[Callable[[Row], Any], Callable[[Row], Any]], ...]:
        """The two things that are compared; before them, for each abs(), what is in it and 0."""
        pairs = []
        for node in ast.walk(self.expression.tree):
            match node:
                case ast.Compare(left=left, ops=[operator], comparators=[right]) if not isinstance(operator, ast.In):
                    pairs.append((left, right))
                case ast.Call(func=ast.Name(id="abs"), args=[inside]):
                    pairs.insert(0, (inside, ast.Constant(0)))
        return tuple((self._part(left), self._part(right)) for left, right in pairs)

    def _part(self, node: ast.expr) -> Callable[[Row], Any]:
        return self.rows.compiled(replace(self.expression, tree=node))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts that it mentions."""
        constants = [node.value for node in ast.walk(self.expression.tree) if isinstance(node, ast.Constant)]
        groups = self.expression.groups.items()
        grouped = [
            text
            for (name, group), texts in groups
            if group in constants and name in self.expression.names
            for text in texts
        ]
        return tuple(dict.fromkeys(text for text in (*constants, *grouped) if isinstance(text, str)))

    def neighbours(self, row: Row, column: Column, random: Random) -> Iterator[tuple[Raw, Raw]]:
        """Values of the column, two by two, between which the answer may turn in this row."""
        own = row.get(column.id)
        if own is None:
            own = sample(column, self.rows.setting, random)
        scale = steps(column, own, self.rows.setting)
        if scale is None:
            yield from combinations((*self._words(row, column, random), None), 2)
            return
        turns = [(scale.at(i), scale.at(i + 1)) for i in sorted(self._turns(row, column, scale))]
        yield from turns
        yield (turns[0][0] if turns else own, None)

    def _words(self, row: Row, column: Column, random: Random) -> Sequence[str]:
        said = [text for one, other in self.sides for side in (one, other) if isinstance(text := side(row), str)]
        words = dict.fromkeys((*self.texts, *said))
        if isinstance(column.of, Choice):
            offered = column.of.offered(column, self.rows.setting)
            meant = [name for name in offered if any(word in name for word in words)]
            return [*meant, *random.sample(offered, min(len(offered), 3))]
        return [*words, *(f"{word}某" for word in words), str(sample(column, self.rows.setting, random))]

    def _turns(self, row: Row, column: Column, scale: Steps) -> set[int]:
        """The steps after which a comparison turns to equal, less or more."""
        places = {*range(scale.first, scale.last, max((scale.last - scale.first) // GRID, 1)), scale.last, scale.own}
        turns: set[int] = set()
        for left, right in self.sides:

            def sign(i: int, left: Callable[[Row], Any] = left, right: Callable[[Row], Any] = right) -> int | None:
                changed = row | {column.id: scale.at(i)}
                a, b = left(changed), right(changed)
                return None if isinstance(a, str | None) or isinstance(b, str | None) else (a > b) - (a < b)

            signs = {i: sign(i) for i in places}
            turns = set()
            for a, b in pairwise(sorted(places)):
                if (one := signs[a]) is None or (other := signs[b]) is None or one == other:
                    continue
                for least in (0, 1):
                    low, high = a, b
                    while (one >= least) != (other >= least) and high - low > 1:
                        middle = (low + high) // 2
                        low, high = (
                            (middle, high) if ((sign(middle) or 0) >= least) == (one >= least) else (low, middle)
                        )
                    if high - low == 1:
                        turns |= {i for i in range(low - 1, high + 1) if scale.first <= i < scale.last}
            places |= turns
        return turns


def _questions(rows: Rows, expression: Expression) -> Iterator[Question]:
    for node in ast.walk(expression.tree):
        match node:
            case ast.Compare() | ast.Call(func=ast.Name(id="blank" | "filled" | "has")):
                inside = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
                names = tuple(name for name in expression.names if name in inside)
                yield Question(rows, replace(expression, tree=node, names=names))


def boundaries(rows: Rows, text: str, right: Sequence[Row], random: Random) -> list[list[Pair]]:
    """Pairs of rows for each question and column of an expression between which it turns, starting from `right` rows."""
    asked = [(question, column) for question in rows.questions(text) for column in question.columns]
    holds = rows.compiled(rows.form.expression(text))
    found: dict[int, list[Pair]] = defaultdict(list)
    for attempt in range(TRIES * len(asked)):
        number = attempt % len(asked)
        if len(found[number]) >= ENOUGH:
            continue
        near = [row for pairs in found.values() for pair in pairs for row in pair]
        row = random.choice(near if near and random.random() < 0.5 else right)
        for _ in range(random.randrange(WALK + 1)):
            question, column = random.choice(asked)
            if pairs := list(question.neighbours(row, column, random)):
                row = row | {column.id: random.choice(random.choice(pairs))}
        question, column = asked[number]
        turned = []
        for one, other in question.neighbours(row, column, random):
            a, b = row | {column.id: one}, row | {column.id: other}
            if bool(holds(a)) != bool(holds(b)):
                turned.append(Pair(a, b) if holds(a) else Pair(b, a))
        found[number] += random.sample(turned, min(len(turned), 2))
    return [pairs for pairs in found.values() if pairs]
