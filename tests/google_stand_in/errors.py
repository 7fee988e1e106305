"""How Google refuses: the Sheets API and the Drive API say it in different words."""

from collections.abc import Mapping

from tests.google_stand_in.a1 import Json

_STATUS = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE",
}  # fmt: skip


class ApiError(Exception):
    """A refusal. With a `reason` it is the Drive API's."""

    def __init__(self, code: int, message: str, reason: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.reason, self.headers = code, message, reason, headers or {}

    def body(self) -> Json:
        if self.reason:
            told = {"domain": "global", "reason": self.reason, "message": self.message}
            return {"error": {"errors": [told], "code": self.code, "message": self.message}}
        return {"error": {"code": self.code, "message": self.message, "status": _STATUS.get(self.code, "UNKNOWN")}}
