"""taizhang forget: what need not be kept goes with its history, what the law keeps stays, and nothing comes back unseen."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import orjson
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from sync_service.audit.chain import first_broken
from sync_service.backup.keeping import keep
from sync_service.backup.restoring import restore
from sync_service.cli import app
from sync_service.errors import TaizhangError
from sync_service.privacy.forgetting import forget, forget_overdue, plan_for, take_again
from sync_service.privacy.grounds import ground
from sync_service.privacy.settings import PrivacyPart
from sync_service.reuse.shelf import FOLDER as SHELF
from sync_service.review.places import CONFLICTS
from sync_service.spool import FOLDER as SPOOL
from sync_service.spool import Spool
from sync_service.store import Store, StoreError
from sync_service.store.erasing import Erasure, PersonRow
from sync_service.store.records import TOMBSTONE
from sync_service.store.review_records import ENDED
from tests.county import NOW, CountyOnDisk, make_county, number, table, veteran, workbook
from tests.stored import COUNTY, EAST, moment, people, row, sheet, standing, sync
from tests.typed_master import correct, decide, little_county
from workbook_templates.form import load_forms

RUN = CliRunner()
WHO = number(1)


def visit(n: int, day: str = "2026-08-01") -> dict[str, object]:
    """A visit to invented person n, which is kept for ten years."""
    return {
        "visit_date": day, "campaign": "八一", "target_type": "一般退役军人", "name": veteran(n)["name"], "id_number": number(n),
        "village": "东风村", "visit_mode": "入户", "visitor": "刘镇长", "cash": 0, "goods_value": 0,
    }  # fmt: skip


def fill(county: CountyOnDisk, *visited: int) -> None:
    """The townships' workbooks: veterans 1 and 2, and visits to some people."""
    for name in ("城关镇", "石桥镇", "柳林镇"):
        mine = name == "城关镇"
        drawn = dict(workbook(name, [veteran(1), veteran(2)] if mine else []))
        if mine:
            drawn["走访慰问"] = table("visits", [visit(n) for n in visited])
        county.write(name, drawn)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> CountyOnDisk:
    made = make_county(tmp_path_factory.mktemp("forget") / "county")
    fill(made, 1, 2)
    made.sync()
    return made


@pytest.fixture
def county(first: CountyOnDisk, tmp_path: Path) -> CountyOnDisk:
    """A copy of the county after its first run."""
    shutil.copytree(first.folder, tmp_path / "county")
    made = CountyOnDisk(tmp_path / "county")
    assert visits(made) == {number(1), number(2)}
    return made


def visits(county: CountyOnDisk) -> set[str]:
    with county.store() as store:
        return {str(orjson.loads(one.payload)["id_number"]) for one in store.rows("visits")}


def erase(county: CountyOnDisk, now: datetime = NOW) -> None:
    forget(county.setup, county.forms, WHO, now, "本人要求")


def test_what_need_not_be_kept_goes_and_archives_stay(county: CountyOnDisk) -> None:
    erase(county)
    assert visits(county) == {number(2)}
    assert {key for _, key in county.veterans()} == {number(1), number(2)}


def test_nothing_of_an_erased_row_is_left_in_the_bytes_of_the_store(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'taizhang.db'}"
    with Store.open(url, COUNTY) as store:
        sync(store, 1, sheet(*people(*range(200)), row("990101199003077012", name="欧阳无忌")))
        sync(store, 2, sheet(*people(*range(200)), row("990101199003077012", name="欧阳有忌")))
        store.erase(
            [Erasure(PersonRow("veterans", EAST, "990101199003077012", 2, None), f"{TOMBSTONE}abc", "hash")],
            "990101199003077012", who="甲", about={}, at=moment(3),
        )  # fmt: skip
        assert len(standing(store)) == 200
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"990101199003077012" not in left
    assert "欧阳".encode() not in left


def test_erasing_leaves_tombstones_and_the_rest_of_the_history(store: Store) -> None:
    sync(store, 1, sheet(row("k1", name="甲"), row("k2", name="乙")))
    sync(store, 2, sheet(row("k1", name="丙"), row("k2", name="丁")))
    gone = Erasure(PersonRow("veterans", EAST, "k1", 2, None), f"{TOMBSTONE}abc", "hash")
    run = store.erase([gone], who="甲", about={"rows": 1}, at=moment(3))
    assert standing(store) == {"k2": row("k2", name="丁").payload}
    assert store.history("k1") == []
    assert [one.kind for one in store.history("k2")] == ["new", "changed"]
    assert store.forgotten() == {"veterans": {"hash"}}
    stones = [one for one in store.all_versions("veterans") if one.key.startswith(TOMBSTONE)]
    assert [one.payload for one in stones] == ["{}", "{}"]
    with pytest.raises(StoreError):
        store.undo(run, at=moment(4))
    store.undo(2, at=moment(5))  # an earlier run that had changed it does not bring it back either
    assert standing(store) == {"k2": row("k2", name="乙").payload}
    assert first_broken(COUNTY, store.audit_entries()) is None


