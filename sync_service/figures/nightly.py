"""The figures' workbook that the night writes, so that it lies there in the morning as the county then stood."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from sync_service.audit.acting import at_this_pc
from sync_service.errors import TaizhangError
from sync_service.figures.asking import figures_of, span_of
from sync_service.figures.period import Span
from sync_service.figures.sealing import differences
from sync_service.figures.workbook import write_figures
from sync_service.moments import moment
from sync_service.privacy.locking import locked, master_password, password_mark
from sync_service.publish import Prepared, digest_of, install, prepare, unmade
from sync_service.settings import CountySetup
from sync_service.store import Store
from sync_service.store.records import Output
from workbook_templates.form import Forms

OUTPUT = "figures"


def _fingerprint(store: Store, setup: CountySetup, forms: Forms, span: Span) -> str:
    """Changes with whatever the workbook is made from."""
    own = setup.settings.files.figures
    definitions = setup.path(own).read_bytes() if own and setup.path(own).is_file() else b""
    newest, sealed = max((run.id for run in store.runs(1)), default=0), len(store.seals())
    lock = password_mark(setup, master_password(setup))
    made_from = (newest, sealed, forms.digest, definitions, setup.settings.model_dump_json(), span.last, lock)
    return hashlib.blake2b(repr(made_from).encode(), digest_size=16).hexdigest()


def _put(store: Store, prepared: Prepared, known: Sequence[bytes], fingerprint: str) -> Path:
    """Installs the workbook. Its digest is stored first: a night that is killed in between must know its own file again."""
    digests = [*(one for one in known if one != prepared.digest), prepared.digest]
    store.published(Output(OUTPUT, "", " ".join(one.hex() for one in digests)))
    done = install(prepared, digests)
    if done.path is None:
        raise TaizhangError(done.message)
    lying = digests[-1:] if done.settled else digests
    store.published(Output(OUTPUT, fingerprint, " ".join(one.hex() for one in lying)))
    return done.path


def _at_hand(path: Path, known: Sequence[bytes]) -> Prepared | bool:
    """Whether the newest workbook lies in its place or has to go on waiting beside it; if the way is free, what waits."""
    try:
        if digest_of(path) == known[-1]:
            return True
    except PermissionError:  # somebody has it open
        return True
    waiting = unmade(path, known[-1], known)
    return waiting if isinstance(waiting, Prepared) else waiting is not None


def write_nightly(setup: CountySetup, forms: Forms, now: datetime) -> Path | None:
    """Writes the workbook that [service] figures names, if anything has changed; None if none is wanted or nothing has.

    It is locked as the master is. A file that somebody has open or has saved is not replaced: the new one waits beside it, until the
    night finds the way free. Raises TaizhangError if that one is open too, StoreError, OSError.
    """
    named = setup.settings.service.figures
    if not named or not setup.has_store:
        return None
    path = setup.path(named)
    with Store.open(setup.store_url, setup.county.code) as store:
        span = span_of(setup, "", "", now)
        fingerprint = _fingerprint(store, setup, forms, span)
        output = store.outputs().get(OUTPUT, Output(OUTPUT, "", ""))
        known = [bytes.fromhex(one) for one in output.digests.split()]
        ready = _at_hand(path, known) if output.fingerprint == fingerprint else False
        if ready is True:
            return None
        if not ready:
            found = figures_of(setup, forms, store, span)
            changed = differences(store, forms, found)
            write = partial(
                write_figures, setup=setup, forms=forms, store=store, figures=found, changed=changed, now=now
            )
            ready = prepare(path, locked(write, master_password(setup)))
            store.note("export", {"command": "night", "period": span.period.name}, who=at_this_pc(), at=moment(now))
        return _put(store, ready, known, fingerprint)
