"""The demo as a newcomer sees it: the county is made and synced, changed and synced again, and the findings are compared."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import orjson
from rich.console import Console

from sync_service.demo.county import Demo, make_county
from sync_service.demo.doubles import Likely
from sync_service.demo.draft import Seeded, compare
from sync_service.demo.places import BUREAU
from sync_service.demo.second_round import SecondRound, change_some_rows
from sync_service.errors import TaizhangError
from sync_service.pipeline import RunReport, run
from sync_service.report_text import report_text
from sync_service.settings import CountyPart, CountySetup, LimitsPart, TownshipPart, load_settings
from sync_service.settings_text import render_settings
from sync_service.store import AWAITING, Store
from sync_service.terminal import show
from workbook_templates.form import Forms, load_forms

MARKER = ".taizhang-demo"


def _clear(folder: Path) -> None:
    """Empties a folder that an earlier demo made. Raises TaizhangError if it is anybody else's."""
    marker = folder / MARKER
    if folder.exists() and any(folder.iterdir()) and not marker.exists():
        raise TaizhangError(f"{folder} 里已有别的文件，没有动它", "请换一个空文件夹：taizhang demo 文件夹。")
    folder.mkdir(parents=True, exist_ok=True)
    marker.touch()
    for name in ("taizhang.db", "taizhang.db-wal", "taizhang.db-shm", "县级总台账.xlsx", "县级总台账（新）.xlsx"):
        (folder / name).unlink(missing_ok=True)
    for left in folder.glob("反馈/*_校验反馈*.xlsx"):
        left.unlink()


def _write_settings(folder: Path, demo: Demo) -> CountySetup:
    parts = [
        TownshipPart(code=t.code, name=t.name, workbook=demo.files[t.code], villages=t.villages) for t in demo.townships
    ]
    county = CountyPart(code=demo.county.code, name=demo.county.name, workbook=demo.files[BUREAU.code])
    path = folder / "county.toml"
    path.write_text(render_settings(demo.period, county, parts, limits=LimitsPart(quiet_seconds=0)), "utf-8")
    return load_settings(path)


def _unseen(setup: CountySetup, seeded: Sequence[Seeded]) -> tuple[Seeded, ...]:
    with Store.open(setup.store_url, setup.county.code) as store:
        return compare(seeded, ((known.township, known.problem) for known in store.problems()))


def _unsuspected(setup: CountySetup, demo: Demo) -> Iterator[str]:
    """The likely doubles that are not shown to the coordinator."""
    with Store.open(setup.store_url, setup.county.code) as store:
        shown = {Likely(case.code, frozenset(side[0] for side in orjson.loads(case.sides))) for case in store.cases()}
    for one in demo.likely:
        if one not in shown:
            yield f"没有看出疑似同一人：{one.code} {'、'.join(sorted(one.townships))}"


def _surprises(setup: CountySetup, second: SecondRound, report: RunReport) -> Iterator[str]:
    """What the second run did otherwise than expected."""
    with Store.open(setup.store_url, setup.county.code) as store:
        tallies = {(one.township, one.form): one for one in store.tallies(report.run or 0) if one.run == report.run}
        for wanted in second.outcomes:
            found = tallies.get((wanted.township, wanted.form))
            numbers = (found.new, found.changed, found.gone, found.held) if found else None
            if numbers != (wanted.new, wanted.changed, wanted.gone, wanted.held):
                yield f"{wanted.township} {wanted.form}：应为 {wanted}，实为 {numbers}"
        moves = {(move.key, move.origin, move.destination) for move in store.moves()}
        for moved in second.moved:
            if moved not in moves:
                yield f"没有看出迁移：{moved[1]} → {moved[2]}"
        marks = {(row.township, row.key): row.marks for row in store.rows("veterans")}
        for place in second.awaiting:
            if AWAITING not in marks.get(place, ()):
                yield f"没有标出待更正：{place[0]}"
    statuses = {line.code: line.status for line in report.townships}
    for township, code in second.unread.items():
        if statuses[township] != code:
            yield f"{township} 应报 {code}，实报 {statuses[township]}"


def _seeded_lines(seeded: Sequence[Seeded], unseen: Sequence[Seeded]) -> Iterator[str]:
    kinds = Counter(one.mistake for one in seeded)
    codes = {one.code for one in seeded}
    yield f"埋下的错误：{len(kinds)} 种、{len(seeded)} 处，涉及 {len(codes)} 个问题代码；查出 {len(seeded) - len(unseen)} 处。"
    for one in unseen:
        yield f"  × 没有查出：{one.township} {one.sheet} {one.column or ''}{one.row or ''} {one.code} {one.mistake}"


def _show(console: Console, title: str, report: RunReport) -> None:
    console.rule(title)
    show(report_text(report))


def _syncs(console: Console, setup: CountySetup, forms: Forms, demo: Demo, now: datetime, folder: Path) -> bool:
    """Both syncs; whether everything was as expected."""
    _show(console, "第一次同步", run(setup, forms, now))
    unseen = _unseen(setup, demo.seeded)
    for line in _seeded_lines(demo.seeded, unseen):
        console.print(line, highlight=False)
    unsuspected = list(_unsuspected(setup, demo))
    second = change_some_rows(folder, demo, forms)
    report = run(setup, forms, datetime.now().astimezone())
    _show(console, "过了几个星期：改了一些行，交上来的文件也出了些状况", report)
    missed = _unseen(setup, second.seeded)
    surprises = list(_surprises(setup, second, report))
    for line in [*_seeded_lines(second.seeded, missed), *(f"  × {one}" for one in (*unsuspected, *surprises))]:
        console.print(line, highlight=False)
    return not (unseen or unsuspected or missed or surprises)


def show_demo(folder: Path, now: datetime) -> int:
    """Makes the demo county in `folder`, syncs it twice, and prints what was found; the exit code is 0 or, if a seeded
    mistake went unseen, 1. Raises TaizhangError if the folder holds anything else."""
    console = Console()
    forms = load_forms()
    _clear(folder)
    console.print("正在做一个示范县：12 个乡镇和县局的工作簿，里面的人都是虚构的……")
    demo = make_county(folder, forms, now.date())
    setup = _write_settings(folder, demo)
    right = _syncs(console, setup, forms, demo, now, folder)
    console.rule()
    console.print(f"总台账：{setup.path(setup.settings.files.master)}", highlight=False, soft_wrap=True)
    console.print(f"各乡镇的校验反馈：{setup.path(setup.settings.files.feedback)}", highlight=False, soft_wrap=True)
    console.print(f"接着试试：taizhang sync --county {folder / 'county.toml'}", highlight=False, soft_wrap=True)
    if not right:
        console.print("有埋下的错误没有查出，或结果与预期不同，见上面的 ×。", style="red")
    return 0 if right else 1
