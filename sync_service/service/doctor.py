"""`taizhang doctor`: everything that the service needs, looked at once, with what to mend."""

import platform
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

from sync_service.alone import holder
from sync_service.backup.archive import sqlite_path
from sync_service.backup.keeping import backup_folder
from sync_service.backup.records import last_verified
from sync_service.errors import TaizhangError
from sync_service.gather import DOWN
from sync_service.service.plan import service_lock
from sync_service.settings import CountySetup
from sync_service.sources.access import read_private
from sync_service.sources.places import places
from sync_service.store import Store
from sync_service.troubles import of_system

Grade = Literal["fine", "warn", "bad"]
LEAST_PYTHON = (3, 11)
LEAST_SQLITE = (3, 35, 0)
"""The first that knows what the store's statements use."""
LITTLE, TOO_LITTLE = 1000, 200
"""MB that are free on a disk: less than the first is little, less than the second too little."""
COUNTY_OFFSET = timedelta(hours=8)
"""Counties live by Beijing's time (UTC+8)."""
BUILT = 2026
"""No clock that says an earlier year is right."""
OVERDUE = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look gave: about what, how grave it is, what is so, and how to mend it ("" if nothing is to be mended)."""

    topic: str
    grade: Grade
    what: str
    cure: str = ""


def _python(setup: CountySetup, now: datetime) -> Iterator[Finding]:
    del setup, now
    too_old = sys.version_info < LEAST_PYTHON
    name = f"Python {platform.python_version()}"
    cure = f"请装 Python {'.'.join(map(str, LEAST_PYTHON))} 或更新的，再重装 taizhang。"
    yield Finding("版本", "bad", f"{name} 太旧", cure) if too_old else Finding("版本", "fine", name)
    known = f"SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < LEAST_SQLITE:
        yield Finding("版本", "bad", f"{known} 太旧", "请换一个更新的 Python，它带着更新的 SQLite。")
    else:
        yield Finding("版本", "fine", known)
    yield from _libraries()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)[:3]))


def _libraries() -> Iterator[Finding]:
    """Those of the libraries that taizhang cannot do without that are missing, or older than it needs."""
    wrong = []
    for line in requires("taizhang") or ():
        named = re.match(r"([\w.-]+)(?:\[[^\]]*\])?(?:>=([\d.]+))?", line)
        if named is None or "extra ==" in line:
            continue
        try:
            if named[2] and _numbers(version(named[1])) < _numbers(named[2]):
                wrong.append(f"{named[1]} {version(named[1])}（要 {named[2]} 以上）")
        except PackageNotFoundError:
            wrong.append(f"{named[1]}（没有装）")
    if wrong:
        yield Finding("版本", "bad", "软件包不对：" + "、".join(wrong), "请运行 pip install --upgrade taizhang。")
    else:
        yield Finding("版本", "fine", "用到的软件包都够新")


def _clock(setup: CountySetup, now: datetime) -> Iterator[Finding]:
    if now.year < BUILT:
        yield Finding("时钟", "bad", f"电脑的日期是 {now:%Y-%m-%d}，不对", "请校准电脑的日期和时间，打开自动对时。")
        return
    if now.utcoffset() != COUNTY_OFFSET:
        shown = f"{now:%z}"
        yield Finding(
            "时钟",
            "warn",
            f"电脑的时区（{shown}）不是北京时间",
            "请把时区设成“(UTC+08:00) 北京”；夜间汇总的时间按电脑的时区算。",
        )
    if setup.has_store:
        with Store.open(setup.store_url, setup.county.code) as store:
            latest = max((run.finished_at for run in store.runs(1)), default="")
        if latest and datetime.fromisoformat(latest) > now + timedelta(minutes=5):
            yield Finding(
                "时钟", "bad", f"最近一次运行记的时间（{latest}）比电脑现在的时间还晚",
                "电脑的时间现在不对，或者那时不对。请校准；时间走到那以后，记录就又对了。",
            )  # fmt: skip
            return
    yield Finding("时钟", "fine", f"{now:%Y-%m-%d %H:%M}")


def _folders(setup: CountySetup) -> Iterator[tuple[str, Path]]:
    """What is written to, by what people call it."""
    files = setup.settings.files
    store = sqlite_path(setup)
    if store:
        yield "登记库", store.parent
    yield "总台账", setup.path(files.master).parent
    yield "反馈", setup.path(files.feedback)
    yield "运行记录", setup.path(setup.settings.service.log).parent
    if folder := backup_folder(setup):
        yield "备份", folder


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there: what is missing is made when it is needed."""
    return next(one for one in (folder, *folder.absolute().parents) if one.exists())


def _writable(setup: CountySetup, now: datetime) -> Iterator[Finding]:
    del now
    for name, folder in _folders(setup):
        try:
            with tempfile.TemporaryFile(dir=_existing(folder)) as file:
                file.write(b"taizhang")
        except OSError as error:
            what, cure = of_system(error)
            yield Finding("权限", "bad", f"{name}的文件夹写不了：{what}（{folder}）", f"{cure}。")
        else:
            yield Finding("权限", "fine", f"{name}的文件夹可以写")


