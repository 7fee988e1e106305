"""Installing the service: what systemd and Windows are given is what they take, and their words are understood."""

import os
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sync_service.cli import app
from sync_service.errors import TaizhangError
from sync_service.install import systemd, windows
from sync_service.install.program import Program
from tests.allowed_skips import allowed_skip
from tests.county import CountyOnDisk, make_county

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
HARD = Program(
    "taizhang-990101", "台账（清河县）100%", ("/bin/echo", "run", "--county", '/t/a b/$H "x" %n/c.toml'), Path("/")
)
SYSTEMCTL = """#!/bin/sh
echo "systemctl $*" >> "$CALLS"
case "$*" in *is-active*) cat "$STATE"; exit 3;; *enable*) exit ${FAILS:-0};; esac
"""
SCHTASKS = """#!/bin/sh
echo "schtasks $*" >> "$CALLS"
case "$1" in
  /Create) cp "$5" "$STATE";;
  /Query) test -s "$STATE" && echo "TaskName: $3" || { echo "ERROR: not found"; exit 1; };;
  /Delete) : > "$STATE";;
esac
"""


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CountyOnDisk:
    """A county, and a system without root whose programs only take notes."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, script in (
        ("systemctl", SYSTEMCTL),
        ("loginctl", '#!/bin/sh\necho "loginctl $*" >> "$CALLS"'),
        ("schtasks", SCHTASKS),
    ):
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    for name in ("CALLS", "STATE"):
        (tmp_path / name).write_text("")
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return make_county(tmp_path / "清河 county")


def called(county: CountyOnDisk) -> list[str]:
    return (county.folder.parent / "CALLS").read_text().splitlines()


def run(county: CountyOnDisk, *words: str) -> str:
    done = CliRunner().invoke(app, ["service", *words, "--county", str(county.settings)])
    if isinstance(done.exception, TaizhangError):
        raise done.exception
    return done.output


def unit_of(county: CountyOnDisk) -> Path:
    return county.folder.parent / "config" / "systemd" / "user" / "taizhang-990101.service"


def test_dry_run_shows_the_unit_and_installs_nothing(county: CountyOnDisk) -> None:
    text = run(county, "install", "--dry-run")
    assert "[Service]" in text
    assert f'"{county.settings}"' in text
    assert called(county) == []
    assert not unit_of(county).exists()


def test_installing_starts_it_for_good_and_again_is_the_same(county: CountyOnDisk) -> None:
    for _ in range(2):
        assert "以后开机自动运行" in run(county, "install")
    assert called(county)[:4] == [
        "systemctl --user daemon-reload",
        "systemctl --user enable taizhang-990101.service",
        "systemctl --user restart taizhang-990101.service",
        "loginctl enable-linger",
    ]
    assert unit_of(county).read_text("utf-8") + "\n" == run(county, "install", "--dry-run")


@pytest.mark.parametrize(("state", "words"), [("active", "正在运行"), ("failed", "出错停了"), ("inactive", "已停止")])
def test_status_tells_how_it_stands(county: CountyOnDisk, state: str, words: str) -> None:
    assert "没有装成自动运行" in run(county, "status")
    run(county, "install")
    (county.folder.parent / "STATE").write_text(state)
    assert words in run(county, "status")


def test_removing_stops_it_and_takes_the_unit_away(county: CountyOnDisk) -> None:
    assert "本来就没有" in run(county, "remove")
    run(county, "install")
    assert "已停止并取消" in run(county, "remove")
    assert not unit_of(county).exists()
    assert "systemctl --user disable --now taizhang-990101.service" in called(county)


def test_what_the_system_refuses_is_told_with_its_words(county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAILS", "1")
    with pytest.raises(TaizhangError, match=r"enable .* 没有成功"):
        run(county, "install")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(TaizhangError, match="没有 systemctl"):
        run(county, "install")


@pytest.mark.parametrize("system", [True, False])
def test_systemd_itself_finds_nothing_wrong_with_the_unit(tmp_path: Path, system: bool) -> None:
    path = tmp_path / "taizhang-990101.service"
    path.write_text(systemd.unit(HARD, system=system), "utf-8")
    try:
        command = ["systemd-analyze", "verify", "--man=no", str(path)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        allowed_skip("systemd is not here")
    assert [line for line in done.stdout.splitlines() if path.name in line] == []


TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def test_the_task_of_windows_starts_restarts_and_never_runs_twice() -> None:
    task = ET.fromstring(windows.text(HARD).encode("utf-16"))

    def said(path: str) -> str | None:
        return task.findtext("/".join(TASK + part for part in path.split("/")))

    order = [child.tag.removeprefix(TASK) for child in task]
    assert order == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    assert said("Triggers/LogonTrigger/Enabled") == "true"
    assert said("Settings/MultipleInstancesPolicy") == "IgnoreNew"
    assert said("Settings/ExecutionTimeLimit") == "PT0S"
    assert said("Settings/RestartOnFailure/Interval") == "PT1M"
    assert said("Actions/Exec/Command") == "/bin/echo"
    assert said("Actions/Exec/Arguments") == subprocess.list2cmdline(HARD.command[1:])


def test_windows_is_asked_to_take_run_show_and_drop_the_task(county: CountyOnDisk) -> None:
    program = Program("taizhang-990101", "台账", ("taizhang.exe", "run"), county.folder)
    assert "没有装成" in windows.status(program)
    assert "本来就没有" in windows.remove(program)
    assert "登录 Windows 就自动运行" in windows.install(program)
    state = county.folder.parent / "STATE"
    assert state.read_bytes() == windows.text(program).encode("utf-16")
    assert "已装成自动运行" in windows.status(program)
    assert "已停止" in windows.remove(program)
    words = [call.split()[1] for call in called(county)]
    assert words == ["/Query", "/Query", "/Create", "/Run", "/Query", "/Query", "/End", "/Delete"]
