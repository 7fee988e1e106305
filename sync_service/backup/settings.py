"""[backup] in county.toml: where backups go and how many are kept."""

from pydantic import BaseModel, ConfigDict, Field


class BackupPart(BaseModel):
    """The backups that the service makes, and `taizhang backup`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str = Field(
        "备份",
        description="备份放在哪个文件夹；最好写另一块硬盘或别的电脑上的共享文件夹，例如 E:/台账备份。留空就不备份。",
    )
    hourly: int = Field(24, ge=1, description="最近多少个小时的备份各留一份（有变化才备份），填 1 以上的整数。")
    daily: int = Field(14, ge=1, description="最近多少天的备份各留一份，填 1 以上的整数。")
    weekly: int = Field(8, ge=1, description="最近多少个星期的备份各留一份，填 1 以上的整数。")
    monthly: int = Field(24, ge=1, description="最近多少个月的备份各留一份，填 1 以上的整数。")
