"""[doubles] in county.toml: how likely doubles are looked for."""

from pydantic import BaseModel, ConfigDict, Field


class DoublesPart(BaseModel):
    """How likely doubles are looked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dialect: bool = Field(
        False,
        description="本地口音里 n 和 l、f 和 h、平翘舌、前后鼻音不分，就填 true：同音字会多认出一些，误报也会多。",
    )
