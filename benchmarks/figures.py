"""All figures of a county against pandas over the same rows, in one run: 60,000 people and 500,000 payments in one store.

python -m benchmarks.figures [--people 60000] [--payments 500000] [--rounds 3]
"""

import argparse
import hashlib
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

import orjson
from sqlalchemy import create_engine, text

from benchmarks.consolidate import DATA
from benchmarks.inventing import PERIOD, VILLAGES
from sync_service.figures.figures import figures
from sync_service.figures.period import Span, period_named
from sync_service.merge import Counts, Plan
from sync_service.settings import CountyPart, CountySetup, Settings, TownshipPart
from sync_service.store import Reading, Source, Store
from validators.checked import CheckedRow
from workbook_templates.figures import load_figures
from workbook_templates.form import load_forms
from workbook_templates.kinds.resident_id import make_number

FOLDER = DATA / "figures"
TOWNSHIPS = 30
AT = "2026-01-01T00:00:00Z"
BENEFITS = ("残疾抚恤金", "定期生活补助", "老年生活补助(60岁农村籍)", "春节慰问金", "门诊医疗补助", "义务兵家庭优待金")


def people(township: int, count: int, random: Random) -> Iterator[tuple[str, dict[str, object], dict[str, object]]]:
    """ID numbers with a row of 退役军人 and one of 优抚对象."""
    for n in range(count):
        number = make_number("990101", date(1940 + n % 50, 1 + n % 12, 1 + township % 28), n % 1000)
        who: dict[str, object] = {"name": f"张{n:05d}", "id_number": number, "village": random.choice(VILLAGES)}
        veteran = who | {
            "person_status": "去世" if n % 40 == 0 else "正常", "status_date": "2026-03-01", "veteran_category": "回乡生产的退役士兵",
            "residence_status": "人户一致", "political_status": "中共党员" if n % 5 == 0 else "群众", "war_test": "无",
            "card_status": "已领取", "enlist_date": "1970-12", "discharge_date": "1975-03", "phone": "13900000000",
        }  # fmt: skip
        beneficiary = who | {
            "beneficiary_category": "60周岁以上农村籍退役士兵", "benefit_status": "享受待遇", "benefit_start": "2011-08",
            "monthly_amount": 520.0, "annual_confirm": "2026-03-18",
        }  # fmt: skip
        yield number, veteran, beneficiary


def payment(number: str, n: int, random: Random, year: int) -> dict[str, object]:
    """A payment's row."""
    day = date(year, 1, 1) + timedelta(days=random.randrange(360))
    return {
        "batch_no": f"{n}", "benefit_type": BENEFITS[n % len(BENEFITS)], "name": "张三", "id_number": number, "village": VILLAGES[0],
        "beneficiary_category": "60周岁以上农村籍退役士兵", "period_from": f"{day:%Y-%m}", "period_to": f"{day:%Y-%m}", "months": 1,
        "standard": 520.0, "amount": 520.0, "pay_date": day.isoformat(), "pay_method": "一卡通", "bank_account": "6217000000000000000",
        "pay_status": "已发放",
    }  # fmt: skip


def plan(township: str, form: str, rows: list[tuple[str, dict[str, object]]]) -> Plan:
    """Rows that are all new."""
    found = []
    for line, (key, values) in enumerate(rows, 5):
        payload = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
        found.append(CheckedRow(key, payload, hashlib.blake2b(payload, digest_size=16).digest(), line, True))
    return Plan(
        township, form, form, True, Counts(len(rows), len(rows), 0, 0, 0), tuple(sorted(found, key=lambda one: one.key))
    )


