"""The demo's second round: what clerks do between two syncs, and what must come of it."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import msoffcrypto

from sync_service.demo.county import FOLDER, Demo, elsewhere, key_of, only_veteran, save_draft
from sync_service.demo.draft import Bundle, Draft, Seeded, right, typed
from sync_service.demo.inventor import Inventor
from sync_service.demo.mistake import spoilt
from sync_service.demo.mistakes import VETERANS
from sync_service.demo.people import conscript
from workbook_templates.catalogue import catalogue
from workbook_templates.form import Forms

CORRECTED, ADDED, CHANGED, DELETED, VANISHED = 5, 3, 4, 2, 30
"""How many veterans: law 5 holds more than 20 that vanish at once."""
_BOTH = ("veterans", "plaques")
"""The sheets that a veteran is in."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the second sync must do with one township's rows of one form."""

    township: str
    form: str
    new: int = 0
    changed: int = 0
    gone: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class SecondRound:
    """`seeded` is what must be found now, in all workbooks; `outcomes` are the forms in which something changes.

    `moved` are (key, from township, to township) of people who moved; `awaiting` (township, key) whose last good
    version must stand; `unread` the codes that keep a workbook from being read, by township.
    """

    drafts: tuple[Draft, ...]
    seeded: tuple[Seeded, ...]
    outcomes: tuple[Outcome, ...]
    moved: tuple[tuple[str, str, str], ...]
    awaiting: tuple[tuple[str, str], ...]
    unread: Mapping[str, str]


def _half_saved(path: Path, demo: Demo, forms: Forms) -> None:
    del demo, forms
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])


def _open(path: Path, demo: Demo, forms: Forms) -> None:
    del demo, forms
    path.with_name(f"~${path.name}").write_bytes(b"\x06Wang Xiaofang".ljust(165, b" "))


def _locked(path: Path, demo: Demo, forms: Forms) -> None:
    del demo, forms
    plain = path.with_suffix(".plain")
    path.rename(plain)
    with plain.open("rb") as source, path.open("wb") as target:
        msoffcrypto.OfficeFile(source).encrypt("123456", target)
    plain.unlink()


def _of_a_neighbour(path: Path, demo: Demo, forms: Forms) -> None:
    neighbour = next(draft for draft in demo.drafts if not draft.habits.official and draft.file != path.name)
    save_draft(replace(neighbour, file=path.name), path, forms, demo.today)


def _two_files(path: Path, demo: Demo, forms: Forms) -> None:
    del demo, forms
    shutil.copy(path, path.with_suffix(".xls"))


def _web_page(path: Path, demo: Demo, forms: Forms) -> None:
    del demo, forms
    path.write_text("<html><body><table><tr><td>姓名</td></tr></table></body></html>", "utf-8")


def _gone(path: Path, demo: Demo, forms: Forms) -> None:
    del demo, forms
    path.unlink()


_MISHAPS: Mapping[int, tuple[str, str, str, Callable[[Path, Demo, Forms], None]]] = {
    5: ("F26", "", "保存到一半", _half_saved),
    6: ("F27", "", "文件正打开着", _open),
    7: ("F02", "", "设了打开密码", _locked),
    8: ("F31", "封面", "交成了别的乡镇的工作簿", _of_a_neighbour),
    9: ("F29", "", "同一乡镇两个文件", _two_files),
    10: ("F01", "", "网页另存成了 .xlsx", _web_page),
    11: ("F28", "", "文件被移走了", _gone),
}
"""What happens to the workbooks of townships, counted from 0: code, sheet, what happened, and how."""


def _can_be_corrected(bundle: Bundle) -> bool:
    """Whether one row of 退役军人, and no other, is kept out by the mistake."""
    kept_out = any(catalogue()[find.code].severity == "error" for find in bundle.finds)
    rows = {form: len(rows) for form, rows in bundle.records.items()}
    return kept_out and {find.form for find in bundle.finds} == {"veterans"} and rows == dict.fromkeys(_BOTH, 1)


