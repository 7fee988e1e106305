"""Opens a workbook with macros in LibreOffice and says what is there and what its macros do; run by the system's python3.

Usage, in the repository's folder: python3 -m tests.macro_desk PIPE JOB, where JOB is a JSON file:
{"open": URL, "steps": [["run", BASIC STATEMENTS] | ["select", sheet, address] | ["write", sheet, address, text]
| ["note", sheet, address, text]], "seen": path}. Each step is answered by [what the statements assigned to `said`, or the error;
the sheet in front; the selected cell].

Statements stand in a library of their own and call the workbook's macros from there: LibreOffice compiles the whole library of
the macro that is called first, and refuses four of xlwings' modules (xlwings, WebHelpers, WebRequest, Dictionary).
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.office_desktop import desktop, end, named

ALWAYS = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN
PROBE = """Option VBASupport 1
Function Probe()
    Dim said
    On Error GoTo Failed
    {}
    Probe = said
    Exit Function
Failed:
    Probe = "Error " & Err & " " & Error
End Function
"""


def _buttons(document: Any) -> dict[str, list[list[str]]]:
    """Each sheet's buttons: what they say and the macro that a click runs."""
    found = {}
    for sheet in document.Sheets:
        forms = [sheet.DrawPage.Forms.getByIndex(i) for i in range(sheet.DrawPage.Forms.Count)]
        found[sheet.Name] = [
            [form.getByIndex(i).Label, *(event.ScriptCode for event in form.getScriptEvents(i))]
            for form in forms
            for i in range(form.Count)
        ]
    return found


def _run(document: Any, number: int, statements: str) -> object:
    name = f"Probe{number}"
    document.BasicLibraries.getByName("Standard").insertByName(name, PROBE.format(statements))
    script = f"vnd.sun.star.script:Standard.{name}.Probe?language=Basic&location=document"
    return document.getScriptProvider().getScript(script).invoke((), (), ())[0]


def _take(document: Any, number: int, step: Any) -> object:
    if step[0] == "run":
        return _run(document, number, step[1])
    sheet = document.Sheets.getByName(step[1])
    cell = sheet.getCellRangeByName(step[2])
    if step[0] == "select":
        document.CurrentController.setActiveSheet(sheet)
        document.CurrentController.select(cell)
    elif step[0] == "note":
        sheet.Annotations.insertNew(cell.CellAddress, step[3])
    else:
        cell.setString(step[3])
    return None


def main(pipe: str, job: str) -> None:
    work = json.loads(Path(job).read_text(encoding="utf-8"))
    office = desktop(pipe)
    # Not hidden: without a view there is no active cell.
    document = office.loadComponentFromURL(work["open"], "_blank", 0, (named("MacroExecutionMode", ALWAYS),))
    library = document.BasicLibraries.getByName("VBAProject")
    seen = {"modules": list(library.ElementNames), "buttons": _buttons(document)}
    answers = []
    for number, step in enumerate(work["steps"]):
        said = _take(document, number, step)
        front = document.CurrentController.ActiveSheet.Name
        answers.append([said, front, document.CurrentSelection.AbsoluteName.split(".")[-1].replace("$", "")])
    seen["answers"] = answers
    seen["notes"] = {sheet.Name: [note.String for note in sheet.Annotations] for sheet in document.Sheets}
    Path(work["seen"]).write_text(json.dumps(seen), encoding="utf-8")
    document.close(True)
    end(office)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
