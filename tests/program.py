"""The program, run as people run it: a process of its own, with its own arguments, surroundings, output and exit code.

Where the system can fork, it is forked from a server that has imported what the commands need, for that takes a second of
CPU at each start. What is about the start itself starts Python anew, with STARTED_ANEW.
"""

import os
import sys
import time
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

STARTED_ANEW = "import sys; from sync_service.door import main; sys.argv[0] = 'taizhang'; main()"
"""What Python is given to start as the program, with the program's arguments behind it."""
_IMPORTED = ["sync_service.cli", "sync_service.pipeline", "sync_service.asking", "sync_service.templates"]
_STARTING = get_context("spawn") if sys.platform == "win32" else get_context("forkserver")
if sys.platform != "win32":
    _STARTING.set_forkserver_preload(_IMPORTED)


def _become(words: tuple[str, ...], surroundings: Mapping[str, str], folder: str, out: str, err: str) -> None:
    """Makes this process the program."""
    os.environ.clear()
    os.environ.update(surroundings)
    if sys.platform != "win32":
        time.tzset()
    os.chdir(folder)
    for number, path in ((1, out), (2, err)):
        with Path(path).open("wb") as file:
            os.dup2(file.fileno(), number)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
    sys.argv = ["taizhang", *words]
    from sync_service.door import main

    main()


def started(*words: object, out: str = os.devnull, err: str = os.devnull) -> BaseProcess:
    """The program at work. Whoever starts it waits for its end."""
    surroundings = {**os.environ, "COLUMNS": "160", "PYTHONIOENCODING": "utf-8"}
    process = _STARTING.Process(target=_become, args=(tuple(map(str, words)), surroundings, str(Path.cwd()), out, err))
    process.start()
    return process


def taizhang(*words: object) -> CompletedProcess[str]:
    """What the program said, and how it ended."""
    with TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = started(*words, out=str(out), err=str(err))
        process.join()
        assert process.exitcode is not None
        return CompletedProcess([*map(str, words)], process.exitcode, out.read_text("utf-8"), err.read_text("utf-8"))
