"""When the service does what: intervals on a steady clock, nights by the calendar, waits that grow."""

from datetime import date, datetime, time
from random import Random
from zoneinfo import ZoneInfo

import pytest

from sync_service.service.night import due_night, until_night
from sync_service.service.retrying import wait
from sync_service.service.timetable import Timetable
from tests.simulated_clock import SimulatedClock

TWO = time(2)
SATURDAY, SUNDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


def test_what_is_due_is_due_at_once_and_then_after_each_interval(clock: SimulatedClock) -> None:
    table = Timetable(clock.steady)
    table.set({"near": 60, "far": 300})
    assert table.due() == {"near", "far"}
    table.again("near", 60)
    table.again("far", 300)
    assert (table.due(), table.idle()) == (frozenset(), 60)
    clock.sleep(60)
    assert table.due() == {"near"}
    assert table.idle() == 0


def test_a_pass_longer_than_its_interval_is_neither_doubled_nor_lost(clock: SimulatedClock) -> None:
    table = Timetable(clock.steady)
    table.set({"near": 60})
    table.due()
    clock.sleep(600)  # the pass
    assert table.due() == {"near"}
    table.again("near", 60)
    assert table.due() == frozenset()
    clock.sleep(60)
    assert table.due() == {"near"}


def test_what_fell_due_while_the_pc_slept_is_due_once(clock: SimulatedClock) -> None:
    table = Timetable(clock.steady)
    table.set({"near": 60})
    table.due()
    table.again("near", 60)
    clock.sleep(100_000)
    assert table.due() == {"near"}
    table.again("near", 60)
    assert table.due() == frozenset()


def test_new_settings_leave_other_places_their_turn(clock: SimulatedClock) -> None:
    table = Timetable(clock.steady)
    table.set({"near": 60, "far": 300})
    for name in table.due():
        table.again(name, 50)
    table.set({"near": 60, "far": 600, "new": 60})
    assert table.due() == {"far", "new"}


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        (datetime(2026, 11, 22, 10), None, SUNDAY),  # the first start
        (datetime(2026, 11, 22, 10), SUNDAY, None),  # done
        (datetime(2026, 11, 23, 1, 59), SUNDAY, None),  # not yet
        (datetime(2026, 11, 23, 2), SUNDAY, MONDAY),  # now
        (datetime(2026, 11, 23, 1), SATURDAY, SUNDAY),  # missed, made up before the next
        (datetime(2026, 11, 23, 9), date(2026, 11, 9), MONDAY),  # two weeks off: made up once
        (datetime(2026, 11, 22, 23), MONDAY, None),  # set back over midnight: not again
        (datetime(2026, 11, 23, 1), MONDAY, None),  # set back by hours: not again
        (datetime(2026, 11, 22, 10), date(2027, 11, 22), SUNDAY),  # done by a clock that was a year ahead
    ],
)
def test_a_night_is_due_once_whatever_the_clock_does(now: datetime, last: date | None, due: date | None) -> None:
    assert due_night(now, TWO, last) == due


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_an_hour_that_never_comes_or_comes_twice_makes_one_night(day: date) -> None:
    zone, half_past_two = ZoneInfo("Europe/Berlin"), time(2, 30)
    begin = datetime.combine(day, time(0), zone).timestamp()
    done, last = [], date.fromordinal(day.toordinal() - 1)
    for minute in range(0, 24 * 60, 5):
        night = due_night(datetime.fromtimestamp(begin + minute * 60, zone), half_past_two, last)
        if night:
            done.append(night)
            last = night
    assert done == [day]


def test_the_next_night_is_never_more_than_a_day_away() -> None:
    assert until_night(datetime(2026, 11, 22, 1), TWO) == 3600
    assert until_night(datetime(2026, 11, 22, 2), TWO) == 24 * 3600


def test_waits_double_up_to_the_longest_and_never_fall_together() -> None:
    chance = Random(1)
    waits = [wait(60, failed, 3600, chance) for failed in range(9)]
    assert waits[0] == 60
    assert all(60 * 2**n * 0.8 <= waits[n] <= 60 * 2**n for n in range(1, 6))
    assert all(3600 * 0.8 <= one <= 3600 for one in waits[6:])
    assert len({wait(60, 9, 3600, chance) for _ in range(10)}) == 10
