"""What the terminal says of an erasing: by form what goes, what stays, and on what ground. Nobody's name or number."""

from rich.console import Console

from sync_service.privacy.forgetting import Plan
from sync_service.review.keeping import FOLDER
from sync_service.settings import CountySetup
from workbook_templates.kinds.resident_id import mask_number


def _console() -> Console:
    return Console(highlight=False, markup=False, soft_wrap=True)


def print_plan(plan: Plan, number: str) -> None:
    """What is to be done; `number` is the person's, "" if it is about what is overdue."""
    console = _console()
    console.print(f"{mask_number(number)}：" if number else "保存期限已满、不再登记的：")
    for fate in plan.fates:
        what = "删" if fate.erase else "留"
        console.print(f"  {what}  {fate.form.title}　{len(fate.rows)} 行（历史版本 {fate.versions} 个）　{fate.why}")
    for title, count in plan.mentions:
        console.print(f"  留  {title}　{count} 行是别人的，里面提到这个号码（如领款人、联系人），没有动，请人工核对。")
    if not plan.fates and not plan.mentions:
        console.print("  没有到期的。")
    elif not plan.rows:
        console.print("没有可以删除的。")


def print_done(plan: Plan, run: int | None, setup: CountySetup) -> None:
    """What was done, and where copies from before still lie."""
    console = _console()
    if run is None:
        return
    console.print(f"已删除 {len(plan.rows)} 行，记为第 {run} 次运行，并记进审计。")
    console.print("请接着做：")
    console.print("  1. 运行 taizhang sync，总台账和反馈会换成没有这些行的。")
    console.print("  2. 告诉乡镇从自己的表里也删掉；没删的再报上来，县里不收，反馈里会写明。")
    console.print(
        f"  3. 以前的备份（{setup.settings.backup.folder or '没有设'}）、“{FOLDER}”里的旧总台账、“历次上报”里的旧表、"
        "“恢复前_”开头的文件夹里还有，备份到期会自动轮换掉；急着清除的请自己删除这些文件。"
    )
    console.print("  4. 以后若恢复删除以前的备份，taizhang restore 会照规定再删除一次。")
