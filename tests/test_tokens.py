"""Laws of the townships' passwords."""

import re
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from sync_service.errors import TaizhangError
from sync_service.tokens import BITS, Tokens
from tests.county import make_county
from tests.program import taizhang
from tests.small import COUNTY, TOWNSHIP
from workbook_templates.place import Township

TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
OTHER = Township(COUNTY, "990101002", "石桥镇", ("石桥村",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "taizhang.tokens"


def test_a_password_opens_for_its_township_alone(path: Path) -> None:
    tokens = Tokens(path)
    mine, others = (tokens.new(one, TODAY, replaced=False) for one in (TOWNSHIP, OTHER))
    found, other = tokens.holder(mine), tokens.holder(others)
    assert found
    assert other
    assert (found.township, other.township) == (TOWNSHIP.code, OTHER.code)


def test_it_holds_however_it_is_typed(path: Path) -> None:
    text = Tokens(path).new(TOWNSHIP, TODAY, replaced=False)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in text)
    for typed in (text, text.upper(), text.replace("-", ""), text.replace("-", " "), f" {text}\n", wide):
        assert Tokens(path).holder(typed), typed


@pytest.mark.parametrize("typed", ["", "-", "口令", "a" * 10_000, "\0"])
def test_anything_else_does_not(path: Path, typed: str) -> None:
    tokens = Tokens(path)
    text = tokens.new(TOWNSHIP, TODAY, replaced=False)
    assert tokens.holder(typed) is None
    assert tokens.holder(text[:-1]) is None
    assert tokens.holder(text + "a") is None


def test_it_is_random_long_readable_and_safe_in_a_url(path: Path) -> None:
    tokens = Tokens(path)
    texts = {tokens.new(TOWNSHIP, TODAY, replaced=True) for _ in range(20)}
    assert len(texts) == 20
    assert BITS >= 160
    assert all(re.fullmatch("[a-z2-7]{4}(-[a-z2-7]{4}){7}", text) for text in texts)  # 32 x 5 bits


def test_the_file_shows_none_and_is_its_owners_alone(path: Path) -> None:
    text = Tokens(path).new(TOWNSHIP, TODAY, replaced=False)
    kept = path.read_text("utf-8").lower()
    assert text not in kept
    assert text.replace("-", "") not in kept
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_second_one_is_made_only_in_place_of_the_first(path: Path) -> None:
    tokens = Tokens(path)
    first = tokens.new(TOWNSHIP, TODAY, replaced=False)
    with pytest.raises(TaizhangError, match="城关镇已经有口令") as refused:
        tokens.new(TOWNSHIP, TODAY, replaced=False)
    assert "--replace" in refused.value.hint
    second = tokens.new(TOWNSHIP, TODAY, replaced=True)
    assert tokens.holder(first) is None
    assert tokens.holder(second)


def test_what_one_process_revokes_another_knows_at_once(path: Path) -> None:
    running = Tokens(path)
    text = Tokens(path).new(TOWNSHIP, TODAY, replaced=False)
    kept = Tokens(path).new(OTHER, TODAY, replaced=False)
    assert running.holder(text)
    Tokens(path).revoke(TOWNSHIP)
    assert running.holder(text) is None
    assert running.holder(kept)
    with pytest.raises(TaizhangError, match="城关镇没有口令"):
        running.revoke(TOWNSHIP)


def test_the_day_of_the_last_use_is_kept_and_written_once_a_day(path: Path) -> None:
    tokens = Tokens(path)
    text = tokens.new(TOWNSHIP, TODAY, replaced=False)
    for day in (TODAY, TODAY, TOMORROW):
        found = tokens.holder(text)
        assert found
        before = path.stat().st_ino
        tokens.touch(found, day)
        used = tokens.holder(text)
        assert used
        assert used.used == day.isoformat()
        assert (path.stat().st_ino == before) == (found.used == day.isoformat())


def test_two_that_write_at_once_lose_nothing(path: Path) -> None:
    program = (
        "import sys; from datetime import date; from pathlib import Path; from sync_service.tokens import Tokens\n"
        "from workbook_templates.place import County, Township\n"
        "for n in range(20):\n"
        "    unit = Township(County('990101', '县'), f'990101{int(sys.argv[2]) + n:03d}', '镇', ())\n"
        "    Tokens(Path(sys.argv[1])).new(unit, date(2026, 1, 1), replaced=False)\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, str(path), str(first)]) for first in (100, 200)]
    assert [process.wait() for process in running] == [0, 0]
    assert len(Tokens(path).all()) == 40


def test_a_damaged_file_is_told_with_its_cure(path: Path) -> None:
    path.write_text("[{", "utf-8")
    with pytest.raises(TaizhangError, match="口令文件") as refused:
        Tokens(path).holder("a")
    assert refused.value.hint


def test_the_commands_make_list_and_revoke(tmp_path: Path) -> None:
    county = make_county(tmp_path / "county")
    made = taizhang("tokens", "new", "城关镇", "--county", county.settings)
    assert made.returncode == 0
    text = re.search("[a-z2-7-]{39}", made.stdout)
    assert text
    assert Tokens(county.folder / "taizhang.tokens").holder(text[0])
    again = taizhang("tokens", "new", "城关镇", "--county", county.settings)
    assert (again.returncode, "已经有口令" in again.stderr) == (2, True)
    assert taizhang("tokens", "new", "城关镇", "--replace", "--county", county.settings).returncode == 0
    listed = taizhang("tokens", "list", "--county", county.settings).stdout
    assert re.search(r"城关镇：\d{4}-\d\d-\d\d 做的，还没用过\n石桥镇：没有口令", listed)
    assert text[0] not in listed
    assert "已作废" in taizhang("tokens", "revoke", "990101001", "--county", county.settings).stdout
    assert taizhang("tokens", "revoke", "城关镇", "--county", county.settings).returncode == 2
    assert taizhang("tokens", "new", "没有镇", "--county", county.settings).returncode == 2
