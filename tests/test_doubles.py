"""Likely the same person: every rule on both sides of its bound, and what must never be shown."""

from datetime import date

import pytest

from sync_service.doubles.person import is_old_list, not_taken_over, people_of
from sync_service.doubles.sounds import sound_alike
from sync_service.doubles.suspicion import STRENGTHS, IdChange
from sync_service.store.records import Row
from tests.doubled import BORN, EAST, WEST, codes, number, person, suspected
from tests.small import TODAY, TOWNSHIP, book
from validators.check import check
from validators.raw import RawSheet
from workbook_templates.catalogue import catalogue
from workbook_templates.form import load_forms

OTHER = date(1971, 5, 6)
SLIPPED = number()[:10] + "9" + number()[11:]
"""The number with one wrong digit."""
SERVED = {"enlisted": "1986-11", "discharged": "1990-03-12"}


def test_the_same_number_and_name_in_two_townships_is_one_person() -> None:
    assert codes(person(), person(township=WEST)) == ["J01"]
    assert codes(person(), person(form="beneficiaries", key=f"{number()}|残疾军人")) == []


def test_the_same_number_is_shown_once_for_each_form_that_both_townships_have() -> None:
    here = [person(), person(form="beneficiaries"), person(form="beneficiaries", key=f"{number()}|参战退役人员")]
    there = [one._replace(township=WEST) for one in here]
    assert [(one.left.form, one.right.form) for one in suspected(*here, *there)] == [
        ("beneficiaries", "beneficiaries"),
        ("veterans", "veterans"),
    ]
    (only,) = suspected(person(), person(form="beneficiaries", township=WEST))
    assert only.left.form != only.right.form


def test_the_owner_is_the_only_township_that_says_that_the_household_is_there() -> None:
    def owner(here: str, there: str) -> str:
        return suspected(person(residence=here), person(township=WEST, residence=there))[0].owner

    assert owner("人在户不在", "户在人不在") == WEST
    assert owner("人户一致", "人户一致") == ""
    assert owner("人在户不在", "") == ""


def test_an_old_number_of_15_digits_that_becomes_the_other_is_suggested() -> None:
    old = number()[:6] + number()[8:17]
    assert codes(person(), person(old)) == ["J02"]
    assert codes(person(), person(old, name="李大山")) == []
    assert codes(person(number(13)), person(old, village="别村")) == []


@pytest.mark.parametrize(
    "spoilt",
    [
        SLIPPED,
        number()[:9] + number()[10] + number()[9] + number()[11:],
        number()[:9] + number()[10:],
        number()[:9] + "7" + number()[9:],
    ],
)
def test_a_number_with_one_slip_and_the_same_name_is_suggested(spoilt: str) -> None:
    (found,) = suspected(person(), person(spoilt, village="别村"))
    assert found.code == "J03"
    assert {"number", "village"} <= {*found.differing} <= {"number", "village", "birth"}


def test_a_number_with_one_slip_may_have_a_name_that_sounds_alike_and_no_other_name() -> None:
    assert codes(person(), person(SLIPPED, name="章建国", village="别村")) == ["J03"]
    assert codes(person(), person(SLIPPED, name="李大山")) == []


def test_a_number_with_two_slips_says_nothing() -> None:
    assert codes(person(), person(SLIPPED[:12] + "5" + SLIPPED[13:15] + "8" + SLIPPED[16:], village="别村")) == []


def test_a_broken_number_is_never_measured_by_another_broken_one() -> None:
    assert codes(person(SLIPPED), person(SLIPPED, township=WEST), person(SLIPPED[:-1] + "0")) == []


def test_namesakes_of_one_birth_date_with_two_good_numbers_are_for_review() -> None:
    (found,) = suspected(person(), person(number(13), village="别村", township=WEST))
    assert (found.code, found.strength) == ("J04", "review")
    assert codes(person(), person(number(13, date(1968, 3, 13)))) == []
    assert codes(person(), person(number(13), name="章建国")) == []


