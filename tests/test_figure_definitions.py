"""A figure is added without code, and a wrong definition is refused with its path, its line and the cure."""

from datetime import date
from pathlib import Path

import pytest

from sync_service.errors import TaizhangError
from sync_service.figures.asking import definitions_of, span_of
from sync_service.figures.comparing import Before, checked, compared
from sync_service.figures.period import Period, Span, period_named, period_written
from sync_service.figures.wording import tabled, worded
from tests.figure_county import DEFINITIONS, EAST, FORMS, counted, county, report, setup_of
from tests.right_rows import veteran
from workbook_templates.errors import FormError
from workbook_templates.figure import Check, Figure
from workbook_templates.figures import load_figures

OWN = """
[[figure]]
id = "J01"
label = "参战参试的退役军人"
unit = "人"
line = "优抚"
kind = "stock"
meaning = "参战参试不是“无”的人。"
form = "veterans"
where = "war_test != '无'"
count = "persons"
by = "war_test"
"""


def load(folder: Path, text: str) -> None:
    path = folder / "本县指标.toml"
    path.write_text(text, "utf-8")
    load_figures(FORMS, [path])


def test_a_figure_is_added_by_writing_it_down_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "本县指标.toml").write_text(OWN, "utf-8")
    definitions = definitions_of(setup_of(tmp_path, "本县指标.toml"), FORMS)
    with county(tmp_path) as (store, setup):
        rows = [veteran(1980, war_test="参战"), veteran(1985)]
        report(store, EAST, "2026上半年", {"veterans": rows}, "2026-07-01T00:00:00Z")
        found = counted(store, setup, "2026上半年", definitions=definitions)
    assert (found.value("J01"), found.text("J01"), len(found.rows("J01"))) == (1, "1人", 1)
    assert dict(found.results["J01"].by_category) == {"参战": 1}


def test_a_wrong_definition_of_the_countys_own_is_told_with_the_name_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "本县指标.toml").write_text(OWN.replace("war_test !=", "war_tset !="), "utf-8")
    with pytest.raises(TaizhangError, match=r"第 10 行.*是不是 war_test") as refused:
        definitions_of(setup_of(tmp_path, "本县指标.toml"), FORMS)
    assert refused.value.hint == "请改正“本县指标.toml”里的这几处，再运行一次。"


def test_a_county_replaces_a_figure_by_its_id(tmp_path: Path) -> None:
    path = tmp_path / "本县指标.toml"
    path.write_text(OWN.replace("J01", "Q02"), "utf-8")
    definitions = load_figures(FORMS, [path])
    assert definitions.figures["Q02"].label == "参战参试的退役军人"
    assert [*definitions.figures] == [*DEFINITIONS.figures]
    assert definitions.digest != DEFINITIONS.digest


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("war_test != '无'", "war_tset != '无'", 10, "没有“war_tset”这一列；是不是 war_test？"),
        ("war_test != '无'", "war_test = '无'", 10, "写法不对"),
        ("war_test != '无'", "war_test != '没有'", 10, "没有“没有”这个选项"),
        ('"veterans"', '"veteran"', 9, "没有“veteran”这张表；是不是 veterans？"),
        ('by = "war_test"', 'by = "war"', 12, "没有“war”这一列"),
        ('count = "persons"', 'count = "person"', 11, "count 不能是“person”；是不是 persons？"),
        ('kind = "stock"', 'kind = "flow"', 2, "流量指标要写 date"),
        ('kind = "stock"', 'kind = "ratio"', 9, "不数行"),
        ('count = "persons"', 'count = "sum"', 11, "count = sum 要写 of"),
        ('unit = "人"\n', "", 2, "没有写 unit"),
        ("by =", "broken_by =", 12, "没有“broken_by”这个键"),
        ('by = "war_test"', 'date = "name"', 12, "“姓名”不是日期列"),
        ('by = "war_test"', 'beside = "Q99"', 12, "没有“Q99”这个指标"),
        ('id = "J01"', 'id = "甲"', 3, "id 不能是“甲”"),
    ],
)  # fmt: skip
def test_a_wrong_definition_is_refused_with_its_file_its_line_and_the_cure(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    assert old in OWN
    with pytest.raises(FormError) as refused:
        load(tmp_path, OWN.replace(old, new))
    assert any(
        one.line == line and said in one.text and Path(one.path).name == "本县指标.toml"
        for one in refused.value.mistakes
    ), refused.value
    assert all(one.path.endswith("本县指标.toml") for one in refused.value.mistakes)


def test_a_check_between_figures_that_nobody_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormError, match=r"第 4 行.*没有“Q99”这个指标"):
        load(tmp_path, '\n[[check]]\nid = "C1"\nthat = "Q99 <= Q01"\ntext = "…"\n')


def test_the_same_id_twice_in_one_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormError, match=r"第 15 行.*“J01”写了两次"):
        load(tmp_path, OWN + OWN)


def test_a_file_of_figures_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TaizhangError, match="找不到本县自己的统计指标文件"):
        definitions_of(setup_of(tmp_path, "没有.toml"), FORMS)


