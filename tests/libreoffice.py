"""A real LibreOffice for tests: recalculates, converts and types, each time in a fresh profile."""

import json
import os
import re
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
SYSTEM_PYTHON = Path("/usr/bin/python3")
SECONDS = 240
ROOT = Path(__file__).parents[1]
"""The folder from which scripts for the system's python3 find their modules."""

needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="soffice (LibreOffice) is not installed")

needs_uno = pytest.mark.skipif(
    SOFFICE is None
    or not SYSTEM_PYTHON.exists()
    or subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True).returncode != 0,
    reason="soffice (LibreOffice) with python3-uno is not installed",
)
FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xls": "MS Excel 97", ".ods": "calc8"}

_COLOURS = re.compile(rb"<conditionalFormatting.*</conditionalFormatting>", re.DOTALL)
_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def profile(folder: Path) -> str:
    """A fresh profile in which workbooks are recalculated when they are opened, as a command-line argument."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_RECALCULATE)
    return f"-env:UserInstallation={(folder / 'profile').as_uri()}"


def converted(source: Path, folder: Path, form: str, ending: str) -> Path:
    """`source` opened, recalculated and saved by LibreOffice with the export filter `form`."""
    assert SOFFICE
    out = folder / "converted"
    command = [
        SOFFICE,
        profile(folder),
        "--headless",
        "--convert-to",
        f"{ending}:{form}",
        "--outdir",
        str(out),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return out / f"{source.stem}.{ending}"


def recalculated(source: Path, folder: Path) -> Path:
    """`source` with every formula calculated, as .xls: LibreOffice writes that ten times as fast as .xlsx."""
    return converted(source, folder, FILTERS[".xls"], "xls")


def uncoloured(source: Path) -> Path:
    """A copy of `source` without its conditional colours, for tests of what formulas say: LibreOffice works out the colours
    of each cell that it saves, which takes it longer than the formulas."""
    copy = source.with_stem(f"{source.stem}-uncoloured")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, _COLOURS.sub(b"", old.read(name)))
    return copy


def scripted(script: str, job: Mapping[str, object], folder: Path) -> None:
    """Runs a module of ours by the system's python3 with `job` (as a JSON file) beside a LibreOffice of its own, which it ends."""
    assert SOFFICE
    pipe = f"taizhang{os.getpid()}"
    file = folder / "job.json"
    file.write_text(json.dumps(job), encoding="utf-8")
    office = [SOFFICE, profile(folder), "--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"]
    with subprocess.Popen(
        office, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        try:
            command = [str(SYSTEM_PYTHON), "-m", script, pipe, str(file)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=ROOT)
            assert done.returncode == 0, done.stderr
            running.wait(10)
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)


def typed(
    source: Path, folder: Path, sheets: Mapping[str, Mapping[str, str]], endings: Sequence[str]
) -> dict[str, Path]:
    """`source` opened, `sheets` (title -> cell -> text) typed into it, and saved in each format; paths by ending."""
    saved = {ending: folder / f"typed{ending}" for ending in endings}
    save = {FILTERS[ending]: path.as_uri() for ending, path in saved.items()}
    scripted("tests.typist", {"open": source.as_uri(), "sheets": sheets, "save": save}, folder)
    return saved
