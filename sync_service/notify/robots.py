"""Group robots: one message, and each maker's form of it.

Sources, as documented by the makers in 2026: 企业微信 developer.work.weixin.qq.com/document/path/91770 (text of at most 2,048
bytes); 钉钉 open.dingtalk.com/document/robots/custom-robot-access (the signature goes into the address, with the
time in milliseconds); 飞书 open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (the signature goes into the body, with
the time in seconds). A robot that demands a keyword is given 台账, with which every message begins.
"""

import base64
import hmac
from datetime import datetime
from urllib.parse import urlencode

import requests

from sync_service.notify.digest import Message
from sync_service.sources.access import Account

Body = dict[str, str | dict[str, str]]
SECONDS = 10
"""So long a robot's server may keep silent."""
MOST_BYTES = 2048
"""What the strictest of the three takes."""


class UndeliveredError(Exception):
    """A message did not get through. The text says why, and never the address: whoever has it can write to the group."""


def shortened(text: str, most: int = MOST_BYTES) -> str:
    """`text` in no more bytes than that, cut between two lines."""
    if len(text.encode()) <= most:
        return text
    end = "\n……太长，其余见 taizhang status"
    kept = text.encode()[: most - len(end.encode())].decode(errors="ignore")
    return kept.rpartition("\n")[0] + end


def _signature(key: str, content: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), content.encode(), "sha256")).decode()


def request_for(robot: str, account: Account, text: str, now: datetime) -> tuple[str, Body]:
    """The address and the body of a message to the robot of that name, signed if its section has a password."""
    secret = account.password
    if robot.startswith("飞书"):
        seconds = str(int(now.timestamp()))
        signed = {"timestamp": seconds, "sign": _signature(f"{seconds}\n{secret}", "")} if secret else {}
        return account.url, {**signed, "msg_type": "text", "content": {"text": text}}
    body: Body = {"msgtype": "text", "text": {"content": text}}
    if robot.startswith("钉钉") and secret:
        stamp = str(int(now.timestamp() * 1000))
        sign = {"timestamp": stamp, "sign": _signature(secret, f"{stamp}\n{secret}")}
        return f"{account.url}&{urlencode(sign)}", body
    return account.url, body


def send(robot: str, account: Account, message: Message, now: datetime) -> None:
    """Sends a message to a group. Raises UndeliveredError."""
    if not account.url:
        raise UndeliveredError(f'账号文件里没有 ["{robot}"] 一段，或里面没有写 url')
    url, body = request_for(robot, account, shortened(message.text), now)
    try:
        answer = requests.post(url, json=body, timeout=SECONDS, allow_redirects=False)
        said = answer.json()
    except requests.JSONDecodeError:
        raise UndeliveredError(f"对方的回答看不懂（HTTP {answer.status_code}），请核对网址") from None
    except (requests.RequestException, ValueError) as error:  # its text would quote the address
        raise UndeliveredError(f"连不上机器人的服务器（{type(error).__name__}）") from None
    code = said.get("errcode", said.get("code")) if isinstance(said, dict) else None
    if code != 0:
        raise UndeliveredError(f"机器人没有收（{code}）：请核对网址、签名密钥和安全设置（关键词填“台账”）")
