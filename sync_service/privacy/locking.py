"""Opening passwords on the files that go out: real encryption (ECMA-376 agile, AES-256), which every Excel and WPS opens.

A password stands in the accounts file or the environment, as those of servers do, and never in county.toml. A file that is to
be locked and for which there is no password is not written at all.
"""

import io
from pathlib import Path

from sync_service.errors import TaizhangError
from sync_service.privacy.person_key import PersonKey
from sync_service.publish import Write
from sync_service.settings import CountySetup
from sync_service.sources.access import account_named
from workbook_templates.place import Township

MASTER = "master"
SHORTEST = 8


def _password(setup: CountySetup, section: str, what: str) -> str:
    password = account_named(setup.access, section).password
    if len(password) >= SHORTEST:
        return password
    how = "太短了，至少 8 位" if password else "没有找到"
    raise TaizhangError(
        f"county.toml 要求给{what}加打开密码，密码{how}，没有写文件",
        f'请在账号文件（[access] passwords）里写一段 [{section}]，下面写 password = "…"；或在 county.toml 的 [privacy] 里改成 false。',
    )


def master_password(setup: CountySetup) -> str:
    """The master's password, "" if it is not to be locked. Raises TaizhangError if it is to be and there is none."""
    return _password(setup, MASTER, "总台账") if setup.settings.privacy.lock_master else ""


def feedback_password(setup: CountySetup, township: Township) -> str:
    """The password of a township's feedback, "" if it is not to be locked. Raises TaizhangError if it is to be and there is none."""
    return _password(setup, township.code, f"{township.name}的反馈") if setup.settings.privacy.lock_feedback else ""


def password_mark(setup: CountySetup, password: str) -> str:
    """Changes with a password and tells nothing of it: an unchanged file is not encrypted anew, for that gives other bytes (law 1)."""
    return PersonKey(setup).of("password", password) if password else ""


def locked(write: Write, password: str) -> Write:
    """What writes the same file, encrypted if there is a password. The open one lies beside it for a moment, in the same folder."""
    if not password:
        return write

    def write_locked(path: Path) -> None:
        from msoffcrypto.format.ooxml import OOXMLFile

        opened = path.with_name(f"open{path.suffix}")
        try:
            write(opened)
            with opened.open("rb") as source, path.open("wb") as target:
                OOXMLFile(source).encrypt(password, target)
        finally:
            opened.unlink(missing_ok=True)

    return write_locked


def unlocked(data: bytes, password: str) -> bytes:
    """A workbook's bytes, decrypted if they are encrypted with this password; as they are if not, or with another."""
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

    if not password:
        return data
    opened = io.BytesIO()
    try:
        office = OfficeFile(io.BytesIO(data))
        if not office.is_encrypted():
            return data
        office.load_key(password=password)
        office.decrypt(opened)
    except (FileFormatError, InvalidKeyError, DecryptionError):  # the reader says what is wrong with it
        return data
    return opened.getvalue()
