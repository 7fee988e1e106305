"""The names by which figures call forms, columns and each other: every one of them must be there."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from workbook_templates.errors import Wrong, near
from workbook_templates.expression import Expression, ExpressionError, parse_expression
from workbook_templates.figure import NEED_VALUE, PARAMETERS, Check, Figure, Join, Part
from workbook_templates.form import Form
from workbook_templates.form_lines import Place

_DATES = {"date", "pdate", "month"}


def condition(form: Form, text: str, other: Form | None = None) -> Expression:
    """A condition of a figure over the rows of `form` (and the other row of a join). Raises ExpressionError if it is none."""
    return form.expression(text, other, PARAMETERS.keys())


def check_expression(text: str) -> Expression:
    """A condition over the ids of figures. Raises ExpressionError if it is none."""
    return parse_expression(text, lambda *_: None)


def _unreadable(form: Form, text: str, place: Place, other: Form | None = None) -> Iterator[Wrong]:
    try:
        if text:
            condition(form, text, other)
    except ExpressionError as error:
        yield Wrong(str(error), place)


def _value(form: Form, text: str) -> Iterator[Wrong]:
    try:
        form.expression(text)
    except ExpressionError as error:
        yield Wrong(str(error), ("of",))


def _column(form: Form, name: str, place: Place) -> Iterator[Wrong]:
    if name not in form.by_id:
        yield Wrong(f"“{form.title}”表没有“{name}”这一列{near(name, form.by_id)}", place)


def _date(form: Form, name: str, place: Place) -> Iterator[Wrong]:
    if not name:
        return
    yield from _column(form, name, place)
    if name in form.by_id and form.by_id[name].kind not in _DATES:
        yield Wrong(f"“{form.by_id[name].header}”不是日期列；请换一列", place)


def _join(form: Form, join: Join, forms: Mapping[str, Form], place: Place) -> Iterator[Wrong]:
    other = forms.get(join.form)
    if other is None:
        yield Wrong(f"没有“{join.form}”这张表{near(join.form, forms)}", (*place, "form"))
        return
    for own, theirs in join.match.items():
        yield from _column(form, own, (*place, "match", own))
        yield from _column(other, theirs, (*place, "match", own))
    yield from _unreadable(form, join.that, (*place, "that"), other)
    yield from _date(other, join.date, (*place, "date"))


def _part(part: Part, figure: Figure, forms: Mapping[str, Form], place: Place) -> Iterator[Wrong]:
    form = forms.get(part.form)
    if form is None:
        yield Wrong(f"没有“{part.form}”这张表{near(part.form, forms)}", (*place, "form"))
        return
    yield from _unreadable(form, part.where, (*place, "where"))
    yield from _date(form, part.date, (*place, "date"))
    for number, join in enumerate(part.joins):
        yield from _join(form, join, forms, (*place, "join", number))
    if figure.count == "persons" and not form.person:
        yield Wrong(f"“{form.title}”表没有身份证号，数不了人；请用别的 count", (*place, "form"))
    if figure.count in NEED_VALUE:
        yield from _value(form, figure.of)
    if figure.by:
        yield from _column(form, figure.by, ("by",))
    if figure.each == "villages":
        yield from _column(form, "village", ("each",))


def _figure(figure: Figure, by_id: Mapping[str, Figure], forms: Mapping[str, Form]) -> Iterator[Wrong]:
    for number, part in enumerate(figure.parts):
        yield from _part(part, figure, forms, ("also", number - 1) if number else ())
    if figure.count == "expected" and figure.form not in forms:
        yield Wrong(f"没有“{figure.form}”这张表{near(figure.form, forms)}", ("form",))
    for name in ("part", "whole", "beside"):
        wanted = getattr(figure, name)
        if wanted and wanted not in by_id:
            yield Wrong(f"没有“{wanted}”这个指标{near(wanted, by_id)}", (name,))
        elif wanted and name != "beside" and by_id[wanted].kind == "ratio":
            yield Wrong(f"“{wanted}”本身是比率，不能再作分子或分母；请换一个", (name,))


def _check(check: Check, by_id: Mapping[str, Figure]) -> Iterator[Wrong]:
    for key in ("that", "when"):
        try:
            text = getattr(check, key)
            for name in check_expression(text).names if text else ():
                if name not in by_id:
                    yield Wrong(f"没有“{name}”这个指标{near(name, by_id)}", (key,))
        except ExpressionError as error:
            yield Wrong(str(error), (key,))


def names_of(
    figures: Sequence[Figure], checks: Sequence[Check], by_id: Mapping[str, Figure], forms: Mapping[str, Form]
) -> Iterator[Wrong]:
    """What the figures and checks of one file name and nobody has. `by_id` are all figures in use, of other files too."""
    for table, ids in (("figure", [one.id for one in figures]), ("check", [one.id for one in checks])):
        for name, times in Counter(ids).items():
            if times > 1:
                last = len(ids) - 1 - ids[::-1].index(name)
                yield Wrong(f"“{name}”写了两次；请改其中一个的 id", (table, last, "id"))
    for number, figure in enumerate(figures):
        for wrong in _figure(figure, by_id, forms):
            yield Wrong(wrong.text, ("figure", number, *wrong.place))
    for number, check in enumerate(checks):
        for wrong in _check(check, by_id):
            yield Wrong(wrong.text, ("check", number, *wrong.place))
