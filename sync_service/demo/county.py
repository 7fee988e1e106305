"""The demo county put together: who lives where, which clerk made which mistake, and the workbooks on disk."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random

from sync_service.demo.benefit_mistakes import BENEFICIARIES, BETWEEN_SHEETS, PAYMENTS
from sync_service.demo.clerks import CLERKS, Clerk
from sync_service.demo.draft import Bundle, Draft, Seeded, period_of, right, typed, wrong
from sync_service.demo.filling import fill_template
from sync_service.demo.habits import Habits
from sync_service.demo.inventor import Inventor
from sync_service.demo.mistake import Mistake
from sync_service.demo.mistakes import VETERANS
from sync_service.demo.people import anybody, paid, rural
from sync_service.demo.places import COUNTY, TOWNSHIPS
from sync_service.demo.writing import save_book
from workbook_templates.excel import write_template
from workbook_templates.form import Forms
from workbook_templates.place import County, Township

FOLDER = "上报"
"""The folder of the workbooks, beside county.toml."""

MISTAKES: tuple[Mistake, ...] = (*VETERANS, *BENEFICIARIES, *PAYMENTS, *BETWEEN_SHEETS)
"""Every kind of mistake in a row."""

_EVERY = 4
"""Each clerk makes every fourth of the mistakes, so that each is made in three townships."""

_COPIED = 4
"""The township, counted from 0, beside whose workbook lies a copy."""


@dataclass(frozen=True, slots=True)
class Demo:
    """The county as it was made. `files` are the workbooks' paths by township code, as county.toml names them.

    `seeded` is what must be found; `shared` are the keys of people whom two townships have registered.
    """

    county: County
    townships: tuple[Township, ...]
    period: str
    today: date
    files: Mapping[str, str]
    drafts: tuple[Draft, ...]
    seeded: tuple[Seeded, ...]
    shared: tuple[str, ...]


def _makes(clerk: Habits, mistake: Mistake) -> bool:
    """Whether a clerk of such habits can make the mistake in a way that shows."""
    if clerk.official and mistake.merges:  # the template is protected against merging
        return False
    return not any(find.column in clerk.left_out or find.form in clerk.ruins for find in mistake.finds)


def _bundles(number: int, clerk: Clerk, of: Inventor) -> list[Bundle]:
    bundles = [
        wrong(mistake, of)
        for i, mistake in enumerate(MISTAKES)
        if (i + number) % _EVERY == 0 and _makes(clerk.habits, mistake)
    ]
    rows = sum(len(rows) for bundle in bundles for rows in bundle.records.values())
    while rows < clerk.rows:
        bundles.append(right(anybody, of))
        rows += sum(map(len, bundles[-1].records.values()))
    of.random.shuffle(bundles)
    # The first row of each sheet is right: in the template its formulas are those of all rows.
    return [right(paid(rural), of), *bundles]


def elsewhere(bundle: Bundle, township: Township) -> Bundle:
    """The same person as another township registers him."""
    village = township.villages[0]
    address = f"{township.county.name}{township.name}{village}1组1号"
    records = {
        form: tuple(
            {**row, "village": village, **({"hukou_address": address} if "hukou_address" in row else {})}
            for row in rows
        )
        for form, rows in bundle.records.items()
    }
    return Bundle(records, records)


def only_veteran(bundle: Bundle) -> bool:
    """Whether the bundle is one right row of 退役军人 on which no other row depends."""
    return not bundle.mistake and set(bundle.records) == {"veterans"} and len(bundle.records["veterans"]) == 1


def key_of(bundle: Bundle) -> str:
    """The key of the person in 退役军人."""
    return str(bundle.records["veterans"][0]["id_number"])


def plan_county(today: date, seed: int = 20260701) -> tuple[tuple[Draft, ...], tuple[str, ...]]:
    """Every township's workbook as a draft, and the keys of people who are in two of them; the same for the same input."""
    numbers: set[str] = set()
    period = period_of(today)
    last = period_of(date(today.year - (today.month <= 6), 12 if today.month <= 6 else 1, 1))
    drafts = []
    for number, (township, clerk) in enumerate(zip(TOWNSHIPS, CLERKS, strict=True)):
        of = Inventor(township, today, Random(f"{seed}:{township.code}"), numbers)
        drafts.append(
            Draft(
                township, township.name + clerk.ending, clerk.habits, tuple(_bundles(number, clerk, of)),
                last if clerk.last_period else period, clerk.hidden_sheet,
            )
        )  # fmt: skip
    twice = next(bundle for bundle in drafts[0].bundles[1:] if only_veteran(bundle))
    there = elsewhere(twice, drafts[1].township)
    drafts[1] = replace(drafts[1], bundles=(*drafts[1].bundles, there))
    return tuple(drafts), (key_of(twice),)


def save_draft(draft: Draft, path: Path, forms: Forms, today: date) -> tuple[Seeded, ...]:
    """Types the draft into a workbook at `path` and tells what must be found in it."""
    work = typed(draft, forms, today, period_of(today))
    if draft.habits.official:
        template = BytesIO()
        write_template(template, forms, draft.township, draft.period)
        path.write_bytes(fill_template(template.getvalue(), work.book, forms))
    else:
        save_book(work.book, path)
    return work.seeded


def make_county(folder: Path, forms: Forms, today: date) -> Demo:
    """Makes the county's workbooks in `folder`/上报 and tells what must be found in them by `today`."""
    drafts, shared = plan_county(today)
    place = folder / FOLDER
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    seeded: list[Seeded] = []
    for draft in drafts:
        seeded += save_draft(draft, place / draft.file, forms, today)
    copied = drafts[_COPIED]
    original = place / copied.file
    shutil.copy(original, original.with_stem(f"{original.stem}(1)"))
    seeded.append(Seeded(copied.township.code, "", None, None, "", "F34", "文件夹里留着副本"))
    files = {draft.township.code: f"{FOLDER}/{draft.file}" for draft in drafts}
    return Demo(COUNTY, TOWNSHIPS, period_of(today), today, files, drafts, tuple(seeded), shared)
