"""county.toml: what it may say and how it is refused."""

from datetime import date
from pathlib import Path

import pytest

from sync_service.errors import TaizhangError
from sync_service.settings import load_settings
from sync_service.settings_text import write_settings
from workbook_templates.form import load_forms
from workbook_templates.new_form import new_form


@pytest.fixture
def county(tmp_path: Path) -> Path:
    path = tmp_path / "county.toml"
    write_settings(path, "990101", "清河县", date(2026, 11, 23), force=False)
    return path


def test_what_init_writes_can_be_used_as_it_is(county: Path) -> None:
    setup = load_settings(county)
    assert (setup.county.code, setup.settings.period) == ("990101", "2026下半年")
    assert setup.townships[0].villages == ("东风村", "红星社区")
    assert setup.workbooks["990101001"] == county.parent / "上报" / "城关镇.xlsx"
    assert all(
        line.startswith(("#", "[", "]")) or "=" in line or not line for line in county.read_text("utf-8").splitlines()
    )


def test_init_does_not_overwrite_unless_told_to(county: Path) -> None:
    with pytest.raises(TaizhangError, match="已经有了"):
        write_settings(county, "990101", "清河县", date(2026, 1, 1), force=False)
    write_settings(county, "990101", "清河县", date(2026, 1, 1), force=True)
    assert load_settings(county).settings.period == "2026上半年"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("jobs = 2", 'jobs = "两个"', 'limits.jobs = "两个" 不行。应为：同时读几个文件'),
        ('code = "990101002"', 'code = "99010"', 'township[2].code = "99010" 不行。应为：乡镇区划代码，9 位数字'),
        ('code = "990101002"', 'code = "990102002"', "不属于本县 990101"),
        ('code = "990101002"', 'code = "990101001"', "有两个乡镇用了同一个"),
        ('name = "石桥镇"', "", "township[2].name 没有写"),
        ('name = "石桥镇"', 'nmae = "石桥镇"', "是不是想写 name"),
        ('["石桥村", "前进村"]', '["石桥村", "石桥村"]', "“石桥村”写了两次"),
        ("[limits]", "[limits", "第"),
    ],
)
def test_a_bad_setting_is_refused_with_its_key_its_value_and_its_cure(
    county: Path, old: str, new: str, message: str
) -> None:
    text = county.read_text("utf-8")
    assert old in text
    county.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(TaizhangError) as refused:
        load_settings(county)
    assert message in str(refused.value) or "写法不对" in str(refused.value)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("webdavs://lin:geheim@h.cn/a.xlsx", "写了密码"),
        ("sftp://h.cn", "写得不完整"),
        ("smb://h.cn/share/", "写得不完整"),
        ("ftp://h.cn/a.xlsx", "不认识“ftp:”开头的位置"),
        ("google:geheim", "谷歌表格的位置写得不对"),
    ],
)
def test_a_workbook_s_address_is_checked_and_never_quoted(county: Path, address: str, message: str) -> None:
    county.write_text(county.read_text("utf-8").replace("上报/城关镇.xlsx", address), "utf-8")
    with pytest.raises(TaizhangError, match=message) as refused:
        load_settings(county)
    assert "geheim" not in str(refused.value)


def test_a_workbook_may_lie_on_another_machine_or_be_named_by_a_url(county: Path, tmp_path: Path) -> None:
    here = (tmp_path / "上 报" / "石桥镇.xlsx").as_uri()
    text = county.read_text("utf-8").replace("上报/石桥镇.xlsx", here)
    county.write_text(text.replace("上报/城关镇.xlsx", "webdavs://lin@h.cn:8443/dav/上报/城关镇.xlsx"), "utf-8")
    setup = load_settings(county)
    assert setup.workbooks == {"990101002": tmp_path / "上 报" / "石桥镇.xlsx"}
    assert setup.addresses["990101001"] == "webdavs://lin@h.cn:8443/dav/上报/城关镇.xlsx"


def test_every_bad_setting_is_named_at_once(county: Path) -> None:
    text = county.read_text("utf-8").replace("jobs = 2", "jobs = 0").replace("seconds = 60", "seconds = -1")
    county.write_text(text, "utf-8")
    with pytest.raises(TaizhangError, match=r"(?s)seconds.*jobs"):
        load_settings(county)


def test_a_countys_own_forms_add_to_the_standard_ones_and_a_missing_folder_is_told_with_a_hint(county: Path) -> None:
    assert list(load_settings(county).forms()) == list(load_forms())
    county.write_text(county.read_text("utf-8").replace('forms = ""', 'forms = "表单"'), "utf-8")
    with pytest.raises(TaizhangError, match="找不到本县自己的表单文件夹“表单”") as refused:
        load_settings(county).forms()
    assert "county.toml" in refused.value.hint
    (county.parent / "表单").mkdir()
    (county.parent / "表单" / "t13.toml").write_text(new_form("militia", "T13", "民兵登记"), "utf-8")
    assert set(load_settings(county).forms()) == {*load_forms(), "militia"}


def test_the_environment_wins_over_the_file(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_PERIOD", "2027上半年")
    monkeypatch.setenv("TAIZHANG_LIMITS__JOBS", "4")
    setup = load_settings(county)
    assert (setup.settings.period, setup.settings.limits.jobs) == ("2027上半年", 4)


def test_a_missing_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(TaizhangError, match="找不到设置文件") as refused:
        load_settings(tmp_path / "county.toml")
    assert "taizhang init" in refused.value.hint
