"""Full values on the screen: whoever asks for them is noted first."""

from datetime import datetime

from sync_service.audit.noting import note
from sync_service.privacy.person_key import PersonKey
from sync_service.settings import CountySetup


def note_person(setup: CountySetup, command: str, sought: str, now: datetime) -> None:
    """Notes that somebody is about to see a person's full values. Raises TaizhangError if it cannot be noted."""
    note(setup, "reveal", now, command=command, person=PersonKey(setup).person(sought))
