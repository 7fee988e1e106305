"""What changed in a township's form after it had been reviewed, but for what the coordinator did herself."""

from collections.abc import Iterator
from typing import NamedTuple

import orjson

from sync_service.review.correcting import correction_of
from sync_service.review.history import Stated, place_of, side_of
from sync_service.review.subjects import Place, case_id, digest_of
from sync_service.store import Store
from sync_service.store.review_records import ENDED, Statement
from workbook_templates.form import Form


class Since(NamedTuple):
    """A row as it was reviewed and as it is now, as payloads; "" where it was or is not there."""

    place: Place
    then: str
    now: str

    @property
    def case(self) -> str:
        """The id of the case about it."""
        return case_id("reviewed", [self.place, self.place])

    @property
    def shown(self) -> str:
        """What a decision about it is about."""
        return digest_of(self.then, self.now)


class HerOwn:
    """What the coordinator decided and corrected, by which a row may differ from what was reviewed."""

    def __init__(self, stated: Stated) -> None:
        self._corrected: dict[Place, dict[str, object]] = {}
        over = {subject: said for subject, said in stated.newest("correction").items() if said.state == ENDED}
        for said in (over | dict(stated.in_force("correction"))).values():  # those that were taken over were hers, too
            one = correction_of(said)
            self._corrected.setdefault(one.place, {})[one.column] = one.value
        force = stated.in_force("case")
        closed = {place_of(side_of(one.detail["sides"][0])) for one in force.values() if one.choice == "确认删除"}
        self._closed = closed | stated.excluded().keys()
        self._force = force

    def explains(self, form: Form, one: Since) -> bool:
        """Whether the row differs only by her own doing."""
        if not one.now:
            return one.place in self._closed
        if not one.then:
            return False
        then, now = orjson.loads(one.then), orjson.loads(one.now)
        differing = {name for name in then.keys() | now.keys() if then.get(name) != now.get(name)}
        corrected = self._corrected.get(one.place, {})
        hers = {name for name, value in corrected.items() if now.get(name) == value}
        return bool(hers) and differing <= hers | {column.id for column in form.stored if column.derive}

    def settles(self, one: Since) -> bool:
        """Whether she has said of this very change what is to stand."""
        decided = self._force.get(one.case)
        return bool(decided and decided.choice != "退回更正" and decided.detail["shown"] == one.shown)


def since_review(store: Store, form: Form, reviewed: Statement, own: HerOwn) -> Iterator[Since]:
    """The rows of a reviewed form that townships changed since, by key."""
    township = reviewed.detail["township"]
    for key, then, now in store.changed_since(form.id, township, reviewed.detail["run"]):
        one = Since((form.id, township, key), then, now)
        if not own.explains(form, one):
            yield one
