"""The words after `taizhang`: what cannot be understood of them is told in Chinese, with what was probably meant."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import typer

from sync_service.errors import TaizhangError

INTERRUPTED = 130
_COMMAND = re.compile(r"No such command '([^']*)'")
_TOO_MANY = re.compile(r"unexpected extra argument\S* \((.*)\)")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _named(error: Any) -> str:
    """The option or argument that an error is about, as the help names it."""
    option = max(error.param.opts, key=len)
    return f"“{option if option.startswith('-') else error.param.metavar or option}”"


def _meant(near: Iterable[str]) -> str:
    listed = "、".join(near)
    return f"，是不是 {listed}" if listed else ""


def _told(error: Any) -> str:
    """What is wrong, by the kind of error that typer raises."""
    kind, message = type(error).__name__, error.format_message()
    if unknown := _COMMAND.search(message):
        near = get_close_matches(unknown[1], [*error.ctx.command.commands])
        return f"没有“{unknown[1]}”这个命令{_meant(near)}"
    if extra := _TOO_MANY.search(message):
        return f"多写了“{extra[1]}”"
    if kind == "NoSuchOption":
        return f"没有“{error.option_name}”这个写法{_meant(error.possibilities or ())}"
    if kind == "BadOptionUsage":
        return f"“{error.option_name}”要和它的内容一起写"
    if kind == "MissingParameter" and error.param:
        return f"还要写{_named(error)}"
    if kind == "BadParameter" and error.param and not _CHINESE.search(error.message):
        return f"{_named(error)}写的不对"
    return f"命令写的不对：{message}"


def run_app(app: typer.Typer) -> None:
    """Runs the command that the words say and ends the program with its exit code.

    Raises TaizhangError if the words are not understood, KeyboardInterrupt on Ctrl-C and if a question is not answered.
    """
    try:
        code = app(standalone_mode=False)
    except typer.Abort as abort:
        raise KeyboardInterrupt from abort
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            typer.echo(str(error))
            raise SystemExit(2) from error
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "taizhang"
        raise TaizhangError(_told(error), f"运行 {path} --help 看怎么写。") from error
    if code == INTERRUPTED:  # what typer makes of Ctrl-C
        raise KeyboardInterrupt
    raise SystemExit(code)
