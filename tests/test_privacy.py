"""Nobody is exposed: marked values go through everything, and are looked for in everything that comes out."""

import io
import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from sync_service.cli import app, main
from sync_service.crash import write_crash_report
from sync_service.errors import TaizhangError
from sync_service.notify.telling import tell
from sync_service.privacy.masking import masked_key
from sync_service.reuse.shelf import FOLDER as SHELF
from sync_service.service.runner import Runner
from tests.county import NAMES, NOW, CountyOnDisk, make_county, number, veteran, workbook
from tests.drawn import Drawn
from tests.endpoint import served
from tests.marked import Marker
from tests.right_people import ROWS
from tests.simulated_clock import SimulatedClock
from tests.test_notify import Group, with_robots
from workbook_templates.form import load_forms
from workbook_templates.kinds import KINDS

EAST, WEST, BROKEN = NAMES
RUN = CliRunner(env={"COLUMNS": "400"})


@dataclass
class Exposed:
    """A county that marked values went through: what every command and server said."""

    county: CountyOnDisk
    markers: dict[str, Marker]
    said: dict[str, str] = field(default_factory=dict)

    @property
    def somebody(self) -> str:
        """One who was called to a check-up, which is kept for ten years, and whose file is kept for good."""
        return self.markers[EAST].people[str(ROWS["health_checks"][0]["id_number"])]

    @property
    def all_given(self) -> list[Marker]:
        return [*self.markers.values()]

    def run(self, *words: str) -> None:
        """One command; its output, and the words of whatever it raised."""
        result = RUN.invoke(app, [*words], catch_exceptions=True)
        said = result.output
        error: BaseException | None = result.exception
        while error is not None and not isinstance(error, SystemExit):
            said += f"\n{error!r} {error} {getattr(error, 'hint', '')}"
            error = error.__cause__ or error.__context__
        self.said[" ".join(words)] = said
        assert isinstance(result.exception, SystemExit | TaizhangError | None), said


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> Exposed:
    """Everything that taizhang does, done once to marked values."""
    county = make_county(tmp_path_factory.mktemp("privacy") / "county")
    made = Exposed(county, {EAST: Marker(0), WEST: Marker(4000)})
    sheets = {name: {"封面": workbook(name, [])["封面"], **marker.sheets()} for name, marker in made.markers.items()}
    for name, drawn in sheets.items():
        county.write(name, drawn)
    broken = made.markers[EAST].person(number(1))
    county.book(BROKEN).write_bytes(f"{broken}，不是工作簿".encode())
    county.age(county.book(BROKEN))
    group = Group()
    thread = threading.Thread(target=group.serve_forever)
    thread.start()
    with_robots(county, group)
    before = Path.cwd()
    os.chdir(county.folder)
    try:
        _do_everything(made, group, sheets[EAST])
    finally:
        os.chdir(before)
        group.shutdown()
        thread.join()
        group.server_close()
    return made


def _do_everything(made: Exposed, group: Group, east: Drawn) -> None:
    county, somebody = made.county, made.somebody
    made.run("sync")
    county.write(EAST, {title: sheet for title, sheet in east.items() if title != "走访慰问"})
    night = SimulatedClock(at=(NOW + timedelta(days=1)).replace(hour=4))
    Runner(county.settings, night, Random(1), console=True).tick()
    tell(county.setup, county.forms, NOW + timedelta(days=3))
    made.said["notify"] = repr(group.asked)
    book = str(county.book(EAST))
    for words in (
        ["templates", "--with-data", "--township", EAST],
        ["history", somebody], ["history", somebody, "--json"], ["history", "查无此人"],
        ["as-of", "2099-01-01", "--form", "退役军人"], ["as-of", "2099-01-01", "--form", "优抚对象", "--json"],
        ["as-of", "2099-01-01", "--form", "资金发放"], ["as-of", "2099-01-01", "--form", "光荣牌", "--json"],
        ["figures"], ["figures", "--json"], ["report", "--force"], ["crosscheck", "--force"], ["seal", "2026下半年"],
        ["check", book, "--township", EAST], ["check", book, "--township", EAST, "--json"],
        ["check", str(county.book(BROKEN)), "--township", BROKEN],
        ["confirm", EAST], ["undo", "1"], ["undo", "999"], ["backup"], ["status"], ["status", "--json"], ["doctor"],
        ["forget", somebody, "--dry-run"], ["forget", somebody[:17], "--yes"], ["forget", somebody, "--yes"],
        ["tokens", "list"], ["audit", "list"], ["audit", "list", "--json"], ["audit", "verify"], ["sync", "--full", "--json"],
        ["history", somebody, "--as-jsonx"],
    ):  # fmt: skip
        made.run(*words)
    with served(county) as endpoint:
        answers = [
            endpoint.post("check", county.book(EAST).read_bytes()),
            endpoint.post("check", county.book(WEST).read_bytes()),
            endpoint.post("submit", county.book(BROKEN).read_bytes()),
            endpoint.post("check", somebody.encode(), name=f"{somebody}.xlsx", token="x"),
            endpoint.post(f"check/{somebody}", b""),
        ]
    made.said["endpoint"] = "\n".join(f"{one.headers} {one.text}" for one in answers)


