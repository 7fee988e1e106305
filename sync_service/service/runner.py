"""The service: what is due is done, what fails is told and tried again, and nothing but a signal ends it."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NoReturn

from sync_service.alone import held
from sync_service.audit.noting import note
from sync_service.backup.keeping import keep
from sync_service.figures.nightly import write_nightly
from sync_service.moments import moment
from sync_service.notify.situation import Concern
from sync_service.notify.telling import tell
from sync_service.pipeline import run
from sync_service.service.clock import Clock, SystemClock
from sync_service.service.following import Following
from sync_service.service.log import open_log
from sync_service.service.log_lines import Lines
from sync_service.service.night import LONGEST_NAP, Step, due_night, until_night
from sync_service.service.plan import intervals, service_lock, townships_by_place
from sync_service.service.retrying import failures, pulled, turns, wait
from sync_service.service.timetable import Timetable
from sync_service.service.unchanged import Unchanged
from sync_service.sources.crew import Crew
from sync_service.store import Store
from sync_service.store.pulls import Night, Pull

NIGHT = "night"
AGAIN_SECONDS = 1800
"""When the steps of a night that failed are tried again."""
PEOPLE = "people"
TELL_SECONDS = 300
"""How often is asked whether somebody is to be told something."""
LOCK_PATIENCE = 5
"""So many seconds another service is given to end, or somebody who asks whether one lives."""
OFTEN = 3
"""After so many passes that failed as a whole, one after the other, people are told."""
BARRED = "自动读取连着几次没有做成，登记库没有更新。原因见运行记录；运行 taizhang doctor 看该修什么。"
PATIENCE = 30
"""So many seconds a pass waits for a run that somebody started by hand."""


class Runner:
    """Pulls every place in its interval and consolidates every night. `run` never returns; `tick` is one turn of it.

    `county` is the county.toml. Tests and the soak bring a simulated `clock` and their own `chance`, and call `tick`.
    """

    def __init__(
        self, county: Path, clock: Clock | None = None, chance: Random | None = None, *, console: bool = False
    ) -> None:
        """Raises TaizhangError if the settings cannot be used or the log cannot be written."""
        self._clock = clock or SystemClock()
        self._chance = chance or Random()
        self._county = county
        self._following = Following(county)
        self._log = open_log(self._following.setup, console=console)
        self._lines = Lines(self._log)
        self._timetable = Timetable(self._clock.steady)
        self._nights: list[Night] | None = None  # the last one, once it has been asked for: only we make any
        self._crew = Crew()
        self._failed = 0
        self._failing: dict[str, str] = {}
        self._untold: frozenset[str] = frozenset()
        self._plan()

    def _plan(self) -> None:
        setup = self._following.setup
        self._places, self._intervals = townships_by_place(setup), intervals(setup)
        self._unchanged = Unchanged(setup, self._county)
        self._timetable.set({**self._intervals, NIGHT: LONGEST_NAP, PEOPLE: TELL_SECONDS})

    def _store(self) -> Store:
        setup = self._following.setup
        return Store.open(setup.store_url, setup.county.code)

    def _guarded(self, event: str, words: str, do: Callable[[], object]) -> bool:
        """Whether `do` went well. What it raised is told, once until it is otherwise, and the service goes on."""
        now = self._clock.now()
        try:
            do()
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            if self._failing.get(words) != said:
                self._failing[words] = said
                self._log.failed(event, words, error, now)
            return False
        if self._failing.pop(words, ""):
            self._log.tell("mended", f"{words}：现在好了。", now)
        return True

    def _follow(self) -> None:
        if self._following.look():
            self._plan()
            self._log.tell("settings", "county.toml 或表单有改动，已照新的来。", self._clock.now())

    def _pass(self, places: Collection[str], *, full: bool = False) -> None:
        """Looks at these places, and remembers how it went; a pass that would have nothing to do need not be made.

        Raises what keeps the county as a whole from being worked on.
        """
        began, now = self._clock.steady(), self._clock.now()
        setup, number = self._following.setup, f"{self._chance.getrandbits(32):08x}"
        codes = [code for place in places for code in self._places[place]]
        report = None if full else self._unchanged.report(codes, now)
        if report is None:
            watch = self._unchanged.watch(now)
            report = run(setup, self._following.forms, now, full=full, among=codes, patience=PATIENCE, crew=self._crew)
            self._unchanged.learn(codes, watch, report)
        lines = {line.code: line for line in report.townships}
        longest = setup.settings.service.longest_retry_seconds
        after: dict[str, Pull] = {}
        with self._unchanged.writing(), self._store() as store:
            before = store.pulls()
            for place in places:
                its = [pulled(lines[code], before.get(code), now) for code in sorted(self._places[place])]
                seconds = wait(self._intervals[place], failures(its), longest, self._chance)
                self._timetable.again(place, seconds)
                next_at = moment(self._clock.now() + timedelta(seconds=seconds))
                after |= {pull.township: pull._replace(next_at=next_at) for pull in its}
            store.pulled([*after.values()])
        names = {code: line.name for code, line in lines.items()}
        self._lines.turns(number, turns(before, after, names), now)
        self._lines.passed(number, report, self._clock.steady() - began, now)

    def _pull(self, places: Collection[str]) -> None:
        """One pass; if it fails as a whole, it is tried again, ever more rarely."""
        if self._guarded("pass_failed", "这一次没有读成", lambda: self._pass(places)):
            self._failed = 0
            self._guarded("backup_failed", "没有备份成", self._keep_hourly)
            return
        self._failed += 1
        longest = self._following.setup.settings.service.longest_retry_seconds
        for place in places:
            self._timetable.again(place, wait(self._intervals[place], self._failed, longest, self._chance))

    def _keep_hourly(self) -> None:
        keep(self._following.setup, self._clock.now(), "hourly")

    def _consolidate(self) -> None:
        self._pass(self._places, full=True)
        self.close()  # a whole county has left its traces in their memory, and figures need room

    def _steps(self) -> Sequence[Step]:
        """What a night consists of, in this order."""
        return (
            Step("consolidate", "全部重读重查", self._consolidate),
            Step(
                "figures",
                "统计",
                lambda: write_nightly(self._following.setup, self._following.forms, self._clock.now()),
            ),
            Step("backup", "备份", lambda: keep(self._following.setup, self._clock.now(), "nightly")),
        )

    def _due_steps(self) -> tuple[date | None, Sequence[Step]]:
        """The night that is due with its steps, or else the last one with those of its steps that failed."""
        if self._nights is None:
            with self._store() as store:
                self._nights = store.nights(1)
        last = next(iter(self._nights), None)
        before = date.fromisoformat(last.night) if last else None
        day = due_night(self._clock.now(), self._following.setup.settings.service.night_time, before)
        if day is None and last:
            return before, [step for step in self._steps() if step.name in last.undone.split()]
        return day, self._steps()

    def _night(self) -> None:
        """Goes through the night that is due, if one is, or once more through what failed in the last one."""
        day, steps = self._due_steps()
        undone = [
            step.name
            for step in steps
            if not self._guarded(f"{step.name}_failed", f"夜间汇总的“{step.words}”没有做成", step.do)
        ]
        if day and steps:
            done = Night(f"{day}", moment(self._clock.now()), " ".join(undone))
            with self._store() as store:
                store.night_done(done)
            self._nights = [done]
            self._lines.night(day, " ".join(undone), self._clock.now())
            self._guarded("telling_failed", "没有通知到", lambda: self._tell_people(morning=not undone))
        at = self._following.setup.settings.service.night_time
        self._timetable.again(NIGHT, min(AGAIN_SECONDS if undone else LONGEST_NAP, until_night(self._clock.now(), at)))

    def _tell_people(self, *, morning: bool = False) -> None:
        """Tells people what needs them; what did not get through is said in the log, once."""
        setup = self._following.setup
        also = [Concern("pass", BARRED)] if self._failed >= OFTEN else []
        troubles = {
            done.channel: done.trouble
            for done in tell(setup, self._following.forms, self._clock.now(), also=also, morning=morning)
            if done.trouble
        }
        for channel in [channel for channel in troubles if channel not in self._untold]:
            words = f"没有通知到{channel}：{troubles[channel]}"
            self._log.tell("untold", words, self._clock.now(), level=logging.WARNING, channel=channel)
        self._untold = frozenset(troubles)

    def tick(self) -> float:
        """Does what is due; seconds until something is due again. Whatever goes wrong is told in the log."""
        self._guarded("settings_failed", "county.toml 或表单的改动用不了，先照原来的来", self._follow)
        if NIGHT in self._timetable.due():
            self._timetable.again(NIGHT, LONGEST_NAP)
            self._guarded("night_failed", "夜间汇总没有做成", self._night)
        if places := self._timetable.due() & self._places.keys():  # those of which the night did not take care just now
            self._pull(places)
        if PEOPLE in self._timetable.due():
            self._timetable.again(PEOPLE, TELL_SECONDS)
            self._guarded("telling_failed", "没有通知到", self._tell_people)
        return self._timetable.idle()

    def close(self) -> None:
        """Ends the processes that read and write workbooks; the next pass starts others. `run` does so by itself at its end."""
        self._crew.close()

    def run(self) -> NoReturn:
        """Serves until KeyboardInterrupt. Raises TaizhangError if another service is at work on this store."""
        message, hint = "这个登记库已经有一个 taizhang run 在运行", "一个就够了；要换，请先停下那一个。"
        with held(service_lock(self._following.setup), LOCK_PATIENCE, message, hint):
            note(self._following.setup, "service", self._clock.now())
            self._log.tell("started", "自动运行开始了。", self._clock.now())
            try:
                while True:
                    self._clock.sleep(self.tick())
            finally:
                self.close()
                self._log.tell("stopped", "自动运行停下了。", self._clock.now())
