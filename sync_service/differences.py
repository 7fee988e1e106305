"""What an event of the store changed, in the coordinator's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from sync_service.store.records import Event, EventKind, RunKind
from workbook_templates.form import Form

What = Literal["新增", "变更", "关闭", "恢复"]
WHAT: Mapping[EventKind, What] = {"new": "新增", "changed": "变更", "gone": "关闭", "reopened": "恢复"}
WHY: Mapping[RunKind, str] = {"sync": "同步", "undo": "撤销", "confirm": "确认"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that a change changed; `old` or `new` is None where there was or is no value."""

    header: str
    old: object
    new: object


def values_of(payload: bytes | None) -> Mapping[str, Any]:
    """A payload's values by column id; none if there is no payload."""
    return orjson.loads(payload) if payload else {}


def differences(form: Form, event: Event) -> tuple[Difference, ...]:
    """The cells that an event changed, in the order of the form; columns that the form has no more come last."""
    old, new = values_of(event.old), values_of(event.new)
    names = [column.id for column in form.columns] + sorted((old.keys() | new.keys()) - form.by_id.keys())
    return tuple(
        Difference(form.by_id[name].header if name in form.by_id else name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    )
