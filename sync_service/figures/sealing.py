"""Reported figures that are kept, and what has become different since, row by row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal, NamedTuple

from sync_service.errors import TaizhangError
from sync_service.figures.comparing import Before
from sync_service.figures.counting import EACH_BY_NUMBER, Counter, Number
from sync_service.figures.figures import Figures
from sync_service.figures.period import period_named
from sync_service.figures.result import Result
from sync_service.figures.table import table_of
from sync_service.moments import moment
from sync_service.store import Store
from sync_service.store.sealing import Seal, SealedFigure
from workbook_templates.figure import Figure
from workbook_templates.form import Forms

What = Literal["增加", "减少", "改动"]


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row that a reported figure counts otherwise now: what it added then and adds now, and where it stands or stood."""

    what: What
    form: str
    township: str
    key: str
    then: Number | None
    now: Number | None
    place: tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what was reported. `redefined`: its meaning was changed too. `rows` say where the difference comes from."""

    figure: Figure
    then: Number | None
    now: Number | None
    redefined: bool
    rows: tuple[RowDifference, ...]


class _Row(NamedTuple):
    version: int
    adds: Number | None
    place: tuple[str, str, int]


_RowKey = tuple[str, str, str]
"""(form, township, key)."""


def _number(value: float | None) -> Number | None:
    return int(value) if value is not None and float(value).is_integer() else value


def standing_seal(store: Store, period: str) -> Seal | None:
    """The seal of a period, if it is sealed now."""
    return next((one for one in store.seals() if one.period == period and not one.lifted_at), None)


def sealed_before(store: Store, periods: Iterable[str]) -> Mapping[str, Mapping[str, Before]]:
    """The reported values of those of the periods that are sealed, by period and figure."""
    found: dict[str, Mapping[str, Before]] = {}
    for period in periods:
        if one := standing_seal(store, period):
            reported = store.sealed_figures(one.id).values()
            found[period] = {
                figure.figure: Before(period_named(period), _number(figure.value), figure.done, sealed=True)
                for figure in reported
            }
    return found


def _sealed(result: Result) -> SealedFigure:
    versions = sorted({version for table, rows in result.parts for version in (table.version[i] for i in rows)})
    return SealedFigure(
        result.figure.id,
        result.value,
        dict(result.by_township),
        result.reported.done,
        _definition(result.figure),
        versions,
    )


def _definition(figure: Figure) -> str:
    """All that the figure's value depends on, as text."""
    return figure.model_dump_json(
        include={*type(figure).model_fields} - {"label", "line", "beside", "chart", "tolerance", "wording"}
    )


def seal_figures(store: Store, figures: Figures, now: datetime, by: str, note: str) -> int:
    """Seals the figures as reported; the seal's number.

    Raises TaizhangError if nobody has reported the period, StoreError if it is sealed already.
    """
    if not any(figures.covers.reported(one.code, figures.span) for one in figures.townships):
        raise TaizhangError(
            f"还没有乡镇报过{figures.span.period.name}，没有可封存的", "请先收齐工作簿、运行 taizhang sync。"
        )
    wanted = Seal(
        0, figures.span.period.name, figures.span.as_of.isoformat(), moment(now), by, note, figures.definitions.digest
    )
    return store.seal(wanted, [_sealed(result) for result in figures.results.values()])


def _now(result: Result) -> dict[_RowKey, _Row]:
    return {
        (row.form, row.township, row.key): _Row(row.version, row.adds, (row.file, row.sheet, row.row))
        for row in result.rows()
    }


def _then(store: Store, forms: Forms, figure: Figure, versions: Iterable[int]) -> dict[_RowKey, _Row]:
    """The sealed rows; what they added then is what their version says."""
    found: dict[_RowKey, _Row] = {}
    wanted = set(versions)
    for form_id in {part.form for part in figure.parts}:
        form = forms[form_id]
        needed = set(form.expression(figure.of).names) if figure.of else set()
        table = table_of(form, needed, partial(store.numbered, form_id, wanted=wanted))
        rows = range(len(table))
        for i, adds in zip(rows, Counter(figure, EACH_BY_NUMBER).contributions(table, rows), strict=True):
            row = _Row(table.version[i], adds, table.place(i))
            found[form_id, table.township[i], table.key[i]] = row
    return found


def _rows(then: Mapping[_RowKey, _Row], now: Mapping[_RowKey, _Row]) -> Iterator[RowDifference]:
    for key in sorted(then.keys() | now.keys()):
        old, new = then.get(key), now.get(key)
        if old is None and new is not None:
            yield RowDifference("增加", *key, None, new.adds, new.place)
        elif new is None and old is not None:
            yield RowDifference("减少", *key, old.adds, None, old.place)
        elif old and new and old.version != new.version:
            yield RowDifference("改动", *key, old.adds, new.adds, new.place)


def differences(store: Store, forms: Forms, figures: Figures) -> list[Difference]:
    """The figures that are not what was reported of a sealed period, with the rows that make the difference; none if it is not sealed.

    A row that was changed without changing the figure is told too. A ratio's rows stand with its numerator and denominator.
    """
    standing = standing_seal(store, figures.span.period.name)
    if standing is None:
        return []
    found = []
    for sealed in store.sealed_figures(standing.id, rows=True).values():
        result = figures.results.get(sealed.figure)
        if result is None:
            continue
        then = _then(store, forms, result.figure, sealed.versions) if sealed.versions else {}
        rows = tuple(_rows(then, _now(result)))
        redefined = sealed.meaning != _definition(result.figure)
        value = _number(sealed.value)
        if rows or value != result.value or redefined:
            found.append(Difference(result.figure, value, result.value, redefined, rows))
    order = {figure_id: number for number, figure_id in enumerate(figures.results)}
    return sorted(found, key=lambda one: order[one.figure.id])
