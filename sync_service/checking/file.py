"""taizhang check: one workbook on disk, judged with the county's settings if there are any, and its marked copy."""

from datetime import date, datetime
from pathlib import Path

from macros.township import township_in
from sync_service.asking import township_named
from sync_service.checking.verdict import Verdict, judged, owner_of
from sync_service.errors import TaizhangError
from sync_service.feedback import write_feedback
from sync_service.one_book import read_one
from sync_service.placing import writing
from sync_service.references import held_now
from sync_service.settings import CountySetup, LimitsPart
from workbook_templates.form import Forms, load_forms

ASK = "请用 --township 写明是哪个乡镇。"


def check_file(setup: CountySetup | None, file: Path, township: str, today: date) -> tuple[Verdict, Forms]:
    """The verdict on the workbook `file`, and the forms by which it was judged.

    `township` is a name or a code; if it is "", the workbook's own word is taken. Without a `setup` the villages are those of
    the workbook's own list. Raises TaizhangError if the file cannot be read, or nobody says whose it is.
    """
    book = read_one(file, setup.settings.limits if setup else LimitsPart())
    if setup is None:
        forms = load_forms()
        if township:
            raise TaizhangError(
                "没有 county.toml，不知道有哪些乡镇", "请在放 county.toml 的文件夹里运行，或用 --county 指明。"
            )
        unit = township_in(book, forms)
        if unit is None:
            raise TaizhangError(
                f"“{file.name}”不是县里发的工作簿，不知道是哪个乡镇的", "请用 --county 指明 county.toml 在哪里，再试。"
            )
        return judged(forms, book, unit, today, "", {}), forms
    forms = setup.forms()
    owner = township_named(setup, township) if township else owner_of(setup, forms, book)
    if owner is None:
        raise TaizhangError(f"“{file.name}”里看不出是哪个乡镇的", ASK)
    return judged(forms, book, owner, today, setup.settings.period, held_now(setup, forms)), forms


def write_marked(verdict: Verdict, forms: Forms, file: Path, out: Path, now: datetime) -> bool:
    """Writes a marked copy of the workbook `file` to `out`; False, and nothing is written, if there is nothing to mark.

    Raises TaizhangError if it cannot be written, or would be written over the workbook.
    """
    if out.suffix.lower() != ".xlsx":
        raise TaizhangError(f"“{out.name}”不行，副本要以 .xlsx 结尾", "请改 --out。")
    if out.resolve() == file.resolve():
        raise TaizhangError(f"“{out.name}”就是要查的工作簿，没有覆盖", "请用 --out 写到别的地方。")
    if not any(found.open for found in verdict.problems):
        return False
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        write_feedback(out, verdict.township, verdict.book, verdict.problems, forms, now.replace(tzinfo=None))
    return True
