"""What the coordinator saved is kept beside before the next master takes its place: notes of her own may stand in it anywhere."""

import shutil
from datetime import datetime
from pathlib import Path

from sync_service.publish import digest_of

FOLDER = "历次总台账"
KEPT = 10
"""So many saved masters are kept, the latest; they hold personal data."""


def keep(path: Path, digest: bytes, at: str) -> None:
    """Keeps a copy of the master at `path`, if it still has this digest; `at` is the moment, whose local time goes into the name."""
    folder = path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    moment = datetime.fromisoformat(at).astimezone()
    name = f"{path.stem}_{moment:%Y-%m-%d_%H%M%S}_{digest.hex()[:8]}{path.suffix}"
    copy = folder / name
    shutil.copy2(path, copy)
    if digest_of(copy) != digest:  # it was saved again meanwhile: it will be read, and kept, in the next run
        copy.unlink()
    for old in sorted(folder.glob(f"{path.stem}_*{path.suffix}"))[:-KEPT]:
        old.unlink()