def test_no_definition_names_what_it_means_without_saying_so() -> None:
    for figure in DEFINITIONS.figures.values():
        assert figure.meaning.endswith("。"), figure.id
        if figure.kind == "ratio":
            assert figure.part in figure.meaning, figure.id
            assert figure.whole in figure.meaning, figure.id


@pytest.mark.parametrize("text", ["2026上半年", "2026年上半年", "2026H1", "2026 h1"])
def test_a_period_is_understood_however_it_is_written(text: str) -> None:
    assert period_named(text) == Period(2026, 1)


def test_a_period_that_is_none_is_refused() -> None:
    assert period_written("上半年") is None
    with pytest.raises(TaizhangError, match="不是一个填报期"):
        period_named("2026三季度")


def test_the_period_before_and_a_year_earlier() -> None:
    assert [period_named(text).previous.name for text in ("2026H1", "2026H2", "2026")] == [
        "2025下半年",
        "2026上半年",
        "2025全年",
    ]
    assert period_named("2026H2").year_before.name == "2025下半年"


def test_the_days_around_the_spring_festival_reach_back_into_december() -> None:
    whole = Span(Period(2026, 1), date(2026, 6, 30), "9")
    assert whole.spring == (date(2025, 12, 1), date(2026, 3, 3))
    assert Span(Period(2025, 1), date(2025, 6, 30), "9").spring == (date(2024, 12, 1), date(2025, 2, 12))
    assert Span(Period(2026, 1), date(2026, 2, 20), "9").spring == (date(2025, 12, 1), date(2026, 2, 20))
    assert Span(Period(2026, 2), date(2026, 12, 31), "9").spring is None
    with pytest.raises(TaizhangError, match="不知道 2060 年春节"):
        Span(Period(2060, 1), date(2060, 6, 30), "9").spring  # noqa: B018 - asks for the days


def _figure(**changes: object) -> Figure:
    about = {
        "id": "A",
        "label": "某数",
        "unit": "人",
        "line": "某",
        "kind": "stock",
        "meaning": "某。",
        "form": "veterans",
    }
    return Figure.model_validate(about | changes)


@pytest.mark.parametrize(
    ("changes", "value", "text"),
    [
        ({"wording": "more"}, 1387, "1300余人"),
        ({"wording": "more"}, 1300, "1300人"),
        ({"wording": "more"}, 999, "990余人"),
        ({"wording": "more"}, 7, "7人"),
        ({"wording": "tens_of_thousands", "unit": "份"}, 12999, "1.2万余份"),
        ({"wording": "tens_of_thousands", "unit": "份"}, 20000, "2万份"),
        ({"wording": "tens_of_thousands", "unit": "份"}, 9999, "9999份"),
        ({"unit": "元"}, 55798300, "5579.83万元"),
        ({"unit": "元"}, 10050, "1.01万元"),
        ({"unit": "元"}, 9999.5, "9999.50元"),
        ({"unit": "%"}, 66.65, "66.7%"),
        ({}, 0, "0人"),
        ({}, None, "待补"),
    ],
)
def test_running_text_never_rounds_up_into_more(changes: dict[str, object], value: float | None, text: str) -> None:
    assert worded(_figure(**changes), value) == text


def test_a_table_shows_what_is_not_known_as_a_dash() -> None:
    assert [tabled(_figure(), value) for value in (None, 0, 1234567)] == ["—", "0", "1,234,567"]


def test_only_what_the_same_townships_reported_is_compared() -> None:
    before = Before(Period(2025, 2), 100, ("1", "2"))
    assert compared(_figure(), 140, ("1", "2"), "上期", before).percent == 40
    assert compared(_figure(), 140, ("1", "2"), "上期", before).large
    assert not compared(_figure(), 120, ("1", "2"), "上期", before).large
    assert compared(_figure(), 120, ("1",), "上期", before).change is None
    assert compared(_figure(), 140, ("1", "3"), "上期", before).change is None
    assert compared(_figure(), None, ("1",), "上期", before).change is None


def test_a_check_is_made_only_where_all_its_figures_are_known() -> None:
    check = Check(id="C", that="A / B <= 2", when="B > 0", text="…")
    figures = {"A": _figure(), "B": _figure(id="B")}
    outcomes = [checked(check, figures, {"A": a, "B": b}).outcome for a, b in ((4, 2), (5, 2), (5, 0), (5, None))]
    assert outcomes == ["holds", "fails", "unknown", "unknown"]


def test_an_as_of_day_outside_the_period_is_refused(tmp_path: Path) -> None:
    from datetime import datetime

    now = datetime(2026, 7, 10, 9).astimezone()
    setup = setup_of(tmp_path)
    assert span_of(setup, "", "", now).as_of == date(2026, 6, 30)
    assert span_of(setup, "2026H1", "2026-06-15", now).last == date(2026, 6, 15)
    assert span_of(setup, "2026H2", "", now).last == date(2026, 7, 10)
    for wrong in ("2025-12-31", "2026-07-11"):
        with pytest.raises(TaizhangError, match="--as-of"):
            span_of(setup, "2026H1", wrong, now)
    with pytest.raises(TaizhangError, match="还没有开始"):
        span_of(setup, "2027H1", "", now)