@pytest.mark.parametrize("what", ["phone", "account"])
def test_the_same_name_and_telephone_or_account_is_suggested_if_one_number_is_bad(what: str) -> None:
    one, other = person(**{what: "13900000001"}), person("", township=WEST, **{what: "13900000001"})
    (found,) = suspected(one, other)
    assert (found.code, found.strength) == ("J05", "suggestion")
    assert codes(one, other._replace(name="章建国")) == []
    assert codes(one, person("", township=WEST, **{what: "13900000002"})) == []
    (doubtful,) = suspected(one, person(number(13, OTHER), **{what: "13900000001"}))
    assert (doubtful.code, doubtful.strength) == ("J05", "review")


def test_a_telephone_of_five_people_is_nobodys_own() -> None:
    phone = "0571-88880000"
    people = [person(number(2 * n + 1), name=f"人{'甲乙丙丁'[n]}", phone=phone) for n in range(4)]
    twice = person("", township=WEST, birth="", name=people[0].name, phone=phone)
    assert codes(*people[:3], twice) == ["J05"]
    assert codes(*people, twice) == []


@pytest.mark.parametrize("name", ["章建国", "张健国", "张建囯"])
def test_the_same_number_with_a_name_that_sounds_or_looks_alike_is_one_person(name: str) -> None:
    (found,) = suspected(person(), person(township=WEST, name=name))
    assert (found.code, found.strength) == ("J06", "certain")


def test_the_same_number_with_another_name_tells_nothing_of_who_it_is() -> None:
    (found,) = suspected(person(), person(township=WEST, name="李大山"))
    assert (found.code, found.strength) == ("J10", "review")
    (dead,) = suspected(person(), person(township=WEST, name="李大山", state="去世"))
    assert (dead.code, dead.strength, dead.codes) == ("J10", "review", ("J10", "J09"))


def test_a_name_that_sounds_alike_needs_the_birth_date_and_the_village() -> None:
    other = person("", name="章建国", birth=BORN.isoformat())
    assert codes(person(), other) == ["J07"]
    assert codes(person(), other._replace(village="别村")) == []
    assert codes(person(), other._replace(township=WEST)) == []
    assert codes(person(), other._replace(birth="1968-03-13")) == []
    assert codes(person(), other._replace(birth="1968-03")) == []


def test_the_same_service_is_suggested_if_one_has_no_number() -> None:
    known = person(**SERVED)
    other = person("", village="", birth="", enlisted="1986-11-01", discharged="1990-03")
    assert codes(known, other) == ["J08"]
    assert codes(known, other._replace(discharged="1990-04")) == []
    assert codes(known, other._replace(enlisted="")) == []
    assert codes(known, other._replace(birth="1969-01")) == []
    assert codes(known, other._replace(name="章建国")) == []
    assert codes(known, other._replace(number=number(997, OTHER)[:-1] + "#")) == []


def test_death_in_one_township_and_life_in_the_other_is_told_before_anything_else() -> None:
    (found,) = suspected(person(state="去世"), person(township=WEST))
    assert found.codes == ("J09", "J01")
    assert codes(person(state="去世"), person(township=WEST, state="迁出")) == ["J01"]


def test_a_number_that_the_police_replaced_is_never_guessed_and_always_known() -> None:
    old, new = person(), person(number(15, OTHER), township=WEST)
    assert codes(old, new) == []
    (found,) = suspected(old, new, changes=(IdChange(old.number, new.number),))
    assert (found.code, found.strength) == ("J11", "certain")


def test_twins_are_two_people() -> None:
    home = {"address": "东风村3组12号", "name": "张建军"}
    twin = person(number(11)[:14] + "013" + number(11)[17], **home)
    assert not twin.stored
    one = person(name="张剑军", address="东风村3组12号")
    assert codes(one, twin) == []
    assert codes(one, twin._replace(address="东风村4组1号")) == ["J03"]


