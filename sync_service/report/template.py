"""The template to begin with: the text of half_year.md as an ordinary Word document, which the bureau then makes its own."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from docx import Document

from sync_service.report.layout import BODY, FIGURE, TITLE, lay_out

_STYLES = {"# ": TITLE, "## ": "Heading 1", "### ": "Heading 2"}
_PICTURED = ("{{ chart(", "{{ bars(")


def _paragraphs() -> Iterator[tuple[str, str]]:
    """The paragraphs of the text, each with its style."""
    text = (files(__package__) / "half_year.md").read_text("utf-8")
    for line in filter(None, text.splitlines()):
        mark = next((mark for mark in _STYLES if line.startswith(mark)), "")
        style = _STYLES.get(mark, FIGURE if line.startswith(_PICTURED) else BODY)
        yield line.removeprefix(mark), style


def write_template(path: Path) -> None:
    """Writes the template to `path`. Raises OSError if it cannot be written."""
    document = Document()
    lay_out(document)
    for text, style in _paragraphs():
        document.add_paragraph(text, style)
    document.core_properties.author = "台账"
    document.core_properties.title = "工作总结模板"
    document.save(str(path))
