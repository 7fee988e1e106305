"""Builds the VBA project of a workbook with buttons: our modules (vba/*.bas) beside xlwings' own.

xlwings' modules are taken as they are compressed in the workbooks of the installed package, its add-in among them, so that no
add-in is needed. Of their streams only the source is kept: what VBA compiled from it is for one version of Office, and has
no place in a file that is written ([MS-OVBA] 2.3.4.3).
"""

import importlib.util
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path

import olefile

from macros.compound_file import compound_file
from macros.dir_stream import Kind, Record, dir_stream, information, offsets, records, references
from macros.ovba import compress, decompress

STANDALONE, ADDIN = "quickstart_standalone.xlsm", "addin/xlwings.xlam"
"""The workbooks of xlwings that hold its modules: RunPython for use without the add-in, and what only the add-in has."""
TAKEN: Mapping[str, Mapping[str, Kind]] = {
    STANDALONE: {"xlwings": "module", "Dictionary": "class"},
    ADDIN: {
        "Remote": "module",
        "WebHelpers": "module",
        "WebClient": "class",
        "WebRequest": "class",
        "WebResponse": "class",
        "IWebAuthenticator": "class",
    },
}
"""xlwings' modules that go into a project, by the workbook that they are taken from."""
_WORKBOOK, _SHEET = "ThisWorkbook", "Sheet1"
_LISTED: Mapping[Kind, str] = {"document": "Document={}/&H00000000", "module": "Module={}", "class": "Class={}"}
"""How the PROJECT stream lists a module."""
_LISTS = ("Document=", "Module=", "Class=")


@dataclass(frozen=True, slots=True)
class Module:
    """A module: its name, its kind, and its source as a compressed container."""

    name: str
    kind: Kind
    container: bytes


@dataclass(frozen=True, slots=True)
class _Workbook:
    """The VBA project of one of xlwings' workbooks: its streams by name, and the records of its dir stream."""

    streams: Mapping[str, bytes]
    records: Sequence[Record]

    def container(self, name: str) -> bytes:
        """A module's compressed source, without what was compiled from it."""
        return self.streams[f"VBA/{name}"][offsets(self.records)[name] :]


def xlwings_folder() -> Path:
    """The folder of the installed xlwings package, without importing it."""
    found = importlib.util.find_spec("xlwings")
    assert found, "xlwings is a dependency"
    assert found.origin, "and an ordinary package"
    return Path(found.origin).parent


def _workbook(name: str) -> _Workbook:
    with zipfile.ZipFile(xlwings_folder() / name) as package:
        project = package.read("xl/vbaProject.bin")
    with olefile.OleFileIO(BytesIO(project)) as file:
        streams = {"/".join(path): file.openstream(path).read() for path in file.listdir()}
    return _Workbook(streams, tuple(records(decompress(streams["VBA/dir"]))))


def _of_document(base: _Workbook, like: str, name: str) -> Module:
    """The empty module behind the workbook or a sheet, made of another one's."""
    source = decompress(base.container(like))
    return Module(name, "document", compress(source.replace(f'"{like}"'.encode(), f'"{name}"'.encode(), 1)))


def our_sources() -> dict[str, str]:
    """The source of each of our own modules by its name, with line ends as VBA has them. It is ASCII: see Taizhang.bas."""
    files = sorted((one for one in resources.files("macros").joinpath("vba").iterdir()), key=lambda one: one.name)
    sources = {file.name.removesuffix(".bas"): file.read_text("ascii") for file in files if file.name.endswith(".bas")}
    return {name: "\r\n".join(text.splitlines()) + "\r\n" for name, text in sources.items()}


def _project_stream(base: str, modules: Sequence[Module]) -> str:
    """The PROJECT stream ([MS-OVBA] 2.3.1): `base`'s with these modules in place of its own, and no windows of an editor."""
    lines = base[: base.index("[Workspace]")].rstrip().splitlines()
    rest = [line for line in lines if not line.startswith(_LISTS)]
    listed = [_LISTED[module.kind].format(module.name) for module in modules]
    windows = [f"{module.name}=0, 0, 0, 0, C" for module in modules]
    return "\r\n".join([rest[0], *listed, *rest[1:], "", "[Workspace]", *windows, ""])


def _names(modules: Sequence[Module]) -> bytes:
    """The PROJECTwm stream ([MS-OVBA] 2.3.3): each module's name, in the code page and in Unicode."""
    pairs = (module.name.encode("ascii") + b"\0" + module.name.encode("utf-16-le") + b"\0\0" for module in modules)
    return b"".join(pairs) + b"\0\0"


@cache
def vba_project(sheets: tuple[str, ...]) -> bytes:
    """The vbaProject.bin of a workbook whose sheets have the code names `sheets`; the same for the same xlwings."""
    standalone, addin = _workbook(STANDALONE), _workbook(ADDIN)
    ours = [Module(name, "module", compress(text.encode("ascii"))) for name, text in our_sources().items()]
    theirs = [
        Module(name, kind, base.container(name))
        for base, taken in ((standalone, TAKEN[STANDALONE]), (addin, TAKEN[ADDIN]))
        for name, kind in taken.items()
    ]
    documents = [_of_document(standalone, _WORKBOOK, _WORKBOOK)]
    documents += [_of_document(standalone, _SHEET, name) for name in sheets]
    modules = [*documents, *ours, *theirs]
    # The add-in refers to what every new workbook refers to; the standalone workbook also to a library of forms.
    about = (*information(standalone.records), *references(addin.records))
    listed = [(module.name, module.kind) for module in modules]
    return compound_file(
        {
            "VBA": {
                **{module.name: module.container for module in modules},
                "dir": compress(dir_stream(about, listed)),
                "_VBA_PROJECT": standalone.streams["VBA/_VBA_PROJECT"],
            },
            "PROJECT": _project_stream(standalone.streams["PROJECT"].decode("ascii"), modules).encode("ascii"),
            "PROJECTwm": _names(modules),
        }
    )
