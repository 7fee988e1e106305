"""Writes the generated pages under docs/: python -m docs.pages."""

from pathlib import Path

from workbook_templates.form import load_forms
from workbook_templates.pages import pages as pages_of

HERE = Path(__file__).parent


def pages() -> dict[Path, str]:
    """Each generated page with its text."""
    return {HERE / name: text for name, text in pages_of(load_forms()).items()}


def main() -> None:
    """Writes every page anew."""
    for path, text in pages().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
