"""[endpoint] in county.toml: where the check page and the button's answers are to be had, and within which limits."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class EndpointPart(BaseModel):
    """The endpoint that `taizhang serve` opens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Text = Field(
        "127.0.0.1", description="在哪个网络地址上等乡镇来：127.0.0.1 只限本机；填本机在内网的地址，乡镇才连得上。"
    )
    port: int = Field(8765, ge=1, le=65535, description="端口，填 1 到 65535 的整数。")
    url: str = Field(
        "",
        description="乡镇在浏览器和按钮里用的网址，例如 https://tz.example.cn；留空就用上面的地址和端口。",
        pattern=r"^$|^https?://\S+$",
    )
    certificate: str = Field("", description="证书文件（PEM）；留空就不加密，只应在可信的内网里这样用。")
    key: str = Field("", description="证书的私钥文件（PEM）；证书文件里已带私钥就留空。")
    upload_mb: int = Field(20, ge=1, le=200, description="一次最多收多少 MB，填 1 到 200 的整数。")
    seconds: float = Field(
        20, gt=0, le=300, description="校验一次最多用多少秒，填大于 0 的数；连排队在内，按钮只等 60 秒。"
    )
    at_once: int = Field(2, ge=1, le=64, description="同时校验几本，填 1 到 64 的整数；和电脑的核数一样最合适。")
    waiting: int = Field(40, ge=1, le=1000, description="最多让几个人排队等，再多就请他过一会儿再来；填整数。")
    each_minute: int = Field(30, ge=1, le=1000, description="一个乡镇一分钟最多校验几次，填整数。")
    xlwings_licence: Text = Field(
        "noncommercial", description="按钮用的 xlwings 的许可证；机关非商业使用填 noncommercial，别的填买来的。"
    )
    tokens: Text = Field("taizhang.tokens", description="口令文件：只存口令的摘要，看不出口令本身。")
    log: Text = Field(
        "校验网页记录.jsonl", description="谁在什么时候做了什么，一行一条，不含个人信息；会越来越长，可以移走。"
    )
