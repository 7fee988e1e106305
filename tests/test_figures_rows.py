"""Which rows count: late ones, withdrawn ones, rows of those who have not reported, people in two townships, what is still open."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_service.demo.places import BUREAU
from sync_service.figures.asking import figures_of
from sync_service.figures.counting import People
from sync_service.figures.figures import figures
from sync_service.figures.period import Span, period_named
from sync_service.master.settings import ReviewPart
from sync_service.settings import CountySetup
from sync_service.store import Store
from tests.figure_county import DEFINITIONS, EAST, FORMS, NEVER, WEST, Row, counted, county, report
from tests.right_rows import beneficiary, born, payment, veteran

H1, H2 = "2026上半年", "2026下半年"
JULY, AUGUST, JANUARY = "2026-07-01T02:00:00Z", "2026-08-01T02:00:00Z", "2027-01-05T02:00:00Z"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Store, CountySetup]]:
    with county(tmp_path) as found:
        yield found


def paid(*batches: str, day: str = "2026-03-25", amount: int = 1560) -> list[Row]:
    return [payment(batch_no=batch, pay_date=day, amount=amount) for batch in batches]


def entitled() -> list[Row]:
    return [beneficiary()]


def value(place: tuple[Store, CountySetup], key: str, period: str = H1, before: str = NEVER) -> float | None:
    return counted(*place, period, before=before).value(key)


def test_a_row_that_only_the_next_periods_workbook_left_out_still_counts(place: tuple[Store, CountySetup]) -> None:
    report(place[0], EAST, H1, {"beneficiaries": entitled(), "payments": paid("甲", "乙")}, JULY)
    report(place[0], EAST, H2, {"beneficiaries": entitled(), "payments": paid("丙", day="2026-09-25")}, JANUARY)
    assert (value(place, "Q03"), value(place, "Q03", H2)) == (2, 1)


def test_a_row_that_was_taken_out_of_its_own_periods_workbook_counts_no_more(place: tuple[Store, CountySetup]) -> None:
    report(place[0], EAST, H1, {"payments": paid("甲", "乙")}, JULY)
    report(place[0], EAST, H1, {"payments": paid("甲")}, AUGUST)
    assert value(place, "Q03") == 1
    assert value(place, "Q03", before=AUGUST) == 2


def test_a_late_row_in_the_next_periods_workbook_counts_for_the_day_that_it_is_dated(
    place: tuple[Store, CountySetup],
) -> None:
    report(place[0], EAST, H1, {"payments": paid("甲")}, JULY)
    report(place[0], EAST, H2, {"payments": [*paid("乙"), *paid("丙", day="2026-09-25")]}, JANUARY)
    assert (value(place, "Q03"), value(place, "Q03", H2)) == (2, 1)


def test_a_correction_in_the_next_periods_workbook_counts_in_the_period_that_it_corrects(
    place: tuple[Store, CountySetup],
) -> None:
    report(place[0], EAST, H1, {"payments": paid("甲")}, JULY)
    report(place[0], EAST, H2, {"payments": paid("甲", amount=1500)}, JANUARY)
    assert (value(place, "Q03"), value(place, "Q04")) == (1, 1500)
    assert value(place, "Q04", before=AUGUST) == 1560


@pytest.mark.parametrize("confirmed", [False, True])
def test_rows_that_are_held_when_the_period_turns_count_whether_confirmed_or_not(
    place: tuple[Store, CountySetup], confirmed: bool
) -> None:
    many = paid(*(f"批{n}" for n in range(25)))
    report(place[0], EAST, H1, {"payments": many}, JULY)
    report(place[0], EAST, H2, {"payments": paid("新", day="2026-09-25")}, JANUARY)
    held = counted(*place, H1).uncertainty("Q03")
    assert (held.held, held.least, held.most) == (25, 0, 25)
    if confirmed:
        place[0].confirm(EAST.code, "payments", at="2027-01-06T02:00:00Z")
    assert (value(place, "Q03"), value(place, "Q03", H2)) == (25, 1)


def test_a_state_is_that_of_the_periods_last_workbook(place: tuple[Store, CountySetup]) -> None:
    report(place[0], EAST, H1, {"veterans": [veteran(1980), veteran(1985)]}, JULY)
    report(place[0], EAST, H2, {"veterans": [veteran(1980)]}, JANUARY)
    assert (value(place, "Q02"), value(place, "Q02", H2)) == (2, 1)


def test_a_township_that_has_not_reported_is_said_so_and_is_not_0(place: tuple[Store, CountySetup]) -> None:
    report(place[0], EAST, H1, {"veterans": [veteran(1980)]}, JULY)
    report(place[0], WEST, "2025下半年", {"veterans": [veteran(1985)]}, JULY)
    found = counted(*place, H1)
    assert dict(found.by_township("Q02")) == {EAST.name: 1, WEST.name: None}
    assert (found.value("Q02"), found.reported("Q02").done) == (1, (EAST.code,))
    assert found.covers.latest(WEST.code, found.span) == period_named("2025下半年")
    assert (found.value("Q01"), found.value("S01")) == (
        0,
        None,
    )  # nobody is entitled in EAST; the bureau has not reported


def test_a_ratio_over_the_countys_own_list_leaves_out_those_who_have_not_reported(
    place: tuple[Store, CountySetup],
) -> None:
    stations = [
        {"station_name": f"{village}站", "level": "村(社区)", "village": village, "sign_hung": "是"}
        for village in EAST.villages
    ]
    report(place[0], EAST, H1, {"stations": [_whole(row) for row in stations]}, JULY)
    found = counted(*place, H1)
    assert (found.value("Q17"), found.value("Q17a")) == (len(EAST.villages), 100)


def _whole(row: dict[str, str]) -> Row:
    more: Row = {
        "address": "东风村1号", "sign_date": "2019-05-01", "head_name": "李明", "head_phone": "13900000000", "staff_full": 0,
        "staff_part": 1, "ins_consult_window": "是", "ins_notice": "是", "liaison_name": "李明", "liaison_phone": "13900000000",
    }  # fmt: skip
    return {**row, **more}


def test_a_share_of_what_the_county_expects_is_taken_where_it_expects_something(
    place: tuple[Store, CountySetup],
) -> None:
    for one, years in ((EAST, (1980,)), (WEST, (1985, 1990))):
        report(place[0], one, H1, {"veterans": [veteran(year, village=one.villages[0]) for year in years]}, JULY)
    review = ReviewPart(expected={EAST.name: {"退役军人": 4}})
    settings = place[1].settings.model_copy(update={"review": review})
    found = counted(place[0], CountySetup(settings, place[1].folder), H1)
    assert (found.value("B10a"), found.value("B10b"), found.value("B10")) == (3, 4, 25)
    assert found.by_township("B10") == {EAST.name: 25, WEST.name: None}
    assert found.reported("B10").done == (EAST.code,)


def test_what_belongs_to_a_spring_festival_is_not_missing_in_the_second_half(place: tuple[Store, CountySetup]) -> None:
    report(place[0], EAST, H2, {"payments": paid("甲", day="2026-09-25")}, JANUARY)
    found = counted(*place, H2)
    assert (found.value("Q05"), found.text("Q05"), found.by_township("Q05")[EAST.name]) == (None, "本期没有", None)
    assert (found.value("Q03"), found.text("Q11")) == (1, "0人次")


def test_villages_without_a_station_are_named(place: tuple[Store, CountySetup]) -> None:
    report(
        place[0],
        EAST,
        H1,
        {
            "stations": [
                _whole({"station_name": "站", "level": "村(社区)", "village": EAST.villages[0], "sign_hung": "是"})
            ]
        },
        JULY,
    )
    found = counted(*place, H1)
    assert found.lacking("Q17") == [f"{EAST.name}{village}" for village in EAST.villages[1:]]
    assert found.lacking("Q16") == [EAST.name]


def test_a_person_in_two_townships_is_one_in_the_county(place: tuple[Store, CountySetup]) -> None:
    for one in (EAST, WEST):
        report(place[0], one, H1, {"veterans": [veteran(1980, village=one.villages[0])]}, JULY)
    found = counted(*place, H1)
    assert (found.value("Q02"), [*found.by_township("Q02").values()]) == (1, [1, 1])


def test_a_payment_written_down_by_two_townships_makes_the_sum_uncertain(place: tuple[Store, CountySetup]) -> None:
    for one in (EAST, WEST):
        rows = [{**row, "village": one.villages[0]} for row in paid("甲")]
        report(place[0], one, H1, {"payments": rows}, JULY)
    sure = counted(*place, H1).uncertainty("Q04")
    assert (sure.least, sure.most, sure.twice) == (1560, 3120, 1)
    assert "两个乡镇重复登记" in sure.reasons[0]


def test_a_row_with_an_error_is_not_counted_and_that_is_told(place: tuple[Store, CountySetup]) -> None:
    report(place[0], EAST, H1, {"payments": [*paid("甲"), *paid("乙", day="2026年")]}, JULY)
    sure = counted(*place, H1).uncertainty("Q03")
    assert (sure.least, sure.most, sure.wrong) == (1, 1, 1)
    assert not sure.sure


def test_rows_that_are_open_in_a_part_and_in_its_whole_are_told_once_and_the_share_is_never_over_100(
    place: tuple[Store, CountySetup],
) -> None:
    years = range(1960, 1990)
    rows = [{**veteran(year), "card_status": "已领取"} for year in years]
    report(place[0], EAST, H1, {"veterans": rows}, JULY)
    report(place[0], EAST, H1, {"veterans": [*rows[:5], {**veteran(1991), "phone": "1"}]}, AUGUST)
    found = counted(*place, H1)
    sure, whole = found.uncertainty("B12"), found.uncertainty("B12b")
    assert (sure.held, sure.wrong) == (whole.held, whole.wrong)
    assert whole.held > 20
    assert sure.most == 100


def test_a_row_that_is_wrong_now_counts_as_it_last_was_right(place: tuple[Store, CountySetup]) -> None:
    report(place[0], EAST, H1, {"payments": paid("甲")}, JULY)
    report(place[0], EAST, H1, {"payments": [{**paid("甲")[0], "amount": "很多"}]}, AUGUST)
    found = counted(*place, H1)
    assert (found.value("Q04"), found.uncertainty("Q04").awaiting) == (1560, 1)


def test_people_who_are_known_to_be_one_count_once_and_those_who_may_be_make_it_uncertain(
    place: tuple[Store, CountySetup],
) -> None:
    report(place[0], EAST, H1, {"veterans": [veteran(1980), veteran(1985), veteran(1990)]}, JULY)
    first, second, third = (("veterans", EAST.code, born(year)) for year in (1980, 1985, 1990))
    span = Span(period_named(H1), period_named(H1).last, NEVER)
    numbers = {place[2]: place for place in (first, second, third)}
    known, supposed = {first: first, second: first, third: third}, dict.fromkeys((first, second, third), first)
    found = figures(*place, FORMS, DEFINITIONS, span, people=People(known, numbers), suspects=People(supposed, numbers))
    assert (found.value("Q02"), found.uncertainty("Q02").least, found.uncertainty("Q02").most) == (2, 1, 2)


def test_a_number_that_the_police_replaced_is_one_person(place: tuple[Store, CountySetup]) -> None:
    rows = [{**veteran(1980), "name": "王建国"}, {**veteran(1985), "name": "王建国"}]
    change = {
        "name": "王建国", "old_number": born(1980), "new_number": born(1985), "change_reason": "重号", "change_date": "2026-03-01",
        "evidence": "证明1号",
    }  # fmt: skip
    report(place[0], BUREAU, H1, {"number_changes": [change]}, JULY)
    report(place[0], EAST, H1, {"veterans": rows}, JULY)
    found = figures_of(place[1], FORMS, place[0], Span(period_named(H1), period_named(H1).last, NEVER))
    assert (found.value("Q02"), found.row_count("Q02")) == (1, 2)
