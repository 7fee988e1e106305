"""Where rows come from: a county and its townships."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class County:
    """A county: six-digit division code (GB/T 2260) and name."""

    code: str
    name: str

    @property
    def province(self) -> str:
        """The two-digit province part of the code."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Township:
    """A township: nine-digit division code (GB/T 10114), name, and the names of its villages."""

    county: County
    code: str
    name: str
    villages: tuple[str, ...]
