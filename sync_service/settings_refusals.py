"""What is told of settings that cannot be used: the key, its value, and what it should be, from the setting's description."""

import difflib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError


def _described(settings: type[BaseModel], location: Sequence[str | int]) -> str:
    """What the setting at `location` should be, from its description."""
    model: Any = settings
    description = ""
    for part in location:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        if field is None:
            names = difflib.get_close_matches(part, model.model_fields, n=1)
            near = f"是不是想写 {names[0]}？" if names else ""
            return f"没有这个设置项，请删去或改名。{near}可用的有：{'、'.join(model.model_fields)}。"
        description = field.description or ""
        inner = getattr(field.annotation, "__args__", (field.annotation,))[0]
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            break  # what follows are the keys of a mapping
        model = inner
    return "应为：" + description


def refusals(settings: type[BaseModel], error: ValidationError) -> Iterator[str]:
    """One line for each setting that `settings` refused."""
    for item in error.errors(include_url=False):
        location = item["loc"]
        key = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in location).lstrip(".")
        if item["type"] == "value_error":
            yield str(item["ctx"]["error"])
        elif item["type"] == "missing":
            yield f"{key} 没有写。{_described(settings, location)}"
        else:
            yield f"{key} = {json.dumps(item['input'], ensure_ascii=False, default=str)} 不行。{_described(settings, location)}"
