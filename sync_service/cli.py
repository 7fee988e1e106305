"""The command line: one thin door for each thing that taizhang does. Heavy modules are imported where they are used."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sync_service import service_cli
from sync_service.endpoint_cli import check, serve, tokens_app
from sync_service.errors import TaizhangError
from sync_service.figures_cli import figures, seal, unseal
from sync_service.forms_cli import forms_app
from sync_service.keep_cli import backup, restore, service_app
from sync_service.report_cli import crosscheck, report
from sync_service.secure_cli import audit_app, forget
from sync_service.troubles import of_system
from sync_service.usage import run_app
from workbook_templates.errors import FormError

if TYPE_CHECKING:
    from sync_service.gather import Progress
    from sync_service.settings import CountySetup

app = typer.Typer(
    help="台账：乡镇工作簿的模板、校验、汇总。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(check)
app.command()(serve)
app.command()(service_cli.run)
app.command()(service_cli.status)
app.command()(service_cli.doctor)
app.command()(figures)
app.command()(seal)
app.command()(unseal)
app.command()(crosscheck)
app.command()(report)
app.add_typer(tokens_app, name="tokens")
app.add_typer(forms_app, name="forms")
app.command()(backup)
app.command()(restore)
app.add_typer(service_app, name="service")
app.command()(forget)
app.add_typer(audit_app, name="audit")
CountyFile = Annotated[Path, typer.Option("--county", help="设置文件 county.toml 在哪里。")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")]
Reveal = Annotated[bool, typer.Option("--reveal", help="姓名、号码、地址不打星号；会记进审计。")]
DEFAULT = Path("county.toml")
PATIENCE = 30
"""So many seconds `sync` waits for a run of the service to end."""


def _setup(county: Path) -> "CountySetup":
    from sync_service.settings import load_settings

    return load_settings(county)


def _now() -> datetime:
    return datetime.now().astimezone()


@contextmanager
def _progress(*, shown: bool) -> Iterator["Progress"]:
    """A progress bar on a terminal, nothing elsewhere."""
    if not shown:
        yield lambda done, total, name: None  # noqa: ARG005
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("读取"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    # The bar is drawn by hand: a drawing thread beside forked readers could hold a lock when they fork.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name, refresh=True)

        yield tell


@app.command()
def init(
    county: CountyFile = DEFAULT,
    code: Annotated[str, typer.Option(help="县级区划代码，6 位。")] = "990101",
    name: Annotated[str, typer.Option(help="县的名称。")] = "清河县",
    force: Annotated[bool, typer.Option("--force", help="已有设置文件时也重写。")] = False,
) -> None:
    """写一份带说明的 county.toml，改成本县的乡镇和村就能用。"""
    from sync_service.settings_text import write_settings

    write_settings(county, code, name, _now().date(), force=force)
    typer.echo(f"已写好 {county}。请打开它，填上本县的乡镇、村和工作簿位置，然后运行 taizhang templates。")


@app.command()
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
        _upgrade(_setup(county), upgrade, only, out, keep_rest=keep_rest, force=force)
        return
    if google:
        _lay(_setup(county), google, only, force=force)
        return
    from sync_service.audit.noting import note
    from sync_service.templates import button_address, write_templates

    setup = _setup(county)
    if with_data:
        note(setup, "export", _now(), command="templates", township=only)
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

    moved = upgrade(setup, setup.forms(), old, _now(), township=township, out=out, keep_rest=keep_rest, force=force)
    print_upgraded(moved)


@app.command()
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

    setup, now = _setup(county), _now()
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


@app.command()
def sync(
    county: CountyFile = DEFAULT,
    full: Annotated[bool, typer.Option("--full", help="没有变化的工作簿也重新读取、校验。")] = False,
    as_json: AsJson = False,
) -> None:
    """读取各乡镇的工作簿，校验、合并，更新登记库、总台账和反馈。退出码：0 正常，1 有待改的问题，2 有读不到或写不了的。"""
    from sync_service.pipeline import run
    from sync_service.showing import print_report, report_json

    setup = _setup(county)
    with _progress(shown=sys.stderr.isatty() and not as_json) as progress:
        report = run(setup, setup.forms(), _now(), full=full, patience=PATIENCE, progress=progress)
    if as_json:
        typer.echo(report_json(report))
    else:
        print_report(report)
    raise typer.Exit(report.exit_code)


@app.command()
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

    setup = _setup(county)
    forms = setup.forms()
    events = row_history(setup, forms, sought)
    if reveal:
        note_person(setup, "history", sought, _now())
    else:
        events = masked_changes(forms, events)
    if as_json:
        typer.echo(as_json_lines(events))
    else:
        print_history(events)


@app.command("as-of")
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

    setup = _setup(county)
    table = standing_at(setup, setup.forms(), form, day_named(day))
    if out or reveal:
        note(
            setup, "export" if out else "reveal", _now(), command="as-of", forms=table.form.title, rows=len(table.rows)
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


@app.command()
def undo(
    run: Annotated[int, typer.Argument(metavar="运行号", help="要撤销的那一次运行，见总台账的变更记录。")],
    county: CountyFile = DEFAULT,
) -> None:
    """把某一次运行的改动退回去，作为新的一次运行；什么都不抹掉。"""
    from sync_service.asking import undo_run
    from sync_service.showing import print_undone

    setup = _setup(county)
    print_undone(undo_run(setup, setup.forms(), run, _now()), run)


@app.command()
def confirm(
    township: Annotated[str, typer.Argument(metavar="乡镇", help="乡镇名称或代码。")],
    county: CountyFile = DEFAULT,
    form: Annotated[str, typer.Option("--form", help="哪张表；不写就是该乡镇所有待确认的表。")] = "",
) -> None:
    """确认：某乡镇一次消失的许多行确实要删除。"""
    from sync_service.asking import confirm_gone

    setup = _setup(county)
    for title, run in confirm_gone(setup, setup.forms(), township, form, _now()):
        typer.echo(f"{title}：已确认删除，第 {run} 次运行。运行 taizhang sync 后总台账随之更新。")


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="示范县放在哪里。")] = Path("demo"),
) -> None:
    """做一个示范县：12 个乡镇、约 7000 行虚构的人和事，带着各种填写错误；同步两次，看查出了什么。"""
    try:
        from sync_service.demo.show import show_demo
    except ModuleNotFoundError as error:  # only the demo's clerks need it: it writes .xls and .ods
        raise TaizhangError(
            f"示范县还要用到 {error.name}", "请运行 pip install 'taizhang[demo]'，或用 make demo。"
        ) from error

    raise typer.Exit(show_demo(folder, _now()))


def _refuse(message: str, hint: str) -> NoReturn:
    typer.secho(f"出错了：{message}", err=True, fg="red")
    if hint:
        typer.echo(f"怎么办：{hint}", err=True)
    raise SystemExit(2)


def _crashed(error: Exception) -> NoReturn:
    """Tells of an error that nobody foresaw, without its words and the values around it."""
    from importlib.metadata import version

    from sync_service.crash import write_crash_report

    names = {*typer.main.get_command(app).commands}  # type: ignore[attr-defined]  # a group has them
    command = next((word for word in sys.argv[1:] if word in names), "")
    report = write_crash_report(error, Path.cwd(), command, version("taizhang"), _now())
    where = f"请把“{report.name}”交给维护的人，里面没有个人信息。" if report else "请告诉维护的人做了什么。"
    _refuse(f"程序出了意外的错（{type(error).__name__}）", f"登记库还是原来的样子。{where}")


def main() -> None:
    """The program. Expected errors end with their message and hint and exit code 2, Ctrl-C with 130.

    Whatever it writes, only its own user may read: store, master, feedback, backups, logs, keys.
    """
    os.umask(0o077)
    try:
        run_app(app)
    except TaizhangError as error:
        _refuse(str(error), error.hint)
    except FormError as error:
        _refuse(str(error), "请改正表单文件，再运行一次；taizhang forms check 会列出全部错误。")
    except OSError as error:  # a disk or a share failed where nobody foresaw it
        what, cure = of_system(error)
        _refuse(
            f"读写文件没有成功：{what}" + (f"（{error.filename}）" if error.filename else ""), f"{cure}，再运行一次。"
        )
    except KeyboardInterrupt:
        typer.echo("已中断；登记库和总台账保持中断前的样子。", err=True)
        raise SystemExit(130) from None
    except Exception as error:
        _crashed(error)
