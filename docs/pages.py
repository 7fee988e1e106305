"""Writes the generated pages under docs/: python -m docs.pages."""

from pathlib import Path

import orjson

from docs.licences import licences_page
from sync_service.endpoint.openapi import openapi
from workbook_templates.form import load_forms
from workbook_templates.pages import pages as pages_of

HERE = Path(__file__).parent


def pages() -> dict[Path, str]:
    """Each generated page with its text."""
    texts = {
        **pages_of(load_forms()),
        "openapi.json": orjson.dumps(openapi(), option=orjson.OPT_INDENT_2).decode() + "\n",
        "第三方许可.md": licences_page(),
    }
    return {HERE / name: text for name, text in texts.items()}


def main() -> None:
    """Writes every page anew."""
    for path, text in pages().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
