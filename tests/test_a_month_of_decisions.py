"""A month of one county: what the coordinator decides each week in the master, and what has become of it at the end."""

from datetime import timedelta
from pathlib import Path

from sync_service.review.places import CHOICE, CONFLICTS, CORRECTIONS, PENDING
from sync_service.store.review_records import DONE
from tests.county import NOW, number, veteran
from tests.typed_master import answers, correct, decide, lines, little_county, opened, review, shown

FIRST, SECOND, THIRD = "城关镇", "石桥镇", "柳林镇"
EAST, WEST = "990101001", "990101002"


def test_a_month_of_one_county(tmp_path: Path) -> None:
    county = little_county(tmp_path / "county")

    def week(number_of: int) -> int | None:
        return county.sync(NOW + timedelta(weeks=number_of)).decided

    # First week: a person on two rosters, settled for 城关镇; 柳林镇 is reviewed.
    county.say({FIRST: [veteran(0), veteran(1)], SECOND: [veteran(0), veteran(2)], THIRD: [veteran(3), veteran(4)]})
    week(0)
    decide(county, CONFLICTS, "采用甲", "赵主任", "户口本在城关")
    review(county, THIRD, "退役军人", hand="钱科长")
    assert week(0)

    # Second week: the losing township sends its row again, another one moves, a telephone number is corrected.
    county.send(SECOND, [veteran(0, remark="又报"), veteran(2), veteran(1)])
    county.send(FIRST, [veteran(0)])
    correct(county, "退役军人", "联系电话", "13911112222", where=lambda line: line["身份证号"] == number(3))
    assert week(1)
    assert {key for township, key in county.veterans() if township == WEST} == {number(1), number(2)}
    (waiting,) = [line for line in shown(county, PENDING) if not line[CHOICE]]
    assert waiting
    decide(county, PENDING, "已迁移", "赵主任")

    # Third week: the reviewed township takes the number over and changes another row; the master was sorted meanwhile.
    county.send(THIRD, [veteran(3, phone="13911112222"), veteran(4, political_status="中共党员")])
    with opened(county) as book:
        found = list(lines(book[PENDING]))
        assert found
        book.move_sheet(book[PENDING], 3)
    assert week(2)
    assert answers(county, CORRECTIONS)[0][0] == "已采纳"
    assert [state for state, _ in answers(county, PENDING)].count("待处理") == 1
    which = next(n for n, line in enumerate(shown(county, PENDING)) if not line[CHOICE])
    decide(county, PENDING, "采用乙", "钱科长", "入党了", which=which)
    assert week(3)

    # At the end nothing waits, everything has a name, and another pass has nothing to do.
    assert {state for title in (CONFLICTS, PENDING) for state, _ in answers(county, title)} == {"已处理"}
    with county.store() as store:
        done = [(one.choice, one.hand) for one in store.statements() if one.kind == "case" and one.state == DONE]
    assert done == [("采用甲", "赵主任"), ("已迁移", "赵主任"), ("采用乙", "钱科长")]
    runs, made = county.versions(), county.master.read_bytes()
    assert county.sync(NOW + timedelta(weeks=4)).published == ()
    assert (county.versions(), county.master.read_bytes()) == (runs, made)
