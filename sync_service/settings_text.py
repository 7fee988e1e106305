"""The text of a county.toml: each setting with its description as a comment before it."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from sync_service.errors import TaizhangError
from sync_service.settings import CountyPart, FilesPart, LimitsPart, Settings, TownshipPart


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps("" if value is None else value, ensure_ascii=False)


def _lines(part: BaseModel) -> Iterator[str]:
    for name, field in type(part).model_fields.items():
        yield f"# {field.description}"
        yield f"{name} = {_value(getattr(part, name))}"


def render_settings(
    period: str,
    county: CountyPart,
    townships: Iterable[TownshipPart],
    files: FilesPart | None = None,
    limits: LimitsPart | None = None,
) -> str:
    """The text of a county.toml, with a comment in Chinese before each setting."""
    fields = Settings.model_fields
    given = {"county": county, "files": files, "limits": limits}
    sections = {
        name: given.get(name) or field.default
        for name, field in fields.items()
        if name == "county" or isinstance(field.default, BaseModel)
    }
    blocks = [
        "# taizhang（台账）的县级设置。改完保存即可，下一次运行时生效。\n",
        f"# {fields['period'].description}\nperiod = {_value(period)}\n",
        *(
            f"# {fields[name].description}\n[{name}]\n" + "\n".join(_lines(part)) + "\n"
            for name, part in sections.items()
        ),
        f"# {fields['township'].description}",
    ]
    for i, township in enumerate(townships):
        lines = _lines(township) if i == 0 else (line for line in _lines(township) if not line.startswith("#"))
        blocks.append("[[township]]\n" + "\n".join(lines) + "\n")
    return "\n".join(blocks)


def write_settings(path: Path, code: str, name: str, today: date, *, force: bool) -> None:
    """Writes a county.toml to begin with, with two example townships. Raises TaizhangError if there is one already."""
    if path.exists() and not force:
        raise TaizhangError(f"{path.name} 已经有了，没有改动它", "要重写请加 --force；原来的设置会丢失。")
    if not re.fullmatch(r"\d{6}", code):
        raise TaizhangError(f"--code {code} 不行", CountyPart.model_fields["code"].description or "")
    examples = [
        TownshipPart(code=f"{code}001", name="城关镇", workbook="上报/城关镇.xlsx", villages=("东风村", "红星社区")),
        TownshipPart(code=f"{code}002", name="石桥镇", workbook="上报/石桥镇.xlsx", villages=("石桥村", "前进村")),
    ]
    period = f"{today.year}{'上' if today.month <= 6 else '下'}半年"
    path.write_text(render_settings(period, CountyPart(code=code, name=name), examples), "utf-8")
    (path.parent / "上报").mkdir(exist_ok=True)
