"""The answer to 校验全部 against a plain echo of the same request, for a sheet of 3,000 rows x 35 columns.

python -m benchmarks.button [--rows 3000] [--wrong 10] [--rounds 5]

The request is what xlwings' VBA client sends; the echo takes the JSON apart and puts it together again. Every so-many-th row is
wrong in two cells. The network and Excel's own part are not in it.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime
from random import Random

import orjson

from macros.buttons import check_all
from macros.payload import decoded
from macros.remote import answer
from sync_service.demo.people import right_rows
from validators.check import check
from validators.checked import Checked
from validators.raw import RawBook
from workbook_templates.form import Forms, load_forms
from workbook_templates.place import County, Township
from workbook_templates.sheet import DICTIONARY
from workbook_templates.stamp import Stamp

COLUMNS = 35
TODAY = date.today()
TOWNSHIP = Township(County("990101", "清河县"), "990101001", "城关镇", ("东风村", "向阳村", "红星村"))


def _cell(value: object) -> object:
    return f"{value}T00:00:00.000Z" if isinstance(value, date) else value


def request(forms: Forms, rows: int, wrong: int) -> bytes:
    """The body of the request: the register full, the other forms left out."""
    form = forms["veterans"]
    table = [[*map(_cell, (column.header for column in form.columns))][:COLUMNS]]
    for number, row in enumerate(right_rows(form, TOWNSHIP, rows, Random(1), TODAY)):
        bad = {"phone": "1390000", "village": "外村"} if number % wrong == 0 else {}
        table.append([_cell({**row, **bad}.get(column.id)) for column in form.columns][:COLUMNS])
    stamp = Stamp(TOWNSHIP.county.code, TOWNSHIP.code, forms.versions)
    cells: dict[str, list[list[object]]] = {form.title: table, DICTIONARY: [[str(stamp)]]}
    titles = [*(one.title for one in forms.values()), DICTIONARY]
    sheets = [{"name": one, "pictures": [], "tables": [], "values": cells.get(one, [[]])} for one in titles]
    about = {"name": "城关镇.xlsm", "active_sheet_index": 1, "selection": "B5"}
    return orjson.dumps({"client": "VBA", "version": "0.37.8", "book": about, "names": [], "sheets": sheets})


def seconds(work: Callable[[], object], rounds: int) -> float:
    """The median of some rounds, the first of which does not count."""
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Prints both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("rows", 3000), ("wrong", 10), ("rounds", 5)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    asked = parser.parse_args()
    forms = load_forms().of(TOWNSHIP)
    body = request(forms, asked.rows, asked.wrong)

    def judge(raw: RawBook) -> Checked:
        return check(forms, raw, TOWNSHIP, TODAY)

    def press() -> bytes:
        return orjson.dumps(answer(decoded(body), lambda book: check_all(book, forms, judge, datetime.now())))

    echo, ours = seconds(lambda: orjson.dumps(orjson.loads(body)), asked.rounds), seconds(press, asked.rounds)
    lines = len(orjson.loads(press())["actions"][2]["values"])
    print(f"request {len(body) / 2**20:.1f} MiB, answer {len(press()) / 2**20:.1f} MiB with {lines} lines")
    print(f"echo    {echo:.3f} s")
    print(f"button  {ours:.3f} s, {ours / echo:.0f} times the echo")


if __name__ == "__main__":
    main()
