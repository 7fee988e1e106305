"""The program. Each command is a thin door in `sync_service.commands`; heavy modules are imported where they are used."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import typer

from sync_service.commands.asking import as_of, confirm, history, undo
from sync_service.commands.beginning import adopt, init, templates
from sync_service.commands.checking_page import check, serve, tokens_app
from sync_service.commands.figures import figures, seal, unseal
from sync_service.commands.forms import forms_app
from sync_service.commands.keeping import backup, restore, service_app
from sync_service.commands.options import this_moment
from sync_service.commands.reporting import crosscheck, report
from sync_service.commands.securing import audit_app, forget
from sync_service.commands.service import doctor, run, status
from sync_service.commands.showcase import demo
from sync_service.commands.syncing import sync
from sync_service.errors import TaizhangError
from sync_service.usage import run_app
from workbook_templates.errors import FormError

app = typer.Typer(
    help="台账：乡镇工作簿的模板、校验、汇总。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich would take as long to load as all the rest, and cuts Chinese off that does not fit
)
for command in (
    init, templates, adopt, sync, run, status, doctor, check, serve, history, as_of, undo, confirm, figures, seal, unseal, report,
    crosscheck, backup, restore, forget, demo,
):  # fmt: skip
    app.command()(command)
for name, group in (("tokens", tokens_app), ("forms", forms_app), ("service", service_app), ("audit", audit_app)):
    app.add_typer(group, name=name)


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
    report = write_crash_report(error, Path.cwd(), command, version("taizhang"), this_moment())
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
        from sync_service.troubles import of_system

        what, cure = of_system(error)
        _refuse(
            f"读写文件没有成功：{what}" + (f"（{error.filename}）" if error.filename else ""), f"{cure}，再运行一次。"
        )
    except KeyboardInterrupt:
        typer.echo("已中断；登记库和总台账保持中断前的样子。", err=True)
        raise SystemExit(130) from None
    except Exception as error:
        _crashed(error)
