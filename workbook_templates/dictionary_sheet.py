"""The hidden sheet of lists: the stamp in A1, what cells choose from, and every writing that the sheets understand."""

from collections.abc import Iterable

from xlsxwriter import Workbook

from workbook_templates.form import Form
from workbook_templates.kinds.base import Setting
from workbook_templates.lists import LIST_FIRST_ROW, LIST_NAME_ROW, named_lists
from workbook_templates.sheet import DICTIONARY, STAMP_NAME
from workbook_templates.stamp import Stamp


def write_dictionary(book: Workbook, forms: Iterable[Form], setting: Setting, stamp: Stamp) -> None:
    """Adds the sheet to `book`, with a defined name for each list."""
    page = book.add_worksheet(DICTIONARY)
    page.write_string(0, 0, str(stamp))
    book.define_name(STAMP_NAME, f"='{DICTIONARY}'!$A$1")
    for one in named_lists(tuple(forms), setting):
        page.write_string(LIST_NAME_ROW - 1, one.number - 1, one.name)
        for number, entries in enumerate(one.columns, one.number):
            for row, entry in enumerate(entries, LIST_FIRST_ROW):
                # Never page.write: it takes a text that begins with an equals sign for a formula.
                write = page.write_number if isinstance(entry, int) else page.write_string
                write(row - 1, number - 1, entry)
        book.define_name(one.name, f"={one.area}")
    page.hide()
