"""taizhang forget and audit: erasing what need not be kept, and the chain that tells who did what."""

from typing import TYPE_CHECKING, Annotated

import typer

from sync_service.commands.options import DEFAULT, CountyFile, synced, this_moment
from sync_service.errors import TaizhangError

if TYPE_CHECKING:
    from sync_service.audit.chain import Head

audit_app = typer.Typer(help="谁在什么时候做了什么：首尾相接、改不了的记录。", no_args_is_help=True)


def _number(sought: str) -> str:
    """An ID number as it is stored. Raises TaizhangError if it cannot be one; its words never say what was typed."""
    number = sought.strip().upper()
    if len(number) not in {15, 18}:
        raise TaizhangError("这不是身份证号", "请写全 18 位，末位可为 X。")
    return number


def forget(
    sought: Annotated[str, typer.Argument(metavar="身份证号", help="要删除谁的信息；用 --expired 时不写。")] = "",
    county: CountyFile = DEFAULT,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出删什么、留什么、依据什么，不删。")] = False,
    expired: Annotated[
        bool, typer.Option("--expired", help="不是删一个人，而是删所有不再登记、保存期限已满的行。")
    ] = False,
    lift: Annotated[bool, typer.Option("--lift", help="不删，而是让以前删除过的这个人又可以登记。")] = False,
    reason: Annotated[str, typer.Option("--reason", help="凭什么删，记进审计；不要写姓名和号码。")] = "本人要求",
    yes: Annotated[bool, typer.Option("--yes", help="不再问，直接删。")] = False,
) -> None:
    """删除一个人的信息：法律要求保存的留下，其余的连历史一起删，乡镇再报也不收。删了找不回来，记进审计。"""
    from sync_service.privacy import forgetting, telling
    from sync_service.store import Store

    if bool(sought) == expired:
        raise TaizhangError("没有说清删谁的", "请写一个身份证号；或用 --expired 删所有到期的。")
    setup, now, number = synced(county), this_moment(), "" if expired else _number(sought)
    if lift:
        forgetting.take_again(setup, number, now)
        typer.echo("这个人以后又可以登记了；从前删除的不会回来。请运行 taizhang sync --full。")
        return
    forms = setup.forms()
    with Store.open(setup.store_url, setup.county.code) as store:
        plan = (
            forgetting.plan_for(store, setup, forms, number, now.date())
            if number
            else forgetting.plan_overdue(store, setup, forms, now.date())
        )
    telling.print_plan(plan, number)
    if dry_run or not plan.rows:
        return
    if not yes and not typer.confirm("删除以后找不回来，也不能撤销。要删除吗？"):
        typer.echo("没有删除，什么都没有动。")
        raise typer.Exit(1)
    done = (
        forgetting.forget(setup, forms, number, now, reason) if number else forgetting.forget_overdue(setup, forms, now)
    )
    telling.print_done(*done, setup)


def _head(text: str) -> "Head":
    """A head as `verify` told it: number:hash. Raises TaizhangError if it is none."""
    from sync_service.audit.chain import Head

    number, _, digest = text.strip().partition(":")
    if not (number.isdecimal() and len(digest) == 64):
        raise TaizhangError("--noted 后面要写以前记下的那一行", "形如 120:9f86d0…，冒号后面是 64 位。")
    return Head(int(number), digest.lower())


@audit_app.command("list")
def list_entries(
    county: CountyFile = DEFAULT,
    last: Annotated[int, typer.Option("--last", min=1, help="最近多少条。")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="输出全部记录的 JSON，一行一条，供别处核对。")] = False,
) -> None:
    """列出记录：什么时候、谁、做了什么。里面没有个人信息，人只写代号。"""
    from sync_service.audit.shown import entries_json, print_entries
    from sync_service.store import Store

    setup = synced(county)
    with Store.open(setup.store_url, setup.county.code) as store:
        if as_json:
            typer.echo(entries_json(store.audit_entries()))
        else:
            print_entries([*store.audit_entries(last)])


@audit_app.command()
def verify(
    county: CountyFile = DEFAULT,
    noted: Annotated[
        str, typer.Option("--noted", metavar="条数:校验码", help="以前记下的那一行，用来看后面的有没有被截掉。")
    ] = "",
) -> None:
    """核对记录有没有被改过、删过。退出码：0 完好，1 有一处接不上（写明是第几条）。"""
    from sync_service.audit.chain import first_broken
    from sync_service.audit.shown import print_verified
    from sync_service.store import Store

    setup = synced(county)
    with Store.open(setup.store_url, setup.county.code) as store:
        broken = first_broken(setup.county.code, store.audit_entries(), _head(noted) if noted else None)
        print_verified(broken, store.audit_head())
    raise typer.Exit(1 if broken else 0)
