"""Problems as people work through them: by severity, then by sheet and kind, each kind explained once with all its cells."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync_service.copies import cell_of
from validators.problems import Problem
from workbook_templates.catalogue import Severity, catalogue

WHOLE_BOOK = "整个工作簿"
"""How problems of no sheet are headed."""


class _Open(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class Block:
    """The problems of one kind in one column of one sheet."""

    sheet: str
    problems: Sequence[Problem]

    def _words(self, said: set[str], template: str) -> str:
        if len(said) == 1:
            return said.pop()
        return template.format_map(_Open(col=self.problems[0].header, sheet=self.sheet))

    @property
    def message(self) -> str:
        """What is wrong, in the words that all of them share."""
        return self._words({found.message for found in self.problems}, catalogue()[self.problems[0].code].message)

    @property
    def heading(self) -> str:
        """The message, with the column's name behind it where the message does not say it."""
        header = self.problems[0].header
        return self.message + (f"　（{header}）" if header and header not in self.message else "")

    @property
    def cure(self) -> str:
        """How to mend it, in the words that all of them share."""
        return self._words({found.cure for found in self.problems}, catalogue()[self.problems[0].code].cure)


@dataclass(frozen=True, slots=True)
class Part:
    """The problems that ask for the same: its heading and style, and whether each cell has to be shown."""

    heading: str
    style: str
    blocks: Sequence[Block]
    in_full: bool

    @property
    def count(self) -> int:
        """How many problems it has."""
        return sum(len(block.problems) for block in self.blocks)


def by_place(found: Problem) -> tuple[object, ...]:
    """The order of problems within a sheet: by row and column, those of the whole sheet first."""
    return cell_of(found) or (-1, -1), found.code, found.message, found.confirmed


def _blocks(problems: Sequence[Problem], order: Mapping[str, int]) -> list[Block]:
    groups: dict[tuple[str, str, str], list[Problem]] = defaultdict(list)
    for found in sorted(problems, key=by_place):
        groups[found.sheet, found.code, found.header].append(found)
    ranked = sorted(groups.items(), key=lambda item: (order.get(item[0][0], -1), item[0][0], -len(item[1]), item[0]))
    return [Block(sheet, found) for (sheet, _, _), found in ranked]


def grouped(problems: Sequence[Problem], sheets: Sequence[str]) -> tuple[Part, Part, Part, Part]:
    """Errors, open warnings, confirmed warnings and notices; `sheets` are the titles in the workbook's order."""
    order = {title: number for number, title in enumerate(sheets)}

    def of(severity: Severity, confirmed: bool = False) -> list[Block]:
        chosen = [found for found in problems if found.severity == severity and found.confirmed == confirmed]
        return _blocks(chosen, order)

    return (
        Part("× 错误：必须改正，改正前县里保留上一次正确的内容", "error", of("error"), True),
        Part("▲ 提醒：请核对，不对的改正，属实的写“属实说明”", "warning", of("warning"), True),
        Part("√ 已说明：不用再改", "confirmed", of("warning", confirmed=True), False),
        Part("○ 提示：系统已自动处理，一般不用改", "notice", of("notice"), False),
    )
