"""[review] in county.toml: until when a period is to be reported, and how many rows the county expects."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from sync_service.errors import TaizhangError


def _day(value: object) -> object:
    """What is written as a day: text or TOML's own; "" is none."""
    if not value:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise PydanticCustomError("day", "not a day") from error


Day = Annotated[date | None, BeforeValidator(_day)]
Expected = Annotated[int, Field(ge=0)]


class ReviewPart(BaseModel):
    """What 总览 measures the townships by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    begins: Day = Field(None, description='本期从哪一天开始收，例如 "2026-07-01"；以前的改动不算本期的。不设就留空。')
    deadline: Day = Field(
        None, description='本期报到哪一天为止，例如 "2026-12-25"；总览据此说各乡镇按时还是迟了。不设就留空。'
    )
    expected: Mapping[str, Mapping[str, Expected]] = Field(
        {},
        description='各乡镇各表应有多少行，例如 { "城关镇" = { "退役军人" = 410 }, "石桥镇" = { "退役军人" = 320 } }；不设就留空。',
    )

    def check(self, townships: Collection[str], forms: Collection[str]) -> None:
        """Raises TaizhangError if rows are expected of a township, or in a form, of which there is none."""
        for township, counts in self.expected.items():
            for name, known, what in ((township, townships, "乡镇"), *((form, forms, "表") for form in counts)):
                if name not in known:
                    raise TaizhangError(
                        f"county.toml：review.expected 里的“{name}”不是本县的{what}", f"可以写：{'、'.join(known)}。"
                    )
