"""Two readers that know nothing of each other, ours and openpyxl, find the same in every workbook that we make.

TAIZHANG_CORPUS has them compared on the corpus too (see test_corpus.py); where they differ, DIFFERENCES says why.
"""

import math
import os
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest

from sync_service.sources.base import Limits, Refused
from sync_service.sources.crew import run_all
from sync_service.sources.excel import read_book
from sync_service.sources.worker import Failure
from tests.allowed_skips import allowed_skip
from tests.county import CountyOnDisk, make_county, veteran, workbook
from tests.hostile_files import FORMS
from tests.test_corpus import corpus
from workbook_templates.cells import CellError
from workbook_templates.excel import write_template
from workbook_templates.sheet import DICTIONARY

LIMITS = Limits(seconds=60, memory_mb=900)
MOST_TOLD = 3
_DAY_ZERO = datetime(1899, 12, 30)


def _plain(value: object) -> object:
    """A value in one form, whoever read it: moments as days since 1899-12-30, blank as None."""
    match value:
        case "" | None:
            return None
        case bool() | str():
            return value
        case datetime():
            return round((value - _DAY_ZERO) / timedelta(days=1), 6)
        case date():
            return float((datetime(value.year, value.month, value.day) - _DAY_ZERO).days)
        case time():
            return round((value.hour * 3600 + value.minute * 60 + value.second) / 86400, 6)
        case timedelta():
            return round(value / timedelta(days=1), 6)
        case int() | float():
            return float(value) if math.isfinite(value) else None
        case CellError(text=text):
            return text
    return str(value)


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=2e-5)
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours.replace("\r\n", "\n") == theirs.replace("\r\n", "\n")
    return ours == theirs


def _theirs(path: Path) -> dict[str, dict[tuple[int, int], object]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=True)
    return {
        page.title: {
            (cell.row, cell.column): _plain(cell.value)
            for row in page.iter_rows()
            for cell in row
            if _plain(cell.value) is not None
        }
        for page in book.worksheets
    }


def differences(path: Path) -> list[str]:
    """Where the two readers differ on a workbook; what each makes of it is told without the values."""
    try:
        theirs = _theirs(path)
    except Exception:  # openpyxl stumbles in its own ways: there is nothing to compare with
        return []
    try:
        book = read_book(path, LIMITS)
    except Refused as refused:
        return [f"we refuse it ({refused.problem.code})"]
    found = []
    ours = {page.title: page for page in book.sheets}
    found += [f"only openpyxl has a sheet {title}" for title in theirs.keys() - ours.keys() - {DICTIONARY}]
    for title, page in ours.items():
        cells = {
            (r, c): _plain(value)
            for r, row in enumerate(page.rows, 1)
            for c, value in enumerate(row, 1)
            if _plain(value) is not None
        }
        other = theirs.get(title, {})
        for place in sorted(cells.keys() | other.keys()):
            mine, yours = cells.get(place), other.get(place)
            if not _same(mine, yours):
                found.append(
                    f"{title} {place}: {type(mine).__name__} {mine!r:.40} / {type(yours).__name__} {yours!r:.40}"
                )
    return found


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> CountyOnDisk:
    county = make_county(tmp_path_factory.mktemp("alike") / "county")
    rows = [veteran(n) for n in range(20)]
    rows += [
        veteran(30, name="王 五", phone="无"),
        veteran(31, enlist_date=36526.5),
        veteran(32, remark="第一行\n第二行"),
    ]
    county.write("城关镇", workbook("城关镇", rows))
    county.sync()
    return county


def _made(county: CountyOnDisk) -> Iterator[Path]:
    yield county.book("城关镇")
    yield county.master
    yield county.feedback("城关镇")
    template = county.folder / "模板.xlsx"
    write_template(
        template, FORMS, county.setup.townships[0], "2026下半年", {"veterans": [veteran(n) for n in range(9)]}
    )
    yield template


def test_the_readers_agree_on_everything_that_we_make(county: CountyOnDisk) -> None:
    for path in _made(county):
        assert differences(path) == [], path.name


_BREAKS = (
    "every value stands on a line of its own (LibreOffice's test writer): calamine reads no number behind a line break"
)
DIFFERENCES: Mapping[str, str] = {
    "02a3ec9afb.xlsx": _BREAKS,
    "244b59d2e6.xlsx": _BREAKS,
    "4ee0d88d2f.xlsx": _BREAKS,
    "626bf49770.xlsx": _BREAKS,
    "0e363e7fed.xlsx": "its relations are cut off, which openpyxl does not mind; Excel asks whether it should repair it",
    "2eb36ee2a0.xlsx": "a test version of Excel 2007 wrote texts into the cells as if they were numbers of texts",
    "5cae057879.xlsm": "it has a sheet of Excel 4 macros, which openpyxl leaves out: we tell of a virus",
    "b6bebea455.xlsx": "its sheets are missing: openpyxl takes the workbook for an empty one",
    "e64abc612d.xlsx": "its cells name columns without rows: openpyxl takes what it finds",
    "repro_phone_in_date_column.xlsx": "a number in a date format that is no day: openpyxl loses it; a formula that was never "
    "calculated: we say so",
}
"""Files of the corpus on which the readers differ, with the reason."""


def test_where_the_readers_differ_on_the_corpus_is_explained() -> None:
    folder = os.environ.get("TAIZHANG_CORPUS")
    if not folder:
        allowed_skip("TAIZHANG_CORPUS does not name the folder of the corpus")
    files = [path for path in corpus(Path(folder)) if path.suffix in {".xlsx", ".xlsm"}]
    found: dict[str, list[str]] = {}
    for index, given in run_all(differences, [(path,) for path in files], LIMITS):
        told: list[str] = [given.kind] if isinstance(given, Failure) else given
        if told:
            found[files[index].name] = told[:MOST_TOLD]
    assert found.keys() == DIFFERENCES.keys(), found
