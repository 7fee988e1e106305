"""The store: every version of every row, and what hangs on them. `Store` is its only door."""

from sync_service.store.errors import StaleError, StoreError
from sync_service.store.records import AWAITING, HELD, Applied, Reading, Source
from sync_service.store.store import Store

__all__ = ["AWAITING", "HELD", "Applied", "Reading", "Source", "StaleError", "Store", "StoreError"]
