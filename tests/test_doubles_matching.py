"""The people of an old list found among those whom the county knows (C02 has few numbers, and those of 15 digits)."""

from sync_service.doubles.matching import match
from sync_service.doubles.person import Person
from tests.doubled import WEST, number, person

SERVED = {"enlisted": "1986-11", "discharged": "1990-03"}
KNOWN = person(**SERVED, employer="县供销社")


def listed(id_number: str = "", **said: object) -> Person:
    """A row of the old list."""
    known: dict[str, object] = {
        "form": "placement_history",
        "key": "1990-介-046",
        "roster": False,
        "stored": True,
        "village": "",
    }
    return person(id_number, **{**known, **said})


def code(one: Person, *people: Person) -> str | None:
    """The rule by which somebody is found; None if nobody is."""
    (found,) = match([one], people)
    return found.code if found.right else None


def test_number_and_name_tell_who_it_is() -> None:
    assert code(listed(number()), KNOWN) == ""
    assert code(listed(number(), name="章建国"), KNOWN) == "J06"
    assert code(listed(number(), name="李大山"), KNOWN) == "J10"


def test_a_number_of_15_digits_is_renewed() -> None:
    old = number()[:6] + number()[8:17]
    assert code(listed(old), KNOWN) == "J02"
    assert code(listed(old, name="李大山"), KNOWN) is None


def test_without_a_number_name_discharge_and_one_more_tell() -> None:
    assert code(listed(**SERVED), KNOWN) == "J08"
    assert code(listed(discharged="1990-03", birth="1968-03"), KNOWN) == "J08"
    assert code(listed(discharged="1990-03", employer="县供销社"), KNOWN) == "J08"
    assert code(listed(discharged="1990-03"), KNOWN) is None
    assert code(listed(**SERVED, birth="1969-03"), KNOWN) is None
    assert code(listed(enlisted="1986-11", discharged="1990-04"), KNOWN) is None


def test_a_name_that_sounds_alike_needs_birth_and_discharge() -> None:
    assert code(listed(name="章建国", discharged="1990-03", birth="1968-03"), KNOWN) == "J07"
    assert code(listed(name="章建国", **SERVED), KNOWN) is None


def test_two_good_numbers_need_one_birth_date() -> None:
    assert code(listed(number(13), **SERVED), KNOWN) == "J04"


def test_the_surest_is_taken_and_others_that_fit_as_well_are_counted() -> None:
    namesake = person(number(13), township=WEST, **SERVED)
    (found,) = match([listed(**SERVED, employer="县供销社")], [namesake, KNOWN])
    assert (found.right, found.rivals) == (KNOWN, 0)
    (doubtful,) = match([listed(**SERVED)], [namesake, KNOWN])
    assert (doubtful.right, doubtful.rivals) == (KNOWN, 1)
    again = KNOWN._replace(form="insurance_cases", roster=False)
    assert match([listed(**SERVED)], [KNOWN, again])[0].rivals == 0


def test_everybody_is_answered_in_the_order_of_the_list() -> None:
    people = [listed(**SERVED), listed(name="李大山", key="2"), listed(number(), key="3")]
    found = match(people, [KNOWN])
    assert [one.left for one in found] == people
    assert [one.right for one in found] == [KNOWN, None, KNOWN]
