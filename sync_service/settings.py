"""county.toml: which county this is, its townships, where their workbooks lie, and where the results go.

Every setting's description stands once, here: it becomes the comment in the file that `taizhang init` writes, and the
cure in the message that refuses a bad value. Environment variables override single values: TAIZHANG_PERIOD,
TAIZHANG_FILES__STORE and so on.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from sync_service.backup.settings import BackupPart
from sync_service.doubles.settings import DoublesPart
from sync_service.endpoint.settings import EndpointPart
from sync_service.errors import TaizhangError
from sync_service.master.settings import ReviewPart
from sync_service.notify.settings import NotifyPart
from sync_service.privacy.settings import PrivacyPart
from sync_service.service.settings import ServicePart
from sync_service.settings_refusals import refusals
from sync_service.sources.access import Access
from sync_service.sources.address import is_local, local_path, scheme_of
from sync_service.sources.kinds import KINDS
from sync_service.unfinished import Patience
from workbook_templates.form import Forms, load_forms
from workbook_templates.place import County, Township

Text = Annotated[str, Field(min_length=1)]
BUREAU_CODE, BUREAU_NAME = "000", "县本级"
"""How the county bureau itself is called among the townships; its code is that of the whole county (GB/T 10114)."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CountyPart(_Section):
    """Which county this is."""

    code: str = Field(pattern=r"^\d{6}$", description="县级区划代码，6 位数字，例如 990101。")
    name: Text = Field(description="县（市、区）的名称，例如 清河县。")
    workbook: str = Field(
        "", description="县局自己的工作簿（待遇标准、安置名册、县里发的钱）在哪里，例如 上报/县本级.xlsx；没有就留空。"
    )


class FilesPart(_Section):
    """Where taizhang keeps and puts things; relative paths start from the folder of county.toml."""

    store: Text = Field(
        "taizhang.db", description="登记库：一个 SQLite 文件，或 postgresql+psycopg:// 开头的数据库地址。"
    )
    master: Text = Field("县级总台账.xlsx", description="县级总台账写到哪里，以 .xlsx 结尾。", pattern=r"\.xlsx$")
    quick_master: bool = Field(
        True, description="总台账里没有变的乡镇直接用上次写好的行，快得多；用别的软件打开有问题时填 false。"
    )
    feedback: Text = Field("反馈", description="各乡镇校验反馈放在哪个文件夹。")
    templates: Text = Field("模板", description="taizhang templates 把空白模板放在哪个文件夹。")
    forms: str = Field(
        "", description="本县自己的表单文件夹，里面的 .toml 会加到（或替换）标准表单；留空就只用标准表单。"
    )
    figures: str = Field(
        "", description="本县自己的统计指标文件（.toml），会加到（或替换）标准指标；留空就只用标准指标。"
    )


class LimitsPart(_Section):
    """How careful taizhang is."""

    held_rows: int = Field(
        20, ge=0, description="一次消失超过多少行（并且超过下面的比例）时先不删除，等待县里确认；填整数。"
    )
    held_percent: float = Field(
        10, ge=0, le=100, description="一次消失超过该乡镇该表百分之几时先不删除，填 0 到 100 的数。"
    )
    seconds: float = Field(60, gt=0, description="读一个文件最多用多少秒，填大于 0 的数。")
    memory_mb: int = Field(1024, ge=128, description="读一个文件最多用多少 MB 内存，填 128 以上的整数。")
    jobs: int = Field(2, ge=1, le=64, description="同时读几个文件，填 1 到 64 的整数。")
    look_seconds: float = Field(
        30, gt=0, description="看一遍一台服务器或一个网盘最多等多少秒，等不到就先放过它，填大于 0 的数。"
    )
    quiet_seconds: float = Field(
        90, ge=0, description="表格停止改动多少秒以后，没填完的新行才算漏填；在这以前只算“填写中”。填 0 就不等。"
    )
    longest_wait_seconds: float = Field(
        1800, ge=0, description="一直有人在改时，没填完的新行最多等多少秒，过后照样算漏填。"
    )


class AccessPart(_Section):
    """Where the accounts of places on the network are kept."""

    passwords: str = Field(
        "", description="服务器和网盘的账号文件，例如 账号.toml，只能本人可读；密码绝不写在本文件里。没有就留空。"
    )
    google: str = Field("", description="谷歌服务账号的密钥文件（.json），只能本人可读；没有谷歌表格就留空。")
    google_root: str = Field(
        "", description="连不到谷歌、要经过单位自己的转发服务器时，写转发服务器的地址；能直接连到就留空。"
    )


