"""A status in words, for the terminal and for the page."""

from datetime import datetime

from sync_service.moments import local
from sync_service.service.status import NEVER, Status, TownshipStatus
from sync_service.store.records import READ

DAY = 86_400


def ago(at: str, now: str) -> str:
    """How long a moment lies back: 3 分钟前. "从未" for never."""
    if not at:
        return "从未"
    seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(at)).total_seconds()
    if seconds < 0:
        return f"{local(at):%Y-%m-%d %H:%M}（比电脑的时间还晚）"
    for unit, name in ((DAY, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= unit:
            return f"{seconds // unit:.0f} {name}前"
    return "刚才"


def clock(at: str) -> str:
    """A moment in local time."""
    return f"{local(at):%m月%d日 %H:%M}"


def size(count: int) -> str:
    """Bytes for people."""
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{count / 2**10:.0f} KB"


def symbol(one: TownshipStatus) -> str:
    """× what is in the way, ▲ what is to be mended, √ in order."""
    if one.status != READ:
        return "○" if one.status == NEVER else "×"
    return "▲" if one.errors or one.held else "√"


def state(one: TownshipStatus) -> str:
    """How a township stands, in a few words."""
    if one.status != READ:
        return one.state
    return "有行待确认" if one.held else "有错误待改" if one.errors else one.state


def trouble(one: TownshipStatus) -> str:
    """What is in the way of a township's workbook and what to do, "" if nothing is."""
    if one.status in (READ, NEVER) or not one.message:
        return ""
    since = f"从 {clock(one.failing_since)} 起，" if one.failing_since else ""
    upcoming = f"{clock(one.next_at)} 再试。" if one.next_at else ""
    return f"{since}{one.message}。{one.cure}{upcoming}"


def facts(status: Status) -> list[tuple[str, str]]:
    """What is to be said of the county as a whole: names and words."""
    service = status.service
    told = [("自动运行", f"在运行（{service.told}）" if service else "没有在运行。要它自动读取，请运行 taizhang run。")]
    if status.next_pull:
        told.append(("下一次读取", clock(status.next_pull)))
    done = "还没有做过"
    if status.last_night:
        undone = {"consolidate": "全部重读重查", "figures": "统计", "backup": "备份"}
        failed = "、".join(undone[name] for name in status.undone)
        done = f"{status.last_night} 的，{ago(status.last_night_at, status.at)}做完" + (
            f"；{failed}没有做成" if failed else ""
        )
    told.append(("上一次夜间汇总", done))
    if service:
        told.append(("下一次夜间汇总", clock(status.next_night)))
    if status.last_run:
        told.append(("最近一次有变化", f"第 {status.last_run} 次运行，{ago(status.last_run_at, status.at)}"))
    told.append(("登记库", "在数据库服务器上" if status.store_bytes is None else size(status.store_bytes)))
    backup = f"{ago(status.backup_at, status.at)}，{status.backup_file}" if status.backup_at else "还没有"
    told.append(("最近一份核对过的备份", backup if status.backup_wanted else "没有设备份文件夹（[backup] 的 folder）"))
    return told
