"""Everything that the stand-in knows: accounts, spreadsheets, what went by, and what is to go wrong next."""

import pickle
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, unquote

from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

from tests.google_stand_in import answers
from tests.google_stand_in.a1 import Json
from tests.google_stand_in.book import Spreadsheet
from tests.google_stand_in.changes import carry_out
from tests.google_stand_in.errors import ApiError
from tests.google_stand_in.masks import masked, parse_mask

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_CALL = re.compile(r"/v4/spreadsheets/(?P<book>[^/:]+)(?::(?P<verb>\w+)|/values/(?P<range>[^/]*?)(?P<clear>:clear)?)?")
_SKEW = 300
_FILE_LIST = "kind,nextPageToken,files(kind,id,name,mimeType)"


@dataclass
class Fault:
    """What goes wrong with the next `times` requests whose method and path `match`es, after `skip` of them.

    `cut` sends half of the answer: as if it were the whole one ("body"), or breaking off the connection ("connection").
    `delay` seconds of silence come first. `then` happens after the request was carried out.
    """

    match: str
    status: int = 0
    body: str | Json = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: Literal["", "body", "connection"] = ""
    delay: float = 0
    times: int = 1
    skip: int = 0
    then: Callable[[], object] | None = None


@dataclass(frozen=True)
class Asked:
    """A request; `path` is not decoded, for a range may hold the API's own signs."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Json
    form: str
    bearer: str


class World:
    """The state behind the stand-in. With `anybody`, requests without a token are that account's."""

    def __init__(self, anybody: str = "") -> None:
        self.lock = threading.RLock()
        self.books: dict[str, Spreadsheet] = {}
        self.keys: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.log: list[str] = []
        self.anybody = anybody
        self._tokens: dict[str, str] = {}

    @property
    def counts(self) -> Counter[str]:
        """How many requests went by of each kind: token, sheets read, sheets write, drive."""
        return Counter(map(_kind, self.log))

    def new_book(self, title: str, owner: str = "clerk@town.test") -> Spreadsheet:
        """A new spreadsheet of a person's."""
        book = Spreadsheet(title, owner)
        self.books[book.id] = book
        return book

    def answer(self, asked: Asked) -> Json:
        """The answer to a request. Raises ApiError."""
        if asked.path == "/token":
            return self._grant(asked.form)
        who = self._tokens.get(asked.bearer) or self.anybody
        if not who:
            raise ApiError(401, "Request had invalid authentication credentials.")
        with self.lock:
            if asked.path.startswith("/drive/v3/files"):
                return self._drive(asked, who)
            return self._sheets(asked, who)

    def _grant(self, form: str) -> Json:
        """A token for whoever signs with the key that the account is known by, as of now."""
        given = {name: value[0] for name, value in parse_qs(form).items()}
        if given.get("grant_type") != _GRANT:
            raise ApiError(400, "unsupported_grant_type")
        try:
            claimed = str(jwt.decode(given["assertion"], verify=False)["iss"])  # type: ignore[no-untyped-call]
            jwt.decode(given["assertion"], self.keys[claimed], clock_skew_in_seconds=_SKEW)  # type: ignore[no-untyped-call]
        except (GoogleAuthError, ValueError, KeyError):
            raise ApiError(400, "invalid_grant") from None
        token = "ya29." + secrets.token_urlsafe(24)
        self._tokens[token] = claimed
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}

    def _may(self, book: Spreadsheet | None, who: str, *, write: bool = False) -> bool:
        if book is None:
            return False
        return who in {book.owner, *book.writers} or (who in book.readers and not write)

    def _sheets(self, asked: Asked, who: str) -> Json:
        if (asked.method, asked.path) == ("POST", "/v4/spreadsheets"):
            return answers.spreadsheet(self.new_book(asked.body["properties"]["title"], who), (), grid=False, mask={})
        call = _CALL.fullmatch(asked.path)
        if call is None:
            raise ApiError(404, "Not Found")
        book = self.books.get(unquote(call["book"]))
        write = asked.method != "GET"
        if book is None:
            raise ApiError(404, "Requested entity was not found.")
        if not self._may(book, who, write=write):
            raise ApiError(403, "The caller does not have permission")
        before = pickle.dumps(book.__dict__) if write else b""
        try:
            found = self._call(book, call, asked)
        except ApiError:
            book.__dict__.update(pickle.loads(before))  # one bad request undoes them all
            raise
        if write:
            book.touched()
        return found

    def _call(self, book: Spreadsheet, call: re.Match[str], asked: Asked) -> Json:
        mask = parse_mask(asked.query.get("fields", ""))
        if call["range"] is not None:
            text = unquote(call["range"])
            if call["clear"]:
                return answers.clear_values(book, text)
            if asked.method == "PUT":
                return answers.write_values(book, text, asked.body, asked.query.get("valueInputOption", ""))
            return answers.values(book, text, asked.query)
        if call["verb"] == "batchUpdate":
            replies = carry_out(book, asked.body.get("requests", []))
            return masked({"spreadsheetId": book.id, "replies": replies}, mask)  # type: ignore[no-any-return]
        if call["verb"]:
            raise ApiError(404, "Not Found")
        ranges = asked.query.get("ranges", "").split("\n") if asked.query.get("ranges") else []
        grid = asked.query.get("includeGridData", "").lower() == "true"
        return answers.spreadsheet(book, ranges, grid=grid, mask=mask)

    def _drive(self, asked: Asked, who: str) -> Json:
        one = asked.path.removeprefix("/drive/v3/files").lstrip("/")
        if not one and asked.method == "POST":
            described = answers.file(self.new_book(asked.body.get("name", "Untitled"), who))
            return {name: described[name] for name in ("kind", "id", "name", "mimeType")}
        if one:
            book = self.books.get(unquote(one))
            if book is None or not self._may(book, who):  # Drive hides what one may not see
                raise ApiError(404, f"File not found: {one}.", "notFound")
            if asked.method == "DELETE":
                del self.books[book.id]
                return {}
            mask = parse_mask(asked.query.get("fields", "kind,id,name,mimeType"))
            return masked(answers.file(book), mask)  # type: ignore[no-any-return]
        seen = [book for book in self.books.values() if self._may(book, who)]
        if "trashed = false" in asked.query.get("q", ""):
            seen = [book for book in seen if not book.trashed]
        size, start = int(asked.query.get("pageSize", "100")), int(asked.query.get("pageToken", "0"))
        found: Json = {"kind": "drive#fileList", "files": [answers.file(book) for book in seen[start : start + size]]}
        if start + size < len(seen):
            found["nextPageToken"] = str(start + size)
        return masked(found, parse_mask(asked.query.get("fields", _FILE_LIST)))  # type: ignore[no-any-return]

    def fault_of(self, asked: Asked) -> Fault | None:
        """What is to go wrong with this request."""
        with self.lock:
            for fault in self.faults:
                if re.search(fault.match, f"{asked.method} {asked.path}"):
                    if fault.skip:
                        fault.skip -= 1
                        continue
                    fault.times -= 1
                    if not fault.times:
                        self.faults.remove(fault)
                    return fault
        return None

    def wait(self, fault: Fault) -> None:
        """The silence of a fault."""
        time.sleep(fault.delay)


def _kind(line: str) -> str:
    if "/token" in line:
        return "token"
    if "/drive/" in line:
        return "drive"
    return "sheets read" if line.startswith("GET") else "sheets write"
