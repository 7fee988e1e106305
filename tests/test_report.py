"""The work summary: every number in it is a figure, what is not known stands out, and the bureau may rewrite its template in Word."""

import re
import subprocess
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.document import Document as Document_
from docx.enum.text import WD_COLOR_INDEX
from docx.text.run import Run
from typer.testing import CliRunner

from sync_service.cli import app
from sync_service.errors import TaizhangError
from sync_service.figures.asking import figures_of, span_of
from sync_service.figures.figures import Figures
from sync_service.figures.wording import tabled
from sync_service.report.marks import RED, text_of
from sync_service.report.names import names_in
from sync_service.report.reporting import _given, _opened, details_titles, make_report
from sync_service.report.template import write_template
from sync_service.report.writing import TEMPLATE, Written, write_report
from tests.county import CountyOnDisk
from tests.crosschecked import BUREAU, EAST, SOUTH, WEST, Filled, county_with, entitled, hung, paid, veteran
from tests.libreoffice import converted, needs_libreoffice

NOW = datetime(2026, 6, 20, 10).astimezone()
COVER = [{"period": "2026上半年"}]
VETERANS = [veteran(n) for n in range(1, 16)]
PAYMENTS = [paid(n, amount=2500.5) for n in range(1, 6)]
FILLED: Filled = {
    BUREAU: {"cover": COVER, "payments": []},
    EAST: {
        "cover": COVER,
        "veterans": VETERANS,
        "beneficiaries": [entitled(n) for n in range(1, 6)],
        "payments": PAYMENTS,
        "plaques": [hung(n) for n in range(1, 4)],
    },
    WEST: {"cover": COVER, "veterans": [veteran(n) for n in range(20, 23)], "beneficiaries": []},
}
"""城关镇, 石桥镇 and the bureau have reported; 柳林镇 has not."""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> CountyOnDisk:
    return county_with(tmp_path_factory.mktemp("report"), FILLED)


def computed(county: CountyOnDisk, period: str = "2026H1", now: datetime = NOW) -> Figures:
    with county.store() as store:
        return figures_of(county.setup, county.forms, store, span_of(county.setup, period, "", now))


@pytest.fixture(scope="module")
def figures(county: CountyOnDisk) -> Figures:
    return computed(county)


def written(county: CountyOnDisk, figures: Figures, template: Path, target: Path) -> Written:
    with county.store() as store:
        return write_report(county.setup, county.forms, store, figures, template, target, NOW, force=False)


