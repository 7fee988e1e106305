"""Reading the master workbook back when somebody has saved it: one more foreign file, read with a foreign file's care."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from sync_service.privacy.locking import unlocked
from sync_service.publish import digest_of, is_open
from sync_service.review.typed import Typed, typed_in
from sync_service.settings import LimitsPart
from sync_service.sources.base import Limits, Refused
from sync_service.sources.crew import Crew
from sync_service.sources.excel import bytes_of, read_bytes
from sync_service.sources.worker import Failure, refusal
from validators.problems import Problem

PATIENCE = 10
"""How many times what one township's workbook may cost the master may cost: it holds all of them."""


class Read(NamedTuple):
    """What is typed in a master, and the digest of the very bytes that it was read from."""

    typed: Typed
    digest: bytes


def _limits(settings: LimitsPart) -> Limits:
    return Limits(
        seconds=settings.seconds * PATIENCE, memory_mb=settings.memory_mb * 4, rows=1_048_576,
        cells=5_000_000 * PATIENCE, unpacked_mb=300 * PATIENCE,
    )  # fmt: skip


def _read(path: Path, limits: Limits, password: str) -> Read | Problem | None:
    """Runs in a process of its own, from which only what was typed comes back."""
    try:
        data = bytes_of(path, limits)
        typed = typed_in(read_bytes(path.name, unlocked(data, password), limits))
    except Refused as refused:
        return refused.problem
    except OSError:  # it is being saved, or has just been moved away: the next run will see
        return None
    if not typed.ours:  # another workbook that lies there: it is not for us to replace it
        return None
    return Read(typed, hashlib.blake2b(data, digest_size=16).digest())


def read_master(
    path: Path, known: tuple[bytes, ...], settings: LimitsPart, password: str, crew: Crew
) -> Read | Problem | None:
    """What somebody typed into the master at `path`, or why it cannot be read. It is read by `crew`.

    None if nobody saved it since it was published or read (`known` are the digests of those), it is not there, is no master of
    ours, or somebody still has it open: what is half typed is left alone.
    """
    if not path.exists() or is_open(path):
        return None
    try:
        if digest_of(path) in known:
            return None
    except PermissionError:
        return None
    limits = _limits(settings)
    (_, outcome) = next(crew.run_all(_read, [(path, limits, password)], limits))
    return refusal(outcome, path.name, limits) if isinstance(outcome, Failure) else outcome
