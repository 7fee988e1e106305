"""Printing texts whose colours stand in them as ANSI sequences. Loads next to nothing: the pass with nothing changed prints too."""

import os
import sys

_COLOURS = {"red": "\x1b[31m", "yellow": "\x1b[33m", "bold": "\x1b[1m"}
_END = "\x1b[0m"


def coloured(text: str, colour: str) -> str:
    """The text, to be seen in red, yellow or bold where there are colours."""
    return f"{_COLOURS[colour]}{text}{_END}"


def plain(text: str) -> str:
    """The text without its colours."""
    for sequence in (*_COLOURS.values(), _END):
        text = text.replace(sequence, "")
    return text


def show(text: str) -> None:
    """Prints a text, with its colours if stdout is a terminal and nobody asked for none (https://no-color.org)."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        print(plain(text))
    elif os.name == "nt":
        import typer  # knows how Windows' consoles are told of colours

        typer.echo(text)
    else:
        print(text)
