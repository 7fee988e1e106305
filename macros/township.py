"""Whose workbook it is, as it says itself: for a check where there is no county.toml, on the clerk's own PC."""

from collections.abc import Sequence

from validators.raw import RawBook
from validators.whose import cover_of, stated
from workbook_templates.form import Forms
from workbook_templates.kinds.places import TOWNSHIPS, VILLAGES
from workbook_templates.lists import LIST_FIRST_ROW, LIST_NAME_ROW
from workbook_templates.place import County, Filler, Township

BUREAU = "000"
"""How the code of the county bureau ends, which is that of the whole county (GB/T 10114)."""


def _listed(cells: Sequence[Sequence[object]], name: str) -> tuple[str, ...]:
    """The entries of a list on the hidden sheet."""
    names = cells[LIST_NAME_ROW - 1] if len(cells) >= LIST_NAME_ROW else ()
    if name not in names:
        return ()
    at = names.index(name)
    below = (row[at] if at < len(row) else None for row in cells[LIST_FIRST_ROW - 1 :])
    return tuple(text for text in below if isinstance(text, str) and text)


def township_in(raw: RawBook, forms: Forms) -> Township | None:
    """The township that the workbook was made for: its codes by the stamp, its names by the cover, its villages by its list.

    None if it carries no stamp.
    """
    if raw.stamp is None:
        return None
    said = stated(cover_of(forms), raw)
    county = County(raw.stamp.county, said.get("county", ""), _listed(raw.lists, TOWNSHIPS))
    filler: Filler = "county" if raw.stamp.township.endswith(BUREAU) else "township"
    return Township(county, raw.stamp.township, said.get("township", ""), _listed(raw.lists, VILLAGES), filler)
