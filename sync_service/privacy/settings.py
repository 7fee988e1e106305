"""[privacy] in county.toml: how long what is kept, and which files go out locked."""

from collections.abc import Collection

from pydantic import BaseModel, ConfigDict, Field

from sync_service.errors import TaizhangError


class PrivacyPart(BaseModel):
    """How personal data are kept and given out. The numbers are the bureau's to set; each says where its default comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    permanent: tuple[str, ...] = Field(
        ("退役军人", "优抚对象", "安置培训就业", "历年安排工作名册", "号码更正"),
        description="永久保存的表：个人优抚、安置档案（档案法）。taizhang forget 不删这些表。",
    )
    accounts: tuple[str, ...] = Field(
        ("资金发放", "社保接续"), description="照会计档案保存的表（会计档案管理办法），没到年限 taizhang forget 不删。"
    )
    accounts_years: int = Field(30, ge=1, le=100, description="会计档案保存多少年，从不再登记的那天算起，填整数。")
    years: int = Field(
        10,
        ge=1,
        le=100,
        description="其余的表（走访、体检、活动等）保存多少年，到期由 taizhang forget --expired 删，填整数。",
    )
    lock_master: bool = Field(
        False,
        description="总台账要不要加打开密码（真加密）：密码写在账号文件的 [master] 一段，或环境变量 TAIZHANG_PASSWORD_MASTER。",
    )
    lock_feedback: bool = Field(
        False,
        description="各乡镇的反馈要不要加打开密码：密码写在账号文件里以乡镇代码为名的一段，例如 [990101001]，一个乡镇一个。",
    )
    key: str = Field(
        "taizhang.key", description="代号的密钥文件，第一次用时自动生成；丢了，删除过的人就认不出来了。", min_length=1
    )

    def check(self, forms: Collection[str]) -> None:
        """Raises TaizhangError if a form is named that there is not, or one twice."""
        named = [*self.permanent, *self.accounts]
        for title in named:
            if title not in forms:
                raise TaizhangError(f"county.toml：privacy 里的“{title}”不是本县的表", f"可以写：{'、'.join(forms)}。")
            if named.count(title) > 1:
                raise TaizhangError(f"county.toml：privacy 里的“{title}”写了两次", "permanent 和 accounts 只写一处。")