def test_after_erasing_the_database_refuses_changes_as_before(store: Store, url: str) -> None:
    sync(store, 1, sheet(row("k1", name="甲"), row("k2", name="乙")))
    gone = Erasure(PersonRow("veterans", EAST, "k1", 1, None), f"{TOMBSTONE}abc", "hash")
    store.erase([gone], who="甲", about={}, at=moment(3))
    engine = create_engine(url)
    for statement in ("UPDATE row_versions SET payload = '{}'", "DELETE FROM row_versions"):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))
    engine.dispose()


def test_an_erasing_that_fails_leaves_everything_as_it_was(store: Store) -> None:
    sync(store, 1, sheet(row("k1", name="甲")))
    gone = Erasure(PersonRow("veterans", EAST, "k1", 1, None), f"{TOMBSTONE}abc", "hash")
    with pytest.raises(TypeError):
        store.erase([gone], who="甲", about={"rows": {1}}, at=moment(3))  # type: ignore[dict-item]  # no JSON: it fails last
    assert standing(store) == {"k1": row("k1", name="甲").payload}
    with pytest.raises(StoreError):
        store.erase([gone, gone], who=None, about={}, at=moment(3))  # type: ignore[arg-type]
    sync(store, 4, sheet(row("k1", name="乙")))
    assert [one.kind for one in store.history("k1")] == ["new", "changed"]


def test_the_townships_file_does_not_bring_an_erased_row_back_and_the_township_is_told(county: CountyOnDisk) -> None:
    erase(county)
    later = NOW + timedelta(minutes=1)
    report = county.sync(later, full=True)
    assert visits(county) == {number(2)}
    assert report.townships[0].gone == 0
    with county.store() as store:
        told = [one.problem for one in store.problems("990101001") if one.problem.code == "L14"]
        assert not [one for one in store.problems() if WHO in one.problem.key and one.problem.form == "visits"]
    assert [(one.sheet, one.row) for one in told] == [("走访慰问", 2)]
    said = [
        str(c.value) for line in openpyxl.load_workbook(county.feedback("城关镇"))["校验结果"] for c in line if c.value
    ]
    assert any("已按规定从县里删除" in text for text in said)
    assert county.sync(later + timedelta(minutes=1)).published == ()


def test_nothing_that_was_worked_out_from_an_erased_row_is_left_beside_the_store(county: CountyOnDisk) -> None:
    shelf, spool = county.folder / SHELF, county.folder / SPOOL
    assert any(shelf.iterdir())
    Spool(spool, b"of a killed run").keep("verdict", WHO)
    erase(county)
    assert not shelf.exists()
    assert not spool.exists()


def test_a_changed_workbook_does_not_bring_it_back_either(county: CountyOnDisk) -> None:
    erase(county)
    fill(county, 2, 1)
    county.sync(NOW + timedelta(minutes=1))
    assert visits(county) == {number(2)}


def test_a_person_who_may_be_registered_again_comes_back_with_the_next_reading(county: CountyOnDisk) -> None:
    erase(county)
    take_again(county.setup, WHO, NOW)
    county.sync(NOW + timedelta(minutes=1), full=True)
    assert visits(county) == {number(1), number(2)}
    with pytest.raises(TaizhangError, match="不在已删除"):
        take_again(county.setup, WHO, NOW)


def test_the_master_is_written_without_the_erased_row_at_the_next_run(county: CountyOnDisk) -> None:
    erase(county)
    county.sync(NOW + timedelta(minutes=1))
    book = openpyxl.load_workbook(county.master)
    numbers = {str(c.value) for line in book["走访慰问"] for c in line}
    assert number(2) in numbers
    assert WHO not in numbers


