"""On which line of a form file each table and key stands: tomllib reads a file without telling.

The text has been read by tomllib before, so this scanner takes its syntax for right and looks only for places.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

Place = tuple[str | int, ...]
"""Where something stands in a form file: ("column", 3, "kind") is the key `kind` of the fourth [[column]]."""

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r]+|\#[^\n]*)
  | (?P<string>\"{3}(?:\\.|(?!\"{3}).)*\"{3,5}|'{3}(?:(?!'{3}).)*'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
  | (?P<sign>[\[\]{},=.\n])
  | (?P<bare>[^\s\[\]{},=.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)


class _Scanner:
    """The tokens of a text, each with its line, and the places found so far."""

    def __init__(self, text: str) -> None:
        self.tokens = [*_tokens(text), ("\n", 0), ("", 0)]
        self.at = 0
        self.lines: dict[Place, int] = {(): 1}

    @property
    def token(self) -> str:
        return self.tokens[self.at][0]

    def take(self, *wanted: str) -> bool:
        """Steps over the next token if it is one of these."""
        found = self.token in wanted
        self.at += found
        return found

    def note(self, place: Place) -> None:
        self.lines.setdefault(place, self.tokens[self.at][1])

    def key(self) -> Place:
        """A key, in parts where it is dotted."""
        parts = [self._part()]
        while self.take("."):
            parts.append(self._part())
        return tuple(parts)

    def _part(self) -> str:
        text = self.token
        self.at += 1
        return text[1:-1] if text[0] in "\"'" else text

    def pair(self, table: Place) -> None:
        """A key with its value."""
        line = self.tokens[self.at][1]
        place = table + self.key()
        for length in range(len(table) + 1, len(place) + 1):
            self.lines.setdefault(place[:length], line)
        self.take("=")
        self.value(place)

    def value(self, place: Place) -> None:
        """A value, down to the items of lists and the keys of inline tables."""
        if self.take("["):
            index = 0
            while not self.take("]"):
                if self.take(","):
                    index += 1
                elif not self.take("\n"):
                    self.note((*place, index))
                    self.value((*place, index))
        elif self.take("{"):
            while not self.take("}"):
                if not self.take(",", "\n"):
                    self.pair(place)
        else:
            while self.token not in {",", "]", "}", "\n"}:
                self.at += 1

    def document(self) -> None:
        """Every table and every key."""
        table: Place = ()
        tables: Counter[Place] = Counter()
        while self.token:
            if self.take("\n"):
                continue
            if not self.take("["):
                self.pair(table)
                continue
            listed = self.take("[")
            table = self._found(self.key(), tables)
            for length in range(1, len(table) + 1):
                self.note(table[:length])
            if listed:
                tables[table] += 1
                table = (*table, tables[table] - 1)
                self.note(table)
            while not self.take("\n"):
                self.at += 1

    @staticmethod
    def _found(key: Place, tables: Mapping[Place, int]) -> Place:
        """The place of the table `key`: [lookup.match] and [[lookup.also]] belong to the latest [[lookup]]."""
        place: Place = ()
        for part in key:
            if tables.get(place):
                place = (*place, tables[place] - 1)
            place = (*place, part)
        return place


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield match[0], line
        line += match[0].count("\n")


def lines_of(text: str) -> Mapping[Place, int]:
    """The line of every table, key and list item of a form file that tomllib can read."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def line_at(lines: Mapping[Place, int], place: Place) -> int:
    """The line of `place`, or of the nearest thing around it that stands in the file."""
    return next(lines[place[:length]] for length in range(len(place), -1, -1) if place[:length] in lines)
