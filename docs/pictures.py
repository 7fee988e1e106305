"""Takes the pictures under docs/pictures: python -m docs.pictures. Needs LibreOffice with python3-uno, and poppler.

The people in them are invented, and the same for the same code; only the moments of reading are those of the day.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from random import Random

from docs.small_png import small_png
from sync_service.demo.county import make_county
from sync_service.demo.draft import Bundle, Draft, period_of, right, typed, wrong
from sync_service.demo.filling import fill_template
from sync_service.demo.habits import Habits
from sync_service.demo.inventor import Inventor
from sync_service.demo.mistakes import VETERANS
from sync_service.demo.people import conscript
from sync_service.demo.places import BUREAU, COUNTY, TOWNSHIPS
from sync_service.demo.second_round import change_some_rows
from sync_service.pipeline import run
from sync_service.settings import CountyPart, CountySetup, TownshipPart, load_settings
from sync_service.settings_text import render_settings
from tests.libreoffice import FILTERS, ROOT, SOFFICE, SYSTEM_PYTHON, converted, profile
from validators.raw import RawBook
from workbook_templates.excel import write_template
from workbook_templates.form import Form, Forms, load_forms
from workbook_templates.place import Township
from workbook_templates.sheet import FIRST_ROW, confirm_column, letter, places

HERE = Path(__file__).parent / "pictures"
TODAY = date(2026, 7, 15)
ROOM = 60
RESOLUTION = "88"
SECONDS = 120

ROWS = ("", "id-swapped", "", "blank", "date-long", "date-long", "date-october", "", "phone-10", "village-foreign", "")
"""The rows of the template in the picture: the mistake in each, by its id in the demo."""
CONFIRMED = 5
"""The row of them, from 0, whose warning the clerk has explained."""
EXPLANATION = "已查档案，确系超期服役"
SHOWN = (
    "name", "id_number", "sex", "birth_date", "village", "hukou_type", "phone", "enlist_date", "discharge_date",
)  # fmt: skip
"""The columns of 退役军人 in the pictures of a township's workbook; there is no room for all of them."""
MERGED = ("name", "id_number", "sex", "village", "veteran_category", "discharge_date")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: of which cells of which sheet, with some columns hidden, and with the comment of one cell shown."""

    name: str
    sheet: str
    cells: str
    hide: Sequence[str] = ()
    note: str = ""


def _bundles(of: Inventor) -> Iterator[Bundle]:
    mistakes = {mistake.id: mistake for mistake in VETERANS}
    for name in ROWS:
        yield wrong(mistakes[name], of) if name else right(conscript, of)


def _explained(book: RawBook, form: Form) -> RawBook:
    """The workbook with 属实说明 filled in where the clerk has looked into a warning."""
    at, column = FIRST_ROW - 1 + CONFIRMED, confirm_column(form) - 1
    sheets = list(book.sheets)
    number = next(i for i, sheet in enumerate(sheets) if sheet.title == form.title)
    rows = [list(row) for row in sheets[number].rows]
    rows[at] += [None] * (column + 1 - len(rows[at]))
    rows[at][column] = EXPLANATION
    sheets[number] = replace(sheets[number], rows=tuple(map(tuple, rows)))
    return replace(book, sheets=tuple(sheets))


def _settings(folder: Path, period: str, townships: Sequence[Township], files: Mapping[str, str]) -> CountySetup:
    parts = [TownshipPart(code=t.code, name=t.name, workbook=files[t.code], villages=t.villages) for t in townships]
    path = folder / "county.toml"
    county = CountyPart(code=COUNTY.code, name=COUNTY.name, workbook=files.get(BUREAU.code, ""))
    path.write_text(render_settings(period, county, parts), "utf-8")
    return load_settings(path)


def _one_township(folder: Path, forms: Forms, now: datetime) -> None:
    """A county of one township, whose clerk has begun to fill in the template and saved it."""
    township = TOWNSHIPS[0]
    of = Inventor(township, TODAY, Random("pictures"), set())
    file = f"{township.name}.xlsx"
    draft = Draft(township, file, Habits(official=True), tuple(_bundles(of)), period_of(TODAY))
    template = folder / "template.xlsx"
    write_template(template, forms.of(township), township, draft.period)
    book = _explained(typed(draft, forms, TODAY).book, forms["veterans"])
    (folder / file).write_bytes(fill_template(template.read_bytes(), book, forms))
    saved = converted(folder / file, folder, FILTERS[".xlsx"], "xlsx").relative_to(folder)
    run(_settings(folder, draft.period, [township], {township.code: str(saved)}), forms, now)


def _county(folder: Path, forms: Forms, now: datetime) -> None:
    """The demo county, synced twice."""
    demo = make_county(folder, forms, TODAY)
    setup = _settings(folder, demo.period, demo.townships, demo.files)
    run(setup, forms, now)
    change_some_rows(folder, demo, forms)
    run(setup, forms, now)


def _hidden(numbers: set[int], last: int) -> list[str]:
    """The columns up to `last` that are not among `numbers`."""
    return [f"{letter(n)}:{letter(n)}" for n in range(1, last + 1) if n not in numbers]


def _shots(small: Path, county: Path, forms: Forms) -> Iterator[tuple[Path, Sequence[Shot]]]:
    form = forms["veterans"]
    at = {place.column.id: place.number for place in places(form)}
    last = confirm_column(form)
    shown = {1, last, *(at[name] for name in SHOWN)}
    bottom = FIRST_ROW + len(ROWS)
    cells = f"A1:{letter(last)}{bottom}"
    yield small / f"{TOWNSHIPS[0].name}.xlsx", [Shot("template", form.title, cells, _hidden(shown, last))]
    phone = f"{letter(at['phone'])}{FIRST_ROW + ROWS.index('phone-10')}"
    yield (
        small / "反馈" / f"{TOWNSHIPS[0].name}_校验反馈.xlsx",
        [
            Shot("feedback", "校验结果", "A1:F35"),
            Shot("marked", form.title, cells, _hidden(shown, last), phone),
        ],
    )
    merged = {column.id: number for number, column in enumerate(form.stored, 3)}
    end = len(form.stored) + 11
    kept = {1, 2, *(merged[name] for name in MERGED), *range(end - 8, end - 4), *range(end - 3, end + 1)}
    yield (
        county / "县级总台账.xlsx",
        [
            Shot("overview", "总览", "A1:M38"),
            Shot("conflicts", "重复与冲突", "A1:M10"),
            Shot("reviews", "审核", "A1:J12"),
            Shot("problems", "问题", "A1:K14"),
            Shot("merged", form.title, f"A1:{letter(end)}17", _hidden(kept, end)),
            Shot("changes", "变更记录", "A1:I16"),
        ],
    )


def _taken(jobs: Sequence[tuple[Path, Sequence[Shot]]], folder: Path) -> None:
    """Has LibreOffice print every shot into `folder`."""
    assert SOFFICE
    work = [
        {"open": book.as_uri(), "shots": [
            {"sheet": shot.sheet, "cells": shot.cells, "hide": list(shot.hide), "note": shot.note,
             "save": (folder / f"{shot.name}.pdf").as_uri()} for shot in shots
        ]} for book, shots in jobs
    ]  # fmt: skip
    job, pipe = folder / "job.json", f"taizhang{os.getpid()}"
    job.write_text(json.dumps(work), "utf-8")
    office = [SOFFICE, profile(folder), "--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"]
    with subprocess.Popen(office, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            camera = [str(SYSTEM_PYTHON), "-m", "docs.camera", pipe, str(job)]
            subprocess.run(camera, check=True, timeout=SECONDS, cwd=ROOT)
            running.wait(SECONDS)
        finally:
            running.kill()


def main() -> None:
    """Makes two counties, has every shot taken, and writes the pictures."""
    ours = load_forms()
    # LibreOffice saves the one township's workbook: with fewer rows it does so in seconds.
    forms = Forms([form.model_copy(update={"room": ROOM}) for form in ours.values()], ours.digest)
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, county = folder / "small", folder / "county"
        small.mkdir()
        county.mkdir()
        now = datetime.now().astimezone()
        _one_township(small, forms, now)
        _county(county, forms, now)
        jobs = list(_shots(small, county, forms))
        _taken(jobs, folder)
        for shot in (shot for _, shots in jobs for shot in shots):
            page = subprocess.run(
                ["pdftoppm", "-r", RESOLUTION, "-singlefile", folder / f"{shot.name}.pdf"],
                check=True,
                capture_output=True,
            )
            small_png(page.stdout, HERE / f"{shot.name}.png")


if __name__ == "__main__":
    main()
