"""Files that go out with an opening password: encrypted for real, read back by us, unchanged as long as nothing changes."""

import io
import json
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest

from sync_service.errors import TaizhangError
from sync_service.review.places import CHOICE, CONFLICTS, HAND
from tests.county import veteran
from tests.encrypting import encrypted
from tests.libreoffice import needs_uno, scripted
from tests.typed_master import LittleCounty, copied, lines, little_county, write

FIRST, SECOND = "城关镇", "石桥镇"
PASSWORDS = {
    "master": "清河master2026",
    "990101001": "chengguan-1",
    "990101002": "shiqiao-22",
    "990101003": "liulin-333",
}


def accounts(county: LittleCounty, passwords: dict[str, str]) -> None:
    """The accounts file with these passwords."""
    path = county.folder / "账号.toml"
    path.write_text("".join(f'[{name}]\npassword = "{text}"\n' for name, text in passwords.items()), "utf-8")
    path.chmod(0o600)


def lock(county: LittleCounty, passwords: dict[str, str] = PASSWORDS) -> None:
    """Has the county give its files out locked."""
    text = county.settings.read_text("utf-8")
    for old, new in (("lock_master = false", "lock_master = true"), ("lock_feedback = false", "lock_feedback = true")):
        assert old in text
        text = text.replace(old, new)
    county.settings.write_text(text.replace('passwords = ""', 'passwords = "账号.toml"'), "utf-8")
    accounts(county, passwords)


def opened(path: Path, password: str) -> bytes:
    """A file's bytes without its encryption."""
    out = io.BytesIO()
    with path.open("rb") as file:
        office = msoffcrypto.OfficeFile(file)
        assert office.is_encrypted()
        office.load_key(password=password, verify_password=True)
        office.decrypt(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> LittleCounty:
    """Person 0 stands in two townships; everything is locked."""
    made = little_county(tmp_path_factory.mktemp("passwords") / "county")
    made.say({FIRST: [veteran(0), veteran(1)], SECOND: [veteran(0)]})
    lock(made)
    made.sync()
    return made


@pytest.fixture
def county(first: LittleCounty, tmp_path: Path) -> LittleCounty:
    return copied(first, tmp_path / "county")


def test_master_and_feedback_are_encrypted_each_with_its_own_password(first: LittleCounty) -> None:
    assert "总览" in openpyxl.load_workbook(io.BytesIO(opened(first.master, PASSWORDS["master"]))).sheetnames
    feedback = openpyxl.load_workbook(io.BytesIO(opened(first.feedback(FIRST), PASSWORDS["990101001"])))
    assert "校验结果" in feedback.sheetnames
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        opened(first.feedback(FIRST), PASSWORDS["990101002"])


def test_nothing_that_can_be_read_without_the_password_lies_beside(first: LittleCounty) -> None:
    lie = {path.name for path in first.folder.rglob("*") if path.suffix == ".xlsx" and path.parent.name != "上报"}
    assert lie == {"县级总台账.xlsx", *(f"{name}_校验反馈.xlsx" for name in ("城关镇", "石桥镇", "柳林镇"))}


def test_law_1_a_locked_file_is_not_encrypted_anew_while_nothing_changes(county: LittleCounty) -> None:
    before = {path: path.read_bytes() for path in (county.master, county.feedback(FIRST))}
    assert county.sync(full=True).published == ()
    assert {path: path.read_bytes() for path in before} == before


def test_another_password_is_reason_to_write_the_file_again(county: LittleCounty) -> None:
    accounts(county, PASSWORDS | {"master": "another-one-9"})
    assert [one.name for one in county.sync().published] == ["master"]
    assert opened(county.master, "another-one-9")


def test_unlocking_is_reason_to_write_the_files_again(county: LittleCounty) -> None:
    county.settings.write_text(
        county.settings.read_text("utf-8").replace("lock_master = true", "lock_master = false"), "utf-8"
    )
    county.sync()
    assert "总览" in openpyxl.load_workbook(county.master).sheetnames


def test_a_decision_in_a_locked_master_is_read_whether_it_was_saved_locked_or_not(county: LittleCounty) -> None:
    for keeps_the_password in (True, False):
        book = openpyxl.load_workbook(io.BytesIO(opened(county.master, PASSWORDS["master"])))
        row = next(row for row, _ in lines(book[CONFLICTS]))
        choice = "采用甲" if keeps_the_password else "采用乙"
        write(book[CONFLICTS], row, **{CHOICE: choice, HAND: "赵主任"})
        saved = io.BytesIO()
        book.save(saved)
        data = saved.getvalue()
        county.master.write_bytes(encrypted(data, PASSWORDS["master"]) if keeps_the_password else data)
        report = county.sync()
        assert report.decided
        assert not [one for one in report.published if one.trouble]
        assert {town for town, _ in county.veterans()} >= {"990101001" if keeps_the_password else "990101002"}


def test_a_master_saved_with_another_password_is_told_and_kept(county: LittleCounty) -> None:
    county.master.write_bytes(encrypted(opened(county.master, PASSWORDS["master"]), "somebody-elses"))
    before = county.master.read_bytes()
    report = county.sync()
    assert any("密码" in one.message for one in report.published if one.trouble)
    assert county.master.read_bytes() == before


@pytest.mark.parametrize(
    ("passwords", "said"),
    [({}, "没有找到"), (PASSWORDS | {"master": "short"}, "太短"), ({"master": PASSWORDS["master"]}, "城关镇的反馈")],
)
def test_without_its_password_a_file_that_is_to_be_locked_is_not_written(
    tmp_path: Path, passwords: dict[str, str], said: str
) -> None:
    county = little_county(tmp_path / "county")
    county.say({})
    lock(county, passwords)
    with pytest.raises(TaizhangError, match=said) as refused:
        county.sync()
    assert "short" not in f"{refused.value}{refused.value.hint}"
    assert not county.master.exists()


def test_a_password_may_come_by_the_environment(county: LittleCounty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_PASSWORD_MASTER", "from-outside-1")
    monkeypatch.setenv("TAIZHANG_PASSWORD_990101001", "from-outside-2")
    county.sync()
    assert opened(county.master, "from-outside-1")
    assert opened(county.feedback(FIRST), "from-outside-2")


def test_no_password_is_in_the_store_or_the_settings(first: LittleCounty) -> None:
    kept = b"".join(
        path.read_bytes() for path in first.folder.rglob("*") if path.is_file() and path.name != "账号.toml"
    )
    assert [text for text in PASSWORDS.values() if text.encode() in kept] == []


@needs_uno
@pytest.mark.libreoffice
def test_libreoffice_opens_the_master_with_the_password_and_not_without(first: LittleCounty, tmp_path: Path) -> None:
    for password, opens in ((PASSWORDS["master"], True), ("wrong-password", False)):
        folder = tmp_path / password
        folder.mkdir()
        said = folder / "said.json"
        job = {"open": first.master.as_uri(), "password": password, "said": str(said)}
        scripted("tests.opener", job, folder)
        assert ("总览" in json.loads(said.read_text())) is opens
