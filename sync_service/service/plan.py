"""Which places the service looks at and how often, and the lock that only one service has."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from sync_service.settings import CountySetup
from sync_service.sources.address import is_local, scheme_of
from sync_service.sources.places import place_of

LOCK = ".service.lock"


def townships_by_place(setup: CountySetup) -> Mapping[str, frozenset[str]]:
    """The codes of the townships whose workbooks lie in each place: a folder, or a server."""
    places: dict[str, set[str]] = defaultdict(set)
    for code, address in setup.addresses.items():
        places[place_of(address)].add(code)
    return {place: frozenset(codes) for place, codes in places.items()}


def intervals(setup: CountySetup) -> Mapping[str, int]:
    """How many seconds lie between two looks at each place."""
    part = setup.settings.service
    seconds = {}
    for address in setup.addresses.values():
        if is_local(address):
            seconds[place_of(address)] = part.local_seconds
        else:
            is_google = scheme_of(address) == "google"
            seconds[place_of(address)] = part.google_seconds if is_google else part.remote_seconds
    return seconds


def service_lock(setup: CountySetup) -> Path:
    """The lock that a store's only service holds: beside a store that is a file, beside county.toml for one on a server."""
    store = setup.settings.files.store
    file = setup.path("taizhang" if "://" in store else store)
    return file.with_name(f".{file.name}{LOCK}")
