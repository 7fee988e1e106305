"""The stand-in answers as Google answered: gspread's own recorded exchanges are asked again, and the answers compared.

The recordings are gspread's (MIT) and are not kept here: the folder cassettes of its tests, named by TAIZHANG_GOOGLE_CASSETTES.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from tests.allowed_skips import allowed_skip
from tests.google_stand_in.server import standing_in
from tests.google_stand_in.world import World

FOLDER = os.environ.get("TAIZHANG_GOOGLE_CASSETTES", "")
RECORDER = "recorder@example.test"
CHANGES_WITH_TIME = {
    "createdTime", "modifiedTime", "defaultFormat", "spreadsheetTheme", "spreadsheetUrl", "version",
    "importFunctionsExternalUrlAccessAllowed",
    # Nothing of ours depends on who may edit what, or on the small print of a refusal.
    "editors", "requestingUserCanEdit", "details",
}  # fmt: skip
IDS = {"spreadsheetId", "id", "sheetId", "protectedRangeId", "namedRangeId", "newSheetId"}
BEYOND = re.compile(
    # What taizhang does not call: appending, batches of values, copies, comments, export and upload,
    r":append|values:batch|/copy|/comments|/export|/upload"
    # formulas, which are not calculated here, and what clerks do to sheets that no test of ours needs.
    r'|"=|tabColor|sortRange|[cC]utPaste|[cC]opyPaste|DimensionGroup|autoResize|/permissions'
)


OTHERS_FILES = re.compile("open_?all|private")
"""Recordings that speak of other spreadsheets of the recorder's."""


def _slim(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _slim(inner) for name, inner in value.items() if name not in CHANGES_WITH_TIME}
    return [_slim(one) for one in value] if isinstance(value, list) else value


def _learn(then: Any, now: Any, ids: dict[str, str]) -> None:
    """Remembers which id of now stands for which of then."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name in then.keys() & now.keys():
            if name in IDS and isinstance(then[name], str | int) and len(str(then[name])) > 4:
                ids[str(then[name])] = str(now[name])
            else:
                _learn(then[name], now[name], ids)
    elif isinstance(then, list) and isinstance(now, list):
        for one, other in zip(then, now, strict=False):
            _learn(one, other, ids)


def _today(text: str, ids: dict[str, str]) -> str:
    for then, now in sorted(ids.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(then, now)
    return text


def _exchanges(cassette: Path) -> Iterator[tuple[str, str, str, int, str]]:
    for one in json.loads(cassette.read_text("utf-8"))["interactions"]:
        asked, told = one["request"], one["response"]
        body = asked.get("body") or ""
        text = body.get("string", "") if isinstance(body, dict) else body
        yield asked["method"], asked["uri"], text, told["status"]["code"], told.get("body", {}).get("string", "")


def _replay(cassette: Path, counts: Counter[str]) -> Iterator[str]:
    """Every difference between what Google answered then and the stand-in answers now."""
    world, ids = World(anybody=RECORDER), dict[str, str]()
    with standing_in(world) as google:
        for number, (method, uri, body, status, told) in enumerate(_exchanges(cassette)):
            listing = method == "GET" and "drive/v3/files?" in uri  # of the recorder's own files
            if listing or BEYOND.search(uri + body):
                counts["beyond"] += 1
                if method != "GET":
                    return  # what follows speaks of a spreadsheet that we do not have
                continue
            url = re.sub(r"https://(sheets|www)\.googleapis\.com", google.url, _today(uri, ids))
            headers = {"content-type": "application/json"}
            answer = requests.request(method, url, data=_today(body, ids).encode(), headers=headers, timeout=20)
            counts["compared"] += 1
            where = f"{cassette.stem} {number} {method} {uri}"
            if answer.status_code != status:
                yield f"{where}: {status} != {answer.status_code} {answer.text[:200]}"
            try:
                then, now = json.loads(told), answer.json()
            except ValueError:
                continue
            _learn(then, now, ids)
            then = json.loads(_today(json.dumps(then), ids))
            if _slim(then) != _slim(now):
                yield f"{where}:\n   {json.dumps(_slim(then))[:1500]}\n   {json.dumps(_slim(now))[:1500]}"


def test_the_stand_in_answers_as_google_answered_when_gspread_recorded_it() -> None:
    if not FOLDER:
        allowed_skip("TAIZHANG_GOOGLE_CASSETTES does not name the folder of gspread's recordings")
    counts: Counter[str] = Counter()
    cassettes = [one for one in sorted(Path(FOLDER).glob("*.json")) if not OTHERS_FILES.search(one.name)]
    differences = [difference for cassette in cassettes for difference in _replay(cassette, counts)]
    print(counts)
    assert differences == []
    assert counts["compared"] > 1000
