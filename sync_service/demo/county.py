"""The demo county put together: who lives where, which clerk made which mistake, and the workbooks on disk."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random

from sync_service.demo.benefit_mistakes import BENEFICIARIES, BETWEEN_SHEETS, PAYMENTS
from sync_service.demo.bureau_mistakes import OF_BUREAU
from sync_service.demo.case_mistakes import CASES, HONORS, INSURANCE, OFFICES, TRAINING
from sync_service.demo.clerks import CLERKS, Clerk
from sync_service.demo.doubles import Likely, likely_doubles, register_twice
from sync_service.demo.draft import Bundle, Draft, Seeded, period_of, right, typed, wrong
from sync_service.demo.filling import fill_template
from sync_service.demo.habits import Habits
from sync_service.demo.inventor import Inventor, Row
from sync_service.demo.mistake import Mistake
from sync_service.demo.mistakes import VETERANS
from sync_service.demo.offices import of_bureau
from sync_service.demo.people import anybody, rural
from sync_service.demo.places import BUREAU, COUNTY, TOWNSHIPS
from sync_service.demo.roster_mistakes import BENEFICIARIES_TOO, PAYMENTS_TOO, VETERANS_TOO
from sync_service.demo.rule_mistakes import IN_SEVERAL_SHEETS
from sync_service.demo.service_mistakes import CHECKS, FAMILIES, PLAQUES, VISITS
from sync_service.demo.settling import insured
from sync_service.demo.writing import save_book
from workbook_templates.excel import write_template
from workbook_templates.form import Forms
from workbook_templates.place import County, Township

FOLDER = "上报"
"""The folder of the workbooks, beside county.toml."""

MISTAKES: tuple[Mistake, ...] = (
    *VETERANS, *VETERANS_TOO, *BENEFICIARIES, *BENEFICIARIES_TOO, *PAYMENTS, *PAYMENTS_TOO, *BETWEEN_SHEETS, *FAMILIES, *PLAQUES,
    *VISITS, *CHECKS, *INSURANCE, *TRAINING, *CASES, *HONORS, *IN_SEVERAL_SHEETS,
)  # fmt: skip
"""Every kind of mistake that is made in a person's rows of a township's workbook."""

_EVERY = 4
"""Each clerk makes every fourth of the mistakes, so that each is made in three townships."""

_SEEN_BY = {"X32": "payments", "X61": "payments"}
"""Problems that show only beside another sheet that some clerk ruins."""

_COPIED = 4
"""The township, counted from 0, beside whose workbook lies a copy."""


@dataclass(frozen=True, slots=True)
class Demo:
    """The county as it was made. `files` are the workbooks' paths by township code, as county.toml names them, the bureau's
    own too, whose draft is the last.

    `seeded` is what must be found; `shared` are the keys of people whom two townships have registered, `likely` the likely
    doubles.
    """

    county: County
    townships: tuple[Township, ...]
    period: str
    today: date
    files: Mapping[str, str]
    drafts: tuple[Draft, ...]
    seeded: tuple[Seeded, ...]
    shared: tuple[str, ...]
    likely: tuple[Likely, ...] = ()


def _makes(clerk: Habits, mistake: Mistake) -> bool:
    """Whether a clerk of such habits can make the mistake in a way that shows."""
    if clerk.official and not mistake.in_template:
        return False
    ruined = {*clerk.ruins, *(code for code, form in _SEEN_BY.items() if form in clerk.ruins)}
    return not any(find.column in clerk.left_out or {find.form, find.code} & ruined for find in mistake.finds)


def _rows_of(bundle: Bundle) -> int:
    return sum(map(len, bundle.records.values()))


def _bundles(number: int, clerk: Clerk, of: Inventor) -> list[Bundle]:
    bundles = [
        wrong(mistake, of)
        for i, mistake in enumerate(MISTAKES)
        if (i + number) % _EVERY == 0 and _makes(clerk.habits, mistake)
    ]
    count = sum(map(_rows_of, bundles))
    while count < clerk.rows:
        bundles.append(right(anybody, of))
        count += _rows_of(bundles[-1])
    of.random.shuffle(bundles)
    # The first row of each sheet is right: in the template its formulas are those of all rows.
    return [wrong(OFFICES[number % len(OFFICES)], of), right(rural, of), right(insured, of), *bundles]


def elsewhere(bundle: Bundle, township: Township) -> Bundle:
    """The same person as another township registers him; a plaque has no number there yet."""
    village = township.villages[0]
    address = f"{township.county.name}{township.name}{village}1组1号"
    there: Row = {"village": village, "hukou_address": address, "hang_address": f"{village}1组1号", "plaque_no": None}
    records = {
        form: tuple({**row, **{name: cell for name, cell in there.items() if name in row}} for row in rows)
        for form, rows in bundle.records.items()
    }
    return Bundle(records, records)


def only_veteran(bundle: Bundle) -> bool:
    """Whether the bundle is one right row of 退役军人 with its plaque, on which no other row depends."""
    rows = {form: len(rows) for form, rows in bundle.records.items()}
    return not bundle.mistake and rows == {"veterans": 1, "plaques": 1}


def key_of(bundle: Bundle) -> str:
    """The key of the person in 退役军人."""
    return str(bundle.records["veterans"][0]["id_number"])


def plan_bureau(today: date, seed: int, period: str, townships: Sequence[Draft], numbers: set[str]) -> Draft:
    """The bureau's own workbook: its offices and standards, and those of all townships who were given work."""
    of = Inventor(BUREAU, today, Random(f"{seed}:{BUREAU.code}"), numbers)
    entries = [
        Bundle({"placement_history": rows}, {"placement_history": rows})
        for draft in townships
        for bundle in draft.bundles
        if (rows := bundle.records.get("placement_history"))
    ]
    mistakes = [wrong(mistake, of) for mistake in OF_BUREAU]
    return Draft(
        BUREAU, f"{BUREAU.name}.xlsx", Habits(official=True), (right(of_bureau, of), *entries, *mistakes), period
    )


def plan_county(today: date, seed: int = 20260701) -> tuple[tuple[Draft, ...], tuple[str, ...]]:
    """Every workbook as a draft, the bureau's last, and the keys of people who are in two of them; the same for the same
    input."""
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
    doubled, shared, changes = register_twice(
        drafts,
        only_veteran,
        lambda bundle, draft: elsewhere(bundle, draft.township),
        lambda draft: Inventor(draft.township, today, Random(f"{seed}:doubles:{draft.township.code}"), numbers),
    )
    bureau = plan_bureau(today, seed, period, drafts, numbers)
    bureau = replace(bureau, bundles=(*bureau.bundles, *changes))
    return (*doubled, bureau), tuple(sorted((key_of(twice), *shared)))


def save_draft(draft: Draft, path: Path, forms: Forms, today: date) -> tuple[Seeded, ...]:
    """Types the draft into a workbook at `path` and tells what must be found in it."""
    work = typed(draft, forms, today, period_of(today))
    if draft.habits.official:
        template = BytesIO()
        write_template(template, forms.of(draft.township), draft.township, draft.period)
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
    likely = tuple(likely_doubles([township.code for township in TOWNSHIPS]))
    files = {draft.township.code: f"{FOLDER}/{draft.file}" for draft in drafts}
    return Demo(COUNTY, TOWNSHIPS, period_of(today), today, files, drafts, tuple(seeded), shared, likely)
