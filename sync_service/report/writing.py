"""The work summary and the workbook with its figures' rows, put beside each other; nothing that is there is overwritten."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sync_service.errors import TaizhangError
from sync_service.figures.figures import Figures
from sync_service.figures.sealing import differences
from sync_service.figures.workbook import write_figures
from sync_service.placing import writing
from sync_service.report.reporting import Report, as_bytes, make_report
from sync_service.report.template import write_template
from sync_service.settings import CountySetup
from sync_service.store import Store
from workbook_templates.form import Forms

TEMPLATE = "总结模板.docx"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written where, and what is still lacking in it."""

    report: Report
    target: Path
    book: Path

    @property
    def lines(self) -> Iterator[str]:
        """What the coordinator is told."""
        yield f"已写好 {self.target}，用了 {len(self.report.used)} 个数；各个数的明细在 {self.book.name}（含个人信息，不要外传）。"
        if self.report.missing:
            yield f"还有 {len(self.report.missing)} 个数没有，标红“待补”：{'、'.join(self.report.missing)}。"
        if self.report.partly:
            yield f"有 {len(self.report.partly)} 个数还没有报齐，标了黄：{'、'.join(self.report.partly)}。"


def _refuse_taken(path: Path, ending: str, *, force: bool) -> None:
    if path.suffix.lower() != ending:
        raise TaizhangError(f"“{path.name}”不行，要以 {ending} 结尾", "请改文件名。")
    if path.exists() and not force:
        raise TaizhangError(f"“{path.name}”已经有了，没有覆盖", "请用 --out 换个名字；确实要重写请加 --force。")


def write_template_once(path: Path, *, force: bool) -> None:
    """Writes the template to begin with. Raises TaizhangError if there is a file already, which somebody may have rewritten."""
    _refuse_taken(path, ".docx", force=force)
    with writing(path):
        write_template(path)


def county_template(setup: CountySetup) -> Path:
    """The county's own template beside county.toml; the one to begin with is put there if there is none."""
    path = setup.path(TEMPLATE)
    if not path.exists():
        write_template_once(path, force=False)
    return path


def write_report(
    setup: CountySetup,
    forms: Forms,
    store: Store,
    figures: Figures,
    template: Path,
    target: Path,
    now: datetime,
    *,
    force: bool,
) -> Written:
    """Writes the summary to `target`, and the figures' workbook beside it.

    Raises TaizhangError before anything is written if the template is not in order or a file is there already.
    """
    book = target.with_name(f"统计_{figures.span.period.name}.xlsx")
    _refuse_taken(target, ".docx", force=force)
    _refuse_taken(book, ".xlsx", force=force)
    if not template.is_file():
        raise TaizhangError(f"没有找到模板“{template}”", "请核对 --template；要一份新的，用 --template-out。")
    if target.resolve() == template.resolve():
        raise TaizhangError("总结不能写在模板上", "请用 --out 换个名字。")
    report = make_report(template, setup.county.name, figures, book.name, now)
    content = as_bytes(report)
    target.parent.mkdir(parents=True, exist_ok=True)
    with writing(target):
        target.write_bytes(content)
    with writing(book):
        write_figures(book, setup, forms, store, figures, differences(store, forms, figures), now)
    return Written(report, target, book)
