"""The verdict on one workbook that was handed in to be checked, not to be merged: by the command, the page or the button."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sync_service.copies import cell_name
from sync_service.grouping import Block, Part, grouped
from sync_service.references import References
from sync_service.settings import CountySetup
from validators.check import check
from validators.checked import Checked
from validators.problems import Problem
from validators.raw import RawBook
from validators.whose import cover_of, stated
from workbook_templates.form import Forms
from workbook_templates.kinds.texts import folded
from workbook_templates.place import Township


@dataclass(frozen=True, slots=True)
class Counts:
    """How many problems there are: errors, warnings to look into, warnings that were explained, notices."""

    errors: int
    warnings: int
    confirmed: int
    notices: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in a workbook. Unless `readable`, its rows were not looked at: `hindrances` say why."""

    township: Township
    book: RawBook
    checked: Checked

    @property
    def problems(self) -> Sequence[Problem]:
        """Every problem."""
        return self.checked.problems

    @property
    def readable(self) -> bool:
        """Whether any sheet could be judged."""
        return any(sheet.complete for sheet in self.checked.sheets)

    @property
    def hindrances(self) -> list[Problem]:
        """What kept the whole workbook from being judged."""
        return [] if self.readable else [found for found in self.problems if found.severity == "error"]

    @property
    def foreign(self) -> Problem | None:
        """What says that this is another township's workbook, if it is."""
        return next((found for found in self.problems if found.code == "F31"), None)

    @property
    def counts(self) -> Counts:
        """The problems counted."""
        n = Counter((found.severity, found.confirmed) for found in self.problems)
        return Counts(
            n["error", False] + n["error", True],
            n["warning", False],
            n["warning", True],
            n["notice", False] + n["notice", True],
        )

    @property
    def parts(self) -> Sequence[Part]:
        """The problems by severity, sheet and kind."""
        return grouped(self.problems, [sheet.title for sheet in self.book.sheets])


def _block(block: Block) -> dict[str, object]:
    cells = [{"cell": cell_name(found), "value": found.value} for found in block.problems if cell_name(found)]
    return {
        "sheet": block.sheet,
        "code": block.problems[0].code,
        "message": block.heading,
        "cure": block.cure,
        "count": len(block.problems),
        "cells": cells,
    }


def as_record(verdict: Verdict) -> dict[str, object]:
    """The verdict for programs and for the page; values in it are masked where they are personal."""
    counts = verdict.counts
    return {
        "file": verdict.book.name,
        "township": verdict.township.name,
        "readable": verdict.readable,
        "errors": counts.errors,
        "warnings": counts.warnings,
        "confirmed": counts.confirmed,
        "notices": counts.notices,
        "parts": [
            {
                "kind": part.style,
                "heading": part.heading,
                "count": part.count,
                "blocks": [_block(block) for block in part.blocks],
            }
            for part in verdict.parts
            if part.blocks
        ],
    }


def owner_of(setup: CountySetup, forms: Forms, book: RawBook) -> Township | None:
    """Whose workbook it is among the county's townships, by its stamp or else by its cover; None if neither tells."""
    code = book.stamp.township if book.stamp else ""
    named = folded(stated(cover_of(forms), book).get("township", ""))
    by_cover = (unit for unit in setup.townships if named and named in {folded(unit.name), unit.code})
    return next((unit for unit in setup.townships if unit.code == code), None) or next(by_cover, None)


def judged(
    forms: Forms, book: RawBook, township: Township, today: date, period: str, references: References
) -> Verdict:
    """The verdict on a township's workbook, the same as a run of the service would come to (law 9)."""
    return Verdict(township, book, check(forms, book, township, today, period, references))
