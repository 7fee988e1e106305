"""taizhang figures, seal and unseal: the figures that are reported, and keeping them as they were reported."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from sync_service.commands.options import DEFAULT, AsJson, AsOf, CountyFile, OnePeriod, synced, this_moment

Hand = Annotated[str, typer.Option("--by", help="谁封存（或解封）的；不写就是登录电脑的名字。")]


def figures(
    county: CountyFile = DEFAULT,
    period: OnePeriod = "",
    as_of: AsOf = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="写成 .xlsx 工作簿：各乡镇的数、图、核对，和每个数的明细行。")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="--out 的文件已经有了也重写。")] = False,
    as_json: AsJson = False,
) -> None:
    """算出要上报的统计数：分存量、流量、比率，和上期、上年同期比，并核对口径。退出码：0 正常，1 有口径不符合。"""
    from sync_service.audit.acting import at_this_pc
    from sync_service.figures.asking import figures_of, span_of
    from sync_service.figures.sealing import differences, standing_seal
    from sync_service.figures.shown import figures_json, print_differences, print_figures
    from sync_service.figures.workbook import write_figures
    from sync_service.moments import moment
    from sync_service.placing import refuse_to_harm, writing
    from sync_service.store import Store

    setup = synced(county)
    forms, now = setup.forms(), this_moment()
    span = span_of(setup, period, as_of, now)
    if out:
        refuse_to_harm(setup, out, county, force=force)
    with Store.open(setup.store_url, setup.county.code) as store:
        found = figures_of(setup, forms, store, span)
        sealed = standing_seal(store, span.period.name)
        changed = differences(store, forms, found)
        if as_json:
            typer.echo(figures_json(found, sealed, changed))
        else:
            print_figures(found, sealed)
            if sealed:
                print_differences(changed)
        if out:
            store.note("export", {"command": "figures", "period": span.period.name}, who=at_this_pc(), at=moment(now))
            with writing(out):
                write_figures(out, setup, forms, store, found, changed, now)
            if not as_json:
                typer.echo(f"已写好 {out}。里面是完整的个人信息，只在县局的电脑上保管。")
    raise typer.Exit(1 if any(one.outcome == "fails" and one.check.severity == "error" for one in found.checks) else 0)


def seal(
    period: Annotated[str, typer.Argument(metavar="期", help="已经上报的一期，例如 2026上半年。")],
    county: CountyFile = DEFAULT,
    as_of: AsOf = "",
    by: Hand = "",
    note: Annotated[str, typer.Option("--note", help="为什么封存，例如 半年总结已上报市局。")] = "已上报",
) -> None:
    """把一期已上报的数封存：数和它们的每一行都留底，以后改了什么，逐行看得出来。"""
    from sync_service.figures.asking import figures_of, span_of
    from sync_service.figures.sealing import seal_figures
    from sync_service.store import Store

    setup, now = synced(county), this_moment()
    span = span_of(setup, period, as_of, now)
    with Store.open(setup.store_url, setup.county.code) as store:
        found = figures_of(setup, setup.forms(), store, span)
        seal_figures(store, found, now, by or getpass.getuser(), note)
    typer.echo(
        f"{span.period.name}的 {len(found.results)} 个数已封存（截止 {span.last}）。以后 taizhang figures --period {period} 会写明和它的差别。"
    )


def unseal(
    period: Annotated[str, typer.Argument(metavar="期", help="已经封存的一期，例如 2026上半年。")],
    note: Annotated[str, typer.Option("--note", help="为什么解封，必须写明；留底备查。")],
    county: CountyFile = DEFAULT,
    by: Hand = "",
) -> None:
    """解除一期的封存；谁、什么时候、为什么都留底，封存的数也还在。"""
    from sync_service.figures.period import period_named
    from sync_service.moments import moment
    from sync_service.store import Store

    setup = synced(county)
    name = period_named(period).name
    with Store.open(setup.store_url, setup.county.code) as store:
        store.lift_seal(name, at=moment(this_moment()), by=by or getpass.getuser(), note=note)
    typer.echo(f"{name}已解封。原来封存的数还留着备查；可以再封存一次。")
