"""The whole consolidation against the pandas script, on the same 30 workbooks of 2,000 rows x 35 columns, in one run.

python -m benchmarks.consolidate [--townships 30] [--rows 2000] [--rounds 3]
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from random import Random

import xlsxwriter

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


def measure(*command: str) -> tuple[float, float]:
    """Wall seconds and peak MiB of the largest process of a command."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


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
    options = parser.parse_args()
    shutil.rmtree(DATA, ignore_errors=True)
    settings = make_county(DATA, options.townships, options.rows)
    taizhang = (sys.executable, "-c", "from sync_service.cli import main; main()", "sync", "--county", str(settings))
    script = (
        sys.executable,
        str(Path(__file__).parent / "pandas_script.py"),
        str(DATA / "上报"),
        str(DATA / "pandas.xlsx"),
    )
    passes: dict[str, list[tuple[float, float]]] = {}

    def run(name: str, *command: str) -> None:
        passes.setdefault(name, []).append(measure(*command))

    for _ in range(options.rounds):
        for leftover in (*DATA.glob("taizhang.db*"), DATA / "县级总台账.xlsx"):
            leftover.unlink(missing_ok=True)
        shutil.rmtree(DATA / "反馈", ignore_errors=True)
        run("pandas", *script)
        run("pandas, calamine + xlsxwriter", *script, "calamine", "xlsxwriter")
        run("taizhang, cold", *taizhang)
        run("taizhang, nothing changed", *taizhang)
        change_one_cell(next((DATA / "上报").glob("*.xlsx")))
        run("taizhang, one row changed", *taizhang)
    base = statistics.median(seconds for seconds, _ in passes["pandas"])
    print(
        f"{options.townships} workbooks x {options.rows} rows x 35 columns, median of {options.rounds} rounds, {os.cpu_count()} cores"
    )
    for name, runs in passes.items():
        seconds = statistics.median(seconds for seconds, _ in runs)
        memory = max(memory for _, memory in runs)
        print(f"{name:32} {seconds:8.2f} s  {base / seconds:8.1f} x  {memory:6.0f} MiB")


if __name__ == "__main__":
    main()
