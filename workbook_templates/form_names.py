"""The names by which the parts of forms call each other: every column, form and choice that is named must be there."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from workbook_templates.catalogue import catalogue, no_code
from workbook_templates.errors import Wrong, near
from workbook_templates.expression import ExpressionError
from workbook_templates.form_lines import Place
from workbook_templates.rule import Lookup, Outlier, Repeat, Rule

if TYPE_CHECKING:
    from workbook_templates.form import Form


def tables_of(form: "Form") -> Iterator[tuple[Place, Rule]]:
    """Every rule of a form, of every sort, with its place in the form file."""
    sorts: Mapping[str, tuple[Rule, ...]] = {
        "rule": form.rules,
        "lookup": form.lookups,
        "repeat": form.repeats,
        "outlier": form.outliers,
        "coverage": form.coverages,
    }
    for table, rules in sorts.items():
        for number, rule in enumerate(rules):
            yield (table, number), rule


def _no_column(name: str, form: "Form", place: Place) -> Iterator[Wrong]:
    if name not in form.by_id:
        yield Wrong(f"没有“{name}”这一列{near(name, form.by_id)}", place)


def _unreadable(text: str, form: "Form", place: Place, other: "Form | None" = None) -> Iterator[Wrong]:
    try:
        if text:
            form.expression(text, other)
    except ExpressionError as error:
        yield Wrong(str(error), place)


def _columns(form: "Form") -> Iterator[Wrong]:
    seen: set[str] = set()
    for number, column in enumerate(form.columns):
        if column.id in seen:
            yield Wrong(f"前面已有一列的 id 是“{column.id}”；每列的 id 要不同，请改一个", ("column", number, "id"))
        seen.add(column.id)
        yield from _unreadable(column.required_when, form, ("column", number, "required_when"))
        yield from _unreadable(column.optional_when, form, ("column", number, "optional_when"))
        yield from _unreadable(column.derive, form, ("column", number, "derive"))


def _rules(form: "Form") -> Iterator[Wrong]:
    for place, rule in tables_of(form):
        yield from _no_column(rule.at, form, (*place, "at"))
        if not rule.when and place[0] == "rule":
            yield Wrong("没有写 when，不知道什么时候算错；请补上一行 when = …", place)
        yield from _unreadable(rule.when, form, (*place, "when"))
        for number, text in enumerate(rule.same if isinstance(rule, Repeat | Outlier) else ()):
            yield from _unreadable(text, form, (*place, "same", number))
        if isinstance(rule, Repeat) and rule.distinct:
            yield from _no_column(rule.distinct, form, (*place, "distinct"))


def names_within(form: "Form") -> Iterator[Wrong]:
    """What a form names and does not have."""
    if form.repeated not in catalogue():
        yield Wrong(no_code(form.repeated), ("repeated",))
    for key in ("key", "key_else", "recognise"):
        for number, name in enumerate(getattr(form, key)):
            yield from _no_column(name, form, (key, number))
    if form.person:
        yield from _no_column(form.person, form, ("person",))
    yield from chain(_columns(form), _rules(form))


def targets_of(lookup: Lookup, place: Place) -> Iterator[tuple[Place, str, Mapping[str, str], str]]:
    """Where a lookup looks: the place of each target in the form file, its form, match and condition."""
    for number, target in enumerate(lookup.targets):
        yield (*place, "also", number - 1) if number else place, target.form, target.match, target.that


def names_between(form: "Form", forms: Mapping[str, "Form"]) -> Iterator[Wrong]:
    """What a form's lookups name and the other forms, by id, do not have."""
    for number, lookup in enumerate(form.lookups):
        for place, form_id, match, that in targets_of(lookup, ("lookup", number)):
            other = forms.get(form_id)
            if other is None:
                yield Wrong(f"没有“{form_id}”这张表{near(form_id, forms)}", (*place, "form"))
                continue
            for own, theirs in match.items():
                yield from _no_column(own, form, (*place, "match", own))
                if theirs not in other.by_id:
                    text = f"“{other.title}”表没有“{theirs}”这一列{near(theirs, other.by_id)}"
                    yield Wrong(text, (*place, "match", own))
            yield from _unreadable(that, form, (*place, "that"), other)
