"""Writes the generated pages under docs/: python -m docs.pages."""

from pathlib import Path

from workbook_templates.form import load_forms
from workbook_templates.reference import data_dictionary, problem_list

HERE = Path(__file__).parent


def pages() -> dict[Path, str]:
    """Each generated page with its text."""
    return {HERE / "数据字典.md": data_dictionary(load_forms()), HERE / "问题目录.md": problem_list()}


def main() -> None:
    """Writes every page anew."""
    for path, text in pages().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
