"""Keeping the list of cases up to date: they are looked for again only when something has changed."""

import hashlib

from sync_service.reuse.shelf import Shelf
from sync_service.review.cases import Search, find_cases, to_store
from sync_service.review.history import Stated
from sync_service.review.searching import SEARCH
from sync_service.settings import CountySetup
from sync_service.store import Store
from sync_service.store.records import Output
from workbook_templates.form import Forms

CASES = "cases"


def _mark(store: Store, setup: CountySetup, forms: Forms) -> Output:
    newest = max((run.id for run in store.runs(1)), default=0)
    townships = [township.code for township in setup.townships]
    settings = setup.settings
    made_from = repr((SEARCH, newest, forms.digest, settings.period, townships, settings.doubles.dialect))
    return Output(CASES, hashlib.blake2b(made_from.encode(), digest_size=16).hexdigest(), "")


def cases_are_current(store: Store, setup: CountySetup, forms: Forms) -> bool:
    """Whether nothing changed since cases were looked for."""
    return store.outputs().get(CASES) == _mark(store, setup, forms)


def refresh_cases(store: Store, setup: CountySetup, forms: Forms, shelf: Shelf, at: str) -> None:
    """Looks for cases again; those that are known keep their age. What earlier searches found is taken from the `shelf`."""
    townships = [township.code for township in setup.townships]
    search = Search(townships, setup.settings.period, setup.settings.doubles.dialect)
    found = find_cases(store, forms, Stated(store.statements()), search, shelf)
    store.replace_cases(to_store(found, store.cases(), at), _mark(store, setup, forms))
