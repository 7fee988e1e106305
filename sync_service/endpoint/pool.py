"""The server's checking processes: kept warm, one job at a time each, killed and replaced when a job goes wrong.

Started anew as programs on every system, never forked: so a hostile workbook takes down one job and nothing else on Windows
too, and the server needs no threads. A job costs no start-up: the forms are loaded before the first one comes.
"""

import asyncio
import logging
import os
import secrets
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from sync_service.endpoint.frames import Done, Job, packed, read_done
from sync_service.errors import TaizhangError
from sync_service.settings import CountySetup

READY_SECONDS = 60
WAIT_SECONDS = 35
"""So long a clerk waits for a free process; with the check's own seconds less than the 60 after which the buttons give up."""
JOBS = 200
"""After so many jobs a process is replaced: what many workbooks leave in its memory must not starve a later one."""
RETRY_SECONDS = 5

_log = logging.getLogger("taizhang.endpoint")


class NoAnswer(Exception):  # noqa: N818 (a finding about the job or the moment, not a fault)
    """A job got no answer: everybody was busy, or it took too long, wanted too much memory or took its process down."""

    def __init__(self, why: Literal["busy", "time", "crash"]) -> None:
        super().__init__(why)
        self.why = why


class _Checker:
    """One process with its pipes."""

    def __init__(self, process: Process, scratch: Path) -> None:
        self.process = process
        self.scratch = scratch
        self.jobs = 0

    @classmethod
    async def start(cls, command: Sequence[str], scratch: Path, environment: Mapping[str, str]) -> "_Checker":
        scratch.mkdir(0o700)
        process = await asyncio.create_subprocess_exec(*command, str(scratch), stdin=PIPE, stdout=PIPE, env=environment)
        checker = cls(process, scratch)
        try:
            async with asyncio.timeout(READY_SECONDS):
                await checker._read()
        except BaseException:
            await checker.stop()
            raise
        return checker

    async def _read(self) -> Done:
        assert self.process.stdout
        return await read_done(self.process.stdout)

    async def do(self, job: Job, seconds: float) -> Done:
        assert self.process.stdin
        self.jobs += 1
        async with asyncio.timeout(seconds):
            self.process.stdin.write(packed(job))
            await self.process.stdin.drain()
            return await self._read()

    async def stop(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        shutil.rmtree(self.scratch, ignore_errors=True)


class Pool:
    """A few checking processes, and the line of jobs that wait for one. What they leave in `scratch` goes with them."""

    def __init__(self, setup: CountySetup, settings_file: Path, scratch: Path) -> None:
        part = setup.settings.endpoint
        self._command = [sys.executable, "-m", "sync_service.endpoint.checker", str(settings_file)]
        self._environment = {"XLWINGS_LICENSE_KEY": part.xlwings_licence, **os.environ}  # asked for at the import
        self._scratch = scratch
        self._size, self._seconds, self._most_waiting = part.at_once, part.seconds, part.waiting
        self._idle: asyncio.Queue[_Checker] = asyncio.Queue()
        self._all: set[_Checker] = set()
        self._replacing: set[asyncio.Task[None]] = set()
        self._waiting = 0

    async def start(self) -> None:
        """Starts the processes. Raises TaizhangError if they do not come up."""
        try:
            await asyncio.gather(*(self._add() for _ in range(self._size)))
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
            await self.stop()
            raise TaizhangError("校验程序起不来", "请先运行 taizhang sync，看设置和表单有没有问题。") from error

    async def stop(self) -> None:
        """Ends them all, whatever they are doing."""
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        await asyncio.gather(*(checker.stop() for checker in self._all))
        self._all.clear()

    async def _add(self) -> None:
        checker = await _Checker.start(self._command, self._scratch / secrets.token_hex(8), self._environment)
        self._all.add(checker)
        self._idle.put_nowait(checker)

    async def _replace(self, checker: _Checker) -> None:
        self._all.discard(checker)
        await checker.stop()
        while True:
            try:
                await self._add()
            except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
                _log.error("a checking process does not come up; trying again in %d s", RETRY_SECONDS)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    def _part_with(self, checker: _Checker) -> None:
        task = asyncio.create_task(self._replace(checker))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _free(self) -> _Checker:
        """The next free process, first come first served."""
        if self._idle.empty() and self._waiting >= self._most_waiting:
            raise NoAnswer("busy")
        self._waiting += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while True:
                    checker = await self._idle.get()
                    if checker.process.returncode is None:
                        return checker
                    self._part_with(checker)  # the system took it while it was idle
        except TimeoutError:
            raise NoAnswer("busy") from None
        finally:
            self._waiting -= 1

    async def do(self, job: Job) -> Done:
        """What became of the job. Raises NoAnswer."""
        checker = await self._free()
        fit = False
        try:
            done = await checker.do(job, self._seconds)
            fit = done.kind != "fault" and done.outcome != "memory" and checker.jobs < JOBS
            if done.kind == "fault":
                _log.error("a fault in %s:\n%s", job.action, done.message)
            return done
        except TimeoutError:
            raise NoAnswer("time") from None
        except (asyncio.IncompleteReadError, OSError, ValueError, TypeError):
            raise NoAnswer("crash") from None
        finally:
            if fit:
                self._idle.put_nowait(checker)
            else:
                self._part_with(checker)
