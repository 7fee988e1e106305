"""Where a workbook may be written: never over a clerk's own, and over another file only if that is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from sync_service.errors import TaizhangError
from sync_service.settings import CountySetup


def refuse_to_harm(setup: CountySetup, target: Path, source: Path, *, force: bool) -> None:
    """Raises TaizhangError unless `target` may be written: it is no township's workbook, not `source`, and not there yet."""
    if target.suffix.lower() != ".xlsx":
        raise TaizhangError(f"“{target.name}”不行，新工作簿要以 .xlsx 结尾", "请改 --out。")
    for workbook in setup.workbooks.values():
        if (target.parent.resolve(), target.stem) == (workbook.parent.resolve(), workbook.stem):
            raise TaizhangError(
                f"“{target.name}”是上报的工作簿，没有覆盖", "请用 --out 写到别的地方，核对后再交给乡镇。"
            )
    if target.resolve() == source.resolve():
        raise TaizhangError(f"“{target.name}”就是旧表，没有覆盖", "请用 --out 写到别的地方。")
    if target.exists() and not force:
        raise TaizhangError(f"“{target.name}”已经有了，没有覆盖", "请用 --out 换个名字；确实要重写请加 --force。")
    target.parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """While `target` is written; raises TaizhangError if it cannot be."""
    try:
        yield
    except (OSError, FileCreateError) as error:
        raise TaizhangError(f"写不了“{target.name}”", "它可能正被打开着：请关闭后再运行一次。") from error
