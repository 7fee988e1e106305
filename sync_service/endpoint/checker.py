"""The program of a checking process: python -m sync_service.endpoint.checker COUNTY.TOML SCRATCH, jobs in, answers out.

Started by pool.py, which gives it a folder of its own. Bound to its limits before the first job; tells the screen nothing.
"""

import faulthandler
import os
import sys
from pathlib import Path

from sync_service.endpoint.frames import Done, packed, read_job
from sync_service.endpoint.jobs import Jobs
from sync_service.settings import load_settings
from sync_service.sources.worker import confine, where_raised


def main(settings_file: Path, scratch: Path) -> None:
    """Does jobs until the server ends."""
    parent = os.getppid()
    setup = load_settings(settings_file)
    jobs = Jobs(setup, scratch)
    # Answers go out by a handle of their own: whatever a library prints must not get between them.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    confine(setup.settings.limits.memory_mb, parent)
    answers.write(packed(Done("json", "ready")))
    answers.flush()
    faulthandler.disable()
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, sys.stdout.fileno())
    os.dup2(silent, sys.stderr.fileno())
    while job := read_job(sys.stdin.buffer):
        try:
            done = jobs.do(job)
        except Exception as error:
            done = Done("fault", "fault", where_raised(error))
        answers.write(packed(done))
        answers.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
