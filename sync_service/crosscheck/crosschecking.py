"""A crosscheck from the store to the workbooks: the county's own, and a work list for every township."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sync_service.crosscheck.county_book import write_county_book
from sync_service.crosscheck.definitions import list_checks
from sync_service.crosscheck.holdings import Holdings
from sync_service.crosscheck.lists import listed
from sync_service.crosscheck.placed import placements
from sync_service.crosscheck.records import Crosscheck
from sync_service.crosscheck.roster import FORM, read_roster
from sync_service.crosscheck.work_list import write_work_list
from sync_service.errors import TaizhangError
from sync_service.figures.period import Period
from sync_service.moments import moment
from sync_service.placing import writing
from sync_service.settings import CountySetup
from sync_service.store import Store
from sync_service.store.records import Row
from workbook_templates.form import Forms

COUNTY_BOOK = "名册核对.xlsx"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: for which period, as things stood when, and against which roster (None: the bureau's own sheet)."""

    period: Period
    at: datetime
    roster: Path | None = None
    sheet: str = ""


def crosscheck(setup: CountySetup, forms: Forms, question: Question) -> Crosscheck:
    """What the rosters say against each other.

    Raises TaizhangError if the roster cannot be read.
    """
    townships = {one.code: one.name for one in setup.townships if one.filler == "township"}
    codes = {name: code for code, name in townships.items()}
    day, last = question.at.date(), min(question.at.date(), question.period.last)
    with Store.open(setup.store_url, setup.county.code) as store:
        holdings = Holdings(forms, setup.townships, _rows_at(store, question.at))
        roster = read_roster(setup, forms[FORM], question.roster, question.sheet, day) if question.roster else None
        if roster:
            holdings.stand_in(FORM, roster.held, roster.people)
        entries = [
            entry for check in list_checks() for entry in listed(check, holdings, question.period.first, last, last)
        ]
        return Crosscheck(
            setup.county.name,
            question.period.name,
            day.isoformat(),
            roster.name if roster else holdings.title(FORM),
            roster.remarks if roster else (),
            townships,
            {check.id: check.title for check in list_checks()},
            placements(holdings, codes),
            entries,
        )


def _rows_at(store: Store, at: datetime) -> Callable[[str], Sequence[Row]]:
    return lambda form: store.as_of(form, moment(at))


def _targets(found: Crosscheck, folder: Path) -> dict[str, Path]:
    """Where each workbook goes, by township; the county's own under ""."""
    return {"": folder / COUNTY_BOOK} | {
        code: folder / f"{name}_待办名单.xlsx" for code, name in found.townships.items()
    }


def write_books(found: Crosscheck, folder: Path, made_at: datetime, *, force: bool) -> Iterator[Path]:
    """Writes the workbooks into `folder` and yields their paths, the county's own first.

    Raises TaizhangError if one of them is there already, and nothing is written then: clerks may have filled it in; `force`
    overwrites.
    """
    targets = _targets(found, folder)
    taken = [path.name for path in targets.values() if path.exists()]
    if taken and not force:
        raise TaizhangError(
            f"“{folder.name}”里已经有 {len(taken)} 个同名文件，没有覆盖",
            "名单里可能已有人填过。请用 --out 换个文件夹；确实要重写请加 --force。",
        )
    folder.mkdir(parents=True, exist_ok=True)
    for code, path in targets.items():
        with writing(path):
            if code:
                write_work_list(path, found, code, made_at)
            else:
                write_county_book(path, found, made_at)
        yield path