class TownshipPart(_Section):
    """One township."""

    code: str = Field(pattern=r"^\d{9}$", description="乡镇区划代码，9 位数字，前 6 位是县的代码。")
    name: Text = Field(description="乡镇（街道）的名称，要和封面上的一致。")
    workbook: Text = Field(
        description="它的工作簿在哪里，例如 上报/城关镇.xlsx；改存成 .xls、.ods 也认得。"
        "也可以在别处：webdavs://、sftp://、smb:// 开头的地址，或 google: 加谷歌表格的链接。"
    )
    villages: tuple[Text, ...] = Field(
        min_length=1, description="所辖的村（社区），一个一项；工作簿的下拉选项就是它们。"
    )


class Settings(BaseSettings):
    """The whole of county.toml."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix="TAIZHANG_", env_nested_delimiter="__")

    period: Text = Field(description="现在收哪一期，例如 2026下半年；封面写了别的期会提醒。")
    county: CountyPart = Field(description="本县。")
    files: FilesPart = Field(FilesPart(), description="文件放在哪里。相对路径从本文件所在的文件夹算起。")
    limits: LimitsPart = Field(LimitsPart(), description="安全界限，一般不用改。")
    access: AccessPart = Field(AccessPart(), description="网上的位置用什么账号，全在本机就不用填。")
    endpoint: EndpointPart = Field(EndpointPart(), description="校验网页和按钮（taizhang serve），不用就不用改。")
    service: ServicePart = Field(ServicePart(), description="自动运行（taizhang run）的间隔和时间，不用就不用改。")
    backup: BackupPart = Field(BackupPart(), description="备份（taizhang run 自动做，也可以 taizhang backup）。")
    notify: NotifyPart = Field(NotifyPart(), description="有事要人管时，发到工作群或邮箱；不用就不用改。")
    review: ReviewPart = Field(ReviewPart(), description="总览拿什么来衡量各乡镇，不设就不衡量。")
    doubles: DoublesPart = Field(DoublesPart(), description="怎样找疑似同一人，不用就不用改。")
    privacy: PrivacyPart = Field(PrivacyPart(), description="个人信息：各表保存多少年，哪些文件加密。")
    township: tuple[TownshipPart, ...] = Field(min_length=1, description="每个乡镇一段 [[township]]。")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the base class names the arguments
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file."""
        return env_settings, init_settings

    @model_validator(mode="after")
    def _townships_fit(self) -> Self:
        for name, values in (("code", [t.code for t in self.township]), ("name", [t.name for t in self.township])):
            twice = [value for value, n in Counter(values).items() if n > 1]
            if twice:
                raise ValueError(f"township.{name} = {twice[0]!r}：有两个乡镇用了同一个。请改其中一个。")
        for i, township in enumerate(self.township, 1):
            if not township.code.startswith(self.county.code):
                raise ValueError(
                    f"township[{i}].code = {township.code!r}：不属于本县 {self.county.code}。"
                    "乡镇代码的前 6 位应是县的代码，请核对。"
                )
            repeated = [village for village, n in Counter(township.villages).items() if n > 1]
            if repeated:
                raise ValueError(f"township[{i}].villages：“{repeated[0]}”写了两次。请删去一个。")
        books = [township.workbook for township in self.township]
        if self.county.workbook:
            books.append(self.county.workbook)
        if any(t.code.endswith(BUREAU_CODE) or t.name == BUREAU_NAME for t in self.township):
            raise ValueError(f"“{BUREAU_NAME}”和末三位 {BUREAU_CODE} 留给县局自己，乡镇不能用。请改 township。")
        for book in books:
            try:
                _check_address(book)
            except ValueError as error:
                raise ValueError(f"workbook：{error}") from None
        same = [book for book, n in Counter(books).items() if n > 1]
        if same:
            raise ValueError(f"township.workbook = {same[0]!r}：有两处指向同一个文件。请改其中一个。")
        return self


