"""The VBA project of the workbooks with buttons, as others read it."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import olefile
import pytest

from macros import vba
from macros.desktop import TASKS
from macros.dir_stream import records
from macros.ovba import decompress
from macros.vba import TAKEN, our_sources, vba_project, xlwings_folder
from macros.with_buttons import BAR, COVER_BAR, SET_TOKEN, buttons_for
from sync_service.endpoint.frames import BUTTONS
from tests.olevba import modules
from tests.small import TOWNSHIP
from workbook_templates.in_sheet import MARKS
from workbook_templates.sheet import BUTTON_SETTINGS, FIRST_ROW, HEADER_ROW, ID_ROW, STATUS_ID

SHEETS = tuple(f"Sheet{number}" for number in range(1, 18))
THEIRS = [(workbook, name) for workbook, names in TAKEN.items() for name in names]
ADDRESS = "https://tz.example.cn"


@pytest.fixture(scope="module")
def project() -> bytes:
    return vba_project(SHEETS)


@pytest.fixture(scope="module")
def sources(project: bytes) -> dict[str, str]:
    return modules(project)


def of_xlwings(workbook: str) -> dict[str, str]:
    """The modules of one of xlwings' own workbooks."""
    return modules(zipfile.ZipFile(xlwings_folder() / workbook).read("xl/vbaProject.bin"))


def text(path: Path) -> str:
    return path.read_text("cp1252")


def test_olevba_reads_back_our_sources_and_nothing_is_missing(sources: dict[str, str]) -> None:
    ours = {path.stem: text(path) for path in (Path(vba.__file__).parent / "vba").glob("*.bas")}
    assert {name: sources[name] for name in ours} == ours
    assert {*sources} == {"ThisWorkbook", *SHEETS, *ours, *(name for _, name in THEIRS)}


@pytest.mark.parametrize(("workbook", "name"), THEIRS)
def test_olevba_reads_back_xlwings_modules_as_they_are_in_its_own_workbooks(
    sources: dict[str, str], workbook: str, name: str
) -> None:
    assert sources[name] == of_xlwings(workbook)[name]


@pytest.mark.parametrize(("workbook", "name"), THEIRS)
def test_xlwings_modules_are_those_that_it_publishes_as_text(sources: dict[str, str], workbook: str, name: str) -> None:
    folder = xlwings_folder() / ("addin" if name != "xlwings" else "")
    ending = {"module": ".bas", "class": ".cls"}[TAKEN[workbook][name]]

    def code(source: str) -> list[str]:
        """VBA does not know capital letters; a class is exported with other lines at its head than it is stored with."""
        head = re.compile(
            r"VERSION 1.0 CLASS\nBEGIN\n.*\nEND\n|Attribute VB_(Base|TemplateDerived|Customizable) = .*\n"
        )
        return head.sub("", source).lower().rstrip().split("\n")

    assert code(sources[name]) == code(text(folder / f"{name}{ending}"))


def test_each_sheet_and_the_workbook_have_a_module_of_their_own(sources: dict[str, str]) -> None:
    for name in ("ThisWorkbook", *SHEETS):
        assert sources[name].startswith(f'Attribute VB_Name = "{name}"\nAttribute VB_Base = "0{{000208')
        assert "Sub " not in sources[name]


def test_every_list_of_the_modules_names_the_same_ones_in_the_same_order(project: bytes) -> None:
    with olefile.OleFileIO(BytesIO(project)) as file:
        told = file.openstream("PROJECT").read().decode("ascii")
        names = file.openstream("PROJECTwm").read()
        found = list(records(decompress(file.openstream("VBA/dir").read())))
        streams = {path[1] for path in file.listdir() if path[0] == "VBA"} - {"dir", "_VBA_PROJECT"}
    in_dir = [record.data.decode() for record in found if record.id == 0x1A]
    kinds = [record.id for record in found if record.id in (0x21, 0x22)]
    listed = re.findall(r"^(Document|Module|Class)=(\w+)", told, re.MULTILINE)
    assert [name for _, name in listed] == in_dir
    assert [kind == 0x21 for kind in kinds] == [kind == "Module" for kind, _ in listed]
    assert re.findall(r"^(\w+)=0, 0, 0, 0, C", told, re.MULTILINE) == in_dir
    assert names == b"".join(n.encode() + b"\0" + n.encode("utf-16-le") + b"\0\0" for n in in_dir) + b"\0\0"
    assert streams == {*in_dir}
    assert b"".join(record.packed() for record in found)[-6:] == b"\x10\0\0\0\0\0"