def _text(path: Path) -> str:
    """Everything that a file holds, unpacked."""
    data = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data.decode(errors="replace")
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def _is_meant_to_carry_them(path: Path, folder: Path) -> bool:
    """The store and what is worked out from it, the master, what the bureau works with, and what belongs to one township alone."""
    top = path.relative_to(folder).parts[0]
    return top in {"上报", "反馈", "模板", "备份", "历次总台账", SHELF} or top.startswith(
        ("taizhang.db", "县级总台账", "工作总结_", "核对_", "统计")
    )


def test_what_the_test_feeds_is_there_to_be_found(exposed: Exposed) -> None:
    east, west = exposed.all_given
    text = _text(exposed.county.master) + _text(exposed.county.feedback(EAST)) + _text(exposed.county.feedback(WEST))
    assert len(east.found_in(text, "number")) > 20
    for what in ("phone", "account", "address", "spoilt"):
        assert east.found_in(text, what), what
        assert west.found_in(text, what), what


def test_no_command_no_notification_and_no_answer_carries_a_marked_value(exposed: Exposed) -> None:
    assert len(exposed.said) > 30
    leaks = {
        command: found for command, said in exposed.said.items() for one in exposed.all_given if (found := one.found_in(said, "number", "phone", "account", "address", "spoilt"))
    }  # fmt: skip
    assert leaks == {}


def test_names_are_masked_wherever_people_are_listed(exposed: Exposed) -> None:
    listed = {command: said for command, said in exposed.said.items() if command.split()[0] in {
        "history", "as-of", "status", "notify", "audit", "forget", "doctor", "sync", "figures", "crosscheck", "report", "undo",
    }}  # fmt: skip
    assert {c: f for c, said in listed.items() for one in exposed.all_given if (f := one.found_in(said, "name"))} == {}
    assert re.search(r"欧\*.", exposed.said["as-of 2099-01-01 --form 退役军人"])
    assert re.search(r"99\d{4}\*{8}\d{3}[\dX]", exposed.said["as-of 2099-01-01 --form 退役军人"])


def test_no_file_but_those_that_are_meant_to_carries_a_marked_value(exposed: Exposed) -> None:
    folder = exposed.county.folder
    others = [p for p in folder.rglob("*") if p.is_file() and not _is_meant_to_carry_them(p, folder)]
    assert {"运行记录.jsonl", "taizhang.key", "taizhang.tokens", "校验网页记录.jsonl"} <= {path.name for path in others}
    leaks = {path.name: found for path in others for one in exposed.all_given if (found := one.found_in(_text(path)))}
    assert leaks == {}


@pytest.mark.parametrize(("mine", "other"), [(EAST, WEST), (WEST, EAST)])
def test_what_goes_to_one_township_carries_nobody_of_another(exposed: Exposed, mine: str, other: str) -> None:
    files = [path for path in exposed.county.folder.rglob(f"*{mine}*") if path.is_file() and "备份" not in str(path)]
    assert {path.parent.name.split("_")[0] for path in files} >= {"反馈", "核对"}
    marker = exposed.markers[other]
    leaks = {path.name: found for path in files if (found := marker.found_in(_text(path)))}
    assert leaks == {}


def test_an_erased_person_is_in_no_output_of_the_next_run(exposed: Exposed) -> None:
    somebody = exposed.somebody
    assert "已删除" in exposed.said[f"forget {somebody} --yes"]
    with zipfile.ZipFile(exposed.county.master) as archive:
        strings = "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    assert somebody in strings  # the archive that has to be kept
    with closing(sqlite3.connect(exposed.county.folder / "taizhang.db")) as store:
        (left,) = store.execute(
            "SELECT count(*) FROM row_versions WHERE form = 'health_checks' AND payload LIKE ?", [f"%{somebody}%"]
        ).fetchone()  # fmt: skip
    assert left == 0