def fill(store: Store, setup: CountySetup, n_people: int, n_payments: int, year: int) -> None:
    """Puts the county's rows into the store."""
    random = Random(1)
    for index, township in enumerate(setup.townships):
        veterans: list[tuple[str, dict[str, object]]] = []
        beneficiaries: list[tuple[str, dict[str, object]]] = []
        payments: list[tuple[str, dict[str, object]]] = []
        for number, veteran, beneficiary in people(index, n_people // TOWNSHIPS, random):
            veterans.append((number, veteran))
            beneficiaries.append((f"{number}|60", beneficiary))
            due = range(len(payments), round(len(veterans) * n_payments / n_people))
            payments += [(f"{number}|{n}", payment(number, n, random, year)) for n in due]
        plans = [
            plan(township.code, "cover", [(PERIOD, {"period": PERIOD})]),
            plan(township.code, "veterans", veterans),
            plan(township.code, "beneficiaries", beneficiaries),
            plan(township.code, "payments", payments),
        ]
        store.apply([Reading(Source(township.code, "x", 1, 1, "d", "s", "ok", AT), plans, [])], started_at=AT, at=AT)


def by_pandas(url: str, first: str, last: str) -> dict[str, float]:
    """The figures of money and people as a script would compute them: views into frames, then masks and groups."""
    import pandas as pd

    engine = create_engine(url)
    with engine.connect() as connection:
        frames = {
            name: pd.read_sql(text(f"SELECT * FROM {name}"), connection)
            for name in ("veterans", "beneficiaries", "payments")
        }
    engine.dispose()
    veterans, beneficiaries, payments = frames.values()
    dead = veterans[(veterans.person_status == "去世") & (veterans.status_date <= last)].id_number
    entitled = beneficiaries[(beneficiaries.benefit_status == "享受待遇") & ~beneficiaries.id_number.isin(dead)]
    paid = payments[(payments.pay_status == "已发放") & payments.pay_date.between(first, last)]
    living = paid[paid.benefit_type.isin(BENEFITS[:3]) & (paid.amount > 0)]
    found = {
        "Q01": entitled.id_number.nunique(),
        "Q02": veterans[veterans.person_status == "正常"].id_number.nunique(),
        "Q03": len(living),
        "Q03a": living.id_number.nunique(),
        "Q03b": living.months.sum(),
        "Q04": living.amount.sum(),
        "Q07": (paid.benefit_type == "门诊医疗补助").sum(),
        "Q09": (paid.benefit_type == "义务兵家庭优待金").sum(),
    }
    for frame in (entitled, veterans):
        frame.groupby("_township").id_number.nunique()
    living.groupby("_township").amount.sum()
    return {key: float(value) for key, value in found.items()}


def timed(rounds: int, work: Callable[[], object]) -> float:
    """The median of CPU seconds."""
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def main() -> None:
    """Prints seconds of both and their ratio, after seeing that they agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=60_000)
    parser.add_argument("--payments", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    parts = tuple(
        TownshipPart(code=f"990101{n:03d}", name=f"第{n}镇", workbook=f"上报/第{n}镇.xlsx", villages=VILLAGES)
        for n in range(1, TOWNSHIPS + 1)
    )
    setup = CountySetup(
        Settings(period=PERIOD, county=CountyPart(code="990101", name="清河县"), township=parts), FOLDER
    )
    forms = load_forms()
    definitions = load_figures(forms)
    period = period_named(PERIOD)
    span = Span(period, period.last, "9")
    with Store.open(setup.store_url, "990101") as store:
        store.show(forms.values())
        fill(store, setup, options.people, options.payments, period.year)
        ours = figures(store, setup, forms, definitions, span)
        theirs = by_pandas(setup.store_url, period.first.isoformat(), period.last.isoformat())
        differing = {key: (ours.value(key), value) for key, value in theirs.items() if ours.value(key) != value}
        if differing:
            raise SystemExit(f"taizhang and pandas differ: {differing}")
        seconds = timed(options.rounds, lambda: figures(store, setup, forms, definitions, span))
    base = timed(options.rounds, lambda: by_pandas(setup.store_url, period.first.isoformat(), period.last.isoformat()))
    print(f"{options.people} people, {options.payments} payments, median CPU seconds of {options.rounds} rounds")
    print(f"{'pandas, 8 figures':38} {base:8.2f} s")
    print(
        f"{f'taizhang, {len(definitions.figures)} figures with their rows':38} {seconds:8.2f} s  {base / seconds:5.1f} x"
    )


if __name__ == "__main__":
    main()