def test_nothing_compiled_goes_along(project: bytes) -> None:
    """Compiled code that does not fit its source is what virus scanners look for, and Office compiles anyway."""
    with olefile.OleFileIO(BytesIO(project)) as file:
        assert file.openstream("VBA/_VBA_PROJECT").read() == b"\xcc\x61\xff\xff\0\1\0"
        for name in modules(project):
            assert file.openstream(f"VBA/{name}").read()[:1] == b"\x01"
        found = list(records(decompress(file.openstream("VBA/dir").read())))
    assert {record.data for record in found if record.id == 0x31} == {bytes(4)}


def test_the_project_is_the_same_whenever_it_is_built(project: bytes) -> None:
    vba_project.cache_clear()
    assert vba_project(SHEETS) == project


def test_our_source_is_ascii_and_chinese_stands_in_cells() -> None:
    assert all(source.isascii() for source in our_sources().values())
    said = buttons_for(TOWNSHIP, ADDRESS).settings
    asked = set(re.findall(r'"(TZ_[A-Z_]+)"', "".join(our_sources().values())))
    assert asked - {"TZ_PROGRAM", "TZ_TOKEN_"} == {*said} - {"TZ_TOWNSHIP"} | {"TZ_TOWNSHIP"}
    assert all(name == name.upper() for name in said)


def test_nothing_is_asked_of_the_server_where_there_is_none() -> None:
    settings = buttons_for(TOWNSHIP).settings
    assert "TZ_URL" not in settings
    assert "{address}" not in "".join(settings.values())
    assert "https://" not in "".join(settings.values())


def test_the_address_stands_in_what_is_said_when_it_cannot_be_reached() -> None:
    settings = buttons_for(TOWNSHIP, ADDRESS).settings
    assert ADDRESS in settings["TZ_UNREACHABLE"]
    assert ADDRESS in settings["TZ_FAILED"]


def test_a_token_is_written_only_where_it_is_given() -> None:
    assert not [name for name in buttons_for(TOWNSHIP, ADDRESS).settings if "TOKEN_9" in name]
    assert buttons_for(TOWNSHIP, ADDRESS, "abcd-efgh").settings[f"TZ_TOKEN_{TOWNSHIP.code}"] == "abcd-efgh"


@pytest.mark.parametrize("button", [*BAR, *COVER_BAR, SET_TOKEN], ids=lambda button: button.macro)
def test_every_button_calls_a_macro_that_is_there_once(sources: dict[str, str], button: object) -> None:
    macro = getattr(button, "macro", "")
    assert sum(f"\nPublic Sub {macro}()" in source for source in sources.values()) == 1


def test_the_source_stands_by_the_geometry_of_the_sheets() -> None:
    walk = our_sources()["TaizhangWalk"]
    numbers = {name: int(n) for name, n in re.findall(r"Const (\w+) As Long = (\d+)", walk)}
    assert (numbers["ID_ROW"], numbers["HEADER_ROW"], numbers["FIRST_ROW"]) == (ID_ROW, HEADER_ROW, FIRST_ROW)
    assert f'STATUS_ID As String = "{STATUS_ID}"' in walk
    assert {chr(numbers["CROSS"]), chr(numbers["TRIANGLE"])} == {*MARKS.values()}
    assert chr(numbers["COLON"]) == "："
    assert f'Worksheets("{BUTTON_SETTINGS}")' in our_sources()["Taizhang"]


def test_what_the_macros_ask_for_is_there_on_the_pc_and_on_the_server() -> None:
    asked = set(re.findall(r'AskPython "(\w+)"', our_sources()["Taizhang"]))
    assert asked == {"check_sheet", "check_all", "show_feedback"}
    assert asked <= {*TASKS} & {*BUTTONS}
