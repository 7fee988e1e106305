"""The lines that a pass and a night leave in the log: once when something turns, not each time that it stays so."""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from sync_service.moments import local
from sync_service.pipeline import RunReport
from sync_service.service.log import Log
from sync_service.service.retrying import Turn
from sync_service.store.records import READ
from workbook_templates.catalogue import catalogue


class Lines:
    """Writes them to `log`, and remembers what was said last of files that cannot be put in their places."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._barred: frozenset[str] = frozenset()

    def turns(self, number: str, found: Sequence[Turn], now: datetime) -> None:
        """A line for each township that began to fail, fails otherwise, or is well again. `number` is the round's."""
        for turn in found:
            if turn.status == READ:
                event, level = "recovered", logging.INFO
                words = f"恢复了（{local(turn.since):%m月%d日 %H:%M} 起没有读到）。"
            else:
                event, level = "failing", logging.WARNING
                words = f"{catalogue()[turn.status].short}，原有的数据不动，会自动再试。"
            self._log.tell(
                event,
                f"{turn.name}：{words}",
                now,
                level=level,
                round=number,
                township=turn.township,
                status=turn.status,
            )

    def passed(self, number: str, report: RunReport, seconds: float, now: datetime) -> None:
        """A line for a round that read or wrote something, and one for each file that cannot be put in its place any more."""
        lines = report.townships
        read, published = sum(line.read for line in lines), sum(not one.trouble for one in report.published)
        if report.run or read or published:
            self._log.tell(
                "round",
                f"读了 {read} 本：新增 {sum(line.new for line in lines)}，变更 {sum(line.changed for line in lines)}，"
                f"关闭 {sum(line.gone for line in lines)}；更新了 {published} 个文件。",
                now,
                round=number,
                run=report.run,
                read=read,
                published=published,
                held=sum(line.held for line in lines),
                seconds=round(seconds, 1),
            )
        barred = {one.name: one for one in report.published if one.trouble}
        for name in [name for name in barred if name not in self._barred]:
            self._log.tell("barred", barred[name].message, now, level=logging.WARNING, round=number, output=name)
        self._barred = frozenset(barred)

    def night(self, day: date, undone: str, now: datetime) -> None:
        """A line for a night that was gone through."""
        words = "有没做成的，过一会儿再试" if undone else "做完了"
        level = logging.WARNING if undone else logging.INFO
        self._log.tell("night", f"{day:%m月%d日}的夜间汇总{words}。", now, level=level, night=f"{day}", undone=undone)
