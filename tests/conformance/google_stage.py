"""A township's shared Google spreadsheet, on the stand-in."""

import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from sync_service.sources.access import Access
from sync_service.sources.base import Source
from sync_service.sources.kinds import KINDS
from sync_service.sources.pace import pace_of
from tests.drawn import Drawn
from tests.google_stand_in.hands import draw
from tests.google_stand_in.server import ACCOUNT, standing_in
from tests.google_stand_in.world import Fault

ALWAYS = 10**9


class GoogleHands:
    """What a stage can do with a spreadsheet. The settings hear of the stand-in through the environment."""

    types = True

    def __init__(self, town: str, empty_town: str, folder: Path) -> None:
        pace_of.cache_clear()  # the tests of one minute read more than a county may
        self._open = ExitStack()
        self._google = self._open.enter_context(standing_in())
        self._book = self._google.world.new_book("城关镇台账")
        self._book.readers.add(ACCOUNT)
        self._key = self._google.key_file(folder)
        self._told = {"TAIZHANG_ACCESS__GOOGLE": str(self._key), "TAIZHANG_ACCESS__GOOGLE_ROOT": self._google.url}
        os.environ.update(self._told)
        self.addresses = {town: f"google:{self._book.id}", empty_town: "google:" + "x" * 44}

    def put(self, drawn: Drawn) -> None:
        draw(self._book, drawn)

    def rename(self) -> None:
        """A new title changes nothing; what comes nearest is a spreadsheet that is no longer shared with the county."""
        self._book.readers.clear()

    def delete(self) -> None:
        del self._google.world.books[self._book.id]

    def go_down(self) -> None:
        self._google.world.faults.append(Fault(".", cut="connection", times=ALWAYS))

    def go_silent(self) -> None:
        self._google.world.faults.append(Fault(".", delay=60, times=ALWAYS))

    def come_back(self) -> None:
        self._google.world.faults.clear()

    def source(self, access: Access) -> Source:
        reached = replace(access, google=self._key, google_root=self._google.url)
        return KINDS["google"].make(self.addresses, reached)

    def close(self) -> None:
        for name in self._told:
            del os.environ[name]
        self._open.close()