def _check_address(text: str) -> None:
    """Raises ValueError with what is wrong and its cure, but never with the address: a password may stand in it."""
    if not is_local(text):
        kind = KINDS.get(scheme_of(text))
        if kind is None:
            raise ValueError(f"不认识“{scheme_of(text)}:”开头的位置。可以用 file、{'、'.join(KINDS)}。")
        kind.server(text)


def bureau_of(county: County, townships: Iterable[TownshipPart]) -> Township:
    """The county bureau as one more that fills in a workbook; it names villages together with their townships."""
    villages = tuple(part.name + village for part in townships for village in part.villages)
    return Township(county, county.code + BUREAU_CODE, BUREAU_NAME, villages, "county")


class CountySetup:
    """Settings together with the folder they came from."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        parts = settings.township
        self.county = County(settings.county.code, settings.county.name, tuple(part.name for part in parts))
        bureau = [bureau_of(self.county, parts)] if settings.county.workbook else []
        self.townships = (*(Township(self.county, part.code, part.name, part.villages) for part in parts), *bureau)

    def path(self, text: str) -> Path:
        """A path of the settings, from the folder of county.toml."""
        return self.folder / text

    @property
    def own_forms(self) -> Path | None:
        """The folder with the county's own form files, if it has one. Raises TaizhangError if it is not there."""
        if not self.settings.files.forms:
            return None
        folder = self.path(self.settings.files.forms)
        if not folder.is_dir():
            raise TaizhangError(
                f"找不到本县自己的表单文件夹“{self.settings.files.forms}”",
                "请建立这个文件夹，或改 county.toml 里的 forms；只用标准表单就把它留空。",
            )
        return folder

    def forms(self) -> Forms:
        """taizhang's forms and the county's own. Raises FormError if one of them cannot be used.

        Raises TaizhangError if rows are expected in a form that there is not.
        """
        forms = load_forms(own=self.own_forms)
        tables = [form.title for form in forms.values() if form.layout == "table"]
        self.settings.review.check([township.name for township in self.townships], tables)
        self.settings.privacy.check(tables)
        return forms

    @property
    def store_url(self) -> str:
        """The store's address for SQLAlchemy."""
        store = self.settings.files.store
        return store if "://" in store else f"sqlite:///{self.path(store)}"

    @property
    def has_store(self) -> bool:
        """Whether there is a store to ask; one that is a file is made by the first run."""
        store = self.settings.files.store
        return "://" in store or self.path(store).exists()

    @property
    def url(self) -> str:
        """Where browsers and buttons find the endpoint; without a slash at the end."""
        part = self.settings.endpoint
        host = f"[{part.host}]" if ":" in part.host else part.host
        return part.url.rstrip("/") or f"http{'s' if part.certificate else ''}://{host}:{part.port}"

    @property
    def addresses(self) -> dict[str, str]:
        """Where each workbook lies, by the township's code, the county bureau's own too: an absolute path or a URL."""
        own = self.settings.county
        books = {part.code: part.workbook for part in self.settings.township}
        if own.workbook:
            books[own.code + BUREAU_CODE] = own.workbook
        return {code: str(self.folder / local_path(book)) if is_local(book) else book for code, book in books.items()}

    @property
    def workbooks(self) -> dict[str, Path]:
        """Those of the addresses that are files of this machine."""
        return {code: Path(address) for code, address in self.addresses.items() if is_local(address)}

    @property
    def patience(self) -> Patience:
        """How long rows are waited for that somebody is still typing."""
        return Patience(self.settings.limits.quiet_seconds, self.settings.limits.longest_wait_seconds)

    @property
    def access(self) -> Access:
        """Where the accounts for the others are kept."""
        part = self.settings.access
        return Access(
            self.path(part.passwords) if part.passwords else None,
            self.path(part.google) if part.google else None,
            part.google_root,
        )


def load_settings(path: Path) -> CountySetup:
    """Reads county.toml. Raises TaizhangError that names each bad key, its value and its cure."""
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise TaizhangError(
            f"找不到设置文件 {path.name}", "请先运行 taizhang init，或用 --county 指明它在哪里。"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaizhangError(f"{path.name} 写法不对：{error}", "请按提示的行号改正；文件要存成 UTF-8。") from error
    try:
        return CountySetup(Settings(**raw), path.resolve().parent)
    except ValidationError as error:
        raise TaizhangError(
            "\n".join(f"{path.name}：{line}" for line in refusals(Settings, error)), "改好后再运行一次。"
        ) from error
