"""How long LibreOffice takes to open and recalculate a township's whole template, every sheet filled to its room.

python -m benchmarks.recalculating [--rows 300]
"""

import argparse
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sync_service.demo.people import right_rows
from tests.libreoffice import recalculated
from workbook_templates.excel import write_template
from workbook_templates.form import load_forms
from workbook_templates.place import County, Township


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _seconds(path: Path, folder: Path) -> float:
    folder.mkdir()
    started = perf_counter()
    recalculated(path, folder)
    return perf_counter() - started


def main() -> None:
    """Prints the seconds for the empty template and for one with rows on every sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300)
    options = parser.parse_args()
    county, forms = County("990101", "清河县"), load_forms()
    township, today = Township(county, "990101001", "城关镇", ("东风村", "向阳村")), date.today()
    tables = [form for form in forms.of(township).values() if form.layout == "table"]
    rows = {form.id: right_rows(form, township, min(options.rows, form.room), Random(1), today) for form in tables}
    typed = {name: [{key: _stored(value) for key, value in row.items()} for row in of] for name, of in rows.items()}
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, filled in (("empty", {}), (f"{sum(map(len, rows.values()))} rows on {len(tables)} sheets", typed)):
            path = folder / f"{len(filled)}.xlsx"
            write_template(path, forms, township, f"{today.year}上半年", filled)
            print(f"{name:24} {_seconds(path, folder / path.stem):6.1f} s to open, recalculate and save")


if __name__ == "__main__":
    main()
