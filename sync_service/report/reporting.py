"""From the figures to the work summary: the template is checked as a whole, filled in, and explained in an appendix."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import TemplateError

from sync_service.errors import TaizhangError
from sync_service.figures.detail_sheets import details_of
from sync_service.figures.figures import Figures
from sync_service.figures.period import Period
from sync_service.report.appendix import add_appendix
from sync_service.report.marks import mark
from sync_service.report.names import Used, environment, names_in
from sync_service.report.pictured import Pictured
from sync_service.report.said import is_complete, said


@dataclass(frozen=True, slots=True)
class Report:
    """A work summary, and what is to be said of it: the ids of the figures in it, those not known, those not complete."""

    document: Document
    used: Sequence[str]
    missing: Sequence[str]
    partly: Sequence[str]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _next(period: Period) -> str:
    return "下半年" if period.half == 1 else f"{period.year + 1}年"


def _given(county: str, figures: Figures, made: datetime) -> dict[str, object]:
    """What a template may name besides figures."""
    span = figures.span
    pictured = Pictured(figures)
    return {
        "county": county,
        "period": span.period.name.replace(str(span.period.year), f"{span.period.year}年", 1),
        "next_period": _next(span.period),
        "as_of": _day(span.last),
        "today": _day(made.date()),
        "spring": span.spring is not None,
        "chart": pictured.chart,
        "bars": pictured.bars,
        "pictured": pictured,
    }


def _refuse_unknown(name: str, used: Used) -> None:
    """Raises TaizhangError that tells all unknown names of a template at once."""
    if not used.unknown:
        return
    lines = [
        f"“{one}”没有这个名字" + (f"，是不是 {'、'.join(near)}？" if near else "") for one, near in used.unknown.items()
    ]
    raise TaizhangError(
        f"“{name}”里有 {len(lines)} 个名字不认识，没有写总结：\n" + "\n".join(lines),
        "请在 Word 里改正；各个数的编号见 taizhang figures。",
    )


def _opened(path: Path) -> DocxTemplate:
    template = DocxTemplate(str(path))
    try:
        template.init_docx()
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise TaizhangError(
            f"“{path.name}”打不开，不是 Word 文档（.docx）", "请用 Word 或 WPS 另存为 .docx。"
        ) from error
    return template


def details_titles(figures: Figures) -> Mapping[str, str]:
    """The sheet of the figures' workbook with each figure's rows, by the figure's id."""
    return {one.figure.id: detail.title for detail in details_of(figures.results.values()) for one in detail.results}


def make_report(template_path: Path, county: str, figures: Figures, book: str, made: datetime) -> Report:
    """Fills in a template; `book` is the name of the figures' workbook that the appendix refers to.

    Raises TaizhangError if the template cannot be read, or names what nobody knows: all of that is told at once.
    """
    template = _opened(template_path)
    given = _given(county, figures, made)
    pictured = given.pop("pictured")
    assert isinstance(pictured, Pictured)
    used = names_in(template, template_path.name, figures.definitions.figures, given)
    _refuse_unknown(template_path.name, used)
    context = given | {one: said(figures, one) for one in figures.results}
    try:
        template.render(context, environment(), autoescape=True)
    except (TemplateError, TypeError, KeyError) as error:
        raise TaizhangError(f"“{template_path.name}”填不进去：{error}", "请看花括号里的写法。") from error
    filled = BytesIO()
    template.save(filled)
    document = docx.Document(filled)  # as it was saved: headers are not what they were before in the template's own
    add_appendix(document, figures, used.figures, details_titles(figures), book)
    mark(document, pictured.charts)
    document.core_properties.title = f"{county}{figures.span.period.name}工作总结"
    missing = [one for one in used.figures if figures.value(one) is None]
    partly = [one for one in used.figures if one not in missing and not is_complete(figures, one)]
    return Report(document, used.figures, missing, partly)


def as_bytes(report: Report) -> bytes:
    """The document as a file holds it."""
    target = BytesIO()
    report.document.save(target)
    return target.getvalue()
