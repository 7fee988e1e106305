"""[service] in county.toml: how often `taizhang run` pulls, when its night is, and where it writes its log."""

from datetime import time
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class ServicePart(BaseModel):
    """The service that `taizhang run` starts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    local_seconds: int = Field(60, ge=1, description="每隔多少秒看一遍本机和共享文件夹里的工作簿，填 1 以上的整数。")
    remote_seconds: int = Field(
        300, ge=10, description="每隔多少秒看一遍 WebDAV、SFTP、SMB 服务器上的工作簿，填 10 以上的整数。"
    )
    google_seconds: int = Field(600, ge=10, description="每隔多少秒看一遍谷歌表格，填 10 以上的整数。")
    longest_retry_seconds: int = Field(
        3600, ge=1, description="一处连不上时，越试越稀，最多隔多少秒再试一次，填 1 以上的整数。"
    )
    night: str = Field(
        "02:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="每天几点做夜间汇总（全部重读重查、备份、发早报），例如 02:00；那时没开机，就在下次开机后补做。",
    )
    figures: str = Field(
        "",
        pattern=r"^$|\.xlsx$",
        description="夜里把本期的统计写成哪个工作簿，例如 统计.xlsx（里面是完整的个人信息）；不要就留空。",
    )
    log: Text = Field("运行记录.jsonl", description="运行记录写到哪里，一行一条，不含个人信息；写满了自动换新的。")
    log_mb: float = Field(5, gt=0, le=1000, description="一份运行记录最多多少 MB，填大于 0 的数。")
    log_files: int = Field(10, ge=1, le=100, description="旧的运行记录留几份，填 1 到 100 的整数。")

    @property
    def night_time(self) -> time:
        """The time of day of the night's consolidation."""
        return time.fromisoformat(self.night)
