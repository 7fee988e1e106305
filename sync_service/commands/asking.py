"""taizhang history, as-of, undo and confirm: what the store knows, and what a run did taken back."""

from pathlib import Path
from typing import Annotated

import typer

from sync_service.commands.options import DEFAULT, AsJson, CountyFile, Reveal, setup_of, this_moment


def history(
    sought: Annotated[str, typer.Argument(metavar="身份证号或主键", help="身份证号，或总台账里的主键。")],
    county: CountyFile = DEFAULT,
    reveal: Reveal = False,
    as_json: AsJson = False,
) -> None:
    """一个人（一行）的全部变化：何时、来自哪个文件哪一行、由什么改成什么。姓名、号码、地址打星号。"""
    from sync_service.asking import row_history
    from sync_service.privacy.masking import masked_changes
    from sync_service.privacy.revealing import note_person
    from sync_service.showing import as_json_lines, print_history

    setup = setup_of(county)
    forms = setup.forms()
    events = row_history(setup, forms, sought)
    if reveal:
        note_person(setup, "history", sought, this_moment())
    else:
        events = masked_changes(forms, events)
    if as_json:
        typer.echo(as_json_lines(events))
    else:
        print_history(events)


def as_of(
    day: Annotated[str, typer.Argument(metavar="日期", help="例如 2026-06-30。")],
    county: CountyFile = DEFAULT,
    form: Annotated[str, typer.Option("--form", help="哪张表（退役军人 或 veterans）。")] = "退役军人",
    out: Annotated[
        Path | None, typer.Option("--out", help="写成 .xlsx 或 .csv 文件，不在屏幕上列出；内容完整，会记进审计。")
    ] = None,
    reveal: Reveal = False,
    as_json: AsJson = False,
) -> None:
    """一张表在某一天结束时的样子。屏幕上姓名、号码、地址打星号。"""
    from sync_service.asking import day_named, standing_at
    from sync_service.audit.noting import note
    from sync_service.privacy.masking import masked_table
    from sync_service.showing import as_json_lines, print_table, write_table

    setup = setup_of(county)
    table = standing_at(setup, setup.forms(), form, day_named(day))
    if out or reveal:
        note(
            setup,
            "export" if out else "reveal",
            this_moment(),
            command="as-of",
            forms=table.form.title,
            rows=len(table.rows),
        )
    else:
        table = masked_table(table)
    if out:
        write_table(table, out)
        typer.echo(f"已写好 {out}，{len(table.rows)} 行")
    elif as_json:
        typer.echo(as_json_lines(table.records()))
    else:
        print_table(table)


def undo(
    run: Annotated[int, typer.Argument(metavar="运行号", help="要撤销的那一次运行，见总台账的变更记录。")],
    county: CountyFile = DEFAULT,
) -> None:
    """把某一次运行的改动退回去，作为新的一次运行；什么都不抹掉。"""
    from sync_service.asking import undo_run
    from sync_service.showing import print_undone

    setup = setup_of(county)
    print_undone(undo_run(setup, setup.forms(), run, this_moment()), run)


def confirm(
    township: Annotated[str, typer.Argument(metavar="乡镇", help="乡镇名称或代码。")],
    county: CountyFile = DEFAULT,
    form: Annotated[str, typer.Option("--form", help="哪张表；不写就是该乡镇所有待确认的表。")] = "",
) -> None:
    """确认：某乡镇一次消失的许多行确实要删除。"""
    from sync_service.asking import confirm_gone

    setup = setup_of(county)
    for title, run in confirm_gone(setup, setup.forms(), township, form, this_moment()):
        typer.echo(f"{title}：已确认删除，第 {run} 次运行。运行 taizhang sync 后总台账随之更新。")