def test_namesakes_are_nobodys_double() -> None:
    assert codes(person(), person(number(13, date(1968, 7, 1))), person(number(15, OTHER), township=WEST)) == []


def test_dialects_are_heard_only_when_asked() -> None:
    spoken = person("", name="臧建国", birth=BORN.isoformat())
    assert codes(person(), spoken) == []
    assert codes(person(), spoken, dialect=True) == ["J07"]


@pytest.mark.parametrize(
    "pair", ["张建国 章建国", "单国强 善国强", "曾伟 增伟", "刘洋 刘阳", "仇和 求和", "解放 谢放", "查良 扎良"]
)
def test_names_that_sound_alike_are_known_by_every_reading_of_a_surname(pair: str) -> None:
    assert sound_alike(*pair.split())


@pytest.mark.parametrize("pair", ["陈伟 程伟", "黄伟 王伟", "周伟 邹伟", "张建 张建国"])
def test_names_that_sound_otherwise_are_not_alike(pair: str) -> None:
    assert not sound_alike(*pair.split())


def test_two_people_are_shown_once_with_every_reason() -> None:
    left = person(phone="13900000001", **SERVED)
    right = person("", phone="13900000001", birth=BORN.isoformat(), **SERVED)
    (found,) = suspected(left, left._replace(form="beneficiaries", key=f"{number()}|残疾军人"), right)
    assert found.codes == ("J05", "J07", "J08")
    assert (found.left.form, found.right.form) == ("veterans", "veterans")
    assert all(catalogue()[code].message in found.why for code in found.codes)


def test_what_is_said_names_columns_and_nothing_personal() -> None:
    people = [person(phone="13900000001"), person(SLIPPED, phone="13900000001"), person(township=WEST, name="章建国")]
    for found in suspected(*people):
        for one in (found.left, found.right):
            assert not any(said and said in found.why for said in (one.name, one.number, one.phone, one.village))


def test_every_rule_has_its_words() -> None:
    assert STRENGTHS.keys() <= catalogue().keys()


def test_old_lists_are_no_rosters_and_nobodys_double() -> None:
    assert codes(person(), person(township=WEST, roster=False)) == []


def test_a_row_is_read_by_the_kinds_of_its_columns() -> None:
    forms = load_forms()
    payload = (
        b'{"soldier_name":"\xe5\xbc\xa0\xe5\xbb\xba\xe5\x9b\xbd","soldier_id":"%s","contact_name":"x","phone":"13900000001",'
        b'"village":"\xe4\xb8\x9c\xe9\xa3\x8e\xe6\x9d\x91","enlist_date":"2024-09"}' % number().encode()
    )
    row = Row(EAST, number(), payload, "", "城关镇.xlsx", "现役军人家庭", 7, ())
    (read,) = people_of(forms["military_families"], [row])
    assert read == person(
        form="military_families", phone="13900000001", enlisted="2024-09", sheet="现役军人家庭", row=7
    )
    assert [form.id for form in forms.values() if is_old_list(form)] == ["placement_history"]


def test_the_checks_hand_on_the_rows_of_a_roster_whose_number_is_wrong_or_missing() -> None:
    forms = load_forms()
    form = forms["veterans"]
    header = tuple(column.header for column in form.columns)

    def cells(**said: str) -> tuple[str | None, ...]:
        return tuple(said.get(column.id) for column in form.columns)

    typed = [cells(name="张建国", id_number=one, phone="13900000001") for one in (number(), f" {SLIPPED}", "不详", "")]
    checked = check(forms, book(RawSheet("退役军人", (header, *typed)), forms=forms), TOWNSHIP, TODAY)
    rejected = [(one.row, one.number) for one in checked.rejected]
    assert rejected == [(3, SLIPPED), (4, "不详"), (5, "")]
    people = [not_taken_over(form, EAST, one) for one in checked.rejected]
    assert [one.number for one in people] == [SLIPPED, "", ""]
    assert {one.phone for one in people} == {"13900000001"}
    assert not any(one.stored for one in people)
