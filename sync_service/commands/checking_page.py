"""taizhang check, serve and tokens: the check page, the passwords for it, and a check without either."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sync_service.commands.options import DEFAULT, AsJson, CountyFile, setup_of, this_moment

if TYPE_CHECKING:
    from sync_service.settings import CountySetup
    from workbook_templates.place import Township

tokens_app = typer.Typer(help="乡镇的口令：校验网页和按钮要用。", no_args_is_help=True)
OneTownship = Annotated[str, typer.Argument(metavar="乡镇", help="乡镇名称或代码。")]


def _township(setup: "CountySetup", name: str) -> "Township":
    from sync_service.asking import township_named

    return township_named(setup, name)


@tokens_app.command()
def new(
    township: OneTownship,
    county: CountyFile = DEFAULT,
    replace: Annotated[bool, typer.Option("--replace", help="已有口令时换一个新的，旧的随即失效。")] = False,
) -> None:
    """给一个乡镇做口令。只显示这一次，请马上告诉填表的人。"""
    from sync_service.audit.noting import note
    from sync_service.tokens import Tokens

    setup = setup_of(county)
    unit = _township(setup, township)
    tokens = Tokens(setup.path(setup.settings.endpoint.tokens))
    note(setup, "token_new", this_moment(), township=unit.code)
    text = tokens.new(unit, this_moment().date(), replaced=replace)
    typer.echo(f"{unit.name}的口令：{text}")
    typer.echo(f"校验网页：{setup.url}")
    typer.echo("口令只显示这一次，这里也不保存。请马上告诉填表的人；丢了就加 --replace 换一个。")


@tokens_app.command("list")
def list_tokens(county: CountyFile = DEFAULT) -> None:
    """列出哪些乡镇有口令、什么时候做的、最近哪天用过。"""
    from sync_service.tokens import Tokens

    setup = setup_of(county)
    held = {token.township: token for token in Tokens(setup.path(setup.settings.endpoint.tokens)).all()}
    for unit in setup.townships:
        token = held.get(unit.code)
        told = f"{token.made} 做的，{f'最近 {token.used} 用过' if token.used else '还没用过'}" if token else "没有口令"
        typer.echo(f"{unit.name}：{told}")


@tokens_app.command()
def revoke(township: OneTownship, county: CountyFile = DEFAULT) -> None:
    """作废一个乡镇的口令，随即生效。"""
    from sync_service.audit.noting import note
    from sync_service.tokens import Tokens

    setup = setup_of(county)
    unit = _township(setup, township)
    note(setup, "token_revoke", this_moment(), township=unit.code)
    Tokens(setup.path(setup.settings.endpoint.tokens)).revoke(unit)
    typer.echo(f"{unit.name}的口令已作废。")


def serve(county: CountyFile = DEFAULT) -> None:
    """打开校验网页，并回答工作簿里的按钮，直到按 Ctrl-C。

    网址、证书、界限在 county.toml 的 [endpoint] 里。
    """
    from sync_service.endpoint.serving import is_open_to_others
    from sync_service.endpoint.serving import serve as serve_endpoint
    from sync_service.tokens import Tokens

    setup = setup_of(county)
    part = setup.settings.endpoint

    def ready() -> None:
        typer.echo(f"校验网页已打开：{setup.url}　按 Ctrl-C 停止。")
        if not Tokens(setup.path(part.tokens)).all():
            typer.echo("还没有哪个乡镇有口令，请另开一个窗口运行 taizhang tokens new 城关镇。")
        if is_open_to_others(setup) and not part.certificate:
            typer.echo("注意：没有设证书，口令和工作簿在网上是不加密的。只应在可信的内网里这样用。")

    with suppress(KeyboardInterrupt):  # where it was started in the background, Ctrl-C ends it without raising that
        serve_endpoint(setup, county.resolve(), this_moment, ready)
    typer.echo("校验网页已停止。")


def check(
    file: Annotated[Path, typer.Argument(metavar="工作簿", help="要查的工作簿：.xlsx .xls .et .ods 等。")],
    county: Annotated[
        Path, typer.Option("--county", help="设置文件 county.toml 在哪里；这里没有，就照工作簿自己带的乡镇和村来查。")
    ] = DEFAULT,
    township: Annotated[str, typer.Option("--township", help="哪个乡镇（名称或代码）；不写就看工作簿自己写的。")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="把标注过的副本写成这个 .xlsx 文件。")] = None,
    as_json: AsJson = False,
) -> None:
    """查一本工作簿，不入库。退出码：0 没有错误，1 有错误要改，2 读不了，或不是本乡镇的。"""
    from sync_service.checking.file import check_file, write_marked
    from sync_service.checking.shown import print_verdict, verdict_json

    setup = setup_of(county) if county != DEFAULT or county.exists() else None
    now = this_moment()
    verdict, forms = check_file(setup, file, township, now.date())
    typer.echo(verdict_json(verdict)) if as_json else print_verdict(verdict)
    if out:
        written = write_marked(verdict, forms, file, out, now)
        if not as_json:
            typer.echo(f"标注过的副本：{out}" if written else "没有要标注的，副本没有写。")
    raise typer.Exit(2 if not verdict.readable else 1 if verdict.counts.errors else 0)
