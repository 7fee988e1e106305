"""A real LibreOffice for tests: recalculates, converts and types, each time in a fresh profile."""

import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
SYSTEM_PYTHON = Path("/usr/bin/python3")
SECONDS = 55

needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="soffice (LibreOffice) is not installed")

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
    command = [SOFFICE, profile(folder), "--headless", "--convert-to", f"{ending}:{form}", "--outdir", out, source]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return out / f"{source.stem}.{ending}"


def recalculated(source: Path, folder: Path) -> Path:
    """`source` with every formula calculated, as .ods: LibreOffice writes that faster than .xlsx."""
    return converted(source, folder, "calc8", "ods")
