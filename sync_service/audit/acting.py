"""Who is acting: somebody at this PC, or a township by its password."""

import getpass


def at_this_pc() -> str:
    """The user of this PC under whose name the program runs."""
    try:
        return f"电脑用户 {getpass.getuser()}"
    except (KeyError, OSError, ImportError):  # an account that the system itself has no name for
        return "电脑用户 （没有名字）"


def by_token(township: str, token: str) -> str:
    """A township, by the number of the password that it came with."""
    return f"乡镇 {township} 口令 {token}"
