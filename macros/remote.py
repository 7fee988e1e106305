"""The buttons for an endpoint: a client's request becomes a workbook, and what was done to it goes back as xlwings' actions.

xlwings' remote engine is part of xlwings PRO: free for noncommercial use under the PolyForm Noncommercial License 1.0.0, which
names government institutions (https://polyformproject.org/licenses/noncommercial/1.0.0). The key that says so is set here, for
this process only, and only where no other key is set.
"""

import os
from collections.abc import Callable
from threading import Lock
from typing import Any

import xlwings as xw

os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")
from xlwings.pro import _xlremote

if "remote" not in {engine.name for engine in xw.engines}:  # xlwings was imported without the key
    xw.engines.add(xw.main.Engine(impl=_xlremote.engine))

_ALONE = Lock()
"""xlwings sends messages and macros to the workbook that was opened last, whosever it is."""


def answer(payload: dict[str, Any], press: Callable[[xw.Book], None]) -> dict[str, Any]:
    """What a client has to do, after `press` did it to the workbook of `payload` (see payload.decoded).

    Raises KeyError, IndexError, TypeError or ValueError if the payload is not what a client of xlwings sends.
    """
    # xlwings refuses clients of any other version than its own; what we ask of them, all of the last years do.
    with _ALONE:
        book = xw.Book(json={**payload, "version": xw.__version__})
        try:
            press(book)
            actions: dict[str, Any] = book.json()
        finally:
            book.close()
    return actions
