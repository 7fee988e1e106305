"""What may be erased of a form's rows, what has to stay, and on what ground."""

from datetime import date
from typing import NamedTuple

from sync_service.privacy.settings import PrivacyPart
from workbook_templates.form import Form

ARCHIVE = "个人优抚、安置档案永久保存（档案法；个人信息保护法第四十七条：法定保存期限未满的不删，只存着）"
ACCOUNTS = "会计档案保存 {years} 年，到 {until} 年底（会计档案管理办法；个人信息保护法第四十七条第二款）"
STANDING_ACCOUNTS = (
    "会计档案，还在登记中，不再登记以后再保存 {years} 年（会计档案管理办法；个人信息保护法第四十七条第二款）"
)
ERASABLE = "没有法定保存期限，目的已经实现或本人要求删除的应当删除（个人信息保护法第四十七条第一款）"
OVERDUE = "保存已满 {years} 年，超过实现目的所必要的最短时间（个人信息保护法第十九条）"


class Ground(NamedTuple):
    """Whether rows may be erased, and why (not)."""

    erase: bool
    why: str


def ground(part: PrivacyPart, form: Form, closed: str | None, today: date) -> Ground:
    """What holds for a row whose last version was closed at `closed` (UTC text; None: it stands), asked for today."""
    if form.title in part.permanent:
        return Ground(False, ARCHIVE)
    if form.title not in part.accounts:
        return Ground(True, ERASABLE)
    if closed is None:
        return Ground(False, STANDING_ACCOUNTS.format(years=part.accounts_years))
    until = int(closed[:4]) + part.accounts_years
    if until >= today.year:
        return Ground(False, ACCOUNTS.format(years=part.accounts_years, until=until))
    return Ground(True, OVERDUE.format(years=part.accounts_years))


def kept_years(part: PrivacyPart, form: Form) -> int | None:
    """How many years a form's rows are kept after they left the ledger; None: for good."""
    if form.title in part.permanent:
        return None
    return part.accounts_years if form.title in part.accounts else part.years
