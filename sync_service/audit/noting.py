"""Entries for what is done outside the store's own transactions: showing, exporting, passwords, restoring, starting."""

from datetime import datetime

from sync_service.audit.acting import at_this_pc
from sync_service.moments import moment
from sync_service.settings import CountySetup
from sync_service.store import Store


def note(setup: CountySetup, what: str, now: datetime, who: str = "", **about: str | int) -> None:
    """Adds an entry. Raises StoreError if it cannot: what cannot be noted is not to be done, so note first.

    `who` is whoever runs the program unless it is given.
    """
    with Store.open(setup.store_url, setup.county.code) as store:
        store.note(what, about, who=who or at_this_pc(), at=moment(now))
