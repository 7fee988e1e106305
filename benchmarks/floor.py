"""The least that the task could cost here: read every cell of every workbook, and write them all into one, nothing checked or kept.

usage: floor.py FOLDER OUT.xlsx
"""

import sys
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from sync_service.quick_sheet import QuickSheet, rendered
from sync_service.reuse.deflated import Deflated, deflated
from sync_service.reuse.splicing import MARK, splice

folder, out = map(Path, sys.argv[1:])
frame = out.with_suffix(".frame.xlsx")
pieces: list[Deflated] = []
with xlsxwriter.Workbook(frame, {"constant_memory": True}) as book:
    sheet: QuickSheet = book.add_worksheet("退役军人", QuickSheet)
    text, number = book.add_format({"num_format": "@"}), 1
    for path in sorted(folder.glob("*.xlsx")):
        header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("退役军人").to_python()
        if not pieces:
            sheet.write_row(0, 0, header)
            layout = sheet.layout([text] * len(header))
            sheet.put_mark(MARK)
        cells = ([value if isinstance(value, str | float | int) else str(value) for value in row] for row in rows)
        pieces.append(deflated("".join(rendered(n, row, layout) for n, row in enumerate(cells, number)).encode()))
        number += len(rows)
splice(frame, out, {"xl/worksheets/sheet1.xml": pieces})
