"""The store as other programs see it: one plain table for each form, in Chinese and in English."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from sync_service.store import Store
from sync_service.store.views import view_definitions
from tests.stored import EAST, moment, row, sheet, sync
from workbook_templates.column import Column
from workbook_templates.form import Form, load_forms

CADRES = Form(
    id="cadres",
    no="T99",
    title="老干部",
    version=1,
    row="一名老干部",
    key=("id_number",),
    column=(
        Column(id="name", header="姓名", kind="name"),
        Column(id="id_number", header="身份证号", kind="id18"),
        Column(id="seats", header="“席位”(个)", kind="int"),
        Column(id="amount", header='补助"元"', kind="money"),
    ),
)


def cadres(**changes: object) -> Form:
    """The form with some of its fields changed."""
    return Form.model_validate({**CADRES.model_dump(by_alias=True), **changes})


def shown(url: str, view: str) -> list[Mapping[str, object]]:
    """The rows of a view as any other program reads them."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return [dict(one) for one in connection.execute(text(f'SELECT * FROM "{view}"')).mappings()]
    finally:
        engine.dispose()


def test_a_form_is_a_plain_table_under_its_chinese_and_its_english_name(store: Store, url: str) -> None:
    store.show([CADRES])
    sync(store, 1, sheet(row("k1", name="甲", seats=1), form="cadres"))
    sync(store, 2, sheet(row("k1", name="甲", seats=2, amount=1560.5), form="cadres"))
    assert shown(url, "老干部") == [
        {
            "姓名": "甲", "身份证号": None, "“席位”(个)": 2, '补助"元"': 1560.5,
            "县代码": "990101", "乡镇代码": EAST, "登记主键": "k1", "登记自": moment(2),
            "来源文件": f"{EAST}.xlsx", "来源工作表": "退役军人", "来源行": 5,
        }
    ]  # fmt: skip
    assert shown(url, "cadres") == [
        {
            "name": "甲", "id_number": None, "seats": 2, "amount": 1560.5,
            "_county": "990101", "_township": EAST, "_key": "k1", "_since": moment(2),
            "_file": f"{EAST}.xlsx", "_sheet": "退役军人", "_row": 5,
        }
    ]  # fmt: skip
    assert isinstance(shown(url, "cadres")[0]["seats"], int)


def test_what_an_older_form_stored_as_words_is_blank_in_a_column_of_numbers(store: Store, url: str) -> None:
    store.show([CADRES])
    sync(store, 1, sheet(row("k1", name=7, seats="两个", amount="12"), form="cadres"))
    assert [shown(url, "cadres")[0][name] for name in ("name", "seats", "amount")] == ["7", None, None]


def test_a_column_added_to_a_form_shows_in_its_views_and_stored_rows_stay_readable(store: Store, url: str) -> None:
    store.show([CADRES])
    sync(store, 1, sheet(row("k1", name="甲"), form="cadres"))
    added = Column(id="rank", header="职级", kind="text")
    store.show([cadres(column=(*CADRES.columns, added))])
    assert (shown(url, "老干部")[0]["姓名"], shown(url, "老干部")[0]["职级"]) == ("甲", None)


def test_the_views_of_a_form_that_is_gone_go_too(store: Store, url: str) -> None:
    other = cadres(id="others", title="其他")
    store.show([CADRES, other])
    store.show([CADRES])
    assert shown(url, "cadres") == shown(url, "老干部") == []
    for view in ("others", "其他"):
        with pytest.raises(DBAPIError, match=view):
            shown(url, view)


def test_showing_the_same_forms_again_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "taizhang.db"
    versions = []
    with Store.open(f"sqlite:///{path}", "990101") as store:
        for forms in ([CADRES], [CADRES], [cadres(title="干部")]):
            store.show(forms)
            with sqlite3.connect(path) as raw:
                versions.append(raw.execute("PRAGMA schema_version").fetchone()[0])
            raw.close()
    assert versions[0] == versions[1] < versions[2]


def test_a_header_that_would_stand_twice_in_a_view_is_refused() -> None:
    columns = (*CADRES.columns, Column(id="code", header="乡镇代码", kind="text"))
    with pytest.raises(ValueError, match="乡镇代码"):
        view_definitions([cadres(column=columns)], "sqlite")


def test_every_form_can_be_shown(store: Store, url: str) -> None:
    forms = load_forms()
    assert forms
    store.show(forms.values())
    for form in forms.values():
        assert shown(url, form.title) == shown(url, form.id) == []
