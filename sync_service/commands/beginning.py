"""taizhang init, templates and adopt: what is made before anything is collected."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sync_service.commands.options import DEFAULT, CountyFile, setup_of, this_moment

if TYPE_CHECKING:
    from sync_service.settings import CountySetup


def init(
    county: CountyFile = DEFAULT,
    code: Annotated[str, typer.Option(help="县级区划代码，6 位。")] = "990101",
    name: Annotated[str, typer.Option(help="县的名称。")] = "清河县",
    force: Annotated[bool, typer.Option("--force", help="已有设置文件时也重写。")] = False,
) -> None:
    """写一份带说明的 county.toml，改成本县的乡镇和村就能用。"""
    from sync_service.settings_text import write_settings

    write_settings(county, code, name, this_moment().date(), force=force)
    typer.echo(f"已写好 {county}。请打开它，填上本县的乡镇、村和工作簿位置，然后运行 taizhang templates。")


def templates(
    county: CountyFile = DEFAULT,
    with_data: Annotated[
        bool, typer.Option("--with-data", help="把登记库里现有的行填进去，作为新一期的起点。")
    ] = False,
    only: Annotated[str, typer.Option("--township", help="只做这一个乡镇（名称或代码）。")] = "",
    force: Annotated[bool, typer.Option("--force", help="模板文件夹里已有同名而内容不同的文件时，也覆盖。")] = False,
    upgrade: Annotated[
        Path | None, typer.Option("--upgrade", help="不做空白模板，把这本旧工作簿里的内容原样搬进现在的模板。")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="和 --upgrade 一起用：写到哪里。")] = None,
    keep_rest: Annotated[
        bool, typer.Option("--keep-rest", help="和 --upgrade 一起用：现在没有的列写进备注（旧列名：内容）。")
    ] = False,
    google: Annotated[
        str, typer.Option("--google", metavar="链接", help="不写成文件，写进这张共享给县里账号的空白谷歌表格。")
    ] = "",
    buttons: Annotated[
        bool, typer.Option("--buttons", help="另做一本带校验按钮的 .xlsm，放在旁边；乡镇用哪一本都行。")
    ] = False,
    token: Annotated[
        str,
        typer.Option(
            "--token",
            metavar="口令",
            help="和 --buttons、--township 一起用：把口令写进工作簿，拿到文件的人都看得到。不写就由乡镇自己填一次。",
        ),
    ] = "",
) -> None:
    """给每个乡镇做一本标准工作簿；或用 --upgrade 把一本旧工作簿搬进现在的模板。"""
    if upgrade:
        _upgrade(setup_of(county), upgrade, only, out, keep_rest=keep_rest, force=force)
        return
    if google:
        _lay(setup_of(county), google, only, force=force)
        return
    from sync_service.audit.noting import note
    from sync_service.templates import button_address, write_templates

    setup = setup_of(county)
    if with_data:
        note(setup, "export", this_moment(), command="templates", township=only)
    for one in write_templates(
        setup, setup.forms(), with_data=with_data, only=only, force=force, buttons=buttons, token=token
    ):
        typer.echo(f"已写好 {one.path}" + (f"；还有 {one.left_out} 行有错误没改，没有带入" if one.left_out else ""))
    if buttons and not button_address(setup):
        typer.echo(
            "提示：county.toml 的 [endpoint] 里没有写乡镇连得上的网址，按钮只在装了校验程序的电脑上能用。"
            "填上 url 再做一遍，就不用装。"
        )


def _lay(setup: "CountySetup", link: str, township: str, *, force: bool) -> None:
    from sync_service.google_templates import lay_template

    laid = lay_template(setup, setup.forms(), link, only=township, force=force)
    typer.echo(f"已写好谷歌表格“{laid.title}”（{laid.township.name}）。")
    if laid.address not in setup.addresses.values():
        typer.echo(f'请在 county.toml 里给{laid.township.name}写 workbook = "{laid.address}"，以后同步就会读它。')


def _upgrade(setup: "CountySetup", old: Path, township: str, out: Path | None, *, keep_rest: bool, force: bool) -> None:
    from sync_service.takeover.shown import print_upgraded
    from sync_service.takeover.upgrading import upgrade

    moved = upgrade(
        setup, setup.forms(), old, this_moment(), township=township, out=out, keep_rest=keep_rest, force=force
    )
    print_upgraded(moved)


def adopt(
    old: Annotated[Path, typer.Argument(metavar="旧表", help="旧台账：.xlsx .xls .et .ods 等。")],
    form: Annotated[str, typer.Option("--form", help="接收成哪张表，例如 退役军人。")],
    township: Annotated[str, typer.Option("--township", help="哪个乡镇（名称或代码）。")],
    county: CountyFile = DEFAULT,
    sheet: Annotated[str, typer.Option("--sheet", help="旧文件里的哪张工作表；只有一张像台账时不用写。")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="写到哪里；不写就放进模板文件夹。")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="待确认的列全部照建议接收。")] = False,
    maps: Annotated[
        list[str] | None,
        typer.Option("--map", help="旧列名=列名，也可用旧列的字母；等号后面空着就是不接收。可写多次。"),
    ] = None,
    keep_rest: Annotated[bool, typer.Option("--keep-rest", help="没有对上的列写进备注（旧列名：内容）。")] = False,
    force: Annotated[bool, typer.Option("--force", help="已有同名文件时也重写；上报的工作簿和旧表从不覆盖。")] = False,
) -> None:
    """把一张旧台账接收成填好的标准工作簿。先列出每一列怎么对应，拿不准的要你确认；旧表从不改动。"""
    from sync_service.takeover.adopting import adopt
    from sync_service.takeover.drafting import Request, draft
    from sync_service.takeover.shown import how_to_confirm, print_adopted, print_proposal, question

    setup, now = setup_of(county), this_moment()
    request = Request(old, form, township, sheet, tuple(maps or ()), out, force)
    one = draft(setup, setup.forms(), request, now.date())
    print_proposal(one, keep_rest=keep_rest)
    proposal = one.proposal
    if proposal.suggestions and not yes:
        if not sys.stdin.isatty():
            typer.echo(how_to_confirm(proposal))
            raise typer.Exit(1)
        proposal = proposal.without([match for match in proposal.suggestions if not typer.confirm(question(match))])
    print_adopted(adopt(setup, setup.forms(), one, proposal, now, keep_rest=keep_rest))
