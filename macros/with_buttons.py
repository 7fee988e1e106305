"""What makes a township's workbook one with buttons: the bars, the VBA project, and the settings and words it reads."""

from collections.abc import Mapping

from macros.marks import SIGN
from macros.vba import vba_project
from workbook_templates.bar import Button, Buttons
from workbook_templates.place import Township
from workbook_templates.sheet import RESULT

CHECK_SHEET = Button("校验本表", "CheckSheet")
NEXT_PROBLEM = Button("下一处问题", "NextProblem")
CHECK_ALL = Button("校验全部", "CheckAll")
CLEAR_MARKS = Button("清除标记", "ClearMarks")
SHOW_FEEDBACK = Button("查看反馈", "ShowFeedback")
SET_TOKEN = Button("填写口令", "SetToken")

BAR = (CHECK_SHEET, NEXT_PROBLEM, CHECK_ALL, CLEAR_MARKS, SHOW_FEEDBACK)
COVER_BAR = (CHECK_ALL, NEXT_PROBLEM, CLEAR_MARKS, SHOW_FEEDBACK)

_STILL = "A 列“校验”照样边填边查，不受影响。"
_SEND = "填完保存，把文件交给县里就行，县里会发回校验反馈。"
_WORDS: Mapping[str, str] = {
    "TZ_TITLE": "台账校验",
    "TZ_BUSY": "正在校验，请稍候……",
    "TZ_NO_WAY": f"这本工作簿没有写上县里的校验网址，这台电脑上也没有装校验程序，按钮用不了。\n\n{_STILL}\n{_SEND}",
    "TZ_FAILED": f"校验没有完成。可能是这台电脑不许宏运行别的程序，或校验程序有毛病。\n\n{_STILL}\n{_SEND}",
    "TZ_NOTHING": "没有找到要改或要核对的地方。",
    "TZ_CLEARED": "上次校验留下的批注和颜色已经清除。表格自己变的颜色要改好内容才会消失。",
}
_SERVER_WORDS: Mapping[str, str] = {
    "TZ_UNREACHABLE": "连不上县里的校验服务 {address}。请看看网络通不通，过一会儿再试；还不行就告诉县里。"
    f"\n\n{_STILL}\n{_SEND}",
    "TZ_ASK_TOKEN": "请输入县里发给本乡镇的口令。只要填一次，记在这台电脑上，不会写进工作簿。",
    "TZ_TOKEN_KEPT": "口令已记在这台电脑上，现在可以校验了。",
    "TZ_FAILED": f"校验没有完成。也可以用浏览器打开 {{address}} ，把保存好的工作簿放上去校验。\n\n{_STILL}",
}
"""What is said where there is an address."""


def _settings(township: Township, address: str, token: str) -> dict[str, str]:
    words = {**_WORDS, **(_SERVER_WORDS if address else {})}
    settings = {
        "TZ_TOWNSHIP": township.code,
        "TZ_SIGN": SIGN,
        "TZ_RESULT": RESULT,
        **{name: text.format(address=address) for name, text in words.items()},
    }
    if address:
        settings["TZ_URL"] = address
    if token:
        settings[f"TZ_TOKEN_{township.code}"] = token
    return settings


def buttons_for(township: Township, address: str = "", token: str = "") -> Buttons:
    """What the township's workbook needs for its buttons; `address` is the endpoint's, "" if there is none.

    A `token` is written into the workbook for anyone to read who gets it; without one the clerk is asked once on each PC.
    """
    cover = (*COVER_BAR, SET_TOKEN) if address else COVER_BAR
    return Buttons(vba_project, BAR, cover, _settings(township, address, token))
