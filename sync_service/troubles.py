"""What the operating system and SQLite complain of, in plain words and with what to do."""

import errno
import sqlite3

_FULL = ("磁盘满了", "请腾出一些空间")
_DENIED = ("没有写入的权限，或磁盘是只读的", "请检查文件夹的权限，别用只读的盘")
_LOST = ("网络共享断开了", "请检查网络和那台电脑")
_GONE = ("文件夹或文件不在了", "请检查盘有没有插好、文件夹有没有改名")
_BUSY = ("文件正被别的程序占用", "请关闭打开它的程序")
_BROKEN = ("磁盘读写出错，可能坏了", "请尽快换一块盘，把最近的备份复制到别处")

_WORDS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), _FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _DENIED),
    **dict.fromkeys(
        (errno.ESTALE, errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENOTCONN,
         errno.ETIMEDOUT, errno.ECONNRESET, errno.ECONNABORTED, errno.ECONNREFUSED), _LOST
    ),
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO), _GONE),
    **dict.fromkeys((errno.EBUSY, errno.ETXTBSY), _BUSY),
    errno.EIO: _BROKEN,
}  # fmt: skip
"""By error number; what stands in no row keeps the system's own words."""

_SQLITE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _DENIED,
    sqlite3.SQLITE_PERM: _DENIED,
    sqlite3.SQLITE_CANTOPEN: ("登记库打不开", "请检查登记库所在的文件夹在不在、有没有权限、磁盘满没满"),
    sqlite3.SQLITE_IOERR: ("登记库读写出错：磁盘满了、坏了，或网络共享断开了", "请检查磁盘和网络；登记库最好放在本机"),
    sqlite3.SQLITE_BUSY: ("登记库正被别的程序占用", "请关闭打开它的程序（例如 DB Browser），或在那里保存"),
    sqlite3.SQLITE_LOCKED: ("登记库正被别的程序占用", "请关闭打开它的程序（例如 DB Browser），或在那里保存"),
    sqlite3.SQLITE_CORRUPT: ("登记库损坏了", "请停下来，用 taizhang restore 从备份恢复"),
    sqlite3.SQLITE_NOTADB: ("登记库损坏了", "请停下来，用 taizhang restore 从备份恢复"),
}
"""By primary result code (https://sqlite.org/rescode.html)."""


def of_system(error: OSError) -> tuple[str, str]:
    """What is wrong and what to do, both in words that end without a full stop."""
    return _WORDS.get(error.errno or 0, (error.strerror or type(error).__name__, "请检查磁盘空间和文件夹的写入权限"))


def of_sqlite(error: sqlite3.Error) -> tuple[str, str]:
    """What is wrong and what to do, both in words that end without a full stop."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    words = f"登记库不能读写：{error}"
    return _SQLITE.get(code, (words, "请检查登记库文件：是否存在、有无权限、磁盘是否已满、是否被占用"))
