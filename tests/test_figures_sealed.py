"""What was reported is kept, and whatever changes afterwards is told row by row."""

from datetime import datetime
from pathlib import Path

import pytest

from sync_service.errors import TaizhangError
from sync_service.figures.sealing import RowDifference, differences, seal_figures, sealed_before, standing_seal
from sync_service.store import Store, StoreError
from tests.figure_county import EAST, FORMS, Row, counted, report, setup_of
from tests.right_rows import beneficiary, payment

H1 = "2026上半年"
JULY, AUGUST = "2026-07-01T02:00:00Z", "2026-08-01T02:00:00Z"
NOW = datetime(2026, 7, 2, 10).astimezone()


def paid(**amounts: int) -> dict[str, list[Row]]:
    rows = [payment(batch_no=batch, amount=amount) for batch, amount in amounts.items()]
    return {"beneficiaries": [beneficiary()], "payments": rows}


@pytest.fixture
def sealed(store: Store, tmp_path: Path) -> Store:
    report(store, EAST, H1, paid(甲=1560, 乙=1560, 丙=1560), JULY)
    seal_figures(store, counted(store, setup_of(tmp_path), H1), NOW, "李四", "半年总结")
    return store


def test_a_sealed_period_that_nothing_happened_to_is_as_it_was_reported(sealed: Store, tmp_path: Path) -> None:
    assert differences(sealed, FORMS, counted(sealed, setup_of(tmp_path), H1)) == []
    one = standing_seal(sealed, H1)
    assert one is not None
    assert (one.sealed_by, one.note, one.as_of) == ("李四", "半年总结", "2026-06-30")


def test_every_row_that_makes_the_difference_is_named_with_what_it_was_and_is(sealed: Store, tmp_path: Path) -> None:
    report(sealed, EAST, H1, paid(甲=1560, 乙=1500, 丁=700), AUGUST)
    found = {one.figure.id: one for one in differences(sealed, FORMS, counted(sealed, setup_of(tmp_path), H1))}
    assert {"Q03", "Q04"} <= found.keys()
    assert (found["Q04"].then, found["Q04"].now) == (4680, 3760)
    rows = {row.key.split("|")[2]: (row.what, row.then, row.now) for row in found["Q04"].rows}
    assert rows == {"乙": ("改动", 1560, 1500), "丙": ("减少", 1560, None), "丁": ("增加", None, 700)}
    assert all(isinstance(row, RowDifference) and row.place[0] == f"{EAST.name}.xlsx" for row in found["Q04"].rows)
    assert (found["Q03"].then, found["Q03"].now) == (3, 3)


def test_a_period_is_compared_with_what_was_reported_of_an_earlier_one(sealed: Store) -> None:
    report(sealed, EAST, H1, paid(甲=1), AUGUST)
    before = sealed_before(sealed, [H1, "2025下半年"])
    assert [*before] == [H1]
    assert (before[H1]["Q04"].value, before[H1]["Q04"].sealed, [*before[H1]["Q04"].done]) == (4680, True, [EAST.code])


def test_a_sealed_period_is_not_sealed_over(sealed: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="已经封存"):
        seal_figures(sealed, counted(sealed, setup_of(tmp_path), H1), NOW, "王五", "又一次")


def test_a_seal_that_is_lifted_leaves_its_trace_and_its_figures(sealed: Store, tmp_path: Path) -> None:
    lifted = sealed.lift_seal(H1, at=AUGUST, by="王五", note="数报错了")
    assert standing_seal(sealed, H1) is None
    seal_figures(sealed, counted(sealed, setup_of(tmp_path), H1), NOW, "李四", "重报")
    first, second = sealed.seals()
    assert (first.id, first.lifted_at, first.lifted_by, first.lifted_note) == (lifted.id, AUGUST, "王五", "数报错了")
    assert (second.note, second.lifted_at) == ("重报", None)
    assert sealed.sealed_figures(first.id, rows=True)["Q04"] == sealed.sealed_figures(second.id, rows=True)["Q04"]
    with pytest.raises(StoreError, match="没有封存"):
        sealed.lift_seal("2025上半年", at=AUGUST, by="王五", note="…")


def test_a_period_that_nobody_has_reported_cannot_be_sealed(store: Store, tmp_path: Path) -> None:
    with pytest.raises(TaizhangError, match="没有可封存的"):
        seal_figures(store, counted(store, setup_of(tmp_path), H1), NOW, "李四", "…")
