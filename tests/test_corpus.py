"""The nastiest spreadsheets of other projects' tests: what becomes of each is written down, and neither worse nor better.

The files are their projects' (Apache POI, SheetJS, ExcelDataReader, PhpSpreadsheet, openspout and others), under several licences, so they do not lie here:
TAIZHANG_CORPUS names the folder that holds them. tests/hostile_files.py makes what runs everywhere. To write the list anew
after a change for the better: python -m tests.test_corpus FOLDER > tests/corpus_expected.tsv, and read the difference.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from sync_service.settings import CountyPart, TownshipPart
from sync_service.settings_text import render_settings
from sync_service.sources.base import Limits, Refused
from sync_service.sources.crew import run_all
from sync_service.sources.excel import read_book
from sync_service.sources.worker import Failure, refusal
from tests.allowed_skips import allowed_skip
from tests.county import PERIOD, VILLAGES, CountyOnDisk, make_county, veteran, workbook
from tests.drawn import write_xlsx

EXPECTED = Path(__file__).with_name("corpus_expected.tsv")
LIMITS = Limits(seconds=30, memory_mb=512)


class Entry(NamedTuple):
    """What becomes of a file: its sheets with their rows, or the code that refuses it; and the sentence of a run."""

    read: str
    said: str


def outcome(path: Path) -> str:
    """How many rows each sheet of a file has, or why it is refused."""
    try:
        book = read_book(path, LIMITS)
    except Refused as refused:
        return refused.problem.code
    return " ".join(str(len(page.rows)) for page in book.sheets)


def reading(files: Sequence[Path]) -> Mapping[str, str]:
    """The outcome for each file, each in a process of its own."""
    found = {}
    for index, given in run_all(outcome, [(path,) for path in files], LIMITS):
        name = files[index].name
        found[name] = refusal(given, name, LIMITS).code if isinstance(given, Failure) else given
    return found


def besieged(folder: Path, files: Sequence[Path]) -> CountyOnDisk:
    """A county in order with a township for each file, after which each file has taken its township's place."""
    county = make_county(folder)
    parts = [
        TownshipPart(code=f"990101{n:03d}", name=f"第{n}镇", workbook=f"上报/{n}.xlsx", villages=VILLAGES)
        for n in range(1, len(files) + 1)
    ]
    text = render_settings(PERIOD, CountyPart(code="990101", name="清河县"), parts)
    county.settings.write_text(text, "utf-8")
    for n, part in enumerate(parts):
        county.age(write_xlsx(county.folder / part.workbook, workbook(part.name, [veteran(n)])))
    assert {line.status for line in county.sync().townships} == {"ok"}
    for part, path in zip(parts, files, strict=True):
        place = county.folder / part.workbook
        place.unlink()
        ending = path.suffix if path.suffix != ".fods" else ".xls"
        place.with_suffix(ending).write_bytes(path.read_bytes())
        county.age(place.with_suffix(ending), 300)
    return county


def sentences(county: CountyOnDisk, files: Iterable[Path]) -> Mapping[str, str]:
    """What a run says of each township."""
    lines = zip(files, county.sync().townships, strict=True)
    return {
        path.name: f"{line.status} {line.message}".replace(f"{n}{path.suffix}", "…")
        for n, (path, line) in enumerate(lines, 1)
    }


def corpus(folder: Path) -> list[Path]:
    """The files, in order."""
    return sorted(path for path in folder.iterdir() if path.suffix not in {".tsv", ".md"})


def written() -> dict[str, Entry]:
    """The list."""
    lines = EXPECTED.read_text("utf-8").splitlines()
    return {name: Entry(read, said) for name, read, said in (line.split("\t") for line in lines)}


@pytest.fixture(scope="module")
def files() -> list[Path]:
    folder = os.environ.get("TAIZHANG_CORPUS")
    if not folder:
        allowed_skip("TAIZHANG_CORPUS does not name the folder of the corpus")
    return corpus(Path(folder))


def test_every_file_is_read_or_refused_as_it_is_written_down(files: list[Path]) -> None:
    assert reading(files) == {name: entry.read for name, entry in written().items()}


def test_a_run_over_all_of_them_says_of_each_what_is_written_down_and_changes_no_row(
    files: list[Path], tmp_path: Path
) -> None:
    county = besieged(tmp_path / "county", files)
    stood = county.veterans()
    assert sentences(county, files) == {name: entry.said for name, entry in written().items()}
    assert county.veterans() == stood
    assert not any(one.trouble for one in county.sync().published)


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    listed = corpus(Path(sys.argv[1]))
    with TemporaryDirectory() as scratch:
        told = sentences(besieged(Path(scratch) / "county", listed), listed)
    for name, read in reading(listed).items():
        print(name, read, told[name], sep="\t")
