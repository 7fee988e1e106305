"""The search for doubles after a few rows have changed: only what they may have to do with is looked at again.

The outcome is the very one of a whole search (a law of its own): two rows are suspected by what both say, by who else shares
a number, a name, a home or a telephone, and by nothing else.
"""

from collections.abc import Collection, Iterable

from sync_service.doubles.person import Person
from sync_service.doubles.register import Register
from sync_service.doubles.suspicion import Suspicion
from sync_service.doubles.suspicions import found_among, surest_first


def suspicions_after(
    known: Iterable[Suspicion], register: Register, changed: Collection[Person], *, dialect: bool = False
) -> list[Suspicion]:
    """What `suspicions_in(register)` gives, from what was `known` before `changed` came, went or said something else.

    `changed` are rows as they were and as they are.
    """
    touched = [*changed, *register.neighbours(changed)]
    again = {one.identity for one in touched}
    # Whoever shares anything with another row of a touched person.
    rows = register.neighbours(register.neighbours(touched))
    found = [
        one
        for one in found_among(rows, register.renewed, dialect=dialect)
        if one.left.identity in again and one.right.identity in again
    ]
    kept = [one for one in known if not (one.left.identity in again and one.right.identity in again)]
    return surest_first([*kept, *found])
