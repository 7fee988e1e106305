"""A county whose townships share Google spreadsheets with it, on the stand-in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sync_service.pipeline import RunReport, run
from sync_service.settings import (
    AccessPart,
    CountyPart,
    CountySetup,
    Settings,
    TownshipPart,
)
from sync_service.store import Store
from tests.county import NAMES, NOW, PERIOD, VILLAGES, workbook
from tests.google_stand_in.book import Spreadsheet
from tests.google_stand_in.hands import draw
from tests.google_stand_in.server import ACCOUNT, StandIn
from workbook_templates.form import Forms, load_forms


@dataclass(frozen=True)
class SharedCounty:
    """The county's setup, and the townships' spreadsheets by name."""

    setup: CountySetup
    google: StandIn
    books: Mapping[str, Spreadsheet]
    forms: Forms

    def fill(self, name: str, veterans: list[dict[str, object]]) -> None:
        """Makes the township's spreadsheet one with these veterans."""
        draw(self.books[name], workbook(name, veterans))

    def sync(self, *, full: bool = False) -> RunReport:
        """One run."""
        return run(self.setup, self.forms, NOW, full=full)

    def status(self, name: str) -> str:
        """How a township stands after the next run."""
        return next(line.status for line in self.sync().townships if line.name == name)

    def codes(self, name: str) -> list[str]:
        """The codes of what is told to a township, sorted."""
        code = next(unit.code for unit in self.setup.townships if unit.name == name)
        with self.store() as store:
            return sorted(known.problem.code for known in store.problems(code))

    def store(self) -> Store:
        """The store, opened."""
        return Store.open(self.setup.store_url, "990101")

    def keys(self, form: str = "veterans") -> set[tuple[str, str]]:
        """Which rows are stored, by township and key."""
        with self.store() as store:
            return {(row.township, row.key) for row in store.rows(form)}


def share_county(
    folder: Path, google: StandIn, names: Sequence[str] = NAMES, forms: Forms | None = None
) -> SharedCounty:
    """A county on the stand-in; each township has a blank spreadsheet that is shared with it for reading."""
    books = {}
    for name in names:
        books[name] = google.world.new_book(f"{name}台账")
        books[name].readers.add(ACCOUNT)
    townships = tuple(
        TownshipPart(code=f"990101{n:03d}", name=name, workbook=f"google:{book.id}", villages=VILLAGES)
        for n, (name, book) in enumerate(books.items(), 1)
    )
    access = AccessPart(google=google.key_file(folder).name, google_root=google.url)
    county = CountyPart(code="990101", name="清河县", workbook="")
    settings = Settings(period=PERIOD, county=county, township=townships, access=access)
    return SharedCounty(CountySetup(settings, folder), google, books, forms or load_forms())
