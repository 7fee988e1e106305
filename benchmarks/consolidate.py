"""The whole consolidation against the pandas script, on the same 30 workbooks of 2,000 rows x 35 columns, in one run.

python -m benchmarks.consolidate [--townships 30] [--rows 2000] [--rounds 3] [--no-pandas]
A million rows: --townships 500 --rounds 1 --no-pandas (they take an hour to invent, and 3 GB).
"""

import argparse
import os
import shutil
import statistics
import sys
from datetime import date
from pathlib import Path
from random import Random

import xlsxwriter

from benchmarks.measuring import Cost, measure
from sync_service.demo.people import right_rows
from sync_service.settings import CountyPart, TownshipPart
from sync_service.settings_text import render_settings
from workbook_templates.form import load_forms
from workbook_templates.place import County, Township

DATA = Path(__file__).parent / "data"
VILLAGES = tuple(f"{name}村" for name in ("东风", "向阳", "红星", "前进", "团结", "胜利", "幸福", "新民"))
TODAY = date.today()
PERIOD = f"{TODAY.year}{'上' if TODAY.month <= 6 else '下'}半年"


def make_workbook(path: Path, township: Township, rows: int, random: Random) -> None:
    """A township's workbook as a clerk without the template would make it: headers in row 1, one person a row."""
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
            for number, row in enumerate(right_rows(form, township, rows, random, TODAY), 1):
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
    """The county's settings and workbooks."""
    county = County("990101", "清河县")
    parts = []
    (folder / "上报").mkdir(parents=True)
    for n in range(1, townships + 1):
        township = Township(county, f"990101{n:03d}", f"第{n}镇", VILLAGES)
        parts.append(
            TownshipPart(
                code=township.code, name=township.name, workbook=f"上报/{township.name}.xlsx", villages=VILLAGES
            )
        )
        make_workbook(folder / "上报" / f"{township.name}.xlsx", township, rows, Random(n))
    settings = folder / "county.toml"
    settings.write_text(render_settings(PERIOD, CountyPart(code=county.code, name=county.name), parts), "utf-8")
    return settings


def change_one_cell(path: Path) -> None:
    """Changes one telephone number in a workbook, as saving it in Excel would."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book["退役军人"]
    column = next(cell.column for cell in sheet[1] if cell.value == "联系电话")
    sheet.cell(5, column).value = f"139{int(str(sheet.cell(5, column).value)[3:]) + 1:08d}"
    book.save(path)


def main() -> None:
    """Prints each pass with its seconds and its ratio to the pandas script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--townships", type=int, default=30)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-pandas", action="store_true")
    options = parser.parse_args()
    shutil.rmtree(DATA, ignore_errors=True)
    settings = make_county(DATA, options.townships, options.rows)
    program = (sys.executable, "-c", "from sync_service.cli import main; main()")
    taizhang = (*program, "sync", "--county", str(settings))
    floor = (sys.executable, "-m", "benchmarks.floor", str(DATA / "上报"), str(DATA / "floor.xlsx"))
    script = (
        sys.executable,
        str(Path(__file__).parent / "pandas_script.py"),
        str(DATA / "上报"),
        str(DATA / "pandas.xlsx"),
    )
    passes: dict[str, list[Cost]] = {}

    def run(name: str, *command: str) -> None:
        passes.setdefault(name, []).append(measure(command))

    for _ in range(options.rounds):
        for leftover in (*DATA.glob("taizhang.db*"), DATA / "县级总台账.xlsx"):
            leftover.unlink(missing_ok=True)
        for folder in ("反馈", ".taizhang.shelf"):
            shutil.rmtree(DATA / folder, ignore_errors=True)
        if not options.no_pandas:
            run("pandas", *script)
            run("pandas, calamine + xlsxwriter", *script, "calamine", "xlsxwriter")
        run("floor: read all, write all", *floor)
        run("taizhang, cold", *taizhang)
        run("taizhang, nothing changed", *taizhang)
        change_one_cell(next((DATA / "上报").glob("*.xlsx")))
        run("taizhang, one row changed", *taizhang)
        run("taizhang --help", *program, "--help")
    compared = "floor: read all, write all" if options.no_pandas else "pandas"
    walls, cpus = ([one[n] for one in passes[compared]] for n in (0, 1))
    base, base_cpu = statistics.median(walls), statistics.median(cpus)
    size = f"{options.townships} workbooks x {options.rows} rows x 35 columns"
    print(
        f"{size}, medians of {options.rounds} rounds, {os.cpu_count()} cores; x: how many times as fast as {compared}"
    )
    for name, runs in passes.items():
        wall, cpu = (statistics.median(one[n] for one in runs) for n in (0, 1))
        peak = max(one.mib for one in runs)
        print(
            f"{name:32} {wall:8.2f} s {base / wall:8.1f} x   CPU {cpu:8.2f} s {base_cpu / cpu:8.1f} x  {peak:6.0f} MiB"
        )


if __name__ == "__main__":
    main()
