"""Any sequence of edits and runs ends in the state that a simple model predicts, and history replays to it.

The model is a dictionary for each township. Clerks change the file rule by rule; runs come in between, are repeated,
fail in the middle, and find the database opened anew.
"""

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sync_service.merge import Policy
from sync_service.store import AWAITING, HELD, StaleError, Store
from tests.stored import COUNTY, EAST, FORM, WEST, moment, plan, reading, row, sheet
from validators.checked import CheckedRow, CheckedSheet

POLICY = Policy(rows=2, percent=30, recognise=("name",))
TOWNSHIPS = st.sampled_from([EAST, WEST])
NUMBERS = st.integers(1, 8)


@dataclass
class Line:
    """A line of a clerk's sheet: person `number` with three values; spoilt, or spoilt so that its key is lost."""

    number: int
    values: tuple[int, int, int]
    spoilt: bool = False
    lost: bool = False

    def checked(self, at: int) -> CheckedRow:
        key = "" if self.lost else f"k{self.number}"
        a, b, c = self.values
        return row(key, at=at, valid=not (self.spoilt or self.lost), name=f"人{self.number}", a=a, b=b, c=c)


@dataclass
class Township:
    """A township's file, and what the store should hold of it."""

    file: list[Line] = field(default_factory=list)
    stands: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)
    awaiting: set[int] = field(default_factory=set)

    def pull(self) -> None:
        """One reading, as the laws say it."""
        present = {line.number: line for line in self.file}
        good = {number: line.values for number, line in present.items() if not (line.spoilt or line.lost)}
        awaiting = set()
        for number, line in present.items():
            if number in good or number not in self.stands:
                continue
            # The name is equal as well; of the four values at least two have to be.
            equal = 1 + sum(mine == theirs for mine, theirs in zip(line.values, self.stands[number], strict=True))
            if not line.lost or equal >= 2:
                awaiting.add(number)
        vanished = self.stands.keys() - good.keys() - awaiting
        before = len(self.stands)
        self.held &= vanished
        if len(vanished) > POLICY.rows and len(vanished) * 100 > POLICY.percent * before:
            self.held |= vanished
        for number in vanished - self.held:
            del self.stands[number]
        self.stands |= good
        self.awaiting = awaiting


class Ledger(RuleBasedStateMachine):
    """The store beside its model."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.url = f"sqlite:///{self.folder / 'taizhang.db'}"
        self.store = Store.open(self.url, COUNTY)
        self.townships = {EAST: Township(), WEST: Township()}
        self.minute = 0
        self.past: list[tuple[str, dict[str, dict[int, tuple[int, int, int]]]]] = []

    @rule(township=TOWNSHIPS, number=NUMBERS, values=st.tuples(*[st.integers(0, 1)] * 3), at=st.integers(0, 8))
    def insert(self, township: str, number: int, values: tuple[int, int, int], at: int) -> None:
        file = self.townships[township].file
        if all(line.number != number for line in file):
            file.insert(at, Line(number, values))

    @rule(township=TOWNSHIPS, at=NUMBERS, values=st.tuples(*[st.integers(0, 1)] * 3))
    def edit(self, township: str, at: int, values: tuple[int, int, int]) -> None:
        self._change(township, at, Line(0, values))

    @rule(township=TOWNSHIPS, at=NUMBERS, lost=st.booleans(), values=st.tuples(*[st.integers(0, 1)] * 3))
    def spoil(self, township: str, at: int, lost: bool, values: tuple[int, int, int]) -> None:
        self._change(township, at, Line(0, values, spoilt=True, lost=lost))

    def _change(self, township: str, at: int, line: Line) -> None:
        file = self.townships[township].file
        if file:
            file[at % len(file)] = replace(line, number=file[at % len(file)].number)

    @rule(township=TOWNSHIPS, first=NUMBERS, count=st.integers(1, 8))
    def delete(self, township: str, first: int, count: int) -> None:
        del self.townships[township].file[first - 1 : first - 1 + count]

    @rule(township=TOWNSHIPS, order=st.randoms(use_true_random=False))
    def sort(self, township: str, order: object) -> None:
        order.shuffle(self.townships[township].file)  # type: ignore[attr-defined]

    @rule(townships=st.sets(TOWNSHIPS, min_size=1))
    def pull(self, townships: set[str]) -> None:
        self._apply(sorted(townships))
        for township in townships:
            self.townships[township].pull()
        self.past.append((moment(self.minute), self._model()))

    @rule()
    def pull_again(self) -> None:
        self.pull({EAST, WEST})
        runs = len(self.store.runs())
        self.pull({EAST, WEST})
        assert len(self.store.runs()) == runs

    @rule()
    def pull_and_fail(self) -> None:
        """The last township's plan is one that the store cannot take any more."""
        spare = "990101009"
        plans = [plan(self.store, self._sheet(EAST), EAST, POLICY)]
        impossible = plan(self.store, sheet(row("k0")), spare, POLICY)
        twice = replace(impossible, new=impossible.new * 2)
        self.minute += 1
        with pytest.raises(StaleError):
            self.store.apply(
                [reading(plans, EAST), reading([twice], spare)], started_at=moment(self.minute), at=moment(self.minute)
            )

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.store = Store.open(self.url, COUNTY)

    @precondition(lambda self: any(township.held for township in self.townships.values()))
    @rule()
    def confirm(self) -> None:
        for code, township in self.townships.items():
            if township.held:
                self.minute += 1
                self.store.confirm(code, FORM, at=moment(self.minute))
                for number in township.held:
                    del township.stands[number]
                township.held.clear()
                self.past.append((moment(self.minute), self._model()))

    @invariant()
    def holds_what_the_model_says(self) -> None:
        rows = self.store.rows(FORM)
        for code, township in self.townships.items():
            mine = [one for one in rows if one.township == code]
            assert {one.key: one.payload for one in mine} == self._payloads(township.stands)
            assert {one.key for one in mine if HELD in one.marks} == {f"k{n}" for n in township.held}
            assert {one.key for one in mine if AWAITING in one.marks} == {f"k{n}" for n in township.awaiting}

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        for at, model in self.past:
            rows = self.store.as_of(FORM, at)
            for code, stands in model.items():
                assert {one.key: one.payload for one in rows if one.township == code} == self._payloads(stands)
        self.store.close()
        shutil.rmtree(self.folder)

    def _sheet(self, township: str) -> CheckedSheet:
        return sheet(*(line.checked(at) for at, line in enumerate(self.townships[township].file, start=6)))

    def _apply(self, townships: list[str]) -> None:
        self.minute += 1
        readings = [
            reading([plan(self.store, self._sheet(township), township, POLICY)], township) for township in townships
        ]
        self.store.apply(readings, started_at=moment(self.minute), at=moment(self.minute))

    def _model(self) -> dict[str, dict[int, tuple[int, int, int]]]:
        return {code: dict(township.stands) for code, township in self.townships.items()}

    @staticmethod
    def _payloads(stands: dict[int, tuple[int, int, int]]) -> dict[str, bytes]:
        return {f"k{number}": Line(number, values).checked(5).payload for number, values in stands.items()}


test_any_sequence_of_edits_and_runs_ends_as_the_model_predicts_and_history_replays_to_it = Ledger.TestCase
test_any_sequence_of_edits_and_runs_ends_as_the_model_predicts_and_history_replays_to_it.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
