"""A button pressed in Excel or Google Sheets: the workbook as xlwings' clients send it, and what they are to do with it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError

from macros import buttons
from macros.payload import decoded, raw_book
from macros.remote import answer
from sync_service.checking.last_feedback import last_feedback
from sync_service.checking.verdict import judged
from sync_service.endpoint.frames import Done, Job
from sync_service.references import held_now
from sync_service.settings import CountySetup
from sync_service.sources.base import Refused
from validators.checked import Checked
from validators.raw import RawBook
from validators.whose import whose
from workbook_templates.form import Forms
from workbook_templates.place import Township

if TYPE_CHECKING:
    import xlwings as xw

NOT_A_REQUEST = ("收到的不是工作簿", "请点工作簿里的“校验”按钮，或打开校验网页选择文件。")


class _Book(BaseModel):
    name: str
    active_sheet_index: int
    selection: str | None


class _Sheet(BaseModel):
    name: str
    values: list[list[Any]]


class _Payload(BaseModel):
    """What xlwings' clients send, as far as it is looked at."""

    client: str
    book: _Book
    sheets: list[_Sheet]


_SHAPE = TypeAdapter(_Payload)


class Click:
    """One press of a button with a township's password."""

    def __init__(self, setup: CountySetup, forms: Forms, township: Township, now: datetime) -> None:
        self._setup, self._forms, self._township = setup, forms, township
        self._mine = forms.of(township)
        self._today, self._now = now.date(), now.replace(tzinfo=None)
        self._numbers: dict[str, int] = {}

    def _judge(self, raw: RawBook) -> Checked:
        references = held_now(self._setup, self._forms)
        verdict = judged(self._forms, raw, self._township, self._today, self._setup.settings.period, references)
        if verdict.foreign:
            raise Refused(verdict.foreign)
        counts = verdict.counts
        self._numbers = {"errors": counts.errors, "warnings": counts.warnings}
        return verdict.checked

    def _feedback(self, book: "xw.Book") -> None:
        problems, _ = whose(self._mine, raw_book(book, self._mine), self._township, "")
        if foreign := next((found for found in problems if found.code == "F31"), None):
            raise Refused(foreign)
        buttons.show_feedback(book, *last_feedback(self._setup, self._forms, self._township))

    def done(self, job: Job) -> Done:
        """What the client has to do. Raises Refused if the workbook is another township's."""
        presses: dict[str, Callable[[xw.Book], None]] = {
            "check_sheet": partial(buttons.check_sheet, forms=self._mine, judge=self._judge, now=self._now),
            "check_all": partial(buttons.check_all, forms=self._mine, judge=self._judge, now=self._now),
            "next_problem": buttons.next_problem,
            "clear_marks": buttons.clear_marks,
            "show_feedback": self._feedback,
        }
        try:
            payload = decoded(job.body)
            _SHAPE.validate_python(payload)
        except (ValueError, ValidationError):
            return Done("refused", "request", *NOT_A_REQUEST)
        actions = answer(payload, presses[job.action])
        return Done("json", numbers=self._numbers, body=orjson.dumps(actions, default=str))