def test_a_dry_run_says_what_goes_what_stays_and_why_and_touches_nothing(
    county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(county.folder)
    before = county.versions()
    result = RUN.invoke(app, ["forget", WHO, "--dry-run"])
    assert result.exit_code == 0, result.output
    assert "删  走访慰问　1 行" in result.output
    assert "第四十七条第一款" in result.output
    assert "留  退役军人　1 行" in result.output
    assert "档案法" in result.output
    assert WHO not in result.output
    assert (county.versions(), visits(county)) == (before, {number(1), number(2)})


def test_forget_asks_first_and_tells_where_copies_still_lie(
    county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(county.folder)
    refused = RUN.invoke(app, ["forget", WHO], input="n\n")
    assert (refused.exit_code, visits(county)) == (1, {number(1), number(2)})
    done = RUN.invoke(app, ["forget", WHO, "--yes"])
    assert done.exit_code == 0, done.output
    assert visits(county) == {number(2)}
    assert "备份" in done.output
    assert WHO not in refused.output + done.output


def test_the_audit_says_that_somebody_was_erased_but_not_who(county: CountyOnDisk) -> None:
    erase(county)
    with county.store() as store:
        entry = next(one for one in store.audit_entries() if one.what == "forget")
        assert first_broken("990101", store.audit_entries()) is None
    assert (entry.about["forms"], entry.about["rows"], entry.about["reason"]) == ("走访慰问", 1, "本人要求")
    assert len(str(entry.about["person"])) == 64
    assert WHO not in repr(entry)


def test_a_backup_from_before_does_not_bring_an_erased_person_back(county: CountyOnDisk) -> None:
    keep(county.setup, NOW, "manual")
    [backup] = (county.folder / "备份").glob("*.zip")
    erase(county)
    done = restore(backup, county.settings, NOW + timedelta(minutes=1))
    assert done.forgotten == 1
    assert visits(county) == {number(2)}
    with county.store() as store:
        assert [one.what for one in store.audit_entries()][-3:] == ["restore", "run", "forget"]
        assert first_broken("990101", store.audit_entries()) is None


def test_nobody_comes_back_because_the_key_is_gone(county: CountyOnDisk) -> None:
    erase(county)
    (county.folder / "taizhang.key").write_text("")
    with pytest.raises(TaizhangError, match="密钥文件"):
        county.sync(NOW + timedelta(minutes=1), full=True)
    assert visits(county) == {number(2)}


def test_what_is_overdue_goes_by_itself_and_what_stands_does_not(county: CountyOnDisk) -> None:
    fill(county, 2)
    county.sync(NOW + timedelta(minutes=1))
    assert forget_overdue(county.setup, county.forms, NOW)[1] is None
    plan, run = forget_overdue(county.setup, county.forms, NOW.replace(year=NOW.year + 11))
    assert run
    assert [(fate.form.title, len(fate.rows)) for fate in plan.fates] == [("走访慰问", 1)]
    assert visits(county) == {number(2)}
    with county.store() as store:
        assert store.history(WHO)[0].form == "veterans"
        assert store.forgotten() == {}
    assert forget_overdue(county.setup, county.forms, NOW.replace(year=NOW.year + 11))[1] is None


@pytest.mark.parametrize(
    ("title", "closed", "year", "erased"),
    [
        ("退役军人", "1990-01-01T00:00:00Z", 2026, False),
        ("走访慰问", None, 2026, True),
        ("资金发放", None, 2026, False),
        ("资金发放", "1996-05-01T00:00:00Z", 2026, False),
        ("资金发放", "1995-12-31T00:00:00Z", 2026, True),
    ],
)
def test_the_ground_follows_the_forms_and_years_of_the_settings(
    title: str, closed: str | None, year: int, erased: bool
) -> None:
    form = next(form for form in load_forms().values() if form.title == title)
    assert ground(PrivacyPart(), form, closed, NOW.replace(year=year).date()).erase is erased


def test_somebody_elses_row_that_mentions_the_person_is_told_and_left(county: CountyOnDisk) -> None:
    with county.store() as store:
        plan = plan_for(store, county.setup, county.forms, WHO, NOW.date())
        assert [*plan.mentions] == []
        with pytest.raises(TaizhangError, match="没有这个号码"):
            plan_for(store, county.setup, county.forms, number(9), NOW.date())


def test_figures_and_history_still_work_after_an_erasing(county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    erase(county)
    county.sync(NOW + timedelta(minutes=1))
    monkeypatch.chdir(county.folder)
    for words in (
        ["figures", "--json"],
        ["history", number(2)],
        ["as-of", "2099-01-01", "--form", "走访慰问"],
        ["status"],
    ):
        result = RUN.invoke(app, words)
        assert result.exit_code in {0, 1}, (words, result.output, result.exception)
        assert WHO not in result.output


def test_what_the_coordinator_wrote_about_an_erased_row_goes_too_and_who_wrote_it_stays(tmp_path: Path) -> None:
    county = little_county(tmp_path / "county")
    text = county.settings.read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("permanent = "))
    county.settings.write_text(text.replace(line, "permanent = []"), "utf-8")
    county.say({"城关镇": [veteran(1), veteran(2)], "石桥镇": [veteran(1)]})
    county.sync()
    decide(county, CONFLICTS, "采用甲", note="户口在城关")
    correct(county, "退役军人", "联系电话", "13977777777", where=lambda row: WHO in map(str, row.values()))
    county.sync(NOW + timedelta(minutes=1))
    with county.store() as store:
        assert {one.kind for one in store.statements()} == {"case", "correction"}
    forget(county.setup, county.forms, WHO, NOW + timedelta(minutes=2), "本人要求")
    with county.store() as store:
        for one in store.statements():
            assert one.hand == "赵主任"
            assert (one.choice, one.note, one.state) == ("", "", ENDED)
        assert store.cases() == []
    left = b"".join(path.read_bytes() for path in county.folder.glob("taizhang.db*"))
    assert [text for text in (WHO, "13977777777", "户口在城关") if text.encode() in left] == []
    report = county.sync(NOW + timedelta(minutes=3), full=True)
    assert not [one for one in report.published if one.trouble]
    assert {key for _, key in county.veterans()} == {number(2)}
