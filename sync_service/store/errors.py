"""What can go wrong with the store."""

from sync_service.errors import TaizhangError


class StoreError(TaizhangError):
    """The store cannot be used or did not take a change."""


class StaleError(StoreError):
    """Another process changed the rows between reading and writing; nothing was written."""

    def __init__(self) -> None:
        super().__init__("登记库刚刚被另一个程序改动，这次没有写入", "请再运行一次。")
