"""What the villages do in people's honour: plaques at their doors, news of merits brought home, exemplary people."""

from datetime import date, timedelta

from sync_service.demo.inventor import Inventor, Row, last_day, month_text

_DEED = (
    "{name}同志退役后回到{village}，带领乡亲修路引水、发展种植，多年照顾村里的孤寡老人，"
    "主动参加防汛抢险和邻里调解，群众都说他退役不褪色，是村里信得过的带头人。"
)


def plaque(of: Inventor, holder: Row, kind: str, hung: date | None = None) -> Row:
    """The plaque at the door of `holder` (a row with name, id_number and village), a family of this kind."""
    hung = hung or date(of.random.randrange(2022, of.today.year), 1, of.random.randrange(10, 27))
    number = of.count("plaques")
    return {
        "plaque_no": f"GRP-{hung.year}-{of.township.code[-3:]}{number:05d}", "holder_name": holder["name"],
        "holder_id": holder["id_number"], "household_type": kind, "head_name": holder["name"],
        "head_id": holder["id_number"], "village": holder["village"],
        "hang_address": f"{holder['village']}{of.random.randrange(1, 12)}组{number}号", "action": "新挂",
        "route": "主动悬挂", "hang_date": hung, "hang_mode": of.random.choice(("门口悬挂", "门口悬挂", "室内摆放")),
        "receiver": holder["name"], "plaque_status": "在挂",
    }  # fmt: skip


def merit(of: Inventor, soldier: Row) -> Row:
    """The news, brought home with drums, that a soldier (name, id_number, village) was commended."""
    brought = last_day(of.today, 1, 18)
    return {
        "name": soldier["name"], "id_number": soldier["id_number"], "village": soldier["village"],
        "person_kind": "现役军人", "honor_type": "立功喜报", "honor_name": of.random.choice(("三等功", "四有优秀士兵", "嘉奖")),
        "honor_date": month_text(brought.year - 1, 12), "notice_date": brought - timedelta(10), "deliver_date": brought,
        "deliverer": "镇党委书记、武装部长", "deliver_status": "已送达",
        "reward": of.random.choice((500.0, 1000.0, 2000.0)),
    }  # fmt: skip


def example(of: Inventor, veteran: Row) -> Row:
    """A veteran (name, id_number, village) whose deeds are told."""
    return {
        "name": veteran["name"], "id_number": veteran["id_number"], "village": veteran["village"],
        "person_kind": "退役军人", "honor_type": of.random.choice(("优秀退役军人典型", "最美退役军人")),
        "honor_name": of.random.choice(("优秀退役军人", "乡村振兴带头人", "最美退役军人")),
        "honor_level": of.random.choice(("县", "县", "乡镇", "市")),
        "honor_date": month_text(of.random.randrange(2020, of.today.year), of.random.randrange(1, 13)),
        "library_status": of.random.choice(("推荐", "入库", "已宣传")), "publicity_consent": "是",
        "deed": _DEED.format(name=veteran["name"], village=veteran["village"]),
    }  # fmt: skip
