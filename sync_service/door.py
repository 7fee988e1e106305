"""The program's door: a sync that finds everything as the last one left it is over here; for all else the program is loaded."""

import sys
from threading import Thread

from sync_service.standstill import Standstill
from sync_service.terminal import show

PATIENCE = 2
"""So many seconds are waited for a folder that does not answer. The program itself has more patience, and says what is wrong."""


def _asked(words: list[str]) -> tuple[str, bool] | None:
    """Where county.toml lies and whether JSON is wanted, if the words ask for a sync and for nothing special about it."""
    if words[:1] != ["sync"]:
        return None
    county, as_json, rest = "county.toml", False, iter(words[1:])
    for word in rest:
        if word == "--json":
            as_json = True
        elif word == "--county":
            county = next(rest, "")
        elif word.startswith("--county="):
            county = word.removeprefix("--county=")
        else:
            return None
    return county, as_json


def _lasting(county: str) -> Standstill | None:
    """The standstill that was noted of a county, if it lasts."""
    found: list[Standstill] = []

    def ask() -> None:
        try:
            noted = Standstill.noted(county)
        except (OSError, ValueError, TypeError):  # none, or one that is not whole or of another version
            return
        if noted.lasts():
            found.append(noted)

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    return found[0] if found else None


def main() -> None:
    """The program."""
    asked = _asked(sys.argv[1:])
    if asked:
        county, as_json = asked
        standstill = _lasting(county)
        if standstill:
            show(standstill.record_now() if as_json else standstill.text)
            raise SystemExit(standstill.code)
    from sync_service.cli import main as program

    program()
