"""The stamp that every generated workbook carries, so that an old or foreign workbook is recognised."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "taizhang-stamp"
_VERSION = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which township a workbook was made for, and which version of each form it holds."""

    county: str
    township: str
    versions: Mapping[str, int]

    def __str__(self) -> str:
        versions = ",".join(f"{form}={version}" for form, version in sorted(self.versions.items()))
        return f"{PREFIX};{self.county};{self.township};{versions}"


def parse_stamp(text: str) -> Stamp | None:
    """The stamp written as `text`, or None if the text is no stamp."""
    match text.split(";"):
        case [prefix, county, township, versions] if prefix == PREFIX:
            pairs = (pair.partition("=") for pair in versions.split(",") if pair)
            return Stamp(
                county, township, {form: int(version) for form, _, version in pairs if _VERSION.fullmatch(version)}
            )
    return None
