"""Whoever mistypes a command is told in Chinese what was wrong, and what was probably meant."""

import sys

import pytest

from sync_service.cli import app
from sync_service.errors import TaizhangError
from sync_service.usage import run_app


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("snyc", "没有“snyc”这个命令，是不是 sync"),
        ("tokens nwe", "没有“nwe”这个命令，是不是 new"),
        ("sync --ful", "没有“--ful”这个写法，是不是 --full"),
        ("sync 城关镇", "多写了“城关镇”"),
        ("history", "还要写“身份证号或主键”"),
        ("unseal 2026上半年", "还要写“--note”"),
        ("undo 第一次", "“运行号”写的不对"),
        ("init --code", "“--code”要和它的内容一起写"),
    ],
)
def test_what_was_wrong_with_the_words_is_told(words: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["taizhang", *words.split()])
    with pytest.raises(TaizhangError) as refused:
        run_app(app)
    assert str(refused.value) == told
    assert "--help" in refused.value.hint


@pytest.mark.parametrize(("words", "code"), [("--help", 0), ("sync --help", 0), ("", 2)])
def test_help_is_shown_with_its_exit_code(words: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["taizhang", *words.split()])
    with pytest.raises(SystemExit) as ended:
        run_app(app)
    assert ended.value.code == code
