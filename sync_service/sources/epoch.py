"""From which day a workbook counts: 1904 on old Macintoshes, and in what was begun there. Readers convert dates, not bare numbers."""

import re

from sync_service.sources.archive import open_archive, part_names, part_of
from sync_service.sources.base import Limits
from sync_service.sources.biff import date_mode
from sync_service.sources.binary import book_properties
from sync_service.sources.formats import Format

_COUNTS_FROM_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\s[^>]*\bdate1904=["'](?:1|true|on)["']""")


def counts_from_1904(data: bytes, kind: Format, limits: Limits) -> bool:
    """Whether a workbook that has been read counts days from 1904 on. An .ods writes its dates out."""
    match kind:
        case "xls":
            return date_mode(data) == 1
        case "xlsx":
            with open_archive(data, limits) as archive:
                book = part_of(archive, part_names(archive)["xl/workbook.xml"])
            return _COUNTS_FROM_1904.search(book) is not None
        case "xlsb":
            with open_archive(data, limits) as archive:
                book = part_of(archive, part_names(archive)["xl/workbook.bin"])
            return bool(book_properties(book) & 1)  # f1904
    return False
