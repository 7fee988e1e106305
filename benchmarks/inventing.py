"""A county on disk to measure with: workbooks as clerks without the template would make them, one register in each."""

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from random import Random

import openpyxl
import xlsxwriter

from sync_service.demo.people import right_rows
from sync_service.settings import CountyPart, TownshipPart
from sync_service.settings_text import render_settings
from workbook_templates.form import load_forms
from workbook_templates.place import County, Township

VILLAGES = tuple(f"{name}村" for name in ("东风", "向阳", "红星", "前进", "团结", "胜利", "幸福", "新民"))
TODAY = date.today()
PERIOD = f"{TODAY.year}{'上' if TODAY.month <= 6 else '下'}半年"


COUNTY = 30
"""So many townships have their people's ID numbers from one county: there is room for no more."""


def make_workbook(path: Path, township: Township, rows: int, seed: int) -> None:
    """A township's workbook: headers in row 1, one person a row, the other forms empty."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        text = book.add_format({"num_format": "@"})
        for form in load_forms().values():
            sheet = book.add_worksheet(form.title)
            if form.layout == "cover":
                cover = {
                    "county": township.county.name,
                    "township": township.name,
                    "period": PERIOD,
                    "filler": "王某",
                    "phone": "13900000000",
                }
                for number, column in enumerate(form.columns, 2):
                    sheet.write_string(number, 0, column.header)
                    sheet.write_string(number, 1, cover.get(column.id, ""))
                continue
            sheet.write_row(0, 0, [column.header for column in form.columns])
            if form.id != "veterans":
                continue
            for number, row in enumerate(right_rows(form, township, rows, Random(seed), TODAY), 1):
                for j, column in enumerate(form.columns):
                    match row.get(column.id):
                        case None:
                            pass
                        case date() as value:
                            sheet.write_datetime(number, j, value, day)
                        case str() as value:
                            sheet.write_string(number, j, value, text)
                        case int() | float() as value:
                            sheet.write_number(number, j, value)


def make_county(folder: Path, townships: int, rows: int) -> Path:
    """The county's settings; its workbooks are made on all cores."""
    county = County("990101", "清河县")
    homes = [County(f"{990101 + n // COUNTY}", county.name) for n in range(townships)]
    units = [Township(home, f"990101{n:03d}", f"第{n}镇", VILLAGES) for n, home in enumerate(homes, 1)]
    paths = [folder / "上报" / f"{unit.name}.xlsx" for unit in units]
    (folder / "上报").mkdir(parents=True)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(make_workbook, paths, units, [rows] * townships, range(1, townships + 1)))
    parts = [
        TownshipPart(code=unit.code, name=unit.name, workbook=f"上报/{unit.name}.xlsx", villages=VILLAGES)
        for unit in units
    ]
    settings = folder / "county.toml"
    settings.write_text(render_settings(PERIOD, CountyPart(code=county.code, name=county.name), parts), "utf-8")
    return settings


def change_one_cell(path: Path) -> None:
    """Changes one telephone number in a workbook, as saving it in Excel would."""
    book = openpyxl.load_workbook(path)
    sheet = book["退役军人"]
    column = next(cell.column for cell in sheet[1] if cell.value == "联系电话")
    sheet.cell(5, column).value = f"139{int(str(sheet.cell(5, column).value)[3:]) + 1:08d}"
    book.save(path)
