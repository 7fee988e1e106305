"""A county of two townships and its bureau whose rows are known, handed in period by period straight into a store.

Nothing is typed wrong here: what figures make of the rows is asked, not what checking does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from sync_service.demo.inventor import Inventor
from sync_service.demo.offices import of_bureau, of_township
from sync_service.demo.people import KINDS, anybody
from sync_service.demo.places import BUREAU, COUNTY, TOWNSHIPS
from sync_service.figures.figures import Figures, figures
from sync_service.figures.period import Span, period_named
from sync_service.merge import Policy, merge
from sync_service.settings import CountyPart, CountySetup, Settings, TownshipPart
from sync_service.store import Reading, Source, Store
from tests.county import workbook
from validators.check import check
from validators.raw import RawBook
from workbook_templates.figures import Definitions, load_figures
from workbook_templates.form import load_forms
from workbook_templates.place import Township

FORMS = load_forms()
DEFINITIONS = load_figures(FORMS)
EAST, WEST = TOWNSHIPS[:2]
PLACES = (EAST, WEST, BUREAU)
NEVER = "9999"
"""Before which everything was."""

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""The rows of a workbook by form."""
LASTING = {
    "veterans", "beneficiaries", "military_families", "plaques", "stations", "insurance_cases", "placement_history",
    "benefit_standards", "honors",
}  # fmt: skip
"""Forms whose rows go on from period to period; what is in the others happens in one."""


DATED = {
    "payments": "pay_date", "visits": "visit_date", "activities": "start_date", "health_checks": "exam_date",
    "placement_training": "report_date", "service_cases": "reg_date", "honors": "deliver_date", "plaques": "hang_date",
}  # fmt: skip
"""When what a row is about happened."""


def setup_of(folder: Path, figures_file: str = "") -> CountySetup:
    """The settings of the county."""
    parts = [
        TownshipPart(code=one.code, name=one.name, workbook=f"上报/{one.name}.xlsx", villages=one.villages)
        for one in (EAST, WEST)
    ]
    county = CountyPart(code=COUNTY.code, name=COUNTY.name, workbook="上报/县本级.xlsx")
    settings = Settings(period="2026上半年", county=county, township=tuple(parts))
    return CountySetup(
        settings.model_copy(update={"files": settings.files.model_copy(update={"figures": figures_file})}), folder
    )


def report(store: Store, place: Township, period: str, rows: Mapping[str, Sequence[Row]], at: str) -> None:
    """Hands in a workbook: it is checked, merged and stored as a run does it at the moment `at`."""
    more = {form: [*some] for form, some in rows.items() if form != "veterans"}
    drawn = workbook(place.name, [*rows.get("veterans", [])], place.filler, period, **more)
    book = RawBook(f"{place.name}.xlsx", tuple(replace(sheet, title=title) for title, sheet in drawn.items()))
    checked = check(FORMS, book, place, date.fromisoformat(at[:10]), period)
    stored = store.current(place.code, [sheet.form for sheet in checked.sheets])
    plans = [merge(stored[sheet.form], sheet, Policy()) for sheet in checked.sheets]
    source = Source(place.code, book.name, 1, 1, at, "s", "ok", at)
    store.apply([Reading(source, plans, checked.problems)], started_at=at, at=at)


def invented(place: Township, today: date, of: Inventor, more: int) -> Rows:
    """Everything that happened by a day: every kind of people, and so many more; or what the bureau keeps.

    What only the bureau keeps about a township's people is among it.
    """
    of.today = today
    makers = [of_bureau] if place is BUREAU else [of_township, *KINDS, *(anybody for _ in range(more))]
    rows: Rows = {}
    for maker in makers:
        for form, some in maker(of).items():
            rows.setdefault(form, []).extend(dict(row) for row in some)
    return rows


def since(rows: Rows, day: date) -> Rows:
    """The rows without those of what happened earlier."""
    return {
        form: [row for row in some if not isinstance(when := row.get(DATED.get(form, "")), date) or when >= day]
        for form, some in rows.items()
    }


def kept_by_bureau(rows: Mapping[Township, Rows]) -> None:
    """Moves what only the bureau may fill in to its workbook."""
    for place, some in rows.items():
        for form in [form for form in some if place.filler not in FORMS[form].filled_by]:
            rows[BUREAU].setdefault(form, []).extend(some.pop(form))


def of_place(place: Township, seed: str, numbers: set[str]) -> Inventor:
    """Who invents a township's people."""
    return Inventor(place, date(2026, 7, 8), Random(f"{seed}:{place.code}"), numbers)


def carried_over(rows: Rows) -> Rows:
    """What of a period's rows stands in the next one's workbook too."""
    return {form: [*some] for form, some in rows.items() if form in LASTING}


def together(first: Rows, second: Rows) -> Rows:
    """The rows of both; a station or a standard is there once."""
    found = {form: [*first.get(form, []), *second.get(form, [])] for form in {*first, *second}}
    for form in ("stations", "benefit_standards"):
        found[form] = first.get(form, []) or second.get(form, [])
    return found


@contextmanager
def county(folder: Path) -> Iterator[tuple[Store, CountySetup]]:
    """The county without any rows."""
    with Store.open(f"sqlite:///{folder / 'taizhang.db'}", COUNTY.code) as store:
        yield store, setup_of(folder)


def counted(
    store: Store,
    setup: CountySetup,
    period: str,
    day: str = "",
    *,
    before: str = NEVER,
    definitions: Definitions = DEFINITIONS,
) -> Figures:
    """The figures of a period, up to a day, from what the store held before a moment."""
    wanted = period_named(period)
    span = Span(wanted, date.fromisoformat(day) if day else wanted.last, before)
    return figures(store, setup, FORMS, definitions, span)


def flat(rows: Iterable[Rows]) -> Rows:
    """The rows of several workbooks."""
    found: Rows = {}
    for one in rows:
        for form, some in one.items():
            found.setdefault(form, []).extend(some)
    return found