@pytest.fixture(scope="module")
def report(county: CountyOnDisk, figures: Figures, tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("written")
    write_template(folder / TEMPLATE)
    return written(county, figures, folder / TEMPLATE, folder / "工作总结.docx")


@pytest.fixture(scope="module")
def document(report: Written) -> Document_:
    return Document(str(report.target))


def template_with(folder: Path, *paragraphs: str) -> Path:
    """A template of somebody's own."""
    path = folder / "自己的.docx"
    own = Document()
    for text in paragraphs:
        own.add_paragraph(text)
    own.save(str(path))
    return path


def filled(figures: Figures, template: Path) -> Document_:
    return make_report(template, "清河县", figures, "统计.xlsx", NOW).document


def first(document: Document_, number: int = 0) -> str:
    return document.paragraphs[number].text


def runs(document: Document_, wanted: Callable[[Run], bool]) -> list[str]:
    """The texts of the runs that look as wanted, in paragraphs and tables."""
    paragraphs = [
        *document.paragraphs,
        *(p for t in document.tables for r in t.rows for c in r.cells for p in c.paragraphs),
    ]
    return [run.text for paragraph in paragraphs for run in paragraph.runs if wanted(run)]


def test_every_number_of_the_text_is_a_figure(document: Document_, figures: Figures, report: Written) -> None:
    body = "\n".join(paragraph.text for paragraph in document.paragraphs)
    body = body.partition("附录")[0]
    for said in sorted((figures.text(one) for one in report.report.used), key=len, reverse=True):
        body = body.replace(said, "")
    body = body.replace("2026年上半年", "").replace("2026年6月20日", "")
    assert re.findall(r"\d+", body) == []


def test_the_appendix_tells_each_figure_with_its_rows_as_the_workbook_has_them(
    document: Document_, figures: Figures, report: Written
) -> None:
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    assert [row[0] for row in rows] == [*report.report.used]
    book = openpyxl.load_workbook(report.book, read_only=True)
    sheets = details_titles(figures)
    for row in rows:
        result = figures.results[row[0]]
        value = "待补" if result.value is None else f"{tabled(result.figure, result.value)}{result.figure.unit}"
        assert row[2] == value
        assert row[3] == result.figure.meaning
        if result.row_count:
            assert int(re.findall(r"\d+", row[5])[0]) == len(figures.rows(row[0]))
            assert sheets[row[0]] in book.sheetnames
            assert sheets[row[0]] == row[0] or sheets[row[0]] in row[5]


def test_what_is_not_known_is_red_and_never_0(document: Document_, figures: Figures, report: Written) -> None:
    assert report.report.missing
    red = runs(document, lambda run: run.font.color is not None and run.font.color.rgb == RED)
    assert len(red) >= 2 * len(report.report.missing) - 1
    assert {text[-2:] for text in red} == {"待补"}
    assert all(figures.text(one) == "待补" for one in report.report.missing)


def test_what_not_all_have_reported_is_yellow_and_the_appendix_says_by_whom(
    document: Document_, report: Written
) -> None:
    yellow = runs(document, lambda run: run.font.highlight_color == WD_COLOR_INDEX.YELLOW)
    assert "10余人" in yellow
    assert len(yellow) >= len(report.report.partly)
    (table,) = document.tables
    assert {row.cells[0].text: row.cells[6].text for row in table.rows}["Q02"] == "2/3 个乡镇已报"


def test_when_everybody_has_reported_nothing_is_yellow(tmp_path: Path) -> None:
    county = county_with(tmp_path, {**FILLED, SOUTH: {"cover": COVER, "veterans": []}})
    own = template_with(tmp_path, "{{ Q02 }}")
    document = filled(computed(county), own)
    assert first(document) == "10余人"
    assert not runs(document, lambda run: run.font.highlight_color is not None)


def test_unknown_names_are_told_all_at_once_with_the_nearest_and_nothing_is_written(
    county: CountyOnDisk, figures: Figures, tmp_path: Path
) -> None:
    own = template_with(
        tmp_path, "{{ Q1 }}和{{ 退役军人总数 }}", "{{ Q04.wann }}{{ Q02.by }}", "{{ chart('Q99x') }}", "{{ Q02 }}"
    )
    with pytest.raises(TaizhangError) as refused:
        written(county, figures, own, tmp_path / "总结.docx")
    said = str(refused.value)
    assert "有 5 个名字不认识" in said
    assert "“Q1”没有这个名字，是不是 Q01（优抚对象总数）" in said
    assert "“退役军人总数”没有这个名字，是不是 Q02（退役军人总数）" in said
    assert "“Q04.wann”没有这个名字，是不是 Q04.wan" in said
    assert "“Q02.by”没有这个名字" in said  # it has no categories: the gap would never be filled
    assert "“Q99x”没有这个名字" in said
    assert [path.name for path in tmp_path.iterdir()] == ["自己的.docx"]


def test_a_template_rewritten_in_word_still_works(figures: Figures, tmp_path: Path) -> None:
    path = tmp_path / "改过.docx"
    write_template(path)
    own = Document(str(path))
    paragraph = own.paragraphs[4].insert_paragraph_before("")
    for text in ("发放", "{{ Q", "04", ".wan ", "}}", "，其中生活补助", "{{Q04.exact}}", "，人数{{ Q03a.number }}"):
        paragraph.add_run(text).bold = len(text) % 2 == 0  # Word parts a name into several runs as it likes
    cell = own.add_table(1, 1).cell(0, 0)
    cell.text = "表里也行：{{ Q01 }}"
    own.sections[0].header.paragraphs[0].text = "{{ county }} {{ Q01 }}"
    own.save(str(path))
    document = filled(figures, path)
    assert "发放1.25万元，其中生活补助12502.50元，人数5" in text_of(document)
    assert document.tables[0].cell(0, 0).text == "表里也行：5人"
    assert document.sections[0].header.paragraphs[0].text == "清河县 5人"


def test_a_loop_and_a_condition_of_the_bureaus_own_work(figures: Figures, tmp_path: Path) -> None:
    own = template_with(
        tmp_path, "{% for one in [Q01, Q02] %}{{ one.label }}{{ one }}；{% endfor %}{% if Q01 %}有{% endif %}"
    )
    assert first(filled(figures, own)) == "优抚对象总数5人；退役军人总数10余人；有"


def test_one_figure_used_twice_says_the_same(figures: Figures, tmp_path: Path) -> None:
    document = filled(figures, template_with(tmp_path, "{{ Q04 }}", "{{ Q04 }}"))
    assert first(document) == first(document, 1) == "1.25万元"


@pytest.mark.parametrize("period", ["2026H1", "2026H2"])
def test_the_spring_festival_is_in_the_first_half_only(county: CountyOnDisk, tmp_path: Path, period: str) -> None:
    write_template(tmp_path / "模板.docx")
    figures = computed(county, period, datetime(2026, 12, 1).astimezone())
    made = make_report(tmp_path / "模板.docx", "清河县", figures, "统计.xlsx", NOW)
    spring = period == "2026H1"
    assert ("春节" in text_of(made.document).partition("附录")[0]) == spring
    assert ({"Q05", "Q06", "Q13"} <= {*made.used}) == spring


@pytest.mark.parametrize(
    "text",
    [
        "{{ Q01 ",
        "{% if Q01 %}没有结束",
        "｛｛ Q01 ｝｝",
        "{{ Q01 | shell }}",
        "{{ Q01.text.__class__.__mro__ }}",
        "{{ chart(period) }}",
    ],
)
def test_a_template_that_cannot_be_filled_in_is_refused_in_words(figures: Figures, tmp_path: Path, text: str) -> None:
    with pytest.raises(TaizhangError) as refused:
        filled(figures, template_with(tmp_path, text))
    assert "自己的.docx" in str(refused.value)
    assert refused.value.hint


def test_something_that_is_no_word_document_is_refused(figures: Figures, tmp_path: Path) -> None:
    (tmp_path / "假.docx").write_bytes(b"no document")
    with pytest.raises(TaizhangError, match="不是 Word 文档"):
        filled(figures, tmp_path / "假.docx")


def test_nothing_in_a_template_reaches_the_machine(figures: Figures, tmp_path: Path) -> None:
    """A template is read in a sandbox: what it has no name for is not to be had."""
    for text in ("{{ open('/etc/passwd') }}", "{{ self }}", "{% include 'x' %}", "{{ chart.__globals__ }}"):
        try:
            said = first(filled(figures, template_with(tmp_path, text)))
        except TaizhangError:
            continue
        assert "root:" not in said
        assert "{'" not in said


def test_a_chart_holds_the_figures_and_can_be_edited(report: Written, figures: Figures) -> None:
    with zipfile.ZipFile(report.target) as package:
        charts = sorted(name for name in package.namelist() if name.startswith("word/charts/taizhang"))
        assert len(charts) == 2
        xml = package.read(charts[0]).decode()
        book = openpyxl.load_workbook(BytesIO(package.read("word/embeddings/taizhang_chart1.xlsx")))
    assert re.findall(r"<c:v>([^<]+)</c:v>", xml.partition("<c:val>")[2].partition("</c:val>")[0]) == ["15", "3"]
    shown = {row[0]: row[1] for row in book.active.iter_rows(min_row=2, values_only=True)}
    assert shown == {**figures.by_township("Q02")} == {"城关镇": 15, "石桥镇": 3, "柳林镇": None}


def test_a_chart_of_which_nothing_is_known_is_missing(figures: Figures, tmp_path: Path) -> None:
    document = filled(figures, template_with(tmp_path, "{{ bars('B10') }}"))
    assert first(document).endswith("待补")


def test_a_file_that_somebody_may_have_rewritten_is_not_overwritten(
    county: CountyOnDisk, figures: Figures, report: Written
) -> None:
    before = report.target.read_bytes()
    with pytest.raises(TaizhangError, match="没有覆盖"):
        written(county, figures, report.target.with_name(TEMPLATE), report.target)
    assert report.target.read_bytes() == before


def test_the_command_puts_a_template_beside_the_settings_and_uses_it_as_it_is_then(tmp_path: Path) -> None:
    county = county_with(tmp_path, FILLED)
    command = ["report", "--county", str(county.settings), "--period", "2026H1"]
    said = CliRunner().invoke(app, command)
    assert said.exit_code == 0, said.output
    assert (tmp_path / "工作总结_2026上半年.docx").exists()
    assert (tmp_path / "统计_2026上半年.xlsx").exists()
    template_with(tmp_path, "只有{{ Q01 }}").replace(tmp_path / TEMPLATE)
    again = CliRunner().invoke(app, [*command, "--force"])
    assert again.exit_code == 0, again.output
    assert first(Document(str(tmp_path / "工作总结_2026上半年.docx"))) == "只有5人"
    fresh = CliRunner().invoke(
        app, ["report", "--county", str(county.settings), "--template-out", str(tmp_path / "新.docx")]
    )
    assert fresh.exit_code == 0, fresh.output
    assert "{{ Q01 }}" in text_of(Document(str(tmp_path / "新.docx")))


def test_the_names_in_the_standard_template_are_all_known(figures: Figures, tmp_path: Path) -> None:
    write_template(tmp_path / "模板.docx")
    known = figures.definitions.figures
    given = {**_given("清河县", figures, NOW), "spring": True}
    used = names_in(_opened(tmp_path / "模板.docx"), "模板.docx", known, given)
    assert used.unknown == {}
    assert {f"Q{n:02d}" for n in range(1, 29)} <= {*used.figures}


@needs_libreoffice
@pytest.mark.libreoffice
def test_the_document_opens_in_libreoffice_and_reads_as_it_was_written(
    report: Written, document: Document_, tmp_path: Path
) -> None:
    pdf = converted(report.target, tmp_path, "writer_pdf_Export", "pdf")
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    read = re.sub(r"\s", "", text)
    for paragraph in document.paragraphs[:12]:
        assert re.sub(r"\s", "", paragraph.text)[:18] in read
    assert "各乡镇退役军人总数、优抚对象总数（人）" in read  # a chart's title
    assert "—1—" in read
    assert "附录：本文各数的口径和出处" in read
    sizes = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert "(A4)" in sizes
