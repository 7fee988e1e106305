"""Which column of an old register is which column of a form: by its name, by what stands in it, or not at all.

Names and aliases settle it. A similar name, or cells that look like one column's only, are suggestions, for a person to
confirm. Where several columns fit, they are named, and none is chosen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from sync_service.takeover.heading import Heading, OldColumn
from sync_service.takeover.looks_like import Fit, looks_like
from validators.header import column_of
from workbook_templates.cells import Raw
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.base import Setting
from workbook_templates.kinds.texts import folded

SAME, ALIAS, GIVEN, SIMILAR, CONTENT = "列名相同", "别名", "指定", "列名相近", "内容像"
NEAR = 90
"""From this ratio (of 100) on two names are similar."""
NEVER_SIMILAR = frozenset(["id18", "account", "money"])
"""Kinds for which a similar name is not enough: a wrong number or amount harms somebody."""
OTHERS = ("家属", "配偶", "子女", "父母", "联系人", "监护", "代理", "亲属", "户主", "经办", "填报", "村干部")
"""Groups whose columns are about somebody else than the row's person."""


@dataclass(frozen=True, slots=True)
class Match:
    """An old column that is a form's column, on what grounds, and how surely (0 to 1). Unless `sure`, it is a suggestion."""

    old: OldColumn
    column: Column
    basis: str
    share: float
    sure: bool
    fit: Fit | None = None


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An old column that is not taken over, and why; `candidates` are those that it might be."""

    old: OldColumn
    why: str
    candidates: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to become of each column of an old sheet."""

    form: Form
    matches: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]

    @property
    def suggestions(self) -> tuple[Match, ...]:
        """What somebody has to confirm."""
        return tuple(match for match in self.matches if not match.sure)

    def without(self, refused: Iterable[Match]) -> "Proposal":
        """The proposal after suggestions were refused."""
        out = frozenset(match.old.j for match in refused)
        left = tuple(Unmatched(m.old, f"没有确认为“{m.column.header}”") for m in self.matches if m.old.j in out)
        kept = tuple(match for match in self.matches if match.old.j not in out)
        return replace(self, matches=kept, unmatched=(*self.unmatched, *left))

    @property
    def blank(self) -> tuple[Column, ...]:
        """The columns to be typed in that will stay blank."""
        here = {match.column.id for match in self.matches}
        return tuple(column for column in self.form.columns if column.typed and column.id not in here)


def _named(form: Form, old: OldColumn) -> Match | None:
    for rank, name in enumerate(old.names):
        if column := column_of(form, name):
            same = folded(name) == folded(column.header)
            about_others = any(word in part for part in old.above for word in OTHERS)
            sure = not (about_others and (rank or not same))
            return Match(old, column, SAME if same else ALIAS, 1.0 if sure else 0.5, sure)
    return None


def _by_name(form: Form, olds: Sequence[OldColumn]) -> tuple[list[Match], list[Unmatched]]:
    """The old columns that bear a column's name; of several for one column the one with the plainest name."""
    claims: dict[str, list[Match]] = {}
    for match in filter(None, (_named(form, old) for old in olds)):
        claims.setdefault(match.column.id, []).append(match)
    matches, doubled = [], []
    for claim in claims.values():
        first, *others = sorted(claim, key=lambda m: (not m.sure, m.basis != SAME, len(m.old.above), m.old.j))
        matches.append(first)
        doubled += [Unmatched(m.old, f"“{m.column.header}”已由第 {first.old.j + 1} 列接收") for m in others]
    return matches, doubled


def _similar(form: Form, olds: Sequence[OldColumn], free: Sequence[Column]) -> list[Match]:
    found = []
    for old in olds:
        best: dict[str, float] = {}
        for header, column in form.headers.items():
            if column in free and column.kind not in NEVER_SIMILAR:
                ratio = max((fuzz.ratio(folded(name), header) for name in old.names), default=0)
                best[column.id] = max(best.get(column.id, 0), ratio)
        near = [name for name, ratio in best.items() if ratio >= NEAR]
        if len(near) == 1:
            found.append(Match(old, form.by_id[near[0]], SIMILAR, best[near[0]] / 100, sure=False))
    return found


def _by_content(
    form: Form, olds: Sequence[OldColumn], taken: Sequence[Match], cells: Mapping[int, Sequence[Raw]], setting: Setting
) -> tuple[list[Match], list[Unmatched]]:
    matched = {match.column.id for match in taken}
    found, unclear = [], []
    named = any(form.by_id[name].kind == "name" for name in matched)
    for old in olds:
        fits = looks_like(form, cells[old.j], setting)
        if fits and fits[0].column.kind == "name":
            fits, named = ([] if named else fits[:1]), True
        free = [fit for fit in fits if fit.column.id not in matched]
        if len(free) == 1:
            found.append(Match(old, free[0].column, CONTENT, free[0].share, sure=False, fit=free[0]))
        elif free:
            unclear.append(Unmatched(old, "内容像好几列，分不清", tuple(fit.column for fit in free)))
    return found, unclear


def _single(suggested: Sequence[Match]) -> tuple[list[Match], list[Unmatched]]:
    """Suggestions of which no two are for one column."""
    single, unclear = [], []
    for match in suggested:
        rivals = [m.old.j + 1 for m in suggested if m.column.id == match.column.id]
        if len(rivals) == 1:
            single.append(match)
        else:
            which = "、".join(map(str, rivals))
            unclear.append(Unmatched(match.old, f"第 {which} 列都像“{match.column.header}”", (match.column,)))
    return single, unclear


def propose(
    form: Form,
    heading: Heading,
    cells: Mapping[int, Sequence[Raw]],
    setting: Setting,
    given: Mapping[int, Column | None],
) -> Proposal:
    """What becomes of each column. `cells` are a sample of each by position, `given` what a person said of some of them.

    A column that is given as None is not taken over.
    """
    matches = [Match(old, column, GIVEN, 1, sure=True) for old in heading.columns if (column := given.get(old.j))]
    unmatched = {old.j: Unmatched(old, "指定不接收") for old in heading.columns if given.get(old.j, 1) is None}
    settled = {match.column.id for match in matches}
    olds = [old for old in heading.columns if old.j not in given]
    by_name, doubled = _by_name(form, olds)
    for match in by_name:
        if match.column.id in settled:
            doubled.append(Unmatched(match.old, f"“{match.column.header}”已指定另一列"))
        else:
            matches.append(match)
    unmatched |= {one.old.j: one for one in doubled}

    def rest() -> tuple[list[OldColumn], list[Column]]:
        here = {match.old.j for match in matches} | unmatched.keys()
        taken = {match.column.id for match in matches}
        return [o for o in heading.columns if o.j not in here], [c for c in form.columns if c.id not in taken]

    similar, unclear = _single(_similar(form, *rest()))
    matches += similar
    unmatched |= {one.old.j: one for one in unclear}
    alike, vague = _by_content(form, rest()[0], matches, cells, setting)
    alike, unclear = _single(alike)
    matches += alike
    unmatched |= {one.old.j: one for one in (*vague, *unclear)}
    for old in rest()[0]:
        unmatched[old.j] = Unmatched(old, "对不上任何一列" if cells[old.j] else "这一列是空的")
    ordered = sorted(matches, key=lambda match: match.old.j)
    return Proposal(form, tuple(ordered), tuple(one for _, one in sorted(unmatched.items())))
