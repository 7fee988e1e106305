"""Township workbooks made from the forms, blank or with the rows that the store holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import orjson

from macros.with_buttons import buttons_for
from sync_service.asking import township_named
from sync_service.errors import TaizhangError
from sync_service.settings import CountySetup
from sync_service.store import Store
from workbook_templates.excel import write_template
from workbook_templates.form import Forms

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Addresses under which a PC finds only itself."""

Rows = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class Written:
    """A template: where it lies, and how many of the township's rows have errors and are not in it."""

    path: Path
    left_out: int


def _stored(store: Store, forms: Forms) -> dict[str, dict[str, list[Mapping[str, object]]]]:
    """The store's rows by township and form, each as column → value, in the order in which they stood in the file."""
    found: dict[str, dict[str, list[Mapping[str, object]]]] = {}
    for form in forms.values():
        if form.layout == "table":
            for row in sorted(store.rows(form.id), key=lambda row: (row.township, row.row, row.key)):
                values = orjson.loads(row.payload)
                typed = {name: value for name, value in values.items() if name in form.by_id and form.by_id[name].typed}
                found.setdefault(row.township, {}).setdefault(form.id, []).append(typed)
    return found


def _refuse_to_harm(setup: CountySetup, target: Path, made: bytes, *, force: bool) -> None:
    """Raises TaizhangError if `target` is a clerk's workbook, or a file that is not what would be written there."""
    for code, workbook in setup.workbooks.items():
        if (target.parent.resolve(), target.stem) == (workbook.parent.resolve(), workbook.stem):
            name = next(township.name for township in setup.townships if township.code == code)
            raise TaizhangError(
                f"“{target.parent.name}/{target.name}”是{name}上报的工作簿，没有覆盖",
                "请在 county.toml 里把 templates 换成别的文件夹。",
            )
    if target.exists() and not force and target.read_bytes() != made:
        raise TaizhangError(
            f"“{target.parent.name}/{target.name}”已经有了，内容不同，没有覆盖",
            "如果里面没有人填过数据，请加 --force 重写；否则请先移走。",
        )


def button_address(setup: CountySetup) -> str:
    """Where the buttons find the endpoint; "" if county.toml names no address but that of this PC."""
    part = setup.settings.endpoint
    return setup.url if part.url or part.host not in LOOPBACK else ""


def write_templates(
    setup: CountySetup,
    forms: Forms,
    *,
    with_data: bool,
    only: str,
    force: bool = False,
    buttons: bool = False,
    token: str = "",
) -> Iterator[Written]:
    """Writes one workbook for each township, or for `only` one, into the templates folder; with `buttons` an .xlsm beside each.

    `token` is written into the .xlsm, for all to read who get it: for `only` one township, its own. A clerk's workbook is never
    overwritten, another file only with `force`. Raises TaizhangError where one is in the way, there is no such township, or a
    token would go into more than one workbook.
    """
    if token and not (buttons and only):
        raise TaizhangError(
            "--token 要和 --buttons、--township 一起用", "口令是一个乡镇的，只能写进它自己的带按钮工作簿。"
        )
    townships = [township_named(setup, only)] if only else setup.townships
    rows: Mapping[str, Rows] = {}
    left_out: Mapping[str, set[tuple[str, int | None]]] = {}
    if with_data:
        with Store.open(setup.store_url, setup.county.code) as store:
            rows = _stored(store, forms)
            left_out = {
                township.code: {
                    (known.problem.form, known.problem.row)
                    for known in store.problems(township.code)
                    if known.problem.severity == "error" and known.problem.row
                }
                for township in townships
            }
    folder = setup.path(setup.settings.files.templates)
    folder.mkdir(parents=True, exist_ok=True)
    for township in townships:
        bars = (
            {".xlsx": None, ".xlsm": buttons_for(township, button_address(setup), token)}
            if buttons
            else {".xlsx": None}
        )
        for ending, bar in bars.items():
            made = BytesIO()
            write_template(made, forms, township, setup.settings.period, rows=rows.get(township.code), buttons=bar)
            target = folder / f"{township.name}{ending}"
            _refuse_to_harm(setup, target, made.getvalue(), force=force)
            target.write_bytes(made.getvalue())
            yield Written(target, len(left_out.get(township.code, ())))
