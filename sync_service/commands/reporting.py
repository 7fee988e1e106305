"""taizhang crosscheck and taizhang report: nobody missed, and the summary of the half year."""

from pathlib import Path
from typing import Annotated

import typer

from sync_service.commands.options import DEFAULT, AsJson, AsOf, CountyFile, OnePeriod, synced, this_moment


def crosscheck(
    county: CountyFile = DEFAULT,
    period: OnePeriod = "",
    as_of: AsOf = "",
    roster: Annotated[
        Path | None,
        typer.Option(
            "--roster", metavar="名册", help="历年安排工作名册，任何样子的表格；不写就用县局工作簿里的那张表。"
        ),
    ] = None,
    sheet: Annotated[str, typer.Option("--sheet", help="名册里的哪张工作表；只有一张像名册时不用写。")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个文件夹；不写就是“核对_日期”。")] = None,
    force: Annotated[bool, typer.Option("--force", help="文件夹里已有同名文件时也重写。")] = False,
    as_json: AsJson = False,
) -> None:
    """名册对名册，一人不漏：谁还没通知、没挂牌、没体检、该发没发、不该发却发了。写县里的一本和每个乡镇的待办名单。"""
    from sync_service.asking import day_named
    from sync_service.audit.noting import note
    from sync_service.crosscheck.crosschecking import Question, write_books
    from sync_service.crosscheck.crosschecking import crosscheck as compare
    from sync_service.crosscheck.shown import crosscheck_json, print_crosscheck
    from sync_service.figures.asking import span_of

    setup, now = synced(county), this_moment()
    span = span_of(setup, period, as_of, now)
    question = Question(span.period, day_named(as_of) if as_of else now, roster, sheet)
    found = compare(setup, setup.forms(), question)
    folder = out or setup.path(f"核对_{found.day}")
    note(setup, "export", now, command="crosscheck", period=span.period.name)
    paths = list(write_books(found, folder, now.replace(tzinfo=None, microsecond=0), force=force))
    if as_json:
        typer.echo(crosscheck_json(found, [str(path) for path in paths]))
        return
    print_crosscheck(found)
    typer.echo(
        f"已写好 {paths[0]}，和 {len(paths) - 1} 个乡镇的待办名单（同一文件夹）。名单含个人信息，请只发给各乡镇自己。"
    )


def report(
    county: CountyFile = DEFAULT,
    period: OnePeriod = "",
    as_of: AsOf = "",
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="模板",
            help="Word 模板（.docx）；不写就用设置文件旁边的“总结模板.docx”，没有就先写一份。",
        ),
    ] = None,
    template_out: Annotated[
        Path | None, typer.Option("--template-out", metavar="模板", help="只把带名字的模板写到这里，拿去在 Word 里改。")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="总结写到哪里（.docx）；不写就是“工作总结_期.docx”。")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="已有同名文件时也重写；里面手改过的会丢失。")] = False,
) -> None:
    """写半年工作总结（Word）：各个数照口径填好，附图、附录；还没有的数标红“待补”。同时写各个数的明细（统计.xlsx）。"""
    from sync_service.audit.acting import at_this_pc
    from sync_service.figures.asking import figures_of, span_of
    from sync_service.moments import moment
    from sync_service.report.writing import county_template, write_report, write_template_once
    from sync_service.store import Store

    if template_out:
        write_template_once(template_out, force=force)
        typer.echo(f"已写好 {template_out}。请在 Word 里改文字，花括号里的名字留着；用 --template 指明它。")
        return
    setup, now = synced(county), this_moment()
    span = span_of(setup, period, as_of, now)
    chosen = template or county_template(setup)
    target = out or setup.path(f"工作总结_{span.period.name}.docx")
    forms = setup.forms()
    with Store.open(setup.store_url, setup.county.code) as store:
        found = figures_of(setup, forms, store, span)
        store.note("export", {"command": "report", "period": span.period.name}, who=at_this_pc(), at=moment(now))
        written = write_report(setup, forms, store, found, chosen, target, now, force=force)
    for line in written.lines:
        typer.echo(line)
