"""[notify] in county.toml: whom the service tells when something needs a person, and how often at most."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Robot = Annotated[str, Field(pattern=r"^(企业微信|钉钉|飞书)")]
Address = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]


class NotifyPart(BaseModel):
    """Group robots and mail."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    robots: tuple[Robot, ...] = Field(
        (),
        description='发到哪些工作群的机器人，名字以 企业微信、钉钉、飞书 开头，例如 ["企业微信", "钉钉值班群"]；'
        "机器人的网址写在账号文件里同名的一段。",
    )
    mail_to: tuple[Address, ...] = Field((), description='发给哪些邮箱，例如 ["tz@example.cn"]；不发邮件就留空。')
    mail_from: str = Field("", description="用哪个邮箱发；它的授权码写在账号文件里以邮件服务器为名的一段。")
    mail_server: str = Field("", description="发邮件的服务器，例如 smtp.example.cn。")
    mail_port: int = Field(465, ge=1, le=65535, description="它的端口：ssl 一般是 465，starttls 一般是 587。")
    mail_security: Literal["ssl", "starttls", "none"] = Field(
        "ssl", description="怎么加密：ssl、starttls；none 不加密，只应在单位内网里用。"
    )
    hours: float = Field(4, ge=0, le=24, description="两条消息至少隔多少小时（早报不算），填 0 到 24 的数。")
    unreachable_hours: float = Field(24, gt=0, description="一个乡镇的工作簿多少小时读不到就要告诉人，填大于 0 的数。")
    morning: bool = Field(True, description="夜间汇总以后发不发早报：true 发，false 不发（有事才发）。")
