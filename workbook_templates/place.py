"""Where rows come from: a county and its townships."""

from dataclasses import dataclass
from typing import Literal

Filler = Literal["township", "county"]
"""Who fills a workbook in: a township, or the county bureau itself."""


@dataclass(frozen=True, slots=True)
class County:
    """A county: six-digit division code (GB/T 2260), name, and the names of its townships."""

    code: str
    name: str
    townships: tuple[str, ...] = ()

    @property
    def province(self) -> str:
        """The two-digit province part of the code."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Township:
    """A township: nine-digit division code (GB/T 10114), name, and the names of its villages.

    The county bureau, which keeps a workbook of its own, counts as one more: its `filler` is the county.
    """

    county: County
    code: str
    name: str
    villages: tuple[str, ...]
    filler: Filler = "township"
