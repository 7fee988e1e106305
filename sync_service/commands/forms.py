"""taizhang forms: checking form files, beginning a new one, and the pages that are made from them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sync_service.commands.options import DEFAULT
from sync_service.errors import TaizhangError
from workbook_templates.errors import Mistake

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from sync_service.settings import CountySetup
    from workbook_templates.form import Forms

forms_app = typer.Typer(help="表单文件：检查、新建、生成说明。", no_args_is_help=True)
CountyFile = Annotated[Path, typer.Option("--county", help="设置文件 county.toml 在哪里；这里没有就只看标准表单。")]


def _setup(county: Path) -> "CountySetup | None":
    """The county's settings; None where nobody named any and none are here."""
    from sync_service.settings import load_settings

    return load_settings(county) if county != DEFAULT or county.exists() else None


def _known(setup: "CountySetup | None") -> "list[Traversable]":
    """The files of all the forms that are in use."""
    from workbook_templates.form import STANDARD, form_paths

    own = setup.own_forms if setup else None
    return form_paths(STANDARD) + (form_paths(own) if own else [])


def _files(paths: Iterable[Path]) -> "list[Traversable]":
    from workbook_templates.form import form_paths

    found: list[Traversable] = []
    for path in paths:
        if not path.exists():
            raise TaizhangError(f"找不到“{path}”", "请写表单文件（.toml）或放表单文件的文件夹。")
        found += form_paths(path.resolve()) if path.is_dir() else [path.resolve()]
    return found


def _mistakes(paths: "Sequence[Traversable]", among: "Sequence[Traversable]") -> list[Mistake]:
    from sync_service.store.views import RESERVED
    from workbook_templates.form_check import check_forms

    return check_forms(paths, among, datetime.now().astimezone().date(), RESERVED)


def _told(mistake: Mistake) -> str:
    path = Path(mistake.path)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    doubt = "（提醒）" if mistake.severity == "warning" else ""
    return f"{shown}:{mistake.line} {doubt}{mistake.part}{'：' * bool(mistake.part)}{mistake.text}"


@forms_app.command()
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[文件或文件夹]...", help="不写就检查标准表单和本县自己的表单。")
    ] = None,
    county: CountyFile = DEFAULT,
) -> None:
    """检查表单文件，逐处指出错在哪一行、怎么改。退出码：0 没有错误，2 有错误。"""
    known = _known(_setup(county))
    chosen = _files(paths) if paths else known
    mistakes = _mistakes(chosen, known)
    for mistake in mistakes:
        typer.echo(_told(mistake))
    errors = sum(mistake.severity == "error" for mistake in mistakes)
    typer.echo(f"检查了 {len(chosen)} 个表单文件：{errors} 处错误，{len(mistakes) - errors} 处提醒。")
    raise typer.Exit(2 if errors else 0)


@forms_app.command()
def docs(
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件夹。")] = Path("表单说明"),
    county: CountyFile = DEFAULT,
) -> None:
    """把表单写成说明：数据字典、问题目录，以及供别的程序读的 datapackage.json。"""
    from workbook_templates.form import load_forms
    from workbook_templates.pages import pages

    setup = _setup(county)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in pages(setup.forms() if setup else load_forms()).items():
        (out / name).write_text(text, "utf-8")
        typer.echo(f"已写好 {out / name}")


def _folder(setup: "CountySetup | None", out: Path | None) -> Path:
    """Where a new form file goes; it is made if it is not there."""
    folder = out or (setup.path(setup.settings.files.forms) if setup and setup.settings.files.forms else None)
    if folder is None:
        raise TaizhangError(
            "还没有定本县自己的表单放在哪里",
            '请在 county.toml 的 [files] 里写 forms = "表单"，或者用 --out 指定文件夹。',
        )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _free_number(forms: "Forms") -> str:
    """The first township form number after those in use."""
    used = [int(form.no[1:]) for form in forms.values() if form.no[0] == "T" and form.no[1:].isdecimal()]
    return f"T{max(used) + 1:02d}"


@forms_app.command()
def new(
    title: Annotated[str, typer.Argument(metavar="表名", help="新表叫什么，例如 民兵登记。")],
    form_id: Annotated[str, typer.Option("--id", help="表的英文名；不写就用表号。")] = "",
    no: Annotated[str, typer.Option("--no", help="表号，例如 T13；不写就接着往下排。")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="放到哪个文件夹；不写就放进本县自己的表单文件夹。")] = None,
    county: CountyFile = DEFAULT,
) -> None:
    """新建一个带说明的表单文件，改一改就是本县自己的表。"""
    from workbook_templates.form import load_forms
    from workbook_templates.new_form import new_form

    setup = _setup(county)
    folder = _folder(setup, out)
    forms = setup.forms() if setup else load_forms()
    no = no or _free_number(forms)
    form_id = form_id or no.lower()
    if form_id in forms:
        raise TaizhangError(f"已经有 id 是“{form_id}”的表：{forms[form_id].title}", "请用 --id 换一个英文名。")
    path = folder / (f"{no.lower()}.toml" if form_id == no.lower() else f"{no.lower()}_{form_id}.toml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(new_form(form_id, no, title))
    except FileExistsError as error:
        raise TaizhangError(
            f"“{path}”已经有了，没有改动它", "请用 --id 或 --no 换一个，或者先移走原来的文件。"
        ) from error
    if mistakes := [one for one in _mistakes([path.resolve()], _known(setup)) if one.severity == "error"]:
        path.unlink()
        raise TaizhangError("\n".join(one.text for one in mistakes), "请换表名、--id 或 --no 再试。")
    typer.echo(f"已写好 {path}。请照里面的说明改，再运行 taizhang forms check。")
