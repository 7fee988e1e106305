"""One workbook read outside a run, with a run's care: in a process of its own, which may be killed."""

from pathlib import Path

from sync_service.errors import TaizhangError
from sync_service.settings import LimitsPart
from sync_service.sources.base import Limits, Refused
from sync_service.sources.crew import run_all
from sync_service.sources.excel import read_book
from sync_service.sources.worker import Failure, refusal
from validators.problems import Problem
from validators.raw import RawBook


def _read(path: Path, limits: Limits) -> RawBook | Problem:
    try:
        return read_book(path, limits)
    except Refused as refused:
        return refused.problem


def read_one(path: Path, settings: LimitsPart) -> RawBook:
    """The workbook at `path`. Raises TaizhangError if it cannot be read, with the words in which its clerk would be told."""
    if not path.is_file():
        raise TaizhangError(f"没有找到“{path}”", "请核对文件名和所在的文件夹。")
    limits = Limits(seconds=settings.seconds, memory_mb=settings.memory_mb)
    (_, outcome) = next(run_all(_read, [(path, limits)], limits))
    if isinstance(outcome, Failure):
        outcome = refusal(outcome, path.name, limits)
    if isinstance(outcome, Problem):
        raise TaizhangError(outcome.message, outcome.cure)
    return outcome
