"""How many problems of one workbook are told: a sheet of nonsense has more of them than anybody reads or a machine should keep."""

from collections.abc import Sequence

from validators.problems import Problem, problem

MOST = 20_000
"""A township's 3,000 rows with half a dozen wrong cells each: about 50 MiB on their way to the store and the feedback."""

_ORDER = ("error", "warning", "notice")


def bounded(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems as they came; beyond MOST only the gravest, and one that says how many are left out (F49).

    Which rows are valid does not depend on it.
    """
    if len(problems) <= MOST:
        return tuple(problems)
    graver = sorted(range(len(problems)), key=lambda number: _ORDER.index(problems[number].severity))
    told = tuple(problems[number] for number in sorted(graver[:MOST]))
    return (problem("F49", {"n": len(problems) - MOST, "limit": MOST}), *told)
