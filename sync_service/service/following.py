"""county.toml and the county's own forms, as they are now: whoever edits them need not restart the service."""

import hashlib
from pathlib import Path

from sync_service.errors import TaizhangError
from sync_service.settings import CountySetup, load_settings
from workbook_templates.errors import FormError
from workbook_templates.form import Forms


class Following:
    """The settings in a file, read again when it or one of the county's own form files has changed."""

    def __init__(self, path: Path) -> None:
        """Reads them for the first time. Raises TaizhangError if they cannot be used."""
        self._path = path.resolve()
        self.setup, self.forms = self._read()
        self._seen = self._state()

    def _read(self) -> tuple[CountySetup, Forms]:
        setup = load_settings(self._path)
        try:
            return setup, setup.forms()
        except FormError as error:
            raise TaizhangError(str(error), "请改正表单文件；taizhang forms check 会列出全部错误。") from error

    def _state(self) -> bytes:
        """What the files hold; a file that is not there, or not now, counts as empty."""
        own = self.setup.settings.files.forms
        files = [self._path, *(sorted(self.setup.path(own).glob("*.toml")) if own else ())]
        digest = hashlib.blake2b()
        for file in files:
            digest.update(f"\0{file.name}\0".encode())
            digest.update(file.read_bytes() if file.is_file() else b"")
        return digest.digest()

    def look(self) -> bool:
        """Reads them again if they have changed since they could be used; whether they had.

        Raises TaizhangError for as long as what is there cannot be used: the last good settings hold meanwhile.
        """
        if self._state() == self._seen:
            return False
        self.setup, self.forms = self._read()
        self._seen = self._state()
        return True
