"""What the endpoint says when it does not do what it was asked to: in Chinese, with what to do, and nothing about itself.

The page gets it as JSON. Excel and Google Sheets get it as plain text: xlwings' clients show the text of any answer that is
not 200 in a message box.
"""

from dataclasses import dataclass

from sync_service.endpoint.frames import Done
from sync_service.settings import CountySetup
from validators.problems import problem


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is not what was asked for. `outcome` is one word for the log."""

    status: int
    outcome: str
    message: str
    cure: str

    @property
    def text(self) -> str:
        """Message and cure as one text."""
        return f"{self.message}。\n{self.cure}"


class TurnedAway(Exception):  # noqa: N818 (an answer, not a fault)
    """A request gets a refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.outcome)
        self.refusal = refusal


NO_TOKEN = Refusal(403, "token", "没有填口令", "请填县里发给本乡镇的口令；没有口令，请向县里要。")
WRONG_TOKEN = Refusal(
    403, "token", "口令不对，或者已经换过了", "请照县里发的口令重新填一次；还是不行，请向县里要新的。"
)
NOT_HERE = Refusal(
    403,
    "place",
    "运行情况只给县里看",
    "请在运行 taizhang serve 的电脑上打开 http://127.0.0.1 加端口的网址，或用县本级的口令。",
)
LOCKED = Refusal(429, "locked", "口令错的次数太多，请等一分钟", "等一分钟后再试；请先核对县里发的口令。")
TOO_OFTEN = Refusal(429, "often", "一分钟里校验的次数太多，请等一会儿", "等一分钟后再点一次。表格没有改动。")
BUSY = Refusal(503, "busy", "这会儿校验的人太多，排不上队", "请过一分钟再点一次。表格没有改动。")
TOO_SLOW = Refusal(408, "slow", "网络太慢，工作簿没有传完", "请再试一次；总是这样，请换一台电脑或用 U 盘交。")
NO_PAGE = Refusal(404, "page", "没有这个网页", "请核对县里给的网址。")
FAULT = Refusal(500, "fault", "程序出了错，这一次没有校验", "请把时间和做了什么告诉县里；表格没有改动。")

_STATUS = {"F31": 403, "F30": 413, "memory": 413, "version": 409}
"""What tells programs more than 422, by what was wrong."""


def too_large(setup: CountySetup) -> Refusal:
    """The workbook has more bytes than the settings allow."""
    return Refusal(
        413,
        "large",
        f"工作簿太大，超过了 {setup.settings.endpoint.upload_mb} MB",
        "请删去多余的工作表和图片，或新建一个模板，把数据“选择性粘贴→数值”过去。",
    )


def too_long(setup: CountySetup) -> Refusal:
    """The check did not end in time."""
    return Refusal(
        504,
        "time",
        f"工作簿太复杂，{setup.settings.endpoint.seconds:g} 秒还没有查完",
        "请新建一个模板，把数据“选择性粘贴→数值”过去，不要整表复制。表格没有改动。",
    )


def crashed(name: str) -> Refusal:
    """The workbook took its reader down."""
    found = problem("F32", {"file": name})
    return Refusal(422, "crash", found.message, found.cure)


def refused(done: Done) -> Refusal:
    """What a checking process found wrong with the whole workbook."""
    return Refusal(_STATUS.get(done.outcome, 422), done.outcome, done.message, done.cure)
