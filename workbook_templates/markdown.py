"""Tables in Markdown."""

from collections.abc import Iterable


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def table(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table with these headers and rows."""
    listed = list(headers)
    lines = [listed, ["---"] * len(listed), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines) + "\n"