def _busy(draft: Draft, of: Inventor) -> tuple[Draft, tuple[Outcome, ...]]:
    """Mistakes corrected, rows added, changed and deleted in one workbook."""
    bundles = list(draft.bundles)
    wrong = [i for i, bundle in enumerate(bundles) if _can_be_corrected(bundle)][:CORRECTED]
    untouched = [i for i, bundle in enumerate(bundles) if i and only_veteran(bundle)]
    for i in wrong:
        bundles[i] = Bundle(bundles[i].meant, bundles[i].meant)
    for i in untouched[-CHANGED - DELETED : -DELETED]:
        records = spoilt(bundles[i].records, "veterans", {"phone": of.phone()})
        bundles[i] = Bundle(records, records)
    for i in reversed(untouched[-DELETED:]):
        del bundles[i]
    bundles += [right(conscript, of) for _ in range(ADDED)]
    outcomes = (
        Outcome(draft.township.code, "veterans", len(wrong) + ADDED, CHANGED, DELETED),
        Outcome(draft.township.code, "plaques", ADDED, 0, DELETED),
    )
    return replace(draft, bundles=tuple(bundles)), outcomes


def _without(draft: Draft, count: int, shared: tuple[str, ...]) -> tuple[Draft, list[Bundle]]:
    """The draft without the last `count` people who are only in 退役军人, and in no other township's."""
    mine = [i for i, bundle in enumerate(draft.bundles) if i and only_veteran(bundle) and key_of(bundle) not in shared]
    out = mine[-count:]
    kept = tuple(bundle for i, bundle in enumerate(draft.bundles) if i not in out)
    return replace(draft, bundles=kept), [draft.bundles[i] for i in out]


def _spoilt(draft: Draft, of: Inventor) -> tuple[Draft, str]:
    """A right row in which a mistake is made now, and its key."""
    at = next(i for i, bundle in enumerate(draft.bundles) if i and only_veteran(bundle))
    mistake = next(mistake for mistake in VETERANS if mistake.id == "phone-10")
    meant = draft.bundles[at].records
    bundle = Bundle(mistake.make(meant, of), meant, mistake.what, mistake.finds)
    return replace(draft, bundles=(*draft.bundles[:at], bundle, *draft.bundles[at + 1 :])), key_of(bundle)


def change_some_rows(folder: Path, demo: Demo, forms: Forms) -> SecondRound:
    """Changes the county's workbooks in `folder` as a few weeks do, and tells what the next sync must make of it."""
    drafts = list(demo.drafts)
    codes = [draft.township.code for draft in drafts]
    rows = (row for draft in drafts for bundle in draft.bundles for rows in bundle.records.values() for row in rows)
    taken = {str(row.get(name)) for row in rows for name in ("id_number", "soldier_id", "contact_id")}
    of = Inventor(drafts[0].township, demo.today, Random(f"second:{demo.today.year}"), taken)
    drafts[0], busy = _busy(drafts[0], of)
    drafts[1], (moving,) = _without(drafts[1], 1, demo.shared)
    drafts[2] = replace(drafts[2], bundles=(*drafts[2].bundles, elsewhere(moving, drafts[2].township)))
    drafts[3], vanished = _without(drafts[3], VANISHED, demo.shared)
    drafts[4], awaiting = _spoilt(drafts[4], of)
    place = folder / FOLDER
    seeded: list[Seeded] = [one for one in demo.seeded if one.code == "F34"]
    for number, draft in enumerate(drafts):
        path = place / draft.file
        if draft is not demo.drafts[number]:
            seeded += save_draft(draft, path, forms, demo.today)
            continue
        seeded += typed(draft, forms, demo.today, demo.period).seeded
        if number in _MISHAPS:
            code, sheet, what, happen = _MISHAPS[number]
            happen(path, demo, forms)
            seeded.append(Seeded(draft.township.code, sheet, None, None, "", code, what))
    outcomes = list(busy)
    for form in _BOTH:
        seeded.append(Seeded(codes[3], forms[form].title, None, None, "", "L02", "三十个人一次不见了"))
        outcomes += [
            Outcome(codes[1], form, gone=1), Outcome(codes[2], form, new=1), Outcome(codes[3], form, held=len(vanished))
        ]  # fmt: skip
    return SecondRound(
        tuple(drafts), tuple(seeded), tuple(outcomes), ((key_of(moving), codes[1], codes[2]),), ((codes[4], awaiting),),
        {codes[number]: code for number, (code, _, _, _) in _MISHAPS.items()},
    )  # fmt: skip
