"""Field masks: which parts of an answer are asked for."""

import re
from typing import Any

from tests.google_stand_in.a1 import Json
from tests.google_stand_in.errors import ApiError


def parse_mask(text: str) -> Json:
    """What `a,b(c,d/e),f.g` asks for, as nested names; {} is everything below."""
    at = 0

    def level() -> Json:
        nonlocal at
        found: Json = {}
        while at < len(text):
            path = re.match(r"[\w*./]+", text[at:])
            if not path:
                raise ApiError(400, f"Invalid field selection {text}")
            at += len(path[0])
            inner = found
            for name in re.split(r"[./]", path[0]):
                inner = inner.setdefault(name, {})
            if text[at : at + 1] == "(":
                at += 1
                inner.update(level())
                at += 1
            if text[at : at + 1] != ",":
                break
            at += 1
        return found

    return level()


def masked(value: Any, mask: Json) -> Any:
    """The parts of `value` that the mask asks for."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [masked(one, mask) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: masked(inner, mask[name]) for name, inner in value.items() if name in mask}


def take_fields(target: Json, source: Json, fields: str) -> None:
    """Takes over the named fields (`a.b,c`); those that `source` lacks go."""
    for path in fields.split(","):
        *outer, last = re.split(r"[./]", path.strip())
        if last == "*":
            target.update(source)
            continue
        into, out = target, source
        for name in outer:
            into, out = into.setdefault(name, {}), out.get(name) or {}
        if out.get(last) is None:
            into.pop(last, None)
        else:
            into[last] = out[last]
