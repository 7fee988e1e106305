"""What the coordinator wrote is never lost: killed at any moment, unread masters, other databases, other townships' eyes."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from sync_service.publish import beside
from sync_service.review.places import CHOICE, CONFLICTS, HAND
from sync_service.review.showing import review_content
from sync_service.store import Store
from sync_service.store.errors import StoreError
from sync_service.store.review_records import DONE, Act, Statement
from tests.county import NOW, number, veteran
from tests.stored import EAST, WEST, moment, people, sheet, standing, sync
from tests.typed_master import LittleCounty, answers, copied, decide, little_county, shown

FIRST, SECOND = "城关镇", "石桥镇"
DYING = """
import os, signal, sys
from pathlib import Path
from tests.county import NOW
from tests.typed_master import LittleCounty
from sync_service.store import Store
county, moment = LittleCounty(Path(sys.argv[1])), sys.argv[2]
def die(*args, **named):
    os.kill(os.getpid(), signal.SIGKILL)
if moment == "before":
    Store.carry_out = die
elif moment == "after":
    import sync_service.pipeline
    sync_service.pipeline.CountySays = die
else:
    sys.addaudithook(lambda event, args: die() if event == "os.rename" and str(args[1]).endswith("总台账.xlsx") else None)
county.sync()
"""
"""Dies before what was read is stored, right after that, or in the moment in which the new master is to take its place."""

PAYMENT = {
    "batch_no": "2026-CJWW-01", "benefit_type": "春节慰问金", "name": "王一东", "id_number": number(0), "village": "东风村",
    "period_from": "2026-02", "period_to": "2026-02", "amount": 500, "pay_date": "2026-02-05", "pay_method": "现金",
    "pay_status": "已发放", "remark": "本人签收",
}  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> LittleCounty:
    """Two persons stand in two townships each."""
    made = little_county(tmp_path_factory.mktemp("shared") / "county")
    rows = [veteran(0), veteran(1)]
    made.say({FIRST: rows, SECOND: rows})
    made.sync()
    return made


@pytest.fixture
def county(shared: LittleCounty, tmp_path: Path) -> LittleCounty:
    """The same county, for one test to change."""
    return copied(shared, tmp_path / "county")


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX")
@pytest.mark.parametrize("when", ["before", "after", "installing"])
def test_law_7_a_run_killed_between_reading_and_publishing_loses_no_decision(county: LittleCounty, when: str) -> None:
    decide(county, CONFLICTS, "采用甲")
    saved = county.master.read_bytes()
    died = subprocess.run([sys.executable, "-c", DYING, county.folder, when], check=False, stderr=subprocess.DEVNULL)
    assert died.returncode == -signal.SIGKILL
    assert county.master.read_bytes() == saved
    county.sync()
    assert len(county.veterans()) == 3
    assert [state for state, _ in answers(county, CONFLICTS)].count("已处理") == 1
    with county.store() as store:
        assert [one.choice for one in store.statements()] == ["采用甲"]


def test_a_master_that_is_open_is_read_when_it_is_closed(county: LittleCounty) -> None:
    decide(county, CONFLICTS, "采用甲")
    owner = county.master.with_name(f"~${county.master.name}")
    owner.write_bytes(b"")
    saved = county.master.read_bytes()
    assert county.sync().decided is None
    assert county.master.read_bytes() == saved
    owner.unlink()
    assert county.sync(NOW + timedelta(minutes=1)).decided
    assert len(county.veterans()) == 3
    assert not beside(county.master).exists()


def test_a_master_that_she_saves_twice_is_read_twice_and_repeats_nothing(county: LittleCounty) -> None:
    decide(county, CONFLICTS, "采用甲", which=0)
    first = county.master.read_bytes()
    county.sync()
    county.master.write_bytes(first)
    decide(county, CONFLICTS, "采用乙", which=1)
    county.sync()
    with county.store() as store:
        assert [(one.choice, one.state) for one in store.statements()] == [("采用甲", DONE), ("采用乙", DONE)]


def test_the_same_payment_of_two_townships_is_settled_once(tmp_path: Path) -> None:
    county = little_county(tmp_path / "county")
    for name in (FIRST, SECOND):
        county.send(name, [], [PAYMENT])
    county.send("柳林镇", [])
    county.sync()
    with county.store() as store:
        (line,) = review_content(store, county.setup, county.forms, store.standing()).open
    assert (line.case.kind, "不是同一人" in line.case.choices) == ("row", False)
    decide(county, CONFLICTS, "采用乙")
    county.sync()
    with county.store() as store:
        assert [row.township for row in store.rows("payments")] == ["990101002"]


def test_likely_the_same_person_is_linked_or_told_apart(tmp_path: Path) -> None:
    county = little_county(tmp_path / "county")
    same = {"name": "欧阳建军", "phone": "13912345678"}
    county.say({FIRST: [veteran(0, **same)], SECOND: [veteran(1, **same)]})
    county.sync()
    (line,) = shown(county, CONFLICTS)
    assert not line[CHOICE]
    decide(county, CONFLICTS, "不是同一人", note="是两个人")
    county.sync()
    county.sync(full=True)
    assert len(county.veterans()) == 2
    ((state, _),) = answers(county, CONFLICTS)
    assert state == "已处理"
    assert shown(county, CONFLICTS)[0][HAND] == "赵主任"


def test_no_other_township_is_told_who_it_is(county: LittleCounty) -> None:
    decide(county, CONFLICTS, "采用甲", note="户口在城关镇东风村")
    county.sync()
    for name, others in ((FIRST, SECOND), (SECOND, FIRST)):
        book = openpyxl.load_workbook(county.feedback(name))
        text = " ".join(str(cell) for page in book for line in page.values for cell in line if cell is not None)
        assert others not in text.replace(f"清河县{FIRST}", "")
        assert "户口在城关镇东风村" not in text


def _decision(choice: str) -> Statement:
    detail = {"kind": "person", "sides": [], "shown": "s"}
    return Statement("case", "c1", choice, "赵主任", "", "s.0", DONE, "", detail)


def test_what_was_stated_is_only_ever_added_to(store: Store) -> None:
    sync(store, 0, sheet(*people(1, 2)))
    sync(store, 1, sheet(*people(1)), township=WEST)
    run = store.carry_out([_decision("采用甲")], [(Act("drop", "veterans", EAST, "k001"), b"")], at=moment(2))
    assert run
    assert (set(standing(store)), set(standing(store, WEST))) == ({"k002"}, {"k001"})
    sync(store, 3, sheet(*people(1, 2)))
    assert set(standing(store)) == {"k002"}
    undone = store.undo(run, at=moment(4)).run
    assert set(standing(store)) == {"k001", "k002"}
    assert store.held_since() == {}
    sync(store, 5, sheet(*people(1, 2)))
    assert set(standing(store)) == {"k001", "k002"}
    store.undo(undone, at=moment(6))
    assert set(standing(store)) == {"k002"}
    assert [one.state for one in store.statements()] == [DONE, "ended", DONE]


def test_a_row_that_stands_although_it_vanished_is_held_again_when_that_is_undone(store: Store) -> None:
    sync(store, 0, sheet(*people(*range(25))))
    sync(store, 1, sheet(*people(0, 1, 2)))
    held = len(store.held_since())
    run = store.carry_out([_decision("恢复")], [(Act("keep", "veterans", EAST, "k005"), b"")], at=moment(2))
    assert run
    assert len(store.held_since()) == held - 1
    sync(store, 3, sheet(*people(0, 1, 2)))
    assert len(store.held_since()) == held - 1
    store.undo(run, at=moment(4))
    assert len(store.held_since()) == held
    with pytest.raises(StoreError):
        store.undo(run, at=moment(5))