def _disk(setup: CountySetup, now: datetime) -> Iterator[Finding]:
    del now
    disks: dict[int, tuple[str, Path]] = {}
    for name, folder in _folders(setup):
        here = _existing(folder)
        disks.setdefault(here.stat().st_dev, (name, here))
    for name, here in disks.values():
        free = shutil.disk_usage(here).free // 2**20
        what = f"{name}所在的磁盘还有 {free:,} MB"
        if free < LITTLE:
            cure = "请腾出一些空间：清空回收站，把不用的文件移走。"
            yield Finding("磁盘", "bad" if free < TOO_LITTLE else "warn", what, cure)
        else:
            yield Finding("磁盘", "fine", what)


def _store(setup: CountySetup, now: datetime) -> Iterator[Finding]:
    del now
    path = sqlite_path(setup)
    if path and path.parent.is_dir():
        with (
            tempfile.TemporaryDirectory(dir=path.parent, prefix=".taizhang.doctor.") as folder,
            closing(sqlite3.connect(Path(folder) / "try.db")) as trial,
        ):
            (mode,) = trial.execute("PRAGMA journal_mode=WAL").fetchone()
        if mode != "wal":
            yield Finding(
                "登记库",
                "bad",
                "登记库所在的磁盘不支持它的写法（WAL）",
                "登记库要放在本机的硬盘上，不要放在网络盘、网盘同步的文件夹里。",
            )
    if not setup.has_store:
        yield Finding("登记库", "warn", "还没有登记库", "运行一次 taizhang sync 就有了。")
        return
    with Store.open(setup.store_url, setup.county.code) as store:
        runs = store.runs(1)
    yield Finding("登记库", "fine", f"打得开，最近一次是第 {runs[0].id} 次运行" if runs else "打得开，还是空的")


def _reach(setup: CountySetup, now: datetime) -> Iterator[Finding]:
    """Every township's place, all at once and each within county.toml's time."""
    del now
    found = places(setup.addresses, setup.access, setup.settings.limits.look_seconds).look()
    names = {unit.code: unit.name for unit in setup.townships}
    fine = 0
    for one in found:
        told = next((p for p in one.problems if p.code in DOWN), None) or next(iter(one.problems), None)
        if told is None:
            fine += 1
            continue
        grade: Grade = "bad" if told.code in DOWN else "warn"
        yield Finding("工作簿", grade, f"{names[one.township]}：{told.message}", told.cure)
    if fine:
        yield Finding("工作簿", "fine", f"{fine} 个单位的工作簿找得到")


def _secrets(setup: CountySetup, now: datetime) -> Iterator[Finding]:
    del now
    access = setup.access
    for file in (access.passwords, access.google):
        if file:
            read_private(file)
            yield Finding("账号", "fine", f"{file.name} 读得到，别人读不到")


def _service(setup: CountySetup, now: datetime) -> Iterator[Finding]:
    del now
    alive = holder(service_lock(setup))
    if alive:
        yield Finding("自动运行", "fine", f"在运行（{alive.told}）")
    else:
        yield Finding(
            "自动运行",
            "warn",
            "没有在运行",
            "请运行 taizhang service install，装好以后开机就自动运行；或自己运行 taizhang run。",
        )


def _backups(setup: CountySetup, now: datetime) -> Iterator[Finding]:
    folder = backup_folder(setup)
    last = last_verified(folder) if folder and folder.is_dir() else None
    if folder is None:
        yield Finding(
            "备份", "warn", "没有设备份文件夹", "请在 county.toml 的 [backup] 里写 folder，最好在另一块磁盘上。"
        )
    elif last is None:
        yield Finding("备份", "warn", "还没有一份核对过的备份", "请运行 taizhang backup。")
    elif now - datetime.fromisoformat(last.at) > OVERDUE:
        yield Finding("备份", "bad", f"最近一份备份是 {last.at[:10]} 的", "请运行 taizhang backup，看它怎么说。")
    else:
        yield Finding("备份", "fine", f"最近一份核对过的备份：{last.file}")


_LOOKS: dict[str, Callable[[CountySetup, datetime], Iterator[Finding]]] = {
    "版本": _python, "时钟": _clock, "权限": _writable, "磁盘": _disk, "登记库": _store,
    "账号": _secrets, "工作簿": _reach, "自动运行": _service, "备份": _backups,
}  # fmt: skip


def examine(setup: CountySetup, now: datetime) -> list[Finding]:
    """Everything, looked at. What cannot even be looked at is a finding, too."""
    found = [Finding("设置", "fine", "county.toml 没有写错的地方")]
    for topic, look in _LOOKS.items():
        try:
            found += look(setup, now)
        except TaizhangError as error:
            found.append(Finding(topic, "bad", str(error), error.hint))
        except OSError as error:
            what, cure = of_system(error)
            found.append(Finding(topic, "bad", what, f"{cure}。"))
    return found
