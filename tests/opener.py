"""Opens a workbook in LibreOffice with a password; run by the system's python3, which has `uno`.

Usage, in the repository's folder: python3 -m tests.opener PIPE JOB, where JOB is a JSON file: {"open": URL, "password": TEXT,
"said": PATH}. Into `said` goes as JSON: the names of its sheets, [] if it does not open.
"""

import json
import sys
from pathlib import Path

from tests.office_desktop import desktop, end, named


def main(pipe: str, job: str) -> None:
    """Opens the workbook, notes its sheets, ends the office."""
    work = json.loads(Path(job).read_text(encoding="utf-8"))
    office = desktop(pipe)
    hidden = (named("Hidden", True), named("Password", work["password"]))
    try:
        document = office.loadComponentFromURL(work["open"], "_blank", 0, hidden)
        titles = list(document.Sheets.ElementNames) if document else []
        if document:
            document.close(True)
    except Exception:  # what LibreOffice raises has no class here
        titles = []
    Path(work["said"]).write_text(json.dumps(titles), encoding="utf-8")
    end(office)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
