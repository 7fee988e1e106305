"""What can go wrong outside the clerks' sheets. Every error carries a hint that says how to mend it."""


class TaizhangError(Exception):
    """Something that taizhang cannot get past by itself. Message and `hint` are Chinese and hold nothing personal."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
