"""What a checking process does with a workbook: judge it, mark a copy of it, or answer a button."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from sync_service.checking.verdict import Verdict, as_record, judged
from sync_service.endpoint.clicks import Click
from sync_service.endpoint.frames import BUTTONS, Done, Job
from sync_service.feedback import write_feedback
from sync_service.references import held_now
from sync_service.settings import CountySetup
from sync_service.sources.base import Limits, Refused
from sync_service.sources.excel import ending_for, read_bytes
from validators.problems import Problem, problem
from workbook_templates.place import Township


def _refused(found: Problem) -> Done:
    return Done("refused", found.code, found.message, found.cure)


class Jobs:
    """Does jobs for one county. A workbook that is being made lies in the folder `scratch` meanwhile, and nowhere else."""

    def __init__(self, setup: CountySetup, scratch: Path) -> None:
        self._setup, self._scratch = setup, scratch
        self._forms = setup.forms()
        self._units = {unit.code: unit for unit in setup.townships}
        limits = setup.settings.limits
        self._limits = Limits(seconds=limits.seconds, memory_mb=limits.memory_mb)

    def _verdict(self, name: str, data: bytes, township: Township, now: datetime) -> Verdict:
        book = read_bytes(name, data, self._limits)
        references = held_now(self._setup, self._forms)
        return judged(self._forms, book, township, now.date(), self._setup.settings.period, references)

    def _file(self, job: Job, township: Township, now: datetime) -> Done:
        verdict = self._verdict(job.name, job.body, township, now)
        if verdict.foreign:
            return _refused(verdict.foreign)
        if job.action == "submit" and not verdict.readable:
            return _refused(verdict.hindrances[0])
        counts = verdict.counts
        numbers = {"errors": counts.errors, "warnings": counts.warnings}
        if job.action == "copy":
            return Done("workbook", numbers=numbers, body=self._copy(verdict, now))
        ending = ending_for(job.name, job.body)
        return Done("json", ending=ending, numbers=numbers, body=orjson.dumps(as_record(verdict)))

    def _copy(self, verdict: Verdict, now: datetime) -> bytes:
        with TemporaryDirectory(dir=self._scratch) as folder:
            made = Path(folder) / "copy.xlsx"
            at = now.replace(tzinfo=None)
            write_feedback(made, verdict.township, verdict.book, verdict.problems, self._forms, at)
            return made.read_bytes()

    def do(self, job: Job) -> Done:
        """What becomes of a job. What is wrong with the workbook is an answer; exceptions are faults of ours."""
        now = datetime.now().astimezone()
        township = self._units[job.township]
        try:
            if job.action in BUTTONS:
                return Click(self._setup, self._forms, township, now).done(job)
            return self._file(job, township, now)
        except Refused as refused:
            return _refused(refused.problem)
        except MemoryError:
            found = problem("F30", {"file": job.name, "limit": f"内存超过 {self._limits.memory_mb} MB"})
            return Done("refused", "memory", found.message, found.cure)