def test_reveal_shows_what_is_asked_for_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    county = make_county(tmp_path / "county")
    county.fill({EAST: [veteran(1)]})
    county.sync()
    monkeypatch.chdir(county.folder)
    masked, full = (RUN.invoke(app, ["history", number(1), *more]).output for more in ([], ["--reveal"]))
    assert number(1) not in masked
    assert "990101********" in masked
    assert "139****0001" in masked
    born = f"{number(1)[6:10]}-{number(1)[10:12]}-{number(1)[12:14]}"
    assert born not in masked  # it would fill the gap in the number
    assert number(1) in full
    assert "13900000001" in full


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("id18", "330102195001011234", "330102********1234"), ("name", "张小三", "张*三"), ("name", "张三", "张*"),
        ("phone", "13912345678", "139****5678"), ("account", "6217000012345678", "************5678"),
        ("address", "清河县城关镇东风村3组12号", "清河县城关镇东风村****"), ("address", "城南路5号", "城南路****"),
        ("text", "其子330102195001011234，电话13912345678", "其子330***********1234，电话139****5678"),
        ("text", "编号202601010001", "编号202601010001"), ("village", "330102195001011234", "330***********1234"),
        ("name", "王强330102195001011234", "王强330***********1234"), ("date", "2026-01-01", "2026-01-01"),
    ],
)  # fmt: skip
def test_each_kind_hides_its_own(kind: str, value: str, shown: str) -> None:
    assert KINDS[kind].mask(value) == shown


def test_a_key_is_masked_by_the_columns_that_it_is_made_of() -> None:
    forms = load_forms()
    assert (
        masked_key(forms["beneficiaries"], f"{number(1)}|参战退役人员")
        == f"990101********{number(1)[-4:]}|参战退役人员"
    )
    assert masked_key(forms["visits"], "张小三|2026-08-01|八一") == "张*三|2026-08-01|八一"


def _files(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions elsewhere")
def test_whatever_the_program_writes_only_its_own_user_may_read(tmp_path: Path) -> None:
    county = make_county(tmp_path / "county")
    county.fill({EAST: [veteran(1)]})
    given = set(_files(county.folder))
    commands = [
        ["sync"],
        ["templates", "--township", EAST],
        ["backup"],
        ["tokens", "new", EAST],
        ["history", number(1), "--reveal"],
    ]
    script = (
        "import os, sys; from contextlib import suppress; from sync_service.cli import main\n"
        f"os.umask(0o022)\nfor words in {commands!r}:\n    sys.argv = ['taizhang', *words]\n    with suppress(SystemExit): main()"
    )
    subprocess.run([sys.executable, "-c", script], cwd=county.folder, capture_output=True, check=True)
    written = {name: mode for name, mode in _files(county.folder).items() if name not in given}
    assert {"taizhang.db", "县级总台账.xlsx", "taizhang.tokens", "taizhang.key", f"反馈/{EAST}_校验反馈.xlsx"} <= set(
        written
    )
    assert {name: oct(mode) for name, mode in written.items() if mode & 0o077} == {}


def test_an_error_that_nobody_foresaw_shows_no_values_and_leaves_a_report_without_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    county = make_county(tmp_path / "county")
    county.fill({EAST: [veteran(1)]})
    county.sync()
    with closing(sqlite3.connect(county.folder / "taizhang.db")) as store:
        store.execute(
            "INSERT INTO row_versions SELECT county, 999, form, township, 'spoilt', ?, digest, run, valid_from, NULL, NULL,"
            " source_file, source_sheet, source_row FROM row_versions WHERE form = 'veterans' LIMIT 1",
            [f'{{"name": "王强", "id_number": "{number(1)}'],
        )
        store.commit()
    monkeypatch.chdir(county.folder)
    monkeypatch.setattr(sys, "argv", ["taizhang", "as-of", "2099-01-01"])
    mask = os.umask(0o077)
    try:
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        os.umask(mask)
    shown = "".join(capsys.readouterr())
    assert ended.value.code == 2
    assert "意外的错（JSONDecodeError）" in shown
    assert "Traceback" not in shown
    [report] = county.folder.glob("崩溃报告_*.txt")
    text = report.read_text("utf-8")
    assert "sync_service/asking.py:" in text
    assert "taizhang as-of" in text
    assert number(1) not in shown + text
    assert "王强" not in shown + text


def test_a_crash_report_names_every_error_of_a_chain_and_quotes_none(tmp_path: Path) -> None:
    try:
        try:
            raise KeyError(number(1))
        except KeyError as error:
            raise ValueError(f"row of {number(1)}") from error
    except ValueError as error:
        path = write_crash_report(error, tmp_path, "sync", "1.0", NOW)
    assert path
    text = path.read_text("utf-8")
    assert "ValueError" in text
    assert "KeyError" in text
    assert number(1) not in text
    assert write_crash_report(ValueError(), tmp_path / "nowhere", "sync", "1.0", NOW) is None
