"""Whose workbook this is, for which period, and by which version of the forms: what stamp, cover and file name say."""

from validators.layout import Layout, lay_out
from validators.problems import Problem, problem
from validators.raw import RawBook, RawSheet
from workbook_templates.form import Form, Forms
from workbook_templates.kinds.base import plain_text
from workbook_templates.kinds.texts import folded
from workbook_templates.place import Township


def sheet_of(form: Form, book: RawBook) -> RawSheet | None:
    """The visible sheet that bears the form's title, however it is spaced."""
    wanted = folded(form.title)
    named = [sheet for sheet in book.sheets if folded(sheet.title) == wanted]
    return next((sheet for sheet in named if sheet.visible), None)


def _period(text: str) -> str:
    """A period as it is compared: 2026 年下半年 is 2026下半年."""
    return folded(text).replace("年", "")


def versions(forms: Forms, book: RawBook) -> list[Problem]:
    """What is to be said of sheets that were made from an older version of their forms."""
    known = book.stamp.versions if book.stamp else {}
    return [
        problem(
            "F05",
            {"form": form.title, "version": known[form.id], "current": form.version},
            sheet=form.title,
            form=form.id,
        )
        for form in forms.values()
        if form.id in known and known[form.id] < form.version
    ]


def cover_of(forms: Forms) -> Form | None:
    """The form that is the cover, if there is one."""
    return next((form for form in forms.values() if form.layout == "cover"), None)


def stated(cover: Form | None, book: RawBook) -> dict[str, str]:
    """What the cover says, as it is typed, by column id; nothing if there is no cover that can be read."""
    sheet = sheet_of(cover, book) if cover else None
    layout = lay_out(cover, sheet) if cover and sheet else None
    if not isinstance(layout, Layout):
        return {}
    return {name: plain_text(cells[0]).strip() for name, cells in layout.columns.items()}


def whose(forms: Forms, book: RawBook, township: Township, period: str) -> tuple[list[Problem], bool]:
    """What stamp and cover say of whose workbook this is, and whether it may be read at all."""
    words = {"file": book.name, "township": township.name}
    if book.stamp and (book.stamp.county, book.stamp.township) != (township.county.code, township.code):
        owner = "外县" if book.stamp.county != township.county.code else "另一个乡镇"
        return [problem("F31", {**words, "owner": owner})], False
    cover = cover_of(forms)
    said = stated(cover, book)
    named = said.get("township", "")
    if not named and not book.stamp:
        sheet = sheet_of(cover, book) if cover else None
        return [problem("F04", sheet=sheet.title) if sheet else problem("F37")], False
    if named and folded(named) not in {folded(township.name), township.code}:
        return [problem("F31", {**words, "owner": f"“{named}”"}, sheet=cover.title if cover else "")], False
    found = []
    others = [name for name in township.county.townships if name != township.name and name in book.name]
    if others and township.name not in book.name:
        found.append(problem("F08", {"named": others[0], "township": township.name}))
    if cover and period and said.get("period") and _period(said["period"]) != _period(period):
        words = {"period": said["period"], "current": period}
        found.append(problem("F06", words, sheet=cover.title, form=cover.id))
    return found, True
