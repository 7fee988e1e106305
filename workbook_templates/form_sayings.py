"""What pydantic finds wrong in a form file, in plain Chinese."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from workbook_templates.errors import PartError, Wrong, near
from workbook_templates.form_lines import Place

_PATTERNS: Mapping[str, str] = {
    "id": "只能用小写英文字母、数字和下划线，以字母开头，例如 id_number",
    "earliest": "请写成 1990-01 或 1990-01-31",
}

Saying = Callable[[str, str, Mapping[str, Any]], str]
"""What is said of a key, the value that stands there, and pydantic's context."""


def _whole(key: str, value: str, context: Mapping[str, Any]) -> str:
    del context
    return f"{key} 应是整数，不加引号；现在是 {value}"


def _number(key: str, value: str, context: Mapping[str, Any]) -> str:
    del context
    return f"{key} 应是数字，不加引号；现在是 {value}"


def _truth(key: str, value: str, context: Mapping[str, Any]) -> str:
    del context
    return f"{key} 只能是 true 或 false，不加引号；现在是 {value}"


def _day(key: str, value: str, context: Mapping[str, Any]) -> str:
    del context
    return f"{key} 应是日期，写成 2027-01-01；现在是 {value}"


def _one_of(key: str, value: str, context: Mapping[str, Any]) -> str:
    known = str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
    return f"{key} 不能是 {value}{near(value.strip('“”'), known)}"


def _otherwise(key: str, value: str, context: Mapping[str, Any]) -> str:
    del context
    return f"{key} 不能是 {value}；请照其他表单的样子写"


_SAYINGS: Mapping[str, Saying] = {
    "missing": lambda key, *_: f"没有写 {key}，这是必须有的；请补上一行 {key} = …",
    "string_type": lambda key, value, _: f"{key} 应是文字，要加引号；现在是 {value}",
    "string_too_short": lambda key, *_: f"{key} 不能是空的；请填上",
    "string_too_long": lambda key, value, context: f"{key} 有 {len(value) - 2} 个字，最多 {context['max_length']} 个；请缩短",
    "too_short": lambda key, _, context: f"{key} 至少要有 {context['min_length']} 项；请补上",
    "greater_than": lambda key, value, context: f"{key} 应大于 {context['gt']}；现在是 {value}",
    "greater_than_equal": lambda key, value, context: f"{key} 不能小于 {context['ge']}；现在是 {value}",
    "less_than_equal": lambda key, value, context: f"{key} 不能大于 {context['le']}；现在是 {value}",
    "tuple_type": lambda key, value, _: f"{key} 应是方括号里的一项或几项，例如 {key} = [\"…\"]；现在是 {value}",
    "dict_type": lambda key, value, _: f"{key} 应是花括号里的对照，例如 {key} = {{ 甲 = \"乙\" }}；现在是 {value}",
    "model_type": lambda key, *_: f"{key} 应是一段 [[{key}]]，下面一行写一个 键 = 值",
    "bool_type": _truth,
    "bool_parsing": _truth,
    "int_type": _whole,
    "int_parsing": _whole,
    "int_from_float": _whole,
    "float_type": _number,
    "float_parsing": _number,
    "date_type": _day,
    "date_parsing": _day,
    "date_from_datetime_parsing": _day,
    "date_from_datetime_inexact": _day,
    "literal_error": _one_of,
    "string_pattern_mismatch": lambda key, value, _: f"{key} 不能是 {value}；{_PATTERNS.get(key, '请照其他表单的样子写')}",
}  # fmt: skip


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """The keys of a table of a form file, with what pydantic knows of each."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _inner(annotation: object) -> type[BaseModel] | None:
    """The table that a key holds, or a list of."""
    for one in (annotation, *get_args(annotation)):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
    return None


def _model_at(model: type[BaseModel], place: Iterable[str | int]) -> type[BaseModel]:
    """The table that `place` leads into."""
    for part in place:
        if isinstance(part, str) and (inner := _inner(_fields(model)[part].annotation)):
            model = inner
    return model


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"“{value}”"
        case dict() | list():
            return "别的东西"
    return str(value)


def _said(item: Mapping[str, Any], model: type[BaseModel]) -> Wrong:
    place: Place = item["loc"]
    if item["type"] == "extra_forbidden":
        return Wrong(f"没有“{place[-1]}”这个键{near(str(place[-1]), _fields(_model_at(model, place[:-1])))}", place)
    # What pydantic appends to tell the members of a union apart is no part of the file.
    place = tuple(part for part in place if isinstance(part, int) or "[" not in part)
    key = next(str(part) for part in place[::-1] if isinstance(part, str))
    if len(place) == 1 and item["type"] == "tuple_type" and _inner(_fields(model)[key].annotation):
        return Wrong(f"{key} 要写成一段段的 [[{key}]]，两层方括号", place)
    if isinstance(place[-1], int) and item["type"] != "model_type":
        key += f" 的第 {place[-1] + 1} 项"
    saying = _SAYINGS.get(item["type"], _otherwise)
    return Wrong(saying(key, _shown(item["input"]), item.get("ctx", {})).replace(" “", "“"), place)


def wrongs_of(error: ValidationError, model: type[BaseModel]) -> Iterator[Wrong]:
    """What keeps a form file from being the form `model`, each thing once."""
    found: dict[Place, Wrong] = {}
    for item in error.errors(include_url=False):
        cause = item.get("ctx", {}).get("error")
        if isinstance(cause, PartError):
            wrongs = [Wrong(wrong.text, (*item["loc"], *wrong.place)) for wrong in cause.wrongs]
            yield from wrongs
        else:
            wrong = _said(item, model)
            # Of the members of a union, none fits: the first one's complaint will do.
            if found.setdefault(wrong.place, wrong) is wrong:
                yield wrong


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is left of a form file without the tables that are wrong, so that it can be judged too.

    A wrong column stays, as plain text. `kept` are the numbers that the other tables had in the file.
    """

    raw: Mapping[str, Any]
    kept: Mapping[str, Sequence[int]]
    plain: frozenset[str]

    @classmethod
    def of(cls, raw: Mapping[str, Any], wrongs: Iterable[Wrong]) -> "Remainder | None":
        """None where too much is wrong for the rest to say anything."""
        bad: set[tuple[str, int]] = set()
        for wrong in wrongs:
            match wrong.place:
                case (str(table), int(number), *_):
                    bad.add((table, number))
                case _:
                    return None
        rest, kept = dict(raw), {}
        for table in {table for table, _ in bad} - {"column"}:
            kept[table] = [number for number in range(len(raw[table])) if (table, number) not in bad]
            rest[table] = [raw[table][number] for number in kept[table]]
        spoilt = [number for table, number in bad if table == "column"]
        columns = [*raw["column"]]
        for number in spoilt:
            if not isinstance(columns[number], dict):
                return None
            columns[number] = {"id": columns[number].get("id"), "header": "？", "kind": "text"}
        return cls(rest | {"column": columns}, kept, frozenset(str(columns[number]["id"]) for number in spoilt))

    def is_news(self, wrong: Wrong) -> bool:
        """Whether something wrong in the remainder does not follow from what was taken out."""
        return not any(f"“{name}”" in wrong.text for name in self.plain)

    def placed(self, wrong: Wrong) -> Wrong:
        """Something wrong in the remainder, at its place in the file."""
        match wrong.place:
            case (str(table), int(number), *rest) if table in self.kept:
                return Wrong(wrong.text, (table, self.kept[table][number], *rest))
        return wrong
